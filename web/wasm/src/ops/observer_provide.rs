//! Takes files that a step asked for.

use alloc::string::String;
use alloc::vec::Vec;

use crate::failure::Failure;
use crate::request;
use crate::state::State;
use crate::wire::{Bytes, Nothing};

request! {
    /// Files of the board.
    ObserverProvide {
        /// Handle of the observer.
        observer: u32,
        /// The files, in any order.
        files: Vec<BoardFile>,
    }
}

request! {
    /// One file of the board. A network error is no answer: ask again.
    BoardFile {
        /// Its path, as a step named it.
        path: String,
        /// Its bytes; null if the board answers that it does not exist.
        bytes: Option<Bytes>,
    }
}

/// Keeps the files for the next step.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: ObserverProvide) -> Result<Nothing, Failure> {
    let observer = state.observer(request.observer)?;
    for file in request.files {
        observer.provide(file.path, file.bytes.map(|bytes| bytes.0));
    }
    Ok(Nothing)
}
