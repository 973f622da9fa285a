//! Log-in, refresh, log-out, limits.

use hanpyo_server::clock::{HOUR, MINUTE, SECOND};
use serde_json::{Value, json};

use super::support::{Answer, Client, PASSWORD, TestServer};

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const WHO: &str = "/api/v1/tenants/city";

async fn try_login(client: &Client, tenant: &str, login: &str, password: &str) -> Answer {
    let body = json!({ "tenant": tenant, "login": login, "password": password });
    client.post(LOGIN, &body).await
}

fn refresh_of(session: &Value) -> Value {
    json!({ "refresh_token": session["refresh_token"] })
}

#[actix_web::test]
async fn a_session_from_login_to_logout() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    anonymous.get(WHO).await.expect_problem(401, "unauthorized");
    let session = try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect(200);
    assert_eq!(session["token_type"], "Bearer");
    assert_eq!(session["roles"], json!(["platform_admin", "tenant_admin"]));
    let client = anonymous.with_token(session["access_token"].as_str().unwrap());
    assert_eq!(client.get(WHO).await.expect(200)["name"], "City");

    client
        .post("/api/v1/auth/logout", &json!({}))
        .await
        .expect(204);
    client.get(WHO).await.expect_problem(401, "unauthorized");
    anonymous
        .post(REFRESH, &refresh_of(&session))
        .await
        .expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn wrong_password_unknown_account_unknown_tenant_and_locked_account_look_the_same() {
    let server = TestServer::start().await;
    let client = server.anonymous();
    server.staff("locked", &["auditor"]).await;
    let staff = server
        .root()
        .await
        .get("/api/v1/tenants/city/staff")
        .await
        .expect(200);
    let id = staff
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["login"] == "locked")
        .unwrap()["id"]
        .clone();
    let path = format!("/api/v1/tenants/city/staff/{id}");
    server
        .root()
        .await
        .patch(&path, &json!({ "disabled": true }))
        .await
        .expect(200);

    let mut bodies = Vec::new();
    for (tenant, login, password) in [
        ("city", "root", "not the password"),
        ("city", "nobody", PASSWORD),
        ("nowhere", "root", PASSWORD),
        ("city", "locked", PASSWORD),
        ("city", &"x".repeat(1_000), PASSWORD),
    ] {
        let mut body = try_login(&client, tenant, login, password)
            .await
            .expect_problem(401, "unauthorized");
        body["instance"].take();
        bodies.push(body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[actix_web::test]
async fn guessing_a_password_is_slowed_down() {
    let server = TestServer::start_with(&[("auth.login_burst", "3")]).await;
    let client = server.anonymous();
    for _ in 0..3 {
        try_login(&client, "city", "root", "wrong password")
            .await
            .expect_problem(401, "unauthorized");
    }
    // Even the right password has to wait now, else the answer would tell it is right.
    let refused = try_login(&client, "city", "root", PASSWORD).await;
    let wait: i64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    refused.expect_problem(429, "too-many-requests");
    // Others are not slowed down, and the account gets through after the wait.
    try_login(&client, "city", "nobody", PASSWORD)
        .await
        .expect_problem(401, "unauthorized");
    server.clock.advance(wait * SECOND);
    try_login(&client, "city", "root", PASSWORD)
        .await
        .expect(200);
    // A success gives all tries back.
    for _ in 0..3 {
        try_login(&client, "city", "root", "wrong password")
            .await
            .expect_problem(401, "unauthorized");
    }
}

#[actix_web::test]
async fn one_address_cannot_try_many_accounts() {
    let server = TestServer::start_with(&[("auth.address_burst", "4")]).await;
    let client = server.anonymous();
    for i in 0..4 {
        try_login(&client, "city", &format!("user{i}"), "wrong password")
            .await
            .expect_problem(401, "unauthorized");
    }
    try_login(&client, "city", "user9", "wrong password")
        .await
        .expect_problem(429, "too-many-requests");
}

#[actix_web::test]
async fn refresh_tokens_rotate_and_a_second_use_ends_the_session() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    let first = try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect(200);
    let second = anonymous
        .post(REFRESH, &refresh_of(&first))
        .await
        .expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let client = anonymous.with_token(second["access_token"].as_str().unwrap());
    client.get(WHO).await.expect(200);

    // A thief uses the first token again: everyone in this session is out.
    server.clock.advance(11 * SECOND);
    anonymous
        .post(REFRESH, &refresh_of(&first))
        .await
        .expect_problem(401, "unauthorized");
    client.get(WHO).await.expect_problem(401, "unauthorized");
    anonymous
        .post(REFRESH, &refresh_of(&second))
        .await
        .expect_problem(401, "unauthorized");
    let audit = server
        .root()
        .await
        .get("/api/v1/tenants/city/audit")
        .await
        .expect(200);
    assert!(
        audit
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["action"] == "auth.refresh_reused")
    );
}

#[actix_web::test]
async fn a_page_that_was_reloaded_before_the_answer_came_stays_logged_in() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    let refresh = async |session: &Value| anonymous.post(REFRESH, &refresh_of(session)).await;
    let first = try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect(200);
    let lost = refresh(&first).await.expect(200);
    server.clock.advance(4 * SECOND);
    let also_lost = refresh(&first).await.expect(200);
    server.clock.advance(4 * SECOND);
    let kept = refresh(&first).await.expect(200);
    let client = anonymous.with_token(kept["access_token"].as_str().unwrap());
    client.get(WHO).await.expect(200);

    // Time for it does not begin anew, nor once its answer is used; what was lost is used, too.
    server.clock.advance(MINUTE);
    let next = refresh(&kept).await.expect(200);
    let client = anonymous.with_token(next["access_token"].as_str().unwrap());
    client.get(WHO).await.expect(200);
    refresh(&also_lost)
        .await
        .expect_problem(401, "unauthorized");
    client.get(WHO).await.expect_problem(401, "unauthorized");

    let first = try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect(200);
    let second = refresh(&first).await.expect(200);
    server.clock.advance(2 * SECOND);
    refresh(&second).await.expect(200);
    refresh(&first).await.expect_problem(401, "unauthorized");
    refresh(&lost).await.expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn tokens_end_by_time() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    let mut session = try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect(200);
    server.clock.advance(11 * MINUTE);
    let client = anonymous.with_token(session["access_token"].as_str().unwrap());
    client.get(WHO).await.expect_problem(401, "unauthorized");
    // Refreshing goes on for the life of the session, 24 hours, and not longer.
    for _ in 0..2 {
        server.clock.advance(11 * HOUR);
        session = anonymous
            .post(REFRESH, &refresh_of(&session))
            .await
            .expect(200);
    }
    server.clock.advance(3 * HOUR);
    anonymous
        .post(REFRESH, &refresh_of(&session))
        .await
        .expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn a_changed_password_ends_all_sessions() {
    let server = TestServer::start().await;
    let (one, two) = (server.root().await, server.root().await);
    let path = "/api/v1/auth/password";
    let body = |current: &str, new: &str| json!({ "current": current, "new": new });
    one.post(path, &body("not the password", "another long password"))
        .await
        .expect_problem(422, "wrong-password");
    one.get(WHO).await.expect(200);
    let refused = one
        .post(path, &body(PASSWORD, "short"))
        .await
        .expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "new");
    one.post(path, &body(PASSWORD, "another long password"))
        .await
        .expect(204);
    for client in [one, two] {
        client.get(WHO).await.expect_problem(401, "unauthorized");
    }
    let anonymous = server.anonymous();
    try_login(&anonymous, "city", "root", PASSWORD)
        .await
        .expect_problem(401, "unauthorized");
    try_login(&anonymous, "city", "root", "another long password")
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_token_of_another_server_is_refused() {
    let (server, other) = (TestServer::start().await, TestServer::start().await);
    let token = other.root().await.token.unwrap();
    server
        .anonymous()
        .with_token(&token)
        .get(WHO)
        .await
        .expect_problem(401, "unauthorized");
    for junk in ["", "x", "a.b.c"] {
        server
            .anonymous()
            .with_token(junk)
            .get(WHO)
            .await
            .expect_problem(401, "unauthorized");
    }
}
