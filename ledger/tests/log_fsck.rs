//! fsck names every problem, and only the file that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use hanpyo_ledger::log::fsck::{MAX_PROBLEMS, Problem, Report, fsck};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::leaf_hash;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, create_log};
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::tile::{Tile, TileContentError, TileKind, push_entry, tiles_of};
use hanpyo_ledger::log::writer::TileWriter;
use log_support::{checkpoint, entry, frontier, log_signer};

/// A record that was published at each of these sizes.
fn record(sizes: &[u64]) -> MemoryStore {
    let (store, mut writer) = (MemoryStore::new(), TileWriter::new());
    create_log(&store, &checkpoint(0, frontier(0).root())).unwrap();
    for size in sizes {
        let new: Vec<Vec<u8>> = (writer.frontier().size()..*size).map(entry).collect();
        let (next, batch) = writer.append(&new).unwrap();
        let signed = checkpoint(*size, batch.root);
        Publication::new(batch, signed, log_signer().verifier_key())
            .unwrap()
            .run(&store, &mut NoCosigners)
            .unwrap();
        writer = next;
    }
    store
}

fn check(store: &MemoryStore) -> Report {
    let listing = store.list("").unwrap();
    fsck(&StoreSource(store), log_signer().verifier_key(), &listing)
}

fn path(problem: &Problem) -> &str {
    match problem {
        Problem::Missing { path }
        | Problem::Unreadable { path, .. }
        | Problem::Malformed { path, .. }
        | Problem::Hash { path, .. }
        | Problem::Entry { path, .. }
        | Problem::StalePartial { path, .. } => path,
        Problem::Checkpoint { .. } => "checkpoint",
        Problem::Root { .. } | Problem::NoRoot { .. } => "",
    }
}

#[test]
fn sound_records_at_the_sizes_that_matter() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537] {
        let store = record(&[size]);
        let report = check(&store);
        assert_eq!(report.problems, []);
        assert_eq!(report.entries, size);
        assert_eq!(report.files, 1 + tiles_of(size).count() as u64);
        assert!(report.beyond.is_empty() && report.other.is_empty());
        assert_eq!(report.checkpoint.unwrap().checkpoint().size, size);
    }
    let grown = check(&record(&[1, 2, 200, 256, 300, 511, 1000]));
    assert_eq!(grown.problems, []);
}

#[test]
fn every_single_spoilt_file_is_the_only_one_named() {
    let store = record(&[100, 300, 66_000]);
    assert!(check(&store).is_sound());
    for file in store.list("tile").unwrap() {
        // Enough of the full tiles, all others.
        let tile = Tile::parse(&file).unwrap();
        if tile.is_full() && tile.index() % 100 != 3 && tile.index() != 0 {
            continue;
        }
        let original = store.get(&file).unwrap().unwrap();
        let problems = |what: &str| {
            let problems = check(&store).problems;
            assert_eq!(problems.len(), 1, "{what} {file}: {problems:#?}");
            assert_eq!(path(&problems[0]), file, "{what}");
            problems.into_iter().next().unwrap()
        };
        // A flipped bit in the last byte: of the last entry, or of the last hash.
        store.tamper(&file, |bytes| *bytes.last_mut().unwrap() ^= 1);
        let stale = !tiles_of(66_000).any(|needed| needed == tile);
        match (tile.kind(), problems("flipped")) {
            (_, Problem::StalePartial { .. }) => assert!(stale),
            (TileKind::Entries, Problem::Entry { index, .. }) => {
                assert_eq!(index, tile.first() + u64::from(tile.width()) - 1);
            }
            (TileKind::Hashes { .. }, Problem::Hash { position, .. }) => {
                assert_eq!(position, usize::from(tile.width()) - 1);
            }
            (_, other) => panic!("{other}"),
        }
        store.overwrite(&file, original[..original.len() - 1].to_vec());
        assert!(matches!(problems("cut"), Problem::Malformed { .. }));
        store.overwrite(&file, [original.as_slice(), &[0]].concat());
        // A full hash tile is then over any valid tile's length, and not read to its end.
        let longer = problems("longer");
        assert!(matches!(
            longer,
            Problem::Malformed { .. } | Problem::Unreadable { .. }
        ));
        store.remove(&file);
        if stale {
            assert!(
                check(&store).is_sound(),
                "earlier partial tiles may be deleted"
            );
        } else {
            assert!(matches!(problems("removed"), Problem::Missing { .. }));
        }
        store.overwrite(&file, original);
    }
    assert!(check(&store).is_sound());
}

#[test]
fn all_problems_are_named_not_only_the_first() {
    let store = record(&[66_000]);
    store.remove("tile/entries/007");
    store.tamper("tile/entries/100", |bytes| bytes[5] ^= 1);
    store.tamper("tile/0/200", |bytes| bytes.truncate(100));
    store.tamper("tile/1/000", |bytes| bytes[0] ^= 1);
    store.remove("tile/2/000.p/1");
    let problems = check(&store).problems;
    let paths: Vec<&str> = problems.iter().map(path).collect();
    assert_eq!(
        paths,
        [
            "tile/entries/007",
            "tile/entries/100",
            "tile/0/200",
            "tile/1/000",
            "tile/2/000.p/1"
        ]
    );
}

#[test]
fn entries_and_leaf_hashes_both_lost_are_bridged() {
    let store = record(&[66_000]);
    for file in ["tile/entries/007", "tile/0/007"] {
        store.remove(file);
    }
    let problems = check(&store).problems;
    let paths: Vec<&str> = problems.iter().map(path).collect();
    assert_eq!(
        paths,
        ["tile/entries/007", "tile/0/007"],
        "the rest still leads to the root"
    );

    store.remove("tile/1/000");
    let problems = check(&store).problems;
    assert!(
        problems.contains(&Problem::NoRoot {
            first: 1792,
            last: 2047
        }),
        "{problems:#?}"
    );
    assert!(problems.iter().any(|p| path(p) == "tile/1/000"));
}

#[test]
fn a_record_rewritten_from_the_entries_up_fails_at_the_root() {
    // Whoever controls the storage, but not the log's key, replaces an entry and all hashes.
    let store = record(&[600]);
    let mut all: Vec<Vec<u8>> = (0..600).map(entry).collect();
    all[400] = b"a ballot that nobody cast".to_vec();
    let (_, batch) = TileWriter::new().append(&all).unwrap();
    for file in batch.files {
        store.overwrite(&file.tile.path(), file.bytes);
    }
    match check(&store).problems.as_slice() {
        [
            Problem::Root {
                size: 600,
                expected,
                found,
            },
        ] => {
            assert_eq!(*expected, frontier(600).root());
            assert_eq!(*found, batch.root);
        }
        other => panic!("{other:#?}"),
    }
}

#[test]
fn a_bundle_with_another_number_of_entries_is_malformed() {
    let store = record(&[600]);
    let mut longer = store.get("tile/entries/002.p/88").unwrap().unwrap();
    push_entry(&mut longer, b"one more").unwrap();
    store.overwrite("tile/entries/002.p/88", longer);
    assert!(matches!(
        check(&store).problems.as_slice(),
        [Problem::Malformed {
            reason: TileContentError::BundleTrailing { width: 88, .. },
            ..
        }]
    ));
}

#[test]
fn a_bad_checkpoint_ends_it() {
    let store = record(&[600]);
    store.tamper("checkpoint", |bytes| bytes[0] ^= 1);
    assert!(matches!(
        check(&store).problems.as_slice(),
        [Problem::Checkpoint { .. }]
    ));
    store.remove("checkpoint");
    assert!(
        matches!(check(&store).problems.as_slice(), [Problem::Missing { path }] if path == "checkpoint")
    );
}

#[test]
fn files_beyond_the_checkpoint_and_foreign_files_are_listed() {
    let store = record(&[600]);
    store.overwrite("tile/0/003.p/5", vec![0; 160]);
    store.overwrite("tile/entries/002.p/89", vec![0; 3]);
    store.overwrite("tile/entries/002", vec![0; 3]);
    store.overwrite("vkey", b"x".to_vec());
    store.overwrite("tile/0/2", b"x".to_vec());
    let report = check(&store);
    assert!(report.is_sound(), "{:#?}", report.problems);
    assert_eq!(
        report.beyond,
        [
            "tile/0/003.p/5",
            "tile/entries/002",
            "tile/entries/002.p/89"
        ]
    );
    assert_eq!(report.other, ["tile/0/2", "vkey"]);
}

#[test]
fn a_checkpoint_over_a_log_that_is_not_there_ends_early() {
    let store = MemoryStore::new();
    store.overwrite(
        "checkpoint",
        checkpoint(1 << 60, leaf_hash(b"nothing")).to_bytes(),
    );
    let report = check(&store);
    assert!(report.stopped_early);
    assert!(!report.is_sound());
    assert!(report.problems.len() <= MAX_PROBLEMS + 64);
}
