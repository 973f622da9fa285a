//! Entries that roles signed.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path};
use hanpyo_ledger::entry::{EntryType, MAX_ENTRY_BYTES};
use serde::Serialize;
use utoipa::ToSchema;

use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::problem::Problem;
use crate::sequencer::{Appended, split_bundle};
use crate::state::AppState;

/// Where an entry stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryPlace {
    /// Its index in the log.
    pub(super) index: u64,
}

/// Where the entries of a bundle stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BundlePlace {
    /// Index of the first.
    first: u64,
    /// Number of them.
    count: usize,
}

/// 201, or 200 if it was there before.
pub(super) fn placed(appended: Appended) -> HttpResponse {
    let body = EntryPlace {
        index: appended.first,
    };
    if appended.repeated {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::Created().json(body)
    }
}

/// Append a signed entry
///
/// For every entry that roles sign; ballots and posted challenges have endpoints of their own.
/// Answered after the checkpoint that has the entry is published. The same bytes again give the
/// same place.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/entries", tag = "ledger",
    params(ElectionPath),
    request_body(content = Vec<u8>, content_type = "application/cbor", description = "One entry of docs/protocol.cddl"),
    responses((status = 201, body = EntryPlace), (status = 200, description = "It was there before.", body = EntryPlace),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn append(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let ledger = ledger(&state, &path)?;
    if body.len() > MAX_ENTRY_BYTES {
        return Err(Problem::too_large(MAX_ENTRY_BYTES as u64));
    }
    let confirmation = EntryType::peek(&body) == Ok(EntryType::CeremonyConfirmation);
    let appended = ledger.append(vec![body.to_vec()]).await?;
    if confirmation {
        // The last confirmation completes the joint key. Its own entry is published, whatever
        // becomes of this; the schedule's task tries again.
        if let Err(error) = ledger.append_joint_key().await {
            tracing::warn!(ledger = %ledger.id(), error = %error, "the joint key waits");
        }
    }
    Ok(placed(appended))
}

/// Append a bundle of signed entries
///
/// All or none, under one checkpoint.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/entries/bundle", tag = "ledger",
    params(ElectionPath),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "Entries, each after its length in two bytes, big-endian; at most 8 MiB"),
    responses((status = 201, body = BundlePlace), (status = 200, description = "They were there before.", body = BundlePlace),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn append_bundle(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let ledger = ledger(&state, &path)?;
    let appended = ledger.append(split_bundle(&body)?).await?;
    let place = Json(BundlePlace {
        first: appended.first,
        count: appended.count,
    });
    Ok(if appended.repeated {
        HttpResponse::Ok().json(place)
    } else {
        HttpResponse::Created().json(place)
    })
}
