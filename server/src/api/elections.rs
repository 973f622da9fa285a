//! `/tenants/{tenant}/elections`: drafts and their two-person approval.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path, Query};
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::{CheckedManifest, ManifestDraft};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::etag::{IfMatch, stale, tagged};
use super::paths::{ElectionPath, TenantPath};
use super::view::{AnyProblem, AuditEntry, AuditQuery};
use crate::auth::{Actor, Permission};
use crate::clock::{Millis, rfc3339};
use crate::db;
use crate::db::audit::Deed;
use crate::db::elections::{Changed, DraftColumns, Election, ElectionState};
use crate::db::{Connection, DbError};
use crate::draft::{self, ServerPart};
use crate::election_keys::ElectionKeys;
use crate::ids::{StaffId, TenantId, check_slug};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// A new election.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewElection {
    /// Name in paths and in the board's origin; cannot be changed.
    #[schema(
        example = "school-meals",
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length = 63
    )]
    slug: String,
    /// The manifest draft, possibly incomplete. `origin`, `roles.log`, `roles.acknowledgement`
    /// and `roles.commission` are filled in by the server.
    #[schema(value_type = Object)]
    draft: ManifestDraft,
}

/// An election in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElectionSummary {
    /// Name in paths.
    slug: String,
    /// Korean title.
    title_ko: String,
    /// English title; may be empty.
    title_en: String,
    /// Where its paper work stands.
    state: ElectionState,
    /// Last change, RFC 3339.
    updated_at: String,
}

/// An election.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElectionView {
    /// Name in paths.
    slug: String,
    /// Where its paper work stands.
    state: ElectionState,
    /// Grows with every change; also the `ETag`.
    version: i64,
    /// Name of its log, `<host>/<tenant>/<election>`.
    origin: String,
    /// vkey of its log.
    log_vkey: String,
    /// Key of its acknowledgements, in hex.
    acknowledgement_key: String,
    /// Key of the commission, in hex.
    commission_key: String,
    /// The manifest draft.
    #[schema(value_type = Object)]
    draft: ManifestDraft,
    /// What is still missing or wrong for a manifest; it must be empty to submit.
    problems: Vec<FieldError>,
    /// When it was made, RFC 3339.
    created_at: String,
    /// Last change, RFC 3339.
    updated_at: String,
    /// Number of the account that submitted it.
    submitted_by: Option<i64>,
    /// When it was submitted, RFC 3339.
    submitted_at: Option<String>,
    /// Number of the account that approved it.
    approved_by: Option<i64>,
    /// When it was approved, RFC 3339.
    approved_at: Option<String>,
    /// Hash of the manifest that approval froze, or would freeze now, in hex; null while there are
    /// problems.
    manifest_hash: Option<String>,
}

/// What an approver confirms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// Manifest hash of the election that was reviewed, in hex.
    manifest_hash: String,
}

/// List elections, newest first
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections", tag = "elections",
    security(("staff" = [])), params(TenantPath),
    responses((status = 200, body = Vec<ElectionSummary>),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
) -> Result<Json<Vec<ElectionSummary>>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadElections)?;
    let found = state
        .db
        .read(move |c| Ok::<_, Problem>(db::elections::list(c, tenant)?))
        .await?;
    Ok(Json(found.into_iter().map(summary).collect()))
}

/// Make a draft
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections", tag = "elections",
    security(("staff" = [])), params(TenantPath), request_body = NewElection,
    responses((status = 201, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn create(
    state: Data<AppState>,
    actor: Actor,
    path: Path<TenantPath>,
    body: Json<NewElection>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let NewElection { slug, draft } = body.into_inner();
    let mut errors = draft::check(&draft, None);
    if let Err(error) = check_slug(&slug) {
        errors.push(FieldError {
            field: "slug".to_owned(),
            reason: error.to_string(),
        });
    }
    refuse(errors)?;
    let columns = columns(&draft)?;
    let (server, keys_folder) = make_keys(&state, &path.tenant, &slug).await?;

    let now = state.clock.now();
    let folder = keys_folder.clone();
    let written = state
        .db
        .write(move |c| {
            let new = db::elections::NewElection {
                tenant,
                slug: &slug,
                server: &server,
                keys_folder: &folder,
                columns: &columns,
                author: actor.staff,
            };
            db::elections::create(c, &new, now).map_err(slug_taken)?;
            record(c, &actor, tenant, &slug, "election.create", json!({}), now)?;
            load(c, tenant, &slug)
        })
        .await;
    if written.is_err() {
        delete_keys(&state, keys_folder).await;
    }
    let made = written?;
    let location = format!("/api/v1/tenants/{}/elections/{}", path.tenant, made.slug);
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, location));
    Ok(tagged(&mut response, made.version).json(view(&made)?))
}

/// Show an election
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}", tag = "elections",
    security(("staff" = [])), params(ElectionPath),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadElections)?;
    let found = state
        .db
        .read(move |c| load(c, tenant, &path.election))
        .await?;
    respond(&found)
}

/// Replace the draft
///
/// An election in review goes back to `draft`.
#[utoipa::path(put, path = "/api/v1/tenants/{tenant}/elections/{election}", tag = "elections",
    security(("staff" = [])), request_body(content = Object, description = "The manifest draft"),
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is changed")),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn edit(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
    body: Json<ManifestDraft>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let columns = columns(&body)?;
    let now = state.clock.now();
    let changed = state
        .db
        .write(move |c| {
            let election = load_at(c, tenant, &path.election, version)?;
            require_state(&election, &[ElectionState::Draft, ElectionState::InReview])?;
            refuse(draft::check(&body, Some(&election.server_part())))?;
            made(db::elections::edit(
                c,
                &election,
                &columns,
                actor.staff,
                now,
            )?)?;
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "election.edit",
                json!({}),
                now,
            )?;
            load(c, tenant, &path.election)
        })
        .await?;
    respond(&changed)
}

/// Delete a draft and its keys
#[utoipa::path(delete, path = "/api/v1/tenants/{tenant}/elections/{election}", tag = "elections",
    security(("staff" = [])),
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is deleted")),
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn remove(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let now = state.clock.now();
    let keys_folder = state
        .db
        .write(move |c| {
            let election = load_at(c, tenant, &path.election, version)?;
            require_state(&election, &[ElectionState::Draft])?;
            if !db::elections::delete_draft(c, &election)? {
                return Err(stale());
            }
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "election.delete",
                json!({}),
                now,
            )?;
            Ok(election.keys_folder)
        })
        .await?;
    delete_keys(&state, keys_folder).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Submit a draft for approval
///
/// It must be complete: what is missing is listed. A draft that names no voting pages (`assets`)
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
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let now = state.clock.now();
    let assets = crate::pages::served(&state).await?;
    let changed = state
        .db
        .write(move |c| {
            let election = load_at(c, tenant, &path.election, version)?;
            require_state(&election, &[ElectionState::Draft])?;
            let election = announce_assets(c, election, assets)?;
            let hash = HEXLOWER.encode(freeze(&election)?.hash().as_bytes());
            made(db::elections::submit(c, &election, actor.staff, now)?)?;
            let detail = json!({ "manifest_hash": hash });
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "election.submit",
                detail,
                now,
            )?;
            load(c, tenant, &path.election)
        })
        .await?;
    respond(&changed)
}

/// Return a submitted election to its authors
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/return",
    tag = "elections", security(("staff" = [])),
    params(ElectionPath, ("If-Match" = String, Header, description = "ETag that is returned")),
    responses((status = 200, body = ElectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn send_back(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ApproveElections)?;
    let now = state.clock.now();
    let changed = state
        .db
        .write(move |c| {
            let election = load_at(c, tenant, &path.election, version)?;
            require_state(&election, &[ElectionState::InReview])?;
            made(db::elections::send_back(c, &election, now)?)?;
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "election.return",
                json!({}),
                now,
            )?;
            load(c, tenant, &path.election)
        })
        .await?;
    respond(&changed)
}

/// Approve a submitted election
///
/// Freezes it. The approver must have written no part of it.
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
    let tenant = actor.authorize(&path.tenant, Permission::ApproveElections)?;
    let now = state.clock.now();
    let changed = state
        .db
        .write(move |c| {
            let election = load_at(c, tenant, &path.election, version)?;
            require_state(&election, &[ElectionState::InReview])?;
            if db::elections::took_part(c, &election, actor.staff)? {
                return Err(two_persons());
            }
            let manifest = freeze(&election)?;
            let hash = HEXLOWER.encode(manifest.hash().as_bytes());
            if body.manifest_hash != hash {
                return Err(Problem::conflict(
                    "other-content",
                    "The election is not the one that was reviewed.",
                ));
            }
            let bytes = manifest.manifest().canonical_bytes();
            let mh = manifest.hash().as_bytes();
            made(db::elections::approve(
                c,
                &election,
                actor.staff,
                &bytes,
                mh,
                now,
            )?)?;
            let detail = json!({ "manifest_hash": hash });
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "election.approve",
                detail,
                now,
            )?;
            load(c, tenant, &path.election).map(|election| (election, path.into_inner().tenant))
        })
        .await?;
    let (changed, tenant_slug) = changed;
    // Approved is approved: what hinders its log is noted, and tried again in the background.
    if let Err(error) = state.ledgers.create(&tenant_slug, &changed).await {
        tracing::warn!(error = %error, "the log of an approved election waits to be begun");
    }
    respond(&changed)
}

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

/// The draft of an election.
fn draft_of(election: &Election) -> Result<ManifestDraft, Problem> {
    ManifestDraft::from_json(&election.draft).map_err(|error| {
        let reason = error.to_string();
        Problem::internal(&DbError::Corrupt {
            what: "draft of an election",
            reason,
        })
    })
}

/// Writes a deed about an election into the trail.
pub(super) fn record(
    c: &mut Connection,
    actor: &Actor,
    tenant: TenantId,
    slug: &str,
    action: &'static str,
    detail: serde_json::Value,
    now: Millis,
) -> Result<(), Problem> {
    let target = format!("election/{slug}").into();
    let deed = Deed {
        tenant,
        actor: Some(actor.staff),
        action,
        target,
        election: Some(slug),
        detail,
    };
    Ok(db::audit::record(c, &deed, now)?)
}

fn load_at(
    c: &mut Connection,
    tenant: TenantId,
    slug: &str,
    IfMatch(version): IfMatch,
) -> Result<Election, Problem> {
    let election = load(c, tenant, slug)?;
    if election.version == version {
        Ok(election)
    } else {
        Err(stale())
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

fn made(changed: Changed) -> Result<i64, Problem> {
    match changed {
        Changed::To(version) => Ok(version),
        Changed::Stale => Err(stale()),
    }
}

fn freeze(election: &Election) -> Result<CheckedManifest, Problem> {
    draft::freeze(&draft_of(election)?, &election.server_part()).map_err(Problem::invalid)
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

fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(errors))
    }
}

fn slug_taken(error: diesel::result::Error) -> Problem {
    let error = DbError::from(error);
    if error.is_unique_violation() {
        Problem::conflict("slug-taken", "This slug is taken.")
    } else {
        error.into()
    }
}

/// Makes the server's keys for a new election, off the async threads: it waits for the disk.
async fn make_keys(
    state: &AppState,
    tenant: &str,
    slug: &str,
) -> Result<(ServerPart, String), Problem> {
    let origin = format!("{}/{tenant}/{slug}", state.config.http.origin_host());
    let keys_dir = state.config.storage.keys_dir();
    let made = tokio::task::spawn_blocking(move || {
        ElectionKeys::create(&keys_dir, &origin)
            .map(|(keys, folder)| (keys.server_part(origin), folder))
    });
    let made = made.await.map_err(|e| Problem::internal(&e))?;
    made.map_err(|e| Problem::internal(&e))
}

/// Deletes keys that no election has. A leftover folder harms no one, so failing is only logged.
async fn delete_keys(state: &AppState, folder: String) {
    let keys_dir = state.config.storage.keys_dir();
    let deleted = tokio::task::spawn_blocking(move || ElectionKeys::delete(&keys_dir, &folder));
    if let Ok(Err(error)) = deleted.await {
        tracing::warn!(error = %error, "keys of a deleted election are left over");
    }
}

fn two_persons() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "two-persons",
        "Who wrote or submitted an election cannot approve it.",
    )
}

fn columns(draft: &ManifestDraft) -> Result<DraftColumns, Problem> {
    Ok(DraftColumns {
        title_ko: draft.title.ko.clone(),
        title_en: draft.title.en.clone(),
        draft: serde_json::to_string(draft).map_err(|e| Problem::internal(&e))?,
    })
}

fn respond(election: &Election) -> Result<HttpResponse, Problem> {
    Ok(tagged(&mut HttpResponse::Ok(), election.version).json(view(election)?))
}

fn summary(election: Election) -> ElectionSummary {
    ElectionSummary {
        slug: election.slug,
        title_ko: election.title_ko,
        title_en: election.title_en,
        state: election.state,
        updated_at: rfc3339(election.updated_at),
    }
}

fn view(election: &Election) -> Result<ElectionView, Problem> {
    let draft = draft_of(election)?;
    let (problems, manifest_hash) = match &election.manifest_hash {
        Some(hash) => (Vec::new(), Some(HEXLOWER.encode(hash))),
        None => match draft::freeze(&draft, &election.server_part()) {
            Ok(manifest) => (
                Vec::new(),
                Some(HEXLOWER.encode(manifest.hash().as_bytes())),
            ),
            Err(problems) => (problems, None),
        },
    };
    Ok(ElectionView {
        slug: election.slug.clone(),
        state: election.state,
        version: election.version,
        origin: election.origin.clone(),
        log_vkey: election.log_vkey.clone(),
        acknowledgement_key: election.acknowledgement_key.clone(),
        commission_key: election.commission_key.clone(),
        draft,
        problems,
        created_at: rfc3339(election.created_at),
        updated_at: rfc3339(election.updated_at),
        submitted_by: election.submitted_by.map(StaffId::get),
        submitted_at: election.submitted_at.map(rfc3339),
        approved_by: election.approved_by.map(StaffId::get),
        approved_at: election.approved_at.map(rfc3339),
        manifest_hash,
    })
}
