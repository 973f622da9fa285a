//! Figures, not checks: `cargo test --release -p hanpyo-crypto --test dlog_timings -- --ignored --nocapture`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::time::Instant;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::dlog::{DiscreteLog, MAX_BOUND};

fn time(bound: u64, bytes: Option<usize>) {
    let base = RistrettoPoint::from_uniform_bytes(&[9; 64]);
    let start = Instant::now();
    let log = match bytes {
        Some(bytes) => DiscreteLog::with_memory(base, bound, bytes),
        None => DiscreteLog::new(base, bound),
    }
    .unwrap();
    let built = start.elapsed();
    println!(
        "bound {bound}: table of {} KiB in {built:.2?}",
        log.memory_bytes() / 1024
    );
    for v in [bound / 3, bound - 1] {
        let point = base * Scalar::from(v);
        let start = Instant::now();
        assert_eq!(log.solve(&point), Ok(v));
        println!("  {v} found in {:.2?}", start.elapsed());
    }
    let start = Instant::now();
    assert!(log.solve(&(base * Scalar::from(bound + 1))).is_err());
    println!("  everything searched in {:.2?}", start.elapsed());
}

#[test]
#[ignore = "prints figures; seconds in release"]
fn ten_million() {
    time(10_000_000, None);
}

#[test]
#[ignore = "prints figures; seconds in release"]
fn full_bound() {
    time(MAX_BOUND, None);
}

#[test]
#[ignore = "prints figures; seconds in release"]
fn full_bound_in_little_and_much_memory() {
    time(MAX_BOUND, Some(32 << 20));
    time(MAX_BOUND, Some(512 << 20));
}
