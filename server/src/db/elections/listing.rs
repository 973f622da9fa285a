//! Which elections stand in public lists.

use diesel::prelude::*;

use crate::db::connection::Connection;
use crate::db::schema::{elections, ledgers, tenants};
use crate::ids::TenantId;

/// An approved election in public lists.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// Slug of its tenant.
    pub tenant_slug: String,
    /// Name of its tenant.
    pub tenant_name: String,
    /// Its own slug.
    pub slug: String,
    /// Phase of its ledger.
    pub phase: String,
}

/// Approved elections that are not left out of public lists, of one tenant or of all, the newest
/// first.
///
/// # Errors
/// The query fails.
pub fn listed(
    connection: &mut Connection,
    tenant_slug: Option<&str>,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let mut query = ledgers::table
        .inner_join(elections::table.inner_join(tenants::table))
        .filter(elections::listed.eq(true))
        .order(elections::id.desc())
        .offset(offset)
        .limit(limit)
        .select((
            tenants::slug,
            tenants::name,
            elections::slug,
            ledgers::phase,
        ))
        .into_boxed();
    if let Some(slug) = tenant_slug {
        query = query.filter(tenants::slug.eq(slug));
    }
    query.load(connection)
}

/// Whether an election stands in public lists; `None` if there is no such election.
///
/// # Errors
/// The query fails.
pub fn is_listed(
    connection: &mut Connection,
    tenant: TenantId,
    slug: &str,
) -> QueryResult<Option<bool>> {
    elections::table
        .filter(
            elections::tenant_id
                .eq(tenant)
                .and(elections::slug.eq(slug)),
        )
        .select(elections::listed)
        .first(connection)
        .optional()
}

/// Puts an election into public lists or leaves it out; whether there is such an election.
///
/// # Errors
/// The query fails.
pub fn set_listed(
    connection: &mut Connection,
    tenant: TenantId,
    slug: &str,
    listed: bool,
) -> QueryResult<bool> {
    let changed = diesel::update(elections::table)
        .filter(
            elections::tenant_id
                .eq(tenant)
                .and(elections::slug.eq(slug)),
        )
        .set(elections::listed.eq(listed))
        .execute(connection)?;
    Ok(changed == 1)
}
