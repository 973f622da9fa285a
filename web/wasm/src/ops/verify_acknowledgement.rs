//! Verifies that the server promised to record a ballot.

use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_ledger::entry::BallotRef;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{request, response};

request! {
    /// The server's answer to a ballot.
    VerifyAcknowledgement {
        /// Handle of the election.
        election: u32,
        /// The entry that was sent.
        entry: Bytes,
        /// The answer.
        acknowledgement: Bytes,
    }
}

response! {
    /// A promise that can be used against the server.
    Acknowledgement {
        /// By when the ballot must be in the log, in seconds since 1970.
        deadline: Number,
    }
}

/// Verifies signature, election and ballot.
///
/// # Errors
/// [`ErrorCode::Acknowledgement`], [`ErrorCode::OtherBallot`], [`ErrorCode::Entry`].
pub fn run(state: &mut State, request: VerifyAcknowledgement) -> Result<Acknowledgement, Failure> {
    let manifest = state.election(request.election)?.manifest();
    let ballot =
        BallotRef::decode(&request.entry).map_err(|error| Failure::new(ErrorCode::Entry, error))?;
    let code = ConfirmationCode::of(manifest.hash().as_bytes(), ballot.body_bytes);
    let promise =
        hanpyo_ledger::voter::verify_acknowledgement(manifest, &request.acknowledgement, &code)?;
    Ok(Acknowledgement {
        deadline: promise.deadline.get().into(),
    })
}
