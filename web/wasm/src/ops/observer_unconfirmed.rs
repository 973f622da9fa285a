//! What is still to be compared.

use alloc::vec::Vec;

use crate::failure::Failure;
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{request, response};

request! {
    /// Which observer.
    ObserverUnconfirmed {
        /// Handle of the observer.
        observer: u32,
    }
}

response! {
    /// What the log signed and nobody here has compared yet, or has found not to fit.
    UnconfirmedCheckpoints {
        /// As signed, in the order in which they were seen. Keep them for the next visit.
        checkpoints: Vec<Bytes>,
        /// Number of those that there was no room for.
        dropped: Number,
    }
}

/// Gives them.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(
    state: &mut State,
    request: ObserverUnconfirmed,
) -> Result<UnconfirmedCheckpoints, Failure> {
    let observer = state.observer(request.observer)?;
    Ok(UnconfirmedCheckpoints {
        checkpoints: observer.unconfirmed().into_iter().map(Bytes).collect(),
        dropped: observer.dropped().into(),
    })
}
