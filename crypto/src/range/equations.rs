//! One proof's two equations as coefficients of points.

use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};

use super::challenges::Challenges;
use super::encoding::DecodedProof;
use super::{RangeError, RangeGenerators, Shape, TermSink};

/// The coefficients of the value commitments `V_0 .. V_{m-1}` in the batch.
///
/// They are handed back because the caller often knows `V_j` as a combination of points it already
/// has (`S H - C_i`). The batch means nothing until each is added to it.
#[must_use = "the batch is incomplete until every value commitment is added with its coefficient"]
#[derive(Clone, Debug)]
pub struct CommitmentCoefficients(Vec<Scalar>);

impl CommitmentCoefficients {
    /// One coefficient for each commitment, padding included, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Scalar] {
        &self.0
    }
}

impl RangeGenerators {
    /// Adds the equations of one proof to `sink`, each times a fresh 128-bit weight from `rng`.
    ///
    /// `commitments` are canonical encodings of the caller's points `V_j`, padded to a power of two
    /// ([`super::pad_commitments`]). The transcript must be where the prover's was before the proof
    /// and is left where the prover's was after it. On an error nothing was added to `sink`.
    ///
    /// The proof holds if, and but for a chance of 2^-128 only if, the sum of all that was added and
    /// of the returned coefficients times the commitments is the identity.
    ///
    /// # Errors
    /// Any variant of [`RangeError`] but `EquationsFail`, `InvalidCommitment` and those of the prover.
    pub fn accumulate<S: TermSink + ?Sized>(
        &self,
        sink: &mut S,
        proof: &[u8],
        bits: usize,
        commitments: &[CompressedRistretto],
        transcript: &mut Transcript,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<CommitmentCoefficients, RangeError> {
        let shape = self.shape(bits, commitments.len())?;
        let proof = DecodedProof::from_bytes(proof, shape)?;
        let challenges = Challenges::replay(transcript, shape, commitments, &proof);
        let powers = Powers::new(shape, &challenges)?;

        let weights = Weights {
            polynomial: random_weight(rng),
            inner_product: random_weight(rng),
        };
        add_inner_product(sink, shape, &proof, &challenges, &powers, &weights);
        Ok(add_polynomial(
            sink,
            shape,
            &proof,
            &challenges,
            &powers,
            &weights,
        ))
    }
}

/// Fresh random factors of the two equations.
struct Weights {
    polynomial: Scalar,
    inner_product: Scalar,
}

/// A uniform 128-bit scalar.
fn random_weight(rng: &mut (impl RngCore + CryptoRng)) -> Scalar {
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes);
    Scalar::from(u128::from_le_bytes(bytes))
}

/// Powers of the challenges; `[k]` of a list of squarings is the power 2^k.
struct Powers {
    /// y^(2^k), one for each round.
    y: Vec<Scalar>,
    /// y^-(2^k), one for each round.
    y_inverse: Vec<Scalar>,
    /// z^(2^k), one for each doubling of m.
    z: Vec<Scalar>,
    /// u_t^2 in the order of the rounds.
    u_squared: Vec<Scalar>,
    /// u_t^-2 in the order of the rounds.
    u_inverse_squared: Vec<Scalar>,
    /// The product of all u_t.
    u_product: Scalar,
    /// The product of all u_t^-1.
    u_product_inverse: Scalar,
}

impl Powers {
    fn new(shape: Shape, challenges: &Challenges) -> Result<Self, RangeError> {
        let mut inverses = challenges.rounds.clone();
        inverses.push(challenges.y);
        if inverses.contains(&Scalar::ZERO) {
            return Err(RangeError::ZeroChallenge);
        }
        let u_product = challenges.rounds.iter().product();
        let all_inverted = Scalar::batch_invert(&mut inverses);
        let y_inverse = inverses.pop().unwrap_or(Scalar::ONE);
        let square = |scalar: &Scalar| scalar * scalar;
        Ok(Self {
            y: squarings(challenges.y, shape.rounds()),
            y_inverse: squarings(y_inverse, shape.rounds()),
            z: squarings(challenges.z, shape.parties.trailing_zeros() as usize),
            u_squared: challenges.rounds.iter().map(square).collect(),
            u_inverse_squared: inverses.iter().map(square).collect(),
            u_product,
            u_product_inverse: all_inverted * challenges.y,
        })
    }
}

/// `base, base^2, base^4, ..`, `count` of them.
fn squarings(base: Scalar, count: usize) -> Vec<Scalar> {
    core::iter::successors(Some(base), |power| Some(power * power))
        .take(count)
        .collect()
}

/// `sum_{i < 2^k} base^i` from the `k` squarings of the base.
fn sum_of_powers(squarings: &[Scalar]) -> Scalar {
    squarings.iter().map(|power| power + Scalar::ONE).product()
}

/// The vector whose entry `i` is `start` times the factors at the set bits of `i`, lowest bit first.
///
/// All vectors the verifier needs have this form, so each costs one multiplication an entry.
fn tensor(start: Scalar, factors: impl Iterator<Item = Scalar>) -> Vec<Scalar> {
    let mut vector = vec![start];
    for factor in factors {
        let half = vector.len();
        vector.reserve(half);
        vector.extend_from_within(..);
        for entry in vector.iter_mut().skip(half) {
            *entry *= factor;
        }
    }
    vector
}

/// A + x S + sum_t (u_t^2 L_t + u_t^-2 R_t) + w (t_x - a b) H - e_blinding K + <g, G> + <h, H>
fn add_inner_product<S: TermSink + ?Sized>(
    sink: &mut S,
    shape: Shape,
    proof: &DecodedProof,
    challenges: &Challenges,
    powers: &Powers,
    weights: &Weights,
) {
    let weight = weights.inner_product;
    sink.add_term(weight, proof.a.point);
    sink.add_term(weight * challenges.x, proof.s.point);
    for ((left, right), (squared, inverse_squared)) in proof
        .rounds
        .iter()
        .zip(powers.u_squared.iter().zip(&powers.u_inverse_squared))
    {
        sink.add_term(weight * squared, left.point);
        sink.add_term(weight * inverse_squared, right.point);
    }
    sink.add_value_generator(weight * challenges.w * (proof.t_x - proof.inner_a * proof.inner_b));
    sink.add_joint_key(-(weight * proof.e_blinding));

    // The first round's challenge stands for the highest bit of i. s_0 has every u inverted.
    let mut g = tensor(
        weight * proof.inner_a * powers.u_product_inverse,
        powers.u_squared.iter().rev().copied(),
    );
    let y_inverse = || powers.y_inverse.iter();
    let b_over_s = tensor(
        weight * proof.inner_b * powers.u_product,
        (powers.u_inverse_squared.iter().rev().zip(y_inverse())).map(|(u, y)| u * y),
    );
    let bits_and_parties = (0..shape.bits.trailing_zeros())
        .map(|k| Scalar::from(1_u64 << (1_u32 << k)))
        .chain(powers.z.iter().copied());
    let mut h = tensor(
        weight * challenges.z * challenges.z,
        bits_and_parties
            .zip(y_inverse())
            .map(|(power, y)| power * y),
    );
    let weighted_z = weight * challenges.z;
    for entry in &mut g {
        *entry = -(*entry + weighted_z);
    }
    for (entry, b_over_s) in h.iter_mut().zip(&b_over_s) {
        *entry += weighted_z - b_over_s;
    }
    sink.range_bases().add(shape.bits, &g, &h);
}

/// x T1 + x^2 T2 + (delta - t_x) H - t_x_blinding K; returns the coefficients of the V_j.
fn add_polynomial<S: TermSink + ?Sized>(
    sink: &mut S,
    shape: Shape,
    proof: &DecodedProof,
    challenges: &Challenges,
    powers: &Powers,
    weights: &Weights,
) -> CommitmentCoefficients {
    let weight = weights.polynomial;
    let z = challenges.z;
    let z_squared = z * z;
    let weighted_x = weight * challenges.x;
    sink.add_term(weighted_x, proof.t1.point);
    sink.add_term(weighted_x * challenges.x, proof.t2.point);

    let all_bits = Scalar::from((1_u64 << shape.bits) - 1);
    let delta = (z - z_squared) * sum_of_powers(&powers.y)
        - z_squared * z * all_bits * sum_of_powers(&powers.z);
    sink.add_value_generator(weight * (delta - proof.t_x));
    sink.add_joint_key(-(weight * proof.t_x_blinding));
    CommitmentCoefficients(tensor(weight * z_squared, powers.z.iter().copied()))
}
