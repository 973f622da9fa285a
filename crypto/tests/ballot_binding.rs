//! Ballots moved into another context, rearranged, copied or re-encrypted: a ballot is bound to all
//! that it was made for (weak Fiat-Shamir, Helios and Swiss Post 2019).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::outsider::{self, Outsider};
use ballot_support::{Fixture, MANIFEST_HASH, agreed, kind, rng};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::{
    BallotContext, Body, ContestBody, Decision, ElectionContext, NumberedContest,
};
use hanpyo_crypto::batch::{BallotError, SignedBallot};
use hanpyo_crypto::contest::{ContestFault, Rules, ScoreTotal, Selection};
use hanpyo_crypto::elgamal::JointKey;

/// A cast ballot with one contest of every kind.
fn everything() -> (Fixture, Vec<u8>, [u8; 64]) {
    let fixture = Fixture::new(&[
        Rules::ChooseOne {
            options: 3,
            blank: true,
        },
        Rules::ChooseOne {
            options: 3,
            blank: true,
        },
        Rules::Choose {
            options: 3,
            min: 1,
            max: 2,
        },
        Rules::Rank {
            options: 3,
            min: 1,
            max: 2,
        },
        Rules::Score {
            options: 2,
            maximum: 9,
            total: ScoreTotal::AtMost(12),
            unanswered: false,
        },
    ]);
    let selections = [
        Selection::ChooseOne(Some(2)),
        Selection::ChooseOne(None),
        Selection::Choose(vec![0]),
        Selection::Rank(vec![1, 2]),
        Selection::Score(vec![Some(3), Some(9)]),
    ];
    let cast = fixture.cast(&selections, &mut rng(11));
    (fixture, cast.body, cast.signature)
}

/// Weak Fiat-Shamir: whatever the ballot is bound to, no other value of it is accepted.
#[test]
fn every_absorbed_value_is_bound() {
    let (fixture, body, signature) = everything();
    let context = fixture.context();
    let check = |election: &ElectionContext, context: BallotContext<'_>, body: &[u8]| {
        let signed = SignedBallot {
            context,
            body,
            decision: Decision::Cast,
            signature: &signature,
        };
        agreed(election, &signed).map(|_| ())
    };
    let refused = |election: &ElectionContext, context: BallotContext<'_>, body: &[u8]| {
        let error = check(election, context, body).unwrap_err();
        assert!(error.is_false_equation(), "{error}");
    };
    assert_eq!(check(&fixture.election, context, &body), Ok(()));

    let mut manifest = MANIFEST_HASH;
    manifest[31] ^= 1;
    let key = fixture.election.joint_key().clone();
    refused(&ElectionContext::new(manifest, key), context, &body);
    let other_key = JointKey::decode((G * Scalar::from(3_u64)).compress().as_bytes()).unwrap();
    refused(
        &ElectionContext::new(MANIFEST_HASH, other_key),
        context,
        &body,
    );

    refused(
        &fixture.election,
        BallotContext {
            style: 3,
            ..context
        },
        &body,
    );
    let other = (G * Scalar::from(3_u64)).compress().to_bytes();
    refused(
        &fixture.election,
        BallotContext {
            credential: &other,
            ..context
        },
        &body,
    );

    // The index also stands in the body.
    let decoded = Body::decode(&body).unwrap();
    let index = 40;
    let elsewhere = BallotContext { index, ..context };
    let moved = Body {
        index,
        ..decoded.clone()
    }
    .encode();
    refused(&fixture.election, elsewhere, &moved);
    assert_eq!(
        check(&fixture.election, elsewhere, &body),
        Err(BallotError::WrongCredential {
            expected: 40,
            found: 41
        })
    );
    let counted = Body {
        counter: 2,
        ..decoded.clone()
    }
    .encode();
    refused(&fixture.election, context, &counted);

    for place in 0..fixture.contests.len() {
        let mut contests = fixture.contests.clone();
        contests[place].number += 1;
        refused(
            &fixture.election,
            BallotContext {
                contests: &contests,
                ..context
            },
            &body,
        );
    }
    // Parameters with the same sizes.
    let same_size = [
        (
            2,
            Rules::Choose {
                options: 3,
                min: 0,
                max: 1,
            },
        ),
        (
            2,
            Rules::Choose {
                options: 3,
                min: 2,
                max: 3,
            },
        ),
        (
            4,
            Rules::Score {
                options: 2,
                maximum: 8,
                total: ScoreTotal::AtMost(12),
                unanswered: false,
            },
        ),
        (
            4,
            Rules::Score {
                options: 2,
                maximum: 9,
                total: ScoreTotal::AtMost(13),
                unanswered: false,
            },
        ),
    ];
    for (place, rules) in same_size {
        let mut contests = fixture.contests.clone();
        contests[place].kind = kind(rules);
        refused(
            &fixture.election,
            BallotContext {
                contests: &contests,
                ..context
            },
            &body,
        );
    }
}

#[test]
fn a_decision_is_not_another() {
    let (fixture, body, signature) = everything();
    let flipped = SignedBallot {
        context: fixture.context(),
        body: &body,
        decision: Decision::Challenge,
        signature: &signature,
    };
    assert_eq!(
        fixture.verify(&flipped),
        Err(BallotError::SignatureEquation)
    );
}

/// The body with its contests changed, verified in its own context.
fn rearranged(rearrange: impl Fn(&mut Vec<(Vec<u8>, Vec<u8>)>)) -> Result<(), BallotError> {
    let (fixture, body, signature) = everything();
    let decoded = Body::decode(&body).unwrap();
    let mut contests: Vec<_> = decoded
        .contests
        .iter()
        .map(|contest| (contest.ciphertexts.to_vec(), contest.proof.to_vec()))
        .collect();
    rearrange(&mut contests);
    let changed = Body {
        contests: contests
            .iter()
            .map(|(ciphertexts, proof)| ContestBody { ciphertexts, proof })
            .collect(),
        ..decoded
    }
    .encode();
    let signed = SignedBallot {
        context: fixture.context(),
        body: &changed,
        decision: Decision::Cast,
        signature: &signature,
    };
    fixture.verify(&signed).map(|_| ())
}

#[test]
fn contests_and_options_do_not_move() {
    assert_eq!(rearranged(|_| ()), Ok(()));
    // Two contests of the same kind exchanged.
    let error = rearranged(|contests| contests.swap(0, 1)).unwrap_err();
    assert!(error.is_false_equation(), "{error}");
    // One contest's ciphertexts and proof used for both.
    let error = rearranged(|contests| contests[1] = contests[0].clone()).unwrap_err();
    assert!(error.is_false_equation(), "{error}");
    // Two options exchanged.
    for place in 0..5 {
        let error = rearranged(|contests| contests[place].0.rotate_left(64)).unwrap_err();
        assert!(error.is_false_equation(), "{error}");
    }
    // R and C exchanged.
    let error = rearranged(|contests| contests[0].0[..64].rotate_left(32)).unwrap_err();
    assert!(error.is_false_equation(), "{error}");
    // Contests missing or added.
    let missing = rearranged(|contests| {
        contests.pop();
    });
    assert_eq!(
        missing,
        Err(BallotError::ContestCount {
            expected: 5,
            found: 4
        })
    );
    let added = rearranged(|contests| contests.push(contests[0].clone()));
    assert_eq!(
        added,
        Err(BallotError::ContestCount {
            expected: 5,
            found: 6
        })
    );
}

/// A voter who copies another's contests, with a good signature of their own, is caught.
#[test]
fn a_copied_ballot_fails_under_another_credential() {
    let rules = [
        Rules::ChooseOne {
            options: 2,
            blank: false,
        },
        Rules::Choose {
            options: 3,
            min: 1,
            max: 2,
        },
    ];
    let victim = Fixture::new(&rules);
    let selections = [Selection::ChooseOne(Some(1)), Selection::Choose(vec![2])];
    let cast = victim.cast(&selections, &mut rng(1));
    let decoded = Body::decode(&cast.body).unwrap();
    let stolen: Vec<_> = decoded
        .contests
        .iter()
        .map(|contest| (contest.ciphertexts.to_vec(), contest.proof.to_vec()))
        .collect();

    let secret = Scalar::from(777_u64);
    let statement = outsider::Statement {
        index: 42,
        credential: (G * secret).compress().to_bytes(),
        ..victim.statement()
    };
    let mut thief = Outsider::new(&statement, rng(2));
    for (contest, stolen) in victim.contests.iter().zip(&stolen) {
        thief.replay(contest.number, &contest.kind.parameters(), stolen);
    }
    let body = outsider::body(42, 1, &stolen);
    let signature = thief.sign(1, &body, &secret);
    let signed = SignedBallot {
        context: BallotContext {
            index: 42,
            credential: &statement.credential,
            ..victim.context()
        },
        body: &body,
        decision: Decision::Cast,
        signature: &signature,
    };
    // The contest fails, not the signature.
    let error = agreed(&victim.election, &signed).unwrap_err();
    let false_contest = matches!(
        error,
        BallotError::Contest {
            contest: 3,
            source: ContestFault::Equation(_)
        }
    );
    assert!(false_contest, "{error}");
    // The same replay under the victim's own credential would be accepted: the test's thief is able.
    let mut own = Outsider::new(&victim.statement(), rng(3));
    for (contest, stolen) in victim.contests.iter().zip(&stolen) {
        own.replay(contest.number, &contest.kind.parameters(), stolen);
    }
    let signature = own.sign(1, &cast.body, &victim.secret);
    let signed = SignedBallot {
        signature: &signature,
        ..victim.signed(&cast)
    };
    assert!(victim.verify(&signed).is_ok());
}

/// Ciphertexts re-encrypted by somebody else carry no valid proof.
#[test]
fn a_rerandomised_ballot_fails() {
    let fixture = Fixture::new(&[Rules::ChooseOne {
        options: 2,
        blank: false,
    }]);
    let cast = fixture.cast(&[Selection::ChooseOne(Some(0))], &mut rng(1));
    let decoded = Body::decode(&cast.body).unwrap();
    let key = fixture.election.joint_key();
    let mut ciphertexts = Vec::new();
    let (chunks, _) = decoded.contests[0].ciphertexts.as_chunks::<64>();
    for chunk in chunks {
        let mut ciphertext = hanpyo_crypto::elgamal::Ciphertext::decode(chunk).unwrap();
        ciphertext.add_weighted(&key.encrypt(&Scalar::ZERO, &Scalar::from(9_u64)), 1);
        ciphertexts.extend_from_slice(&ciphertext.encode());
    }
    let proof = decoded.contests[0].proof;
    let body = Body {
        contests: vec![ContestBody {
            ciphertexts: &ciphertexts,
            proof,
        }],
        ..decoded
    }
    .encode();
    let signed = SignedBallot {
        body: &body,
        ..fixture.signed(&cast)
    };
    assert!(fixture.verify(&signed).unwrap_err().is_false_equation());
}

/// Contests of a style that the voter does not have.
#[test]
fn a_ballot_of_another_style_fails() {
    let fixture = Fixture::new(&[Rules::ChooseOne {
        options: 2,
        blank: false,
    }]);
    let cast = fixture.cast(&[Selection::ChooseOne(Some(0))], &mut rng(1));
    let contests = [NumberedContest {
        number: fixture.contests[0].number,
        kind: kind(Rules::ChooseOne {
            options: 3,
            blank: false,
        }),
    }];
    let signed = SignedBallot {
        context: BallotContext {
            contests: &contests,
            ..fixture.context()
        },
        ..fixture.signed(&cast)
    };
    assert_eq!(
        fixture.verify(&signed),
        Err(BallotError::Contest {
            contest: 3,
            source: ContestFault::CiphertextLength {
                expected: 192,
                found: 128
            },
        })
    );
}
