//! Pages of a folder and those built in: addresses, variants, headers, the asset manifest.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::fs;
use std::io::Read as _;
use std::path::Path;

use hanpyo_web_assets::manifest::ManifestError;
use hanpyo_web_assets::pages::Encoding;
use hanpyo_web_assets::{Answer, AssetManifest, PageError, PageRequest, Pages, Status};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// A small build: one page, one script with a compressed variant, things that are no pages.
fn build() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = dir.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("vote.html", "<!doctype html>vote");
    write("assets/vote-abcd1234.js", "let a = 1;");
    write("assets/vote-abcd1234.js.br", "as br");
    write("assets-old.txt", "sorts between");
    write(".hidden", "no page");
    write("assets.json", "{}");
    dir
}

fn get(pages: &Pages, path: &str, accept: Option<&str>) -> Option<Answer> {
    let request = PageRequest {
        path,
        accept_encoding: accept,
        ..PageRequest::default()
    };
    Answer::find(pages, &request).unwrap()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let mut found = answer.headers.iter().filter(|(n, _)| *n == name);
    let value = found.next().map(|(_, value)| value.as_ref());
    assert!(found.next().is_none(), "{name} is sent twice");
    value
}

#[test]
fn a_page_is_found_by_its_addresses_and_nothing_outside_is() {
    let dir = build();
    fs::write(dir.path().join("../outside.txt"), "secret").unwrap();
    let pages = Pages::folder(dir.path());
    for address in ["/", "/e/city/meals", "/vote.html"] {
        let answer = get(&pages, address, None).unwrap();
        assert_eq!(&*answer.body, b"<!doctype html>vote", "{address}");
        assert_eq!(
            header(&answer, "content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(header(&answer, "cache-control"), Some("no-cache"));
    }
    for address in [
        "/../outside.txt",
        "/assets/../../outside.txt",
        "/assets/%2e%2e/vote.html",
        "//etc/hostname",
        "/.hidden",
        "/assets",
        "/assets/",
        "/nothing.js",
        "/assets\\vote-abcd1234.js",
    ] {
        assert!(get(&pages, address, None).is_none(), "{address}");
    }
    fs::remove_file(dir.path().join("../outside.txt")).unwrap();
}

#[test]
fn the_best_variant_is_sent_and_said() {
    let dir = build();
    let pages = Pages::folder(dir.path());
    let script = "/assets/vote-abcd1234.js";
    let answer = get(&pages, script, Some("gzip, br")).unwrap();
    assert_eq!(&*answer.body, b"as br");
    assert_eq!(header(&answer, "content-encoding"), Some("br"));
    assert_eq!(header(&answer, "vary"), Some("accept-encoding"));
    let plain = get(&pages, script, Some("gzip")).unwrap();
    assert_eq!(&*plain.body, b"let a = 1;");
    assert_eq!(header(&plain, "content-encoding"), None);
    assert_ne!(header(&plain, "etag"), header(&answer, "etag"));
}

#[test]
fn a_known_tag_is_answered_without_a_body() {
    let dir = build();
    let pages = Pages::folder(dir.path());
    let first = get(&pages, "/", None).unwrap();
    let tag = header(&first, "etag").unwrap().to_owned();
    let again = |tag: &str| {
        let request = PageRequest {
            path: "/",
            if_none_match: Some(tag),
            ..PageRequest::default()
        };
        Answer::find(&pages, &request).unwrap().unwrap()
    };
    let known = again(&tag);
    assert_eq!((known.status, known.body.len()), (Status::NotModified, 0));
    assert_eq!(again("\"other\"").status, Status::Ok);
    fs::write(dir.path().join("vote.html"), "changed").unwrap();
    assert_eq!(again(&tag).status, Status::Ok, "the page has changed");
}

#[test]
fn the_manifest_describes_every_file_and_no_variant() {
    let dir = build();
    let pages = Pages::folder(dir.path());
    let manifest = pages.manifest().unwrap().into_owned();
    let paths: Vec<&str> = manifest.files().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        ["assets-old.txt", "assets/vote-abcd1234.js", "vote.html"]
    );
    let json = manifest.to_json();
    assert!(
        json.starts_with("{\"assets-old.txt\":{\"sha256\":\""),
        "{json}"
    );
    assert_eq!(AssetManifest::from_json(json.as_bytes()).unwrap(), manifest);
    assert_eq!(manifest.hash(), <[u8; 32]>::from(Sha256::digest(&json)));
    let served = get(&pages, "/assets.json", Some("br")).unwrap();
    assert_eq!(&*served.body, json.as_bytes());
    let script = manifest.get("assets/vote-abcd1234.js").unwrap();
    assert_eq!(script.size, 10);
    assert_eq!(
        script.sha256,
        <[u8; 32]>::from(Sha256::digest("let a = 1;"))
    );
}

#[test]
fn other_bytes_for_the_same_files_are_no_manifest() {
    let hash = "0".repeat(64);
    let good = format!("{{\"a.js\":{{\"sha256\":\"{hash}\",\"size\":1}}}}");
    assert!(AssetManifest::from_json(good.as_bytes()).is_ok());
    let spaced = good.replace(':', ": ");
    let upper = good.replace(&hash, &"A".repeat(64));
    let more = good.replace("\"size\":1", "\"size\":1,\"more\":2");
    let short = good.replace(&hash, "00");
    let outside = good.replace("a.js", "../a.js");
    let twice = good.replace(
        '}',
        &format!("}},\"a.js\":{{\"sha256\":\"{hash}\",\"size\":1}}"),
    );
    use ManifestError::{Hash, Json, NotCanonical, Path};
    let of = |text: &str| AssetManifest::from_json(text.as_bytes());
    assert!(matches!(of(&spaced), Err(NotCanonical)));
    assert!(matches!(of(&upper), Err(NotCanonical)));
    assert!(matches!(of(&more), Err(Json(_))));
    assert!(matches!(of(&short), Err(Hash(_))));
    assert!(matches!(of(&outside), Err(Path(_))));
    assert!(of(&twice).is_err());
    assert!(matches!(of("[]"), Err(Json(_))));
}

#[test]
fn missing_pages_are_said_to_be_missing() {
    let dir = tempfile::tempdir().unwrap();
    let pages = Pages::folder(dir.path().join("not-there"));
    assert!(!pages.is_built());
    for path in ["/", "/e/a/b/vote", "/admin", "/assets.json", "/assets/x.js"] {
        let request = PageRequest {
            path,
            ..PageRequest::default()
        };
        let found = Answer::find(&pages, &request);
        assert!(matches!(found, Err(PageError::NotBuilt)), "{path}");
    }
    assert!(get(&pages, "/other", None).is_none());
    assert!(matches!(pages.manifest(), Err(PageError::NotBuilt)));
}

#[test]
fn every_answer_has_the_security_headers() {
    let dir = build();
    let pages = Pages::folder(dir.path());
    for path in ["/", "/assets/vote-abcd1234.js", "/assets.json"] {
        let answer = get(&pages, path, None).unwrap();
        let policy = header(&answer, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&answer, "referrer-policy"), Some("no-referrer"));
        assert_eq!(header(&answer, "strict-transport-security"), None);
        let request = PageRequest {
            path,
            https: true,
            ..PageRequest::default()
        };
        let secure = Answer::find(&pages, &request).unwrap().unwrap();
        assert!(header(&secure, "strict-transport-security").is_some());
    }
}

#[test]
fn the_manifest_is_the_one_that_the_build_wrote() {
    for (folder, pages) in [("site", Pages::site()), ("local", Pages::local())] {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
        if let Ok(written) = fs::read_to_string(dist.join(folder).join("assets.json")) {
            assert_eq!(pages.manifest().unwrap().to_json(), written);
        }
    }
}

/// Browsers get the variants, so they must be the files.
#[test]
fn the_variants_built_in_are_the_files() {
    for pages in [Pages::site(), Pages::local()] {
        if !pages.is_built() {
            continue;
        }
        let manifest = pages.manifest().unwrap();
        for (path, described) in manifest.files() {
            let file = pages.find(path, Encoding::Identity).unwrap().unwrap();
            assert_eq!(described.sha256, <[u8; 32]>::from(Sha256::digest(&file)));
            if let Some(compressed) = pages.find(path, Encoding::Brotli).unwrap() {
                let mut plain = Vec::new();
                brotli::Decompressor::new(&*compressed, 4096)
                    .read_to_end(&mut plain)
                    .unwrap();
                assert!(plain == *file, "{path}.br");
            }
            if let Some(compressed) = pages.find(path, Encoding::Gzip).unwrap() {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(&*compressed)
                    .read_to_end(&mut plain)
                    .unwrap();
                assert!(plain == *file, "{path}.gz");
            }
        }
    }
}
