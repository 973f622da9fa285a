//! Entries: durable first, in the log afterwards.

use std::ops::Range;

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::entries;
use crate::clock::Millis;
use crate::ids::{ElectionId, TenantId};

/// Rows of one statement: SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

/// An entry to be stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = entries)]
#[diesel(treat_none_as_default_value = false)]
pub struct NewEntry {
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// The election.
    pub election_id: ElectionId,
    /// Entry type.
    pub kind: i32,
    /// What is unique about it: see the migration.
    pub code: Vec<u8>,
    /// Ballots and posted challenges: whose.
    pub credential_index: Option<i64>,
    /// The entry.
    pub bytes: Vec<u8>,
    /// Ballots: promised time in seconds.
    pub deadline: Option<i64>,
    /// Position in the log, if it has one already.
    pub log_index: Option<i64>,
    /// Entries of roles: when.
    pub appended_at: Option<Millis>,
}

/// An entry that waits for its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct PendingEntry {
    /// Row.
    pub id: i64,
    /// Entry type.
    pub kind: i32,
    /// Confirmation code.
    pub code: Vec<u8>,
    /// Whose.
    pub credential_index: Option<i64>,
    /// The entry.
    pub bytes: Vec<u8>,
}

/// What is known of an entry that is there.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct KnownEntry {
    /// Entry type.
    pub kind: i32,
    /// What is unique about it.
    pub code: Vec<u8>,
    /// Whose, for ballots and posted challenges.
    pub credential_index: Option<i64>,
    /// Promised time in seconds, for ballots.
    pub deadline: Option<i64>,
    /// Position in the log.
    pub log_index: Option<i64>,
}

/// The beginning of an entry that roles signed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct RoleEntry {
    /// Entry type.
    pub kind: i32,
    /// Position in the log.
    pub log_index: Option<i64>,
    /// When it got its place, if that is known.
    pub appended_at: Option<Millis>,
    /// Its first [`HEAD_BYTES`] bytes.
    pub head: Vec<u8>,
}

/// Bytes of an entry in [`RoleEntry`]: short entries whole, of long ones what comes before the lists.
pub const HEAD_BYTES: i32 = 8_192;

diesel::define_sql_function! {
    /// The `length` bytes of `value` from byte `start` on, the first being 1.
    fn substr(value: diesel::sql_types::Binary, start: diesel::sql_types::Integer, length: diesel::sql_types::Integer) -> diesel::sql_types::Binary;
}

/// The entries of roles with these positions in the log, in order.
///
/// # Errors
/// The query fails.
pub fn of_roles(
    connection: &mut Connection,
    election: ElectionId,
    range: &Range<i64>,
) -> QueryResult<Vec<RoleEntry>> {
    entries::table
        .filter(entries::election_id.eq(election))
        .filter(entries::credential_index.is_null())
        .filter(
            entries::log_index
                .ge(range.start)
                .and(entries::log_index.lt(range.end)),
        )
        .order(entries::log_index)
        .select((
            entries::kind,
            entries::log_index,
            entries::appended_at,
            substr(entries::bytes, 1, HEAD_BYTES),
        ))
        .load(connection)
}

/// Stores entries.
///
/// # Errors
/// A unique violation if one is there already.
pub fn insert(connection: &mut Connection, rows: &[NewEntry]) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(entries::table)
            .values(rows)
            .execute(connection)?;
    }
    Ok(())
}

/// Entries that are durable but not in the log, in the order they became durable.
///
/// # Errors
/// The query fails.
pub fn pending(
    connection: &mut Connection,
    election: ElectionId,
    limit: i64,
) -> QueryResult<Vec<PendingEntry>> {
    entries::table
        .filter(entries::election_id.eq(election))
        .filter(entries::log_index.is_null())
        .order(entries::id)
        .limit(limit)
        .select(PendingEntry::as_select())
        .load(connection)
}

/// Number of entries that are durable but not in the log.
///
/// # Errors
/// The query fails.
pub fn count_pending(connection: &mut Connection, election: ElectionId) -> QueryResult<i64> {
    entries::table
        .filter(entries::election_id.eq(election))
        .filter(entries::log_index.is_null())
        .count()
        .get_result(connection)
}

/// Gives pending entries (by row) their positions in the log; the number of rows changed.
///
/// # Errors
/// The query fails.
pub fn sequence(connection: &mut Connection, places: &[(i64, i64)]) -> QueryResult<usize> {
    let mut changed = 0;
    for (id, log_index) in places {
        changed += diesel::update(entries::table.find(id))
            .filter(entries::log_index.is_null())
            .set(entries::log_index.eq(log_index))
            .execute(connection)?;
    }
    Ok(changed)
}

/// Gives the pending entry with this code its position in the log; whether there is one.
///
/// # Errors
/// The query fails.
pub fn place(
    connection: &mut Connection,
    election: ElectionId,
    code: &[u8],
    log_index: i64,
) -> QueryResult<bool> {
    let entry = entries::table
        .filter(entries::election_id.eq(election))
        .filter(entries::code.eq(code))
        .filter(entries::log_index.is_null());
    let changed = diesel::update(entry)
        .set(entries::log_index.eq(log_index))
        .execute(connection)?;
    Ok(changed == 1)
}

/// The entries with these positions in the log, in order.
///
/// # Errors
/// The query fails.
pub fn in_log(
    connection: &mut Connection,
    election: ElectionId,
    range: &Range<i64>,
) -> QueryResult<Vec<Vec<u8>>> {
    entries::table
        .filter(entries::election_id.eq(election))
        .filter(
            entries::log_index
                .ge(range.start)
                .and(entries::log_index.lt(range.end)),
        )
        .order(entries::log_index)
        .select(entries::bytes)
        .load(connection)
}

/// The entry with this code, without its bytes.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    election: ElectionId,
    code: &[u8],
) -> QueryResult<Option<KnownEntry>> {
    entries::table
        .filter(
            entries::election_id
                .eq(election)
                .and(entries::code.eq(code)),
        )
        .select(KnownEntry::as_select())
        .first(connection)
        .optional()
}

/// Those of the codes that are there.
///
/// # Errors
/// The query fails.
pub fn find_all(
    connection: &mut Connection,
    election: ElectionId,
    codes: &[&[u8]],
) -> QueryResult<Vec<KnownEntry>> {
    let mut found = Vec::new();
    for codes in codes.chunks(ROWS) {
        found.extend(
            entries::table
                .filter(entries::election_id.eq(election))
                .filter(entries::code.eq_any(codes))
                .select(KnownEntry::as_select())
                .load(connection)?,
        );
    }
    Ok(found)
}

/// Ballots and challenges whose code lies between `low` and `high`, both included; at most two, so
/// that the caller notices an ambiguous prefix.
///
/// # Errors
/// The query fails.
pub fn find_between(
    connection: &mut Connection,
    election: ElectionId,
    low: &[u8],
    high: &[u8],
) -> QueryResult<Vec<KnownEntry>> {
    entries::table
        .filter(entries::election_id.eq(election))
        .filter(entries::code.ge(low).and(entries::code.le(high)))
        .filter(entries::credential_index.is_not_null())
        .limit(2)
        .select(KnownEntry::as_select())
        .load(connection)
}
