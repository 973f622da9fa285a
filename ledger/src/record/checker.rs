//! The checker that hosts drive: entries in, report out.

mod answers;
mod report;
mod voting;

use hanpyo_crypto::decryption::ClosedTree;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng};

use super::ballots::Earlier;
use super::given::{Given, Watch};
use super::helper::VouchedSet;
use super::phase::Phase;
use super::prepare::{Content, Prepared, prepare};
use super::report::{CheckNumber, Finding, Findings};
use super::sink::Sink;
use super::source::{EntrySource, SourceError};
use super::state::{self, Checked, State};
use super::trees::{TooLate, Trees, TrustedTree};
use crate::entry::{Entry, EntryType};
use crate::log::merkle::Hash;

/// Entries that are decoded and verified together.
const CHUNK_ENTRIES: usize = 8192;

/// Entries followed at most: their indices are kept in 32 bits.
const MAX_ENTRIES: u64 = u32::MAX as u64;

/// How to check.
#[derive(Debug, Clone)]
pub struct Options {
    /// Verify proofs and signatures of ballots and posted challenges. A server turns it off for its own
    /// log, whose ballots it verified before it took them; check 6 and 8 then print NOT CHECKED.
    pub verify_ballots: bool,
    /// Keep the encrypted sums. Without them checks 9 and 10 print NOT CHECKED.
    pub keep_sums: bool,
    /// What to look for (check 12).
    pub given: Given,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            verify_ballots: true,
            keep_sums: true,
            given: Given::default(),
        }
    }
}

/// Why an entry cannot come next.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// It breaks the rules; at least one finding.
    #[error("{}", list(.0))]
    Findings(Vec<Finding>),
    /// An earlier entry was needed and could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

fn list(findings: &[Finding]) -> String {
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    findings.join("; ")
}

/// How much memory the checker's tables take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryUse {
    /// Bytes for everything kept per credential.
    pub roll_bytes: usize,
    /// Credentials.
    pub credentials: u32,
    /// Bytes for finding ciphertexts that occur twice.
    pub duplicate_bytes: usize,
    /// Ciphertexts remembered.
    pub ciphertexts: u64,
}

enum Progress {
    /// No usable manifest yet.
    Empty,
    Running(Box<State>),
    /// Entry 0 is no usable manifest.
    Unusable,
}

/// Checks a record while it is read, or while it grows.
///
/// After every [`push`](Self::push) the state is that of the tree of all entries pushed so far.
pub struct RecordChecker {
    verify_ballots: bool,
    keep_sums: bool,
    rng: ChaCha20Rng,
    /// Candidates checked so far: each has weights of its own.
    candidates: AtomicU64,
    trees: Trees,
    progress: Progress,
    findings: Findings,
    watch: Watch,
    last_ballot: Option<u64>,
    open_entry: Option<u64>,
}

impl RecordChecker {
    /// A checker that has read nothing.
    ///
    /// `rng` must be unpredictable to whoever wrote the record: the weights of batch verification and
    /// the key of the fingerprints come from it.
    #[must_use]
    pub fn new(options: Options, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        Self {
            verify_ballots: options.verify_ballots,
            keep_sums: options.keep_sums,
            rng: ChaCha20Rng::from_seed(seed),
            candidates: AtomicU64::new(0),
            trees: Trees::default(),
            progress: Progress::Empty,
            findings: Findings::default(),
            watch: Watch::new(options.given),
            last_ballot: None,
            open_entry: None,
        }
    }

    /// Announces a checkpoint that the record must grow through (check 1). Its quorum time, if it has
    /// one, is evidence of when its entries were there (check 11).
    ///
    /// # Errors
    /// [`TooLate`] if more entries than that were pushed before.
    pub fn expect(&mut self, tree: TrustedTree) -> Result<(), TooLate> {
        let finding = self.trees.expect(tree)?;
        finding
            .into_iter()
            .for_each(|finding| self.findings.add(finding));
        Ok(())
    }

    /// Adds what the host found itself: a bad checkpoint signature, a missing quorum, a tile that
    /// differs.
    pub fn add_finding(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Reads the next entries.
    ///
    /// # Errors
    /// [`SourceError`] if an earlier entry was needed and could not be had. Entries before
    /// [`size`](Self::size) have been read; the others may be pushed again.
    pub fn push<T: AsRef<[u8]>>(
        &mut self,
        entries: &[T],
        source: &dyn EntrySource,
    ) -> Result<(), SourceError> {
        self.push_vouched(entries, &VouchedSet::new(), source)
    }

    /// As [`push`](Self::push), without verifying again the proofs that helpers vouched for.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_vouched<T: AsRef<[u8]>>(
        &mut self,
        entries: &[T],
        vouched: &VouchedSet,
        source: &dyn EntrySource,
    ) -> Result<(), SourceError> {
        let entries: Vec<&[u8]> = entries.iter().map(AsRef::as_ref).collect();
        let first = self.size();
        let earlier = Earlier {
            first,
            pushed: &entries,
            source,
        };
        for chunk in entries.chunks(CHUNK_ENTRIES) {
            let prepared = prepare(chunk);
            let mut rest = prepared.as_slice();
            while !rest.is_empty() {
                let length = self.run_length(rest);
                let (run, after) = rest.split_at(length);
                self.read_run(run, vouched, &earlier)?;
                rest = after;
            }
        }
        Ok(())
    }

    /// Whether `bytes` may come next: no finding, not even one that exclusion would resolve. Changes
    /// nothing.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn check_candidate(&self, bytes: &[u8], source: &dyn EntrySource) -> Result<(), Rejection> {
        let prepared = Prepared::new(bytes);
        let earlier = Earlier {
            first: self.size(),
            pushed: &[],
            source,
        };
        let mut out = Sink::default();
        match &self.progress {
            Progress::Running(state) => match Self::as_voting(state, &prepared) {
                Some(_) => {
                    let run = std::slice::from_ref(&prepared);
                    let vouched = VouchedSet::new();
                    let proven = self.prove(state, run, &vouched, &mut self.candidate_rng());
                    let proven = proven.into_iter().next().unwrap_or(Ok(Vec::new()));
                    let judged = Self::judge(state, &prepared, &proven, &earlier)?;
                    judged
                        .finding()
                        .into_iter()
                        .for_each(|finding| out.note(finding));
                }
                None => {
                    check_other(state, &prepared, &mut out);
                }
            },
            Progress::Empty => {
                begin(
                    &prepared,
                    self.keep_sums,
                    &mut self.candidate_rng(),
                    &mut out,
                );
            }
            Progress::Unusable => {
                let expected = Phase::Unusable.expected(true);
                out.out_of_place("entry", expected, "an entry");
            }
        }
        if out.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Findings(
                out.into_findings(self.size()).collect(),
            ))
        }
    }

    /// Randomness that neither another candidate nor an entry that is read ever meets.
    fn candidate_rng(&self) -> ChaCha20Rng {
        let stream = self.candidates.fetch_add(1, Ordering::Relaxed);
        let mut rng = self.rng.clone();
        // Stream 0 is for what is read.
        rng.set_stream(stream.wrapping_add(1));
        rng
    }

    /// Number of entries from the first that can be handled at once: ballots and whatever does not
    /// change how ballots are verified.
    fn run_length(&self, entries: &[Prepared<'_>]) -> usize {
        match &self.progress {
            Progress::Running(state) if state.phase == Phase::Voting => {
                let changes = |entry: &Prepared<'_>| {
                    matches!(
                        entry.entry_type(),
                        Some(EntryType::Reissue | EntryType::Close | EntryType::Void)
                    )
                };
                let end = entries.iter().position(changes);
                end.map_or(entries.len(), |end| end + 1)
            }
            _ => 1,
        }
    }

    fn read_run(
        &mut self,
        run: &[Prepared<'_>],
        vouched: &VouchedSet,
        earlier: &Earlier<'_>,
    ) -> Result<(), SourceError> {
        let mut rng = self.rng.clone();
        let (proven, codes) = match &self.progress {
            Progress::Running(state) if state.phase == Phase::Voting => (
                self.prove(state, run, vouched, &mut rng),
                self.confirmation_codes(&state.election.hash, run),
            ),
            _ => (Vec::new(), Vec::new()),
        };
        self.rng = rng;
        let (mut proven, mut codes) = (proven.into_iter(), codes.into_iter());
        for entry in run {
            let proven = proven.next().unwrap_or(Ok(Vec::new()));
            let code = codes.next().flatten();
            self.read_one(entry, &proven, code.as_ref(), earlier)?;
        }
        Ok(())
    }

    /// Reads an entry that is not a ballot or posted challenge in its place.
    fn read_other(&mut self, entry: &Prepared<'_>) {
        let index = self.size();
        let (mut out, mut checked) = (Sink::default(), Checked::default());
        match &mut self.progress {
            Progress::Running(state) => checked = check_other(state, entry, &mut out),
            Progress::Empty => {
                let state = begin(entry, self.keep_sums, &mut self.rng, &mut out);
                self.progress = state.map_or(Progress::Unusable, |state| {
                    Progress::Running(Box::new(state))
                });
            }
            Progress::Unusable => {}
        }
        let refused = out.is_refused();
        self.append(&entry.leaf);
        if !refused
            && let Progress::Running(state) = &mut self.progress
            && let Content::Other(entry) = &entry.content
        {
            if entry.entry_type() == EntryType::Open {
                self.open_entry = Some(index);
            }
            let tree = ClosedTree {
                root: *self.trees.root().as_bytes(),
                size: self.trees.size(),
            };
            state.apply(entry, checked, tree);
        }
        out.into_findings(index)
            .for_each(|finding| self.findings.add(finding));
    }

    fn append(&mut self, leaf: &Hash) {
        self.watch.see_leaf(self.trees.size(), leaf);
        for finding in self.trees.append(*leaf) {
            self.findings.add(finding);
        }
        self.watch.see_root(self.trees.size(), || self.trees.root());
    }

    pub(super) fn state(&self) -> Option<&State> {
        match &self.progress {
            Progress::Running(state) => Some(state),
            Progress::Empty | Progress::Unusable => None,
        }
    }
}

/// Checks entry 0.
fn begin(
    entry: &Prepared<'_>,
    keep_sums: bool,
    rng: &mut (impl RngCore + CryptoRng),
    out: &mut Sink,
) -> Option<State> {
    match &entry.content {
        Content::Other(entry) => match entry.as_ref() {
            Entry::Manifest(signed) => return state::begin(signed, keep_sums, rng, out),
            other => {
                let found = other.entry_type();
                out.out_of_place("entry 0", Phase::Empty.expected(true), found);
            }
        },
        Content::Ballot(_) => {
            out.out_of_place("entry 0", Phase::Empty.expected(true), EntryType::Ballot);
        }
        Content::BadChallenge(error) | Content::Bad(error) => {
            out.out_of_place("entry 0", Phase::Empty.expected(true), error);
        }
    }
    None
}

/// Checks an entry that is not a ballot or posted challenge in its place.
fn check_other(state: &State, entry: &Prepared<'_>, out: &mut Sink) -> Checked {
    match &entry.content {
        Content::Other(entry) => return state.check(entry, out),
        Content::Ballot(_) => {
            state.check_place(EntryType::Ballot, out);
        }
        Content::BadChallenge(_) => {
            state.check_place(EntryType::PostedChallenge, out);
        }
        Content::Bad(error) => {
            let finding = Finding::fatal(CheckNumber::Order, "entry", "a canonical entry", error);
            out.refuse(finding);
        }
    }
    Checked::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checker(seed: u8) -> RecordChecker {
        RecordChecker::new(Options::default(), &mut ChaCha20Rng::from_seed([seed; 32]))
    }

    fn drawn(mut rng: ChaCha20Rng) -> [u8; 32] {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        bytes
    }

    #[test]
    fn every_candidate_has_randomness_of_its_own() {
        let of = |checker: &RecordChecker| [(); 3].map(|()| drawn(checker.candidate_rng()));
        let (one, again, other) = (checker(1), checker(1), checker(2));
        let streams = of(&one);
        let entries = drawn(one.rng.clone());
        let mut all = [streams.as_slice(), &of(&other), &[entries]].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 7, "two of them are the same");
        assert_eq!(of(&again), streams, "not of the checker's own seed");
    }
}
