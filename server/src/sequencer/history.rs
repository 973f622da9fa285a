//! How turnout grew: a sample at the beginning of each interval of the voting time.
//!
//! Samples are taken by the task that keeps the schedules, never by what takes ballots, and at most one an interval.
//! An interval at whose beginning the server did not run has its sample at the start; every sample carries the moment
//! at which it was true. What is left out is level: a sample is only stored where a figure has changed.
//!
//! # Security
//! Nothing here tells more than someone who asks for the turnout at these moments learns. Intervals begin whether or
//! not anyone votes, so that a sample does not tell when a ballot was cast more closely than they are long.

use std::sync::Arc;

use super::error::LedgerError;
use super::ledger::Ledger;
use super::summary::{Phase, Summary};
use crate::db::turnout::SampleRow;
use crate::db::{self, DbError};

/// Online ballots counted at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The moment, in seconds.
    pub at: u64,
    /// Voters with a counted online ballot.
    pub counted: u64,
}

/// The samples of an election, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History(Vec<SampleRow>);

impl History {
    /// What was counted in `unit`, or in all units, at the moments at which that changed.
    #[must_use]
    pub fn points(&self, unit: Option<u16>) -> Vec<Point> {
        let mut total = 0_i64;
        let mut known = Vec::new();
        let mut points: Vec<Point> = Vec::new();
        for row in &self.0 {
            if unit.is_some_and(|unit| i32::from(unit) != row.unit) {
                continue;
            }
            total += row.counted - set(&mut known, row);
            let point = Point {
                at: unsigned(row.taken_at),
                counted: unsigned(total),
            };
            match points.last_mut() {
                Some(last) if last.at == point.at => *last = point,
                _ => points.push(point),
            }
        }
        points
    }

    /// Whether a sample at `now` is the first of its interval; what is known of the opening needs none.
    fn is_due(&self, opened: u64, now: u64, interval: u64) -> bool {
        let last = self.0.last().map_or(opened, |last| unsigned(last.taken_at));
        last / interval < now / interval
    }

    /// The rows of a sample at `now`.
    fn sample(&self, now: u64, counted: &[u64]) -> Vec<SampleRow> {
        let mut known = Vec::new();
        for row in &self.0 {
            set(&mut known, row);
        }
        known.resize(known.len().max(counted.len()), 0);
        let figures = counted.iter().copied().map(signed);
        let changed = (0_i32..).zip(figures.zip(known));
        changed
            .filter(|(_, (counted, known))| counted != known)
            .map(|(unit, (counted, _))| SampleRow {
                taken_at: signed(now),
                unit,
                counted,
            })
            .collect()
    }
}

/// Notes the figure of a unit; the one before.
fn set(known: &mut Vec<i64>, row: &SampleRow) -> i64 {
    let unit = usize::try_from(row.unit).unwrap_or(0);
    if known.len() <= unit {
        known.resize(unit + 1, 0);
    }
    known
        .get_mut(unit)
        .map_or(0, |known| std::mem::replace(known, row.counted))
}

// The database's checks keep its numbers at 0 or above; the record's are far below 2^63.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Ledger {
    /// Turnout is noted at most once in so many seconds.
    #[must_use]
    pub fn interval(&self) -> u32 {
        self.config.turnout_seconds
    }

    /// The samples so far.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn load_history(&self) -> Result<Arc<History>, DbError> {
        if let Some(history) = self.history() {
            return Ok(history);
        }
        let id = self.id.election;
        let rows = self.db.read(move |c| Ok(db::turnout::list(c, id)?));
        let rows: Result<_, DbError> = rows.await;
        Ok(self.set_history_if_none(History(rows?)))
    }

    /// Takes a sample if one is due while voting goes on.
    pub(crate) async fn sample_turnout(&self, summary: &Summary) -> Result<(), LedgerError> {
        let (Phase::Open, Some(opened)) = (summary.phase, summary.opened) else {
            return Ok(());
        };
        let (id, now) = (self.id.election, self.now().get());
        let interval = u64::from(self.config.turnout_seconds);
        if !self.is_new_interval(now / interval) {
            return Ok(());
        }
        let history = self.load_history().await?;
        let rows = match history.is_due(opened, now, interval) {
            true => history.sample(now, &summary.counted_per_unit),
            false => Vec::new(), // just opened, or taken before a restart
        };
        if !rows.is_empty() {
            let last = history.0.last().map(|row| row.taken_at);
            let history = self.db.write(move |c| {
                // Another process may have taken it meanwhile.
                if db::turnout::last(c, id)? == last {
                    db::turnout::insert(c, id, &rows)?;
                }
                Ok::<_, DbError>(History(db::turnout::list(c, id)?))
            });
            self.set_history(history.await?);
        }
        self.set_interval_sampled(now / interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A history of samples at these moments.
    fn history(samples: &[(u64, &[u64])]) -> History {
        let mut history = History::default();
        for (at, counted) in samples {
            let rows = history.sample(*at, counted);
            history.0.extend(rows);
        }
        history
    }

    fn points(history: &History, unit: Option<u16>) -> Vec<(u64, u64)> {
        let points = history.points(unit).into_iter();
        points.map(|point| (point.at, point.counted)).collect()
    }

    #[test]
    fn all_units_are_the_sum_of_each() {
        let history = history(&[(600, &[1, 0, 5]), (1_200, &[1, 2, 5]), (1_800, &[4, 2, 5])]);
        assert_eq!(points(&history, None), [(600, 6), (1_200, 8), (1_800, 11)]);
        assert_eq!(points(&history, Some(0)), [(600, 1), (1_800, 4)]);
        assert_eq!(points(&history, Some(1)), [(1_200, 2)]);
        assert_eq!(points(&history, Some(3)), []);
    }

    #[test]
    fn a_figure_may_fall() {
        // A ballot no longer counts once its voter was struck for paper.
        let history = history(&[(600, &[3, 1]), (1_200, &[2, 1])]);
        assert_eq!(points(&history, None), [(600, 4), (1_200, 3)]);
    }

    #[test]
    fn level_moments_are_left_out() {
        let history = history(&[(600, &[3, 1]), (1_200, &[3, 1]), (1_800, &[3, 2])]);
        assert_eq!(points(&history, None), [(600, 4), (1_800, 5)]);
        assert!(history.sample(2_400, &[3, 2]).is_empty());
        assert!(History::default().sample(600, &[0, 0]).is_empty());
    }

    #[test]
    fn one_sample_an_interval() {
        let history = history(&[(1_250, &[3])]);
        assert!(!history.is_due(0, 1_250, 600));
        assert!(!history.is_due(0, 1_799, 600));
        assert!(history.is_due(0, 1_800, 600));
        // A clock that was set back waits.
        assert!(!history.is_due(0, 600, 600));
        // Nobody has voted at the opening.
        assert!(!History::default().is_due(700, 1_199, 600));
        assert!(History::default().is_due(700, 1_200, 600));
    }
}
