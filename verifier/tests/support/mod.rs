//! Published records, in memory and on disk.
#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::Path;
use std::process::{Command, Output};

use hanpyo_ledger::log::checkpoint::{CHECKPOINT_PATH, SignedCheckpoint};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::tree::Tree;
use hanpyo_ledger::log::writer::TileWriter;
use hanpyo_testkit::{Election, ElectionSpec, checkpoint};
use hanpyo_verify::report::{Check, Report, Status, Verdict};
use hanpyo_verify::request::Request;
use hanpyo_verify::verify::verify;
use indicatif::ProgressBar;

/// When the witnesses of a finished record cosigned: at closing time and grace.
pub(crate) const COSIGNED: u64 = 1_800_043_260;

/// A finished yes/no election with `voters` voters, all of whom vote.
pub(crate) fn finished(voters: usize) -> Election {
    let mut election = Election::new(ElectionSpec::yes_no(voters));
    election.set_up();
    election.open();
    election.vote_at_random(1);
    election.finish();
    election
}

/// The files of the log of `entries` under a checkpoint.
pub(crate) fn files(entries: &[Vec<u8>], signed: &SignedCheckpoint) -> MemoryStore {
    let store = MemoryStore::new();
    let (_, batch) = TileWriter::new().append(entries).unwrap();
    for file in batch.files {
        store.overwrite(&file.tile.path(), file.bytes);
    }
    store.overwrite(CHECKPOINT_PATH, signed.to_bytes());
    store
}

/// The election's record as it stands.
pub(crate) fn publish(election: &Election) -> MemoryStore {
    let store = files(&election.entries, &checkpoint(election, COSIGNED));
    store.overwrite("vkey", format!("{}\n", key(election)).into_bytes());
    store
}

/// Writes the files of a store into a folder.
pub(crate) fn write(store: &MemoryStore, folder: &Path) {
    for (path, bytes) in store.files() {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

pub(crate) fn key(election: &Election) -> VerifierKey {
    election.keys.log.verifier_key().clone()
}

pub(crate) fn request(election: &Election) -> Request {
    Request {
        threads: 2,
        ..Request::new(key(election))
    }
}

pub(crate) fn check(store: &MemoryStore, request: &Request) -> Report {
    let verified = verify(&StoreSource(store), request, &ProgressBar::hidden()).unwrap();
    verified.report("memory", false)
}

/// The numbers of the failed checks.
pub(crate) fn failed(report: &Report) -> Vec<u8> {
    let failed = report.checks.iter();
    failed
        .filter(|check| check.status == Status::Fail)
        .map(|check| check.number)
        .collect()
}

pub(crate) fn nth(report: &Report, number: u8) -> &Check {
    &report.checks[usize::from(number) - 1]
}

/// `what: expected .., found ..` of every finding of a check.
pub(crate) fn findings(report: &Report, number: u8) -> Vec<String> {
    let findings = nth(report, number).findings.iter();
    findings
        .map(|f| format!("{}: expected {}, found {}", f.what, f.expected, f.found))
        .collect()
}

pub(crate) fn assert_passes(report: &Report) {
    for check in &report.checks {
        assert!(check.findings.is_empty(), "{check:?}");
    }
    assert_eq!(report.verdict, Verdict::Pass, "{:?}", report.checks);
}

/// A receipt for an entry under the election's present checkpoint.
pub(crate) fn receipt(election: &Election, index: u64) -> Receipt {
    let signed = checkpoint(election, COSIGNED);
    let store = files(&election.entries, &signed);
    let (size, root) = (signed.checkpoint().size, signed.checkpoint().root);
    let tree = Tree::load(StoreSource(&store), size, root).unwrap();
    Receipt::new(
        election.entries[usize::try_from(index).unwrap()].clone(),
        index,
        tree.inclusion_proof(index).unwrap(),
        signed.note().clone(),
    )
}

/// Index of the first ballot.
pub(crate) fn first_ballot(election: &Election) -> u64 {
    let is_ballot = |entry: &hanpyo_ledger::entry::Entry| {
        entry.entry_type() == hanpyo_ledger::entry::EntryType::Ballot
    };
    election.find(is_ballot).0 as u64
}

/// Runs the program.
pub(crate) fn program(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanpyo-verify"));
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command.args(args).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
