//! Ballots made from other ballots.

use hanpyo_crypto::ballot::{Body, ContestBody, VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::{BallotEntry, BodyBytes, Entry};
use hanpyo_testkit::{Election, ElectionSpec};

use super::support::{Planted, spec};

const YES: &[Selection] = &[Selection::ChooseOne(Some(0))];

fn decode(entry: &[u8]) -> BallotEntry {
    match Entry::decode(entry).unwrap() {
        Entry::Ballot(ballot) => ballot,
        other => panic!("{other:?}"),
    }
}

fn encode(ballot: BallotEntry) -> Vec<u8> {
    Entry::from(ballot).encode().unwrap()
}

/// `ballot` under another credential; the rest as `change` makes it.
fn under(ballot: &BallotEntry, index: u32, signature: &BallotEntry) -> Vec<u8> {
    let body = Body::decode(ballot.body.as_bytes()).unwrap();
    let body = Body { index, ..body }.encode();
    encode(BallotEntry {
        body: BodyBytes::new(body).unwrap(),
        signature: signature.signature,
    })
}

/// The ciphertexts of `copied` with the proofs of `own`, or the other way round.
fn mixed(copied: &BallotEntry, own: &BallotEntry, own_proofs: bool) -> Vec<u8> {
    let (theirs, mine) = (copied.body.as_bytes(), own.body.as_bytes());
    let (theirs, mine) = (Body::decode(theirs).unwrap(), Body::decode(mine).unwrap());
    let contests = theirs.contests.iter().zip(&mine.contests);
    let contests = contests.map(|(theirs, mine)| {
        let (ciphertexts, proof) = if own_proofs {
            (theirs.ciphertexts, mine.proof)
        } else {
            (mine.ciphertexts, theirs.proof)
        };
        ContestBody { ciphertexts, proof }
    });
    let body = Body {
        contests: contests.collect(),
        index: mine.index,
        counter: mine.counter,
    };
    encode(BallotEntry {
        body: BodyBytes::new(body.encode()).unwrap(),
        signature: own.signature,
    })
}

#[actix_web::test]
async fn another_voters_ballot_is_not_taken_under_ones_own_credential() {
    let mut server = Planted::new(spec(4)).start();
    server.open().await;
    // What is on the board, and what still waits to be there.
    let copied = decode(&server.cast(0, 0).await);
    let own = decode(&server.ballot(1, Some(1)));
    let voter = server.voter(1).await;
    let copies = [
        under(&copied, 1, &copied),
        under(&copied, 1, &own),
        mixed(&copied, &own, true),
        mixed(&copied, &own, false),
    ];
    for (number, copy) in copies.iter().enumerate() {
        let refused = voter.cast(copy).await;
        let problem = refused.expect_problem(422, "invalid-ballot");
        assert_eq!(problem["status"], 422, "{number}");
    }
    // As it is, it is of another credential.
    let whole = encode(copied);
    voter.cast(&whole).await.expect_problem(403, "forbidden");
    // And none of it has spent the voter's own vote, which counts beside the one copied.
    let entries = server.planted.entries();
    assert!(copies.iter().all(|copy| !entries.contains(copy)));
    server.cast(1, 1).await;
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["counted"], 2);
}

/// Ballots of credential 5 by a device with a dead random number generator and clock: they share
/// their nonce points.
fn repeated(kit: &Election, counter: u32) -> Vec<u8> {
    use rand::SeedableRng as _;
    let mut rng = rand::rngs::StdRng::seed_from_u64(11);
    let cast = kit.with_context(5, |context| {
        let request = VoterRequest {
            secret: kit.voters[5].secret.scalar(),
            counter,
            attempt: 1,
            selections: YES,
        };
        let election = kit.context.as_ref().unwrap();
        let prepared = encrypt_ballot(election, context, &request, &mut rng).unwrap();
        prepared.cast(&mut rng)
    });
    encode(cast.try_into().unwrap())
}

#[actix_web::test]
async fn a_ciphertext_is_taken_once_also_when_both_ballots_prove_everything() {
    let mut server = Planted::new(ElectionSpec {
        revoting: true,
        ..spec(8)
    })
    .start();
    server.open().await;
    let voter = server.voter(5).await;
    let ballots: Vec<Vec<u8>> = (1..=6).map(|n| repeated(&server.planted.kit, n)).collect();
    // All at once, so that some meet in one batch.
    let answers = ballots.iter().map(|ballot| voter.cast(ballot));
    let answers = futures_util::future::join_all(answers).await;
    let taken: Vec<usize> = (0..ballots.len())
        .filter(|n| answers[*n].status == 200)
        .collect();
    let [taken] = taken[..] else {
        panic!("{answers:?}");
    };
    for (number, answer) in answers.into_iter().enumerate() {
        if number == taken {
            let code = server.check_acknowledgement(&answer);
            server.check_receipt(&code, &ballots[number]).await;
        } else {
            let code = answer.json()["code"].clone();
            assert!(
                code == "copied-ciphertext" || code == "stale-counter",
                "{code}"
            );
        }
    }
    let late = repeated(&server.planted.kit, 7);
    let refused = voter.cast(&late).await;
    refused.expect_problem(422, "copied-ciphertext");
    let entries = server.planted.entries();
    let there = ballots.iter().filter(|ballot| entries.contains(ballot));
    assert_eq!(there.count(), 1);
}
