//! Extractors: a handler that names one of these runs only for an authenticated caller.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::{Permission, Roles, VoterClaims};
use crate::db;
use crate::db::sessions::SessionId;
use crate::frozen::FrozenElection;
use crate::ids::{StaffId, TenantId};
use crate::problem::Problem;
use crate::state::AppState;

/// A member of staff whose session is alive now.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub staff: StaffId,
    /// Its log-in name.
    pub login: String,
    /// Its session, to end it.
    pub session: SessionId,
    tenant: TenantId,
    tenant_slug: String,
    roles: Roles,
    must_change_password: bool,
}

impl Actor {
    /// The tenant in the path, if it is the caller's own and the caller's roles allow
    /// `permission` there.
    ///
    /// # Errors
    /// 404 for another tenant, whether or not it exists; 403 without the role.
    pub fn authorize(
        &self,
        tenant_slug: &str,
        permission: Permission,
    ) -> Result<TenantId, Problem> {
        let tenant = self.in_own_tenant(tenant_slug)?;
        self.require(permission)?;
        Ok(tenant)
    }

    /// The tenant in the path, if it is the caller's own; for what all its staff may see.
    ///
    /// # Errors
    /// 404 for another tenant, whether or not it exists.
    pub fn in_own_tenant(&self, tenant_slug: &str) -> Result<TenantId, Problem> {
        if tenant_slug == self.tenant_slug {
            Ok(self.tenant)
        } else {
            Err(Problem::not_found())
        }
    }

    /// Checks a permission that is not about one tenant.
    ///
    /// # Errors
    /// 403 without the role.
    pub fn require(&self, permission: Permission) -> Result<(), Problem> {
        if self.roles.allow(permission) {
            Ok(())
        } else {
            Err(Problem::forbidden())
        }
    }

    /// The caller's own tenant.
    #[must_use]
    pub fn own_tenant(&self) -> TenantId {
        self.tenant
    }

    /// Slug of the caller's own tenant.
    #[must_use]
    pub fn own_tenant_slug(&self) -> &str {
        &self.tenant_slug
    }

    /// The caller's roles.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }
}

/// As [`Actor`], also while the password must be changed: for changing it and for logging out.
#[derive(Debug, Clone)]
pub struct AccountHolder(pub Actor);

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let holder = AccountHolder::from_request(request, payload);
        Box::pin(async move {
            let AccountHolder(actor) = holder.await?;
            if actor.must_change_password {
                return Err(Problem::password_change_required());
            }
            Ok(actor)
        })
    }
}

impl FromRequest for AccountHolder {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = state(request).and_then(|state| {
            let claims = bearer(request)
                .and_then(|token| state.tokens.check_staff(token).ok())
                .ok_or_else(Problem::unauthorized)?;
            Ok((state, claims))
        });
        Box::pin(async move {
            let (state, claims) = checked?;
            let session = claims.session().ok_or_else(Problem::unauthorized)?;
            let now = state.clock.now();
            let found = state
                .db
                .read(move |c| Ok::<_, Problem>(db::staff::of_live_session(c, &session, now)?))
                .await?;
            match found {
                Some((staff, tenant_slug)) if staff.id == claims.sub => Ok(Self(Actor {
                    staff: staff.id,
                    login: staff.login,
                    session,
                    tenant: staff.tenant_id,
                    tenant_slug,
                    roles: staff.roles,
                    must_change_password: staff.must_change_password,
                })),
                _ => Err(Problem::unauthorized()),
            }
        })
    }
}

/// A voter who identified. Checked by signature and time alone: no database, no waiting.
#[derive(Debug, Clone)]
pub struct VoterSession(pub VoterClaims);

impl VoterSession {
    /// The claims, if the session is for this election.
    ///
    /// # Errors
    /// 401 for a session of another election.
    pub fn in_election(&self, election: &FrozenElection) -> Result<&VoterClaims, Problem> {
        let claims = &self.0;
        if claims.tid == election.tenant && claims.eid == election.id {
            Ok(claims)
        } else {
            Err(Problem::unauthorized())
        }
    }
}

impl FromRequest for VoterSession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(state(request).and_then(|state| {
            bearer(request)
                .and_then(|token| state.tokens.check_voter(token).ok())
                .map(Self)
                .ok_or_else(Problem::unauthorized)
        }))
    }
}

fn state(request: &HttpRequest) -> Result<Data<AppState>, Problem> {
    request
        .app_data::<Data<AppState>>()
        .cloned()
        .ok_or_else(|| Problem::internal_text("application state is not registered"))
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
