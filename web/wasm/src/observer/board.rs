//! Entry bundles of the board, each checked against the signed root and compared with its tile of leaf hashes.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_ledger::log::source::{SourceError, TileSource};
use hanpyo_ledger::log::tile::{TILE_WIDTH, Tile, TileKind, read_hashes};
use hanpyo_ledger::log::tree::{self, ReadError, Tree};
use hanpyo_ledger::record::{CheckNumber, Finding};

use super::files::{Files, is_not_yet};

/// Up to 256 checked entries.
pub(super) struct Bundle(tree::Bundle);

/// Why a bundle is not there.
pub(super) enum ReadStop {
    /// A file was not handed in yet.
    Missing,
    /// The board does not have what the log signed.
    Wrong(Box<Finding>),
}

impl Bundle {
    /// The entries from index `from` on.
    pub(super) fn entries(&self, from: u64) -> impl Iterator<Item = &[u8]> {
        let entries = self.0.entries();
        entries.filter_map(move |(index, entry)| (index >= from).then_some(entry))
    }

    /// Number of entries of the log up to its last.
    pub(super) fn end(&self) -> u64 {
        self.0.first() + u64::try_from(self.0.leaf_hashes().len()).unwrap_or(0)
    }

    /// Files that nobody needs any more.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        let width = u16::try_from(self.0.leaf_hashes().len()).unwrap_or(TILE_WIDTH);
        let index = self.0.first() / u64::from(TILE_WIDTH);
        let tile = move |kind| Tile::new(kind, index, width).ok().map(|tile| tile.path());
        let leaves = (width == TILE_WIDTH).then_some(TileKind::Hashes { level: 0 });
        [Some(TileKind::Entries), leaves]
            .into_iter()
            .flatten()
            .filter_map(tile)
    }
}

/// Number of bundles of a log with `size` entries.
pub(super) fn bundles(size: u64) -> u64 {
    size.div_ceil(u64::from(TILE_WIDTH))
}

/// The bundle with an entry.
pub(super) const fn bundle_of(entry: u64) -> u64 {
    entry / TILE_WIDTH as u64
}

/// What an error of reading says about the board.
pub(super) fn stop(error: ReadError) -> ReadStop {
    match error {
        ReadError::Source(error) if is_not_yet(&error) => ReadStop::Missing,
        error => ReadStop::Wrong(Box::new(Finding::fatal(
            CheckNumber::Log,
            "files of the log",
            "what was signed",
            error,
        ))),
    }
}

/// Reads a bundle.
pub(super) fn read(tree: &Tree<Files>, files: &Files, index: u64) -> Result<Bundle, ReadStop> {
    let bundle = tree.bundle(index).map_err(stop);
    // Asked for together with the bundle, to save a round. A partial tile is part of the right edge, which was
    // checked when the tree was loaded.
    let is_full = (index + 1).saturating_mul(u64::from(TILE_WIDTH)) <= tree.size();
    let leaves = if is_full {
        read_leaves(files, index)
    } else {
        Ok(None)
    };
    let (bundle, leaves) = (bundle?, leaves?);
    if let Some((path, leaves)) = leaves {
        let mut pairs = bundle.leaf_hashes().iter().zip(&leaves).enumerate();
        if let Some((place, (expected, found))) = pairs.find(|(_, (a, b))| a != b) {
            let what = format!("{path}, hash {place}");
            let finding = Finding::fatal(CheckNumber::Log, what, expected, found);
            return Err(ReadStop::Wrong(Box::new(finding)));
        }
    }
    Ok(Bundle(bundle))
}

type Leaves = Option<(String, Vec<hanpyo_ledger::log::merkle::Hash>)>;

fn read_leaves(files: &Files, index: u64) -> Result<Leaves, ReadStop> {
    let tile = Tile::new(TileKind::Hashes { level: 0 }, index, TILE_WIDTH)
        .map_err(|error| stop(error.into()))?;
    let path = tile.path();
    let bytes = match files.fetch(&path, tile.max_len()) {
        Ok(bytes) => bytes,
        Err(error @ SourceError::Failed { .. }) => return Err(stop(error.into())),
        Err(error) => {
            let finding = Finding::fatal(CheckNumber::Log, path, "a tile", error);
            return Err(ReadStop::Wrong(Box::new(finding)));
        }
    };
    match read_hashes(&bytes, TILE_WIDTH) {
        Ok(hashes) => Ok(Some((path, hashes))),
        Err(reason) => Err(stop(ReadError::Malformed { path, reason })),
    }
}
