//! ristretto255 as this protocol uses it (RFC 9496; docs/PROTOCOL.md section 2): strict decoding at
//! the edge, labelled hashes, and the value generator H.

#[cfg(feature = "tables")]
use curve25519_dalek::ristretto::RistrettoBasepointTable;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use sha2::{Digest, Sha256, Sha512};

use crate::labels;

/// Bytes of an encoded point.
pub const POINT_BYTES: usize = 32;
/// Bytes of an encoded scalar.
pub const SCALAR_BYTES: usize = 32;

/// Why 32 bytes are no point or scalar of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not the canonical encoding of a ristretto255 point.
    #[error("not a canonical ristretto255 point")]
    NotAPoint,
    /// The identity, where the protocol forbids it.
    #[error("the identity point is not allowed here")]
    Identity,
    /// A scalar not less than the group order.
    #[error("not a canonical scalar (it must be less than the group order)")]
    NotAScalar,
    /// Another number of bytes than expected.
    #[error("{found} bytes where {expected} are expected")]
    Length {
        /// Expected number of bytes.
        expected: usize,
        /// Number of bytes found.
        found: usize,
    },
}

/// x G in constant time (section 2).
#[must_use]
pub fn base_times(scalar: &Scalar) -> RistrettoPoint {
    RistrettoPoint::mul_base(scalar)
}

/// A point that many scalars are multiplied with, with a table of its multiples where there is room for one.
#[derive(Clone)]
pub(crate) struct FixedPoint {
    #[cfg(feature = "tables")]
    multiples: RistrettoBasepointTable,
    #[cfg(not(feature = "tables"))]
    point: RistrettoPoint,
}

#[cfg(feature = "tables")]
impl FixedPoint {
    pub(crate) fn new(point: &RistrettoPoint) -> Self {
        Self {
            multiples: RistrettoBasepointTable::create(point),
        }
    }

    /// The product, in constant time.
    pub(crate) fn times(&self, scalar: &Scalar) -> RistrettoPoint {
        &self.multiples * scalar
    }
}

#[cfg(not(feature = "tables"))]
impl FixedPoint {
    pub(crate) fn new(point: &RistrettoPoint) -> Self {
        Self { point: *point }
    }

    /// The product, in constant time.
    pub(crate) fn times(&self, scalar: &Scalar) -> RistrettoPoint {
        self.point * scalar
    }
}

/// Decodes a point that must not be the identity (section 2).
///
/// # Errors
/// [`DecodeError::NotAPoint`], [`DecodeError::Identity`] or [`DecodeError::Length`].
pub fn decode_point(bytes: &[u8]) -> Result<RistrettoPoint, DecodeError> {
    let encoded = CompressedRistretto::from_slice(bytes).map_err(|_| DecodeError::Length {
        expected: POINT_BYTES,
        found: bytes.len(),
    })?;
    if encoded.is_identity() {
        return Err(DecodeError::Identity);
    }
    // `decompress` accepts canonical encodings only (RFC 9496 section 4.3.1).
    encoded.decompress().ok_or(DecodeError::NotAPoint)
}

/// Decodes a scalar less than the group order (section 2).
///
/// # Errors
/// [`DecodeError::NotAScalar`] or [`DecodeError::Length`].
pub fn decode_scalar(bytes: &[u8]) -> Result<Scalar, DecodeError> {
    let array: [u8; SCALAR_BYTES] = bytes.try_into().map_err(|_| DecodeError::Length {
        expected: SCALAR_BYTES,
        found: bytes.len(),
    })?;
    Option::from(Scalar::from_canonical_bytes(array)).ok_or(DecodeError::NotAScalar)
}

fn prefixed<D: Digest>(label: &[u8], parts: &[&[u8]]) -> D {
    // Labels are our own constants, far below 256 bytes; a test checks it.
    let length = u8::try_from(label.len()).unwrap_or(u8::MAX);
    let mut digest = D::new().chain_update([length]).chain_update(label);
    for part in parts {
        digest.update(part);
    }
    digest
}

/// `hash(label, parts joined)` of section 2.
#[must_use]
pub fn hash(label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    prefixed::<Sha256>(label, parts).finalize().into()
}

/// `scalar(label, parts joined)` of section 2: uniform in the scalar field.
#[must_use]
pub fn hash_to_scalar(label: &[u8], parts: &[&[u8]]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&prefixed::<Sha512>(label, parts).finalize().into())
}

/// `point(label, parts joined)` of section 2: nobody knows its logarithm.
#[must_use]
pub fn hash_to_point(label: &[u8], parts: &[&[u8]]) -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&prefixed::<Sha512>(label, parts).finalize().into())
}

/// The value generator H (section 3), recomputed from its label.
#[must_use]
pub fn value_generator() -> RistrettoPoint {
    hash_to_point(labels::hash::VALUE_GENERATOR, &[])
}

/// The identity, which only computed sums may be.
#[must_use]
pub fn identity() -> RistrettoPoint {
    RistrettoPoint::identity()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_fits_its_length_byte() {
        for (name, label) in labels::hash::ALL {
            assert!(label.len() < 256, "{name}");
        }
    }

    #[test]
    fn identity_and_non_canonical_bytes_are_rejected() {
        assert_eq!(decode_point(&[0; 32]), Err(DecodeError::Identity));
        assert_eq!(decode_point(&[0xff; 32]), Err(DecodeError::NotAPoint));
        assert_eq!(
            decode_point(&[0; 31]),
            Err(DecodeError::Length {
                expected: 32,
                found: 31
            })
        );
        assert_eq!(decode_scalar(&[0xff; 32]), Err(DecodeError::NotAScalar));
    }
}
