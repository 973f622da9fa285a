//! The append-only trail of what staff did.
//!
//! An entry is written in the same transaction as the deed. It names things by slug, number or
//! count and never holds voters' data.

use std::borrow::Cow;

use diesel::prelude::*;
use serde_json::Value;

use super::connection::Connection;
use super::schema::{audit, staff};
use crate::clock::Millis;
use crate::ids::{StaffId, TenantId};

/// One deed.
pub struct Deed<'a> {
    /// Whose trail.
    pub tenant: TenantId,
    /// Who; `None` is the system.
    pub actor: Option<StaffId>,
    /// What, for example `election.submit`.
    pub action: &'static str,
    /// To what, for example `staff/7`.
    pub target: Cow<'a, str>,
    /// Slug of the election concerned.
    pub election: Option<&'a str>,
    /// More, as a JSON object; no personal data.
    pub detail: Value,
}

/// An entry as it is read.
#[derive(Debug, Queryable)]
pub struct Entry {
    /// Grows by one with each entry of the database.
    pub id: i64,
    /// When.
    pub at: Millis,
    /// Log-in name of who did it.
    pub actor: Option<String>,
    /// What.
    pub action: String,
    /// To what.
    pub target: String,
    /// Election concerned.
    pub election: Option<String>,
    /// JSON object.
    pub detail: String,
}

/// Appends `deed`.
///
/// # Errors
/// The query fails.
pub fn record(connection: &mut Connection, deed: &Deed<'_>, now: Millis) -> QueryResult<()> {
    diesel::insert_into(audit::table)
        .values((
            audit::tenant_id.eq(deed.tenant),
            audit::at.eq(now),
            audit::actor_id.eq(deed.actor),
            audit::action.eq(deed.action),
            audit::target.eq(deed.target.as_ref()),
            audit::election.eq(deed.election),
            audit::detail.eq(deed.detail.to_string()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Entries of `tenant` after number `after`, oldest first, at most `limit`; of one election if
/// its slug is given.
///
/// # Errors
/// The query fails.
pub fn page(
    connection: &mut Connection,
    tenant: TenantId,
    election: Option<&str>,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    let mut query = audit::table
        .left_join(staff::table)
        .filter(audit::tenant_id.eq(tenant).and(audit::id.gt(after)))
        .order(audit::id)
        .limit(limit)
        .select((
            audit::id,
            audit::at,
            staff::login.nullable(),
            audit::action,
            audit::target,
            audit::election,
            audit::detail,
        ))
        .into_boxed();
    if let Some(election) = election {
        query = query.filter(audit::election.eq(election));
    }
    query.load(connection)
}
