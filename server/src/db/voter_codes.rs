//! One-time codes: at most one a voter, hashed.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::voter_codes;
use crate::clock::Millis;
use crate::ids::{RollId, TenantId};

/// The newest code of a voter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = voter_codes)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct VoterCode {
    /// Row of the roll.
    pub roll_id: RollId,
    /// Tenant of the election.
    pub tenant_id: TenantId,
    /// HMAC of the code; `None` once used or given up.
    pub code_hash: Option<Vec<u8>>,
    /// When it was made.
    pub sent_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// Wrong tries it still survives.
    pub attempts_left: i64,
    /// Begin of the hour in which codes are counted.
    pub hour_began: Millis,
    /// Codes since then.
    pub sent_in_hour: i64,
}

/// The newest code of a voter.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    tenant: TenantId,
    roll_id: RollId,
) -> QueryResult<Option<VoterCode>> {
    voter_codes::table
        .filter(
            voter_codes::tenant_id
                .eq(tenant)
                .and(voter_codes::roll_id.eq(roll_id)),
        )
        .select(VoterCode::as_select())
        .first(connection)
        .optional()
}

/// Stores `code` in place of the voter's last one.
///
/// # Errors
/// The query fails.
pub fn put(connection: &mut Connection, code: &VoterCode) -> QueryResult<()> {
    diesel::insert_into(voter_codes::table)
        .values(code)
        .on_conflict(voter_codes::roll_id)
        .do_update()
        .set(code)
        .execute(connection)?;
    Ok(())
}
