//! Scores: range proof and opening link (docs/PROTOCOL.md section 5.3).
//!
//! C_i is a Pedersen commitment to v_i under (H, K), so that 0 <= v_i <= S is shown by a range proof of
//! C_i and of S·H - C_i. The range proof only speaks about the C parts; the link proves knowledge of one
//! opening of Σ ρ_i E_i and thereby that R_i and C_i share their nonce.

use alloc::vec::Vec;
#[cfg(feature = "full")]
use std::sync::OnceLock;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::elgamal::JointKey;
use crate::group;
use crate::range::{MAX_AGGREGATION, bits_for, pad_commitments, proof_len};
#[cfg(feature = "full")]
use crate::range::{RangeError, RangeGenerators};

use super::kind::{KindError, Rules, ScoreTotal};

/// The checked rules of a score contest with the shape of its range proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Score {
    /// k.
    options: usize,
    /// S.
    maximum: u64,
    /// T, if at most T is a rule.
    at_most: Option<u64>,
    unanswered: bool,
    /// n.
    pub(super) bits: usize,
    /// M.
    pub(super) parties: usize,
    /// Bytes of the range proof.
    pub(super) proof_bytes: usize,
}

impl Score {
    /// The score rules among rules, if they are.
    pub(super) fn of(rules: Rules) -> Result<Option<Self>, KindError> {
        let Rules::Score {
            options,
            maximum,
            total,
            unanswered,
        } = rules
        else {
            return Ok(None);
        };
        let largest = maximum.max(total.bound().unwrap_or(0));
        let at_most = match total {
            ScoreTotal::AtMost(total) => Some(total.into()),
            _ => None,
        };
        let options = options as usize;
        let parties = (2 * options + usize::from(at_most.is_some())).next_power_of_two();
        let bits = bits_for(largest.into()).ok_or(KindError::TooLarge)?;
        if parties > MAX_AGGREGATION {
            return Err(KindError::TooLarge);
        }
        Ok(Some(Self {
            options,
            maximum: maximum.into(),
            at_most,
            unanswered,
            bits,
            parties,
            proof_bytes: proof_len(bits, parties).map_err(|_| KindError::TooLarge)?,
        }))
    }

    /// The value commitments V_1 .. V_M of a contest with these C parts, encoded and padded. `encoded`
    /// are the same points as they were sent.
    pub(super) fn commitments(
        &self,
        parts: &[RistrettoPoint],
        encoded: &[CompressedRistretto],
        key: &JointKey,
    ) -> Vec<CompressedRistretto> {
        let (scores, answered) = parts.split_at_checked(self.options).unwrap_or((parts, &[]));
        let maximum = Scalar::from(self.maximum);
        let ceiling = key.mul_generator(&maximum);
        let mut commitments: Vec<_> = encoded.iter().take(self.options).copied().collect();
        commitments.extend(scores.iter().enumerate().map(|(index, score)| {
            let ceiling = match answered.get(index) {
                Some(answered) => RistrettoPoint::vartime_double_scalar_mul_basepoint(
                    &maximum,
                    answered,
                    &Scalar::ZERO,
                ),
                None => ceiling,
            };
            (ceiling - score).compress()
        }));
        if let Some(total) = self.at_most {
            let sum: RistrettoPoint = scores.iter().sum();
            commitments.push((key.mul_generator(&Scalar::from(total)) - sum).compress());
        }
        pad_commitments(&mut commitments);
        commitments
    }

    /// Folds the coefficients of V_1 .. V_M into those of R_1, C_1, R_2, .. and returns what is to be
    /// added to that of H.
    pub(super) fn fold(&self, of_commitments: &[Scalar], coefficients: &mut [Scalar]) -> Scalar {
        let maximum = Scalar::from(self.maximum);
        let (of_scores, rest) = of_commitments
            .split_at_checked(self.options)
            .unwrap_or((of_commitments, &[]));
        let (of_ceilings, rest) = rest.split_at_checked(self.options).unwrap_or((rest, &[]));
        let of_total = match self.at_most {
            Some(_) => rest.first().copied().unwrap_or(Scalar::ZERO),
            None => Scalar::ZERO,
        };
        let mut of_generator = of_total * Scalar::from(self.at_most.unwrap_or(0));
        let (pairs, _) = coefficients.as_chunks_mut::<2>();
        let (scores, answered) = pairs.split_at_mut(self.options.min(pairs.len()));
        let both = of_scores.iter().zip(of_ceilings);
        for ([_, c], (of_score, of_ceiling)) in scores.iter_mut().zip(both) {
            *c += of_score - of_ceiling - of_total;
        }
        if self.unanswered {
            for ([_, c], of_ceiling) in answered.iter_mut().zip(of_ceilings) {
                *c += of_ceiling * maximum;
            }
        } else {
            of_generator += of_ceilings.iter().sum::<Scalar>() * maximum;
        }
        of_generator
    }

    /// Values and blindings of V_1 .. (before padding) for values and nonces of the ciphertexts.
    pub(super) fn openings(
        &self,
        values: &[u64],
        nonces: &[Scalar],
    ) -> (Zeroizing<Vec<u64>>, Zeroizing<Vec<Scalar>>) {
        let maximum = Scalar::from(self.maximum);
        let (scores, answered) = values
            .split_at_checked(self.options)
            .unwrap_or((values, &[]));
        let (of_scores, of_answered) = nonces
            .split_at_checked(self.options)
            .unwrap_or((nonces, &[]));
        // Full capacity first: growing would leave an unwiped copy behind.
        let mut opened = Zeroizing::new(Vec::with_capacity(2 * self.options + 1));
        let mut blindings = Zeroizing::new(Vec::with_capacity(2 * self.options + 1));
        opened.extend_from_slice(scores);
        blindings.extend_from_slice(of_scores);
        // A score above its ceiling wraps around and is refused by the range prover.
        for (index, (score, nonce)) in scores.iter().zip(of_scores).enumerate() {
            let answered = answered.get(index).copied().unwrap_or(1);
            opened.push(self.maximum.wrapping_mul(answered).wrapping_sub(*score));
            let of_ceiling = of_answered.get(index).copied().unwrap_or(Scalar::ZERO);
            blindings.push(of_ceiling * maximum - nonce);
        }
        if let Some(total) = self.at_most {
            opened.push(total.wrapping_sub(scores.iter().sum()));
            blindings.push(-of_scores.iter().sum::<Scalar>());
        }
        (opened, blindings)
    }
}

/// The generators of range proofs of so many commitments, computed once in a process.
#[cfg(feature = "full")]
pub(super) fn generators(parties: usize) -> Result<&'static RangeGenerators, RangeError> {
    // One for every power of two up to MAX_AGGREGATION.
    static ALL: [OnceLock<Result<RangeGenerators, RangeError>>; 7] = [const { OnceLock::new() }; 7];
    ALL.get(parties.trailing_zeros() as usize)
        .ok_or(RangeError::UnsupportedAggregation { actual: parties })?
        .get_or_init(|| RangeGenerators::new(parties))
        .as_ref()
        .map_err(Clone::clone)
}

/// The link's prover between commitments and challenge.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct LinkProver {
    nonce: Scalar,
    value: Scalar,
}

impl LinkProver {
    /// Appends t_1 ‖ t_2.
    pub(super) fn commit(
        key: &JointKey,
        rng: &mut (impl RngCore + CryptoRng),
        out: &mut Vec<u8>,
    ) -> Self {
        let link = Self {
            nonce: Scalar::random(rng),
            value: Scalar::random(rng),
        };
        let t1 = group::base_times(&link.nonce);
        let t2 = key.mul_generator(&link.value) + key.mul(&link.nonce);
        out.extend_from_slice(t1.compress().as_bytes());
        out.extend_from_slice(t2.compress().as_bytes());
        link
    }

    /// Appends z_r ‖ z_v for the opening (value, nonce) of Σ ρ_i E_i.
    pub(super) fn respond(
        self,
        challenge: &Scalar,
        value: &Scalar,
        nonce: &Scalar,
        out: &mut Vec<u8>,
    ) {
        let of_nonce = self.nonce + challenge * nonce;
        let of_value = self.value + challenge * value;
        out.extend_from_slice(of_nonce.as_bytes());
        out.extend_from_slice(of_value.as_bytes());
    }
}
