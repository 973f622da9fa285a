//! Sending a code and exchanging it for a session, as transactions of the writer.
//!
//! Nothing tells a stranger whether a voter exists: a request is answered before anyone looks, and a
//! wrong code, an ended one and an unknown voter get the same answer.

use zeroize::Zeroizing;

use super::one_time_code::{CodeHasher, draw};
use crate::clock::{HOUR, MINUTE, Millis, SECOND};
use crate::config::VoterConfig;
use crate::db::connection::Connection;
use crate::db::voter_codes::VoterCode;
use crate::db::{elections, roll, voter_codes};
use crate::ids::{ElectionId, RollId, TenantId};

/// Who asks, for which election.
#[derive(Clone)]
pub struct Request {
    /// Slug of the tenant.
    pub tenant: String,
    /// Slug of the election.
    pub election: String,
    /// What the voter typed.
    pub voter_id: String,
}

/// A code to be sent.
pub struct Sending {
    /// Address or number.
    pub contact: String,
    /// Title of the election in Korean and English.
    pub title: (String, String),
    /// The code.
    pub code: Zeroizing<String>,
}

/// A voter who showed the right code.
pub struct Identified {
    /// Tenant of the election.
    pub tenant: TenantId,
    /// The election.
    pub election: ElectionId,
    /// Row of the roll.
    pub voter: RollId,
    /// Credential, once the authority has assigned it.
    pub credential_index: Option<u32>,
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
    let Some(election) = elections::find_approved(connection, &request.tenant, &request.election)?
    else {
        return Ok(None);
    };
    let Some(voter) = roll::find(
        connection,
        election.tenant_id,
        election.id,
        request.voter_id.trim(),
    )?
    else {
        return Ok(None);
    };
    let last = voter_codes::find(connection, election.tenant_id, voter.id)?;
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
        tenant_id: election.tenant_id,
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
        title: (election.title_ko, election.title_en),
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
) -> diesel::QueryResult<Option<Identified>> {
    let Some(election) = elections::find_approved(connection, &request.tenant, &request.election)?
    else {
        return Ok(None);
    };
    let tenant = election.tenant_id;
    let Some(voter) = roll::find(connection, tenant, election.id, request.voter_id.trim())? else {
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
    Ok(right.then_some(Identified {
        tenant,
        election: election.id,
        voter: voter.id,
        credential_index: voter
            .credential_index
            .and_then(|index| u32::try_from(index).ok()),
    }))
}
