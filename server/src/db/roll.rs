//! Electoral rolls: the personal data of voters.
//!
//! # Security
//! Nothing from these rows goes to logs, the audit trail or the board, and only the voter's own
//! session or a tenant's authorised staff is answered from them.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::roll;
use crate::ids::{ElectionId, RollId, TenantId};

/// Rows that go into one INSERT: SQLite takes at most 32,766 parameters.
pub const INSERT_ROWS: usize = 2_000;
/// Voter identifiers that go into one lookup.
pub const LOOKUP_ROWS: usize = 1_000;

/// A row to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = roll, treat_none_as_default_value = false)]
pub struct NewRow {
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// The election.
    pub election_id: ElectionId,
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

/// Whether any row has a credential.
///
/// # Errors
/// The query fails.
pub fn is_assigned(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<bool> {
    let rows = roll::table
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::credential_index.is_not_null());
    diesel::select(diesel::dsl::exists(rows)).get_result(connection)
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
    diesel::insert_into(roll::table)
        .values(rows)
        .execute(connection)?;
    Ok(())
}

/// Deletes all rows and their one-time codes. Returns how many rows there were.
///
/// # Errors
/// The query fails.
pub fn clear(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<usize> {
    diesel::delete(
        roll::table.filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        ),
    )
    .execute(connection)
}

/// Takes the credential from every row.
///
/// # Errors
/// The query fails.
pub fn clear_assignment(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> QueryResult<usize> {
    diesel::update(
        roll::table.filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        ),
    )
    .filter(roll::credential_index.is_not_null())
    .set(roll::credential_index.eq(None::<i64>))
    .execute(connection)
}

/// Gives one voter a credential. Returns whether the roll has the voter.
///
/// # Errors
/// A unique violation if another voter has this credential.
pub fn assign(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
    voter_id: &str,
    credential_index: u32,
) -> QueryResult<bool> {
    let changed = diesel::update(
        roll::table.filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        ),
    )
    .filter(roll::voter_id.eq(voter_id))
    .set(roll::credential_index.eq(i64::from(credential_index)))
    .execute(connection)?;
    Ok(changed == 1)
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
    diesel::update(
        roll::table.filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        ),
    )
    .filter(roll::credential_index.eq(i64::from(revoked)))
    .set(roll::credential_index.eq(i64::from(new)))
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
