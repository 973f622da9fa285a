//! Tiles: paths, widths, contents, and the files that a writer makes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use std::collections::{BTreeMap, BTreeSet};

use hanpyo_ledger::log::merkle::{Hash, MAX_TREE_SIZE};
use hanpyo_ledger::log::tile::{
    MAX_BUNDLE_LEN, MAX_ENTRY_LEN, Tile, TileContentError, TileError, TileKind, new_tiles,
    push_entry, read_entries, read_hashes, tiles_of,
};
use hanpyo_ledger::log::writer::{AppendError, TileWriter};
use log_support::{entries, frontier};
use proptest::prelude::*;
use serde_json::Value;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors/log.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn paths(tiles: impl Iterator<Item = Tile>) -> Vec<String> {
    tiles.map(|tile| tile.path()).collect()
}

#[test]
fn the_tiles_of_a_size_are_those_of_the_vectors() {
    let vectors = &vectors()["tiles"];
    let tile = Tile::new(TileKind::Hashes { level: 0 }, 1_234_067, 256).unwrap();
    assert_eq!(tile.path(), vectors["index_1234067"]);
    for (size, expected) in vectors["paths"].as_object().unwrap() {
        let found = paths(tiles_of(size.parse().unwrap()));
        let expected: Vec<&str> = expected
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap())
            .collect();
        assert_eq!(found, expected, "size {size}");
    }
    for (size, count) in vectors["counts"].as_object().unwrap() {
        let found = tiles_of(size.parse().unwrap()).count();
        assert_eq!(Some(found as u64), count.as_u64(), "size {size}");
    }
}

#[test]
fn the_bytes_of_tiles_are_those_of_the_vectors() {
    use sha2::{Digest, Sha256};
    let vectors = &vectors()["tiles"];
    let entries: Vec<String> = (0..600).map(|i| format!("entry {i}")).collect();
    let (writer, batch) = TileWriter::new().append(&entries).unwrap();
    assert_eq!(
        writer.frontier().root().to_hex(),
        vectors["root"].as_str().unwrap()
    );
    let found: BTreeMap<String, String> = batch
        .files
        .iter()
        .map(|file| {
            (
                file.tile.path(),
                Hash::new(Sha256::digest(&file.bytes).into()).to_hex(),
            )
        })
        .collect();
    let expected: BTreeMap<String, String> =
        serde_json::from_value(vectors["sha256"].clone()).unwrap();
    assert_eq!(found, expected);
}

#[test]
fn tlog_tiles_names_the_same_new_tiles() {
    for (old, new) in [
        (0u64, 1u64),
        (0, 600),
        (1, 2),
        (255, 256),
        (255, 257),
        (256, 257),
        (300, 70_000),
        (65_535, 65_537),
        (70_000, 70_000),
    ] {
        // Its paths are those of the Go checksum database: tile/<height>/<level>/<index>.
        let theirs: BTreeSet<String> = tlog_tiles::Tile::new_tiles(8, old, new)
            .into_iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        let ours: BTreeSet<String> = new_tiles(old, new)
            .filter(|tile| tile.kind() != TileKind::Entries)
            .map(|tile| tile.path())
            .collect();
        assert_eq!(ours, theirs, "{old} -> {new}");
    }
}

#[test]
fn new_tiles_are_what_one_size_needs_and_the_other_does_not() {
    for old in (0..1200).step_by(13) {
        for new in (old..1200).step_by(29) {
            let before: BTreeSet<Tile> = tiles_of(old).collect();
            let expected: Vec<Tile> = tiles_of(new)
                .filter(|tile| !before.contains(tile))
                .collect();
            assert_eq!(
                new_tiles(old, new).collect::<Vec<_>>(),
                expected,
                "{old} -> {new}"
            );
        }
    }
}

#[test]
fn only_one_spelling_of_a_path_is_read() {
    for (path, kind, index, width) in [
        ("tile/entries/000", TileKind::Entries, 0, 256),
        (
            "tile/entries/x001/x234/067.p/1",
            TileKind::Entries,
            1_234_067,
            1,
        ),
        ("tile/0/999", TileKind::Hashes { level: 0 }, 999, 256),
        ("tile/0/x001/000", TileKind::Hashes { level: 0 }, 1_000, 256),
        ("tile/63/000.p/255", TileKind::Hashes { level: 63 }, 0, 255),
    ] {
        let tile = Tile::new(kind, index, width).unwrap();
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Ok(tile));
    }
    for bad in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/0/x000/000",
        "tile/0/x001/00",
        "tile/0/x1/000",
        "tile/0/xx001/000",
        "tile/0/x001/x000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/+00",
        "tile/0/x999/x999/x999/x999/x999/x999/x999",
        "tile/0/x018/x446/x744/x073/x709/x551/615",
        "tile/0/\u{661}00",
    ] {
        assert!(Tile::parse(bad).is_err(), "{bad}");
    }
    let entries = |index, width| Tile::new(TileKind::Entries, index, width);
    assert_eq!(entries(0, 0), Err(TileError::Width { found: 0 }));
    assert_eq!(entries(0, 257), Err(TileError::Width { found: 257 }));
    assert!(entries(MAX_TREE_SIZE / 256 - 1, 256).is_ok());
    assert!(entries(MAX_TREE_SIZE / 256, 1).is_err());
    assert!(entries(u64::MAX, 256).is_err());
}

#[test]
fn entries_of_65535_bytes_fit_and_65536_do_not() {
    let mut bundle = Vec::new();
    push_entry(&mut bundle, &[]).unwrap();
    push_entry(&mut bundle, &vec![1; MAX_ENTRY_LEN]).unwrap();
    let before = bundle.clone();
    assert_eq!(
        push_entry(&mut bundle, &vec![1; MAX_ENTRY_LEN + 1]),
        Err(TileContentError::EntryTooLong { found: 65_536 })
    );
    assert_eq!(bundle, before);
    let read = read_entries(&bundle, 2).unwrap();
    assert_eq!((read[0].len(), read[1].len()), (0, MAX_ENTRY_LEN));

    let writer = TileWriter::new();
    let result = writer.append(&[vec![0; 10], vec![0; MAX_ENTRY_LEN + 1]]);
    assert!(matches!(result, Err(AppendError::Entry { at: 1, .. })));
    let largest = vec![vec![7; MAX_ENTRY_LEN]; 256];
    let (_, batch) = writer.append(&largest).unwrap();
    assert_eq!(batch.files[0].bytes.len(), MAX_BUNDLE_LEN);
}

#[test]
fn bundles_and_tiles_are_read_strictly() {
    let mut bundle = Vec::new();
    for entry in ["one", "", "three"] {
        push_entry(&mut bundle, entry.as_bytes()).unwrap();
    }
    insta::assert_snapshot!("bundle", data_encoding::HEXLOWER.encode(&bundle));
    assert_eq!(
        read_entries(&bundle, 3).unwrap(),
        [b"one".as_slice(), b"", b"three"]
    );
    assert!(matches!(
        read_entries(&bundle, 2),
        Err(TileContentError::BundleTrailing { found: 7, .. })
    ));
    assert!(matches!(
        read_entries(&bundle, 4),
        Err(TileContentError::BundleCut { at: 3, .. })
    ));
    for end in 0..bundle.len() {
        assert!(read_entries(&bundle[..end], 3).is_err());
    }
    assert_eq!(read_hashes(&[0; 64], 2).unwrap().len(), 2);
    for bad in [0, 32, 63, 65, 96] {
        assert!(read_hashes(&vec![0; bad], 2).is_err());
    }
}

#[test]
fn batches_hold_exactly_the_new_tiles_full_ones_first() {
    let all = entries(1000);
    for step in [1usize, 7, 100, 255, 256, 257, 1000] {
        let mut writer = TileWriter::new();
        let mut files = BTreeMap::new();
        for batch in all.chunks(step) {
            let old = writer.frontier().size();
            let (next, batch) = writer.append(batch).unwrap();
            writer = next;
            let expected: BTreeSet<Tile> = new_tiles(old, batch.new_size).collect();
            let found: BTreeSet<Tile> = batch.files.iter().map(|file| file.tile).collect();
            assert_eq!(found, expected);
            assert_eq!(found.len(), batch.files.len());
            assert!(batch.files.is_sorted_by_key(|file| !file.tile.is_full()));
            assert_eq!(batch.root, frontier(batch.new_size).root());
            files.extend(batch.files.into_iter().map(|file| (file.tile, file.bytes)));
        }
        assert_eq!(writer.frontier(), &frontier(1000));
        let (_, whole) = TileWriter::new().append(&all).unwrap();
        for file in whole.files {
            assert_eq!(
                files[&file.tile], file.bytes,
                "{} in steps of {step}",
                file.tile
            );
        }
    }
}

#[test]
fn appending_nothing_changes_nothing() {
    let (writer, _) = TileWriter::new().append(&entries(300)).unwrap();
    let (same, batch) = writer.append::<Vec<u8>>(&[]).unwrap();
    assert_eq!(same, writer);
    assert!(batch.files.is_empty());
    assert_eq!((batch.old_size, batch.new_size), (300, 300));
}

proptest! {
    #[test]
    fn reading_paths_never_panics(path in "(tile/)?(entries|[0-9]{1,2})/(x[0-9]{3}/){0,6}[0-9]{3}(\\.p/[0-9]{1,3})?|[ -~]{0,30}") {
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn paths_read_back(index in 0u64..MAX_TREE_SIZE / 256, width in 1u16..=256, level in 0u8..=63) {
        for kind in [TileKind::Entries, TileKind::Hashes { level }] {
            let tile = Tile::new(kind, index, width).unwrap();
            prop_assert_eq!(Tile::parse(&tile.path()), Ok(tile));
        }
    }

    #[test]
    fn reading_bundles_never_panics(bytes in prop::collection::vec(0u8..3, 0..40), width in 0u16..10) {
        if let Ok(entries) = read_entries(&bytes, width) {
            let mut again = Vec::new();
            for entry in entries {
                push_entry(&mut again, entry).unwrap();
            }
            prop_assert_eq!(again, bytes);
        }
    }
}
