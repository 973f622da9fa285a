//! The baby steps: which multiple of the base has a given key.

use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::Identity;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

use super::progression::Progression;

/// Entries a bucket has on average. Eight entries are one cache line.
const BUCKET: usize = 4;

/// Blocks computed as one task.
const TASK_BLOCKS: usize = 16;

/// The keys of 0, 1, .., `last` times the base, sorted.
///
/// An entry has its index in the low bits and the high bits of its key above, so a key of n entries is
/// compared in 64 - lg n bits; a wrong hit costs the caller a multiplication.
pub(super) struct Table {
    entries: Vec<u64>,
    /// Where the entries whose high bits are i begin; one more than there are buckets.
    starts: Vec<u32>,
    index_bits: u32,
    bucket_shift: u32,
}

impl Table {
    /// Bytes a table of this many entries takes.
    pub(super) const fn bytes(entries: usize) -> usize {
        entries * size_of::<u64>() + (Self::buckets(entries) + 1) * size_of::<u32>()
    }

    const fn buckets(entries: usize) -> usize {
        let buckets = (entries / BUCKET).next_power_of_two();
        if buckets < 2 { 2 } else { buckets }
    }

    /// Computes the table for 0, 1, .., `last` times the base.
    pub(super) fn new(base: &RistrettoPoint, last: u32) -> Self {
        let len = last as usize + 1;
        let index_bits = (u32::BITS - last.leading_zeros()).max(1);
        let mut entries = vec![0_u64; len];
        let progression = Progression::new(*base, u64::from(last));
        let task_len = TASK_BLOCKS * progression.block_len();
        let fill = |(task, entries): (usize, &mut [u64])| {
            fill(&progression, task, entries, index_bits);
        };
        #[cfg(feature = "parallel")]
        {
            entries.par_chunks_mut(task_len).enumerate().for_each(fill);
            entries.par_sort_unstable();
        }
        #[cfg(not(feature = "parallel"))]
        {
            entries.chunks_mut(task_len).enumerate().for_each(fill);
            entries.sort_unstable();
        }
        let bucket_shift = u64::BITS - Self::buckets(len).trailing_zeros();
        let starts = starts(&entries, Self::buckets(len), bucket_shift);
        Self {
            entries,
            starts,
            index_bits,
            bucket_shift,
        }
    }

    /// Number of entries.
    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// The indices whose keys agree with `key` as far as they are stored.
    #[inline]
    pub(super) fn find(&self, key: u64) -> impl Iterator<Item = u64> + '_ {
        let bucket = usize::try_from(key >> self.bucket_shift).unwrap_or(usize::MAX);
        let mut bounds = self.starts.iter().skip(bucket);
        let start = bounds.next().copied().unwrap_or_default() as usize;
        let end = bounds.next().copied().unwrap_or_default() as usize;
        let index_bits = self.index_bits;
        self.entries
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .filter(move |entry| (*entry ^ key) >> index_bits == 0)
            .map(move |entry| entry & ((1 << index_bits) - 1))
    }
}

/// The entries of one task, in the order of their indices.
fn fill(progression: &Progression, task: usize, entries: &mut [u64], index_bits: u32) {
    let blocks = entries.len().div_ceil(progression.block_len()) as u64;
    let mut slots = entries.iter_mut();
    let first = (task * TASK_BLOCKS) as u64;
    progression.visit::<()>(&RistrettoPoint::identity(), first, blocks, |first, keys| {
        for ((key, index), slot) in keys.iter().zip(first..).zip(slots.by_ref()) {
            *slot = (key >> index_bits << index_bits) | index;
        }
        None
    });
}

/// Where each bucket of the sorted entries begins, and the end of the last.
fn starts(entries: &[u64], buckets: usize, shift: u32) -> Vec<u32> {
    let mut starts = Vec::with_capacity(buckets + 1);
    starts.push(0);
    for (entry, position) in entries.iter().zip(0_u32..) {
        while starts.len() as u64 <= entry >> shift {
            starts.push(position);
        }
    }
    let end = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    starts.resize(buckets + 1, end);
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;

    #[test]
    fn finds_every_entry_and_nothing_else() {
        for last in [0, 1, 2, 7, 8, 100, 5_000, 40_000] {
            let table = Table::new(&G, last);
            assert_eq!(table.len(), last as usize + 1);
            assert_eq!(
                Table::bytes(table.len()),
                8 * table.entries.len() + 4 * table.starts.len()
            );
            let progression = Progression::new(G, u64::from(last));
            let blocks = (u64::from(last) + 100).div_ceil(progression.block_len() as u64);
            progression.visit::<()>(&RistrettoPoint::identity(), 0, blocks, |first, keys| {
                for (key, index) in keys.iter().zip(first..) {
                    let found: Vec<u64> = table.find(*key).collect();
                    let expected = (index <= u64::from(last)).then_some(index);
                    assert_eq!(found, Vec::from_iter(expected), "index {index} of {last}");
                }
                None
            });
        }
    }
}
