//! The order of options is drawn by lot.

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::support::{MEALS, TestServer, draft};

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    let byte = |place: usize| u8::from_str_radix(&hex[place..place + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// The order as an observer recomputes it.
fn recomputed(seed: &[u8], contribution: &str, options: u16) -> Vec<u16> {
    let key = Sha256::digest([b"hanpyo/v1/lot", seed, contribution.as_bytes()].concat());
    let mut tickets: Vec<(Vec<u8>, u16)> = (0..options)
        .map(|i| {
            (
                Sha256::digest([&key[..], &i.to_be_bytes()].concat()).to_vec(),
                i,
            )
        })
        .collect();
    tickets.sort();
    tickets.into_iter().map(|(_, option)| option).collect()
}

#[actix_web::test]
async fn a_draw_is_committed_to_reordered_and_recomputable() {
    let server = TestServer::start().await;
    let manager = server.staff("writer", &["manager"]).await;
    let mut election = draft();
    let option = |n: usize| json!({ "ko": format!("후보 {n}"), "en": "" });
    election["contests"][0]["options"] = (0..5).map(option).collect();
    election["contests"][0]["rule"] = json!("plurality");
    let body = json!({ "slug": "meals", "draft": election });
    manager
        .post("/api/v1/tenants/city/elections", &body)
        .await
        .expect(201);
    let lots = format!("{MEALS}/lots");
    server
        .anonymous()
        .get(&lots)
        .await
        .expect_problem(404, "not-found");
    let wrong = manager.post(&lots, &json!({ "contest": 1 })).await;
    wrong.expect_problem(422, "invalid");

    let lot = manager
        .post(&lots, &json!({ "contest": 0 }))
        .await
        .expect(201);
    assert_eq!((&lot["seed"], &lot["order"]), (&Value::Null, &Value::Null));
    let draw = format!("{lots}/{}/draw", lot["id"]);
    let contribution = json!({ "contribution": "7 23 41" });
    manager
        .post(&draw, &json!({ "contribution": "" }))
        .await
        .expect_problem(422, "invalid");
    let drawn = manager.post(&draw, &contribution).await.expect(200);
    let seed = bytes(&drawn["seed"]);
    assert_eq!(Sha256::digest(&seed).to_vec(), bytes(&lot["commitment"]));
    let order = recomputed(&seed, "7 23 41", 5);
    assert_eq!(drawn["order"], json!(order));
    let shown = manager.get(MEALS).await.expect(200);
    let titles: Vec<Value> = order.iter().map(|n| json!(format!("후보 {n}"))).collect();
    let options = shown["draft"]["contests"][0]["options"]
        .as_array()
        .unwrap()
        .iter();
    assert_eq!(options.map(|o| o["ko"].clone()).collect::<Vec<_>>(), titles);
    assert_eq!(shown["version"], 2);
    assert_eq!(drawn["drawn_by"], "writer");
    assert_eq!(manager.get(&lots).await.expect(200), json!([drawn]));

    // The options are no longer those of the commitment, unless the order happens to be the same.
    let again = manager.post(&draw, &contribution).await;
    let code = if order == [0, 1, 2, 3, 4] {
        "drawn"
    } else {
        "options-changed"
    };
    again.expect_problem(409, code);
    let auditor = server.staff("auditor", &["auditor"]).await;
    let trail = auditor.get(&format!("{MEALS}/audit")).await.expect(200);
    let last = trail.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["detail"]["seed"]),
        (&json!("lot.draw"), &drawn["seed"])
    );
    auditor
        .post(&lots, &json!({ "contest": 0 }))
        .await
        .expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn only_the_order_last_drawn_is_submitted_and_every_draw_is_shown() {
    let server = TestServer::start().await;
    let manager = server.staff("writer", &["manager"]).await;
    let body = json!({ "slug": "meals", "draft": draft() });
    manager
        .post("/api/v1/tenants/city/elections", &body)
        .await
        .expect(201);
    let lots = format!("{MEALS}/lots");
    for contribution in ["7 23 41", "once more"] {
        let lot = manager
            .post(&lots, &json!({ "contest": 0 }))
            .await
            .expect(201);
        let draw = format!("{lots}/{}/draw", lot["id"]);
        manager
            .post(&draw, &json!({ "contribution": contribution }))
            .await
            .expect(200);
    }
    // Prepared and never drawn: it gives no order.
    manager
        .post(&lots, &json!({ "contest": 0 }))
        .await
        .expect(201);
    let drawn = manager.get(MEALS).await.expect(200);
    assert_eq!(drawn["problems"], json!([]));

    let mut moved = drawn["draft"].clone();
    moved["contests"][0]["options"]
        .as_array_mut()
        .unwrap()
        .swap(0, 1);
    let moved = manager
        .if_match(Method::PUT, MEALS, 3, Some(&moved))
        .await
        .expect(200);
    assert_eq!(moved["problems"][0]["field"], "contests[0].options");
    assert_eq!(moved["manifest_hash"], Value::Null);
    let submit = format!("{MEALS}/submit");
    let refused = manager
        .if_match(Method::POST, &submit, 4, None)
        .await
        .expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "contests[0].options");
    manager
        .if_match(Method::PUT, MEALS, 4, Some(&drawn["draft"]))
        .await
        .expect(200);
    let submitted = manager
        .if_match(Method::POST, &submit, 5, None)
        .await
        .expect(200);

    let approver = server.staff("approver", &["approver"]).await;
    let seen = approver.get(&lots).await.expect(200);
    let told = |n: usize| (&seen[n]["contribution"], &seen[n]["drawn_by"]);
    assert_eq!(told(0), (&json!("7 23 41"), &json!("writer")));
    assert_eq!(told(1), (&json!("once more"), &json!("writer")));
    assert_eq!(told(2), (&Value::Null, &Value::Null));
    let body = json!({ "manifest_hash": submitted["manifest_hash"] });
    approver
        .if_match(Method::POST, &format!("{MEALS}/approve"), 6, Some(&body))
        .await
        .expect(200);
    // For everyone: every draw, but not the name of an account.
    let public = server.anonymous().get(&lots).await.expect(200);
    assert_eq!(public[1]["contribution"], "once more");
    assert_eq!(public[1]["order"], seen[1]["order"]);
    assert_eq!(public[1]["drawn_by"], Value::Null);
    assert_eq!(approver.get(&lots).await.expect(200), seen);
}

#[actix_web::test]
async fn nothing_is_drawn_after_submission() {
    let server = TestServer::start().await;
    let manager = server.staff("writer", &["manager"]).await;
    let body = json!({ "slug": "meals", "draft": draft() });
    manager
        .post("/api/v1/tenants/city/elections", &body)
        .await
        .expect(201);
    let lots = format!("{MEALS}/lots");
    let lot = manager
        .post(&lots, &json!({ "contest": 0 }))
        .await
        .expect(201);
    manager
        .if_match(Method::POST, &format!("{MEALS}/submit"), 1, None)
        .await
        .expect(200);
    let draw = format!("{lots}/{}/draw", lot["id"]);
    let answer = manager.post(&draw, &json!({ "contribution": "x" })).await;
    answer.expect_problem(409, "wrong-state");
    let answer = manager.post(&lots, &json!({ "contest": 0 })).await;
    answer.expect_problem(409, "wrong-state");
}
