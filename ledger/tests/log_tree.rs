//! Reading trees from tiles, and following a log that grows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use std::collections::BTreeMap;
use std::sync::Mutex;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::merkle::{
    Hash, leaf_hash, prove_consistency, prove_inclusion, verify_consistency, verify_inclusion,
};
use hanpyo_ledger::log::publish::{NoCosigners, Publication, create_log};
use hanpyo_ledger::log::reader::{Record, RecordError};
use hanpyo_ledger::log::source::{SourceError, StoreSource, TileSource};
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::tile::{Tile, TileKind, tiles_of};
use hanpyo_ledger::log::tree::{ReadError, Tree};
use hanpyo_ledger::log::writer::TileWriter;
use log_support::{checkpoint, entries, entry, frontier, log_signer};

/// A record of the first `size` test entries, published in one batch.
fn record(size: u64) -> MemoryStore {
    let store = MemoryStore::new();
    grow(&store, &TileWriter::new(), size);
    store
}

/// Publishes the test entries up to `size` after those that `writer` has.
fn grow(store: &MemoryStore, writer: &TileWriter, size: u64) -> TileWriter {
    let old = writer.frontier().size();
    if old == 0 {
        create_log(store, &checkpoint(0, frontier(0).root())).unwrap();
    }
    let new: Vec<Vec<u8>> = (old..size).map(entry).collect();
    let (next, batch) = writer.append(&new).unwrap();
    let signed = checkpoint(size, batch.root);
    let mut publication = Publication::new(batch, signed, log_signer().verifier_key()).unwrap();
    publication.run(store, &mut NoCosigners).unwrap();
    next
}

fn load(store: &MemoryStore, size: u64) -> Result<Tree<StoreSource<'_, MemoryStore>>, ReadError> {
    Tree::load(StoreSource(store), size, frontier(size).root())
}

#[test]
fn all_entries_and_proofs_at_the_sizes_that_matter() {
    for size in [
        0u64, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537,
    ] {
        let store = record(size);
        let needed: Vec<String> = tiles_of(size).map(|tile| tile.path()).collect();
        let tiles: Vec<String> = store.list("tile").unwrap();
        assert_eq!(tiles.len(), needed.len(), "only what the checkpoint needs");
        assert!(needed.iter().all(|path| tiles.contains(path)));

        let tree = load(&store, size).unwrap();
        assert_eq!(tree.frontier().unwrap(), frontier(size));
        let mut count = 0;
        for (expected, item) in (0..).zip(tree.entries(0)) {
            let (index, bytes) = item.unwrap();
            assert_eq!((index, bytes), (expected, entry(expected)));
            count += 1;
        }
        assert_eq!(count, size);
        for index in [
            0,
            1,
            254,
            255,
            256,
            257,
            511,
            65_000,
            size / 2,
            size.saturating_sub(1),
        ] {
            if index >= size {
                assert!(matches!(
                    tree.inclusion_proof(index),
                    Err(ReadError::Beyond { .. })
                ));
                assert!(matches!(tree.entry(index), Err(ReadError::Beyond { .. })));
                continue;
            }
            assert_eq!(tree.entry(index).unwrap(), entry(index));
            let proof = tree.inclusion_proof(index).unwrap();
            verify_inclusion(&leaf_hash(&entry(index)), index, size, &tree.root(), &proof).unwrap();
        }
        for old in [0, 1, 255, 256, 257, 65_000, size / 2, size] {
            if old <= size {
                let proof = tree.consistency_proof(old).unwrap();
                let old_root = frontier(old).root();
                verify_consistency(old, &old_root, size, &tree.root(), &proof).unwrap();
            }
        }
        assert!(tree.consistency_proof(size + 1).is_err());
    }
}

#[test]
fn proofs_from_tiles_equal_ct_merkle_at_300_001() {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    let size = 300_001;
    let store = record(size);
    let tree = load(&store, size).unwrap();
    let mut oracle = MemoryBackedTree::<sha2_for_oracle::Sha256, Vec<u8>>::new();
    for item in entries(size) {
        oracle.push(item);
    }
    assert_eq!(oracle.root().as_bytes().as_slice(), tree.root().as_ref());
    let bytes =
        |proof: Vec<Hash>| -> Vec<u8> { proof.iter().flat_map(|h| *h.as_bytes()).collect() };
    for index in [
        0, 255, 256, 65_535, 65_536, 131_071, 262_143, 262_144, 299_999, 300_000,
    ] {
        let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
        assert_eq!(
            bytes(tree.inclusion_proof(index).unwrap()),
            theirs.as_bytes()
        );
    }
    for old in [1, 255, 256, 65_535, 65_537, 262_144, 262_145, 300_000] {
        let theirs = oracle.prove_consistency(usize::try_from(size - old).unwrap());
        assert_eq!(
            bytes(tree.consistency_proof(old).unwrap()),
            theirs.as_bytes()
        );
    }
    // Proofs in earlier trees come from the same tiles.
    let proof = prove_inclusion(&tree, 70_000, 100_000).unwrap();
    verify_inclusion(
        &leaf_hash(&entry(70_000)),
        70_000,
        100_000,
        &frontier(100_000).root(),
        &proof,
    )
    .unwrap();
    let proof = prove_consistency(&tree, 70_000, 100_000).unwrap();
    verify_consistency(
        70_000,
        &frontier(70_000).root(),
        100_000,
        &frontier(100_000).root(),
        &proof,
    )
    .unwrap();
}

/// Reads what depends on one tile: a bundle for an entry bundle, else proofs through it.
fn read_through(store: &MemoryStore, root: Hash, size: u64, tile: Tile) -> Result<(), ReadError> {
    let tree = Tree::load(StoreSource(store), size, root)?;
    match tile.kind() {
        TileKind::Entries => tree.bundle(tile.index()).map(drop),
        // Full leaf-hash tiles are only read for proofs.
        TileKind::Hashes { level: 0 } => tree.inclusion_proof(tile.first()).map(drop),
        TileKind::Hashes { .. } => tree.inclusion_proof(0).map(drop),
    }
}

#[test]
fn a_changed_or_cut_tile_is_noticed() {
    let size = 66_000;
    let (store, root) = (record(size), frontier(size).root());
    for tile in tiles_of(size) {
        let path = tile.path();
        let original = store.get(&path).unwrap().unwrap();
        read_through(&store, root, size, tile).unwrap();
        for at in [0, original.len() / 2, original.len() - 1] {
            store.tamper(&path, |bytes| bytes[at] ^= 0x04);
            assert!(
                read_through(&store, root, size, tile).is_err(),
                "{path} byte {at}"
            );
            store.overwrite(&path, original.clone());
        }
        store.tamper(&path, |bytes| bytes.truncate(bytes.len() - 1));
        assert!(
            read_through(&store, root, size, tile).is_err(),
            "{path} cut"
        );
        store.tamper(&path, |bytes| bytes.extend([0; 33]));
        assert!(
            read_through(&store, root, size, tile).is_err(),
            "{path} longer"
        );
        store.overwrite(&path, original);
    }
}

#[test]
fn errors_name_the_file_and_what_was_expected() {
    let store = record(600);
    store.tamper("tile/entries/001", |bytes| bytes[2] ^= 1);
    let tree = load(&store, 600).unwrap();
    match tree.bundle(1) {
        Err(ReadError::Hash {
            path,
            expected,
            found,
        }) => {
            assert_eq!(path, "tile/entries/001");
            assert_ne!(expected, found);
        }
        other => panic!("{other:?}"),
    }
    store.tamper("tile/entries/002.p/88", |bytes| bytes[2] ^= 1);
    match load(&store, 600).unwrap().bundle(2) {
        Err(ReadError::Entry { path, index, .. }) => {
            assert_eq!((path.as_str(), index), ("tile/entries/002.p/88", 512));
        }
        other => panic!("{other:?}"),
    }
    store.tamper("tile/0/002.p/88", |bytes| bytes[0] ^= 1);
    assert!(matches!(
        load(&store, 600),
        Err(ReadError::Root { size: 600, .. })
    ));
    store.remove("tile/0/002.p/88");
    match load(&store, 600) {
        Err(ReadError::Source(SourceError::NotFound { path })) => {
            assert_eq!(path, "tile/0/002.p/88");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_logs_tiles_do_not_pass() {
    let store = record(600);
    let root = frontier(599).root();
    assert!(matches!(
        Tree::load(StoreSource(&store), 600, root),
        Err(ReadError::Root { .. })
    ));
    assert!(Tree::load(StoreSource(&store), 601, root).is_err());
    let tree = Tree::load(StoreSource(&store), 0, root);
    assert!(matches!(tree, Err(ReadError::Root { size: 0, .. })));
}

#[test]
fn a_partial_tile_that_is_gone_is_cut_from_the_full_one() {
    let store = record(600);
    grow(
        &store,
        &TileWriter::resume(&frontier(600), StoreSource(&store)).unwrap(),
        1024,
    );
    let partials: Vec<String> = store
        .list("tile")
        .unwrap()
        .into_iter()
        .filter(|path| path.contains(".p/"))
        .collect();
    for path in ["tile/0/002.p/88", "tile/entries/002.p/88", "tile/1/000.p/2"] {
        assert!(partials.iter().any(|p| p == path), "{path}");
    }
    // All but those of the present size, and the level-1 tile, which is not full yet.
    for path in ["tile/0/002.p/88", "tile/entries/002.p/88"] {
        store.remove(path).unwrap();
    }
    let tree = load(&store, 600).unwrap();
    let read: Vec<Vec<u8>> = tree.entries(0).map(|item| item.unwrap().1).collect();
    assert_eq!(read, entries(600));
    // A full tile that is no tile is named itself.
    store.overwrite("tile/entries/002", vec![0; 5]);
    match load(&store, 600).unwrap().bundle(2) {
        Err(ReadError::Malformed { path, .. }) => assert_eq!(path, "tile/entries/002"),
        other => panic!("{other:?}"),
    }
}

/// Deletes a partial tile the moment the checkpoint has been read: the log went on between
/// two reads of one client.
struct Racing<'s> {
    store: &'s MemoryStore,
    raced: Mutex<bool>,
}

impl TileSource for Racing<'_> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let bytes = StoreSource(self.store).fetch(path, limit);
        if path == "checkpoint" && !std::mem::replace(&mut *self.raced.lock().unwrap(), true) {
            let writer = TileWriter::resume(&frontier(600), StoreSource(self.store)).unwrap();
            grow(self.store, &writer, 768);
            self.store.remove("tile/0/002.p/88").unwrap();
            self.store.remove("tile/entries/002.p/88").unwrap();
        }
        bytes
    }
}

#[test]
fn a_log_that_grows_while_it_is_read_is_read() {
    let store = record(600);
    let source = Racing {
        store: &store,
        raced: Mutex::new(false),
    };
    let mut record = Record::open(&source, log_signer().verifier_key()).unwrap();
    assert_eq!(record.tree().size(), 600);
    assert_eq!(record.tree().entries(0).filter(Result::is_ok).count(), 600);
    assert!(record.refresh().unwrap());
    assert_eq!(record.tree().size(), 768);
    assert!(!record.refresh().unwrap());
}

#[test]
fn entries_can_be_read_from_anywhere() {
    let store = record(600);
    let tree = load(&store, 600).unwrap();
    for from in [0, 1, 255, 256, 511, 599, 600, 1000] {
        let indices: Vec<u64> = tree.entries(from).map(|item| item.unwrap().0).collect();
        assert_eq!(indices, (from..600).collect::<Vec<_>>());
    }
}

#[test]
fn a_refresh_refuses_rollback_and_fork() {
    let store = record(300);
    let old: BTreeMap<String, Vec<u8>> = store.files();
    let key = log_signer().verifier_key().clone();
    let writer = TileWriter::resume(&frontier(300), StoreSource(&store)).unwrap();
    grow(&store, &writer, 400);
    let mut record = Record::open(StoreSource(&store), &key).unwrap();

    // An old checkpoint replayed.
    let new = store.get("checkpoint").unwrap().unwrap();
    store.overwrite("checkpoint", old["checkpoint"].clone());
    assert!(matches!(
        record.refresh(),
        Err(RecordError::RolledBack {
            seen: 400,
            found: 300
        })
    ));
    store.overwrite("checkpoint", new.clone());
    record.refresh().unwrap();

    // Two trees of one size, both signed by the log.
    let fork = MemoryStore::new();
    let other: Vec<Vec<u8>> = entries(399)
        .into_iter()
        .chain([b"another last entry".to_vec()])
        .collect();
    let (forked, batch) = TileWriter::new().append(&other).unwrap();
    create_log(&fork, &checkpoint(0, frontier(0).root())).unwrap();
    let signed = checkpoint(400, batch.root);
    Publication::new(batch, signed, &key)
        .unwrap()
        .run(&fork, &mut NoCosigners)
        .unwrap();
    let files = store.files();
    let mut show = |shown: &MemoryStore| {
        for (path, bytes) in shown.files() {
            store.overwrite(&path, bytes);
        }
        record.refresh()
    };
    assert!(matches!(
        show(&fork),
        Err(RecordError::Forked { size: 400, .. })
    ));

    // A larger tree on top of the fork.
    let (_, batch) = forked.append(&entries(10)).unwrap();
    let signed = checkpoint(410, batch.root);
    Publication::new(batch, signed, &key)
        .unwrap()
        .run(&fork, &mut NoCosigners)
        .unwrap();
    assert!(matches!(show(&fork), Err(RecordError::Inconsistent(_))));
    for (path, bytes) in files {
        store.overwrite(&path, bytes);
    }
    assert_eq!(record.tree().size(), 400);
    assert!(!record.refresh().unwrap());
}

#[test]
fn a_checkpoint_of_another_key_is_refused() {
    let store = record(3);
    let bytes = store.get("checkpoint").unwrap().unwrap();
    SignedCheckpoint::open(&bytes, log_signer().verifier_key()).unwrap();
    let key = log_support::cosigner(1).verifier_key().clone();
    assert!(matches!(
        Record::open(StoreSource(&store), &key),
        Err(RecordError::Checkpoint(_))
    ));
}

#[test]
fn writers_resume_where_they_stopped() {
    let mut store = MemoryStore::new();
    let mut writer = TileWriter::new();
    for size in [1, 2, 255, 256, 257, 300, 512, 1000, 65_535, 65_536, 65_600] {
        writer = grow(&store, &writer, size);
        let resumed = TileWriter::resume(&frontier(size), StoreSource(&store)).unwrap();
        assert_eq!(resumed, writer, "size {size}");
        store = store.clone();
    }
}
