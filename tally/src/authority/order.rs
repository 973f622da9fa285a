//! The secret order of the credentials: which voter has which index.

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// A uniform permutation of 0 .. n-1 from a secret seed: element i is the credential index of row i.
///
/// The seed is drawn from the operating system once and kept in the secret file, so that an interrupted run
/// goes on with the same order (Fisher-Yates with ChaCha20).
#[must_use]
pub fn permutation(seed: &[u8; 32], voters: u32) -> Vec<u32> {
    let mut rng = ChaCha20Rng::from_seed(*seed);
    let mut order: Vec<u32> = (0..voters).collect();
    for place in (1..order.len()).rev() {
        let other = below(&mut rng, place as u64 + 1);
        // Both places exist: other <= place < length.
        order.swap(place, usize::try_from(other).unwrap_or(place));
    }
    order
}

/// The permutation read backwards: element j is the row of credential j.
#[must_use]
pub fn inverse(order: &[u32]) -> Vec<u32> {
    let mut rows = vec![0; order.len()];
    for (row, &index) in (0_u32..).zip(order) {
        if let Some(slot) = rows.get_mut(index as usize) {
            *slot = row;
        }
    }
    rows
}

/// Uniform below `bound`, without the bias of a plain remainder.
fn below(rng: &mut impl RngCore, bound: u64) -> u64 {
    let unbiased = u64::MAX - u64::MAX % bound;
    loop {
        let value = rng.next_u64();
        if value < unbiased {
            return value % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_permutation_that_the_seed_repeats() {
        let order = permutation(&[7; 32], 1000);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..1000));
        assert_eq!(order, permutation(&[7; 32], 1000));
        assert_ne!(order, permutation(&[8; 32], 1000));
        let rows = inverse(&order);
        assert!(
            order
                .iter()
                .enumerate()
                .all(|(row, &index)| rows[index as usize] as usize == row)
        );
    }

    #[test]
    fn every_order_of_three_is_about_equally_likely() {
        let mut seen = std::collections::HashMap::new();
        for seed in 0_u32..6000 {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&seed.to_le_bytes());
            *seen.entry(permutation(&bytes, 3)).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        // Six standard deviations: 1000 expected, sigma 29.
        assert!(
            seen.values().all(|count| (820..1180).contains(count)),
            "{seen:?}"
        );
    }
}
