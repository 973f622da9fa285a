//! Where the terms of a batch are summed up.

use alloc::vec::Vec;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};

use super::{MAX_BITS, RangeError, RangeGenerators};

/// A linear combination of points under construction.
///
/// Implemented by whoever runs the final multiscalar multiplication, so that range proofs and the
/// other equations of a ballot share it.
pub trait TermSink {
    /// Adds to the coefficient of the value generator H.
    fn add_value_generator(&mut self, coefficient: Scalar);
    /// Adds to the coefficient of the joint key K.
    fn add_joint_key(&mut self, coefficient: Scalar);
    /// Adds a term of its own.
    fn add_term(&mut self, coefficient: Scalar, point: RistrettoPoint);
    /// The coefficients of the range proof generators.
    fn range_bases(&mut self) -> &mut RangeBases;
}

/// Coefficients of the generator vectors, shared by all proofs of a batch.
///
/// Grows to the largest proof added; empty and free of cost if there is none.
#[derive(Clone, Debug, Default)]
pub struct RangeBases {
    /// Party-major, `MAX_BITS` scalars a party, as in [`RangeGenerators`].
    g: Vec<Scalar>,
    h: Vec<Scalar>,
}

impl RangeBases {
    /// Adds the coefficients of one proof, `bits` of them for each party.
    pub(super) fn add(&mut self, bits: usize, g: &[Scalar], h: &[Scalar]) {
        add_rows(&mut self.g, bits, g);
        add_rows(&mut self.h, bits, h);
    }

    /// Adds all of `other`, to join batches that were summed up on different threads.
    pub fn merge(&mut self, other: &Self) {
        add_rows(&mut self.g, MAX_BITS, &other.g);
        add_rows(&mut self.h, MAX_BITS, &other.h);
    }

    /// Number of terms [`RangeBases::append_terms`] appends at most.
    #[must_use]
    pub fn len(&self) -> usize {
        self.g.len() + self.h.len()
    }

    /// Whether no proof was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the terms to the operands of a multiscalar multiplication.
    ///
    /// # Errors
    /// [`RangeError::TooFewGenerators`] if a proof was added with larger generators than these.
    pub fn append_terms(
        &self,
        generators: &RangeGenerators,
        scalars: &mut Vec<Scalar>,
        points: &mut Vec<RistrettoPoint>,
    ) -> Result<(), RangeError> {
        if self.g.len() > generators.g().len() {
            return Err(RangeError::TooFewGenerators {
                capacity: generators.parties(),
                actual: self.g.len() / MAX_BITS,
            });
        }
        let terms = (self.g.iter().zip(generators.g())).chain(self.h.iter().zip(generators.h()));
        // Generators above the width of every proof were never touched.
        for (scalar, point) in terms.filter(|(scalar, _)| **scalar != Scalar::ZERO) {
            scalars.push(*scalar);
            points.push(*point);
        }
        Ok(())
    }
}

/// Adds rows of `width` scalars onto the beginnings of rows of `MAX_BITS`.
fn add_rows(sums: &mut Vec<Scalar>, width: usize, scalars: &[Scalar]) {
    let needed = scalars.len() / width * MAX_BITS;
    if sums.len() < needed {
        sums.resize(needed, Scalar::ZERO);
    }
    for (row, addends) in sums.chunks_mut(MAX_BITS).zip(scalars.chunks(width)) {
        for (sum, addend) in row.iter_mut().zip(addends) {
            *sum += addend;
        }
    }
}

/// A batch of range proofs and nothing else.
///
/// All proofs are under the same H and K. Ballots with more to verify implement [`TermSink`] on
/// their own accumulator.
#[derive(Clone, Debug)]
pub struct RangeBatch<'g> {
    generators: &'g RangeGenerators,
    value_generator: Scalar,
    joint_key: Scalar,
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
    bases: RangeBases,
}

impl<'g> RangeBatch<'g> {
    /// An empty batch, which holds.
    #[must_use]
    pub fn new(generators: &'g RangeGenerators) -> Self {
        Self {
            generators,
            value_generator: Scalar::ZERO,
            joint_key: Scalar::ZERO,
            scalars: Vec::new(),
            points: Vec::new(),
            bases: RangeBases::default(),
        }
    }

    /// Adds one proof; see [`RangeGenerators::accumulate`]. On an error the batch is unchanged.
    ///
    /// # Errors
    /// Whatever is wrong with the proof short of its equations, which only [`RangeBatch::verify`]
    /// checks.
    pub fn add(
        &mut self,
        proof: &[u8],
        bits: usize,
        commitments: &[CompressedRistretto],
        transcript: &mut Transcript,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<(), RangeError> {
        let points = commitments
            .iter()
            .enumerate()
            .map(|(index, commitment)| {
                commitment
                    .decompress()
                    .ok_or(RangeError::InvalidCommitment { index })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let generators = self.generators;
        let coefficients =
            generators.accumulate(self, proof, bits, commitments, transcript, rng)?;
        for (coefficient, point) in coefficients.as_slice().iter().zip(points) {
            self.add_term(*coefficient, point);
        }
        Ok(())
    }

    /// Checks every proof added, under value generator H and joint key K.
    ///
    /// # Errors
    /// [`RangeError::EquationsFail`] if at least one proof is false.
    pub fn verify(
        mut self,
        value_generator: &RistrettoPoint,
        joint_key: &RistrettoPoint,
    ) -> Result<(), RangeError> {
        let (h, k) = (self.value_generator, self.joint_key);
        self.add_term(h, *value_generator);
        self.add_term(k, *joint_key);
        self.bases
            .append_terms(self.generators, &mut self.scalars, &mut self.points)?;
        let sum = RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points);
        if sum.is_identity() {
            Ok(())
        } else {
            Err(RangeError::EquationsFail)
        }
    }
}

impl TermSink for RangeBatch<'_> {
    fn add_value_generator(&mut self, coefficient: Scalar) {
        self.value_generator += coefficient;
    }

    fn add_joint_key(&mut self, coefficient: Scalar) {
        self.joint_key += coefficient;
    }

    fn add_term(&mut self, coefficient: Scalar, point: RistrettoPoint) {
        self.scalars.push(coefficient);
        self.points.push(point);
    }

    fn range_bases(&mut self) -> &mut RangeBases {
        &mut self.bases
    }
}
