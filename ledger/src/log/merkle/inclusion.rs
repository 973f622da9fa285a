//! Inclusion proofs: `PATH(m, D[n])` of RFC 6962 section 2.1.1, verified by the algorithm
//! of RFC 9162 section 2.1.3.2.

use alloc::vec::Vec;
use core::ops::Range;

use super::node::{hash_ranges, split};
use super::{Hash, MAX_TREE_SIZE, NodeReader, ProofError, node_hash};

/// Why an inclusion proof was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InclusionError {
    /// The index is not below the tree size.
    #[error("leaf {index} is not in a tree of size {size}")]
    IndexBeyondSize {
        /// Index claimed.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The tree is larger than [`MAX_TREE_SIZE`].
    #[error("tree size {size} is over the limit of {MAX_TREE_SIZE}")]
    TooLarge {
        /// Size claimed.
        size: u64,
    },
    /// The proof has too many or too few hashes for this index and size.
    #[error(
        "the inclusion proof of leaf {index} in size {size} has {expected} hashes, found {found}"
    )]
    Length {
        /// Index claimed.
        index: u64,
        /// Size of the tree.
        size: u64,
        /// Hashes that the proof must have.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// The proof leads to another root.
    #[error(
        "the inclusion proof of leaf {index} in size {size} leads to root {found}, expected {expected}"
    )]
    Root {
        /// Index claimed.
        index: u64,
        /// Size of the tree.
        size: u64,
        /// Root of the tree.
        expected: Hash,
        /// Root computed from leaf and proof.
        found: Hash,
    },
}

/// The leaf ranges whose hashes make the proof, from the leaf's sibling to the root's child.
fn path_ranges(index: u64, size: u64) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// Builds the proof that leaf `index` is in the tree of the first `size` leaves: hashes
/// from the leaf's sibling up to the root's child.
///
/// # Errors
/// [`ProofError`] when the index or size is out of range or a node cannot be read.
pub fn prove_inclusion<R: NodeReader + ?Sized>(
    reader: &R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if size > MAX_TREE_SIZE {
        return Err(ProofError::TooLarge { size });
    }
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    hash_ranges(reader, &path_ranges(index, size))
}

/// Verifies that `leaf` is leaf `index` of the tree with this `size` and `root`.
///
/// # Errors
/// [`InclusionError`] with what was expected and found.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), InclusionError> {
    if size > MAX_TREE_SIZE {
        return Err(InclusionError::TooLarge { size });
    }
    if index >= size {
        return Err(InclusionError::IndexBeyondSize { index, size });
    }
    let length = |found| InclusionError::Length {
        index,
        size,
        expected: path_ranges(index, size).len(),
        found,
    };
    // RFC 9162 section 2.1.3.2; fnode and snode are its fn and sn.
    let (mut fnode, mut snode) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if snode == 0 {
            return Err(length(proof.len()));
        }
        if fnode & 1 == 1 || fnode == snode {
            hash = node_hash(sibling, &hash);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    if snode != 0 {
        return Err(length(proof.len()));
    }
    if hash != *root {
        return Err(InclusionError::Root {
            index,
            size,
            expected: *root,
            found: hash,
        });
    }
    Ok(())
}
