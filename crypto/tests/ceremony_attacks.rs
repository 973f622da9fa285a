//! Attacks on the key ceremony, each caught and pinned on its culprit (PROTOCOL.md section 8).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use ceremony_support::*;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{
    Attempt, CeremonyError, Complaint, ComplaintError, Confirmation, Judgement, Message, Opening,
    Openings, ShareList, Shared, TrusteeState, Verdict, judge_complaint,
};
use hanpyo_crypto::equality::{EncodedPoint, EqualityError};

fn point(bytes: &[u8]) -> RistrettoPoint {
    CompressedRistretto::from_slice(bytes)
        .unwrap()
        .decompress()
        .unwrap()
}

/// Checks `opening` as trustee `number`'s, committed to exactly as it is.
fn verify_as(attempt: &Attempt, number: u64, opening: &Opening) -> Result<(), CeremonyError> {
    let trustee = trustee(attempt, number);
    opening.verify(attempt, trustee, &opening.commitment(attempt, trustee))
}

#[test]
fn rogue_key_fails_the_proof_of_possession() {
    let attempt = attempt(2, 3);
    let honest = openings(&opened(attempt, 1));
    // Trustee 3 wants K = T, whose logarithm it knows: A_0 = T - A_{1,0} - A_{2,0}.
    let target = RistrettoPoint::mul_base(&Scalar::from(1234_u32));
    let rogue = target - point(&honest[0].as_bytes()[..32]) - point(&honest[1].as_bytes()[..32]);
    let mut bytes = honest[2].as_bytes().to_vec();
    bytes[..32].copy_from_slice(rogue.compress().as_bytes());
    let opening = Opening::decode(attempt.parameters(), &bytes).unwrap();
    assert_eq!(
        verify_as(&attempt, 3, &opening),
        Err(CeremonyError::Possession {
            trustee: trustee(&attempt, 3),
            secret: 0
        })
    );
}

#[test]
fn rushing_trustee_cannot_open_something_else() {
    let attempt = attempt(2, 3);
    let states = begin(attempt, 2);
    let all = commitments(&states);
    let mut said = openings(
        &states
            .into_iter()
            .map(|state| state.open(&all).unwrap())
            .collect::<Vec<_>>(),
    );
    // Trustee 2 has seen the others' openings and prefers another, valid one.
    said[1] = opened(attempt, 3)[1].opening().clone();
    let error = Openings::verify(attempt, &all, said.clone()).unwrap_err();
    assert_eq!(
        error,
        CeremonyError::NotCommitted {
            trustee: trustee(&attempt, 2),
            committed: all[1].0,
            opened: said[1].commitment(&attempt, trustee(&attempt, 2)).0,
        }
    );
    // An honest trustee refuses to deal shares then.
    let honest = opened(attempt, 2).swap_remove(0);
    assert_eq!(honest.share(said).err(), Some(error));
}

#[test]
fn copied_commitment_cannot_be_opened_with_the_copied_opening() {
    let attempt = attempt(2, 3);
    let mut all = commitments(&begin(attempt, 4));
    all[1] = all[0];
    let mut said = openings(&opened(attempt, 4));
    said[1] = said[0].clone();
    assert!(matches!(
        Openings::verify(attempt, &all, said),
        Err(CeremonyError::NotCommitted { trustee, .. }) if trustee.number() == 2
    ));
}

#[test]
fn copied_opening_fails_under_another_number() {
    let attempt = attempt(2, 3);
    let said = openings(&opened(attempt, 5));
    verify_as(&attempt, 1, &said[0]).unwrap();
    assert_eq!(
        verify_as(&attempt, 2, &said[0]),
        Err(CeremonyError::Possession {
            trustee: trustee(&attempt, 2),
            secret: 0
        })
    );
}

#[test]
fn replays_from_another_attempt_manifest_or_size_fail() {
    let attempt = attempt(2, 3);
    let said = openings(&opened(attempt, 6));
    let other_manifest = Attempt::new([0x4e; 32], 1, attempt.parameters()).unwrap();
    let other_size = ceremony_support::attempt(2, 4);
    for elsewhere in [attempt.next().unwrap(), other_manifest, other_size] {
        assert_eq!(
            verify_as(&elsewhere, 1, &said[0]),
            Err(CeremonyError::Possession {
                trustee: trustee(&attempt, 1),
                secret: 0
            })
        );
        let one = trustee(&attempt, 1);
        let replayed = said[0].commitment(&attempt, one);
        if elsewhere != other_size {
            assert!(matches!(
                said[0].check_commitment(&elsewhere, one, &replayed),
                Err(CeremonyError::NotCommitted { .. })
            ));
        }
    }
}

#[test]
fn aborting_trustee_stops_each_round() {
    let attempt = attempt(2, 3);
    let missing = |message| {
        Some(CeremonyError::Count {
            message,
            expected: 3,
            found: 2,
        })
    };
    let states = begin(attempt, 7);
    let all = commitments(&states);
    let first = states.into_iter().next().unwrap();
    assert_eq!(first.open(&all[..2]).err(), missing(Message::Commitment));

    let mut states = opened(attempt, 7);
    let all = openings(&states);
    assert_eq!(
        states.swap_remove(0).share(all[..2].to_vec()).err(),
        missing(Message::Opening)
    );

    let mut states = shared(attempt, 7);
    let all = lists(&states);
    assert_eq!(
        states.swap_remove(0).receive(&all[..2]).err(),
        missing(Message::ShareList)
    );

    let mut states = confirmed(attempt, 7);
    let all = confirmations(&states);
    assert_eq!(
        states.swap_remove(0).finish(&all[..2]).err(),
        missing(Message::Confirmation)
    );
}

#[test]
fn a_board_that_changes_our_own_message_is_noticed() {
    let attempt = attempt(2, 3);
    let ours = |message| {
        Some(CeremonyError::NotOurs {
            message,
            trustee: trustee(&attempt, 1),
        })
    };
    let mut states = begin(attempt, 8);
    let mut all = commitments(&states);
    all[0].0[0] ^= 1;
    assert_eq!(
        states.swap_remove(0).open(&all).err(),
        ours(Message::Commitment)
    );

    let mut states = opened(attempt, 8);
    let mut all = openings(&states);
    all[0] = openings(&opened(attempt, 9)).swap_remove(0);
    assert_eq!(
        states.swap_remove(0).share(all).err(),
        ours(Message::Opening)
    );

    let mut states = shared(attempt, 8);
    let mut all = lists(&states);
    all[0] = with_wrong_share(&attempt, &all[0], 0);
    assert_eq!(
        states.swap_remove(0).receive(&all).err(),
        ours(Message::ShareList)
    );
}

/// Trustee `number` of `states` receives `lists`.
fn receive(states: Vec<Shared>, number: usize, lists: &[ShareList]) -> Complaint {
    let state = states.into_iter().nth(number - 1).unwrap();
    *complain(state.receive(lists).unwrap()).complaint()
}

#[test]
fn a_wrong_share_leads_to_a_complaint_that_names_the_dealer() {
    let attempt = attempt(3, 5);
    for dealer in 1..=5_usize {
        for recipient in (1..=5).filter(|recipient| *recipient != dealer) {
            let states = shared(attempt, 10);
            let public = public_openings(&states);
            let mut all = lists(&states);
            let place = if recipient < dealer {
                recipient - 1
            } else {
                recipient - 2
            };
            all[dealer - 1] = with_wrong_share(&attempt, &all[dealer - 1], place);
            let complaint = receive(states, recipient, &all);
            assert_eq!(complaint.complainant().position(), recipient - 1);
            assert_eq!(complaint.accused().position(), dealer - 1);
            assert_eq!(
                judge_complaint(&public, &all[dealer - 1], &complaint),
                Ok(Judgement {
                    culprit: complaint.accused(),
                    verdict: Verdict::WrongShare
                })
            );
        }
    }
}

#[test]
fn every_changed_byte_range_of_a_share_list_hurts_its_dealer_only() {
    let attempt = attempt(2, 4);
    // Lists of trustee 1 for recipients 2, 3, 4: E and m each.
    for field in 0..6 {
        for byte in [0, 15, 31] {
            let states = shared(attempt, 11);
            let public = public_openings(&states);
            let mut all = lists(&states);
            let mut bytes = all[0].as_bytes().to_vec();
            bytes[32 * field + byte] ^= 1;
            let Ok(list) = ShareList::decode(attempt.parameters(), all[0].dealer(), &bytes) else {
                continue;
            };
            all[0] = list;
            let complaint = receive(states, field / 2 + 2, &all);
            let judgement = judge_complaint(&public, &all[0], &complaint).unwrap();
            assert_eq!(judgement.culprit.number(), 1);
        }
    }
}

/// A proven complaint of trustee 2 about trustee 1's right share: it pretends to have seen a wrong one.
fn false_complaint(attempt: Attempt, seed: u64) -> (Openings, Vec<ShareList>, Complaint) {
    let states = shared(attempt, seed);
    let public = public_openings(&states);
    let all = lists(&states);
    let mut pretended = all.clone();
    pretended[0] = with_wrong_share(&attempt, &all[0], 0);
    let complaint = receive(states, 2, &pretended);
    (public, all, complaint)
}

#[test]
fn a_false_complaint_names_the_complainant() {
    let attempt = attempt(2, 3);
    let (public, all, complaint) = false_complaint(attempt, 12);
    assert_eq!(
        judge_complaint(&public, &all[0], &complaint),
        Ok(Judgement {
            culprit: trustee(&attempt, 2),
            verdict: Verdict::FalseComplaint
        })
    );
}

#[test]
fn forged_complaints_are_refused() {
    let attempt = attempt(2, 3);
    let (public, all, complaint) = false_complaint(attempt, 13);
    let (one, two, three) = (
        trustee(&attempt, 1),
        trustee(&attempt, 2),
        trustee(&attempt, 3),
    );
    let refused = |complainant, accused| {
        Err(ComplaintError::Proof {
            complainant,
            accused,
            source: EqualityError::Challenge,
        })
    };
    let shared_point = *complaint.shared().as_bytes();
    let proof = complaint.proof().encode();

    // A made-up S would make any right share look wrong.
    let made_up = EncodedPoint::new(complaint.shared().point() + complaint.shared().point());
    let forged = Complaint::decode(two, one, made_up.as_bytes(), &proof).unwrap();
    assert_eq!(
        judge_complaint(&public, &all[0], &forged),
        refused(two, one)
    );
    // Every part of the proof counts.
    for byte in [0, 32] {
        let mut changed = proof;
        changed[byte] ^= 1;
        let forged = Complaint::decode(two, one, &shared_point, &changed).unwrap();
        assert_eq!(
            judge_complaint(&public, &all[0], &forged),
            refused(two, one)
        );
    }
    // Another complainant, another accused, itself, another attempt's ceremony.
    let moved = Complaint::decode(three, one, &shared_point, &proof).unwrap();
    assert_eq!(
        judge_complaint(&public, &all[0], &moved),
        refused(three, one)
    );
    let moved = Complaint::decode(two, three, &shared_point, &proof).unwrap();
    assert_eq!(
        judge_complaint(&public, &all[2], &moved),
        refused(two, three)
    );
    assert_eq!(
        judge_complaint(&public, &all[0], &moved),
        Err(ComplaintError::OtherDealer {
            accused: three,
            dealer: one
        })
    );
    let itself = Complaint::decode(one, one, &shared_point, &proof).unwrap();
    assert_eq!(
        judge_complaint(&public, &all[0], &itself),
        Err(ComplaintError::AboutItself(one))
    );
    let later = shared(attempt.next().unwrap(), 13);
    assert_eq!(
        judge_complaint(&public_openings(&later), &lists(&later)[0], &complaint),
        refused(two, one)
    );
}

#[test]
fn a_complaint_ends_the_attempt_for_good() {
    let attempt = attempt(2, 3);
    let states = shared(attempt, 14);
    let mut all = lists(&states);
    all[0] = with_wrong_share(&attempt, &all[0], 0);
    let state = states.into_iter().nth(1).unwrap();
    let complained = complain(state.receive(&all).unwrap());
    let complaint = *complained.complaint();
    // What is kept is the complaint and no secret: 45 bytes of identity, the accused, S, proof.
    let kept = TrusteeState::from(complained);
    assert_eq!(kept.to_bytes().len(), 45 + 1 + 32 + 64);
    let TrusteeState::Complained(kept) = saved(kept) else {
        panic!("another kind");
    };
    assert_eq!(kept.complaint(), &complaint);
    assert_eq!(kept.attempt(), &attempt);
}

#[test]
fn equivocating_dealer_is_found_by_the_confirmations() {
    let attempt = attempt(2, 4);
    let states = shared(attempt, 15);
    let all = lists(&states);
    // Trustee 1 shows trustee 2 a list in which only trustee 3's share is wrong.
    let mut shown_to_two = all.clone();
    shown_to_two[0] = with_wrong_share(&attempt, &all[0], 1);
    let confirmed: Vec<_> = states
        .into_iter()
        .enumerate()
        .map(|(place, state)| {
            let board = if place == 1 { &shown_to_two } else { &all };
            confirm(state.receive(board).unwrap())
        })
        .collect();
    let said = confirmations(&confirmed);
    assert_eq!(said[1].joint_key, said[0].joint_key);
    let disagrees = |number| {
        Some(CeremonyError::Disagreement {
            trustee: trustee(&attempt, number),
            what: "transcript",
        })
    };
    for (place, state) in confirmed.into_iter().enumerate() {
        let expected = if place == 1 {
            disagrees(1)
        } else {
            disagrees(2)
        };
        assert_eq!(state.finish(&said).err(), expected);
    }
}

#[test]
fn every_field_of_a_confirmation_is_compared() {
    let attempt = attempt(2, 3);
    let good = confirmations(&confirmed(attempt, 16));
    let public = outcome(&shared(attempt, 16));
    public.check_confirmations(&good).unwrap();
    let changed = |change: fn(&mut Confirmation)| {
        let mut said = good.clone();
        change(&mut said[2]);
        public.check_confirmations(&said)
    };
    let disagrees = |what| {
        Err(CeremonyError::Disagreement {
            trustee: trustee(&attempt, 3),
            what,
        })
    };
    assert_eq!(changed(|c| c.attempt += 1), disagrees("attempt"));
    assert_eq!(
        changed(|c| c.transcript_hash[31] ^= 1),
        disagrees("transcript")
    );
    assert_eq!(changed(|c| c.joint_key[0] ^= 1), disagrees("joint key"));
    let mut swapped = good.clone();
    swapped.swap(0, 1);
    assert!(matches!(
        public.check_confirmations(&swapped),
        Err(CeremonyError::Misplaced {
            message: Message::Confirmation,
            ..
        })
    ));
}

#[test]
fn every_changed_field_of_an_opening_fails_its_proof() {
    let attempt = attempt(3, 5);
    let opening = opened(attempt, 17)[1].opening().clone();
    let fields = opening.as_bytes().len() / 32;
    assert_eq!(fields, 3 * 3 + 3);
    let other = RistrettoPoint::mul_base(&Scalar::from(99_u8)).compress();
    for field in 0..fields {
        let mut bytes = opening.as_bytes().to_vec();
        // Another valid point or scalar, so that decoding passes and the proof has to notice.
        let points = 3 + 1 + 4;
        if field < points {
            bytes[32 * field..32 * field + 32].copy_from_slice(other.as_bytes());
        } else {
            bytes[32 * field] ^= 1;
        }
        let changed = Opening::decode(attempt.parameters(), &bytes).unwrap();
        assert!(
            matches!(
                verify_as(&attempt, 2, &changed),
                Err(CeremonyError::Possession { trustee, .. }) if trustee.number() == 2
            ),
            "field {field}"
        );
        // And without a new commitment the hash notices first.
        let committed = opening.commitment(&attempt, trustee(&attempt, 2));
        assert!(matches!(
            changed.verify(&attempt, trustee(&attempt, 2), &committed),
            Err(CeremonyError::NotCommitted { .. })
        ));
    }
}
