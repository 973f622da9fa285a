//! Receipts: C2SP tlog-proof. An entry, its place in the log, and a checkpoint to prove it.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>            (optional; ours holds the entry's bytes)
//! index <n>
//! <base64 hash>...          (leaf to root)
//!
//! <checkpoint>
//! ```
//! The extra data is not authenticated by the format. [`Receipt::verify`] makes it so by
//! hashing it as the entry.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use base64ct::{Base64, Encoding};

use super::merkle::{Hash, InclusionError, leaf_hash, verify_inclusion};
use super::note::{Note, NoteError};
use super::policy::{Accepted, Policy, PolicyViolation};
use super::text;

/// File extension for receipts.
pub const RECEIPT_EXTENSION: &str = "tlog-proof";
/// Largest receipt accepted: the largest note and room for the largest entry in base64.
pub const MAX_RECEIPT_LEN: usize = super::note::MAX_NOTE_LEN + 100_000;
/// Most hashes in a proof: one for each level of the largest tree.
const MAX_PROOF_HASHES: usize = 62;
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A tlog-proof, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    extra: Vec<u8>,
    index: u64,
    proof: Vec<Hash>,
    checkpoint: Note,
}

/// Why bytes are not a tlog-proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Over [`MAX_RECEIPT_LEN`] or not UTF-8.
    #[error("a receipt is UTF-8 text of at most {MAX_RECEIPT_LEN} bytes")]
    NotText,
    /// The first line is another one.
    #[error("the first line is {found:?}, expected {FIRST_LINE:?}")]
    Header {
        /// The line.
        found: String,
    },
    /// The extra line is not base64, or empty.
    #[error("the extra line does not hold base64 data")]
    Extra,
    /// The index line is missing or not a number.
    #[error("expected a line of the form index <n>, found {found:?}")]
    Index {
        /// The line.
        found: String,
    },
    /// A proof line that is not a base64 hash.
    #[error("{line:?} is not the base64 of a 32-byte hash")]
    ProofLine {
        /// The line.
        line: String,
    },
    /// Too many hashes, or no empty line after them.
    #[error("expected at most {MAX_PROOF_HASHES} hashes and an empty line after them")]
    ProofLength,
    /// The checkpoint is malformed.
    #[error("{0}")]
    Checkpoint(#[from] NoteError),
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptViolation {
    /// The checkpoint is not accepted.
    #[error("receipt: {0}")]
    Policy(#[from] PolicyViolation),
    /// The entry is not in that checkpoint's tree.
    #[error("receipt: {0}")]
    Inclusion(#[from] InclusionError),
}

impl Receipt {
    /// A receipt from its parts; an empty `extra` leaves its line out.
    #[must_use]
    pub const fn new(extra: Vec<u8>, index: u64, proof: Vec<Hash>, checkpoint: Note) -> Self {
        Self {
            extra,
            index,
            proof,
            checkpoint,
        }
    }

    /// The extra data; the entry's bytes in our receipts. Not authenticated before
    /// [`Self::verify`].
    #[must_use]
    pub fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// Index of the entry in the log.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The inclusion proof, leaf to root.
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint, not verified.
    #[must_use]
    pub const fn checkpoint(&self) -> &Note {
        &self.checkpoint
    }

    /// Reads a tlog-proof.
    ///
    /// # Errors
    /// [`ReceiptError`]; what is accepted serialises to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_RECEIPT_LEN {
            return Err(ReceiptError::NotText);
        }
        let receipt = core::str::from_utf8(bytes).map_err(|_| ReceiptError::NotText)?;
        let (first, rest) = text::line(receipt).unwrap_or((receipt, ""));
        if first != FIRST_LINE {
            return Err(ReceiptError::Header {
                found: first.to_owned(),
            });
        }
        let (mut current, mut rest) = text::line(rest).unwrap_or((rest, ""));
        let mut extra = Vec::new();
        if let Some(encoded) = current.strip_prefix("extra ") {
            extra = text::base64(encoded)
                .filter(|extra| !extra.is_empty())
                .ok_or(ReceiptError::Extra)?;
            (current, rest) = text::line(rest).unwrap_or((rest, ""));
        }
        let index = current
            .strip_prefix("index ")
            .and_then(text::decimal)
            .ok_or_else(|| ReceiptError::Index {
                found: current.to_owned(),
            })?;
        let (proof, rest) =
            text::hash_lines(rest, MAX_PROOF_HASHES).map_err(|line| match line {
                Some(line) => ReceiptError::ProofLine { line },
                None => ReceiptError::ProofLength,
            })?;
        let checkpoint = Note::parse(rest.as_bytes())?;
        Ok(Self::new(extra, index, proof, checkpoint))
    }

    /// Verifies that `entry` is in the log at [`Self::index`], under a checkpoint that the
    /// policy accepts.
    ///
    /// # Errors
    /// [`ReceiptViolation`].
    pub fn verify_entry(
        &self,
        entry: &[u8],
        policy: &Policy,
    ) -> Result<Accepted, ReceiptViolation> {
        let accepted = policy.check(self.checkpoint.clone())?;
        let checkpoint = accepted.checkpoint.checkpoint();
        verify_inclusion(
            &leaf_hash(entry),
            self.index,
            checkpoint.size,
            &checkpoint.root,
            &self.proof,
        )?;
        Ok(accepted)
    }

    /// Verifies the entry that the receipt carries in its extra data.
    ///
    /// # Errors
    /// [`ReceiptViolation`].
    pub fn verify(&self, policy: &Policy) -> Result<Accepted, ReceiptViolation> {
        self.verify_entry(&self.extra, policy)
    }

    /// The receipt's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", Base64::encode_string(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        f.write_char('\n')?;
        write!(f, "{}", self.checkpoint)
    }
}
