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

use std::sync::LazyLock;

use hanpyo_ledger::entry::{Entry, EntryType};
use hanpyo_ledger::record::{CheckNumber, Given, Report, Severity};
use hanpyo_testkit::{Election, Mutation, Value, check_entries, check_with, trusted_tree};

static ELECTION: LazyLock<Election> = LazyLock::new(record_support::small_record);

/// The checks of which one must fail when this item of an entry of this type is changed and signed again.
fn expected(entry: EntryType, path: &[usize]) -> &'static [u8] {
    use EntryType as T;
    match (entry, path) {
        // All other signatures are bound to the hash of the manifest as it was.
        (T::Manifest, _) => &[2, 3],
        (
            T::CeremonyCommitment
            | T::CeremonyOpening
            | T::CeremonyShares
            | T::CeremonyConfirmation
            | T::JointKey
            | T::Drill,
            _,
        ) => &[2, 4],
        (T::HalfListCommitment | T::HalfListChunk | T::Reissue, _) => &[2, 5],
        // The weight of a credential that casts nothing is noticed by nobody but the trustees, who
        // decrypted for another tree.
        (T::RollChunk, [1, 1, _, 2]) => &[9, 10],
        // A style that exists: its ballots are invalid.
        (T::RollChunk, _) => &[2, 5, 6],
        (T::RollSealed, _) => &[2, 5],
        (T::Revocation, [1, 1]) => &[10],
        (T::Revocation, _) => &[2, 5],
        // Later is allowed; but the trustees decrypted for another tree.
        (T::Open | T::Close | T::Redating, _) => &[2, 10, 11],
        (T::Ballot, _) => &[6],
        (T::PostedChallenge, _) => &[8],
        // Another voter: one who may not be struck, or whom nobody missed but the trustees.
        (T::PaperStrike, _) => &[2, 5, 10],
        // Moved between units, the sum stays: again only the trustees notice.
        (T::PaperTurnout, _) => &[2, 10, 11],
        (T::AssetAmendment, _) => &[2, 10],
        (T::EncryptedTally, _) => &[2, 9],
        (T::PartialDecryption, _) => &[2, 10],
        // Values are not those decrypted, totals not the sums of values.
        (T::ContestResult, _) => &[2, 10, 11],
        (T::ElectionResult, _) => &[2, 11],
        (T::CeremonyComplaint | T::CeremonyRestart | T::Void, _) => &[],
    }
}

fn failed(report: &Report) -> Vec<u8> {
    report
        .failed()
        .into_iter()
        .map(CheckNumber::number)
        .collect()
}

/// The record with one entry replaced; signed again if `resign` and if it still is an entry.
fn replaced(index: usize, mutation: &Mutation, resign: bool) -> Vec<Vec<u8>> {
    let mut entries = ELECTION.entries.clone();
    entries[index].clone_from(&mutation.bytes);
    if resign && let Ok(entry) = Entry::decode(&mutation.bytes) {
        entries[index] = ELECTION.resign(entry).encode().unwrap();
    }
    entries
}

fn type_of(index: usize) -> EntryType {
    EntryType::peek(&ELECTION.entries[index]).unwrap()
}

#[test]
fn the_record_itself_passes() {
    assert_eq!(check_entries(&ELECTION.entries).failed(), []);
    let mut types: Vec<_> = (0..ELECTION.entries.len()).map(type_of).collect();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types.len(), 25, "all types but complaint, restart and void");
}

/// Payloads are changed and signed again by the roles; ballots cannot be signed again.
fn changes_fail_their_own_check(types: impl Fn(EntryType) -> bool) {
    let mut changes = 0;
    for index in 0..ELECTION.entries.len() {
        let entry_type = type_of(index);
        if !types(entry_type) {
            continue;
        }
        let voter = matches!(entry_type, EntryType::Ballot | EntryType::PostedChallenge);
        for mutation in Value::mutations(&ELECTION.entries[index]) {
            if !voter && mutation.path[0] != 1 {
                continue;
            }
            let report = check_entries(&replaced(index, &mutation, true));
            let (failed, expected) = (failed(&report), expected(entry_type, &mutation.path));
            assert!(
                failed.iter().any(|check| expected.contains(check)),
                "entry {index} ({entry_type}) at {:?}, {}: expected one of {expected:?}, \
                 found {failed:?}",
                mutation.path,
                mutation.what,
            );
            // After the close nothing else depends on an entry but what follows it.
            if entry_type >= EntryType::EncryptedTally && !failed.contains(&2) {
                let only = failed.iter().all(|check| expected.contains(check));
                assert!(only, "{entry_type} at {:?}: {failed:?}", mutation.path);
            }
            changes += 1;
        }
    }
    assert!(changes > 0);
}

#[test]
fn changes_of_the_manifest_fail() {
    changes_fail_their_own_check(|entry| entry == EntryType::Manifest);
}

#[test]
fn changes_of_the_ceremony_fail() {
    use EntryType as T;
    changes_fail_their_own_check(|entry| (T::CeremonyCommitment..=T::Drill).contains(&entry));
}

#[test]
fn changes_of_the_roll_fail() {
    use EntryType as T;
    changes_fail_their_own_check(|entry| (T::HalfListCommitment..=T::Reissue).contains(&entry));
}

#[test]
fn changes_of_the_voting_phase_fail() {
    changes_fail_their_own_check(|entry| (EntryType::Open..=EntryType::Close).contains(&entry));
}

#[test]
fn changes_of_the_tally_fail() {
    changes_fail_their_own_check(|entry| entry >= EntryType::EncryptedTally);
}

#[test]
fn a_changed_signature_fails_check_2_at_its_entry() {
    for index in 0..ELECTION.entries.len() {
        let entry_type = type_of(index);
        if matches!(entry_type, EntryType::Ballot | EntryType::PostedChallenge) {
            continue;
        }
        for mutation in Value::mutations(&ELECTION.entries[index]) {
            if mutation.path[0] != 2 {
                continue;
            }
            let report = check_entries(&replaced(index, &mutation, false));
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
            let entry_type = type_of(index);
            // Partial decryptions stand in any order.
            let partial = EntryType::PartialDecryption;
            let free = what == "swapped" && entry_type == partial && type_of(index + 1) == partial;
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
