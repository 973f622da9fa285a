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

/// Requests can be served: the database answers. Ledgers that take no entries are named below a
/// first line `degraded`; it is no reason to send requests elsewhere, the others go on.
pub(super) async fn readyz(state: Data<AppState>) -> Result<HttpResponse, Problem> {
    state
        .db
        .read(|c| Ok::<_, Problem>(db::tenants::copied_at(c)?))
        .await?;
    let mut text = String::from("ok\n");
    let troubles = state.ledgers.troubles();
    if !troubles.is_empty() {
        "degraded\n".clone_into(&mut text);
        for (ledger, reason) in troubles {
            text.push_str(&format!("ledger {ledger}: {reason}\n"));
        }
    }
    Ok(HttpResponse::Ok().content_type("text/plain").body(text))
}
