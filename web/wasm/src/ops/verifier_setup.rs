//! What helpers need to know.

use crate::failure::Failure;
use crate::state::State;
use crate::wire::Bytes;
use crate::{request, response};

request! {
    /// Which observer.
    VerifierSetup {
        /// Handle of the observer.
        observer: u32,
    }
}

response! {
    /// For `verifier_new`.
    HelperSetup {
        /// Manifest, as the observer read it.
        manifest: Bytes,
        /// Joint key.
        joint_key: Bytes,
    }
}

/// The setup; none before there is a joint key.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: VerifierSetup) -> Result<Option<HelperSetup>, Failure> {
    let checker = state.observer(request.observer)?.checker();
    let (Some(manifest), Some(context)) = (checker.manifest(), checker.ballot_context()) else {
        return Ok(None);
    };
    Ok(Some(HelperSetup {
        manifest: Bytes(crate::wire::encode(manifest)),
        joint_key: context.joint_key().encoded().as_bytes().into(),
    }))
}
