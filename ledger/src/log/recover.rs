//! Starting a ledger: trusted state against untrusted storage.
//!
//! The trusted state is the frontier that the database committed with the last batch. What
//! storage may look like, and what it means:
//!
//! | storage's checkpoint | meaning | what happens |
//! |---|---|---|
//! | same tree | all was published | the right edge is re-verified |
//! | smaller | a crash came between commit and checkpoint, or an old write arrived late | missing tiles are rebuilt from the database's entries and published |
//! | larger | the database was restored from a backup, or someone else signs with our key | refused: signing would fork the log |
//! | same size, other root | a fork | refused |
//! | none, or not ours | storage was lost or swapped | refused: a log is created explicitly |
//!
//! Witnesses are to be asked in the same way by the caller before it signs anything.

use core::ops::Range;

use super::checkpoint::CheckpointError;
use super::key::VerifierKey;
use super::merkle::{Frontier, Hash};
use super::publish::{PublishError, stored_checkpoint};
use super::source::StoreSource;
use super::store::{Conflict, Store};
use super::tree::{ReadError, Tree};
use super::writer::{AppendError, TileBatch, TileWriter};

/// The ledger must not go on: signing now could fork the log. Needs an operator, and `fsck`.
#[derive(Debug, thiserror::Error)]
pub enum StopLedger {
    /// An immutable file exists with other bytes.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// Storage has a checkpoint of a larger tree than the trusted state.
    #[error(
        "storage has a signed checkpoint of size {found}, ahead of the trusted size {trusted}: the database is older than the log"
    )]
    StorageAhead {
        /// Size of the trusted state.
        trusted: u64,
        /// Size of the checkpoint in storage.
        found: u64,
    },
    /// Two trees of one size were signed, or entries do not lead to the trusted root.
    #[error("at size {size} the trusted root is {trusted}, found {found}")]
    Forked {
        /// Tree size.
        size: u64,
        /// Root of the trusted state.
        trusted: Hash,
        /// Root found.
        found: Hash,
    },
    /// There is no checkpoint in storage.
    #[error("storage has no checkpoint; a log is created explicitly, never because one is missing")]
    NoCheckpoint,
    /// The checkpoint in storage is not one of ours.
    #[error("the checkpoint in storage is not this log's: {reason}")]
    BadCheckpoint {
        /// What is wrong with it.
        reason: CheckpointError,
    },
    /// The right edge in storage is missing or spoilt.
    #[error("the right edge in storage is not the log's: {reason}")]
    RightEdge {
        /// What is wrong with it.
        reason: ReadError,
    },
    /// The database gave another number of entries than the trusted size calls for.
    #[error("entries {} to {} are to be published again, the database gave {found}", .expected.start, .expected.end)]
    EntriesMissing {
        /// Indices asked for.
        expected: Range<u64>,
        /// Entries given.
        found: u64,
    },
    /// The database's entries cannot be appended.
    #[error(transparent)]
    Entries(#[from] AppendError),
}

/// A ledger that may go on.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// Appends after the trusted state.
    pub writer: TileWriter,
    /// What storage lacks; to be published under a checkpoint of the trusted state before
    /// anything else. `None` when storage is up to date.
    pub missing: Option<TileBatch>,
}

/// Compares the trusted state with storage. `entries` gives the entries with the given
/// indices from the database; it is only called when storage is behind, and holds all of
/// them in memory.
///
/// # Errors
/// [`PublishError::Stop`] for every state in which signing could do harm;
/// [`PublishError::Store`] when storage cannot be read now, and the error of `entries` as
/// [`PublishError::Store`].
pub fn recover(
    store: &dyn Store,
    log: &VerifierKey,
    trusted: &Frontier,
    entries: &mut dyn FnMut(Range<u64>) -> Result<Vec<Vec<u8>>, super::store::StoreError>,
) -> Result<Recovered, PublishError> {
    let stored = stored_checkpoint(store, log)?;
    let stored = stored.checkpoint();
    if stored.size > trusted.size() {
        return Err(StopLedger::StorageAhead {
            trusted: trusted.size(),
            found: stored.size,
        }
        .into());
    }
    if stored.size == trusted.size() && stored.root != trusted.root() {
        return Err(forked(trusted, stored.root).into());
    }
    let edge = Tree::load(StoreSource(store), stored.size, stored.root)
        .and_then(|tree| TileWriter::from_tree(&tree))
        .map_err(right_edge)?;
    if stored.size == trusted.size() {
        return Ok(Recovered {
            writer: edge,
            missing: None,
        });
    }
    let expected = stored.size..trusted.size();
    let replayed = entries(expected.clone())?;
    let found = u64::try_from(replayed.len()).unwrap_or(u64::MAX);
    if found != expected.end - expected.start {
        return Err(StopLedger::EntriesMissing { expected, found }.into());
    }
    let (writer, missing) = edge.append(&replayed).map_err(StopLedger::from)?;
    // Equal roots also prove that the stored tree is a prefix of the trusted one.
    if writer.frontier() != trusted {
        return Err(forked(trusted, writer.frontier().root()).into());
    }
    Ok(Recovered {
        writer,
        missing: Some(missing),
    })
}

fn forked(trusted: &Frontier, found: Hash) -> StopLedger {
    StopLedger::Forked {
        size: trusted.size(),
        trusted: trusted.root(),
        found,
    }
}

/// A store that cannot be read now is no reason to stop; a missing or wrong tile is.
fn right_edge(reason: ReadError) -> PublishError {
    use super::source::SourceError;
    use super::store::StoreError;
    match reason {
        ReadError::Source(SourceError::Failed { path, reason }) => {
            StoreError::new("read", path, reason).into()
        }
        reason => StopLedger::RightEdge { reason }.into(),
    }
}
