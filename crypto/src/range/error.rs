//! What can be wrong with a range proof.

use core::fmt;

use super::MAX_AGGREGATION;

/// One 32-byte element of an encoded proof; rounds count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProofElement {
    /// Commitment to the bits.
    A,
    /// Commitment to the blinding vectors.
    S,
    /// Commitment to the first coefficient of t(x).
    T1,
    /// Commitment to the second coefficient of t(x).
    T2,
    /// Evaluation of t at x.
    Tx,
    /// Blinding of the evaluation.
    TxBlinding,
    /// Blinding of the inner-product commitment.
    EBlinding,
    /// Left commitment of an inner-product round.
    L(usize),
    /// Right commitment of an inner-product round.
    R(usize),
    /// Last left scalar of the inner-product argument.
    InnerA,
    /// Last right scalar of the inner-product argument.
    InnerB,
}

impl fmt::Display for ProofElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A => f.write_str("A"),
            Self::S => f.write_str("S"),
            Self::T1 => f.write_str("T1"),
            Self::T2 => f.write_str("T2"),
            Self::Tx => f.write_str("t_x"),
            Self::TxBlinding => f.write_str("t_x_blinding"),
            Self::EBlinding => f.write_str("e_blinding"),
            Self::L(round) => write!(f, "L[{round}]"),
            Self::R(round) => write!(f, "R[{round}]"),
            Self::InnerA => f.write_str("a"),
            Self::InnerB => f.write_str("b"),
        }
    }
}

/// Why a range proof was refused, or could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// The range width is not one this election system uses.
    #[error("range proofs cover 8, 16 or 32 bits, not {actual}")]
    UnsupportedBits {
        /// Bits asked for.
        actual: usize,
    },
    /// The number of commitments is zero, no power of two, or too large.
    #[error(
        "a range proof covers a power of two of at most {MAX_AGGREGATION} commitments, not {actual}"
    )]
    UnsupportedAggregation {
        /// Commitments given.
        actual: usize,
    },
    /// The generators at hand were computed for fewer commitments.
    #[error("generators are for {capacity} commitments, the proof has {actual}")]
    TooFewGenerators {
        /// Commitments the generators allow.
        capacity: usize,
        /// Commitments of the proof.
        actual: usize,
    },
    /// The encoding has another length than its statement demands.
    #[error("range proof is {actual} bytes long, expected {expected}")]
    WrongLength {
        /// Bytes expected.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// A scalar is not reduced modulo the group order.
    #[error("scalar {element} of the range proof is not canonical")]
    NonCanonicalScalar {
        /// The offending element.
        element: ProofElement,
    },
    /// A point is not a canonical encoding.
    #[error("point {element} of the range proof is not a canonical ristretto255 encoding")]
    InvalidPoint {
        /// The offending element.
        element: ProofElement,
    },
    /// A point that must not be the identity is.
    #[error("point {element} of the range proof is the identity")]
    IdentityPoint {
        /// The offending element.
        element: ProofElement,
    },
    /// A value commitment is not a canonical encoding.
    #[error("value commitment {index} is not a canonical ristretto255 encoding")]
    InvalidCommitment {
        /// Position among the commitments, from 0.
        index: usize,
    },
    /// A challenge came out as zero. Nobody can bring this about (probability 2^-252).
    #[error("a challenge of the range proof is zero")]
    ZeroChallenge,
    /// The equations do not hold.
    #[error("the range proof equations do not hold")]
    EquationsFail,
    /// The prover was given a value outside the range.
    #[error("value {index} does not fit into {bits} bits")]
    ValueOutOfRange {
        /// Position among the values, from 0.
        index: usize,
        /// Width of the range.
        bits: usize,
    },
    /// The prover was given unequal numbers of values and blindings.
    #[error("{values} values but {blindings} blindings")]
    BlindingCount {
        /// Values given.
        values: usize,
        /// Blindings given.
        blindings: usize,
    },
}
