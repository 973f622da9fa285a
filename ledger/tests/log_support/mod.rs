//! Keys and checkpoints that the log tests share.
#![allow(dead_code, unreachable_pub)]

use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::merkle::{Frontier, Hash, leaf_hash};
use hanpyo_ledger::log::signer::{Cosigner, LogSigner};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// Name of the test log.
pub const ORIGIN: &str = "vote.example/test/1";

/// The test log's key, always the same.
pub fn log_signer() -> LogSigner {
    LogSigner::generate(name(ORIGIN), &mut ChaCha20Rng::seed_from_u64(1)).unwrap()
}

/// Key of the `n`th test witness, always the same.
pub fn cosigner(n: u64) -> Cosigner {
    let rng = &mut ChaCha20Rng::seed_from_u64(100 + n);
    Cosigner::generate(name(&format!("witness.example/{n}")), rng).unwrap()
}

/// A key name.
pub fn name(name: &str) -> KeyName {
    KeyName::new(name).unwrap()
}

/// The test entry with this index; lengths vary.
pub fn entry(index: u64) -> Vec<u8> {
    format!(
        "entry {index} {}",
        "x".repeat(usize::try_from(index % 41).unwrap())
    )
    .into_bytes()
}

/// The first `size` test entries.
pub fn entries(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(entry).collect()
}

/// Frontier of the first `size` test entries.
pub fn frontier(size: u64) -> Frontier {
    let mut frontier = Frontier::new();
    for index in 0..size {
        frontier
            .append(leaf_hash(&entry(index)), |_, _| {})
            .unwrap();
    }
    frontier
}

/// A checkpoint signed by the test log.
pub fn checkpoint(size: u64, root: Hash) -> SignedCheckpoint {
    let origin = name(ORIGIN);
    Checkpoint { origin, size, root }
        .sign(&log_signer())
        .unwrap()
}

/// Every single-byte change of `bytes` worth trying: a flipped low bit and another character.
pub fn mutations(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).flat_map(move |at| {
        [0x01u8, 0x10, 0x80].into_iter().map(move |bit| {
            let mut changed = bytes.to_vec();
            changed[at] ^= bit;
            changed
        })
    })
}
