//! Round 2: masked shares (docs/PROTOCOL.md section 8).

use alloc::vec::Vec;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::error::{CeremonyError, Field, Message, MessageError};
use super::opening::Openings;
use super::parameters::{Parameters, TrusteeIndex};
use super::seed::{Secrets, Seed, nonzero};
use crate::equality::EncodedPoint;
use crate::group::{self, DecodeError, POINT_BYTES, SCALAR_BYTES};
use crate::labels;
use crate::transcript::TranscriptExt;

/// Bytes of one masked share, E ‖ m.
const ENCRYPTED_SHARE_BYTES: usize = POINT_BYTES + SCALAR_BYTES;

/// One share on its way to its recipient: E = eG and m = f(j) + mask(eY_j).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncryptedShare {
    nonce: EncodedPoint,
    masked: Scalar,
}

impl EncryptedShare {
    /// E.
    pub(super) fn nonce(&self) -> &EncodedPoint {
        &self.nonce
    }
}

/// Round 2: a dealer's masked shares for all others in order of recipients, 64(n - 1) bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareList {
    dealer: TrusteeIndex,
    bytes: Vec<u8>,
    shares: Vec<EncryptedShare>,
}

impl ShareList {
    /// Decodes `dealer`'s list: exact length, nonce points canonical and not the identity, masked
    /// shares canonical.
    ///
    /// # Errors
    /// [`MessageError`] naming the first bad field and its recipient.
    pub fn decode(
        parameters: Parameters,
        dealer: TrusteeIndex,
        bytes: &[u8],
    ) -> Result<Self, MessageError> {
        let expected = ENCRYPTED_SHARE_BYTES * (parameters.trustees() - 1);
        let wrong = MessageError {
            field: Field::Whole,
            source: DecodeError::Length {
                expected,
                found: bytes.len(),
            },
        };
        if bytes.len() != expected {
            return Err(wrong);
        }
        let (pieces, _) = bytes.as_chunks::<ENCRYPTED_SHARE_BYTES>();
        let shares = recipients(parameters, dealer)
            .zip(pieces)
            .map(|(recipient, piece)| {
                let (nonce, masked) = piece.split_at(POINT_BYTES);
                Ok(EncryptedShare {
                    nonce: EncodedPoint::decode(nonce)
                        .map_err(MessageError::at(Field::Nonce(recipient)))?,
                    masked: group::decode_scalar(masked)
                        .map_err(MessageError::at(Field::MaskedShare(recipient)))?,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            dealer,
            bytes: bytes.to_vec(),
            shares,
        })
    }

    /// Masks the dealer's shares for all others. The nonces depend on all openings: another set of
    /// transport keys gets other nonces.
    pub(super) fn create(
        openings: &Openings,
        dealer: TrusteeIndex,
        secrets: &Secrets,
        seed: &Seed,
    ) -> Result<Self, CeremonyError> {
        let attempt = openings.attempt();
        let mut transcript = attempt.transcript(labels::randomness::CEREMONY_SHARES, dealer);
        for opening in openings.all() {
            transcript.append_message(labels::message::COEFFICIENTS, opening.as_bytes());
        }
        let witness = secrets.to_bytes();
        let mut rng = transcript.prover_rng(
            &[(labels::randomness::WITNESS, witness.as_slice())],
            attempt.number(),
            &mut seed.rng(),
        );
        let mut bytes = Vec::new();
        let mut shares = Vec::new();
        for recipient in recipients(attempt.parameters(), dealer) {
            let nonce = Zeroizing::new(nonzero(&mut rng));
            let key = openings.get(recipient)?.transport().point();
            let shared = Zeroizing::new((key * *nonce).compress());
            let masked =
                *secrets.evaluate(recipient) + *mask(openings, dealer, recipient, &shared)?;
            let share = EncryptedShare {
                nonce: EncodedPoint::new(group::base_times(&nonce)),
                masked,
            };
            bytes.extend_from_slice(share.nonce.as_bytes());
            bytes.extend_from_slice(share.masked.as_bytes());
            shares.push(share);
        }
        Ok(Self {
            dealer,
            bytes,
            shares,
        })
    }

    /// Who deals these shares.
    #[must_use]
    pub fn dealer(&self) -> TrusteeIndex {
        self.dealer
    }

    /// E_1 ‖ m_1 ‖ ..., the dealer left out.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Checks that the list stands at its dealer's place and has this ceremony's size.
    pub(super) fn check_place(
        &self,
        parameters: Parameters,
        expected: TrusteeIndex,
    ) -> Result<(), CeremonyError> {
        if self.dealer != expected {
            return Err(CeremonyError::Misplaced {
                message: Message::ShareList,
                expected,
                found: self.dealer,
            });
        }
        if self.shares.len() + 1 != parameters.trustees() {
            return Err(self.wrong_shape());
        }
        Ok(())
    }

    /// The share for `recipient`.
    pub(super) fn share_for(
        &self,
        recipient: TrusteeIndex,
    ) -> Result<&EncryptedShare, CeremonyError> {
        let position = match recipient.cmp(&self.dealer) {
            core::cmp::Ordering::Less => Some(recipient.position()),
            // The dealer itself is left out of the list.
            core::cmp::Ordering::Greater => recipient.position().checked_sub(1),
            core::cmp::Ordering::Equal => None,
        };
        position
            .and_then(|position| self.shares.get(position))
            .ok_or_else(|| self.wrong_shape())
    }

    fn wrong_shape(&self) -> CeremonyError {
        CeremonyError::Shape {
            message: Message::ShareList,
            trustee: self.dealer,
        }
    }

    /// Removes the mask that the Diffie-Hellman point `shared` gives: f(j), if the dealer is honest.
    pub(super) fn unmask(
        &self,
        openings: &Openings,
        recipient: TrusteeIndex,
        shared: &CompressedRistretto,
    ) -> Result<Zeroizing<Scalar>, CeremonyError> {
        let mask = mask(openings, self.dealer, recipient, shared)?;
        Ok(Zeroizing::new(self.share_for(recipient)?.masked - *mask))
    }
}

/// Whether `share` is the dealer's polynomial at `recipient`: f(j) G = Σ j^m A_m.
pub(super) fn share_fits(
    openings: &Openings,
    dealer: TrusteeIndex,
    recipient: TrusteeIndex,
    share: &Scalar,
) -> Result<bool, CeremonyError> {
    let image = openings.get(dealer)?.image_at(recipient);
    Ok(group::base_times(share) == image)
}

fn recipients(parameters: Parameters, dealer: TrusteeIndex) -> impl Iterator<Item = TrusteeIndex> {
    parameters.all().filter(move |trustee| *trustee != dealer)
}

fn mask(
    openings: &Openings,
    dealer: TrusteeIndex,
    recipient: TrusteeIndex,
    shared: &CompressedRistretto,
) -> Result<Zeroizing<Scalar>, CeremonyError> {
    Ok(Zeroizing::new(group::hash_to_scalar(
        labels::hash::SHARE_MASK,
        &[
            shared.as_bytes(),
            &openings.attempt().prefix(),
            &dealer.to_le_bytes(),
            &recipient.to_le_bytes(),
            openings.get(dealer)?.coefficient_bytes(),
        ],
    )))
}
