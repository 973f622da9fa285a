//! Strict decoding of proof bytes.

use alloc::vec::Vec;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;

use super::{ProofElement, RangeError, Shape};

/// A group element as it was sent and as a point.
#[derive(Clone, Copy)]
pub(super) struct ProofPoint {
    pub(super) encoded: CompressedRistretto,
    pub(super) point: RistrettoPoint,
}

/// A decoded proof: every point valid and not the identity, every scalar canonical.
pub(super) struct DecodedProof {
    pub(super) a: ProofPoint,
    pub(super) s: ProofPoint,
    pub(super) t1: ProofPoint,
    pub(super) t2: ProofPoint,
    pub(super) t_x: Scalar,
    pub(super) t_x_blinding: Scalar,
    pub(super) e_blinding: Scalar,
    /// `(L, R)` of each round, in the order they were sent.
    pub(super) rounds: Vec<(ProofPoint, ProofPoint)>,
    pub(super) inner_a: Scalar,
    pub(super) inner_b: Scalar,
}

/// Length of a proof of this shape.
pub(super) const fn encoded_len(shape: Shape) -> usize {
    32 * (9 + 2 * shape.rounds())
}

impl DecodedProof {
    pub(super) fn from_bytes(bytes: &[u8], shape: Shape) -> Result<Self, RangeError> {
        let wrong_length = RangeError::WrongLength {
            expected: encoded_len(shape),
            actual: bytes.len(),
        };
        if bytes.len() != encoded_len(shape) {
            return Err(wrong_length);
        }
        let (elements, _) = bytes.as_chunks::<32>();
        let mut elements = Elements(elements.iter(), wrong_length);
        // Fields are initialised in the order they are written, which is the order of the encoding.
        Ok(Self {
            a: elements.point(ProofElement::A)?,
            s: elements.point(ProofElement::S)?,
            t1: elements.point(ProofElement::T1)?,
            t2: elements.point(ProofElement::T2)?,
            t_x: elements.scalar(ProofElement::Tx)?,
            t_x_blinding: elements.scalar(ProofElement::TxBlinding)?,
            e_blinding: elements.scalar(ProofElement::EBlinding)?,
            rounds: (0..shape.rounds())
                .map(|round| {
                    Ok((
                        elements.point(ProofElement::L(round))?,
                        elements.point(ProofElement::R(round))?,
                    ))
                })
                .collect::<Result<_, RangeError>>()?,
            inner_a: elements.scalar(ProofElement::InnerA)?,
            inner_b: elements.scalar(ProofElement::InnerB)?,
        })
    }
}

/// The remaining elements, and the error if they run out.
struct Elements<'b>(core::slice::Iter<'b, [u8; 32]>, RangeError);

impl Elements<'_> {
    fn next(&mut self) -> Result<[u8; 32], RangeError> {
        self.0.next().copied().ok_or_else(|| self.1.clone())
    }

    fn point(&mut self, element: ProofElement) -> Result<ProofPoint, RangeError> {
        let encoded = CompressedRistretto(self.next()?);
        // The identity has one canonical encoding, so comparing encodings suffices.
        if encoded.is_identity() {
            return Err(RangeError::IdentityPoint { element });
        }
        let point = encoded
            .decompress()
            .ok_or(RangeError::InvalidPoint { element })?;
        Ok(ProofPoint { encoded, point })
    }

    fn scalar(&mut self, element: ProofElement) -> Result<Scalar, RangeError> {
        Option::from(Scalar::from_canonical_bytes(self.next()?))
            .ok_or(RangeError::NonCanonicalScalar { element })
    }
}
