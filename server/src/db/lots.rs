//! Draws of the order of options.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{lots, staff};
use crate::clock::Millis;
use crate::ids::{ElectionId, StaffId, TenantId};

/// A draw, prepared or done.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = lots)]
pub struct Lot {
    /// Key.
    pub id: i64,
    /// Number of the contest.
    pub contest: i32,
    /// JSON list of the options' Korean titles when it was prepared.
    pub options: String,
    /// Secret until the draw.
    pub seed: Vec<u8>,
    /// When it was prepared.
    pub made_at: Millis,
    /// What people in the room added.
    pub contribution: Option<String>,
    /// JSON list: the old number of the option at each new place.
    pub drawn: Option<String>,
    /// When it was drawn.
    pub drawn_at: Option<Millis>,
}

type Owner = (TenantId, ElectionId);

/// Prepares a draw; its key.
///
/// # Errors
/// The query fails.
pub fn insert(
    connection: &mut Connection,
    owner: Owner,
    contest: i32,
    options: &str,
    seed: &[u8; 32],
    by: StaffId,
    now: Millis,
) -> QueryResult<i64> {
    diesel::insert_into(lots::table)
        .values((
            lots::tenant_id.eq(owner.0),
            lots::election_id.eq(owner.1),
            lots::contest.eq(contest),
            lots::options.eq(options),
            lots::seed.eq(&seed[..]),
            lots::made_by.eq(by),
            lots::made_at.eq(now),
        ))
        .returning(lots::id)
        .get_result(connection)
}

/// An election's draws, oldest first.
///
/// # Errors
/// The query fails.
pub fn list(connection: &mut Connection, (tenant, election): Owner) -> QueryResult<Vec<Lot>> {
    lots::table
        .filter(
            lots::tenant_id
                .eq(tenant)
                .and(lots::election_id.eq(election)),
        )
        .order(lots::id)
        .select(Lot::as_select())
        .load(connection)
}

/// An election's draws, oldest first, with the log-in name of who drew.
///
/// # Errors
/// The query fails.
pub fn list_named(
    connection: &mut Connection,
    (tenant, election): Owner,
) -> QueryResult<Vec<(Lot, Option<String>)>> {
    lots::table
        .left_join(staff::table)
        .filter(
            lots::tenant_id
                .eq(tenant)
                .and(lots::election_id.eq(election)),
        )
        .order(lots::id)
        .select((Lot::as_select(), staff::login.nullable()))
        .load(connection)
}

/// Notes the outcome of a draw; whether it was not drawn before.
///
/// # Errors
/// The query fails.
pub fn draw(
    connection: &mut Connection,
    id: i64,
    contribution: &str,
    drawn: &str,
    by: StaffId,
    now: Millis,
) -> QueryResult<bool> {
    let changed = diesel::update(lots::table.find(id))
        .filter(lots::drawn.is_null())
        .set((
            lots::contribution.eq(contribution),
            lots::drawn.eq(drawn),
            lots::drawn_by.eq(by),
            lots::drawn_at.eq(now),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}
