//! `/auth/me`: who is logged in.

use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::AnyProblem;
use crate::auth::{Actor, Roles};
use crate::db;
use crate::problem::Problem;
use crate::state::AppState;

/// The account behind the access token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// Number of the account.
    staff_id: i64,
    /// Log-in name.
    login: String,
    /// What it may do.
    roles: Roles,
    /// Slug of its tenant.
    tenant: String,
    /// Name of its tenant.
    tenant_name: String,
}

/// Show who is logged in
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", security(("staff" = [])),
    responses((status = 200, body = Me), (status = "default", response = AnyProblem)))]
pub(crate) async fn me(state: Data<AppState>, actor: Actor) -> Result<Json<Me>, Problem> {
    let slug = actor.own_tenant_slug().to_owned();
    let tenant = state
        .db
        .read(move |c| db::tenants::find(c, &slug)?.ok_or_else(Problem::not_found))
        .await?;
    Ok(Json(Me {
        staff_id: actor.staff.get(),
        roles: actor.roles().clone(),
        login: actor.login,
        tenant: tenant.slug,
        tenant_name: tenant.name,
    }))
}
