//! What is asked for about a voter once the roll is sealed.
//!
//! Another contact redirects one-time codes, so a second person decides. A re-issue is made by the
//! authority offline, with signed proposals; here it is asked for and its progress shown. Who asked for it does not
//! sign it for the commission.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use diesel::QueryResult;
use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::signature::Proposal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::change::check_contact;
use super::{VoterPath, approved, note};
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::clock::rfc3339;
use crate::db;
use crate::db::connection::Connection;
use crate::db::roll_requests::{NewRequest, Request};
use crate::db::voters::Correction;
use crate::ids::{StaffId, TenantId};
use crate::problem::{FieldError, FieldErrors, Problem};
use crate::public_api::events::{Event, What, events};
use crate::state::AppState;

/// Requests in a list.
const LISTED: i64 = 1_000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequestKind {
    /// Another address for one-time codes.
    Contact,
    /// A new credential, the present one being revoked.
    Reissue,
}

impl RequestKind {
    fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Reissue => "reissue",
        }
    }
}

/// A request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRollRequest {
    /// What is asked for.
    kind: RequestKind,
    /// The new address, for `contact`.
    contact: Option<String>,
    /// Why.
    #[schema(max_length = 500)]
    reason: String,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequestState {
    /// Nobody has done anything.
    Open,
    /// The contact was changed.
    Accepted,
    /// Refused or withdrawn.
    Refused,
    /// The authority has proposed the revocation; signatures are missing.
    RevocationProposed,
    /// Revoked; the new credential is not there yet.
    Revoked,
    /// The new credential is on the board.
    Reissued,
}

/// A request with its state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RollRequestView {
    /// Number.
    id: i64,
    /// Number of the voter's row.
    voter: i64,
    /// What the voter types to identify.
    voter_id: String,
    /// Name of the voter.
    name: String,
    /// What is asked for.
    kind: RequestKind,
    /// The new address; only for those who manage the roll or approve.
    contact: Option<String>,
    /// The credential to be replaced.
    credential_index: Option<i64>,
    /// Why.
    reason: String,
    /// Number of the account that asked.
    requested_by: i64,
    /// Its log-in name.
    requested_by_login: String,
    /// When, RFC 3339.
    requested_at: String,
    /// Number of the account that decided.
    decided_by: Option<i64>,
    /// Its log-in name.
    decided_by_login: Option<String>,
    /// When, RFC 3339.
    decided_at: Option<String>,
    /// How far it is.
    state: RequestState,
    /// Index of the revocation.
    revocation: Option<u64>,
    /// Index of the re-issue.
    reissue: Option<u64>,
}

/// Ask for another contact or a re-issue
#[utoipa::path(post, operation_id = "ask_for_voter", path = "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}/requests",
    tag = "roll", security(("staff" = [])), params(VoterPath), request_body = NewRollRequest,
    responses((status = 201, body = RollRequestView), (status = "default", response = AnyProblem)))]
pub(crate) async fn request(
    state: Data<AppState>,
    actor: Actor,
    path: Path<VoterPath>,
    body: Json<NewRollRequest>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let NewRollRequest {
        kind,
        contact,
        reason,
    } = body.into_inner();
    let mut errors = FieldErrors::default();
    errors.check_text("reason", &reason, 500);
    match (kind, &contact) {
        (RequestKind::Contact, Some(contact)) => check_contact(&mut errors, contact),
        (RequestKind::Contact, None) => errors.add("contact", "is missing"),
        (RequestKind::Reissue, Some(_)) => errors.add("contact", "belongs to contact requests"),
        (RequestKind::Reissue, None) => {}
    }
    errors.finish()?;
    let now = state.clock.now();
    let (made, logins) = state
        .db
        .write(move |c| {
            let (election, _) = approved(c, tenant, &path.election)?;
            let owner = (tenant, election.id);
            let voter = db::voters::find(c, owner, path.id())?.ok_or_else(Problem::not_found)?;
            if election.roll_sealed_at.is_none() {
                return Err(
                    Problem::conflict("roll-open", "The roll is not sealed yet.")
                        .detail("correct the voter instead"),
                );
            }
            let credential_index = match kind {
                RequestKind::Contact => None,
                RequestKind::Reissue => {
                    let used = voter.state.is_some_and(|s| s.counter > 0 || s.struck);
                    if used || voter.credential_index.is_none() {
                        return Err(Problem::conflict(
                            "not-reissuable",
                            "The voter has voted, or has no credential.",
                        ));
                    }
                    voter.credential_index
                }
            };
            if db::roll_requests::is_open(c, voter.id, kind.name())? {
                let title = "The voter has an open request of this kind.";
                return Err(Problem::conflict("request-open", title));
            }
            let new = NewRequest {
                tenant_id: tenant,
                election_id: election.id,
                roll_id: voter.id,
                kind: kind.name(),
                contact: contact.as_deref(),
                credential_index,
                reason: &reason,
                requested_by: actor.staff,
                requested_at: now,
            };
            let id = db::roll_requests::insert(c, &new)?;
            let deed = ("roll.request", format!("voter/{}", voter.id));
            let detail = json!({ "request": id, "kind": kind.name() });
            note(c, &actor, (tenant, &path.election), deed, detail, now)?;
            let made = db::roll_requests::find(c, owner, id)?.ok_or_else(Problem::not_found)?;
            Ok((made, logins(c, tenant)?))
        })
        .await?;
    Ok(HttpResponse::Created().json(view(made, true, &Progress::default(), &logins)?))
}

/// List requests, the newest first
///
/// For those who manage the roll, approve, or assign credentials (without contacts).
#[utoipa::path(get, operation_id = "list_requests", path = "/api/v1/tenants/{tenant}/elections/{election}/roll-requests",
    tag = "roll", security(("staff" = [])), params(ElectionPath),
    responses((status = 200, body = Vec<RollRequestView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<Json<Vec<RollRequestView>>, Problem> {
    let tenant = actor.in_own_tenant(&path.tenant)?;
    let allowed = |permission| actor.roles().allow(permission);
    let personal = allowed(Permission::ManageRoll) || allowed(Permission::ApproveElections);
    if !personal {
        actor.require(Permission::AssignCredentials)?;
    }
    let progress = Progress::load(&state, &path).await?;
    let (found, logins) = state
        .db
        .read(move |c| {
            let (election, _) = approved(c, tenant, &path.election)?;
            let found = db::roll_requests::list(c, (tenant, election.id), LISTED)?;
            Ok::<_, Problem>((found, logins(c, tenant)?))
        })
        .await?;
    let views = found
        .into_iter()
        .map(|request| view(request, personal, &progress, &logins));
    Ok(Json(views.collect::<Result<_, _>>()?))
}

/// What is decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Accept (another person's contact request) or refuse; who asked may withdraw by refusing.
    accept: bool,
}

/// `/tenants/{tenant}/elections/{election}/roll-requests/{id}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct RequestPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Number of the request.
    id: i64,
}

/// Decide a request
///
/// A contact request is accepted by an approver who did not ask for it, nor had the account in hand that did. A re-issue is not accepted
/// here: the log says when it happened.
#[utoipa::path(post, operation_id = "decide_request", path = "/api/v1/tenants/{tenant}/elections/{election}/roll-requests/{id}/decision",
    tag = "roll", security(("staff" = [])), params(RequestPath), request_body = Decision,
    responses((status = 200, body = RollRequestView), (status = "default", response = AnyProblem)))]
pub(crate) async fn decide(
    state: Data<AppState>,
    actor: Actor,
    path: Path<RequestPath>,
    body: Json<Decision>,
) -> Result<Json<RollRequestView>, Problem> {
    let tenant = actor.in_own_tenant(&path.tenant)?;
    let accept = body.accept;
    if accept {
        actor.require(Permission::ApproveElections)?;
    } else if !actor.roles().allow(Permission::ApproveElections) {
        actor.require(Permission::ManageRoll)?;
    }
    let now = state.clock.now();
    let (decided, logins) = state
        .db
        .write(move |c| {
            let (election, _) = approved(c, tenant, &path.election)?;
            let owner = (tenant, election.id);
            let found = db::roll_requests::find(c, owner, path.id)?;
            let request = found.ok_or_else(Problem::not_found)?;
            if request.accepted.is_some() {
                return Err(Problem::conflict(
                    "decided",
                    "The request is decided already.",
                ));
            }
            let own = request.requested_by == actor.staff;
            if accept {
                let Some(contact) = request.contact.clone() else {
                    return Err(Problem::invalid(vec![FieldError {
                        field: "accept".to_owned(),
                        reason: "a re-issue is made by the authority, not accepted here".to_owned(),
                    }]));
                };
                if db::staff_control::could_be_one(c, actor.staff, request.requested_by)? {
                    return Err(two_persons());
                }
                let correction = Correction {
                    contact: Some(contact),
                    ..Correction::default()
                };
                db::voters::correct(c, owner, request.roll_id, &correction)?;
                db::voter_codes::forget(c, tenant, request.roll_id)?;
            } else if !own {
                actor.require(Permission::ApproveElections)?;
            }
            db::roll_requests::decide(c, request.id, accept, actor.staff, now)?;
            let deed = ("roll.decide", format!("voter/{}", request.roll_id));
            let hands = db::staff_control::common_hands(c, actor.staff, request.requested_by)?;
            let detail = json!({
                "request": request.id, "kind": request.kind, "accepted": accept, "accounts_in_hand_of": hands,
            });
            note(c, &actor, (tenant, &path.election), deed, detail, now)?;
            let decided = db::roll_requests::find(c, owner, request.id)?;
            Ok((decided.ok_or_else(Problem::not_found)?, logins(c, tenant)?))
        })
        .await?;
    Ok(Json(view(decided, true, &Progress::default(), &logins)?))
}

/// Refuses what takes a second person.
pub(crate) fn two_persons() -> Problem {
    Problem::new(
        actix_web::http::StatusCode::FORBIDDEN,
        "two-persons",
        "Who asked for it cannot accept it, nor can an account that such a person had in hand.",
    )
}

/// What the log and the proposals say of re-issues.
#[derive(Default)]
struct Progress {
    events: std::sync::Arc<Vec<Event>>,
    /// Credentials whose revocation is proposed.
    proposed: Vec<u32>,
}

impl Progress {
    async fn load(state: &AppState, path: &ElectionPath) -> Result<Self, Problem> {
        let Some(ledger) = state.ledgers.find(&path.tenant, &path.election) else {
            return Ok(Self::default());
        };
        let election = ledger.id().election;
        let rows = state
            .db
            .read(move |c| Ok::<_, Problem>(db::proposals::waiting(c, election, i64::MAX)?))
            .await?;
        let proposed = rows.iter().filter_map(|row| {
            let proposal = Proposal::decode(&row.bytes, ledger.manifest().keys()).ok()?;
            match proposal.preview().ok()? {
                Entry::Revocation(entry) => Some(entry.payload.credential.get()),
                _ => None,
            }
        });
        Ok(Self {
            proposed: proposed.collect(),
            events: events(state, &ledger).await?,
        })
    }

    /// Indices of revocation and re-issue of a credential.
    fn of(&self, credential: u32) -> (Option<u64>, Option<u64>) {
        let find = |reissued: bool| {
            self.events.iter().find_map(|event| match event.what {
                What::Credential { index, new }
                    if index == credential
                        && new.is_some() == reissued
                        && event.kind != hanpyo_ledger::entry::EntryType::PaperStrike =>
                {
                    Some(event.index)
                }
                _ => None,
            })
        };
        (find(false), find(true))
    }
}

/// Log-in names by account; accounts are never deleted.
fn logins(connection: &mut Connection, tenant: TenantId) -> QueryResult<HashMap<StaffId, String>> {
    let staff = db::staff::list(connection, tenant)?;
    Ok(staff.into_iter().map(|one| (one.id, one.login)).collect())
}

fn view(
    request: Request,
    personal: bool,
    progress: &Progress,
    logins: &HashMap<StaffId, String>,
) -> Result<RollRequestView, Problem> {
    let login = |id: StaffId| {
        let unknown = || Problem::internal_text(format!("roll request by staff {}", id.get()));
        logins.get(&id).cloned().ok_or_else(unknown)
    };
    let kind = match request.kind.as_str() {
        "contact" => RequestKind::Contact,
        "reissue" => RequestKind::Reissue,
        other => {
            return Err(Problem::internal_text(format!(
                "roll request of kind {other:?}"
            )));
        }
    };
    let credential = request.credential_index.and_then(|i| u32::try_from(i).ok());
    let (revocation, reissue) = credential.map_or((None, None), |c| progress.of(c));
    let proposed = credential.is_some_and(|c| progress.proposed.contains(&c));
    let state = match (request.accepted, revocation, reissue) {
        (_, _, Some(_)) => RequestState::Reissued,
        (_, Some(_), None) => RequestState::Revoked,
        (Some(true), ..) => RequestState::Accepted,
        (Some(false), ..) => RequestState::Refused,
        (None, None, None) if proposed => RequestState::RevocationProposed,
        (None, None, None) => RequestState::Open,
    };
    Ok(RollRequestView {
        id: request.id,
        voter: request.roll_id.get(),
        voter_id: request.voter_id,
        name: request.name,
        kind,
        contact: request.contact.filter(|_| personal),
        credential_index: request.credential_index,
        reason: request.reason,
        requested_by: request.requested_by.get(),
        requested_by_login: login(request.requested_by)?,
        requested_at: rfc3339(request.requested_at),
        decided_by: request.decided_by.map(StaffId::get),
        decided_by_login: request.decided_by.map(login).transpose()?,
        decided_at: request.decided_at.map(rfc3339),
        state,
        revocation,
        reissue,
    })
}
