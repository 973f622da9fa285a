//! The slow verifier: one equation after the other, in the order of the text, naming the first false
//! one. Shares with the fast one only the decoding of points and the list of statements.

use alloc::vec::Vec;

use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};

use crate::elgamal::{Ciphertext, JointKey};
use crate::group::{POINT_BYTES, decode_point};
use crate::labels::message;
use crate::membership::ScalarReader;
use crate::range::RangeBatch;
use crate::transcript::TranscriptExt;

use super::absorb::{absorb_contest, weight_count};
use super::fault::{ContestFault, Equation};
use super::kind::ContestKind;
use super::score::{Score, generators};
use super::statement::{Combination, Weights, shapes};
use super::verify::ProofParts;

/// What the slow verifier found: the ciphertexts, and the first false equation, if any. A malformed
/// contest is an error, so that it comes before a false equation in an earlier contest.
pub(crate) struct Explained {
    pub(crate) ciphertexts: Vec<Ciphertext>,
    pub(crate) falsehood: Option<Equation>,
}

impl ContestKind {
    /// Checks a contest equation by equation.
    pub(crate) fn explain(
        &self,
        number: u64,
        ciphertexts: &[u8],
        proof: &[u8],
        key: &JointKey,
        transcript: &mut Transcript,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Explained, ContestFault> {
        if ciphertexts.len() != self.ciphertext_bytes() {
            return Err(ContestFault::CiphertextLength {
                expected: self.ciphertext_bytes(),
                found: ciphertexts.len(),
            });
        }
        let parts = ProofParts::split(self, proof)?;
        let (encoded, _) = ciphertexts.as_chunks::<POINT_BYTES>();
        let points = encoded
            .iter()
            .enumerate()
            .map(|(index, point)| {
                decode_point(point).map_err(|source| ContestFault::of_ciphertext(index, source))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (pairs, _) = points.as_chunks::<2>();
        let decoded: Vec<_> = pairs
            .iter()
            .map(|[r, c]| Ciphertext { r: *r, c: *c })
            .collect();
        let commitments = parts
            .commitments
            .iter()
            .enumerate()
            .map(|(index, point)| {
                decode_point(point).map_err(|source| ContestFault::Commitment {
                    position: index + 1,
                    source,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (commitments, _) = commitments.as_chunks::<2>();

        absorb_contest(transcript, self, number, ciphertexts);
        let weights = transcript.challenge_scalars(message::WEIGHTS, weight_count(self));
        let weights = Weights::new(&weights, self.options(), self.ciphertexts());
        let mut falsehood = None;
        if let Some(score) = self.score()
            && !range_holds(score, &decoded, parts.range, key, transcript, rng)?
        {
            falsehood = Some(Equation::Range);
        }
        transcript.append_message(message::COMMITMENTS, parts.commitment_bytes);
        let challenge = transcript.challenge_scalar(message::CHALLENGE);
        transcript.append_message(message::RESPONSES, parts.response_bytes);

        let mut challenges = ScalarReader::new(parts.challenges);
        let mut responses = ScalarReader::new(parts.responses);
        let mut commitments = commitments.iter();
        if self.score().is_some() {
            let mut link = ScalarReader::new(parts.link);
            let of_nonce = link.read().map_err(ContestFault::Scalar)?;
            let of_value = link.read().map_err(ContestFault::Scalar)?;
            let [t1, t2] = commitments.next().ok_or(ContestFault::Inconsistent)?;
            let Ciphertext { r, c } = Combination::Weighted.of_ciphertexts(&weights, &decoded)?;
            if RISTRETTO_BASEPOINT_POINT * of_nonce != t1 + challenge * r {
                falsehood.get_or_insert(Equation::LinkNonce);
            }
            if key.generator() * of_value + key.point() * of_nonce != t2 + challenge * c {
                falsehood.get_or_insert(Equation::LinkValue);
            }
        }
        for (index, shape) in shapes(self.rules()).enumerate() {
            let values = weights.values(shape.values)?;
            let Ciphertext { r: x, c: y } = shape.combination.of_ciphertexts(&weights, &decoded)?;
            let mut sum = Scalar::ZERO;
            for branch in 0..values.len() {
                let c = if branch + 1 == values.len() {
                    challenge - sum
                } else {
                    challenges.read().map_err(ContestFault::Scalar)?
                };
                sum += c;
                let z = responses.read().map_err(ContestFault::Scalar)?;
                let [a, b] = commitments.next().ok_or(ContestFault::Inconsistent)?;
                let value = values.get(branch).ok_or(ContestFault::Inconsistent)?;
                let (statement, branch) = (index + 1, branch + 1);
                if RISTRETTO_BASEPOINT_POINT * z != a + c * x {
                    falsehood.get_or_insert(Equation::MembershipNonce { statement, branch });
                }
                if key.point() * z != b + c * (y - value * key.generator()) {
                    falsehood.get_or_insert(Equation::MembershipValue { statement, branch });
                }
            }
        }
        if !challenges.is_empty() || !responses.is_empty() || commitments.len() != 0 {
            return Err(ContestFault::Inconsistent);
        }
        Ok(Explained {
            ciphertexts: decoded,
            falsehood,
        })
    }
}

/// Whether the range proof holds, by the crate that made it; malformed bytes are an error.
fn range_holds(
    score: &Score,
    ciphertexts: &[Ciphertext],
    proof: &[u8],
    key: &JointKey,
    transcript: &mut Transcript,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<bool, ContestFault> {
    let parts: Vec<_> = ciphertexts.iter().map(|ciphertext| ciphertext.c).collect();
    let encoded: Vec<_> = parts.iter().map(RistrettoPoint::compress).collect();
    let commitments = score.commitments(&parts, &encoded, key);
    // Only for its decoding errors, which are ours.
    RangeBatch::new(generators(score.parties)?).add(
        proof,
        score.bits,
        &commitments,
        &mut transcript.clone(),
        rng,
    )?;
    let decoded = RangeProof::from_bytes(proof).map_err(|_| ContestFault::Inconsistent)?;
    let pedersen = PedersenGens {
        B: key.generator(),
        B_blinding: key.point(),
    };
    let generators = BulletproofGens::new(score.bits, score.parties);
    let result = decoded.verify_multiple_with_rng(
        &generators,
        &pedersen,
        transcript,
        &commitments,
        score.bits,
        rng,
    );
    transcript.append_message(message::RANGE_PROOF, proof);
    Ok(result.is_ok())
}
