//! Destroys what a handle stands for.

use crate::failure::Failure;
use crate::request;
use crate::state::State;

request! {
    /// What to destroy.
    Destroy {
        /// Any handle.
        handle: u32,
    }
}

/// Wipes the object's secrets.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: Destroy) -> Result<(), Failure> {
    state.remove(request.handle).map(drop)
}
