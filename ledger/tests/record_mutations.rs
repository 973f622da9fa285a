//! Every field of every entry of a finished record, changed one at a time. The tree is built and signed
//! anew each time, and entries that roles sign are signed again by those roles: what remains is for the
//! other checks to find.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use hanpyo_ledger::entry::{Entry, EntryType};
use hanpyo_ledger::record::{CheckNumber, Given, Report, Severity};
use hanpyo_testkit::{Election, Mutation, Value, check_entries, check_with, trusted_tree};

/// An election up to its result.
static ELECTION: LazyLock<Election> = LazyLock::new(record_support::small_record);
/// The entries that one lacks.
static DISRUPTED: LazyLock<Election> = LazyLock::new(record_support::disrupted_record);

fn failed(report: &Report) -> Vec<u8> {
    report
        .failed()
        .into_iter()
        .map(CheckNumber::number)
        .collect()
}

/// The numbers of the checks that failed, or `none`.
fn checks(report: &Report) -> String {
    match failed(report) {
        none if none.is_empty() => "none".to_owned(),
        failed => joined(&failed, " "),
    }
}

/// The record with one entry replaced; signed again if `resign` and if it still is an entry.
fn replaced(election: &Election, index: usize, mutation: &Mutation, resign: bool) -> Vec<Vec<u8>> {
    let mut entries = election.entries.clone();
    entries[index].clone_from(&mutation.bytes);
    if resign && let Ok(entry) = Entry::decode(&mutation.bytes) {
        entries[index] = election.resign(entry).encode().unwrap();
    }
    entries
}

fn type_of(election: &Election, index: usize) -> EntryType {
    EntryType::peek(&election.entries[index]).unwrap()
}

#[test]
fn the_records_themselves_pass() {
    let mut types = Vec::new();
    for election in [&*ELECTION, &*DISRUPTED] {
        assert_eq!(check_entries(&election.entries).failed(), []);
        types.extend((0..election.entries.len()).map(|index| type_of(election, index)));
    }
    types.sort_unstable();
    types.dedup();
    assert_eq!(types.len(), 28, "every type of entry");
}

/// Up to the `close`, a change that nothing there contradicts is made before the count: the same officers then
/// count, decrypt and announce with it in the record. `None` for a change that is noticed up to the `close`, or after it.
fn counted_with(make: fn() -> Election, index: usize, entries: &[Vec<u8>]) -> Option<Report> {
    let is_close = |entry: &Vec<u8>| EntryType::peek(entry) == Ok(EntryType::Close);
    let close = entries.iter().position(is_close)?;
    let up_to_close = &entries[..=close];
    if index > close || !check_entries(up_to_close).failed().is_empty() {
        return None;
    }
    let mut election = make();
    election.count_again(up_to_close.to_vec());
    Some(check_entries(&election.entries))
}

/// One line for each change of a payload, signed again by its roles (voters' entries cannot be), with the numbers
/// of the checks that fail, and with those that fail if the count was made with the change.
fn outcomes(
    name: &str,
    election: &Election,
    make: fn() -> Election,
    types: &RangeInclusive<EntryType>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for index in 0..election.entries.len() {
        let entry_type = type_of(election, index);
        if !types.contains(&entry_type) {
            continue;
        }
        let voter = matches!(entry_type, EntryType::Ballot | EntryType::PostedChallenge);
        for mutation in Value::mutations(&election.entries[index]) {
            if !voter && mutation.path[0] != 1 {
                continue;
            }
            let entries = replaced(election, index, &mutation, true);
            let mut failed = checks(&check_entries(&entries));
            if let Some(report) = counted_with(make, index, &entries) {
                failed += &format!("; counted with it: {}", checks(&report));
            }
            let path = joined(&mutation.path, ".");
            let what = mutation.what;
            lines.push(format!(
                "{name} {index} {entry_type} {path} {what}: {failed}"
            ));
        }
    }
    lines
}

fn joined(numbers: &[impl ToString], separator: &str) -> String {
    let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(separator)
}

/// What its own signers may say otherwise at the time, so that no later reader of this record alone can tell: weights of
/// voters (commission and authorities), reasons in words, a voting time made longer by a little less, an opening or close
/// stated a little later, fewer votes on paper, the pages' hash, abandoned shares, and in the void record, which has no
/// count, the units of those who did not vote. The receipts and checkpoints of the log as it was, the notice of the
/// election and `hanpyo-verify assets` are what tells.
const UNNOTICED: [&str; 32] = [
    "record 21 roll-chunk 1.1.0.2 one more",
    "record 21 roll-chunk 1.1.1.2 one more",
    "record 21 roll-chunk 1.1.2.2 one more",
    "record 21 roll-chunk 1.1.3.2 one more",
    "record 21 roll-chunk 1.1.4.2 one more",
    "record 21 roll-chunk 1.1.5.2 one more",
    "record 21 roll-chunk 1.1.6.2 one more",
    "record 21 roll-chunk 1.1.7.2 one more",
    "record 23 revocation 1.1 text",
    "record 29 re-dating 1.0 one less",
    "record 29 re-dating 1.1 text",
    "record 30 open 1.0 one more",
    "record 38 paper-turnout 1.0.1 one less",
    "record 39 asset-amendment 1.0 first byte",
    "record 39 asset-amendment 1.0 middle byte",
    "record 39 asset-amendment 1.0 last byte",
    "record 39 asset-amendment 1.0 zeros",
    "record 39 asset-amendment 1.1 text",
    "record 40 close 1.0 one more",
    "void-record 7 ceremony-shares 1.2 last byte",
    "void-record 8 ceremony-shares 1.2 last byte",
    "void-record 9 ceremony-shares 1.2 last byte",
    "void-record 11 ceremony-restart 1.1 text",
    "void-record 28 roll-chunk 1.1.0.2 one more",
    "void-record 28 roll-chunk 1.1.1.2 one more",
    "void-record 28 roll-chunk 1.1.2.2 one more",
    "void-record 28 roll-chunk 1.1.3.2 one more",
    "void-record 28 roll-chunk 1.1.4.2 one more",
    "void-record 28 roll-chunk 1.1.5.0 middle byte",
    "void-record 28 roll-chunk 1.1.5.2 one more",
    "void-record 30 open 1.0 one more",
    "void-record 34 void 1.0 text",
];

/// Every change fails the checks that `snapshots/mutations/NAME.txt` says, exactly (BLESS=1 writes it).
fn changes_fail_as_recorded(name: &str, types: RangeInclusive<EntryType>) {
    let mut found = outcomes("record", &ELECTION, record_support::small_record, &types);
    let make = record_support::disrupted_record;
    found.extend(outcomes("void-record", &DISRUPTED, make, &types));
    let unnoticed = found.iter().filter(|line| line.ends_with(": none"));
    let unnoticed: Vec<_> = unnoticed
        .map(|line| line.split(": ").next().unwrap())
        .filter(|change| !UNNOTICED.contains(change))
        .collect();
    assert!(unnoticed.is_empty(), "nobody notices {unnoticed:#?}");
    assert!(!found.is_empty());
    let found = found.join("\n") + "\n";
    let path = format!(
        "{}/tests/snapshots/mutations/{name}.txt",
        env!("CARGO_MANIFEST_DIR")
    );
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let recorded = std::fs::read_to_string(&path).unwrap();
    for (found, recorded) in found.lines().zip(recorded.lines()) {
        assert_eq!(found, recorded, "{path}");
    }
    assert_eq!(found, recorded, "{path}: lines missing");
}

#[test]
fn changes_of_the_manifest_fail() {
    changes_fail_as_recorded("manifest", EntryType::Manifest..=EntryType::Manifest);
}

#[test]
fn changes_of_the_ceremony_fail() {
    use EntryType as T;
    changes_fail_as_recorded("ceremony", T::CeremonyCommitment..=T::Drill);
}

#[test]
fn changes_of_the_roll_fail() {
    use EntryType as T;
    changes_fail_as_recorded("roll", T::HalfListCommitment..=T::Reissue);
}

#[test]
fn changes_of_the_voting_phase_fail() {
    changes_fail_as_recorded("voting", EntryType::Open..=EntryType::Close);
}

#[test]
fn changes_of_the_tally_fail() {
    changes_fail_as_recorded("tally", EntryType::EncryptedTally..=EntryType::Void);
}

#[test]
fn a_changed_signature_fails_check_2_at_its_entry() {
    for index in 0..ELECTION.entries.len() {
        let entry_type = type_of(&ELECTION, index);
        if matches!(entry_type, EntryType::Ballot | EntryType::PostedChallenge) {
            continue;
        }
        for mutation in Value::mutations(&ELECTION.entries[index]) {
            if mutation.path[0] != 2 {
                continue;
            }
            let report = check_entries(&replaced(&ELECTION, index, &mutation, false));
            let found = report.findings().any(|finding| {
                finding.check == CheckNumber::Order
                    && finding.entry == Some(index as u64)
                    && finding.severity == Severity::Fatal
            });
            assert!(found, "entry {index} ({entry_type}), {}", mutation.what);
        }
    }
}

#[test]
fn a_flipped_bit_fails_check_1() {
    let tree = trusted_tree(&ELECTION.entries, None);
    for index in 0..ELECTION.entries.len() {
        let length = ELECTION.entries[index].len();
        for place in [0, length / 3, length - 1] {
            let mut entries = ELECTION.entries.clone();
            entries[index][place] ^= 0x10;
            let mut checker = hanpyo_ledger::record::RecordChecker::new(
                hanpyo_ledger::record::Options::default(),
                &mut rand::rngs::OsRng,
            );
            checker.expect(tree).unwrap();
            checker.push(&entries, &entries).unwrap();
            let report = checker.report();
            assert!(
                report.failed().contains(&CheckNumber::Log),
                "entry {index}, byte {place}"
            );
        }
    }
}

#[test]
fn entries_dropped_doubled_or_swapped_fail() {
    let entries = &ELECTION.entries;
    for index in 0..entries.len() {
        let mut dropped = entries.clone();
        dropped.remove(index);
        let mut doubled = entries.clone();
        doubled.insert(index, entries[index].clone());
        let mut swapped = entries.clone();
        if index + 1 < entries.len() {
            swapped.swap(index, index + 1);
        }
        for (what, changed) in [
            ("dropped", dropped),
            ("doubled", doubled),
            ("swapped", swapped),
        ] {
            let entry_type = type_of(&ELECTION, index);
            // Partial decryptions stand in any order.
            let partial = EntryType::PartialDecryption;
            let free = what == "swapped"
                && entry_type == partial
                && type_of(&ELECTION, index + 1) == partial;
            if changed == *entries || free {
                continue;
            }
            let report = check_entries(&changed);
            if what == "dropped" && entry_type == EntryType::ElectionResult {
                // Only the end is missing: not a failure, but no pass either.
                assert_eq!(report.failed(), []);
                assert!(!report.passes(false));
                continue;
            }
            assert!(
                !report.failed().is_empty(),
                "{entry_type} {what} at {index}"
            );
            assert!(!report.passes(false));
        }
    }
}

#[test]
fn a_truncated_record_does_not_pass() {
    let entries = &ELECTION.entries;
    for size in 0..entries.len() {
        let report = check_with(&entries[..size], Given::default()).report();
        assert!(!report.passes(false), "{size} entries");
        // Under the checkpoint of the whole record the missing entries are missed.
        let mut checker = hanpyo_ledger::record::RecordChecker::new(
            hanpyo_ledger::record::Options::default(),
            &mut rand::rngs::OsRng,
        );
        checker.expect(trusted_tree(entries, None)).unwrap();
        checker.push(&entries[..size], entries).unwrap();
        assert!(
            checker.report().failed().contains(&CheckNumber::Log),
            "{size} entries"
        );
    }
}
