//! Drafts, versions, two-person approval.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, Client, MEALS, TestServer, draft};

const ELECTIONS: &str = "/api/v1/tenants/city/elections";

fn body() -> Value {
    json!({ "slug": "meals", "draft": draft() })
}

fn with_title(title: &str) -> Value {
    let mut draft = draft();
    draft["title"]["ko"] = json!(title);
    draft
}

fn submit() -> String {
    format!("{MEALS}/submit")
}

fn approve() -> String {
    format!("{MEALS}/approve")
}

#[actix_web::test]
async fn two_persons_take_a_draft_to_approval() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager", "approver"]).await;
    let submitter = server.staff("submitter", &["manager", "approver"]).await;
    let checker = server.staff("checker", &["approver"]).await;

    let made = writer.post(ELECTIONS, &body()).await;
    assert_eq!(made.headers["etag"], "\"1\"");
    assert_eq!(made.headers["location"], MEALS);
    let made = made.expect(201);
    assert_eq!(
        (&made["state"], &made["version"]),
        (&json!("draft"), &json!(1))
    );
    assert_eq!(made["problems"], json!([]));
    assert_eq!(made["origin"], "localhost:8080/city/meals");
    assert!(
        made["log_vkey"]
            .as_str()
            .unwrap()
            .starts_with("localhost:8080/city/meals+")
    );

    checker
        .if_match(Method::POST, &submit(), 1, None)
        .await
        .expect_problem(403, "forbidden");
    let hash = json!({ "manifest_hash": made["manifest_hash"] });
    let early = checker
        .if_match(Method::POST, &approve(), 1, Some(&hash))
        .await;
    early.expect_problem(409, "wrong-state");
    let submitted = submitter
        .if_match(Method::POST, &submit(), 1, None)
        .await
        .expect(200);
    assert_eq!(submitted["state"], "in_review");
    // What is approved is what was submitted: submitting names the pages that this server carries.
    let hash = json!({ "manifest_hash": submitted["manifest_hash"] });

    // Neither who wrote it nor who submitted it may approve it, whatever their roles.
    for person in [&writer, &submitter] {
        let own = person
            .if_match(Method::POST, &approve(), 2, Some(&hash))
            .await;
        own.expect_problem(403, "two-persons");
    }
    let other = json!({ "manifest_hash": "00".repeat(32) });
    let wrong = checker
        .if_match(Method::POST, &approve(), 2, Some(&other))
        .await;
    wrong.expect_problem(409, "other-content");
    let approved = checker
        .if_match(Method::POST, &approve(), 2, Some(&hash))
        .await
        .expect(200);
    assert_eq!(approved["state"], "approved");
    assert_eq!(approved["manifest_hash"], submitted["manifest_hash"]);

    // Frozen: no one changes it any more.
    let edit = writer
        .if_match(Method::PUT, MEALS, 3, Some(&with_title("다른 제목")))
        .await;
    edit.expect_problem(409, "wrong-state");
    for (method, path) in [(Method::POST, submit()), (Method::DELETE, MEALS.to_owned())] {
        let change = writer.if_match(method, &path, 3, None).await;
        change.expect_problem(409, "wrong-state");
    }
    let trail = server
        .staff("auditor", &["auditor"])
        .await
        .get(&format!("{MEALS}/audit"))
        .await;
    let trail = trail.expect(200);
    let actions: Vec<&Value> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["action"])
        .collect();
    assert_eq!(
        actions,
        ["election.create", "election.submit", "election.approve"]
    );
    let approved = &trail[2]["detail"]["manifest_hash"];
    assert_eq!(approved, &submitted["manifest_hash"]);
}

fn why(reason: &str) -> Value {
    json!({ "reason": reason })
}

#[actix_web::test]
async fn an_edit_after_submission_starts_the_review_again() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    let checker = server.staff("checker", &["manager", "approver"]).await;
    let made = writer.post(ELECTIONS, &body()).await.expect(201);
    writer
        .if_match(Method::POST, &submit(), 1, None)
        .await
        .expect(200);
    let new = with_title("새 제목");
    let edited = writer
        .if_match(Method::PUT, MEALS, 2, Some(&new))
        .await
        .expect(200);
    assert_eq!(edited["state"], "draft");
    assert_eq!(edited["submitted_by"], Value::Null);
    assert_ne!(edited["manifest_hash"], made["manifest_hash"]);
    writer
        .if_match(Method::POST, &submit(), 3, None)
        .await
        .expect(200);
    // The reviewer returns it, and by editing it becomes an author.
    let back = checker
        .if_match(Method::POST, &format!("{MEALS}/return"), 4, Some(&why("")))
        .await;
    back.expect_problem(422, "invalid");
    let back = checker
        .if_match(
            Method::POST,
            &format!("{MEALS}/return"),
            4,
            Some(&why("제목을 고쳐 주십시오")),
        )
        .await
        .expect(200);
    assert_eq!(back["state"], "draft");
    assert_eq!(back["returned"]["reason"], "제목을 고쳐 주십시오");
    checker
        .if_match(Method::PUT, MEALS, 5, Some(&new))
        .await
        .expect(200);
    let submitted = writer
        .if_match(Method::POST, &submit(), 6, None)
        .await
        .expect(200);
    assert_eq!(submitted["returned"], Value::Null);
    let hash = json!({ "manifest_hash": submitted["manifest_hash"] });
    let own = checker
        .if_match(Method::POST, &approve(), 7, Some(&hash))
        .await;
    own.expect_problem(403, "two-persons");
}

#[actix_web::test]
async fn changes_name_their_version() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    writer.post(ELECTIONS, &body()).await.expect(201);
    let new = with_title("새 제목");
    let put = || writer.request(Method::PUT, MEALS).json(&new);
    Answer::of(put())
        .await
        .expect_problem(428, "precondition-required");
    for tag in ["\"2\"", "1", "*", "W/\"1\"", "\"x\""] {
        let answer = Answer::of(put().header("if-match", tag)).await;
        answer.expect_problem(412, "stale-version");
    }
    let edited = writer.if_match(Method::PUT, MEALS, 1, Some(&new)).await;
    assert_eq!(edited.headers["etag"], "\"2\"");
    edited.expect(200);
    let again = writer.if_match(Method::PUT, MEALS, 1, Some(&new)).await;
    again.expect_problem(412, "stale-version");
    assert_eq!(writer.get(MEALS).await.headers["etag"], "\"2\"");
}

#[actix_web::test]
async fn incomplete_drafts_are_kept_but_not_submitted() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    let mut incomplete = draft();
    incomplete["roles"] = json!({});
    incomplete["units"] = json!([]);
    let body = json!({ "slug": "meals", "draft": incomplete });
    let made = writer.post(ELECTIONS, &body).await.expect(201);
    assert_eq!(made["manifest_hash"], Value::Null);
    let problems = made["problems"].as_array().unwrap();
    assert!(
        problems.iter().any(|p| p["field"] == "roles.tally"),
        "{problems:?}"
    );
    let refused = writer.if_match(Method::POST, &submit(), 1, None).await;
    let refused = refused.expect_problem(422, "invalid");
    assert_eq!(refused["errors"], made["problems"]);
}

/// Nobody would believe a checkpoint of such an election, and its manifest could not be taken back.
#[actix_web::test]
async fn a_quorum_of_witnesses_that_nobody_asks_is_not_approved() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    let made = writer.post(ELECTIONS, &body()).await.expect(201);
    let spec = hanpyo_testkit::ElectionSpec {
        witnesses: 4,
        ..hanpyo_testkit::ElectionSpec::yes_no(1)
    };
    let witnessed = hanpyo_testkit::Election::new(spec).manifest.witnesses;
    let lines = witnessed.policy.to_string();
    let witnesses = lines.split_once('\n').unwrap().1;
    assert!(witnesses.contains("quorum ") && !witnesses.contains("quorum none"));
    let log = made["log_vkey"].as_str().unwrap();
    let mut changed = draft();
    changed["witnesses"] = json!({ "policy": format!("log {log}\n{witnesses}"), "faulty": 1 });
    let put = writer.if_match(Method::PUT, MEALS, 1, Some(&changed)).await;
    let saved = put.expect(200);
    assert_eq!(saved["problems"][0]["field"], "witnesses.policy", "{saved}");
    assert_eq!(saved["problems"].as_array().unwrap().len(), 1, "{saved}");
    let refused = writer.if_match(Method::POST, &submit(), 2, None).await;
    let refused = refused.expect_problem(422, "invalid");
    assert_eq!(refused["errors"], saved["problems"]);
}

#[actix_web::test]
async fn wrong_drafts_are_refused_and_leave_no_keys() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    let keys = server.config.storage.keys_dir();
    let files = || fs::read_dir(&keys).unwrap().count();
    let before = files();
    let change = |pointer: &str, value: Value| {
        let mut body = body();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, field) in [
        (change("/slug", json!("Meals")), "slug"),
        (change("/draft/title/ko", json!(" ")), "title.ko"),
    ] {
        let problem = writer
            .post(ELECTIONS, &body)
            .await
            .expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let mut foreign = body();
    foreign["draft"]["origin"] = json!("elsewhere/city/meals");
    let problem = writer
        .post(ELECTIONS, &foreign)
        .await
        .expect_problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "origin");
    let mut unknown = body();
    unknown["draft"]["titel"] = json!("x");
    writer
        .post(ELECTIONS, &unknown)
        .await
        .expect_problem(400, "bad-request");
    assert_eq!(files(), before);

    writer.post(ELECTIONS, &body()).await.expect(201);
    assert_eq!(files(), before + 1);
    writer
        .post(ELECTIONS, &body())
        .await
        .expect_problem(409, "slug-taken");
    assert_eq!(files(), before + 1);
    writer
        .if_match(Method::DELETE, MEALS, 1, None)
        .await
        .expect(204);
    assert_eq!(files(), before);
    writer.get(MEALS).await.expect_problem(404, "not-found");
}

#[actix_web::test]
async fn another_tenant_and_other_roles_get_nowhere() {
    let server = TestServer::start().await;
    let writer = server.staff("writer", &["manager"]).await;
    writer.post(ELECTIONS, &body()).await.expect(201);
    let town = server.town().await;
    // Neither under the city's path nor under their own.
    for path in [MEALS, "/api/v1/tenants/town/elections/meals"] {
        town.get(path).await.expect_problem(404, "not-found");
        town.get(&format!("{path}/audit"))
            .await
            .expect_problem(404, "not-found");
        for (method, path) in [
            (Method::PUT, path.to_owned()),
            (Method::DELETE, path.to_owned()),
            (Method::POST, format!("{path}/submit")),
            (Method::POST, format!("{path}/return")),
            (Method::POST, format!("{path}/approve")),
        ] {
            let body = match path.rsplit('/').next() {
                Some("approve") => json!({ "manifest_hash": "" }),
                Some("return") => why("아무 이유"),
                _ => draft(),
            };
            let answer = town.if_match(method, &path, 1, Some(&body)).await;
            answer.expect_problem(404, "not-found");
        }
    }
    assert_eq!(
        town.get("/api/v1/tenants/town/elections").await.expect(200),
        json!([])
    );
    // The same slug in another tenant is another election.
    town.post("/api/v1/tenants/town/elections", &body())
        .await
        .expect(201);
    assert_eq!(
        writer
            .get(ELECTIONS)
            .await
            .expect(200)
            .as_array()
            .unwrap()
            .len(),
        1
    );

    for role in ["approver", "auditor", "authority"] {
        let client = server.staff(role, &[role]).await;
        client.get(MEALS).await.expect(200);
        let edit = client.if_match(Method::PUT, MEALS, 1, Some(&draft())).await;
        edit.expect_problem(403, "forbidden");
    }
    server
        .anonymous()
        .get(MEALS)
        .await
        .expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn the_list_is_newest_first() {
    let server = TestServer::start().await;
    let writer = server.approved_election().await;
    let body = json!({ "slug": "later", "draft": draft() });
    writer.post(ELECTIONS, &body).await.expect(201);
    let list = writer.get(ELECTIONS).await.expect(200);
    let found: Vec<(&Value, &Value)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (&e["slug"], &e["state"]))
        .collect();
    let expected = [
        (json!("later"), json!("draft")),
        (json!("meals"), json!("approved")),
    ];
    assert_eq!(
        found,
        expected
            .iter()
            .map(|(slug, state)| (slug, state))
            .collect::<Vec<_>>()
    );
}

/// Waits until the log of `meals` is there.
async fn wait_for_log(server: &TestServer) -> serde_json::Value {
    for _ in 0..500 {
        let public = server.anonymous().get(&format!("{MEALS}/public")).await;
        if public.status == 200 {
            return public.json();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the log was not begun");
}

#[actix_web::test]
async fn a_log_that_cannot_be_begun_is_begun_once_it_can() {
    // What is in the way of the folder, of the first entry's tiles.
    for hindrance in ["city", "city/meals/tile"] {
        let server = TestServer::start().await;
        let hindrance = server.config.storage.board_dir().join(hindrance);
        std::fs::create_dir_all(hindrance.parent().unwrap()).unwrap();
        std::fs::write(&hindrance, b"in the way").unwrap();
        // Approving does not fail because of it.
        server.approved_election().await;
        let anyone = server.anonymous();
        let public = anyone.get(&format!("{MEALS}/public")).await;
        assert!(
            public.status == 404 || public.json()["log_size"] == 0,
            "{public:?}"
        );
        let readyz = anyone.get("/readyz").await.text;
        assert!(readyz.starts_with("degraded\n"), "{readyz}");
        assert!(readyz.contains("city/meals"), "{readyz}");

        std::fs::remove_file(&hindrance).unwrap();
        wait_for_log(&server).await;
        for _ in 0..500 {
            if anyone.get("/readyz").await.text == "ok\n" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(anyone.get("/readyz").await.text, "ok\n");
        let public = wait_for_log(&server).await;
        assert_eq!(
            (&public["phase"], &public["log_size"]),
            (&"ceremony".into(), &1.into())
        );
        let board = anyone.get("/board/city/meals/tile/entries/000.p/1").await;
        assert_eq!(board.status, 200, "{board:?}");
    }
}

/// Submits a draft of `writer` and lets `checker` try to approve it.
async fn approval_of(slug: &str, writer: &Client, checker: &Client) -> Answer {
    let body = json!({ "slug": slug, "draft": draft() });
    writer.post(ELECTIONS, &body).await.expect(201);
    let path = |step: &str| format!("{ELECTIONS}/{slug}/{step}");
    let submitted = writer
        .if_match(Method::POST, &path("submit"), 1, None)
        .await
        .expect(200);
    let hash = json!({ "manifest_hash": submitted["manifest_hash"] });
    checker
        .if_match(Method::POST, &path("approve"), 2, Some(&hash))
        .await
}

#[actix_web::test]
async fn who_has_two_accounts_in_hand_is_one_person() {
    let server = TestServer::start().await;
    let root = server.root().await;
    // An administrator who also writes elections makes the approver, and one through another account.
    let admin = server.staff("admin", &["tenant_admin", "manager"]).await;
    let puppet = server.staff_made_by(&admin, "puppet", &["approver"]).await;
    let refused = approval_of("one", &admin, &puppet).await;
    refused.expect_problem(403, "two-persons");
    let helper = server
        .staff_made_by(&admin, "helper", &["tenant_admin"])
        .await;
    let second = server.staff_made_by(&helper, "second", &["approver"]).await;
    let refused = approval_of("two", &admin, &second).await;
    refused.expect_problem(403, "two-persons");
    // The other way round: the approver has made the account that writes.
    let boss = server.staff("boss", &["tenant_admin", "approver"]).await;
    let writer = server.staff_made_by(&boss, "writer", &["manager"]).await;
    let refused = approval_of("three", &writer, &boss).await;
    refused.expect_problem(403, "two-persons");

    // Others' accounts count from the moment that they were in hand: reset, unlocked or re-roled.
    let checker = server.staff("checker", &["approver"]).await;
    let approved = approval_of("four", &admin, &checker).await;
    assert_eq!(approved.expect(200)["state"], "approved");
    let staff = root.get("/api/v1/tenants/city/staff").await.expect(200);
    let staff = staff.as_array().unwrap().iter();
    let id = staff.clone().find(|s| s["login"] == "checker").unwrap()["id"].clone();
    let path = format!("/api/v1/tenants/city/staff/{id}");
    let roles = json!({ "roles": ["approver", "auditor"] });
    admin.patch(&path, &roles).await.expect(200);
    let refused = approval_of("five", &admin, &checker).await;
    refused.expect_problem(403, "two-persons");
    // Another writer's elections are not concerned.
    let other = server.staff("other", &["manager"]).await;
    let approved = approval_of("six", &other, &checker).await;
    approved.expect(200);

    // Who made both is in the trail, for an auditor to ask about.
    let made_both = staff.clone().find(|s| s["login"] == "root").unwrap()["id"].clone();
    let trail = root
        .get(&format!("{ELECTIONS}/six/audit"))
        .await
        .expect(200);
    let approval = trail.as_array().unwrap().last().unwrap().clone();
    assert_eq!(approval["action"], "election.approve");
    let hands = approval["detail"]["accounts_in_hand_of"]
        .as_array()
        .unwrap();
    assert!(hands.contains(&made_both), "{approval}");
}
