//! `/auth`: log-in, refresh, log-out, change of one's own password.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::view::AnyProblem;
use crate::auth::{
    AccountHolder, Issued, PasswordError, Roles, Secret, hash_refresh_token, new_refresh_token,
    random,
};
use crate::clock::{HOUR, Millis, rfc3339};
use crate::db;
use crate::db::audit::Deed;
use crate::db::sessions::{Refreshed, SessionId};
use crate::ids::{StaffId, TenantId};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// Longest log-in name or slug that is looked at.
const MAX_NAME: usize = 64;

/// Who wants to log in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// Slug of the tenant.
    #[schema(example = "city")]
    tenant: String,
    /// Log-in name.
    #[schema(example = "alice")]
    login: String,
    /// Password.
    password: Secret,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshRequest {
    /// As given by the last log-in or refresh.
    refresh_token: Secret,
}

/// Change of one's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordRequest {
    /// The present password.
    current: Secret,
    /// The new one: at least 12 characters.
    new: Secret,
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenPair {
    /// Send as `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// End of the access token, RFC 3339.
    access_expires_at: String,
    /// Works once; a second use ends the session.
    refresh_token: String,
}

/// The account behind a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    #[serde(flatten)]
    tokens: TokenPair,
    /// Number of the account.
    staff_id: i64,
    /// What it may do.
    roles: Roles,
    /// Whether the password must be changed before anything else is allowed.
    must_change_password: bool,
}

/// Log in
///
/// The answer does not tell a wrong password from an unknown account.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = LoginRequest,
    responses((status = 200, body = Session), (status = "default", response = AnyProblem)))]
pub(crate) async fn login(
    state: Data<AppState>,
    request: HttpRequest,
    body: Json<LoginRequest>,
) -> Result<Json<Session>, Problem> {
    let LoginRequest {
        tenant,
        login,
        password,
    } = body.into_inner();
    let now = state.clock.now();
    state
        .address_tries
        .take(&state.client_address(&request), now)
        .map_err(Problem::wait)?;
    if tenant.len() > MAX_NAME || login.len() > MAX_NAME {
        return Err(wrong_credentials());
    }
    let account = (tenant.clone(), login.clone());
    state
        .login_tries
        .take(&account, now)
        .map_err(Problem::wait)?;

    let found = state
        .db
        .read(move |c| Ok::<_, Problem>(db::staff::credentials(c, &tenant, &login)?))
        .await?;
    let stored = found.as_ref().map(|f| f.password_hash.clone());
    let matches = state
        .passwords
        .verify(password, stored)
        .await
        .map_err(|e| Problem::internal(&e))?;
    let found = match found {
        Some(found) if matches && found.disabled_at.is_none() => found,
        found => {
            if let Some(found) = found {
                // Not waited for: the answer must take as long as for an unknown account.
                record_failure(&state, found.tenant_id, found.id, now);
            }
            return Err(wrong_credentials());
        }
    };
    state.login_tries.refill(&account);

    let session: SessionId = random();
    let (refresh, token_hash) = new_refresh_token();
    let (token_end, session_end) = ends(&state, now);
    let (tenant, id) = (found.tenant_id, found.id);
    let staff = state
        .db
        .write(move |c| {
            db::sessions::start(c, id, &session, &token_hash, now, token_end, session_end)?;
            db::audit::record(c, &deed(tenant, id, "auth.login"), now)?;
            db::staff::find(c, tenant, id)?.ok_or_else(wrong_credentials)
        })
        .await?;
    let access = issue(&state, id, &session)?;
    Ok(Json(Session {
        tokens: pair(&access, &refresh),
        staff_id: id.get(),
        roles: staff.roles,
        must_change_password: staff.must_change_password,
    }))
}

/// Get new tokens
///
/// Replaces the refresh token. Using one twice ends its session, because one of the two users
/// stole it; not within ten seconds, when a page was left before its answer came.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshRequest,
    responses((status = 200, body = TokenPair), (status = "default", response = AnyProblem)))]
pub(crate) async fn refresh(
    state: Data<AppState>,
    request: HttpRequest,
    body: Json<RefreshRequest>,
) -> Result<Json<TokenPair>, Problem> {
    let now = state.clock.now();
    state
        .address_tries
        .take(&state.client_address(&request), now)
        .map_err(Problem::wait)?;
    let token = hash_refresh_token(body.refresh_token.expose());
    let (next, next_hash) = new_refresh_token();
    let (next_end, _) = ends(&state, now);
    let refreshed = state
        .db
        .write(move |c| {
            let refreshed = db::sessions::refresh(c, &token, &next_hash, now, next_end)?;
            if let Refreshed::Reused { tenant, staff } = refreshed {
                db::audit::record(c, &deed(tenant, staff, "auth.refresh_reused"), now)?;
            }
            Ok::<_, Problem>(refreshed)
        })
        .await?;
    match refreshed {
        Refreshed::Continued { session, staff } => {
            Ok(Json(pair(&issue(&state, staff, &session)?, &next)))
        }
        Refreshed::Reused { staff, .. } => {
            tracing::warn!(staff.id = %staff, "a refresh token was used twice; its session is revoked");
            Err(Problem::unauthorized())
        }
        Refreshed::Refused => Err(Problem::unauthorized()),
    }
}

/// Log out
///
/// Ends the session at once, its access tokens included.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", security(("staff" = [])),
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn logout(
    state: Data<AppState>,
    AccountHolder(actor): AccountHolder,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            db::sessions::revoke(c, &actor.session, now)?;
            let deed = deed(actor.own_tenant(), actor.staff, "auth.logout");
            Ok::<_, Problem>(db::audit::record(c, &deed, now)?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change one's own password
///
/// Ends all sessions of the account. Everyone who was given a password by an administrator does this
/// first: until then all else is answered with 403 `password-change-required`. A present password that
/// is wrong is answered with 422 `wrong-password`; the session goes on.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", security(("staff" = [])),
    request_body = PasswordRequest,
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn change_password(
    state: Data<AppState>,
    AccountHolder(actor): AccountHolder,
    body: Json<PasswordRequest>,
) -> Result<HttpResponse, Problem> {
    let PasswordRequest { current, new } = body.into_inner();
    if current.expose() == new.expose() {
        let field = "new".to_owned();
        let reason = "expected another password than the present one".to_owned();
        return Err(Problem::invalid(vec![FieldError { field, reason }]));
    }
    let now = state.clock.now();
    let account = (actor.own_tenant_slug().to_owned(), actor.login.clone());
    state
        .login_tries
        .take(&account, now)
        .map_err(Problem::wait)?;
    let (tenant, id) = (actor.own_tenant(), actor.staff);
    let stored = state
        .db
        .read(move |c| Ok::<_, Problem>(db::staff::password_hash(c, tenant, id)?))
        .await?;
    let matches = state
        .passwords
        .verify(current, stored)
        .await
        .map_err(|e| Problem::internal(&e))?;
    if !matches {
        return Err(Problem::wrong_password());
    }
    state.login_tries.refill(&account);
    let hash = state
        .passwords
        .hash(new)
        .await
        .map_err(|e| password_problem(e, "new"))?;
    state
        .db
        .write(move |c| {
            db::staff::set_password(c, tenant, id, &hash, false)?;
            db::sessions::revoke_all_of(c, id, now)?;
            Ok::<_, Problem>(db::audit::record(
                c,
                &deed(tenant, id, "auth.password"),
                now,
            )?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a refused new password answers.
pub(super) fn password_problem(error: PasswordError, field: &str) -> Problem {
    match error {
        PasswordError::Length => {
            let field = field.to_owned();
            Problem::invalid(vec![FieldError {
                field,
                reason: error.to_string(),
            }])
        }
        PasswordError::Hash(_) => Problem::internal(&error),
    }
}

fn wrong_credentials() -> Problem {
    Problem::unauthorized().detail("tenant, log-in name or password is wrong")
}

fn record_failure(state: &Data<AppState>, tenant: TenantId, id: StaffId, now: Millis) {
    let db = state.db.clone();
    tokio::spawn(async move {
        let written = db
            .write(move |c| {
                let deed = deed(tenant, id, "auth.login_failed");
                Ok::<_, db::DbError>(db::audit::record(c, &deed, now)?)
            })
            .await;
        if let Err(error) = written {
            tracing::warn!(error = %error, "a failed log-in could not be recorded");
        }
    });
}

fn deed(tenant: TenantId, id: StaffId, action: &'static str) -> Deed<'static> {
    Deed {
        tenant,
        actor: Some(id),
        action,
        target: format!("staff/{id}").into(),
        election: None,
        detail: json!({}),
    }
}

/// End of a refresh token and of a session that begin now.
fn ends(state: &AppState, now: Millis) -> (Millis, Millis) {
    let auth = &state.config.auth;
    let hours = |h: u32| now + Millis::from(h) * HOUR;
    (hours(auth.refresh_hours), hours(auth.session_hours))
}

fn issue(state: &AppState, id: StaffId, session: &SessionId) -> Result<Issued, Problem> {
    state
        .tokens
        .issue_staff(id, session)
        .map_err(|e| Problem::internal(&e))
}

fn pair(access: &Issued, refresh: &Secret) -> TokenPair {
    TokenPair {
        access_token: access.token.expose().to_owned(),
        token_type: "Bearer",
        access_expires_at: rfc3339(access.expires_at),
        refresh_token: refresh.expose().to_owned(),
    }
}
