//! Entries on their way to all their signatures.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::proposals;
use crate::clock::Millis;
use crate::ids::{ElectionId, TenantId};

/// A proposal.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct ProposalRow {
    /// SHA-256 of type and payload.
    pub id: Vec<u8>,
    /// Entry type.
    pub kind: i32,
    /// `[type, payload, [signature / null ...]]`
    pub bytes: Vec<u8>,
    /// When it was first proposed.
    pub created_at: Millis,
    /// Position in the log once it became an entry.
    pub log_index: Option<i64>,
}

/// A proposal of an election.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    election: ElectionId,
    id: &[u8],
) -> QueryResult<Option<ProposalRow>> {
    proposals::table
        .find((election, id))
        .select(ProposalRow::as_select())
        .first(connection)
        .optional()
}

/// The oldest `limit` proposals of an election that wait for signatures, oldest first.
///
/// # Errors
/// The query fails.
pub fn waiting(
    connection: &mut Connection,
    election: ElectionId,
    limit: i64,
) -> QueryResult<Vec<ProposalRow>> {
    proposals::table
        .filter(proposals::election_id.eq(election))
        .filter(proposals::log_index.is_null())
        .order((proposals::created_at, proposals::id))
        .limit(limit)
        .select(ProposalRow::as_select())
        .load(connection)
}

/// The last `limit` proposals of an election that became entries, the last one first.
///
/// # Errors
/// The query fails.
pub fn appended(
    connection: &mut Connection,
    election: ElectionId,
    limit: i64,
) -> QueryResult<Vec<ProposalRow>> {
    proposals::table
        .filter(proposals::election_id.eq(election))
        .filter(proposals::log_index.is_not_null())
        .order(proposals::log_index.desc())
        .limit(limit)
        .select(ProposalRow::as_select())
        .load(connection)
}

/// Number of proposals that have not become entries.
///
/// # Errors
/// The query fails.
pub fn count_open(connection: &mut Connection, election: ElectionId) -> QueryResult<i64> {
    proposals::table
        .filter(proposals::election_id.eq(election))
        .filter(proposals::log_index.is_null())
        .count()
        .get_result(connection)
}

/// Stores a proposal, or its further signatures.
///
/// # Errors
/// The query fails.
pub fn put(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    id: &[u8],
    kind: i32,
    bytes: &[u8],
    now: Millis,
) -> QueryResult<()> {
    diesel::insert_into(proposals::table)
        .values((
            proposals::election_id.eq(election),
            proposals::id.eq(id),
            proposals::tenant_id.eq(tenant),
            proposals::kind.eq(kind),
            proposals::bytes.eq(bytes),
            proposals::created_at.eq(now),
        ))
        .on_conflict((proposals::election_id, proposals::id))
        .do_update()
        .set(proposals::bytes.eq(bytes))
        .execute(connection)?;
    Ok(())
}

/// Notes that a proposal became an entry.
///
/// # Errors
/// The query fails.
pub fn set_appended(
    connection: &mut Connection,
    election: ElectionId,
    id: &[u8],
    log_index: i64,
) -> QueryResult<()> {
    diesel::update(proposals::table.find((election, id)))
        .set(proposals::log_index.eq(log_index))
        .execute(connection)?;
    Ok(())
}
