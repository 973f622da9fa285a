//! Access to entries that were read before.

use crate::log::source::TileSource;
use crate::log::tree::Tree;

/// Gives the checker earlier entries again: when a nonce point seems to occur twice, and when a later
/// ballot supersedes an earlier one.
///
/// The checker believes it: a superseded ballot leaves the sums as it is given here. A host that reads from
/// somebody else's server must therefore compare with the signed root every time, as
/// [`Tree::entry`](crate::log::tree::Tree::entry) does, and not only the first.
pub trait EntrySource {
    /// The bytes of entry `index`, which was pushed before.
    ///
    /// # Errors
    /// [`SourceError`] if it cannot be had.
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError>;
}

/// An earlier entry could not be had again. The checker stops before the entry it needed it for.
#[derive(Debug, thiserror::Error)]
#[error("entry {index} could not be read again: {reason}")]
pub struct SourceError {
    /// Which entry.
    pub index: u64,
    /// Why not.
    pub reason: String,
}

/// The record's own tiles: everything read is checked against the tree's root again.
impl<S: TileSource> EntrySource for Tree<S> {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        Self::entry(self, index).map_err(|error| SourceError {
            index,
            reason: error.to_string(),
        })
    }
}

impl<T: AsRef<[u8]>> EntrySource for &[T] {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        usize::try_from(index)
            .ok()
            .and_then(|place| self.get(place))
            .map(|bytes| bytes.as_ref().to_vec())
            .ok_or_else(|| SourceError {
                index,
                reason: format!("there are {} entries", self.len()),
            })
    }
}

impl<T: AsRef<[u8]>> EntrySource for Vec<T> {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        EntrySource::entry(&self.as_slice(), index)
    }
}
