//! The Merkle tree of RFC 6962 section 2.1: hashes, frontier, proofs.
//!
//! | file | what it holds |
//! |---|---|
//! | `hash` | [`struct@Hash`], leaf, node and empty-tree hashes |
//! | `node` | [`NodeId`] coordinates and the [`NodeReader`] trait |
//! | `frontier` | [`Frontier`]: append leaves in O(log n) state |
//! | `inclusion` | inclusion proofs: build and verify |
//! | `consistency` | consistency proofs: build and verify |

mod consistency;
mod frontier;
mod hash;
mod inclusion;
mod node;

pub use consistency::{ConsistencyError, prove_consistency, verify_consistency};
pub use frontier::{Frontier, FrontierError};
pub use hash::{HASH_LEN, Hash, empty_root, leaf_hash, node_hash};
pub use inclusion::{InclusionError, prove_inclusion, verify_inclusion};
pub use node::{MAX_TREE_SIZE, NodeId, NodeReader, ProofError};
