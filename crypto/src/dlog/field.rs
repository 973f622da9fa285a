//! Arithmetic modulo p = 2^255 - 19 in variable time, on the formally verified routines of the crate
//! `fiat-crypto`.
//!
//! curve25519-dalek keeps its field private. Discrete logarithms are taken of public values only, so
//! nothing here needs constant time.

use alloc::vec::Vec;

use fiat_crypto::curve25519_64::{
    fiat_25519_add, fiat_25519_carry, fiat_25519_carry_mul, fiat_25519_carry_square,
    fiat_25519_from_bytes, fiat_25519_loose_field_element as Loose, fiat_25519_opp,
    fiat_25519_relax, fiat_25519_sub, fiat_25519_tight_field_element as Tight, fiat_25519_to_bytes,
};

/// A field element.
#[derive(Clone, Copy)]
pub(super) struct Field(Tight);

/// d = -121665/121666 of edwards25519.
pub(super) const EDWARDS_D: Field = Field(Tight([
    929_955_233_495_203,
    466_365_720_129_213,
    1_662_059_464_998_953,
    2_033_849_074_728_123,
    1_442_794_654_840_575,
]));

/// A square root of -1.
const SQRT_MINUS_ONE: Field = Field(Tight([
    1_718_705_420_411_056,
    234_908_883_556_509,
    2_233_514_472_574_048,
    2_117_202_627_021_982,
    765_476_049_583_133,
]));

impl Field {
    pub(super) const ZERO: Self = Self(Tight([0; 5]));
    pub(super) const ONE: Self = Self(Tight([1, 0, 0, 0, 0]));

    /// Reads 255 bits; the top bit must be zero.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut element = Self::ZERO;
        fiat_25519_from_bytes(&mut element.0, bytes);
        element
    }

    /// The canonical encoding.
    #[inline]
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        fiat_25519_to_bytes(&mut bytes, &self.0);
        bytes
    }

    #[inline]
    fn relax(&self) -> Loose {
        let mut loose = Loose([0; 5]);
        fiat_25519_relax(&mut loose, &self.0);
        loose
    }

    #[inline]
    fn carry(loose: &Loose) -> Self {
        let mut element = Self::ZERO;
        fiat_25519_carry(&mut element.0, loose);
        element
    }

    #[inline]
    pub(super) fn add(&self, other: &Self) -> Self {
        let mut sum = Loose([0; 5]);
        fiat_25519_add(&mut sum, &self.0, &other.0);
        Self::carry(&sum)
    }

    #[inline]
    pub(super) fn sub(&self, other: &Self) -> Self {
        let mut difference = Loose([0; 5]);
        fiat_25519_sub(&mut difference, &self.0, &other.0);
        Self::carry(&difference)
    }

    pub(super) fn neg(&self) -> Self {
        let mut opposite = Loose([0; 5]);
        fiat_25519_opp(&mut opposite, &self.0);
        Self::carry(&opposite)
    }

    #[inline]
    pub(super) fn mul(&self, other: &Self) -> Self {
        let mut product = Self::ZERO;
        fiat_25519_carry_mul(&mut product.0, &self.relax(), &other.relax());
        product
    }

    #[inline]
    pub(super) fn square(&self) -> Self {
        let mut square = Self::ZERO;
        fiat_25519_carry_square(&mut square.0, &self.relax());
        square
    }

    fn square_times(&self, count: u32) -> Self {
        (0..count).fold(*self, |power, _| power.square())
    }

    /// Whether the canonical representative is odd: "negative" in RFC 9496.
    pub(super) fn is_negative(&self) -> bool {
        self.to_bytes().first().is_some_and(|byte| byte & 1 == 1)
    }

    /// `self^(2^250 - 1)` and `self^11`.
    fn power_chain(&self) -> (Self, Self) {
        let e2 = self.square();
        let e9 = e2.square_times(2).mul(self);
        let e11 = e9.mul(&e2);
        let ones_5 = e11.square().mul(&e9);
        let ones_10 = ones_5.square_times(5).mul(&ones_5);
        let ones_20 = ones_10.square_times(10).mul(&ones_10);
        let ones_40 = ones_20.square_times(20).mul(&ones_20);
        let ones_50 = ones_40.square_times(10).mul(&ones_10);
        let ones_100 = ones_50.square_times(50).mul(&ones_50);
        let ones_200 = ones_100.square_times(100).mul(&ones_100);
        (ones_200.square_times(50).mul(&ones_50), e11)
    }

    /// The inverse, `self^(p - 2)`; 0 for 0.
    pub(super) fn invert(&self) -> Self {
        let (ones_250, e11) = self.power_chain();
        ones_250.square_times(5).mul(&e11)
    }

    /// A square root of `1 / self`, of either sign, for `self` a nonzero square.
    pub(super) fn inverse_sqrt(&self) -> Self {
        // self^((p - 5) / 8 * 7 + 3) is the root up to a factor sqrt(-1).
        let cube = self.square().mul(self);
        let (ones_250, _) = cube.square().mul(self).power_chain();
        let seventh = cube.square().mul(self);
        let root = cube.mul(&ones_250.square_times(2).mul(&seventh));
        let check = root.square().mul(self);
        if check.to_bytes() == Self::ONE.to_bytes() {
            root
        } else {
            root.mul(&SQRT_MINUS_ONE)
        }
    }
}

/// Inverts all elements, none of them zero, at the cost of one inversion and three multiplications each.
///
/// `scratch` is overwritten; it is passed in to be reused.
pub(super) fn batch_invert(elements: &mut [Field], scratch: &mut Vec<Field>) {
    scratch.clear();
    let mut product = Field::ONE;
    for element in elements.iter() {
        scratch.push(product);
        product = product.mul(element);
    }
    let mut inverse = product.invert();
    for (element, before) in elements.iter_mut().zip(scratch.iter()).rev() {
        let own = inverse.mul(before);
        inverse = inverse.mul(element);
        *element = own;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(value: u8) -> Field {
        let mut bytes = [0; 32];
        bytes[0] = value;
        Field::from_bytes(&bytes)
    }

    fn number(value: u32) -> Field {
        let byte = |k: u32| small(value.to_le_bytes()[k as usize]);
        (0..4).rev().fold(Field::ZERO, |sum, k| {
            (0..8).fold(sum, |sum, _| sum.add(&sum)).add(&byte(k))
        })
    }

    #[test]
    fn constants() {
        let d = number(121_665).neg().mul(&number(121_666).invert());
        assert_eq!(d.to_bytes(), EDWARDS_D.to_bytes());
        let minus_one = Field::ONE.neg();
        assert_eq!(SQRT_MINUS_ONE.square().to_bytes(), minus_one.to_bytes());
    }

    #[test]
    fn ring_laws_and_inverses() {
        let elements: Vec<Field> = (1..200_u32)
            .map(|i| number(i.wrapping_mul(0x9e37_79b9)).square().add(&number(i)))
            .collect();
        for pair in elements.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            assert_eq!(a.mul(b).to_bytes(), b.mul(a).to_bytes());
            assert_eq!(a.square().to_bytes(), a.mul(a).to_bytes());
            let difference = a.square().sub(&b.square());
            assert_eq!(a.add(b).mul(&a.sub(b)).to_bytes(), difference.to_bytes());
            assert_eq!(a.mul(&a.invert()).to_bytes(), Field::ONE.to_bytes());
            assert_eq!(a.add(&a.neg()).to_bytes(), [0; 32]);
            let root = a.square().inverse_sqrt().mul(a);
            assert_eq!(root.square().to_bytes(), Field::ONE.to_bytes());
        }
        let mut inverted = elements.clone();
        batch_invert(&mut inverted, &mut Vec::new());
        for (element, inverse) in elements.iter().zip(&inverted) {
            assert_eq!(element.mul(inverse).to_bytes(), Field::ONE.to_bytes());
        }
    }
}
