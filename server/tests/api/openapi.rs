//! The description equals `docs/openapi.json`, names routes that exist, and all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

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
            .replace("{index}", "0")
            .replace("{voter}", "1")
            .replace("{number}", "1")
            .replace("{lot}", "1");
        // A route that does not exist answers 404 to every method, one that exists 405 to methods
        // it does not take. So a method that is taken and not described shows.
        let described: BTreeSet<String> = operations
            .as_object()
            .unwrap()
            .keys()
            .map(|method| method.to_uppercase())
            .collect();
        for method in ["GET", "PUT", "POST", "DELETE", "PATCH", "TRACE"] {
            let upper = Method::from_bytes(method.as_bytes()).unwrap();
            let status = Answer::of(client.request(upper, &url)).await.status;
            let taken = status != 405;
            assert_eq!(
                taken,
                described.contains(method),
                "{method} {path}: {status}"
            );
        }
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

#[test]
fn operation_ids_are_unique() {
    let api: Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
    let mut ids = BTreeSet::new();
    for (path, operations) in api["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(
                ids.insert(id.clone()),
                "{method} {path}: {id} is there already"
            );
        }
    }
}

/// What is served beside the API: for supervisors, the board, the pages, and answers to paths that
/// do not exist.
const BESIDE_THE_API: [&str; 5] = [
    "health::livez",
    "health::readyz",
    "board::serve",
    "pages::serve",
    "api::nothing_here",
];

/// Every handler that is registered somewhere in the source is described.
#[test]
fn every_registered_handler_is_described() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let openapi = fs::read_to_string(source.join("api/openapi.rs")).unwrap();
    let listed = openapi.split_once("paths(").unwrap().1;
    let listed = listed.split_once(")").unwrap().0;
    let described: BTreeSet<String> = listed
        .split(',')
        .map(str::trim)
        .filter(|path| !path.is_empty())
        .map(|path| last_two(path, ""))
        .collect();
    let registered = registered(&source);
    assert!(registered.len() > 50, "{}", registered.len());
    let beside: BTreeSet<String> = BESIDE_THE_API.map(str::to_owned).into();
    let api: BTreeSet<String> = registered.difference(&beside).cloned().collect();
    assert_eq!(api, described, "registered and described");
    let missing: Vec<_> = beside.difference(&registered).collect();
    assert!(missing.is_empty(), "not registered: {missing:?}");
}

/// `module::handler` of a path as it is written in `module`.
fn last_two(path: &str, module: &str) -> String {
    let mut parts = path.rsplit("::");
    let handler = parts.next().unwrap();
    format!("{}::{handler}", parts.next().unwrap_or(module))
}

/// What stands in `.to(...)` and `web::to(...)` below a folder of source.
fn registered(folder: &Path) -> BTreeSet<String> {
    let mut handlers = BTreeSet::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            handlers.extend(registered(&path));
            continue;
        }
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let text: String = text.split_whitespace().collect();
        for opening in ["().to(", "web::to("] {
            let calls = text.split(opening).skip(1);
            let calls = calls.map(|rest| rest.split_once(')').unwrap().0);
            handlers.extend(calls.map(|path| last_two(path, &module)));
        }
    }
    handlers
}
