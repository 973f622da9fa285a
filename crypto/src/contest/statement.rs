//! The statements of section 5.2: one list, from which prover, verifier and sizes follow.

use core::cmp::Ordering;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;

use crate::elgamal::Ciphertext;
use crate::membership::{StatementCoefficients, Values};

use super::fault::ContestFault;
use super::kind::{Rules, ScoreTotal};

/// A linear combination of the contest's ciphertexts, seen as rows of k (section 5: the row of a
/// rank; other kinds have one row).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Combination {
    /// Σ_i ρ_i E_i over one row, with the row's own weights.
    WeightedRow(usize),
    /// E_i.
    One(usize),
    /// Σ ρ_i E_i over all.
    Weighted,
    /// Sum of the first k.
    FirstRow,
    /// Sum of one row minus the sum of the next.
    RowDifference(usize),
    /// Sum of one column.
    Column(usize),
    /// Σ_i σ_i times the sum of column i.
    WeightedColumns,
}

/// The values of a statement before the weights are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueShape {
    /// The weights of a row, and 0 if `or_zero`.
    RowWeights { row: usize, or_zero: bool },
    /// `count` integers from `first` on.
    Interval { first: u64, count: usize },
    /// Σ σ_i.
    ColumnWeightSum,
}

const BIT: ValueShape = ValueShape::Interval { first: 0, count: 2 };

impl ValueShape {
    /// Number of values in a contest of `options` options.
    pub(super) fn count(self, options: usize) -> usize {
        match self {
            Self::RowWeights { or_zero, .. } => options + usize::from(or_zero),
            Self::Interval { count, .. } => count,
            Self::ColumnWeightSum => 1,
        }
    }
}

/// What is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) combination: Combination,
    pub(super) values: ValueShape,
}

/// All statements of a contest in order.
pub(super) fn shapes(rules: Rules) -> impl Iterator<Item = Shape> {
    (0..).map_while(move |index| shape(rules, index))
}

/// The statement number `index`, from 0. Rows are counted from 0 too, so that row d_min is the first
/// that may be empty.
fn shape(rules: Rules, index: usize) -> Option<Shape> {
    let (combination, values) = match rules {
        Rules::ChooseOne { blank, .. } => (
            Combination::WeightedRow(index),
            ValueShape::RowWeights {
                row: (index == 0).then_some(0)?,
                or_zero: blank,
            },
        ),
        Rules::Choose { options, min, max } => match index.cmp(&(options as usize)) {
            Ordering::Less => (Combination::One(index), BIT),
            Ordering::Equal => (
                Combination::FirstRow,
                ValueShape::Interval {
                    first: min.into(),
                    count: (max - min) as usize + 1,
                },
            ),
            Ordering::Greater => return None,
        },
        Rules::Score {
            options,
            total,
            unanswered,
            ..
        } => {
            let options = options as usize;
            let answered = if unanswered { options } else { 0 };
            match (index.cmp(&answered), total) {
                (Ordering::Less, _) => (Combination::One(options + index), BIT),
                (Ordering::Equal, ScoreTotal::Exactly(total)) => (
                    Combination::FirstRow,
                    ValueShape::Interval {
                        first: total.into(),
                        count: 1,
                    },
                ),
                _ => return None,
            }
        }
        Rules::Rank { options, min, max } => {
            let (options, min, max) = (options as usize, min as usize, max as usize);
            let gaps = max.saturating_sub(min + 1);
            let all_ranked = min == options;
            if index < max {
                (
                    Combination::WeightedRow(index),
                    ValueShape::RowWeights {
                        row: index,
                        or_zero: index >= min,
                    },
                )
            } else if index < max + gaps {
                (Combination::RowDifference(min + index - max), BIT)
            } else {
                let column = index - max - gaps;
                match (all_ranked, column) {
                    (true, 0) => (Combination::WeightedColumns, ValueShape::ColumnWeightSum),
                    (false, _) if column < options => (Combination::Column(column), BIT),
                    _ => return None,
                }
            }
        }
    };
    Some(Shape {
        combination,
        values,
    })
}

/// The weights ρ_1 .. ρ_N and, for a full ranking, σ_1 .. σ_k.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights<'w> {
    rho: &'w [Scalar],
    sigma: &'w [Scalar],
    options: usize,
}

impl<'w> Weights<'w> {
    /// Number of scalars drawn for a contest.
    pub(super) fn count(rules: Rules, options: usize, ciphertexts: usize) -> usize {
        match rules {
            Rules::Rank { min, .. } if min as usize == options => ciphertexts + options,
            _ => ciphertexts,
        }
    }

    pub(super) fn new(scalars: &'w [Scalar], options: usize, ciphertexts: usize) -> Self {
        let (rho, sigma) = scalars
            .split_at_checked(ciphertexts)
            .unwrap_or((scalars, &[]));
        Self {
            rho,
            sigma,
            options,
        }
    }

    fn row(&self, row: usize) -> Option<&'w [Scalar]> {
        let start = row.checked_mul(self.options)?;
        self.rho.get(start..)?.get(..self.options)
    }

    /// The values of a statement.
    pub(super) fn values(&self, shape: ValueShape) -> Result<Values<'w>, ContestFault> {
        Ok(match shape {
            ValueShape::RowWeights { row, or_zero } => Values::Listed {
                values: self.row(row).ok_or(ContestFault::Inconsistent)?,
                or_zero,
            },
            ValueShape::Interval { first, count } => Values::Interval { first, count },
            ValueShape::ColumnWeightSum => Values::Single(self.sigma.iter().sum()),
        })
    }
}

/// A vector over positions that a [`Combination`] can be read from or spread over.
///
/// The visitor gets each position of the combination with its factor. `Err` if the combination
/// points outside: the caller's sizes are inconsistent, and nothing may be concluded.
fn visit<T>(
    combination: Combination,
    weights: &Weights<'_>,
    items: impl IntoIterator<Item = T>,
    mut each: impl FnMut(Factor<'_>, T),
) -> Result<(), ContestFault> {
    let k = weights.options;
    let mut visited = 0_usize;
    let expected = match combination {
        Combination::WeightedRow(row) => {
            let factors = weights.row(row).ok_or(ContestFault::Inconsistent)?;
            for (factor, item) in factors.iter().zip(items.into_iter().skip(row * k)) {
                each(Factor::Scalar(factor), item);
                visited += 1;
            }
            k
        }
        Combination::Weighted => {
            for (factor, item) in weights.rho.iter().zip(items) {
                each(Factor::Scalar(factor), item);
                visited += 1;
            }
            weights.rho.len()
        }
        Combination::One(position) => {
            for item in items.into_iter().skip(position).take(1) {
                each(Factor::One, item);
                visited += 1;
            }
            1
        }
        Combination::FirstRow => {
            for item in items.into_iter().take(k) {
                each(Factor::One, item);
                visited += 1;
            }
            k
        }
        Combination::RowDifference(row) => {
            for item in items.into_iter().skip(row * k).take(2 * k) {
                let factor = if visited < k {
                    Factor::One
                } else {
                    Factor::MinusOne
                };
                each(factor, item);
                visited += 1;
            }
            2 * k
        }
        Combination::Column(column) => {
            for item in items.into_iter().skip(column).step_by(k.max(1)) {
                each(Factor::One, item);
                visited += 1;
            }
            weights.rho.len() / k.max(1)
        }
        Combination::WeightedColumns => {
            for (factor, item) in weights.sigma.iter().cycle().zip(items) {
                each(Factor::Scalar(factor), item);
                visited += 1;
            }
            weights.rho.len()
        }
    };
    if visited == expected {
        Ok(())
    } else {
        Err(ContestFault::Inconsistent)
    }
}

#[derive(Clone, Copy)]
enum Factor<'w> {
    One,
    MinusOne,
    Scalar(&'w Scalar),
}

impl Combination {
    /// Adds a statement's coefficients to those of the ciphertexts, R_1, C_1, R_2, C_2, ..
    pub(super) fn spread(
        self,
        weights: &Weights<'_>,
        of: StatementCoefficients,
        coefficients: &mut [Scalar],
    ) -> Result<(), ContestFault> {
        let (pairs, _) = coefficients.as_chunks_mut::<2>();
        visit(self, weights, pairs, |factor, [r, c]| match factor {
            Factor::One => {
                *r += of.x;
                *c += of.y;
            }
            Factor::MinusOne => {
                *r -= of.x;
                *c -= of.y;
            }
            Factor::Scalar(factor) => {
                *r += of.x * factor;
                *c += of.y * factor;
            }
        })
    }

    /// The combination of scalars (values or nonces). Constant time in the scalars.
    pub(super) fn of_scalars(
        self,
        weights: &Weights<'_>,
        scalars: &[Scalar],
    ) -> Result<Scalar, ContestFault> {
        let mut sum = Scalar::ZERO;
        visit(self, weights, scalars, |factor, scalar| match factor {
            Factor::One => sum += scalar,
            Factor::MinusOne => sum -= scalar,
            Factor::Scalar(factor) => sum += scalar * factor,
        })?;
        Ok(sum)
    }

    /// The combination of ciphertexts: (X, Y).
    pub(super) fn of_ciphertexts(
        self,
        weights: &Weights<'_>,
        ciphertexts: &[Ciphertext],
    ) -> Result<Ciphertext, ContestFault> {
        let (mut r, mut c) = (RistrettoPoint::identity(), RistrettoPoint::identity());
        visit(self, weights, ciphertexts, |factor, item| match factor {
            Factor::One => {
                r += item.r;
                c += item.c;
            }
            Factor::MinusOne => {
                r -= item.r;
                c -= item.c;
            }
            Factor::Scalar(factor) => {
                r += item.r * factor;
                c += item.c * factor;
            }
        })?;
        Ok(Ciphertext { r, c })
    }
}
