//! Hosts follow a growing record in pieces of any size, and ask what may come next.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::record::{
    CheckNumber, CheckStatus, Options, Phase, RecordChecker, Rejection, TrustedTree,
};
use hanpyo_testkit::{Election, ElectionSpec, random_selections, root_of, trusted_tree};
use proptest::prelude::*;
use rand::rngs::OsRng;
use record_support::{open_election, read, vote};
use std::sync::LazyLock;

static ELECTION: LazyLock<Election> = LazyLock::new(|| {
    let mut spec = ElectionSpec::mixed(24);
    spec.seed = 5;
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(2);
    election.vote_at_random(5);
    election.revoke(3);
    let new = election.reissue(3);
    let selections = random_selections(&mut election, new);
    election.vote(new, &selections);
    election.finish();
    election
});

fn checker() -> RecordChecker {
    RecordChecker::new(Options::default(), &mut OsRng)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn pieces_of_any_size_give_the_same_report(sizes in prop::collection::vec(1usize..40, 1..20)) {
        let entries = &ELECTION.entries;
        let mut whole = checker();
        whole.expect(trusted_tree(entries, None)).unwrap();
        whole.push(entries, entries).unwrap();
        let mut pieces = checker();
        pieces.expect(trusted_tree(entries, None)).unwrap();
        let mut sizes = sizes.into_iter().cycle();
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(sizes.next().unwrap().min(rest.len()));
            pieces.push(piece, entries).unwrap();
            prop_assert_eq!(pieces.root(), root_of(&entries[..entries.len() - after.len()]));
            rest = after;
        }
        prop_assert_eq!(pieces.report(), whole.report());
        prop_assert!(pieces.report().passes(false));
        prop_assert_eq!(pieces.turnout(), whole.turnout());
        prop_assert_eq!(pieces.phase(), Phase::Finished);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_bytes_in_any_order_make_it_panic(
        order in Just((0..ELECTION.entries.len()).collect::<Vec<_>>()).prop_shuffle(),
        kept in 0usize..40,
        noise in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..8),
    ) {
        // An honest beginning, then everything else in disorder, with noise in between.
        let honest = &ELECTION.entries[..kept];
        let rest = order.iter().filter(|place| **place >= kept);
        let mut entries = honest.to_vec();
        entries.extend(noise);
        entries.extend(rest.map(|place| ELECTION.entries[*place].clone()));
        let mut checker = checker();
        for entry in &entries {
            let welcome = checker.check_candidate(entry, &entries).is_ok();
            let faults = checker.findings().len();
            checker.push(std::slice::from_ref(entry), &entries).unwrap();
            // Only the first findings are kept, and nothing is said of what follows an unusable entry 0.
            prop_assert!(!welcome || checker.findings().len() == faults);
        }
        prop_assert!(!checker.report().passes(false));
        prop_assert_eq!(checker.root(), root_of(&entries));
    }
}

#[test]
fn the_next_entry_of_an_honest_record_is_always_welcome() {
    let entries = &ELECTION.entries;
    let mut checker = checker();
    for entry in entries {
        checker.check_candidate(entry, entries).unwrap();
        let (size, root, report) = (checker.size(), checker.root(), checker.report());
        // What is already there is not.
        if let Some(last) = size.checked_sub(1) {
            let last = &entries[usize::try_from(last).unwrap()];
            assert!(
                checker.check_candidate(last, entries).is_err(),
                "entry {size}"
            );
        }
        assert_eq!(
            (checker.size(), checker.root()),
            (size, root),
            "asking changes nothing"
        );
        assert_eq!(checker.report(), report);
        checker.push(std::slice::from_ref(entry), entries).unwrap();
    }
    for entry in entries {
        assert!(
            checker.check_candidate(entry, entries).is_err(),
            "nothing after the result"
        );
    }
}

#[test]
fn a_candidate_is_refused_by_the_check_it_would_fail() {
    let mut election = open_election(6);
    vote(&mut election, 0);
    let checker = read(&election);
    let refused = |bytes: &[u8]| match checker.check_candidate(bytes, &election.entries) {
        Err(Rejection::Findings(findings)) => findings
            .iter()
            .map(|finding| finding.check)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let copy = election.entries.last().unwrap();
    assert_eq!(refused(copy), [CheckNumber::Duplicates]);
    assert_eq!(refused(&election.entries[0]), [CheckNumber::Order]);
    assert_eq!(refused(b"no entry"), [CheckNumber::Order]);
    let mut election = open_election(6);
    vote(&mut election, 0);
    let checker = read(&election);
    let ballot = election.ballot(1, &[Selection::ChooseOne(Some(1))]);
    let good = Entry::Ballot(ballot).encode().unwrap();
    checker.check_candidate(&good, &election.entries).unwrap();
    let mut bad = good;
    let last = bad.len() - 1;
    bad[last] ^= 1;
    let Err(Rejection::Findings(findings)) = checker.check_candidate(&bad, &election.entries)
    else {
        panic!("a bad signature")
    };
    assert_eq!(findings[0].check, CheckNumber::Ballots);
    assert_eq!(findings[0].entry, Some(checker.size()));
}

#[test]
fn a_server_trusts_its_own_ballots_and_says_so() {
    let entries = &ELECTION.entries;
    for keep_sums in [true, false] {
        let options = Options {
            verify_ballots: false,
            keep_sums,
            ..Options::default()
        };
        let mut checker = RecordChecker::new(options, &mut OsRng);
        checker.expect(trusted_tree(entries, None)).unwrap();
        checker.push(entries, entries).unwrap();
        let report = checker.report();
        assert_eq!(report.failed(), []);
        assert!(!report.passes(false));
        let is_checked = |check| matches!(report.status(check), CheckStatus::Pass);
        assert!(!is_checked(CheckNumber::Ballots));
        assert!(is_checked(CheckNumber::Duplicates));
        assert_eq!(is_checked(CheckNumber::EncryptedTally), keep_sums);
        assert_eq!(is_checked(CheckNumber::Decryption), keep_sums);
        assert_eq!(checker.turnout(), read(&ELECTION).turnout());
    }
}

#[test]
fn checkpoints_on_the_way_are_compared() {
    let entries = &ELECTION.entries;
    let mut checker = checker();
    let tree = |size: usize| trusted_tree(&entries[..size], None);
    checker.expect(tree(10)).unwrap();
    let forked = TrustedTree {
        root: root_of(&entries[1..]),
        ..tree(20)
    };
    checker.push(&entries[..10], entries).unwrap();
    assert_eq!(checker.report().failed(), []);
    checker.expect(forked).unwrap();
    checker.push(&entries[10..15], entries).unwrap();
    assert!(checker.expect(tree(12)).is_err(), "too late");
    checker.expect(tree(15)).unwrap();
    assert_eq!(checker.findings(), []);
    checker.push(&entries[15..], entries).unwrap();
    assert_eq!(checker.report().failed(), [CheckNumber::Log]);
}

#[test]
fn memory_is_bounded_by_the_roll_and_the_ciphertexts() {
    let mut election = Election::new(ElectionSpec::yes_no(20_000));
    election.set_up();
    let checker = read(&election);
    let memory = checker.memory();
    assert_eq!(memory.credentials, 20_000);
    let shards = 65_536 * std::mem::size_of::<Vec<u64>>();
    let spare = 65_536 * 8 * std::mem::size_of::<u64>();
    assert!(
        memory.roll_bytes < 20_000 * 57 + shards + spare,
        "{memory:?}"
    );
}
