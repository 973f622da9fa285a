//! Entries that roles sign, over HTTP.

use hanpyo_ledger::entry::{Entry, EntryType, Open, PaperStrike, Payload as _, Seconds, Signed};
use hanpyo_ledger::signature::{Proposal, Role, RoleKeys};
use hanpyo_testkit::{Election, ElectionSpec};
use serde_json::json;

use super::support::{Client, Planted, Server, kit, now, spec};

fn bundle(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bundle = Vec::new();
    for entry in entries {
        bundle.extend(u16::try_from(entry.len()).unwrap().to_be_bytes());
        bundle.extend(entry);
    }
    bundle
}

async fn size(client: &Client) -> u64 {
    client.get("public").await.expect(200)["log_size"]
        .as_u64()
        .unwrap()
}

#[actix_web::test]
async fn what_cannot_come_next_is_refused_and_changes_nothing() {
    let mut planted = Planted::new(spec(3));
    planted.kit.set_up();
    let entries = planted.kit.entries.clone();
    let server = planted.start();
    let client = &server.client;

    let drill = entries
        .iter()
        .find(|e| EntryType::peek(e) == Ok(EntryType::Drill))
        .unwrap();
    let refused = client.entry(drill).await.expect_problem(409, "wrong-phase");
    assert_eq!(refused["findings"][0]["check"], 2, "{refused}");

    let mut forged = entries[1].clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let refused = client
        .entry(&forged)
        .await
        .expect_problem(422, "check-failed");
    assert_eq!(refused["findings"][0]["what"], "signatures", "{refused}");

    client
        .entry(b"nonsense")
        .await
        .expect_problem(400, "bad-request");
    client.entry(&[]).await.expect_problem(400, "bad-request");
    let mut long = entries[1].clone();
    long.push(0);
    client.entry(&long).await.expect_problem(400, "bad-request");
    client
        .entry(&vec![0; 65_536])
        .await
        .expect_problem(413, "too-large");
    client
        .post_bytes("entries/bundle", vec![0; 8 * 1024 * 1024 + 1])
        .await
        .expect_problem(413, "too-large");
    client
        .post_bytes("entries/bundle", vec![0, 9, 1])
        .await
        .expect_problem(422, "refused");

    assert_eq!(size(client).await, 1);
    let answer = client.entry(&entries[1]).await;
    assert_eq!(
        answer.expect(201)["index"],
        1,
        "the right one still comes next"
    );
}

#[actix_web::test]
async fn bundles_are_all_or_nothing_and_may_be_sent_again() {
    let mut planted = Planted::new(spec(3));
    planted.kit.set_up();
    let entries = planted.kit.entries.clone();
    let server = planted.start();
    let client = &server.client;

    // The second of three is out of place.
    let bad = [entries[1].clone(), entries[8].clone(), entries[2].clone()];
    let refused = client.post_bytes("entries/bundle", bundle(&bad)).await;
    refused.expect_problem(409, "wrong-phase");
    assert_eq!(size(client).await, 1);

    let good = bundle(&entries[1..]);
    let placed = client.post_bytes("entries/bundle", good.clone()).await;
    let all = json!({ "first": 1, "count": entries.len() - 1 });
    assert_eq!(placed.expect(201), all);
    let again = client.post_bytes("entries/bundle", good.clone()).await;
    assert_eq!(again.expect(200), all);
    let one = client.entry(&entries[5]).await;
    assert_eq!(one.expect(200)["index"], 5);

    let server = server.restart().await;
    let again = server.client.post_bytes("entries/bundle", good).await;
    assert_eq!(again.expect(200), all);
    assert_eq!(server.planted.entries()[..entries.len()], entries);
}

#[actix_web::test]
async fn the_server_publishes_the_joint_key_itself() {
    let mut planted = Planted::new(spec(3));
    planted.kit.run_ceremony();
    let entries = planted.kit.entries.clone();
    let (joint_key, trustees) = entries.split_last().unwrap();
    let server = planted.start();
    for entry in &trustees[1..] {
        server.client.entry(entry).await.expect(201);
    }
    server.wait_for_phase("drill").await;
    assert_eq!(server.planted.entries().last(), Some(joint_key));
    let public = server.client.get("public").await.expect(200);
    let Ok(Entry::JointKey(signed)) = Entry::decode(joint_key) else {
        panic!("joint key");
    };
    let expected = data_encoding::HEXLOWER.encode(signed.payload.joint_key_point.as_bytes());
    assert_eq!(public["joint_key"], expected);
}

/// A proposal of the entry's payload with the signatures of `signers` only.
fn proposal(kit: &Election, entry: &[u8], signers: &[Role]) -> Vec<u8> {
    let keys = RoleKeys::new(&kit.manifest).unwrap();
    let mut proposal = match Entry::decode(entry).unwrap() {
        Entry::RollChunk(signed) => Proposal::new(&signed.payload, &keys),
        Entry::RollSealed(signed) => Proposal::new(&signed.payload, &keys),
        Entry::Reissue(signed) => Proposal::new(&signed.payload, &keys),
        other => panic!("{}", other.entry_type()),
    };
    for role in signers {
        proposal.sign(&keys, *role, kit.keys.of(*role)).unwrap();
    }
    proposal.encode()
}

#[actix_web::test]
async fn two_authorities_and_the_commission_sign_one_after_the_other() {
    let spec = ElectionSpec {
        authorities: 2,
        ..spec(3)
    };
    let mut planted = Planted::new(spec);
    planted.kit.set_up();
    let kit = &planted.kit;
    let (chunk, chunk_entry) = kit.find(|e| matches!(e, Entry::RollChunk(_)));
    let (seal, _) = kit.find(|e| matches!(e, Entry::RollSealed(_)));
    assert_eq!(seal, chunk + 1);
    assert!(matches!(chunk_entry, Entry::RollChunk(_)));
    let [one, two] = [1_u64, 2].map(|n| Role::Authority(n.try_into().unwrap()));
    let proposals = |entry: usize, signers: &[Role]| proposal(kit, &kit.entries[entry], signers);
    let unsigned = proposals(chunk, &[]);
    let chunks = [proposals(chunk, &[one]), proposals(chunk, &[two])];
    let seals = [proposals(seal, &[one]), proposals(seal, &[two])];
    let entries = kit.entries.clone();
    let before: Vec<Vec<u8>> = entries[1..chunk].to_vec();
    let server = planted.start();
    let client = &server.client;
    client
        .post_bytes("entries/bundle", bundle(&before))
        .await
        .expect(201);

    let post = |bytes: &[u8]| client.post_bytes("proposals", bytes.to_vec());
    post(&unsigned).await.expect_problem(422, "check-failed");
    post(&chunks[0][..9])
        .await
        .expect_problem(400, "bad-request");
    let twice = bundle(&[before[0].clone(), before[0].clone()]);
    client
        .post_bytes("entries/bundle", twice)
        .await
        .expect_problem(422, "refused");
    let first = post(&chunks[0]).await.expect(201);
    assert_eq!(first["missing"], json!(["authority 2"]));
    assert_eq!(first["index"], json!(null));
    let both = post(&chunks[1]).await.expect(200);
    assert_eq!(both["missing"], json!([]));
    assert_eq!(both["index"], chunk);
    assert_eq!(both["id"], first["id"]);
    let again = post(&chunks[0]).await.expect(200);
    assert_eq!(again["index"], chunk);

    post(&seals[0]).await.expect(201);
    let id = post(&seals[1]).await.expect(200)["id"].clone();
    let id = id.as_str().unwrap();
    let list = client.get("proposals").await.expect(200);
    assert_eq!(list[0]["id"], id);
    assert_eq!(list[0]["type"], 13);
    assert_eq!(list[0]["missing"], json!(["commission"]));
    assert_eq!(list[1]["index"], chunk);
    let shown = client.get(&format!("proposals/{id}")).await;
    let keys = RoleKeys::new(&server.planted.kit.manifest).unwrap();
    let shown = Proposal::decode(&shown.bytes, &keys).unwrap();
    assert_eq!(shown.missing(), [Role::Commission]);

    let approve = format!("proposals/{id}/approve");
    client
        .post(&approve, &json!({}))
        .await
        .expect_problem(401, "unauthorized");
    let auditor = server.staff("auditor", &["auditor"]).await;
    auditor
        .post(&approve, &json!({}))
        .await
        .expect_problem(403, "forbidden");
    let manager = server.staff("manager", &["manager"]).await;
    server
        .change_roll("DELETE FROM roll_credentials WHERE credential_index = 2")
        .await;
    let refused = manager.post(&approve, &json!({})).await;
    refused.expect_problem(409, "roll-not-assigned");
    let shown = client.get("proposals").await.expect(200);
    assert_eq!(
        shown[0]["missing"],
        json!(["commission"]),
        "not signed: {shown}"
    );
    server
        .change_roll("INSERT INTO roll_credentials (roll_id, version, tenant_id, election_id, credential_index) \
             SELECT id, 0, tenant_id, election_id, 2 FROM roll_rows WHERE voter_id = 'v2'")
        .await;
    let approved = manager.post(&approve, &json!({})).await.expect(200);
    assert_eq!(approved["index"], seal);
    let again = manager.post(&approve, &json!({})).await.expect(200);
    assert_eq!(again["index"], seal);
    let shown = client.get("proposals").await.expect(200);
    assert_eq!(shown[0]["index"], seal);
    assert_eq!(shown[0]["missing"], json!([]), "{shown}");
    assert_eq!(server.planted.entries()[..=seal], entries[..=seal]);
}

#[actix_web::test]
async fn who_asked_for_a_reissue_does_not_sign_it_for_the_commission() {
    let mut server = Planted::new(spec(4)).start();
    server.open().await;
    let asker = server.staff("asker", &["manager"]).await;
    let other = server.staff("other", &["manager"]).await;
    let keeper = server.staff("keeper", &["tenant_admin", "manager"]).await;
    let puppet = server.staff_made_by(&keeper, "puppet", &["manager"]).await;

    // The kit re-issues credentials 1 and 2; all but the re-issue itself is posted at once.
    for (revoked, who) in [(1, &asker), (2, &puppet)] {
        let voter = json!({ "kind": "reissue", "reason": "우편물 분실" });
        let found = who.get(&format!("voters?q=v{revoked}")).await.expect(200);
        let row = &found["voters"][0];
        assert_eq!(row["credential_index"], revoked, "{found}");
        let asked = who
            .post(&format!("voters/{}/requests", row["id"]), &voter)
            .await;
        asked.expect(201);
        let first = server.planted.kit.entries.len();
        server.kit().revoke(revoked);
        server.kit().reissue(revoked);
        let kit = &server.planted.kit;
        let mut entries = kit.entries[first..].to_vec();
        let reissue = entries.pop().unwrap();
        for entry in &entries {
            server.client.entry(entry).await.expect(201);
        }
        let authorities: Vec<Role> = (1..=kit.keys.authorities.len())
            .map(|n| Role::Authority(u64::try_from(n).unwrap().try_into().unwrap()))
            .collect();
        let waiting = proposal(kit, &reissue, &authorities);
        let state = server.client.post_bytes("proposals", waiting).await;
        let state = state.expect(201);
        assert_eq!(state["missing"], json!(["commission"]));
        let id = state["id"].as_str().unwrap();
        let approve = format!("proposals/{id}/approve");

        let one_person = if revoked == 1 {
            vec![&asker]
        } else {
            // The puppet's account was in the keeper's hand.
            vec![&puppet, &keeper]
        };
        for person in one_person {
            let refused = person.post(&approve, &json!({})).await;
            refused.expect_problem(403, "two-persons");
        }
        assert!(
            !server.planted.entries().contains(&reissue),
            "nothing is signed"
        );
        other.post(&approve, &json!({})).await.expect(200);
        assert_eq!(server.planted.entries().last(), Some(&reissue));
        // What is done may be asked about by anyone.
        asker.post(&approve, &json!({})).await.expect(200);
    }
}

#[actix_web::test]
async fn staff_runs_the_election_and_only_managers_do() {
    let mut server = Planted::new(spec(6)).start();
    server.open().await;
    let manager = server.staff("manager", &["manager"]).await;
    let approver = server.staff("approver", &["approver"]).await;
    let strike = json!({ "credential_index": 0 });
    approver
        .post("paper/strikes", &strike)
        .await
        .expect_problem(403, "forbidden");
    server
        .client
        .post("paper/strikes", &strike)
        .await
        .expect_problem(401, "unauthorized");

    manager.post("paper/strikes", &strike).await.expect(201);
    let struck = server.ballot(0, Some(0));
    let voter = server.voter(0).await;
    voter.cast(&struck).await.expect_problem(409, "struck");

    server.cast(1, 0).await;
    manager
        .post("paper/strikes", &json!({ "credential_index": 1 }))
        .await
        .expect_problem(422, "check-failed");
    manager
        .post("paper/strikes", &json!({ "credential_index": 99 }))
        .await
        .expect_problem(422, "check-failed");
    manager
        .post("paper/strikes", &json!({}))
        .await
        .expect_problem(422, "invalid");

    // Of one struck voter no two paper votes can be.
    manager
        .post("paper/turnout", &json!({ "per_unit": [2] }))
        .await
        .expect_problem(422, "check-failed");
    manager
        .post("paper/turnout", &json!({ "per_unit": [1] }))
        .await
        .expect(201);
    manager
        .post("paper/turnout", &json!({ "per_unit": [0] }))
        .await
        .expect_problem(422, "check-failed");
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(
        (&turnout["paper"], &turnout["counted"]),
        (&json!(1), &json!(1))
    );

    let closes = server.planted.kit.spec.closes;
    let later = json!({ "closes": closes + 60, "reason": "정전" });
    manager.post("redating", &later).await.expect(201);
    let earlier = json!({ "closes": closes, "reason": "x" });
    manager
        .post("redating", &earlier)
        .await
        .expect_problem(422, "check-failed");
    let public = server.client.get("public").await.expect(200);
    assert_eq!(public["schedule"]["closes"], closes + 60);

    let assets = json!({ "hash": "ab".repeat(32), "reason": "수정" });
    manager.post("assets", &assets).await.expect(201);
    manager
        .post("close", &json!({}))
        .await
        .expect_problem(409, "still-voting");
    assert_eq!(server.phase().await, "open");
    server.cast(2, 1).await;

    manager
        .post("void", &json!({ "reason": "무효" }))
        .await
        .expect(201);
    assert_eq!(server.phase().await, "void");
    let late = server.ballot(3, Some(0));
    let voter = server.voter(3).await;
    voter.cast(&late).await.expect_problem(409, "closed");
}

#[actix_web::test]
async fn a_ballot_that_became_durable_in_between_stops_a_strike() {
    // Ballots wait an hour to be sequenced: the record does not know them when the strike is
    // checked, the database does.
    let kit = kit(spec(3));
    let more = [("ledger.sequence_ms", "10000")];
    let mut server: Server = Planted::with(kit, &more).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let answer = server.voter(0).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
    let strike = server.kit().sign(PaperStrike {
        credential: 0.into(),
    });
    let signed: Signed<PaperStrike> = strike;
    assert_eq!(PaperStrike::TYPE, EntryType::PaperStrike);
    let entry = Entry::from(signed).encode().unwrap();
    let refused = server.client.entry(&entry).await;
    assert!([409, 422].contains(&refused.status), "{refused:?}");
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["counted"], 1, "the ballot was sequenced first");
}

#[actix_web::test]
async fn who_holds_no_key_hurries_no_ballots_into_the_log() {
    // A round of one ballot is not shuffled: its place tells when it was cast.
    let more = [("ledger.sequence_ms", "10000")];
    let mut server = Planted::with(kit(spec(6)), &more).start();
    server.open().await;
    let before = size(&server.client).await;
    let strike = PaperStrike {
        credential: 5.into(),
    };
    let mut forged = Entry::from(server.kit().sign(strike)).encode().unwrap();
    *forged.last_mut().unwrap() ^= 1;
    // Properly signed, but it cannot come next.
    let time = Seconds::new(now() + 60);
    let late = server.planted.kit.sign(Open { time });
    let late = Entry::from(late).encode().unwrap();
    for credential in 0..3 {
        let ballot = server.ballot(credential, Some(0));
        let answer = server.voter(credential).await.cast(&ballot).await;
        server.check_acknowledgement(&answer);
        let refused = server.client.entry(&forged).await;
        let refused = refused.expect_problem(422, "check-failed");
        assert_eq!(refused["findings"][0]["what"], "signatures", "{refused}");
        let refused = server.client.entry(&late).await;
        refused.expect_problem(409, "wrong-phase");
        assert_eq!(size(&server.client).await, before, "nothing was published");
    }
    // A right one brings them all, in one round.
    *forged.last_mut().unwrap() ^= 1;
    server.client.entry(&forged).await.expect(201);
    assert_eq!(size(&server.client).await, before + 4);
}

#[actix_web::test]
async fn the_limit_of_json_is_not_that_of_entries() {
    let more = [("http.json_body_bytes", "1024")];
    let mut server = Planted::with(kit(spec(40)), &more).start();
    server.open().await;
    let longest = server.planted.kit.entries.iter().map(Vec::len).max();
    assert!(longest > Some(1024), "{longest:?}");
    server.cast(0, 1).await;
    let long = json!({ "reason": "x".repeat(2_000) });
    let manager = server.staff("manager", &["manager"]).await;
    manager
        .post("void", &long)
        .await
        .expect_problem(413, "too-large");
}
