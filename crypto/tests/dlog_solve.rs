//! Bounded discrete logarithms: every value below small bounds, edges and random values of large
//! ones, and what must not be found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use hanpyo_crypto::dlog::{DiscreteLog, DlogError, MAX_BOUND};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

fn base() -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&[9; 64])
}

fn times(v: u64) -> RistrettoPoint {
    base() * Scalar::from(v)
}

/// All of 0..=bound are found; their neighbours outside and negatives are not.
fn exhaust(log: &DiscreteLog, bound: u64) {
    assert_eq!(log.bound(), bound);
    let mut point = RistrettoPoint::identity();
    for v in 0..=bound {
        assert_eq!(log.solve(&point), Ok(v), "of {bound}");
        point += base();
    }
    // Beyond the bound the last giant step may reach further; it must not say so.
    for beyond in 1..=2 * bound.isqrt() + 10 {
        let missing = Err(DlogError::NotFound { bound });
        assert_eq!(
            log.solve(&times(bound + beyond)),
            missing,
            "{beyond} above {bound}"
        );
        assert_eq!(
            log.solve(&-times(beyond)),
            missing,
            "minus {beyond} of {bound}"
        );
    }
}

#[test]
fn every_value_below_small_bounds() {
    for bound in (0..40).chain([63, 64, 65, 127, 255, 256, 1_000]) {
        exhaust(&DiscreteLog::new(base(), bound).unwrap(), bound);
    }
}

#[test]
fn every_value_with_little_and_much_memory() {
    for (bound, bytes) in [
        (50, 20),
        (50, 100),
        (300, 64),
        (300, 1 << 20),
        (1, 1 << 20),
        (0, 20),
    ] {
        let log = DiscreteLog::with_memory(base(), bound, bytes).unwrap();
        assert!(log.memory_bytes() <= bytes);
        exhaust(&log, bound);
    }
}

/// Edges and random values of one bound, with one table.
fn sample(log: &DiscreteLog, samples: u64) {
    let bound = log.bound();
    let mut rng = ChaCha20Rng::seed_from_u64(bound);
    let edges = [0, 1, 2, bound / 2, bound - 1, bound];
    let random = (0..samples).map(|_| rng.next_u64() % (bound + 1));
    for v in edges.into_iter().chain(random) {
        assert_eq!(log.solve(&times(v)), Ok(v), "of {bound}");
    }
    let missing = Err(DlogError::NotFound { bound });
    let other = RistrettoPoint::from_uniform_bytes(&[5; 64]);
    for point in [
        times(bound + 1),
        times(bound + 2),
        -times(1),
        -times(bound),
        other,
    ] {
        assert_eq!(log.solve(&point), missing, "of {bound}");
    }
}

#[test]
fn ten_million() {
    sample(&DiscreteLog::new(base(), 10_000_000).unwrap(), 200);
}

#[test]
fn memory_is_a_ceiling() {
    let bound = 1 << 32;
    for bytes in [100_000, 1_000_000] {
        let log = DiscreteLog::with_memory(base(), bound, bytes).unwrap();
        assert!(log.memory_bytes() <= bytes && log.memory_bytes() > bytes / 2);
        sample(&log, 3);
    }
    let enough = DiscreteLog::with_memory(base(), 1_000, usize::MAX).unwrap();
    assert!(enough.memory_bytes() < 8_000, "no more than is of use");
}

#[test]
fn hundreds_of_billions() {
    sample(&DiscreteLog::new(base(), (1 << 40) + 12_345).unwrap(), 5);
}

#[test]
fn small_results_under_the_largest_bound() {
    let log = DiscreteLog::with_memory(base(), MAX_BOUND, 1 << 20).unwrap();
    for v in [0, 1, 4_321] {
        assert_eq!(log.solve(&times(v)), Ok(v));
    }
}

#[test]
fn another_base() {
    let log = DiscreteLog::new(base(), 5_000).unwrap();
    let other = RistrettoPoint::from_uniform_bytes(&[5; 64]);
    let point = other * Scalar::from(17_u64);
    assert_eq!(log.solve(&point), Err(DlogError::NotFound { bound: 5_000 }));
    assert_eq!(
        DiscreteLog::new(other, 5_000).unwrap().solve(&point),
        Ok(17)
    );
}

#[test]
fn refuses_bad_parameters() {
    let error = |result: Result<DiscreteLog, DlogError>| result.unwrap_err();
    let actual = MAX_BOUND + 1;
    let too_large = DlogError::BoundTooLarge { actual };
    assert_eq!(
        error(DiscreteLog::with_memory(base(), actual, 1_000)),
        too_large
    );
    assert_eq!(
        error(DiscreteLog::new(base(), u64::MAX)),
        DlogError::BoundTooLarge { actual: u64::MAX }
    );
    let identity = RistrettoPoint::identity();
    assert_eq!(
        error(DiscreteLog::new(identity, 5)),
        DlogError::IdentityBase
    );
    assert_eq!(
        error(DiscreteLog::with_memory(base(), 5, 19)),
        DlogError::TooLittleMemory {
            needed: 20,
            actual: 19
        }
    );
}
