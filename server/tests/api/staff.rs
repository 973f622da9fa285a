//! Tenants, accounts, roles, isolation of tenants, audit.

use serde_json::{Value, json};

use super::support::{Client, FIRST_PASSWORD, PASSWORD, TestServer};

const STAFF: &str = "/api/v1/tenants/city/staff";

async fn id_of(client: &Client, login: &str) -> Value {
    let staff = client.get(STAFF).await.expect(200);
    staff
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["login"] == login)
        .unwrap()["id"]
        .clone()
}

#[actix_web::test]
async fn accounts_are_made_with_checked_fields() {
    let server = TestServer::start().await;
    let root = server.root().await;
    let made = root
        .post(STAFF, &json!({ "login": "kim", "roles": ["manager"] }))
        .await
        .expect(201);
    let password = made["password"].as_str().unwrap();
    assert_eq!(password.len(), 29, "six groups of four");
    assert_eq!(made["must_change_password"], true);
    let login = json!({ "tenant": "city", "login": "kim", "password": password });
    server
        .anonymous()
        .post("/api/v1/auth/login", &login)
        .await
        .expect(200);

    let again = json!({ "login": "kim", "roles": ["auditor"] });
    root.post(STAFF, &again)
        .await
        .expect_problem(409, "login-taken");
    let wrong = json!({ "login": "Kim!", "roles": [] });
    let problem = root
        .post(STAFF, &wrong)
        .await
        .expect_problem(422, "invalid");
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["login", "roles"]);
    for malformed in [
        json!({ "login": "x", "roles": ["king"] }),
        json!({ "login": "x", "roles": [], "x": 1 }),
    ] {
        root.post(STAFF, &malformed)
            .await
            .expect_problem(400, "bad-request");
    }
}

#[actix_web::test]
async fn changes_count_at_once() {
    let server = TestServer::start().await;
    let root = server.root().await;
    let lee = server.staff("lee", &["auditor"]).await;
    let path = format!("{STAFF}/{}", id_of(&root, "lee").await);
    let trail = "/api/v1/tenants/city/audit";
    lee.get(trail).await.expect(200);
    root.patch(&path, &json!({ "roles": ["manager"] }))
        .await
        .expect(200);
    lee.get(trail).await.expect_problem(403, "forbidden");
    root.patch(&path, &json!({ "roles": ["auditor"], "disabled": true }))
        .await
        .expect(200);
    lee.get(trail).await.expect_problem(401, "unauthorized");
    // Unlocking does not revive sessions that were ended.
    root.patch(&path, &json!({ "disabled": false }))
        .await
        .expect(200);
    lee.get(trail).await.expect_problem(401, "unauthorized");
    let lee = server.login("city", "lee").await;
    let reset = root
        .patch(&path, &json!({ "reset_password": true }))
        .await
        .expect(200);
    assert!(reset["password"].is_string());
    lee.get(trail).await.expect_problem(401, "unauthorized");
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let server = TestServer::start().await;
    let root = server.root().await;
    let path = format!("{STAFF}/{}", id_of(&root, "root").await);
    for change in [json!({ "disabled": true }), json!({ "roles": ["auditor"] })] {
        root.patch(&path, &change)
            .await
            .expect_problem(409, "last-administrator");
    }
    let staff = root.get(STAFF).await.expect(200);
    assert_eq!(
        staff[0]["roles"],
        json!(["platform_admin", "tenant_admin"]),
        "rolled back"
    );
    server.staff("second", &["tenant_admin"]).await;
    root.patch(&path, &json!({ "roles": ["auditor"] }))
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_tenant_administrator_cannot_become_or_take_over_a_platform_administrator() {
    let server = TestServer::start().await;
    let second = server.staff("second", &["tenant_admin"]).await;
    let body = json!({ "login": "x", "roles": ["platform_admin"] });
    second
        .post(STAFF, &body)
        .await
        .expect_problem(422, "invalid");
    let path = format!("{STAFF}/{}", id_of(&second, "root").await);
    second
        .patch(&path, &json!({ "reset_password": true }))
        .await
        .expect_problem(403, "forbidden");
    server.root().await;
}

#[actix_web::test]
async fn roles_allow_what_they_say() {
    let server = TestServer::start().await;
    let trail = "/api/v1/tenants/city/audit";
    for (role, staff_status, trail_status, tenants_status) in [
        ("tenant_admin", 200, 200, 403),
        ("manager", 403, 403, 403),
        ("approver", 403, 403, 403),
        ("auditor", 403, 200, 403),
        ("authority", 403, 403, 403),
        ("platform_admin", 403, 403, 200),
    ] {
        let client = server.staff(&role.replace('_', "-"), &[role]).await;
        assert_eq!(
            client.get(STAFF).await.status.as_u16(),
            staff_status,
            "{role}"
        );
        assert_eq!(
            client.get(trail).await.status.as_u16(),
            trail_status,
            "{role}"
        );
        assert_eq!(
            client.get("/api/v1/tenants").await.status.as_u16(),
            tenants_status,
            "{role}"
        );
    }
}

#[actix_web::test]
async fn another_tenant_looks_like_none() {
    let server = TestServer::start().await;
    let town = server.town().await;
    for path in ["", "/staff", "/audit"] {
        let theirs = town.get(&format!("/api/v1/tenants/city{path}")).await;
        let none = town.get(&format!("/api/v1/tenants/nowhere{path}")).await;
        theirs.expect_problem(404, "not-found");
        none.expect_problem(404, "not-found");
        town.get(&format!("/api/v1/tenants/town{path}"))
            .await
            .expect(200);
    }
    // Not even the platform's administrator sees inside, and numbers of others' accounts are void.
    let root = server.root().await;
    root.get("/api/v1/tenants/town/staff")
        .await
        .expect_problem(404, "not-found");
    let id = id_of(&root, "root").await;
    let path = format!("/api/v1/tenants/town/staff/{id}");
    town.patch(&path, &json!({ "disabled": true }))
        .await
        .expect_problem(404, "not-found");
    root.get(STAFF).await.expect(200);
}

#[actix_web::test]
async fn tenants_are_made_once_with_checked_fields() {
    let server = TestServer::start().await;
    server.town().await;
    let root = server.root().await;
    let body = |slug: &str| json!({ "slug": slug, "name": "T", "admin_login": "a" });
    root.post("/api/v1/tenants", &body("town"))
        .await
        .expect_problem(409, "slug-taken");
    for slug in ["", "A", "a/b", "..", "-a", &"x".repeat(64)] {
        let problem = root
            .post("/api/v1/tenants", &body(slug))
            .await
            .expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "slug");
    }
    let made = root
        .post("/api/v1/tenants", &body("village"))
        .await
        .expect(201);
    assert!(made["admin_password"].is_string());
    let slugs: Vec<Value> = root
        .get("/api/v1/tenants")
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["slug"].clone())
        .collect();
    assert_eq!(slugs, ["city", "town", "village"]);
}

#[actix_web::test]
async fn every_deed_is_in_the_trail_and_no_secret_is() {
    let server = TestServer::start().await;
    let root = server.root().await;
    server.staff("kim", &["manager"]).await;
    let path = format!("{STAFF}/{}", id_of(&root, "kim").await);
    let reset = root
        .patch(&path, &json!({ "reset_password": true }))
        .await
        .expect(200);
    let trail = root.get("/api/v1/tenants/city/audit?limit=500").await;
    for secret in [PASSWORD, reset["password"].as_str().unwrap(), "$argon2id"] {
        assert!(!trail.text.contains(secret), "{secret}");
    }
    let entries = trail.expect(200);
    let entries = entries.as_array().unwrap();
    for action in ["init", "auth.login", "staff.create", "staff.change"] {
        assert!(
            entries.iter().any(|e| e["action"] == action),
            "{action}: {entries:?}"
        );
    }
    let change = entries
        .iter()
        .find(|e| e["action"] == "staff.change")
        .unwrap();
    assert_eq!(change["actor"], "root");
    assert_eq!(change["detail"], json!({ "reset_password": true }));

    // Pages follow each other without gap or overlap.
    let mut paged = Vec::new();
    let mut after = json!(0);
    loop {
        let page = root
            .get(&format!("/api/v1/tenants/city/audit?limit=2&after={after}"))
            .await;
        let page = page.expect(200);
        let page = page.as_array().unwrap();
        let Some(last) = page.last() else { break };
        after = last["id"].clone();
        paged.extend(page.iter().cloned());
    }
    assert_eq!(paged[..entries.len()], entries[..]);
    root.get("/api/v1/tenants/city/audit?limit=x")
        .await
        .expect_problem(400, "bad-request");
}

#[actix_web::test]
async fn a_password_that_others_have_seen_allows_nothing_but_its_change() {
    let server = TestServer::start().await;
    let root = server.root().await;
    let body = json!({ "login": "kim", "roles": ["auditor"], "password": FIRST_PASSWORD });
    root.post(STAFF, &body).await.expect(201);
    let anyone = server.anonymous();
    let log_in = async |password: &str| {
        let body = json!({ "tenant": "city", "login": "kim", "password": password });
        let session = anyone.post("/api/v1/auth/login", &body).await.expect(200);
        let token = session["access_token"].as_str().unwrap();
        (
            session["must_change_password"].clone(),
            anyone.with_token(token),
        )
    };
    let (must_change, kim) = log_in(FIRST_PASSWORD).await;
    assert_eq!(must_change, true);
    let trail = "/api/v1/tenants/city/audit";
    for path in [trail, "/api/v1/tenants/city/elections"] {
        kim.get(path)
            .await
            .expect_problem(403, "password-change-required");
    }
    let change = async |kim: &Client, current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        kim.post("/api/v1/auth/password", &body).await
    };
    change(&kim, FIRST_PASSWORD, FIRST_PASSWORD)
        .await
        .expect_problem(422, "invalid");
    change(&kim, FIRST_PASSWORD, PASSWORD).await.expect(204);
    let (must_change, kim) = log_in(PASSWORD).await;
    assert_eq!(must_change, false);
    kim.get(trail).await.expect(200);

    // A reset puts it into other hands again.
    let path = format!("{STAFF}/{}", id_of(&root, "kim").await);
    let reset = root.patch(&path, &json!({ "reset_password": true })).await;
    let password = reset.expect(200)["password"].as_str().unwrap().to_owned();
    let (must_change, kim) = log_in(&password).await;
    assert_eq!(must_change, true);
    kim.get(trail)
        .await
        .expect_problem(403, "password-change-required");
    kim.post("/api/v1/auth/logout", &json!({}))
        .await
        .expect(204);
}
