//! `/tenants/{tenant}/elections/{election}/roll`: the electoral roll and whose credential is whose.

use std::fs::File;
use std::sync::Arc;

use actix_web::web::{Data, Json, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use hanpyo_ledger::manifest::CheckedManifest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::elections::{ElectionActor, load};
use super::paths::ElectionPath;
use super::spool::{rewound, spool_table};
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
/// A table with the columns `voter_id,name,contact,district` and, if wanted, `style` and `weight`, in
/// any order, as CSV (UTF-8 with or without a byte order mark, LF or CRLF) or as the only sheet of a
/// workbook (.xlsx), whose cells are texts, so that no leading zero is lost. `contact` is an e-mail address or
/// telephone number, `district` and `style` are titles of the manifest. All or nothing: with
/// problems nothing is stored. Voters can be added until credentials are assigned.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/roll", tag = "roll",
    security(("staff" = [])), params(ElectionPath, ImportQuery),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
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
    let by = ElectionActor::new(&state, &actor, path, Permission::ManageRoll)?;
    let (by, election, manifest) = open_roll(&state, by, Needs::Unassigned).await?;
    let file = match spool_table(&state, &request, body).await? {
        Ok(file) => Arc::new(file),
        Err(report) if query.dry_run => return Ok(HttpResponse::Ok().json(report)),
        Err(report) => return Err(Problem::invalid_file(report)),
    };
    let directory = Arc::new(Directory::new(manifest.manifest()));

    let titles = Arc::clone(&directory);
    let (tenant, id) = (by.tenant, election.id);
    let check =
        move |c: &mut Connection, file: &File| roll::check_voters(c, tenant, id, &titles, file);
    let report = checked(&state, &file, check).await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    refuse_problems(report)?;
    let change = change(
        &state,
        by,
        Needs::Unassigned,
        "roll.import",
        move |c, by, election| {
            let file = rewound(&file).map_err(FileError::Read)?;
            let rows = roll::write_voters(c, by.tenant, election.id, &directory, file)?;
            Ok((json!(rows), view(c, by.tenant, election, &manifest)?))
        },
    );
    Ok(HttpResponse::Created().json(change.await?))
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
    let by = ElectionActor::new(&state, &actor, path, Permission::ManageRoll)?;
    change(
        &state,
        by,
        Needs::Unassigned,
        "roll.clear",
        |c, by, election| {
            let rows = db::roll::clear(c, by.tenant, election.id)?;
            Ok((json!(rows), ()))
        },
    )
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Upload whose credential is whose
///
/// A table, as CSV or .xlsx, with the columns `voter_id,credential_index`: every voter of the roll exactly once, each
/// index at most once. Replaces an earlier assignment, all or nothing, until the roll is sealed.
#[utoipa::path(put, path = "/api/v1/tenants/{tenant}/elections/{election}/roll/assignment",
    tag = "roll", security(("staff" = [])), params(ElectionPath, ImportQuery),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = Report), (status = "default", response = AnyProblem)))]
pub(crate) async fn assign(
    state: Data<AppState>,
    request: HttpRequest,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<ImportQuery>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let by = ElectionActor::new(&state, &actor, path, Permission::AssignCredentials)?;
    let (by, election, _) = open_roll(&state, by, Needs::Unsealed).await?;
    let file = match spool_table(&state, &request, body).await? {
        Ok(file) => Arc::new(file),
        Err(report) if query.dry_run => return Ok(HttpResponse::Ok().json(report)),
        Err(report) => return Err(Problem::invalid_file(report)),
    };

    let (tenant, id) = (by.tenant, election.id);
    let check = move |c: &mut Connection, file: &File| roll::check_assignment(c, tenant, id, file);
    let report = checked(&state, &file, check).await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    let report = refuse_problems(report)?;
    change(
        &state,
        by,
        Needs::Unsealed,
        "roll.assign",
        move |c, by, election| {
            let file = rewound(&file).map_err(FileError::Read)?;
            let rows = roll::write_assignment(c, by.tenant, election.id, file)?;
            Ok((json!(rows), ()))
        },
    )
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
    let by = ElectionActor::new(&state, &actor, path, Permission::AssignCredentials)?;
    change(
        &state,
        by,
        Needs::Unsealed,
        "roll.unassign",
        |c, by, election| {
            let rows = db::roll::clear_assignment(c, by.tenant, election.id)?;
            Ok((json!(rows), ()))
        },
    )
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What must hold for a roll to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// It is not sealed on the ledger.
    Unsealed,
    /// That, and no credentials are assigned.
    Unassigned,
}

/// The election and its manifest, if its roll can be changed now.
async fn open_roll(
    state: &AppState,
    by: ElectionActor,
    needs: Needs,
) -> Result<(ElectionActor, Election, CheckedManifest), Problem> {
    state
        .db
        .read(move |c| {
            let election = by.load(c)?;
            let manifest = approved_manifest(c, by.tenant, &election)?;
            require(c, by.tenant, &election, needs)?;
            Ok((by, election, manifest))
        })
        .await
}

/// What `check` reports of an uploaded file.
async fn checked<F>(state: &AppState, file: &Arc<File>, check: F) -> Result<Report, Problem>
where
    F: FnOnce(&mut Connection, &File) -> Result<Report, FileError> + Send + 'static,
{
    let file = Arc::clone(file);
    let report = state.db.read(move |c| {
        let file = rewound(&file).map_err(FileError::Read)?;
        check(c, file)
    });
    Ok(report.await?)
}

fn refuse_problems(report: Report) -> Result<Report, Problem> {
    if report.is_clean() {
        Ok(report)
    } else {
        Err(Problem::invalid_file(report))
    }
}

/// Changes the roll with `act`, which gives the number of rows for the trail and what to answer.
/// All in one transaction.
async fn change<T, F>(
    state: &AppState,
    by: ElectionActor,
    needs: Needs,
    action: &'static str,
    act: F,
) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection, &ElectionActor, &Election) -> Result<(Value, T), Problem>
        + Send
        + 'static,
{
    let changed = state.db.write(move |c| {
        let election = by.load(c)?;
        require(c, by.tenant, &election, needs)?;
        // A seal that was compared with the roll before this does not happen after it.
        db::elections::note_roll_change(c, by.tenant, election.id)?;
        let (rows, answer) = act(c, &by, &election)?;
        by.record(c, action, json!({ "rows": rows }))?;
        Ok(answer)
    });
    changed.await
}

fn require(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
    needs: Needs,
) -> Result<(), Problem> {
    if election.roll_sealed_at.is_some() {
        return Err(Problem::conflict(
            "roll-sealed",
            "The roll is sealed on the ledger.",
        ));
    }
    if needs == Needs::Unassigned && db::roll::is_assigned(c, tenant, election.id)? {
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
