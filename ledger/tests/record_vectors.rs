//! docs/vectors/small-election.json: a whole record for other implementations, and changes of it that they
//! must notice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use cddl::cddl_from_str;
use cddl::validator::Validator;
use cddl::validator::cbor::CBORValidator;
use cddl::validator::cbor_value::decode_cbor;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hanpyo_ledger::entry::{Count, Entry, EntryType};
use hanpyo_ledger::record::CheckNumber;
use hanpyo_testkit::{Election, check_entries, checkpoint, root_of};
use serde_json::{Value, json};

const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/vectors/small-election.json"
);
const CDDL: &str = include_str!("../../docs/protocol.cddl");

/// One entry changed and signed again by its roles: what, which entry, its new bytes.
type Attack = (&'static str, usize, Vec<u8>);

fn attack(
    election: &Election,
    what: &'static str,
    entry_type: EntryType,
    change: impl FnOnce(&mut Entry),
) -> Attack {
    let (index, mut entry) = election.find(|entry| entry.entry_type() == entry_type);
    change(&mut entry);
    let bytes = election.resign(entry).encode().unwrap();
    (what, index, bytes)
}

fn attacks(election: &Election) -> Vec<Attack> {
    let mut attacks = vec![
        attack(
            election,
            "another joint key",
            EntryType::JointKey,
            |entry| {
                if let Entry::JointKey(signed) = entry {
                    signed.payload.joint_key_point = signed.payload.shares[0];
                }
            },
        ),
        attack(
            election,
            "one credential twice",
            EntryType::RollChunk,
            |entry| {
                if let Entry::RollChunk(signed) = entry {
                    let mut rows = signed.payload.rows.to_vec();
                    rows[6].credential = rows[5].credential;
                    signed.payload.rows = rows.try_into().unwrap();
                }
            },
        ),
        attack(
            election,
            "closed a second early",
            EntryType::Close,
            |entry| {
                if let Entry::Close(signed) = entry {
                    let time = signed.payload.time.get() - 1;
                    signed.payload.time = hanpyo_ledger::entry::Seconds::new(time);
                }
            },
        ),
        attack(
            election,
            "one ballot more in a group",
            EntryType::EncryptedTally,
            |entry| {
                if let Entry::EncryptedTally(signed) = entry {
                    let mut groups = signed.payload.groups.to_vec();
                    groups[0].ballots += 1;
                    signed.payload.groups = groups.try_into().unwrap();
                }
            },
        ),
        attack(
            election,
            "one vote more in the totals",
            EntryType::ContestResult,
            |entry| {
                if let Entry::ContestResult(signed) = entry {
                    let mut totals = signed.payload.totals.to_vec();
                    totals[0] = Count::try_from(totals[0].get() + 1).unwrap();
                    signed.payload.totals = totals.try_into().unwrap();
                }
            },
        ),
        attack(
            election,
            "turnout of one more",
            EntryType::ElectionResult,
            |entry| {
                if let Entry::ElectionResult(signed) = entry {
                    signed.payload.ballots += 1;
                }
            },
        ),
    ];
    // Nobody can sign a changed ballot.
    let (index, _) = election.find(|entry| entry.entry_type() == EntryType::Ballot);
    let mut bytes = election.entries[index].clone();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    attacks.push(("a bit of a ballot's signature", index, bytes));
    attacks
}

fn vectors() -> String {
    let election = record_support::small_record();
    let attacks = attacks(&election).into_iter().map(|(what, index, bytes)| {
        let mut entries = election.entries.clone();
        entries[index].clone_from(&bytes);
        let report = check_entries(&entries);
        let failed: Vec<u8> = report
            .failed()
            .into_iter()
            .map(CheckNumber::number)
            .collect();
        json!({
            "what": what,
            "index": index,
            "entry": HEXLOWER.encode(&bytes),
            "root": HEXLOWER.encode(root_of(&entries).as_bytes()),
            "failed_checks": failed,
        })
    });
    let key = election.context.as_ref().unwrap().joint_key().encoded();
    let vectors = json!({
        "about": "A whole record: entries in order, tree and checkpoint (no witnesses). All checks that \
                  can run pass. Each change replaces one entry, signed again by its roles, under the \
                  root stated; these checks fail then.",
        "manifest_hash": HEXLOWER.encode(election.hash.as_bytes()),
        "joint_key": HEXLOWER.encode(key.as_bytes()),
        "vkey": election.keys.log.verifier_key().to_string(),
        "entries": election.entries.iter().map(|e| HEXLOWER.encode(e)).collect::<Vec<_>>(),
        "root": HEXLOWER.encode(root_of(&election.entries).as_bytes()),
        "checkpoint": String::from_utf8(checkpoint(&election, 0).to_bytes()).unwrap(),
        "changes": attacks.collect::<Vec<_>>(),
    });
    format!("{}\n", serde_json::to_string_pretty(&vectors).unwrap())
}

/// `HANPYO_WRITE_VECTORS=1` writes docs/vectors/small-election.json again.
#[test]
fn the_small_election_is_what_this_code_makes() {
    let made = vectors();
    if std::env::var_os("HANPYO_WRITE_VECTORS").is_some() {
        std::fs::write(VECTORS, &made).unwrap();
    }
    let stored = std::fs::read_to_string(VECTORS).unwrap();
    assert!(stored == made, "docs/vectors/small-election.json differs");
}

fn stored() -> Value {
    serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap()
}

fn bytes(hex: &Value) -> Vec<u8> {
    HEXLOWER_PERMISSIVE
        .decode(hex.as_str().unwrap().as_bytes())
        .unwrap()
}

#[test]
fn the_stored_record_passes_and_every_change_fails_its_checks() {
    let vectors = stored();
    let entries: Vec<Vec<u8>> = vectors["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(bytes)
        .collect();
    assert_eq!(
        root_of(&entries).as_bytes().to_vec(),
        bytes(&vectors["root"])
    );
    let report = check_entries(&entries);
    assert_eq!(report.failed(), []);
    assert!(report.passes(false));
    for change in vectors["changes"].as_array().unwrap() {
        let mut changed = entries.clone();
        let index = usize::try_from(change["index"].as_u64().unwrap()).unwrap();
        changed[index] = bytes(&change["entry"]);
        assert_eq!(
            root_of(&changed).as_bytes().to_vec(),
            bytes(&change["root"])
        );
        let failed = check_entries(&changed).failed();
        let failed: Vec<u64> = failed.into_iter().map(|c| u64::from(c.number())).collect();
        let expected = change["failed_checks"].as_array().unwrap();
        let expected: Vec<u64> = expected.iter().map(|c| c.as_u64().unwrap()).collect();
        assert!(!expected.is_empty());
        assert_eq!(failed, expected, "{}", change["what"]);
    }
}

#[test]
fn every_entry_of_the_record_conforms_to_the_cddl() {
    let text = format!("start = entry\n{CDDL}");
    let cddl = cddl_from_str(&text, true).unwrap();
    for (index, entry) in stored()["entries"].as_array().unwrap().iter().enumerate() {
        let item = decode_cbor(&bytes(entry)).unwrap();
        let mut validator = CBORValidator::new(&cddl, item, None);
        let result = validator.validate();
        assert!(result.is_ok(), "entry {index}: {result:?}");
    }
}
