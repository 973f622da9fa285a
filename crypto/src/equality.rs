//! Equality of discrete logarithms (docs/PROTOCOL.md section 8.1; Chaum and Pedersen 1992).
//!
//! **Statement**: U = uG and V = uB for a public base B. **Witness**: u. **Proof**: c ‖ z, 64 bytes.
//! **Equation**: the challenge recomputed from zG - cU and zB - cV equals c.
//! **Cost**: two variable-time double multiplications to verify.
//!
//! Complaints, the decryption drill and partial decryptions prove their correctness with it, each
//! under its own transcript label and a context that fixes what the proof is for.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::group::{self, DecodeError, POINT_BYTES, SCALAR_BYTES};
use crate::labels;
use crate::transcript::TranscriptExt;

/// Bytes of an encoded proof: c ‖ z.
pub const EQUALITY_PROOF_BYTES: usize = 2 * SCALAR_BYTES;

/// A point together with its encoding, so that neither is computed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodedPoint {
    point: RistrettoPoint,
    encoded: CompressedRistretto,
}

impl EncodedPoint {
    /// Encodes `point`.
    #[must_use]
    pub fn new(point: RistrettoPoint) -> Self {
        Self {
            point,
            encoded: point.compress(),
        }
    }

    /// Decodes 32 bytes, canonical and not the identity.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let point = group::decode_point(bytes)?;
        let encoded = CompressedRistretto::from_slice(bytes).map_err(|_| DecodeError::Length {
            expected: POINT_BYTES,
            found: bytes.len(),
        })?;
        Ok(Self { point, encoded })
    }

    /// Decodes 32 bytes, canonical; the identity is one of the permitted points.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub(crate) fn decode_any(bytes: &[u8]) -> Result<Self, DecodeError> {
        match Self::decode(bytes) {
            Err(DecodeError::Identity) => Ok(Self::new(group::identity())),
            decoded => decoded,
        }
    }

    /// The point.
    #[must_use]
    pub fn point(&self) -> RistrettoPoint {
        self.point
    }

    /// Its encoding.
    #[must_use]
    pub fn encoded(&self) -> CompressedRistretto {
        self.encoded
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; POINT_BYTES] {
        self.encoded.as_bytes()
    }
}

/// What is proven: log_G U = log_B V, for the purpose `label` and `context` name.
#[derive(Clone, Copy, Debug)]
pub struct EqualityStatement<'a> {
    /// Label of the transcript, one of [`labels::transcript`].
    pub label: &'static [u8],
    /// What the proof is for; its layout is fixed by the section that uses the proof.
    pub context: &'a [u8],
    /// B.
    pub base: EncodedPoint,
    /// U = uG.
    pub image_g: EncodedPoint,
    /// V = uB.
    pub image_base: EncodedPoint,
}

/// Why a proof of equal logarithms is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EqualityError {
    /// A base or image is the identity, for which the statement says nothing.
    #[error("{0} is the identity")]
    Identity(&'static str),
    /// The recomputed challenge differs.
    #[error("the proof does not show that the logarithms are equal")]
    Challenge,
}

/// A proof of equal logarithms, c ‖ z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EqualityProof {
    challenge: Scalar,
    response: Scalar,
}

impl EqualityStatement<'_> {
    fn transcript(&self) -> Transcript {
        let mut transcript = Transcript::new(self.label);
        transcript.append_message(labels::message::CONTEXT, self.context);
        transcript.append_point(labels::message::BASE, &self.base.encoded);
        transcript.append_point(labels::message::IMAGE_G, &self.image_g.encoded);
        transcript.append_point(labels::message::IMAGE_BASE, &self.image_base.encoded);
        transcript
    }
}

fn challenge(mut transcript: Transcript, commitments: [RistrettoPoint; 2]) -> Scalar {
    let [first, second] = commitments.map(|point| point.compress());
    let joined = [first.to_bytes(), second.to_bytes()].concat();
    transcript.append_message(labels::message::COMMITMENTS, &joined);
    transcript.challenge_scalar(labels::message::CHALLENGE)
}

impl EqualityProof {
    /// Proves `statement` with its witness u. Constant time in u.
    ///
    /// The nonce depends on the whole statement, on u and on `rng`; the same nonce never serves two
    /// statements, even if `rng` repeats itself.
    pub fn prove(
        statement: &EqualityStatement<'_>,
        witness: &Scalar,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Self {
        let transcript = statement.transcript();
        let keyed = [(labels::randomness::WITNESS, witness.as_bytes().as_slice())];
        let nonce = Zeroizing::new(Scalar::random(&mut transcript.prover_rng(&keyed, 0, rng)));
        let commitments = [group::base_times(&nonce), statement.base.point * *nonce];
        let challenge = challenge(transcript, commitments);
        Self {
            challenge,
            response: *nonce + challenge * witness,
        }
    }

    /// Checks the proof. Variable time: everything here is public.
    ///
    /// # Errors
    /// [`EqualityError`].
    pub fn verify(&self, statement: &EqualityStatement<'_>) -> Result<(), EqualityError> {
        for (name, point) in [
            ("B", &statement.base),
            ("U", &statement.image_g),
            ("V", &statement.image_base),
        ] {
            if point.point.is_identity() {
                return Err(EqualityError::Identity(name));
            }
        }
        self.verify_any_base(statement)
    }

    /// [`Self::verify`] where B may be the identity. The proof then holds for V the identity only; with
    /// any other base V cannot be the identity, for U is not.
    pub(crate) fn verify_any_base(
        &self,
        statement: &EqualityStatement<'_>,
    ) -> Result<(), EqualityError> {
        let minus = -self.challenge;
        let commitments = [
            RistrettoPoint::vartime_double_scalar_mul_basepoint(
                &minus,
                &statement.image_g.point,
                &self.response,
            ),
            RistrettoPoint::vartime_multiscalar_mul(
                [&self.response, &minus],
                [&statement.base.point, &statement.image_base.point],
            ),
        ];
        if challenge(statement.transcript(), commitments) == self.challenge {
            Ok(())
        } else {
            Err(EqualityError::Challenge)
        }
    }

    /// c ‖ z.
    #[must_use]
    pub fn encode(&self) -> [u8; EQUALITY_PROOF_BYTES] {
        let mut out = [0; EQUALITY_PROOF_BYTES];
        let (c, z) = out.split_at_mut(SCALAR_BYTES);
        c.copy_from_slice(self.challenge.as_bytes());
        z.copy_from_slice(self.response.as_bytes());
        out
    }

    /// Decodes 64 bytes, both scalars canonical.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let wrong = DecodeError::Length {
            expected: EQUALITY_PROOF_BYTES,
            found: bytes.len(),
        };
        if bytes.len() != EQUALITY_PROOF_BYTES {
            return Err(wrong);
        }
        let (c, z) = bytes.split_at_checked(SCALAR_BYTES).ok_or(wrong)?;
        Ok(Self {
            challenge: group::decode_scalar(c)?,
            response: group::decode_scalar(z)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    /// A generator that returns zeros only, as a broken device's might.
    struct DeadRng;

    impl RngCore for DeadRng {
        fn next_u32(&mut self) -> u32 {
            0
        }
        fn next_u64(&mut self) -> u64 {
            0
        }
        fn fill_bytes(&mut self, dest: &mut [u8]) {
            dest.fill(0);
        }
        fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
            dest.fill(0);
            Ok(())
        }
    }

    impl CryptoRng for DeadRng {}

    fn statement<'a>(u: &Scalar, base: RistrettoPoint, context: &'a [u8]) -> EqualityStatement<'a> {
        EqualityStatement {
            label: labels::transcript::DRILL,
            context,
            base: EncodedPoint::new(base),
            image_g: EncodedPoint::new(group::base_times(u)),
            image_base: EncodedPoint::new(base * u),
        }
    }

    #[test]
    fn true_statement_passes_and_every_changed_field_fails() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let u = Scalar::random(&mut rng);
        let base = RistrettoPoint::random(&mut rng);
        let other = EncodedPoint::new(RistrettoPoint::random(&mut rng));
        let good = statement(&u, base, b"context");
        let proof = EqualityProof::prove(&good, &u, &mut rng);
        proof.verify(&good).unwrap();

        let changed = [
            EqualityStatement {
                label: labels::transcript::COMPLAINT,
                ..good
            },
            EqualityStatement {
                context: b"contexu",
                ..good
            },
            EqualityStatement {
                base: other,
                ..good
            },
            EqualityStatement {
                image_g: other,
                ..good
            },
            EqualityStatement {
                image_base: other,
                ..good
            },
        ];
        for statement in changed {
            assert_eq!(proof.verify(&statement), Err(EqualityError::Challenge));
        }
        for part in [
            EqualityProof {
                challenge: proof.challenge + Scalar::ONE,
                ..proof
            },
            EqualityProof {
                response: proof.response + Scalar::ONE,
                ..proof
            },
        ] {
            assert_eq!(part.verify(&good), Err(EqualityError::Challenge));
        }
    }

    #[test]
    fn unequal_logarithms_and_identities_fail() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let u = Scalar::random(&mut rng);
        let base = RistrettoPoint::random(&mut rng);
        let lie = EqualityStatement {
            image_base: EncodedPoint::new(base * (u + Scalar::ONE)),
            ..statement(&u, base, b"")
        };
        let proof = EqualityProof::prove(&lie, &u, &mut rng);
        assert_eq!(proof.verify(&lie), Err(EqualityError::Challenge));

        let trivial = statement(&u, group::identity(), b"");
        let proof = EqualityProof::prove(&trivial, &u, &mut rng);
        assert_eq!(proof.verify(&trivial), Err(EqualityError::Identity("B")));
    }

    #[test]
    fn a_dead_generator_never_repeats_a_nonce_for_another_statement() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let u = Scalar::random(&mut rng);
        let base = RistrettoPoint::random(&mut rng);
        let nonce = |context: &[u8]| {
            let proof = EqualityProof::prove(&statement(&u, base, context), &u, &mut DeadRng);
            proof.response - proof.challenge * u
        };
        assert_eq!(nonce(b"one"), nonce(b"one"));
        assert_ne!(nonce(b"one"), nonce(b"two"));
    }

    #[test]
    fn decoding_is_strict() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let u = Scalar::random(&mut rng);
        let proof = EqualityProof::prove(
            &statement(&u, RistrettoPoint::random(&mut rng), b""),
            &u,
            &mut rng,
        );
        let bytes = proof.encode();
        assert_eq!(EqualityProof::decode(&bytes), Ok(proof));
        for length in [0, 63, 65, 128] {
            let mut longer = bytes.to_vec();
            longer.resize(length, 0);
            assert_eq!(
                EqualityProof::decode(&longer),
                Err(DecodeError::Length {
                    expected: 64,
                    found: length
                })
            );
        }
        for half in [0, 32] {
            let mut wrong = bytes;
            wrong[half..half + 32].fill(0xff);
            assert_eq!(EqualityProof::decode(&wrong), Err(DecodeError::NotAScalar));
        }
    }
}
