//! What can be wrong with an encrypted contest.

use crate::group::DecodeError;
use crate::range::RangeError;

/// Which equation of a contest is false (only the slow verifier knows). Numbers count from 1 as in
/// docs/PROTOCOL.md section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Equation {
    /// z_j G = a_j + c_j X.
    #[error("statement {statement}, branch {branch}: z G = a + c X")]
    MembershipNonce {
        /// Number of the statement.
        statement: usize,
        /// j.
        branch: usize,
    },
    /// z_j K = b_j + c_j (Y - w_j H).
    #[error("statement {statement}, branch {branch}: z K = b + c (Y - w H)")]
    MembershipValue {
        /// Number of the statement.
        statement: usize,
        /// j.
        branch: usize,
    },
    /// An equation of the aggregated range proof.
    #[error("range proof")]
    Range,
    /// z_r G = t_1 + c R*.
    #[error("link: z_r G = t_1 + c R*")]
    LinkNonce,
    /// z_v H + z_r K = t_2 + c C*.
    #[error("link: z_v H + z_r K = t_2 + c C*")]
    LinkValue,
}

/// Why an encrypted contest is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContestFault {
    /// Another number of ciphertext bytes than the contest has.
    #[error("{found} bytes of ciphertexts where {expected} are expected")]
    CiphertextLength {
        /// Expected bytes.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Another number of proof bytes than follows from the parameters.
    #[error("{found} bytes of proof where {expected} are expected")]
    ProofLength {
        /// Expected bytes.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A part of a ciphertext is no permitted point.
    #[error("{part} of ciphertext {position}: {source}")]
    Ciphertext {
        /// Position, from 1.
        position: usize,
        /// `R` or `C`.
        part: char,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// A proof commitment is no permitted point.
    #[error("proof commitment {position}: {source}")]
    Commitment {
        /// Number among the proof's commitments, from 1.
        position: usize,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// A challenge share or a response is no canonical scalar.
    #[error("proof scalars: {0}")]
    Scalar(#[source] DecodeError),
    /// The range proof is malformed, or could not be made.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// A score contest, and a program without range proofs.
    #[error("this program was built without range proofs")]
    NoRangeProofs,
    /// A false equation, named.
    #[error("false equation: {0}")]
    Equation(#[source] Equation),
    /// The contest's own sizes contradict each other: a fault of this program, never of a ballot.
    /// Nothing is accepted then.
    #[error("internal sizes are inconsistent")]
    Inconsistent,
}

impl ContestFault {
    /// The fault of the point number `index` (from 0) among R_1, C_1, R_2, ..
    pub(super) fn of_ciphertext(index: usize, source: DecodeError) -> Self {
        Self::Ciphertext {
            position: index / 2 + 1,
            part: if index.is_multiple_of(2) { 'R' } else { 'C' },
            source,
        }
    }
}
