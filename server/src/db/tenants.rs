//! Tenants, and the database's own row.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{instance, tenants};
use crate::clock::Millis;
use crate::ids::TenantId;

/// A tenant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub struct Tenant {
    /// Key of everything it owns.
    pub id: TenantId,
    /// Name in paths.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// When it was made.
    pub created_at: Millis,
}

/// Makes a tenant.
///
/// # Errors
/// A unique violation if the slug is taken.
pub fn create(
    connection: &mut Connection,
    slug: &str,
    name: &str,
    now: Millis,
) -> QueryResult<TenantId> {
    diesel::insert_into(tenants::table)
        .values((
            tenants::slug.eq(slug),
            tenants::name.eq(name),
            tenants::created_at.eq(now),
        ))
        .returning(tenants::id)
        .get_result(connection)
}

/// The tenant with this slug.
///
/// # Errors
/// The query fails.
pub fn find(connection: &mut Connection, slug: &str) -> QueryResult<Option<Tenant>> {
    tenants::table
        .filter(tenants::slug.eq(slug))
        .select(Tenant::as_select())
        .first(connection)
        .optional()
}

/// All tenants by slug.
///
/// # Errors
/// The query fails.
pub fn list(connection: &mut Connection) -> QueryResult<Vec<Tenant>> {
    tenants::table
        .order(tenants::slug)
        .select(Tenant::as_select())
        .load(connection)
}

/// Writes the database's own row; `init` does it once.
///
/// # Errors
/// A unique violation if it is there already.
pub fn create_instance(connection: &mut Connection, now: Millis) -> QueryResult<()> {
    diesel::insert_into(instance::table)
        .values((instance::id.eq(1), instance::created_at.eq(now)))
        .execute(connection)?;
    Ok(())
}

/// When this database was copied by `backup`; `None` if it is no copy.
///
/// A server on a copy must not sign checkpoints: the world may have seen later ones.
///
/// # Errors
/// The query fails, or the row is missing.
pub fn copied_at(connection: &mut Connection) -> QueryResult<Option<Millis>> {
    instance::table
        .find(1)
        .select(instance::copied_at)
        .first(connection)
}

/// Removes the mark of a copy: an operator has compared it with what was published.
///
/// # Errors
/// The query fails.
pub fn clear_copied(connection: &mut Connection) -> QueryResult<()> {
    diesel::update(instance::table)
        .set(instance::copied_at.eq(None::<Millis>))
        .execute(connection)?;
    Ok(())
}

/// Marks this database as a copy.
///
/// # Errors
/// The query fails.
pub fn mark_copied(connection: &mut Connection, now: Millis) -> QueryResult<()> {
    diesel::update(instance::table)
        .set(instance::copied_at.eq(now))
        .execute(connection)?;
    Ok(())
}
