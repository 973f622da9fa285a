//! `/tenants/{tenant}/elections/{election}/lots`: the order of options is drawn by lot, once, before the
//! election is submitted.
//!
//! Nobody decides alone: the server commits to a random seed (SHA-256 of 32 bytes of the operating
//! system's generator), then people in the room add a text of their own (numbers of drawn balls, words
//! of observers), and both together give the order. Anyone recomputes it with any SHA-256:
//!
//! - commitment = SHA-256(seed)
//! - key = SHA-256("hanpyo/v1/lot" ‖ seed ‖ contribution)
//! - ticket of option i = SHA-256(key ‖ BE16(i)), options numbered from 0 as they stood
//! - new order: ascending tickets
//!
//! A second draw of a contest is possible and seen: every draw stays in the list and in the audit trail.
//! An election is submitted and approved only in the order that the last draw of each contest gave
//! (`check`).

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path, ServiceConfig, get, post};
use actix_web::{FromRequest as _, HttpRequest};
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::ManifestDraft;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission, random};
use crate::clock::{Millis, rfc3339};
use crate::db;
use crate::db::DbError;
use crate::db::audit::Deed;
use crate::db::connection::Connection;
use crate::db::elections::{Changed, DraftColumns, Election, ElectionState};
use crate::db::lots::Lot;
use crate::ids::TenantId;
use crate::problem::{FieldError, FieldErrors, Problem};
use crate::state::AppState;

const LABEL: &[u8] = b"hanpyo/v1/lot";

/// Registers the routes; before those of elections, whose scope would take them.
pub fn routes(service: &mut ServiceConfig) {
    let resource = |path: &str| {
        web::resource(format!(
            "/tenants/{{tenant}}/elections/{{election}}/lots{path}"
        ))
    };
    service
        .service(resource("").route(get().to(list)).route(post().to(prepare)))
        .service(resource("/{lot:\\d+}/draw").route(post().to(draw)));
}

/// `/tenants/{tenant}/elections/{election}/lots/{lot}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct LotPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Number of the draw.
    lot: i64,
}

/// A draw to be prepared.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLot {
    /// Number of the contest, from 0.
    contest: u16,
}

/// What people in the room add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contribution {
    /// Any text that nobody knew before, for example numbers of drawn balls.
    #[schema(example = "7 23 41", max_length = 500)]
    contribution: String,
}

/// A draw.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LotView {
    /// Number.
    id: i64,
    /// Number of the contest, from 0.
    contest: i32,
    /// Korean titles of the options in the order before.
    options: Vec<String>,
    /// SHA-256 of the seed, in hex: to be written down before anyone contributes.
    commitment: String,
    /// When the server committed itself, RFC 3339.
    made_at: String,
    /// The seed, in hex; null before the draw.
    seed: Option<String>,
    /// What people in the room added.
    contribution: Option<String>,
    /// The old number of the option at each new place.
    order: Option<Vec<u16>>,
    /// When it was drawn, RFC 3339.
    drawn_at: Option<String>,
    /// Log-in name of who drew; only for staff of the tenant.
    drawn_by: Option<String>,
}

/// List draws, oldest first
///
/// For everyone once the election is approved, before that for staff.
#[utoipa::path(get, operation_id = "list_lots", path = "/api/v1/tenants/{tenant}/elections/{election}/lots", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = Vec<LotView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    request: HttpRequest,
    path: Path<ElectionPath>,
) -> Result<Json<Vec<LotView>>, Problem> {
    let actor = Actor::extract(&request).await.ok();
    let staff = actor.and_then(|actor| {
        actor
            .authorize(&path.tenant, Permission::ReadElections)
            .ok()
    });
    let public = state.ledgers.find(&path.tenant, &path.election);
    let public = public.map(|ledger| (ledger.id().tenant, ledger.id().election));
    let lots = state
        .db
        .read(move |c| {
            let owner = match (public, staff) {
                (Some(owner), _) => owner,
                (None, Some(tenant)) => (tenant, load(c, tenant, &path.election)?.id),
                (None, None) => return Err(Problem::not_found()),
            };
            Ok(db::lots::list_named(c, owner)?)
        })
        .await?;
    let views = lots.iter().map(|(lot, by)| {
        let drawn_by = by.clone().filter(|_| staff.is_some());
        Ok(LotView {
            drawn_by,
            ..view(lot)?
        })
    });
    Ok(Json(views.collect::<Result<_, Problem>>()?))
}

/// Prepare a draw: the server commits itself
///
/// Write the commitment down, or read it out, before anyone contributes.
#[utoipa::path(post, operation_id = "prepare_lot", path = "/api/v1/tenants/{tenant}/elections/{election}/lots", tag = "elections",
    security(("staff" = [])), params(ElectionPath), request_body = NewLot,
    responses((status = 201, body = LotView), (status = "default", response = AnyProblem)))]
pub(crate) async fn prepare(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    body: Json<NewLot>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let contest = body.contest;
    let now = state.clock.now();
    let made = state
        .db
        .write(move |c| {
            let election = load(c, tenant, &path.election)?;
            require_draft(&election)?;
            let options = options(&draft_of(&election)?, contest.into())?;
            let json = to_json(&options)?;
            let seed: [u8; 32] = random();
            let owner = (tenant, election.id);
            let id = db::lots::insert(c, owner, contest.into(), &json, &seed, actor.staff, now)?;
            let detail = json!({
                "lot": id, "contest": contest, "commitment": HEXLOWER.encode(&commitment(&seed)),
            });
            note(
                c,
                &actor,
                tenant,
                &path.election,
                "lot.prepare",
                detail,
                now,
            )?;
            find(c, tenant, &election, id)
        })
        .await?;
    Ok(HttpResponse::Created().json(view(&made)?))
}

/// Draw: the order follows from seed and contribution
///
/// Changes the draft; its options must be as they were when the server committed itself.
#[utoipa::path(post, operation_id = "draw_lot", path = "/api/v1/tenants/{tenant}/elections/{election}/lots/{lot}/draw",
    tag = "elections", security(("staff" = [])), params(LotPath), request_body = Contribution,
    responses((status = 200, body = LotView), (status = "default", response = AnyProblem)))]
pub(crate) async fn draw(
    state: Data<AppState>,
    actor: Actor,
    path: Path<LotPath>,
    body: Json<Contribution>,
) -> Result<Json<LotView>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::EditElections)?;
    let contribution = body.into_inner().contribution;
    let mut errors = FieldErrors::default();
    errors.check_text("contribution", &contribution, 500);
    errors.finish()?;
    let now = state.clock.now();
    let login = actor.login.clone();
    let drawn = state
        .db
        .write(move |c| {
            let election = load(c, tenant, &path.election)?;
            require_draft(&election)?;
            let lot = find(c, tenant, &election, path.lot)?;
            let mut draft = draft_of(&election)?;
            let contest = usize::try_from(lot.contest).map_err(|e| Problem::internal(&e))?;
            if to_json(&options(&draft, contest)?)? != lot.options {
                return Err(Problem::conflict(
                    "options-changed",
                    "The options are not those of the commitment; prepare a new draw.",
                ));
            }
            let Some(contest) = draft.contests.get_mut(contest) else {
                return Err(Problem::not_found());
            };
            let order = order(&lot.seed, &contribution, contest.options.len());
            let old = contest.options.clone();
            contest.options = order
                .iter()
                .filter_map(|place| old.get(usize::from(*place)).cloned())
                .collect();
            let json = to_json(&order)?;
            if !db::lots::draw(c, lot.id, &contribution, &json, actor.staff, now)? {
                return Err(Problem::conflict("drawn", "This was drawn already."));
            }
            let columns = DraftColumns {
                title_ko: draft.title.ko.clone(),
                title_en: draft.title.en.clone(),
                draft: serde_json::to_string(&draft).map_err(|e| Problem::internal(&e))?,
            };
            match db::elections::edit(c, &election, &columns, actor.staff, now)? {
                Changed::To(_) => {}
                // Loaded in this transaction.
                Changed::Stale => return Err(Problem::busy(1)),
            }
            let detail = json!({
                "lot": lot.id, "contest": lot.contest, "seed": HEXLOWER.encode(&lot.seed),
                "contribution": contribution, "order": order,
            });
            note(c, &actor, tenant, &path.election, "lot.draw", detail, now)?;
            find(c, tenant, &election, lot.id)
        })
        .await?;
    Ok(Json(LotView {
        drawn_by: Some(login),
        ..view(&drawn)?
    }))
}

fn commitment(seed: &[u8]) -> [u8; 32] {
    Sha256::digest(seed).into()
}

/// The old number of the option at each new place.
fn order(seed: &[u8], contribution: &str, options: usize) -> Vec<u16> {
    let key = Sha256::new()
        .chain_update(LABEL)
        .chain_update(seed)
        .chain_update(contribution)
        .finalize();
    let ticket = |place: &u16| -> [u8; 32] {
        let ticket = Sha256::new()
            .chain_update(key)
            .chain_update(place.to_be_bytes());
        ticket.finalize().into()
    };
    let mut order: Vec<u16> = (0..=u16::MAX).take(options).collect();
    order.sort_by_key(ticket);
    order
}

fn load(c: &mut Connection, tenant: TenantId, slug: &str) -> Result<Election, Problem> {
    db::elections::find(c, tenant, slug)?.ok_or_else(Problem::not_found)
}

fn find(
    c: &mut Connection,
    tenant: TenantId,
    election: &Election,
    id: i64,
) -> Result<Lot, Problem> {
    let lots = db::lots::list(c, (tenant, election.id))?;
    let found = lots.into_iter().find(|lot| lot.id == id);
    found.ok_or_else(Problem::not_found)
}

fn require_draft(election: &Election) -> Result<(), Problem> {
    if election.state == ElectionState::Draft {
        return Ok(());
    }
    Err(
        Problem::conflict("wrong-state", "The election is in another state.")
            .detail(format!("expected draft, found {}", election.state.name())),
    )
}

fn draft_of(election: &Election) -> Result<ManifestDraft, Problem> {
    ManifestDraft::from_json(&election.draft).map_err(|error| {
        Problem::internal(&DbError::Corrupt {
            what: "draft of an election",
            reason: error.to_string(),
        })
    })
}

/// Korean titles of a contest's options.
fn options(draft: &ManifestDraft, contest: usize) -> Result<Vec<String>, Problem> {
    let found = draft.contests.get(contest);
    let options = found.map(|c| c.options.iter().map(|o| o.ko.clone()).collect::<Vec<_>>());
    match options {
        Some(options) if options.len() >= 2 => Ok(options),
        _ => Err(Problem::invalid(vec![FieldError {
            field: "contest".to_owned(),
            reason: "expected a contest with at least two options".to_owned(),
        }])),
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|e| Problem::internal(&e))
}

fn note(
    c: &mut Connection,
    actor: &Actor,
    tenant: TenantId,
    slug: &str,
    action: &'static str,
    detail: serde_json::Value,
    now: Millis,
) -> Result<(), Problem> {
    let deed = Deed {
        tenant,
        actor: Some(actor.staff),
        action,
        target: format!("election/{slug}").into(),
        election: Some(slug),
        detail,
    };
    Ok(db::audit::record(c, &deed, now)?)
}

fn view(lot: &Lot) -> Result<LotView, Problem> {
    let corrupt = |error: serde_json::Error| {
        Problem::internal(&DbError::Corrupt {
            what: "draw by lot",
            reason: error.to_string(),
        })
    };
    let order = lot.drawn.as_deref().map(serde_json::from_str);
    Ok(LotView {
        id: lot.id,
        contest: lot.contest,
        options: serde_json::from_str(&lot.options).map_err(corrupt)?,
        commitment: HEXLOWER.encode(&commitment(&lot.seed)),
        made_at: rfc3339(lot.made_at),
        seed: lot.drawn.is_some().then(|| HEXLOWER.encode(&lot.seed)),
        contribution: lot.contribution.clone(),
        order: order.transpose().map_err(corrupt)?,
        drawn_at: lot.drawn_at.map(rfc3339),
        drawn_by: None,
    })
}

/// Contests whose options are not in the order that their last draw gave, named by their place in
/// the draft. A draw that was prepared and not done counts for nothing.
pub(crate) fn check(draft: &ManifestDraft, lots: &[Lot]) -> Result<Vec<FieldError>, Problem> {
    let mut errors = Vec::new();
    for (number, contest) in draft.contests.iter().enumerate() {
        let last = lots.iter().rev().find(|lot| {
            lot.drawn.is_some() && usize::try_from(lot.contest).is_ok_and(|n| n == number)
        });
        let Some(last) = last else { continue };
        let drawn = drawn(last)?;
        if !contest.options.iter().map(|o| &o.ko).eq(&drawn) {
            errors.push(FieldError {
                field: format!("contests[{number}].options"),
                reason: format!(
                    "expected the options in the order drawn by lot: {}",
                    drawn.join(", ")
                ),
            });
        }
    }
    Ok(errors)
}

/// Korean titles of the options in the order that a draw gave.
fn drawn(lot: &Lot) -> Result<Vec<String>, Problem> {
    let LotView { options, order, .. } = view(lot)?;
    let order = order.unwrap_or_default().into_iter();
    Ok(order
        .filter_map(|old| options.get(usize::from(old)).cloned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn every_order_comes_equally_often_and_repeats_itself() {
        assert_eq!(order(&[1; 32], "7 23 41", 3), order(&[1; 32], "7 23 41", 3));
        let mut seen = std::collections::BTreeMap::new();
        for draw in 0..6_000_u32 {
            *seen
                .entry(order(&[1; 32], &draw.to_string(), 3))
                .or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        for (order, count) in seen {
            // Five standard deviations around 1,000.
            assert!((855..=1_145).contains(&count), "{order:?} {count}");
        }
    }
}
