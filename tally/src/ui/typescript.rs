//! `web/src/local/messages.ts`: the messages of the loopback API, as the pages know them.

use super::authority::messages::{AuthorityRequest, AuthorityView};
use super::messages::{Answer, Begun, Job};
use super::schema::{Schema as _, Types};
use super::trustee::messages::{TrusteeRequest, TrusteeView};

/// The whole file.
#[must_use]
pub fn typescript() -> String {
    let mut types = Types::default();
    Job::typescript(&mut types);
    Begun::typescript(&mut types);
    Answer::typescript(&mut types);
    TrusteeRequest::typescript(&mut types);
    TrusteeView::typescript(&mut types);
    AuthorityRequest::typescript(&mut types);
    AuthorityView::typescript(&mut types);
    let mut text = String::from(
        "// Made by `cargo test --workspace --test programs generated_types` (BLESS=1 writes it) from the types in tally/src/ui. Do not edit.\n\n",
    );
    text += &types.text();
    text += "/** What `GET /api/state` answers. */\nexport interface State<View> {\n  /** The last job; null at the start. */\n  job: Job | null;\n  /** What there is to show. */\n  view: View;\n}\n";
    text
}
