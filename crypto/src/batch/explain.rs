//! The slow verifier, for error messages and as the oracle of the fast one.

use alloc::vec::Vec;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use rand_core::{CryptoRng, RngCore};

use crate::ballot::Signature;
use crate::group::decode_point;

use super::{BallotError, BatchVerifier, SignedBallot, VerifiedBallot};

impl BatchVerifier<'_> {
    /// Checks one equation after the other and names the first false one. Accepts what
    /// [`BatchVerifier::verify`] accepts, at several times its cost.
    ///
    /// # Errors
    /// [`BallotError`], never [`BallotError::ProofEquation`]. As in the fast verifier, anything
    /// malformed comes before any false equation.
    pub fn explain(
        &self,
        ballot: &SignedBallot<'_>,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<VerifiedBallot, BallotError> {
        let SignedBallot {
            context,
            body: body_bytes,
            decision,
            signature,
        } = ballot;
        let body = BallotError::matching_body(context, body_bytes)?;
        let mut transcript = self.election.transcript(context);
        let mut ciphertexts = Vec::new();
        let mut falsehood = None;
        for (contest, part) in context.contests.iter().zip(&body.contests) {
            let result = contest.kind.explain(
                contest.number,
                part.ciphertexts,
                part.proof,
                self.election.joint_key(),
                &mut transcript,
                rng,
            );
            let explained = result.map_err(|source| BallotError::Contest {
                contest: contest.number,
                source,
            })?;
            if let Some(equation) = explained.falsehood {
                falsehood.get_or_insert(BallotError::equation(contest.number, equation));
            }
            ciphertexts.extend(explained.ciphertexts);
        }
        let signature = Signature::replay(&mut transcript, *decision, body_bytes, signature)
            .map_err(BallotError::Signature)?;
        let commitment = decode_point(&signature.commitment).map_err(BallotError::Signature)?;
        let credential = decode_point(context.credential).map_err(BallotError::Credential)?;
        if RISTRETTO_BASEPOINT_POINT * signature.response
            != commitment + signature.challenge * credential
        {
            falsehood.get_or_insert(BallotError::SignatureEquation);
        }
        match falsehood {
            Some(error) => Err(error),
            None => Ok(VerifiedBallot {
                counter: body.counter,
                ciphertexts,
            }),
        }
    }
}
