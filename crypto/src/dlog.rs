//! Bounded discrete logarithms: the number v in a decrypted sum vH (docs/PROTOCOL.md section 3).
//!
//! Baby-step giant-step. The table holds the baby steps 0, 1, .., t times the base. A giant step
//! 2t + 1 wide covers c - t .. c + t, because a point and its opposite share their y coordinate: with
//! c_i = t + i (2t + 1), the y coordinate of P - c_i B is that of jB for some j <= t if and only if
//! v = c_i + j or v = c_i - j. Each such candidate is checked by a multiplication in the group, so a
//! wrong number is never returned.
//!
//! **Cost**, in processor time, which two cores halve (EPYC, release build; `tests/dlog_timings.rs`):
//!
//! | bound | table | to compute it | to search everything |
//! |---|---|---|---|
//! | 10 million | 21 KiB | 2 ms | 1 ms |
//! | 2^48 | 107 MiB ([`DiscreteLog::new`]) | 2.4 s | 4 s |
//! | 2^48 | 32 MiB | 0.7 s | 11 s |
//! | 2^48 | 512 MiB | 12 s | 1.2 s |
//!
//! Variable time: sums are published, nothing here is secret.

mod edwards;
mod field;
mod progression;
mod table;

use core::fmt;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

use progression::Progression;
use table::Table;

/// The largest bound, 2^48.
pub const MAX_BOUND: u64 = 1 << 48;

/// Most baby steps: 2^28, a table of 2.5 GiB.
const MAX_LAST: u32 = (1 << 28) - 1;

/// Giant-step blocks searched as one task.
const TASK_BLOCKS: u64 = 32;

/// Why there is no discrete logarithm.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DlogError {
    /// The bound is larger than [`MAX_BOUND`].
    #[error("discrete logarithms are found up to {MAX_BOUND}, not up to {actual}")]
    BoundTooLarge {
        /// Bound asked for.
        actual: u64,
    },
    /// All multiples of the identity are the same.
    #[error("the base of the discrete logarithm is the identity")]
    IdentityBase,
    /// The memory allowed does not hold the smallest table.
    #[error("a table of {actual} bytes is too small, {needed} bytes are needed at least")]
    TooLittleMemory {
        /// Bytes needed.
        needed: usize,
        /// Bytes allowed.
        actual: usize,
    },
    /// The point is not a multiple of the base in 0, 1, .., bound.
    #[error("the point is none of 0, 1, .., {bound} times the base")]
    NotFound {
        /// Largest multiple searched.
        bound: u64,
    },
}

/// Finds v in vB for one base B and all 0 <= v <= bound.
///
/// The table is computed once; any number of points can be solved with it, from several threads.
pub struct DiscreteLog {
    base: RistrettoPoint,
    bound: u64,
    baby_steps: Table,
    /// Baby steps on either side of a giant step.
    reach: u64,
    giant_steps: Progression,
    giant_blocks: u64,
}

impl DiscreteLog {
    /// A table that makes one search up to `bound` cost as much as the table itself.
    ///
    /// # Errors
    /// [`DlogError::BoundTooLarge`], [`DlogError::IdentityBase`].
    pub fn new(base: RistrettoPoint, bound: u64) -> Result<Self, DlogError> {
        let balanced = u32::try_from((bound / 2).isqrt()).unwrap_or(MAX_LAST);
        Self::with_last(base, bound, balanced)
    }

    /// The largest table of at most `bytes` bytes that is of use.
    ///
    /// More memory makes each search shorter and the table longer to compute; half the memory
    /// doubles the time of a search.
    ///
    /// # Errors
    /// As [`DiscreteLog::new`], and [`DlogError::TooLittleMemory`].
    pub fn with_memory(base: RistrettoPoint, bound: u64, bytes: usize) -> Result<Self, DlogError> {
        let fits = |last: &u32| Table::bytes(*last as usize + 1) <= bytes;
        if !fits(&0) {
            return Err(DlogError::TooLittleMemory {
                needed: Table::bytes(1),
                actual: bytes,
            });
        }
        // With t >= bound / 2 one giant step covers everything.
        let useful = u32::try_from(bound.div_ceil(2))
            .unwrap_or(MAX_LAST)
            .min(MAX_LAST);
        let mut last = 0;
        for bit in (0..u32::BITS).rev().map(|shift| 1_u32 << shift) {
            if last | bit <= useful && fits(&(last | bit)) {
                last |= bit;
            }
        }
        Self::with_last(base, bound, last)
    }

    fn with_last(base: RistrettoPoint, bound: u64, last: u32) -> Result<Self, DlogError> {
        if bound > MAX_BOUND {
            return Err(DlogError::BoundTooLarge { actual: bound });
        }
        if base.is_identity() {
            return Err(DlogError::IdentityBase);
        }
        let baby_steps = Table::new(&base, last);
        let reach = u64::from(last);
        let width = 2 * reach + 1;
        let steps = bound / width + 1;
        let giant_steps = Progression::new(-(base * Scalar::from(width)), steps);
        let giant_blocks = steps.div_ceil(giant_steps.block_len() as u64);
        Ok(Self {
            base,
            bound,
            baby_steps,
            reach,
            giant_steps,
            giant_blocks,
        })
    }

    /// The largest number found.
    #[must_use]
    pub const fn bound(&self) -> u64 {
        self.bound
    }

    /// Bytes the table takes.
    #[must_use]
    pub const fn memory_bytes(&self) -> usize {
        Table::bytes(self.baby_steps.len())
    }

    /// The v with `point = v base` and 0 <= v <= bound.
    ///
    /// # Errors
    /// [`DlogError::NotFound`] if there is none.
    pub fn solve(&self, point: &RistrettoPoint) -> Result<u64, DlogError> {
        let start = point - self.base * Scalar::from(self.reach);
        let search = |task: u64| {
            let first = task * TASK_BLOCKS;
            let blocks = TASK_BLOCKS.min(self.giant_blocks - first);
            self.giant_steps
                .visit(&start, first, blocks, |first, keys| {
                    keys.iter()
                        .zip(first..)
                        .find_map(|(key, index)| self.candidate(point, *key, index))
                })
        };
        let tasks = 0..self.giant_blocks.div_ceil(TASK_BLOCKS);
        #[cfg(feature = "parallel")]
        let found = tasks.into_par_iter().find_map_any(search);
        #[cfg(not(feature = "parallel"))]
        let found = tasks.into_iter().find_map(search);
        found.ok_or(DlogError::NotFound { bound: self.bound })
    }

    /// The solution that the key of giant step `index` points to, if it is one.
    #[inline]
    fn candidate(&self, point: &RistrettoPoint, key: u64, index: u64) -> Option<u64> {
        self.baby_steps.find(key).find_map(|baby| {
            let centre = self.reach + index * (2 * self.reach + 1);
            [centre.checked_add(baby), centre.checked_sub(baby)]
                .into_iter()
                .flatten()
                .find(|v| *v <= self.bound && self.base * Scalar::from(*v) == *point)
        })
    }
}

impl fmt::Debug for DiscreteLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscreteLog")
            .field("bound", &self.bound)
            .field("memory_bytes", &self.memory_bytes())
            .finish_non_exhaustive()
    }
}
