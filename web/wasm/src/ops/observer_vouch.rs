//! Takes a helper's answer.

use alloc::format;

use hanpyo_ledger::record::Vouched;

use crate::failure::{ErrorCode, Failure};
use crate::request;
use crate::state::State;
use crate::wire::{Bytes, Nothing};

request! {
    /// What a helper of this page vouched for. Whatever it left out the observer verifies itself.
    ObserverVouch {
        /// Handle of the observer.
        observer: u32,
        /// Number of the job.
        job: u32,
        /// Statements from `verifier_job`.
        statements: Bytes,
    }
}

/// Keeps the statements for the batch.
///
/// # Errors
/// [`ErrorCode::Request`] unless the statements have 32 bytes each, [`ErrorCode::Handle`].
pub fn run(state: &mut State, request: ObserverVouch) -> Result<Nothing, Failure> {
    let observer = state.observer(request.observer)?;
    let (statements, rest) = request.statements.as_chunks::<32>();
    if !rest.is_empty() {
        let detail = format!("{} bytes after the last statement", rest.len());
        return Err(Failure::new(ErrorCode::Request, detail));
    }
    observer.vouch(request.job, statements.iter().copied().map(Vouched));
    Ok(Nothing)
}
