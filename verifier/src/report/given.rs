//! Answers about what the user gave: confirmation codes, receipts, acknowledgements.

use hanpyo_ledger::record::CodeStatus;
use serde::Serialize;

/// Answers about what the user gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GivenFacts {
    /// Confirmation codes, in their order.
    pub codes: Vec<CodeFacts>,
    /// Receipts, in their order.
    pub receipts: Vec<ReceiptFacts>,
    /// Acknowledgements, in their order.
    pub acknowledgements: Vec<AcknowledgementFacts>,
}

/// A confirmation code.
#[derive(Clone, Debug, Serialize)]
pub struct CodeFacts {
    /// As read.
    pub code: String,
    /// Where its ballot is.
    #[serde(flatten)]
    pub ballot: BallotFacts,
}

/// Where a ballot is and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum BallotFacts {
    /// Not in the record.
    NotFound,
    /// It counts.
    Counted {
        /// Its entry.
        entry: u64,
    },
    /// The voter voted again; the later ballot counts.
    Superseded {
        /// Its entry.
        entry: u64,
        /// The entry of the ballot that counts.
        by: u64,
    },
    /// The voter had it opened instead of casting it.
    Challenged {
        /// Its entry.
        entry: u64,
    },
    /// In the record, but not counted.
    NotCounted {
        /// Its entry.
        entry: u64,
        /// Why.
        why: String,
    },
}

impl From<CodeStatus> for BallotFacts {
    fn from(status: CodeStatus) -> Self {
        match status {
            CodeStatus::NotFound => Self::NotFound,
            CodeStatus::Counted { entry } => Self::Counted { entry },
            CodeStatus::Superseded { entry, by } => Self::Superseded { entry, by },
            CodeStatus::Challenged { entry } => Self::Challenged { entry },
            CodeStatus::NotCounted { entry, why } => Self::NotCounted { entry, why },
        }
    }
}

/// A receipt.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptFacts {
    /// The file.
    pub file: String,
    /// Entry that it names.
    pub entry: u64,
    /// Whether it proves anything: signed, cosigned, its entry in its tree.
    pub valid: bool,
    /// Whether its ballot counts; none if it is not valid or of no ballot.
    pub ballot: Option<BallotFacts>,
}

/// An acknowledgement.
#[derive(Clone, Debug, Serialize)]
pub struct AcknowledgementFacts {
    /// The file.
    pub file: String,
    /// Confirmation code of its ballot.
    pub code: String,
    /// Whether the ballot is in the record.
    pub in_record: bool,
}
