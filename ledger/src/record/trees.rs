//! Check 1: the tree, recomputed from the entries, against checkpoints (docs/PROTOCOL.md section 11).

use std::collections::BTreeMap;

use super::report::{CheckNumber, Finding};
use crate::log::merkle::{Frontier, Hash};

/// A checkpoint whose log signature, and cosignatures if the manifest asks for them, the host has
/// verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedTree {
    /// Number of entries.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
    /// When the witness quorum was complete, in seconds since 1970; `None` without witnesses.
    pub quorum_time: Option<u64>,
}

/// A tree smaller than what was read already: only a consistency proof could connect the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a checkpoint of {size} entries comes too late: {read} entries have been read")]
pub struct TooLate {
    /// Size of the checkpoint.
    pub size: u64,
    /// Entries read.
    pub read: u64,
}

/// The tree so far, and the trees it should grow through.
#[derive(Default)]
pub(crate) struct Trees {
    frontier: Frontier,
    expected: BTreeMap<u64, Vec<TrustedTree>>,
    /// Trees that the entries were found to have.
    confirmed: Vec<TrustedTree>,
}

impl Trees {
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }

    pub(crate) fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    pub(crate) fn expect(&mut self, tree: TrustedTree) -> Result<Option<Finding>, TooLate> {
        let read = self.size();
        if tree.size < read {
            return Err(TooLate {
                size: tree.size,
                read,
            });
        }
        self.expected.entry(tree.size).or_default().push(tree);
        Ok(self.compare().into_iter().next())
    }

    /// Appends an entry; findings if the tree is now one that was expected otherwise.
    pub(crate) fn append(&mut self, leaf: Hash) -> Vec<Finding> {
        if let Err(error) = self.frontier.append(leaf, |_, _| {}) {
            let check = CheckNumber::Log;
            return vec![Finding::fatal(
                check,
                "size of the tree",
                "fewer entries",
                error,
            )];
        }
        self.compare()
    }

    fn compare(&mut self) -> Vec<Finding> {
        let size = self.size();
        let Some(expected) = self.expected.remove(&size) else {
            return Vec::new();
        };
        let root = self.root();
        let (right, wrong): (Vec<_>, Vec<_>) =
            expected.into_iter().partition(|tree| tree.root == root);
        self.confirmed.extend(right);
        let finding = |tree: &TrustedTree| {
            let what = format!("root of the first {size} entries");
            let found = format!("{root} over the entries");
            Finding::fatal(CheckNumber::Log, what, tree.root, found)
        };
        wrong.iter().map(finding).collect()
    }

    pub(crate) fn confirmed(&self) -> &[TrustedTree] {
        &self.confirmed
    }

    /// Checkpoints of more entries than were read.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &TrustedTree> {
        self.expected.values().flatten()
    }
}
