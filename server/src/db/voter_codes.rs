//! One-time codes of voters, hashed. Those of one voter live side by side until they end or one of
//! them is used.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{roll, voter_codes};
use crate::clock::{MINUTE, Millis};
use crate::ids::{ElectionId, RollId, TenantId};

/// A code that was sent.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = voter_codes)]
pub struct VoterCode {
    /// Row of the roll.
    pub roll_id: RollId,
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// When it was made.
    pub sent_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// HMAC of the code.
    pub code_hash: Vec<u8>,
}

/// A code that can be used now.
#[derive(Debug, Clone, Queryable)]
pub struct LiveCode {
    /// Row of the roll.
    pub roll_id: RollId,
    /// When it was made.
    pub sent_at: Millis,
    /// HMAC of the code.
    pub code_hash: Vec<u8>,
}

/// When the newest code of a voter was made.
///
/// # Errors
/// The query fails.
pub fn newest(
    connection: &mut Connection,
    tenant: TenantId,
    roll_id: RollId,
) -> QueryResult<Option<Millis>> {
    voter_codes::table
        .filter(
            voter_codes::tenant_id
                .eq(tenant)
                .and(voter_codes::roll_id.eq(roll_id)),
        )
        .select(diesel::dsl::max(voter_codes::sent_at))
        .first(connection)
}

/// Stores a code and forgets those of the same voter that have ended.
///
/// # Errors
/// The query fails.
pub fn put(connection: &mut Connection, code: &VoterCode) -> QueryResult<()> {
    diesel::delete(
        voter_codes::table
            .filter(voter_codes::roll_id.eq(code.roll_id))
            .filter(voter_codes::expires_at.le(code.sent_at)),
    )
    .execute(connection)?;
    diesel::insert_into(voter_codes::table)
        .values(code)
        .on_conflict((voter_codes::roll_id, voter_codes::sent_at))
        .do_update()
        .set(code)
        .execute(connection)?;
    Ok(())
}

/// The codes that the voter with this identifier can use at `now`, newest first; none of an unknown
/// voter.
///
/// # Errors
/// The query fails.
pub fn live(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    voter_id: &str,
    now: Millis,
    limit: i64,
) -> QueryResult<Vec<LiveCode>> {
    roll::table
        .inner_join(voter_codes::table)
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election))
                .and(roll::voter_id.eq(voter_id)),
        )
        .filter(voter_codes::expires_at.gt(now))
        // A clock that was set back must not keep codes alive.
        .filter(voter_codes::sent_at.le(now + MINUTE))
        .order(voter_codes::sent_at.desc())
        .limit(limit)
        .select((
            voter_codes::roll_id,
            voter_codes::sent_at,
            voter_codes::code_hash,
        ))
        .load(connection)
}

/// Uses a code up, and with it all others of the voter. Whether it was still there.
///
/// # Errors
/// The query fails.
pub fn take(connection: &mut Connection, code: &LiveCode) -> QueryResult<bool> {
    let taken = diesel::delete(voter_codes::table.find((code.roll_id, code.sent_at)));
    if taken.execute(connection)? == 0 {
        return Ok(false);
    }
    diesel::delete(voter_codes::table.filter(voter_codes::roll_id.eq(code.roll_id)))
        .execute(connection)?;
    Ok(true)
}

/// Ends all codes of a voter: they went to an address that is no longer the voter's.
///
/// # Errors
/// The query fails.
pub fn forget(connection: &mut Connection, tenant: TenantId, roll_id: RollId) -> QueryResult<()> {
    diesel::delete(
        voter_codes::table.filter(
            voter_codes::tenant_id
                .eq(tenant)
                .and(voter_codes::roll_id.eq(roll_id)),
        ),
    )
    .execute(connection)?;
    Ok(())
}
