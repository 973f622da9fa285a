//! Votes that are refused, each with its reason, and nothing is in the log afterwards.

use hanpyo_load_tests::voter::api::Session;
use hanpyo_load_tests::voter::cast::{secret, vote};
use hanpyo_load_tests::voter::choices::Intent;
use hanpyo_load_tests::voter::election::Election;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::Value;

use super::world::{Voter, World, not_recorded, run};

pub(super) async fn whoever_has_voted_cannot_vote_again(world: &mut World) {
    let voter = world.voter();
    let otp = world.otp(&world.open, &voter).await;
    assert_eq!(
        run(&mut world.vote(&world.open, &voter, &otp)).await.code,
        Some(0)
    );
    let before = world.counted().await;
    // A one-time code serves once.
    let said = run(&mut world.vote(&world.open, &voter, &otp)).await;
    not_recorded(&said, "session: 401");
    let otp = world.otp(&world.open, &voter).await;
    let said = run(&mut world.vote(&world.open, &voter, &otp)).await;
    not_recorded(&said, "This voter has cast a ballot already");
    assert_eq!(world.counted().await, before);
}

pub(super) async fn wrong_codes_and_choices_cast_nothing(world: &mut World) {
    let before = world.counted().await;
    let (voter, other) = (world.voter(), world.voter());
    let mistyped = |code: &str| {
        // Another character of the alphabet in the place of the first.
        let first = if code.starts_with('2') { '3' } else { '2' };
        format!("{first}{}", &code[1..])
    };
    for (code, choices, expected) in [
        (other.code.clone(), "1", "credential"),
        (mistyped(&voter.code), "1", "voting code: "),
        (voter.code[1..].to_owned(), "1", "voting code: "),
        (voter.code.clone(), "3", "option"),
        (voter.code.clone(), "0", "an option's number"),
        (voter.code.clone(), "blank", "blank"),
        (voter.code.clone(), "1;2", "2 choices for 1 contests"),
    ] {
        let otp = world.otp(&world.open, &voter).await;
        let mistaken = Voter {
            code,
            ..voter.clone()
        };
        let mut command = world.mark(&world.open, &mistaken, choices);
        let said = run(command.args(["--otp", &otp, "--challenge"])).await;
        not_recorded(&said, expected);
    }
    let two = ["--code", &other.code];
    let said = run(world.vote(&world.open, &voter, "000000").args(two)).await;
    not_recorded(
        &said,
        "1 voting codes are needed, one of each authority; 2 given",
    );
    // A wrong one-time code leaves the right one usable.
    let otp = world.otp(&world.open, &voter).await;
    let wrong = if otp == "000000" { "000001" } else { "000000" };
    for wrong in [wrong, "", "12345", "abcdef"] {
        let said = run(&mut world.vote(&world.open, &voter, wrong)).await;
        not_recorded(&said, "session: 401");
    }
    let stranger = Voter {
        id: "nobody".to_owned(),
        ..voter.clone()
    };
    not_recorded(
        &run(&mut world.vote(&world.open, &stranger, &otp)).await,
        "session: 401",
    );
    assert_eq!(world.counted().await, before);
    assert_eq!(
        run(&mut world.vote(&world.open, &voter, &otp)).await.code,
        Some(0)
    );
}

pub(super) async fn another_election_than_in_the_letter(world: &mut World) {
    let before = world.counted().await;
    let voter = world.voter();
    let other = "ab".repeat(32);
    let said = run(world
        .vote(&world.open, &voter, "000000")
        .args(["--manifest", &other]))
    .await;
    said.is_refused("hanpyo-voter", "this is not the election of the letter");
    assert!(said.err.contains(&other), "{said:?}");
    // The key of another log.
    let mut elsewhere = world.open.clone();
    elsewhere.vkey.clone_from(&world.tomorrow.vkey);
    let said = run(&mut world.vote(&elsewhere, &voter, "000000")).await;
    said.is_refused("hanpyo-voter", "board");
    for (server, expected) in [
        ("nonsense", "--server: "),
        ("ftp://127.0.0.1", "http or https is expected"),
        ("http://127.0.0.1:1", "127.0.0.1:1"),
    ] {
        let said = run(&mut world.vote_by(server, &world.open, &voter, "000000")).await;
        said.is_refused("hanpyo-voter", expected);
    }
    elsewhere.slug = "nowhere";
    let said = run(&mut world.vote(&elsewhere, &voter, "000000")).await;
    said.is_refused("hanpyo-voter", "board/seoul/nowhere");
    assert_eq!(world.counted().await, before);
}

/// A session whose time is over, signed by the server's own key: only its end lies an hour back.
pub(super) async fn an_expired_session(world: &mut World) {
    let before = world.counted().await;
    let voter = world.voter();
    let api = world.api(&world.open);
    let otp = world.otp(&world.open, &voter).await;
    let good = api.session(&voter.id, &otp).await.unwrap();
    let payload = good.token.split('.').nth(1).unwrap();
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(payload.as_bytes())
        .unwrap();
    let mut claims: Value = serde_json::from_slice(&payload).unwrap();
    for time in ["iat", "nbf", "exp"] {
        claims[time] = (claims[time].as_i64().unwrap() - 2 * 3600).into();
    }
    let key = std::fs::read(world.fixture.data().join("keys/token-ed25519.pem")).unwrap();
    let key = EncodingKey::from_ed_pem(&key).unwrap();
    let expired = Session {
        token: encode(&Header::new(Algorithm::EdDSA), &claims, &key).unwrap(),
        credential_index: good.credential_index,
    };
    let (board, vkey) = (world.open.board.clone(), world.open.vkey.parse().unwrap());
    let election = tokio::task::spawn_blocking(move || Election::load(&board, &vkey, None));
    let election = election
        .await
        .unwrap()
        .unwrap_or_else(|error| panic!("{error}"));
    let secret = secret(&election, &[&voter.code]).unwrap_or_else(|error| panic!("{error}"));
    let refused = vote(&api, &election, &expired, &secret, "1", Intent::Cast).await;
    let said = refused.unwrap_err().to_string();
    assert!(said.starts_with("cast: 401"), "{said}");
    assert_eq!(world.counted().await, before);
    // Nothing is spoilt: the same voter votes in a session that is not over.
    let recorded = vote(&api, &election, &good, &secret, "1", Intent::Cast).await;
    assert!(recorded.is_ok());
}

pub(super) async fn before_and_after_voting(world: &mut World) {
    for (election, expected) in [
        (&world.tomorrow, "Ballots are not taken at this time"),
        (&world.over, "Voting is over"),
    ] {
        let file = std::fs::File::open(&election.letters).unwrap();
        let letters = hanpyo_load_tests::voter::codes::read(file).unwrap_or_else(|e| panic!("{e}"));
        let (id, contact) = election.voters[0].clone();
        let letter = letters.iter().find(|letter| letter.voter_id == id).unwrap();
        let voter = Voter {
            id,
            contact,
            code: letter.codes[0].to_string(),
        };
        let otp = world.otp(election, &voter).await;
        let said = run(&mut world.vote(election, &voter, &otp)).await;
        not_recorded(&said, expected);
    }
}
