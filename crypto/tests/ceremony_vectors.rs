//! docs/vectors/ceremony.json and decryption.json: a 2 of 3 ceremony and a decryption, to the byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use ceremony_support::*;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{DrillShare, TrusteeState, drill_point, judge_complaint};
use hanpyo_crypto::decryption::{ClosedTree, Combination, PartialDecryption, SumPosition};
use hanpyo_crypto::elgamal::JointKey;
use serde_json::{Value, json};

const SEED: u64 = 2026;

fn state(state: impl Into<TrusteeState>) -> Value {
    json!(hex(&*state.into().to_bytes()))
}

#[test]
fn ceremony() {
    let attempt = attempt(2, 3);
    let commitments = commitments(&begin(attempt, SEED));
    let states = shared(attempt, SEED);
    let openings = public_openings(&states);
    let lists = lists(&states);
    let outcome = outcome(&states);
    let shares = key_shares(attempt, SEED);
    let mut rng = rng(1);
    let trustees: Vec<_> = (0..3)
        .map(|place| {
            let share = &shares[place];
            let drill = DrillShare::create(share, &mut rng);
            drill.verify(&outcome, share.trustee()).unwrap();
            json!({
                "trustee": share.trustee().number(),
                "commitment": hex(commitments[place].0),
                "opening": hex(openings.get(share.trustee()).unwrap().as_bytes()),
                "shares": hex(lists[place].as_bytes()),
                "verification_share": hex(outcome.verification_shares()[place].as_bytes()),
                "drill": {
                    "decryption": hex(drill.point().as_bytes()),
                    "proof": hex(drill.proof().encode()),
                },
            })
        })
        .collect();

    let wrong = with_wrong_share(&attempt, &lists[0], 0);
    let mut dealt = lists.clone();
    dealt[0] = wrong.clone();
    let complained = complain(states.into_iter().nth(1).unwrap().receive(&dealt).unwrap());
    let complaint = *complained.complaint();
    let judged = |list| judge_complaint(&openings, list, &complaint).unwrap();

    compare_vectors(
        "ceremony.json",
        &json!({
            "section": "8",
            "manifest_hash": hex(MANIFEST),
            "attempt": attempt.number(),
            "quorum": 2,
            "trustees": trustees,
            "transcript_hash": hex(outcome.transcript_hash()),
            "joint_key": hex(outcome.joint_key().as_bytes()),
            "drill_point": hex(drill_point(&outcome).as_bytes()),
            "complaint": {
                "complainant": complaint.complainant().number(),
                "accused": complaint.accused().number(),
                "shared": hex(complaint.shared().as_bytes()),
                "proof": hex(complaint.proof().encode()),
                "culprit_with_shares_above": judged(&lists[0]).culprit.number(),
                "wrong_shares": hex(wrong.as_bytes()),
                "culprit_with_wrong_shares": judged(&wrong).culprit.number(),
            },
            "states_of_trustee_1": {
                "committed": state(begin(attempt, SEED).swap_remove(0)),
                "opened": state(opened(attempt, SEED).swap_remove(0)),
                "shared": state(shared(attempt, SEED).swap_remove(0)),
                "confirmed": state(confirmed(attempt, SEED).swap_remove(0)),
                "key_share": state(key_shares(attempt, SEED).swap_remove(0)),
            },
            "state_of_trustee_2": { "complained": state(complained) },
        }),
    );
}

#[test]
fn decryption() {
    let shares = key_shares(attempt(2, 3), SEED);
    let outcome = shares[0].outcome();
    let key = JointKey::decode(outcome.joint_key().as_bytes()).unwrap();
    let value = 8_387_u64;
    let sum = key.encrypt(&Scalar::from(value), &Scalar::random(&mut rng(2)));
    let tree = ClosedTree {
        root: [0x72; 32],
        size: 2_200,
    };
    let at = SumPosition {
        contest: 0,
        group: 4,
        position: 1,
    };
    let mut rng = rng(3);
    let partials: Vec<_> = shares
        .iter()
        .map(|share| PartialDecryption::create(share, &tree, at, &sum, &mut rng))
        .collect();
    let parameters = outcome.parameters();
    let chosen = [1, 3].map(|number| parameters.trustee(number).unwrap());
    let combined = Combination::new(parameters, &chosen)
        .unwrap()
        .decrypt(
            &sum,
            &[(chosen[0], &partials[0]), (chosen[1], &partials[2])],
        )
        .unwrap();
    let listed: Vec<_> = shares
        .iter()
        .zip(&partials)
        .map(|(share, partial)| {
            partial
                .verify(outcome, &tree, share.trustee(), at, &sum)
                .unwrap();
            json!({
                "trustee": share.trustee().number(),
                "verification_share":
                    hex(outcome.verification_share(share.trustee()).unwrap().as_bytes()),
                "decryption": hex(partial.point().as_bytes()),
                "proof": hex(partial.proof().encode()),
            })
        })
        .collect();
    compare_vectors(
        "decryption.json",
        &json!({
            "section": "9.3",
            "manifest_hash": hex(MANIFEST),
            "root": hex(tree.root),
            "size": tree.size,
            "contest": at.contest,
            "group": at.group,
            "position": at.position,
            "quorum": 2,
            "sum": hex(sum.encode()),
            "partial_decryptions": listed,
            "value": value,
            "value_times_h": hex(combined.compress().as_bytes()),
        }),
    );
}
