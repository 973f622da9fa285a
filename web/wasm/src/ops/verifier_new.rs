//! Makes a helper.

use alloc::boxed::Box;

use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::ProofHelper;

use super::encrypt::generator;
use crate::failure::{ErrorCode, Failure};
use crate::observer::Verifier;
use crate::state::{Object, State};
use crate::wire::{self, Bytes, SecretBytes};
use crate::{request, response};

request! {
    /// The election of an observer.
    VerifierNew {
        /// From `verifier_setup`.
        manifest: Bytes,
        /// From `verifier_setup`.
        joint_key: Bytes,
        /// At least 32 bytes of `crypto.getRandomValues`.
        seed: SecretBytes,
    }
}

response! {
    /// A helper.
    NewVerifier {
        /// Handle of the helper.
        verifier: u32,
    }
}

/// Makes a helper.
///
/// # Errors
/// [`ErrorCode::Seed`], [`ErrorCode::BadManifest`], [`ErrorCode::BadJointKey`].
pub fn run(state: &mut State, request: VerifierNew) -> Result<NewVerifier, Failure> {
    let rng = generator(&request.seed)?;
    let manifest: Manifest = wire::decode(&request.manifest)
        .map_err(|error| Failure::new(ErrorCode::BadManifest, error))?;
    let joint_key = request
        .joint_key
        .array::<32>()
        .ok_or_else(|| Failure::new(ErrorCode::BadJointKey, "a joint key has 32 bytes"))?;
    let helper = ProofHelper::new(manifest, &joint_key)
        .map_err(|error| Failure::new(ErrorCode::BadManifest, error))?;
    let verifier = Verifier { helper, rng };
    Ok(NewVerifier {
        verifier: state.keep(Object::Verifier(Box::new(verifier))),
    })
}
