//! All ledgers of this server.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use hanpyo_ledger::log::Frontier;
use hanpyo_ledger::log::checkpoint::Checkpoint;
use hanpyo_ledger::log::files::FileStore;
use hanpyo_ledger::log::publish::create_log;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::manifest::{CheckedManifest, Manifest};
use hanpyo_ledger::signature::SigningKey;
use tokio::sync::watch;

use super::error::{LedgerError, StopReason};
use super::ledger::{Health, Ledger, LedgerId};
use super::round::{log_state, refuse_copy};
use super::summary::{Phase, Summary};
use super::worker;
use crate::clock::{Clock, Millis, SECOND, rfc3339};
use crate::config::{LedgerConfig, StorageConfig};
use crate::db::elections::Election;
use crate::db::{self, Db};
use crate::election_keys::ElectionKeys;
use crate::ids::ElectionId;

/// Pause before a ledger that could not be opened is tried again.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Longest such pause.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Where the public key of a log lies beside its checkpoint.
const VKEY: &str = "vkey";

/// All ledgers, by the slugs of tenant and election.
pub struct Ledgers {
    db: Db,
    clock: Clock,
    config: LedgerConfig,
    storage: StorageConfig,
    all: RwLock<HashMap<(String, String), Arc<Ledger>>>,
    /// Approved elections whose ledgers could not be opened or begun.
    unopened: Mutex<HashMap<(String, String), Unopened>>,
    /// One ledger is made at a time: two attempts at the same one would get in each other's way.
    making: tokio::sync::Mutex<()>,
    stop: watch::Sender<bool>,
}

/// A ledger that could not be opened or begun.
struct Unopened {
    reason: String,
    again_at: Instant,
    wait: Duration,
}

impl Ledgers {
    /// Loads every ledger of the database and compares it with its storage. One that must not go
    /// on is stopped; the others are not concerned. May take long: it reads every entry of
    /// elections that have not ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn open(
        db: Db,
        clock: Clock,
        config: LedgerConfig,
        storage: StorageConfig,
    ) -> Result<Arc<Self>, LedgerError> {
        // A thread of its own, because what it does blocks and the caller may drive a runtime.
        std::thread::spawn(move || Self::open_now(db, clock, config, storage))
            .join()
            .map_err(|_| LedgerError::Unavailable("opening the ledgers panicked".to_owned()))?
    }

    fn open_now(
        db: Db,
        clock: Clock,
        config: LedgerConfig,
        storage: StorageConfig,
    ) -> Result<Arc<Self>, LedgerError> {
        let ledgers = Self {
            db,
            clock,
            config,
            storage,
            all: RwLock::default(),
            unopened: Mutex::default(),
            making: tokio::sync::Mutex::default(),
            stop: watch::Sender::new(false),
        };
        let (found, copied_at) = ledgers.db.read_blocking::<_, LedgerError, _>(|c| {
            Ok((db::elections::approved(c)?, db::tenants::copied_at(c)?))
        })?;
        if let Some(at) = copied_at {
            tracing::error!(
                copied_at = rfc3339(at),
                "this data folder is a backup copy: nothing is signed and no ballot is taken until \
                 `hanpyo-server adopt` has compared it with the published boards"
            );
        }
        for (tenant_slug, election) in found {
            match ledgers.load(&tenant_slug, &election) {
                Ok(ledger) => {
                    let _inserted = ledgers.insert(ledger);
                }
                Err(error) => ledgers.note_unopened((tenant_slug, election.slug), &error),
            }
        }
        Ok(Arc::new(ledgers))
    }

    /// The ledger with these slugs, if its manifest is published.
    #[must_use]
    pub fn find(&self, tenant_slug: &str, slug: &str) -> Option<Arc<Ledger>> {
        let key = (tenant_slug.to_owned(), slug.to_owned());
        self.read().get(&key).cloned()
    }

    /// The ledger of an election.
    #[must_use]
    pub fn find_by_id(&self, election: ElectionId) -> Option<Arc<Ledger>> {
        let all = self.read();
        all.values()
            .find(|ledger| ledger.id().election == election)
            .cloned()
    }

    /// How often schedules are looked at, in milliseconds.
    pub(crate) fn schedule_ms(&self) -> u64 {
        self.config.schedule_ms
    }

    /// How much further the wall clock has come than time has passed, in milliseconds.
    pub(crate) fn clock_ahead(&self) -> Millis {
        self.clock.ahead()
    }

    /// Whether the wall clock was set forward so far that schedules are not kept.
    #[must_use]
    pub fn clock_is_stepped(&self) -> bool {
        self.clock.ahead() > Millis::from(self.config.clock_step_seconds) * SECOND
    }

    /// All ledgers.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Ledger>> {
        self.read().values().cloned().collect()
    }

    /// Ledgers that take no entries now, and a code that says why; the log says more.
    #[must_use]
    pub fn troubles(&self) -> Vec<(String, &'static str)> {
        let troubled = self.all().into_iter().filter_map(|ledger| {
            let reason = match ledger.health() {
                Health::Well => return None,
                Health::Unavailable(_) => "cannot-write",
                Health::Stopped(reason) => reason.code(),
            };
            Some((ledger.id().to_string(), reason))
        });
        let unopened = self.unopened();
        let unopened = unopened
            .keys()
            .map(|(tenant, slug)| (format!("{tenant}/{slug}"), "not-begun"));
        troubled.chain(unopened).collect()
    }

    /// Starts the tasks that sequence ballots and keep the schedule. Needs a tokio runtime.
    pub fn start(self: &Arc<Self>) {
        for ledger in self.all() {
            tokio::spawn(worker::sequence(ledger, self.stop.subscribe()));
        }
        tokio::spawn(worker::schedule(Arc::clone(self), self.stop.subscribe()));
    }

    /// Ends the tasks, sequences and publishes what was acknowledged. What cannot be finished
    /// within `patience` is durable and is finished after the next start.
    pub async fn finish(&self, patience: Duration) {
        self.stop.send_replace(true);
        let flush = async {
            for ledger in self.all() {
                if matches!(ledger.health(), Health::Stopped(_)) {
                    continue;
                }
                if let Err(error) = ledger.flush().await {
                    tracing::warn!(
                        ledger = %ledger.id(),
                        error = %error,
                        "acknowledged ballots wait for the next start"
                    );
                }
            }
        };
        if tokio::time::timeout(patience, flush).await.is_err() {
            tracing::warn!("no time left to publish everything; the next start does");
        }
    }

    /// Publishes the manifest of an approved election as entry 0 of a new log. May be called again
    /// after a crash or an error; once the log exists it only gives its ledger.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn create(
        self: &Arc<Self>,
        tenant_slug: &str,
        election: &Election,
    ) -> Result<Arc<Ledger>, LedgerError> {
        let _one_at_a_time = self.making.lock().await;
        if let Some(ledger) = self.find(tenant_slug, &election.slug) {
            return Ok(ledger);
        }
        let name = (tenant_slug.to_owned(), election.slug.clone());
        let ledgers = Arc::clone(self);
        let (slug, election) = (tenant_slug.to_owned(), election.clone());
        let made = tokio::task::spawn_blocking(move || {
            let ledger = ledgers.load(&slug, &election)?;
            Ok::<_, LedgerError>(ledgers.insert(ledger))
        });
        let made = made
            .await
            .map_err(|e| LedgerError::Unavailable(e.to_string()))?;
        let ledger = match made {
            Ok(ledger) => ledger,
            Err(error) => {
                self.note_unopened(name, &error);
                return Err(error);
            }
        };
        self.unopened().remove(&name);
        if let Health::Stopped(reason) = ledger.health() {
            return Err(LedgerError::Stopped(reason));
        }
        tokio::spawn(worker::sequence(Arc::clone(&ledger), self.stop.subscribe()));
        Ok(ledger)
    }

    /// Makes or opens the ledgers of approved elections that have none in this process: because it
    /// could not be done earlier, or because the process that approved had no time for it. Each is
    /// tried again after a pause that grows with every failure.
    pub(crate) async fn create_missing(self: &Arc<Self>) -> Result<(), LedgerError> {
        let mut names = self
            .db
            .read(|c| Ok::<_, LedgerError>(db::elections::without_entries(c)?))
            .await?;
        let now = Instant::now();
        {
            let unopened = self.unopened();
            names.extend(unopened.keys().cloned());
            names.retain(|name| unopened.get(name).is_none_or(|u| u.again_at <= now));
        }
        names.sort_unstable();
        names.dedup();
        for (tenant_slug, slug) in names {
            if self.find(&tenant_slug, &slug).is_some() {
                continue;
            }
            let (tenant, name) = (tenant_slug.clone(), slug.clone());
            let election = self.db.read(move |c| {
                Ok::<_, LedgerError>(db::elections::find_approved(c, &tenant, &name)?)
            });
            if let Some(election) = election.await? {
                // What is in the way is noted there.
                if self.create(&tenant_slug, &election).await.is_ok() {
                    tracing::info!(
                        ledger = format!("{tenant_slug}/{slug}"),
                        "the ledger is open"
                    );
                }
            }
        }
        Ok(())
    }

    fn note_unopened(&self, name: (String, String), error: &LedgerError) {
        let mut unopened = self.unopened();
        let last = unopened.get(&name);
        let wait = last.map_or(FIRST_WAIT, |last| (last.wait * 2).min(LONGEST_WAIT));
        let reason = error.to_string();
        if last.is_none_or(|last| last.reason != reason) {
            let ledger = format!("{}/{}", name.0, name.1);
            tracing::error!(
                ledger,
                error = reason,
                "the ledger cannot be begun or opened"
            );
        }
        let again_at = Instant::now() + wait;
        unopened.insert(
            name,
            Unopened {
                reason,
                again_at,
                wait,
            },
        );
    }

    fn unopened(&self) -> MutexGuard<'_, HashMap<(String, String), Unopened>> {
        self.unopened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inserts a ledger unless another call was faster; the one that stays.
    fn insert(&self, ledger: Ledger) -> Arc<Ledger> {
        let key = (ledger.id.tenant_slug.clone(), ledger.id.slug.clone());
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(key).or_insert_with(|| Arc::new(ledger)))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<(String, String), Arc<Ledger>>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the ledger of an approved election; makes its log if it has none.
    fn load(&self, tenant_slug: &str, election: &Election) -> Result<Ledger, LedgerError> {
        let id = LedgerId {
            tenant: election.tenant_id,
            election: election.id,
            tenant_slug: tenant_slug.to_owned(),
            slug: election.slug.clone(),
        };
        let (tenant, number) = (id.tenant, id.election);
        let (bytes, row) = self.db.read_blocking::<_, LedgerError, _>(move |c| {
            let row = db::ledgers::find(c, number)?;
            if row.is_none() {
                // A copy makes no log: the world may have one already.
                refuse_copy(c)?;
            }
            Ok((db::elections::manifest(c, tenant, number)?, row))
        })?;
        let corrupt = |reason: String| StopReason::Corrupt {
            what: "manifest",
            reason,
        };
        let bytes = bytes.ok_or_else(|| corrupt("it is missing".to_owned()))?;
        let manifest: Manifest = minicbor::decode(&bytes).map_err(|e| corrupt(e.to_string()))?;
        let manifest = CheckedManifest::new(manifest).map_err(|e| corrupt(e.to_string()))?;
        let keys = ElectionKeys::load(&self.storage.keys_dir(), &election.keys_folder)
            .map_err(StopReason::from)?;
        let folder = self.storage.board_dir().join(tenant_slug).join(&id.slug);
        let is_new = row.is_none();
        // Entry 0 is what begins a log; until then making it is tried again as a whole.
        let is_begun = row.as_ref().is_some_and(|row| row.size > 0);
        let store: Arc<dyn Store> = Arc::new(open_store(&folder, is_new)?);
        let ledger = Ledger::new(
            id,
            manifest,
            keys,
            (self.config.clone(), self.db.clone(), self.clock.clone()),
            (store, folder),
        );
        let noted = row.map(|row| row.phase);
        let ends = [Phase::Finished.name(), Phase::Void.name()];
        let ended = noted.as_deref().is_some_and(|phase| ends.contains(&phase));
        let begin = || if is_new { ledger.begin() } else { Ok(()) };
        let opened = ledger.check_keys().and_then(|()| begin());
        match opened.and_then(|()| ledger.open(noted.as_deref(), ended)) {
            // What was published is there to be read, but the ledger says that it cannot go on.
            Err(error @ (LedgerError::Stopped(_) | LedgerError::Unavailable(_))) if is_begun => {
                ledger.note(error);
                ledger.show_stored();
            }
            other => other?,
        }
        Ok(ledger)
    }
}

/// The folder of a log. It is made for a new log only; making it may have been interrupted.
fn open_store(folder: &PathBuf, is_new: bool) -> Result<FileStore, LedgerError> {
    if !is_new {
        return Ok(FileStore::open(folder)?);
    }
    if folder.exists() {
        return Ok(FileStore::adopt(folder)?);
    }
    if let Some(parent) = folder.parent() {
        let made = fs::create_dir_all(parent);
        made.map_err(|e| LedgerError::Unavailable(e.to_string()))?;
    }
    Ok(FileStore::create(folder)?)
}

impl Ledger {
    /// The key files must hold the keys that the manifest names: anything signed with others would
    /// be refused by every reader.
    fn check_keys(&self) -> Result<(), LedgerError> {
        let roles = &self.manifest.manifest().roles;
        let mine = |key: &SigningKey| key.verifying_key();
        let wrong = if self.keys.log.verifier_key() != self.manifest.log_key() {
            "log"
        } else if mine(&self.keys.acknowledgement) != roles.acknowledgement {
            "acknowledgement"
        } else if mine(&self.keys.commission) != roles.commission {
            "commission"
        } else {
            return Ok(());
        };
        Err(StopReason::OtherKey(wrong).into())
    }

    /// Makes the log. Order of effects: storage with the empty tree's checkpoint, the state row,
    /// then entry 0 like any other entry. A crash between any two is continued by the next call.
    fn begin(&self) -> Result<(), LedgerError> {
        let vkey = format!("{}\n", self.manifest.log_key());
        self.store
            .put_if_absent(VKEY, vkey.as_bytes())
            .map_err(hanpyo_ledger::log::publish::PublishError::from)?;
        let empty = Frontier::new();
        let checkpoint = Checkpoint {
            origin: self.manifest.log_key().name().clone(),
            size: 0,
            root: empty.root(),
        };
        let signed = checkpoint
            .sign(&self.keys.log)
            .map_err(|e| StopReason::Corrupt {
                what: "checkpoint",
                reason: e.to_string(),
            })?;
        create_log(self.store.as_ref(), &signed)?;
        let (owner, state) = ((self.id.tenant, self.id.election), log_state(&empty)?);
        let now = self.clock.now();
        self.db.write_blocking::<(), LedgerError, _>(move |c| {
            let phase = Phase::Ceremony.name();
            Ok(db::ledgers::create(c, owner, &state, phase, now)?)
        })
    }

    /// Reads state and storage. Of an election that has ended the record is read when it is asked
    /// for: nothing will be appended.
    fn open(&self, noted: Option<&str>, ended: bool) -> Result<(), LedgerError> {
        let mut core = self.core.try_lock().map_err(|_| {
            LedgerError::Unavailable("the ledger is in use while it is opened".to_owned())
        })?;
        if ended {
            // Nothing will be appended, so its record is read when somebody asks.
            let mut log = self.compare()?;
            return self.publish(&mut log);
        }
        let log = self.ready(&mut core)?;
        if log.writer.frontier().size() == 0 {
            let manifest = self.manifest.manifest().clone();
            let entry = self.sign_as_commission(manifest)?;
            let _first = self.append_bytes_now(&mut core, vec![entry])?;
        }
        // A crash may have come between an entry and the note, or others wrote the entries.
        let phase = self.phase().name();
        if noted != Some(phase) {
            self.note_phase(phase);
        }
        Ok(())
    }

    /// Turnout and phase, worked out now if they are not yet. Reads every entry of an ended
    /// election the first time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn load_summary(self: &Arc<Self>) -> Result<Arc<Summary>, LedgerError> {
        if let Some(summary) = self.summary() {
            return Ok(summary);
        }
        let core = Arc::clone(&self.core).lock_owned().await;
        let ledger = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || {
            let _core = core;
            if ledger.summary().is_none() {
                ledger.read_record()?;
            }
            Ok::<_, LedgerError>(())
        });
        read.await
            .map_err(|e| LedgerError::Unavailable(e.to_string()))??;
        self.summary()
            .ok_or_else(|| LedgerError::Unavailable("the record could not be read".to_owned()))
    }
}
