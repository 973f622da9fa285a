//! The verifier in docs/outsider, written in Python from the documents alone, agrees with the record checker on the
//! published vector, its changes, and records that end in other ways.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::path::Path;
use std::process::Command;

use data_encoding::HEXLOWER;
use hanpyo_ledger::log::files::FileStore;
use hanpyo_testkit::{Election, ElectionSpec, publish};
use serde_json::json;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/outsider/verify.py");
const VECTOR: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/vectors/small-election.json"
);

/// Exit code and output of the verifier.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new("python3")
        .arg("-B")
        .arg(PROGRAM)
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("python3 is installed (make setup)");
    let text = format!(
        "{}{}",
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap()
    );
    (output.status.code().unwrap(), text)
}

fn run_on(path: &Path) -> (i32, String) {
    run(&[path.to_str().unwrap()])
}

/// The lines of the report that say FAIL, by number.
fn failed(text: &str) -> Vec<u8> {
    let lines = text.lines().filter(|line| line[2..].starts_with("  FAIL"));
    lines
        .map(|line| line[..2].trim().parse().unwrap())
        .collect()
}

#[test]
fn the_published_vector_passes_and_its_changes_fail_as_stated() {
    let (code, text) = run(&[VECTOR]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(text.matches("as stated:").count(), 7, "{text}");
    assert!(text.ends_with("VERDICT: PASS\n"), "{text}");
}

#[test]
fn a_spoilt_copy_of_the_vector_fails() {
    let mut vector: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(VECTOR).unwrap()).unwrap();
    vector["changes"] = json!([]);
    // A vote more in the result, and not signed again.
    let last = vector["entries"].as_array().unwrap().len() - 2;
    let entry = vector["entries"][last].as_str().unwrap();
    let mut bytes = HEXLOWER.decode(entry.as_bytes()).unwrap();
    assert_eq!(bytes[5..7], [0x82, 0x82], "two groups of two values");
    bytes[7] += 1;
    vector["entries"][last] = HEXLOWER.encode(&bytes).into();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.json");
    std::fs::write(&path, vector.to_string()).unwrap();
    let (code, text) = run_on(&path);
    assert_eq!(code, 1, "{text}");
    assert_eq!(failed(&text), [1, 2, 10, 11], "{text}");

    std::fs::write(&path, "{}").unwrap();
    assert_eq!(run_on(&path).0, 2);
}

fn run_on_folder(election: &Election) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let board = folder.path().join("board");
    publish(election, &FileStore::create(&board).unwrap(), 0);
    let vkey = election.keys.log.verifier_key().to_string();
    run(&[board.to_str().unwrap(), "--vkey", &vkey])
}

#[test]
fn other_outcomes_pass_too() {
    let mut gate = ElectionSpec::yes_no(6);
    gate.count_gate = Some((2, 3));
    let mut withheld = ElectionSpec::mixed(12);
    withheld.floor = 9;
    let mut nobody = ElectionSpec::yes_no(3);
    nobody.seed = 5;
    for (spec, votes) in [(gate, 2), (withheld, 3), (nobody, 0)] {
        let mut election = Election::new(spec);
        election.set_up();
        election.open();
        if votes > 0 {
            election.vote_at_random(votes);
        }
        election.finish();
        let (code, text) = run_on_folder(&election);
        assert_eq!((code, failed(&text)), (0, vec![]), "{text}");
    }
}
