//! Affine points of edwards25519: -x^2 + y^2 = 1 + d x^2 y^2.

use curve25519_dalek::ristretto::RistrettoPoint;

use super::field::{EDWARDS_D, Field};

/// A point in affine coordinates.
#[derive(Clone, Copy)]
pub(super) struct Affine {
    pub(super) x: Field,
    pub(super) y: Field,
}

impl Affine {
    /// Four times a representative of the group element.
    ///
    /// Representatives of one element differ by points of order dividing 4, so this is a homomorphism
    /// into the subgroup of prime order, and injective.
    pub(super) fn quadruple(element: &RistrettoPoint) -> Self {
        let representative = Self::decode(element.compress().as_bytes());
        let double = representative.add(&representative);
        double.add(&double)
    }

    /// RFC 9496 section 4.3.1, for an encoding known to be valid.
    fn decode(encoding: &[u8; 32]) -> Self {
        let s = Field::from_bytes(encoding);
        let s_squared = s.square();
        let u1 = Field::ONE.sub(&s_squared);
        let u2 = Field::ONE.add(&s_squared);
        let u2_squared = u2.square();
        let v = EDWARDS_D.mul(&u1.square()).add(&u2_squared).neg();
        let inverse_sqrt = v.mul(&u2_squared).inverse_sqrt();
        let den_x = inverse_sqrt.mul(&u2);
        let den_y = inverse_sqrt.mul(&den_x).mul(&v);
        let x = s.add(&s).mul(&den_x);
        Self {
            x: if x.is_negative() { x.neg() } else { x },
            y: u1.mul(&den_y),
        }
    }

    /// The sum, by the complete formula of the curve; costs an inversion.
    pub(super) fn add(&self, other: &Self) -> Self {
        let xx = self.x.mul(&other.x);
        let yy = self.y.mul(&other.y);
        let cross = self.x.mul(&other.y).add(&self.y.mul(&other.x));
        let delta = EDWARDS_D.mul(&xx).mul(&yy);
        let inverse = Field::ONE.sub(&delta.square()).invert();
        Self {
            x: cross.mul(&Field::ONE.sub(&delta)).mul(&inverse),
            y: yy.add(&xx).mul(&Field::ONE.add(&delta)).mul(&inverse),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
    use curve25519_dalek::edwards::CompressedEdwardsY;
    use curve25519_dalek::scalar::Scalar;

    /// The point as curve25519-dalek encodes it.
    fn compress(point: &Affine) -> CompressedEdwardsY {
        let mut bytes = point.y.to_bytes();
        bytes[31] |= u8::from(point.x.is_negative()) << 7;
        CompressedEdwardsY(bytes)
    }

    #[test]
    fn is_a_homomorphism_into_the_curve() {
        let mut quadruples = Vec::new();
        for k in 0..40_u64 {
            // RISTRETTO_BASEPOINT is represented by the Ed25519 base point.
            let expected = curve25519_dalek::constants::ED25519_BASEPOINT_POINT
                * (Scalar::from(k) * Scalar::from(4_u64));
            let point = Affine::quadruple(&(RISTRETTO_BASEPOINT_POINT * Scalar::from(k)));
            assert_eq!(compress(&point), expected.compress(), "multiple {k}");
            quadruples.push((point, expected));
        }
        for (a, b) in [(0, 0), (0, 5), (1, 1), (7, 30), (39, 38)] {
            let sum = quadruples[a].0.add(&quadruples[b].0);
            assert_eq!(
                compress(&sum),
                (quadruples[a].1 + quadruples[b].1).compress()
            );
        }
    }
}
