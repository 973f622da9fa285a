//! Checkpoints that the log signed and that were compared with no tree yet.
//!
//! A log that lies may sign any number of them and withhold the trees. What there is no room for is counted, so that
//! nobody takes a log for honest whose checkpoints were not all compared.

use alloc::vec::Vec;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::merkle::Hash;

/// Most checkpoints kept. A board that is looked at every five seconds and grows each time, while it gives no file,
/// comes to it after twenty minutes.
const MOST: usize = 256;

/// What is known of a checkpoint.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kept {
    /// It is known not to fit together with another one: kept as evidence, compared no more.
    pub(super) refuted: bool,
    /// It was shown after one of a larger tree.
    pub(super) after: bool,
}

/// In the order in which they were seen, each once. The first ones stay: whoever floods the list drives out nothing
/// that was shown before.
#[derive(Default)]
pub(super) struct Unconfirmed {
    list: Vec<(SignedCheckpoint, Kept)>,
    dropped: u64,
}

fn is_of(signed: &SignedCheckpoint, size: u64, root: &Hash) -> bool {
    signed.checkpoint().size == size && signed.checkpoint().root == *root
}

impl Unconfirmed {
    pub(super) fn add(&mut self, signed: SignedCheckpoint, kept: Kept) {
        let (size, root) = (signed.checkpoint().size, signed.checkpoint().root);
        if self.iter().any(|one| is_of(one, size, &root)) {
            return;
        }
        if self.list.len() < MOST {
            self.list.push((signed, kept));
        } else {
            self.dropped += 1;
        }
    }

    pub(super) fn remove(&mut self, size: u64, root: &Hash) {
        self.list.retain(|(one, _)| !is_of(one, size, root));
    }

    pub(super) fn refute(&mut self, size: u64, root: &Hash) {
        let found = self.list.iter_mut();
        for (_, kept) in found.filter(|(one, _)| is_of(one, size, root)) {
            kept.refuted = true;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &SignedCheckpoint> {
        self.list.iter().map(|(one, _)| one)
    }

    /// Those of at most `size` entries that are not refuted, and whether they were seen after a larger one.
    pub(super) fn open(&self, size: u64) -> impl Iterator<Item = (SignedCheckpoint, bool)> {
        let list = self.list.iter();
        list.filter(move |(one, kept)| !kept.refuted && one.checkpoint().size <= size)
            .map(|(one, kept)| (one.clone(), kept.after))
    }

    pub(super) const fn dropped(&self) -> u64 {
        self.dropped
    }
}
