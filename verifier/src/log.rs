//! The log's files: checkpoint, tree, and what is wrong with them (check 1).
//!
//! As long as the hash tiles lead to the signed root, every bundle of entries is checked against it
//! before anyone looks at its entries: what the log did not sign is not held against anyone. If they do
//! not, all files are recomputed once to name those at fault; entries that make the signed root after
//! all are then read without the tiles.

use hanpyo_ledger::log::checkpoint::{CHECKPOINT_PATH, CheckpointError, SignedCheckpoint};
use hanpyo_ledger::log::fsck::{self, Problem};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::source::{SourceError, TileSource, fetch_checkpoint};
use hanpyo_ledger::log::tree::{ReadError, Tree};
use hanpyo_ledger::record::{CheckNumber, Finding};

use crate::error::CannotRun;
use crate::read::Access;

/// A source whose checkpoint stays the one that was read first, while the log may grow.
pub(crate) struct Pinned<'s, S> {
    source: &'s S,
    checkpoint: &'s [u8],
}

impl<S> Clone for Pinned<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Pinned<'_, S> {}

impl<S: TileSource> TileSource for Pinned<'_, S> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        if path == CHECKPOINT_PATH {
            Ok(self.checkpoint.to_vec())
        } else {
            self.source.fetch(path, limit)
        }
    }
}

/// The checkpoint's bytes.
///
/// # Errors
/// [`CannotRun`] if there is none; a finding if it is no checkpoint for its size alone.
pub(crate) fn read_checkpoint<S: TileSource>(
    source: &S,
) -> Result<Result<Vec<u8>, Finding>, CannotRun> {
    match fetch_checkpoint(source) {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(error @ SourceError::NotFound { .. }) => Err(CannotRun::NoRecord(error)),
        Err(error @ SourceError::Failed { .. }) => Err(CannotRun::Source(error)),
        Err(error @ SourceError::TooLarge { .. }) => Ok(Err(wrong(
            CHECKPOINT_PATH.to_owned(),
            "a signed checkpoint",
            error,
        ))),
    }
}

/// What a bad checkpoint says.
pub(crate) fn unsigned(log: &VerifierKey, reason: &CheckpointError) -> Finding {
    let expected = format!("signed by log {} (key {})", log.name(), log.id());
    wrong(CHECKPOINT_PATH.to_owned(), expected, reason)
}

fn wrong(what: String, expected: impl std::fmt::Display, found: impl std::fmt::Display) -> Finding {
    Finding::fatal(CheckNumber::Log, what, expected, found)
}

/// How entries are had now.
enum Mode<S> {
    Signed(Tree<S>),
    Plain,
    /// Some entries are not what the log signed.
    Stopped,
}

/// A log under a checkpoint that it signed.
pub(crate) struct Log<'s, S> {
    source: Pinned<'s, S>,
    key: &'s VerifierKey,
    size: u64,
    mode: Mode<Pinned<'s, S>>,
    problems: Vec<Problem>,
    /// Whether `problems` are those of all files.
    surveyed: bool,
}

impl<'s, S: TileSource + Sync> Log<'s, S> {
    /// The log of `key` under the checkpoint in `bytes`, which was opened as `signed`.
    ///
    /// # Errors
    /// [`CannotRun`] if files cannot be read now. What is wrong with them is kept for
    /// [`Self::findings`].
    pub(crate) fn open(
        source: &'s S,
        key: &'s VerifierKey,
        bytes: &'s [u8],
        signed: &SignedCheckpoint,
    ) -> Result<Self, CannotRun> {
        let source = Pinned {
            source,
            checkpoint: bytes,
        };
        let (size, root) = (signed.checkpoint().size, signed.checkpoint().root);
        let mut log = Self {
            source,
            key,
            size,
            mode: Mode::Stopped,
            problems: Vec::new(),
            surveyed: false,
        };
        match Tree::load(source, size, root) {
            Ok(tree) => log.mode = Mode::Signed(tree),
            Err(error) => log.fall_back(error)?,
        }
        Ok(log)
    }

    /// How to read entries; `None` if they are not what the log signed.
    pub(crate) fn access(&self) -> Option<Access<'_, Pinned<'s, S>>> {
        match &self.mode {
            Mode::Signed(tree) => Some(Access::Signed(tree)),
            Mode::Plain => Some(Access::Plain {
                source: &self.source,
                size: self.size,
            }),
            Mode::Stopped => None,
        }
    }

    /// The tree, if the hash tiles lead to the signed root.
    pub(crate) fn tree(&self) -> Option<&Tree<Pinned<'s, S>>> {
        match &self.mode {
            Mode::Signed(tree) => Some(tree),
            Mode::Plain | Mode::Stopped => None,
        }
    }

    /// Keeps what the reader found.
    pub(crate) fn note(&mut self, problems: Vec<Problem>) {
        if !self.surveyed {
            self.problems.extend(problems);
        }
    }

    /// After a file that is not what was signed: finds all such files, and another way to the entries
    /// if there is one.
    ///
    /// # Errors
    /// [`CannotRun`] if `error` is one of the network or the disk.
    pub(crate) fn fall_back(&mut self, error: ReadError) -> Result<(), CannotRun> {
        if let ReadError::Source(error @ SourceError::Failed { .. }) = error {
            return Err(CannotRun::Source(error));
        }
        self.mode = Mode::Stopped;
        if self.surveyed {
            // It was sound a moment ago.
            let (path, reason) = (String::new(), error.to_string());
            self.problems.push(Problem::Unreadable { path, reason });
            return Ok(());
        }
        let report = fsck::fsck(&self.source, self.key, &[]);
        self.surveyed = true;
        self.problems = report.problems;
        if self.problems.is_empty() {
            let (path, reason) = (String::new(), error.to_string());
            self.problems.push(Problem::Unreadable { path, reason });
        }
        if !report.stopped_early && !self.problems.iter().any(concerns_entries) {
            self.mode = Mode::Plain;
        }
        Ok(())
    }

    /// Check 1's findings about the files.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding> {
        self.problems.iter().map(finding)
    }
}

/// Whether the problem leaves open what the entries are.
fn concerns_entries(problem: &Problem) -> bool {
    match problem {
        Problem::Missing { path }
        | Problem::Unreadable { path, .. }
        | Problem::Malformed { path, .. } => !path.starts_with("tile/") || is_bundle(path),
        Problem::Hash { .. } | Problem::StalePartial { .. } => false,
        Problem::Checkpoint { .. }
        | Problem::Entry { .. }
        | Problem::Root { .. }
        | Problem::NoRoot { .. } => true,
    }
}

fn is_bundle(path: &str) -> bool {
    path.starts_with("tile/entries/")
}

/// A problem of a file as a finding of check 1.
pub(crate) fn finding(problem: &Problem) -> Finding {
    match problem {
        Problem::Checkpoint { reason } => {
            wrong(CHECKPOINT_PATH.to_owned(), "a signed checkpoint", reason)
        }
        Problem::Missing { path } => wrong(path.clone(), "a file", "missing"),
        Problem::Unreadable { path, reason } if path.is_empty() => {
            wrong("files of the log".to_owned(), "what was signed", reason)
        }
        Problem::Unreadable { path, reason } => wrong(path.clone(), "a tile", reason),
        Problem::Malformed { path, reason } => wrong(path.clone(), "a tile", reason),
        Problem::Hash {
            path,
            position,
            expected,
            found,
        } => wrong(format!("{path}, hash {position}"), expected, found),
        Problem::Entry {
            path,
            index,
            expected,
            found,
        } => wrong(format!("{path}, hash of the entry"), expected, found).at(*index),
        Problem::StalePartial { path, of } => {
            wrong(path.clone(), format!("the start of {of}"), "other bytes")
        }
        Problem::Root {
            size,
            expected,
            found,
        } => wrong(format!("root of all {size} entries"), expected, found),
        Problem::NoRoot { first, last } => wrong(
            format!("entries {first} to {last}"),
            "entries or their hashes",
            "nothing",
        ),
    }
}
