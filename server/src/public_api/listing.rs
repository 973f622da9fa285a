//! Whether an approved election stands in public lists.

use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::audit::Deed;
use crate::problem::Problem;
use crate::state::AppState;

/// Whether an election stands in public lists.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// Its own address works either way.
    listed: bool,
}

/// Show whether an election stands in public lists
#[utoipa::path(get, operation_id = "show_listing", path = "/api/v1/tenants/{tenant}/elections/{election}/listing",
    tag = "elections", security(("staff" = [])), params(ElectionPath),
    responses((status = 200, body = Listing), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<Json<Listing>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadElections)?;
    let listed = state
        .db
        .read(move |c| {
            db::elections::is_listed(c, tenant, &path.election)?.ok_or_else(Problem::not_found)
        })
        .await?;
    Ok(Json(Listing { listed }))
}

/// Put an election into public lists or leave it out
#[utoipa::path(put, path = "/api/v1/tenants/{tenant}/elections/{election}/listing",
    tag = "elections", security(("staff" = [])), params(ElectionPath), request_body = Listing,
    responses((status = 200, body = Listing), (status = "default", response = AnyProblem)))]
pub(crate) async fn change(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    body: Json<Listing>,
) -> Result<Json<Listing>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::RunElections)?;
    let Listing { listed } = *body;
    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            if !db::elections::set_listed(c, tenant, &path.election, listed)? {
                return Err(Problem::not_found());
            }
            let deed = Deed {
                tenant,
                actor: Some(actor.staff),
                action: "election.listing",
                target: format!("election/{}", path.election).into(),
                election: Some(&path.election),
                detail: json!({ "listed": listed }),
            };
            Ok(db::audit::record(c, &deed, now)?)
        })
        .await?;
    Ok(Json(Listing { listed }))
}
