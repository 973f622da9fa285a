//! The roll as CSV, for those who need it beside the server: codes go out with the authority's message run, never from here.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::{Bytes, Data, Path, Query};
use futures_util::StreamExt as _;
use futures_util::stream::{once, try_unfold};
use hanpyo_ledger::manifest::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::list::VoterStatus;
use super::note;
use crate::api::paths::ElectionPath;
use crate::api::roll::approved_manifest;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::voters::{Filter, Status, VoterRow};
use crate::problem::Problem;
use crate::roll::is_formula;
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

/// For what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Columns {
    /// `voter_id,contact,credential_index`: for a message run of the authority.
    #[default]
    Contacts,
    /// `voter_id,style,unit,weight`: what `hanpyo-authority issue` reads.
    Authority,
    /// `voter_id,name,district,style,weight,vote`: the joint roll of online and paper voting, as it is now; with the
    /// mark by which spreadsheets know UTF-8. `vote` is `online`, `paper`, `revoked` or empty. Without the index of
    /// the credential, so that a list of names does not say whose each encrypted ballot of the board is.
    Joint,
}

impl Columns {
    /// Who may have them.
    fn authorize(self, actor: &Actor) -> Result<(), Problem> {
        match self {
            Self::Contacts | Self::Authority
                if actor.roles().allow(Permission::AssignCredentials) =>
            {
                Ok(())
            }
            Self::Contacts | Self::Authority | Self::Joint => actor.require(Permission::ManageRoll),
        }
    }

    const fn header(self) -> &'static str {
        match self {
            Self::Contacts => "voter_id,contact,credential_index\n",
            Self::Authority => "voter_id,style,unit,weight\n",
            Self::Joint => "\u{feff}voter_id,name,district,style,weight,vote\n",
        }
    }

    const fn file_name(self) -> &'static str {
        match self {
            Self::Contacts => "attachment; filename=\"voters.csv\"",
            Self::Authority => "attachment; filename=\"roll.csv\"",
            Self::Joint => "attachment; filename=\"joint-roll.csv\"",
        }
    }

    fn record(self, row: &VoterRow, districts: &[String]) -> Result<Vec<String>, Problem> {
        let voter_id = row.voter_id.clone();
        let (style, unit, weight) = (row.style, row.unit, row.weight);
        Ok(match self {
            Self::Contacts => {
                let index = row.credential_index.map(|index| index.to_string());
                vec![voter_id, row.contact.clone(), index.unwrap_or_default()]
            }
            Self::Authority => {
                let numbers = [style.to_string(), unit.to_string(), weight.to_string()];
                [voter_id].into_iter().chain(numbers).collect()
            }
            Self::Joint => {
                let district = usize::try_from(unit)
                    .ok()
                    .and_then(|unit| districts.get(unit));
                let district = district.ok_or_else(|| {
                    Problem::internal_text(format!(
                        "the roll names unit {unit}, the manifest does not"
                    ))
                })?;
                vec![
                    voter_id,
                    row.name.clone(),
                    district.clone(),
                    style.to_string(),
                    weight.to_string(),
                    vote(row).to_owned(),
                ]
            }
        })
    }
}

/// How the voter has voted, or why not here.
fn vote(row: &VoterRow) -> &'static str {
    match VoterStatus::of(row) {
        VoterStatus::Paper => "paper",
        VoterStatus::Revoked => "revoked",
        VoterStatus::Voted => "online",
        VoterStatus::NotVoted | VoterStatus::Unassigned => "",
    }
}

/// Titles of the reporting units.
fn districts(manifest: &Manifest) -> Vec<String> {
    let units = manifest.units.iter();
    units.map(|unit| as_text(unit.title.ko.as_str())).collect()
}

/// A title that spreadsheets take for text: unlike texts of the roll, titles may begin like a formula.
fn as_text(title: &str) -> String {
    match is_formula(title) {
        true => format!("'{title}"),
        false => title.to_owned(),
    }
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
    /// For what; contacts if not given.
    #[serde(default)]
    #[param(inline)]
    columns: Columns,
}

/// Export the roll
///
/// CSV with the columns asked for; noted in the audit trail. The joint roll is for those who manage the roll.
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
    let ExportQuery {
        audience,
        unit,
        columns,
    } = *query;
    columns.authorize(&actor)?;
    let filter = Filter {
        text: None,
        unit: unit.map(i32::from),
        status: (audience == Audience::NotVoted).then_some(Status::NotVoted),
    };
    let now = state.clock.now();
    let slug = path.into_inner().election;
    let (election, units) = state
        .db
        .write(move |c| {
            let election = db::elections::find(c, tenant, &slug)?.ok_or_else(Problem::not_found)?;
            let deed = ("roll.export", format!("election/{slug}"));
            let detail = json!({ "not_voted": audience == Audience::NotVoted, "unit": unit, "columns": columns });
            let units = match columns {
                Columns::Joint => districts(approved_manifest(c, tenant, &election)?.manifest()),
                Columns::Contacts | Columns::Authority => Vec::new(),
            };
            note(c, &actor, (tenant, &slug), deed, detail, now)?;
            Ok::<_, Problem>((election.id, Arc::new(units)))
        })
        .await?;
    let header = Bytes::from_static(columns.header().as_bytes());
    let rows = try_unfold(Some(None::<String>), move |cursor| {
        let (state, filter, units) = (state.clone(), filter.clone(), Arc::clone(&units));
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
            Ok(Some((lines(&rows, columns, &units)?, next)))
        }
    });
    let body = once(async { Ok::<_, Problem>(header) }).chain(rows);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .insert_header((
            CONTENT_DISPOSITION,
            HeaderValue::from_static(columns.file_name()),
        ))
        .streaming(body.map(|chunk| {
            // The status is sent already: the download is cut off, and the log says why.
            chunk
                .inspect_err(|error| tracing::error!(error = %error, "an export was cut off"))
                .map_err(|error| std::io::Error::other(error.to_string()))
        })))
}

fn lines(rows: &[VoterRow], columns: Columns, units: &[String]) -> Result<Bytes, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(columns.record(row, units)?)
            .map_err(|e| Problem::internal(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| Problem::internal(&e))?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::as_text;

    #[test]
    fn a_title_is_never_a_formula() {
        assert_eq!(as_text("종로구"), "종로구");
        assert_eq!(as_text("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
    }
}
