//! What can go wrong in a ceremony, and whose fault it is.

use super::parameters::TrusteeIndex;
use crate::group::DecodeError;

/// The kinds of messages of a ceremony, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Round 0.
    Commitment,
    /// Round 1.
    Opening,
    /// Round 2.
    ShareList,
    /// Round 3.
    Confirmation,
}

impl core::fmt::Display for Message {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Commitment => "commitment",
            Self::Opening => "opening",
            Self::ShareList => "share list",
            Self::Confirmation => "confirmation",
        })
    }
}

/// Why a ceremony cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CeremonyError {
    /// Quorum or number of trustees out of range.
    #[error("quorum {quorum} of {trustees} trustees: 2 <= quorum < trustees <= 32 is required")]
    Parameters {
        /// Quorum t.
        quorum: u64,
        /// Number of trustees n.
        trustees: u64,
    },
    /// Attempts are numbered from 1 to 2^32 - 1.
    #[error("there is no ceremony attempt {0}")]
    Attempt(u64),
    /// A trustee's number is not in 1..=n.
    #[error("there is no trustee {trustee} among {trustees}")]
    UnknownTrustee {
        /// The number given.
        trustee: u64,
        /// Number of trustees n.
        trustees: u64,
    },
    /// Not one message of each trustee.
    #[error("{found} {message}s where {expected} are expected")]
    Count {
        /// Kind of the messages.
        message: Message,
        /// Number of trustees n.
        expected: usize,
        /// Number of messages given.
        found: usize,
    },
    /// A message stands at another trustee's place.
    #[error("the {message} of trustee {found} stands where that of trustee {expected} belongs")]
    Misplaced {
        /// Kind of the message.
        message: Message,
        /// Whose message belongs here.
        expected: TrusteeIndex,
        /// Whose message it is.
        found: TrusteeIndex,
    },
    /// A message was made for another quorum or number of trustees.
    #[error("the {message} of trustee {trustee} is made for another quorum or number of trustees")]
    Shape {
        /// Kind of the message.
        message: Message,
        /// Whose message it is.
        trustee: TrusteeIndex,
    },
    /// An opening is not what its trustee committed to (round 0).
    #[error(
        "the opening of trustee {trustee} is not the one committed to: commitment {}, hash of the opening {}",
        base16ct::lower::encode_string(committed),
        base16ct::lower::encode_string(opened)
    )]
    NotCommitted {
        /// The culprit.
        trustee: TrusteeIndex,
        /// The published commitment.
        committed: [u8; 32],
        /// The hash of the opening.
        opened: [u8; 32],
    },
    /// A trustee has not shown that it knows its own secrets.
    #[error("trustee {trustee} does not prove knowledge of secret {secret} of its opening")]
    Possession {
        /// The culprit.
        trustee: TrusteeIndex,
        /// Number of the logarithm from 0; t is the transport key's.
        secret: usize,
    },
    /// The board shows something else than this trustee said.
    #[error("the published {message} of trustee {trustee} is not the one this trustee made")]
    NotOurs {
        /// Kind of the message.
        message: Message,
        /// This trustee.
        trustee: TrusteeIndex,
    },
    /// The joint key is the identity.
    #[error("the joint key is the identity")]
    IdentityKey,
    /// A verification share is the identity.
    #[error("the verification share of trustee {0} is the identity")]
    IdentityShare(TrusteeIndex),
    /// A trustee confirmed another transcript, key or attempt: it saw another board, or it lies.
    #[error("trustee {trustee} confirmed another {what}")]
    Disagreement {
        /// Who confirmed something else.
        trustee: TrusteeIndex,
        /// What differs.
        what: &'static str,
    },
}

/// A part of a ceremony message, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The message as a whole.
    Whole,
    /// Coefficient commitment A of this number, from 0.
    Coefficient(usize),
    /// Transport key Y.
    TransportKey,
    /// Commitment B of the proof of possession, from 0.
    ProofCommitment(usize),
    /// Response z of the proof of possession, from 0.
    Response(usize),
    /// Nonce point E for this recipient.
    Nonce(TrusteeIndex),
    /// Masked share m for this recipient.
    MaskedShare(TrusteeIndex),
    /// The point S of a complaint or D of a decryption.
    Point,
    /// The proof of equal logarithms.
    Proof,
}

impl core::fmt::Display for Field {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Whole => f.write_str("message"),
            Self::Coefficient(m) => write!(f, "coefficient commitment {m}"),
            Self::TransportKey => f.write_str("transport key"),
            Self::ProofCommitment(m) => write!(f, "proof commitment {m}"),
            Self::Response(m) => write!(f, "proof response {m}"),
            Self::Nonce(j) => write!(f, "nonce point for trustee {j}"),
            Self::MaskedShare(j) => write!(f, "masked share for trustee {j}"),
            Self::Point => f.write_str("point"),
            Self::Proof => f.write_str("proof"),
        }
    }
}

/// Why bytes are no message of a ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {source}")]
pub struct MessageError {
    /// The part that is wrong.
    pub field: Field,
    /// What is wrong with it.
    pub source: DecodeError,
}

impl MessageError {
    /// For `map_err`.
    pub(crate) fn at(field: Field) -> impl Fn(DecodeError) -> Self {
        move |source| Self { field, source }
    }
}
