//! The right edge of a tree: enough to append leaves and to compute the root.

use alloc::vec::Vec;

use super::node::fold_subtrees;
use super::{HASH_LEN, Hash, MAX_TREE_SIZE, NodeId, empty_root, node_hash};

/// The roots of the maximal perfect subtrees of a tree, largest (leftmost) first: one for
/// each set bit of the size. At most 62 hashes, whatever the size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    // Invariant: subtrees.len() == size.count_ones().
    subtrees: Vec<Hash>,
}

/// Why a frontier could not be built or extended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// Another number of hashes than the size has set bits.
    #[error("a frontier of size {size} has {expected} hashes, found {found}")]
    HashCount {
        /// Tree size.
        size: u64,
        /// Number of set bits of the size.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// Encoded bytes that are not a size followed by whole hashes.
    #[error("{found} bytes are not an encoded frontier (8 + 32 for each set bit of the size)")]
    Length {
        /// Bytes given.
        found: usize,
    },
    /// Size over [`MAX_TREE_SIZE`].
    #[error("tree size {size} is over the limit of {MAX_TREE_SIZE}")]
    TooLarge {
        /// The size that would result.
        size: u64,
    },
    /// A subtree can only be appended where its size divides the tree size.
    #[error("a subtree of level {level} cannot be appended to a tree of size {size}")]
    Misaligned {
        /// Level of the subtree.
        level: u8,
        /// Size of the tree.
        size: u64,
    },
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            size: 0,
            subtrees: Vec::new(),
        }
    }

    /// Rebuilds a frontier from its parts: the roots of the maximal perfect subtrees of a
    /// tree of `size` leaves, largest first.
    ///
    /// # Errors
    /// [`FrontierError::HashCount`] or [`FrontierError::TooLarge`].
    pub fn from_subtrees(size: u64, subtrees: Vec<Hash>) -> Result<Self, FrontierError> {
        if size > MAX_TREE_SIZE {
            return Err(FrontierError::TooLarge { size });
        }
        let expected = set_bits(size);
        if subtrees.len() != expected {
            return Err(FrontierError::HashCount {
                size,
                expected,
                found: subtrees.len(),
            });
        }
        Ok(Self { size, subtrees })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the maximal perfect subtrees, largest first.
    #[must_use]
    pub fn subtrees(&self) -> &[Hash] {
        &self.subtrees
    }

    /// Root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold_subtrees(&self.subtrees).unwrap_or_else(empty_root)
    }

    /// Appends a leaf hash and reports every node that became complete (the leaf itself
    /// first, then its ancestors upwards) to `new_node`.
    ///
    /// # Errors
    /// [`FrontierError::TooLarge`]; the frontier is unchanged then.
    pub fn append(
        &mut self,
        leaf: Hash,
        new_node: impl FnMut(NodeId, Hash),
    ) -> Result<(), FrontierError> {
        self.append_subtree(0, leaf, new_node)
    }

    /// Appends a whole perfect subtree of `2^level` leaves by its root, and reports every
    /// node from that root upwards that became complete.
    ///
    /// # Errors
    /// [`FrontierError::Misaligned`] or [`FrontierError::TooLarge`]; the frontier is
    /// unchanged then.
    pub fn append_subtree(
        &mut self,
        level: u8,
        root: Hash,
        mut new_node: impl FnMut(NodeId, Hash),
    ) -> Result<(), FrontierError> {
        let misaligned = FrontierError::Misaligned {
            level,
            size: self.size,
        };
        let Some(width) = 1u64.checked_shl(u32::from(level)) else {
            return Err(misaligned);
        };
        if self.size & (width - 1) != 0 {
            return Err(misaligned);
        }
        let size = self.size.saturating_add(width);
        if size > MAX_TREE_SIZE {
            return Err(FrontierError::TooLarge { size });
        }
        let mut node = NodeId {
            level,
            index: self.size >> level,
        };
        let mut hash = root;
        new_node(node, hash);
        // A carry in binary addition: every set bit from `level` up joins its subtree.
        while node.index & 1 == 1 {
            let Some(left) = self.subtrees.pop() else {
                break;
            };
            hash = node_hash(&left, &hash);
            node = node.parent();
            new_node(node, hash);
        }
        self.subtrees.push(hash);
        self.size = size;
        Ok(())
    }

    /// `u64` big-endian size, then the subtree roots, largest first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + HASH_LEN * self.subtrees.len());
        out.extend_from_slice(&self.size.to_be_bytes());
        for hash in &self.subtrees {
            out.extend_from_slice(hash.as_bytes());
        }
        out
    }

    /// Reads [`Self::encode`].
    ///
    /// # Errors
    /// [`FrontierError`] for any bytes that `encode` would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrontierError> {
        let length = FrontierError::Length { found: bytes.len() };
        let Some((size, rest)) = bytes.split_first_chunk::<8>() else {
            return Err(length);
        };
        let (hashes, tail) = rest.as_chunks::<HASH_LEN>();
        if !tail.is_empty() {
            return Err(length);
        }
        Self::from_subtrees(
            u64::from_be_bytes(*size),
            hashes.iter().copied().map(Hash::new).collect(),
        )
    }
}

/// Number of set bits, as a length.
fn set_bits(size: u64) -> usize {
    usize::try_from(size.count_ones()).unwrap_or(usize::MAX)
}
