//! Proving, by the crate `bulletproofs`.

use alloc::vec::Vec;
use core::fmt;

use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, Zeroizing};

use super::{MAX_BITS, RangeError, Shape};

/// Makes range proofs under one value generator H and joint key K.
///
/// # Security
/// Values and blindings are the vote: they must not be logged or kept longer than the ballot is
/// being made.
#[derive(Clone)]
pub struct RangeProver {
    generators: BulletproofGens,
    pedersen: PedersenGens,
}

impl RangeProver {
    /// Prepares proofs of up to `parties` values, padding included.
    ///
    /// # Errors
    /// [`RangeError::UnsupportedAggregation`] unless `parties` is a power of two up to
    /// [`super::MAX_AGGREGATION`].
    pub fn new(
        parties: usize,
        value_generator: RistrettoPoint,
        joint_key: RistrettoPoint,
    ) -> Result<Self, RangeError> {
        Shape::new(MAX_BITS, parties)?;
        Ok(Self {
            generators: BulletproofGens::new(MAX_BITS, parties),
            pedersen: PedersenGens {
                B: value_generator,
                B_blinding: joint_key,
            },
        })
    }

    /// Proves that every value is below `2^bits`, as committed in `V_j = values[j] H + blindings[j] K`.
    ///
    /// Pads with commitments to 0 with blinding 0, as [`super::pad_commitments`] does for the
    /// verifier. The transcript goes on as the verifier's will.
    ///
    /// # Errors
    /// [`RangeError::ValueOutOfRange`], [`RangeError::BlindingCount`], the shape errors, and
    /// [`RangeError::Prover`] should the crate refuse.
    pub fn prove(
        &self,
        transcript: &mut Transcript,
        values: &[u64],
        blindings: &[Scalar],
        bits: usize,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Vec<u8>, RangeError> {
        if values.len() != blindings.len() {
            return Err(RangeError::BlindingCount {
                values: values.len(),
                blindings: blindings.len(),
            });
        }
        if values.is_empty() {
            return Err(RangeError::UnsupportedAggregation { actual: 0 });
        }
        let shape = Shape::new(bits, values.len().next_power_of_two())?;
        if shape.parties > self.generators.party_capacity {
            return Err(RangeError::TooFewGenerators {
                capacity: self.generators.party_capacity,
                actual: shape.parties,
            });
        }
        if let Some(index) = values.iter().position(|value| value >> bits != 0) {
            return Err(RangeError::ValueOutOfRange { index, bits });
        }
        let padded_values = padded(values, shape.parties);
        let padded_blindings = padded(blindings, shape.parties);
        let (proof, _) = RangeProof::prove_multiple_with_rng(
            &self.generators,
            &self.pedersen,
            transcript,
            &padded_values,
            &padded_blindings,
            bits,
            rng,
        )
        .map_err(RangeError::Prover)?;
        Ok(proof.to_bytes())
    }
}

/// A copy of secrets, filled up with zeros, that is wiped when dropped.
fn padded<T: Copy + Default + Zeroize>(secrets: &[T], len: usize) -> Zeroizing<Vec<T>> {
    // Full capacity first: growing would leave an unwiped copy behind.
    let mut copy = Zeroizing::new(Vec::with_capacity(len));
    copy.extend_from_slice(secrets);
    copy.resize(len, T::default());
    copy
}

impl fmt::Debug for RangeProver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeProver")
            .field("parties", &self.generators.party_capacity)
            .finish_non_exhaustive()
    }
}
