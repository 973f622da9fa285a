//! Destroys what a handle stands for.

use crate::failure::Failure;
use crate::request;
use crate::state::State;
use crate::wire::Nothing;

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
pub fn run(state: &mut State, request: Destroy) -> Result<Nothing, Failure> {
    state.remove(request.handle)?;
    Ok(Nothing)
}
