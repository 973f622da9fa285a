//! Publication and recovery, with every write broken in turn.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use std::error::Error;
use std::ops::Range;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::faults::{Fault, FaultStore};
use hanpyo_ledger::log::fsck::{Problem, fsck};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::{Frontier, leaf_hash, verify_consistency};
use hanpyo_ledger::log::publish::{
    Cosigners, NoCosigners, Publication, PublishError, Step, create_log,
};
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::log::recover::{Recovered, StopLedger, recover};
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::store::{Store, StoreError};
use hanpyo_ledger::log::writer::TileWriter;
use log_support::{checkpoint, cosigner, entries, entry, frontier, log_signer};

fn key() -> VerifierKey {
    log_signer().verifier_key().clone()
}

/// The database: gives the test entries.
fn database(range: Range<u64>) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(range.map(entry).collect())
}

fn created() -> MemoryStore {
    let store = MemoryStore::new();
    create_log(&store, &checkpoint(0, frontier(0).root())).unwrap();
    store
}

/// The publication that brings the log from where `writer` is to `size`.
fn publication(writer: &TileWriter, size: u64) -> (TileWriter, Publication) {
    let new: Vec<Vec<u8>> = (writer.frontier().size()..size).map(entry).collect();
    let (next, batch) = writer.append(&new).unwrap();
    let signed = checkpoint(size, batch.root);
    let publication = Publication::new(batch, signed, &key()).unwrap();
    (next, publication.tiles_per_step(1))
}

/// A log published up to `size` in one batch.
fn published(size: u64) -> (MemoryStore, TileWriter) {
    let store = created();
    let (writer, mut publication) = publication(&TileWriter::new(), size);
    publication.run(&store, &mut NoCosigners).unwrap();
    (store, writer)
}

fn stop(result: Result<impl std::fmt::Debug, PublishError>) -> StopLedger {
    match result.unwrap_err() {
        PublishError::Stop(stop) => stop,
        other => panic!("not a reason to stop: {other}"),
    }
}

fn is_sound(store: &MemoryStore) -> bool {
    let listing = store.list("").unwrap();
    let report = fsck(&StoreSource(store), &key(), &listing);
    assert!(report.other.is_empty());
    report.is_sound()
}

#[test]
fn the_checkpoint_comes_last() {
    let (store, writer) = published(300);
    let before = store.get("checkpoint").unwrap().unwrap();
    let (_, mut publication) = publication(&writer, 700);
    let mut steps = vec![publication.next_step()];
    while *steps.last().unwrap() != Step::Done {
        let now = store.get("checkpoint").unwrap().unwrap();
        assert_eq!(
            now, before,
            "no step before the last changes the checkpoint"
        );
        // Whoever reads in between sees the old log, whole.
        assert!(is_sound(&store));
        steps.push(publication.step(&store, &mut NoCosigners).unwrap());
    }
    let tiles = steps
        .iter()
        .filter(|step| matches!(step, Step::PutTiles { .. }))
        .count();
    assert_eq!(tiles, publication_files(300, 700));
    assert_eq!(
        &steps[tiles..],
        [Step::Cosign, Step::ReplaceCheckpoint, Step::Done]
    );
    assert!(is_sound(&store));
    assert_eq!(
        publication.step(&store, &mut NoCosigners).unwrap(),
        Step::Done
    );
}

fn publication_files(old: u64, new: u64) -> usize {
    hanpyo_ledger::log::tile::new_tiles(old, new).count()
}

/// Every write of a publication fails in every way, then the process restarts: the log must
/// come out whole, with all entries, and consistent with what was published before.
#[test]
fn every_write_broken_then_restarted() {
    let faults = [Fault::Fail, Fault::LostAnswer, Fault::Crash, Fault::Delayed];
    for (old, new) in [(0, 1), (0, 256), (1, 2), (255, 257), (300, 700)] {
        let writes = publication_files(old, new) + 1;
        for number in 0..writes {
            for fault in faults {
                let (store, writer) = published(old);
                let store = FaultStore::new(store);
                store.fault_at(number, fault);
                let (_, mut publication) = publication(&writer, new);
                let error = publication.run(&store, &mut NoCosigners).unwrap_err();
                assert!(matches!(error, PublishError::Store(_)), "{error}");
                let left = store.inner().clone();
                assert!(
                    is_sound(&left),
                    "{fault:?} at write {number} of {old} -> {new}"
                );
                let seen = Record::open(StoreSource(&left), &key()).unwrap();
                let seen = seen.checkpoint().checkpoint().clone();

                // Restart with the trusted state of the committed batch.
                let trusted = frontier(new);
                let store = store.into_inner();
                let recovered = recover(&store, &key(), &trusted, &mut database).unwrap();
                if let Some(missing) = recovered.missing {
                    let signed = checkpoint(new, missing.root);
                    Publication::new(missing, signed, &key())
                        .unwrap()
                        .run(&store, &mut NoCosigners)
                        .unwrap();
                }
                assert!(is_sound(&store));
                let record = Record::open(StoreSource(&store), &key()).unwrap();
                assert_eq!(record.tree().frontier().unwrap(), trusted);
                let proof = record.tree().consistency_proof(seen.size).unwrap();
                verify_consistency(seen.size, &seen.root, new, &trusted.root(), &proof).unwrap();
                assert_eq!(recovered.writer.frontier(), &trusted);
            }
        }
    }
}

#[test]
fn a_failed_step_can_be_taken_again() {
    let (store, writer) = published(300);
    let store = FaultStore::new(store);
    for write in (0..10).step_by(2) {
        store.fault_at(write, Fault::Fail);
    }
    let (_, mut publication) = publication(&writer, 700);
    let mut failures = 0;
    while publication.next_step() != Step::Done {
        if publication.step(&store, &mut NoCosigners).is_err() {
            failures += 1;
        }
    }
    assert!(failures > 0);
    assert!(is_sound(store.inner()));
}

#[test]
fn a_full_disk_surfaces_and_leaves_the_old_log() {
    let (store, writer) = published(300);
    let before = store.files();
    let store = FaultStore::new(store);
    store.set_full(true);
    let (_, mut publication) = publication(&writer, 700);
    let error = publication.run(&store, &mut NoCosigners).unwrap_err();
    assert!(error.to_string().contains("no space left"), "{error}");
    assert_eq!(store.inner().files(), before);
    // Reads go on, and the publication does once there is space.
    assert!(Record::open(StoreSource(&store), &key()).is_ok());
    store.set_full(false);
    publication.run(&store, &mut NoCosigners).unwrap();
    assert!(is_sound(store.inner()));
}

#[test]
fn a_torn_tile_stops_the_ledger() {
    let (store, writer) = published(300);
    let store = FaultStore::new(store);
    store.fault_at(0, Fault::Torn { keep: 100 });
    let (_, mut publication) = publication(&writer, 700);
    assert!(publication.step(&store, &mut NoCosigners).is_err());
    // Trying again finds other bytes than ours under a path that must never change.
    let stopped = stop(publication.step(&store, &mut NoCosigners));
    match stopped {
        StopLedger::Conflict(conflict) => {
            assert_eq!(conflict.path, "tile/entries/001");
            assert_eq!(conflict.found_len, 100);
        }
        other => panic!("{other}"),
    }
    // The old log is still whole, and a restart comes to the same conclusion.
    let store = store.into_inner();
    assert!(is_sound(&store));
    let recovered = recover(&store, &key(), &frontier(700), &mut database).unwrap();
    let missing = recovered.missing.unwrap();
    let signed = checkpoint(700, missing.root);
    let mut again = Publication::new(missing, signed, &key()).unwrap();
    assert!(matches!(
        stop(again.run(&store, &mut NoCosigners)),
        StopLedger::Conflict(_)
    ));
    assert!(is_sound(&store));
}

#[test]
fn a_torn_checkpoint_stops_the_ledger_at_restart() {
    let (store, writer) = published(1);
    let store = FaultStore::new(store);
    let last = publication_files(1, 2);
    store.fault_at(last, Fault::Torn { keep: 30 });
    let (_, mut publication) = publication(&writer, 2);
    assert!(publication.run(&store, &mut NoCosigners).is_err());
    let store = store.into_inner();
    let result = recover(&store, &key(), &frontier(2), &mut database);
    assert!(matches!(stop(result), StopLedger::BadCheckpoint { .. }));
}

#[test]
fn old_writes_that_arrive_after_a_retry_do_no_harm() {
    let (store, writer) = published(300);
    let store = FaultStore::new(store);
    // A tile and the checkpoint are delayed, retried, and arrive late: after the next batch.
    let checkpoint_write = publication_files(300, 700) + 1;
    store.fault_at(2, Fault::Delayed);
    store.fault_at(checkpoint_write, Fault::Delayed);
    let (writer, mut first) = publication(&writer, 700);
    while first.next_step() != Step::Done {
        first.step(&store, &mut NoCosigners).unwrap_or(Step::Cosign);
    }
    let (writer, mut second) = publication(&writer, 800);
    second.run(&store, &mut NoCosigners).unwrap();
    store.deliver_delayed().unwrap();
    // The old checkpoint is back: stale, but true. All its tiles are there.
    assert!(is_sound(store.inner()));
    let record = Record::open(StoreSource(store.inner()), &key()).unwrap();
    assert_eq!(record.tree().size(), 700);

    // The next publication puts it right; so does a restart.
    let left = store.inner().clone();
    let recovered = recover(&left, &key(), &frontier(800), &mut database).unwrap();
    let missing = recovered.missing.unwrap();
    let signed = checkpoint(800, missing.root);
    Publication::new(missing, signed, &key())
        .unwrap()
        .run(&left, &mut NoCosigners)
        .unwrap();
    assert_eq!(recovered.writer, writer);
    for store in [&left, store.inner()] {
        let (_, mut third) = publication(&writer, 900);
        third.run(store, &mut NoCosigners).unwrap();
        let record = Record::open(StoreSource(store), &key()).unwrap();
        assert_eq!(record.tree().size(), 900);
        assert!(is_sound(store));
    }
}

#[test]
fn two_sequencers_with_different_entries_collide() {
    let (store, writer) = published(300);
    let (_, mut ours) = publication(&writer, 400);
    let (_, batch) = writer.append(&[b"another entry".to_vec()]).unwrap();
    let signed = checkpoint(301, batch.root);
    let mut theirs = Publication::new(batch, signed, &key()).unwrap();
    ours.run(&store, &mut NoCosigners).unwrap();
    // Sizes differ, so no tile collides; the checkpoint ahead of theirs does.
    let stopped = stop(theirs.run(&store, &mut NoCosigners));
    assert!(matches!(
        stopped,
        StopLedger::StorageAhead {
            trusted: 301,
            found: 400
        }
    ));

    let other: Vec<Vec<u8>> = (0..100).map(|_| b"x".to_vec()).collect();
    let (_, batch) = writer.append(&other).unwrap();
    let signed = checkpoint(400, batch.root);
    let mut theirs = Publication::new(batch, signed, &key()).unwrap();
    assert!(matches!(
        stop(theirs.run(&store, &mut NoCosigners)),
        StopLedger::Conflict(_)
    ));
    // Readers see our log, whole; what they wrote shows as partial tiles that fit nothing.
    let report = fsck(&StoreSource(&store), &key(), &store.list("").unwrap());
    let foreign = |problem: &Problem| matches!(problem, Problem::StalePartial { path, .. } if path.ends_with(".p/45"));
    assert!(!report.problems.is_empty() && report.problems.iter().all(foreign));
    assert!(fsck(&StoreSource(&store), &key(), &[]).is_sound());
}

#[test]
fn a_forked_checkpoint_in_storage_stops_the_publication() {
    let (store, writer) = published(300);
    let (_, mut ours) = publication(&writer, 400);
    while ours.next_step() != Step::ReplaceCheckpoint {
        ours.step(&store, &mut NoCosigners).unwrap();
    }
    store.overwrite("checkpoint", checkpoint(400, leaf_hash(b"fork")).to_bytes());
    let stopped = stop(ours.step(&store, &mut NoCosigners));
    assert!(matches!(stopped, StopLedger::Forked { size: 400, .. }));
    store.remove("checkpoint");
    assert!(matches!(
        stop(ours.step(&store, &mut NoCosigners)),
        StopLedger::NoCheckpoint
    ));
}

#[test]
fn a_restored_database_must_not_sign() {
    let (store, _) = published(700);
    for trusted in [0, 300, 699] {
        let result = recover(&store, &key(), &frontier(trusted), &mut database);
        match stop(result) {
            StopLedger::StorageAhead {
                trusted: ours,
                found,
            } => assert_eq!((ours, found), (trusted, 700)),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_database_of_another_history_must_not_sign() {
    let (store, _) = published(300);
    let other: Vec<Vec<u8>> = (0..300).map(|n: u32| n.to_be_bytes().to_vec()).collect();
    let (forked, _) = TileWriter::new().append(&other).unwrap();
    let result = recover(&store, &key(), forked.frontier(), &mut database);
    assert!(matches!(stop(result), StopLedger::Forked { size: 300, .. }));

    // Longer than storage, on top of other entries: the replay does not reach its root.
    let (longer, _) = forked.append(&entries(10)).unwrap();
    let result = recover(&store, &key(), longer.frontier(), &mut database);
    assert!(matches!(stop(result), StopLedger::Forked { size: 310, .. }));
}

#[test]
fn a_lost_or_foreign_checkpoint_stops_the_ledger() {
    let (store, _) = published(300);
    let good = store.remove("checkpoint").unwrap();
    let attempt = |store: &MemoryStore| stop(recover(store, &key(), &frontier(300), &mut database));
    assert!(matches!(attempt(&store), StopLedger::NoCheckpoint));
    store.overwrite("checkpoint", b"hello\n".to_vec());
    assert!(matches!(attempt(&store), StopLedger::BadCheckpoint { .. }));
    let mut unsigned = good.clone();
    let at = unsigned.len() - 10;
    unsigned[at] = if unsigned[at] == b'A' { b'B' } else { b'A' };
    store.overwrite("checkpoint", unsigned);
    assert!(matches!(attempt(&store), StopLedger::BadCheckpoint { .. }));
    store.overwrite("checkpoint", good);
    assert!(recover(&store, &key(), &frontier(300), &mut database).is_ok());
}

#[test]
fn spoilt_edge_tiles_stop_the_ledger() {
    for path in ["tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"] {
        for damage in [
            (|bytes: &mut Vec<u8>| bytes[3] ^= 1) as fn(&mut Vec<u8>),
            |bytes| bytes.truncate(bytes.len() - 5),
            |bytes| bytes.push(0),
            Vec::clear,
        ] {
            let (store, _) = published(300);
            assert!(store.tamper(path, damage));
            for trusted in [300, 400] {
                let result = recover(&store, &key(), &frontier(trusted), &mut database);
                assert!(
                    matches!(stop(result), StopLedger::RightEdge { .. }),
                    "{path}"
                );
            }
        }
        let (store, _) = published(300);
        store.remove(path).unwrap();
        let result = recover(&store, &key(), &frontier(300), &mut database);
        assert!(
            matches!(stop(result), StopLedger::RightEdge { .. }),
            "{path}"
        );
    }
}

#[test]
fn the_checkpoint_may_be_smaller_than_the_integrated_size() {
    for (published_size, trusted) in [(0, 1), (1, 256), (256, 257), (300, 70_000)] {
        let (store, _) = published(published_size);
        let Recovered { writer, missing } =
            recover(&store, &key(), &frontier(trusted), &mut database).unwrap();
        let missing = missing.unwrap();
        assert_eq!(
            (missing.old_size, missing.new_size),
            (published_size, trusted)
        );
        let signed = checkpoint(trusted, missing.root);
        Publication::new(missing, signed, &key())
            .unwrap()
            .run(&store, &mut NoCosigners)
            .unwrap();
        assert!(is_sound(&store));
        let again = recover(&store, &key(), &frontier(trusted), &mut database).unwrap();
        assert!(again.missing.is_none());
        assert_eq!(again.writer, writer);
    }
}

#[test]
fn a_database_without_its_entries_stops_the_ledger() {
    let (store, _) = published(300);
    let mut short = |range: Range<u64>| database(range.start..range.end - 1);
    let result = recover(&store, &key(), &frontier(400), &mut short);
    assert!(matches!(
        stop(result),
        StopLedger::EntriesMissing { found: 99, .. }
    ));
    let mut failing = |_| Err(StoreError::new("read", "entries", "database is locked"));
    let result = recover(&store, &key(), &frontier(400), &mut failing);
    assert!(matches!(result, Err(PublishError::Store(_))));
}

#[test]
fn storage_that_cannot_be_read_now_is_no_reason_to_stop() {
    let (store, writer) = published(300);
    let store = FaultStore::new(store);
    store.fault_at(0, Fault::Crash);
    let (_, mut publication) = publication(&writer, 301);
    assert!(publication.run(&store, &mut NoCosigners).is_err());
    let result = recover(&store, &key(), &frontier(301), &mut database);
    assert!(matches!(result, Err(PublishError::Store(_))));
}

#[test]
fn a_log_is_created_once() {
    let store = created();
    // Again with the same key: the answer to the first attempt was lost.
    create_log(&store, &checkpoint(0, frontier(0).root())).unwrap();
    let (store, _) = published(3);
    let again = create_log(&store, &checkpoint(0, frontier(0).root()));
    assert!(matches!(stop(again), StopLedger::Conflict(_)));
    let not_empty = create_log(&MemoryStore::new(), &checkpoint(3, frontier(3).root()));
    assert!(matches!(
        not_empty,
        Err(PublishError::OtherTree { found_size: 3, .. })
    ));
}

#[test]
fn a_checkpoint_of_another_tree_is_not_published() {
    let (_, writer) = published(3);
    let (_, batch) = writer.append(&entries(2)).unwrap();
    for wrong in [checkpoint(4, batch.root), checkpoint(5, frontier(5).root())] {
        assert!(matches!(
            Publication::new(batch.clone(), wrong, &key()),
            Err(PublishError::OtherTree { size: 5, .. })
        ));
    }
}

/// Cosigns after a number of failures.
struct Witnesses {
    failures: u32,
}

impl Cosigners for Witnesses {
    fn cosign(
        &mut self,
        checkpoint: &mut SignedCheckpoint,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        if self.failures > 0 {
            self.failures -= 1;
            checkpoint.add_cosignature(cosigner(9).cosign("half done\n", 1)?)?;
            return Err("witness down".into());
        }
        for n in 1..=2 {
            let line = cosigner(n).cosign(checkpoint.note().text(), 1_700_000_000)?;
            checkpoint.add_cosignature(line)?;
        }
        Ok(())
    }
}

#[test]
fn cosignatures_come_before_the_checkpoint_and_can_be_retried() {
    let (store, writer) = published(300);
    let before = store.get("checkpoint").unwrap();
    let (_, mut publication) = publication(&writer, 301);
    let mut witnesses = Witnesses { failures: 1 };
    let error = publication.run(&store, &mut witnesses).unwrap_err();
    assert!(matches!(error, PublishError::Cosign(_)));
    assert_eq!(publication.next_step(), Step::Cosign);
    assert_eq!(store.get("checkpoint").unwrap(), before);
    publication.run(&store, &mut witnesses).unwrap();
    assert_eq!(publication.checkpoint().note().signatures().len(), 3);
    let bytes = store.get("checkpoint").unwrap().unwrap();
    assert_eq!(bytes, publication.checkpoint().to_bytes());
}

#[test]
fn the_frontier_survives_the_database() {
    let stored = frontier(700).encode();
    let trusted = Frontier::decode(&stored).unwrap();
    let (store, _) = published(700);
    assert!(
        recover(&store, &key(), &trusted, &mut database)
            .unwrap()
            .missing
            .is_none()
    );
}
