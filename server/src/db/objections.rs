//! Objections of observers and the replies to them.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{objection_replies, objections};
use crate::clock::Millis;
use crate::ids::{ElectionId, StaffId, TenantId};

/// An objection.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = objections)]
pub struct Objection {
    /// Key.
    pub id: i64,
    /// From 1 in its election.
    pub number: i64,
    /// When it came.
    pub at: Millis,
    /// What it says.
    pub text: String,
    /// How the observer signs.
    pub name: Option<String>,
    /// SHA-256 of evidence.
    pub evidence: Option<Vec<u8>>,
    /// Entry that it is about.
    pub log_index: Option<i64>,
    /// How staff reaches the observer; never public.
    pub contact: Option<String>,
    /// Why the text is not shown.
    pub withheld: Option<String>,
}

/// A reply.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = objection_replies)]
pub struct Reply {
    /// The objection.
    pub objection_id: i64,
    /// When.
    pub at: Millis,
    /// What it says.
    pub text: String,
}

/// What an observer sends.
#[derive(Debug, Clone)]
pub struct NewObjection {
    /// What it says.
    pub text: String,
    /// How the observer signs.
    pub name: Option<String>,
    /// SHA-256 of evidence.
    pub evidence: Option<Vec<u8>>,
    /// Entry that it is about.
    pub log_index: Option<i64>,
    /// How staff reaches the observer.
    pub contact: Option<String>,
}

type Owner = (TenantId, ElectionId);

/// Number of an election's objections; they are numbered without gaps.
///
/// # Errors
/// The query fails.
pub fn count(connection: &mut Connection, (tenant, election): Owner) -> QueryResult<i64> {
    objections::table
        .filter(
            objections::tenant_id
                .eq(tenant)
                .and(objections::election_id.eq(election)),
        )
        .count()
        .get_result(connection)
}

/// Stores an objection under the next number.
///
/// # Errors
/// The query fails; a unique violation if another writer was faster.
pub fn insert(
    connection: &mut Connection,
    owner: Owner,
    new: &NewObjection,
    now: Millis,
) -> QueryResult<i64> {
    let number = count(connection, owner)? + 1;
    diesel::insert_into(objections::table)
        .values((
            objections::tenant_id.eq(owner.0),
            objections::election_id.eq(owner.1),
            objections::number.eq(number),
            objections::at.eq(now),
            objections::text.eq(&new.text),
            objections::name.eq(&new.name),
            objections::evidence.eq(&new.evidence),
            objections::log_index.eq(new.log_index),
            objections::contact.eq(&new.contact),
        ))
        .execute(connection)?;
    Ok(number)
}

/// An election's objections after a number, in order.
///
/// # Errors
/// The query fails.
pub fn page(
    connection: &mut Connection,
    (tenant, election): Owner,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Objection>> {
    objections::table
        .filter(
            objections::tenant_id
                .eq(tenant)
                .and(objections::election_id.eq(election)),
        )
        .filter(objections::number.gt(after))
        .order(objections::number)
        .limit(limit)
        .select(Objection::as_select())
        .load(connection)
}

/// One objection.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    (tenant, election): Owner,
    number: i64,
) -> QueryResult<Option<Objection>> {
    objections::table
        .filter(
            objections::tenant_id
                .eq(tenant)
                .and(objections::election_id.eq(election)),
        )
        .filter(objections::number.eq(number))
        .select(Objection::as_select())
        .first(connection)
        .optional()
}

/// Replies to these objections, oldest first.
///
/// # Errors
/// The query fails.
pub fn replies(connection: &mut Connection, ids: &[i64]) -> QueryResult<Vec<Reply>> {
    objection_replies::table
        .filter(objection_replies::objection_id.eq_any(ids))
        .order(objection_replies::id)
        .select(Reply::as_select())
        .load(connection)
}

/// Stores a reply.
///
/// # Errors
/// The query fails.
pub fn reply(
    connection: &mut Connection,
    objection: i64,
    by: StaffId,
    text: &str,
    now: Millis,
) -> QueryResult<()> {
    diesel::insert_into(objection_replies::table)
        .values((
            objection_replies::objection_id.eq(objection),
            objection_replies::staff_id.eq(by),
            objection_replies::at.eq(now),
            objection_replies::text.eq(text),
        ))
        .execute(connection)?;
    Ok(())
}

/// Withholds the text of an objection, or shows it again.
///
/// # Errors
/// The query fails.
pub fn withhold(
    connection: &mut Connection,
    objection: i64,
    reason: Option<&str>,
) -> QueryResult<()> {
    diesel::update(objections::table.find(objection))
        .set(objections::withheld.eq(reason))
        .execute(connection)?;
    Ok(())
}
