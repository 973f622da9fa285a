//! Threshold decryption of sums (docs/PROTOCOL.md section 9.3).
//!
//! Each trustee publishes a [`PartialDecryption`] D = x_j R of every sum with a proof bound to the manifest,
//! the closed tree, the contest, the group, the position and the trustee. Any t of them, verified, give
//! vH through a [`Combination`]; the module for discrete logarithms finds v.
//!
//! # Security
//! [`PartialDecryption::create`] decrypts whatever it is given. The trustee's program calls it only for
//! sums it recomputed itself, after it durably recorded the one tree it will ever decrypt (section 9.3).

mod combination;
mod partial;

pub use combination::{Combination, CombinationError};
pub use partial::{Claim, ClosedTree, DecryptionError, PartialDecryption, SumPosition, verify_all};
