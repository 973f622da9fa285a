//! Partial tiles go once their full tiles are published; nobody who reads misses them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use hanpyo_ledger::log::fsck::fsck;
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::{Hash, leaf_hash, verify_inclusion};
use hanpyo_ledger::log::prune;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, Step, create_log};
use hanpyo_ledger::log::recover::recover;
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::tile::Tile;
use hanpyo_ledger::log::tree::Tree;
use hanpyo_ledger::log::writer::TileWriter;
use log_support::{checkpoint, entry, frontier, log_signer};

/// Around the borders of tiles of the first two levels.
const SIZES: [u64; 14] = [
    1, 7, 255, 256, 257, 300, 511, 513, 900, 65_535, 65_536, 65_537, 65_800, 66_100,
];

fn publication(writer: &TileWriter, size: u64) -> (TileWriter, Publication) {
    let new: Vec<Vec<u8>> = (writer.frontier().size()..size).map(entry).collect();
    let (next, batch) = writer.append(&new).unwrap();
    let signed = checkpoint(size, batch.root);
    let publication = Publication::new(batch, signed, log_signer().verifier_key()).unwrap();
    (next, publication)
}

fn created(store: &dyn Store) {
    create_log(store, &checkpoint(0, frontier(0).root())).unwrap();
}

/// Partial tiles whose full tile is part of a log of `size`.
fn obsolete(store: &dyn Store, size: u64) -> Vec<String> {
    let all = store.list("tile").unwrap();
    let partial = all.into_iter().filter(|path| {
        let tile = Tile::parse(path).unwrap();
        let full = (tile.index() + 1) * 256 <= tile.kind().items(size);
        !tile.is_full() && full
    });
    partial.collect()
}

fn assert_sound(store: &dyn Store) {
    let listing = store.list("").unwrap();
    let report = fsck(&StoreSource(store), log_signer().verifier_key(), &listing);
    assert!(report.is_sound(), "{:?}", report.problems);
}

/// A reader who holds the checkpoint of `size` still finds everything.
fn assert_readable(store: &dyn Store, size: u64, root: Hash) {
    let tree = Tree::load(StoreSource(store), size, root).unwrap();
    for index in [0, size / 2, size - 1] {
        assert_eq!(
            tree.entry(index).unwrap(),
            entry(index),
            "{index} of {size}"
        );
        let proof = tree.inclusion_proof(index).unwrap();
        verify_inclusion(&leaf_hash(&entry(index)), index, size, &root, &proof).unwrap();
    }
    TileWriter::from_tree(&tree).unwrap();
}

fn grow_and_prune(store: &dyn Store) {
    created(store);
    let mut writer = TileWriter::new();
    let mut seen: Vec<(u64, Hash)> = Vec::new();
    for size in SIZES {
        let old = writer.frontier().size();
        let (next, mut publication) = publication(&writer, size);
        publication.run(store, &mut NoCosigners).unwrap();
        let due = obsolete(store, size).len();
        assert_eq!(prune::after_publication(store, old, size).unwrap(), due);
        assert_eq!(obsolete(store, size), Vec::<String>::new());
        assert_eq!(prune::after_publication(store, old, size).unwrap(), 0);
        assert_eq!(prune::at_start(store, size).unwrap(), 0);
        writer = next;
        seen.push((size, writer.frontier().root()));
        assert_sound(store);
        for (size, root) in &seen {
            assert_readable(store, *size, *root);
        }
    }
}

#[test]
fn each_publication_deletes_what_its_full_tiles_replace_and_every_reader_goes_on() {
    grow_and_prune(&MemoryStore::new());
}

#[cfg(feature = "files")]
#[test]
fn the_same_in_a_folder_and_its_folders_go_too() {
    use hanpyo_ledger::log::files::FileStore;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("log");
    let store = FileStore::create(&root).unwrap();
    grow_and_prune(&store);
    assert!(!root.join("tile/0/000.p").exists());
    assert!(root.join("tile/0/258.p").exists(), "the right edge stays");
}

#[test]
fn nothing_goes_before_the_checkpoint_and_a_crash_leaves_work_for_the_start() {
    let store = MemoryStore::new();
    created(&store);
    let mut writer = TileWriter::new();
    for size in [10, 100, 200] {
        let (next, mut publication) = publication(&writer, size);
        publication.run(&store, &mut NoCosigners).unwrap();
        writer = next;
    }
    let before = store.list("tile").unwrap();
    let (next, mut publication) = publication(&writer, 700);
    while publication.next_step() != Step::ReplaceCheckpoint {
        publication.step(&store, &mut NoCosigners).unwrap();
    }
    // The process died: the checkpoint served is of size 200, and its tiles are all needed.
    assert_eq!(prune::at_start(&store, 200).unwrap(), 0);
    let tiles = store.list("tile").unwrap();
    assert!(before.iter().all(|path| tiles.contains(path)));
    let mut database = |range: std::ops::Range<u64>| Ok(range.map(entry).collect());
    let key = log_signer().verifier_key().clone();
    let recovered = recover(&store, &key, next.frontier(), &mut database).unwrap();
    assert_eq!(recovered.writer, next);

    // It died right after the checkpoint.
    publication.run(&store, &mut NoCosigners).unwrap();
    let due = obsolete(&store, 700);
    assert_eq!(due.len(), 2 * 3, "three sizes of two kinds: {due:?}");
    assert_eq!(prune::at_start(&store, 700).unwrap(), due.len());
    assert_eq!(obsolete(&store, 700), Vec::<String>::new());
    assert_sound(&store);
}
