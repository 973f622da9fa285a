//! Encrypting a selection with its proof.

use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::ballot::ElectionContext;
use crate::elgamal::JointKey;
use crate::labels::{message, randomness};
use crate::membership;
use crate::transcript::TranscriptExt;

use super::absorb::{absorb_contest, weight_count};
use super::fault::ContestFault;
use super::kind::ContestKind;
use super::score::{LinkProver, Score};
use super::statement::{Combination, Weights, shapes};

/// Who encrypts, and what keeps nonces apart when the random number generator is dead.
pub(crate) struct Voter<'v> {
    /// Credential secret s.
    pub(crate) secret: &'v Scalar,
    /// Attempt number; never the same for two encryptions.
    pub(crate) attempt: u64,
}

/// A contest as it stands in a body, and its secret nonces.
pub(crate) struct EncryptedContest {
    pub(crate) ciphertexts: Vec<u8>,
    pub(crate) proof: Vec<u8>,
    pub(crate) nonces: Zeroizing<Vec<Scalar>>,
}

impl ContestKind {
    /// Encrypts a plaintext vector of this kind and proves it well-formed. Does not branch on it.
    ///
    /// # Errors
    /// [`ContestFault::Inconsistent`] if `plaintext` has another length than N.
    pub(crate) fn encrypt(
        &self,
        number: u64,
        plaintext: &[u64],
        election: &ElectionContext,
        voter: &Voter<'_>,
        transcript: &mut Transcript,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<EncryptedContest, ContestFault> {
        if plaintext.len() != self.ciphertexts() {
            return Err(ContestFault::Inconsistent);
        }
        let key = election.joint_key();
        let values: Zeroizing<Vec<Scalar>> =
            Zeroizing::new(plaintext.iter().copied().map(Scalar::from).collect());
        let mut witness = Zeroizing::new(Vec::with_capacity(2 * 32 * values.len()));
        for value in values.iter() {
            witness.extend_from_slice(value.as_bytes());
        }

        let mut nonce_rng = transcript.prover_rng(
            &[
                (randomness::CREDENTIAL_SECRET, voter.secret.as_bytes()),
                (message::CONTEST, &number.to_le_bytes()),
                (randomness::ENCRYPTION, &witness),
            ],
            voter.attempt,
            rng,
        );
        let mut nonces = Zeroizing::new(Vec::with_capacity(values.len()));
        let mut ciphertexts = Vec::with_capacity(self.ciphertext_bytes());
        for value in values.iter() {
            // Probability of 0: 2^-252; section 3 forbids it, and so would every verifier.
            let nonce = Scalar::random(&mut nonce_rng);
            ciphertexts.extend_from_slice(&key.encrypt(value, &nonce).encode());
            witness.extend_from_slice(nonce.as_bytes());
            nonces.push(nonce);
        }

        absorb_contest(transcript, self, number, &ciphertexts);
        let weights = transcript.challenge_scalars(message::WEIGHTS, weight_count(self));
        let weights = Weights::new(&weights, self.options(), self.ciphertexts());
        let mut proof_rng = transcript.prover_rng(
            &[
                (randomness::CREDENTIAL_SECRET, voter.secret.as_bytes()),
                (randomness::PROOF, &witness),
            ],
            voter.attempt,
            rng,
        );
        let mut proof = Vec::with_capacity(self.proof_bytes());
        if let Some(score) = self.score() {
            proof = range_proof(
                score,
                plaintext,
                &nonces,
                election,
                transcript,
                &mut proof_rng,
            )?;
            transcript.append_message(message::RANGE_PROOF, &proof);
        }
        let sigma = self.prove(&weights, &values, &nonces, key, transcript, &mut proof_rng)?;
        proof.extend_from_slice(&sigma);
        Ok(EncryptedContest {
            ciphertexts,
            proof,
            nonces,
        })
    }

    /// Steps 4 to 6 of section 5.4: commitments and responses.
    fn prove(
        &self,
        weights: &Weights<'_>,
        values: &[Scalar],
        nonces: &[Scalar],
        key: &JointKey,
        transcript: &mut Transcript,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Vec<u8>, ContestFault> {
        let mut proof = Vec::with_capacity(self.proof_bytes());
        let link = self
            .score()
            .map(|_| LinkProver::commit(key, rng, &mut proof));
        let mut provers = Vec::with_capacity(self.sizes().statements);
        for shape in shapes(self.rules()) {
            let list = weights.values(shape.values)?;
            let value = Zeroizing::new(shape.combination.of_scalars(weights, values)?);
            let nonce = Zeroizing::new(shape.combination.of_scalars(weights, nonces)?);
            provers.push(membership::Prover::commit(
                key, &list, &value, &nonce, rng, &mut proof,
            ));
        }
        transcript.append_message(message::COMMITMENTS, &proof);
        let challenge = transcript.challenge_scalar(message::CHALLENGE);
        let (mut challenges, mut responses) = (Vec::new(), Vec::new());
        if let Some(link) = link {
            let value = Zeroizing::new(Combination::Weighted.of_scalars(weights, values)?);
            let nonce = Zeroizing::new(Combination::Weighted.of_scalars(weights, nonces)?);
            link.respond(&challenge, &value, &nonce, &mut responses);
        }
        for prover in provers {
            prover.respond(&challenge, &mut challenges, &mut responses);
        }
        challenges.append(&mut responses);
        transcript.append_message(message::RESPONSES, &challenges);
        proof.append(&mut challenges);
        Ok(proof)
    }
}

/// The range proof of a score contest (section 5.3).
#[cfg(feature = "scores")]
fn range_proof(
    score: &Score,
    plaintext: &[u64],
    nonces: &[Scalar],
    election: &ElectionContext,
    transcript: &mut Transcript,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Vec<u8>, ContestFault> {
    let (opened, blindings) = score.openings(plaintext, nonces);
    let proof = election.with_range_prover(score.bits, score.parties, |prover| {
        prover.prove(transcript, &opened, &blindings, score.bits, rng)
    })?;
    Ok(proof)
}

#[cfg(not(feature = "scores"))]
fn range_proof(
    _: &Score,
    _: &[u64],
    _: &[Scalar],
    _: &ElectionContext,
    _: &mut Transcript,
    _: &mut (impl RngCore + CryptoRng),
) -> Result<Vec<u8>, ContestFault> {
    Err(ContestFault::NoRangeProofs)
}
