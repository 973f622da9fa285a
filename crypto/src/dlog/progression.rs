//! Keys of the points `start + i step`, i = 0, 1, 2, .., computed in blocks.

use alloc::vec::Vec;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;

use super::edwards::Affine;
use super::field::{EDWARDS_D, Field, batch_invert};

/// Largest number of multiples of the step on either side of a block's centre.
const MAX_REACH: usize = 512;

/// 64 bits of the y coordinate of four times a point. Equal for opposite points.
#[inline]
fn key(y: &Field) -> u64 {
    let bytes = y.to_bytes();
    bytes
        .first_chunk()
        .map_or(0, |low| u64::from_le_bytes(*low))
}

/// A multiple of the step and the product of its coordinates.
struct Multiple {
    point: Affine,
    xy: Field,
}

/// Precomputed multiples of a step.
///
/// A block is a centre c and the points c - reach step .. c + reach step. c + k step and c - k step
/// share everything but four multiplications, and the block shares one inversion: 5.5
/// multiplications a point, against about 30 for an addition and compression on [`RistrettoPoint`].
pub(super) struct Progression {
    step: RistrettoPoint,
    multiples: Vec<Multiple>,
    /// (2 reach + 1) step: from centre to centre.
    stride: Affine,
}

/// Buffers reused from block to block.
#[derive(Default)]
struct Scratch {
    /// Numerators of the y coordinates of c + k step and c - k step.
    numerators: Vec<(Field, Field)>,
    denominators: Vec<Field>,
    prefixes: Vec<Field>,
    keys: Vec<u64>,
}

impl Progression {
    /// Prepares for about `expected` points.
    pub(super) fn new(step: RistrettoPoint, expected: u64) -> Self {
        let unit = Affine::quadruple(&step);
        let reach = usize::try_from(expected / 16)
            .unwrap_or(MAX_REACH)
            .clamp(1, MAX_REACH);
        let multiples: Vec<Multiple> =
            core::iter::successors(Some(unit), |point| Some(point.add(&unit)))
                .take(reach)
                .map(|point| Multiple {
                    point,
                    xy: point.x.mul(&point.y),
                })
                .collect();
        let last = multiples.last().map_or(unit, |last| last.point);
        Self {
            step,
            multiples,
            stride: last.add(&last).add(&unit),
        }
    }

    /// Points in a block.
    pub(super) const fn block_len(&self) -> usize {
        2 * self.multiples.len() + 1
    }

    /// Visits `blocks` blocks from the block with number `first` on; a block's keys come with the
    /// index i of the first. Stops as soon as `visit` returns something.
    pub(super) fn visit<T>(
        &self,
        start: &RistrettoPoint,
        first: u64,
        blocks: u64,
        mut visit: impl FnMut(u64, &[u64]) -> Option<T>,
    ) -> Option<T> {
        let block_len = self.block_len() as u64;
        let reach = self.multiples.len() as u64;
        let centre_index = first * block_len + reach;
        let mut centre = Affine::quadruple(&(start + self.step * Scalar::from(centre_index)));
        let mut scratch = Scratch::default();
        for block in first..first + blocks {
            self.fill(&centre, &mut scratch);
            if let Some(found) = visit(block * block_len, &scratch.keys) {
                return Some(found);
            }
            centre = centre.add(&self.stride);
        }
        None
    }

    /// The keys of one block, in the order of i.
    fn fill(&self, centre: &Affine, scratch: &mut Scratch) {
        let Scratch {
            numerators,
            denominators,
            prefixes,
            keys,
        } = scratch;
        numerators.clear();
        denominators.clear();
        let d_xy = EDWARDS_D.mul(&centre.x).mul(&centre.y);
        for multiple in &self.multiples {
            // y(c + s) = (yy + xx) / (1 - delta), y(c - s) = (yy - xx) / (1 + delta); both over
            // 1 - delta^2, which is never zero because d is no square.
            let xx = centre.x.mul(&multiple.point.x);
            let yy = centre.y.mul(&multiple.point.y);
            let delta = d_xy.mul(&multiple.xy);
            numerators.push((
                yy.add(&xx).mul(&Field::ONE.add(&delta)),
                yy.sub(&xx).mul(&Field::ONE.sub(&delta)),
            ));
            denominators.push(Field::ONE.sub(&delta.square()));
        }
        batch_invert(denominators, prefixes);
        keys.clear();
        let both = numerators.iter().zip(denominators.iter());
        keys.extend(
            both.clone()
                .rev()
                .map(|((_, below), inverse)| key(&below.mul(inverse))),
        );
        keys.push(key(&centre.y));
        keys.extend(both.map(|((above, _), inverse)| key(&above.mul(inverse))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;

    fn key_of(point: &RistrettoPoint) -> u64 {
        key(&Affine::quadruple(point).y)
    }

    #[test]
    fn keys_are_those_of_the_points() {
        let start = G * Scalar::from(1_000_003_u64);
        for expected in [0, 40, 100, 1 << 20] {
            let progression = Progression::new(-G, expected);
            let mut indices = 0..;
            let found: Option<()> = progression.visit(&start, 0, 3, |first, keys| {
                assert_eq!(keys.len(), progression.block_len());
                for (key, i) in keys.iter().zip(first..) {
                    assert_eq!(indices.next(), Some(i));
                    if i % 37 == 0 || i < 40 {
                        assert_eq!(*key, key_of(&(start - G * Scalar::from(i))), "index {i}");
                    }
                }
                None
            });
            assert_eq!(found, None);
            let second = progression.visit(&start, 1, 2, |first, keys| Some((first, keys[0])));
            let i = progression.block_len() as u64;
            assert_eq!(second, Some((i, key_of(&(start - G * Scalar::from(i))))));
        }
    }

    #[test]
    fn opposite_points_share_a_key() {
        let point = G * Scalar::from(77_u64);
        assert_eq!(key_of(&point), key_of(&-point));
        assert_ne!(key_of(&point), key_of(&(point + G)));
    }
}
