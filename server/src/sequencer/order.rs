//! The order of ballots within a batch.

use std::collections::HashMap;

use rand::Rng;
use rand::seq::SliceRandom as _;

use crate::db::entries::PendingEntry;

/// Shuffles a batch, so that the log does not repeat the order in which voters' requests came in,
/// but keeps the order of each credential's own entries.
pub(crate) fn shuffle(batch: &mut [PendingEntry], rng: &mut impl Rng) {
    batch.shuffle(rng);
    let mut places: HashMap<i64, Vec<usize>> = HashMap::new();
    for (place, entry) in batch.iter().enumerate() {
        if let Some(credential) = entry.credential_index {
            places.entry(credential).or_default().push(place);
        }
    }
    // Rows grow with time: among the places of one credential, put its rows in order.
    for places in places.values().filter(|places| places.len() > 1) {
        for end in (1..places.len()).rev() {
            for pair in places.windows(2).take(end) {
                if let [a, b] = *pair
                    && batch.get(a).map(|e| e.id) > batch.get(b).map(|e| e.id)
                {
                    batch.swap(a, b);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    fn entry(id: i64, credential: i64) -> PendingEntry {
        PendingEntry {
            id,
            kind: 17,
            code: vec![],
            credential_index: Some(credential),
            bytes: vec![],
        }
    }

    #[test]
    fn shuffles_but_keeps_each_credentials_order() {
        let mut rng = StdRng::seed_from_u64(1);
        let original: Vec<_> = (0..200).map(|id| entry(id, id % 50)).collect();
        let mut batch = original.clone();
        shuffle(&mut batch, &mut rng);
        assert_ne!(batch, original);
        for credential in 0..50 {
            let ids: Vec<_> = batch
                .iter()
                .filter(|e| e.credential_index == Some(credential))
                .map(|e| e.id)
                .collect();
            assert_eq!(ids.len(), 4);
            assert!(ids.is_sorted(), "{ids:?}");
        }
        let mut ids: Vec<_> = batch.iter().map(|e| e.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, (0..200).collect::<Vec<_>>(), "nothing lost");
    }

    #[test]
    fn every_place_is_about_equally_likely() {
        let mut rng = StdRng::seed_from_u64(2);
        let mut first = [0_u32; 4];
        for _ in 0..4_000 {
            let mut batch: Vec<_> = (0..4).map(|id| entry(id, id)).collect();
            shuffle(&mut batch, &mut rng);
            first[usize::try_from(batch[0].id).unwrap()] += 1;
        }
        assert!(first.iter().all(|n| (850..1150).contains(n)), "{first:?}");
    }
}
