//! What a voter's session says of the credential on the board.

use std::time::Duration;

use data_encoding::HEXLOWER;
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::Entry;
use hanpyo_testkit::{ElectionSpec, VoterSpec};
use serde_json::{Value, json};

use super::support::{Client, Planted, Server, kit, spec};

/// Five voters, of whom the last two are of another unit.
fn two_units() -> ElectionSpec {
    let voter = |unit: u16| VoterSpec {
        style: 0,
        unit,
        weight: 1,
    };
    ElectionSpec {
        units: vec![None, None],
        voters: vec![voter(0), voter(0), voter(0), voter(1), voter(1)],
        revoting: true,
        ..spec(0)
    }
}

/// An open election with the voters v0 to v4 in its roll, each with the credential of that number.
async fn open(more: &[(&str, &str)]) -> Server {
    let mut server = Planted::with(kit(two_units()), more).start();
    server.open().await;
    server
}

/// The one-time code that was sent to a voter.
async fn code(server: &Server, voter: &str) -> String {
    let outbox = server.planted.config.storage.outbox_dir();
    for _ in 0..500 {
        for file in std::fs::read_dir(&outbox).unwrap() {
            let path = file.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            // Until it is whole, a message has a hidden name.
            let name = path.file_name().unwrap().to_str().unwrap();
            let whole = name.ends_with(".eml") && !name.starts_with('.');
            if whole && text.starts_with(&format!("To: {voter}@")) {
                std::fs::remove_file(&path).unwrap();
                let body = text.split_once("\n\n").unwrap().1;
                let mut words = body.split(|c: char| !c.is_ascii_digit()).rev();
                return words.find(|word| word.len() == 6).unwrap().to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no message for {voter}");
}

async fn identify(server: &Server, voter: &str) -> super::support::Answer {
    let asked = json!({ "voter_id": voter });
    server
        .client
        .post("voter/identify", &asked)
        .await
        .expect(202);
    let otp = code(server, voter).await;
    let body = json!({ "voter_id": voter, "otp": otp });
    server.client.post("voter/session", &body).await
}

fn bearer(server: &Server, session: &Value) -> Client {
    server.client.with_token(session["token"].as_str().unwrap())
}

async fn extended(voter: &Client) -> Value {
    voter
        .post("voter/session/extend", &json!({}))
        .await
        .expect(200)
}

#[actix_web::test]
async fn a_session_says_what_became_of_the_credential() {
    // Sequenced late: what is only durable counts too.
    let mut server = open(&[("ledger.sequence_ms", "3000")]).await;
    let session = identify(&server, "v0").await.expect(200);
    let voter = bearer(&server, &session);
    let public = HEXLOWER.encode(&server.planted.kit.voters[0].public);
    assert_eq!(session["credential_index"], 0);
    assert_eq!(session["public_credential"], public);
    assert_eq!(
        (&session["has_cast"], &session["last_counter"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(
        (&session["on_paper"], &session["revoked"]),
        (&json!(false), &json!(false))
    );

    let ballot = server.ballot(0, Some(0));
    let answer = voter.cast(&ballot).await;
    let code = server.check_acknowledgement(&answer);
    let pending = server.client.get(&format!("ballots/{code}")).await;
    assert_eq!(pending.status, 202, "{pending:?}");
    let session = extended(&voter).await;
    assert_eq!(
        (&session["has_cast"], &session["last_counter"]),
        (&json!(true), &json!(1))
    );
    server.check_receipt(&code, &ballot).await;
    let session = extended(&voter).await;
    assert_eq!(
        (&session["has_cast"], &session["last_counter"]),
        (&json!(true), &json!(1))
    );
    let again = server.ballot(0, Some(1));
    server.check_acknowledgement(&voter.cast(&again).await);
    assert_eq!(extended(&voter).await["last_counter"], 2);

    // A challenge is no vote.
    let session = identify(&server, "v1").await.expect(200);
    let voter = bearer(&server, &session);
    let challenge = server.kit().challenged(1, &[Selection::ChooseOne(Some(0))]);
    let challenge = Entry::from(challenge).encode().unwrap();
    voter.post_bytes("challenges", challenge).await.expect(201);
    assert_eq!(extended(&voter).await["has_cast"], false);

    let manager = server.staff("desk", &["manager"]).await;
    let struck = json!({ "voter_id": "v1" });
    manager.post("paper/strikes", &struck).await.expect(201);
    let session = extended(&voter).await;
    assert_eq!(
        (&session["on_paper"], &session["has_cast"]),
        (&json!(true), &json!(false))
    );

    let session = identify(&server, "v4").await.expect(200);
    assert_eq!(
        (&session["unit"], &session["style"]),
        (&json!(1), &json!(0))
    );
    let voter = bearer(&server, &session);
    let at = server.kit().revoke(4);
    let revocation = server.planted.kit.entries[usize::try_from(at).unwrap()].clone();
    server.client.entry(&revocation).await.expect(201);
    assert_eq!(extended(&voter).await["revoked"], true);
}

#[actix_web::test]
async fn a_credential_of_another_unit_gives_no_session() {
    let server = open(&[]).await;
    // No API does this to a sealed roll: as if the database had been changed.
    for change in [
        "UPDATE roll_credentials SET credential_index = 9 WHERE credential_index = 0",
        "UPDATE roll_credentials SET credential_index = 0 WHERE credential_index = 3",
        "UPDATE roll_credentials SET credential_index = 3 WHERE credential_index = 9",
    ] {
        server.change_roll(change).await;
    }
    for voter in ["v0", "v3"] {
        identify(&server, voter)
            .await
            .expect_problem(409, "other-credential");
    }
    identify(&server, "v1").await.expect(200);
}
