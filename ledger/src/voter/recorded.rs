//! What the server answers to a ballot: acknowledgement and receipt (docs/PROTOCOL.md section 12).

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::{CodePrefix, ConfirmationCode};

use crate::acknowledgement::{Acknowledgement, AcknowledgementError};
use crate::entry::{
    BallotEntry, CredentialIndex, EntryError, EntryType, PostedChallenge, decode_as,
};
use crate::log::policy::Accepted;
use crate::log::receipt::{Receipt, ReceiptError, ReceiptViolation};
use crate::manifest::CheckedManifest;

/// Why an answer proves nothing about a ballot.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    /// The acknowledgement is no valid one.
    #[error("acknowledgement: {0}")]
    Acknowledgement(#[from] AcknowledgementError),
    /// The receipt is malformed.
    #[error("receipt: {0}")]
    Receipt(#[from] ReceiptError),
    /// The receipt proves nothing.
    #[error(transparent)]
    Violation(#[from] ReceiptViolation),
    /// The receipt's entry is none.
    #[error("receipt: {0}")]
    Entry(#[from] EntryError),
    /// The receipt's entry is neither ballot nor posted challenge.
    #[error("the receipt is for a {0} entry")]
    NoBallot(EntryType),
    /// Of another ballot.
    #[error("for the ballot with code {found}, not {expected}")]
    OtherBallot {
        /// Code of the ballot at hand, or its beginning.
        expected: String,
        /// Code of the ballot it is for.
        found: String,
    },
}

/// Verifies that the server promised to record the ballot with this code.
///
/// # Errors
/// [`RecordedError::Acknowledgement`], [`RecordedError::OtherBallot`].
pub fn verify_acknowledgement(
    manifest: &CheckedManifest,
    bytes: &[u8],
    code: &ConfirmationCode,
) -> Result<Acknowledgement, RecordedError> {
    let acknowledgement = Acknowledgement::decode(bytes)?;
    acknowledgement.verify(manifest.manifest())?;
    let found = ConfirmationCode(*acknowledgement.confirmation_code.as_bytes());
    if found != *code {
        return Err(RecordedError::OtherBallot {
            expected: code.to_string(),
            found: found.to_string(),
        });
    }
    Ok(acknowledgement)
}

/// What a voter's entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotKind {
    /// To be counted.
    Cast,
    /// Opened, never counted.
    Challenged,
}

/// An entry of a voter that a receipt proves to be in the log.
#[derive(Clone, Debug)]
pub struct RecordedBallot {
    /// Its index in the log.
    pub index: u64,
    /// Its bytes.
    pub entry: Vec<u8>,
    /// Cast or challenged.
    pub kind: BallotKind,
    /// Its confirmation code.
    pub code: ConfirmationCode,
    /// Whose it is.
    pub credential: CredentialIndex,
    /// Its counter.
    pub counter: u32,
    /// The tree it is in, and who vouches for that.
    pub accepted: Accepted,
}

/// Verifies a receipt under the manifest's witness policy, and that its ballot has the code that begins so.
///
/// # Errors
/// [`RecordedError`] except [`RecordedError::Acknowledgement`].
pub fn verify_receipt(
    manifest: &CheckedManifest,
    bytes: &[u8],
    code: &CodePrefix,
) -> Result<RecordedBallot, RecordedError> {
    let receipt = Receipt::parse(bytes)?;
    let accepted = receipt.verify(manifest.policy())?;
    let entry = receipt.extra();
    let (kind, body) = match EntryType::peek(entry)? {
        EntryType::Ballot => {
            let ballot: BallotEntry = decode_as(EntryType::Ballot, entry)?;
            (BallotKind::Cast, ballot.body)
        }
        EntryType::PostedChallenge => {
            let challenge: PostedChallenge = decode_as(EntryType::PostedChallenge, entry)?;
            (BallotKind::Challenged, challenge.body)
        }
        other => return Err(RecordedError::NoBallot(other)),
    };
    let found = body.confirmation_code(manifest.hash());
    if !code.matches(&found) {
        return Err(RecordedError::OtherBallot {
            expected: code.to_string(),
            found: found.to_string(),
        });
    }
    Ok(RecordedBallot {
        index: receipt.index(),
        entry: entry.to_vec(),
        kind,
        code: found,
        credential: body.credential(),
        counter: body.counter(),
        accepted,
    })
}
