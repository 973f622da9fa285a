//! Set membership (docs/PROTOCOL.md section 5.1).
//!
//! **Statement.** (X, Y) encrypts one of the public values w_1 .. w_m.
//!
//! **Construction.** A disjunction (Cramer, Damgård, Schoenmakers 1994) of m Chaum-Pedersen proofs
//! that (X, Y - w_j H) = (rG, rK), with the commitments in clear.
//!
//! **Equations**, for each branch j, with Σ c_j = c:
//!
//! ```text
//! z_j G = a_j + c_j X
//! z_j K = b_j + c_j (Y - w_j H)
//! ```
//!
//! **Prover.** It knows r and v with X = rG, Y = vH + rK, so every branch, true or simulated, is
//! computed by the same formula: for random α_j and c_j,
//! `a_j = α_j G`, `b_j = α_j K - c_j (v - w_j) H`, `z_j = α_j + c_j r`. In the true branch v - w_j is
//! 0, so that its c_j may be replaced once the challenge is known. Nothing depends on which branch
//! that is but one constant-time selection.
//!
//! **Size.** 64 m + 32 (m - 1) + 32 m bytes. **Cost.** Verifying: 2m points of one equation each.

use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use rand_core::{CryptoRng, RngCore};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::accumulator::{Accumulator, random_weight};
use crate::elgamal::JointKey;
use crate::group::{self, DecodeError, SCALAR_BYTES, decode_scalar};

/// The public list w_1 .. w_m of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values<'w> {
    /// These, and 0 after them if `or_zero`.
    Listed {
        /// The list.
        values: &'w [Scalar],
        /// Whether 0 is the last value.
        or_zero: bool,
    },
    /// `count` integers from `first` on.
    Interval {
        /// Least value.
        first: u64,
        /// Number of values.
        count: usize,
    },
    /// One value.
    Single(Scalar),
}

impl Values<'_> {
    /// m.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Listed { values, or_zero } => values.len() + usize::from(*or_zero),
            Self::Interval { count, .. } => *count,
            Self::Single(_) => 1,
        }
    }

    /// w_(index + 1).
    pub(crate) fn get(&self, index: usize) -> Option<Scalar> {
        match self {
            Self::Listed { values, or_zero } => match values.get(index) {
                Some(value) => Some(*value),
                None => (*or_zero && index == values.len()).then_some(Scalar::ZERO),
            },
            Self::Interval { first, count } => {
                let offset = u64::try_from(index).ok()?;
                (index < *count).then(|| Scalar::from(first.wrapping_add(offset)))
            }
            Self::Single(value) => (index == 0).then_some(*value),
        }
    }

    /// w_1 .. w_m.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Scalar> + '_ {
        (0..self.len()).map_while(|index| self.get(index))
    }
}

/// The scalars of a proof, read one by one.
pub(crate) struct ScalarReader<'p>(core::slice::Iter<'p, [u8; SCALAR_BYTES]>);

impl<'p> ScalarReader<'p> {
    pub(crate) fn new(scalars: &'p [[u8; SCALAR_BYTES]]) -> Self {
        Self(scalars.iter())
    }

    /// The next scalar, canonical.
    pub(crate) fn read(&mut self) -> Result<Scalar, DecodeError> {
        let bytes = self.0.next().ok_or(DecodeError::Length {
            expected: SCALAR_BYTES,
            found: 0,
        })?;
        decode_scalar(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 0
    }
}

/// The coefficients of X and Y in the weighted sum of a statement's equations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatementCoefficients {
    pub(crate) x: Scalar,
    pub(crate) y: Scalar,
}

/// Adds a statement's 2m equations, each times a fresh weight, but for the terms in X and Y, whose
/// coefficients it returns.
///
/// `commitments` is the number of the term a_1, followed by b_1, a_2, .. b_m.
pub(crate) fn accumulate(
    accumulator: &mut Accumulator,
    commitments: usize,
    values: &Values<'_>,
    challenge: &Scalar,
    challenges: &mut ScalarReader<'_>,
    responses: &mut ScalarReader<'_>,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<StatementCoefficients, DecodeError> {
    let mut coefficients = StatementCoefficients {
        x: Scalar::ZERO,
        y: Scalar::ZERO,
    };
    let mut shared = core::mem::take(&mut accumulator.shared);
    let mut rest = *challenge;
    let last = values.len().saturating_sub(1);
    let (pairs, _) = accumulator
        .coefficients(commitments, 2 * values.len())
        .as_chunks_mut::<2>();
    for (index, (value, [of_a, of_b])) in values.iter().zip(pairs).enumerate() {
        let c = if index == last {
            rest
        } else {
            challenges.read()?
        };
        rest -= c;
        let z = responses.read()?;
        let (weight_a, weight_b) = (random_weight(rng), random_weight(rng));
        // weight_a (a + c X - z G) + weight_b (b + c (Y - w H) - z K)
        *of_a = weight_a;
        *of_b = weight_b;
        let weighted = weight_b * c;
        coefficients.x += weight_a * c;
        coefficients.y += weighted;
        shared.g -= weight_a * z;
        shared.h -= weighted * value;
        shared.k -= weight_b * z;
    }
    accumulator.shared = shared;
    Ok(coefficients)
}

/// One branch of a proof in the making.
struct Branch {
    /// c_j, to be replaced in the true branch.
    challenge: Scalar,
    /// α_j.
    nonce: Scalar,
    /// Whether this branch is true.
    truth: Choice,
}

/// A statement's prover between commitments and challenge.
pub(crate) struct Prover {
    branches: Vec<Branch>,
    nonce: Scalar,
}

impl Drop for Prover {
    fn drop(&mut self) {
        self.nonce.zeroize();
        for branch in &mut self.branches {
            branch.challenge.zeroize();
            branch.nonce.zeroize();
            branch.truth = Choice::from(0);
        }
    }
}

impl Prover {
    /// Appends a_1 ‖ b_1 ‖ .. ‖ a_m ‖ b_m for (X, Y) = Enc(value; nonce); `value` must be in the list.
    pub(crate) fn commit(
        key: &JointKey,
        values: &Values<'_>,
        value: &Scalar,
        nonce: &Scalar,
        rng: &mut (impl RngCore + CryptoRng),
        out: &mut Vec<u8>,
    ) -> Self {
        let mut found = Choice::from(0);
        let branches = values
            .iter()
            .map(|listed| {
                let difference = value - listed;
                // Equal values in the list (only by a chance of 1/l): the first is the true one.
                let truth = difference.ct_eq(&Scalar::ZERO) & !found;
                found |= truth;
                let branch = Branch {
                    challenge: Scalar::random(rng),
                    nonce: Scalar::random(rng),
                    truth,
                };
                let a = group::base_times(&branch.nonce);
                let b =
                    key.mul(&branch.nonce) - key.mul_generator(&(branch.challenge * difference));
                out.extend_from_slice(a.compress().as_bytes());
                out.extend_from_slice(b.compress().as_bytes());
                branch
            })
            .collect();
        Self {
            branches,
            nonce: *nonce,
        }
    }

    /// Gives the true branch its challenge and appends c_1 .. c_(m-1) to `challenges` and z_1 .. z_m
    /// to `responses`.
    pub(crate) fn respond(
        mut self,
        challenge: &Scalar,
        challenges: &mut Vec<u8>,
        responses: &mut Vec<u8>,
    ) {
        let simulated: Scalar = self
            .branches
            .iter()
            .map(|branch| {
                Scalar::conditional_select(&branch.challenge, &Scalar::ZERO, branch.truth)
            })
            .sum();
        let remaining = challenge - simulated;
        let last = self.branches.len().saturating_sub(1);
        for (index, branch) in self.branches.iter_mut().enumerate() {
            branch
                .challenge
                .conditional_assign(&remaining, branch.truth);
            if index != last {
                challenges.extend_from_slice(branch.challenge.as_bytes());
            }
            let response = branch.nonce + branch.challenge * self.nonce;
            responses.extend_from_slice(response.as_bytes());
        }
    }
}
