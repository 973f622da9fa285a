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

/// Requests can be served: the database answers.
pub(super) async fn readyz(state: Data<AppState>) -> Result<HttpResponse, Problem> {
    state
        .db
        .read(|c| Ok::<_, Problem>(db::tenants::copied_at(c)?))
        .await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok\n"))
}
