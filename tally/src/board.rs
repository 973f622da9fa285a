//! The board as these programs see it: every entry read through the record checker, against checkpoints that the
//! log signed and the manifest's witnesses cosigned.
//!
//! Memory is the checker's: bounded by the roll and 8 bytes a ciphertext.

pub mod clock;
mod seen;
mod verified;

use std::path::Path;
use std::sync::Arc;

use hanpyo_ledger::entry::{Entry, EntryError};
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::key::{KeyError, VerifierKey};
use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::log::policy::{Policy, PolicyError, PolicyViolation};
use hanpyo_ledger::log::reader::{Record, RecordError};
use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tree::{Bundle, ReadError, Tree};
use hanpyo_ledger::manifest::OtherLog;
use hanpyo_ledger::record::{
    CheckNumber, Options, Phase, RecordChecker, Report, SourceError, TrustedTree,
};
use hanpyo_ledger::signature::InvalidRoleKey;
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;

use crate::checks::{CheckRefusal, Excluded, Progress, require};
use crate::cli::BoardPlace;
use crate::election::{Election, KeyedElection};
use crate::files::FileError;

pub use seen::{Halves, Seen};
pub use verified::VerifiedFile;

/// Bundles of 256 entries read before they are checked together.
const BUNDLES_AT_ONCE: usize = 32;

/// Why the board cannot be relied on, or not read.
#[derive(Debug, Error)]
pub enum BoardError {
    /// The verifier key is malformed.
    #[error("the verifier key is malformed: {0}")]
    Key(#[from] KeyError),
    /// Reading failed, or what was read is not what the log signed.
    #[error("the board cannot be relied on: {0}")]
    Record(#[from] RecordError),
    /// A tile or bundle failed.
    #[error("the board cannot be relied on: {0}")]
    Read(#[from] ReadError),
    /// An earlier entry could not be read again.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The board is empty.
    #[error("the board is empty: there is no manifest yet")]
    Empty,
    /// Entry 0 is no manifest.
    #[error("entry 0 is no manifest: {0}")]
    NoManifest(String),
    /// A role key of the manifest is no key.
    #[error("the manifest is unusable: {0}")]
    RoleKey(#[from] InvalidRoleKey),
    /// The manifest names another log.
    #[error(transparent)]
    OtherLog(#[from] OtherLog),
    /// The manifest's witness policy is malformed.
    #[error("the manifest's witness policy: {0}")]
    Policy(#[from] PolicyError),
    /// Too few witnesses have cosigned the latest checkpoint.
    #[error("the latest checkpoint is not acceptable yet: {0}")]
    Witnesses(#[from] PolicyViolation),
    /// The board is shorter than it was, or has another tree.
    #[error("the board shows {found} entries, {seen} were verified before: it was rolled back")]
    RolledBack {
        /// Entries verified before.
        seen: u64,
        /// Entries shown.
        found: u64,
    },
    /// The file beside the secret file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A numbered check stands in the way.
    #[error(transparent)]
    Check(#[from] CheckRefusal),
    /// The ceremony or the drill is not over.
    #[error("the key ceremony and the drill are not finished on the board")]
    NoKey,
}

type Source = Arc<dyn TileSource + Send + Sync>;

/// Reads a board and keeps up with it.
pub struct Board {
    source: Source,
    log: VerifierKey,
    vkey: String,
    record: Option<Record<Source>>,
    /// The last checkpoint announced to the checker.
    announced: Option<(u64, Option<u64>)>,
    checker: RecordChecker,
    policy: Option<Policy>,
    election: Option<Election>,
    seen: Seen,
    verified: Option<VerifiedFile>,
}

impl Board {
    /// A board of which nothing is read yet.
    ///
    /// # Errors
    /// [`BoardError::Key`].
    pub fn new(
        place: &BoardPlace,
        vkey: &str,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, BoardError> {
        let source: Source = match place {
            BoardPlace::Url(url) => Arc::new(HttpSource::new(url.as_str(), HttpConfig::default())),
            BoardPlace::Folder(folder) => Arc::new(FolderSource::new(folder)),
        };
        let vkey = vkey.trim();
        Ok(Self {
            source,
            log: vkey.parse()?,
            vkey: vkey.to_owned(),
            record: None,
            announced: None,
            checker: RecordChecker::new(Options::default(), rng),
            policy: None,
            election: None,
            seen: Seen::default(),
            verified: None,
        })
    }

    /// Keeps the half credentials that authorities publish for the roll; otherwise they are only counted.
    pub fn keep_halves(&mut self) {
        self.seen.halves.keep();
    }

    /// Demands that the board extends the tree verified in an earlier run with this secret file, and remembers how
    /// far this one gets. To be called before the first refresh.
    ///
    /// # Errors
    /// The file beside the secret file cannot be read.
    pub fn remember_beside(&mut self, secret: &Path) -> Result<(), BoardError> {
        let file = VerifiedFile::beside(secret, &self.vkey)?;
        if let Some((size, root)) = file.last() {
            let tree = TrustedTree {
                size,
                root: Hash::from(root),
                quorum_time: None,
            };
            let late = |_| BoardError::RolledBack {
                seen: size,
                found: 0,
            };
            self.checker.expect(tree).map_err(late)?;
        }
        self.verified = Some(file);
        Ok(())
    }

    /// Reads the latest checkpoint and every new entry. Returns whether there were any. `progress` hears how many
    /// entries are read and how many there are.
    ///
    /// # Errors
    /// [`BoardError`]; what was read before stays.
    pub fn refresh(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<bool, BoardError> {
        let record = match self.record.take() {
            None => Record::open(Arc::clone(&self.source), &self.log)?,
            Some(mut record) => {
                let refreshed = record.refresh();
                let error = refreshed.err();
                if let Some(error) = error {
                    self.record = Some(record);
                    return Err(error.into());
                }
                record
            }
        };
        let outcome = self.read(&record, progress);
        self.record = Some(record);
        if let (Ok(true), false, Some(file)) =
            (&outcome, self.checker.has_fatal(), &mut self.verified)
        {
            file.advance(self.checker.size(), *self.checker.root().as_bytes())?;
        }
        outcome
    }

    fn read(
        &mut self,
        record: &Record<Source>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<bool, BoardError> {
        let tree = record.tree();
        let (size, root) = (tree.size(), tree.root());
        if let Some((seen, _)) = self.verified.as_ref().and_then(VerifiedFile::last)
            && size < seen
        {
            return Err(BoardError::RolledBack { seen, found: size });
        }
        if size == 0 {
            return Ok(false);
        }
        if self.election.is_none() {
            let (election, policy) = self.manifest(&tree.entry(0)?)?;
            self.seen.begin(election.manifest.roles.trustees.len());
            self.election = Some(election);
            self.policy = Some(policy);
        }
        let policy = self.policy.as_ref().ok_or(BoardError::Empty)?;
        let accepted = policy.check_of(&self.log, record.checkpoint().note().clone())?;
        if self.announced != Some((size, accepted.quorum_time)) {
            let quorum_time = accepted.quorum_time;
            self.checker
                .expect(TrustedTree {
                    size,
                    root,
                    quorum_time,
                })
                .map_err(|late| BoardError::RolledBack {
                    seen: late.read,
                    found: late.size,
                })?;
            self.announced = Some((size, quorum_time));
        }
        let before = self.checker.size();
        let mut bundles = tree.bundles(before);
        loop {
            let some = bundles
                .by_ref()
                .take(BUNDLES_AT_ONCE)
                .collect::<Result<Vec<_>, _>>()?;
            if some.is_empty() {
                break;
            }
            self.push(tree, &some)?;
            progress(self.checker.size(), size);
        }
        Ok(self.checker.size() > before)
    }

    fn push(&mut self, tree: &Tree<Source>, bundles: &[Bundle]) -> Result<(), BoardError> {
        let from = self.checker.size();
        let entries: Vec<&[u8]> = bundles
            .iter()
            .flat_map(Bundle::entries)
            .filter(|(index, _)| *index >= from)
            .map(|(_, entry)| entry)
            .collect();
        let pushed = self.checker.push(&entries, tree);
        let read = self.checker.size().saturating_sub(from);
        for (index, entry) in (from..from.saturating_add(read)).zip(entries) {
            self.seen.apply(index, entry);
        }
        Ok(pushed?)
    }

    fn manifest(&self, entry: &[u8]) -> Result<(Election, Policy), BoardError> {
        let none = |error: EntryError| BoardError::NoManifest(error.to_string());
        let Entry::Manifest(signed) = Entry::decode(entry).map_err(none)? else {
            return Err(BoardError::NoManifest(
                "an entry of another type".to_owned(),
            ));
        };
        let election = Election::new(signed.payload)?;
        election.manifest.require_log(&self.log)?;
        let policy = Policy::parse(election.manifest.witnesses.policy.as_bytes())?;
        Ok((election, policy))
    }

    /// The record checker.
    #[must_use]
    pub fn checker(&self) -> &RecordChecker {
        &self.checker
    }

    /// What the checker does not keep.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The election.
    ///
    /// # Errors
    /// [`BoardError::Empty`] before the manifest was read.
    pub fn election(&self) -> Result<&Election, BoardError> {
        self.election.as_ref().ok_or(BoardError::Empty)
    }

    /// Refuses unless these checks have passed so far.
    ///
    /// # Errors
    /// [`BoardError::Check`].
    pub fn require(
        &self,
        checks: &[CheckNumber],
        progress: Progress,
    ) -> Result<Excluded, BoardError> {
        Ok(require(&self.report(), checks, progress)?)
    }

    /// Outcome of the checks so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.checker.report()
    }

    /// The election with its joint key, once ceremony and drill are over and checks 1 to 4 have passed.
    ///
    /// # Errors
    /// [`BoardError::NoKey`] or [`BoardError::Check`].
    pub fn keyed_election(&self) -> Result<KeyedElection<'_>, BoardError> {
        self.require(crate::checks::UP_TO_CEREMONY, Progress::Growing)?;
        if self.checker.phase() < Phase::Roll {
            return Err(BoardError::NoKey);
        }
        let outcome = self.checker.ceremony().ok_or(BoardError::NoKey)?;
        let joint_key = hanpyo_ledger::entry::EncodedPoint(*outcome.joint_key().as_bytes());
        Ok(KeyedElection {
            election: self.election()?,
            joint_key,
        })
    }
}
