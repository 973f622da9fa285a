//! Threshold decryption: every subset of t, never fewer; proofs bound to what they decrypt
//! (PROTOCOL.md section 9.3).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use ceremony_support::*;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{CeremonyError, KeyShare, Parameters, TrusteeIndex};
use hanpyo_crypto::decryption::{
    Claim, ClosedTree, Combination, CombinationError, DecryptionError, PartialDecryption,
    SumPosition, verify_all,
};
use hanpyo_crypto::elgamal::{Ciphertext, JointKey};
use hanpyo_crypto::equality::EqualityError;
use hanpyo_crypto::group;

const TREE: ClosedTree = ClosedTree {
    root: [0x72; 32],
    size: 10_000_000,
};
const AT: SumPosition = SumPosition {
    contest: 1,
    group: 2,
    position: 3,
};

/// An encrypted sum of `value`.
fn sum(share: &KeyShare, value: u64, seed: u64) -> Ciphertext {
    let key = JointKey::decode(share.outcome().joint_key().as_bytes()).unwrap();
    key.encrypt(&Scalar::from(value), &Scalar::random(&mut rng(seed)))
}

fn partials(
    shares: &[KeyShare],
    at: SumPosition,
    sum: &Ciphertext,
) -> Vec<(TrusteeIndex, PartialDecryption)> {
    let mut rng = rng(99);
    shares
        .iter()
        .map(|share| {
            let partial = PartialDecryption::create(share, &TREE, at, sum, &mut rng);
            (share.trustee(), partial)
        })
        .collect()
}

fn combine(
    parameters: Parameters,
    sum: &Ciphertext,
    partials: &[(TrusteeIndex, PartialDecryption)],
) -> Result<RistrettoPoint, CombinationError> {
    let trustees: Vec<_> = partials.iter().map(|(trustee, _)| *trustee).collect();
    let given: Vec<_> = partials.iter().map(|(trustee, d)| (*trustee, d)).collect();
    Combination::new(parameters, &trustees)?.decrypt(sum, &given)
}

/// All subsets of `list`.
fn subsets<T: Copy>(list: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    (0..1_u32 << list.len()).map(|bits| {
        list.iter()
            .enumerate()
            .filter(|(place, _)| bits >> place & 1 == 1)
            .map(|(_, item)| *item)
            .collect()
    })
}

#[test]
fn every_quorum_decrypts_and_nothing_less_does() {
    for trustees in 3..=6 {
        for quorum in 2..trustees {
            let shares = key_shares(attempt(quorum, trustees), 20);
            let parameters = shares[0].outcome().parameters();
            let sum = sum(&shares[0], 8_387, trustees * 10 + quorum);
            let expected = group::value_generator() * Scalar::from(8_387_u64);
            let all = partials(&shares, AT, &sum);
            for mut subset in subsets(&all) {
                let found = subset.len();
                // The order does not matter.
                subset.reverse();
                let result = combine(parameters, &sum, &subset);
                if found == parameters.quorum() {
                    assert_eq!(result, Ok(expected));
                } else {
                    let expected = parameters.quorum();
                    assert_eq!(result, Err(CombinationError::Quorum { expected, found }));
                }
                // One less, combined as if the quorum were one less, gives something else.
                if found >= 2 && found + 1 == parameters.quorum() {
                    let lower = Parameters::new(quorum - 1, trustees).unwrap();
                    assert_ne!(combine(lower, &sum, &subset), Ok(expected));
                }
                if found == 1 {
                    assert_ne!(sum.c - subset[0].1.point().point(), expected);
                }
            }
        }
    }
}

#[test]
fn saved_and_resumed_key_shares_decrypt() {
    let mut shares = key_shares(attempt(2, 3), 21);
    let sum = sum(&shares[0], 5, 1);
    shares = shares
        .into_iter()
        .map(|share| match saved(share) {
            hanpyo_crypto::ceremony::TrusteeState::KeyShare(share) => share,
            _ => panic!("another kind"),
        })
        .collect();
    let all = partials(&shares, AT, &sum);
    assert_eq!(
        combine(shares[0].outcome().parameters(), &sum, &all[1..]),
        Ok(group::value_generator() * Scalar::from(5_u8))
    );
}

#[test]
fn duplicate_unknown_and_misplaced_trustees_are_refused() {
    let shares = key_shares(attempt(2, 3), 22);
    let parameters = shares[0].outcome().parameters();
    let sum = sum(&shares[0], 5, 2);
    let all = partials(&shares, AT, &sum);
    assert_eq!(
        combine(parameters, &sum, &[all[1], all[1]]),
        Err(CombinationError::Duplicate(all[1].0))
    );
    let stranger = trustee(&attempt(2, 5), 4);
    assert_eq!(
        combine(parameters, &sum, &[all[1], (stranger, all[0].1)]),
        Err(CombinationError::Ceremony(CeremonyError::UnknownTrustee {
            trustee: 4,
            trustees: 3
        }))
    );
    let combination = Combination::new(parameters, &[all[0].0, all[1].0]).unwrap();
    assert_eq!(
        combination.decrypt(&sum, &[(all[0].0, &all[0].1), (all[2].0, &all[2].1)]),
        Err(CombinationError::OtherTrustee {
            expected: all[1].0,
            found: all[2].0
        })
    );
    assert_eq!(
        combination.decrypt(&sum, &[(all[0].0, &all[0].1)]),
        Err(CombinationError::Quorum {
            expected: 2,
            found: 1
        })
    );
    let unknown = all[0]
        .1
        .verify(shares[0].outcome(), &TREE, stranger, AT, &sum);
    assert!(matches!(unknown, Err(DecryptionError::Ceremony(_))));
}

#[test]
fn a_proof_holds_for_its_own_sum_only() {
    let shares = key_shares(attempt(2, 3), 23);
    let outcome = shares[0].outcome();
    let one = shares[0].trustee();
    let sum = sum(&shares[0], 5, 3);
    let partial = partials(&shares, AT, &sum)[0].1;
    partial.verify(outcome, &TREE, one, AT, &sum).unwrap();

    let refused = |at| {
        Err(DecryptionError::Proof {
            trustee: one,
            at,
            source: EqualityError::Challenge,
        })
    };
    for at in [
        SumPosition { contest: 0, ..AT },
        SumPosition { group: 0, ..AT },
        SumPosition { position: 0, ..AT },
    ] {
        assert_eq!(partial.verify(outcome, &TREE, one, at, &sum), refused(at));
    }
    for tree in [
        ClosedTree {
            root: [0x73; 32],
            ..TREE
        },
        ClosedTree { size: 1, ..TREE },
    ] {
        assert_eq!(partial.verify(outcome, &tree, one, AT, &sum), refused(AT));
    }
    // Another sum: reweighted, or re-randomised with the same value.
    let mut heavier = Ciphertext::zero();
    heavier.add_weighted(&sum, 2);
    assert_eq!(
        partial.verify(outcome, &TREE, one, AT, &heavier),
        refused(AT)
    );
    let other = self::sum(&shares[0], 5, 4);
    assert_eq!(partial.verify(outcome, &TREE, one, AT, &other), refused(AT));
    // Another election with the very same keys: only the manifest hash differs.
    let elsewhere = hanpyo_crypto::ceremony::Attempt::new([0x4e; 32], 1, outcome.parameters());
    let other_outcome = key_shares(elsewhere.unwrap(), 23);
    assert_eq!(
        partial.verify(other_outcome[0].outcome(), &TREE, one, AT, &sum),
        refused(AT)
    );
    // Another trustee.
    let two = shares[1].trustee();
    assert_eq!(
        partial.verify(outcome, &TREE, two, AT, &sum),
        Err(DecryptionError::Proof {
            trustee: two,
            at: AT,
            source: EqualityError::Challenge
        })
    );
}

#[test]
fn a_wrong_partial_decryption_is_refused_and_would_change_the_result() {
    let shares = key_shares(attempt(2, 3), 24);
    let outcome = shares[0].outcome();
    let sum = sum(&shares[0], 5, 5);
    let mut all = partials(&shares, AT, &sum);
    // Trustee 1 adds H: it would take votes away.
    let shifted = all[0].1.point().point() + group::value_generator();
    let proof = all[0].1.proof().encode();
    all[0].1 = PartialDecryption::decode(shifted.compress().as_bytes(), &proof).unwrap();
    assert_ne!(
        combine(outcome.parameters(), &sum, &all[..2]),
        combine(outcome.parameters(), &sum, &all[1..])
    );
    assert!(matches!(
        all[0].1.verify(outcome, &TREE, all[0].0, AT, &sum),
        Err(DecryptionError::Proof { trustee, .. }) if trustee == all[0].0
    ));
    for byte in [0, 32] {
        let mut changed = all[1].1.proof().encode();
        changed[byte] ^= 1;
        let point = all[1].1.point().as_bytes();
        let partial = PartialDecryption::decode(point, &changed).unwrap();
        assert!(partial.verify(outcome, &TREE, all[1].0, AT, &sum).is_err());
    }
}

/// Voters who cast all ballots of a group can make their nonces cancel: the election goes on.
#[test]
fn a_sum_whose_nonces_cancel_is_decrypted_like_any_other() {
    let shares = key_shares(attempt(2, 3), 25);
    let (outcome, one) = (shares[0].outcome(), shares[0].trustee());
    let value = group::value_generator() * Scalar::from(7_u8);
    let cancelled = Ciphertext {
        r: group::identity(),
        c: value,
    };
    let all = partials(&shares, AT, &cancelled);
    for (trustee, partial) in &all {
        partial
            .verify(outcome, &TREE, *trustee, AT, &cancelled)
            .unwrap();
        let (point, proof) = (partial.point().as_bytes(), partial.proof().encode());
        assert_eq!(PartialDecryption::decode(point, &proof), Ok(*partial));
    }
    assert_eq!(
        combine(outcome.parameters(), &cancelled, &all[1..]),
        Ok(value)
    );
    // Neither stands for the other: D is the identity for R the identity only.
    let real = sum(&shares[0], 5, 6);
    let of_real = partials(&shares, AT, &real)[0].1;
    for (partial, sum) in [(&of_real, &cancelled), (&all[0].1, &real)] {
        assert!(partial.verify(outcome, &TREE, one, AT, sum).is_err());
    }
}

#[test]
fn many_are_checked_at_once_and_the_first_failure_is_named() {
    let shares = key_shares(attempt(2, 3), 26);
    let outcome = shares[0].outcome();
    let sums: Vec<_> = (0..40)
        .map(|position| (SumPosition { position, ..AT }, sum(&shares[0], 5, position)))
        .collect();
    let made: Vec<_> = sums
        .iter()
        .map(|(at, sum)| partials(&shares, *at, sum))
        .collect();
    let mut claims: Vec<_> = sums
        .iter()
        .zip(&made)
        .flat_map(|((at, sum), made)| {
            made.iter().map(|(trustee, partial)| Claim {
                trustee: *trustee,
                at: *at,
                sum,
                partial,
            })
        })
        .collect();
    verify_all(outcome, &TREE, &claims).unwrap();
    verify_all(outcome, &TREE, &[]).unwrap();
    let (early, late) = (31, 95);
    for wrong in [late, early] {
        claims[wrong].partial = &made[0][0].1;
        assert_eq!(
            verify_all(outcome, &TREE, &claims),
            Err(DecryptionError::Proof {
                trustee: claims[wrong].trustee,
                at: claims[wrong].at,
                source: EqualityError::Challenge
            })
        );
    }
}
