//! What a voter's device checks before it encrypts: a handful of entries, not the board.
//!
//! [`booth`] names them, [`entry`] and [`receipt`] give each with its proof of inclusion under the
//! signed checkpoint. The device trusts none of it: the manifest must have the hash of the voter's
//! link, every trustee's confirmation its signature, every receipt the log's.

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::EntryType;
use hanpyo_ledger::manifest::Disclosure;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::events::{Event, What, events};
use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::problem::Problem;
use crate::sequencer::{Ledger, Phase, Published};
use crate::state::AppState;

/// Whose credential.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoothQuery {
    /// Credential whose place in the roll is asked for.
    credential: Option<u32>,
}

/// An entry of a trustee.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrusteeEntry {
    /// Number of the trustee, from 1.
    trustee: u8,
    /// Index of the entry.
    index: u64,
}

/// Where a credential stands on the board.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CredentialPlace {
    /// The credential.
    credential: u32,
    /// Index of its roll chunk, or of the re-issue that made it.
    index: u64,
    /// Its row in the chunk, from 0; null for a re-issue.
    row: Option<u32>,
    /// Index of its revocation.
    revoked: Option<u64>,
    /// Index of the entry that struck it because its voter votes on paper.
    struck: Option<u64>,
}

/// The entries that a voter's device needs, by index.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BoothView {
    /// Hash mh of the manifest, in hex.
    manifest_hash: String,
    /// Index of the manifest: 0.
    manifest: u64,
    /// Where the election stands.
    phase: Phase,
    /// Entries in the published log.
    log_size: u64,
    /// Attempt of the ceremony that made the joint key.
    attempt: Option<u32>,
    /// Index of the joint-key entry; null before it.
    joint_key: Option<u64>,
    /// The trustees' signatures on the joint key, in order of trustees.
    confirmations: Vec<TrusteeEntry>,
    /// The rest of that attempt, for who wants to recompute the key: commitments, openings, shares.
    ceremony: Vec<TrusteeEntry>,
    /// Where the credential asked for stands.
    credential: Option<CredentialPlace>,
}

/// Name the entries that a voter's device checks
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/booth", tag = "public",
    params(ElectionPath, BoothQuery),
    responses((status = 200, body = BoothView), (status = "default", response = AnyProblem)))]
pub(crate) async fn booth(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    query: Query<BoothQuery>,
) -> Result<Json<BoothView>, Problem> {
    let ledger = ledger(&state, &path)?;
    let summary = ledger.load_summary().await?;
    let events = events(&state, &ledger).await?;
    let joint_key = events.iter().find_map(|event| match event.what {
        What::JointKey { attempt } => Some((event.index, attempt)),
        _ => None,
    });
    let of_attempt = |wanted: fn(EntryType) -> bool| -> Vec<TrusteeEntry> {
        let those = events.iter().filter(|event| wanted(event.kind));
        let mut those: Vec<TrusteeEntry> = those
            .filter_map(|event| match event.what {
                What::Ceremony {
                    attempt, trustee, ..
                } if joint_key.is_some_and(|(_, made)| made == attempt) => Some(TrusteeEntry {
                    trustee,
                    index: event.index,
                }),
                _ => None,
            })
            .collect();
        those.sort_by_key(|entry| (entry.trustee, entry.index));
        those
    };
    use EntryType as T;
    let credential = match query.credential {
        None => None,
        Some(index) => Some(place(&events, index, &ledger).ok_or_else(|| {
            Problem::not_found().detail("the published roll has no such credential")
        })?),
    };
    Ok(Json(BoothView {
        manifest_hash: HEXLOWER.encode(ledger.manifest_hash().as_bytes()),
        manifest: 0,
        phase: summary.phase,
        log_size: ledger.published().map_or(0, |published| published.size()),
        attempt: joint_key.map(|(_, attempt)| attempt),
        joint_key: joint_key.map(|(index, _)| index),
        confirmations: of_attempt(|kind| kind == T::CeremonyConfirmation),
        ceremony: of_attempt(|kind| {
            matches!(
                kind,
                T::CeremonyCommitment | T::CeremonyOpening | T::CeremonyShares
            )
        }),
        credential,
    }))
}

/// Where a credential stands; `None` if the record has no such credential.
fn place(events: &[Event], credential: u32, ledger: &Ledger) -> Option<CredentialPlace> {
    ledger.record().checker().credential(credential)?;
    let mut place = None;
    let (mut revoked, mut struck) = (None, None);
    for event in events {
        match &event.what {
            // Chunks follow each other: the last that begins at or before it holds it.
            What::RollChunk { first } if *first <= credential => {
                place = Some((event.index, Some(credential - first)));
            }
            What::Credential { new, .. } if *new == Some(credential) => {
                place = Some((event.index, None));
            }
            What::Credential { index, new: None } if *index == credential => match event.kind {
                EntryType::PaperStrike => struck = Some(event.index),
                _ => revoked = Some(event.index),
            },
            _ => {}
        }
    }
    place.map(|(index, row)| CredentialPlace {
        credential,
        index,
        row,
        revoked,
        struck,
    })
}

/// `/tenants/{tenant}/elections/{election}/entries/{index}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct EntryPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Index of the entry in the log.
    index: u64,
}

/// Give an entry of the log
///
/// Under accredited disclosure ballots and posted challenges are for accredited staff.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/entries/{index}",
    tag = "public", params(EntryPath),
    responses((status = 200, description = "The entry (CBOR)", body = Vec<u8>, content_type = "application/cbor"),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn entry(
    state: Data<AppState>,
    path: Path<EntryPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (_, bytes, restricted) = load(&state, &path, &request).await?;
    // An entry never changes.
    let cache = if restricted {
        "private, max-age=31536000, immutable"
    } else {
        "public, max-age=31536000, immutable"
    };
    Ok(HttpResponse::Ok()
        .content_type("application/cbor")
        .insert_header((CACHE_CONTROL, HeaderValue::from_static(cache)))
        .body(bytes))
}

/// Give an entry with its proof of inclusion
///
/// A C2SP tlog-proof with the entry, checked against the log's vkey.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/entries/{index}/receipt",
    tag = "public", params(EntryPath),
    responses((status = 200, description = "Receipt (tlog-proof)", body = String, content_type = "text/plain"),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn receipt(
    state: Data<AppState>,
    path: Path<EntryPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (published, bytes, _) = load(&state, &path, &request).await?;
    let index = path.index;
    let receipt = tokio::task::spawn_blocking(move || published.receipt(index, &bytes))
        .await
        .map_err(|e| Problem::internal(&e))?
        .map_err(|e| Problem::internal(&e))?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(receipt.to_bytes()))
}

/// A published entry, and whether it is for accredited readers only.
async fn load(
    state: &AppState,
    path: &EntryPath,
    request: &HttpRequest,
) -> Result<(Arc<Published>, Vec<u8>, bool), Problem> {
    let ledger = state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)?;
    let published = ledger.published().ok_or_else(Problem::not_found)?;
    if path.index >= published.size() {
        return Err(Problem::not_found().detail("the published log has no such entry"));
    }
    let election = ledger.id().election;
    let index = i64::try_from(path.index).map_err(|_| Problem::not_found())?;
    let found = state
        .db
        .read(move |c| Ok::<_, Problem>(db::entries::in_log(c, election, &(index..index + 1))?))
        .await?;
    let bytes = found.into_iter().next().ok_or_else(Problem::not_found)?;
    let of_voter = matches!(
        EntryType::peek(&bytes),
        Ok(EntryType::Ballot | EntryType::PostedChallenge)
    );
    let restricted = of_voter && ledger.manifest().manifest().disclosure == Disclosure::Accredited;
    if restricted {
        let actor = Actor::extract(request).await?;
        actor.authorize(&path.tenant, Permission::ReadElections)?;
    }
    Ok((published, bytes, restricted))
}
