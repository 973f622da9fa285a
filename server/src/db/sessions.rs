//! Log-ins of staff and their rotating refresh tokens.
//!
//! A session is one log-in; its refresh tokens replace each other. Each token works once: a
//! second use means that someone holds a copy, so the whole session is revoked. A page that was
//! left before the answer came asks a second time within moments: that is forgiven as long as the
//! answer that was lost is not used, and whoever uses it later is the second one. Access tokens
//! name their session and are refused as soon as it is revoked.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{refresh_tokens, staff, staff_sessions, tenants};
use crate::clock::{Millis, SECOND};
use crate::ids::{StaffId, TenantId};

/// How long after its use a token may be used once more, its answer being lost.
pub const FORGIVEN: Millis = 10 * SECOND;

/// SHA-256 of a refresh token.
pub type TokenHash = [u8; 32];
/// Random identifier of a session.
pub type SessionId = [u8; 16];

/// What became of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// The next token is stored.
    Continued {
        /// The session that goes on.
        session: SessionId,
        /// Its owner.
        staff: StaffId,
    },
    /// The token was used before: its session is revoked now.
    Reused {
        /// The tenant of the owner.
        tenant: TenantId,
        /// The owner.
        staff: StaffId,
    },
    /// Unknown, expired, revoked, or its owner is locked.
    Refused,
}

/// Starts a session with its first refresh token, and forgets sessions that have ended.
///
/// # Errors
/// The query fails.
pub fn start(
    connection: &mut Connection,
    staff: StaffId,
    id: &SessionId,
    token: &TokenHash,
    now: Millis,
    token_expires_at: Millis,
    session_expires_at: Millis,
) -> QueryResult<()> {
    diesel::delete(staff_sessions::table.filter(staff_sessions::expires_at.le(now)))
        .execute(connection)?;
    diesel::insert_into(staff_sessions::table)
        .values((
            staff_sessions::id.eq(&id[..]),
            staff_sessions::staff_id.eq(staff),
            staff_sessions::created_at.eq(now),
            staff_sessions::expires_at.eq(session_expires_at),
        ))
        .execute(connection)?;
    insert_token(connection, id, token, token_expires_at)
}

/// Replaces `token` by `next`.
///
/// # Errors
/// The query fails.
pub fn refresh(
    connection: &mut Connection,
    token: &TokenHash,
    next: &TokenHash,
    now: Millis,
    next_expires_at: Millis,
) -> QueryResult<Refreshed> {
    let found: Option<Found> = refresh_tokens::table
        .inner_join(staff_sessions::table.inner_join(staff::table.inner_join(tenants::table)))
        .filter(refresh_tokens::token_hash.eq(&token[..]))
        .select(Found::as_select())
        .first(connection)
        .optional()?;
    let Some(found) = found else {
        return Ok(Refreshed::Refused);
    };
    let Ok(session) = SessionId::try_from(found.session_id.as_slice()) else {
        return Ok(Refreshed::Refused);
    };
    if let Some(used_at) = found.used_at
        && !forgive(connection, &session, used_at, now)?
    {
        revoke(connection, &session, now)?;
        return Ok(Refreshed::Reused {
            tenant: found.tenant_id,
            staff: found.staff_id,
        });
    }
    let live = found.revoked_at.is_none()
        && found.disabled_at.is_none()
        && found.token_expires_at > now
        && found.session_expires_at > now;
    if !live {
        return Ok(Refreshed::Refused);
    }
    // What is forgiven stays used when it first was: time for it does not begin anew.
    diesel::update(refresh_tokens::table.find(&token[..]))
        .filter(refresh_tokens::used_at.is_null())
        .set(refresh_tokens::used_at.eq(now))
        .execute(connection)?;
    insert_token(
        connection,
        &session,
        next,
        next_expires_at.min(found.session_expires_at),
    )?;
    Ok(Refreshed::Continued {
        session,
        staff: found.staff_id,
    })
}

/// Whether a token that was used at `used_at` may be used again: moments later, and nobody used the
/// one that it was answered with, which from now on counts as used.
fn forgive(
    connection: &mut Connection,
    session: &SessionId,
    used_at: Millis,
    now: Millis,
) -> QueryResult<bool> {
    if now.saturating_sub(used_at) > FORGIVEN {
        return Ok(false);
    }
    let later = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq(&session[..]))
        .filter(refresh_tokens::used_at.gt(used_at))
        .count()
        .get_result::<i64>(connection)?;
    if later > 0 {
        return Ok(false);
    }
    diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::session_id.eq(&session[..]))
        .filter(refresh_tokens::used_at.is_null())
        .set(refresh_tokens::used_at.eq(used_at))
        .execute(connection)?;
    Ok(true)
}

/// Ends one session at once.
///
/// # Errors
/// The query fails.
pub fn revoke(connection: &mut Connection, session: &SessionId, now: Millis) -> QueryResult<()> {
    diesel::update(staff_sessions::table.find(&session[..]))
        .filter(staff_sessions::revoked_at.is_null())
        .set(staff_sessions::revoked_at.eq(now))
        .execute(connection)?;
    Ok(())
}

/// Ends all sessions of one account at once.
///
/// # Errors
/// The query fails.
pub fn revoke_all_of(connection: &mut Connection, staff: StaffId, now: Millis) -> QueryResult<()> {
    diesel::update(staff_sessions::table.filter(staff_sessions::staff_id.eq(staff)))
        .filter(staff_sessions::revoked_at.is_null())
        .set(staff_sessions::revoked_at.eq(now))
        .execute(connection)?;
    Ok(())
}

fn insert_token(
    connection: &mut Connection,
    session: &SessionId,
    token: &TokenHash,
    expires_at: Millis,
) -> QueryResult<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(&token[..]),
            refresh_tokens::session_id.eq(&session[..]),
            refresh_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
struct Found {
    session_id: Vec<u8>,
    used_at: Option<Millis>,
    #[diesel(select_expression = refresh_tokens::expires_at)]
    token_expires_at: Millis,
    #[diesel(select_expression = staff_sessions::expires_at)]
    session_expires_at: Millis,
    #[diesel(select_expression = staff_sessions::revoked_at)]
    revoked_at: Option<Millis>,
    #[diesel(select_expression = staff::id)]
    staff_id: StaffId,
    #[diesel(select_expression = staff::tenant_id)]
    tenant_id: TenantId,
    #[diesel(select_expression = staff::disabled_at)]
    disabled_at: Option<Millis>,
}
