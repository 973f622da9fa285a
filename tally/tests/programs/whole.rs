//! A whole election with the built programs: two contests, three trustees of whom one stays away, weights and units,
//! voters who vote with the codes of their letters.

use std::collections::HashMap;

use hanpyo_crypto::ballot::{BallotContext, VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_crypto::credential::{Authority, CredentialDerivation, VotingCode};
use hanpyo_ledger::entry::{BallotEntry, ContestResult, Entry};
use hanpyo_ledger::record::{Phase, Report};
use hanpyo_tally::authority::state::AuthorityState;
use hanpyo_tally::count::OperatorState;
use hanpyo_testkit::{ContestSpec, Election, ElectionSpec, VoterSpec, check};

use crate::support::programs::{Role, succeeded};
use crate::support::trustees::Trustees;
use crate::support::{TestBoard, past, secret_file};

fn spec() -> ElectionSpec {
    ElectionSpec {
        contests: vec![ContestSpec::yes_no(), ContestSpec::choose_one(3)],
        styles: vec![vec![0, 1]],
        units: vec![None, Some(0), Some(0)],
        voters: (0..24)
            .map(|n: u16| VoterSpec {
                style: 0,
                unit: 1 + n % 2,
                weight: 1 + u32::from(n % 3),
            })
            .collect(),
        floor: 2,
        count_gate: Some((1, 4)),
        turnout_quorum: Some((1, 3)),
        ..past(ElectionSpec::yes_no(0))
    }
}

/// What voter `n` chooses; every sixth stays away.
fn choice(n: usize) -> Option<[usize; 2]> {
    (n % 6 != 5).then_some([usize::from(n.is_multiple_of(4)), n % 3])
}

/// Casts a ballot with nothing but what stands in a letter and on the board.
fn vote(board: &TestBoard, letter: &HashMap<String, String>, choice: [usize; 2]) {
    board.with(|election| {
        let context = election.context.as_ref().unwrap();
        let derivation = CredentialDerivation::new(
            &election.hash.0,
            &context.joint_key().encoded(),
            Authority::Sole,
        );
        let secret = derivation
            .secret(&VotingCode::parse(&letter["code"]).unwrap())
            .unwrap();
        let credential = secret.public().compress().to_bytes();
        let contests = election.style(0);
        let selections = choice.map(|option| Selection::ChooseOne(Some(option)));
        let ballot = BallotContext {
            index: letter["credential_index"].parse().unwrap(),
            credential: &credential,
            style: 0,
            contests: &contests,
        };
        let request = VoterRequest {
            secret: secret.scalar(),
            counter: 1,
            attempt: 0,
            selections: &selections,
        };
        let prepared = encrypt_ballot(context, &ballot, &request, &mut rand::rngs::OsRng).unwrap();
        let cast = prepared.cast(&mut rand::rngs::OsRng);
        election.append(Entry::Ballot(BallotEntry::try_from(cast).unwrap()));
    });
}

#[test]
fn from_the_roll_to_the_result() {
    let board = TestBoard::serve(Election::new(spec()));
    let trustees = Trustees::init(&board);
    let trustee = |number| Role::new("trustee", &trustees.path(number));

    // Key ceremony: all three wait for each other; then the drill.
    for part in ["ceremony", "drill"] {
        let running: Vec<_> = (1..=3)
            .map(|number| trustee(number).start(&board, &[part, "--follow", "--interval", "1"]))
            .collect();
        for child in running {
            assert!(succeeded(child.wait_with_output().unwrap()).contains("done"));
        }
    }
    load_key(&board, &trustees);

    // Roll.
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    drop(secret_file::<AuthorityState>(
        &path("authority.age"),
        &board.state().election.keys.authorities[0],
    ));
    let authority = Role::new("authority", &path("authority.age"));
    let voters = spec().voters;
    let rows: String = voters
        .iter()
        .enumerate()
        .map(|(n, voter)| format!("{n},{},{},{}\n", voter.style, voter.unit, voter.weight))
        .collect();
    std::fs::write(
        path("roll.csv"),
        format!("voter_id,style,unit,weight\n{rows}"),
    )
    .unwrap();
    let (roll, out) = (path("roll.csv"), path("issued"));
    let (roll, out) = (roll.to_str().unwrap(), out.to_str().unwrap());
    succeeded(authority.at(&board, &["issue", "--roll", roll, "--out", out]));
    succeeded(authority.at(&board, &["upload", "--out", out]));

    // The tally operator and two trustees follow from before the opening.
    drop(secret_file::<OperatorState>(
        &path("tally.age"),
        &board.state().election.keys.tally,
    ));
    let operator = Role::new("tally", &path("tally.age"));
    let tally = operator.start(&board, &["run", "--interval", "1"]);
    let decrypting: Vec<_> = [1, 3]
        .map(|number| {
            trustee(number).start(&board, &["decrypt", "--follow", "--yes", "--interval", "1"])
        })
        .into();

    // Voting.
    board.with(Election::open);
    let mut reader = csv::Reader::from_path(path("issued").join("letters.csv")).unwrap();
    let letters: Vec<HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    for (n, letter) in letters.iter().enumerate() {
        if let Some(choice) = choice(n) {
            vote(&board, letter, choice);
        }
    }
    board.with(Election::close);

    for child in decrypting {
        let said = succeeded(child.wait_with_output().unwrap());
        assert!(said.contains("count gate:   1/4, met"), "{said}");
    }
    let said = succeeded(tally.wait_with_output().unwrap());
    assert!(said.contains("the record is finished"), "{said}");

    let mut state = board.state();
    let report: Report = check(&state.election);
    assert!(report.failed().is_empty(), "{:?}", report.failed());
    let checker = state.follow();
    assert_eq!(checker.phase(), Phase::Finished);
    let mut expected = [vec![0_u64; 2], vec![0; 3]];
    for (n, voter) in voters.iter().enumerate() {
        for (totals, option) in expected.iter_mut().zip(choice(n).into_iter().flatten()) {
            totals[option] += u64::from(voter.weight);
        }
    }
    for (result, expected) in checker.contest_results().iter().zip(&expected) {
        let totals: Vec<u64> = result.totals.iter().map(|total| total.get()).collect();
        assert_eq!(&totals, expected);
    }
    assert_eq!(checker.result().unwrap().ballots, 20);
    drop(state);

    // Whoever comes late changes nothing.
    let entries = board.state().election.entries.len();
    assert!(succeeded(operator.at(&board, &["publish"])).contains("finished"));
    assert!(succeeded(operator.at(&board, &["follow"])).contains("closed"));
    let late = succeeded(trustee(2).at(&board, &["decrypt", "--yes"]));
    assert!(late.contains("not needed"), "{late}");
    assert_eq!(trustees.open(2).state().released(), None);
    assert_eq!(board.state().election.entries.len(), entries);
}

/// The test's voters need the joint key.
fn load_key(board: &TestBoard, trustees: &Trustees) {
    use hanpyo_crypto::ballot::ElectionContext;
    use hanpyo_crypto::elgamal::JointKey;
    let share = trustees.open(1).state().share().unwrap();
    let key = JointKey::decode(share.outcome().joint_key().as_bytes()).unwrap();
    let mut state = board.state();
    state.election.context = Some(ElectionContext::new(state.election.hash.0, key));
}

#[test]
fn the_operator_may_be_stopped_and_started_at_every_step() {
    let mut election = Election::new(past(ElectionSpec::mixed(24)));
    election.set_up();
    election.open();
    election.vote_at_random(1);
    election.close();
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tally.age");
    drop(secret_file::<OperatorState>(
        &path,
        &board.state().election.keys.tally,
    ));
    let operator = Role::new("tally", &path);
    // A lost answer at every post: the program dies or goes on, the next run completes it.
    for _ in 0..2 {
        board.state().faults.lost_answers = 1;
        let said = succeeded(operator.at(&board, &["publish"]));
        assert!(said.contains("partial decryptions: 0 of 3"), "{said}");
    }
    board.with(|election| election.publish_decryptions(2));
    let said = succeeded(operator.at(&board, &["publish"]));
    assert!(said.contains("partial decryptions: 1 of 3"), "{said}");
    board.with(|election| {
        election.publish_decryptions(5);
        election.publish_decryptions(1);
    });
    board.state().faults.lost_answers = 1;
    let said = succeeded(operator.at(&board, &["publish"]));
    assert!(said.contains("finished"), "{said}");
    let state = board.state();
    assert!(check(&state.election).failed().is_empty());
    // The values published are those of the votes in clear.
    let kinds = state.election.kinds().len();
    let results: Vec<_> = state
        .election
        .entries
        .iter()
        .filter_map(|entry| match Entry::decode(entry) {
            Ok(Entry::ContestResult(signed)) => Some(signed.payload),
            _ => None,
        })
        .collect();
    assert_eq!(results.len(), kinds);
    for result in results {
        let all: Vec<u16> = (0..6).collect();
        let totals: Vec<u64> = result.totals.iter().map(|total| total.get()).collect();
        assert_eq!(totals, state.election.plain_sum(result.contest.get(), &all));
    }
}

#[test]
fn below_the_gate_the_operator_publishes_that_nothing_is_counted() {
    let mut spec = past(ElectionSpec::yes_no(6));
    spec.count_gate = Some((1, 1));
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(2);
    election.close();
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tally.age");
    drop(secret_file::<OperatorState>(
        &path,
        &board.state().election.keys.tally,
    ));
    succeeded(Role::new("tally", &path).at(&board, &["publish"]));
    let mut state = board.state();
    assert_eq!(state.follow().phase(), Phase::Finished);
    assert!(check(&state.election).failed().is_empty());
}

#[test]
fn bad_partial_decryptions_are_told_and_ignored() {
    let mut election = Election::new(past(ElectionSpec::yes_no(6)));
    election.set_up();
    election.open();
    election.vote_at_random(1);
    election.close();
    election.publish_tally();
    // Trustee 1 publishes decryptions of something else; the log takes them.
    let before = election.entries.len();
    election.publish_decryptions(1);
    let Entry::PartialDecryption(mut signed) = election.entry(before) else {
        panic!("not it")
    };
    let mut groups = signed.payload.groups.into_vec();
    let mut proofs = groups[0].proofs.to_vec();
    proofs[0] ^= 1;
    groups[0].proofs = proofs.try_into().unwrap();
    signed.payload.groups = groups.try_into().unwrap();
    let forged = election.resign(signed.into()).encode().unwrap();
    election.entries[before] = forged;
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tally.age");
    drop(secret_file::<OperatorState>(
        &path,
        &board.state().election.keys.tally,
    ));
    let operator = Role::new("tally", &path);
    let output = operator.at(&board, &["publish"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.contains("not counted: check 10") && errors.contains("trustee 1"),
        "{errors}"
    );
    assert!(succeeded(output).contains("0 of 2"));
    board.with(|election| {
        for number in [2, 3] {
            let entries = hanpyo_testkit::check_with(
                &election.entries,
                hanpyo_ledger::record::Given::default(),
            );
            let share = &election.shares[number - 1];
            let payloads = entries
                .closed()
                .unwrap()
                .decrypt(share, &mut rand::rngs::OsRng)
                .unwrap();
            for payload in payloads {
                let entry = election.sign(payload);
                election.append(entry);
            }
        }
    });
    assert!(succeeded(operator.at(&board, &["publish"])).contains("finished"));
}

#[test]
fn results_of_a_contest_that_are_there_in_part_are_completed() {
    let mut spec = past(ElectionSpec::yes_no(8));
    spec.units = vec![None, None];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = u16::from(number % 2 == 1);
    }
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(1);
    election.close();
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(2);
    // The operator's program ended after the first of two entries.
    let closed = election.follow().closed().unwrap().clone();
    let groups = closed.contests[0].groups().iter();
    let values: Vec<_> = groups
        .map(|group| election.plain_sum(0, &group.units))
        .collect();
    assert_eq!(values.len(), 2);
    let whole = closed.contest_result(0, &values, 0).unwrap().remove(0);
    let part = ContestResult {
        groups: whole.groups[..1].to_vec().try_into().unwrap(),
        totals: Vec::new().try_into().unwrap(),
        ..whole
    };
    let part = election.sign(part);
    let before = election.append(part);

    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tally.age");
    drop(secret_file::<OperatorState>(
        &path,
        &board.state().election.keys.tally,
    ));
    let operator = Role::new("tally", &path);
    assert!(succeeded(operator.at(&board, &["publish"])).contains("finished"));
    let state = board.state();
    assert!(check(&state.election).failed().is_empty());
    let after = usize::try_from(before).unwrap() + 1;
    let Entry::ContestResult(rest) = state.election.entry(after) else {
        panic!("the rest of the result follows")
    };
    assert_eq!(rest.payload.groups.len(), 1);
    assert_eq!(state.election.entries.len(), after + 2);
}
