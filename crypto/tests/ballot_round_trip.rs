//! Honest ballots of every kind with arbitrary parameters and selections: accepted by all verifiers,
//! decrypting to the selection, opening to it, and made alike by a prover written from the text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::{Fixture, outsider, rng};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::{Decision, Opening, VoterRequest, encrypt_ballot};
use hanpyo_crypto::batch::{BallotError, SignedBallot};
use hanpyo_crypto::contest::{ContestKind, MAX_SCORE, Rules, ScoreTotal, Selection};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// A [`Selection`] that may be printed.
#[derive(Clone, Debug)]
enum Marks {
    One(Option<usize>),
    Many(Vec<usize>),
    Ranked(Vec<usize>),
    Scores(Vec<Option<u32>>),
}

impl Marks {
    fn selection(&self) -> Selection {
        match self {
            Self::One(choice) => Selection::ChooseOne(*choice),
            Self::Many(marks) => Selection::Choose(marks.clone()),
            Self::Ranked(ranked) => Selection::Rank(ranked.clone()),
            Self::Scores(scores) => Selection::Score(scores.clone()),
        }
    }
}

fn split(marked: Vec<(Rules, Marks)>) -> (Vec<Rules>, Vec<Selection>) {
    marked
        .into_iter()
        .map(|(rules, marks)| (rules, marks.selection()))
        .unzip()
}

/// Some options in some order.
fn some_options(options: u32, min: u32, max: u32) -> impl Strategy<Value = Vec<usize>> {
    subsequence(
        (0..options as usize).collect::<Vec<_>>(),
        min as usize..=max as usize,
    )
    .prop_shuffle()
}

fn choose_one() -> impl Strategy<Value = (Rules, Marks)> {
    (2_u32..9, any::<bool>()).prop_flat_map(|(options, blank)| {
        let rules = Rules::ChooseOne { options, blank };
        let mark = 0..options as usize;
        let choice = if blank {
            prop::option::of(mark).boxed()
        } else {
            mark.prop_map(Some).boxed()
        };
        (Just(rules), choice.prop_map(Marks::One))
    })
}

fn bounds(largest: u32) -> impl Strategy<Value = (u32, u32, u32)> {
    (2..largest)
        .prop_flat_map(|options| (Just(options), 1..=options))
        .prop_flat_map(|(options, max)| (Just(options), 0..=max, Just(max)))
}

fn choose() -> impl Strategy<Value = (Rules, Marks)> {
    bounds(8).prop_flat_map(|(options, min, max)| {
        let rules = Rules::Choose { options, min, max };
        (
            Just(rules),
            some_options(options, min, max).prop_map(Marks::Many),
        )
    })
}

fn rank() -> impl Strategy<Value = (Rules, Marks)> {
    bounds(6).prop_flat_map(|(options, min, max)| {
        let rules = Rules::Rank { options, min, max };
        (
            Just(rules),
            some_options(options, min, max).prop_map(Marks::Ranked),
        )
    })
}

fn score() -> impl Strategy<Value = (Rules, Marks)> {
    let maxima = prop_oneof![1_u32..20, Just(255), Just(256), 1_u32..=MAX_SCORE];
    (2_u32..5, maxima, any::<bool>(), 0..3)
        .prop_flat_map(|(options, maximum, unanswered, total)| {
            let score = 0..=maximum;
            let score = if unanswered {
                prop::option::of(score).boxed()
            } else {
                score.prop_map(Some).boxed()
            };
            let scores = prop::collection::vec(score, options as usize);
            (Just((options, maximum, unanswered, total)), scores)
        })
        .prop_map(|((options, maximum, unanswered, total), scores)| {
            let sum: u64 = scores.iter().flatten().copied().map(u64::from).sum();
            // A total is below 2^32 and not 0; no rule where the scores have another.
            let total = match (total, u32::try_from(sum)) {
                (1, Ok(sum)) if sum > 0 => ScoreTotal::Exactly(sum),
                (2, Ok(sum)) => {
                    let largest = u64::from(maximum) * u64::from(options);
                    let room = (u64::from(sum) + 3).min(largest);
                    ScoreTotal::AtMost(u32::try_from(room).unwrap_or(u32::MAX))
                }
                _ => ScoreTotal::Free,
            };
            let rules = Rules::Score {
                options,
                maximum,
                total,
                unanswered,
            };
            (rules, Marks::Scores(scores))
        })
}

fn any_contest() -> impl Strategy<Value = (Rules, Marks)> {
    prop_oneof![choose_one(), choose(), rank(), score()]
}

/// The same selection with unordered marks in order.
fn canonical(selection: &Selection) -> Selection {
    match selection {
        Selection::Choose(marks) => {
            let mut marks = marks.clone();
            marks.sort_unstable();
            Selection::Choose(marks)
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn honest_ballots_verify_decrypt_and_open(
        marked in prop::collection::vec(any_contest(), 1..4),
        seed in any::<u64>(),
    ) {
        let (rules, selections) = split(marked);
        let fixture = Fixture::new(&rules);
        let rng = &mut rng(seed);
        let request = VoterRequest { secret: &fixture.secret, counter: 9, attempt: 1, selections: &selections };
        let prepare = |rng: &mut _| encrypt_ballot(&fixture.election, &fixture.context(), &request, rng).unwrap();

        let cast = prepare(rng).cast(rng);
        let verified = fixture.verify(&fixture.signed(&cast)).unwrap();
        prop_assert_eq!(verified.counter, 9);
        let mut position = 0;
        for (contest, selection) in fixture.contests.iter().zip(&selections) {
            for value in contest.kind.plaintext(selection).unwrap().iter() {
                let ciphertext = verified.ciphertexts[position];
                let decrypted = ciphertext.c - ciphertext.r * fixture.joint_secret;
                prop_assert_eq!(decrypted, Scalar::from(*value) * fixture.election.joint_key().generator());
                position += 1;
            }
        }
        prop_assert_eq!(position, verified.ciphertexts.len());

        let challenged = prepare(rng).challenge(rng);
        let signed = SignedBallot {
            context: fixture.context(),
            body: &challenged.body,
            decision: Decision::Challenge,
            signature: &challenged.signature,
        };
        prop_assert!(fixture.verify(&signed).is_ok());
        let flipped = SignedBallot { decision: Decision::Cast, ..signed };
        prop_assert_eq!(fixture.verify(&flipped), Err(BallotError::SignatureEquation));
        let opening = Opening::decode(&challenged.opening.encode()).unwrap();
        let opened = opening.check(&fixture.election, &fixture.context(), &challenged.body).unwrap();
        for (opened, marked) in opened.iter().zip(&selections) {
            prop_assert!(*opened == canonical(marked));
        }
        // The opening of one body opens no other.
        prop_assert!(opening.check(&fixture.election, &fixture.context(), &cast.body).is_err());
    }

    #[test]
    fn a_prover_written_from_the_text_is_accepted(
        marked in prop::collection::vec(any_contest(), 1..3),
        seed in any::<u64>(),
    ) {
        let (rules, selections) = split(marked);
        let fixture = Fixture::new(&rules);
        let contests: Vec<_> = fixture.contests.iter().zip(&selections).map(|(contest, selection)| {
            let values = contest.kind.plaintext(selection).unwrap();
            outsider::Contest::new(
                contest.number,
                contest.kind.parameters(),
                values.iter().map(|v| Scalar::from(*v)).collect(),
            )
        }).collect();
        let (body, signature) = outsider::ballot(&fixture.statement(), &contests, &fixture.secret, rng(seed));
        let signed = SignedBallot {
            context: fixture.context(),
            body: &body,
            decision: Decision::Cast,
            signature: &signature,
        };
        prop_assert_eq!(fixture.verify(&signed).map(|_| ()), Ok(()));
    }

    #[test]
    fn parameters_read_back((rules, selection) in any_contest()) {
        let (kind, selection) = (ContestKind::new(rules).unwrap(), selection.selection());
        prop_assert_eq!(ContestKind::from_parameters(kind.parameters()), Ok(kind));
        let values = kind.plaintext(&selection).unwrap();
        prop_assert_eq!(values.len(), kind.ciphertexts());
        prop_assert!(kind.selection(&values).unwrap() == canonical(&selection));
    }
}
