//! Rounds 0 and 1: commitments, and openings with proofs of possession (docs/PROTOCOL.md section 8).

use alloc::vec::Vec;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use zeroize::Zeroizing;

use super::error::{CeremonyError, Field, Message, MessageError};
use super::parameters::{Attempt, Parameters, TrusteeIndex};
use super::seed::{Secrets, Seed, nonzero};
use crate::equality::EncodedPoint;
use crate::group::{self, DecodeError, POINT_BYTES};
use crate::labels;
use crate::transcript::TranscriptExt;

/// Bytes of a commitment.
pub const COMMITMENT_BYTES: usize = 32;

/// Round 0: the hash of a trustee's opening, bound to manifest, attempt and trustee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment(pub [u8; COMMITMENT_BYTES]);

/// Round 1: o_i = A_0 ‖ .. ‖ A_{t-1} ‖ Y ‖ B_0 ‖ .. ‖ B_t ‖ z_0 ‖ .. ‖ z_t, 32(3t + 3) bytes.
///
/// Decoded, not yet verified: see [`Opening::verify`] and [`Openings::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    bytes: Vec<u8>,
    coefficients: Vec<RistrettoPoint>,
    transport: EncodedPoint,
    proof_commitments: Vec<RistrettoPoint>,
    responses: Vec<Scalar>,
}

/// Bytes of an opening for this quorum.
fn opening_bytes(parameters: Parameters) -> usize {
    POINT_BYTES * 3 * (parameters.quorum() + 1)
}

impl Opening {
    /// Decodes an opening: exact length, every point canonical and not the identity, every scalar
    /// canonical.
    ///
    /// # Errors
    /// [`MessageError`] naming the first bad field.
    pub fn decode(parameters: Parameters, bytes: &[u8]) -> Result<Self, MessageError> {
        let quorum = parameters.quorum();
        let expected = opening_bytes(parameters);
        let (pieces, rest) = bytes.as_chunks::<POINT_BYTES>();
        if bytes.len() != expected || !rest.is_empty() {
            return Err(MessageError {
                field: Field::Whole,
                source: DecodeError::Length {
                    expected,
                    found: bytes.len(),
                },
            });
        }
        let point = |(field, piece): (Field, &[u8; POINT_BYTES])| {
            group::decode_point(piece).map_err(MessageError::at(field))
        };
        // The range comes first in each zip: once it is used up, no further piece is taken.
        let mut pieces = pieces.iter();
        let coefficients = (0..quorum)
            .map(Field::Coefficient)
            .zip(pieces.by_ref())
            .map(point)
            .collect::<Result<_, _>>()?;
        let transport = pieces.next().map_or(&[][..], |piece| piece.as_slice());
        let transport =
            EncodedPoint::decode(transport).map_err(MessageError::at(Field::TransportKey))?;
        let proof_commitments = (0..=quorum)
            .map(Field::ProofCommitment)
            .zip(pieces.by_ref())
            .map(point)
            .collect::<Result<_, _>>()?;
        let responses = (0..=quorum)
            .map(Field::Response)
            .zip(pieces)
            .map(|(field, piece)| group::decode_scalar(piece).map_err(MessageError::at(field)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            bytes: bytes.to_vec(),
            coefficients,
            transport,
            proof_commitments,
            responses,
        })
    }

    /// o_i.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The opening of the secrets, with its proof of possession.
    pub(super) fn create(
        attempt: &Attempt,
        trustee: TrusteeIndex,
        secrets: &Secrets,
        seed: &Seed,
    ) -> Self {
        let images: Vec<_> = secrets.all().map(group::base_times).collect();
        let (transport, coefficients) = match images.split_last() {
            Some((transport, coefficients)) => (EncodedPoint::new(*transport), coefficients),
            None => (EncodedPoint::new(group::identity()), images.as_slice()),
        };
        let mut bytes = encode(coefficients);
        let mut transcript = attempt.transcript(labels::transcript::CEREMONY_OPENING, trustee);
        transcript.append_message(labels::message::COEFFICIENTS, &bytes);
        transcript.append_message(labels::message::TRANSPORT_KEY, transport.as_bytes());
        bytes.extend_from_slice(transport.as_bytes());

        let witness = secrets.to_bytes();
        let mut rng = transcript.prover_rng(
            &[(labels::randomness::WITNESS, witness.as_slice())],
            attempt.number(),
            &mut seed.rng(),
        );
        let mut nonces = Zeroizing::new(Vec::with_capacity(images.len()));
        nonces.extend(images.iter().map(|_| nonzero(&mut rng)));
        let proof_commitments: Vec<_> = nonces.iter().map(group::base_times).collect();
        let encoded = encode(&proof_commitments);
        transcript.append_message(labels::message::COMMITMENTS, &encoded);
        bytes.extend_from_slice(&encoded);

        let challenge = transcript.challenge_scalar(labels::message::CHALLENGE);
        let responses: Vec<_> = nonces
            .iter()
            .zip(secrets.all())
            .map(|(nonce, secret)| nonce + challenge * secret)
            .collect();
        for response in &responses {
            bytes.extend_from_slice(response.as_bytes());
        }
        Self {
            bytes,
            coefficients: coefficients.to_vec(),
            transport,
            proof_commitments,
            responses,
        }
    }

    /// The commitment this opening opens.
    #[must_use]
    pub fn commitment(&self, attempt: &Attempt, trustee: TrusteeIndex) -> Commitment {
        Commitment(group::hash(
            labels::hash::CEREMONY_COMMITMENT,
            &[&attempt.prefix(), &trustee.to_le_bytes(), &self.bytes],
        ))
    }

    /// Checks that the opening is the one committed to in round 0.
    ///
    /// # Errors
    /// [`CeremonyError::NotCommitted`] naming the trustee.
    pub fn check_commitment(
        &self,
        attempt: &Attempt,
        trustee: TrusteeIndex,
        commitment: &Commitment,
    ) -> Result<(), CeremonyError> {
        let opened = self.commitment(attempt, trustee);
        if opened == *commitment {
            return Ok(());
        }
        Err(CeremonyError::NotCommitted {
            trustee,
            committed: commitment.0,
            opened: opened.0,
        })
    }

    /// Checks the proof of possession of all t + 1 secrets: z_m G = B_m + c A_m.
    ///
    /// # Errors
    /// [`CeremonyError::Shape`] or [`CeremonyError::Possession`] naming the trustee.
    pub fn check_possession(
        &self,
        attempt: &Attempt,
        trustee: TrusteeIndex,
    ) -> Result<(), CeremonyError> {
        let quorum = attempt.parameters().quorum();
        if self.coefficients.len() != quorum {
            return Err(CeremonyError::Shape {
                message: Message::Opening,
                trustee,
            });
        }
        let mut transcript = attempt.transcript(labels::transcript::CEREMONY_OPENING, trustee);
        transcript.append_message(labels::message::COEFFICIENTS, self.coefficient_bytes());
        transcript.append_message(labels::message::TRANSPORT_KEY, self.transport.as_bytes());
        transcript.append_message(
            labels::message::COMMITMENTS,
            &encode(&self.proof_commitments),
        );
        let minus = -transcript.challenge_scalar(labels::message::CHALLENGE);
        let images = self
            .coefficients
            .iter()
            .copied()
            .chain([self.transport.point()]);
        for (secret, (image, (commitment, response))) in images
            .zip(self.proof_commitments.iter().zip(&self.responses))
            .enumerate()
        {
            let expected =
                RistrettoPoint::vartime_double_scalar_mul_basepoint(&minus, &image, response);
            if expected != *commitment {
                return Err(CeremonyError::Possession { trustee, secret });
            }
        }
        Ok(())
    }

    /// Both checks of round 1.
    ///
    /// # Errors
    /// Those of [`Self::check_commitment`] and [`Self::check_possession`].
    pub fn verify(
        &self,
        attempt: &Attempt,
        trustee: TrusteeIndex,
        commitment: &Commitment,
    ) -> Result<(), CeremonyError> {
        self.check_commitment(attempt, trustee, commitment)?;
        self.check_possession(attempt, trustee)
    }

    /// A_0 ‖ .. ‖ A_{t-1}.
    pub(super) fn coefficient_bytes(&self) -> &[u8] {
        let length = POINT_BYTES * self.coefficients.len();
        self.bytes.get(..length).unwrap_or(&self.bytes)
    }

    /// A_0 .. A_{t-1}.
    pub(super) fn coefficients(&self) -> &[RistrettoPoint] {
        &self.coefficients
    }

    /// Y.
    pub(super) fn transport(&self) -> &EncodedPoint {
        &self.transport
    }

    /// f(j) G from the commitments alone. Variable time.
    pub(super) fn image_at(&self, at: TrusteeIndex) -> RistrettoPoint {
        evaluate(&self.coefficients, at)
    }
}

/// Σ j^m A_m. Variable time.
pub(super) fn evaluate(coefficients: &[RistrettoPoint], at: TrusteeIndex) -> RistrettoPoint {
    let powers = core::iter::successors(Some(Scalar::ONE), |power| Some(power * at.scalar()));
    let powers: Vec<_> = powers.take(coefficients.len()).collect();
    RistrettoPoint::vartime_multiscalar_mul(powers, coefficients)
}

fn encode(points: &[RistrettoPoint]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(POINT_BYTES * points.len());
    for point in points {
        bytes.extend_from_slice(point.compress().as_bytes());
    }
    bytes
}

/// The openings of all n trustees, each checked against its commitment and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Openings {
    attempt: Attempt,
    commitments: Vec<Commitment>,
    openings: Vec<Opening>,
}

impl Openings {
    /// Checks all n openings; `commitments` and `openings` are in order of trustees.
    ///
    /// # Errors
    /// [`CeremonyError`] naming the first trustee at fault.
    pub fn verify(
        attempt: Attempt,
        commitments: &[Commitment],
        openings: Vec<Opening>,
    ) -> Result<Self, CeremonyError> {
        let parameters = attempt.parameters();
        check_count(parameters, Message::Commitment, commitments.len())?;
        check_count(parameters, Message::Opening, openings.len())?;
        for (trustee, (opening, commitment)) in
            parameters.all().zip(openings.iter().zip(commitments))
        {
            opening.verify(&attempt, trustee, commitment)?;
        }
        Ok(Self {
            attempt,
            commitments: commitments.to_vec(),
            openings,
        })
    }

    /// The attempt they belong to.
    #[must_use]
    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// The commitments of round 0, in order of trustees.
    pub(super) fn commitments(&self) -> &[Commitment] {
        &self.commitments
    }

    /// All openings in order of trustees.
    pub(super) fn all(&self) -> &[Opening] {
        &self.openings
    }

    /// One trustee's opening.
    ///
    /// # Errors
    /// [`CeremonyError::UnknownTrustee`] if the index is from a larger ceremony.
    pub fn get(&self, trustee: TrusteeIndex) -> Result<&Opening, CeremonyError> {
        self.openings
            .get(trustee.position())
            .ok_or_else(|| self.attempt.parameters().unknown(trustee.number()))
    }
}

/// One message of each trustee.
pub(super) fn check_count(
    parameters: Parameters,
    message: Message,
    found: usize,
) -> Result<(), CeremonyError> {
    let expected = parameters.trustees();
    if found == expected {
        return Ok(());
    }
    Err(CeremonyError::Count {
        message,
        expected,
        found,
    })
}
