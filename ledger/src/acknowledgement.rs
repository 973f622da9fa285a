//! The server's promise that a ballot will be in the record (docs/PROTOCOL.md section 12).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_crypto::{group, labels};

use crate::entry::codec::{reason, record};
use crate::entry::{Hash, Seconds, Signature, encoded};
use crate::manifest::Manifest;
use crate::signature::{KeyError, SigningKey, verifying_key};

record! {
    /// Given to the voter once the ballot is durable; evidence against the server if the ballot is
    /// not in the final record.
    Acknowledgement {
        /// Manifest hash mh.
        manifest: Hash,
        /// Confirmation code of the ballot.
        confirmation_code: Hash,
        /// The ballot is in the log by then.
        deadline: Seconds,
        /// By the acknowledgement key.
        signature: Signature,
    }
}

/// Why something is no valid acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgementError {
    /// Bytes that are none.
    #[error("not an acknowledgement: {0}")]
    Malformed(String),
    /// Of another election.
    #[error("of the election with manifest hash {found}, not {expected}")]
    OtherElection {
        /// Hash of the manifest at hand.
        expected: Hash,
        /// Hash that the acknowledgement names.
        found: Hash,
    },
    /// The manifest's acknowledgement key cannot be used.
    #[error("acknowledgement key of the manifest: {0}")]
    Key(KeyError),
    /// Not signed by the acknowledgement key.
    #[error("the signature is not that of the acknowledgement key")]
    Signature,
}

fn digest(manifest: &Hash, code: &Hash, deadline: Seconds) -> [u8; 32] {
    group::hash(
        labels::hash::ACKNOWLEDGEMENT,
        &[
            manifest.as_bytes(),
            code.as_bytes(),
            &deadline.get().to_le_bytes(),
        ],
    )
}

impl Acknowledgement {
    /// Acknowledges the ballot with this confirmation code.
    #[must_use]
    pub fn sign(
        manifest: Hash,
        code: ConfirmationCode,
        deadline: Seconds,
        key: &SigningKey,
    ) -> Self {
        let confirmation_code = code.into();
        Self {
            manifest,
            confirmation_code,
            deadline,
            signature: key.sign(&digest(&manifest, &confirmation_code, deadline)),
        }
    }

    /// Verifies that the server of this election promised it.
    ///
    /// # Errors
    /// [`AcknowledgementError`] says why it did not.
    pub fn verify(&self, manifest: &Manifest) -> Result<(), AcknowledgementError> {
        let expected = manifest.hash();
        if self.manifest != expected {
            return Err(AcknowledgementError::OtherElection {
                expected,
                found: self.manifest,
            });
        }
        verifying_key(&manifest.roles.acknowledgement)
            .map_err(AcknowledgementError::Key)?
            .verify_strict(
                &digest(&self.manifest, &self.confirmation_code, self.deadline),
                &self.signature.0.into(),
            )
            .map_err(|_| AcknowledgementError::Signature)
    }

    /// Canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encoded(self)
    }

    /// Decodes canonical bytes.
    ///
    /// # Errors
    /// [`AcknowledgementError::Malformed`] for any others.
    pub fn decode(bytes: &[u8]) -> Result<Self, AcknowledgementError> {
        let decoded: Self = minicbor::decode(bytes)
            .map_err(|error| AcknowledgementError::Malformed(reason(&error)))?;
        if decoded.encode() == bytes {
            Ok(decoded)
        } else {
            let reason = "not the canonical encoding".to_owned();
            Err(AcknowledgementError::Malformed(reason))
        }
    }
}
