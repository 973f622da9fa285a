//! Electoral rolls: the personal data of voters.
//!
//! # Security
//! Nothing from these rows goes to logs, the audit trail or the board, and only the voter's own
//! session or a tenant's authorised staff is answered from them.
//!
//! Everyone reads the view `roll`, which has complete changes only; only what changes a roll names the
//! tables beneath it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Connection;
use super::roll_changes;
use super::schema::{roll, roll_credentials, roll_rows};
use crate::ids::{ElectionId, RollId, TenantId};

/// Rows that go into one INSERT: SQLite takes at most 32,766 parameters.
pub const INSERT_ROWS: usize = 2_000;
/// Voter identifiers that go into one lookup.
pub const LOOKUP_ROWS: usize = 1_000;

/// A row to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = roll_rows)]
pub struct NewRow {
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// The election.
    pub election_id: ElectionId,
    /// Version of the roll that begins with it.
    pub version: i64,
    /// What the voter types to identify.
    pub voter_id: String,
    /// Name for letters and paper lists.
    pub name: String,
    /// Where one-time codes go.
    pub contact: String,
    /// Number of the reporting unit.
    pub unit: i32,
    /// Number of the ballot style.
    pub style: i32,
    /// Public weight.
    pub weight: i64,
}

/// What identification and a voter's session need of a row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = roll)]
pub struct Voter {
    /// Key.
    pub id: RollId,
    /// Where one-time codes go.
    pub contact: String,
    /// Number of the reporting unit.
    pub unit: i32,
    /// Number of the ballot style.
    pub style: i32,
    /// Index of the voter's credential, once assigned.
    pub credential_index: Option<i64>,
}

/// What the row of a voter says of the voter's credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = roll)]
pub struct Eligibility {
    /// Key.
    pub id: RollId,
    /// Number of the reporting unit.
    pub unit: i32,
    /// Number of the ballot style.
    pub style: i32,
    /// Public weight.
    pub weight: i64,
    /// Index of the voter's credential, once assigned.
    pub credential_index: Option<i64>,
}

/// Counts of one reporting unit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct UnitCount {
    /// Number of the reporting unit.
    pub unit: i32,
    /// Rows in it.
    pub voters: i64,
    /// Rows in it with a credential.
    pub assigned: i64,
}

/// Counts by reporting unit, those without rows left out.
///
/// # Errors
/// The query fails.
pub fn count_by_unit(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<Vec<UnitCount>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .group_by(roll::unit)
        .order(roll::unit)
        .select((
            roll::unit,
            diesel::dsl::count_star(),
            diesel::dsl::count(roll::credential_index),
        ))
        .load(connection)
}

/// Number of rows.
///
/// # Errors
/// The query fails.
pub fn count(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<i64> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .count()
        .get_result(connection)
}

/// Whether credentials are assigned.
///
/// # Errors
/// The query fails.
pub fn is_assigned(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<bool> {
    Ok(roll_changes::assignment(connection, (tenant, election))?.is_some())
}

/// Those of `voter_ids` (at most [`LOOKUP_ROWS`]) that the roll has.
///
/// # Errors
/// The query fails.
pub fn existing(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    voter_ids: &[&str],
) -> QueryResult<Vec<String>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::voter_id.eq_any(voter_ids))
        .select(roll::voter_id)
        .load(connection)
}

/// The next [`LOOKUP_ROWS`] voter identifiers in the order of their rows; from the first if
/// `after` is `None`, empty at the end.
///
/// # Errors
/// The query fails.
pub fn voter_ids_after(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    after: Option<RollId>,
) -> QueryResult<Vec<(RollId, String)>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::id.gt(after.unwrap_or(RollId(i64::MIN))))
        .order(roll::id)
        .limit(1_000)
        .select((roll::id, roll::voter_id))
        .load(connection)
}

/// The next 4,096 rows, without personal data; from the first if `after` is `None`, empty at the end.
///
/// # Errors
/// The query fails.
pub fn eligibility_after(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    after: Option<RollId>,
) -> QueryResult<Vec<Eligibility>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::id.gt(after.unwrap_or(RollId(i64::MIN))))
        .order(roll::id)
        .limit(4_096)
        .select(Eligibility::as_select())
        .load(connection)
}

/// Inserts at most [`INSERT_ROWS`] rows.
///
/// # Errors
/// A unique violation if a voter is there already.
pub fn insert(connection: &mut Connection, rows: &[NewRow]) -> QueryResult<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    roll_changes::ensure_state(connection, (first.tenant_id, first.election_id))?;
    diesel::insert_into(roll_rows::table)
        .values(rows)
        .execute(connection)?;
    Ok(())
}

/// Gives at most [`LOOKUP_ROWS`] voters credentials in the assignment of this version, which holds only
/// once [`roll_changes::set_assignment`] says so. Returns whether the roll has all of them.
///
/// # Errors
/// A unique violation if a voter or a credential is in the assignment already.
pub fn assign(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    version: i64,
    credentials: &HashMap<String, u32>,
) -> QueryResult<bool> {
    let voters: Vec<(RollId, String)> = roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::voter_id.eq_any(credentials.keys()))
        .select((roll::id, roll::voter_id))
        .load(connection)?;
    let rows: Vec<_> = voters
        .iter()
        .filter_map(|(id, voter_id)| {
            let index = credentials.get(voter_id)?;
            Some((
                roll_credentials::roll_id.eq(id),
                roll_credentials::version.eq(version),
                roll_credentials::tenant_id.eq(tenant),
                roll_credentials::election_id.eq(election),
                roll_credentials::credential_index.eq(i64::from(*index)),
            ))
        })
        .collect();
    let inserted = diesel::insert_into(roll_credentials::table)
        .values(rows)
        .execute(connection)?;
    Ok(inserted == credentials.len())
}

/// The row of a voter.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    voter_id: &str,
) -> QueryResult<Option<Voter>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::voter_id.eq(voter_id))
        .select(Voter::as_select())
        .first(connection)
        .optional()
}

/// Gives the voter of a revoked credential the one that was issued instead.
///
/// # Errors
/// The query fails.
pub fn reissue(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    revoked: u32,
    new: u32,
) -> QueryResult<()> {
    let Some(version) = roll_changes::assignment(connection, (tenant, election))? else {
        return Ok(());
    };
    diesel::update(roll_credentials::table)
        .filter(roll_credentials::tenant_id.eq(tenant))
        .filter(roll_credentials::election_id.eq(election))
        .filter(roll_credentials::version.eq(version))
        .filter(roll_credentials::credential_index.eq(i64::from(revoked)))
        .set(roll_credentials::credential_index.eq(i64::from(new)))
        .execute(connection)?;
    Ok(())
}

/// A row by its key: a re-issue may have changed its credential since the session began.
///
/// # Errors
/// The query fails.
pub fn find_by_id(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    id: RollId,
) -> QueryResult<Option<Voter>> {
    roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::id.eq(id))
        .select(Voter::as_select())
        .first(connection)
        .optional()
}
