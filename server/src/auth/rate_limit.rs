//! Token buckets in this process (generic cell rate algorithm: one time per key).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;

/// Keys remembered at most. Past it those nearest to full are forgotten first.
const CAPACITY: usize = 200_000;

/// Allows `burst` takes in a row per key, then one every `refill`.
///
/// It forgets at a restart, which costs an attacker's wait, never a stored secret.
#[derive(Debug)]
pub struct RateLimit<K> {
    burst: Millis,
    refill: Millis,
    /// For each key when its bucket will be full again. Full buckets need no entry.
    full_at: Mutex<HashMap<K, Millis>>,
}

impl<K: Hash + Eq + Clone> RateLimit<K> {
    /// `burst` takes at once, then one every `refill_ms`.
    #[must_use]
    pub fn new(burst: u32, refill_ms: Millis) -> Self {
        Self {
            burst: Millis::from(burst),
            refill: refill_ms.max(1),
            full_at: Mutex::default(),
        }
    }

    /// Takes one.
    ///
    /// # Errors
    /// The bucket is empty: the milliseconds until the next take.
    pub fn take(&self, key: &K, now: Millis) -> Result<(), Millis> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let next = self.next(&full_at, key, now);
        let wait = next - now - self.burst * self.refill;
        if wait > 0 {
            return Err(wait);
        }
        if full_at.len() >= CAPACITY && !full_at.contains_key(key) {
            forget_some(&mut full_at, now);
        }
        full_at.insert(key.clone(), next);
        Ok(())
    }

    /// Whether one could be taken.
    ///
    /// # Errors
    /// The bucket is empty: the milliseconds until the next take.
    pub fn check(&self, key: &K, now: Millis) -> Result<(), Millis> {
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.next(&full_at, key, now) - now - self.burst * self.refill;
        if wait > 0 { Err(wait) } else { Ok(()) }
    }

    /// When the bucket would be full again after one more take.
    fn next(&self, full_at: &HashMap<K, Millis>, key: &K, now: Millis) -> Millis {
        full_at.get(key).copied().unwrap_or(now).max(now) + self.refill
    }

    /// Fills the bucket of `key`: after a success.
    pub fn refill(&self, key: &K) {
        self.full_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key);
    }
}

fn forget_some<K: Hash + Eq + Clone>(full_at: &mut HashMap<K, Millis>, now: Millis) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() >= CAPACITY {
        let mut times: Vec<Millis> = full_at.values().copied().collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        full_at.retain(|_, at| *at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burst_then_one_per_refill_and_keys_do_not_share() {
        let limit = RateLimit::new(3, 1_000);
        for _ in 0..3 {
            assert_eq!(limit.take(&"a", 0), Ok(()));
        }
        assert_eq!(limit.check(&"a", 0), Err(1_000));
        assert_eq!(limit.check(&"b", 0), Ok(()));
        assert_eq!(limit.take(&"a", 0), Err(1_000));
        assert_eq!(limit.take(&"a", 400), Err(600));
        assert_eq!(limit.take(&"b", 400), Ok(()));
        assert_eq!(limit.take(&"a", 1_000), Ok(()));
        assert_eq!(limit.take(&"a", 1_999), Err(1));
        limit.refill(&"a");
        assert_eq!(limit.take(&"a", 1_999), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_the_emptiest_buckets_are_kept() {
        let limit = RateLimit::new(2, 1_000);
        limit.take(&u64::MAX, 0).unwrap();
        limit.take(&u64::MAX, 0).unwrap();
        for key in 0..u64::try_from(CAPACITY).unwrap() + 10 {
            limit.take(&key, 0).unwrap();
        }
        assert!(limit.full_at.lock().unwrap().len() <= CAPACITY);
        assert!(
            limit.take(&u64::MAX, 0).is_err(),
            "the attacked key was forgotten"
        );
    }
}
