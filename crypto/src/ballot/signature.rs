//! The signature over body and decision (section 6.2): a Schnorr proof of knowledge of s on the
//! ballot's transcript, so that it covers everything said before it.

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::group::{self, DecodeError, POINT_BYTES, decode_scalar};
use crate::labels::{message, randomness};
use crate::transcript::TranscriptExt;

/// Bytes of a ballot signature: A ‖ z.
pub const SIGNATURE_BYTES: usize = 64;

/// What the voter decided once the confirmation code was fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The ballot counts.
    Cast,
    /// The ballot is opened and never counts.
    Challenge,
}

impl Decision {
    /// 1 cast, 2 challenge.
    #[must_use]
    pub const fn tag(self) -> u8 {
        match self {
            Self::Cast => 1,
            Self::Challenge => 2,
        }
    }
}

/// Step 4.
fn absorb_decision(transcript: &mut Transcript, decision: Decision, body: &[u8]) {
    transcript.append_message(message::DECISION, &[decision.tag()]);
    transcript.append_message(message::BODY, body);
}

/// A decoded signature with its challenge: zG = A + cP is yet to be checked.
pub(crate) struct Signature {
    /// A, encoded.
    pub(crate) commitment: [u8; POINT_BYTES],
    /// c.
    pub(crate) challenge: Scalar,
    /// z.
    pub(crate) response: Scalar,
}

impl Signature {
    /// Steps 4 to 6 for a verifier; `transcript` is where the last contest left it.
    pub(crate) fn replay(
        transcript: &mut Transcript,
        decision: Decision,
        body: &[u8],
        signature: &[u8],
    ) -> Result<Self, DecodeError> {
        let wrong = DecodeError::Length {
            expected: SIGNATURE_BYTES,
            found: signature.len(),
        };
        let signature: &[u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| wrong)?;
        let (halves, _) = signature.as_chunks::<POINT_BYTES>();
        let [commitment, response] = halves else {
            return Err(wrong);
        };
        absorb_decision(transcript, decision, body);
        transcript.append_point(
            message::SIGNATURE_COMMITMENT,
            &CompressedRistretto(*commitment),
        );
        Ok(Self {
            commitment: *commitment,
            challenge: transcript.challenge_scalar(message::SIGNATURE_CHALLENGE),
            response: decode_scalar(response)?,
        })
    }
}

/// Steps 4 to 6 for the voter.
pub(crate) fn sign(
    mut transcript: Transcript,
    secret: &Scalar,
    decision: Decision,
    body: &[u8],
    attempt: u64,
    rng: &mut (impl RngCore + CryptoRng),
) -> [u8; SIGNATURE_BYTES] {
    absorb_decision(&mut transcript, decision, body);
    let nonce = Zeroizing::new(Scalar::random(&mut transcript.prover_rng(
        &[
            (randomness::CREDENTIAL_SECRET, secret.as_bytes()),
            (randomness::SIGNATURE, &[]),
        ],
        attempt,
        rng,
    )));
    let commitment = group::base_times(&nonce).compress();
    transcript.append_point(message::SIGNATURE_COMMITMENT, &commitment);
    let challenge = transcript.challenge_scalar(message::SIGNATURE_CHALLENGE);
    let response = *nonce + challenge * secret;

    let mut signature = [0; SIGNATURE_BYTES];
    let (a, z) = signature.split_at_mut(POINT_BYTES);
    a.copy_from_slice(commitment.as_bytes());
    z.copy_from_slice(response.as_bytes());
    signature
}
