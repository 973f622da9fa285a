//! The verifier in docs/outsider, written in Python from the documents alone, agrees with the record checker: on
//! the published vector, on records with every kind of contest, and on changed records, check by check.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use std::path::Path;
use std::process::Command;

use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::{ContestResult, Entry, EntryType};
use hanpyo_ledger::log::files::FileStore;
use hanpyo_ledger::record::CheckNumber;
use hanpyo_testkit::{Election, ElectionSpec, Value, check_entries, checkpoint, publish, root_of};
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

/// All four kinds of contests, two authorities, weights, re-voting, a re-issue, challenges, paper votes.
fn election_of_every_kind() -> Election {
    let mut spec = ElectionSpec::mixed(24);
    spec.seed = 11;
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.weight = [1, 3][number / 12];
    }
    let mut election = Election::new(spec);
    election.set_up();
    election.revoke(3);
    let replaced = election.reissue(3);
    election.open();
    election.vote_at_random(2);
    election.strike(1);
    election.paper_turnout(election.paper_of(&[1]));
    let selections = hanpyo_testkit::random_selections(&mut election, 5);
    election.challenge(5, &selections);
    election.vote(5, &selections);
    record_support::vote(&mut election, replaced);
    record_support::vote(&mut election, 0);
    election.finish();
    election
}

fn run_on_folder(election: &Election) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let board = folder.path().join("board");
    publish(election, &FileStore::create(&board).unwrap(), 0);
    let vkey = election.keys.log.verifier_key().to_string();
    run(&[board.to_str().unwrap(), "--vkey", &vkey])
}

#[test]
fn a_record_with_every_kind_of_contest_passes_and_its_falsified_result_fails() {
    let mut election = election_of_every_kind();
    let (code, text) = run_on_folder(&election);
    assert_eq!((code, failed(&text)), (0, vec![]), "{text}");

    // The tally operator moves a vote of the score contest from one group to another.
    let (index, entry) = election.find(
        |entry| matches!(entry, Entry::ContestResult(signed) if signed.payload.contest.get() == 3),
    );
    let Entry::ContestResult(signed) = entry else {
        unreachable!()
    };
    let mut groups: Vec<Vec<_>> = signed.payload.groups.iter().map(|g| g.to_vec()).collect();
    let more = groups[0][0].get() + 1;
    let less = groups[1][0].get() - 1;
    groups[0][0] = more.try_into().unwrap();
    groups[1][0] = less.try_into().unwrap();
    let groups: Vec<_> = groups.into_iter().map(|g| g.try_into().unwrap()).collect();
    let payload = ContestResult {
        groups: groups.try_into().unwrap(),
        ..signed.payload
    };
    election.entries[index] = Entry::from(election.sign(payload)).encode().unwrap();
    let (code, text) = run_on_folder(&election);
    assert_eq!((code, failed(&text)), (1, vec![10]), "{text}");
    assert_eq!(
        check_entries(&election.entries).failed(),
        [CheckNumber::Decryption]
    );
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

/// One record changed in many ways, in the form of docs/vectors, with what our checker finds.
fn changed_records(election: &Election, every: usize) -> serde_json::Value {
    let mut changes = Vec::new();
    let mut place = 0;
    for (index, entry) in election.entries.iter().enumerate() {
        for mutation in Value::mutations(entry) {
            place += 1;
            if place % every != 0 {
                continue;
            }
            let bytes = match Entry::decode(&mutation.bytes) {
                Ok(entry) if mutation.path[0] == 1 => election.resign(entry).encode().unwrap(),
                _ => mutation.bytes,
            };
            let mut entries = election.entries.clone();
            entries[index].clone_from(&bytes);
            let report = check_entries(&entries);
            let failed = report.failed().into_iter().map(CheckNumber::number);
            changes.push(json!({
                "what": format!(
                    "{} at {:?}, {}",
                    EntryType::peek(entry).unwrap(), mutation.path, mutation.what
                ),
                "index": index,
                "entry": HEXLOWER.encode(&bytes),
                "root": HEXLOWER.encode(root_of(&entries).as_bytes()),
                "failed_checks": failed.collect::<Vec<_>>(),
            }));
        }
    }
    json!({
        "manifest_hash": HEXLOWER.encode(election.hash.as_bytes()),
        "vkey": election.keys.log.verifier_key().to_string(),
        "entries": election.entries.iter().map(|e| HEXLOWER.encode(e)).collect::<Vec<_>>(),
        "checkpoint": String::from_utf8(checkpoint(election, 0).to_bytes()).unwrap(),
        "changes": changes,
    })
}

/// Every 40th of the ways in which `record_mutations` changes the small record; `HANPYO_OUTSIDER_EVERY=1` tries
/// all of them, in some minutes.
#[test]
fn both_verifiers_find_the_same_in_changed_records() {
    let every = std::env::var("HANPYO_OUTSIDER_EVERY").map_or(40, |every| every.parse().unwrap());
    let vector = changed_records(&record_support::small_record(), every);
    let changes = vector["changes"].as_array().unwrap().len();
    assert!(changes >= 20, "{changes}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.json");
    std::fs::write(&path, vector.to_string()).unwrap();
    let (_, text) = run_on(&path);
    assert_eq!(
        text.matches("s stated: ").count() + text.matches("S STATED: ").count(),
        changes
    );
    // Without a sound manifest or ceremony, or after an entry out of place, there is no one way to read on: the fault
    // itself must be found by both.
    let differs = |line: &&str| {
        let (_, found) = line.split_once(": fails ").unwrap();
        let (found, expected) = found.split_once(" instead of ").unwrap();
        !["2", "3", "4"]
            .iter()
            .any(|check| found.contains(check) && expected.contains(check))
    };
    let wrong = text.lines().filter(|line| line.starts_with("NOT AS"));
    let wrong: Vec<_> = wrong.filter(differs).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}
