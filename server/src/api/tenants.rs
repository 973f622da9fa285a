//! `/tenants`: making and listing tenants; a tenant's audit trail.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::auth::password_problem;
use super::paths::TenantPath;
use super::staff::check_login;
use super::view::{AnyProblem, AuditEntry, AuditQuery};
use crate::auth::{Actor, Permission, Role, Secret, generate_password};
use crate::clock::rfc3339;
use crate::db;
use crate::db::DbError;
use crate::db::audit::Deed;
use crate::ids::check_slug;
use crate::problem::{FieldErrors, Problem};
use crate::state::AppState;

/// A new tenant with its first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTenant {
    /// Name in paths and in the board's origin; cannot be changed.
    #[schema(
        example = "seoul",
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length = 63
    )]
    slug: String,
    /// Name for people.
    #[schema(
        example = "서울특별시 선거관리위원회",
        min_length = 1,
        max_length = 200
    )]
    name: String,
    /// Log-in name of the first administrator.
    admin_login: String,
    /// Its password; one is generated if this is left out.
    admin_password: Option<Secret>,
}

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantView {
    /// Name in paths.
    slug: String,
    /// Name for people.
    name: String,
    /// When it was made, RFC 3339.
    created_at: String,
}

/// A tenant that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedTenant {
    #[serde(flatten)]
    tenant: TenantView,
    /// The generated password of the first administrator, told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_password: Option<String>,
}

impl From<db::tenants::Tenant> for TenantView {
    fn from(tenant: db::tenants::Tenant) -> Self {
        Self {
            slug: tenant.slug,
            name: tenant.name,
            created_at: rfc3339(tenant.created_at),
        }
    }
}

/// List tenants
#[utoipa::path(get, path = "/api/v1/tenants", tag = "tenants", security(("staff" = [])),
    responses((status = 200, body = Vec<TenantView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
) -> Result<Json<Vec<TenantView>>, Problem> {
    actor.require(Permission::ManageTenants)?;
    let tenants = state
        .db
        .read(|c| Ok::<_, Problem>(db::tenants::list(c)?))
        .await?;
    Ok(Json(tenants.into_iter().map(TenantView::from).collect()))
}

/// Make a tenant
///
/// Its first administrator manages its staff. The platform's administrators see nothing inside.
#[utoipa::path(post, path = "/api/v1/tenants", tag = "tenants", security(("staff" = [])),
    request_body = NewTenant,
    responses((status = 201, body = CreatedTenant), (status = "default", response = AnyProblem)))]
pub(crate) async fn create(
    state: Data<AppState>,
    actor: Actor,
    body: Json<NewTenant>,
) -> Result<HttpResponse, Problem> {
    actor.require(Permission::ManageTenants)?;
    let NewTenant {
        slug,
        name,
        admin_login,
        admin_password,
    } = body.into_inner();
    let mut errors = FieldErrors::default();
    if let Err(error) = check_slug(&slug) {
        errors.add("slug", error.to_string());
    }
    errors.check_text("name", &name, 200);
    check_login(&mut errors, "admin_login", &admin_login);
    errors.finish()?;
    let generated = admin_password.is_none();
    let password = admin_password.unwrap_or_else(generate_password);
    let hash = state.passwords.hash(password.clone()).await;
    let hash = hash.map_err(|e| password_problem(e, "admin_password"))?;

    let now = state.clock.now();
    let made = state
        .db
        .write(move |c| {
            let tenant = db::tenants::create(c, &slug, &name, now)?;
            let roles = [Role::TenantAdmin].into_iter().collect();
            let new = db::staff::NewStaff {
                tenant,
                login: &admin_login,
                password: &hash,
                roles: &roles,
                made_by: Some(actor.staff),
            };
            let admin = db::staff::create(c, &new, now)?;
            let by_platform = Deed {
                tenant: actor.own_tenant(),
                actor: Some(actor.staff),
                action: "tenant.create",
                target: format!("tenant/{slug}").into(),
                election: None,
                detail: json!({}),
            };
            db::audit::record(c, &by_platform, now)?;
            let in_tenant = Deed {
                tenant,
                actor: None,
                action: "tenant.create",
                target: format!("staff/{admin}").into(),
                election: None,
                detail: json!({ "by": "platform" }),
            };
            db::audit::record(c, &in_tenant, now)?;
            Ok(TenantView {
                slug,
                name,
                created_at: rfc3339(now),
            })
        })
        .await
        .map_err(taken)?;
    let admin_password = generated.then(|| password.expose().to_owned());
    Ok(HttpResponse::Created().json(CreatedTenant {
        tenant: made,
        admin_password,
    }))
}

/// Show one's own tenant
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}", tag = "tenants", security(("staff" = [])),
    params(TenantPath),
    responses((status = 200, body = TenantView), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
) -> Result<Json<TenantView>, Problem> {
    actor.in_own_tenant(&path.tenant)?;
    let slug = path.into_inner().tenant;
    let tenant = state
        .db
        .read(move |c| Ok::<_, Problem>(db::tenants::find(c, &slug)?))
        .await?;
    tenant
        .map(|t| Json(t.into()))
        .ok_or_else(Problem::not_found)
}

/// Read the tenant's audit trail, oldest first
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/audit", tag = "tenants",
    security(("staff" = [])), params(TenantPath, AuditQuery),
    responses((status = 200, body = Vec<AuditEntry>), (status = "default", response = AnyProblem)))]
pub(crate) async fn audit(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
    query: Query<AuditQuery>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadAudit)?;
    let entries = state
        .db
        .read(move |c| {
            Ok::<_, Problem>(db::audit::page(
                c,
                tenant,
                None,
                query.after(),
                query.limit(),
            )?)
        })
        .await?;
    Ok(Json(entries.into_iter().map(AuditEntry::from).collect()))
}

fn taken(error: DbError) -> Problem {
    if error.is_unique_violation() {
        Problem::conflict("slug-taken", "This slug is taken.")
    } else {
        error.into()
    }
}
