//! Sending a code and exchanging it for a session, as transactions of the writer.
//!
//! Nothing tells a stranger whether a voter exists: a request is answered before anyone looks, and a
//! wrong code, an ended one and an unknown voter get the same answer.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::one_time_code::{CodeHasher, draw};
use crate::clock::{HOUR, MINUTE, Millis, SECOND};
use crate::config::VoterConfig;
use crate::db::connection::Connection;
use crate::db::roll::Voter;
use crate::db::voter_codes::VoterCode;
use crate::db::{roll, voter_codes};
use crate::frozen::FrozenElection;

/// Who asks, for which election.
#[derive(Clone)]
pub struct Request {
    /// The election, approved.
    pub election: Arc<FrozenElection>,
    /// What the voter typed.
    pub voter_id: String,
}

/// A code to be sent.
pub struct Sending {
    /// Address or number.
    pub contact: String,
    /// The code.
    pub code: Zeroizing<String>,
}

/// Draws and stores a new code, unless the voter is unknown or has had enough of them.
///
/// # Errors
/// The query fails.
pub fn new_code(
    connection: &mut Connection,
    request: &Request,
    hasher: &CodeHasher,
    config: &VoterConfig,
    now: Millis,
) -> diesel::QueryResult<Option<Sending>> {
    let (tenant, election) = (request.election.tenant, request.election.id);
    let Some(voter) = roll::find(connection, tenant, election, request.voter_id.trim())? else {
        return Ok(None);
    };
    let last = voter_codes::find(connection, tenant, voter.id)?;
    let (hour_began, sent_in_hour) = match &last {
        Some(last) if now - last.sent_at < Millis::from(config.resend_seconds) * SECOND => {
            return Ok(None);
        }
        Some(last) if now - last.hour_began < HOUR => (last.hour_began, last.sent_in_hour),
        _ => (now, 0),
    };
    if sent_in_hour >= i64::from(config.codes_per_hour) {
        return Ok(None);
    }
    let code = draw();
    let row = VoterCode {
        roll_id: voter.id,
        tenant_id: tenant,
        code_hash: Some(hasher.hash(voter.id, now, &code)),
        sent_at: now,
        expires_at: now + Millis::from(config.code_minutes) * MINUTE,
        attempts_left: i64::from(config.code_attempts),
        hour_began,
        sent_in_hour: sent_in_hour + 1,
    };
    voter_codes::put(connection, &row)?;
    Ok(Some(Sending {
        contact: voter.contact,
        code,
    }))
}

/// Takes a code. A right one works once; a wrong one uses up a try.
///
/// # Errors
/// The query fails.
pub fn take_code(
    connection: &mut Connection,
    request: &Request,
    code: &str,
    hasher: &CodeHasher,
    now: Millis,
) -> diesel::QueryResult<Option<Voter>> {
    let (tenant, election) = (request.election.tenant, request.election.id);
    let Some(voter) = roll::find(connection, tenant, election, request.voter_id.trim())? else {
        return Ok(None);
    };
    let Some(mut stored) = voter_codes::find(connection, tenant, voter.id)? else {
        return Ok(None);
    };
    let Some(hash) = stored.code_hash.take() else {
        return Ok(None);
    };
    if now >= stored.expires_at || now < stored.sent_at - MINUTE || stored.attempts_left < 1 {
        return Ok(None);
    }
    let right = hasher.matches(voter.id, stored.sent_at, code, &hash);
    stored.attempts_left -= 1;
    if !right && stored.attempts_left > 0 {
        stored.code_hash = Some(hash);
    }
    voter_codes::put(connection, &stored)?;
    Ok(right.then_some(voter))
}
