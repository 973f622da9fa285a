//! Attacks on a trustee: whatever server, commission and tally operator do together, it decrypts only the count.

use std::fs;

use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::contest::Selection;
use hanpyo_crypto::elgamal::Ciphertext;
use hanpyo_ledger::entry::{BallotRef, EncryptedTally, Entry, EntryType, Group};
use hanpyo_ledger::record::{CheckNumber, Given};
use hanpyo_tally::checks::CheckRefusal;
use hanpyo_tally::role_file::RoleFile;
use hanpyo_tally::session::SessionError;
use hanpyo_tally::trustee::ceremony::Trustee;
use hanpyo_tally::trustee::decrypt::{self, Refusal, Times, authorise};
use hanpyo_tally::trustee::pin::{PinError, PinFile};
use hanpyo_tally::trustee::run::{Consent, Ended, Patience, TrusteeError, run_decrypt};
use hanpyo_tally::trustee::state::TrusteeMemory;
use hanpyo_testkit::{Election, ElectionSpec, check, check_with};

use crate::support::programs::{Role, failed, succeeded};
use crate::support::trustees::Trustees;
use crate::support::{TestBoard, past};

/// An election whose key the trustees made, with four votes cast and voting closed.
fn closed(change: impl FnOnce(&mut ElectionSpec)) -> (TestBoard, Trustees) {
    closed_by(change, Election::open, Election::close)
}

/// The same, opened and closed by whoever has the commission's key.
fn closed_by(
    change: impl FnOnce(&mut ElectionSpec),
    open: impl FnOnce(&mut Election) -> u64,
    close: impl FnOnce(&mut Election) -> u64,
) -> (TestBoard, Trustees) {
    let mut spec = past(ElectionSpec::yes_no(6));
    change(&mut spec);
    let board = TestBoard::serve(Election::new(spec));
    let trustees = Trustees::init(&board);
    trustees.make_key(&board);
    board.with(|election| {
        election.publish_roll();
        open(election);
        for (credential, option) in [(0, 0), (1, 1), (2, 0), (3, 0)] {
            election.vote(credential, &[Selection::ChooseOne(Some(option))]);
        }
        close(election);
    });
    (board, trustees)
}

fn decrypt(board: &TestBoard, trustees: &Trustees, number: usize) -> Result<Ended, TrusteeError> {
    decrypt_with(board, trustees, number, false, true)
}

fn decrypt_with(
    board: &TestBoard,
    trustees: &Trustees,
    number: usize,
    accept_excluded: bool,
    confirmed: bool,
) -> Result<Ended, TrusteeError> {
    let path = trustees.path(number);
    let mut session = board.session(&path);
    let mut consent = Consent {
        accept_excluded,
        patience: Patience::Stop,
        confirm: &mut |_, _| confirmed,
    };
    run_decrypt(
        &mut trustees.open(number),
        &mut session,
        &mut consent,
        &mut |_| {},
    )
}

fn refusal(outcome: Result<Ended, TrusteeError>) -> Refusal {
    match outcome {
        Err(TrusteeError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Nothing was recorded, nothing was published.
fn assert_untouched(board: &TestBoard, trustees: &Trustees, number: usize) {
    assert_eq!(trustees.open(number).state().released(), None);
    let pins = PinFile::beside(&trustees.path(number));
    assert_eq!(fs::read(pins.path()).unwrap(), b"");
    let entries = &board.state().election.entries;
    assert!(
        !entries
            .iter()
            .any(|entry| matches!(Entry::decode(entry), Ok(Entry::PartialDecryption(_))))
    );
}

/// The encrypted tally of the record as it stands.
fn tally(election: &Election) -> Vec<EncryptedTally> {
    let checker = check_with(&election.entries, Given::default());
    checker.closed().unwrap().encrypted_tally().unwrap()
}

fn publish_tally(election: &mut Election) {
    for payload in tally(election) {
        let entry = election.sign(payload);
        election.append(entry);
    }
}

/// Publishes an encrypted tally whose sums the attacker made, signed by the tally operator's key.
fn publish_forged_tally(board: &TestBoard, forge: impl FnOnce(&mut Election, &mut Group)) {
    board.with(|election| {
        let tally = tally(election);
        let mut payload = tally.into_iter().next().unwrap();
        let mut groups = payload.groups.into_vec();
        forge(election, &mut groups[0]);
        payload.groups = groups.try_into().unwrap();
        let entry = election.sign(payload);
        election.append(entry);
    });
}

/// Ciphertexts of the `number`-th ballot of the record.
fn ballot(election: &Election, number: usize) -> Vec<Ciphertext> {
    let is_ballot = |bytes: &&Vec<u8>| matches!(EntryType::peek(bytes), Ok(EntryType::Ballot));
    let bytes = election
        .entries
        .iter()
        .filter(is_ballot)
        .nth(number)
        .unwrap();
    let ballot = BallotRef::decode(bytes).unwrap();
    let (ciphertexts, _) = ballot.body.contests[0].ciphertexts.as_chunks::<64>();
    ciphertexts
        .iter()
        .map(|bytes| Ciphertext::decode(bytes).unwrap())
        .collect()
}

fn encode(sums: &[Ciphertext]) -> Vec<u8> {
    sums.iter().flat_map(Ciphertext::encode).collect()
}

fn assert_refuses_forgery(board: &TestBoard, trustees: &Trustees) {
    for accept_excluded in [false, true] {
        match refusal(decrypt_with(board, trustees, 1, accept_excluded, true)) {
            Refusal::Check(CheckRefusal::Failed {
                check: CheckNumber::EncryptedTally,
                ..
            }) => {}
            other => panic!("refused for another reason: {other}"),
        }
    }
    assert_untouched(board, trustees, 1);
}

#[test]
fn honest_trustees_decrypt_and_the_count_is_right() {
    let (board, trustees) = closed(|_| {});
    board.with(publish_tally);
    for number in [1, 3] {
        assert!(matches!(
            decrypt(&board, &trustees, number).unwrap(),
            Ended::Done(_)
        ));
        // Again changes nothing and asks nothing.
        let entries = board.state().election.entries.len();
        let again = decrypt_with(&board, &trustees, number, false, false).unwrap();
        assert!(matches!(again, Ended::Done(_)));
        assert_eq!(board.state().election.entries.len(), entries);
    }
    board.with(|election| {
        // These values come from the votes in clear.
        election.publish_contest_results();
        election.publish_result();
    });
    assert!(check(&board.state().election).failed().is_empty());
}

#[test]
fn one_ballot_instead_of_the_sum_is_refused() {
    let (board, trustees) = closed(|_| {});
    publish_forged_tally(&board, |election, group| {
        group.sums = encode(&ballot(election, 1)).try_into().unwrap();
    });
    assert_refuses_forgery(&board, &trustees);
}

#[test]
fn a_chosen_subset_is_refused() {
    let (board, trustees) = closed(|_| {});
    publish_forged_tally(&board, |election, group| {
        let (mut sum, other) = (ballot(election, 0), ballot(election, 3));
        sum.iter_mut()
            .zip(&other)
            .for_each(|(sum, other)| sum.add_weighted(other, 1));
        group.sums = encode(&sum).try_into().unwrap();
    });
    assert_refuses_forgery(&board, &trustees);
}

#[test]
fn a_reweighted_ballot_is_refused() {
    let (board, trustees) = closed(|_| {});
    publish_forged_tally(&board, |election, group| {
        // Ballot 1 a thousand times: its vote would stand in the thousands of the result.
        let (sums, _) = group.sums.as_chunks::<64>();
        let mut sums: Vec<_> = sums
            .iter()
            .map(|bytes| Ciphertext::decode(bytes).unwrap())
            .collect();
        sums.iter_mut()
            .zip(&ballot(election, 1))
            .for_each(|(sum, one)| sum.add_weighted(one, 999));
        group.sums = encode(&sums).try_into().unwrap();
    });
    assert_refuses_forgery(&board, &trustees);
}

#[test]
fn a_rerandomised_sum_is_refused() {
    let (board, trustees) = closed(|_| {});
    publish_forged_tally(&board, |election, group| {
        // The same value under other randomness, to hide where it came from.
        let key = election.context.as_ref().unwrap().joint_key();
        let zero = key.encrypt(&Scalar::ZERO, &Scalar::from(7_u8));
        let (sums, _) = group.sums.as_chunks::<64>();
        let mut sums: Vec<_> = sums
            .iter()
            .map(|bytes| Ciphertext::decode(bytes).unwrap())
            .collect();
        sums.iter_mut().for_each(|sum| sum.add_weighted(&zero, 1));
        group.sums = encode(&sums).try_into().unwrap();
    });
    assert_refuses_forgery(&board, &trustees);
}

#[test]
fn a_group_below_the_floor_is_refused() {
    use hanpyo_testkit::VoterSpec;
    // Two units, floor 3: unit 1 has one ballot and must be counted with unit 0.
    let (board, trustees) = closed(|spec| {
        spec.units = vec![None, None];
        spec.floor = 3;
        spec.voters = (0..6)
            .map(|n| VoterSpec {
                style: 0,
                unit: u16::from(n == 3),
                weight: 1,
            })
            .collect();
    });
    board.with(|election| {
        let tally = tally(election);
        let mut payload = tally.into_iter().next().unwrap();
        let group = |units: Vec<u16>, ballots, sums: &[Ciphertext]| Group {
            units: units
                .into_iter()
                .map(Into::into)
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
            ballots,
            sums: encode(sums).try_into().unwrap(),
        };
        let single = ballot(election, 3);
        let mut rest = ballot(election, 0);
        for number in [1, 2] {
            let other = ballot(election, number);
            rest.iter_mut()
                .zip(&other)
                .for_each(|(sum, other)| sum.add_weighted(other, 1));
        }
        payload.groups_in_all = 2;
        payload.groups = vec![group(vec![0], 3, &rest), group(vec![1], 1, &single)]
            .try_into()
            .unwrap();
        let entry = election.sign(payload);
        election.append(entry);
    });
    assert_refuses_forgery(&board, &trustees);
}

#[test]
fn a_second_tree_is_refused_for_ever_whichever_file_is_restored() {
    let (board, trustees) = closed(|_| {});
    let path = trustees.path(1);
    let pins = PinFile::beside(&path).path().to_owned();
    let before = fs::read(&path).unwrap();
    board.with(publish_tally);
    decrypt(&board, &trustees, 1).unwrap();
    let (after, pinned) = (fs::read(&path).unwrap(), fs::read(&pins).unwrap());

    // The server forks: the same election, closed after one ballot more. Two sums would reveal it.
    board.with(|election| {
        let close = election.find(|entry| matches!(entry, Entry::Close(_))).0;
        election.entries.truncate(close);
        election.vote(4, &[Selection::ChooseOne(Some(1))]);
        election.close();
        publish_tally(election);
    });
    board.state().republish();

    // A reader that remembers the first tree sees the fork itself.
    let outcome = decrypt(&board, &trustees, 1);
    assert!(
        matches!(
            outcome,
            Err(TrusteeError::Session(
                SessionError::Board(_) | SessionError::Api(_)
            )) | Err(TrusteeError::Refused(_))
        ),
        "{outcome:?}"
    );
    let forget = || {
        drop(fs::remove_file(
            trustees.folder.path().join("trustee1.age.verified"),
        ));
    };
    forget();
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::OtherTree { pinned, asked } => assert_ne!(pinned, asked),
        other => panic!("{other}"),
    }
    // The secret file restored from before the release: the pin file refuses.
    forget();
    fs::write(&path, &before).unwrap();
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::Pin(PinError::OtherTree { .. }) => {}
        other => panic!("{other}"),
    }
    // Its pin file lost as well: nothing says whether the key was used.
    forget();
    fs::remove_file(&pins).unwrap();
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::Pin(PinError::Missing { .. })
    ));
    assert!(!pins.exists(), "a missing pin file is not made again");
    // The pin file lost instead: the secret file refuses.
    forget();
    fs::write(&path, &after).unwrap();
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::OtherTree { .. }
    ));
    // A torn pin file stops everything.
    forget();
    fs::write(&path, &before).unwrap();
    fs::write(&pins, &pinned[..pinned.len() - 1]).unwrap();
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::Pin(PinError::Damaged { .. })
    ));
}

#[test]
fn a_lost_pin_file_stops_the_program_until_the_trustee_says_so() {
    let (board, trustees) = closed(|_| {});
    board.with(publish_tally);
    let path = trustees.path(1);
    let pins = PinFile::beside(&path).path().to_owned();
    let role = Role::new("trustee", &path);
    let said = failed(role.at(&board, &["decrypt", "--yes", "--pins-lost"]), 2);
    assert!(said.contains("is not lost"), "{said}");
    // The share on another computer, without its pins.
    fs::remove_file(&pins).unwrap();
    let said = failed(role.at(&board, &["decrypt", "--yes"]), 1);
    assert!(
        said.contains("is missing") && said.contains("--pins-lost"),
        "{said}"
    );
    assert!(!pins.exists());
    // Nobody to ask, and not confirmed.
    failed(role.at(&board, &["decrypt", "--pins-lost"]), 2);
    assert!(!pins.exists());
    assert_eq!(trustees.open(1).state().released(), None);
    succeeded(role.at(&board, &["decrypt", "--yes", "--pins-lost"]));
    assert!(trustees.open(1).state().released().is_some());
    assert_eq!(fs::read_to_string(&pins).unwrap().lines().count(), 1);
}

#[test]
fn an_early_close_is_refused_by_the_trustees_own_clock() {
    // Voting ends in 2100 by the manifest; the commission's key closes the record now, with a time in 2100.
    let (board, trustees) = closed(|spec| spec.closes = 4_102_444_800);
    board.with(publish_tally);
    assert!(
        check(&board.state().election).failed().is_empty(),
        "no check can see it"
    );
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::TooEarly {
            over: 4_102_444_860,
            ..
        } => {}
        other => panic!("{other}"),
    }
    assert_untouched(&board, &trustees, 1);
}

/// The real clock, an hour of which a test does not take.
fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

#[test]
fn a_close_within_the_grace_that_claims_a_later_time_is_refused() {
    // Voting ended a minute ago, ballots are taken for another day; the commission's key closes now and states the
    // time at which it might.
    let (board, trustees) = closed(|spec| {
        spec.closes = now() - 60;
        spec.grace = 86_400;
    });
    board.with(publish_tally);
    assert!(
        check(&board.state().election).failed().is_empty(),
        "no check can see it"
    );
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::TooEarly { now, over } => assert!(over > now + 86_000),
        other => panic!("{other}"),
    }
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn a_close_that_states_a_time_in_the_future_is_refused_until_then() {
    let (board, trustees) = closed_by(
        |_| {},
        Election::open,
        |election| election.close_at(4_102_444_800),
    );
    board.with(publish_tally);
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::TooEarly {
            over: 4_102_444_800,
            ..
        } => {}
        other => panic!("{other}"),
    }
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn an_open_or_close_that_fails_check_11_is_refused() {
    type Step = fn(&mut Election) -> u64;
    let early_open: Step = |election| election.open_at(election.spec.opens - 1);
    let early_close: Step = |election| election.close_at(election.spec.closes);
    for (open, close, expected) in [
        (early_open, Election::close as Step, "time of opening"),
        (Election::open as Step, early_close, "time of closing"),
    ] {
        let (board, trustees) = closed_by(|_| {}, open, close);
        board.with(publish_tally);
        assert_fails_timing(&board, &trustees, expected);
    }
}

#[test]
fn a_close_that_witnesses_saw_within_the_grace_is_refused() {
    // The stated time is right; the checkpoint that holds it was cosigned before.
    let with_witnesses = || closed(|spec| spec.witnesses = 4);
    let (board, trustees) = with_witnesses();
    let over = board.with(|election| election.spec.closes + election.spec.grace);
    board.state().cosigned_at = Some(over - 1);
    board.with(publish_tally);
    assert_fails_timing(&board, &trustees, "closing");
    let (board, trustees) = with_witnesses();
    board.with(publish_tally);
    assert!(matches!(
        decrypt(&board, &trustees, 1).unwrap(),
        Ended::Done(_)
    ));
}

#[track_caller]
fn assert_fails_timing(board: &TestBoard, trustees: &Trustees, expected: &str) {
    for accept_excluded in [false, true] {
        match refusal(decrypt_with(board, trustees, 1, accept_excluded, true)) {
            Refusal::Check(CheckRefusal::Failed {
                check: CheckNumber::Result,
                finding,
                ..
            }) => assert!(finding.contains(expected), "{finding}"),
            other => panic!("{other}"),
        }
    }
    assert_untouched(board, trustees, 1);
}

#[test]
fn the_clock_must_have_reached_the_end_of_the_grace() {
    let (board, trustees) = closed(|_| {});
    board.with(publish_tally);
    let file = trustees.open(1);
    let spec = board.state().election.spec.clone();
    assert_eq!(spec.grace, 60);
    let over = spec.closes + 60;
    for (now, early) in [(spec.closes, true), (over - 1, true), (over, false)] {
        let outcome = authorise_at(&board, &file, now);
        assert_eq!(
            matches!(outcome, Err(Refusal::TooEarly { .. })),
            early,
            "{:?}",
            outcome.err()
        );
    }
}

/// Authorises with a clock of the test's choice.
fn authorise_at(
    board: &TestBoard,
    file: &RoleFile<TrusteeMemory>,
    now: u64,
) -> Result<(), Refusal> {
    let mut reader = board.folder_board();
    reader.refresh(&mut |_, _| {}).unwrap();
    let election = reader.election().unwrap();
    let (report, checker) = (reader.report(), reader.checker());
    let view = decrypt::Board {
        report: &report,
        closed: checker.closed(),
        tally_complete: true,
        void: false,
        outcome: checker.ceremony(),
        turnout: checker.turnout().unwrap(),
        times: Times {
            closes: checker.closes().unwrap().get(),
            grace: election.manifest.schedule.grace_seconds.get().into(),
            close: reader.seen().close_time.unwrap(),
            opened: reader.seen().opened,
        },
    };
    let trustee = Trustee {
        election,
        number: election.trustee(file.key()).unwrap(),
        key: file.key(),
    };
    authorise(
        &trustee,
        file.state(),
        &PinFile::beside(file.path()),
        &view,
        now,
        false,
    )
    .map(drop)
}

#[test]
fn below_the_count_gate_nothing_is_ever_decrypted() {
    // Four of six voted; the gate asks for five sixths.
    let (board, trustees) = closed(|spec| spec.count_gate = Some((5, 6)));
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::GateNotMet {
            voters: 4,
            electorate: 6,
            numerator: 5,
            denominator: 6,
        } => {}
        other => panic!("{other}"),
    }
    // Nor if the tally operator publishes sums all the same.
    let (open, _) = closed(|_| {});
    let forged = open.with(|election| tally(election).into_iter().next().unwrap());
    board.with(|election| {
        let entry = election.sign(forged);
        election.append(entry);
    });
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::GateNotMet { .. }
    ));
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn before_the_close_and_before_the_tally_it_waits_or_refuses() {
    let (board, trustees) = closed(|_| {});
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::TallyIncomplete
    ));
    board.with(|election| {
        let close = election.find(|entry| matches!(entry, Entry::Close(_))).0;
        election.entries.truncate(close);
    });
    board.state().republish();
    fs::remove_file(trustees.folder.path().join("trustee1.age.verified")).unwrap();
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::NotClosed
    ));
    board.with(Election::void);
    assert!(matches!(
        refusal(decrypt(&board, &trustees, 1)),
        Refusal::Void
    ));
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn excluded_ballots_need_the_trustees_word() {
    let mut spec = past(ElectionSpec::yes_no(6));
    spec.revoting = false;
    let board = TestBoard::serve(Election::new(spec));
    let trustees = Trustees::init(&board);
    trustees.make_key(&board);
    board.with(|election| {
        election.publish_roll();
        election.open();
        election.vote(0, &[Selection::ChooseOne(Some(0))]);
        election.vote(1, &[Selection::ChooseOne(Some(1))]);
        // A second ballot of the same voter: an honest server never lets it in; the rules exclude it.
        election.vote(0, &[Selection::ChooseOne(Some(1))]);
        election.close();
        publish_tally(election);
    });
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::Excluded { total: 1, .. } => {}
        other => panic!("{other}"),
    }
    assert_untouched(&board, &trustees, 1);
    assert!(matches!(
        decrypt_with(&board, &trustees, 1, true, true).unwrap(),
        Ended::Done(_)
    ));
}

#[test]
fn a_record_that_fails_a_check_is_refused() {
    let (board, trustees) = closed(|_| {});
    board.with(|election| {
        // The log's own key over a roll seal with another electorate.
        let (place, entry) = election.find(|entry| matches!(entry, Entry::RollSealed(_)));
        let Entry::RollSealed(mut signed) = entry else {
            unreachable!()
        };
        signed.payload.per_unit = vec![5].try_into().unwrap();
        election.entries[place] = election.resign(signed.into()).encode().unwrap();
        publish_tally(election);
    });
    board.state().republish();
    fs::remove_file(trustees.folder.path().join("trustee1.age.verified")).unwrap();
    match refusal(decrypt(&board, &trustees, 1)) {
        Refusal::Check(CheckRefusal::Failed {
            check: CheckNumber::Roll,
            ..
        }) => {}
        other => panic!("{other}"),
    }
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn without_confirmation_nothing_is_recorded() {
    let (board, trustees) = closed(|_| {});
    board.with(publish_tally);
    let outcome = decrypt_with(&board, &trustees, 1, false, false);
    assert!(matches!(outcome, Err(TrusteeError::NotConfirmed)));
    assert_untouched(&board, &trustees, 1);
}

#[test]
fn a_crash_between_recording_and_publishing_is_mended_by_running_again() {
    let (board, trustees) = closed(|_| {});
    board.with(publish_tally);
    let path = trustees.path(1);
    let (before, pins) = (
        fs::read(&path).unwrap(),
        PinFile::beside(&path).path().to_owned(),
    );
    board.state().faults.busy = u32::MAX;
    assert!(decrypt(&board, &trustees, 1).is_err());
    assert!(trustees.open(1).state().released().is_some());
    // Only the first of the two records was made when the power went.
    fs::write(&path, &before).unwrap();
    assert!(pins.exists());
    board.state().faults.busy = 0;
    board.state().faults.lost_answers = 1;
    assert!(matches!(
        decrypt(&board, &trustees, 1).unwrap(),
        Ended::Done(_)
    ));
    assert!(trustees.open(1).state().released().is_some());
    let entries = &board.state().election.entries;
    let partials = entries
        .iter()
        .filter(|entry| matches!(Entry::decode(entry), Ok(Entry::PartialDecryption(_))));
    assert_eq!(partials.count(), 1);
}

#[test]
fn the_share_of_another_election_is_refused() {
    let (board, _) = closed(|_| {});
    board.with(publish_tally);
    let (_other, others) = closed(|spec| spec.floor = 2);
    fs::remove_file(others.folder.path().join("trustee1.age.verified")).unwrap();
    let outcome = decrypt(&board, &others, 1);
    assert!(
        matches!(outcome, Err(TrusteeError::Refused(Refusal::Memory(_)))),
        "{outcome:?}"
    );
}
