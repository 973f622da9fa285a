//! Every error has the problem+json form and shows nothing internal.

use reqwest::Method;

use super::support::{Answer, TestServer};

#[actix_web::test]
async fn unknown_routes_and_methods() {
    let server = TestServer::start().await;
    let client = server.anonymous();
    client.get("/").await.expect_problem(404, "not-found");
    client
        .get("/api/v1/nothing?x=<script>")
        .await
        .expect_problem(404, "not-found");
    Answer::of(client.request(Method::DELETE, "/livez"))
        .await
        .expect_problem(405, "method-not-allowed");
}
