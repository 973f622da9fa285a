//! Forged selections by a prover that proves all it can of any plaintext vector: each fails at the
//! equation that is meant to catch it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::outsider::{self, Contest};
use ballot_support::{Fixture, rng};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::Decision;
use hanpyo_crypto::batch::{BallotError, SignedBallot};
use hanpyo_crypto::contest::{ContestFault, Equation, Rules, ScoreTotal};

fn integers(values: &[i64]) -> Vec<Scalar> {
    values
        .iter()
        .map(|value| match Scalar::from(value.unsigned_abs()) {
            magnitude if *value < 0 => -magnitude,
            magnitude => magnitude,
        })
        .collect()
}

/// The equation that catches a plaintext vector with the best proof there is for it, or `None`.
fn caught(rules: Rules, values: &[i64]) -> Option<Equation> {
    let fixture = Fixture::new(&[rules]);
    let contest = fixture.contests[0];
    let forged = Contest::new(contest.number, contest.kind.parameters(), integers(values));
    outcome(&fixture, &forged)
}

fn outcome(fixture: &Fixture, forged: &Contest) -> Option<Equation> {
    let (body, signature) = outsider::ballot(
        &fixture.statement(),
        std::slice::from_ref(forged),
        &fixture.secret,
        rng(5),
    );
    let signed = SignedBallot {
        context: fixture.context(),
        body: &body,
        decision: Decision::Cast,
        signature: &signature,
    };
    match fixture.verify(&signed) {
        Ok(_) => None,
        Err(BallotError::Contest {
            source: ContestFault::Equation(equation),
            ..
        }) => Some(equation),
        Err(other) => panic!("not a false equation of a contest: {other}"),
    }
}

/// The statement that catches it.
fn statement(rules: Rules, values: &[i64]) -> Option<usize> {
    caught(rules, values).map(|equation| match equation {
        Equation::MembershipNonce { statement, .. }
        | Equation::MembershipValue { statement, .. } => statement,
        other => panic!("{other}"),
    })
}

#[test]
fn choose_one_takes_only_one_mark() {
    let strict = Rules::ChooseOne {
        options: 3,
        blank: false,
    };
    let lax = Rules::ChooseOne {
        options: 3,
        blank: true,
    };
    for rules in [strict, lax] {
        assert_eq!(statement(rules, &[0, 1, 0]), None);
        for forged in [
            [1, 1, 0],
            [1, 1, 1],
            [2, 0, 0],
            [2, -1, 0],
            [-1, 0, 0],
            [1, -1, 1],
        ] {
            assert_eq!(statement(rules, &forged), Some(1), "{forged:?}");
        }
    }
    assert_eq!(statement(strict, &[0, 0, 0]), Some(1));
    assert_eq!(statement(lax, &[0, 0, 0]), None);
}

#[test]
fn choose_takes_only_bits_within_bounds() {
    let rules = Rules::Choose {
        options: 4,
        min: 1,
        max: 2,
    };
    assert_eq!(statement(rules, &[0, 1, 0, 1]), None);
    assert_eq!(statement(rules, &[0, 0, 0, 0]), Some(5));
    assert_eq!(statement(rules, &[1, 1, 0, 1]), Some(5));
    assert_eq!(statement(rules, &[0, 2, 0, 0]), Some(2));
    assert_eq!(statement(rules, &[2, 0, -1, 0]), Some(1));
    assert_eq!(statement(rules, &[0, 0, 1, -1]), Some(4));
    let exactly = Rules::Choose {
        options: 3,
        min: 2,
        max: 2,
    };
    assert_eq!(statement(exactly, &[1, 1, 0]), None);
    assert_eq!(statement(exactly, &[1, 0, 0]), Some(4));
    assert_eq!(statement(exactly, &[1, 1, 1]), Some(4));
}

#[test]
fn rank_takes_only_rankings() {
    let full = Rules::Rank {
        options: 3,
        min: 3,
        max: 3,
    };
    assert_eq!(statement(full, &[0, 1, 0, 1, 0, 0, 0, 0, 1]), None);
    // An option ranked twice: only the weighted column sum sees it.
    assert_eq!(statement(full, &[0, 1, 0, 0, 1, 0, 0, 0, 1]), Some(4));
    assert_eq!(statement(full, &[0, 1, 0, 0, 0, 0, 0, 0, 1]), Some(2));
    assert_eq!(statement(full, &[1, 1, 0, 0, 0, 1, 0, 0, 0]), Some(1));

    // Rows 1, 2, 3; the gap between rows 2 and 3; columns 1, 2, 3, 4.
    let partial = Rules::Rank {
        options: 4,
        min: 1,
        max: 3,
    };
    let rows = |rows: [[i64; 4]; 3]| rows.concat();
    let (one, two, none) = ([1, 0, 0, 0], [0, 1, 0, 0], [0; 4]);
    assert_eq!(statement(partial, &rows([one, two, none])), None);
    assert_eq!(statement(partial, &rows([none, one, two])), Some(1));
    assert_eq!(statement(partial, &rows([one, none, two])), Some(4));
    assert_eq!(statement(partial, &rows([two, two, none])), Some(6));
    assert_eq!(
        statement(partial, &rows([two, [0, 1, 0, -1], none])),
        Some(2)
    );
    assert_eq!(statement(partial, &rows([one, two, [0, 0, 1, 1]])), Some(3));
    let any = Rules::Rank {
        options: 2,
        min: 0,
        max: 2,
    };
    assert_eq!(statement(any, &[0, 0, 0, 0]), None);
    assert_eq!(statement(any, &[0, 0, 1, 0]), Some(3));
}

#[test]
fn scores_stay_in_range_and_total() {
    let score = |total, unanswered| Rules::Score {
        options: 2,
        maximum: 10,
        total,
        unanswered,
    };
    let free = score(ScoreTotal::Free, false);
    assert_eq!(caught(free, &[0, 10]), None);
    for forged in [[0, 11], [255, 0], [256, 0], [-1, 3], [1 << 40, 0]] {
        assert_eq!(caught(free, &forged), Some(Equation::Range), "{forged:?}");
    }
    let at_most = score(ScoreTotal::AtMost(12), false);
    assert_eq!(caught(at_most, &[2, 10]), None);
    assert_eq!(caught(at_most, &[3, 10]), Some(Equation::Range));
    let exactly = score(ScoreTotal::Exactly(12), false);
    assert_eq!(statement(exactly, &[2, 10]), None);
    assert_eq!(statement(exactly, &[3, 10]), Some(1));
    assert_eq!(statement(exactly, &[3, 8]), Some(1));

    let gaps = score(ScoreTotal::Free, true);
    assert_eq!(statement(gaps, &[7, 0, 1, 0]), None);
    // A score without the answered bit, and two answers for one.
    assert_eq!(caught(gaps, &[7, 1, 1, 0]), Some(Equation::Range));
    assert_eq!(statement(gaps, &[7, 0, 2, 0]), Some(1));
    assert_eq!(caught(gaps, &[7, 0, 1, -1]), Some(Equation::Range));
}

/// C_1 commits to a permitted value, but (R_1, C_1) decrypts to something else.
#[test]
fn a_nonce_split_between_r_and_c_is_caught() {
    let contests = [
        (
            Rules::ChooseOne {
                options: 2,
                blank: false,
            },
            vec![1, 0],
        ),
        (
            Rules::Choose {
                options: 2,
                min: 1,
                max: 1,
            },
            vec![1, 0],
        ),
        (
            Rules::Rank {
                options: 2,
                min: 1,
                max: 1,
            },
            vec![1, 0],
        ),
        (
            Rules::Score {
                options: 2,
                maximum: 5,
                total: ScoreTotal::Free,
                unanswered: false,
            },
            vec![1, 0],
        ),
    ];
    for (rules, values) in contests {
        let fixture = Fixture::new(&[rules]);
        let contest = fixture.contests[0];
        let mut forged = Contest::new(contest.number, contest.kind.parameters(), integers(&values));
        assert_eq!(outcome(&fixture, &forged), None);
        forged.split = Scalar::ONE;
        let equation = outcome(&fixture, &forged).unwrap();
        // The range proof holds: only the link ties it to R.
        if matches!(rules, Rules::Score { .. }) {
            assert_eq!(equation, Equation::LinkNonce);
        }
    }
}
