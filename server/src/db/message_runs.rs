//! Runs of invitations and reminders.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::message_runs;
use crate::clock::Millis;
use crate::ids::{ElectionId, StaffId, TenantId};

/// A run.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = message_runs)]
pub struct Run {
    /// Key.
    pub id: i64,
    /// `invitation` or `reminder`.
    pub kind: String,
    /// Only this unit.
    pub unit: Option<i32>,
    /// Subject line.
    pub subject: String,
    /// Text with placeholders.
    pub text: String,
    /// Recipients when it began.
    pub recipients: i64,
    /// Messages handed to the outbox.
    pub sent: i64,
    /// Identifier of the last voter written to.
    pub cursor: Option<String>,
    /// Who began it.
    pub started_by: StaffId,
    /// When.
    pub started_at: Millis,
    /// When it ended.
    pub finished_at: Option<Millis>,
}

/// A run to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = message_runs)]
pub struct NewRun<'a> {
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// The election.
    pub election_id: ElectionId,
    /// `invitation` or `reminder`.
    pub kind: &'a str,
    /// Only this unit.
    pub unit: Option<i32>,
    /// Subject line.
    pub subject: &'a str,
    /// Text with placeholders.
    pub text: &'a str,
    /// Recipients.
    pub recipients: i64,
    /// Always 0.
    pub sent: i64,
    /// Who begins it.
    pub started_by: StaffId,
    /// When.
    pub started_at: Millis,
}

/// Stores a run; its key.
///
/// # Errors
/// The query fails.
pub fn insert(connection: &mut Connection, new: &NewRun<'_>) -> QueryResult<i64> {
    diesel::insert_into(message_runs::table)
        .values(new)
        .returning(message_runs::id)
        .get_result(connection)
}

/// An election's runs, the newest first.
///
/// # Errors
/// The query fails.
pub fn list(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
) -> QueryResult<Vec<Run>> {
    message_runs::table
        .filter(
            message_runs::tenant_id
                .eq(tenant)
                .and(message_runs::election_id.eq(election)),
        )
        .order(message_runs::id.desc())
        .limit(100)
        .select(Run::as_select())
        .load(connection)
}

/// One run.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    id: i64,
) -> QueryResult<Option<Run>> {
    message_runs::table
        .filter(
            message_runs::tenant_id
                .eq(tenant)
                .and(message_runs::election_id.eq(election)),
        )
        .filter(message_runs::id.eq(id))
        .select(Run::as_select())
        .first(connection)
        .optional()
}

/// Notes how far a run is; `finished` ends it.
///
/// # Errors
/// The query fails.
pub fn advance(
    connection: &mut Connection,
    id: i64,
    sent: i64,
    cursor: Option<&str>,
    finished: Option<Millis>,
) -> QueryResult<()> {
    diesel::update(message_runs::table.find(id))
        .set((
            message_runs::sent.eq(message_runs::sent + sent),
            message_runs::finished_at.eq(finished),
        ))
        .execute(connection)?;
    if let Some(cursor) = cursor {
        diesel::update(message_runs::table.find(id))
            .set(message_runs::cursor.eq(cursor))
            .execute(connection)?;
    }
    Ok(())
}
