//! Entries that the checker asks for again: when a voter voted again, or a nonce point seems to occur
//! twice.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tile::{TILE_WIDTH, read_entries};
use hanpyo_ledger::record::{EntrySource, SourceError};

use crate::read::Access;

/// Bundles kept are at most this many bytes together.
const KEPT_BYTES: usize = 32 << 20;

/// Reads entries again, checked against the signed root as the first time: what a superseded ballot
/// takes out of the sums must be what it put in.
pub(crate) struct Earlier<'a, S> {
    access: Access<'a, S>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bundles: VecDeque<(u64, u16, Vec<u8>)>,
    bytes: usize,
}

impl<'a, S: TileSource> Earlier<'a, S> {
    pub(crate) fn new(access: Access<'a, S>) -> Self {
        Self {
            access,
            kept: Mutex::default(),
        }
    }
}

impl<S: TileSource + Sync> EntrySource for Earlier<'_, S> {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        let width = u64::from(TILE_WIDTH);
        let (bundle, at) = (index / width, usize::try_from(index % width).unwrap_or(0));
        let entry = |bytes: &[u8], width| {
            let entries = read_entries(bytes, width).unwrap_or_default();
            let reason = || "its bundle has fewer entries".to_owned();
            entries
                .get(at)
                .map(|entry| entry.to_vec())
                .ok_or_else(|| SourceError {
                    index,
                    reason: reason(),
                })
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, width, bytes)) = kept.bundles.iter().find(|(kept, ..)| *kept == bundle) {
            return entry(bytes, *width);
        }
        let (bytes, width, _) = self.access.bundle(bundle).map_err(|error| SourceError {
            index,
            reason: error.to_string(),
        })?;
        let found = entry(&bytes, width);
        kept.bytes += bytes.len();
        kept.bundles.push_back((bundle, width, bytes));
        while kept.bytes > KEPT_BYTES
            && let Some((_, _, oldest)) = kept.bundles.pop_front()
        {
            kept.bytes -= oldest.len();
        }
        found
    }
}
