//! The decryption drill (docs/PROTOCOL.md section 8): every stored share is tried before opening, on a
//! point that can be no voter's.

use alloc::vec::Vec;

use rand_core::{CryptoRng, RngCore};

use super::error::{CeremonyError, Field, MessageError};
use super::key_share::KeyShare;
use super::outcome::CeremonyOutcome;
use super::parameters::TrusteeIndex;
use crate::equality::{EncodedPoint, EqualityError, EqualityProof, EqualityStatement};
use crate::group;
use crate::labels;

/// Q = `point("hanpyo/v1/drill-point", mh ‖ transcript hash)`.
#[must_use]
pub fn drill_point(outcome: &CeremonyOutcome) -> EncodedPoint {
    EncodedPoint::new(group::hash_to_point(
        labels::hash::DRILL_POINT,
        &[outcome.attempt().manifest_hash(), outcome.transcript_hash()],
    ))
}

/// D = x_j Q with its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrillShare {
    point: EncodedPoint,
    proof: EqualityProof,
}

/// Why a drill share is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrillError {
    /// The trustee does not use the share it was dealt.
    #[error("trustee {trustee} does not prove that it holds its key share: {source}")]
    Proof {
        /// The trustee at fault.
        trustee: TrusteeIndex,
        /// What fails.
        source: EqualityError,
    },
    /// No such trustee.
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
}

impl DrillShare {
    /// Applies a stored share to the drill point.
    pub fn create(share: &KeyShare, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let outcome = share.outcome();
        let (point, proof) = share.apply(
            labels::transcript::DRILL,
            &context(outcome, share.trustee()),
            drill_point(outcome),
            rng,
        );
        Self { point, proof }
    }

    /// Decodes D, 32 bytes, not the identity, and the proof c ‖ z, 64 bytes.
    ///
    /// # Errors
    /// [`MessageError`] naming the bad part.
    pub fn decode(point: &[u8], proof: &[u8]) -> Result<Self, MessageError> {
        Ok(Self {
            point: EncodedPoint::decode(point).map_err(MessageError::at(Field::Point))?,
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

    /// Checks that `trustee` applied its own share to this ceremony's drill point.
    ///
    /// # Errors
    /// [`DrillError`] naming the trustee.
    pub fn verify(
        &self,
        outcome: &CeremonyOutcome,
        trustee: TrusteeIndex,
    ) -> Result<(), DrillError> {
        let statement = EqualityStatement {
            label: labels::transcript::DRILL,
            context: &context(outcome, trustee),
            base: drill_point(outcome),
            image_g: outcome.verification_share(trustee)?,
            image_base: self.point,
        };
        self.proof
            .verify(&statement)
            .map_err(|source| DrillError::Proof { trustee, source })
    }
}

/// mh ‖ transcript hash ‖ LE64(j).
fn context(outcome: &CeremonyOutcome, trustee: TrusteeIndex) -> Vec<u8> {
    [
        outcome.attempt().manifest_hash().as_slice(),
        outcome.transcript_hash(),
        &trustee.to_le_bytes(),
    ]
    .concat()
}
