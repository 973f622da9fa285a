//! Combining t partial decryptions (docs/PROTOCOL.md section 9.3).

use alloc::vec::Vec;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;

use super::partial::PartialDecryption;
use crate::ceremony::{CeremonyError, Parameters, TrusteeIndex};
use crate::elgamal::Ciphertext;

/// Why partial decryptions cannot be combined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CombinationError {
    /// Not exactly t trustees.
    #[error("{found} trustees given where the quorum of {expected} is needed")]
    Quorum {
        /// Quorum t.
        expected: usize,
        /// Number of trustees given.
        found: usize,
    },
    /// A trustee is named twice.
    #[error("trustee {0} is named twice")]
    Duplicate(TrusteeIndex),
    /// A partial decryption of another trustee than the combination is made for.
    #[error("a partial decryption of trustee {found} where that of trustee {expected} is needed")]
    OtherTrustee {
        /// Who is needed here.
        expected: TrusteeIndex,
        /// Who is given.
        found: TrusteeIndex,
    },
    /// No such trustee.
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
}

/// Lagrange coefficients at zero for t chosen trustees; made once, used for every sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    trustees: Vec<TrusteeIndex>,
    /// λ_j = Π_{i≠j} i / (i - j).
    coefficients: Vec<Scalar>,
}

impl Combination {
    /// For exactly t distinct trustees.
    ///
    /// # Errors
    /// [`CombinationError`].
    pub fn new(
        parameters: Parameters,
        trustees: &[TrusteeIndex],
    ) -> Result<Self, CombinationError> {
        if trustees.len() != parameters.quorum() {
            return Err(CombinationError::Quorum {
                expected: parameters.quorum(),
                found: trustees.len(),
            });
        }
        for (position, trustee) in trustees.iter().enumerate() {
            parameters.trustee(trustee.number())?;
            if trustees.iter().take(position).any(|other| other == trustee) {
                return Err(CombinationError::Duplicate(*trustee));
            }
        }
        Ok(Self {
            trustees: trustees.to_vec(),
            coefficients: trustees
                .iter()
                .map(|trustee| lagrange(*trustee, trustees))
                .collect(),
        })
    }

    /// The trustees whose partial decryptions it takes, in this order.
    #[must_use]
    pub fn trustees(&self) -> &[TrusteeIndex] {
        &self.trustees
    }

    /// vH = C - Σ λ_j D_j. The partial decryptions must be of this very sum and verified; they are given
    /// with their trustees, in the order of [`Self::trustees`].
    ///
    /// # Errors
    /// [`CombinationError::Quorum`] or [`CombinationError::OtherTrustee`].
    pub fn decrypt(
        &self,
        sum: &Ciphertext,
        partials: &[(TrusteeIndex, &PartialDecryption)],
    ) -> Result<RistrettoPoint, CombinationError> {
        let points: Vec<_> = partials
            .iter()
            .map(|(trustee, partial)| (*trustee, partial.point().point()))
            .collect();
        self.decrypt_points(sum, &points)
    }

    /// [`Self::decrypt`] from the points D alone, for readers that verified the proofs before and kept no
    /// more than the points.
    ///
    /// # Errors
    /// As [`Self::decrypt`].
    pub fn decrypt_points(
        &self,
        sum: &Ciphertext,
        points: &[(TrusteeIndex, RistrettoPoint)],
    ) -> Result<RistrettoPoint, CombinationError> {
        if points.len() != self.trustees.len() {
            return Err(CombinationError::Quorum {
                expected: self.trustees.len(),
                found: points.len(),
            });
        }
        for (expected, (found, _)) in self.trustees.iter().zip(points) {
            if expected != found {
                return Err(CombinationError::OtherTrustee {
                    expected: *expected,
                    found: *found,
                });
            }
        }
        let points = points.iter().map(|(_, point)| *point);
        Ok(sum.c - RistrettoPoint::vartime_multiscalar_mul(&self.coefficients, points))
    }
}

/// Weight at zero of the value at `trustee` among those at all `trustees`, which are distinct.
fn lagrange(trustee: TrusteeIndex, trustees: &[TrusteeIndex]) -> Scalar {
    let own = trustee.scalar();
    let (numerator, denominator) = trustees
        .iter()
        .filter(|other| **other != trustee)
        .map(|other| other.scalar())
        .fold((Scalar::ONE, Scalar::ONE), |(above, below), other| {
            (above * other, below * (other - own))
        });
    numerator * denominator.invert()
}
