//! Staff accounts.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{staff, staff_sessions, tenants};
use super::staff_control;
use crate::auth::{PasswordHash, Roles};
use crate::clock::Millis;
use crate::ids::{StaffId, TenantId};

/// A staff account without its password hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff)]
pub struct Staff {
    /// Key.
    pub id: StaffId,
    /// The tenant it works for.
    pub tenant_id: TenantId,
    /// Name to log in with, lower case.
    pub login: String,
    /// What it may do.
    #[diesel(deserialize_as = String)]
    pub roles: Roles,
    /// When it was made.
    pub created_at: Millis,
    /// When it was locked; `None` while it works.
    pub disabled_at: Option<Millis>,
    /// Whether its password is one that somebody else has chosen or seen.
    pub must_change_password: bool,
}

/// What a log-in needs.
#[derive(Queryable)]
pub struct Credentials {
    /// Key.
    pub id: StaffId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// PHC string.
    pub password_hash: String,
    /// When it was locked.
    pub disabled_at: Option<Millis>,
}

/// A new account.
pub struct NewStaff<'a> {
    /// The tenant it works for.
    pub tenant: TenantId,
    /// Name to log in with, lower case.
    pub login: &'a str,
    /// Hash of its password.
    pub password: &'a PasswordHash,
    /// What it may do.
    pub roles: &'a Roles,
    /// Who makes it and therefore knows its first password; `None` for who makes it for themselves.
    pub made_by: Option<StaffId>,
}

/// Makes an account.
///
/// # Errors
/// A unique violation if the tenant has this log-in name already.
pub fn create(
    connection: &mut Connection,
    new: &NewStaff<'_>,
    now: Millis,
) -> QueryResult<StaffId> {
    let id = diesel::insert_into(staff::table)
        .values((
            staff::tenant_id.eq(new.tenant),
            staff::login.eq(new.login),
            staff::password_hash.eq(new.password.as_str()),
            staff::roles.eq(new.roles.to_text()),
            staff::created_at.eq(now),
            staff::must_change_password.eq(new.made_by.is_some()),
        ))
        .returning(staff::id)
        .get_result(connection)?;
    if let Some(by) = new.made_by {
        staff_control::note(connection, id, by)?;
    }
    Ok(id)
}

/// What the log-in of `login` at the tenant with this slug needs.
///
/// # Errors
/// The query fails.
pub fn credentials(
    connection: &mut Connection,
    tenant_slug: &str,
    login: &str,
) -> QueryResult<Option<Credentials>> {
    staff::table
        .inner_join(tenants::table)
        .filter(tenants::slug.eq(tenant_slug).and(staff::login.eq(login)))
        .select((
            staff::id,
            staff::tenant_id,
            staff::password_hash,
            staff::disabled_at,
        ))
        .first(connection)
        .optional()
}

/// The stored password hash of one account, to check it before a change.
///
/// # Errors
/// The query fails.
pub fn password_hash(
    connection: &mut Connection,
    tenant: TenantId,
    id: StaffId,
) -> QueryResult<Option<String>> {
    staff::table
        .filter(staff::tenant_id.eq(tenant).and(staff::id.eq(id)))
        .select(staff::password_hash)
        .first(connection)
        .optional()
}

/// One account of `tenant`.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    tenant: TenantId,
    id: StaffId,
) -> QueryResult<Option<Staff>> {
    staff::table
        .filter(staff::tenant_id.eq(tenant).and(staff::id.eq(id)))
        .select(Staff::as_select())
        .first(connection)
        .optional()
}

/// All accounts of `tenant` by log-in name.
///
/// # Errors
/// The query fails.
pub fn list(connection: &mut Connection, tenant: TenantId) -> QueryResult<Vec<Staff>> {
    staff::table
        .filter(staff::tenant_id.eq(tenant))
        .order(staff::login)
        .select(Staff::as_select())
        .load(connection)
}

/// Sets the roles of one account. Returns whether it exists.
///
/// # Errors
/// The query fails.
pub fn set_roles(
    connection: &mut Connection,
    tenant: TenantId,
    id: StaffId,
    roles: &Roles,
) -> QueryResult<bool> {
    let changed =
        diesel::update(staff::table.filter(staff::tenant_id.eq(tenant).and(staff::id.eq(id))))
            .set(staff::roles.eq(roles.to_text()))
            .execute(connection)?;
    Ok(changed == 1)
}

/// Locks (`Some`) or unlocks an account. Returns whether it exists.
///
/// # Errors
/// The query fails.
pub fn set_disabled(
    connection: &mut Connection,
    tenant: TenantId,
    id: StaffId,
    disabled_at: Option<Millis>,
) -> QueryResult<bool> {
    let changed =
        diesel::update(staff::table.filter(staff::tenant_id.eq(tenant).and(staff::id.eq(id))))
            .set(staff::disabled_at.eq(disabled_at))
            .execute(connection)?;
    Ok(changed == 1)
}

/// Sets the password of one account: its own holder's choice, or one that must be changed. Returns
/// whether it exists.
///
/// # Errors
/// The query fails.
pub fn set_password(
    connection: &mut Connection,
    tenant: TenantId,
    id: StaffId,
    password: &PasswordHash,
    must_change: bool,
) -> QueryResult<bool> {
    let changed =
        diesel::update(staff::table.filter(staff::tenant_id.eq(tenant).and(staff::id.eq(id))))
            .set((
                staff::password_hash.eq(password.as_str()),
                staff::must_change_password.eq(must_change),
            ))
            .execute(connection)?;
    Ok(changed == 1)
}

/// Number of accounts of `tenant` that are not locked and hold `role_name`.
///
/// # Errors
/// The query fails.
pub fn count_active_with(
    connection: &mut Connection,
    tenant: TenantId,
    role: crate::auth::Role,
) -> QueryResult<usize> {
    let accounts = list(connection, tenant)?;
    Ok(accounts
        .iter()
        .filter(|s| s.disabled_at.is_none() && s.roles.has(role))
        .count())
}

/// The account and tenant slug behind a session that was not revoked and has not ended.
///
/// # Errors
/// The query fails.
pub fn of_live_session(
    connection: &mut Connection,
    session: &[u8],
    now: Millis,
) -> QueryResult<Option<(Staff, String)>> {
    staff_sessions::table
        .inner_join(staff::table.inner_join(tenants::table))
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::revoked_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .filter(staff::disabled_at.is_null())
        .select((Staff::as_select(), tenants::slug))
        .first(connection)
        .optional()
}
