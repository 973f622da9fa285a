//! What the documents point to is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::path::Path;

const THREATS: &str = include_str!("../../docs/THREATS.md");

#[test]
fn every_test_that_threats_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = 0;
    for code in THREATS.split('`').skip(1).step_by(2) {
        let Some((file, test)) = code.split_once("::") else {
            continue;
        };
        let text = std::fs::read_to_string(root.join(file));
        let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
        let is_there = text.contains(&format!("fn {test}("));
        assert!(is_there, "there is no test {test} in {file}");
        named += 1;
    }
    assert!(named > 60, "{named}");
}
