//! Checks a voting code while it is typed.

use hanpyo_crypto::credential::VotingCode;

use crate::failure::Failure;
use crate::request;
use crate::state::State;
use crate::wire::{Nothing, Secret};

request! {
    /// A voting code as typed.
    CheckVotingCode {
        /// The text.
        code: Secret,
    }
}

/// Finds typing errors; whose code it is only [`enter_credential`](super::enter_credential) tells.
///
/// # Errors
/// [`ErrorCode::CodeCharacter`](crate::failure::ErrorCode::CodeCharacter), `CodeLength`, `CodeCheckSymbol`.
pub fn run(_: &mut State, request: CheckVotingCode) -> Result<Nothing, Failure> {
    VotingCode::parse(request.code.as_ref())?;
    Ok(Nothing)
}
