//! The description equals `docs/openapi.json` and names routes that exist.

use hanpyo_server::api::openapi_json;
use reqwest::Method;
use serde_json::Value;

use super::support::{Answer, TestServer};

#[test]
fn the_snapshot_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let snapshot = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        openapi_json().unwrap() == snapshot,
        "docs/openapi.json is not current: hanpyo-server openapi > docs/openapi.json"
    );
}

#[actix_web::test]
async fn every_described_route_exists_and_asks_for_what_it_says() {
    let server = TestServer::start().await;
    server.approved_election().await;
    let client = server.anonymous();
    let api: Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
    let paths = api["paths"].as_object().unwrap();
    assert!(paths.len() > 15, "{}", paths.len());
    for (path, operations) in paths {
        let url = path
            .replace("{tenant}", "city")
            .replace("{election}", "meals")
            .replace("{staff}", "1")
            .replace("{code}", &"0".repeat(26))
            .replace("{id}", "00")
            .replace("{index}", "0");
        // A route that does not exist answers 404 to every method.
        let other = Answer::of(client.request(Method::TRACE, &url)).await;
        assert_eq!(other.status, 405, "{path}");
        for (method, operation) in operations.as_object().unwrap() {
            let upper = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let status = Answer::of(client.request(upper, &url))
                .await
                .status
                .as_u16();
            let json = operation.pointer("/requestBody/content/application~1json");
            match (operation.get("security"), json) {
                (Some(_), _) => assert_eq!(status, 401, "{method} {path}"),
                // Without the body it asks for.
                (None, Some(_)) => assert_eq!(status, 415, "{method} {path}"),
                (None, None) => assert!(
                    [200, 400, 404, 422].contains(&status),
                    "{method} {path}: {status}"
                ),
            }
        }
    }
}

#[test]
fn every_reference_resolves_and_every_operation_says_what_it_does() {
    let api: Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
    let mut open = vec![&api];
    let mut references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(api.pointer(pointer).is_some(), "{reference}");
                    references += 1;
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(references > 20, "{references}");
    for (path, operations) in api["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(
                operation["summary"].is_string(),
                "{method} {path} has no summary"
            );
        }
    }
}
