//! A record read back from its tiles, with its witness policy.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::note::Note;
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::record::{CheckNumber, Options, RecordChecker, Report, TrustedTree};
use hanpyo_testkit::{Election, ElectionSpec, publish, trusted_tree};
use rand::rngs::OsRng;

/// Reads a published record as a verifier does, who has kept these trees from earlier.
fn verify(election: &Election, store: &MemoryStore, kept: &[TrustedTree]) -> Report {
    let log = election.keys.log.verifier_key();
    let record = Record::open(StoreSource(store), log).unwrap();
    let policy = Policy::parse(election.manifest.witnesses.policy.as_bytes()).unwrap();
    let note = Note::parse(&store.get("checkpoint").unwrap().unwrap()).unwrap();
    let accepted = policy.check_of(log, note).unwrap();
    let checkpoint = record.checkpoint().checkpoint();
    let mut checker = RecordChecker::new(Options::default(), &mut OsRng);
    checker
        .expect(TrustedTree {
            size: checkpoint.size,
            root: checkpoint.root,
            quorum_time: accepted.quorum_time,
        })
        .unwrap();
    for tree in kept {
        checker.expect(*tree).unwrap();
    }
    for bundle in record.tree().bundles(0) {
        let bundle = bundle.unwrap();
        let entries: Vec<&[u8]> = bundle.entries().map(|(_, bytes)| bytes).collect();
        checker.push(&entries, record.tree()).unwrap();
    }
    checker.report()
}

#[test]
fn a_published_record_with_witnesses_passes_strictly_but_for_what_was_not_given() {
    let mut spec = ElectionSpec::mixed(30);
    spec.witnesses = 4;
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(2);
    let of_a_receipt = trusted_tree(&election.entries, Some(election.spec.closes));
    election.finish();
    let store = MemoryStore::default();
    publish(&election, &store, election.spec.closes + 1000);
    // The last checkpoint alone says nothing about when the ballots came.
    let report = verify(&election, &store, &[]);
    assert_eq!(report.failed(), []);
    assert!(!report.passes(false));
    let report = verify(&election, &store, &[of_a_receipt]);
    assert_eq!(report.failed(), []);
    assert!(report.passes(false));
    for (check, status) in report.checks() {
        let passed = matches!(status, hanpyo_ledger::record::CheckStatus::Pass);
        assert_eq!(passed, check != CheckNumber::Given, "{check}");
    }
}

#[test]
fn a_superseded_ballot_is_read_again_from_the_tiles() {
    // Each bundle is pushed on its own, so earlier ballots come from the store.
    let mut spec = ElectionSpec::yes_no(300);
    spec.revoting = true;
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(1);
    election.vote_at_random(1);
    election.finish();
    let store = MemoryStore::default();
    publish(&election, &store, 0);
    let report = verify(&election, &store, &[]);
    assert_eq!(report.failed(), []);
}
