//! The public record of a Hanpyo election (docs/PROTOCOL.md sections 10 to 13).
//!
//! - [`manifest`] - everything that is fixed before an election begins
//! - [`entry`] - entries of the record
//! - [`signature`] - signatures by roles
//! - [`log`] - the transparency log that the entries stand in
//! - [`acknowledgement`] - the server's promise that a ballot will be in the record
//! - [`record`] - the record checker: the numbered checks
//! - [`voter`] - what a voter's device does

pub mod acknowledgement;
pub mod entry;
pub mod log;
pub mod manifest;
pub mod record;
pub mod signature;
pub mod voter;
