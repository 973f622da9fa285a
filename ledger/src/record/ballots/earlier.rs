//! Entries read before: among those being pushed or from the host.

use std::borrow::Cow;

use crate::record::source::{EntrySource, SourceError};

/// All entries before the one under judgement.
#[derive(Clone, Copy)]
pub(crate) struct Earlier<'a> {
    /// Index of the first entry of `pushed`.
    pub(crate) first: u64,
    /// Entries that the host is just handing over and need not be able to give again.
    pub(crate) pushed: &'a [&'a [u8]],
    pub(crate) source: &'a dyn EntrySource,
}

impl<'a> Earlier<'a> {
    pub(crate) fn bytes(&self, index: u64) -> Result<Cow<'a, [u8]>, SourceError> {
        let pushed = index
            .checked_sub(self.first)
            .and_then(|place| self.pushed.get(usize::try_from(place).ok()?));
        match pushed {
            Some(bytes) => Ok(Cow::Borrowed(bytes)),
            None => self.source.entry(index).map(Cow::Owned),
        }
    }

    pub(crate) fn with<R>(
        &self,
        index: u32,
        read: impl FnOnce(&[u8]) -> R,
    ) -> Result<R, SourceError> {
        self.bytes(u64::from(index)).map(|bytes| read(&bytes))
    }
}
