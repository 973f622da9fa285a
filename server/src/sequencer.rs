//! Ledgers: from durable entries to a published log.
//!
//! | module | what it is |
//! |---|---|
//! | [`registry`] | all ledgers: opened at the start, made on approval |
//! | [`ledger`] | one election's ledger and what is known of it at any moment |
//! | `round` | sequencing and publishing; the order of effects |
//! | [`append`] | entries that roles sign |
//! | `commission` | those that the commission signs here |
//! | `effect` | what an entry changes beside the log |
//! | `order` | the order of ballots within a batch |
//! | `record` | the record checker that entries must pass |
//! | [`summary`] | phase and turnout for everyone |
//! | [`history`] | how turnout grew |
//! | [`receipts`] | the published tree, receipts, the newest ballots |
//! | `worker` | the tasks: sequencing, schedule |
//! | [`error`] | "this request failed" and "this ledger must stop" |
//! | `fault` | crashes on command, in debug builds |
//!
//! Trust: the database row is trusted, storage (the board's files) is not. Several servers on one
//! database are safe, not live: the compare-and-swap lets one of them go on and stops the other's
//! ledger.

pub mod append;
mod commission;
pub(crate) mod effect;
pub mod error;
pub(crate) mod fault;
pub mod history;
pub mod ledger;
mod order;
pub mod receipts;
mod record;
pub mod registry;
mod round;
pub mod summary;
mod worker;

pub use append::{Appended, split_bundle};
pub use error::{LedgerError, StopReason};
pub use history::{History, Point};
pub use ledger::{Health, Ledger, LedgerId};
pub use receipts::{Code, Place, Published};
pub use registry::Ledgers;
pub use summary::{Phase, Summary};
