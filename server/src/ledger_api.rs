//! `/tenants/{tenant}/elections/{election}`: what concerns the ledger.
//!
//! | module | what it is |
//! |---|---|
//! | `public` | phase, results, public keys |
//! | `turnout` | turnout so far and how it grew |
//! | `entries` | entries that roles signed: their signatures are the authority |
//! | `proposals` | entries that several roles sign |
//! | `ballots` | cast, posted challenges, receipts |
//! | `lifecycle` | what staff has the commission sign |
//! | `problems` | ledger errors over HTTP |

pub(crate) mod ballots;
pub(crate) mod entries;
pub(crate) mod lifecycle;
mod problems;
pub(crate) mod proposals;
pub(crate) mod public;
pub(crate) mod turnout;

use std::sync::Arc;

use actix_web::web::{self, Path, PayloadConfig, ServiceConfig, get, post};

use crate::api::paths::ElectionPath;
use crate::problem::Problem;
use crate::sequencer::Ledger;
use crate::state::AppState;

/// Largest bundle of entries, in bytes.
const BUNDLE_BYTES: usize = 8 * 1024 * 1024;

/// Registers the routes; before those of elections, whose scope would take them.
pub fn routes(service: &mut ServiceConfig) {
    let resource =
        |path: &str| web::resource(format!("/tenants/{{tenant}}/elections/{{election}}{path}"));
    service
        .service(resource("/public").route(get().to(public::public)))
        .service(resource("/turnout").route(get().to(turnout::turnout)))
        .service(resource("/turnout/history").route(get().to(turnout::history)))
        .service(resource("/results").route(get().to(public::results)))
        .service(resource("/keys").route(get().to(public::keys)))
        .service(resource("/entries").route(post().to(entries::append)))
        .service(
            resource("/entries/bundle")
                .app_data(PayloadConfig::new(BUNDLE_BYTES))
                .route(post().to(entries::append_bundle)),
        )
        .service(
            resource("/proposals")
                .route(post().to(proposals::propose))
                .route(get().to(proposals::list)),
        )
        .service(resource("/proposals/{id}").route(get().to(proposals::show)))
        .service(resource("/proposals/{id}/approve").route(post().to(proposals::approve)))
        .service(resource("/ballots").route(post().to(ballots::cast)))
        .service(resource("/ballots/{code}").route(get().to(ballots::receipt)))
        .service(resource("/challenges").route(post().to(ballots::challenge)))
        .service(resource("/open").route(post().to(lifecycle::open)))
        .service(resource("/close").route(post().to(lifecycle::close)))
        .service(resource("/void").route(post().to(lifecycle::void)))
        .service(resource("/ceremony/restart").route(post().to(lifecycle::restart)))
        .service(resource("/paper/strikes").route(post().to(lifecycle::strike)))
        .service(resource("/paper/turnout").route(post().to(lifecycle::paper_turnout)))
        .service(resource("/redating").route(post().to(lifecycle::redate)))
        .service(resource("/assets").route(post().to(lifecycle::amend_assets)));
}

/// The ledger in the path. Elections without a published manifest are not public.
fn ledger(state: &AppState, path: &Path<ElectionPath>) -> Result<Arc<Ledger>, Problem> {
    state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)
}
