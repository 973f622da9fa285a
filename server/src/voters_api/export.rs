//! Identifiers and contacts as CSV: codes go out with the authority's message run, never from here.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::{Bytes, Data, Path, Query};
use futures_util::StreamExt as _;
use futures_util::stream::{once, try_unfold};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::note;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::voters::{Filter, Status, VoterRow};
use crate::problem::Problem;
use crate::state::AppState;

/// Rows read at once.
const CHUNK: i64 = 1_000;

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Audience {
    /// Everyone on the roll.
    All,
    /// Voters with a credential who have not voted.
    NotVoted,
}

/// Which voters.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// To whom.
    audience: Audience,
    /// Number of a reporting unit.
    unit: Option<u16>,
}

/// Export identifiers and contacts
///
/// CSV with the columns `voter_id,contact,credential_index`; noted in the audit trail.
#[utoipa::path(get, operation_id = "export_voters", path = "/api/v1/tenants/{tenant}/elections/{election}/voters/export",
    tag = "roll", security(("staff" = [])), params(ElectionPath, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn export(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    query: Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.in_own_tenant(&path.tenant)?;
    if !actor.roles().allow(Permission::ManageRoll) {
        actor.require(Permission::AssignCredentials)?;
    }
    let ExportQuery { audience, unit } = *query;
    let filter = Filter {
        text: None,
        unit: unit.map(i32::from),
        status: (audience == Audience::NotVoted).then_some(Status::NotVoted),
    };
    let now = state.clock.now();
    let slug = path.into_inner().election;
    let election = state
        .db
        .write(move |c| {
            let election = db::elections::find(c, tenant, &slug)?.ok_or_else(Problem::not_found)?;
            let deed = ("roll.export", format!("election/{slug}"));
            let detail = json!({ "not_voted": audience == Audience::NotVoted, "unit": unit });
            note(c, &actor, (tenant, &slug), deed, detail, now)?;
            Ok::<_, Problem>(election.id)
        })
        .await?;
    let header = Bytes::from_static(b"voter_id,contact,credential_index\n");
    let rows = try_unfold(Some(None::<String>), move |cursor| {
        let (state, filter) = (state.clone(), filter.clone());
        async move {
            let Some(after) = cursor else {
                return Ok::<_, Problem>(None);
            };
            let rows = state
                .db
                .read(move |c| {
                    let owner = (tenant, election);
                    let rows = db::voters::page(c, owner, &filter, after.as_deref(), CHUNK)?;
                    Ok::<_, Problem>(rows)
                })
                .await?;
            let full = i64::try_from(rows.len()).is_ok_and(|count| count == CHUNK);
            let next = rows.last().filter(|_| full);
            let next = next.map(|row| Some(row.voter_id.clone()));
            Ok(Some((lines(&rows)?, next)))
        }
    });
    let body = once(async { Ok::<_, Problem>(header) }).chain(rows);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .insert_header((
            CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"voters.csv\""),
        ))
        .streaming(body.map(|chunk| {
            // The status is sent already: the download is cut off, and the log says why.
            chunk
                .inspect_err(|error| tracing::error!(error = %error, "an export was cut off"))
                .map_err(|error| std::io::Error::other(error.to_string()))
        })))
}

fn lines(rows: &[VoterRow]) -> Result<Bytes, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let index = row
            .credential_index
            .map_or(String::new(), |i| i.to_string());
        writer
            .write_record([&row.voter_id, &row.contact, &index])
            .map_err(|e| Problem::internal(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| Problem::internal(&e))?;
    Ok(bytes.into())
}
