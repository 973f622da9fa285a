//! Following a record in the browser: the page fetches files and hands them in, this decides which it needs, checks
//! them against what the log signed, and feeds the record checker.
//!
//! Every step goes as far as it can without waiting and says what it waits for: files, or helpers' statements.
//! Repeating a step repeats nothing that was done.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

mod board;
mod events;
mod files;
mod log;
mod unconfirmed;

use alloc::collections::VecDeque;

use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::record::{
    CheckNumber, Finding, Given, Options, Phase, ProofHelper, RecordChecker, Vouched, VouchedSet,
};
use rand_chacha::ChaCha20Rng;

use self::board::{Bundle, ReadStop};
use self::files::Files;
use self::log::Followed;

pub use self::events::Event;
pub use self::log::{Alarm, AlarmKind, Difference, Seen};

/// Entry bundles that are verified together.
const BATCH_BUNDLES: u64 = 4;
/// Batches read ahead of the one that is due, so that all helpers have work.
const BATCHES_AHEAD: usize = 8;

/// A helper of an observer, in a worker of its own.
pub struct Verifier {
    /// Verifies proofs.
    pub helper: ProofHelper,
    /// For the weights of its batches.
    pub rng: ChaCha20Rng,
}

/// A few bundles, on their way through the checker.
struct Batch {
    bundles: Vec<Bundle>,
    /// Number of the job given to a helper, while its answer is awaited.
    job: Option<u32>,
    /// Whether helpers were asked.
    asked: bool,
    vouched: VouchedSet,
}

/// A job for a helper.
pub struct Job {
    /// To answer under.
    pub number: u32,
    /// What to verify.
    pub bytes: Vec<u8>,
    /// Number of ballots and posted challenges in it.
    pub ballots: usize,
}

/// What a step waits for.
#[derive(Default)]
pub struct Step {
    /// Files to hand in, or their absence.
    pub needs: Vec<String>,
    /// Work for helpers.
    pub jobs: Vec<Job>,
}

/// A record that is followed.
pub struct Observer {
    key: VerifierKey,
    files: Files,
    followed: Followed,
    checker: RecordChecker,
    /// Whether there are helpers.
    helpers: bool,
    batches: VecDeque<Batch>,
    /// Number of entries read into batches or checked.
    ahead: u64,
    last_job: u32,
    events: Vec<Event>,
    /// Why no more entries are read, if so.
    stopped: Option<String>,
}

impl Observer {
    /// An observer of the log with this key. `given` are codes, receipts and acknowledgements to look for.
    #[must_use]
    pub fn new(key: VerifierKey, given: Given, helpers: bool, mut rng: ChaCha20Rng) -> Self {
        let options = Options {
            given,
            ..Options::default()
        };
        Self {
            files: Files::default(),
            followed: Followed::default(),
            checker: RecordChecker::new(options, &mut rng),
            helpers,
            batches: VecDeque::new(),
            ahead: 0,
            last_job: 0,
            events: Vec::new(),
            stopped: None,
            key,
        }
    }

    /// Takes a checkpoint that the board shows.
    ///
    /// # Errors
    /// If the log did not sign it.
    pub fn see_checkpoint(
        &mut self,
        note: &[u8],
    ) -> Result<Seen, hanpyo_ledger::log::checkpoint::CheckpointError> {
        let seen = self.followed.see(note, &self.key)?;
        self.take_findings();
        Ok(seen)
    }

    /// Takes a checkpoint of an earlier visit that was compared with no tree then; what the log did not sign is left
    /// out.
    pub fn keep_checkpoint(&mut self, note: &[u8]) {
        self.followed.keep(note, &self.key);
    }

    /// Checkpoints that the log signed and that are not known to belong to the newest tree, as signed and in the order
    /// in which they were seen: to be kept for the next visit.
    #[must_use]
    pub fn unconfirmed(&self) -> Vec<Vec<u8>> {
        let list = self.followed.unconfirmed();
        list.map(|one| one.note().to_string().into_bytes())
            .collect()
    }

    /// Number of such checkpoints that there was no room for.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.followed.dropped()
    }

    /// Whether such checkpoints are still to be compared with the newest tree.
    #[must_use]
    pub fn is_comparing(&self) -> bool {
        self.followed.is_comparing()
    }

    fn take_findings(&mut self) {
        let found = self.followed.take_findings();
        found
            .into_iter()
            .for_each(|finding| self.checker.add_finding(finding));
    }

    /// Takes a file that a step asked for; `None` if the board does not have it.
    pub fn provide(&mut self, path: String, bytes: Option<Vec<u8>>) {
        self.files.provide(path, bytes);
    }

    /// Takes a helper's answer to a job.
    pub fn vouch(&mut self, job: u32, vouched: impl IntoIterator<Item = Vouched>) {
        let batch = self.batches.iter_mut().find(|batch| batch.job == Some(job));
        if let Some(batch) = batch {
            batch.vouched.extend(vouched);
            batch.job = None;
        }
    }

    /// Goes on as far as possible; at most one batch is checked.
    pub fn step(&mut self) -> Step {
        self.files.begin();
        let mut step = Step::default();
        if self.stopped.is_none() {
            let advanced = self
                .followed
                .advance(&self.files, &self.key, &mut self.checker);
            let stopped = advanced.fatal.as_ref().map(ToString::to_string);
            let found = advanced.findings.into_iter().chain(advanced.fatal);
            found.for_each(|finding| self.checker.add_finding(finding));
            self.stopped = stopped;
        }
        if self.stopped.is_none() {
            if let Err(finding) = self.followed.confirm() {
                self.stopped = Some(finding.to_string());
                self.checker.add_finding(*finding);
            }
            self.take_findings();
        }
        if self.stopped.is_none() {
            self.read_ahead();
            self.give_jobs(&mut step);
            self.check_one();
        }
        step.needs = self.files.wanted();
        step
    }

    /// Reads bundles until enough are ahead or a file is missing.
    fn read_ahead(&mut self) {
        let Some(tree) = self.followed.tree() else {
            return;
        };
        let mut open: Vec<Bundle> = Vec::new();
        while self.batches.len() < BATCHES_AHEAD && self.stopped.is_none() {
            if self.ahead >= tree.size() {
                break;
            }
            // A partial bundle is read again, with more entries, once the log has grown.
            let first = board::bundle_of(self.ahead);
            // Helpers can be asked about what comes after the roll only.
            let sealed = self.checker.phase() >= Phase::Sealed;
            let most = if sealed { BATCH_BUNDLES } else { 1 };
            let end = board::bundles(tree.size()).min(first + most);
            let read: Vec<_> = (first..end)
                .map(|index| board::read(tree, &self.files, index))
                .collect();
            let expected = read.len();
            for bundle in read {
                match bundle {
                    Ok(bundle) => open.push(bundle),
                    Err(ReadStop::Missing) => {}
                    Err(ReadStop::Wrong(finding)) => {
                        let what = finding.to_string();
                        self.checker.add_finding(*finding);
                        self.stopped.get_or_insert(what);
                    }
                }
            }
            if open.len() != expected {
                // Files that were read are still there when the missing ones have come.
                break;
            }
            self.files.forget(open.iter().flat_map(Bundle::paths));
            self.ahead = open.last().map_or(self.ahead, Bundle::end);
            self.batches.push_back(Batch {
                bundles: core::mem::take(&mut open),
                job: None,
                asked: false,
                vouched: VouchedSet::new(),
            });
        }
    }

    /// Asks helpers about what can be verified by now.
    fn give_jobs(&mut self, step: &mut Step) {
        if !self.helpers {
            return;
        }
        let from = self.checker.size();
        for batch in self.batches.iter_mut().filter(|batch| !batch.asked) {
            let entries = batch.entries(from);
            let job = self.checker.proof_job(&entries);
            if job.is_empty() {
                continue;
            }
            self.last_job += 1;
            batch.asked = true;
            batch.job = Some(self.last_job);
            step.jobs.push(Job {
                number: self.last_job,
                bytes: job.encode(),
                ballots: job.len(),
            });
        }
    }

    /// Checks the next batch, unless a helper's answer is awaited.
    fn check_one(&mut self) {
        let Some(tree) = self.followed.tree() else {
            return;
        };
        let Some(batch) = self.batches.front() else {
            return;
        };
        if batch.job.is_some() {
            return;
        }
        let from = self.checker.size();
        let entries = batch.entries(from);
        let pushed = self.checker.push_vouched(&entries, &batch.vouched, tree);
        let read = usize::try_from(self.checker.size() - from).unwrap_or(usize::MAX);
        let events = (from..).zip(entries.iter().take(read));
        self.events
            .extend(events.filter_map(|(index, entry)| Event::of(index, entry)));
        match pushed {
            Ok(()) => {
                self.batches.pop_front();
            }
            // An earlier entry is needed again: the rest of the batch waits for its file.
            Err(_) if self.files.is_waiting() => {}
            Err(error) => {
                let finding = Finding::fatal(
                    CheckNumber::Log,
                    format!("entry {}", error.index),
                    "as it was read before",
                    &error,
                );
                self.stopped = Some(error.to_string());
                self.checker.add_finding(finding);
            }
        }
    }

    /// The checker.
    #[must_use]
    pub const fn checker(&self) -> &RecordChecker {
        &self.checker
    }

    /// What happened in the record, ballots left out.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Why no more entries are read.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// Evidence against the log.
    #[must_use]
    pub fn alarm(&self) -> Option<&Alarm> {
        self.followed.alarm()
    }

    /// Size and root of the newest tree that extends all earlier ones.
    #[must_use]
    pub fn tree(&self) -> Option<(u64, hanpyo_ledger::log::merkle::Hash)> {
        self.followed.tree().map(|tree| (tree.size(), tree.root()))
    }

    /// Whether everything that the newest checkpoint covers was read, and what was seen before it compared.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        !self.followed.is_pending()
            && !self.is_comparing()
            && self
                .tree()
                .is_some_and(|(size, _)| size == self.checker.size())
    }

    /// Compares a root from elsewhere with that of the first `size` entries; none if they are the same.
    ///
    /// # Errors
    /// [`NotCompared`]. A spoilt file fails check 1, and nothing more is read.
    pub fn compare_root(
        &mut self,
        size: u64,
        root: &hanpyo_ledger::log::merkle::Hash,
    ) -> Result<Option<Difference>, NotCompared> {
        self.files.begin();
        let tree = self.followed.tree().filter(|tree| size <= tree.size());
        match log::compare(tree.ok_or(NotCompared::Beyond)?, size, root) {
            Ok(difference) => Ok(difference),
            Err(ReadStop::Missing) => Err(NotCompared::Needs(self.files.wanted())),
            Err(ReadStop::Wrong(finding)) => {
                let what = finding.to_string();
                if self.stopped.is_none() {
                    self.stopped = Some(what.clone());
                    self.checker.add_finding(*finding);
                }
                Err(NotCompared::Spoilt(what))
            }
        }
    }
}

/// Why a root was not compared.
#[derive(Debug, PartialEq, Eq)]
pub enum NotCompared {
    /// The record does not have so many entries.
    Beyond,
    /// Files to hand in first.
    Needs(Vec<String>),
    /// A file is not what was signed, in words.
    Spoilt(String),
}

impl Batch {
    /// The entries from index `from` on.
    fn entries(&self, from: u64) -> Vec<&[u8]> {
        let bundles = self.bundles.iter();
        bundles.flat_map(|bundle| bundle.entries(from)).collect()
    }
}
