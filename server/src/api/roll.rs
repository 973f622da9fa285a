//! `/tenants/{tenant}/elections/{election}/roll`: the electoral roll and whose credential is whose.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use hanpyo_ledger::manifest::CheckedManifest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::elections::{load, record};
use super::paths::ElectionPath;
use super::spool::{rewound, spool_csv};
use super::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::Connection;
use crate::db::elections::Election;
use crate::ids::TenantId;
use crate::problem::Problem;
use crate::roll::{self, Directory, FileError, Report};
use crate::state::AppState;

/// How a file is taken.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// Only check the file and report every problem.
    #[serde(default)]
    dry_run: bool,
}

/// Counts of an electoral roll.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RollView {
    /// Voters.
    voters: i64,
    /// Voters with a credential.
    assigned: i64,
    /// Whether the roll is sealed on the ledger.
    sealed: bool,
    /// Counts by reporting unit, all units of the manifest.
    units: Vec<UnitView>,
}

/// Counts of a reporting unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitView {
    /// Number in the manifest.
    unit: u16,
    /// Korean title.
    title_ko: String,
    /// English title; may be empty.
    title_en: String,
    /// Voters.
    voters: i64,
    /// Voters with a credential.
    assigned: i64,
}

/// Show counts of the roll
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/roll", tag = "roll",
    security(("staff" = [])), params(ElectionPath),
    responses((status = 200, body = RollView), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<Json<RollView>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadElections)?;
    let view = state
        .db
        .read(move |c| {
            let election = load(c, tenant, &path.election)?;
            let manifest = approved_manifest(c, tenant, &election)?;
            view(c, tenant, &election, &manifest)
        })
        .await?;
    Ok(Json(view))
}

/// Import voters
///
/// CSV with the columns `voter_id,name,contact,district` and, if wanted, `style` and `weight`, in
/// any order; UTF-8 with or without a byte order mark, LF or CRLF. `contact` is an e-mail address or
/// telephone number, `district` and `style` are titles of the manifest. All or nothing: with
/// problems nothing is stored. Voters can be added until credentials are assigned.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/roll", tag = "roll",
    security(("staff" = [])), params(ElectionPath, ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report, description = "Dry run"),
        (status = 201, body = RollView, description = "Imported"),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn import(
    state: Data<AppState>,
    request: HttpRequest,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<ImportQuery>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let slug = path.into_inner().election;
    let (election, manifest) = open_roll(&state, tenant, slug.clone(), true).await?;
    let file = Arc::new(spool_csv(&state, &request, body).await?);
    let directory = Arc::new(Directory::new(manifest.manifest()));

    let (checked, titles, id) = (Arc::clone(&file), Arc::clone(&directory), election.id);
    let report = state
        .db
        .read(move |c| {
            let file = rewound(&checked).map_err(FileError::Read)?;
            roll::check_voters(c, tenant, id, &titles, file)
        })
        .await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    if !report.is_clean() {
        return Err(Problem::invalid_file(report));
    }

    let now = state.clock.now();
    let view = state
        .db
        .write(move |c| {
            let election = load(c, tenant, &slug)?;
            require_open(c, tenant, &election, true)?;
            let file = rewound(&file).map_err(FileError::Read)?;
            let rows = roll::write_voters(c, tenant, election.id, &directory, file)?;
            record(
                c,
                &actor,
                tenant,
                &slug,
                "roll.import",
                json!({ "rows": rows }),
                now,
            )?;
            view(c, tenant, &election, &manifest)
        })
        .await?;
    Ok(HttpResponse::Created().json(view))
}

/// Delete all voters
///
/// Possible until credentials are assigned.
#[utoipa::path(delete, path = "/api/v1/tenants/{tenant}/elections/{election}/roll", tag = "roll",
    security(("staff" = [])), params(ElectionPath),
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn clear(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            let election = load(c, tenant, &path.election)?;
            require_open(c, tenant, &election, true)?;
            let rows = db::roll::clear(c, tenant, election.id)?;
            let detail = json!({ "rows": rows });
            record(c, &actor, tenant, &path.election, "roll.clear", detail, now)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Upload whose credential is whose
///
/// CSV with the columns `voter_id,credential_index`: every voter of the roll exactly once, each
/// index at most once. Replaces an earlier assignment, all or nothing, until the roll is sealed.
#[utoipa::path(put, path = "/api/v1/tenants/{tenant}/elections/{election}/roll/assignment",
    tag = "roll", security(("staff" = [])), params(ElectionPath, ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report), (status = "default", response = AnyProblem)))]
pub(crate) async fn assign(
    state: Data<AppState>,
    request: HttpRequest,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<ImportQuery>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::AssignCredentials)?;
    let slug = path.into_inner().election;
    let (election, _) = open_roll(&state, tenant, slug.clone(), false).await?;
    let file = Arc::new(spool_csv(&state, &request, body).await?);

    let (checked, id) = (Arc::clone(&file), election.id);
    let report = state
        .db
        .read(move |c| {
            let file = rewound(&checked).map_err(FileError::Read)?;
            roll::check_assignment(c, tenant, id, file)
        })
        .await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    if !report.is_clean() {
        return Err(Problem::invalid_file(report));
    }

    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            let election = load(c, tenant, &slug)?;
            require_open(c, tenant, &election, false)?;
            let file = rewound(&file).map_err(FileError::Read)?;
            let rows = roll::write_assignment(c, tenant, election.id, file)?;
            record(
                c,
                &actor,
                tenant,
                &slug,
                "roll.assign",
                json!({ "rows": rows }),
                now,
            )
        })
        .await?;
    Ok(HttpResponse::Ok().json(report))
}

/// Withdraw the assignment of credentials
///
/// Possible until the roll is sealed.
#[utoipa::path(delete, path = "/api/v1/tenants/{tenant}/elections/{election}/roll/assignment",
    tag = "roll", security(("staff" = [])), params(ElectionPath),
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn unassign(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::AssignCredentials)?;
    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            let election = load(c, tenant, &path.election)?;
            require_open(c, tenant, &election, false)?;
            let rows = db::roll::clear_assignment(c, tenant, election.id)?;
            let detail = json!({ "rows": rows });
            record(
                c,
                &actor,
                tenant,
                &path.election,
                "roll.unassign",
                detail,
                now,
            )
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The election and its manifest, if its roll can be changed now.
async fn open_roll(
    state: &AppState,
    tenant: TenantId,
    slug: String,
    unassigned: bool,
) -> Result<(Election, CheckedManifest), Problem> {
    state
        .db
        .read(move |c| {
            let election = load(c, tenant, &slug)?;
            let manifest = approved_manifest(c, tenant, &election)?;
            require_open(c, tenant, &election, unassigned)?;
            Ok((election, manifest))
        })
        .await
}

fn require_open(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
    unassigned: bool,
) -> Result<(), Problem> {
    if election.roll_sealed_at.is_some() {
        return Err(Problem::conflict(
            "roll-sealed",
            "The roll is sealed on the ledger.",
        ));
    }
    if unassigned && db::roll::is_assigned(c, tenant, election.id)? {
        return Err(Problem::conflict(
            "roll-assigned",
            "Credentials are assigned; withdraw the assignment first.",
        ));
    }
    Ok(())
}

fn approved_manifest(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
) -> Result<CheckedManifest, Problem> {
    crate::frozen::manifest(c, tenant, election.id)?.ok_or_else(|| {
        Problem::conflict(
            "not-approved",
            "The election is not approved yet: its roll comes after.",
        )
    })
}

fn view(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
    manifest: &CheckedManifest,
) -> Result<RollView, Problem> {
    let counts = db::roll::count_by_unit(c, tenant, election.id)?;
    let units: Vec<UnitView> = (0..=u16::MAX)
        .zip(manifest.manifest().units.iter())
        .map(|(unit, described)| {
            let count = counts.iter().find(|count| count.unit == i32::from(unit));
            UnitView {
                unit,
                title_ko: described.title.ko.to_string(),
                title_en: described.title.en.to_string(),
                voters: count.map_or(0, |count| count.voters),
                assigned: count.map_or(0, |count| count.assigned),
            }
        })
        .collect();
    Ok(RollView {
        voters: units.iter().map(|unit| unit.voters).sum(),
        assigned: units.iter().map(|unit| unit.assigned).sum(),
        sealed: election.roll_sealed_at.is_some(),
        units,
    })
}
