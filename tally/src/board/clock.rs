//! The clock of the server behind a board, to notice a wrong clock here. It is the server's word and decides nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::cli::BoardPlace;

/// Seconds by which this computer's clock is ahead of the board's server; none for a folder, or a server that does
/// not say its time.
#[must_use]
pub fn ahead_of_server(place: &BoardPlace) -> Option<i64> {
    let BoardPlace::Url(url) = place else {
        return None;
    };
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .new_agent();
    let checkpoint = url.join("checkpoint").ok()?;
    let answer = agent.head(checkpoint.as_str()).call().ok()?;
    let date = answer.headers().get("date")?.to_str().ok()?;
    let theirs = OffsetDateTime::parse(date, &Rfc2822).ok()?.unix_timestamp();
    let ours = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(ours).ok()?.checked_sub(theirs)
}
