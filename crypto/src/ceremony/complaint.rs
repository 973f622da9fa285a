//! Complaints that prove the culprit (docs/PROTOCOL.md section 8).

use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use rand_core::{CryptoRng, RngCore};

use super::error::{CeremonyError, Field, MessageError};
use super::opening::Openings;
use super::parameters::{Attempt, TrusteeIndex};
use super::shares::{ShareList, share_fits};
use crate::equality::{EncodedPoint, EqualityError, EqualityProof, EqualityStatement};
use crate::labels;

/// "The share that `accused` dealt me is wrong": S = yE and a proof that it is the right S, so that
/// anyone can unmask the share and see.
///
/// It reveals that one share. The attempt is over either way and every secret is drawn afresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    complainant: TrusteeIndex,
    accused: TrusteeIndex,
    shared: EncodedPoint,
    proof: EqualityProof,
}

/// Why a complaint is no complaint at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComplaintError {
    /// A trustee deals itself nothing.
    #[error("trustee {0} complains about itself")]
    AboutItself(TrusteeIndex),
    /// The list to be judged is somebody else's.
    #[error("the complaint accuses trustee {accused}, the share list is that of trustee {dealer}")]
    OtherDealer {
        /// Who is accused.
        accused: TrusteeIndex,
        /// Whose list was given.
        dealer: TrusteeIndex,
    },
    /// S is not proven to be y E.
    #[error("trustee {complainant} does not prove its complaint about trustee {accused}: {source}")]
    Proof {
        /// Who complains.
        complainant: TrusteeIndex,
        /// Who is accused.
        accused: TrusteeIndex,
        /// What fails.
        source: EqualityError,
    },
    /// The complaint belongs to another ceremony.
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
}

/// What a proven complaint shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The share is wrong: the accused dealer cheated.
    WrongShare,
    /// The share is right: the complainant lied.
    FalseComplaint,
}

/// Who is at fault, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Judgement {
    /// The trustee at fault.
    pub culprit: TrusteeIndex,
    /// What it did.
    pub verdict: Verdict,
}

impl Complaint {
    /// Decodes a complaint of `complainant` about `accused`: S, 32 bytes, not the identity, and the proof
    /// c ‖ z, 64 bytes.
    ///
    /// # Errors
    /// [`MessageError`] naming the bad part.
    pub fn decode(
        complainant: TrusteeIndex,
        accused: TrusteeIndex,
        shared: &[u8],
        proof: &[u8],
    ) -> Result<Self, MessageError> {
        Ok(Self {
            complainant,
            accused,
            shared: EncodedPoint::decode(shared).map_err(MessageError::at(Field::Point))?,
            proof: EqualityProof::decode(proof).map_err(MessageError::at(Field::Proof))?,
        })
    }

    /// Complains about the share in `list`, proving S with the transport key `transport`.
    pub(super) fn create(
        openings: &Openings,
        list: &ShareList,
        complainant: TrusteeIndex,
        transport: &Scalar,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, CeremonyError> {
        let accused = list.dealer();
        let base = *list.share_for(complainant)?.nonce();
        let shared = EncodedPoint::new(base.point() * transport);
        let statement = EqualityStatement {
            label: labels::transcript::COMPLAINT,
            context: &context(openings.attempt(), accused, complainant),
            base,
            image_g: *openings.get(complainant)?.transport(),
            image_base: shared,
        };
        Ok(Self {
            complainant,
            accused,
            shared,
            proof: EqualityProof::prove(&statement, transport, rng),
        })
    }

    /// Who complains.
    #[must_use]
    pub fn complainant(&self) -> TrusteeIndex {
        self.complainant
    }

    /// Who is accused.
    #[must_use]
    pub fn accused(&self) -> TrusteeIndex {
        self.accused
    }

    /// S.
    #[must_use]
    pub fn shared(&self) -> &EncodedPoint {
        &self.shared
    }

    /// The proof that S = yE.
    #[must_use]
    pub fn proof(&self) -> &EqualityProof {
        &self.proof
    }
}

/// mh ‖ LE64(e) ‖ LE64(dealer) ‖ LE64(complainant).
fn context(attempt: &Attempt, accused: TrusteeIndex, complainant: TrusteeIndex) -> Vec<u8> {
    [
        attempt.prefix().as_slice(),
        &accused.to_le_bytes(),
        &complainant.to_le_bytes(),
    ]
    .concat()
}

/// Judges a complaint from public data: `list` is the share list of the accused.
///
/// # Errors
/// [`ComplaintError`] if it is not a proven complaint; then nobody is shown to have dealt badly, and
/// the entry is refused.
pub fn judge_complaint(
    openings: &Openings,
    list: &ShareList,
    complaint: &Complaint,
) -> Result<Judgement, ComplaintError> {
    let Complaint {
        complainant,
        accused,
        shared,
        proof,
    } = complaint;
    let (complainant, accused) = (*complainant, *accused);
    if complainant == accused {
        return Err(ComplaintError::AboutItself(complainant));
    }
    if list.dealer() != accused {
        return Err(ComplaintError::OtherDealer {
            accused,
            dealer: list.dealer(),
        });
    }
    list.check_place(openings.attempt().parameters(), accused)?;
    let statement = EqualityStatement {
        label: labels::transcript::COMPLAINT,
        context: &context(openings.attempt(), accused, complainant),
        base: *list.share_for(complainant)?.nonce(),
        image_g: *openings.get(complainant)?.transport(),
        image_base: *shared,
    };
    proof
        .verify(&statement)
        .map_err(|source| ComplaintError::Proof {
            complainant,
            accused,
            source,
        })?;
    let share = list.unmask(openings, complainant, &shared.encoded())?;
    Ok(if share_fits(openings, accused, complainant, &share)? {
        Judgement {
            culprit: complainant,
            verdict: Verdict::FalseComplaint,
        }
    } else {
        Judgement {
            culprit: accused,
            verdict: Verdict::WrongShare,
        }
    })
}
