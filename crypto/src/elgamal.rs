//! Exponential ElGamal (docs/PROTOCOL.md section 3).

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;

use crate::group::{self, DecodeError, FixedPoint, POINT_BYTES};

/// Bytes of an encoded ciphertext: R ‖ C.
pub const CIPHERTEXT_BYTES: usize = 2 * POINT_BYTES;

/// Enc(v; r) = (R, C) = (rG, vH + rK).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    /// R = rG.
    pub r: RistrettoPoint,
    /// C = vH + rK.
    pub c: RistrettoPoint,
}

impl Ciphertext {
    /// The sum of nothing: value 0 under nonce 0.
    #[must_use]
    pub fn zero() -> Self {
        Self {
            r: RistrettoPoint::identity(),
            c: RistrettoPoint::identity(),
        }
    }

    /// Decodes a ciphertext of an entry: 64 bytes, canonical, neither part the identity.
    ///
    /// # Errors
    /// [`DecodeError`] of the first bad part.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let wrong = DecodeError::Length {
            expected: CIPHERTEXT_BYTES,
            found: bytes.len(),
        };
        let (r, c) = bytes.split_at_checked(POINT_BYTES).ok_or(wrong)?;
        if c.len() != POINT_BYTES {
            return Err(wrong);
        }
        Ok(Self {
            r: group::decode_point(r)?,
            c: group::decode_point(c)?,
        })
    }

    /// Decodes a computed sum, whose parts may be the identity.
    ///
    /// # Errors
    /// [`DecodeError`] of the first bad part.
    pub fn decode_sum(bytes: &[u8]) -> Result<Self, DecodeError> {
        let wrong = DecodeError::Length {
            expected: CIPHERTEXT_BYTES,
            found: bytes.len(),
        };
        let (r, c) = bytes.split_at_checked(POINT_BYTES).ok_or(wrong)?;
        let part = |bytes: &[u8]| {
            CompressedRistretto::from_slice(bytes)
                .map_err(|_| wrong)?
                .decompress()
                .ok_or(DecodeError::NotAPoint)
        };
        Ok(Self {
            r: part(r)?,
            c: part(c)?,
        })
    }

    /// R ‖ C.
    #[must_use]
    pub fn encode(&self) -> [u8; CIPHERTEXT_BYTES] {
        let mut out = [0; CIPHERTEXT_BYTES];
        let (r, c) = out.split_at_mut(POINT_BYTES);
        r.copy_from_slice(self.r.compress().as_bytes());
        c.copy_from_slice(self.c.compress().as_bytes());
        out
    }

    /// Adds `weight` times `other`, as a ballot of a weighted credential is added (section 9.1).
    pub fn add_weighted(&mut self, other: &Self, weight: u64) {
        if weight == 1 {
            self.r += other.r;
            self.c += other.c;
        } else {
            let weight = Scalar::from(weight);
            self.r += other.r * weight;
            self.c += other.c * weight;
        }
    }
}

/// The joint public key K with what encrypting under it needs again and again.
#[derive(Clone)]
pub struct JointKey {
    point: RistrettoPoint,
    encoded: CompressedRistretto,
    generator: RistrettoPoint,
    fixed_key: FixedPoint,
    fixed_generator: FixedPoint,
}

impl core::fmt::Debug for JointKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("JointKey").field(&self.encoded).finish()
    }
}

impl JointKey {
    /// Decodes K; not the identity.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self::new(group::decode_point(bytes)?))
    }

    /// Wraps a point already known not to be the identity.
    pub(crate) fn new(point: RistrettoPoint) -> Self {
        let generator = group::value_generator();
        Self {
            point,
            encoded: point.compress(),
            generator,
            fixed_key: FixedPoint::new(&point),
            fixed_generator: FixedPoint::new(&generator),
        }
    }

    /// K.
    #[must_use]
    pub fn point(&self) -> RistrettoPoint {
        self.point
    }

    /// K, encoded.
    #[must_use]
    pub fn encoded(&self) -> CompressedRistretto {
        self.encoded
    }

    /// The value generator H.
    #[must_use]
    pub fn generator(&self) -> RistrettoPoint {
        self.generator
    }

    /// sK, constant time.
    #[must_use]
    pub fn mul(&self, s: &Scalar) -> RistrettoPoint {
        self.fixed_key.times(s)
    }

    /// vH, constant time.
    #[must_use]
    pub fn mul_generator(&self, v: &Scalar) -> RistrettoPoint {
        self.fixed_generator.times(v)
    }

    /// Enc(value; nonce), constant time.
    #[must_use]
    pub fn encrypt(&self, value: &Scalar, nonce: &Scalar) -> Ciphertext {
        Ciphertext {
            r: group::base_times(nonce),
            c: self.mul_generator(value) + self.mul(nonce),
        }
    }
}
