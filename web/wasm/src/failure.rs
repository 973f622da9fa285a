//! What a page learns when an operation fails: a code to choose its own words by, and details for those who look.

use alloc::string::String;
use alloc::string::ToString;

use hanpyo_crypto::ballot::EncryptBallotError;
use hanpyo_crypto::credential::VotingCodeError;
use hanpyo_ledger::voter::{
    CodesError, OpenError, OpenedBallotError, PrepareError, RecordedError, RollError,
};

use crate::{choice, response};

choice! {
    /// Why an operation failed.
    ErrorCode {
        /// The page sent something that is no request: a fault of the page.
        Request = "request",
        /// A handle that stands for nothing, or for something else: a fault of the page.
        Handle = "handle",
        /// Bytes that are no entry.
        Entry = "entry",
        /// The first entry is not a manifest.
        NoManifest = "no_manifest",
        /// Another election than the voter's link names.
        OtherManifest = "other_manifest",
        /// The manifest breaks its rules.
        BadManifest = "bad_manifest",
        /// A signature is not that of its role.
        Signature = "signature",
        /// The ceremony is not over, or more entries are needed.
        NoJointKey = "no_joint_key",
        /// Two joint keys are signed.
        TwoJointKeys = "two_joint_keys",
        /// The election has score contests, and this module no range proofs: `booth-score.wasm` has them.
        NeedsScores = "needs_scores",
        /// A trustee has not signed the joint key.
        Unconfirmed = "unconfirmed",
        /// The joint key is no point.
        BadJointKey = "bad_joint_key",
        /// Another number of voting codes than of authorities.
        CodeCount = "code_count",
        /// A character that no voting code has there; `position` from 1, `found` the character.
        CodeCharacter = "code_character",
        /// Too few or too many characters; `found` how many.
        CodeLength = "code_length",
        /// Some character is mistyped.
        CodeCheckSymbol = "code_check_symbol",
        /// The codes give no usable secret.
        CodeUnusable = "code_unusable",
        /// The credential is not in the entries of the roll given.
        NotInRoll = "not_in_roll",
        /// The roll's entries are no use.
        BadRoll = "bad_roll",
        /// The codes are another credential's: typed right, but not this voter's or not this election's.
        OtherCredential = "other_credential",
        /// The manifest has no such ballot style, or the roll says another.
        Style = "style",
        /// A selection that its contest does not allow; `position` is the contest's number.
        Selection = "selection",
        /// Too little randomness: a fault of the page.
        Seed = "seed",
        /// The ballot could not be encrypted: a fault of this program.
        Encryption = "encryption",
        /// Text that is no confirmation code.
        ConfirmationCode = "confirmation_code",
        /// Bytes that are no opened ballot.
        Opening = "opening",
        /// The opened ballot is not the one of the code: the device that made it may cheat.
        OpeningMismatch = "opening_mismatch",
        /// The acknowledgement is malformed, or not signed by this election's server.
        Acknowledgement = "acknowledgement",
        /// The receipt is malformed.
        Receipt = "receipt",
        /// The receipt proves nothing: signature, witnesses or inclusion fail.
        ReceiptRefused = "receipt_refused",
        /// An answer for another ballot than asked for.
        OtherBallot = "other_ballot",
        /// Text that is no vkey of a log.
        Vkey = "vkey",
        /// A checkpoint that is malformed or that the log did not sign.
        Checkpoint = "checkpoint",
        /// Text that is no root hash.
        Root = "root",
        /// The observer is not as far as that yet.
        NotRead = "not_read",
        /// A file of the board is not what the log signed.
        Spoilt = "spoilt",
    }
}

response! {
    /// Why an operation failed.
    Failure {
        /// To choose words by.
        code: ErrorCode,
        /// In English, for those who look; empty in the booth's module, which has no room for words.
        detail: String,
        /// Which of several codes, from 0.
        place: Option<u32>,
        /// Where in the code, from 1, or number of the contest, from 0.
        position: Option<u32>,
        /// What was expected.
        expected: Option<String>,
        /// What was found.
        found: Option<String>,
    }
}

#[cfg(feature = "std")]
fn words(detail: impl ToString) -> String {
    detail.to_string()
}

#[cfg(not(feature = "std"))]
#[inline(always)]
fn words(_: impl ToString) -> String {
    String::new()
}

impl Failure {
    /// A failure with nothing but its detail.
    #[must_use]
    pub fn new(code: ErrorCode, detail: impl ToString) -> Self {
        Self {
            code,
            detail: words(detail),
            place: None,
            position: None,
            expected: None,
            found: None,
        }
    }

    fn comparing(self, expected: impl ToString, found: impl ToString) -> Self {
        Self {
            expected: Some(expected.to_string()),
            found: Some(found.to_string()),
            ..self
        }
    }
}

fn small(number: impl TryInto<u32>) -> Option<u32> {
    number.try_into().ok()
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let code = match &error {
            OpenError::Entry(_) => ErrorCode::Entry,
            OpenError::NoManifest(_) => ErrorCode::NoManifest,
            OpenError::OtherManifest { .. } => ErrorCode::OtherManifest,
            OpenError::Manifest(_) => ErrorCode::BadManifest,
            OpenError::Signature(_) => ErrorCode::Signature,
            OpenError::NoJointKey => ErrorCode::NoJointKey,
            OpenError::TwoJointKeys => ErrorCode::TwoJointKeys,
            OpenError::Unconfirmed { .. } => ErrorCode::Unconfirmed,
            OpenError::JointKey(_) => ErrorCode::BadJointKey,
        };
        let failure = Self::new(code, &error);
        match error {
            OpenError::OtherManifest { expected, found } => failure.comparing(expected, found),
            _ => failure,
        }
    }
}

impl From<VotingCodeError> for Failure {
    fn from(error: VotingCodeError) -> Self {
        match error {
            VotingCodeError::Length { found } => Self {
                found: Some(found.to_string()),
                ..Self::new(ErrorCode::CodeLength, error)
            },
            VotingCodeError::Character { position, found } => Self {
                position: small(position),
                found: Some(found.to_string()),
                ..Self::new(ErrorCode::CodeCharacter, error)
            },
            VotingCodeError::CheckSymbol => Self::new(ErrorCode::CodeCheckSymbol, error),
        }
    }
}

impl From<CodesError> for Failure {
    fn from(error: CodesError) -> Self {
        match error {
            CodesError::Count { expected, found } => {
                Self::new(ErrorCode::CodeCount, &error).comparing(expected, found)
            }
            CodesError::Code { place, source } => Self {
                place: small(place),
                ..source.into()
            },
            CodesError::Credential(_) => Self::new(ErrorCode::CodeUnusable, error),
        }
    }
}

impl From<RollError> for Failure {
    fn from(error: RollError) -> Self {
        let code = match error {
            RollError::Missing(_) => ErrorCode::NotInRoll,
            RollError::Signature(_) => ErrorCode::Signature,
            RollError::Entry(_) | RollError::Circle(_) => ErrorCode::BadRoll,
        };
        Self::new(code, error)
    }
}

impl From<PrepareError> for Failure {
    fn from(error: PrepareError) -> Self {
        let code = match &error {
            PrepareError::NoStyle(_) => ErrorCode::Style,
            PrepareError::Encrypt(
                EncryptBallotError::Selection { .. } | EncryptBallotError::SelectionCount { .. },
            ) => ErrorCode::Selection,
            PrepareError::Encrypt(_) | PrepareError::Body(_) | PrepareError::Entry(_) => {
                ErrorCode::Encryption
            }
        };
        let position = match &error {
            PrepareError::Encrypt(EncryptBallotError::Selection { contest, .. }) => small(*contest),
            _ => None,
        };
        Self {
            position,
            ..Self::new(code, error)
        }
    }
}

impl From<OpenedBallotError> for Failure {
    fn from(error: OpenedBallotError) -> Self {
        match error {
            OpenedBallotError::OtherBallot {
                ref expected,
                ref found,
            } => Self::new(ErrorCode::OpeningMismatch, &error).comparing(expected, found),
            OpenedBallotError::NoStyle(_) => Self::new(ErrorCode::Style, error),
            OpenedBallotError::Malformed(_) | OpenedBallotError::Opening(_) => {
                Self::new(ErrorCode::Opening, error)
            }
        }
    }
}

impl From<RecordedError> for Failure {
    fn from(error: RecordedError) -> Self {
        let code = match &error {
            RecordedError::Acknowledgement(_) => ErrorCode::Acknowledgement,
            RecordedError::Receipt(_) | RecordedError::Entry(_) | RecordedError::NoBallot(_) => {
                ErrorCode::Receipt
            }
            RecordedError::Violation(_) => ErrorCode::ReceiptRefused,
            RecordedError::OtherBallot { .. } => ErrorCode::OtherBallot,
        };
        let failure = Self::new(code, &error);
        match error {
            RecordedError::OtherBallot { expected, found } => failure.comparing(expected, found),
            _ => failure,
        }
    }
}
