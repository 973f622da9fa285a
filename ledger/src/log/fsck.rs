//! Recomputing a whole record from its entry bundles.
//!
//! Unlike [`super::tree`], which stops at the first file that is not what was signed, this
//! goes on past every problem and names them all: for an operator who must know what is
//! spoilt, and for check 1 of the record checker. Each problem is reported once, at the
//! file that is wrong: where a bundle is bad, the stored leaf hashes stand in for it, and
//! where those are bad too, the stored hash over both. Where bundle and leaf hashes are
//! both well-formed but disagree, the one that agrees with the tree above is right.

mod run;

use super::checkpoint::{CHECKPOINT_PATH, CheckpointError, SignedCheckpoint};
use super::key::VerifierKey;
use super::merkle::Hash;
use super::source::{SourceError, TileSource, fetch_checkpoint};
use super::tile::TileContentError;

/// Problems after which a run gives up.
pub const MAX_PROBLEMS: usize = 10_000;

/// One thing that is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The checkpoint is malformed, of another log, or badly signed.
    #[error("{CHECKPOINT_PATH}: {reason}")]
    Checkpoint {
        /// What is wrong.
        reason: CheckpointError,
    },
    /// A file that the checkpoint needs is missing.
    #[error("{path} is missing")]
    Missing {
        /// The file.
        path: String,
    },
    /// A file could not be read.
    #[error("{reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// A file that is no tile of its width.
    #[error("{path}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong.
        reason: TileContentError,
    },
    /// A hash tile with a wrong hash; the first one is named.
    #[error("{path}: hash {position} is {found}, expected {expected}")]
    Hash {
        /// The file.
        path: String,
        /// Position in the tile, from 0.
        position: usize,
        /// Hash computed from below.
        expected: Hash,
        /// Hash in the file.
        found: Hash,
    },
    /// An entry that is not the one under the tile hashes; the first one is named.
    #[error("{path}: entry {index} hashes to {found}, expected {expected}")]
    Entry {
        /// The file.
        path: String,
        /// Index of the entry in the log.
        index: u64,
        /// Leaf hash in the tile, which agrees with the tree above it.
        expected: Hash,
        /// Hash of the entry.
        found: Hash,
    },
    /// A partial tile of an earlier size that is not the start of the present tile.
    #[error("{path} is not the start of {of}")]
    StalePartial {
        /// The partial tile.
        path: String,
        /// The tile in the same place now.
        of: String,
    },
    /// The entries do not lead to the signed root.
    #[error("the entries lead to root {found} at size {size}, the checkpoint says {expected}")]
    Root {
        /// Tree size.
        size: u64,
        /// Root of the checkpoint.
        expected: Hash,
        /// Root computed.
        found: Hash,
    },
    /// So much is missing that no root can be computed.
    #[error("no root can be computed: nothing is left of entries {first} to {last}")]
    NoRoot {
        /// First entry of the gap.
        first: u64,
        /// Last entry of the gap.
        last: u64,
    },
}

/// What [`fsck`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Report {
    /// The checkpoint, if the log signed it.
    pub checkpoint: Option<SignedCheckpoint>,
    /// Entries that were read and hashed.
    pub entries: u64,
    /// Files compared with what they should be.
    pub files: u64,
    /// Everything that is wrong, in the order of the log.
    pub problems: Vec<Problem>,
    /// Listed tiles beyond the checkpoint: a publication under way, or one that was cut
    /// short. Not wrong by themselves.
    pub beyond: Vec<String>,
    /// Listed files that are no part of a log.
    pub other: Vec<String>,
    /// Whether the run ended early because of [`MAX_PROBLEMS`].
    pub stopped_early: bool,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Recomputes a record: the checkpoint's signature, every entry bundle, every hash tile, the
/// root. With a `listing` of the files (such as [`super::store::Store::list`] gives), partial
/// tiles of earlier sizes are checked too.
pub fn fsck<S: TileSource + Sync>(source: &S, log: &VerifierKey, listing: &[String]) -> Report {
    let mut report = Report::default();
    let checkpoint = match fetch_checkpoint(source) {
        Ok(bytes) => SignedCheckpoint::open(&bytes, log),
        Err(error) => {
            report.problems.push(source_problem(error));
            return report;
        }
    };
    let (size, root) = match &checkpoint {
        Ok(signed) => (signed.checkpoint().size, signed.checkpoint().root),
        Err(reason) => {
            let reason = reason.clone();
            report.problems.push(Problem::Checkpoint { reason });
            return report;
        }
    };
    report.files = 1;
    report.checkpoint = checkpoint.ok();
    run::recompute(source, size, root, listing, report)
}

fn source_problem(error: SourceError) -> Problem {
    match error {
        SourceError::NotFound { path } => Problem::Missing { path },
        SourceError::TooLarge { ref path, .. } | SourceError::Failed { ref path, .. } => {
            Problem::Unreadable {
                path: path.clone(),
                reason: error.to_string(),
            }
        }
    }
}
