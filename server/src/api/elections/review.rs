//! Two-person approval: submitted, returned, approved.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::CheckedManifest;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ElectionActor;
use super::view::{Drawn, ElectionView, draft_of, respond};
use crate::api::etag::IfMatch;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::Connection;
use crate::db::elections::{Election, ElectionState};
use crate::problem::{FieldErrors, Problem};
use crate::state::AppState;

/// What an approver confirms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// Manifest hash of the election that was reviewed, in hex.
    manifest_hash: String,
}

/// Why a submitted election goes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnRequest {
    /// What is to be changed.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Longest reason, in characters, as the column has it.
const REASON_MAX: usize = 1000;

/// Submit a draft for approval
///
/// It must be complete, its options in the order last drawn by lot: what is missing is listed. A draft that names no voting pages (`assets`)
/// announces those that this server serves.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/submit",
    tag = "elections", security(("staff" = [])),
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is submitted")),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn submit(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let by = ElectionActor::new(&state, &actor, path, Permission::EditElections)?;
    let assets = crate::pages::served(&state).await?;
    let allowed = &[ElectionState::Draft];
    let change = by.change(
        &state,
        version,
        allowed,
        "election.submit",
        |c, by, election| {
            let election = announce_assets(c, election, assets)?;
            let drawn = Drawn::load(c, election)?;
            let hash = HEXLOWER.encode(freeze(&drawn)?.hash().as_bytes());
            let Drawn { election, .. } = drawn;
            let changed = db::elections::submit(c, &election, by.staff, by.now)?;
            Ok((changed, json!({ "manifest_hash": hash })))
        },
    );
    respond(&change.await?)
}

/// Return a submitted election to its authors
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/return",
    tag = "elections", security(("staff" = [])), request_body = ReturnRequest,
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is returned")),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn send_back(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
    body: Json<ReturnRequest>,
) -> Result<HttpResponse, Problem> {
    let by = ElectionActor::new(&state, &actor, path, Permission::ApproveElections)?;
    let reason = body.into_inner().reason;
    let mut errors = FieldErrors::default();
    errors.check_text("reason", &reason, REASON_MAX);
    errors.finish()?;
    let allowed = &[ElectionState::InReview];
    let change = by.change(
        &state,
        version,
        allowed,
        "election.return",
        move |c, by, election| {
            let changed = db::elections::send_back(c, &election, by.staff, &reason, by.now)?;
            Ok((changed, json!({ "reason": reason })))
        },
    );
    respond(&change.await?)
}

/// Approve a submitted election
///
/// Freezes it. The approver must have written no part of it, and must not have had the account of
/// who did in hand (made it, reset its password, changed its roles, unlocked it), nor the other way
/// round.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/approve",
    tag = "elections", security(("staff" = [])), request_body = Approval,
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is approved")),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn approve(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
    body: Json<Approval>,
) -> Result<HttpResponse, Problem> {
    let by = ElectionActor::new(&state, &actor, path, Permission::ApproveElections)?;
    let allowed = &[ElectionState::InReview];
    let change = by.change(
        &state,
        version,
        allowed,
        "election.approve",
        move |c, by, election| {
            if db::elections::took_part(c, &election, by.staff)? {
                return Err(two_persons());
            }
            let drawn = Drawn::load(c, election)?;
            let manifest = freeze(&drawn)?;
            let Drawn { election, .. } = drawn;
            let hash = HEXLOWER.encode(manifest.hash().as_bytes());
            if body.manifest_hash != hash {
                return Err(Problem::conflict(
                    "other-content",
                    "The election is not the one that was reviewed.",
                ));
            }
            let bytes = manifest.manifest().canonical_bytes();
            let mh = manifest.hash().as_bytes();
            let changed = db::elections::approve(c, &election, by.staff, &bytes, mh, by.now)?;
            // Whoever made both accounts could have been both persons: an auditor should know.
            let hands = db::elections::common_hands(c, &election, by.staff)?;
            let detail = json!({ "manifest_hash": hash, "accounts_in_hand_of": hands });
            Ok((changed, detail))
        },
    );
    let changed = change.await?;
    // Approved is approved: what hinders its log is noted, and tried again in the background.
    let tenant_slug = actor.own_tenant_slug();
    if let Err(error) = state.ledgers.create(tenant_slug, &changed.election).await {
        tracing::warn!(error = %error, "the log of an approved election waits to be begun");
    }
    respond(&changed)
}

fn freeze(drawn: &Drawn) -> Result<CheckedManifest, Problem> {
    drawn.freeze()?.map_err(Problem::invalid)
}

/// The election, its draft announcing the served pages if it announces none.
fn announce_assets(
    c: &mut Connection,
    mut election: Election,
    served: Option<String>,
) -> Result<Election, Problem> {
    let mut draft = draft_of(&election)?;
    if draft.assets.is_none() && served.is_some() {
        draft.assets = served;
        election.draft = serde_json::to_string(&draft).map_err(|e| Problem::internal(&e))?;
        db::elections::complete_draft(c, &election, &election.draft)?;
    }
    Ok(election)
}

fn two_persons() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "two-persons",
        "Who wrote or submitted an election cannot approve it, nor can an account that such a person had in hand.",
    )
}
