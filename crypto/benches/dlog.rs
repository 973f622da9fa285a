//! Time and memory of bounded discrete logarithms, as JSON lines `{"name": number}`, on all threads.
//!
//! | name | what is measured |
//! |---|---|
//! | `dlog_10m_ms` | ten million votes at most: the table, and searching everything, in milliseconds |
//! | `dlog_full_s` | the protocol's bound 2^48: the same, in seconds |
//! | `dlog_full_mib` | the table of the latter |
//!
//! Searching everything is the worst case: the number is as large as it may be, or there is none.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::time::Instant;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::dlog::{DiscreteLog, MAX_BOUND};

/// Of several runs the median counts.
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let (small, _) = median(10_000_000);
    let (full, bytes) = median(MAX_BOUND);
    print("dlog_10m_ms", 1000.0 * small);
    print("dlog_full_s", full);
    print("dlog_full_mib", bytes as f64 / f64::from(1 << 20));
}

/// Seconds for table and whole search, and bytes of the table.
fn median(bound: u64) -> (f64, usize) {
    let base = RistrettoPoint::from_uniform_bytes(&[9; 64]);
    let nowhere = base * Scalar::from(bound + 1);
    let mut runs: Vec<(f64, usize)> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let log = DiscreteLog::new(base, bound).unwrap();
            assert!(log.solve(&nowhere).is_err(), "above the bound");
            (start.elapsed().as_secs_f64(), log.memory_bytes())
        })
        .collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    runs.swap_remove(ROUNDS / 2)
}

fn print(name: &str, number: f64) {
    println!("{{\"{name}\": {number:.2}}}");
}
