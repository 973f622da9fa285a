//! Health for supervisors and load balancers.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::db;
use crate::problem::Problem;
use crate::state::AppState;

/// The process answers. Says nothing about what it depends on: restarting would not help those.
pub(super) async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Requests can be served: the database answers. Ledgers that take no entries, and a clock that
/// schedules cannot trust, are named below a first line `degraded`; it is no reason to send requests
/// elsewhere, all else goes on. Codes only, because anyone may ask: reasons are in the log.
pub(super) async fn readyz(state: Data<AppState>) -> Result<HttpResponse, Problem> {
    state
        .db
        .read(|c| Ok::<_, Problem>(db::tenants::copied_at(c)?))
        .await?;
    let mut text = String::from("ok\n");
    let troubles = state.ledgers.troubles();
    let clock_is_stepped = state.ledgers.clock_is_stepped();
    if clock_is_stepped || !troubles.is_empty() {
        "degraded\n".clone_into(&mut text);
        if clock_is_stepped {
            text.push_str("clock: set-forward\n");
        }
        for (ledger, code) in troubles {
            text.push_str(&format!("ledger {ledger}: {code}\n"));
        }
    }
    Ok(HttpResponse::Ok().content_type("text/plain").body(text))
}
