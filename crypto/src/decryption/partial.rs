//! Partial decryptions and their proofs (docs/PROTOCOL.md section 9.3).

use alloc::vec::Vec;

use rand_core::{CryptoRng, RngCore};

use crate::ceremony::{
    CeremonyError, CeremonyOutcome, Field, KeyShare, MessageError, TrusteeIndex,
};
use crate::elgamal::Ciphertext;
use crate::equality::{EncodedPoint, EqualityError, EqualityProof, EqualityStatement};
use crate::labels;

/// The tree that ends with the `close` entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedTree {
    /// Its root hash.
    pub root: [u8; 32],
    /// Its number of entries.
    pub size: u64,
}

/// Which sum of the encrypted tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SumPosition {
    /// Number of the contest.
    pub contest: u64,
    /// Number of the group in the encrypted tally.
    pub group: u64,
    /// Position of the ciphertext in the contest.
    pub position: u64,
}

impl core::fmt::Display for SumPosition {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "contest {}, group {}, position {}",
            self.contest, self.group, self.position
        )
    }
}

/// Why a partial decryption is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecryptionError {
    /// D is not proven to be x_j R.
    #[error("trustee {trustee} does not prove its partial decryption of {at}: {source}")]
    Proof {
        /// The trustee at fault.
        trustee: TrusteeIndex,
        /// Which sum.
        at: SumPosition,
        /// What fails.
        source: EqualityError,
    },
    /// No such trustee.
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
}

/// D = x_j R with its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialDecryption {
    point: EncodedPoint,
    proof: EqualityProof,
}

impl PartialDecryption {
    /// Applies a key share to the sum at `at` of the tally of `tree`.
    #[must_use]
    pub fn create(
        share: &KeyShare,
        tree: &ClosedTree,
        at: SumPosition,
        sum: &Ciphertext,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Self {
        let (point, proof) = share.apply(
            labels::transcript::PARTIAL_DECRYPTION,
            &context(share.outcome(), tree, at, share.trustee()),
            EncodedPoint::new(sum.r),
            rng,
        );
        Self { point, proof }
    }

    /// Decodes D, 32 bytes, and the proof c ‖ z, 64 bytes.
    ///
    /// D may be the identity: voters who together cast all ballots of a group can choose nonces whose
    /// sum is 0, and nobody else's election shall end with that.
    ///
    /// # Errors
    /// [`MessageError`] naming the bad part.
    pub fn decode(point: &[u8], proof: &[u8]) -> Result<Self, MessageError> {
        Ok(Self {
            point: EncodedPoint::decode_any(point).map_err(MessageError::at(Field::Point))?,
            proof: EqualityProof::decode(proof).map_err(MessageError::at(Field::Proof))?,
        })
    }

    /// D.
    #[must_use]
    pub fn point(&self) -> &EncodedPoint {
        &self.point
    }

    /// Its proof.
    #[must_use]
    pub fn proof(&self) -> &EqualityProof {
        &self.proof
    }

    /// Checks that `trustee` applied its share to the sum at `at` of the tally of `tree`.
    ///
    /// # Errors
    /// [`DecryptionError`] naming trustee and sum.
    pub fn verify(
        &self,
        outcome: &CeremonyOutcome,
        tree: &ClosedTree,
        trustee: TrusteeIndex,
        at: SumPosition,
        sum: &Ciphertext,
    ) -> Result<(), DecryptionError> {
        let statement = EqualityStatement {
            label: labels::transcript::PARTIAL_DECRYPTION,
            context: &context(outcome, tree, at, trustee),
            base: EncodedPoint::new(sum.r),
            image_g: outcome.verification_share(trustee)?,
            image_base: self.point,
        };
        self.proof
            .verify_any_base(&statement)
            .map_err(|source| DecryptionError::Proof {
                trustee,
                at,
                source,
            })
    }
}

/// One partial decryption to check among many.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Who decrypts.
    pub trustee: TrusteeIndex,
    /// Which sum.
    pub at: SumPosition,
    /// The sum itself.
    pub sum: &'a Ciphertext,
    /// What the trustee published.
    pub partial: &'a PartialDecryption,
}

/// Checks many partial decryptions, on all cores with feature `parallel`.
///
/// # Errors
/// That of the first failing claim, in the order given.
pub fn verify_all(
    outcome: &CeremonyOutcome,
    tree: &ClosedTree,
    claims: &[Claim<'_>],
) -> Result<(), DecryptionError> {
    let check = |claim: &Claim<'_>| {
        claim
            .partial
            .verify(outcome, tree, claim.trustee, claim.at, claim.sum)
            .err()
    };
    #[cfg(feature = "parallel")]
    let failure = {
        use rayon::prelude::*;
        claims
            .par_iter()
            .map(check)
            .find_first(Option::is_some)
            .flatten()
    };
    #[cfg(not(feature = "parallel"))]
    let failure = claims.iter().find_map(check);
    failure.map_or(Ok(()), Err)
}

/// mh ‖ root ‖ LE64(size) ‖ LE64(contest) ‖ LE64(g) ‖ LE64(p) ‖ LE64(j).
fn context(
    outcome: &CeremonyOutcome,
    tree: &ClosedTree,
    at: SumPosition,
    trustee: TrusteeIndex,
) -> Vec<u8> {
    [
        outcome.attempt().manifest_hash().as_slice(),
        &tree.root,
        &tree.size.to_le_bytes(),
        &at.contest.to_le_bytes(),
        &at.group.to_le_bytes(),
        &at.position.to_le_bytes(),
        &trustee.to_le_bytes(),
    ]
    .concat()
}
