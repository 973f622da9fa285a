//! The public record of an election: manifest, entries, transparency log and record checker.

pub mod log;
