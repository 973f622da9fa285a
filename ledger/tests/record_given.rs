//! Confirmation codes, receipts and acknowledgements that voters hold: check 12.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use hanpyo_crypto::ballot::{CodePrefix, ConfirmationCode};
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{BallotRef, Entry, Seconds};
use hanpyo_ledger::record::{
    CheckNumber, CheckStatus, CodeStatus, Given, NotChecked, Options, RecordChecker,
    VerifiedReceipt,
};
use hanpyo_testkit::{Election, ElectionSpec, check_with, root_of};
use record_support::{open, open_election, vote};

const NONE: [CheckNumber; 0] = [];

fn code(election: &Election, entry: u64) -> ConfirmationCode {
    let bytes = &election.entries[usize::try_from(entry).unwrap()];
    BallotRef::decode(bytes)
        .unwrap()
        .confirmation_code(&election.hash)
}

fn shown(code: &ConfirmationCode) -> CodePrefix {
    code.to_string().parse().unwrap()
}

#[test]
fn a_code_tells_what_became_of_the_ballot() {
    let mut spec = ElectionSpec::yes_no(8);
    spec.revoting = true;
    let mut election = open(spec);
    let first = vote(&mut election, 3);
    let other = vote(&mut election, 4);
    let second = vote(&mut election, 3);
    election.finish();
    let codes = [first, other, second].map(|entry| shown(&code(&election, entry)));
    let given = Given {
        codes: codes.to_vec(),
        ..Given::default()
    };
    let checker = check_with(&election.entries, given);
    assert_eq!(checker.report().failed(), NONE);
    assert_eq!(
        checker.report().status(CheckNumber::Given),
        &CheckStatus::Pass
    );
    let answers: Vec<_> = checker
        .codes()
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    let superseded = CodeStatus::Superseded {
        entry: first,
        by: second,
    };
    assert_eq!(
        answers,
        [
            superseded,
            CodeStatus::Counted { entry: other },
            CodeStatus::Counted { entry: second },
        ]
    );
}

#[test]
fn a_ballot_left_out_or_not_counted_is_noticed() {
    let mut election = open_election(8);
    let ballot = election.ballot(5, &[Selection::ChooseOne(Some(0))]);
    let missing = ballot.body.confirmation_code(&election.hash);
    election.strike(4);
    let struck = election.ballot(4, &[Selection::ChooseOne(Some(0))]);
    let not_counted = struck.body.confirmation_code(&election.hash);
    election.append(Entry::Ballot(struck));
    vote(&mut election, 1);
    election.finish();
    let look_for = |code: &ConfirmationCode| Given {
        codes: vec![code.full().parse().unwrap()],
        ..Given::default()
    };
    let checker = check_with(&election.entries, look_for(&missing));
    assert!(checker.report().failed().contains(&CheckNumber::Given));
    assert_eq!(checker.codes()[0].1, CodeStatus::NotFound);
    let checker = check_with(&election.entries, look_for(&not_counted));
    assert!(checker.report().failed().contains(&CheckNumber::Given));
    let CodeStatus::NotCounted { why, .. } = &checker.codes()[0].1 else {
        panic!("not counted")
    };
    assert!(why.contains("struck"), "{why}");
}

#[test]
fn a_challenged_ballot_is_found_as_one() {
    let mut election = open_election(8);
    vote(&mut election, 1);
    let selections = [Selection::ChooseOne(Some(1))];
    let challenge = election.challenged(2, &selections);
    let code = challenge.body.confirmation_code(&election.hash);
    let at = election.append(Entry::PostedChallenge(challenge.clone()));
    let mut spoilt = election.challenged(3, &selections);
    spoilt.signature.0[40] ^= 1;
    let spoilt_code = spoilt.body.confirmation_code(&election.hash);
    election.append(Entry::PostedChallenge(spoilt));
    election.finish();
    let look_for = |code: &ConfirmationCode| Given {
        codes: vec![code.full().parse().unwrap()],
        ..Given::default()
    };
    let checker = check_with(&election.entries, look_for(&code));
    assert_eq!(checker.codes()[0].1, CodeStatus::Challenged { entry: at });
    assert!(!checker.report().failed().contains(&CheckNumber::Given));
    // What is no challenge of the voter's is not taken for one.
    let checker = check_with(&election.entries, look_for(&spoilt_code));
    assert_eq!(checker.codes()[0].1, CodeStatus::NotFound);
}

fn receipt(entries: &[Vec<u8>], index: usize) -> Given {
    Given {
        receipts: vec![VerifiedReceipt {
            name: "receipt".to_owned(),
            entry: entries[index].clone(),
            index: index as u64,
            size: entries.len() as u64,
            root: root_of(entries),
        }],
        ..Given::default()
    }
}

#[test]
fn the_record_must_extend_every_receipt() {
    let mut election = open_election(8);
    let mine = usize::try_from(vote(&mut election, 3)).unwrap();
    vote(&mut election, 4);
    let then = election.entries.clone();
    vote(&mut election, 5);
    election.finish();
    let report = check_with(&election.entries, receipt(&then, mine)).report();
    assert_eq!(report.failed(), NONE);
    assert_eq!(report.status(CheckNumber::Given), &CheckStatus::Pass);

    // A fork: the same election without, or with another ballot instead of, the one in the receipt.
    let mut fork = Election::new(ElectionSpec::yes_no(8));
    fork.set_up();
    fork.open();
    vote(&mut fork, 6);
    vote(&mut fork, 4);
    fork.finish();
    let report = check_with(&fork.entries, receipt(&then, mine)).report();
    assert_eq!(report.failed(), [CheckNumber::Given]);

    // A rollback: the record ends before the receipt.
    let report = check_with(&then[..mine], receipt(&then, mine)).report();
    assert_eq!(report.failed(), [CheckNumber::Given]);

    // The receipt's entry was replaced, though its tree is said to be the same.
    let mut given = receipt(&then, mine);
    given.receipts[0].entry[10] ^= 1;
    let report = check_with(&election.entries, given).report();
    assert_eq!(report.failed(), [CheckNumber::Given]);
}

fn acknowledge(election: &Election, code: &ConfirmationCode) -> Acknowledgement {
    let deadline = Seconds::new(election.spec.closes);
    let key = &election.keys.acknowledgement;
    Acknowledgement::sign(election.hash, *code, deadline, key)
}

fn promised(acknowledgement: Acknowledgement) -> Given {
    Given {
        acknowledgements: vec![("promise".to_owned(), acknowledgement)],
        ..Given::default()
    }
}

#[test]
fn every_acknowledged_ballot_is_in_the_record() {
    let mut election = open_election(8);
    let kept = vote(&mut election, 3);
    let broken = election.ballot(5, &[Selection::ChooseOne(Some(0))]);
    let kept = acknowledge(&election, &code(&election, kept));
    let broken = acknowledge(&election, &broken.body.confirmation_code(&election.hash));
    let forged = Acknowledgement::sign(
        election.hash,
        ConfirmationCode(*kept.confirmation_code.as_bytes()),
        kept.deadline,
        &election.keys.commission,
    );
    let voting = election.entries.clone();
    election.finish();

    let report = check_with(&election.entries, promised(kept.clone())).report();
    assert_eq!(report.failed(), NONE);
    assert_eq!(report.status(CheckNumber::Given), &CheckStatus::Pass);
    // The server took a ballot and left it out.
    let report = check_with(&election.entries, promised(broken.clone())).report();
    assert_eq!(report.failed(), [CheckNumber::Given]);
    // .. or published it with a broken signature.
    let mut spoiling = open_election(8);
    let ballot = spoiling.ballot(5, &[Selection::ChooseOne(Some(0))]);
    let code = ballot.body.confirmation_code(&spoiling.hash);
    let mut spoilt = ballot.clone();
    spoilt.signature = hanpyo_ledger::entry::Signature([1; 64]);
    spoiling.append(Entry::Ballot(spoilt));
    let promise = promised(acknowledge(&spoiling, &code));
    let mut given = promise.clone();
    given.codes = vec![shown(&code)];
    let mut corrected = spoiling.entries.clone();
    corrected.push(Entry::Ballot(ballot).encode().unwrap());
    vote(&mut spoiling, 1);
    spoiling.finish();
    let report = check_with(&spoiling.entries, promise).report();
    assert_eq!(report.failed(), [CheckNumber::Ballots, CheckNumber::Given]);
    // .. and then as it was: a spoilt copy hides nothing.
    let checker = check_with(&corrected, given);
    assert_eq!(checker.report().failed(), [CheckNumber::Ballots]);
    let counted = corrected.len() as u64 - 1;
    assert_eq!(checker.codes()[0].1, CodeStatus::Counted { entry: counted });
    // While voting goes on it may still come.
    let report = check_with(&voting, promised(broken)).report();
    assert_eq!(report.failed(), NONE);
    let CheckStatus::NotChecked(parts) = report.status(CheckNumber::Given) else {
        panic!("still awaited")
    };
    assert!(matches!(parts[..], [NotChecked::Unfinished(_)]));
    // .. until witnesses have cosigned, after the deadline, a tree without it.
    let watched = |entries: &[Vec<u8>], time: u64, given: Given| {
        let options = Options {
            given,
            ..Options::default()
        };
        let mut checker = RecordChecker::new(options, &mut rand::rngs::OsRng);
        let tree = hanpyo_testkit::trusted_tree(entries, Some(time));
        checker.expect(tree).unwrap();
        checker.push(&election.entries, &election.entries).unwrap();
        checker.report().failed()
    };
    let due = kept.deadline.get();
    let before = &voting[..voting.len() - 1];
    let promise = || promised(kept.clone());
    assert_eq!(watched(before, due, promise()), NONE);
    assert_eq!(watched(&voting, due + 1, promise()), NONE);
    assert_eq!(
        watched(before, due + 1, promise()),
        [CheckNumber::Given],
        "the ballot came, but too late"
    );
    // Nobody is accused with a forged one.
    let report = check_with(&election.entries, promised(forged)).report();
    assert_eq!(report.failed(), [CheckNumber::Given]);
}
