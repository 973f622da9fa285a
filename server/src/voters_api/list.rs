//! Search and show.

use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::{VoterPath, note};
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::voters::{Filter, Status, VoterRow};
use crate::problem::Problem;
use crate::state::AppState;

/// Voters on one page.
const MAX_PAGE: i64 = 200;

/// What became of a voter's credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoterStatus {
    /// No credential yet.
    Unassigned,
    /// Has not voted.
    NotVoted,
    /// A ballot was taken.
    Voted,
    /// Votes on paper.
    Paper,
    /// The credential is revoked, and none was issued instead.
    Revoked,
}

/// Which voters.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoterQuery {
    /// Beginning of the identifier, or part of the name.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Number of a reporting unit.
    unit: Option<u16>,
    /// What became of the credential (`revoked` is not filtered by).
    status: Option<VoterStatus>,
    /// Voters after this identifier: the last one of the page before.
    after: Option<String>,
    /// Number of voters, at most 200.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: i64,
}

fn default_limit() -> i64 {
    50
}

/// A voter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VoterView {
    /// Number of the row, for paths.
    id: i64,
    /// What the voter types to identify.
    voter_id: String,
    /// Name.
    name: String,
    /// Where one-time codes go.
    contact: String,
    /// Number of the reporting unit.
    unit: i32,
    /// Number of the ballot style.
    style: i32,
    /// Public weight.
    weight: i64,
    /// Index of the credential, once assigned.
    credential_index: Option<i64>,
    /// What became of it.
    status: VoterStatus,
}

/// A page of voters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VoterPage {
    /// In the order of their identifiers.
    voters: Vec<VoterView>,
    /// Pass it as `after` for the next page; null at the end.
    next: Option<String>,
}

impl VoterStatus {
    pub(super) fn of(row: &VoterRow) -> Self {
        match (row.credential_index, row.state) {
            (None, _) => Self::Unassigned,
            (Some(_), Some(state)) if state.struck => Self::Paper,
            (Some(_), Some(state)) if state.revoked => Self::Revoked,
            (Some(_), Some(state)) if state.counter > 0 => Self::Voted,
            _ => Self::NotVoted,
        }
    }
}

impl From<VoterRow> for VoterView {
    fn from(row: VoterRow) -> Self {
        let status = VoterStatus::of(&row);
        Self {
            id: row.id.get(),
            voter_id: row.voter_id,
            name: row.name,
            contact: row.contact,
            unit: row.unit,
            style: row.style,
            weight: row.weight,
            credential_index: row.credential_index,
            status,
        }
    }
}

/// List or search voters
///
/// Reading is noted in the audit trail, without what was searched and found.
#[utoipa::path(get, operation_id = "list_voters", path = "/api/v1/tenants/{tenant}/elections/{election}/voters", tag = "roll",
    security(("staff" = [])), params(ElectionPath, VoterQuery),
    responses((status = 200, body = VoterPage), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<VoterQuery>,
) -> Result<Json<VoterPage>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let VoterQuery {
        q,
        unit,
        status,
        after,
        limit,
    } = query.into_inner();
    let text = q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
    if text.as_ref().is_some_and(|q| q.chars().count() > 200) {
        return Err(Problem::bad_request().detail("q: at most 200 characters"));
    }
    let filter = Filter {
        text,
        unit: unit.map(i32::from),
        status: match status {
            None => None,
            Some(VoterStatus::Unassigned) => Some(Status::Unassigned),
            Some(VoterStatus::NotVoted) => Some(Status::NotVoted),
            Some(VoterStatus::Voted) => Some(Status::Voted),
            Some(VoterStatus::Paper) => Some(Status::Struck),
            Some(VoterStatus::Revoked) => {
                return Err(Problem::bad_request().detail("status: revoked is not filtered by"));
            }
        },
    };
    let limit = limit.clamp(1, MAX_PAGE);
    let now = state.clock.now();
    let slug = path.into_inner().election;
    let election = slug.clone();
    let rows = state
        .db
        .read(move |c| {
            let election = db::elections::find(c, tenant, &election)?;
            let election = election.ok_or_else(Problem::not_found)?;
            let owner = (tenant, election.id);
            let rows = db::voters::page(c, owner, &filter, after.as_deref(), limit)?;
            Ok::<_, Problem>(rows)
        })
        .await?;
    let count = rows.len();
    state
        .db
        .write(move |c| {
            let deed = ("roll.read", format!("election/{slug}"));
            note(
                c,
                &actor,
                (tenant, &slug),
                deed,
                json!({ "rows": count }),
                now,
            )
        })
        .await?;
    let full = i64::try_from(count).is_ok_and(|count| count == limit);
    let next = rows.last().filter(|_| full).map(|row| row.voter_id.clone());
    Ok(Json(VoterPage {
        voters: rows.into_iter().map(VoterView::from).collect(),
        next,
    }))
}

/// Show a voter
#[utoipa::path(get, operation_id = "show_voter", path = "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}",
    tag = "roll", security(("staff" = [])), params(VoterPath),
    responses((status = 200, body = VoterView), (status = "default", response = AnyProblem)))]
pub(crate) async fn show(
    state: Data<AppState>,
    actor: Actor,
    path: Path<VoterPath>,
) -> Result<Json<VoterView>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let found = state
        .db
        .read(move |c| {
            let election = db::elections::find(c, tenant, &path.election)?;
            let election = election.ok_or_else(Problem::not_found)?;
            db::voters::find(c, (tenant, election.id), path.id())?.ok_or_else(Problem::not_found)
        })
        .await?;
    Ok(Json(found.into()))
}
