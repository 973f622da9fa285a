//! The transparency log under the bulletin board: one append-only C2SP tiled log per
//! election, readable by any outside transparency-log client.
//!
//! | module | what it holds | specification |
//! |---|---|---|
//! | [`merkle`] | hashes, frontier, inclusion and consistency proofs | RFC 6962, RFC 9162 |

pub mod checkpoint;
pub mod cosignature;
pub mod key;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod receipt;
pub mod signer;
mod text;
pub mod witness;

pub use merkle::{Frontier, Hash};
