//! Public elections of the server and of a tenant.

use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::paths::TenantPath;
use crate::api::view::AnyProblem;
use crate::db;
use crate::db::elections::Listed;
use crate::ledger_api::public::Title;
use crate::problem::Problem;
use crate::sequencer::Phase;
use crate::state::AppState;

/// Elections on one page.
const PAGE: i64 = 100;

/// Which page.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Elections to pass over.
    #[serde(default)]
    #[param(minimum = 0)]
    offset: u32,
}

/// An election in a public list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedElection {
    /// Slug of the tenant.
    tenant: String,
    /// Name of the tenant.
    tenant_name: String,
    /// Slug of the election.
    election: String,
    /// Its title.
    title: Title,
    /// Where it stands.
    phase: Phase,
    /// Beginning of voting, in seconds since 1970.
    opens: u64,
    /// End of voting, re-dated or as announced, in seconds since 1970.
    closes: u64,
    /// Whether it is a test.
    test: bool,
}

/// Public elections, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElectionList {
    /// Those of this page.
    elections: Vec<ListedElection>,
    /// Whether there are more.
    more: bool,
}

/// List the public elections of this server
#[utoipa::path(get, path = "/api/v1/elections", tag = "public", params(Page),
    responses((status = 200, body = ElectionList), (status = "default", response = AnyProblem)))]
pub(crate) async fn all(
    state: Data<AppState>,
    query: Query<Page>,
) -> Result<Json<ElectionList>, Problem> {
    list(&state, None, *query).await
}

/// List the public elections of a tenant
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/public-elections", tag = "public",
    params(TenantPath, Page),
    responses((status = 200, body = ElectionList), (status = "default", response = AnyProblem)))]
pub(crate) async fn of_tenant(
    state: Data<AppState>,
    path: Path<TenantPath>,
    query: Query<Page>,
) -> Result<Json<ElectionList>, Problem> {
    list(&state, Some(path.into_inner().tenant), *query).await
}

async fn list(
    state: &AppState,
    tenant: Option<String>,
    page: Page,
) -> Result<Json<ElectionList>, Problem> {
    let mut found = state
        .db
        .read(move |c| {
            if let Some(slug) = &tenant {
                db::tenants::find(c, slug)?.ok_or_else(Problem::not_found)?;
            }
            let offset = page.offset.into();
            let listed = db::elections::listed(c, tenant.as_deref(), offset, PAGE + 1)?;
            Ok::<_, Problem>(listed)
        })
        .await?;
    let page = usize::try_from(PAGE).map_err(|e| Problem::internal(&e))?;
    let more = found.len() > page;
    found.truncate(page);
    // One whose manifest is not in its log yet is not public.
    let elections = found.into_iter().filter_map(|row| view(state, row));
    Ok(Json(ElectionList {
        elections: elections.collect(),
        more,
    }))
}

fn view(state: &AppState, row: Listed) -> Option<ListedElection> {
    let ledger = state.ledgers.find(&row.tenant_slug, &row.slug)?;
    let manifest = ledger.manifest().manifest();
    let announced = manifest.schedule.windows.last().map(|w| w.closes.get());
    // Elections that ended are not read at the start; their row says that they ended.
    let summary = ledger.summary();
    let phase = summary.as_ref().map(|summary| summary.phase);
    Some(ListedElection {
        phase: phase.or_else(|| row.phase.parse().ok())?,
        opens: ledger.opens().unwrap_or(0),
        closes: summary.map(|s| s.closes).or(announced).unwrap_or(0),
        test: manifest.test,
        title: (&manifest.title).into(),
        tenant: row.tenant_slug,
        tenant_name: row.tenant_name,
        election: row.slug,
    })
}
