//! A small election for the tests of the pages' side (`web/src/wasm/*.test.ts`): its record as files of a board, at
//! two moments, with everything a voter and an attacker of the test need. Deterministic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeMap;
use std::path::Path;

use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{BallotRef, Entry, Seconds};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_testkit::{Election, ElectionSpec, check, publish, root_of};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn map(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let lines: Vec<String> = entries
        .into_iter()
        .map(|(key, value)| format!("{}: {value}", text(&key)))
        .collect();
    format!("{{{}}}", lines.join(",\n"))
}

fn board(election: &Election) -> BTreeMap<String, Vec<u8>> {
    let store = MemoryStore::new();
    publish(election, &store, 0);
    store.files()
}

fn files(board: &BTreeMap<String, Vec<u8>>) -> String {
    map(board
        .iter()
        .map(|(path, bytes)| (path.clone(), text(&hex(bytes)))))
}

/// The fixture as JSON.
fn fixture() -> String {
    let mut election = Election::new(ElectionSpec::mixed(9));
    election.set_up();
    election.open();
    election.vote_at_random(2);
    let early = board(&election);
    let (index, _) = election.find(|entry| matches!(entry, Entry::Ballot(_)));
    let sent = election.entries[index].clone();
    let code = BallotRef::decode(&sent)
        .unwrap()
        .confirmation_code(&election.hash);
    let acknowledgement = Acknowledgement::sign(
        election.hash,
        code,
        Seconds::new(election.spec.closes),
        &election.keys.acknowledgement,
    );
    let early_root = root_of(&election.entries).to_base64();
    let early_size = election.entries.len();
    // Another tree of the same size, signed by the log as well.
    election.entries.swap(early_size - 1, early_size - 2);
    let forked = board(&election);
    election.entries.swap(early_size - 1, early_size - 2);
    election.finish();
    assert!(check(&election).failed().is_empty());
    let authorities = election.spec.authorities;
    let voters = election.spec.voters.len();
    let codes = |voter: usize| -> Vec<String> {
        (0..authorities)
            .map(|authority| text(&election.codes[authority * voters + voter]))
            .collect()
    };
    let parts = [
        ("vkey", text(&election.keys.log.verifier_key().to_string())),
        ("manifest_hash", text(&hex(&election.hash.0))),
        ("voter", "1".to_owned()),
        ("style", election.voters[1].style.to_string()),
        ("codes", format!("[{}]", codes(1).join(", "))),
        ("other_codes", format!("[{}]", codes(2).join(", "))),
        ("ballot", text(&hex(&sent))),
        ("ballot_code", text(&code.to_string())),
        ("acknowledgement", text(&hex(&acknowledgement.encode()))),
        ("early_size", early_size.to_string()),
        ("early_root", text(&early_root)),
        ("early", files(&early)),
        ("forked", files(&forked)),
        ("board", files(&board(&election))),
    ];
    map(parts.map(|(key, value)| (key.to_owned(), value))) + "\n"
}

#[test]
fn the_fixture_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/unit/wasm-election.json");
    let expected = fixture();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is stale: run `BLESS=1 cargo test -p hanpyo-wasm --test fixture`",
        path.display()
    );
}
