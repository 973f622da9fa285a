//! One election's ledger: who holds `Core` may append.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use hanpyo_crypto::ballot::ElectionContext;
use hanpyo_ledger::entry::Hash;
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::publish::Publication;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::writer::TileWriter;
use hanpyo_ledger::manifest::CheckedManifest;
use tokio::sync::{Notify, watch};

use super::error::{LedgerError, StopReason};
use super::history::History;
use super::receipts::{Code, Place, Published, Recent};
use super::record::{DbEntries, Record};
use super::summary::{Phase, Summary};
use crate::clock::Clock;
use crate::config::LedgerConfig;
use crate::db::Db;
use crate::election_keys::ElectionKeys;
use crate::ids::{ElectionId, TenantId};

/// Names and numbers of an election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerId {
    /// The tenant.
    pub tenant: TenantId,
    /// The election.
    pub election: ElectionId,
    /// Slug of the tenant.
    pub tenant_slug: String,
    /// Slug of the election.
    pub slug: String,
}

/// What appending needs. In the state row's trust: it is replaced only after a commit.
pub(crate) struct Log {
    pub(crate) writer: TileWriter,
    /// Committed, not published yet, oldest first.
    pub(crate) unpublished: VecDeque<Unpublished>,
}

/// Entries that are committed but not published.
pub(crate) struct Unpublished {
    pub(crate) publication: Publication,
    /// Size of the log before and after.
    pub(crate) sizes: (u64, u64),
    /// Ballots among them: code, index, bytes.
    pub(crate) ballots: Vec<(Code, u64, Arc<[u8]>)>,
}

/// The right to append.
#[derive(Default)]
pub(crate) struct Core {
    /// `None` until read from the database, and after a write whose outcome is not known.
    pub(crate) log: Option<Log>,
}

/// Whether a ledger takes entries.
#[derive(Debug, Clone)]
pub enum Health {
    /// It does.
    Well,
    /// Database or storage could not be written the last time; it is tried again.
    Unavailable(String),
    /// It must not go on.
    Stopped(Arc<StopReason>),
}

/// An election's ledger. Cheap to share; every method may be called from any thread.
pub struct Ledger {
    pub(crate) id: LedgerId,
    pub(crate) manifest: CheckedManifest,
    pub(crate) keys: ElectionKeys,
    pub(crate) config: LedgerConfig,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    /// Untrusted.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: PathBuf,
    /// Async, because waiting for it may take as long as publishing; held in blocking code only.
    pub(crate) core: Arc<tokio::sync::Mutex<Core>>,
    /// Changed by who holds the core, for moments only.
    record: RwLock<Record>,
    health: RwLock<Health>,
    published: RwLock<Option<Arc<Published>>>,
    summary: RwLock<Option<Arc<Summary>>>,
    /// `None` until it is read from the database.
    history: RwLock<Option<Arc<History>>>,
    /// Number of the first interval of which no sample was taken by this process.
    next_sample: AtomicU64,
    recent: Mutex<Recent>,
    /// Bound ballots' context, once there is a joint key.
    context: RwLock<Option<Arc<ElectionContext>>>,
    /// Whether the database takes ballots; it has the last word.
    accepting: AtomicBool,
    /// Durable ballots that wait to be sequenced, about.
    waiting: AtomicUsize,
    pub(crate) wake: Notify,
    pub(crate) many: Notify,
    /// Size of the published log.
    size: watch::Sender<u64>,
}

impl Ledger {
    pub(crate) fn new(
        id: LedgerId,
        manifest: CheckedManifest,
        keys: ElectionKeys,
        (config, db, clock): (LedgerConfig, Db, Clock),
        (store, folder): (Arc<dyn Store>, PathBuf),
    ) -> Self {
        Self {
            id,
            manifest,
            keys,
            config,
            db,
            clock,
            store,
            folder,
            core: Arc::default(),
            record: RwLock::new(Record::new()),
            health: RwLock::new(Health::Well),
            published: RwLock::default(),
            summary: RwLock::default(),
            history: RwLock::default(),
            next_sample: AtomicU64::new(0),
            recent: Mutex::default(),
            context: RwLock::default(),
            accepting: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            wake: Notify::new(),
            many: Notify::new(),
            size: watch::Sender::new(0),
        }
    }

    /// Names and numbers of the election.
    #[must_use]
    pub fn id(&self) -> &LedgerId {
        &self.id
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &CheckedManifest {
        &self.manifest
    }

    /// Manifest hash mh.
    #[must_use]
    pub fn manifest_hash(&self) -> &Hash {
        self.manifest.hash()
    }

    /// The server's keys.
    #[must_use]
    pub fn keys(&self) -> &ElectionKeys {
        &self.keys
    }

    /// Whether it takes entries.
    #[must_use]
    pub fn health(&self) -> Health {
        read(&self.health).clone()
    }

    /// Fails unless entries can be taken now.
    ///
    /// # Errors
    /// [`LedgerError::Stopped`] or [`LedgerError::Unavailable`].
    pub fn require_health(&self) -> Result<(), LedgerError> {
        match self.health() {
            Health::Well => Ok(()),
            Health::Unavailable(reason) => Err(LedgerError::Unavailable(reason)),
            Health::Stopped(reason) => Err(LedgerError::Stopped(reason)),
        }
    }

    /// The newest published tree; `None` if storage could not be read at the start.
    #[must_use]
    pub fn published(&self) -> Option<Arc<Published>> {
        read(&self.published).clone()
    }

    /// Turnout and phase; `None` until they are worked out (see [`Self::load_summary`]).
    #[must_use]
    pub fn summary(&self) -> Option<Arc<Summary>> {
        read(&self.summary).clone()
    }

    pub(crate) fn history(&self) -> Option<Arc<History>> {
        read(&self.history).clone()
    }

    pub(crate) fn set_history(&self, history: History) {
        *write(&self.history) = Some(Arc::new(history));
    }

    /// Keeps what was read, unless a sample was taken meanwhile; the newer of both.
    pub(crate) fn set_history_if_none(&self, found: History) -> Arc<History> {
        let mut history = write(&self.history);
        Arc::clone(history.get_or_insert_with(|| Arc::new(found)))
    }

    pub(crate) fn is_new_interval(&self, interval: u64) -> bool {
        interval >= self.next_sample.load(Ordering::Relaxed)
    }

    pub(crate) fn set_interval_sampled(&self, interval: u64) {
        self.next_sample.store(interval + 1, Ordering::Relaxed);
    }

    /// What ballots are bound to; `None` before the joint key.
    #[must_use]
    pub fn ballot_context(&self) -> Option<Arc<ElectionContext>> {
        read(&self.context).clone()
    }

    /// Whether ballots are taken, as far as this process knows; their transaction decides.
    #[must_use]
    pub fn is_accepting(&self) -> bool {
        self.accepting.load(Ordering::Acquire)
    }

    /// Whether so many durable ballots wait that new ones should be refused.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.config.pending_limit
    }

    /// Durable ballots that wait to be sequenced, about.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Where a ballot stands, if it is one of the newest.
    #[must_use]
    pub fn find_recent(&self, code: &Code) -> Option<Place> {
        self.recent().find(code)
    }

    /// Follows the size of the published log.
    #[must_use]
    pub fn watch_size(&self) -> watch::Receiver<u64> {
        self.size.subscribe()
    }

    /// Ballots became durable: they are to be sequenced soon.
    pub fn ballots_taken(&self, codes: Vec<Code>) {
        let count = codes.len();
        self.recent().pending(codes);
        let waiting = self.waiting.fetch_add(count, Ordering::Relaxed) + count;
        self.wake.notify_one();
        if waiting >= self.config.sequence_many {
            self.many.notify_one();
        }
    }

    /// Whether a ballot may be cast at `now` by a voter whose session began at `began`, both in
    /// seconds: within a voting window, or within the grace after it if the session began before
    /// its end. `closes` is the end of the last window, re-dated or as announced.
    #[must_use]
    pub fn is_voting_time(&self, now: u64, began: u64, closes: u64) -> bool {
        let schedule = &self.manifest.manifest().schedule;
        let grace = u64::from(schedule.grace_seconds);
        let last = schedule.windows.len().saturating_sub(1);
        schedule.windows.iter().enumerate().any(|(place, window)| {
            let end = if place == last {
                closes
            } else {
                window.closes.get()
            };
            let begun = began <= end && now < end.saturating_add(grace);
            window.opens.get() <= now && (now < end || begun)
        })
    }

    pub(crate) fn is_crowded(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.config.sequence_many
    }

    pub(crate) fn set_waiting(&self, count: usize) {
        self.waiting.store(count, Ordering::Relaxed);
    }

    pub(crate) fn ballots_sequenced(&self, count: usize) {
        // Never below 0: what was taken before this process started is not counted.
        let _was = self
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
                Some(n.saturating_sub(count))
            });
    }

    pub(crate) fn set_accepting(&self, accepting: bool) {
        self.accepting.store(accepting, Ordering::Release);
    }

    pub(crate) fn record(&self) -> RwLockReadGuard<'_, Record> {
        read(&self.record)
    }

    pub(crate) fn record_mut(&self) -> RwLockWriteGuard<'_, Record> {
        self.record.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn source(&self) -> DbEntries {
        DbEntries {
            db: self.db.clone(),
            election: self.id.election,
        }
    }

    pub(crate) fn tiles(&self) -> FolderSource {
        FolderSource::new(&self.folder)
    }

    pub(crate) fn set_published(&self, published: Published) {
        *write(&self.published) = Some(Arc::new(published));
    }

    /// Wakes those who wait for a size; after everything they will look at is in its place.
    pub(crate) fn announce(&self) {
        if let Some(published) = self.published() {
            self.size.send_replace(published.size());
        }
    }

    /// Works out what everyone may see from the record.
    pub(crate) fn refresh(&self) {
        let record = self.record();
        if record.checker().size() == 0 {
            return; // not read yet
        }
        let summary = Summary::of(&record);
        if read(&self.context).is_none()
            && let Some(context) = record.checker().ballot_context()
        {
            *write(&self.context) = Some(Arc::new(context.clone()));
        }
        drop(record);
        *write(&self.summary) = Some(Arc::new(summary));
    }

    /// The phase that the record is in.
    pub(crate) fn phase(&self) -> Phase {
        self.record().checker().phase().into()
    }

    pub(crate) fn well(&self) {
        let mut health = write(&self.health);
        if let Health::Unavailable(_) = *health {
            tracing::info!(ledger = %self.id, "the ledger writes again");
            *health = Health::Well;
        }
    }

    pub(crate) fn unavailable(&self, reason: &str) {
        let mut health = write(&self.health);
        if let Health::Well = *health {
            tracing::error!(ledger = %self.id, error = reason, "the ledger cannot write now");
        }
        if !matches!(*health, Health::Stopped(_)) {
            *health = Health::Unavailable(reason.to_owned());
        }
    }

    /// Takes no entry until an operator has looked at it and started the server again. Reading
    /// goes on, and so do other ledgers.
    pub(crate) fn stop(&self, reason: Arc<StopReason>) {
        tracing::error!(
            ledger = %self.id,
            error = %reason,
            "the ledger has stopped: nothing is signed for it any more"
        );
        self.set_accepting(false);
        *write(&self.health) = Health::Stopped(reason);
    }

    /// Notes what an error means for the ledger and hands it on.
    pub(crate) fn note(&self, error: LedgerError) -> LedgerError {
        match &error {
            LedgerError::Stopped(reason) if !matches!(self.health(), Health::Stopped(_)) => {
                self.stop(Arc::clone(reason));
            }
            LedgerError::Unavailable(reason) => self.unavailable(reason),
            _ => {}
        }
        error
    }
}

impl std::fmt::Display for LedgerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.tenant_slug, self.slug)
    }
}

// Values behind these locks are replaced whole, so a panic elsewhere cannot leave them half changed.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
