//! The cast path: from bytes to a durable ballot.
//!
//! decode and session check (in the handler) -> [`queue`], bounded, in lanes -> micro-batches verified on a
//! thread of their own and rayon (`verify`) -> one durable transaction a batch
//! ([`crate::db::ballots::take`], where double voting is decided) -> acknowledgement. The
//! sequencer takes it from there.
//!
//! What a crash leaves: before the commit nothing, and nobody was answered; after it the ballot is
//! durable and will be sequenced, and a voter who got no answer sends the same body again and gets
//! the same acknowledgement.

mod lanes;
pub mod queue;
mod verify;
pub mod waiting;

pub use queue::{CastError, CastQueue, Item, Kind, Taken};
pub use verify::InvalidBallot;
pub(crate) use verify::points_of;
pub use waiting::{Waiting, WaitingRoom};
