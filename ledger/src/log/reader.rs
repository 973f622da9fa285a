//! Following a log: the latest checkpoint that extends all that were seen before.

use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::key::VerifierKey;
use super::merkle::{ConsistencyError, Hash, verify_consistency};
use super::source::{TileSource, fetch_checkpoint};
use super::tree::{ReadError, Tree};

/// A record under a checkpoint that the log signed, with its tree. Cosignatures are for the
/// caller's policy.
#[derive(Debug)]
pub struct Record<S> {
    log: VerifierKey,
    checkpoint: SignedCheckpoint,
    tree: Tree<S>,
}

/// Why a record cannot be read or followed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The checkpoint is malformed, of another log or not signed by it.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A file is missing or is not what was signed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The source shows a smaller tree than it did before: stale, or rolled back.
    #[error("the log shows a checkpoint of size {found} after one of size {seen}")]
    RolledBack {
        /// Size seen before.
        seen: u64,
        /// Size shown now.
        found: u64,
    },
    /// The log signed two trees of one size: proof of a fork.
    #[error("the log signed root {found} for size {size} after root {seen}")]
    Forked {
        /// The size.
        size: u64,
        /// Root seen before.
        seen: Hash,
        /// Root shown now.
        found: Hash,
    },
    /// The log signed a tree that does not extend the one seen before: proof of a fork.
    #[error("the log's tree does not extend the one seen before: {0}")]
    Inconsistent(#[from] ConsistencyError),
}

impl<S: TileSource + Clone> Record<S> {
    /// Reads the checkpoint, verifies the log's signature and loads the tree's right edge.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open(source: S, log: &VerifierKey) -> Result<Self, RecordError> {
        let bytes = fetch_checkpoint(&source).map_err(ReadError::from)?;
        Self::at(source, log, SignedCheckpoint::open(&bytes, log)?)
    }

    /// The record under a checkpoint got elsewhere, such as a receipt's.
    ///
    /// # Errors
    /// [`RecordError::Read`].
    pub fn at(
        source: S,
        log: &VerifierKey,
        checkpoint: SignedCheckpoint,
    ) -> Result<Self, RecordError> {
        let (size, root) = (checkpoint.checkpoint().size, checkpoint.checkpoint().root);
        Ok(Self {
            log: log.clone(),
            tree: Tree::load(source, size, root)?,
            checkpoint,
        })
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The tree, whose every hash and entry is checked against the checkpoint's root.
    #[must_use]
    pub const fn tree(&self) -> &Tree<S> {
        &self.tree
    }

    /// Reads the checkpoint again. A larger one replaces the old after its tree was shown to
    /// extend the old one; one of the same tree replaces it for its cosignatures. Gives
    /// whether the tree grew.
    ///
    /// # Errors
    /// [`RecordError`]; the record stays as it was then.
    pub fn refresh(&mut self) -> Result<bool, RecordError> {
        let source = self.tree.source().clone();
        let next = Self::open(source, &self.log)?;
        let (seen, found) = (self.checkpoint.checkpoint(), next.checkpoint.checkpoint());
        if found.size < seen.size {
            return Err(RecordError::RolledBack {
                seen: seen.size,
                found: found.size,
            });
        }
        if found.size == seen.size && found.root != seen.root {
            return Err(RecordError::Forked {
                size: seen.size,
                seen: seen.root,
                found: found.root,
            });
        }
        let proof = next.tree.consistency_proof(seen.size)?;
        verify_consistency(seen.size, &seen.root, found.size, &found.root, &proof)?;
        let grew = found.size > seen.size;
        *self = next;
        Ok(grew)
    }
}
