//! How fast the log takes entries: hashing, tiles, store, then reading and fsck.
//!
//! `cargo run --release -p hanpyo-ledger --example tile_speed [new folder]`
//!
//! Without a folder the store is in memory (`tile_entries_per_s`); with one, every batch is in files and on disk before
//! the next (`tile_entries_per_s_fsync`).

use std::time::Instant;

use hanpyo_ledger::log::checkpoint::Checkpoint;
use hanpyo_ledger::log::files::FileStore;
use hanpyo_ledger::log::fsck::fsck;
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, create_log};
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::log::signer::LogSigner;
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::writer::TileWriter;

/// Bytes of an entry, about those of a yes/no ballot.
const ENTRY_LEN: usize = 450;
/// Entries in a batch: half a second at 2,000 casts a second.
const BATCH: usize = 1_000;
const BATCHES: usize = 500;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let origin = KeyName::new("vote.example/speed")?;
    let signer = LogSigner::generate(origin.clone(), &mut rand::rngs::OsRng)?;
    let key = signer.verifier_key();
    let sign = |size, root| {
        let origin = origin.clone();
        Checkpoint { origin, size, root }.sign(&signer)
    };
    let (name, store): (_, Box<dyn Store>) = match std::env::args_os().nth(1) {
        Some(folder) => (
            "tile_entries_per_s_fsync",
            Box::new(FileStore::create(folder)?),
        ),
        None => ("tile_entries_per_s", Box::new(MemoryStore::new())),
    };
    let store = store.as_ref();
    let mut writer = TileWriter::new();
    create_log(store, &sign(0, writer.frontier().root())?)?;

    let mut batch = vec![[0u8; ENTRY_LEN]; BATCH];
    let (mut append, mut publish) = (0.0, 0.0);
    for number in 0..BATCHES {
        for (at, entry) in batch.iter_mut().enumerate() {
            entry[..8].copy_from_slice(&(number * BATCH + at).to_be_bytes());
        }
        let start = Instant::now();
        let (next, tiles) = writer.append(&batch)?;
        append += start.elapsed().as_secs_f64();
        let start = Instant::now();
        let checkpoint = sign(tiles.new_size, tiles.root)?;
        Publication::new(tiles, checkpoint, key)?.run(store, &mut NoCosigners)?;
        publish += start.elapsed().as_secs_f64();
        writer = next;
    }
    let entries = f64::from(u32::try_from(BATCH * BATCHES)?);
    println!(
        "append and build tiles   {:>10.0} entries/s",
        entries / append
    );
    println!(
        "the same and publish     {:>10.0} entries/s",
        entries / (append + publish)
    );

    println!("{{\"{name}\": {:.0}}}", entries / (append + publish));

    let start = Instant::now();
    let record = Record::open(StoreSource(store), key)?;
    let read = record
        .tree()
        .bundles(0)
        .map(|bundle| bundle.map(|b| b.entries().count()));
    assert_eq!(read.sum::<Result<usize, _>>()?, BATCH * BATCHES);
    println!(
        "read verified            {:>10.0} entries/s",
        entries / start.elapsed().as_secs_f64()
    );

    let first = writer.frontier().size() - 1_000;
    let start = Instant::now();
    for index in first..writer.frontier().size() {
        record.tree().inclusion_proof(index)?;
    }
    println!(
        "inclusion proofs         {:>10.0} /s",
        1_000.0 / start.elapsed().as_secs_f64()
    );

    let start = Instant::now();
    let report = fsck(&StoreSource(store), key, &[]);
    assert!(report.is_sound());
    println!(
        "fsck                     {:>10.0} entries/s",
        entries / start.elapsed().as_secs_f64()
    );
    Ok(())
}
