//! The transparency log under the bulletin board: one append-only C2SP tiled log per
//! election, readable by any outside transparency-log client.
//!
//! | module | what it holds | specification |
//! |---|---|---|
//! | [`merkle`] | hashes, frontier, inclusion and consistency proofs | RFC 6962, RFC 9162 |
//! | [`tile`] | tile coordinates, paths and contents | C2SP tlog-tiles |
//! | [`key`], [`signer`], [`note`] | vkeys, secret keys, signed notes | C2SP signed-note |
//! | [`checkpoint`] | origin, size and root, signed by the log | C2SP tlog-checkpoint |
//! | [`cosignature`] | what witnesses and mirrors sign | C2SP tlog-cosignature |
//! | [`policy`] | who must have cosigned | C2SP tlog-policy |
//! | [`witness`] | messages between log and witness | C2SP tlog-witness |
//! | [`receipt`] | an entry and the proof that it is recorded | C2SP tlog-proof |
//!
//! Writing: [`writer`] turns entries into tiles, [`publish`] brings them and the checkpoint
//! to a [`store`] ([`files`], [`memory`]; [`faults`] for tests) in a fixed order of effects,
//! [`recover`] compares trusted state and storage at start, [`prune`] deletes partial tiles that
//! full ones have replaced.
//! Reading: a [`source`] ([`files`], [`http`], a store) gives untrusted bytes, [`tree`]
//! checks them against a root, [`reader`] follows a log, [`fsck`] recomputes all of it.

pub mod checkpoint;
pub mod cosignature;
#[cfg(feature = "std")]
pub mod faults;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "std")]
pub mod fsck;
#[cfg(feature = "http")]
pub mod http;
pub mod key;
#[cfg(feature = "std")]
pub mod memory;
pub mod merkle;
pub mod note;
pub mod policy;
#[cfg(feature = "std")]
pub mod prune;
#[cfg(feature = "std")]
pub mod publish;
#[cfg(feature = "std")]
pub mod reader;
pub mod receipt;
#[cfg(feature = "std")]
pub mod recover;
pub mod signer;
#[cfg(feature = "std")]
pub mod source;
#[cfg(feature = "std")]
pub mod store;
mod text;
#[cfg(feature = "std")]
pub mod tile;
#[cfg(feature = "std")]
pub mod tree;
#[cfg(feature = "std")]
pub mod witness;
#[cfg(feature = "std")]
pub mod writer;

pub use merkle::{Frontier, Hash};
