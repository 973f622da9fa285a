//! Ballots over HTTP: taken, refused, repeated.

use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{BallotRef, Entry};
use hanpyo_testkit::ElectionSpec;

use super::support::{Planted, kit, spec};

#[actix_web::test]
async fn the_same_body_gets_the_same_acknowledgement_for_ever() {
    let more = [("ledger.sequence_ms", "1000")];
    let mut server = Planted::with(kit(spec(3)), &more).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let voter = server.voter(0).await;
    let first = voter.cast(&ballot).await;
    let code = server.check_acknowledgement(&first);

    let pending = voter.cast(&ballot).await;
    assert_eq!(pending.bytes, first.bytes, "while it waits");
    let waits = server.client.get(&format!("ballots/{code}")).await;
    assert_eq!(waits.expect(202)["status"], "pending");
    server.check_receipt(&code, &ballot).await;
    let again = voter.cast(&ballot).await;
    assert_eq!(again.bytes, first.bytes, "when it is in the log");

    let mut server = server.restart().await;
    let voter = server.voter(0).await;
    let again = voter.cast(&ballot).await;
    assert_eq!(again.bytes, first.bytes, "after a start");
    server.check_receipt(&code, &ballot).await;

    let other = server.ballot(0, Some(1));
    voter
        .cast(&other)
        .await
        .expect_problem(409, "already-voted");
    server.clock.advance(3_700_000);
    server.wait_for_phase("closed").await;
    let voter = server.voter(0).await;
    let again = voter.cast(&ballot).await;
    assert_eq!(again.bytes, first.bytes, "after the close");
    voter.cast(&other).await.expect_problem(409, "closed");
    server.check_receipt(&code, &ballot).await;
}

#[actix_web::test]
async fn what_is_not_a_voters_own_valid_ballot_is_refused() {
    let mut server = Planted::new(spec(4)).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let client = server.client.clone();
    client
        .cast(&ballot)
        .await
        .expect_problem(401, "unauthorized");
    let other = server.voter(1).await;
    other.cast(&ballot).await.expect_problem(403, "forbidden");

    let voter = server.voter(0).await;
    voter
        .cast(b"nonsense")
        .await
        .expect_problem(400, "bad-request");
    voter.cast(&[]).await.expect_problem(400, "bad-request");
    voter
        .cast(&ballot[..ballot.len() - 1])
        .await
        .expect_problem(400, "bad-request");
    voter
        .cast(&vec![0; 65_536])
        .await
        .expect_problem(413, "too-large");
    // A bit of the proof, of the signature.
    for at in [ballot.len() - 1, ballot.len() - 90] {
        let mut forged = ballot.clone();
        forged[at] ^= 1;
        voter
            .cast(&forged)
            .await
            .expect_problem(422, "invalid-ballot");
    }
    let unknown = server.voter(77).await;
    let mut foreign = server
        .kit()
        .prepare_with(1, 1, &[Selection::ChooseOne(None)])
        .body()
        .to_vec();
    foreign.clear();
    drop(foreign);
    unknown.cast(&ballot).await.expect_problem(403, "forbidden");

    // Nothing of this has spent the voter's vote.
    let answer = voter.cast(&ballot).await;
    let code = server.check_acknowledgement(&answer);
    server.check_receipt(&code, &ballot).await;
    let missing = "0".repeat(26);
    client
        .get(&format!("ballots/{missing}"))
        .await
        .expect_problem(404, "not-found");
    client
        .get("ballots/xyz")
        .await
        .expect_problem(400, "bad-request");
}

#[actix_web::test]
async fn of_many_ballots_of_one_voter_at_once_one_is_taken() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    let mut tries = Vec::new();
    for choice in 0..12 {
        let ballot = server.ballot(0, Some(choice % 2));
        let voter = server.voter(0).await;
        tries.push(tokio::spawn(async move { voter.cast(&ballot).await }));
    }
    let (mut taken, mut refused) = (0, 0);
    for each in tries {
        let answer = each.await.unwrap();
        match answer.status {
            200 => taken += 1,
            409 => {
                let code = answer.json()["code"].clone();
                assert!(code == "already-voted" || code == "stale-counter", "{code}");
                refused += 1;
            }
            _ => panic!("{answer:?}"),
        }
    }
    assert_eq!((taken, refused), (1, 11));
}

#[actix_web::test]
async fn a_full_queue_asks_to_come_back_and_loses_nothing() {
    let more = [("ledger.cast_queue", "2"), ("ledger.cast_linger_ms", "50")];
    let mut server = Planted::with(kit(spec(30)), &more).start();
    server.open().await;
    let mut tries = Vec::new();
    for credential in 0..30 {
        let ballot = server.ballot(credential, Some(0));
        let voter = server.voter(credential).await;
        tries.push(tokio::spawn(async move {
            let mut busy = 0;
            loop {
                let answer = voter.cast(&ballot).await;
                if answer.status == 200 {
                    return (busy, ballot, answer);
                }
                assert_eq!(answer.status, 503, "{answer:?}");
                let waiting = &answer.json()["waiting"];
                assert!(waiting["ahead"].as_u64().unwrap() >= 1, "{waiting}");
                let seconds = waiting["seconds"].as_u64().unwrap();
                assert_eq!(answer.headers["retry-after"], seconds.to_string().as_str());
                busy += 1;
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            }
        }));
    }
    let mut refusals = 0;
    for each in tries {
        let (busy, ballot, answer) = each.await.unwrap();
        refusals += busy;
        let code = server.check_acknowledgement(&answer);
        server.check_receipt(&code, &ballot).await;
    }
    assert!(refusals > 0, "the queue never was full");
}

#[actix_web::test]
async fn challenged_ballots_are_opened_and_never_cast() {
    let mut server = Planted::new(spec(4)).start();
    server.open().await;
    let yes = [Selection::ChooseOne(Some(0))];
    let challenge = server.kit().challenged(0, &yes);
    let body = challenge.body.as_bytes().to_vec();
    let entry = Entry::from(challenge.clone()).encode().unwrap();
    let posted = server.client.post_bytes("challenges", entry.clone()).await;
    let index = posted.expect(201)["index"].as_u64().unwrap();
    let again = server.client.post_bytes("challenges", entry.clone()).await;
    assert_eq!(again.expect(201)["index"], index);
    assert_eq!(
        server.planted.entries()[usize::try_from(index).unwrap()],
        entry
    );

    // The same body, cast: its voter's device would have to sign both decisions.
    let prepared = server.kit().prepare_with(1, 1, &yes);
    let (cast, opened) = (prepared.body().to_vec(), prepared);
    assert_ne!(cast, body);
    let twin = {
        // A device that signs twice: prepare the same ballot two times from one random state.
        let kit = server.kit();
        let rng = kit.rng.clone();
        let first = kit.prepare_with(1, 2, &yes);
        kit.rng = rng;
        let second = kit.prepare_with(1, 2, &yes);
        assert_eq!(first.body(), second.body());
        (first, second)
    };
    drop(opened);
    let mut rng = server.kit().rng.clone();
    let cast = hanpyo_ledger::entry::BallotEntry::try_from(twin.0.cast(&mut rng)).unwrap();
    let challenged =
        hanpyo_ledger::entry::PostedChallenge::try_from(&twin.1.challenge(&mut rng)).unwrap();
    let challenged = Entry::from(challenged).encode().unwrap();
    server
        .client
        .post_bytes("challenges", challenged)
        .await
        .expect(201);
    let voter = server.voter(1).await;
    let refused = voter.cast(&Entry::from(cast).encode().unwrap()).await;
    refused.expect_problem(409, "decided-otherwise");

    let mut spoilt = entry.clone();
    let last = spoilt.len() - 1;
    spoilt[last] ^= 1;
    let refused = server.client.post_bytes("challenges", spoilt).await;
    assert!([400, 422].contains(&refused.status), "{refused:?}");

    for _ in 1..5 {
        let more = server.kit().challenged(0, &yes);
        let more = Entry::from(more).encode().unwrap();
        server
            .client
            .post_bytes("challenges", more)
            .await
            .expect(201);
    }
    let sixth = server.kit().challenged(0, &yes);
    let sixth = Entry::from(sixth).encode().unwrap();
    let refused = server.client.post_bytes("challenges", sixth).await;
    refused.expect_problem(409, "too-many-challenges");
    // Challenges do not spend the vote.
    server.cast(0, 1).await;
}

#[actix_web::test]
async fn with_revoting_the_last_ballot_counts() {
    let spec = ElectionSpec {
        revoting: true,
        ..spec(3)
    };
    let mut server = Planted::new(spec).start();
    server.open().await;
    server.cast(0, 0).await;
    let second = server.cast(0, 1).await;
    let counter = BallotRef::decode(&second).unwrap().body.counter;
    assert_eq!(counter, 2);
    let stale = server
        .kit()
        .prepare_with(0, 1, &[Selection::ChooseOne(Some(0))]);
    let mut rng = server.kit().rng.clone();
    let stale = hanpyo_ledger::entry::BallotEntry::try_from(stale.cast(&mut rng)).unwrap();
    let voter = server.voter(0).await;
    let refused = voter.cast(&Entry::from(stale).encode().unwrap()).await;
    refused.expect_problem(409, "stale-counter");
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["counted"], 1);
}

#[actix_web::test]
async fn every_kind_of_contest_is_taken() {
    let times = spec(0);
    let spec = ElectionSpec {
        opens: times.opens,
        closes: times.closes,
        grace: 0,
        ..ElectionSpec::mixed(6)
    };
    let mut server = Planted::new(spec).start();
    server.open().await;
    for credential in 0..6 {
        let selections = hanpyo_testkit::random_selections(server.kit(), credential);
        let ballot = server.kit().ballot(credential, &selections);
        let ballot = Entry::from(ballot).encode().unwrap();
        let answer = server.voter(credential).await.cast(&ballot).await;
        let code = server.check_acknowledgement(&answer);
        server.check_receipt(&code, &ballot).await;
    }
}

#[actix_web::test]
async fn a_ballot_is_found_by_the_printed_code_the_long_one_and_hex() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let answer = server.voter(0).await.cast(&ballot).await;
    let acknowledgement = Acknowledgement::decode(&answer.bytes).unwrap();
    let code = ConfirmationCode(acknowledgement.confirmation_code.0);
    let hex = data_encoding::HEXLOWER.encode(&code.0);
    let printed = code.to_string().replace('-', "");
    for text in [hex, code.full(), printed, code.to_string().to_lowercase()] {
        server.check_receipt(&text, &ballot).await;
    }
}

#[actix_web::test]
async fn a_voter_who_sends_forgeries_must_wait_and_others_need_not() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let mut forged = ballot.clone();
    *forged.last_mut().unwrap() ^= 1;
    let voter = server.voter(0).await;
    for _ in 0..20 {
        let refused = voter.cast(&forged).await;
        refused.expect_problem(422, "invalid-ballot");
    }
    let refused = voter.cast(&forged).await;
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=11).contains(&wait), "{wait}");
    refused.expect_problem(429, "too-many-requests");
    server.cast(1, 1).await;
    server.clock.advance(10_000);
    let answer = server.voter(0).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
}

#[actix_web::test]
async fn strangers_challenges_take_no_place_from_ballots() {
    let more = [
        ("ledger.cast_queue", "8"),
        ("ledger.challenge_queue", "4"),
        ("ledger.cast_linger_ms", "200"),
    ];
    let mut server = Planted::with(kit(spec(6)), &more).start();
    server.open().await;
    let challenge = server.kit().challenged(0, &[Selection::ChooseOne(Some(0))]);
    let challenge = Entry::PostedChallenge(challenge).encode().unwrap();
    // All different, all without a session, none worth anything.
    let forged = (1..=64_u8).map(|n| {
        let mut forged = challenge.clone();
        let place = forged.len() - 3;
        forged[place] ^= n;
        let client = server.client.clone();
        tokio::spawn(async move { client.post_bytes("challenges", forged).await.status })
    });
    let forged: Vec<_> = forged.collect();
    let ballot = server.ballot(1, Some(0));
    let answer = server.voter(1).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
    let mut statuses = Vec::new();
    for each in forged {
        statuses.push(each.await.unwrap());
    }
    let busy = statuses.iter().filter(|status| **status == 503).count();
    assert!(busy >= 64 - 2 * 12, "only a few wait: {statuses:?}");
    assert!(statuses.iter().all(|s| [400, 422, 503].contains(s)));
    // A right one still finds its way.
    for _ in 0..50 {
        let posted = server.client.post_bytes("challenges", challenge.clone());
        match posted.await.status {
            201 => return,
            status => assert_eq!(status, 503),
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no place for a challenge");
}
