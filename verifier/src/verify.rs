//! One run over a record.

mod facts;

use std::sync::mpsc;

use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tile::read_entries;
use hanpyo_ledger::log::tree::ReadError;
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::{CheckNumber, Finding, Options, RecordChecker, TrustedTree};
use indicatif::ProgressBar;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::earlier::Earlier;
use crate::error::CannotRun;
use crate::given::{Wanted, wanted};
use crate::log::{self, Log};
use crate::read::{Access, read_ahead};
use crate::report::{PolicyFacts, Report};
use crate::request::Request;
use crate::witnesses::Policies;

/// Batches that wait while one is verified.
const BATCHES_AHEAD: usize = 1;

/// A record that was read as far as it could be.
pub struct Verification<'r> {
    request: &'r Request,
    checker: RecordChecker,
    signed: Option<SignedCheckpoint>,
    policies: Vec<PolicyFacts>,
    wanted: Wanted,
    /// Whether reading ended before the last entry.
    stopped: bool,
}

impl Verification<'_> {
    /// The checker after the last entry that could be read.
    #[must_use]
    pub const fn checker(&self) -> &RecordChecker {
        &self.checker
    }

    /// The outcome; `place` is where the record is, for people.
    #[must_use]
    pub fn report(&self, place: &str, strict: bool) -> Report {
        facts::report(self, place, strict)
    }
}

/// Reads and checks a record.
///
/// Memory: the roll (at most 100 bytes a voter), 8 bytes a ciphertext, and fixed buffers.
///
/// # Errors
/// [`CannotRun`] if nothing can be said about the record. Whatever is wrong with the record itself is
/// in the result.
pub fn verify<'r, S: TileSource + Sync>(
    source: &S,
    request: &'r Request,
    progress: &ProgressBar,
) -> Result<Verification<'r>, CannotRun> {
    let pools = Pools::new(request)?;
    let bytes = match log::read_checkpoint(source)? {
        Ok(bytes) => bytes,
        Err(finding) => return Ok(unsigned(request, finding)),
    };
    let signed = match SignedCheckpoint::open(&bytes, &request.log) {
        Ok(signed) => signed,
        Err(reason) => return Ok(unsigned(request, log::unsigned(&request.log, &reason))),
    };
    let mut log = Log::open(source, &request.log, &bytes, &signed)?;
    let manifest = first_entry(&mut log)?.and_then(|entry| match Entry::decode(&entry) {
        Ok(Entry::Manifest(manifest)) => Some(manifest.payload),
        // Check 2 says so.
        _ => None,
    });
    let policies = Policies::new(&request.log, manifest.as_ref(), request.policy.as_ref());
    let witnessed = policies.check(&signed);
    let mut wanted = wanted(
        request,
        &policies.for_receipts(),
        manifest.as_ref().map(Manifest::hash).as_ref(),
        log.tree(),
    );
    let options = Options {
        given: std::mem::take(&mut wanted.given),
        ..Options::default()
    };
    let mut checker = RecordChecker::new(options, &mut StdRng::from_entropy());
    let own = TrustedTree {
        size: signed.checkpoint().size,
        root: signed.checkpoint().root,
        quorum_time: witnessed.time,
    };
    for tree in wanted.dated.iter().copied().chain([own]) {
        // None is too late: nothing has been read.
        if let Err(late) = checker.expect(tree) {
            checker.add_finding(Finding::fatal(CheckNumber::Log, "tree", tree.size, late));
        }
    }
    let other_log = manifest.as_ref();
    let other_log = other_log.and_then(|manifest| manifest.require_log(&request.log).err());
    let found = witnessed.findings.into_iter();
    let found = found.chain(other_log.map(Finding::from));
    for finding in found.chain(std::mem::take(&mut wanted.findings)) {
        checker.add_finding(finding);
    }
    progress.set_length(own.size);
    while let Some(access) = log.access() {
        let read = read_on(access, &mut checker, &pools, progress)?;
        log.note(read.problems);
        match read.error {
            Some(error) => log.fall_back(error)?,
            None => break,
        }
    }
    progress.finish_and_clear();
    log.findings()
        .for_each(|finding| checker.add_finding(finding));
    Ok(Verification {
        request,
        stopped: checker.size() < own.size,
        checker,
        signed: Some(signed),
        policies: witnessed.policies,
        wanted,
    })
}

/// The threads of a run.
struct Pools {
    verifying: ThreadPool,
    /// `None` to read files one after the other.
    reading: Option<ThreadPool>,
}

impl Pools {
    fn new(request: &Request) -> Result<Self, CannotRun> {
        let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(Self {
            verifying: pool(request.threads)?,
            reading: match request.parallel_reads {
                0 | 1 => None,
                threads => Some(pool(threads)?),
            },
        })
    }
}

/// Nothing of this log is there: no entry is looked at.
fn unsigned(request: &Request, finding: Finding) -> Verification<'_> {
    let mut checker = RecordChecker::new(Options::default(), &mut StdRng::from_entropy());
    checker.add_finding(finding);
    Verification {
        request,
        checker,
        signed: None,
        policies: Vec::new(),
        wanted: Wanted::default(),
        stopped: true,
    }
}

/// The bytes of entry 0; `None` if there is none that the log signed.
fn first_entry<S: TileSource + Sync>(log: &mut Log<'_, S>) -> Result<Option<Vec<u8>>, CannotRun> {
    while let Some(access) = log.access() {
        if access.size() == 0 {
            break;
        }
        match access.bundle(0) {
            Ok((bytes, width, _)) => {
                let entries = read_entries(&bytes, width).unwrap_or_default();
                return Ok(entries.first().map(|entry| entry.to_vec()));
            }
            Err(error) => log.fall_back(error)?,
        }
    }
    Ok(None)
}

/// What came of reading.
struct Read {
    problems: Vec<hanpyo_ledger::log::fsck::Problem>,
    /// Why it ended before the last entry, if it did.
    error: Option<ReadError>,
}

/// Reads from where the checker is to the last entry: one thread reads, the pool verifies.
fn read_on<S: TileSource + Sync>(
    access: Access<'_, S>,
    checker: &mut RecordChecker,
    pools: &Pools,
    progress: &ProgressBar,
) -> Result<Read, CannotRun> {
    let earlier = Earlier::new(access);
    let from = checker.size();
    let mut read = Read {
        problems: Vec::new(),
        error: None,
    };
    std::thread::scope(|scope| {
        let (out, batches) = mpsc::sync_channel(BATCHES_AHEAD);
        scope.spawn(move || read_ahead(access, from, pools.reading.as_ref(), &out));
        for batch in batches {
            match batch {
                Ok(batch) => {
                    let entries = batch.entries(checker.size());
                    pools
                        .verifying
                        .install(|| checker.push(&entries, &earlier))?;
                    progress.set_position(checker.size());
                    read.problems.extend(batch.problems);
                }
                Err(error) => read.error = Some(error),
            }
        }
        Ok(read)
    })
}
