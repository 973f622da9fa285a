//! Test vectors of the ballot protocol: docs/vectors/crypto-basics.json and crypto-ballots.json.
//!
//! The files are compared with what the code gives today; `BLESS=1 cargo test -p hanpyo-crypto --test
//! vectors` writes them anew. Everything random comes from ChaCha20 with a fixed seed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::outsider::{self, Contest, Outsider};
use ballot_support::{Fixture, MANIFEST_HASH, agreed, rng};
use curve25519_dalek::scalar::Scalar;
use data_encoding::HEXLOWER;
use hanpyo_crypto::ballot::{
    Body, ConfirmationCode, Decision, Opening, VoterRequest, encrypt_ballot,
};
use hanpyo_crypto::batch::SignedBallot;
use hanpyo_crypto::contest::{Rules, ScoreTotal, Selection};
use hanpyo_crypto::group;
use merlin::Transcript;
use serde_json::{Value, json};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

fn hex_all(scalars: &[Scalar]) -> Vec<String> {
    scalars
        .iter()
        .map(|scalar| hex(scalar.as_bytes()))
        .collect()
}

/// Compares with the file, or writes it.
fn settle(name: &str, vectors: &Value) {
    let file = format!("{}/../docs/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        let text = format!("{}\n", serde_json::to_string_pretty(vectors).unwrap());
        std::fs::write(&file, text).unwrap();
    } else {
        let recorded = std::fs::read_to_string(&file).unwrap();
        let recorded: Value = serde_json::from_str(&recorded).unwrap();
        assert!(
            recorded == *vectors,
            "{name}.json differs from what the code gives"
        );
    }
}

#[test]
fn basics() {
    let label = b"hanpyo/v1/confirmation-code";
    let hashes: Vec<_> = [&b""[..], b"a", &[0xff; 200]]
        .iter()
        .map(|message| {
            json!({
                "label": String::from_utf8_lossy(label),
                "message": hex(message),
                "hash": hex(group::hash(label, &[message])),
                "scalar": hex(group::hash_to_scalar(label, &[message]).as_bytes()),
                "point": hex(group::hash_to_point(label, &[message]).compress().as_bytes()),
            })
        })
        .collect();

    let mut transcript = Transcript::new(b"hanpyo/v1/ballot");
    transcript.append_message(b"manifest", &MANIFEST_HASH);
    transcript.append_u64(b"credential-index", 41);
    transcript.append_message(b"body", &[7; 500]);
    let weights = outsider::challenge(&mut transcript, b"weights", 3);
    let challenge = outsider::challenge(&mut transcript, b"challenge", 1);

    let fixture = Fixture::new(&[]);
    let key = fixture.election.joint_key();
    let encryptions: Vec<_> = [0_u64, 1, 5, 1 << 48]
        .iter()
        .map(|value| {
            let nonce = group::hash_to_scalar(b"nonce", &[&value.to_le_bytes()]);
            json!({
                "value": value,
                "nonce": hex(nonce.as_bytes()),
                "ciphertext": hex(key.encrypt(&Scalar::from(*value), &nonce).encode()),
            })
        })
        .collect();
    let code = ConfirmationCode::of(&MANIFEST_HASH, b"a body");
    settle(
        "crypto-basics",
        &json!({
            "sections": "2 to 4 and 6.1 of docs/PROTOCOL.md",
            "value_generator": hex(group::value_generator().compress().as_bytes()),
            "labelled_hashes": hashes,
            "transcript": {
                "steps": [
                    ["new", "hanpyo/v1/ballot"],
                    ["add", "manifest", hex(MANIFEST_HASH)],
                    ["add64", "credential-index", 41],
                    ["add", "body", hex([7; 500])],
                    ["scalars", "weights", hex_all(&weights)],
                    ["scalar", "challenge", hex_all(&challenge)[0]],
                ],
            },
            "encryption": {
                "secret": hex(fixture.joint_secret.as_bytes()),
                "joint_key": hex(key.encoded().as_bytes()),
                "ciphertexts": encryptions,
            },
            "confirmation_code": {
                "manifest_hash": hex(MANIFEST_HASH),
                "body": hex(b"a body"),
                "code": hex(code.0),
                "shown": code.to_string(),
                "scanned": code.full(),
            },
        }),
    );
}

/// One contest of every kind and flavour with a selection.
fn examples() -> Vec<(&'static str, Vec<Rules>, Vec<Selection>)> {
    use Selection::{Choose, ChooseOne, Rank, Score};
    let one = |options, blank| Rules::ChooseOne { options, blank };
    let score = |maximum, total, unanswered| Rules::Score {
        options: 2,
        maximum,
        total,
        unanswered,
    };
    let choose = Rules::Choose {
        options: 3,
        min: 1,
        max: 2,
    };
    let rank = |min, max| Rules::Rank {
        options: 3,
        min,
        max,
    };
    vec![
        ("yes or no", vec![one(2, false)], vec![ChooseOne(Some(1))]),
        ("blank", vec![one(3, true)], vec![ChooseOne(None)]),
        ("up to two of three", vec![choose], vec![Choose(vec![0, 2])]),
        (
            "scores",
            vec![score(10, ScoreTotal::Free, false)],
            vec![Score(vec![Some(0), Some(10)])],
        ),
        (
            "points with a budget, 16 bits",
            vec![score(300, ScoreTotal::AtMost(400), false)],
            vec![Score(vec![Some(100), Some(299)])],
        ),
        (
            "points spent exactly, some unanswered",
            vec![score(5, ScoreTotal::Exactly(4), true)],
            vec![Score(vec![None, Some(4)])],
        ),
        ("full ranking", vec![rank(3, 3)], vec![Rank(vec![2, 0, 1])]),
        ("partial ranking", vec![rank(1, 3)], vec![Rank(vec![1, 2])]),
        (
            "three contests",
            vec![one(2, false), choose, rank(0, 2)],
            vec![ChooseOne(Some(0)), Choose(vec![1]), Rank(vec![])],
        ),
    ]
}

fn pairs(body: &Body<'_>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let contests = body.contests.iter();
    contests
        .map(|contest| (contest.ciphertexts.to_vec(), contest.proof.to_vec()))
        .collect()
}

fn accepted(name: &str, rules: &[Rules], selections: &[Selection]) -> Value {
    let fixture = Fixture::new(rules);
    let (context, election) = (fixture.context(), &fixture.election);
    let prepare = || {
        let request = VoterRequest {
            secret: &fixture.secret,
            counter: 2,
            attempt: 1,
            selections,
        };
        encrypt_ballot(election, &context, &request, &mut rng(1)).unwrap()
    };
    let code = prepare().confirmation_code();
    let cast = prepare().cast(&mut rng(2));
    let challenged = prepare().challenge(&mut rng(2));
    let signed = SignedBallot {
        context,
        body: &cast.body,
        decision: Decision::Cast,
        signature: &cast.signature,
    };
    assert!(agreed(election, &signed).is_ok());
    let opened = SignedBallot {
        decision: Decision::Challenge,
        signature: &challenged.signature,
        ..signed
    };
    assert!(agreed(election, &opened).is_ok());
    let opening = challenged.opening.encode();
    assert!(
        Opening::decode(&opening)
            .unwrap()
            .check(election, &context, &cast.body)
            .is_ok()
    );

    let body = Body::decode(&cast.body).unwrap();
    let mut outsider = Outsider::new(&fixture.statement(), rng(3));
    let parts = pairs(&body);
    let contests: Vec<_> = (fixture.contests.iter().zip(&parts).zip(selections))
        .map(|((contest, part), selection)| {
            let parameters = contest.kind.parameters();
            let (weights, challenge) = outsider.replay(contest.number, &parameters, part);
            json!({
                "number": contest.number,
                "parameters": parameters,
                "values": *contest.kind.plaintext(selection).unwrap(),
                "weights": hex_all(&weights),
                "challenge": hex(challenge.as_bytes()),
            })
        })
        .collect();
    json!({
        "name": name,
        "contests": contests,
        "body": hex(&cast.body),
        "confirmation_code": hex(code.0),
        "shown": code.to_string(),
        "cast": hex(cast.signature),
        "challenge": hex(challenged.signature),
        "opening": hex(opening.as_slice()),
    })
}

/// Ballots to be refused: forged by a prover that proves all it can.
fn refused() -> Vec<Value> {
    let one = Rules::ChooseOne {
        options: 2,
        blank: false,
    };
    let choose = Rules::Choose {
        options: 3,
        min: 1,
        max: 2,
    };
    let rank = |min| Rules::Rank {
        options: 3,
        min,
        max: 3,
    };
    let score = Rules::Score {
        options: 2,
        maximum: 10,
        total: ScoreTotal::Free,
        unanswered: false,
    };
    let forgeries: [(&str, Rules, &[i64]); 8] = [
        ("two options", one, &[1, 1]),
        ("minus one and two", one, &[2, -1]),
        ("blank where it is not allowed", one, &[0, 0]),
        ("three of at most two", choose, &[1, 1, 1]),
        ("two marks on one option", choose, &[2, 0, 0]),
        (
            "an option ranked twice",
            rank(3),
            &[1, 0, 0, 1, 0, 0, 0, 1, 0],
        ),
        ("a gap in the ranks", rank(1), &[1, 0, 0, 0, 0, 0, 0, 1, 0]),
        ("a score above the largest", score, &[0, 11]),
    ];
    let forged = |(name, rules, values): (&str, Rules, &[i64])| {
        let fixture = Fixture::new(&[rules]);
        let contest = fixture.contests[0];
        let values: Vec<_> = values
            .iter()
            .map(|value| match Scalar::from(value.unsigned_abs()) {
                magnitude if *value < 0 => -magnitude,
                magnitude => magnitude,
            })
            .collect();
        let attempt = Contest::new(contest.number, contest.kind.parameters(), values);
        let (body, signature) =
            outsider::ballot(&fixture.statement(), &[attempt], &fixture.secret, rng(4));
        let signed = SignedBallot {
            context: fixture.context(),
            body: &body,
            decision: Decision::Cast,
            signature: &signature,
        };
        let error = agreed(&fixture.election, &signed).unwrap_err();
        json!({
            "name": name,
            "contests": [{
                "number": contest.number,
                "parameters": contest.kind.parameters(),
            }],
            "body": hex(&body),
            "cast": hex(signature),
            "error": error.to_string(),
        })
    };
    forgeries.into_iter().map(forged).collect()
}

#[test]
fn ballots() {
    let fixture = Fixture::new(&[]);
    let accepted: Vec<_> = examples()
        .iter()
        .map(|(name, rules, selections)| accepted(name, rules, selections))
        .collect();
    settle(
        "crypto-ballots",
        &json!({
            "sections": "5 and 6 of docs/PROTOCOL.md",
            "manifest_hash": hex(MANIFEST_HASH),
            "joint_secret": hex(fixture.joint_secret.as_bytes()),
            "joint_key": hex(fixture.election.joint_key().encoded().as_bytes()),
            "credential_secret": hex(fixture.secret.as_bytes()),
            "credential": hex(fixture.credential),
            "credential_index": fixture.index,
            "style": fixture.style,
            "accepted": accepted,
            "refused": refused(),
        }),
    );
}
