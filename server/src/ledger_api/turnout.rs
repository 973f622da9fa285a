//! Turnout so far and how it grew. Never how anyone voted.

use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ledger;
use super::public::Title;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::problem::Problem;
use crate::sequencer::{History, Phase, Point, Summary};
use crate::state::AppState;

/// Turnout of a reporting unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitTurnout {
    /// Number of the unit.
    unit: usize,
    /// Its title.
    title: Title,
    /// Announced electorate.
    electorate: u64,
    /// Voters with a counted ballot.
    counted: u64,
    /// Paper votes.
    paper: u64,
}

/// Turnout so far. Never how anyone voted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TurnoutView {
    /// Announced electorate.
    electorate: u64,
    /// Voters with a counted ballot.
    counted: u64,
    /// Paper votes.
    paper: u64,
    /// Share of the electorate that has voted, in percent, rounded to hundredths.
    percent: f64,
    /// The same of each unit.
    units: Vec<UnitTurnout>,
    /// Entries of the log that the figures are of.
    log_size: u64,
}

/// Show turnout by unit
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/turnout", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = TurnoutView), (status = "default", response = AnyProblem)))]
pub(crate) async fn turnout(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<TurnoutView>, Problem> {
    let ledger = ledger(&state, &path)?;
    let summary = ledger.load_summary().await?;
    let units = ledger.manifest().manifest().units.iter().enumerate();
    let units = units.map(|(number, unit)| UnitTurnout {
        unit: number,
        title: (&unit.title).into(),
        electorate: of(&summary.electorate_per_unit, number),
        counted: of(&summary.counted_per_unit, number),
        paper: of(&summary.paper_per_unit, number),
    });
    Ok(Json(TurnoutView {
        electorate: summary.electorate,
        counted: summary.counted,
        paper: summary.paper,
        percent: percent(
            summary.counted.saturating_add(summary.paper),
            summary.electorate,
        ),
        units: units.collect(),
        log_size: summary.size,
    }))
}

/// The figure of a unit: 0 where the record has none yet.
fn of(figures: &[u64], unit: usize) -> u64 {
    figures.get(unit).copied().unwrap_or(0)
}

/// Hundredths of a percent, cut off: a quorum must not look reached before it is.
fn percent(part: u64, whole: u64) -> f64 {
    let hundredths = (u128::from(part) * 10_000)
        .checked_div(whole.into())
        .unwrap_or(0);
    u32::try_from(hundredths).map_or(f64::INFINITY, |hundredths| f64::from(hundredths) / 100.0)
}

/// Which history.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// Number of a reporting unit; all of them if not given.
    unit: Option<u16>,
}

/// Online turnout at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TurnoutPoint {
    /// In seconds since 1970.
    at: u64,
    /// Voters with a counted online ballot then.
    counted: u64,
}

/// How online turnout grew. The server's word: the board has no times of ballots.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TurnoutHistory {
    /// The reporting unit; null: all of them.
    unit: Option<u16>,
    /// Announced electorate.
    electorate: u64,
    /// Figures are noted at most once in so many seconds.
    interval: u32,
    /// Oldest first, from the opening to now or to the end of voting. Between two moments nothing is known but that
    /// the figure went from one to the other; a moment at which it was the same as before may be left out.
    points: Vec<TurnoutPoint>,
}

/// Show how turnout grew
///
/// Ballots cast online; paper votes are counted after the close.
#[utoipa::path(get, operation_id = "public_turnout_history", path = "/api/v1/tenants/{tenant}/elections/{election}/turnout/history", tag = "public",
    params(ElectionPath, HistoryQuery),
    responses((status = 200, body = TurnoutHistory), (status = "default", response = AnyProblem)))]
pub(crate) async fn history(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    query: Query<HistoryQuery>,
) -> Result<Json<TurnoutHistory>, Problem> {
    let ledger = ledger(&state, &path)?;
    let unit = query.unit;
    let units = ledger.manifest().manifest().units.len();
    if unit.is_some_and(|unit| usize::from(unit) >= units) {
        return Err(Problem::bad_request().detail(format!("unit: there are {units}")));
    }
    let (summary, history) = (ledger.load_summary().await?, ledger.load_history().await?);
    let points = points(&summary, &history, unit, ledger.now().get()).into_iter();
    Ok(Json(TurnoutHistory {
        unit,
        electorate: match unit {
            None => summary.electorate,
            Some(unit) => of(&summary.electorate_per_unit, unit.into()),
        },
        interval: ledger.interval(),
        points: points
            .map(|Point { at, counted }| TurnoutPoint { at, counted })
            .collect(),
    }))
}

/// From nothing at the opening, by what was noted, to what the turnout is now or was at the end.
fn points(summary: &Summary, history: &History, unit: Option<u16>, now: u64) -> Vec<Point> {
    let counted = match unit {
        None => summary.counted,
        Some(unit) => of(&summary.counted_per_unit, unit.into()),
    };
    let opened = summary.opened.map(|at| Point { at, counted: 0 });
    let end = match summary.phase {
        Phase::Open => Some(now),
        // Ballots of the grace belong to the end of voting.
        Phase::Closed | Phase::Tally | Phase::Finished => Some(summary.closes),
        _ => None,
    };
    let mut points: Vec<Point> = opened.into_iter().chain(history.points(unit)).collect();
    if let Some(at) = end {
        points.retain(|point| point.at < at);
        points.push(Point { at, counted });
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::float_cmp)]
    fn percent_is_never_rounded_up() {
        assert_eq!(percent(2158, 8387), 25.73);
        assert_eq!(percent(33_332, 100_000), 33.33);
        assert_eq!(percent(9_999_999, 10_000_000), 99.99);
        assert_eq!(percent(0, 0), 0.0);
        assert_eq!(percent(7, 7), 100.0);
    }

    /// Three electors of one unit; open at 1000, closing at 5000.
    fn summary(phase: Phase, counted: u64) -> Summary {
        Summary {
            size: 9,
            phase,
            joint_key: None,
            opened: Some(1_000),
            closes: 5_000,
            electorate: 3,
            counted,
            paper: 0,
            electorate_per_unit: vec![3],
            counted_per_unit: vec![counted],
            paper_per_unit: Vec::new(),
        }
    }

    fn of_phase(phase: Phase, now: u64) -> Vec<(u64, u64)> {
        let points = points(&summary(phase, 2), &History::default(), Some(0), now);
        points
            .iter()
            .map(|point| (point.at, point.counted))
            .collect()
    }

    #[test]
    fn history_ends_now_or_with_voting() {
        assert_eq!(of_phase(Phase::Open, 1_500), [(1_000, 0), (1_500, 2)]);
        assert_eq!(of_phase(Phase::Finished, 9_000), [(1_000, 0), (5_000, 2)]);
        assert_eq!(of_phase(Phase::Void, 9_000), [(1_000, 0)]);
        // A clock that was set back.
        assert_eq!(of_phase(Phase::Open, 900), [(900, 2)]);
    }
}
