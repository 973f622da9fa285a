//! The key ceremony and the drill through secret files and a board: restarts, interruptions, restored copies.

use std::fs;

use crate::support::trustees::Trustees;
use crate::support::{self, TestBoard, past};
use hanpyo_ledger::entry::CeremonyRestart;
use hanpyo_ledger::record::{CheckNumber, CheckStatus, Phase};
use hanpyo_tally::board::BoardError;
use hanpyo_tally::session::SessionError;
use hanpyo_tally::trustee::ceremony::StepError;
use hanpyo_tally::trustee::run::{Ended, Part, TrusteeError};
use hanpyo_tally::trustee::state::MemoryError;
use hanpyo_testkit::{Election, ElectionSpec, check};

fn set_up(seed: u64) -> (TestBoard, Trustees) {
    assert_eq!(seed, 1, "the test board serves election 1");
    let board = TestBoard::serve(Election::new(past(ElectionSpec::yes_no(4))));
    let trustees = Trustees::init(&board);
    (board, trustees)
}

fn restart(board: &TestBoard, attempt: u64) {
    board.with(|election| {
        let restart = CeremonyRestart {
            new_attempt: attempt.try_into().unwrap(),
            reason: hanpyo_ledger::entry::Reason::new("참석 불가".to_owned()).unwrap(),
        };
        let entry = election.sign(restart);
        election.append(entry);
    });
}

#[test]
fn trustees_who_are_never_online_together_make_a_key_and_drill() {
    let (board, trustees) = set_up(1);
    trustees.make_key(&board);
    let mut state = board.state();
    assert_eq!(state.follow().phase(), Phase::Roll);
    let report = check(&state.election);
    assert!(matches!(
        report.status(CheckNumber::Ceremony),
        CheckStatus::Pass
    ));
    assert!(report.failed().is_empty());
}

#[test]
fn a_restart_begins_afresh_and_everyone_gets_another_share() {
    let (board, trustees) = set_up(1);
    for number in 1..=3 {
        trustees.run(&board, number, Part::Ceremony).unwrap();
    }
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    let before = trustees
        .open(1)
        .state()
        .ceremony()
        .unwrap()
        .unwrap()
        .to_bytes();
    restart(&board, 2);
    trustees.make_key(&board);
    let after = trustees.open(1).state().share().unwrap();
    assert_eq!(after.outcome().attempt().number(), 2);
    assert_ne!(
        before.as_slice(),
        trustees
            .open(1)
            .state()
            .ceremony()
            .unwrap()
            .unwrap()
            .to_bytes()
            .as_slice()
    );
    assert!(check(&board.state().election).failed().is_empty());
}

/// Every save of a secret file is a point where a crash leaves either the old or the new contents, with the message
/// published or not. Going on from each of them ends in the same key.
#[test]
fn a_crash_before_or_after_any_save_or_post_is_mended_by_running_again() {
    let (board, trustees) = set_up(1);
    let path = trustees.path(1);
    for part in [Part::Ceremony, Part::Drill] {
        for round in 0..8 {
            let old = fs::read(&path).unwrap();
            // The answer to the post is lost: the program fails after saving, the board may have the entry.
            board.state().faults.lost_answers = 1;
            let first = trustees.run(&board, 1, part);
            // A busy server: saved, not posted.
            board.state().faults.busy = 3;
            let again = trustees.run(&board, 1, part).unwrap();
            assert!(first.is_ok(), "{:?}", first.err());
            // Torn temporary files of a killed write neither count nor hinder.
            fs::write(
                trustees.folder.path().join(".trustee1.age.partial"),
                &old[..old.len() / 2],
            )
            .unwrap();
            let others: Vec<_> = (2..=3)
                .map(|number| trustees.run(&board, number, part).unwrap())
                .collect();
            if others
                .iter()
                .chain([&again])
                .all(|ended| matches!(ended, Ended::Done(_)))
            {
                break;
            }
            assert!(round < 7, "{again:?}");
        }
    }
    let state = board.state();
    assert!(check(&state.election).failed().is_empty());
}

#[test]
fn saved_but_never_posted_is_posted_to_the_byte_by_the_next_run() {
    let (board, trustees) = set_up(1);
    board.state().faults.busy = u32::MAX;
    for round in 0..2 {
        let failed = trustees.run(&board, 1, Part::Ceremony);
        assert!(
            matches!(failed, Err(TrusteeError::Session(SessionError::Api(_)))),
            "round {round}"
        );
    }
    let saved = trustees
        .open(1)
        .state()
        .ceremony()
        .unwrap()
        .unwrap()
        .to_bytes();
    board.state().faults.busy = 0;
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    assert_eq!(
        trustees
            .open(1)
            .state()
            .ceremony()
            .unwrap()
            .unwrap()
            .to_bytes(),
        saved
    );
    assert_eq!(board.state().election.entries.len(), 2);
}

#[test]
fn an_older_copy_of_the_secret_file_goes_on_or_refuses_but_never_says_two_things() {
    let (board, trustees) = set_up(1);
    let path = trustees.path(1);
    let empty = fs::read(&path).unwrap();
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    let committed = fs::read(&path).unwrap();
    for number in [2, 3, 1, 2, 3, 1] {
        trustees.run(&board, number, Part::Ceremony).unwrap();
    }
    let entries = board.state().election.entries.len();
    // From before the commitment: it would have to draw new secrets under a published commitment.
    fs::write(&path, &empty).unwrap();
    let refused = trustees.run(&board, 1, Part::Ceremony);
    assert!(
        matches!(
            refused,
            Err(TrusteeError::Step(StepError::Forgotten { attempt: 1 }))
        ),
        "{refused:?}"
    );
    assert_eq!(board.state().election.entries.len(), entries);
    // From after it: everything follows from the seed that was saved first.
    fs::write(&path, &committed).unwrap();
    trustees.make_key(&board);
    assert!(check(&board.state().election).failed().is_empty());
}

#[test]
fn a_board_that_goes_back_to_an_older_attempt_is_refused() {
    let (board, trustees) = set_up(1);
    let short = board.state().election.entries.clone();
    restart(&board, 2);
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    board.state().election.entries = short;
    let mut state = board.state();
    state.republish();
    drop(state);
    // The tree verified before is remembered beside the secret file.
    let refused = trustees.run(&board, 1, Part::Ceremony);
    assert!(
        matches!(
            refused,
            Err(TrusteeError::Session(SessionError::Board(
                BoardError::RolledBack { .. }
            )))
        ),
        "{refused:?}"
    );
    // Without that file the secret file itself knows the newer attempt.
    fs::remove_file(trustees.folder.path().join("trustee1.age.verified")).unwrap();
    let refused = trustees.run(&board, 1, Part::Ceremony);
    assert!(
        matches!(
            refused,
            Err(TrusteeError::Step(StepError::OlderAttempt {
                board: 1,
                ours: 2
            }))
        ),
        "{refused:?}"
    );
}

#[test]
fn another_manifest_is_refused_once_a_file_was_used() {
    let (board, trustees) = set_up(1);
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    // The same keys, another manifest, in its own record: the server swaps the election.
    let election = Election::with_manifest(past(ElectionSpec::yes_no(4)), |manifest| {
        manifest.counting.floor = 2_u64.try_into().unwrap();
    });
    let other = TestBoard::serve(election);
    fs::remove_file(trustees.folder.path().join("trustee1.age.verified")).unwrap();
    let refused = trustees.run(&other, 1, Part::Ceremony);
    assert!(
        matches!(
            refused,
            Err(TrusteeError::Step(StepError::Memory(
                MemoryError::OtherManifest
            )))
        ),
        "{refused:?}"
    );
    assert_eq!(other.state().election.entries.len(), 1);
}

#[test]
fn a_key_that_the_manifest_does_not_name_is_refused() {
    let (board, _) = set_up(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stranger.age");
    let stranger = hanpyo_ledger::signature::SigningKey::from_seed(&[9; 32]);
    let mut file = support::secret_file(&path, &stranger);
    let mut session = board.session(&path);
    let refused = hanpyo_tally::trustee::run::run_part(
        Part::Ceremony,
        &mut file,
        &mut session,
        hanpyo_tally::trustee::run::Patience::Stop,
        &mut |_| {},
    );
    assert!(matches!(refused, Err(TrusteeError::Key(_))));
}

#[test]
fn a_wrong_share_leads_to_a_complaint_and_a_restart() {
    use hanpyo_crypto::ceremony::{Attempt, Committed, Opening};
    use hanpyo_ledger::entry::{CeremonyCommitment, CeremonyOpening, CeremonyShares, Entry, Hash};

    let (board, trustees) = set_up(1);
    // Trustee 3 is played by hand and deals trustee 1 a wrong share.
    let (parameters, hash) = {
        let state = board.state();
        (state.election.parameters(), state.election.hash.0)
    };
    let attempt = Attempt::new(hash, 1, parameters).unwrap();
    let third = parameters.trustee(3).unwrap();
    let number = |n: u64| n.try_into().unwrap();
    let committed = Committed::begin(attempt, third, &mut rand::rngs::OsRng).unwrap();
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    trustees.run(&board, 2, Part::Ceremony).unwrap();
    board.with(|election| {
        let hash = Hash(committed.commitment().0);
        let entry = election.sign(CeremonyCommitment {
            attempt: 1u64.try_into().unwrap(),
            trustee: number(3),
            hash,
        });
        election.append(entry);
    });
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    trustees.run(&board, 2, Part::Ceremony).unwrap();
    let commitments: Vec<_> = entries(&board, |entry| match entry {
        Entry::CeremonyCommitment(signed) => {
            Some((signed.payload.trustee.get(), signed.payload.hash))
        }
        _ => None,
    })
    .into_iter()
    .map(|(_, hash)| hanpyo_crypto::ceremony::Commitment(hash.0))
    .collect();
    let opened = committed.open(&commitments).unwrap();
    board.with(|election| {
        let opening = opened.opening().as_bytes().to_vec().try_into().unwrap();
        let entry = election.sign(CeremonyOpening {
            attempt: 1u64.try_into().unwrap(),
            trustee: number(3),
            opening,
        });
        election.append(entry);
    });
    trustees.run(&board, 1, Part::Ceremony).unwrap();
    trustees.run(&board, 2, Part::Ceremony).unwrap();
    let openings: Vec<_> = entries(&board, |entry| match entry {
        Entry::CeremonyOpening(signed) => Some((
            signed.payload.trustee.get(),
            signed.payload.opening.to_vec(),
        )),
        _ => None,
    })
    .into_iter()
    .map(|(_, bytes)| Opening::decode(parameters, &bytes).unwrap())
    .collect();
    let shared = opened.share(openings).unwrap();
    let mut bytes = shared.share_list().as_bytes().to_vec();
    bytes[32] ^= 1; // the first byte of the masked share for trustee 1
    board.with(|election| {
        let entry = election.sign(CeremonyShares {
            attempt: 1u64.try_into().unwrap(),
            trustee: number(3),
            shares: bytes.try_into().unwrap(),
        });
        election.append(entry);
    });
    let ended = trustees.run(&board, 1, Part::Ceremony).unwrap();
    assert!(
        matches!(ended, Ended::Waiting(ref what) if what.contains("restart")),
        "{ended:?}"
    );
    {
        let mut state = board.state();
        let judgements = state.follow().judgements().to_vec();
        assert_eq!(judgements.len(), 1);
        assert_eq!(judgements[0].culprit, third);
    }
    // Nobody confirms after a complaint, and the restarted ceremony succeeds.
    let ended = trustees.run(&board, 2, Part::Ceremony).unwrap();
    assert!(
        matches!(ended, Ended::Waiting(ref what) if what.contains("restart")),
        "{ended:?}"
    );
    restart(&board, 2);
    trustees.make_key(&board);
}

fn entries<T: Ord>(
    board: &TestBoard,
    pick: impl Fn(hanpyo_ledger::entry::Entry) -> Option<T>,
) -> Vec<T> {
    let state = board.state();
    let mut found: Vec<T> = state
        .election
        .entries
        .iter()
        .filter_map(|bytes| pick(hanpyo_ledger::entry::Entry::decode(bytes).unwrap()))
        .collect();
    found.sort();
    found
}
