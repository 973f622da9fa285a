//! Sending a code and exchanging it for a session.
//!
//! Nothing tells a stranger whether a voter exists: a request for a code is answered before anyone
//! looks. A wrong code, an ended one and an unknown voter get the same answer after the same work:
//! one lookup on a reading connection, which writes nothing, and the same number of hashes.
//!
//! Nothing a stranger does takes a code from a voter either. Codes stay until they end or one is
//! used, whoever asked for them; they all go to the voter. Requests refill evenly, at least one
//! within the life of a code, so a voter who is pestered has a code at any time.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::one_time_code::{CodeHasher, HASH_BYTES, draw};
use crate::auth::RateLimit;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::config::VoterConfig;
use crate::db::connection::Connection;
use crate::db::roll::Voter;
use crate::db::voter_codes::{LiveCode, VoterCode};
use crate::db::{roll, voter_codes};
use crate::frozen::FrozenElection;
use crate::ids::RollId;
use crate::roll::typed;

/// Codes of one voter that are looked at; and hashes computed for each try.
const LOOKED_AT: i64 = 16;

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

/// Draws and stores a new code, unless the voter is unknown or has had enough of them. For the
/// writer.
///
/// # Errors
/// The query fails.
pub fn new_code(
    connection: &mut Connection,
    request: &Request,
    hasher: &CodeHasher,
    (config, sent): (&VoterConfig, &RateLimit<RollId>),
    now: Millis,
) -> diesel::QueryResult<Option<Sending>> {
    let (tenant, election) = (request.election.tenant, request.election.id);
    let voter_id = typed(&request.voter_id);
    let Some(voter) = roll::find(connection, tenant, election, &voter_id)? else {
        return Ok(None);
    };
    let last = voter_codes::newest(connection, tenant, voter.id)?;
    if last.is_some_and(|last| now - last < Millis::from(config.resend_seconds) * SECOND)
        || sent.take(&voter.id, now).is_err()
    {
        return Ok(None);
    }
    let code = draw();
    let row = VoterCode {
        roll_id: voter.id,
        tenant_id: tenant,
        sent_at: now,
        expires_at: now + Millis::from(config.code_minutes) * MINUTE,
        code_hash: hasher.hash(voter.id, now, &code),
    };
    voter_codes::put(connection, &row)?;
    Ok(Some(Sending {
        contact: voter.contact,
        code,
    }))
}

/// The stored code that `code` is, if it is one of the voter's. Reads only.
///
/// # Errors
/// The query fails.
pub fn find_code(
    connection: &mut Connection,
    request: &Request,
    code: &str,
    hasher: &CodeHasher,
    now: Millis,
) -> diesel::QueryResult<Option<LiveCode>> {
    let owner = (request.election.tenant, request.election.id);
    let voter_id = typed(&request.voter_id);
    let live = voter_codes::live(connection, owner, &voter_id, now, LOOKED_AT)?;
    let mut live = live.into_iter();
    let mut found = None;
    for _ in 0..LOOKED_AT {
        let candidate = live.next();
        let (voter, sent_at, hash) = match &candidate {
            Some(live) => (live.roll_id, live.sent_at, live.code_hash.as_slice()),
            None => (RollId(0), now, &[0; HASH_BYTES][..]),
        };
        if hasher.matches(voter, sent_at, code, hash) {
            found = candidate;
        }
    }
    Ok(found)
}

/// Uses a code up: the voter, the first time. For the writer.
///
/// # Errors
/// The query fails.
pub fn take_code(
    connection: &mut Connection,
    request: &Request,
    code: &LiveCode,
) -> diesel::QueryResult<Option<Voter>> {
    if !voter_codes::take(connection, code)? {
        return Ok(None);
    }
    let (tenant, election) = (request.election.tenant, request.election.id);
    roll::find_by_id(connection, tenant, election, code.roll_id)
}
