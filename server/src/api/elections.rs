//! `/tenants/{tenant}/elections`: drafts and their two-person approval.
//!
//! | module | what it is |
//! |---|---|
//! | `drafts` | listed, made, shown, edited, deleted |
//! | `review` | submitted, returned, approved |
//! | `view` | elections as staff sees them |

pub(crate) mod drafts;
pub(crate) mod review;
mod view;

use actix_web::web::{Data, Json, Path, Query};
use serde_json::Value;

use self::view::Drawn;
use super::etag::{IfMatch, stale};
use super::paths::ElectionPath;
use super::view::{AnyProblem, AuditEntry, AuditQuery};
use crate::auth::{Actor, Permission};
use crate::clock::Millis;
use crate::db;
use crate::db::Connection;
use crate::db::audit::Deed;
use crate::db::elections::{Changed, Election, ElectionState};
use crate::ids::{StaffId, TenantId};
use crate::problem::Problem;
use crate::state::AppState;

/// Read an election's audit trail, oldest first
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/audit",
    tag = "elections", security(("staff" = [])), params(ElectionPath, AuditQuery),
    responses((status = 200, body = Vec<AuditEntry>), (status = "default", response = AnyProblem)))]
pub(crate) async fn audit(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<AuditQuery>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadAudit)?;
    let entries = state
        .db
        .read(move |c| {
            let slug = load(c, tenant, &path.election)?.slug;
            Ok::<_, Problem>(db::audit::page(
                c,
                tenant,
                Some(&slug),
                query.after(),
                query.limit(),
            )?)
        })
        .await?;
    Ok(Json(entries.into_iter().map(AuditEntry::from).collect()))
}

/// The tenant's election with this slug, or 404.
pub(super) fn load(c: &mut Connection, tenant: TenantId, slug: &str) -> Result<Election, Problem> {
    db::elections::find(c, tenant, slug)?.ok_or_else(Problem::not_found)
}

/// A member of staff who may do something with an election, now.
pub(super) struct ElectionActor {
    pub(super) staff: StaffId,
    pub(super) tenant: TenantId,
    /// Of the election.
    pub(super) slug: String,
    pub(super) now: Millis,
}

impl ElectionActor {
    /// The caller, if allowed to do this in the tenant of the path.
    pub(super) fn new(
        state: &AppState,
        actor: &Actor,
        path: Path<ElectionPath>,
        permission: Permission,
    ) -> Result<Self, Problem> {
        Ok(Self {
            staff: actor.staff,
            tenant: actor.authorize(&path.tenant, permission)?,
            slug: path.into_inner().election,
            now: state.clock.now(),
        })
    }

    /// The election, or 404.
    pub(super) fn load(&self, c: &mut Connection) -> Result<Election, Problem> {
        load(c, self.tenant, &self.slug)
    }

    /// The election, if it is in one of these states and of the version that is to be changed.
    fn load_at(
        &self,
        c: &mut Connection,
        IfMatch(version): IfMatch,
        allowed: &[ElectionState],
    ) -> Result<Election, Problem> {
        let election = self.load(c)?;
        if election.version != version {
            return Err(stale());
        }
        require_state(&election, allowed)?;
        Ok(election)
    }

    /// Writes a deed about the election into the trail.
    pub(super) fn record(
        &self,
        c: &mut Connection,
        action: &'static str,
        detail: Value,
    ) -> Result<(), Problem> {
        let deed = Deed {
            tenant: self.tenant,
            actor: Some(self.staff),
            action,
            target: format!("election/{}", self.slug).into(),
            election: Some(&self.slug),
            detail,
        };
        Ok(db::audit::record(c, &deed, self.now)?)
    }

    /// Changes the election with `act`, which gives what the trail says about it, and gives the
    /// election as it is then, with its draws. All in one transaction.
    async fn change<F>(
        self,
        state: &AppState,
        version: IfMatch,
        allowed: &'static [ElectionState],
        action: &'static str,
        act: F,
    ) -> Result<Drawn, Problem>
    where
        F: FnOnce(&mut Connection, &Self, Election) -> Result<(Changed, Value), Problem>
            + Send
            + 'static,
    {
        let changed = state.db.write(move |c| {
            let election = self.load_at(c, version, allowed)?;
            match act(c, &self, election)? {
                (Changed::Stale, _) => Err(stale()),
                (Changed::To(_), detail) => {
                    self.record(c, action, detail)?;
                    let changed = self.load(c)?;
                    Drawn::load(c, changed)
                }
            }
        });
        changed.await
    }
}

fn require_state(election: &Election, allowed: &[ElectionState]) -> Result<(), Problem> {
    if allowed.contains(&election.state) {
        return Ok(());
    }
    let names: Vec<&str> = allowed.iter().map(|state| state.name()).collect();
    Err(
        Problem::conflict("wrong-state", "The election is in another state.").detail(format!(
            "expected {}, found {}",
            names.join(" or "),
            election.state.name()
        )),
    )
}
