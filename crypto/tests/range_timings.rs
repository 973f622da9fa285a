//! Figures, not checks: `cargo test --release -p hanpyo-crypto --test range_timings -- --ignored --nocapture`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod range_support;

use std::time::{Duration, Instant};

use range_support::{Claim, GENERATORS, ORACLE_GENERATORS, rng, verify_all};

/// Proofs in the largest batch.
const BATCH: usize = 256;

/// The shortest of five runs: the machine may be busy with something else.
fn best(mut run: impl FnMut()) -> Duration {
    (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
}

#[test]
#[ignore = "prints figures; seconds in release"]
fn batch_against_loop() {
    let mut rng = rng(1);
    assert_eq!(GENERATORS.parties(), ORACLE_GENERATORS.party_capacity);
    for (bits, parties) in [(8, 1), (8, 4), (8, 16), (16, 8), (32, 16)] {
        let claims: Vec<Claim> = (0..BATCH)
            .map(|_| Claim::random(bits, parties, &mut rng))
            .collect();
        let each = best(|| assert!(claims[..16].iter().all(Claim::oracle))) / 16;
        println!("{bits:2} bits, {parties:2} commitments: loop of the crate {each:.1?} a proof");
        for size in [1, 16, 64, BATCH] {
            let batch = best(|| verify_all(&claims[..size], &mut rng).unwrap());
            let proofs = u32::try_from(size).unwrap();
            println!("    batch of {size:3}: {:.1?}", batch / proofs);
        }
    }
}
