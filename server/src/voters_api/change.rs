//! Add, correct and take off single voters, until the roll is sealed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use hanpyo_ledger::manifest::Manifest;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::list::VoterView;
use super::{VoterPath, approved, note};
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::DbError;
use crate::db::connection::Connection;
use crate::db::elections::Election;
use crate::db::roll::NewRow;
use crate::db::voters::{Correction, VoterRow};
use crate::ids::TenantId;
use crate::problem::{FieldErrors, Problem};
use crate::roll::{LOOKALIKE, is_contact, is_formula, is_plain, require_idle};
use crate::state::AppState;

/// A new voter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVoter {
    /// What the voter types to identify; unique in the election.
    #[schema(max_length = 64)]
    voter_id: String,
    /// Name.
    #[schema(max_length = 200)]
    name: String,
    /// E-mail address or telephone number.
    #[schema(max_length = 254)]
    contact: String,
    /// Number of a reporting unit.
    unit: u16,
    /// Number of a ballot style.
    #[serde(default)]
    style: u16,
    /// Public weight.
    #[serde(default = "one")]
    #[schema(minimum = 1, default = 1)]
    weight: u32,
}

fn one() -> u32 {
    1
}

/// A correction; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoterCorrection {
    /// Name.
    name: Option<String>,
    /// E-mail address or telephone number.
    contact: Option<String>,
    /// Number of a reporting unit; until credentials are assigned.
    unit: Option<u16>,
    /// Number of a ballot style; until credentials are assigned.
    style: Option<u16>,
    /// Public weight; until credentials are assigned.
    weight: Option<u32>,
}

/// Add a voter
///
/// Until credentials are assigned.
#[utoipa::path(post, operation_id = "add_voter", path = "/api/v1/tenants/{tenant}/elections/{election}/voters", tag = "roll",
    security(("staff" = [])), params(ElectionPath), request_body = NewVoter,
    responses((status = 201, body = VoterView), (status = "default", response = AnyProblem)))]
pub(crate) async fn add(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    body: Json<NewVoter>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let body = body.into_inner();
    let now = state.clock.now();
    let made = state
        .db
        .write(move |c| {
            let (election, manifest) = approved(c, tenant, &path.election)?;
            require_unsealed(&election)?;
            require_unassigned(c, tenant, &election)?;
            require_idle(c, (tenant, election.id))?;
            let mut errors = FieldErrors::default();
            errors.check_text("voter_id", &body.voter_id, 64);
            check_formula(&mut errors, "voter_id", &body.voter_id);
            errors.check("voter_id", is_plain(&body.voter_id), LOOKALIKE);
            let correction = VoterCorrection {
                name: Some(body.name),
                contact: Some(body.contact),
                unit: Some(body.unit),
                style: Some(body.style),
                weight: Some(body.weight),
            };
            check(&mut errors, &correction, manifest.manifest());
            errors.finish()?;
            let row = NewRow {
                tenant_id: tenant,
                election_id: election.id,
                version: db::elections::note_roll_change(c, tenant, election.id)?,
                voter_id: body.voter_id,
                name: correction.name.unwrap_or_default(),
                contact: correction.contact.unwrap_or_default(),
                unit: body.unit.into(),
                style: body.style.into(),
                weight: body.weight.into(),
            };
            db::roll::insert(c, std::slice::from_ref(&row)).map_err(taken)?;
            let found = db::roll::find(c, tenant, election.id, &row.voter_id)?;
            let id = found.ok_or_else(Problem::not_found)?.id;
            let deed = ("roll.add", format!("voter/{id}"));
            note(c, &actor, (tenant, &path.election), deed, json!({}), now)?;
            load(c, tenant, &election, id)
        })
        .await?;
    Ok(HttpResponse::Created().json(VoterView::from(made)))
}

/// Correct a voter
///
/// Name and contact until the roll is sealed; what stands on the board (unit, style, weight) until
/// credentials are assigned. Afterwards there are requests.
#[utoipa::path(patch, operation_id = "correct_voter", path = "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}",
    tag = "roll", security(("staff" = [])), params(VoterPath), request_body = VoterCorrection,
    responses((status = 200, body = VoterView), (status = "default", response = AnyProblem)))]
pub(crate) async fn correct(
    state: Data<AppState>,
    actor: Actor,
    path: Path<VoterPath>,
    body: Json<VoterCorrection>,
) -> Result<Json<VoterView>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let body = body.into_inner();
    let now = state.clock.now();
    let changed = state
        .db
        .write(move |c| {
            let (election, manifest) = approved(c, tenant, &path.election)?;
            load(c, tenant, &election, path.id())?;
            require_unsealed(&election)?;
            require_idle(c, (tenant, election.id))?;
            if body.unit.is_some() || body.style.is_some() || body.weight.is_some() {
                require_unassigned(c, tenant, &election)?;
            }
            let mut errors = FieldErrors::default();
            check(&mut errors, &body, manifest.manifest());
            errors.finish()?;
            let columns = [
                ("name", body.name.is_some()),
                ("contact", body.contact.is_some()),
                ("unit", body.unit.is_some()),
                ("style", body.style.is_some()),
                ("weight", body.weight.is_some()),
            ];
            let columns: Vec<&str> = columns
                .into_iter()
                .filter_map(|(name, given)| given.then_some(name))
                .collect();
            if !columns.is_empty() {
                let correction = Correction {
                    name: body.name,
                    contact: body.contact,
                    unit: body.unit.map(i32::from),
                    style: body.style.map(i32::from),
                    weight: body.weight.map(i64::from),
                };
                db::elections::note_roll_change(c, tenant, election.id)?;
                db::voters::correct(c, (tenant, election.id), path.id(), &correction)?;
                let deed = ("roll.correct", format!("voter/{}", path.voter));
                let detail = json!({ "columns": columns });
                note(c, &actor, (tenant, &path.election), deed, detail, now)?;
            }
            load(c, tenant, &election, path.id())
        })
        .await?;
    Ok(Json(changed.into()))
}

/// Take a voter off the roll
///
/// Until credentials are assigned.
#[utoipa::path(delete, operation_id = "remove_voter", path = "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}",
    tag = "roll", security(("staff" = [])), params(VoterPath),
    responses((status = 204), (status = "default", response = AnyProblem)))]
pub(crate) async fn remove(
    state: Data<AppState>,
    actor: Actor,
    path: Path<VoterPath>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let now = state.clock.now();
    state
        .db
        .write(move |c| {
            let (election, _) = approved(c, tenant, &path.election)?;
            load(c, tenant, &election, path.id())?;
            require_unsealed(&election)?;
            require_unassigned(c, tenant, &election)?;
            require_idle(c, (tenant, election.id))?;
            db::elections::note_roll_change(c, tenant, election.id)?;
            db::voters::remove(c, (tenant, election.id), path.id())?;
            let deed = ("roll.remove", format!("voter/{}", path.voter));
            note(c, &actor, (tenant, &path.election), deed, json!({}), now)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn load(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
    id: crate::ids::RollId,
) -> Result<VoterRow, Problem> {
    db::voters::find(c, (tenant, election.id), id)?.ok_or_else(Problem::not_found)
}

fn require_unsealed(election: &Election) -> Result<(), Problem> {
    if election.roll_sealed_at.is_none() {
        return Ok(());
    }
    Err(
        Problem::conflict("roll-sealed", "The roll is sealed on the ledger.")
            .detail("ask for another contact or a re-issue instead"),
    )
}

fn require_unassigned(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
) -> Result<(), Problem> {
    if db::roll::is_assigned(c, tenant, election.id)? {
        return Err(Problem::conflict(
            "roll-assigned",
            "Credentials are assigned; withdraw the assignment first.",
        ));
    }
    Ok(())
}

fn check(errors: &mut FieldErrors, correction: &VoterCorrection, manifest: &Manifest) {
    if let Some(name) = &correction.name {
        errors.check_text("name", name, 200);
        check_formula(errors, "name", name);
    }
    if let Some(contact) = &correction.contact {
        check_contact(errors, contact);
    }
    let beyond = |number: u16, list: usize| usize::from(number) >= list;
    if let Some(unit) = correction.unit {
        let units = manifest.units.len();
        errors.check(
            "unit",
            !beyond(unit, units),
            format!("expected 0 to {}", units - 1),
        );
    }
    if let Some(style) = correction.style {
        let styles = manifest.styles.len();
        errors.check(
            "style",
            !beyond(style, styles),
            format!("expected 0 to {}", styles - 1),
        );
    }
    if let Some(weight) = correction.weight {
        errors.check("weight", weight > 0, "expected at least 1");
    }
}

/// Lists of voters go to spreadsheets, which must not compute what they hold.
fn check_formula(errors: &mut FieldErrors, field: &str, text: &str) {
    let reason = "begins with one of = + - @, which a spreadsheet would compute";
    errors.check(field, !is_formula(text), reason);
}

/// Checks an address for one-time codes.
pub(super) fn check_contact(errors: &mut FieldErrors, contact: &str) {
    let formula = contact.contains('@') && is_formula(contact);
    let fits = contact.len() <= 254 && is_contact(contact) && !formula;
    errors.check(
        "contact",
        fits,
        "expected an e-mail address or a telephone number of 7 to 15 digits",
    );
}

fn taken(error: diesel::result::Error) -> Problem {
    let error = DbError::from(error);
    if error.is_unique_violation() {
        Problem::conflict("voter-exists", "The roll has a voter of this identifier.")
    } else {
        error.into()
    }
}
