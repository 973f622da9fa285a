//! The web pages: addresses, caching, compression, headers; their hash in a new election.

use reqwest::Method;
use sha2::{Digest as _, Sha256};

use super::support::{Answer, MEALS, TestServer, draft};

/// A small build in a folder.
fn build() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("assets")).unwrap();
    for (path, text) in [
        ("vote.html", "vote page"),
        ("booth.html", "booth page"),
        ("admin.html", "admin page"),
        ("observe.html", "observer page"),
        ("assets/vote-abcd1234.js", "let a = 1;"),
        ("assets/vote-abcd1234.js.br", "let a = 1; as br"),
    ] {
        std::fs::write(dir.path().join(path), text).unwrap();
    }
    dir
}

async fn start() -> (TestServer, tempfile::TempDir) {
    let pages = build();
    let folder = pages.path().display().to_string();
    let server = TestServer::start_with(&[("http.web_dir", &folder)]).await;
    (server, pages)
}

#[actix_web::test]
async fn every_address_shows_its_page() {
    let (server, _pages) = start().await;
    let client = server.anonymous();
    for (address, text) in [
        ("/", "vote page"),
        ("/e/city/meals/", "vote page"),
        ("/e/city/meals/vote?x=1", "booth page"),
        ("/e/city/meals/observe", "observer page"),
        ("/admin", "admin page"),
        ("/admin/elections/meals", "admin page"),
        ("/assets/vote-abcd1234.js", "let a = 1;"),
    ] {
        let answer = client.get(address).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.text),
            (200, text),
            "{address}"
        );
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{address}");
        assert!(policy.contains("require-trusted-types-for 'script'"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.headers.get("strict-transport-security").is_none());
    }
    for nothing in [
        "/nothing",
        "/api/v1/nothing",
        "/assets/nothing.js",
        "/vote.html.br",
    ] {
        client.get(nothing).await.expect_problem(404, "not-found");
    }
    let post = Answer::of(client.request(Method::POST, "/")).await;
    post.expect_problem(404, "not-found");
}

#[actix_web::test]
async fn variants_tags_and_heads() {
    let (server, _pages) = start().await;
    let client = server.anonymous();
    let script = "/assets/vote-abcd1234.js";
    let br = client
        .request(Method::GET, script)
        .header("accept-encoding", "br");
    let br = Answer::of(br).await;
    assert_eq!(br.headers["content-encoding"], "br");
    assert_eq!(br.text, "let a = 1; as br");
    let head = Answer::of(client.request(Method::HEAD, script)).await;
    assert_eq!((head.status.as_u16(), head.text.len()), (200, 0));
    assert_eq!(head.headers["content-length"], "10");
    let known = client
        .request(Method::GET, script)
        .header("if-none-match", head.headers["etag"].to_str().unwrap());
    let known = Answer::of(known).await;
    assert_eq!((known.status.as_u16(), known.text.len()), (304, 0));
}

#[actix_web::test]
async fn https_is_remembered_behind_a_proxy() {
    let pages = build();
    let folder = pages.path().display().to_string();
    let server = TestServer::start_with(&[
        ("http.web_dir", &folder),
        ("http.public_url", "https://vote.example.org"),
    ])
    .await;
    let answer = server.anonymous().get("/").await;
    let value = answer.headers["strict-transport-security"]
        .to_str()
        .unwrap();
    assert!(value.starts_with("max-age="), "{value}");
}

#[actix_web::test]
async fn a_submitted_draft_announces_the_pages_that_are_served() {
    let (server, _pages) = start().await;
    let manifest = server.anonymous().get("/assets.json").await;
    assert_eq!(manifest.status.as_u16(), 200);
    let hash: String = Sha256::digest(&manifest.text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    server.approved_election().await;
    let auditor = server.staff("auditor", &["auditor", "manager"]).await;
    let view = auditor.get(MEALS).await.expect(200);
    assert_eq!(view["draft"]["assets"], hash.as_str());
    let public = server
        .anonymous()
        .get(&format!("{MEALS}/public"))
        .await
        .expect(200);
    assert_eq!(public["assets"]["current"], hash.as_str());
    assert_eq!(public["assets"]["announced"], hash.as_str());
    assert_eq!(public["assets"]["amendments"], serde_json::json!([]));

    // A draft that names other pages keeps its own.
    let mut other = draft();
    other["assets"] = "11".repeat(32).into();
    let body = serde_json::json!({ "slug": "other", "draft": other });
    let path = "/api/v1/tenants/city/elections";
    auditor.post(path, &body).await.expect(201);
    let submit = format!("{path}/other/submit");
    let view = auditor
        .if_match(Method::POST, &submit, 1, None)
        .await
        .expect(200);
    assert_eq!(view["draft"]["assets"], "11".repeat(32));
}
