//! Whole elections in one process, with every role's keys: for tests and benchmarks only.
//!
//! An [`ElectionSpec`] says what is voted on and by whom. An [`Election`] is set up from it and goes
//! through its phases one call at a time, so that a test can step in between; [`Election::complete`] does
//! all the rest. Everything follows from the specification's seed.
//!
//! Attacks change the finished (or half-finished) list of entries and sign again with whatever keys the
//! attacker would hold: [`Election::sign`], [`Election::resign`]. [`check()`] reads the entries as any
//! verifier does.
//!
//! ```
//! use hanpyo_testkit::{ElectionSpec, Election, check};
//!
//! let mut election = Election::new(ElectionSpec::yes_no(6));
//! election.complete();
//! let report = check(&election);
//! assert!(report.failed().is_empty());
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "only tests and benchmarks use this crate: a step that fails is a test that fails"
)]

mod ceremony;
mod check;
mod conforms;
pub mod decoders;
mod election;
mod keys;
mod plain;
mod publish;
mod roll;
mod spec;
mod tally;
mod value;
mod voting;

pub use ceremony::Dealt;
pub use check::{check, check_entries, check_with, checkpoint, root_of, trusted_tree};
pub use conforms::assert_conforms;
pub use election::Election;
pub use keys::Keys;
pub use plain::{random_selection, random_selections};
pub use publish::publish;
pub use spec::{ContestSpec, ElectionSpec, VoterSpec};
pub use value::{Mutation, Value};
