//! Entries that several roles sign, one after the other; the commission last, here.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hanpyo_ledger::entry::{Entry, EntryType, MAX_ENTRY_BYTES, RoleSigned};
use hanpyo_ledger::signature::{Proposal, ProposalError, Role, RoleKeys};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::Connection;
use crate::db::audit::Deed;
use crate::db::proposals::ProposalRow;
use crate::ids::StaffId;
use crate::problem::Problem;
use crate::sequencer::Ledger;
use crate::state::AppState;
use crate::voters_api::requests::two_persons;

/// Proposals of an election that may wait for signatures.
const MAX_OPEN: i64 = 1_000;
/// Proposals of each kind in a list: anyone may ask for it.
const SHOWN: i64 = 100;

/// Reads a proposal of a type that several roles sign, and verifies the signatures it has.
fn decode(bytes: &[u8], keys: &RoleKeys) -> Result<Proposal, Problem> {
    let proposal = Proposal::decode(bytes, keys).map_err(refuse)?;
    let several = matches!(
        proposal.entry_type(),
        EntryType::RollChunk | EntryType::RollSealed | EntryType::Revocation | EntryType::Reissue
    );
    if several {
        Ok(proposal)
    } else {
        let text = format!("{} entries are signed by one role", proposal.entry_type());
        Err(Problem::bad_request().detail(text))
    }
}

/// SHA-256 of type and payload.
fn id_of(proposal: &Proposal) -> [u8; 32] {
    Sha256::new()
        .chain_update([proposal.entry_type().number()])
        .chain_update(proposal.payload_bytes())
        .finalize()
        .into()
}

/// Whether anyone has signed it.
fn is_signed(proposal: &Proposal, keys: &RoleKeys) -> Result<bool, Problem> {
    let entry = proposal.preview().map_err(refuse)?;
    let signers = entry.role_signed().map(RoleSigned::signers);
    let all = signers.map_or(0, |signers| signers.roles(keys.authorities()).len());
    Ok(proposal.missing().len() < all)
}

/// The entry, once all have signed.
fn complete(proposal: &Proposal) -> Result<Vec<u8>, Problem> {
    let entry = proposal.complete().map_err(refuse)?;
    entry
        .encode()
        .map_err(|e| Problem::bad_request().detail(e.to_string()))
}

/// One line for people.
fn summary(proposal: &Proposal) -> String {
    match proposal.preview() {
        Ok(Entry::RollChunk(chunk)) => {
            let (first, rows) = (chunk.payload.first, chunk.payload.rows.len());
            format!("roll chunk: {rows} credentials from {first}")
        }
        Ok(Entry::RollSealed(seal)) => {
            format!(
                "seal the roll with {} credentials",
                seal.payload.credentials
            )
        }
        Ok(Entry::Revocation(entry)) => {
            let (credential, reason) = (entry.payload.credential, &*entry.payload.reason);
            format!("revoke credential {credential}: {reason}")
        }
        Ok(Entry::Reissue(entry)) => {
            let (revoked, new) = (entry.payload.revoked, entry.payload.new);
            format!("re-issue credential {revoked} as {new}")
        }
        Ok(other) => other.entry_type().to_string(),
        Err(error) => error.to_string(),
    }
}

fn refuse(error: ProposalError) -> Problem {
    match error {
        ProposalError::Malformed(_) | ProposalError::Payload(_) => {
            Problem::bad_request().detail(error.to_string())
        }
        error => Problem::new(
            actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
            "check-failed",
            "The proposal does not pass the checks.",
        )
        .detail(error.to_string()),
    }
}

/// What became of a proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalState {
    /// SHA-256 of type and payload, in hex.
    id: String,
    /// Roles that have not signed.
    #[schema(example = json!(["authority 2", "commission"]))]
    missing: Vec<String>,
    /// Its place in the log, once it is an entry.
    index: Option<u64>,
}

/// A proposal in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalView {
    /// SHA-256 of type and payload, in hex.
    id: String,
    /// Entry type.
    #[serde(rename = "type")]
    kind: u8,
    /// One line for people.
    summary: String,
    /// Roles that have not signed.
    missing: Vec<String>,
    /// Its place in the log, once it is an entry.
    index: Option<u64>,
}

/// `/tenants/{tenant}/elections/{election}/proposals/{id}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ProposalPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// SHA-256 of type and payload, in hex.
    id: String,
}

impl ProposalPath {
    fn id(&self) -> Result<Vec<u8>, Problem> {
        HEXLOWER_PERMISSIVE
            .decode(self.id.as_bytes())
            .map_err(|_| Problem::not_found())
    }
}

fn names(roles: &[Role]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

fn place(row: Option<i64>) -> Option<u64> {
    row.and_then(|index| u64::try_from(index).ok())
}

/// Propose an entry, or add signatures to a proposal
///
/// With all signatures it becomes an entry at once. If only the commission's is missing it waits
/// for the approval of staff.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/proposals", tag = "ledger",
    params(ElectionPath),
    request_body(content = Vec<u8>, content_type = "application/cbor",
        description = "[type, payload, [signature / null ...]]"),
    responses((status = 201, body = ProposalState), (status = 200, description = "It was proposed before.", body = ProposalState),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn propose(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let ledger = ledger(&state, &path)?;
    if body.len() > MAX_ENTRY_BYTES {
        return Err(Problem::too_large(MAX_ENTRY_BYTES as u64));
    }
    ledger.require_health()?;
    let keys = ledger.manifest().keys().clone();
    let proposal = decode(&body, &keys)?;
    if !is_signed(&proposal, &keys)? {
        return Err(refuse(ProposalError::Missing(proposal.missing())));
    }
    let owner = (ledger.id().tenant, ledger.id().election);
    let (id, now) = (id_of(&proposal), state.clock.now());
    if proposal.missing().is_empty()
        && let Some(index) = ledger.place_of(complete(&proposal)?).await?
    {
        // An entry of the board: whoever repeats it leaves nothing behind.
        return Ok(HttpResponse::Ok().json(ProposalState {
            id: HEXLOWER.encode(&id),
            missing: Vec::new(),
            index: Some(index),
        }));
    }
    let (proposal, index, is_new) = state
        .db
        .write(move |c| {
            let mut proposal = proposal;
            let known = db::proposals::find(c, owner.1, &id)?;
            match &known {
                Some(row) => {
                    let stored = decode(&row.bytes, &keys)?;
                    proposal.merge(&stored).map_err(refuse)?;
                }
                None if db::proposals::count_open(c, owner.1)? >= MAX_OPEN => {
                    return Err(Problem::conflict(
                        "too-many-proposals",
                        "Too many proposals wait for signatures.",
                    ));
                }
                None => {}
            }
            let kind = proposal.entry_type().number().into();
            db::proposals::put(c, owner, &id, kind, &proposal.encode(), now)?;
            let index = known.as_ref().and_then(|row| place(row.log_index));
            Ok::<_, Problem>((proposal, index, known.is_none()))
        })
        .await?;
    let missing = proposal.missing();
    let index = match index {
        None if missing.is_empty() => Some(append(&state, &ledger, &id, &proposal).await?),
        index => index,
    };
    let body = ProposalState {
        id: HEXLOWER.encode(&id),
        missing: names(&missing),
        index,
    };
    Ok(if is_new {
        HttpResponse::Created().json(body)
    } else {
        HttpResponse::Ok().json(body)
    })
}

/// Makes a complete proposal an entry.
async fn append(
    state: &AppState,
    ledger: &std::sync::Arc<Ledger>,
    id: &[u8],
    proposal: &Proposal,
) -> Result<u64, Problem> {
    let appended = ledger.append(vec![complete(proposal)?]).await?;
    let (election, id) = (ledger.id().election, id.to_vec());
    let index = i64::try_from(appended.first).unwrap_or(i64::MAX);
    state
        .db
        .write(move |c| Ok::<_, Problem>(db::proposals::set_appended(c, election, &id, index)?))
        .await?;
    Ok(appended.first)
}

/// List proposals
///
/// Those that wait for signatures, oldest first, at most 100; then the last 100 that became entries,
/// the last one first. The board has all entries.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/proposals", tag = "ledger",
    params(ElectionPath),
    responses((status = 200, body = Vec<ProposalView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<Vec<ProposalView>>, Problem> {
    let ledger = ledger(&state, &path)?;
    let election = ledger.id().election;
    let rows = state
        .db
        .read(move |c| {
            let mut rows = db::proposals::waiting(c, election, SHOWN)?;
            rows.extend(db::proposals::appended(c, election, SHOWN)?);
            Ok::<_, Problem>(rows)
        })
        .await?;
    let keys = ledger.manifest().keys();
    let views = rows.into_iter().map(|row| {
        let proposal = decode(&row.bytes, keys)?;
        Ok::<_, Problem>(ProposalView {
            id: HEXLOWER.encode(&row.id),
            kind: proposal.entry_type().number(),
            summary: summary(&proposal),
            // What is stored may lack the last signature, which went into the entry alone.
            missing: match row.log_index {
                Some(_) => Vec::new(),
                None => names(&proposal.missing()),
            },
            index: place(row.log_index),
        })
    });
    Ok(Json(views.collect::<Result<_, _>>()?))
}

async fn load(state: &AppState, ledger: &Ledger, id: Vec<u8>) -> Result<ProposalRow, Problem> {
    let election = ledger.id().election;
    state
        .db
        .read(move |c| Ok::<_, Problem>(db::proposals::find(c, election, &id)?))
        .await?
        .ok_or_else(Problem::not_found)
}

/// Show a proposal, to sign it
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/proposals/{id}", tag = "ledger",
    params(ProposalPath),
    responses((status = 200, body = Vec<u8>, content_type = "application/cbor"), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    path: Path<ProposalPath>,
) -> Result<HttpResponse, Problem> {
    let ledger = find(&state, &path)?;
    let row = load(&state, &ledger, path.id()?).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/cbor")
        .body(row.bytes))
}

fn find(state: &AppState, path: &ProposalPath) -> Result<std::sync::Arc<Ledger>, Problem> {
    state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)
}

/// The staff that asked for this re-issue, with whom the commission's signature must not come from one hand: a new code
/// reaches the voter by the way that was asked for. Empty for other entries.
async fn askers(
    state: &AppState,
    ledger: &Ledger,
    proposal: &Proposal,
) -> Result<Vec<StaffId>, Problem> {
    let Entry::Reissue(entry) = proposal.preview().map_err(refuse)? else {
        return Ok(Vec::new());
    };
    let (owner, revoked) = (
        (ledger.id().tenant, ledger.id().election),
        entry.payload.revoked.get(),
    );
    let asked = move |c: &mut Connection| {
        Ok::<_, Problem>(db::roll_requests::reissue_askers(c, owner, revoked)?)
    };
    state.db.read(asked).await
}

/// Refuses whoever asked for it, or could be one person with somebody who did; else gives those who had both accounts in
/// hand, for the trail.
async fn require_second_person(
    state: &AppState,
    actor: StaffId,
    askers: Vec<StaffId>,
) -> Result<BTreeSet<StaffId>, Problem> {
    let hands = state.db.read(move |c| {
        let mut hands = BTreeSet::new();
        for asker in askers {
            if db::staff_control::could_be_one(c, actor, asker)? {
                return Err(two_persons());
            }
            hands.extend(db::staff_control::common_hands(c, actor, asker)?);
        }
        Ok(hands)
    });
    hands.await
}

/// Sign a proposal as the commission
///
/// Only when all others have signed; it becomes an entry. A re-issue is signed by nobody who asked for it or had the account
/// in hand that did.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/proposals/{id}/approve", tag = "running",
    params(ProposalPath), security(("staff" = [])),
    responses((status = 200, body = ProposalState), (status = "default", response = AnyProblem)))]
pub(crate) async fn approve(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ProposalPath>,
) -> Result<Json<ProposalState>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::RunElections)?;
    let ledger = find(&state, &path)?;
    let id = path.id()?;
    let row = load(&state, &ledger, id.clone()).await?;
    let keys = ledger.manifest().keys();
    let mut proposal = decode(&row.bytes, keys)?;
    let index = match place(row.log_index) {
        Some(index) => index,
        None => {
            let missing = proposal.missing();
            if missing != [Role::Commission] && !missing.is_empty() {
                return Err(Problem::conflict(
                    "not-signed",
                    "Others must sign before the commission does.",
                )
                .detail(names(&missing).join(", ")));
            }
            let askers = askers(&state, &ledger, &proposal).await?;
            let hands = require_second_person(&state, actor.staff, askers).await?;
            if !missing.is_empty() {
                let key = &ledger.keys().commission;
                proposal.sign(keys, Role::Commission, key).map_err(refuse)?;
            }
            let summary = summary(&proposal);
            let index = append(&state, &ledger, &id, &proposal).await?;
            let (now, slug) = (state.clock.now(), ledger.id().slug.clone());
            let deed = state.db.write(move |c| {
                let deed = Deed {
                    tenant,
                    actor: Some(actor.staff),
                    action: "proposal.approve",
                    target: format!("entry/{index}").into(),
                    election: Some(&slug),
                    detail: json!({
                        "summary": summary.chars().take(500).collect::<String>(),
                        "accounts_in_hand_of": hands,
                    }),
                };
                Ok::<_, Problem>(db::audit::record(c, &deed, now)?)
            });
            deed.await?;
            index
        }
    };
    Ok(Json(ProposalState {
        id: HEXLOWER.encode(&id),
        missing: Vec::new(),
        index: Some(index),
    }))
}
