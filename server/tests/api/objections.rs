//! Objections of observers and the replies of staff.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, MEALS, TestServer};

fn objections(rest: &str) -> String {
    format!("{MEALS}/objections{rest}")
}

#[actix_web::test]
async fn anyone_objects_and_staff_replies_in_public() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let visitor = server.anonymous();
    let hash = "ab".repeat(32);
    let body = json!({
        "text": "개표 참관인이 없습니다.\n확인 바랍니다.", "name": "참관인 김", "evidence": hash,
        "entry": 0, "contact": "observer@example.org",
    });
    let taken = visitor.post(&objections(""), &body).await.expect(201);
    assert_eq!(taken, json!({ "number": 1 }));
    let list = visitor.get(&objections("")).await;
    assert!(
        !list.text.contains("observer@example.org"),
        "contacts are not public"
    );
    let list = list.expect(200);
    assert_eq!(list[0]["text"], body["text"]);
    assert_eq!(
        (&list[0]["evidence"], &list[0]["entry"]),
        (&json!(hash), &json!(0))
    );
    assert_eq!(list[0]["replies"], json!([]));

    let reply = json!({ "text": "참관인은 두 명 있었습니다." });
    let replies = objections("/1/replies");
    visitor
        .post(&replies, &reply)
        .await
        .expect_problem(401, "unauthorized");
    let auditor = server.staff("auditor", &["auditor"]).await;
    auditor
        .post(&replies, &reply)
        .await
        .expect_problem(403, "forbidden");
    let shown = manager.post(&replies, &reply).await.expect(201);
    assert_eq!(shown["contact"], "observer@example.org");
    manager
        .post(&objections("/2/replies"), &reply)
        .await
        .expect_problem(404, "not-found");
    let list = visitor.get(&objections("")).await.expect(200);
    assert_eq!(list[0]["replies"][0]["text"], reply["text"]);
    assert_eq!(
        visitor.get(&objections("?after=1")).await.expect(200),
        json!([])
    );

    let withheld = json!({ "reason": "개인정보가 들어 있습니다." });
    let put = manager
        .request(Method::PUT, &objections("/1/withheld"))
        .json(&withheld);
    let seen = Answer::of(put).await.expect(200);
    assert_eq!(seen["full_text"], body["text"]);
    let list = visitor.get(&objections("")).await.expect(200);
    assert_eq!(
        (&list[0]["text"], &list[0]["name"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(list[0]["withheld"], withheld["reason"]);

    let trail = auditor.get(&format!("{MEALS}/audit")).await.expect(200);
    let actions = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["action"].as_str().unwrap());
    let actions: Vec<&str> = actions.filter(|a| a.starts_with("objection.")).collect();
    assert_eq!(actions, ["objection.reply", "objection.withhold"]);
}

#[actix_web::test]
async fn objections_are_limited_in_form_and_number() {
    let server = TestServer::start().await;
    server.approved_election().await;
    let visitor = server.anonymous();
    let bad = json!({
        "text": "\u{7}", "name": "", "evidence": "ab", "entry": 1, "contact": "x",
    });
    let problem = visitor
        .post(&objections(""), &bad)
        .await
        .expect_problem(422, "invalid");
    let fields = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["field"]);
    assert_eq!(
        fields.collect::<Vec<_>>(),
        ["text", "name", "contact", "evidence", "entry"]
    );
    let long = json!({ "text": "가".repeat(4_001) });
    visitor
        .post(&objections(""), &long)
        .await
        .expect_problem(422, "invalid");

    let good = json!({ "text": "가".repeat(4_000) });
    for number in 1..=5 {
        let taken = visitor.post(&objections(""), &good).await.expect(201);
        assert_eq!(taken["number"], number);
    }
    let refused = visitor.post(&objections(""), &good).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.expect_problem(429, "too-many-requests");
    let nowhere = "/api/v1/tenants/city/elections/nowhere/objections";
    visitor
        .post(nowhere, &good)
        .await
        .expect_problem(404, "not-found");
}
