//! Honest ceremonies: every t of n, public recomputation, resuming, the drill (PROTOCOL.md section 8).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use ceremony_support::*;
use hanpyo_crypto::ceremony::{
    Attempt, CeremonyError, CeremonyOutcome, Committed, DrillError, DrillShare, Openings,
    Parameters, TrusteeState, drill_point,
};
use hanpyo_crypto::equality::EqualityError;

#[test]
fn every_quorum_of_small_ceremonies_ends_with_one_key() {
    for trustees in 3..=6 {
        for quorum in 2..trustees {
            let attempt = attempt(quorum, trustees);
            let public = outcome(&shared(attempt, 7));
            for share in key_shares(attempt, 7) {
                assert_eq!(share.outcome(), &public);
            }
        }
    }
}

#[test]
fn the_largest_ceremony_works() {
    let shares = key_shares(attempt(31, 32), 8);
    let drill = DrillShare::create(&shares[31], &mut rng(1));
    drill
        .verify(shares[0].outcome(), shares[31].trustee())
        .unwrap();
}

#[test]
fn parameters_and_attempts_out_of_range_are_refused() {
    for (quorum, trustees) in [
        (0, 3),
        (1, 3),
        (3, 3),
        (4, 3),
        (2, 2),
        (2, 33),
        (32, 33),
        (2, u64::MAX),
        (258, 259),
    ] {
        assert_eq!(
            Parameters::new(quorum, trustees),
            Err(CeremonyError::Parameters { quorum, trustees })
        );
    }
    let parameters = Parameters::new(2, 3).unwrap();
    for number in [0, 4, 257, u64::MAX] {
        assert!(matches!(
            parameters.trustee(number),
            Err(CeremonyError::UnknownTrustee { trustee, trustees: 3 }) if trustee == number
        ));
    }
    for number in [0, 1 << 32, u64::MAX] {
        assert_eq!(
            Attempt::new(MANIFEST, number, parameters),
            Err(CeremonyError::Attempt(number))
        );
    }
    let last = Attempt::new(MANIFEST, u64::from(u32::MAX), parameters).unwrap();
    assert_eq!(last.next(), Err(CeremonyError::Attempt(1 << 32)));
}

#[test]
fn an_index_of_a_larger_ceremony_is_refused() {
    let small = attempt(2, 3);
    let stranger = trustee(&attempt(2, 5), 5);
    let unknown = CeremonyError::UnknownTrustee {
        trustee: 5,
        trustees: 3,
    };
    assert_eq!(
        Committed::begin(small, stranger, &mut rng(1)).err(),
        Some(unknown.clone())
    );
    let states = shared(small, 1);
    assert_eq!(
        outcome(&states).verification_share(stranger),
        Err(unknown.clone())
    );
    assert_eq!(public_openings(&states).get(stranger).err(), Some(unknown));
}

#[test]
fn resumed_states_say_the_same_to_the_byte() {
    let attempt = attempt(3, 5);
    let all_commitments = commitments(&begin(attempt, 9));
    let all_openings = openings(&opened(attempt, 9));
    let all_lists = lists(&shared(attempt, 9));
    let all_confirmations = confirmations(&confirmed(attempt, 9));
    let trustees = begin(attempt, 9).into_iter().enumerate();
    for (place, state) in trustees {
        let TrusteeState::Committed(state) = saved(state) else {
            panic!("another kind");
        };
        assert_eq!(state.commitment(), all_commitments[place]);
        let TrusteeState::Opened(state) = saved(state.open(&all_commitments).unwrap()) else {
            panic!("another kind");
        };
        assert_eq!(state.opening(), &all_openings[place]);
        let TrusteeState::Shared(state) = saved(state.share(all_openings.clone()).unwrap()) else {
            panic!("another kind");
        };
        assert_eq!(state.share_list(), &all_lists[place]);
        let TrusteeState::Confirmed(state) = saved(confirm(state.receive(&all_lists).unwrap()))
        else {
            panic!("another kind");
        };
        assert_eq!(state.confirmation(), all_confirmations[place]);
        let TrusteeState::KeyShare(share) = saved(state.finish(&all_confirmations).unwrap()) else {
            panic!("another kind");
        };
        assert_eq!(share.trustee().position(), place);
    }
}

#[test]
fn an_older_saved_state_repeats_the_rounds_after_it() {
    let attempt = attempt(2, 3);
    let all_commitments = commitments(&begin(attempt, 10));
    let all_openings = openings(&opened(attempt, 10));
    let first = begin(attempt, 10).swap_remove(0);
    let bytes = TrusteeState::from(first).to_bytes();
    let again = || match TrusteeState::from_bytes(&bytes) {
        Ok(TrusteeState::Committed(state)) => state
            .open(&all_commitments)
            .unwrap()
            .share(all_openings.clone())
            .unwrap(),
        _ => panic!("another kind"),
    };
    assert_eq!(again().share_list(), again().share_list());
}

#[test]
fn share_nonces_depend_on_everybodys_openings() {
    let attempt = attempt(2, 3);
    // The same trustee 1, with the same seed, among others: it must not repeat its nonces.
    let list_among = |others: u64| {
        let mut states = begin(attempt, others);
        states[0] = begin(attempt, 11).swap_remove(0);
        let commitments = commitments(&states);
        let states: Vec<_> = states
            .into_iter()
            .map(|state| state.open(&commitments).unwrap())
            .collect();
        let openings = openings(&states);
        let first = states.into_iter().next().unwrap();
        first.share(openings).unwrap().share_list().clone()
    };
    let (one, two) = (list_among(12), list_among(13));
    assert_ne!(one.as_bytes()[..32], two.as_bytes()[..32]);
    assert_ne!(one.as_bytes()[64..96], two.as_bytes()[64..96]);
}

#[test]
fn a_restart_draws_everything_afresh_even_from_a_repeating_generator() {
    let first = attempt(2, 3);
    let second = first.next().unwrap();
    assert_eq!(second.number(), 2);
    let pieces = |attempt| -> std::collections::HashSet<[u8; 32]> {
        openings(&opened(attempt, 14))
            .iter()
            .flat_map(|opening| opening.as_bytes().as_chunks::<32>().0.to_vec())
            .collect()
    };
    assert!(pieces(first).is_disjoint(&pieces(second)));
    key_shares(second, 14);
}

#[test]
fn drill_shares_are_verified_per_trustee_and_ceremony() {
    let shares = key_shares(attempt(2, 3), 15);
    let outcome = shares[0].outcome();
    let mut rng = rng(16);
    let drills: Vec<_> = shares
        .iter()
        .map(|share| DrillShare::create(share, &mut rng))
        .collect();
    for (share, drill) in shares.iter().zip(&drills) {
        drill.verify(outcome, share.trustee()).unwrap();
        let again = DrillShare::decode(drill.point().as_bytes(), &drill.proof().encode()).unwrap();
        assert_eq!(&again, drill);
    }
    // Somebody else's drill share, and that of another ceremony.
    let refused = |trustee| DrillError::Proof {
        trustee,
        source: EqualityError::Challenge,
    };
    let second = shares[1].trustee();
    assert_eq!(drills[0].verify(outcome, second), Err(refused(second)));
    let other = key_shares(attempt(2, 3), 17);
    assert_ne!(drill_point(other[0].outcome()), drill_point(outcome));
    assert_eq!(
        drills[1].verify(other[0].outcome(), second),
        Err(refused(second))
    );
    // The right point of another share with the right proof of it, under this trustee's number.
    let moved = DrillShare::decode(drills[0].point().as_bytes(), &drills[1].proof().encode());
    assert_eq!(moved.unwrap().verify(outcome, second), Err(refused(second)));
}

#[test]
fn the_public_outcome_needs_all_lists_in_order() {
    let states = shared(attempt(2, 3), 18);
    let openings = public_openings(&states);
    let mut all = lists(&states);
    assert!(matches!(
        CeremonyOutcome::compute(&openings, &all[..2]),
        Err(CeremonyError::Count {
            expected: 3,
            found: 2,
            ..
        })
    ));
    all.swap(0, 1);
    assert!(matches!(
        CeremonyOutcome::compute(&openings, &all),
        Err(CeremonyError::Misplaced { expected, found, .. })
            if expected.number() == 1 && found.number() == 2
    ));
    let larger = lists(&shared(attempt(2, 4), 18));
    assert!(matches!(
        CeremonyOutcome::compute(&openings, &larger[..3]),
        Err(CeremonyError::Shape { trustee, .. }) if trustee.number() == 1
    ));
}

#[test]
fn openings_of_another_quorum_are_refused() {
    let commitments = commitments(&begin(attempt(2, 4), 19));
    let other = openings(&opened(attempt(3, 4), 19));
    // Even if committed to under the right attempt, they do not have this ceremony's shape.
    let committed: Vec<_> = attempt(2, 4)
        .parameters()
        .all()
        .zip(&other)
        .map(|(trustee, opening)| opening.commitment(&attempt(2, 4), trustee))
        .collect();
    assert!(matches!(
        Openings::verify(attempt(2, 4), &committed, other.clone()),
        Err(CeremonyError::Shape { trustee, .. }) if trustee.number() == 1
    ));
    assert!(matches!(
        Openings::verify(attempt(2, 4), &commitments, other),
        Err(CeremonyError::NotCommitted { .. })
    ));
}
