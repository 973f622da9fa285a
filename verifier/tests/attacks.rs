//! Each attack fails the check that it is for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::sync::LazyLock;

use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{Entry, EntryType, Seconds};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::record::{CodePrefix, ConfirmationCode};
use hanpyo_testkit::{Election, ElectionSpec, checkpoint, random_selections};
use hanpyo_verify::report::{BallotFacts, Reason, Status, Verdict};
use support::{
    COSIGNED, assert_passes, check, failed, files, findings, finished, first_ballot, key, nth,
    publish, receipt, request,
};

/// A record of three bundles: two full ones and a partial one.
static RECORD: LazyLock<Election> = LazyLock::new(|| finished(600));

fn record() -> (&'static Election, MemoryStore) {
    (&RECORD, publish(&RECORD))
}

/// The code of a ballot entry.
fn code(election: &Election, index: u64) -> ConfirmationCode {
    match election.entry(usize::try_from(index).unwrap()) {
        Entry::Ballot(ballot) => {
            ConfirmationCode::of(election.hash.as_bytes(), ballot.body.as_bytes())
        }
        other => panic!("{other:?}"),
    }
}

fn full_code(code: &ConfirmationCode) -> CodePrefix {
    code.full().parse().unwrap()
}

/// Check 1 fails, naming `path`; nothing that was not signed is held against anyone.
fn assert_file_fails(store: &MemoryStore, path: &str) {
    let report = check(store, &request(&RECORD));
    assert_eq!(failed(&report), [1], "{path}");
    let found = findings(&report, 1);
    assert!(
        found.iter().any(|f| f.starts_with(path)),
        "{path}: {found:?}"
    );
    assert_eq!(report.verdict, Verdict::Fail);
}

#[test]
fn the_record_itself_passes() {
    let (election, store) = record();
    let tiles: Vec<String> = store.files().into_keys().collect();
    let size = election.entries.len();
    assert_eq!(size / 256, 2, "{size}");
    assert!(
        tiles.contains(&format!("tile/0/002.p/{}", size % 256)),
        "{tiles:?}"
    );
    assert!(tiles.contains(&"tile/1/000.p/2".to_owned()), "{tiles:?}");
    assert_passes(&check(&store, &request(election)));
}

#[test]
fn a_flipped_bit_in_any_file() {
    let (_, store) = record();
    for path in store.files().into_keys().filter(|path| path != "vkey") {
        let spoilt = store.clone();
        assert!(spoilt.tamper(&path, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }));
        assert_file_fails(&spoilt, &path);
    }
}

#[test]
fn a_missing_or_cut_or_padded_tile() {
    let (_, store) = record();
    for path in store
        .files()
        .into_keys()
        .filter(|path| path.starts_with("tile/"))
    {
        let spoilt = store.clone();
        spoilt.remove(&path);
        assert_file_fails(&spoilt, &path);
        spoilt.overwrite(&path, Vec::new());
        assert_file_fails(&spoilt, &path);
        let whole = &store.files()[&path];
        spoilt.overwrite(&path, whole[..whole.len() - 1].to_vec());
        assert_file_fails(&spoilt, &path);
        spoilt.overwrite(&path, [whole.as_slice(), &[0]].concat());
        assert_file_fails(&spoilt, &path);
    }
}

#[test]
fn spoilt_hash_tiles_do_not_keep_the_entries_from_being_checked() {
    let (election, store) = record();
    for path in ["tile/0/000", "tile/0/001", "tile/1/000.p/2"] {
        let spoilt = store.clone();
        spoilt.tamper(path, |bytes| bytes[40] ^= 1);
        let report = check(&spoilt, &request(election));
        assert_eq!(failed(&report), [1]);
        assert_eq!(findings(&report, 1).len(), 1, "{:?}", findings(&report, 1));
        assert_eq!(report.record.entries_read, election.entries.len() as u64);
        for number in 2..=10 {
            assert_eq!(nth(&report, number).status, Status::Pass, "check {number}");
        }
    }
}

#[test]
fn entries_after_a_spoilt_bundle_are_not_checked() {
    let (election, store) = record();
    store.tamper("tile/entries/001", |bytes| bytes[1000] ^= 1);
    let report = check(&store, &request(election));
    assert_eq!(failed(&report), [1]);
    assert_eq!(report.record.entries_read, 256);
    for number in [6, 7, 9, 10, 11] {
        let check = nth(&report, number);
        assert_eq!(check.status, Status::NotChecked);
        assert_eq!(check.not_checked[0].reason, Reason::Missing);
        let detail = check.not_checked[0].detail.as_ref().unwrap();
        assert!(detail.contains("only 256 entries"), "{detail}");
    }
}

#[test]
fn a_truncated_log() {
    let (election, store) = record();
    // Files cut off: the checkpoint needs them.
    for path in store
        .files()
        .into_keys()
        .filter(|path| path.contains("/002.p/"))
    {
        store.remove(&path);
    }
    let report = check(&store, &request(election));
    assert_eq!(failed(&report), [1]);
    // The log itself signs less: the end of the record is missing, and any receipt says so.
    let shorter = &election.entries[..300];
    let mut cut = Election::new(ElectionSpec::yes_no(600));
    cut.entries = shorter.to_vec();
    let store = files(shorter, &checkpoint(&cut, COSIGNED));
    let report = check(&store, &request(election));
    assert_eq!(failed(&report), [0u8; 0]);
    assert_eq!(report.verdict, Verdict::Incomplete);
    let mut asked = request(election);
    asked.receipts = vec![("r".into(), receipt(election, first_ballot(election)))];
    let report = check(&store, &asked);
    assert_eq!(failed(&report), [12]);
}

#[test]
fn another_log_key() {
    let (election, store) = record();
    let mut other = ElectionSpec::yes_no(3);
    other.seed = 99;
    let other = Election::new(other);
    let report = check(&store, &request(&other));
    assert_eq!(failed(&report), [1]);
    assert!(report.election.is_none());
    // The manifest names another log than the one whose checkpoint it stands under.
    let mut foreign = Election::new(ElectionSpec::yes_no(600));
    foreign.entries.clone_from(&election.entries);
    let mut rng = <rand_chacha::ChaCha20Rng as rand_core::SeedableRng>::seed_from_u64(5);
    let name = key(election).name().clone();
    foreign.keys.log = hanpyo_ledger::log::signer::LogSigner::generate(name, &mut rng).unwrap();
    let report = check(&publish(&foreign), &request(&foreign));
    assert_eq!(failed(&report), [3], "{:?}", findings(&report, 3));
}

#[test]
fn a_checkpoint_without_its_witnesses() {
    let mut election = Election::new(ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(4)
    });
    election.complete();
    election.keys.witnesses.truncate(2);
    let report = check(&publish(&election), &request(&election));
    assert_eq!(failed(&report), [1]);
    assert!(!report.record.policies[0].accepted);
}

#[test]
fn a_policy_of_ones_own_must_hold_besides_the_manifests() {
    let spec = ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(4)
    };
    let mut election = Election::new(spec);
    election.complete();
    let (stranger, own) = (
        Election::new(ElectionSpec {
            seed: 77,
            witnesses: 1,
            ..ElectionSpec::yes_no(3)
        }),
        &election,
    );
    let policy = |witness: &hanpyo_ledger::log::signer::Cosigner| {
        let text = format!("witness w {}\nquorum w\n", witness.verifier_key());
        Some((
            "own.policy".to_owned(),
            Policy::parse(text.as_bytes()).unwrap(),
        ))
    };
    let mut asked = request(own);
    asked.policy = policy(&own.keys.witnesses[2]);
    let report = check(&publish(own), &asked);
    assert_passes(&report);
    assert_eq!(report.record.policies.len(), 2);
    asked.policy = policy(&stranger.keys.witnesses[0]);
    let report = check(&publish(own), &asked);
    assert_eq!(failed(&report), [1]);
    assert!(findings(&report, 1)[0].contains("own.policy"));
}

#[test]
fn a_policy_of_ones_own_dates_a_record_without_witnesses() {
    let mut election = finished(4);
    let witnesses = Election::new(ElectionSpec {
        seed: 77,
        witnesses: 1,
        ..ElectionSpec::yes_no(3)
    });
    election.keys.witnesses = witnesses.keys.witnesses;
    let vkey = election.keys.witnesses[0].verifier_key().to_string();
    let mut asked = request(&election);
    let text = format!("witness w {vkey}\nquorum w\n");
    asked.policy = Some(("own".to_owned(), Policy::parse(text.as_bytes()).unwrap()));
    let report = check(&publish(&election), &asked);
    assert_passes(&report);
    assert_eq!(nth(&report, 1).status, Status::Pass);
    assert_eq!(nth(&report, 11).status, Status::Pass);
}

#[test]
fn a_result_off_by_one() {
    let mut election = finished(12);
    for (what, expected) in [
        (EntryType::ContestResult, 11),
        (EntryType::ElectionResult, 11),
    ] {
        let (index, entry) = election.find(|entry| entry.entry_type() == what);
        let original = election.entries[index].clone();
        let changed = match entry {
            Entry::ContestResult(mut signed) => {
                let mut totals: Vec<u64> = signed.payload.totals.iter().map(|t| t.get()).collect();
                totals[0] += 1;
                totals[1] -= 1;
                let totals: Vec<_> = totals.into_iter().map(|t| t.try_into().unwrap()).collect();
                signed.payload.totals = totals.try_into().unwrap();
                Entry::ContestResult(signed)
            }
            Entry::ElectionResult(mut signed) => {
                signed.payload.ballots += 1;
                Entry::ElectionResult(signed)
            }
            other => panic!("{other:?}"),
        };
        election.entries[index] = election.resign(changed).encode().unwrap();
        let report = check(&publish(&election), &request(&election));
        assert!(
            failed(&report).contains(&expected),
            "{what}: {:?}",
            failed(&report)
        );
        election.entries[index] = original;
    }
}

#[test]
fn dropped_and_doubled_ballots() {
    let mut election = finished(12);
    let first = usize::try_from(first_ballot(&election)).unwrap();
    let ballot = election.entries.remove(first);
    let report = check(&publish(&election), &request(&election));
    assert!(failed(&report).contains(&9), "{:?}", failed(&report));
    election.entries.insert(first, ballot.clone());
    election.entries.insert(first + 1, ballot);
    let report = check(&publish(&election), &request(&election));
    assert!(failed(&report).contains(&7), "{:?}", failed(&report));
    assert!(nth(&report, 7).findings[0].excluded);
}

#[test]
fn codes_receipts_and_acknowledgements_that_are_kept() {
    let mut spec = ElectionSpec::yes_no(6);
    spec.revoting = true;
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election.vote_at_random(1);
    let early = receipt(&election, first_ballot(&election));
    let again = random_selections(&mut election, 0);
    let again = election.vote(0, &again);
    election.finish();
    let (first, second) = (first_ballot(&election), first_ballot(&election) + 1);
    let acknowledgement = Acknowledgement::sign(
        election.hash,
        code(&election, second),
        Seconds::new(COSIGNED),
        &election.keys.acknowledgement,
    );
    let mut asked = request(&election);
    asked.codes = vec![
        code(&election, first).to_string().parse().unwrap(),
        full_code(&code(&election, again)),
    ];
    asked.receipts = vec![
        ("early".into(), early),
        ("late".into(), receipt(&election, second)),
        ("manifest".into(), receipt(&election, 0)),
    ];
    asked.acknowledgements = vec![("ack".into(), acknowledgement)];
    let report = check(&publish(&election), &asked);
    assert_passes(&report);
    assert_eq!(nth(&report, 12).status, Status::Pass);
    let given = &report.given;
    let superseded = BallotFacts::Superseded {
        entry: first,
        by: again,
    };
    assert_eq!(given.codes[0].ballot, superseded);
    assert_eq!(given.codes[1].ballot, BallotFacts::Counted { entry: again });
    assert_eq!(given.receipts[0].ballot, Some(superseded));
    assert_eq!(
        given.receipts[1].ballot,
        Some(BallotFacts::Counted { entry: second })
    );
    assert!(given.receipts[2].valid && given.receipts[2].ballot.is_none());
    assert!(given.acknowledgements[0].in_record);
}

#[test]
fn a_code_that_is_not_there() {
    let (election, store) = record();
    let mut asked = request(election);
    asked.codes = vec![full_code(&ConfirmationCode([7; 32]))];
    let report = check(&store, &asked);
    assert_eq!(failed(&report), [12]);
    assert_eq!(report.given.codes[0].ballot, BallotFacts::NotFound);
}

#[test]
fn a_code_whose_ballot_does_not_count() {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.set_up();
    election.open();
    let selections = random_selections(&mut election, 0);
    election.vote(0, &selections);
    let ballot = election.ballot(0, &selections);
    let second = election.append(Entry::Ballot(ballot));
    election.finish();
    let mut asked = request(&election);
    asked.codes = vec![full_code(&code(&election, second))];
    let report = check(&publish(&election), &asked);
    assert_eq!(failed(&report), [7, 12]);
    let status = &report.given.codes[0].ballot;
    assert!(matches!(status, BallotFacts::NotCounted { entry, .. } if *entry == second));
}

#[test]
fn receipts_of_other_logs_and_histories() {
    let mut spec = ElectionSpec::yes_no(6);
    spec.seed = 4;
    let mut other = Election::new(spec.clone());
    other.complete();
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.set_up();
    election.open();
    election.vote_at_random(2);
    // The log showed somebody a history that it then gave up.
    let dropped = election.entries.pop().unwrap();
    let place = election.entries.len() as u64;
    election.entries.push(dropped);
    let forked = receipt(&election, place);
    election.entries.pop();
    election.plain.remove(&4);
    let selections = random_selections(&mut election, 1);
    election.vote(1, &selections);
    election.finish();
    let store = publish(&election);
    assert_passes(&check(&store, &request(&election)));

    let mut asked = request(&election);
    asked.receipts = vec![("foreign".into(), receipt(&other, first_ballot(&other)))];
    let report = check(&store, &asked);
    assert_eq!(failed(&report), [12]);
    assert!(!report.given.receipts[0].valid);

    asked.receipts = vec![("forked".into(), forked)];
    let report = check(&store, &asked);
    assert_eq!(failed(&report), [12]);
    let found = findings(&report, 12);
    assert!(
        found.iter().any(|f| f.contains("tree of receipt forked")),
        "{found:?}"
    );

    // Its entry changed, and a proof for another place.
    let honest = receipt(&election, first_ballot(&election));
    let mut entry = honest.extra().to_vec();
    entry[50] ^= 1;
    let rewritten = |extra: Vec<u8>, index| {
        let (proof, note) = (honest.proof().to_vec(), honest.checkpoint().clone());
        hanpyo_ledger::log::receipt::Receipt::new(extra, index, proof, note)
    };
    for spoilt in [
        rewritten(entry, honest.index()),
        rewritten(honest.extra().to_vec(), honest.index() + 1),
        rewritten(Vec::new(), honest.index()),
    ] {
        asked.receipts = vec![("spoilt".into(), spoilt)];
        assert_eq!(failed(&check(&store, &asked)), [12]);
    }
}

#[test]
fn a_receipt_without_the_witnesses_of_the_manifest() {
    let mut election = Election::new(ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(4)
    });
    election.complete();
    let store = publish(&election);
    election.keys.witnesses.clear();
    let mut asked = request(&election);
    asked.receipts = vec![("r".into(), receipt(&election, first_ballot(&election)))];
    assert_eq!(failed(&check(&store, &asked)), [12]);
}

#[test]
fn ballots_after_a_receipt_that_witnesses_dated_too_late() {
    let mut election = Election::new(ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(6)
    });
    election.set_up();
    election.open();
    election.vote_at_random(2);
    // Cosigned long after closing and grace, and yet another ballot follows.
    let index = first_ballot(&election);
    let late = COSIGNED + 10_000;
    let signed = checkpoint(&election, late);
    let store = files(&election.entries, &signed);
    let source = hanpyo_ledger::log::source::StoreSource(&store);
    let size = signed.checkpoint().size;
    let tree =
        hanpyo_ledger::log::tree::Tree::load(source, size, signed.checkpoint().root).unwrap();
    let evidence = hanpyo_ledger::log::receipt::Receipt::new(
        election.entries[usize::try_from(index).unwrap()].clone(),
        index,
        tree.inclusion_proof(index).unwrap(),
        signed.note().clone(),
    );
    let selections = random_selections(&mut election, 1);
    election.vote(1, &selections);
    election.finish();
    let mut asked = request(&election);
    let store = publish(&election);
    assert_passes(&check(&store, &asked));
    asked.receipts = vec![("late".into(), evidence)];
    let report = check(&store, &asked);
    assert_eq!(failed(&report), [11], "{:?}", findings(&report, 11));
}

#[test]
fn acknowledged_ballots_that_were_dropped_or_promised_by_others() {
    let mut election = finished(6);
    let first = first_ballot(&election);
    let dropped = code(&election, first);
    let sign = |key: &hanpyo_ledger::signature::SigningKey, code| {
        let deadline = Seconds::new(COSIGNED);
        Acknowledgement::sign(RECORD.hash, code, deadline, key)
    };
    let promise = |election: &Election| {
        let deadline = Seconds::new(COSIGNED);
        let key = &election.keys.acknowledgement;
        Acknowledgement::sign(election.hash, dropped, deadline, key)
    };
    let honest = promise(&election);
    let mut asked = request(&election);
    asked.acknowledgements = vec![("ack".into(), honest.clone())];
    assert_passes(&check(&publish(&election), &asked));
    // Signed by somebody else, and of another election.
    let (other, store) = record();
    let foreign = sign(&election.keys.commission, code(other, first_ballot(other)));
    for wrong in [foreign, honest.clone()] {
        let mut asked = request(other);
        asked.acknowledgements = vec![("ack".into(), wrong)];
        assert_eq!(failed(&check(&store, &asked)), [12]);
    }
    // Dropped before the tally, so that everything else fits.
    let mut without = Election::new(ElectionSpec::yes_no(6));
    without.set_up();
    without.open();
    without.vote_at_random(1);
    let place = usize::try_from(first).unwrap();
    assert_eq!(without.entries[place], election.entries[place]);
    without.entries.remove(place);
    without.plain.remove(&0);
    without.finish();
    assert_passes(&check(&publish(&without), &request(&without)));
    let mut asked = request(&without);
    asked.acknowledgements = vec![("ack".into(), honest)];
    let report = check(&publish(&without), &asked);
    assert_eq!(failed(&report), [12]);
    assert!(!report.given.acknowledgements[0].in_record);
    election.entries.clear();
}
