//! Every error has the problem+json form and shows nothing internal.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::support::{Answer, TestServer};

const LOGIN: &str = "/api/v1/auth/login";

#[actix_web::test]
async fn unknown_routes_and_methods() {
    let server = TestServer::start().await;
    let client = server.anonymous();
    client
        .get("/nothing")
        .await
        .expect_problem(404, "not-found");
    client
        .get("/api/v1/nothing?x=<script>")
        .await
        .expect_problem(404, "not-found");
    for (method, path) in [(Method::DELETE, "/livez"), (Method::GET, LOGIN)] {
        Answer::of(client.request(method, path))
            .await
            .expect_problem(405, "method-not-allowed");
    }
}

#[actix_web::test]
async fn bodies_that_cannot_be_read() {
    let server = TestServer::start_with(&[("http.json_body_bytes", "2000")]).await;
    let client = server.anonymous();
    let send = |body: String, kind: &'static str| {
        Answer::of(
            client
                .request(Method::POST, LOGIN)
                .header("content-type", kind)
                .body(body),
        )
    };
    let json = "application/json";
    send("{".to_owned(), json)
        .await
        .expect_problem(400, "bad-request");
    let problem = send(json!({ "tenant": "t" }).to_string(), json).await;
    let problem = problem.expect_problem(400, "bad-request");
    assert!(
        problem["detail"].as_str().unwrap().contains("login"),
        "{problem}"
    );
    send("{}".to_owned(), "text/plain")
        .await
        .expect_problem(415, "unsupported-media-type");
    let large = json!({ "tenant": "x".repeat(2_000) }).to_string();
    let problem = send(large, json).await.expect_problem(413, "too-large");
    assert_eq!(problem["detail"], "at most 2000 bytes");
}

#[actix_web::test]
async fn a_failure_inside_is_not_shown() {
    let server = TestServer::start().await;
    let root = server.root().await;
    // The database loses a table under the running server.
    let path = server.config.storage.database();
    let mut connection = hanpyo_server::db::connection::establish(
        path.to_str().unwrap(),
        hanpyo_server::db::connection::Pragmas {
            busy_timeout_ms: 1_000,
            read_only: false,
        },
    )
    .unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut connection, "DROP TABLE audit")
        .unwrap();
    let answer = root.get("/api/v1/tenants/city/audit").await;
    assert!(!answer.text.contains("audit"), "{answer:?}");
    answer.expect_problem(500, "internal");
    root.get("/api/v1/tenants/city").await.expect(200);
}

#[actix_web::test]
async fn a_body_that_comes_too_slowly_is_not_waited_for() {
    let server = TestServer::start_with(&[("http.body_seconds", "1")]).await;
    let address = server.running.address;
    let mut slow = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = slow.read_exact(&mut answer);
    let read = tokio::time::timeout(std::time::Duration::from_secs(30), read).await;
    read.expect("an answer before the body has come").unwrap();
    assert_eq!(&answer[..10], b"HTTP/1.1 4");
}
