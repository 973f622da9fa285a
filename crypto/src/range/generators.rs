//! The generator vectors of the range proofs.

use alloc::vec::Vec;
use core::fmt;

use curve25519_dalek::ristretto::RistrettoPoint;
use sha3::Shake256;
use sha3::digest::{ExtendableOutput, Update, XofReader};

use super::{MAX_AGGREGATION, MAX_BITS, RangeError, Shape};

/// The vectors `G` and `H` for proofs of up to a fixed number of commitments.
///
/// Party `j` owns the first [`MAX_BITS`] points of two chains: 64 bytes at a time are read from
/// `SHAKE256("GeneratorsChain" || "G" || le32(j))` (`"H"` for the other vector) and mapped to the
/// group by the one-way map of RFC 9496. A proof of fewer bits uses the first points of each party.
/// Computed once (about 1 ms per party) and kept by the caller; 10 KiB a party.
#[derive(Clone)]
pub struct RangeGenerators {
    /// Party-major, `MAX_BITS` points a party.
    g: Vec<RistrettoPoint>,
    /// Party-major, `MAX_BITS` points a party.
    h: Vec<RistrettoPoint>,
    parties: usize,
}

impl RangeGenerators {
    /// Computes the generators for proofs of up to `parties` commitments.
    ///
    /// # Errors
    /// [`RangeError::UnsupportedAggregation`] for zero or more than [`MAX_AGGREGATION`].
    pub fn new(parties: usize) -> Result<Self, RangeError> {
        if parties == 0 || parties > MAX_AGGREGATION {
            return Err(RangeError::UnsupportedAggregation { actual: parties });
        }
        let indices = 0..u32::try_from(parties)
            .map_err(|_| RangeError::UnsupportedAggregation { actual: parties })?;
        Ok(Self {
            g: indices.clone().flat_map(|j| chain(b'G', j)).collect(),
            h: indices.flat_map(|j| chain(b'H', j)).collect(),
            parties,
        })
    }

    /// Most commitments a proof checked with these generators can have.
    #[must_use]
    pub const fn parties(&self) -> usize {
        self.parties
    }

    /// The vector `G`, party-major with [`MAX_BITS`] points a party.
    #[must_use]
    pub fn g(&self) -> &[RistrettoPoint] {
        &self.g
    }

    /// The vector `H`, party-major with [`MAX_BITS`] points a party.
    #[must_use]
    pub fn h(&self) -> &[RistrettoPoint] {
        &self.h
    }

    pub(super) fn shape(&self, bits: usize, commitments: usize) -> Result<Shape, RangeError> {
        let shape = Shape::new(bits, commitments)?;
        if commitments > self.parties {
            return Err(RangeError::TooFewGenerators {
                capacity: self.parties,
                actual: commitments,
            });
        }
        Ok(shape)
    }
}

impl fmt::Debug for RangeGenerators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeGenerators")
            .field("parties", &self.parties)
            .finish_non_exhaustive()
    }
}

/// The first [`MAX_BITS`] points of one chain.
pub(super) fn chain(vector: u8, party: u32) -> impl Iterator<Item = RistrettoPoint> {
    let mut shake = Shake256::default();
    shake.update(b"GeneratorsChain");
    shake.update(&[vector]);
    shake.update(&party.to_le_bytes());
    let mut reader = shake.finalize_xof();
    (0..MAX_BITS).map(move |_| {
        let mut uniform = [0_u8; 64];
        reader.read(&mut uniform);
        RistrettoPoint::from_uniform_bytes(&uniform)
    })
}
