//! Checkpoints: C2SP tlog-checkpoint, without extension lines.
//!
//! The note text is `<origin>\n<size>\n<base64 root>\n`. Nobody but the log vouches for
//! extension lines and no monitor can audit them, so a checkpoint that has any is refused.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::key::{KeyName, VerifierKey};
use super::merkle::{Hash, MAX_TREE_SIZE, empty_root};
use super::note::{Note, NoteError, VerifyError};
use super::signer::LogSigner;
use super::text;

/// Path of the checkpoint below a log's prefix.
pub const CHECKPOINT_PATH: &str = "checkpoint";

/// The state of a log: whose, how many entries, which root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's identity; also the name of its key.
    pub origin: KeyName,
    /// Number of entries.
    pub size: u64,
    /// Merkle tree root over them.
    pub root: Hash,
}

/// Why a note is no checkpoint, or not one of the expected log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note itself is malformed.
    #[error("checkpoint: {0}")]
    Note(#[from] NoteError),
    /// Not exactly three lines.
    #[error(
        "a checkpoint is three lines (origin, size, root) without extension lines, found {text:?}"
    )]
    Lines {
        /// The text.
        text: String,
    },
    /// The first line is not a log name.
    #[error("the checkpoint's origin {found:?} is not a log name")]
    OriginName {
        /// The line.
        found: String,
    },
    /// The second line is not a decimal number up to [`MAX_TREE_SIZE`].
    #[error("the checkpoint's size {found:?} is not a decimal number up to {MAX_TREE_SIZE}")]
    Size {
        /// The line.
        found: String,
    },
    /// The third line is not the base64 of 32 bytes.
    #[error("the checkpoint's root {found:?} is not the base64 of 32 bytes")]
    Root {
        /// The line.
        found: String,
    },
    /// Size 0 with another root than that of the empty tree.
    #[error("an empty tree has root {expected}, the checkpoint says {found}")]
    EmptyRoot {
        /// Root of the empty tree.
        expected: Hash,
        /// Root given.
        found: Hash,
    },
    /// A checkpoint of another log.
    #[error("the checkpoint is of log {found}, expected {expected}")]
    Origin {
        /// The log expected.
        expected: KeyName,
        /// The log found.
        found: KeyName,
    },
    /// The log's signature is missing or bad.
    #[error("checkpoint: {0}")]
    Signature(#[from] VerifyError),
}

impl Checkpoint {
    /// Reads a note text.
    ///
    /// # Errors
    /// [`CheckpointError`]; what is accepted serialises to the same text.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, ""] = lines.as_slice() else {
            return Err(CheckpointError::Lines {
                text: text.to_owned(),
            });
        };
        let origin = KeyName::new(*origin).map_err(|_| CheckpointError::OriginName {
            found: (*origin).to_owned(),
        })?;
        let size = text::decimal(size)
            .filter(|size| *size <= MAX_TREE_SIZE)
            .ok_or_else(|| CheckpointError::Size {
                found: (*size).to_owned(),
            })?;
        let root = Hash::from_base64(root).ok_or_else(|| CheckpointError::Root {
            found: (*root).to_owned(),
        })?;
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyRoot {
                expected: empty_root(),
                found: root,
            });
        }
        Ok(Self { origin, size, root })
    }

    /// Signs as the log. The caller has made sure that no other tree of this size was signed.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] when the key is another log's, and what [`Self::parse`]
    /// would not accept.
    pub fn sign(&self, signer: &LogSigner) -> Result<SignedCheckpoint, CheckpointError> {
        let key = signer.verifier_key();
        let text = self.to_string();
        let signature = signer.sign(&text);
        let note = Note::new(text, vec![signature])?;
        SignedCheckpoint::verify(note, key)
    }
}

/// The note text.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

/// A checkpoint whose log signature was verified. Cosignatures on it are not: see
/// [`super::policy::Policy::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a served checkpoint and verifies the log's signature.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(bytes: &[u8], log: &VerifierKey) -> Result<Self, CheckpointError> {
        Self::verify(Note::parse(bytes)?, log)
    }

    /// Verifies the log's signature on a note.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn verify(note: Note, log: &VerifierKey) -> Result<Self, CheckpointError> {
        note.verify([log])?;
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin != *log.name() {
            return Err(CheckpointError::Origin {
                expected: log.name().clone(),
                found: checkpoint.origin,
            });
        }
        Ok(Self { checkpoint, note })
    }

    /// What the log signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with all its signature lines.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a cosignature line. It is not verified here.
    ///
    /// # Errors
    /// [`NoteError`] when the note would grow too large.
    pub fn add_cosignature(
        &mut self,
        signature: super::note::NoteSignature,
    ) -> Result<(), NoteError> {
        self.note.add(signature)
    }

    /// The bytes to serve.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_string().into_bytes()
    }
}
