//! What the public pages read: lists, timeline, trustees, booth, entries.

use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::Receipt;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, MEALS, TestServer};

#[actix_web::test]
async fn approved_elections_are_listed_until_staff_leaves_them_out() {
    let server = TestServer::start().await;
    let visitor = server.anonymous();
    let empty = json!({ "elections": [], "more": false });
    assert_eq!(visitor.get("/api/v1/elections").await.expect(200), empty);
    let manager = server.approved_election().await;
    server.town().await;

    let list = visitor.get("/api/v1/elections").await.expect(200);
    assert_eq!(list["more"], false);
    let expected = json!([{
        "tenant": "city", "tenant_name": "City", "election": "meals",
        "title": { "ko": "무상급식 주민투표", "en": "School meals referendum" },
        "phase": "ceremony", "opens": 1_900_000_000, "closes": 1_900_043_200, "test": true,
    }]);
    assert_eq!(list["elections"], expected);
    let of = |tenant: &str| format!("/api/v1/tenants/{tenant}/public-elections");
    assert_eq!(visitor.get(&of("city")).await.expect(200), list);
    assert_eq!(visitor.get(&of("town")).await.expect(200), empty);
    visitor
        .get(&of("nowhere"))
        .await
        .expect_problem(404, "not-found");
    let later = visitor.get("/api/v1/elections?offset=1").await.expect(200);
    assert_eq!(later, empty);

    // Drafts are nobody's business.
    let body = json!({ "slug": "draft", "draft": super::support::draft() });
    manager
        .post("/api/v1/tenants/city/elections", &body)
        .await
        .expect(201);
    assert_eq!(visitor.get("/api/v1/elections").await.expect(200), list);

    let listing = format!("{MEALS}/listing");
    let hide = json!({ "listed": false });
    let put = |client: &super::support::Client| {
        Answer::of(client.request(Method::PUT, &listing).json(&hide))
    };
    put(&visitor).await.expect_problem(401, "unauthorized");
    let auditor = server.staff("auditor", &["auditor"]).await;
    put(&auditor).await.expect_problem(403, "forbidden");
    assert_eq!(put(&manager).await.expect(200), hide);
    assert_eq!(manager.get(&listing).await.expect(200), hide);
    assert_eq!(visitor.get("/api/v1/elections").await.expect(200), empty);
    visitor.get(&format!("{MEALS}/public")).await.expect(200);
    let trail = auditor.get(&format!("{MEALS}/audit")).await.expect(200);
    let last = trail.as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "election.listing");
    assert_eq!(last["detail"], hide);
}

#[actix_web::test]
async fn a_new_election_has_its_manifest_and_waits_for_its_trustees() {
    let server = TestServer::start().await;
    let visitor = server.anonymous();
    for part in [
        "timeline",
        "trustees",
        "booth",
        "entries/0",
        "entries/0/receipt",
    ] {
        visitor
            .get(&format!("{MEALS}/{part}"))
            .await
            .expect_problem(404, "not-found");
    }
    server.approved_election().await;

    let timeline = visitor.get(&format!("{MEALS}/timeline")).await.expect(200);
    let lines = timeline.as_array().unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["kind"], &lines[0]["index"]),
        (&json!("manifest"), &json!(0))
    );
    assert!(
        lines[0]["at"].as_str().unwrap().starts_with("20"),
        "{timeline}"
    );

    let trustees = visitor.get(&format!("{MEALS}/trustees")).await.expect(200);
    assert_eq!(trustees["step"], "commitment");
    assert_eq!(trustees["waiting_for"], json!([1, 2, 3]));
    assert_eq!(
        (&trustees["quorum"], &trustees["attempt"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(trustees["trustees"][1]["name"], "나");
    assert_eq!(trustees["trustees"][1]["commitment"], Value::Null);

    let booth = visitor.get(&format!("{MEALS}/booth")).await.expect(200);
    let public = visitor.get(&format!("{MEALS}/public")).await.expect(200);
    assert_eq!(booth["manifest_hash"], public["manifest_hash"]);
    assert_eq!(booth["joint_key"], Value::Null);
    assert_eq!(booth["confirmations"], json!([]));
    assert_eq!(booth["log_size"], 1);
    let nobody = visitor.get(&format!("{MEALS}/booth?credential=0")).await;
    nobody.expect_problem(404, "not-found");
}

#[actix_web::test]
async fn entries_come_with_receipts_under_the_signed_checkpoint() {
    let server = TestServer::start().await;
    server.approved_election().await;
    let visitor = server.anonymous();
    let public = visitor.get(&format!("{MEALS}/public")).await.expect(200);
    let vkey = public["vkey"].as_str().unwrap();
    let policy = format!("log {vkey}\nquorum none\n");
    let policy = Policy::parse(policy.as_bytes()).unwrap();

    let request = visitor.request(Method::GET, &format!("{MEALS}/entries/0"));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/cbor");
    assert!(
        response.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let entry = response.bytes().await.unwrap();
    let text = visitor.get(&format!("{MEALS}/entries/0/receipt")).await;
    let receipt = Receipt::parse(text.text.as_bytes()).unwrap();
    assert_eq!(receipt.extra(), &entry[..]);
    receipt.verify(&policy).unwrap();

    for beyond in ["1", "18446744073709551615"] {
        let answer = visitor.get(&format!("{MEALS}/entries/{beyond}")).await;
        answer.expect_problem(404, "not-found");
    }
    let answer = visitor.get(&format!("{MEALS}/entries/x")).await;
    assert_eq!(answer.status.as_u16() / 100, 4);
}
