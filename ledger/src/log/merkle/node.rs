//! Coordinates of perfect subtrees, and the ranges that RFC 6962 proofs are made of.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Hash, node_hash};

/// Largest tree size that this implementation accepts (2^62 leaves), so that no
/// coordinate arithmetic can overflow.
pub const MAX_TREE_SIZE: u64 = 1 << 62;

/// A perfect subtree: leaves `index * 2^level .. (index + 1) * 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height above the leaves; 0 is a leaf.
    pub level: u8,
    /// Position among the nodes of this level, from the left.
    pub index: u64,
}

impl NodeId {
    /// The leaf with this index.
    #[must_use]
    pub const fn leaf(index: u64) -> Self {
        Self { level: 0, index }
    }

    /// The node one level up that covers this one.
    #[must_use]
    pub const fn parent(self) -> Self {
        Self {
            level: self.level + 1,
            index: self.index >> 1,
        }
    }
}

/// Gives the hashes of perfect subtrees, from memory or from tiles.
///
/// Whether the hashes were checked against a root is the implementation's to say. A proof
/// built from unchecked nodes is not wrong to hand out, but must be verified first.
pub trait NodeReader {
    /// Why a node could not be read.
    type Error: core::error::Error;

    /// The hashes of `nodes`, in that order. A reader may fetch them together.
    ///
    /// # Errors
    /// When any of them cannot be read, or does not belong to the tree.
    fn read_nodes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a proof could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ProofError<E: core::error::Error> {
    /// The leaf is not in the tree.
    #[error("no leaf {index} in a tree of size {size}")]
    IndexBeyondSize {
        /// Index asked for.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The old tree is larger than the new one.
    #[error("no consistency proof from size {old} to the smaller size {new}")]
    SizesReversed {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
    },
    /// The tree is larger than [`MAX_TREE_SIZE`].
    #[error("tree size {size} is over the limit of {MAX_TREE_SIZE}")]
    TooLarge {
        /// Size asked for.
        size: u64,
    },
    /// The reader gave another number of hashes than it was asked for.
    #[error("the node reader gave {found} hashes, expected {expected}")]
    NodeCount {
        /// Nodes asked for.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// A node could not be read.
    #[error("cannot read a node of the tree: {0}")]
    Read(#[source] E),
}

/// Leaves to the left of the root's split: the largest power of two below `width`
/// (`width >= 2`; RFC 6962 section 2.1).
pub(super) const fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The perfect subtrees, left to right, that make up `range`, which must start at a
/// multiple of the power of two at or above its width.
pub(super) fn perfect_subtrees(range: Range<u64>) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut start = range.start;
    while let Some(level) = range.end.saturating_sub(start).checked_ilog2() {
        nodes.push(NodeId {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: start >> level,
        });
        start += 1 << level;
    }
    nodes
}

/// Root over adjacent perfect subtrees of falling size: the last two join first.
/// `None` for no subtree at all.
pub(super) fn fold_subtrees(hashes: &[Hash]) -> Option<Hash> {
    hashes
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
}

/// Hashes the given leaf ranges, reading all their nodes in one call.
pub(super) fn hash_ranges<R: NodeReader + ?Sized>(
    reader: &R,
    ranges: &[Range<u64>],
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    let parts: Vec<Vec<NodeId>> = ranges.iter().cloned().map(perfect_subtrees).collect();
    let wanted: Vec<NodeId> = parts.iter().flatten().copied().collect();
    let hashes = reader.read_nodes(&wanted).map_err(ProofError::Read)?;
    let count = ProofError::NodeCount {
        expected: wanted.len(),
        found: hashes.len(),
    };
    if hashes.len() != wanted.len() {
        return Err(count);
    }
    let mut rest = hashes.as_slice();
    let mut out = Vec::with_capacity(parts.len());
    for part in parts {
        let hash = rest.split_at_checked(part.len()).and_then(|(head, tail)| {
            rest = tail;
            fold_subtrees(head)
        });
        match hash {
            Some(hash) => out.push(hash),
            None => return Err(count),
        }
    }
    Ok(out)
}
