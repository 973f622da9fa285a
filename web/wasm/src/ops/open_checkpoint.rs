//! Verifies the log's signature of a checkpoint.

use alloc::string::String;
use alloc::string::ToString;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::key::VerifierKey;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{request, response};

request! {
    /// A checkpoint and whose it should be.
    OpenCheckpoint {
        /// The checkpoint's bytes.
        checkpoint: Bytes,
        /// vkey of the log.
        vkey: String,
    }
}

response! {
    /// What the log signed.
    Checkpoint {
        /// Name of the log.
        origin: String,
        /// Number of entries.
        size: Number,
        /// Root in base64.
        root: String,
    }
}

/// A log's key in a request.
///
/// # Errors
/// [`ErrorCode::Vkey`].
pub fn log_key(text: &str) -> Result<VerifierKey, Failure> {
    text.trim()
        .parse()
        .map_err(|error| Failure::new(ErrorCode::Vkey, error))
}

/// Verifies the signature.
///
/// # Errors
/// [`ErrorCode::Vkey`], [`ErrorCode::Checkpoint`].
pub fn run(_: &mut State, request: OpenCheckpoint) -> Result<Checkpoint, Failure> {
    let signed = SignedCheckpoint::open(&request.checkpoint, &log_key(&request.vkey)?)
        .map_err(|error| Failure::new(ErrorCode::Checkpoint, error))?;
    let checkpoint = signed.checkpoint();
    Ok(Checkpoint {
        origin: checkpoint.origin.to_string(),
        size: checkpoint.size.into(),
        root: checkpoint.root.to_string(),
    })
}
