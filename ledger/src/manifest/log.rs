//! Whether a log is the election's: readers know one key, the manifest names one.

use alloc::string::{String, ToString};

use super::Manifest;
use crate::log::key::VerifierKey;

/// The manifest names another log than the one it is read from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the manifest names the log {named}, the verifier key given is {given}")]
pub struct OtherLog {
    /// In the manifest.
    pub named: String,
    /// What the reader was given.
    pub given: String,
}

impl Manifest {
    /// Fails unless `given` is the key of the log that the manifest names.
    ///
    /// # Errors
    /// [`OtherLog`].
    pub fn require_log(&self, given: &VerifierKey) -> Result<(), OtherLog> {
        let (named, given) = (self.roles.log.to_string(), given.to_string());
        if named == given {
            return Ok(());
        }
        Err(OtherLog { named, given })
    }
}
