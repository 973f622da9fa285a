//! The transparency log under the bulletin board: one append-only C2SP tiled log per
//! election, readable by any outside transparency-log client.
//!
//! | module | what it holds | specification |
//! |---|---|---|
//! | [`merkle`] | hashes, frontier, inclusion and consistency proofs | RFC 6962, RFC 9162 |
//! | [`key`], [`signer`], [`note`] | vkeys, secret keys, signed notes | C2SP signed-note |
//! | [`checkpoint`] | origin, size and root, signed by the log | C2SP tlog-checkpoint |
//! | [`cosignature`] | what witnesses and mirrors sign | C2SP tlog-cosignature |
//! | [`policy`] | who must have cosigned | C2SP tlog-policy |
//! | [`witness`] | messages between log and witness | C2SP tlog-witness |
//! | [`receipt`] | an entry and the proof that it is recorded | C2SP tlog-proof |

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
