//! Following a board natively: everything but the border.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeMap;

use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::{Hash, verify_consistency};
use hanpyo_ledger::record::{CheckNumber, Given, ProofHelper, ProofJob};
use hanpyo_testkit::{Election, ElectionSpec, publish, root_of};
use hanpyo_wasm::observer::{AlarmKind, Difference, NotCompared, Observer, Seen};
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
    assert_eq!(compare(&mut observer, &late, size, &root), Ok(None));
    let other = root_of(&election.entries[..3]);
    let difference = compare(&mut observer, &late, size, &other);
    let Difference { root: here, proof } = difference.unwrap().unwrap();
    assert_eq!(here, root);
    let (newest, newest_root) = observer.tree().unwrap();
    verify_consistency(size, &here, newest, &newest_root, &proof).unwrap();
    assert_eq!(
        compare(&mut observer, &late, newest + 1, &other),
        Err(NotCompared::Beyond)
    );
    assert!(observer.alarm().is_none());
}

/// Hands in what is needed to compare a root.
fn compare(
    observer: &mut Observer,
    board: &Board,
    size: u64,
    root: &Hash,
) -> Result<Option<Difference>, NotCompared> {
    for _ in 0..10 {
        match observer.compare_root(size, root) {
            Err(NotCompared::Needs(needs)) => needs.into_iter().for_each(|path| {
                let bytes = board.get(&path).cloned();
                observer.provide(path, bytes);
            }),
            compared => return compared,
        }
    }
    panic!("the comparison never comes to an end");
}

/// The board is in order while it is read; then a hash tile is spoilt that only comparisons read.
#[test]
fn a_hash_tile_that_is_spoilt_while_a_root_is_compared_is_no_difference() {
    let mut election = voting(ElectionSpec::yes_no(600), 1);
    let (size, root) = (300, root_of(&election.entries[..300]));
    election.finish();
    let good = board(&election);
    let path = "tile/0/001";
    let mut spoilt = good.clone();
    spoilt.get_mut(path).unwrap()[1000] ^= 1;
    let mut observer = observer(&election, false);
    follow(&mut observer, &good, None);
    assert!(observer.checker().report().passes(false));
    match compare(&mut observer, &spoilt, size, &root) {
        Err(NotCompared::Spoilt(what)) => assert!(what.contains(path), "{what}"),
        other => panic!("{other:?}"),
    }
    assert!(observer.alarm().is_none());
    assert!(observer.stopped().is_some());
    assert_eq!(failed(&observer), [CheckNumber::Log]);
}

/// While a larger tree is compared with the one before.
#[test]
fn a_hash_tile_that_is_spoilt_while_the_log_grows_is_no_fork() {
    let election = voting(ElectionSpec::yes_no(600), 1);
    let early = board(&election);
    let mut spoilt = election;
    spoilt.vote_at_random(1);
    spoilt.vote_at_random(1);
    let mut late = board(&spoilt);
    let path = "tile/0/002";
    late.get_mut(path).unwrap()[1000] ^= 1;
    let mut observer = observer(&spoilt, false);
    follow(&mut observer, &early, None);
    follow(&mut observer, &late, None);
    assert!(observer.alarm().is_none());
    assert!(observer.stopped().is_some_and(|what| what.contains(path)));
    assert_eq!(failed(&observer), [CheckNumber::Log]);
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
    let alarm = second.alarm().unwrap();
    assert_eq!(alarm.kind, AlarmKind::Inconsistent);
    // A third person needs both checkpoints and this: the later tree begins otherwise than the earlier one is.
    let Difference { root: here, proof } = alarm.difference.clone().unwrap();
    let key = election.keys.log.verifier_key();
    let [seen, found] = [&alarm.seen, &alarm.found].map(|note| {
        let signed = SignedCheckpoint::open(note, key).unwrap();
        (signed.checkpoint().size, signed.checkpoint().root)
    });
    assert_ne!(here, seen.1);
    verify_consistency(seen.0, &here, found.0, &found.1, &proof).unwrap();
    assert!(verify_consistency(seen.0, &seen.1, found.0, &found.1, &proof).is_err());
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

/// Two trees of one log that part at the last two entries: the board that is shown first, and the honest one grown.
fn parted() -> (Election, Board, Board, Board) {
    let mut election = voting(ElectionSpec::mixed(9), 2);
    let early = board(&election);
    let last = election.entries.len() - 1;
    election.entries.swap(last, last - 1);
    let fork = board(&election);
    election.entries.swap(last, last - 1);
    election.finish();
    let grown = board(&election);
    (election, early, fork, grown)
}

/// That the alarm is of the fork, and that a third person can verify it.
fn assert_split(observer: &Observer, election: &Election, fork: &Board, grown: &Board) {
    let alarm = observer.alarm().unwrap();
    assert_eq!(alarm.kind, AlarmKind::Inconsistent);
    assert_eq!(alarm.seen, fork["checkpoint"]);
    assert_eq!(alarm.found, grown["checkpoint"]);
    let Difference { root: here, proof } = alarm.difference.clone().unwrap();
    let key = election.keys.log.verifier_key();
    let [seen, found] = [&alarm.seen, &alarm.found].map(|note| {
        let signed = SignedCheckpoint::open(note, key).unwrap();
        (signed.checkpoint().size, signed.checkpoint().root)
    });
    verify_consistency(seen.0, &here, found.0, &found.1, &proof).unwrap();
    assert!(verify_consistency(seen.0, &seen.1, found.0, &found.1, &proof).is_err());
    assert_eq!(failed(observer), [CheckNumber::Log]);
}

#[test]
fn a_fork_whose_files_are_withheld_is_compared_with_the_next_tree() {
    let (election, _, fork, grown) = parted();
    let mut observer = observer(&election, false);
    assert_eq!(
        observer.see_checkpoint(&fork["checkpoint"]).unwrap(),
        Seen::Newer
    );
    // The board gives none of its files.
    assert!(!observer.step().needs.is_empty());
    assert_eq!(observer.unconfirmed(), [fork["checkpoint"].clone()]);
    follow(&mut observer, &grown, None);
    assert_split(&observer, &election, &fork, &grown);
    assert_eq!(observer.checker().size(), election.entries.len() as u64);
    // Evidence, also for the next visit.
    assert_eq!(observer.unconfirmed(), [fork["checkpoint"].clone()]);
}

#[test]
fn a_fork_of_an_earlier_visit_is_compared_and_an_honest_checkpoint_is_confirmed() {
    let (election, early, fork, grown) = parted();
    let mut observer = observer(&election, false);
    observer.keep_checkpoint(&early["checkpoint"]);
    observer.keep_checkpoint(b"not signed by the log");
    assert_eq!(observer.unconfirmed(), [early["checkpoint"].clone()]);
    follow(&mut observer, &grown, None);
    assert!(observer.unconfirmed().is_empty());
    assert!(observer.alarm().is_none());
    assert!(observer.checker().report().passes(false));

    let mut observer = self::observer(&election, false);
    observer.keep_checkpoint(&fork["checkpoint"]);
    follow(&mut observer, &grown, None);
    assert_split(&observer, &election, &fork, &grown);
}

/// Without any file: the signatures are enough.
#[test]
fn two_trees_of_one_size_and_a_smaller_one_accuse_at_once() {
    let (election, early, fork, grown) = parted();
    let mut first = observer(&election, false);
    first.see_checkpoint(&fork["checkpoint"]).unwrap();
    let seen = first.see_checkpoint(&early["checkpoint"]).unwrap();
    assert_eq!(seen, Seen::Forked);
    assert_eq!(first.alarm().unwrap().kind, AlarmKind::Forked);
    assert_eq!(failed(&first), [CheckNumber::Log]);

    // The larger one in between does not hide it.
    let mut second = observer(&election, false);
    second.see_checkpoint(&fork["checkpoint"]).unwrap();
    second.see_checkpoint(&grown["checkpoint"]).unwrap();
    let seen = second.see_checkpoint(&early["checkpoint"]).unwrap();
    assert_eq!(seen, Seen::Older);
    let alarm = second.alarm().unwrap();
    assert_eq!(alarm.kind, AlarmKind::Forked);
    assert_eq!(
        [&alarm.seen, &alarm.found],
        [&fork["checkpoint"], &early["checkpoint"]]
    );

    // On an earlier visit; what the board shows now is read all the same.
    for (kept, kind) in [(&fork, AlarmKind::Forked), (&grown, AlarmKind::RolledBack)] {
        let mut third = observer(&election, false);
        third.keep_checkpoint(&kept["checkpoint"]);
        follow(&mut third, &early, None);
        assert_eq!(third.alarm().unwrap().kind, kind);
        assert_eq!(third.alarm().unwrap().seen, kept["checkpoint"]);
        assert_eq!(third.tree().unwrap().1.to_base64(), root_line(&early));
    }
}

fn root_line(board: &Board) -> String {
    let note = String::from_utf8(board["checkpoint"].clone()).unwrap();
    note.lines().nth(2).unwrap().to_owned()
}

/// A smaller tree that does not belong to the one read: compared when the board is well again.
#[test]
fn a_fork_shown_after_a_larger_tree_is_no_mere_rollback() {
    let (election, _, fork, grown) = parted();
    let mut observer = observer(&election, false);
    follow(&mut observer, &grown, None);
    follow(&mut observer, &fork, None);
    assert_eq!(observer.alarm().unwrap().kind, AlarmKind::RolledBack);
    follow(&mut observer, &grown, None);
    let alarm = observer.alarm().unwrap();
    assert_eq!(alarm.kind, AlarmKind::Inconsistent);
    assert_eq!(
        [&alarm.seen, &alarm.found],
        [&grown["checkpoint"], &fork["checkpoint"]]
    );
    assert_eq!(failed(&observer), [CheckNumber::Log]);
    assert!(observer.is_up_to_date());
}

#[test]
fn a_flood_of_checkpoints_drives_out_no_earlier_one_and_is_counted() {
    let (election, _, fork, grown) = parted();
    let mut observer = observer(&election, false);
    observer.see_checkpoint(&fork["checkpoint"]).unwrap();
    let origin = election.keys.log.verifier_key().name().clone();
    for size in 1000..1300 {
        let checkpoint = Checkpoint {
            origin: origin.clone(),
            size,
            root: Hash::from_base64(&root_line(&fork)).unwrap(),
        };
        let note = checkpoint
            .sign(&election.keys.log)
            .unwrap()
            .note()
            .to_string();
        observer.see_checkpoint(note.as_bytes()).unwrap();
    }
    // The newest one besides.
    let kept = observer.unconfirmed();
    assert_eq!(kept.len(), 257);
    assert_eq!(kept[0], fork["checkpoint"]);
    assert_eq!(observer.dropped(), 300 + 1 - 257);
    assert!(kept[256].windows(6).any(|part| part == b"\n1299\n"));
    // The next visit.
    let mut next = self::observer(&election, false);
    kept.iter().for_each(|note| next.keep_checkpoint(note));
    assert_eq!(next.dropped(), 1);
    follow(&mut next, &grown, None);
    assert_split(&next, &election, &fork, &grown);
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
