//! Drafts: listed, made, shown, edited, deleted.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path};
use hanpyo_ledger::manifest::ManifestDraft;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::{Drawn, ElectionSummary, ElectionView, respond, summary, view};
use super::{ElectionActor, load};
use crate::api::etag::{IfMatch, stale, tagged};
use crate::api::paths::{ElectionPath, TenantPath};
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::DbError;
use crate::db::elections::{DraftColumns, ElectionState};
use crate::draft::{self, ServerPart};
use crate::election_keys::ElectionKeys;
use crate::ids::check_slug;
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
    let (folder, name) = (keys_folder.clone(), slug.clone());
    let written = state
        .db
        .write(move |c| {
            let new = db::elections::NewElection {
                tenant,
                slug: &name,
                server: &server,
                keys_folder: &folder,
                columns: &columns,
                author: actor.staff,
            };
            db::elections::create(c, &new, now).map_err(slug_taken)?;
            let by = ElectionActor {
                staff: actor.staff,
                tenant,
                slug,
                now,
            };
            by.record(c, "election.create", json!({}))?;
            let made = by.load(c)?;
            Drawn::load(c, made)
        })
        .await;
    if written.is_err() {
        delete_keys(&state, keys_folder).await;
    }
    let made = written?;
    let location = format!(
        "/api/v1/tenants/{}/elections/{}",
        path.tenant, made.election.slug
    );
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, location));
    Ok(tagged(&mut response, made.election.version).json(view(&made)?))
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
        .read(move |c| {
            let found = load(c, tenant, &path.election)?;
            Drawn::load(c, found)
        })
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
    let by = ElectionActor::new(&state, &actor, path, Permission::EditElections)?;
    let columns = columns(&body)?;
    let allowed = &[ElectionState::Draft, ElectionState::InReview];
    let change = by.change(
        &state,
        version,
        allowed,
        "election.edit",
        move |c, by, election| {
            refuse(draft::check(&body, Some(&election.server_part())))?;
            let changed = db::elections::edit(c, &election, &columns, by.staff, by.now)?;
            Ok((changed, json!({})))
        },
    );
    respond(&change.await?)
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
    let by = ElectionActor::new(&state, &actor, path, Permission::EditElections)?;
    let keys_folder = state
        .db
        .write(move |c| {
            let election = by.load_at(c, version, &[ElectionState::Draft])?;
            if !db::elections::delete_draft(c, &election)? {
                return Err(stale());
            }
            by.record(c, "election.delete", json!({}))?;
            Ok(election.keys_folder)
        })
        .await?;
    delete_keys(&state, keys_folder).await;
    Ok(HttpResponse::NoContent().finish())
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

fn columns(draft: &ManifestDraft) -> Result<DraftColumns, Problem> {
    Ok(DraftColumns {
        title_ko: draft.title.ko.clone(),
        title_en: draft.title.en.clone(),
        draft: serde_json::to_string(draft).map_err(|e| Problem::internal(&e))?,
    })
}
