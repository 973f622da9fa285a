//! What a ceremony results in: transcript hash, joint key and verification shares
//! (docs/PROTOCOL.md section 8, round 3). Public, recomputed by every reader.

use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::IsIdentity;

use super::error::{CeremonyError, Message};
use super::opening::{Openings, check_count, evaluate};
use super::parameters::{Attempt, Parameters, TrusteeIndex};
use super::shares::ShareList;
use crate::equality::EncodedPoint;
use crate::group;
use crate::labels;

/// Round 3: what a trustee signs when its shares are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Attempt e.
    pub attempt: u64,
    /// Who confirms.
    pub trustee: TrusteeIndex,
    /// The transcript hash it computed.
    pub transcript_hash: [u8; 32],
    /// K, encoded, as it computed it.
    pub joint_key: [u8; 32],
}

/// The public result of a ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyOutcome {
    attempt: Attempt,
    transcript_hash: [u8; 32],
    joint_key: EncodedPoint,
    verification_shares: Vec<EncodedPoint>,
}

impl CeremonyOutcome {
    /// Computes transcript hash, K and X_1 .. X_n from verified openings and all n share lists in order
    /// of dealers.
    ///
    /// # Errors
    /// [`CeremonyError::Count`], [`CeremonyError::Misplaced`] or [`CeremonyError::Shape`] for the lists;
    /// [`CeremonyError::IdentityKey`] or [`CeremonyError::IdentityShare`], whereupon a restart follows.
    pub fn compute(openings: &Openings, lists: &[ShareList]) -> Result<Self, CeremonyError> {
        let attempt = *openings.attempt();
        let parameters = attempt.parameters();
        check_count(parameters, Message::ShareList, lists.len())?;
        for (dealer, list) in parameters.all().zip(lists) {
            list.check_place(parameters, dealer)?;
        }
        let prefix = attempt.prefix();
        let said: Vec<_> = core::iter::once(prefix.as_slice())
            .chain(openings.all().iter().map(super::Opening::as_bytes))
            .chain(lists.iter().map(ShareList::as_bytes))
            .collect();
        let transcript_hash = group::hash(labels::hash::CEREMONY_TRANSCRIPT, &said);

        let coefficients = summed_coefficients(openings);
        let joint_key = coefficients
            .first()
            .copied()
            .filter(|key| !key.is_identity())
            .ok_or(CeremonyError::IdentityKey)?;
        let verification_shares = parameters
            .all()
            .map(|trustee| {
                let share = evaluate(&coefficients, trustee);
                if share.is_identity() {
                    return Err(CeremonyError::IdentityShare(trustee));
                }
                Ok(EncodedPoint::new(share))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            attempt,
            transcript_hash,
            joint_key: EncodedPoint::new(joint_key),
            verification_shares,
        })
    }

    /// An outcome read back from a trustee's own state.
    pub(super) fn from_parts(
        attempt: Attempt,
        transcript_hash: [u8; 32],
        joint_key: EncodedPoint,
        verification_shares: Vec<EncodedPoint>,
    ) -> Self {
        Self {
            attempt,
            transcript_hash,
            joint_key,
            verification_shares,
        }
    }

    /// The attempt that succeeded.
    #[must_use]
    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// t and n.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        self.attempt.parameters()
    }

    /// Hash of everything said in the attempt.
    #[must_use]
    pub fn transcript_hash(&self) -> &[u8; 32] {
        &self.transcript_hash
    }

    /// K.
    #[must_use]
    pub fn joint_key(&self) -> &EncodedPoint {
        &self.joint_key
    }

    /// X_1 .. X_n.
    #[must_use]
    pub fn verification_shares(&self) -> &[EncodedPoint] {
        &self.verification_shares
    }

    /// X_j.
    ///
    /// # Errors
    /// [`CeremonyError::UnknownTrustee`] if the index is from a larger ceremony.
    pub fn verification_share(&self, trustee: TrusteeIndex) -> Result<EncodedPoint, CeremonyError> {
        self.verification_shares
            .get(trustee.position())
            .copied()
            .ok_or_else(|| self.parameters().unknown(trustee.number()))
    }

    /// The confirmation of this outcome by `trustee`.
    #[must_use]
    pub fn confirmation(&self, trustee: TrusteeIndex) -> Confirmation {
        Confirmation {
            attempt: self.attempt.number(),
            trustee,
            transcript_hash: self.transcript_hash,
            joint_key: *self.joint_key.as_bytes(),
        }
    }

    /// Checks that a trustee confirmed this very outcome.
    ///
    /// # Errors
    /// [`CeremonyError::Disagreement`] naming the trustee and what differs.
    pub fn check_confirmation(&self, confirmation: &Confirmation) -> Result<(), CeremonyError> {
        let trustee = confirmation.trustee;
        self.verification_share(trustee)?;
        let expected = self.confirmation(trustee);
        let what = if confirmation.attempt != expected.attempt {
            "attempt"
        } else if confirmation.transcript_hash != expected.transcript_hash {
            "transcript"
        } else if confirmation.joint_key != expected.joint_key {
            "joint key"
        } else {
            return Ok(());
        };
        Err(CeremonyError::Disagreement { trustee, what })
    }

    /// Checks that all n trustees confirmed this outcome, in order of trustees.
    ///
    /// # Errors
    /// [`CeremonyError`] naming the first trustee that did not.
    pub fn check_confirmations(&self, confirmations: &[Confirmation]) -> Result<(), CeremonyError> {
        check_count(
            self.parameters(),
            Message::Confirmation,
            confirmations.len(),
        )?;
        for (expected, confirmation) in self.parameters().all().zip(confirmations) {
            if confirmation.trustee != expected {
                return Err(CeremonyError::Misplaced {
                    message: Message::Confirmation,
                    expected,
                    found: confirmation.trustee,
                });
            }
            self.check_confirmation(confirmation)?;
        }
        Ok(())
    }
}

/// Commitments to the joint polynomial: Σ_i A_{i,m} for m = 0 .. t-1.
fn summed_coefficients(openings: &Openings) -> Vec<RistrettoPoint> {
    let mut sums = vec![group::identity(); openings.attempt().parameters().quorum()];
    for opening in openings.all() {
        for (sum, coefficient) in sums.iter_mut().zip(opening.coefficients()) {
            *sum += coefficient;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::scalar::Scalar;
    use zeroize::Zeroizing;

    use super::*;
    use crate::ceremony::seed::{Secrets, Seed};

    /// What n = 3 colluding trustees get with these constant and linear coefficients.
    fn outcome_of(coefficients: [[i8; 2]; 3]) -> Result<CeremonyOutcome, CeremonyError> {
        let attempt = Attempt::new([1; 32], 1, Parameters::new(2, 3)?)?;
        let signed = |value: i8| {
            let size = Scalar::from(value.unsigned_abs());
            if value < 0 { -size } else { size }
        };
        let all: Vec<_> = attempt
            .parameters()
            .all()
            .zip(coefficients)
            .map(|(trustee, coefficients)| {
                let seed = Seed::from_bytes([trustee.byte(); 32]);
                let secrets = Secrets {
                    coefficients: Zeroizing::new(coefficients.map(signed).to_vec()),
                    transport: Zeroizing::new(Scalar::from(7_u8)),
                };
                (trustee, secrets, seed)
            })
            .collect();
        let openings: Vec<_> = all
            .iter()
            .map(|(trustee, secrets, seed)| {
                crate::ceremony::Opening::create(&attempt, *trustee, secrets, seed)
            })
            .collect();
        let commitments: Vec<_> = openings
            .iter()
            .zip(&all)
            .map(|(opening, (trustee, ..))| opening.commitment(&attempt, *trustee))
            .collect();
        let openings = Openings::verify(attempt, &commitments, openings)?;
        let lists = all
            .iter()
            .map(|(trustee, secrets, seed)| ShareList::create(&openings, *trustee, secrets, seed))
            .collect::<Result<Vec<_>, _>>()?;
        CeremonyOutcome::compute(&openings, &lists)
    }

    #[test]
    fn keys_and_shares_that_cancel_are_refused() {
        assert!(outcome_of([[1, 1], [2, 1], [4, 1]]).is_ok());
        assert_eq!(
            outcome_of([[1, 1], [2, 1], [-3, 1]]).err(),
            Some(CeremonyError::IdentityKey)
        );
        // f(x) = 6 - 3x is zero at trustee 2.
        assert!(matches!(
            outcome_of([[2, -1], [2, -1], [2, -1]]),
            Err(CeremonyError::IdentityShare(trustee)) if trustee.number() == 2
        ));
    }
}
