//! One-time codes, sessions.

use std::time::Instant;

use hanpyo_server::clock::{HOUR, MINUTE, SECOND};
use serde_json::{Value, json};

use super::support::{Answer, Client, MEALS, TestServer, draft};

async fn identify(client: &Client, voter_id: &str) -> Answer {
    client
        .post(
            &format!("{MEALS}/voter/identify"),
            &json!({ "voter_id": voter_id }),
        )
        .await
}

async fn session(client: &Client, voter_id: &str, otp: &str) -> Answer {
    let body = json!({ "voter_id": voter_id, "otp": otp });
    client.post(&format!("{MEALS}/voter/session"), &body).await
}

async fn extend(client: &Client) -> Answer {
    client
        .post(&format!("{MEALS}/voter/session/extend"), &json!({}))
        .await
}

fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

fn bearer(client: &Client, session: &Value) -> Client {
    client.with_token(session["token"].as_str().unwrap())
}

#[actix_web::test]
async fn a_voter_identifies_and_gets_a_session() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    let accepted = identify(&anyone, " v1 ").await;
    assert_eq!(
        (accepted.status.as_u16(), accepted.text.as_str()),
        (202, "")
    );
    let code = server.code_after(1).await;
    assert_eq!(server.messages()[0].0, "one@example.org");
    assert!(server.messages()[0].1.contains("School meals referendum"));

    let session = session(&anyone, "v1", &code).await.expect(200);
    assert_eq!(session["credential_index"], 2);
    assert_eq!(
        (&session["style"], &session["unit"]),
        (&json!(0), &json!(0))
    );
    let voter = bearer(&anyone, &session);
    extend(&voter).await.expect(200);
    // A voter's session is no staff session, and the other way round.
    voter.get(MEALS).await.expect_problem(401, "unauthorized");
    extend(&server.root().await)
        .await
        .expect_problem(401, "unauthorized");
    extend(&anyone).await.expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn strangers_learn_nothing() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    // Unknown voters first: when the known one's message is there, theirs would be too.
    for voter_id in ["nobody", "", "v1\u{0}", &"x".repeat(256)] {
        let answer = identify(&anyone, voter_id).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (202, ""),
            "{voter_id}"
        );
    }
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;

    let mut answers = Vec::new();
    for (voter_id, otp) in [
        ("nobody", "123456"),
        ("v2", "123456"),           // never asked for a code
        ("v1", &other_than(&code)), // wrong
        ("v2", &code),              // someone else's
        ("v1", "12345"),            // malformed
        ("v1", "abcdef"),
    ] {
        let mut body = session(&anyone, voter_id, otp)
            .await
            .expect_problem(401, "unauthorized");
        body["instance"].take();
        answers.push(body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    session(&anyone, "v1", &code).await.expect(200);
}

#[actix_web::test]
async fn a_code_works_once_for_a_while_and_for_few_tries() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();

    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    let (one, two) = tokio::join!(session(&anyone, "v1", &code), session(&anyone, "v1", &code));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "used twice at the same time");

    server.clock.advance(MINUTE);
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(2).await;
    server.clock.advance(5 * MINUTE);
    session(&anyone, "v1", &code)
        .await
        .expect_problem(401, "unauthorized");

    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(3).await;
    // From one address so many tries are allowed, then one a minute.
    server.clock.advance(5 * MINUTE);
    for _ in 0..5 {
        session(&anyone, "v1", &other_than(&code))
            .await
            .expect_problem(401, "unauthorized");
    }
    let refused = session(&anyone, "v1", &code).await;
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((30..=61).contains(&wait), "{wait}");
    refused.expect_problem(429, "too-many-requests");

    // A newer code leaves an older one as it is, and using one ends both.
    identify(&anyone, "v1").await.expect(202);
    let older = server.code_after(4).await;
    server.clock.advance(MINUTE);
    identify(&anyone, "v1").await.expect(202);
    let newer = server.code_after(5).await;
    session(&anyone, "v1", &older).await.expect(200);
    session(&anyone, "v1", &newer)
        .await
        .expect_problem(401, "unauthorized");
}

/// As [`session`], through a proxy from `address`.
async fn session_from(client: &Client, address: &str, voter_id: &str, otp: &str) -> Answer {
    let path = format!("{MEALS}/voter/session");
    let request = client.request(reqwest::Method::POST, &path);
    let request = request.json(&json!({ "voter_id": voter_id, "otp": otp }));
    Answer::of(request.header("x-forwarded-for", address)).await
}

#[actix_web::test]
async fn a_stranger_takes_neither_code_nor_tries_from_a_voter() {
    let server = TestServer::start_with(&[("http.trusted_proxies", "1")]).await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    // The stranger guesses until he must wait, and has codes sent as often as he may.
    for _ in 0..5 {
        session_from(&anyone, "203.0.113.7", "v1", &other_than(&code))
            .await
            .expect_problem(401, "unauthorized");
    }
    session_from(&anyone, "203.0.113.7", "v1", &code)
        .await
        .expect_problem(429, "too-many-requests");
    for sent in 2..=7 {
        server.clock.advance(31 * SECOND);
        identify(&anyone, "v1").await.expect(202);
        server.code_after(sent).await;
    }
    // The voter's own code, asked for before all that, still holds.
    let granted = session_from(&anyone, "198.51.100.1", "v1", &code).await;
    granted.expect(200);
}

#[actix_web::test]
async fn a_voter_who_is_pestered_for_hours_has_a_code_at_any_time() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    let mut sent = 0;
    let mut last = 0;
    for half_minute in 0..240 {
        identify(&anyone, "v1").await.expect(202);
        // Answered before it is done; a request of another voter comes after it.
        let turns = server.running.state.identify_turns.clone();
        let all = server.config.voter.identify_queue;
        drop(turns.acquire_many_owned(u32::try_from(all).unwrap()).await);
        let mut count = server.messages().len();
        // A message is written after its turn: on a busy machine later than ten more requests.
        for _ in 0..200 {
            if count > sent || half_minute - last < 9 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            count = server.messages().len();
        }
        if count > sent {
            (sent, last) = (count, half_minute);
        }
        assert!(half_minute - last < 10, "five minutes without a code");
        server.clock.advance(30 * SECOND + 500);
    }
    assert!(sent <= 20 + 2 * 20 + 1, "{sent} messages in two hours");
}

#[actix_web::test]
async fn many_addresses_together_run_out_of_tries_and_not_for_good() {
    let settings = [
        ("http.trusted_proxies", "1"),
        ("voter.tries_per_hour", "12"),
    ];
    let server = TestServer::start_with(&settings).await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    // An identifier that nobody has is counted no other way.
    for voter_id in ["v1", "nobody"] {
        for n in 0..12 {
            let address = format!("203.0.113.{n}");
            session_from(&anyone, &address, voter_id, &other_than(&code))
                .await
                .expect_problem(401, "unauthorized");
        }
        session_from(&anyone, "203.0.113.99", voter_id, &other_than(&code))
            .await
            .expect_problem(429, "too-many-requests");
    }
    // One every five minutes.
    server.clock.advance(4 * MINUTE);
    session_from(&anyone, "198.51.100.1", "v1", &code)
        .await
        .expect_problem(429, "too-many-requests");
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(2).await;
    server.clock.advance(2 * MINUTE);
    session_from(&anyone, "198.51.100.1", "v1", &code)
        .await
        .expect(200);
}

/// When something was last written to the database.
fn written(server: &TestServer) -> std::time::SystemTime {
    let path = format!("{}-wal", server.config.storage.database().display());
    std::fs::metadata(path).unwrap().modified().unwrap()
}

#[actix_web::test]
async fn a_wrong_code_costs_the_same_for_known_and_unknown_voters() {
    let server = TestServer::start_with(&[("voter.code_attempts", "20")]).await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    // Nothing is written for either: a write takes milliseconds and would tell them apart.
    let before = written(&server);
    for voter_id in ["v1", "v2", "nobody"] {
        for _ in 0..10 {
            session(&anyone, voter_id, &other_than(&code))
                .await
                .expect_problem(401, "unauthorized");
        }
        assert_eq!(written(&server), before, "{voter_id}");
    }
    session(&anyone, "v1", &code).await.expect(200);
    assert!(written(&server) > before, "a right one is used up");
}

#[actix_web::test]
async fn messages_to_one_person_are_limited() {
    let settings = [("voter.codes_per_hour", "3"), ("voter.code_minutes", "20")];
    let server = TestServer::start_with(&settings).await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    for sent in 1..=3 {
        identify(&anyone, "v1").await.expect(202);
        server.code_after(sent).await;
        // At once again: nothing is sent.
        identify(&anyone, "v1").await.expect(202);
        server.clock.advance(31 * SECOND);
    }
    identify(&anyone, "v1").await.expect(202);
    identify(&anyone, "v2").await.expect(202);
    server.code_after(4).await;
    let to: Vec<String> = server.messages().into_iter().map(|(to, _)| to).collect();
    assert_eq!(
        to,
        [
            "one@example.org",
            "one@example.org",
            "one@example.org",
            "two@example.org"
        ]
    );
    server.clock.advance(HOUR);
    identify(&anyone, "v1").await.expect(202);
    server.code_after(5).await;
}

#[actix_web::test]
async fn sessions_end_and_extensions_have_a_limit() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    let mut current = session(&anyone, "v1", &code).await.expect(200);
    for _ in 0..9 {
        server.clock.advance(25 * MINUTE);
        current = extend(&bearer(&anyone, &current)).await.expect(200);
    }
    // 225 of 240 minutes are over: the last session is shorter.
    server.clock.advance(15 * MINUTE + 31 * SECOND);
    extend(&bearer(&anyone, &current))
        .await
        .expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn a_session_belongs_to_its_election_and_follows_its_credential() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    identify(&anyone, "v1").await.expect(202);
    let code = server.code_after(1).await;
    let session = session(&anyone, "v1", &code).await.expect(200);
    let voter = bearer(&anyone, &session);

    // Another election, even with the same voter, is another matter.
    let writer = server.login("city", "writer").await;
    let body = json!({ "slug": "later", "draft": draft() });
    let elections = "/api/v1/tenants/city/elections";
    writer.post(elections, &body).await.expect(201);
    for path in ["later", "nowhere"] {
        let path = format!("{elections}/{path}/voter");
        let asked = json!({ "voter_id": "v1" });
        let identify = anyone.post(&format!("{path}/identify"), &asked).await;
        identify.expect_problem(404, "not-found");
        let extend = voter
            .post(&format!("{path}/session/extend"), &json!({}))
            .await;
        extend.expect_problem(404, "not-found");
    }
    let submit = format!("{elections}/later/submit");
    let submitted = writer
        .if_match(reqwest::Method::POST, &submit, 1, None)
        .await
        .expect(200);
    let hash = &submitted["manifest_hash"];
    let approve = format!("{elections}/later/approve");
    let checker = server.login("city", "checker").await;
    let body = json!({ "manifest_hash": hash });
    checker
        .if_match(reqwest::Method::POST, &approve, 2, Some(&body))
        .await
        .expect(200);
    let other = voter
        .post(
            &format!("{elections}/later/voter/session/extend"),
            &json!({}),
        )
        .await;
    other.expect_problem(401, "unauthorized");

    let authority = server.login("city", "authority").await;
    let path = format!("{MEALS}/roll/assignment");
    let swapped = "voter_id,credential_index\nv1,7\nv2,0\nv3,2\n";
    authority
        .csv(reqwest::Method::PUT, &path, swapped)
        .await
        .expect(200);
    assert_eq!(extend(&voter).await.expect(200)["credential_index"], 7);
    authority.delete(&path).await.expect(204);
    extend(&voter).await.expect_problem(409, "no-credential");
}

#[actix_web::test]
async fn a_full_queue_pushes_back() {
    let server = TestServer::start_with(&[("voter.identify_queue", "16")]).await;
    server.election_with_voters().await;
    let anyone = server.anonymous();
    // All turns are taken: as if so many requests were under way.
    let turns = server.running.state.identify_turns.clone();
    let held = turns.acquire_many_owned(16).await.unwrap();
    let refused = identify(&anyone, "v1").await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.expect_problem(503, "busy");
    drop(held);
    identify(&anyone, "v1").await.expect(202);
    server.code_after(1).await;
}

#[actix_web::test]
async fn codes_taken_before_a_stop_are_delivered() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let outbox = server.running.state.outbox.clone();
    for i in 0..200 {
        let message = hanpyo_server::outbox::Message {
            to: format!("{i}@example.org"),
            subject: "s".to_owned(),
            text: "t\n".to_owned().into(),
        };
        outbox.send(message).unwrap();
    }
    let dir = server.config.storage.outbox_dir();
    let _folder = server.stop().await;
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 200);
}

/// A request for a code that came through proxies.
async fn identify_from(client: &Client, forwarded: &str) -> Answer {
    let path = format!("{MEALS}/voter/identify");
    let request = client.request(reqwest::Method::POST, &path);
    let request = request.json(&json!({ "voter_id": "nobody" }));
    Answer::of(request.header("x-forwarded-for", forwarded)).await
}

#[actix_web::test]
async fn an_address_that_asks_too_much_must_wait_and_others_need_not() {
    let settings = [
        ("http.trusted_proxies", "2"),
        ("voter.address_burst", "3"),
        ("voter.address_per_second", "1"),
    ];
    let server = TestServer::start_with(&settings).await;
    server.approved_election().await;
    let anyone = server.anonymous();
    for _ in 0..3 {
        identify_from(&anyone, "203.0.113.7, 10.0.0.1")
            .await
            .expect(202);
    }
    // What the client itself claims stands further left and changes nothing.
    for claimed in [
        "203.0.113.7, 10.0.0.1",
        "198.51.100.1, 203.0.113.7, 10.0.0.1",
        "127.0.0.1,203.0.113.7,10.0.0.1",
    ] {
        let refused = identify_from(&anyone, claimed).await;
        assert_eq!(refused.headers["retry-after"], "1", "{claimed}");
        refused.expect_problem(429, "too-many-requests");
    }
    // Sessions count with it.
    let session = anyone
        .request(reqwest::Method::POST, &format!("{MEALS}/voter/session"))
        .header("x-forwarded-for", "203.0.113.7, 10.0.0.1")
        .json(&json!({ "voter_id": "nobody", "otp": "123456" }));
    let refused = Answer::of(session).await;
    refused.expect_problem(429, "too-many-requests");
    identify_from(&anyone, "203.0.113.8, 10.0.0.1")
        .await
        .expect(202);
    server.clock.advance(SECOND);
    identify_from(&anyone, "203.0.113.7, 10.0.0.1")
        .await
        .expect(202);

    // One customer's IPv6 network is one address.
    for host in ["1", "2", "3"] {
        let address = format!("2001:db8:0:7::{host}, 10.0.0.1");
        identify_from(&anyone, &address).await.expect(202);
    }
    identify_from(&anyone, "2001:db8:0:7::4, 10.0.0.1")
        .await
        .expect_problem(429, "too-many-requests");
    identify_from(&anyone, "2001:db8:0:8::1, 10.0.0.1")
        .await
        .expect(202);
}

#[actix_web::test]
async fn a_proxy_on_this_machine_that_is_not_configured_locks_nobody_out() {
    let settings = [
        ("voter.address_burst", "1"),
        ("voter.address_per_second", "1"),
    ];
    let server = TestServer::start_with(&settings).await;
    server.approved_election().await;
    let anyone = server.anonymous();
    for _ in 0..20 {
        identify_from(&anyone, "203.0.113.7").await.expect(202);
    }
}

fn per_second(count: usize, begun: Instant) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / begun.elapsed().as_secs_f64()
}

/// Prints how many requests a second the two steps take; no limit is asserted, because machines
/// differ. Run with `--ignored --nocapture`.
#[actix_web::test]
#[ignore = "a measurement"]
async fn measure_identification() {
    const VOTERS: usize = 20_000;
    let server = TestServer::start_with(&[("http.workers", "2")]).await;
    let manager = server.approved_election().await;
    let mut roll = "voter_id,name,contact,district\n".to_owned();
    let mut assignment = "voter_id,credential_index\n".to_owned();
    for i in 0..VOTERS {
        roll.push_str(&format!("v{i},n,{i}@example.org,중구\n"));
        assignment.push_str(&format!("v{i},{i}\n"));
    }
    let begun = Instant::now();
    manager
        .csv(reqwest::Method::POST, &format!("{MEALS}/roll"), roll)
        .await
        .expect(201);
    println!("import: {:.0} rows/s", per_second(VOTERS, begun));
    let authority = server.staff("authority", &["authority"]).await;
    let begun = Instant::now();
    let path = format!("{MEALS}/roll/assignment");
    authority
        .csv(reqwest::Method::PUT, &path, assignment)
        .await
        .expect(200);
    println!("assignment: {:.0} rows/s", per_second(VOTERS, begun));

    let clients: Vec<Client> = (0..64).map(|_| server.anonymous()).collect();
    let begun = Instant::now();
    let tasks: Vec<_> = clients
        .iter()
        .cloned()
        .enumerate()
        .map(|(n, client)| {
            tokio::task::spawn_local(async move {
                for i in (n..VOTERS).step_by(64) {
                    identify(&client, &format!("v{i}")).await.expect(202);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!("identify: {:.0}/s", per_second(VOTERS, begun));
    while server.messages().len() < VOTERS {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    println!("messages: {:.0}/s", per_second(VOTERS, begun));
    let codes: Vec<(String, String)> = server
        .messages()
        .into_iter()
        .map(|(to, text)| {
            (
                format!("v{}", to.trim_end_matches("@example.org")),
                super::support::code_in(&text),
            )
        })
        .collect();
    let codes = std::rc::Rc::new(codes);
    let begun = Instant::now();
    let tasks: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(n, client)| {
            let codes = codes.clone();
            tokio::task::spawn_local(async move {
                for (voter, code) in codes.iter().skip(n).step_by(64) {
                    session(&client, voter, code).await.expect(200);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!("session: {:.0}/s", per_second(VOTERS, begun));
}
