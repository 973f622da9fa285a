//! Following a board natively: everything but the border.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeMap;

use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::record::{CheckNumber, Given, ProofHelper, ProofJob};
use hanpyo_testkit::{Election, ElectionSpec, publish, root_of};
use hanpyo_wasm::observer::{AlarmKind, Observer, Seen};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

type Board = BTreeMap<String, Vec<u8>>;

fn board(election: &Election) -> Board {
    let store = MemoryStore::new();
    publish(election, &store, 0);
    store.files()
}

fn voting(spec: ElectionSpec, step: usize) -> Election {
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(step);
    election
}

fn observer(election: &Election, helpers: bool) -> Observer {
    let key = election.keys.log.verifier_key().clone();
    Observer::new(
        key,
        Given::default(),
        helpers,
        ChaCha20Rng::seed_from_u64(1),
    )
}

/// What helpers answer to a job.
type Answer<'a> = &'a mut dyn FnMut(&[u8]) -> Vec<hanpyo_ledger::record::Vouched>;

/// Hands in whatever is asked for until nothing is. Gives the ballots that helpers were asked about.
fn follow(observer: &mut Observer, board: &Board, mut answer: Option<Answer<'_>>) -> usize {
    observer.see_checkpoint(&board["checkpoint"]).unwrap();
    let mut asked = 0;
    for _ in 0..1000 {
        let step = observer.step();
        if observer.stopped().is_some() || observer.is_up_to_date() {
            return asked;
        }
        for job in step.jobs {
            asked += job.ballots;
            let answer = answer.as_mut().unwrap();
            observer.vouch(job.number, answer(&job.bytes));
        }
        for path in step.needs {
            let bytes = board.get(&path).cloned();
            observer.provide(path, bytes);
        }
    }
    panic!("the observer never comes to an end");
}

fn failed(observer: &Observer) -> Vec<CheckNumber> {
    observer.checker().report().failed()
}

#[test]
fn a_whole_record_of_several_bundles_passes() {
    let mut election = voting(ElectionSpec::yes_no(600), 1);
    election.finish();
    let board = board(&election);
    let mut observer = observer(&election, false);
    follow(&mut observer, &board, None);
    assert_eq!(observer.checker().size(), election.entries.len() as u64);
    assert!(observer.checker().report().passes(false));
    assert_eq!(observer.checker().counted_per_unit(), [600]);
    let types: Vec<&str> = observer.events().iter().map(|e| e.entry_type).collect();
    assert_eq!(types.first(), Some(&"manifest"));
    assert_eq!(types.last(), Some(&"result"));
}

#[test]
fn a_growing_log_is_followed_and_old_roots_are_compared() {
    let mut election = voting(ElectionSpec::mixed(9), 2);
    let early = board(&election);
    let (size, root) = (election.entries.len() as u64, root_of(&election.entries));
    let mut observer = observer(&election, false);
    follow(&mut observer, &early, None);
    assert_eq!(
        observer.see_checkpoint(&early["checkpoint"]).unwrap(),
        Seen::Same
    );
    election.finish();
    let late = board(&election);
    follow(&mut observer, &late, None);
    assert!(observer.checker().report().passes(false));
    let mut compare = |root: &Hash| loop {
        match observer.compare_root(size, root) {
            Ok(equal) => break equal,
            Err(needs) => needs.into_iter().for_each(|path| {
                let bytes = late.get(&path).cloned();
                observer.provide(path, bytes);
            }),
        }
    };
    assert!(compare(&root));
    assert!(!compare(&root_of(&election.entries[..3])));
    assert!(observer.alarm().is_none());
}

#[test]
fn forks_and_rollbacks_raise_an_alarm_with_both_checkpoints() {
    let mut election = voting(ElectionSpec::mixed(9), 2);
    let early = board(&election);
    let last = election.entries.len() - 1;
    let mut forked = election.entries.clone();
    forked.swap(last, last - 1);
    let honest = std::mem::replace(&mut election.entries, forked);
    let fork = board(&election);
    election.finish();
    let grown_fork = board(&election);
    election.entries = honest;

    // Another tree of the same size.
    let mut first = observer(&election, false);
    follow(&mut first, &early, None);
    assert_eq!(
        first.see_checkpoint(&fork["checkpoint"]).unwrap(),
        Seen::Forked
    );
    let alarm = first.alarm().unwrap();
    assert_eq!(alarm.kind, AlarmKind::Forked);
    assert_eq!(alarm.seen, early["checkpoint"]);
    assert_eq!(alarm.found, fork["checkpoint"]);
    assert_eq!(failed(&first), [CheckNumber::Log]);

    // A larger tree that does not extend the one seen.
    let mut second = observer(&election, false);
    follow(&mut second, &early, None);
    follow(&mut second, &grown_fork, None);
    assert_eq!(second.alarm().unwrap().kind, AlarmKind::Inconsistent);
    assert!(second.stopped().is_some());
    assert_eq!(failed(&second), [CheckNumber::Log]);

    // An older tree.
    let mut third = observer(&election, false);
    follow(&mut third, &grown_fork, None);
    assert_eq!(
        third.see_checkpoint(&fork["checkpoint"]).unwrap(),
        Seen::Older
    );
    assert_eq!(third.alarm().unwrap().kind, AlarmKind::RolledBack);
}

#[test]
fn a_missing_or_changed_file_fails_check_1() {
    let mut election = voting(ElectionSpec::yes_no(300), 1);
    election.finish();
    let good = board(&election);
    let tiles: Vec<&String> = good
        .keys()
        .filter(|path| path.starts_with("tile/"))
        .collect();
    assert!(tiles.len() >= 4, "{tiles:?}");
    for path in tiles {
        let mut missing = good.clone();
        missing.remove(path);
        let mut changed = good.clone();
        let bytes = changed.get_mut(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        for (what, board) in [("missing", missing), ("changed", changed)] {
            let mut observer = observer(&election, false);
            follow(&mut observer, &board, None);
            assert_eq!(failed(&observer), [CheckNumber::Log], "{path} {what}");
            assert!(observer.stopped().is_some(), "{path} {what}");
        }
    }
}

#[test]
fn helpers_take_over_the_proofs_and_are_believed_for_the_very_entry_only() {
    let mut election = voting(ElectionSpec::yes_no(600), 1);
    // A ballot of the last bundle with a spoilt proof.
    let spoilt = election.entries.len() - 3;
    let place = election.entries[spoilt].len() - 100;
    election.entries[spoilt][place] ^= 1;
    let board = board(&election);
    let key = *election
        .context
        .as_ref()
        .unwrap()
        .joint_key()
        .encoded()
        .as_bytes();
    let helper = ProofHelper::new(election.manifest.clone(), &key).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(2);

    let mut honest = |bytes: &[u8]| helper.verify(&ProofJob::decode(bytes).unwrap(), &mut rng);
    let mut with_helpers = observer(&election, true);
    let asked = follow(&mut with_helpers, &board, Some(&mut honest));
    assert!(asked >= 300, "{asked}");
    let mut alone = observer(&election, false);
    follow(&mut alone, &board, None);
    assert_eq!(with_helpers.checker().report(), alone.checker().report());
    assert_eq!(failed(&alone), [CheckNumber::Ballots]);

    // Helpers that say nothing, or something else, change nothing.
    let mut silent = |_: &[u8]| Vec::new();
    let mut with_silent = observer(&election, true);
    follow(&mut with_silent, &board, Some(&mut silent));
    assert_eq!(with_silent.checker().report(), alone.checker().report());
    let mut lying = |_: &[u8]| vec![hanpyo_ledger::record::Vouched([7; 32]); 300];
    let mut with_lying = observer(&election, true);
    follow(&mut with_lying, &board, Some(&mut lying));
    assert_eq!(with_lying.checker().report(), alone.checker().report());

    // What a helper vouched for under another election counts for nothing here.
    let other = Election::new(ElectionSpec {
        seed: 99,
        ..ElectionSpec::yes_no(600)
    });
    let foreign = ProofHelper::new(other.manifest.clone(), &key).unwrap();
    let mut foreign = |bytes: &[u8]| foreign.verify(&ProofJob::decode(bytes).unwrap(), &mut rng);
    let mut with_foreign = observer(&election, true);
    follow(&mut with_foreign, &board, Some(&mut foreign));
    assert_eq!(with_foreign.checker().report(), alone.checker().report());
}
