//! Copies of a record.
//!
//! | order | effect | what an interruption right after it leaves |
//! |---|---|---|
//! | 1 | `vkey` | a folder tied to this log |
//! | 2 | `checkpoint.pending`: what is being copied | the baseline that the log must extend from now on |
//! | 3 | tiles, each whole and verified | tiles, which the next run takes over after hashing them |
//! | 4 | `checkpoint` | a whole record |
//! | 5 | `checkpoint.pending` and tiles of earlier sizes are removed | nothing else |
//!
//! So a folder with a checkpoint is a whole record at any time. Only entries are fetched, and the hash
//! tiles above the leaves to check them against; all hash tiles of the copy are computed.

mod copy;
mod folder;
mod follow;

use std::path::Path;

use hanpyo_ledger::log::checkpoint::{CheckpointError, SignedCheckpoint};
use hanpyo_ledger::log::key::{KeyKind, VerifierKey};
use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::log::source::{SourceError, TileSource, fetch_checkpoint};
use hanpyo_ledger::log::tree::{ReadError, Tree};
use indicatif::ProgressBar;

use crate::board::Board;
use crate::error::{CannotRun, FolderProblem};
use folder::{Folder, VKEY_PATH};

/// No vkey is longer.
const MAX_VKEY_LEN: usize = 1024;

/// What came of a run.
#[derive(Debug)]
pub enum Outcome {
    /// The folder holds the record under the log's checkpoint.
    Mirrored(Mirrored),
    /// The log did what it must not do. Nothing of it was taken over.
    Misbehaved(Misbehaviour),
}

/// A copy that is up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// The log.
    pub log: VerifierKey,
    /// Where its key is from, if not from the user or an earlier run.
    pub key_from_record: bool,
    /// Entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Entries that the folder had under its checkpoint before.
    pub had: u64,
    /// Bundles of entries fetched.
    pub fetched: u64,
    /// Spoilt files that were replaced.
    pub replaced: u64,
}

/// What a log must not do.
#[derive(Debug, thiserror::Error)]
pub enum Misbehaviour {
    /// Its checkpoint is malformed or not signed by its key.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// It serves a file that is missing or not what it signed.
    #[error("{0}")]
    File(ReadError),
    /// It shows less than it did.
    #[error(
        "the log shows {found} entries after it showed {seen}: stale, or rolled back. \
         Both checkpoints are in {evidence}"
    )]
    RolledBack {
        /// Entries seen before.
        seen: u64,
        /// Entries shown now.
        found: u64,
        /// Folder with both checkpoints.
        evidence: String,
    },
    /// It signed two histories.
    #[error(
        "the log signed two histories: {found} entries that do not extend the {seen} it showed \
         before. Both signed checkpoints are in {evidence}: keep them, they are proof"
    )]
    Forked {
        /// Entries seen before.
        seen: u64,
        /// Entries shown now.
        found: u64,
        /// Folder with both checkpoints.
        evidence: String,
    },
}

/// Mirrors a record and gives what to print and the exit code.
///
/// # Errors
/// [`CannotRun`].
pub fn run(
    place: &str,
    folder: &Path,
    vkey: Option<VerifierKey>,
    progress: &ProgressBar,
) -> Result<(String, u8), CannotRun> {
    let board = Board::new(place);
    let outcome = mirror(&board, board.parallel_reads(), folder, vkey, progress)?;
    Ok(match outcome {
        Outcome::Mirrored(mirrored) => (mirrored.to_string(), 0),
        Outcome::Misbehaved(misbehaviour) => (format!("{misbehaviour}\n"), 1),
    })
}

impl std::fmt::Display for Mirrored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { log, size, .. } = self;
        let new = size.saturating_sub(self.had);
        writeln!(f, "{}: {size} entries, root {}", log.name(), self.root)?;
        writeln!(
            f,
            "{new} new entries, {} bundles fetched, {} spoilt files replaced",
            self.fetched, self.replaced
        )?;
        if self.key_from_record {
            writeln!(
                f,
                "The key is the one the record gives: compare it with the official announcement."
            )?;
            writeln!(f, "{log}")?;
        }
        Ok(())
    }
}

/// The key that a folder names in its `vkey` file.
///
/// # Errors
/// [`CannotRun`] if there is none, or none that can be used.
pub fn key_in(folder: &Path) -> Result<VerifierKey, CannotRun> {
    Folder::peek(folder).key()?.ok_or_else(|| {
        let path = VKEY_PATH.to_owned();
        CannotRun::NoRecord(SourceError::NotFound { path })
    })
}

/// Copies the record of `board` into `folder`, `parallel_reads` files at a time.
///
/// # Errors
/// [`CannotRun`]; what was copied so far stays, and a later run goes on from there.
pub fn mirror<S: TileSource + Sync>(
    board: &S,
    parallel_reads: usize,
    folder: &Path,
    vkey: Option<VerifierKey>,
    progress: &ProgressBar,
) -> Result<Outcome, CannotRun> {
    let bytes = match fetch_checkpoint(board) {
        Ok(bytes) => bytes,
        Err(error @ SourceError::NotFound { .. }) => return Err(CannotRun::NoRecord(error)),
        Err(error @ SourceError::Failed { .. }) => return Err(CannotRun::Source(error)),
        Err(error @ SourceError::TooLarge { .. }) => {
            return Ok(Outcome::Misbehaved(Misbehaviour::File(error.into())));
        }
    };
    let there = Folder::peek(folder);
    let known = there.key()?;
    let (log, key_from_record) = match (vkey, &known) {
        (Some(key), _) => (key, false),
        (None, Some(key)) => (key.clone(), false),
        (None, None) => (key_of_record(board)?, true),
    };
    if let Some(found) = known.filter(|found| *found != log) {
        return Err(there.problem(FolderProblem::OtherLog {
            expected: log.to_string(),
            found: found.to_string(),
        }));
    }
    there.refuse_foreign()?;
    let signed = match SignedCheckpoint::open(&bytes, &log) {
        Ok(signed) => signed,
        Err(error) => return Ok(Outcome::Misbehaved(error.into())),
    };
    let folder = Folder::open(folder, &log)?;
    let tree = match Tree::load(
        copy::LocalFirst {
            local: folder.source(),
            remote: board,
        },
        signed.checkpoint().size,
        signed.checkpoint().root,
    ) {
        Ok(tree) => tree,
        Err(error) => return bad_file(error),
    };
    for seen in folder.seen()? {
        match follow::follow(&seen, &signed, &tree, &folder)? {
            Ok(()) => {}
            Err(misbehaviour) => return Ok(Outcome::Misbehaved(misbehaviour)),
        }
    }
    let had = folder.checkpoint()?;
    folder.put_pending(&signed)?;
    let copied = match copy::copy(&tree, had.as_ref(), &folder, parallel_reads, progress)? {
        Ok(copied) => copied,
        Err(error) => return bad_file(error),
    };
    folder.finish(&signed)?;
    Ok(Outcome::Mirrored(Mirrored {
        log,
        key_from_record,
        size: signed.checkpoint().size,
        root: signed.checkpoint().root,
        had: had.map_or(0, |had| had.checkpoint().size),
        fetched: copied.fetched,
        replaced: copied.replaced,
    }))
}

/// The network's fault, or the log's.
fn bad_file(error: ReadError) -> Result<Outcome, CannotRun> {
    match error {
        ReadError::Source(error @ SourceError::Failed { .. }) => Err(CannotRun::Source(error)),
        other => Ok(Outcome::Misbehaved(Misbehaviour::File(other))),
    }
}

/// The key that the record itself gives.
fn key_of_record<S: TileSource>(board: &S) -> Result<VerifierKey, CannotRun> {
    let bytes = board
        .fetch(VKEY_PATH, MAX_VKEY_LEN)
        .map_err(|error| match error {
            SourceError::NotFound { .. } => CannotRun::NoRecord(error),
            other => CannotRun::Source(other),
        })?;
    folder::parse_key(&bytes).map_err(|reason| {
        CannotRun::Source(SourceError::Failed {
            path: VKEY_PATH.to_owned(),
            reason: reason.into(),
        })
    })
}

/// A log key from the text of a vkey file.
fn key_from_text(text: &str) -> Result<VerifierKey, hanpyo_ledger::log::key::KeyError> {
    let key: VerifierKey = text.trim().parse()?;
    key.of_kind(KeyKind::Ed25519)
}
