//! Many equations between points, checked as one multiscalar multiplication.
//!
//! Every equation `Σ s_i P_i = 0` enters times a fresh random 128-bit weight, as coefficients of
//! points. If one of the equations is false, the weighted sum of all is 0 with probability at most
//! 2^-128. Points that stand in one equation only (proof commitments) get the weight itself as their
//! coefficient: its upper half is zero, which makes them half as expensive.

use alloc::vec::Vec;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use rand_core::{CryptoRng, RngCore};

use crate::group::DecodeError;
use crate::range::{RangeBases, RangeError, RangeGenerators, TermSink};

/// A uniform 128-bit weight.
pub(crate) fn random_weight(rng: &mut (impl RngCore + CryptoRng)) -> Scalar {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    Scalar::from(u128::from_le_bytes(bytes))
}

/// Coefficients of the three points that stand in every ballot's equations.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedCoefficients {
    /// Of the generator G.
    pub(crate) g: Scalar,
    /// Of the value generator H.
    pub(crate) h: Scalar,
    /// Of the joint public key K.
    pub(crate) k: Scalar,
}

impl SharedCoefficients {
    fn add(&mut self, other: &Self) {
        self.g += other.g;
        self.h += other.h;
        self.k += other.k;
    }
}

/// A sum of points times scalars under construction.
///
/// Terms are pending until [`Accumulator::keep`]; [`Accumulator::discard`] forgets those of a ballot
/// that turned out malformed half-way.
#[derive(Default)]
pub(crate) struct Accumulator {
    kept: SharedCoefficients,
    kept_terms: usize,
    /// Pending coefficients of G, H and K.
    pub(crate) shared: SharedCoefficients,
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
    kept_bases: RangeBases,
    /// Pending coefficients of the range proofs' generators.
    bases: RangeBases,
    /// The generators of the largest range proof.
    generators: Option<&'static RangeGenerators>,
}

impl Accumulator {
    /// Room for `terms` points before the first allocation.
    pub(crate) fn with_capacity(terms: usize) -> Self {
        Self {
            scalars: Vec::with_capacity(terms),
            points: Vec::with_capacity(terms),
            ..Self::default()
        }
    }

    /// Number of terms so far.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// Appends one term.
    pub(crate) fn push(&mut self, coefficient: Scalar, point: RistrettoPoint) {
        self.scalars.push(coefficient);
        self.points.push(point);
    }

    /// Decodes a point that must not be the identity and appends it with coefficient 0, to be set
    /// through [`Accumulator::coefficients`].
    pub(crate) fn push_encoded(&mut self, bytes: &[u8; 32]) -> Result<(), DecodeError> {
        let encoded = CompressedRistretto(*bytes);
        // The identity has one canonical encoding, so comparing encodings suffices.
        if encoded.is_identity() {
            return Err(DecodeError::Identity);
        }
        let point = encoded.decompress().ok_or(DecodeError::NotAPoint)?;
        self.push(Scalar::ZERO, point);
        Ok(())
    }

    /// The coefficients of `count` terms from number `start` on; fewer if there are not so many.
    pub(crate) fn coefficients(&mut self, start: usize, count: usize) -> &mut [Scalar] {
        let end = start.saturating_add(count).min(self.scalars.len());
        self.scalars.get_mut(start..end).unwrap_or_default()
    }

    /// The points from number `start` on.
    pub(crate) fn points_from(&self, start: usize) -> &[RistrettoPoint] {
        self.points.get(start..).unwrap_or_default()
    }

    /// Announces a range proof under these generators.
    pub(crate) fn use_generators(&mut self, generators: &'static RangeGenerators) {
        if self
            .generators
            .is_none_or(|known| known.parties() < generators.parties())
        {
            self.generators = Some(generators);
        }
    }

    /// Makes everything pending part of the sum.
    pub(crate) fn keep(&mut self) {
        self.kept.add(&self.shared);
        self.shared = SharedCoefficients::default();
        self.kept_terms = self.points.len();
        if !self.bases.is_empty() {
            self.kept_bases.merge(&core::mem::take(&mut self.bases));
        }
    }

    /// Forgets everything pending.
    pub(crate) fn discard(&mut self) {
        self.shared = SharedCoefficients::default();
        self.scalars.truncate(self.kept_terms);
        self.points.truncate(self.kept_terms);
        self.bases = RangeBases::default();
    }

    /// Whether the sum of everything kept is the identity.
    ///
    /// # Errors
    /// None that the contests' checked sizes allow; nothing may be accepted then.
    pub(crate) fn holds(
        mut self,
        value_generator: &RistrettoPoint,
        joint_key: &RistrettoPoint,
    ) -> Result<bool, RangeError> {
        self.discard();
        if let Some(generators) = self.generators {
            self.kept_bases
                .append_terms(generators, &mut self.scalars, &mut self.points)?;
        }
        let SharedCoefficients { g, h, k } = self.kept.clone();
        self.push(g, RISTRETTO_BASEPOINT_POINT);
        self.push(h, *value_generator);
        self.push(k, *joint_key);
        let sum = RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points);
        Ok(sum.is_identity())
    }
}

impl TermSink for Accumulator {
    fn add_value_generator(&mut self, coefficient: Scalar) {
        self.shared.h += coefficient;
    }

    fn add_joint_key(&mut self, coefficient: Scalar) {
        self.shared.k += coefficient;
    }

    fn add_term(&mut self, coefficient: Scalar, point: RistrettoPoint) {
        self.push(coefficient, point);
    }

    fn range_bases(&mut self) -> &mut RangeBases {
        &mut self.bases
    }
}
