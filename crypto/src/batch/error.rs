//! Why a ballot is not accepted.

use crate::ballot::BodyError;
use crate::contest::{ContestFault, Equation};
use crate::group::DecodeError;

/// Why a ballot is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BallotError {
    /// The body is not in the only valid encoding.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body names another credential than the context.
    #[error("the body is of credential {found}, not {expected}")]
    WrongCredential {
        /// Index in the context.
        expected: u32,
        /// Index in the body.
        found: u32,
    },
    /// Another number of contests than the ballot style has.
    #[error("{found} contests where the ballot style has {expected}")]
    ContestCount {
        /// Contests of the style.
        expected: usize,
        /// Contests in the body.
        found: usize,
    },
    /// A contest is malformed, or (only from the slow verifier) one of its equations is false.
    #[error("contest {contest}: {source}")]
    Contest {
        /// Number of the contest in the manifest.
        contest: u64,
        /// What is wrong with it.
        source: ContestFault,
    },
    /// The signature is malformed.
    #[error("signature: {0}")]
    Signature(#[source] DecodeError),
    /// The roll's public credential is no permitted point.
    #[error("public credential: {0}")]
    Credential(#[source] DecodeError),
    /// The signature's equation zG = A + cP is false (only from the slow verifier).
    #[error("false equation: signature, z G = A + c P")]
    SignatureEquation,
    /// At least one equation of the ballot is false.
    #[error("a proof equation is false")]
    ProofEquation,
}

impl BallotError {
    pub(super) fn equation(contest: u64, equation: Equation) -> Self {
        Self::Contest {
            contest,
            source: ContestFault::Equation(equation),
        }
    }

    /// Whether the ballot is well-formed but states something false.
    #[must_use]
    pub fn is_false_equation(&self) -> bool {
        matches!(
            self,
            Self::ProofEquation
                | Self::SignatureEquation
                | Self::Contest {
                    source: ContestFault::Equation(_),
                    ..
                }
        )
    }
}
