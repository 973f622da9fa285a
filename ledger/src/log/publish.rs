//! Publishing: the order of effects, one step at a time.
//!
//! The caller has sequenced a batch, and committed entries and frontier to its database in
//! one transaction, before anything here runs. Then:
//!
//! | step | effect | a crash right after it leaves |
//! |---|---|---|
//! | [`Step::PutTiles`] | full tiles, then partial ones, put if absent | tiles that no checkpoint needs yet; putting them again finds identical bytes |
//! | [`Step::Cosign`] | witnesses see the checkpoint and cosign it | witnesses ahead of the checkpoint served; cosigning the same tree again is harmless |
//! | [`Step::ReplaceCheckpoint`] | the checkpoint becomes the new one | all done; receipts may be given out |
//!
//! So at any time all tiles that the served checkpoint needs are there, and no checkpoint is
//! served or cosigned that the database does not know. [`super::recover`] continues from each
//! of these places. A failed step may be taken again; a [`StopLedger`] must not be.

use core::error::Error;

use super::checkpoint::{CHECKPOINT_PATH, CheckpointError, SignedCheckpoint};
use super::key::VerifierKey;
use super::merkle::{Frontier, Hash, empty_root};
use super::recover::StopLedger;
use super::store::{PutError, Store, StoreError};
use super::writer::{TileBatch, TileFile};

/// Tiles put in one step unless [`Publication::tiles_per_step`] says otherwise.
const TILES_PER_STEP: usize = 64;

/// What [`Publication::step`] does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Put the next tiles, so many are left.
    PutTiles {
        /// Tiles still to put.
        left: usize,
    },
    /// Collect cosignatures.
    Cosign,
    /// Replace the checkpoint.
    ReplaceCheckpoint,
    /// Nothing: the publication is complete.
    Done,
}

/// Why a publication did not go on.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The ledger must stop and be looked at; trying again is wrong.
    #[error(transparent)]
    Stop(#[from] StopLedger),
    /// Storage failed; the step may be taken again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Cosignatures could not be had; the step may be taken again.
    #[error("cosignatures: {0}")]
    Cosign(#[source] Box<dyn Error + Send + Sync>),
    /// The checkpoint given is not of the batch given.
    #[error(
        "checkpoint of size {found_size} and root {found}, expected size {size} and root {expected}"
    )]
    OtherTree {
        /// Size of the batch.
        size: u64,
        /// Root of the batch.
        expected: Hash,
        /// Size of the checkpoint.
        found_size: u64,
        /// Root of the checkpoint.
        found: Hash,
    },
}

impl From<PutError> for PublishError {
    fn from(error: PutError) -> Self {
        match error {
            PutError::Failed(error) => Self::Store(error),
            PutError::Conflict(conflict) => Self::Stop(conflict.into()),
        }
    }
}

/// Asks witnesses to cosign a checkpoint before it is served.
///
/// It may add any number of lines; whether too few is an error is its own policy. It must
/// not change anything else.
pub trait Cosigners {
    /// Adds cosignature lines to `checkpoint`.
    ///
    /// # Errors
    /// Any error stops the publication before the checkpoint is served; it can be resumed.
    fn cosign(
        &mut self,
        checkpoint: &mut SignedCheckpoint,
    ) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// No witnesses: adds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoCosigners;

impl Cosigners for NoCosigners {
    fn cosign(&mut self, _: &mut SignedCheckpoint) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

/// One publication, from tiles to checkpoint.
#[derive(Clone, Debug)]
pub struct Publication {
    files: Vec<TileFile>,
    put: usize,
    per_step: usize,
    cosigned: bool,
    done: bool,
    checkpoint: SignedCheckpoint,
    log: VerifierKey,
}

impl Publication {
    /// A publication of `batch` under `checkpoint`, which `log` signed.
    ///
    /// # Errors
    /// [`PublishError::OtherTree`] when the two do not belong together.
    pub fn new(
        batch: TileBatch,
        checkpoint: SignedCheckpoint,
        log: &VerifierKey,
    ) -> Result<Self, PublishError> {
        let signed = checkpoint.checkpoint();
        if (signed.size, signed.root) != (batch.new_size, batch.root) {
            return Err(PublishError::OtherTree {
                size: batch.new_size,
                expected: batch.root,
                found_size: signed.size,
                found: signed.root,
            });
        }
        Ok(Self {
            files: batch.files,
            put: 0,
            per_step: TILES_PER_STEP,
            cosigned: false,
            done: false,
            checkpoint,
            log: log.clone(),
        })
    }

    /// Puts so many tiles in one step (at least 1).
    #[must_use]
    pub fn tiles_per_step(mut self, tiles: usize) -> Self {
        self.per_step = tiles.max(1);
        self
    }

    /// What [`Self::step`] will do.
    #[must_use]
    pub const fn next_step(&self) -> Step {
        if self.put < self.files.len() {
            Step::PutTiles {
                left: self.files.len() - self.put,
            }
        } else if !self.cosigned {
            Step::Cosign
        } else if !self.done {
            Step::ReplaceCheckpoint
        } else {
            Step::Done
        }
    }

    /// Takes one step and gives the next.
    ///
    /// # Errors
    /// [`PublishError`]; the step stays the next one.
    pub fn step(
        &mut self,
        store: &dyn Store,
        cosigners: &mut dyn Cosigners,
    ) -> Result<Step, PublishError> {
        match self.next_step() {
            Step::PutTiles { .. } => {
                let rest = self.files.get(self.put..).unwrap_or_default();
                let files: Vec<(String, &[u8])> = rest
                    .iter()
                    .take(self.per_step)
                    .map(|file| (file.tile.path(), file.bytes.as_slice()))
                    .collect();
                store.put_all(&files)?;
                self.put += files.len();
            }
            Step::Cosign => {
                let mut cosigned = self.checkpoint.clone();
                cosigners
                    .cosign(&mut cosigned)
                    .map_err(PublishError::Cosign)?;
                self.checkpoint = cosigned;
                self.cosigned = true;
            }
            Step::ReplaceCheckpoint => {
                self.refuse_if_ahead(store)?;
                store.replace_checkpoint(&self.checkpoint.to_bytes())?;
                self.done = true;
            }
            Step::Done => {}
        }
        Ok(self.next_step())
    }

    /// Takes all steps that are left.
    ///
    /// # Errors
    /// [`PublishError`]; it can be called again to go on from the failed step.
    pub fn run(
        &mut self,
        store: &dyn Store,
        cosigners: &mut dyn Cosigners,
    ) -> Result<(), PublishError> {
        while self.step(store, cosigners)? != Step::Done {}
        Ok(())
    }

    /// The checkpoint, with cosignatures once that step is done.
    #[must_use]
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// A checkpoint in storage that is newer than ours was written by another sequencer with
    /// our key, or before our database was restored.
    fn refuse_if_ahead(&self, store: &dyn Store) -> Result<(), PublishError> {
        let ours = self.checkpoint.checkpoint();
        let stored = stored_checkpoint(store, &self.log)?;
        let stored = stored.checkpoint();
        if stored.size > ours.size {
            return Err(StopLedger::StorageAhead {
                trusted: ours.size,
                found: stored.size,
            }
            .into());
        }
        if stored.size == ours.size && stored.root != ours.root {
            return Err(StopLedger::Forked {
                size: ours.size,
                trusted: ours.root,
                found: stored.root,
            }
            .into());
        }
        Ok(())
    }
}

/// Reads the checkpoint in storage and verifies the log's signature.
///
/// # Errors
/// [`PublishError::Stop`] when it is missing or not ours.
pub(super) fn stored_checkpoint(
    store: &dyn Store,
    log: &VerifierKey,
) -> Result<SignedCheckpoint, PublishError> {
    let bytes = store
        .get(CHECKPOINT_PATH)?
        .ok_or(StopLedger::NoCheckpoint)?;
    SignedCheckpoint::open(&bytes, log)
        .map_err(|reason: CheckpointError| StopLedger::BadCheckpoint { reason }.into())
}

/// Creates a log: publishes the checkpoint of the empty tree. To be called once, when the
/// operator creates the election; after a crash it may be called again with the same key.
///
/// # Errors
/// [`PublishError::Stop`] when the store holds another checkpoint already.
pub fn create_log(store: &dyn Store, checkpoint: &SignedCheckpoint) -> Result<(), PublishError> {
    let found = checkpoint.checkpoint();
    if found.size != 0 {
        return Err(PublishError::OtherTree {
            size: 0,
            expected: Frontier::new().root(),
            found_size: found.size,
            found: found.root,
        });
    }
    debug_assert_eq!(found.root, empty_root());
    store.put_if_absent(CHECKPOINT_PATH, &checkpoint.to_bytes())?;
    Ok(())
}
