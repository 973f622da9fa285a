//! What a voter may mark, what a contest may demand, and what the voter's device refuses to encrypt.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::{Fixture, kind, rng};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::{EncryptBallotError, VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::{
    ContestKind, KindError, MAX_SCORE, Rules, ScoreTotal, Selection, SelectionError,
};

fn refused(rules: Rules, selection: &Selection) -> SelectionError {
    kind(rules).plaintext(selection).unwrap_err()
}

#[test]
fn marks_outside_the_rules_are_named() {
    use Selection::{Choose, ChooseOne, Rank, Score};
    use SelectionError as E;
    let one = |blank| Rules::ChooseOne { options: 3, blank };
    assert_eq!(refused(one(false), &ChooseOne(None)), E::BlankNotAllowed);
    let missing = E::NoSuchOption {
        option: 3,
        options: 3,
    };
    assert_eq!(refused(one(true), &ChooseOne(Some(3))), missing);
    assert_eq!(refused(one(true), &Choose(vec![0])), E::WrongKind);

    let choose = Rules::Choose {
        options: 3,
        min: 1,
        max: 2,
    };
    let over = E::Overvote { marked: 3, max: 2 };
    assert_eq!(refused(choose, &Choose(vec![2, 0, 1])), over);
    let under = E::Undervote { marked: 0, min: 1 };
    assert_eq!(refused(choose, &Choose(vec![])), under);
    assert_eq!(refused(choose, &Choose(vec![1, 1])), E::Twice { option: 1 });
    assert_eq!(refused(choose, &Choose(vec![3])), missing);

    let rank = Rules::Rank {
        options: 3,
        min: 2,
        max: 2,
    };
    let under = E::Undervote { marked: 1, min: 2 };
    assert_eq!(refused(rank, &Rank(vec![1])), under);
    assert_eq!(refused(rank, &Rank(vec![0, 1, 2])), over);
    assert_eq!(refused(rank, &Rank(vec![2, 2])), E::Twice { option: 2 });

    let score = |total, unanswered| Rules::Score {
        options: 2,
        maximum: 5,
        total,
        unanswered,
    };
    let free = score(ScoreTotal::Free, false);
    let high = E::ScoreTooHigh {
        option: 1,
        score: 6,
        maximum: 5,
    };
    assert_eq!(refused(free, &Score(vec![Some(0), Some(6)])), high);
    let unanswered = E::Unanswered { option: 0 };
    assert_eq!(refused(free, &Score(vec![None, Some(5)])), unanswered);
    let count = E::ScoreCount {
        expected: 2,
        found: 1,
    };
    assert_eq!(refused(free, &Score(vec![Some(0)])), count);
    for (total, sum) in [(ScoreTotal::AtMost(4), 5), (ScoreTotal::Exactly(6), 5)] {
        let wrong = E::Total { sum, total };
        let scores = Score(vec![Some(5), None]);
        assert_eq!(refused(score(total, true), &scores), wrong);
    }
}

#[test]
fn values_that_no_voter_could_mark_open_to_nothing() {
    let one = kind(Rules::ChooseOne {
        options: 2,
        blank: false,
    });
    for values in [&[1, 1][..], &[2, 0], &[0, 0], &[1], &[1, 0, 0]] {
        let opened = one.selection(values);
        assert!(matches!(opened, Err(SelectionError::NotASelection)));
    }
    let gaps = kind(Rules::Score {
        options: 2,
        maximum: 5,
        total: ScoreTotal::Free,
        unanswered: true,
    });
    for values in [[1, 0, 0, 1], [6, 0, 1, 1], [1, 1, 2, 1], [1 << 40, 0, 1, 1]] {
        let opened = gaps.selection(&values);
        assert!(matches!(opened, Err(SelectionError::NotASelection)));
    }
    let rank = kind(Rules::Rank {
        options: 2,
        min: 0,
        max: 2,
    });
    let opened = rank.selection(&[0, 0, 1, 0]);
    assert!(matches!(opened, Err(SelectionError::NotASelection)));
}

#[test]
fn contests_nobody_can_vote_in_are_refused() {
    let bounds = |options, min, max| {
        let expected = KindError::Bounds { min, max, options };
        assert_eq!(
            ContestKind::from_parameters([2, options, min, max, 0]),
            Err(expected)
        );
        assert_eq!(
            ContestKind::from_parameters([4, options, min, max, 0]),
            Err(expected)
        );
    };
    bounds(3, 2, 1);
    bounds(3, 0, 4);
    bounds(3, 0, 0);
    bounds(3, 0, 1 << 32);
    for options in [0, 1, 1 << 32] {
        let few = ContestKind::from_parameters([1, options, 0, 0, 0]);
        assert_eq!(few, Err(KindError::Options(options)));
    }
    for kind in [0, 5, u64::MAX] {
        let unknown = ContestKind::from_parameters([kind, 3, 0, 0, 0]);
        assert_eq!(unknown, Err(KindError::UnknownKind(kind)));
    }
    let stray = |parameters, name, found| {
        let expected = KindError::Parameter { name, found };
        assert_eq!(ContestKind::from_parameters(parameters), Err(expected));
    };
    stray([1, 3, 2, 0, 0], "a", 2);
    stray([1, 3, 0, 1, 0], "b", 1);
    stray([1, 3, 0, 0, 1], "c", 1);
    stray([2, 3, 0, 1, 1], "c", 1);
    stray([3, 3, 5, 9, 0], "b", 9);
    stray([3, 3, 5, 9, 3], "c", 3);
    stray([3, 3, 5, 9, 9], "c", 9);
    stray([4, 3, 0, 1, 1], "c", 1);

    let scores = |maximum, total, flags| {
        let expected = KindError::Scores {
            maximum,
            total,
            options: 3,
        };
        let read = ContestKind::from_parameters([3, 3, maximum, total, flags]);
        assert_eq!(read, Err(expected));
    };
    scores(0, 0, 0);
    scores(u64::from(MAX_SCORE) + 1, 0, 0);
    scores(1 << 32, 0, 0);
    scores(5, 0, 1);
    scores(5, 0, 2);
    scores(5, 16, 1);
    scores(5, 16, 2);
    scores(u64::from(MAX_SCORE), 1 << 32, 1);
    assert!(ContestKind::from_parameters([3, 3, 5, 15, 6]).is_ok());
}

#[test]
fn contests_too_large_for_an_entry_are_refused() {
    let one = |options| ContestKind::from_parameters([1, options, 0, 0, 0]);
    // 64 k + 128 k + 32 (k - 1) bytes.
    let (mut largest, mut smallest) = (2, 4096);
    while smallest - largest > 1 {
        let middle = u64::midpoint(largest, smallest);
        match one(middle) {
            Ok(_) => largest = middle,
            Err(error) => {
                assert_eq!(error, KindError::TooLarge);
                smallest = middle;
            }
        }
    }
    assert_eq!(largest, (65_535 + 32) / (64 + 64 + 32 + 32));
    let huge = u64::from(u32::MAX);
    assert_eq!(one(huge), Err(KindError::TooLarge));
    let rank = |options, d| ContestKind::from_parameters([4, options, d, d, 0]);
    assert!(rank(17, 17).is_ok());
    assert_eq!(rank(19, 19), Err(KindError::TooLarge));
    assert_eq!(rank(huge, huge), Err(KindError::TooLarge));
    // 2 k (+ 1) values to prove, at most 64.
    assert!(ContestKind::from_parameters([3, 32, 5, 0, 0]).is_ok());
    let total = ContestKind::from_parameters([3, 32, 5, 9, 1]);
    assert_eq!(total, Err(KindError::TooLarge));
    let many = ContestKind::from_parameters([3, 33, 5, 0, 0]);
    assert_eq!(many, Err(KindError::TooLarge));
    assert_eq!(
        ContestKind::from_parameters([3, huge, 5, 0, 0]),
        Err(KindError::TooLarge)
    );
}

#[test]
fn the_device_refuses_what_it_cannot_vouch_for() {
    let fixture = Fixture::new(&[Rules::ChooseOne {
        options: 2,
        blank: false,
    }]);
    let refuse = |secret: &Scalar, counter, selections: &[Selection]| {
        let request = VoterRequest {
            secret,
            counter,
            attempt: 1,
            selections,
        };
        encrypt_ballot(&fixture.election, &fixture.context(), &request, &mut rng(1))
            .err()
            .unwrap()
    };
    let mark = [Selection::ChooseOne(Some(0))];
    let another = fixture.secret + Scalar::ONE;
    assert_eq!(
        refuse(&another, 1, &mark),
        EncryptBallotError::WrongCredential { index: 41 }
    );
    assert_eq!(
        refuse(&fixture.secret, 0, &mark),
        EncryptBallotError::ZeroCounter
    );
    assert_eq!(
        refuse(&fixture.secret, 1, &[]),
        EncryptBallotError::SelectionCount {
            expected: 1,
            found: 0
        }
    );
    assert_eq!(
        refuse(&fixture.secret, 1, &[Selection::ChooseOne(None)]),
        EncryptBallotError::Selection {
            contest: 3,
            source: SelectionError::BlankNotAllowed
        }
    );
}
