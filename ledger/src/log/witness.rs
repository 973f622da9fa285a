//! The messages between a log and its witnesses: C2SP tlog-witness, `add-checkpoint`.
//!
//! Only the bytes: sending them, and a witness's check-and-persist, are elsewhere.

use core::fmt;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::merkle::Hash;
use super::note::{Note, NoteError, NoteSignature};
use super::text;

/// Most consistency hashes in a request.
pub const MAX_PROOF_LINES: usize = 63;

/// Content type of the body that names the witness's last cosigned size (status 409).
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";

/// Body of `POST <prefix>/add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the proof starts from.
    pub old_size: u64,
    /// Consistency proof from there; empty when `old_size` is 0.
    pub proof: Vec<Hash>,
    /// The new checkpoint, signed by the log; not verified by reading it.
    pub checkpoint: Note,
}

/// Why a body was rejected; a witness answers 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The first line is not `old <size>`.
    #[error("expected a first line of the form old <size>")]
    OldSize,
    /// A line that is not a base64 hash.
    #[error("{line:?} is not the base64 of a 32-byte hash")]
    ProofLine {
        /// The line.
        line: String,
    },
    /// More than [`MAX_PROOF_LINES`] hashes, or no empty line after them.
    #[error("expected at most {MAX_PROOF_LINES} hashes and an empty line after them")]
    ProofLength,
    /// A proof that starts from nothing must be empty.
    #[error("a proof from size 0 is empty, found {found} hashes")]
    ProofFromNothing {
        /// Hashes given.
        found: usize,
    },
    /// The checkpoint is malformed.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// The old size is over the checkpoint's.
    #[error("old size {old} is over the checkpoint's size {new}")]
    SizesReversed {
        /// Old size.
        old: u64,
        /// The checkpoint's size.
        new: u64,
    },
    /// An answer that is not one signature line or more.
    #[error("expected signature lines, each ending in a newline: {0}")]
    Signatures(#[source] NoteError),
    /// An answer that is not a size and a newline.
    #[error("expected a decimal size and a newline, found {found:?}")]
    Size {
        /// The body.
        found: String,
    },
}

impl AddCheckpoint {
    /// Reads a request. Checks everything that needs neither keys nor state.
    ///
    /// # Errors
    /// [`WitnessError`]; what is accepted serialises to the same bytes.
    pub fn parse(body: &[u8]) -> Result<Self, WitnessError> {
        let body = core::str::from_utf8(body).map_err(|_| WitnessError::OldSize)?;
        let (first, rest) = text::line(body).ok_or(WitnessError::OldSize)?;
        let old_size = first
            .strip_prefix("old ")
            .and_then(text::decimal)
            .ok_or(WitnessError::OldSize)?;
        let (proof, rest) = text::hash_lines(rest, MAX_PROOF_LINES).map_err(|line| match line {
            Some(line) => WitnessError::ProofLine { line },
            None => WitnessError::ProofLength,
        })?;
        if old_size == 0 && !proof.is_empty() {
            return Err(WitnessError::ProofFromNothing { found: proof.len() });
        }
        let checkpoint = Note::parse(rest.as_bytes()).map_err(CheckpointError::from)?;
        let new = Checkpoint::parse(checkpoint.text())?.size;
        if old_size > new {
            return Err(WitnessError::SizesReversed { old: old_size, new });
        }
        Ok(Self {
            old_size,
            proof,
            checkpoint,
        })
    }

    /// The request body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Reads the body of a 200 answer: cosignature lines, not verified.
///
/// # Errors
/// [`WitnessError::Signatures`].
pub fn parse_cosignatures(body: &[u8]) -> Result<Vec<NoteSignature>, WitnessError> {
    // The note parser with an empty text in front enforces characters, limits and newlines.
    let mut note = b"\n\n".to_vec();
    note.extend_from_slice(body);
    let note = Note::parse(&note).map_err(WitnessError::Signatures)?;
    if note.text() != "\n" {
        return Err(WitnessError::Signatures(NoteError::Layout));
    }
    Ok(note.signatures().to_vec())
}

/// The body of a 200 answer.
#[must_use]
pub fn cosignatures_to_bytes(signatures: &[NoteSignature]) -> Vec<u8> {
    signatures
        .iter()
        .flat_map(|line| format!("{line}\n").into_bytes())
        .collect()
}

/// Reads the body of a 409 answer: the size that the witness cosigned last.
///
/// # Errors
/// [`WitnessError::Size`].
pub fn parse_size(body: &[u8]) -> Result<u64, WitnessError> {
    core::str::from_utf8(body)
        .ok()
        .and_then(|text| text::decimal(text.strip_suffix('\n')?))
        .ok_or_else(|| WitnessError::Size {
            found: String::from_utf8_lossy(body).into_owned(),
        })
}

/// The body of a 409 answer.
#[must_use]
pub fn size_to_bytes(size: u64) -> Vec<u8> {
    format!("{size}\n").into_bytes()
}
