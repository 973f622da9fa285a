//! Consistency proofs: `PROOF(m, D[n])` of RFC 6962 section 2.1.2, verified by the
//! algorithm of RFC 9162 section 2.1.4.2.

use alloc::vec::Vec;
use core::ops::Range;

use super::node::{hash_ranges, split};
use super::{Hash, MAX_TREE_SIZE, NodeReader, ProofError, empty_root, node_hash};

/// Why a consistency proof was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsistencyError {
    /// The old tree is larger than the new one.
    #[error("a tree of size {new} cannot extend one of size {old}")]
    SizesReversed {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
    },
    /// The tree is larger than [`MAX_TREE_SIZE`].
    #[error("tree size {size} is over the limit of {MAX_TREE_SIZE}")]
    TooLarge {
        /// Size claimed.
        size: u64,
    },
    /// The proof has too many or too few hashes for these sizes.
    #[error("the consistency proof from size {old} to {new} has {expected} hashes, found {found}")]
    Length {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
        /// Hashes that the proof must have.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// The proof is not about the old tree.
    #[error(
        "the consistency proof from size {old} to {new} leads to old root {found}, expected {expected}"
    )]
    OldRoot {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
        /// Root of the old tree.
        expected: Hash,
        /// Root computed from the proof.
        found: Hash,
    },
    /// The proof is not about the new tree.
    #[error(
        "the consistency proof from size {old} to {new} leads to new root {found}, expected {expected}"
    )]
    NewRoot {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
        /// Root of the new tree.
        expected: Hash,
        /// Root computed from the proof.
        found: Hash,
    },
}

/// The leaf ranges whose hashes make the proof; empty when `old` is 0 or `new`.
fn proof_ranges(old: u64, new: u64) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    if old == 0 {
        return ranges;
    }
    let (mut start, mut end) = (0, new);
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    // The verifier knows the old root already when the old tree is one perfect subtree.
    if start != 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    ranges
}

/// Builds the proof that the tree of the first `new` leaves extends that of the first
/// `old`. Empty when `old` is 0 or equals `new` (tlog-witness does the same).
///
/// # Errors
/// [`ProofError`] when the sizes are out of range or a node cannot be read.
pub fn prove_consistency<R: NodeReader + ?Sized>(
    reader: &R,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if new > MAX_TREE_SIZE {
        return Err(ProofError::TooLarge { size: new });
    }
    if old > new {
        return Err(ProofError::SizesReversed { old, new });
    }
    hash_ranges(reader, &proof_ranges(old, new))
}

/// Verifies that the tree (`new`, `new_root`) extends the tree (`old`, `old_root`).
///
/// # Errors
/// [`ConsistencyError`] with what was expected and found.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ConsistencyError> {
    if new > MAX_TREE_SIZE {
        return Err(ConsistencyError::TooLarge { size: new });
    }
    if old > new {
        return Err(ConsistencyError::SizesReversed { old, new });
    }
    let length = |found| ConsistencyError::Length {
        old,
        new,
        expected: proof_ranges(old, new).len(),
        found,
    };
    let check_old = |found: Hash| {
        let expected = *old_root;
        (found == expected)
            .then_some(())
            .ok_or(ConsistencyError::OldRoot {
                old,
                new,
                expected,
                found,
            })
    };
    let check_new = |found: Hash| {
        let expected = *new_root;
        (found == expected)
            .then_some(())
            .ok_or(ConsistencyError::NewRoot {
                old,
                new,
                expected,
                found,
            })
    };
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(length(proof.len()));
        }
        if old == 0 {
            check_old(empty_root())?;
        }
        return match (old, new) {
            (_, 0) => check_new(empty_root()),
            (0, _) => Ok(()),
            _ => check_new(*old_root),
        };
    }

    // RFC 9162 section 2.1.4.2. A perfect old tree is left out of the proof: it starts there.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        match proof.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return Err(length(0)),
        }
    };
    let (mut fnode, mut snode) = (old - 1, new - 1);
    while fnode & 1 == 1 {
        fnode >>= 1;
        snode >>= 1;
    }
    let (mut found_old, mut found_new) = (first, first);
    for hash in rest {
        if snode == 0 {
            return Err(length(proof.len()));
        }
        if fnode & 1 == 1 || fnode == snode {
            found_old = node_hash(hash, &found_old);
            found_new = node_hash(hash, &found_new);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            found_new = node_hash(&found_new, hash);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    if snode != 0 {
        return Err(length(proof.len()));
    }
    check_old(found_old)?;
    check_new(found_new)
}
