//! Finds ciphertext nonce points (and bodies) that occurred before, in 8 bytes each plus slack.
//!
//! Each 32-byte value is hashed with a secret key to 48 bits, stored with the 32-bit index of its entry:
//! 16 bits choose the shard, the other 32 and the index are one `u64` in the shard's sorted list. Equal
//! bits are a suspicion only; the caller rereads the named entry and compares. For values fixed before
//! the key is drawn, two different ones meet with probability 2^-48, whoever chose them: about one
//! needless reread among twenty million values.

use rand_core::{CryptoRng, RngCore};

const SHARD_BITS: u32 = 16;

/// Secret key of a strongly universal hash family (Dietzfelbinger 1996): the upper half of
/// Σ a_i x_i + b mod 2^128 over the four 64-bit words of the value.
#[derive(Clone)]
struct HashKey {
    factors: [u128; 4],
    offset: u128,
}

impl HashKey {
    fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut draw = || (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
        Self {
            factors: [draw(), draw(), draw(), draw()],
            offset: draw(),
        }
    }

    fn hash(&self, value: &[u8; 32]) -> u64 {
        let (words, _) = value.as_chunks::<8>();
        let sum = words
            .iter()
            .zip(&self.factors)
            .fold(self.offset, |sum, (word, factor)| {
                let word = u128::from(u64::from_le_bytes(*word));
                sum.wrapping_add(word.wrapping_mul(*factor))
            });
        // The upper half always fits.
        u64::try_from(sum >> 64).unwrap_or(u64::MAX)
    }
}

/// Keyed fingerprint of one 32-byte value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    shard: u16,
    bits: u32,
}

/// A set of fingerprints with the entry each value stood in.
pub(crate) struct FingerprintSet {
    key: HashKey,
    shards: Vec<Vec<u64>>,
    len: u64,
}

impl FingerprintSet {
    pub(crate) fn new(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self {
            key: HashKey::random(rng),
            shards: vec![Vec::new(); 1 << SHARD_BITS],
            len: 0,
        }
    }

    pub(crate) fn fingerprint(&self, value: &[u8; 32]) -> Fingerprint {
        let bytes = self.key.hash(value).to_be_bytes();
        let [a, b, c, d, e, f, ..] = bytes;
        Fingerprint {
            shard: u16::from_be_bytes([a, b]),
            bits: u32::from_be_bytes([c, d, e, f]),
        }
    }

    /// Indices of the entries whose values have this fingerprint.
    pub(crate) fn suspects(&self, of: Fingerprint) -> impl Iterator<Item = u32> + '_ {
        let shard = self
            .shards
            .get(usize::from(of.shard))
            .map_or(&[][..], Vec::as_slice);
        let from = shard.partition_point(|slot| *slot < pack(of.bits, 0));
        let run = shard.get(from..).unwrap_or(&[]);
        run.iter()
            .map(|slot| unpack(*slot))
            .take_while(move |(bits, _)| *bits == of.bits)
            .map(|(_, entry)| entry)
    }

    pub(crate) fn insert(&mut self, of: Fingerprint, entry: u32) {
        let Some(shard) = self.shards.get_mut(usize::from(of.shard)) else {
            return;
        };
        let slot = pack(of.bits, entry);
        let at = shard.partition_point(|other| *other < slot);
        if shard.get(at) == Some(&slot) {
            return;
        }
        if shard.len() == shard.capacity() {
            // Doubling would waste half of the largest thing in memory.
            shard.reserve_exact(shard.len() / 8 + 4);
        }
        shard.insert(at, slot);
        self.len += 1;
    }

    /// Number of values.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Bytes allocated for the fingerprints.
    pub(crate) fn allocated_bytes(&self) -> usize {
        let slots: usize = self.shards.iter().map(Vec::capacity).sum();
        slots * size_of::<u64>() + self.shards.capacity() * size_of::<Vec<u64>>()
    }
}

fn pack(bits: u32, entry: u32) -> u64 {
    (u64::from(bits) << 32) | u64::from(entry)
}

fn unpack(slot: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = slot.to_be_bytes();
    (
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn value(number: u64) -> [u8; 32] {
        let mut value = [7; 32];
        value[..8].copy_from_slice(&number.to_le_bytes());
        value
    }

    #[test]
    fn every_value_put_in_is_found_again_and_no_other() {
        let mut set = FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(1));
        for number in 0..100_000 {
            let print = set.fingerprint(&value(number));
            assert_eq!(set.suspects(print).count(), 0, "{number}");
            set.insert(print, u32::try_from(number).unwrap());
        }
        for number in 0..100_000 {
            let print = set.fingerprint(&value(number));
            assert_eq!(
                set.suspects(print).collect::<Vec<_>>(),
                [u32::try_from(number).unwrap()]
            );
        }
        assert_eq!(set.len(), 100_000);
    }

    #[test]
    fn equal_fingerprints_name_every_entry() {
        let mut set = FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(2));
        let print = set.fingerprint(&value(5));
        for entry in [9, 3, 9, u32::MAX] {
            set.insert(print, entry);
        }
        assert_eq!(set.suspects(print).collect::<Vec<_>>(), [3, 9, u32::MAX]);
    }

    #[test]
    fn another_key_gives_other_fingerprints() {
        let one = FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(3));
        let two = FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(4));
        let same = (0..1000).filter(|n| one.fingerprint(&value(*n)) == two.fingerprint(&value(*n)));
        assert_eq!(same.count(), 0);
    }

    #[test]
    fn slack_stays_small() {
        let mut set = FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(5));
        let values = 4_000_000;
        for number in 0..values {
            let print = set.fingerprint(&value(u64::from(number)));
            set.insert(print, number);
        }
        let bytes = set.allocated_bytes();
        assert!(bytes < 10 * 4_000_000, "{bytes} bytes for {values} values");
    }
}
