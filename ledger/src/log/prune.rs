//! Deleting partial tiles that nobody needs any more.
//!
//! C2SP tlog-tiles lets a log delete a partial tile once the full tile in its place is published:
//! readers that come too late cut it from the full one ([`super::source::fetch_tile`]). That must
//! come after the checkpoint that covers the full tile, so it is the last thing a publication
//! does, and nothing waits for it. What a crash leaves behind is deleted at the next start.

use std::collections::BTreeSet;

use super::store::{Store, StoreError};
use super::tile::{Tile, kinds, partial_tile};

/// The partial tiles of a log of `old` entries whose full tiles one of `new` entries has.
pub fn obsolete(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let partial = kinds(old).filter_map(move |kind| partial_tile(kind, old));
    partial.filter(move |tile| is_full_at(tile, new))
}

/// Deletes the partial tiles that growing from `old` to `new` entries made [`obsolete`]. To be
/// called when the checkpoint of size `new` is published. Gives the number of files deleted.
///
/// # Errors
/// [`StoreError`]; it may be called again.
pub fn after_publication(store: &dyn Store, old: u64, new: u64) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for tile in obsolete(old, new) {
        deleted += store.delete_partials(&tile)?;
    }
    Ok(deleted)
}

/// Deletes every partial tile whose full tile a log of `size` entries has. To be called at a
/// start, when the checkpoint of that size is published. Lists all tiles. Gives the number of
/// files deleted.
///
/// # Errors
/// [`StoreError`]; it may be called again.
pub fn at_start(store: &dyn Store, size: u64) -> Result<usize, StoreError> {
    let tiles = store.list("tile")?;
    let tiles = tiles.iter().filter_map(|path| Tile::parse(path).ok());
    let places: BTreeSet<Tile> = tiles
        .filter(|tile| !tile.is_full() && is_full_at(tile, size))
        .map(Tile::full)
        .collect();
    let mut deleted = 0;
    for place in places {
        deleted += store.delete_partials(&place)?;
    }
    Ok(deleted)
}

/// Whether a log of `size` entries has the full tile in the place of `tile`.
fn is_full_at(tile: &Tile, size: u64) -> bool {
    let full = tile.full();
    full.first() + u64::from(full.width()) <= full.kind().items(size)
}
