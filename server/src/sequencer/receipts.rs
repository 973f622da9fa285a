//! Receipts: computed on demand from the published tiles; what voters ask for right after casting
//! is kept in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::tree::{ReadError, Tree};

/// Sequenced ballots that are kept: about a minute at full load.
const KEPT: usize = 65_536;

/// Confirmation code.
pub type Code = [u8; 32];

/// The newest published tree.
pub struct Published {
    checkpoint: SignedCheckpoint,
    tree: Tree<FolderSource>,
}

impl Published {
    /// Reads the right edge of the tree that `checkpoint` is of.
    ///
    /// # Errors
    /// A tile is missing or wrong.
    pub fn load(source: FolderSource, checkpoint: SignedCheckpoint) -> Result<Self, ReadError> {
        let signed = checkpoint.checkpoint();
        let tree = Tree::load(source, signed.size, signed.root)?;
        Ok(Self { checkpoint, tree })
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The checkpoint as it is served.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The receipt of the entry at `index` with these bytes. Reads at most a few tiles, mostly from
    /// its cache.
    ///
    /// # Errors
    /// A tile is missing or wrong.
    pub fn receipt(&self, index: u64, entry: &[u8]) -> Result<Receipt, ReadError> {
        let proof = self.tree.inclusion_proof(index)?;
        let note = self.checkpoint.note().clone();
        Ok(Receipt::new(entry.to_vec(), index, proof, note))
    }

    /// The entry at `index`, checked against the tree.
    ///
    /// # Errors
    /// A tile is missing or wrong.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, ReadError> {
        self.tree.entry(index)
    }
}

/// Where a ballot stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Durable, waiting for the next publication.
    Pending,
    /// In the published log.
    InLog {
        /// Its position.
        index: u64,
        /// The entry.
        bytes: Arc<[u8]>,
    },
}

/// The newest ballots by confirmation code.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    places: HashMap<Code, Place>,
    order: VecDeque<Code>,
}

impl Recent {
    /// Notes ballots that became durable.
    pub(crate) fn pending(&mut self, codes: impl IntoIterator<Item = Code>) {
        for code in codes {
            // Publishing may have been faster.
            self.places.entry(code).or_insert(Place::Pending);
        }
    }

    /// Notes a ballot that was published.
    pub(crate) fn published(&mut self, code: Code, index: u64, bytes: Arc<[u8]>) {
        self.places.insert(code, Place::InLog { index, bytes });
        self.order.push_back(code);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.places.remove(&oldest);
        }
    }

    /// Where a ballot stands, if it is a new one.
    pub(crate) fn find(&self, code: &Code) -> Option<Place> {
        self.places.get(code).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ballots_make_room_and_order_of_notices_does_not_matter() {
        let mut recent = Recent::default();
        let code = |n: u64| {
            let mut code = [0; 32];
            code[..8].copy_from_slice(&n.to_le_bytes());
            code
        };
        let bytes: Arc<[u8]> = Arc::from([1].as_slice());
        recent.published(code(0), 7, Arc::clone(&bytes));
        recent.pending([code(0), code(1)]);
        assert!(matches!(
            recent.find(&code(0)),
            Some(Place::InLog { index: 7, .. })
        ));
        assert_eq!(recent.find(&code(1)), Some(Place::Pending));
        for n in 1..=KEPT as u64 {
            recent.published(code(n), n, Arc::clone(&bytes));
        }
        assert_eq!(recent.find(&code(0)), None);
        assert!(recent.find(&code(1)).is_some());
        assert_eq!(recent.places.len(), KEPT);
    }
}
