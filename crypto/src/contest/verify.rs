//! A contest's equations, added to an accumulator.

use alloc::vec::Vec;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};

use crate::accumulator::{Accumulator, random_weight};
use crate::elgamal::JointKey;
use crate::group::{POINT_BYTES, SCALAR_BYTES};
use crate::labels::message;
use crate::membership::{self, ScalarReader, StatementCoefficients};
use crate::transcript::TranscriptExt;

use super::absorb::{absorb_contest, weight_count};
use super::fault::ContestFault;
use super::kind::{ContestKind, Sizes};
use super::score::{Score, generators};
use super::statement::{Combination, Weights, shapes};

/// Buffers that are used again for every contest.
#[derive(Default)]
pub(crate) struct Scratch {
    wide: Vec<u8>,
    weights: Vec<Scalar>,
}

/// The parts of a proof (section 5.4).
pub(super) struct ProofParts<'p> {
    /// The aggregated range proof of a score contest, else empty.
    pub(super) range: &'p [u8],
    /// The commitments; t_1 and t_2 of a link come first.
    pub(super) commitments: &'p [[u8; POINT_BYTES]],
    /// The same, as it is absorbed.
    pub(super) commitment_bytes: &'p [u8],
    /// c_1 .. c_(m-1) of every statement.
    pub(super) challenges: &'p [[u8; SCALAR_BYTES]],
    /// z_r and z_v of a link, if there is one.
    pub(super) link: &'p [[u8; SCALAR_BYTES]],
    /// z_1 .. z_m of every statement.
    pub(super) responses: &'p [[u8; SCALAR_BYTES]],
    /// Everything after the commitments, as it is absorbed.
    pub(super) response_bytes: &'p [u8],
}

impl<'p> ProofParts<'p> {
    /// Cuts a proof of exactly the right length.
    pub(super) fn split(kind: &ContestKind, proof: &'p [u8]) -> Result<Self, ContestFault> {
        let Sizes {
            statements,
            branches,
            ..
        } = *kind.sizes();
        let wrong = ContestFault::ProofLength {
            expected: kind.proof_bytes(),
            found: proof.len(),
        };
        if proof.len() != kind.proof_bytes() {
            return Err(wrong);
        }
        let (range_bytes, links) = kind.score().map_or((0, 0), |score| (score.proof_bytes, 1));
        let (range, sigma) = proof
            .split_at_checked(range_bytes)
            .ok_or(ContestFault::Inconsistent)?;
        let (commitment_bytes, response_bytes) = sigma
            .split_at_checked(2 * POINT_BYTES * (links + branches))
            .ok_or(ContestFault::Inconsistent)?;
        let (scalars, rest) = response_bytes.as_chunks::<SCALAR_BYTES>();
        let (challenges, scalars) = scalars
            .split_at_checked(branches - statements)
            .ok_or(ContestFault::Inconsistent)?;
        let (link, responses) = scalars
            .split_at_checked(2 * links)
            .ok_or(ContestFault::Inconsistent)?;
        if !rest.is_empty() || responses.len() != branches {
            return Err(ContestFault::Inconsistent);
        }
        let (commitments, _) = commitment_bytes.as_chunks::<POINT_BYTES>();
        Ok(Self {
            range,
            link,
            commitments,
            commitment_bytes,
            challenges,
            responses,
            response_bytes,
        })
    }
}

impl Scratch {
    /// Step 2 of section 5.4, without allocating anew.
    fn draw_weights(&mut self, transcript: &mut Transcript, count: usize) -> &[Scalar] {
        self.wide.clear();
        self.wide.resize(64 * count, 0);
        transcript.challenge_bytes(message::WEIGHTS, &mut self.wide);
        let (chunks, _) = self.wide.as_chunks::<64>();
        self.weights.clear();
        self.weights
            .extend(chunks.iter().map(Scalar::from_bytes_mod_order_wide));
        &self.weights
    }
}

impl ContestKind {
    /// Decodes an encrypted contest, runs its transcript and adds all its equations to `accumulator`,
    /// where its ciphertexts are then the 2N terms R_1, C_1, .. from the returned number on.
    ///
    /// On an error part of the terms stand there pending.
    #[expect(
        clippy::too_many_arguments,
        reason = "everything a contest's check depends on"
    )]
    pub(crate) fn accumulate(
        &self,
        number: u64,
        ciphertexts: &[u8],
        proof: &[u8],
        key: &JointKey,
        transcript: &mut Transcript,
        accumulator: &mut Accumulator,
        scratch: &mut Scratch,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<usize, ContestFault> {
        if ciphertexts.len() != self.ciphertext_bytes() {
            return Err(ContestFault::CiphertextLength {
                expected: self.ciphertext_bytes(),
                found: ciphertexts.len(),
            });
        }
        let parts = ProofParts::split(self, proof)?;
        let start = accumulator.len();
        let (points, _) = ciphertexts.as_chunks::<POINT_BYTES>();
        for (index, point) in points.iter().enumerate() {
            accumulator
                .push_encoded(point)
                .map_err(|source| ContestFault::of_ciphertext(index, source))?;
        }
        let first_commitment = accumulator.len();
        for (index, point) in parts.commitments.iter().enumerate() {
            accumulator
                .push_encoded(point)
                .map_err(|source| ContestFault::Commitment {
                    position: index + 1,
                    source,
                })?;
        }

        absorb_contest(transcript, self, number, ciphertexts);
        let end_of_commitments = accumulator.len();
        let weights = scratch.draw_weights(transcript, weight_count(self));
        let weights = Weights::new(weights, self.options(), self.ciphertexts());
        if let Some(score) = self.score() {
            accumulate_range(
                score,
                points,
                start,
                parts.range,
                key,
                transcript,
                accumulator,
                rng,
            )?;
        }
        transcript.append_message(message::COMMITMENTS, parts.commitment_bytes);
        let challenge = transcript.challenge_scalar(message::CHALLENGE);
        transcript.append_message(message::RESPONSES, parts.response_bytes);

        let mut challenges = ScalarReader::new(parts.challenges);
        let mut responses = ScalarReader::new(parts.responses);
        let mut next_commitment = first_commitment;
        if self.score().is_some() {
            let coefficients =
                accumulate_link(accumulator, first_commitment, parts.link, &challenge, rng)?;
            Combination::Weighted.spread(
                &weights,
                coefficients,
                accumulator.coefficients(start, points.len()),
            )?;
            next_commitment += 2;
        }
        for shape in shapes(self.rules()) {
            let values = weights.values(shape.values)?;
            let coefficients = membership::accumulate(
                accumulator,
                next_commitment,
                &values,
                &challenge,
                &mut challenges,
                &mut responses,
                rng,
            )
            .map_err(ContestFault::Scalar)?;
            shape.combination.spread(
                &weights,
                coefficients,
                accumulator.coefficients(start, points.len()),
            )?;
            next_commitment += 2 * values.len();
        }
        let complete =
            challenges.is_empty() && responses.is_empty() && next_commitment == end_of_commitments;
        if complete {
            Ok(start)
        } else {
            Err(ContestFault::Inconsistent)
        }
    }
}

/// Step 3: the range proof over the ciphertexts `encoded`, which are the terms from `start` on.
#[expect(
    clippy::too_many_arguments,
    reason = "everything a range proof's check depends on"
)]
fn accumulate_range(
    score: &Score,
    encoded: &[[u8; POINT_BYTES]],
    start: usize,
    proof: &[u8],
    key: &JointKey,
    transcript: &mut Transcript,
    accumulator: &mut Accumulator,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<(), ContestFault> {
    let generators = generators(score.parties)?;
    accumulator.use_generators(generators);
    let (pairs, _) = encoded.as_chunks::<2>();
    let encoded: Vec<_> = pairs.iter().map(|[_, c]| CompressedRistretto(*c)).collect();
    let (pairs, _) = accumulator.points_from(start).as_chunks::<2>();
    let parts: Vec<RistrettoPoint> = pairs.iter().map(|[_, c]| *c).take(encoded.len()).collect();
    let commitments = score.commitments(&parts, &encoded, key);
    let of_commitments = generators.accumulate(
        accumulator,
        proof,
        score.bits,
        &commitments,
        transcript,
        rng,
    )?;
    let coefficients = accumulator.coefficients(start, 2 * encoded.len());
    let of_generator = score.fold(of_commitments.as_slice(), coefficients);
    accumulator.shared.h += of_generator;
    transcript.append_message(message::RANGE_PROOF, proof);
    Ok(())
}

/// The link's two equations but for their terms in R* and C*, whose coefficients are returned.
/// `commitments` is the number of the term t_1.
fn accumulate_link(
    accumulator: &mut Accumulator,
    commitments: usize,
    responses: &[[u8; SCALAR_BYTES]],
    challenge: &Scalar,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<StatementCoefficients, ContestFault> {
    let mut responses = ScalarReader::new(responses);
    let of_nonce = responses.read().map_err(ContestFault::Scalar)?;
    let of_value = responses.read().map_err(ContestFault::Scalar)?;
    let (weight_1, weight_2) = (random_weight(rng), random_weight(rng));
    let [of_t1, of_t2] = accumulator.coefficients(commitments, 2) else {
        return Err(ContestFault::Inconsistent);
    };
    // weight_1 (t_1 + c R* - z_r G) + weight_2 (t_2 + c C* - z_v H - z_r K)
    *of_t1 = weight_1;
    *of_t2 = weight_2;
    accumulator.shared.g -= weight_1 * of_nonce;
    accumulator.shared.h -= weight_2 * of_value;
    accumulator.shared.k -= weight_2 * of_nonce;
    Ok(StatementCoefficients {
        x: weight_1 * challenge,
        y: weight_2 * challenge,
    })
}
