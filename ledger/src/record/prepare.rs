//! What can be done with an entry before anything else is known: decoding and hashing, on all threads.

use crate::entry::{BallotRef, Entry, EntryError, EntryType};
use crate::log::merkle::{Hash, leaf_hash};

/// A decoded entry.
pub(crate) enum Content<'a> {
    /// Claims to be a ballot.
    Ballot(Result<BallotRef<'a>, EntryError>),
    /// Claims to be a posted challenge, and is none.
    BadChallenge(EntryError),
    /// Any other entry.
    Other(Box<Entry>),
    /// Nothing that can be attributed to an entry type.
    Bad(EntryError),
}

/// An entry, decoded and hashed.
pub(crate) struct Prepared<'a> {
    pub(crate) leaf: Hash,
    pub(crate) content: Content<'a>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let content = match EntryType::peek(bytes) {
            Ok(EntryType::Ballot) => Content::Ballot(BallotRef::decode(bytes)),
            Ok(entry_type) => match Entry::decode(bytes) {
                Ok(entry) => Content::Other(Box::new(entry)),
                Err(error) if entry_type == EntryType::PostedChallenge => {
                    Content::BadChallenge(error)
                }
                Err(error) => Content::Bad(error),
            },
            Err(error) => Content::Bad(error),
        };
        Self {
            leaf: leaf_hash(bytes),
            content,
        }
    }

    pub(crate) fn entry_type(&self) -> Option<EntryType> {
        match &self.content {
            Content::Ballot(_) => Some(EntryType::Ballot),
            Content::BadChallenge(_) => Some(EntryType::PostedChallenge),
            Content::Other(entry) => Some(entry.entry_type()),
            Content::Bad(_) => None,
        }
    }
}

/// Decodes and hashes entries.
pub(crate) fn prepare<T: AsRef<[u8]> + Sync>(entries: &[T]) -> Vec<Prepared<'_>> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        entries
            .par_iter()
            .with_min_len(64)
            .map(|entry| Prepared::new(entry.as_ref()))
            .collect()
    }
    #[cfg(not(feature = "parallel"))]
    entries
        .iter()
        .map(|entry| Prepared::new(entry.as_ref()))
        .collect()
}
