//! `/tenants/{tenant}/elections/{election}/roll`: the electoral roll and whose credential is whose.

use std::fs::File;
use std::sync::Arc;

use actix_web::web::{self, Data, Json, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use hanpyo_ledger::manifest::CheckedManifest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::elections::{ElectionActor, load};
use super::paths::ElectionPath;
use super::spool::{rewound, spool_table};
use super::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db::elections::Election;
use crate::db::roll_changes::{self, Job, Mark};
use crate::db::{self, Connection, Db};
use crate::ids::TenantId;
use crate::problem::Problem;
use crate::roll::{self, Directory, FileError, Parts, Report, require_idle};
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
    let (by, election, manifest) = open_roll(&state, by, Needs::Unassigned, query.dry_run).await?;
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
    let (report, seen) = checked(&state, &by, &file, check).await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    refuse_problems(report)?;
    let by = Arc::new(by);
    let (db, accepting) = (state.db.clone(), Arc::clone(&by));
    in_parts(move || {
        let needs = Needs::Unassigned;
        let parts = begin(&db, Arc::clone(&accepting), Job::Import, needs, seen)?;
        let mark = *parts.mark();
        parts.complete(
            |parts| roll::write_voters(parts, &directory, rewound(&file)?),
            move |c, rows| {
                accept(c, &accepting, needs, &mark, "roll.import", rows)?;
                Ok(None)
            },
        )
    })
    .await?;
    let view = state.db.read(move |c| {
        let election = by.load(c)?;
        view(c, by.tenant, &election, &manifest)
    });
    Ok(HttpResponse::Created().json(view.await?))
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
    // Counted before the writing thread is asked, which only hides them.
    let (by, rows, seen) = state
        .db
        .read(move |c| {
            let election = by.load(c)?;
            let rows = db::roll::count(c, by.tenant, election.id)?;
            let seen = db::elections::roll_version(c, by.tenant, election.id)?;
            Ok::<_, Problem>((by, rows, seen))
        })
        .await?;
    let db = state.db.clone();
    in_parts(move || {
        let parts = Parts::begin(&db, move |c| {
            let mark = admit(c, &by, Job::Clear, Needs::Unassigned, seen)?;
            by.record(c, "roll.clear", json!({ "rows": rows }))?;
            Ok(mark)
        })?;
        parts.delete();
        Ok(())
    })
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
    let (by, election, _) = open_roll(&state, by, Needs::Unsealed, query.dry_run).await?;
    let file = match spool_table(&state, &request, body).await? {
        Ok(file) => Arc::new(file),
        Err(report) if query.dry_run => return Ok(HttpResponse::Ok().json(report)),
        Err(report) => return Err(Problem::invalid_file(report)),
    };

    let (tenant, id) = (by.tenant, election.id);
    let check = move |c: &mut Connection, file: &File| roll::check_assignment(c, tenant, id, file);
    let (report, seen) = checked(&state, &by, &file, check).await?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(report));
    }
    let report = refuse_problems(report)?;
    let (db, by) = (state.db.clone(), Arc::new(by));
    in_parts(move || {
        let needs = Needs::Unsealed;
        let parts = begin(&db, Arc::clone(&by), Job::Assign, needs, seen)?;
        let mark = *parts.mark();
        parts.complete(
            |parts| roll::write_assignment(parts, rewound(&file)?),
            move |c, rows| {
                accept(c, &by, needs, &mark, "roll.assign", rows)?;
                replace_assignment(c, &mark, (rows > 0).then_some(mark.version))
            },
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
    let by = ElectionActor::new(&state, &actor, path, Permission::AssignCredentials)?;
    let (by, rows, seen) = state
        .db
        .read(move |c| {
            let election = by.load(c)?;
            let units = db::roll::count_by_unit(c, by.tenant, election.id)?;
            let rows: i64 = units.iter().map(|unit| unit.assigned).sum();
            let seen = db::elections::roll_version(c, by.tenant, election.id)?;
            Ok::<_, Problem>((by, rows, seen))
        })
        .await?;
    let (db, by) = (state.db.clone(), Arc::new(by));
    in_parts(move || {
        let needs = Needs::Unsealed;
        let parts = begin(&db, Arc::clone(&by), Job::Assign, needs, seen)?;
        let mark = *parts.mark();
        parts.complete(
            |_| Ok(0),
            move |c, _| {
                accept(c, &by, needs, &mark, "roll.unassign", rows)?;
                replace_assignment(c, &mark, None)
            },
        )
    })
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
    dry_run: bool,
) -> Result<(ElectionActor, Election, CheckedManifest), Problem> {
    state
        .db
        .read(move |c| {
            let election = by.load(c)?;
            let manifest = approved_manifest(c, by.tenant, &election)?;
            require(c, by.tenant, &election, needs)?;
            if !dry_run {
                // Before a large file is taken in vain; it is looked at again when the change begins.
                require_idle(c, (by.tenant, election.id))?;
            }
            Ok((by, election, manifest))
        })
        .await
}

/// What `check` reports of an uploaded file, and the version of the roll that it was checked against.
async fn checked<F>(
    state: &AppState,
    by: &ElectionActor,
    file: &Arc<File>,
    check: F,
) -> Result<(Report, i64), Problem>
where
    F: FnOnce(&mut Connection, &File) -> Result<Report, FileError> + Send + 'static,
{
    let file = Arc::clone(file);
    let (tenant, slug) = (by.tenant, by.slug.clone());
    let report = state.db.read(move |c| {
        let election = load(c, tenant, &slug)?;
        let version = db::elections::roll_version(c, tenant, election.id)?;
        let file = rewound(&file).map_err(FileError::Read)?;
        Ok::<_, Problem>((check(c, file)?, version))
    });
    report.await
}

fn refuse_problems(report: Report) -> Result<Report, Problem> {
    if report.is_clean() {
        Ok(report)
    } else {
        Err(Problem::invalid_file(report))
    }
}

/// Runs a change on a thread that may block, to its end even if the client goes away.
async fn in_parts<T, F>(change: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Problem> + Send + 'static,
{
    let span = tracing::Span::current();
    let changed = web::block(move || span.in_scope(change)).await;
    changed.map_err(|e| Problem::internal(&e))?
}

/// Begins a change that writes, against the version of the roll that its file was checked with.
fn begin(
    db: &Db,
    by: Arc<ElectionActor>,
    job: Job,
    needs: Needs,
    seen: i64,
) -> Result<Parts, Problem> {
    Parts::begin(db, move |c| admit(c, &by, job, needs, seen))
}

/// The mark of a change, if the roll can be changed and is still at version `seen`.
fn admit(
    c: &mut Connection,
    by: &ElectionActor,
    job: Job,
    needs: Needs,
    seen: i64,
) -> Result<Mark, Problem> {
    let election = by.load(c)?;
    require_idle(c, (by.tenant, election.id))?;
    require(c, by.tenant, &election, needs)?;
    if db::elections::roll_version(c, by.tenant, election.id)? != seen {
        return Err(FileError::Changed.into());
    }
    Ok(Mark {
        tenant: by.tenant,
        election: election.id,
        job,
        // Used up even if the change fails, so that no two changes ever write the same version.
        version: db::elections::note_roll_change(c, by.tenant, election.id)?,
    })
}

/// Looks once more at what the change needs, counts it and writes it into the trail.
fn accept(
    c: &mut Connection,
    by: &ElectionActor,
    needs: Needs,
    mark: &Mark,
    action: &'static str,
    rows: impl Serialize,
) -> Result<(), Problem> {
    let election = by.load(c)?;
    require(c, by.tenant, &election, needs)?;
    // A seal that was compared with the roll before this does not happen after it.
    db::elections::note_roll_change(c, mark.tenant, mark.election)?;
    by.record(c, action, json!({ "rows": rows }))
}

/// Makes another assignment hold, or none; gives the mark under which the former one is deleted.
fn replace_assignment(
    c: &mut Connection,
    mark: &Mark,
    assignment: Option<i64>,
) -> Result<Option<Mark>, Problem> {
    let owner = (mark.tenant, mark.election);
    let former = roll_changes::assignment(c, owner)?;
    roll_changes::set_assignment(c, owner, assignment)?;
    Ok(former.map(|version| Mark { version, ..*mark }))
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

/// The manifest, or the problem that there is none yet.
pub(crate) fn approved_manifest(
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
