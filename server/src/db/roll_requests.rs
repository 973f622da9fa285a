//! What staff asks for about one voter once the roll is sealed.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{roll, roll_requests};
use crate::clock::Millis;
use crate::ids::{ElectionId, RollId, StaffId, TenantId};

/// A request, with the voter it is about.
#[derive(Debug, Clone, Queryable)]
pub struct Request {
    /// Key.
    pub id: i64,
    /// The voter.
    pub roll_id: RollId,
    /// What the voter types to identify.
    pub voter_id: String,
    /// Name of the voter.
    pub name: String,
    /// `contact` or `reissue`.
    pub kind: String,
    /// New address for one-time codes.
    pub contact: Option<String>,
    /// Credential to be replaced.
    pub credential_index: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub requested_by: StaffId,
    /// When.
    pub requested_at: Millis,
    /// How it was decided; `None` while open.
    pub accepted: Option<bool>,
    /// Who decided.
    pub decided_by: Option<StaffId>,
    /// When.
    pub decided_at: Option<Millis>,
}

/// A request to insert.
#[derive(Debug, Insertable)]
#[diesel(table_name = roll_requests)]
pub struct NewRequest<'a> {
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// The election.
    pub election_id: ElectionId,
    /// The voter.
    pub roll_id: RollId,
    /// `contact` or `reissue`.
    pub kind: &'a str,
    /// New address.
    pub contact: Option<&'a str>,
    /// Credential to be replaced.
    pub credential_index: Option<i64>,
    /// Why.
    pub reason: &'a str,
    /// Who asks.
    pub requested_by: StaffId,
    /// When.
    pub requested_at: Millis,
}

/// Stores a request; its key.
///
/// # Errors
/// The query fails.
pub fn insert(connection: &mut Connection, new: &NewRequest<'_>) -> QueryResult<i64> {
    diesel::insert_into(roll_requests::table)
        .values(new)
        .returning(roll_requests::id)
        .get_result(connection)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of(owner: (TenantId, ElectionId)) -> _ {
    let tenant: TenantId = owner.0;
    let election: ElectionId = owner.1;
    roll_requests::table
        .inner_join(roll::table)
        .filter(
            roll_requests::tenant_id
                .eq(tenant)
                .and(roll_requests::election_id.eq(election)),
        )
        .select((
            roll_requests::id,
            roll_requests::roll_id,
            roll::voter_id,
            roll::name,
            roll_requests::kind,
            roll_requests::contact,
            roll_requests::credential_index,
            roll_requests::reason,
            roll_requests::requested_by,
            roll_requests::requested_at,
            roll_requests::accepted,
            roll_requests::decided_by,
            roll_requests::decided_at,
        ))
}

/// An election's requests, the newest first.
///
/// # Errors
/// The query fails.
pub fn list(
    connection: &mut Connection,
    owner: (TenantId, ElectionId),
    limit: i64,
) -> QueryResult<Vec<Request>> {
    of(owner)
        .order(roll_requests::id.desc())
        .limit(limit)
        .load(connection)
}

/// One request.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    owner: (TenantId, ElectionId),
    id: i64,
) -> QueryResult<Option<Request>> {
    of(owner)
        .filter(roll_requests::id.eq(id))
        .first(connection)
        .optional()
}

/// Whether the voter has an open request of this kind.
///
/// # Errors
/// The query fails.
pub fn is_open(connection: &mut Connection, roll: RollId, kind: &str) -> QueryResult<bool> {
    let open = roll_requests::table
        .filter(roll_requests::roll_id.eq(roll))
        .filter(roll_requests::kind.eq(kind))
        .filter(roll_requests::accepted.is_null());
    diesel::select(diesel::dsl::exists(open)).get_result(connection)
}

/// Everyone who ever asked for a re-issue of this credential, also those who withdrew.
///
/// # Errors
/// The query fails.
pub fn reissue_askers(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    credential_index: u32,
) -> QueryResult<Vec<StaffId>> {
    roll_requests::table
        .filter(
            roll_requests::tenant_id
                .eq(tenant)
                .and(roll_requests::election_id.eq(election)),
        )
        .filter(roll_requests::kind.eq("reissue"))
        .filter(roll_requests::credential_index.eq(i64::from(credential_index)))
        .select(roll_requests::requested_by)
        .distinct()
        .load(connection)
}

/// Decides an open request.
///
/// # Errors
/// The query fails.
pub fn decide(
    connection: &mut Connection,
    id: i64,
    accepted: bool,
    by: StaffId,
    now: Millis,
) -> QueryResult<()> {
    diesel::update(roll_requests::table.find(id))
        .filter(roll_requests::accepted.is_null())
        .set((
            roll_requests::accepted.eq(accepted),
            roll_requests::decided_by.eq(by),
            roll_requests::decided_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}
