//! Casts an encrypted ballot.

use alloc::string::String;
use alloc::string::ToString;

use crate::failure::Failure;
use crate::state::State;
use crate::wire::Bytes;
use crate::{request, response};

request! {
    /// A ballot to be counted.
    Cast {
        /// Handle of the ballot.
        ballot: u32,
    }
}

response! {
    /// An entry to send. Nothing in it is secret: keep it and send it again until it is acknowledged.
    CastBallot {
        /// The entry's bytes.
        entry: Bytes,
        /// Confirmation code.
        code: String,
    }
}

/// Signs the ballot to be counted and wipes its opening.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle): no ballot, or decided already.
pub fn run(state: &mut State, request: Cast) -> Result<CastBallot, Failure> {
    let mut ballot = state.take_ballot(request.ballot)?;
    let code = ballot.prepared.confirmation_code().to_string();
    let entry = hanpyo_ledger::voter::cast(ballot.prepared, &mut ballot.rng)?;
    Ok(CastBallot {
        entry: Bytes(entry),
        code,
    })
}
