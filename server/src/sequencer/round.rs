//! Sequencing and publishing, step by step.
//!
//! Order of effects of one round:
//!
//! 1. Read durable entries without a place, put them in order, compute tree and tiles in memory. A
//!    crash leaves nothing.
//! 2. One transaction: compare-and-swap of the state row, places of the entries. From here on the
//!    log has them. A crash leaves storage behind the row; the next start computes the same tiles
//!    from the database and publishes them.
//! 3. Tiles, put if absent, then the checkpoint ([`hanpyo_ledger::log::publish`]).
//! 4. Waiting voters are told.
//! 5. Partial tiles that full ones have replaced are deleted ([`hanpyo_ledger::log::prune`]).
//!    Nothing waits for it; what a crash leaves is deleted at the next start.
//!
//! If the swap in step 2 does not find the row as this process left it, another sequencer is at
//! work and the ledger stops. If the outcome of step 2 is not known (the commit reported an error),
//! everything in memory is dropped and read again.

use std::collections::VecDeque;
use std::sync::Arc;

use hanpyo_ledger::log::Frontier;
use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::prune;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, PublishError, Step};
use hanpyo_ledger::log::recover::recover;
use hanpyo_ledger::log::store::StoreError;
use hanpyo_ledger::log::writer::{TileBatch, TileWriter};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::error::{LedgerError, StopReason};
use super::fault;
use super::ledger::{Core, Ledger, Log, Unpublished};
use super::order::shuffle;
use super::receipts::{Code, Published};
use super::record::{Record, signed};
use crate::db::connection::Connection;
use crate::db::ledgers::LogState;
use crate::db::{self, DbError};

/// Entries of one round at most.
const ROUND: usize = 4_096;
/// Entries that the record takes in one go, so that those who read it need not wait long.
const PUSH: usize = 256;

/// Nothing is signed from a backup copy that was not compared with what was published since.
pub(crate) fn refuse_copy(c: &mut Connection) -> Result<(), LedgerError> {
    match db::tenants::copied_at(c)? {
        None => Ok(()),
        Some(at) => {
            let copied_at = crate::clock::rfc3339(at);
            Err(StopReason::Copy { copied_at }.into())
        }
    }
}

/// A state of the log as its row has it.
pub(crate) fn log_state(frontier: &Frontier) -> Result<LogState, LedgerError> {
    Ok(LogState {
        size: signed(frontier.size())?,
        root: frontier.root().as_bytes().to_vec(),
        frontier: frontier.encode(),
    })
}

impl From<PublishError> for LedgerError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Stop(reason) => StopReason::from(reason).into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// All of these may block: they write to the disk and wait for it.
impl Ledger {
    /// The log, read from the database and compared with storage if that is not done yet. What
    /// storage lacks is published first.
    pub(crate) fn ready<'c>(&self, core: &'c mut Core) -> Result<&'c mut Log, LedgerError> {
        if let super::ledger::Health::Stopped(reason) = self.health() {
            return Err(LedgerError::Stopped(reason));
        }
        let log = match core.log.take() {
            Some(log) => log,
            None => self.load()?,
        };
        let log = core.log.insert(log);
        // It differs after an append that was given up.
        let size = log.writer.frontier().size();
        if self.record().checker().size() != size {
            self.read_record_to(size)?;
        }
        self.publish(log)?;
        Ok(log)
    }

    /// Reads the trusted state, compares storage with it, and brings the record up to it.
    fn load(&self) -> Result<Log, LedgerError> {
        let log = self.compare()?;
        let trusted = log.writer.frontier();
        self.read_record_to(trusted.size())?;
        let found = self.record().checker().root();
        if found != trusted.root() {
            return Err(StopReason::Corrupt {
                what: "entries",
                reason: format!(
                    "they lead to root {found}, the state row says {}",
                    trusted.root()
                ),
            }
            .into());
        }
        Ok(log)
    }

    /// Reads the trusted state and compares storage with it.
    pub(crate) fn compare(&self) -> Result<Log, LedgerError> {
        let id = self.id.election;
        let found = self.db.read_blocking::<_, LedgerError, _>(move |c| {
            refuse_copy(c)?;
            let row = db::ledgers::find(c, id)?.ok_or(StopReason::NoState)?;
            Ok((row, db::entries::count_pending(c, id)?))
        });
        let (row, pending) = found?;
        let corrupt = |reason: String| StopReason::Corrupt {
            what: "frontier",
            reason,
        };
        let trusted = Frontier::decode(&row.frontier).map_err(|e| corrupt(e.to_string()))?;
        let state = log_state(&trusted)?;
        if (state.size, &state.root) != (row.size, &row.root) {
            let reason = "it is not of the row's size and root".to_owned();
            return Err(corrupt(reason).into());
        }
        let source = self.source();
        let mut entries = |range| {
            source
                .read(range)
                .map_err(|error| StoreError::new("read", "the database", error))
        };
        let log_key = self.manifest.log_key();
        let recovered = recover(self.store.as_ref(), log_key, &trusted, &mut entries)?;
        let published = match &recovered.missing {
            Some(missing) => missing.old_size,
            None => trusted.size(),
        };
        self.note_pruned(prune::at_start(self.store.as_ref(), published));
        self.set_accepting(row.accepting);
        self.set_waiting(usize::try_from(pending).unwrap_or(0));
        if pending > 0 {
            self.wake.notify_one();
        }
        let mut unpublished = VecDeque::new();
        match recovered.missing {
            Some(missing) => {
                tracing::warn!(
                    ledger = %self.id,
                    ledger.size = trusted.size(),
                    "storage is behind the database: publishing what it lacks"
                );
                unpublished.push_back(self.unpublished(missing, Vec::new())?);
            }
            None => {
                self.show(&self.stored_checkpoint()?)?;
                self.announce();
            }
        }
        Ok(Log {
            writer: recovered.writer,
            unpublished,
        })
    }

    /// Brings record and summary to `size` entries; reads the record anew if it holds what was
    /// never committed.
    pub(crate) fn read_record_to(&self, size: u64) -> Result<(), LedgerError> {
        if self.record().checker().size() > size {
            *self.record_mut() = Record::new();
        }
        let source = self.source();
        self.record_mut().catch_up(size, &source)?;
        self.refresh();
        Ok(())
    }

    /// Brings record and summary to the size in the state row. For ledgers that only are read.
    pub(crate) fn read_record(&self) -> Result<(), LedgerError> {
        let id = self.id.election;
        let row = self.db.read_blocking::<_, LedgerError, _>(move |c| {
            db::ledgers::find(c, id)?.ok_or_else(|| StopReason::NoState.into())
        })?;
        self.read_record_to(u64::try_from(row.size).unwrap_or(0))
    }

    fn stored_checkpoint(&self) -> Result<SignedCheckpoint, LedgerError> {
        use hanpyo_ledger::log::recover::StopLedger;
        let bytes = self
            .store
            .get(hanpyo_ledger::log::checkpoint::CHECKPOINT_PATH)
            .map_err(|e| LedgerError::Unavailable(e.to_string()))?
            .ok_or_else(|| StopReason::from(StopLedger::NoCheckpoint))?;
        SignedCheckpoint::open(&bytes, self.manifest.log_key())
            .map_err(|reason| StopReason::from(StopLedger::BadCheckpoint { reason }).into())
    }

    /// Lets what storage has be read of a ledger that cannot go on: receipts are given of it.
    pub(crate) fn show_stored(&self) {
        let shown = self
            .stored_checkpoint()
            .and_then(|checkpoint| self.show(&checkpoint));
        match shown {
            Ok(()) => self.announce(),
            Err(error) => {
                tracing::warn!(ledger = %self.id, error = %error, "no receipts can be given");
            }
        }
    }

    /// Receipts are given of this tree from now on.
    fn show(&self, checkpoint: &SignedCheckpoint) -> Result<(), LedgerError> {
        let published = Published::load(self.tiles(), checkpoint.clone())
            .map_err(|e| LedgerError::Unavailable(e.to_string()))?;
        self.set_published(published);
        Ok(())
    }

    /// What is to be published after a commit. Signs the checkpoint: nothing is signed that is not
    /// committed.
    pub(crate) fn unpublished(
        &self,
        batch: TileBatch,
        ballots: Vec<(Code, u64, Arc<[u8]>)>,
    ) -> Result<Unpublished, LedgerError> {
        let checkpoint = Checkpoint {
            origin: self.manifest.log_key().name().clone(),
            size: batch.new_size,
            root: batch.root,
        };
        let signed = checkpoint
            .sign(&self.keys.log)
            .map_err(|e| StopReason::Corrupt {
                what: "checkpoint",
                reason: e.to_string(),
            })?;
        let sizes = (batch.old_size, batch.new_size);
        let mut publication = Publication::new(batch, signed, self.manifest.log_key())?;
        if fault::is_planned("tile") {
            publication = publication.tiles_per_step(1);
        }
        Ok(Unpublished {
            publication,
            sizes,
            ballots,
        })
    }

    /// Commits the log as `next` has it, with `effects` in the same transaction.
    pub(crate) fn commit<F>(
        &self,
        core: &mut Core,
        next: TileWriter,
        effects: F,
    ) -> Result<(), LedgerError>
    where
        F: FnOnce(&mut Connection) -> Result<(), LedgerError> + Send + 'static,
    {
        let log = core
            .log
            .as_mut()
            .ok_or_else(|| LedgerError::Unavailable("the log is not loaded".to_owned()))?;
        let old = log_state(log.writer.frontier())?;
        let new = log_state(next.frontier())?;
        let expected = log.writer.frontier().size();
        let id = self.id.election;
        let done = self.db.write_blocking::<(), LedgerError, _>(move |c| {
            if !db::ledgers::compare_and_swap(c, id, &old, &new)? {
                return Err(StopReason::Swapped { expected }.into());
            }
            effects(c)
        });
        match done {
            Ok(()) => {
                log.writer = next;
                Ok(())
            }
            Err(error) => {
                // What the database holds now is for the next `ready` to find out.
                if !matches!(error, LedgerError::HasBallot(_) | LedgerError::Roll(_)) {
                    core.log = None;
                }
                Err(error)
            }
        }
    }

    /// Gives a round of durable ballots their places; the number of them.
    fn round(&self, core: &mut Core) -> Result<usize, LedgerError> {
        let log = self.ready(core)?;
        let id = self.id.election;
        let limit = i64::try_from(ROUND).unwrap_or(i64::MAX);
        let mut batch = self
            .db
            .read_blocking::<_, LedgerError, _>(move |c| Ok(db::entries::pending(c, id, limit)?))?;
        if batch.is_empty() {
            self.set_waiting(0);
            return Ok(0);
        }
        shuffle(&mut batch, &mut StdRng::from_entropy());
        let first = log.writer.frontier().size();
        let mut places = Vec::with_capacity(batch.len());
        let mut entries = Vec::with_capacity(batch.len());
        let mut ballots = Vec::with_capacity(batch.len());
        for (index, row) in (first..).zip(batch) {
            places.push((row.id, signed(index)?));
            if let Ok(code) = Code::try_from(row.code.as_slice()) {
                ballots.push((code, index, Arc::from(row.bytes.as_slice())));
            }
            entries.push(row.bytes);
        }
        let (next, tiles) = log
            .writer
            .append(&entries)
            .map_err(|e| StopReason::Log(e.into()))?;
        fault::reach("sequencing");
        let count = places.len();
        self.commit(core, next, move |c| {
            let changed = db::entries::sequence(c, &places)?;
            if changed == places.len() {
                return Ok(());
            }
            Err(StopReason::Corrupt {
                what: "pending entries",
                reason: format!("{changed} of {} were still pending", places.len()),
            }
            .into())
        })?;
        fault::reach("sequenced");
        self.ballots_sequenced(count);
        let unpublished = self.unpublished(tiles, ballots)?;
        self.loaded(core)?.unpublished.push_back(unpublished);
        self.read_in(&entries)?;
        Ok(count)
    }

    /// Lets the record read entries that are committed.
    pub(crate) fn read_in(&self, entries: &[Vec<u8>]) -> Result<(), LedgerError> {
        let source = self.source();
        for entries in entries.chunks(PUSH) {
            self.record_mut().push(entries, &source)?;
        }
        Ok(())
    }

    /// Gives every durable ballot its place and publishes them; the number of them.
    pub(crate) fn sequence(&self, core: &mut Core) -> Result<usize, LedgerError> {
        let mut sequenced = 0;
        loop {
            let count = self.round(core)?;
            sequenced += count;
            if count < ROUND {
                break;
            }
        }
        self.publish(self.loaded(core)?)?;
        Ok(sequenced)
    }

    pub(crate) fn loaded<'c>(&self, core: &'c mut Core) -> Result<&'c mut Log, LedgerError> {
        let missing = || LedgerError::Unavailable("the log is not loaded".to_owned());
        core.log.as_mut().ok_or_else(missing)
    }

    /// Publishes what is committed. May be called again after an error.
    pub(crate) fn publish(&self, log: &mut Log) -> Result<(), LedgerError> {
        let writes = !log.unpublished.is_empty();
        while let Some(next) = log.unpublished.front_mut() {
            let publication = &mut next.publication;
            loop {
                let step = publication.next_step();
                let after = publication.step(self.store.as_ref(), &mut NoCosigners)?;
                match (step, after) {
                    (Step::PutTiles { .. }, Step::PutTiles { .. }) => fault::reach("tile"),
                    (Step::PutTiles { .. }, _) => {
                        fault::reach("tile");
                        fault::reach("tiles");
                    }
                    (Step::Cosign, _) => fault::reach("cosigned"),
                    (Step::ReplaceCheckpoint, _) => fault::reach("checkpoint"),
                    (Step::Done, _) => {}
                }
                if after == Step::Done {
                    break;
                }
            }
            self.show(publication.checkpoint())?;
            let mut recent = self.recent();
            for (code, index, bytes) in next.ballots.drain(..) {
                recent.published(code, index, bytes);
            }
            drop(recent);
            let (old, new) = next.sizes;
            log.unpublished.pop_front();
            self.refresh();
            self.announce();
            if prune::obsolete(old, new).next().is_some() {
                fault::reach("pruning");
                self.note_pruned(prune::after_publication(self.store.as_ref(), old, new));
            }
        }
        if writes {
            self.well();
        }
        Ok(())
    }

    /// Obsolete partial tiles harm no one, so failing to delete them is only logged.
    fn note_pruned(&self, pruned: Result<usize, StoreError>) {
        if let Err(error) = pruned {
            tracing::warn!(ledger = %self.id, error = %error, "obsolete partial tiles are left");
        }
    }
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<DbError> for StopReason {
    fn from(error: DbError) -> Self {
        Self::Corrupt {
            what: "row",
            reason: error.to_string(),
        }
    }
}
