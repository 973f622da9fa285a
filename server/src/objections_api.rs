//! `/tenants/{tenant}/elections/{election}/objections`: what observers object to, in public, and what
//! staff replies.
//!
//! Anyone may object, a few times an hour from one address. The text is shown at once; staff may
//! withhold one (personal data, abuse), and then the reason is shown in its place.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig, get, post, put};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::clock::rfc3339;
use crate::db;
use crate::db::audit::Deed;
use crate::db::connection::Connection;
use crate::db::objections::{NewObjection, Objection, Reply};
use crate::ids::{ElectionId, TenantId};
use crate::problem::{FieldErrors, Problem};
use crate::roll::is_contact;
use crate::sequencer::Ledger;
use crate::state::AppState;

/// Characters of a text.
const MAX_TEXT: usize = 4_000;
/// Objections of one election.
const MAX_OBJECTIONS: i64 = 10_000;
/// Objections on one page.
const PAGE: i64 = 100;

/// Registers the routes; before those of elections, whose scope would take them.
pub fn routes(service: &mut ServiceConfig) {
    let resource = |path: &str| {
        web::resource(format!(
            "/tenants/{{tenant}}/elections/{{election}}/objections{path}"
        ))
    };
    service
        .service(resource("").route(get().to(list)).route(post().to(object)))
        .service(resource("/{number:\\d+}").route(get().to(show)))
        .service(resource("/{number:\\d+}/replies").route(post().to(answer)))
        .service(resource("/{number:\\d+}/withheld").route(put().to(withhold)));
}

/// `/tenants/{tenant}/elections/{election}/objections/{number}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ObjectionPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Number of the objection, from 1.
    number: i64,
}

/// An objection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectionRequest {
    /// What is objected to; public.
    #[schema(max_length = 4000)]
    text: String,
    /// How the observer signs; public.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// SHA-256 of evidence that the observer keeps, in hex; public.
    evidence: Option<String>,
    /// Index of the entry it is about.
    entry: Option<u64>,
    /// E-mail address or telephone number for staff; never public.
    contact: Option<String>,
}

/// An objection that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObjectionTaken {
    /// Its number, from 1.
    number: i64,
}

/// A reply of staff.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReplyView {
    /// When, RFC 3339.
    at: String,
    /// What it says.
    text: String,
}

/// An objection with its replies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObjectionView {
    /// Number, from 1.
    number: i64,
    /// When it came, RFC 3339.
    at: String,
    /// What it says; null if it is withheld.
    text: Option<String>,
    /// How the observer signs.
    name: Option<String>,
    /// SHA-256 of evidence, in hex.
    evidence: Option<String>,
    /// Index of the entry it is about.
    entry: Option<i64>,
    /// Why the text is withheld.
    withheld: Option<String>,
    /// Replies of staff, oldest first.
    replies: Vec<ReplyView>,
}

/// An objection as staff sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffObjectionView {
    #[serde(flatten)]
    objection: ObjectionView,
    /// The text, also if it is withheld.
    full_text: String,
    /// How to reach the observer.
    contact: Option<String>,
}

/// Which objections.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectionQuery {
    /// Objections after this number.
    #[serde(default)]
    after: i64,
}

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyRequest {
    /// What it says; public.
    #[schema(max_length = 4000)]
    text: String,
}

/// Whether a text is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withholding {
    /// Why the text is not shown; null shows it again.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

fn ledger(
    state: &AppState,
    tenant: &str,
    election: &str,
) -> Result<std::sync::Arc<Ledger>, Problem> {
    let found = state.ledgers.find(tenant, election);
    found.ok_or_else(Problem::not_found)
}

/// Object
#[utoipa::path(post, operation_id = "object", path = "/api/v1/tenants/{tenant}/elections/{election}/objections",
    tag = "public", params(ElectionPath), request_body = ObjectionRequest,
    responses((status = 201, body = ObjectionTaken), (status = "default", response = AnyProblem)))]
pub(crate) async fn object(
    state: Data<AppState>,
    request: HttpRequest,
    path: Path<ElectionPath>,
    body: Json<ObjectionRequest>,
) -> Result<HttpResponse, Problem> {
    let ledger = ledger(&state, &path.tenant, &path.election)?;
    let new = checked(body.into_inner(), &ledger)?;
    let now = state.clock.now();
    let address = state.client_address(&request);
    let tries = &state.objection_tries;
    tries.take(&address, now).map_err(Problem::wait)?;
    let owner = (ledger.id().tenant, ledger.id().election);
    let number = state
        .db
        .write(move |c| {
            if db::objections::count(c, owner)? >= MAX_OBJECTIONS {
                let title = "This election has as many objections as are taken here.";
                return Err(Problem::conflict("too-many-objections", title));
            }
            Ok(db::objections::insert(c, owner, &new, now)?)
        })
        .await?;
    Ok(HttpResponse::Created().json(ObjectionTaken { number }))
}

fn checked(body: ObjectionRequest, ledger: &Ledger) -> Result<NewObjection, Problem> {
    let ObjectionRequest {
        text,
        name,
        evidence,
        entry,
        contact,
    } = body;
    let mut errors = FieldErrors::default();
    check_text(&mut errors, &text);
    if let Some(name) = &name {
        errors.check_text("name", name, 200);
    }
    if let Some(contact) = &contact {
        errors.check(
            "contact",
            contact.len() <= 254 && is_contact(contact),
            "expected an e-mail address or a telephone number of 7 to 15 digits",
        );
    }
    let evidence = evidence.map(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()));
    let evidence = match evidence {
        None => None,
        Some(Ok(hash)) if hash.len() == 32 => Some(hash),
        Some(_) => {
            errors.add("evidence", "expected 64 hex digits");
            None
        }
    };
    let size = ledger.published().map_or(0, |published| published.size());
    errors.check(
        "entry",
        entry.is_none_or(|index| index < size),
        format!("the log has {size} entries"),
    );
    errors.finish()?;
    Ok(NewObjection {
        text,
        name,
        evidence,
        log_index: entry.and_then(|index| i64::try_from(index).ok()),
        contact,
    })
}

/// Lines are allowed, other control characters are not.
fn check_text(errors: &mut FieldErrors, text: &str) {
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let length = text.chars().count();
    errors.check(
        "text",
        (1..=MAX_TEXT).contains(&length) && !text.trim().is_empty() && text.chars().all(plain),
        format!("expected 1 to {MAX_TEXT} characters without control characters"),
    );
}

/// List objections with their replies, oldest first, at most 100
#[utoipa::path(get, operation_id = "list_objections", path = "/api/v1/tenants/{tenant}/elections/{election}/objections",
    tag = "public", params(ElectionPath, ObjectionQuery),
    responses((status = 200, body = Vec<ObjectionView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    query: Query<ObjectionQuery>,
) -> Result<Json<Vec<ObjectionView>>, Problem> {
    let ledger = ledger(&state, &path.tenant, &path.election)?;
    let owner = (ledger.id().tenant, ledger.id().election);
    let after = query.after;
    let (objections, replies) = state
        .db
        .read(move |c| {
            let objections = db::objections::page(c, owner, after, PAGE)?;
            let ids: Vec<i64> = objections.iter().map(|objection| objection.id).collect();
            let replies = db::objections::replies(c, &ids)?;
            Ok::<_, Problem>((objections, replies))
        })
        .await?;
    let views = objections.iter().map(|objection| view(objection, &replies));
    Ok(Json(views.collect()))
}

fn view(objection: &Objection, replies: &[Reply]) -> ObjectionView {
    let shown = objection.withheld.is_none();
    let of = replies.iter().filter(|r| r.objection_id == objection.id);
    ObjectionView {
        number: objection.number,
        at: rfc3339(objection.at),
        text: shown.then(|| objection.text.clone()),
        // A name may be what was to be withheld.
        name: objection.name.clone().filter(|_| shown),
        evidence: objection.evidence.as_deref().map(|h| HEXLOWER.encode(h)),
        entry: objection.log_index,
        withheld: objection.withheld.clone(),
        replies: of
            .map(|reply| ReplyView {
                at: rfc3339(reply.at),
                text: reply.text.clone(),
            })
            .collect(),
    }
}

/// Who may answer objections.
fn authorize(actor: &Actor, tenant: &str) -> Result<TenantId, Problem> {
    let own = actor.in_own_tenant(tenant)?;
    if !actor.roles().allow(Permission::RunElections) {
        actor.require(Permission::ApproveElections)?;
    }
    Ok(own)
}

/// Show an objection with what is not public of it
///
/// Noted in the audit trail.
#[utoipa::path(get, operation_id = "show_objection", path = "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}",
    tag = "running", security(("staff" = [])), params(ObjectionPath),
    responses((status = 200, body = StaffObjectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ObjectionPath>,
) -> Result<Json<StaffObjectionView>, Problem> {
    let tenant = authorize(&actor, &path.tenant)?;
    let ledger = ledger(&state, &path.tenant, &path.election)?;
    let owner = (tenant, ledger.id().election);
    let now = state.clock.now();
    let view = state
        .db
        .write(move |c| {
            let view = load(c, owner, path.number)?;
            note(c, &actor, tenant, &path, "objection.read", now)?;
            Ok::<_, Problem>(view)
        })
        .await?;
    Ok(Json(view))
}

fn load(
    c: &mut Connection,
    owner: (TenantId, ElectionId),
    number: i64,
) -> Result<StaffObjectionView, Problem> {
    let found = db::objections::find(c, owner, number)?;
    let objection = found.ok_or_else(Problem::not_found)?;
    let replies = db::objections::replies(c, &[objection.id])?;
    Ok(StaffObjectionView {
        objection: view(&objection, &replies),
        full_text: objection.text,
        contact: objection.contact,
    })
}

fn note(
    c: &mut Connection,
    actor: &Actor,
    tenant: TenantId,
    path: &ObjectionPath,
    action: &'static str,
    now: crate::clock::Millis,
) -> Result<(), Problem> {
    let deed = Deed {
        tenant,
        actor: Some(actor.staff),
        action,
        target: format!("objection/{}", path.number).into(),
        election: Some(&path.election),
        detail: json!({}),
    };
    Ok(db::audit::record(c, &deed, now)?)
}

/// Reply to an objection
#[utoipa::path(post, operation_id = "answer_objection", path = "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}/replies",
    tag = "running", security(("staff" = [])), params(ObjectionPath), request_body = ReplyRequest,
    responses((status = 201, body = StaffObjectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn answer(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ObjectionPath>,
    body: Json<ReplyRequest>,
) -> Result<HttpResponse, Problem> {
    let tenant = authorize(&actor, &path.tenant)?;
    let ledger = ledger(&state, &path.tenant, &path.election)?;
    let mut errors = FieldErrors::default();
    check_text(&mut errors, &body.text);
    errors.finish()?;
    let owner = (tenant, ledger.id().election);
    let now = state.clock.now();
    let view = state
        .db
        .write(move |c| {
            let found = db::objections::find(c, owner, path.number)?;
            let objection = found.ok_or_else(Problem::not_found)?;
            db::objections::reply(c, objection.id, actor.staff, &body.text, now)?;
            note(c, &actor, tenant, &path, "objection.reply", now)?;
            load(c, owner, path.number)
        })
        .await?;
    Ok(HttpResponse::Created().json(view))
}

/// Withhold the text of an objection, or show it again
#[utoipa::path(put, operation_id = "withhold_objection", path = "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}/withheld",
    tag = "running", security(("staff" = [])), params(ObjectionPath), request_body = Withholding,
    responses((status = 200, body = StaffObjectionView), (status = "default", response = AnyProblem)))]
pub(crate) async fn withhold(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ObjectionPath>,
    body: Json<Withholding>,
) -> Result<Json<StaffObjectionView>, Problem> {
    let tenant = authorize(&actor, &path.tenant)?;
    let ledger = ledger(&state, &path.tenant, &path.election)?;
    let mut errors = FieldErrors::default();
    if let Some(reason) = &body.reason {
        errors.check_text("reason", reason, 500);
    }
    errors.finish()?;
    let owner = (tenant, ledger.id().election);
    let now = state.clock.now();
    let view = state
        .db
        .write(move |c| {
            let found = db::objections::find(c, owner, path.number)?;
            let objection = found.ok_or_else(Problem::not_found)?;
            db::objections::withhold(c, objection.id, body.reason.as_deref())?;
            note(c, &actor, tenant, &path, "objection.withhold", now)?;
            load(c, owner, path.number)
        })
        .await?;
    Ok(Json(view))
}
