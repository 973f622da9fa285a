//! Turnout at moments of the voting time.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::turnout_samples;
use crate::ids::ElectionId;

/// Rows of one statement: SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

/// What was counted in a reporting unit at a moment at which its figure was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = turnout_samples)]
pub struct SampleRow {
    /// The moment, in seconds.
    pub taken_at: i64,
    /// Number of the unit.
    pub unit: i32,
    /// Voters with a counted online ballot.
    pub counted: i64,
}

/// All samples of an election, oldest first.
///
/// # Errors
/// The query fails.
pub fn list(connection: &mut Connection, election: ElectionId) -> QueryResult<Vec<SampleRow>> {
    turnout_samples::table
        .filter(turnout_samples::election_id.eq(election))
        .order((turnout_samples::taken_at, turnout_samples::unit))
        .select(SampleRow::as_select())
        .load(connection)
}

/// The newest moment of an election, in seconds.
///
/// # Errors
/// The query fails.
pub fn last(connection: &mut Connection, election: ElectionId) -> QueryResult<Option<i64>> {
    turnout_samples::table
        .filter(turnout_samples::election_id.eq(election))
        .select(diesel::dsl::max(turnout_samples::taken_at))
        .first(connection)
}

/// Stores what was counted at one moment.
///
/// # Errors
/// The query fails.
pub fn insert(
    connection: &mut Connection,
    election: ElectionId,
    rows: &[SampleRow],
) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        let values = rows.iter().map(|row| {
            (
                turnout_samples::election_id.eq(election),
                turnout_samples::taken_at.eq(row.taken_at),
                turnout_samples::unit.eq(row.unit),
                turnout_samples::counted.eq(row.counted),
            )
        });
        diesel::insert_into(turnout_samples::table)
            .values(values.collect::<Vec<_>>())
            .execute(connection)?;
    }
    Ok(())
}
