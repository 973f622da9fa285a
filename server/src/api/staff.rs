//! `/tenants/{tenant}/staff`: accounts and their roles.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::auth::password_problem;
use super::paths::{StaffPath, TenantPath};
use super::view::AnyProblem;
use crate::auth::{Actor, Permission, Role, Roles, Secret, generate_password};
use crate::clock::rfc3339;
use crate::db;
use crate::db::audit::Deed;
use crate::db::{Connection, DbError};
use crate::ids::{StaffId, TenantId, is_login};
use crate::problem::{FieldErrors, Problem};
use crate::state::AppState;

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// Log-in name, unique in the tenant: a-z, 0-9 and `.-_@+`.
    #[schema(example = "alice", max_length = 64)]
    login: String,
    /// What it may do.
    roles: Roles,
    /// Its first password, to be changed at the first log-in; one is generated if this is left out.
    password: Option<Secret>,
}

/// Changes of an account; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChange {
    /// New roles.
    roles: Option<Roles>,
    /// Lock (true) or unlock (false). Locking ends all its sessions.
    disabled: Option<bool>,
    /// True generates a new password, to be changed at the next log-in, and ends all its sessions.
    #[serde(default)]
    reset_password: bool,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffView {
    /// Number.
    id: i64,
    /// Log-in name.
    login: String,
    /// What it may do.
    roles: Roles,
    /// When it was made, RFC 3339.
    created_at: String,
    /// Whether it is locked.
    disabled: bool,
    /// Whether its password must be changed before anything else.
    must_change_password: bool,
}

/// An account that was made or changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedStaff {
    #[serde(flatten)]
    staff: StaffView,
    /// The generated password, told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl From<db::staff::Staff> for StaffView {
    fn from(staff: db::staff::Staff) -> Self {
        Self {
            id: staff.id.get(),
            login: staff.login,
            roles: staff.roles,
            created_at: rfc3339(staff.created_at),
            disabled: staff.disabled_at.is_some(),
            must_change_password: staff.must_change_password,
        }
    }
}

/// List accounts
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/staff", tag = "staff",
    security(("staff" = [])), params(TenantPath),
    responses((status = 200, body = Vec<StaffView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
) -> Result<Json<Vec<StaffView>>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageStaff)?;
    let staff = state
        .db
        .read(move |c| Ok::<_, Problem>(db::staff::list(c, tenant)?))
        .await?;
    Ok(Json(staff.into_iter().map(StaffView::from).collect()))
}

/// Make an account
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/staff", tag = "staff",
    security(("staff" = [])), params(TenantPath), request_body = NewAccount,
    responses((status = 201, body = ChangedStaff), (status = "default", response = AnyProblem)))]
pub(crate) async fn create(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
    body: Json<NewAccount>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageStaff)?;
    let NewAccount {
        login,
        roles,
        password,
    } = body.into_inner();
    let mut errors = FieldErrors::default();
    check_login(&mut errors, "login", &login);
    check_roles(&mut errors, &actor, &roles);
    errors.finish()?;
    let generated = password.is_none();
    let password = password.unwrap_or_else(generate_password);
    let hash = state.passwords.hash(password.clone()).await;
    let hash = hash.map_err(|e| password_problem(e, "password"))?;

    let now = state.clock.now();
    let made = state
        .db
        .write(move |c| {
            let new = db::staff::NewStaff {
                tenant,
                login: &login,
                password: &hash,
                roles: &roles,
                made_by: Some(actor.staff),
            };
            let id = db::staff::create(c, &new, now)?;
            let deed = deed(
                tenant,
                &actor,
                "staff.create",
                id,
                json!({ "roles": roles }),
            );
            db::audit::record(c, &deed, now)?;
            Ok(db::staff::find(c, tenant, id)?)
        })
        .await
        .map_err(|error: DbError| {
            if error.is_unique_violation() {
                Problem::conflict("login-taken", "This log-in name is taken.")
            } else {
                error.into()
            }
        })?;
    let staff = made.ok_or_else(Problem::not_found)?.into();
    let password = generated.then(|| password.expose().to_owned());
    Ok(HttpResponse::Created().json(ChangedStaff { staff, password }))
}

/// Change an account
///
/// At least one administrator of the tenant must remain.
#[utoipa::path(patch, path = "/api/v1/tenants/{tenant}/staff/{staff}", tag = "staff",
    security(("staff" = [])), params(StaffPath), request_body = AccountChange,
    responses((status = 200, body = ChangedStaff), (status = "default", response = AnyProblem)))]
pub(crate) async fn change(
    state: Data<AppState>,
    actor: Actor,
    path: Path<StaffPath>,
    body: Json<AccountChange>,
) -> Result<Json<ChangedStaff>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageStaff)?;
    let id = StaffId(path.staff);
    let change = body.into_inner();
    if let Some(roles) = &change.roles {
        let mut errors = FieldErrors::default();
        check_roles(&mut errors, &actor, roles);
        errors.finish()?;
    }
    let reset = if change.reset_password {
        let password = generate_password();
        let hash = state.passwords.hash(password.clone()).await;
        Some((hash.map_err(|e| Problem::internal(&e))?, password))
    } else {
        None
    };
    let (hash, password) = reset.unzip();

    let now = state.clock.now();
    let changed = state
        .db
        .write(move |c| {
            let before = db::staff::find(c, tenant, id)?.ok_or_else(Problem::not_found)?;
            refuse_over_platform_admin(&actor, &before.roles)?;
            let mut detail = serde_json::Map::new();
            if let Some(roles) = &change.roles {
                db::staff::set_roles(c, tenant, id, roles)?;
                detail.insert("roles".to_owned(), json!(roles));
            }
            if let Some(disabled) = change.disabled {
                db::staff::set_disabled(c, tenant, id, disabled.then_some(now))?;
                detail.insert("disabled".to_owned(), json!(disabled));
            }
            if let Some(hash) = &hash {
                db::staff::set_password(c, tenant, id, hash, true)?;
                detail.insert("reset_password".to_owned(), json!(true));
            }
            if hash.is_some() || change.disabled == Some(true) {
                db::sessions::revoke_all_of(c, id, now)?;
            }
            let in_hand =
                change.roles.is_some() || hash.is_some() || change.disabled == Some(false);
            if in_hand {
                db::staff_control::note(c, id, actor.staff)?;
            }
            refuse_without_admin(c, tenant)?;
            let deed = deed(tenant, &actor, "staff.change", id, detail.into());
            db::audit::record(c, &deed, now)?;
            db::staff::find(c, tenant, id)?.ok_or_else(Problem::not_found)
        })
        .await?;
    let password = password.map(|p| p.expose().to_owned());
    Ok(Json(ChangedStaff {
        staff: changed.into(),
        password,
    }))
}

/// Checks a log-in name.
pub(super) fn check_login(errors: &mut FieldErrors, field: &str, login: &str) {
    errors.check(
        field,
        is_login(login),
        "expected 1 to 64 of a-z, 0-9, '.', '_', '@', '+', '-'",
    );
}

/// An account needs a role, and only the platform's administrators make others of them.
fn check_roles(errors: &mut FieldErrors, actor: &Actor, roles: &Roles) {
    errors.check("roles", !roles.is_empty(), "expected at least one role");
    let raises = roles.has(Role::PlatformAdmin) && !actor.roles().has(Role::PlatformAdmin);
    errors.check(
        "roles",
        !raises,
        "only a platform_admin can give the role platform_admin",
    );
}

/// A tenant's administrator must not take over a platform administrator's account, by a password
/// reset for example.
fn refuse_over_platform_admin(actor: &Actor, target: &Roles) -> Result<(), Problem> {
    if target.has(Role::PlatformAdmin) && !actor.roles().has(Role::PlatformAdmin) {
        return Err(Problem::forbidden());
    }
    Ok(())
}

fn refuse_without_admin(connection: &mut Connection, tenant: TenantId) -> Result<(), Problem> {
    match db::staff::count_active_with(connection, tenant, Role::TenantAdmin)? {
        0 => Err(Problem::conflict(
            "last-administrator",
            "The tenant would be left without an administrator.",
        )),
        _ => Ok(()),
    }
}

fn deed(
    tenant: TenantId,
    actor: &Actor,
    action: &'static str,
    target: StaffId,
    detail: serde_json::Value,
) -> Deed<'static> {
    Deed {
        tenant,
        actor: Some(actor.staff),
        action,
        target: format!("staff/{target}").into(),
        election: None,
        detail,
    }
}
