//! The trusted state of every election's log.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{elections, ledgers, tenants};
use crate::clock::Millis;
use crate::ids::{ElectionId, TenantId};

/// Where a log stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ledgers)]
pub struct LedgerRow {
    /// Whose log.
    pub election_id: ElectionId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// Number of entries.
    pub size: i64,
    /// Merkle tree root.
    pub root: Vec<u8>,
    /// What appending needs.
    pub frontier: Vec<u8>,
    /// Phase of the record, as the API names it.
    pub phase: String,
    /// Whether ballots are taken.
    pub accepting: bool,
}

/// A ledger with the names it is published under.
#[derive(Debug, Clone, Queryable)]
pub struct NamedLedger {
    /// The election.
    pub election: ElectionId,
    /// Slug of its tenant.
    pub tenant_slug: String,
    /// Its own slug.
    pub slug: String,
    /// Phase of the record.
    pub phase: String,
}

/// A state of the log, to compare with or to swap in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// Number of entries.
    pub size: i64,
    /// Merkle tree root.
    pub root: Vec<u8>,
    /// What appending needs.
    pub frontier: Vec<u8>,
}

/// Makes the row of a new log.
///
/// # Errors
/// A unique violation if the election has one.
pub fn create(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    state: &LogState,
    phase: &str,
    now: Millis,
) -> QueryResult<()> {
    diesel::insert_into(ledgers::table)
        .values((
            ledgers::election_id.eq(election),
            ledgers::tenant_id.eq(tenant),
            ledgers::created_at.eq(now),
            ledgers::size.eq(state.size),
            ledgers::root.eq(&state.root),
            ledgers::frontier.eq(&state.frontier),
            ledgers::phase.eq(phase),
            ledgers::accepting.eq(false),
        ))
        .execute(connection)?;
    Ok(())
}

/// The state of an election's log.
///
/// # Errors
/// The query fails.
pub fn find(connection: &mut Connection, election: ElectionId) -> QueryResult<Option<LedgerRow>> {
    ledgers::table
        .find(election)
        .select(LedgerRow::as_select())
        .first(connection)
        .optional()
}

/// All ledgers, in the order they were made.
///
/// # Errors
/// The query fails.
pub fn all(connection: &mut Connection) -> QueryResult<Vec<NamedLedger>> {
    named().order(ledgers::created_at).load(connection)
}

/// The ledger with these names.
///
/// # Errors
/// The query fails.
pub fn find_named(
    connection: &mut Connection,
    tenant_slug: &str,
    slug: &str,
) -> QueryResult<Option<NamedLedger>> {
    named()
        .filter(elections::slug.eq(slug))
        .filter(tenants::slug.eq(tenant_slug))
        .first(connection)
        .optional()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn named() -> _ {
    ledgers::table
        .inner_join(elections::table.inner_join(tenants::table))
        .select((
            ledgers::election_id,
            tenants::slug,
            elections::slug,
            ledgers::phase,
        ))
}

/// Replaces the state `old` by `new`; whether the row was in that state. A row in another state
/// was changed by another sequencer: the caller must not go on.
///
/// # Errors
/// The query fails.
pub fn compare_and_swap(
    connection: &mut Connection,
    election: ElectionId,
    old: &LogState,
    new: &LogState,
) -> QueryResult<bool> {
    let changed = diesel::update(ledgers::table.find(election))
        .filter(ledgers::size.eq(old.size).and(ledgers::root.eq(&old.root)))
        .set((
            ledgers::size.eq(new.size),
            ledgers::root.eq(&new.root),
            ledgers::frontier.eq(&new.frontier),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}

/// Notes where the record stands.
///
/// # Errors
/// The query fails.
pub fn set_phase(
    connection: &mut Connection,
    election: ElectionId,
    phase: &str,
) -> QueryResult<()> {
    diesel::update(ledgers::table.find(election))
        .set(ledgers::phase.eq(phase))
        .execute(connection)?;
    Ok(())
}

/// Takes ballots from now on, or no more.
///
/// # Errors
/// The query fails.
pub fn set_accepting(
    connection: &mut Connection,
    election: ElectionId,
    accepting: bool,
) -> QueryResult<()> {
    diesel::update(ledgers::table.find(election))
        .set(ledgers::accepting.eq(accepting))
        .execute(connection)?;
    Ok(())
}

/// Whether ballots are taken.
///
/// # Errors
/// The query fails.
pub fn accepts(connection: &mut Connection, election: ElectionId) -> QueryResult<bool> {
    ledgers::table
        .find(election)
        .select(ledgers::accepting)
        .first(connection)
        .optional()
        .map(|accepting| accepting.unwrap_or(false))
}
