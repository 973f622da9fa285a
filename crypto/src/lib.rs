//! The voting cryptography of Hanpyo (docs/PROTOCOL.md sections 2 to 9): pure mathematics, no I/O,
//! no clock, no global randomness.

mod accumulator;
pub mod ballot;
pub mod batch;
pub mod ceremony;
pub mod contest;
pub mod credential;
pub mod decryption;
pub mod dlog;
pub mod elgamal;
pub mod equality;
pub mod group;
pub mod labels;
mod membership;
pub mod range;
pub mod transcript;
