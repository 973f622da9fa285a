//! Attacks on the key ceremony: check 4.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{Received, Verdict};
use hanpyo_ledger::entry::bounded::Text;
use hanpyo_ledger::entry::{CeremonyRestart, EncodedPoint, Entry, Hash, TrusteeNumber};
use hanpyo_ledger::record::{CheckNumber, CheckStatus};
use hanpyo_testkit::{Dealt, Election, ElectionSpec};
use record_support::{assert_counted, assert_fails, cheated, complaint_entry, read};

const CEREMONY: &[CheckNumber] = &[CheckNumber::Ceremony];

fn trustee(place: usize) -> TrusteeNumber {
    TrusteeNumber::try_from(place + 1).unwrap()
}

/// Changes the entry for which `is_it` holds, signs it again and completes the election.
fn changed(is_it: impl Fn(&Entry) -> bool, change: impl FnOnce(&mut Entry)) -> (Election, u64) {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.set_up();
    let (index, mut entry) = election.find(is_it);
    change(&mut entry);
    election.entries[index] = election.resign(entry).encode().unwrap();
    election.open();
    election.vote_at_random(2);
    election.finish();
    (election, index as u64)
}

#[test]
fn the_commission_cannot_state_another_key() {
    // A key whose secret it knows: voters encrypt under the key that the trustees made all the same.
    let own = EncodedPoint::from(&(G * Scalar::from(5u64)));
    let (election, at) = changed(
        |entry| matches!(entry, Entry::JointKey(_)),
        |entry| {
            let Entry::JointKey(signed) = entry else {
                unreachable!()
            };
            signed.payload.joint_key_point = own;
        },
    );
    assert_fails(&election, CEREMONY, at);
    assert_counted(&election, 0);
}

#[test]
fn verification_shares_are_recomputed() {
    let (election, at) = changed(
        |entry| matches!(entry, Entry::JointKey(_)),
        |entry| {
            let Entry::JointKey(signed) = entry else {
                unreachable!()
            };
            let mut shares = signed.payload.shares.to_vec();
            shares.swap(0, 1);
            signed.payload.shares = shares.try_into().unwrap();
        },
    );
    assert_fails(&election, CEREMONY, at);
}

#[test]
fn a_trustee_that_saw_something_else_is_noticed() {
    for part in 0..2 {
        let (election, at) = changed(
            |entry| matches!(entry, Entry::CeremonyConfirmation(_)),
            |entry| {
                let Entry::CeremonyConfirmation(signed) = entry else {
                    unreachable!()
                };
                if part == 0 {
                    signed.payload.transcript = Hash([1; 32]);
                } else {
                    signed.payload.joint_key_point = EncodedPoint::from(&G);
                }
            },
        );
        assert_fails(&election, CEREMONY, at);
    }
}

#[test]
fn a_share_that_does_not_work_is_noticed_before_opening() {
    let (election, at) = changed(
        |entry| matches!(entry, Entry::Drill(_)),
        |entry| {
            let Entry::Drill(signed) = entry else {
                unreachable!()
            };
            signed.payload.decryption = EncodedPoint::from(&G);
        },
    );
    assert_fails(&election, CEREMONY, at);
}

fn restart_and_complete(election: &mut Election) {
    let restart = election.sign(CeremonyRestart {
        new_attempt: 2u64.try_into().unwrap(),
        reason: Text::new("이의 제기").unwrap(),
    });
    election.append(restart);
    election.run_attempt(2);
    election.publish_drills();
    election.publish_roll();
    election.open();
    election.vote_at_random(2);
    election.finish();
}

#[test]
fn a_wrong_share_is_proven_and_the_ceremony_starts_again() {
    let (mut election, Dealt { shared, lists }) = cheated();
    let mut shared = shared.into_iter().skip(1);
    let Received::Complained(complained) = shared.next().unwrap().receive(&lists).unwrap() else {
        panic!("the share is wrong")
    };
    let entry = complaint_entry(&complained);
    let signed = election.sign(entry);
    election.append(signed);
    restart_and_complete(&mut election);
    assert_eq!(hanpyo_testkit::check(&election).failed(), []);
    let checker = read(&election);
    let judged = checker.judgements();
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].culprit.number(), 1);
    assert_eq!(judged[0].verdict, Verdict::WrongShare);
    assert_eq!(checker.ceremony_attempt(), Some(2));
}

#[test]
fn an_unproven_complaint_convicts_nobody() {
    let (mut election, Dealt { shared, lists }) = cheated();
    let mut shared = shared.into_iter().skip(1);
    let Received::Complained(complained) = shared.next().unwrap().receive(&lists).unwrap() else {
        panic!("the share is wrong")
    };
    let mut entry = complaint_entry(&complained);
    entry.shared = EncodedPoint::from(&G);
    let signed = election.sign(entry);
    let at = election.append(signed);
    restart_and_complete(&mut election);
    assert_fails(&election, CEREMONY, at);
    assert!(read(&election).judgements().is_empty());
}

#[test]
fn after_a_complaint_only_a_restart_follows() {
    let (mut election, Dealt { shared, lists }) = cheated();
    let mut shared = shared.into_iter().skip(1);
    let Received::Complained(complained) = shared.next().unwrap().receive(&lists).unwrap() else {
        panic!("the share is wrong")
    };
    let Received::Confirmed(confirmed) = shared.next().unwrap().receive(&lists).unwrap() else {
        panic!("trustee 3 has right shares")
    };
    let entry = complaint_entry(&complained);
    let signed = election.sign(entry);
    election.append(signed);
    let confirmation = confirmed.confirmation();
    let signed = election.sign(hanpyo_ledger::entry::CeremonyConfirmation {
        attempt: 1u64.try_into().unwrap(),
        trustee: trustee(2),
        transcript: Hash(confirmation.transcript_hash),
        joint_key_point: EncodedPoint(confirmation.joint_key),
    });
    let at = election.append(signed);
    restart_and_complete(&mut election);
    assert_fails(&election, &[CheckNumber::Order], at);
}

#[test]
fn attempts_are_numbered_without_gaps() {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    let restart = election.sign(CeremonyRestart {
        new_attempt: 3u64.try_into().unwrap(),
        reason: Text::new("다시").unwrap(),
    });
    let at = election.append(restart);
    election.complete();
    assert_fails(&election, &[CheckNumber::Order], at);
}

#[test]
fn messages_of_another_attempt_are_out_of_place() {
    // Everything of attempt 1 again after the restart: nothing of it counts.
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.run_ceremony();
    election.entries.pop();
    let old = election.entries[1..].to_vec();
    let restart = election.sign(CeremonyRestart {
        new_attempt: 2u64.try_into().unwrap(),
        reason: Text::new("다시").unwrap(),
    });
    let at = election.append(restart) + 1;
    old.into_iter().for_each(|entry| {
        election.append_bytes(entry);
    });
    election.run_attempt(2);
    election.publish_drills();
    election.publish_roll();
    election.open();
    election.vote_at_random(2);
    election.finish();
    assert_fails(&election, &[CheckNumber::Order], at);
}

#[test]
fn without_a_usable_key_nothing_is_said_to_be_checked() {
    // An unsound ceremony and a joint key that is no point.
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.set_up();
    let (index, Entry::CeremonyOpening(mut opening)) =
        election.find(|entry| matches!(entry, Entry::CeremonyOpening(_)))
    else {
        unreachable!()
    };
    let mut bytes = opening.payload.opening.to_vec();
    bytes[0] ^= 1;
    opening.payload.opening = bytes.try_into().unwrap();
    let resigned = election.resign(Entry::CeremonyOpening(opening));
    election.entries[index] = resigned.encode().unwrap();
    let (index, Entry::JointKey(mut key)) =
        election.find(|entry| matches!(entry, Entry::JointKey(_)))
    else {
        unreachable!()
    };
    key.payload.joint_key_point = EncodedPoint([0xff; 32]);
    let resigned = election.resign(Entry::JointKey(key));
    election.entries[index] = resigned.encode().unwrap();
    let report = hanpyo_testkit::check(&election);
    assert!(report.failed().contains(&CheckNumber::Ceremony));
    for check in [CheckNumber::Roll, CheckNumber::Ballots, CheckNumber::Result] {
        let status = report.status(check);
        assert!(
            matches!(status, CheckStatus::NotChecked(_)),
            "{check}: {status:?}"
        );
    }
}
