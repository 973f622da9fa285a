//! Opens an encrypted ballot instead of casting it.

use alloc::string::String;
use alloc::string::ToString;

use crate::failure::Failure;
use crate::state::State;
use crate::wire::Bytes;
use crate::{request, response};

request! {
    /// A ballot to be opened.
    Challenge {
        /// Handle of the ballot.
        ballot: u32,
    }
}

response! {
    /// A ballot that can never be counted, with what shows its selections.
    ChallengedBallot {
        /// Confirmation code, shown before the decision.
        code: String,
        /// For the other device: everything but the ciphertexts.
        opening: Bytes,
        /// The entry that posts it to the record, if the voter wants that. It reveals these selections for ever.
        entry: Bytes,
    }
}

/// Signs the ballot to be opened.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle): no ballot, or decided already.
pub fn run(state: &mut State, request: Challenge) -> Result<ChallengedBallot, Failure> {
    let mut ballot = state.take_ballot(request.ballot)?;
    let style = ballot.style;
    let opened = hanpyo_ledger::voter::challenge(ballot.prepared, style, &mut ballot.rng)?;
    Ok(ChallengedBallot {
        code: opened.code.to_string(),
        opening: opened.opened.as_slice().into(),
        entry: opened.entry.as_slice().into(),
    })
}
