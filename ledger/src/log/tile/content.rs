//! The bytes of tiles and entry bundles, read strictly.

use super::{TILE_WIDTH, Tile, TileKind};
use crate::log::merkle::{HASH_LEN, Hash};

/// Largest entry: its length must fit two bytes.
pub const MAX_ENTRY_LEN: usize = 65_535;
/// Bytes of a full hash tile.
pub const HASH_TILE_LEN: usize = 256 * HASH_LEN;
/// Most bytes of an entry bundle.
pub const MAX_BUNDLE_LEN: usize = 256 * (2 + MAX_ENTRY_LEN);

/// Why bytes are not a tile of the given width.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileContentError {
    /// A hash tile of another length.
    #[error("a tile of {width} hashes has {expected} bytes, found {found}")]
    HashTileLength {
        /// Width of the tile.
        width: u16,
        /// Bytes that it must have.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// A bundle that ends within an entry, or before the last one.
    #[error("the bundle ends within entry {at} of {width}")]
    BundleCut {
        /// Position in the bundle.
        at: u16,
        /// Width of the bundle.
        width: u16,
    },
    /// Bytes after the last entry.
    #[error("{found} bytes after the last of the bundle's {width} entries")]
    BundleTrailing {
        /// Width of the bundle.
        width: u16,
        /// Bytes too many.
        found: usize,
    },
    /// An entry that its two-byte length cannot hold.
    #[error("an entry of {found} bytes is over the limit of {MAX_ENTRY_LEN}")]
    EntryTooLong {
        /// Bytes of the entry.
        found: usize,
    },
}

/// Appends an entry to a bundle.
///
/// # Errors
/// [`TileContentError::EntryTooLong`]; the bundle is unchanged then.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TileContentError> {
    let length = u16::try_from(entry.len())
        .map_err(|_| TileContentError::EntryTooLong { found: entry.len() })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// Reads exactly `width` entries.
///
/// # Errors
/// [`TileContentError`] for a cut bundle or bytes left over.
pub fn read_entries(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, TileContentError> {
    let (entries, rest) = split_entries(bundle, width)?;
    if !rest.is_empty() {
        return Err(TileContentError::BundleTrailing {
            width,
            found: rest.len(),
        });
    }
    Ok(entries)
}

/// Reads `width` entries and gives what follows them.
fn split_entries(mut bundle: &[u8], width: u16) -> Result<(Vec<&[u8]>, &[u8]), TileContentError> {
    let mut entries = Vec::with_capacity(usize::from(width));
    for at in 0..width {
        let (entry, rest) = bundle
            .split_first_chunk::<2>()
            .and_then(|(length, rest)| {
                rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
            })
            .ok_or(TileContentError::BundleCut { at, width })?;
        entries.push(entry);
        bundle = rest;
    }
    Ok((entries, bundle))
}

/// Reads exactly `width` hashes.
///
/// # Errors
/// [`TileContentError::HashTileLength`].
pub fn read_hashes(tile: &[u8], width: u16) -> Result<Vec<Hash>, TileContentError> {
    let expected = usize::from(width) * HASH_LEN;
    let (hashes, rest) = tile.as_chunks::<HASH_LEN>();
    if tile.len() != expected || !rest.is_empty() {
        return Err(TileContentError::HashTileLength {
            width,
            expected,
            found: tile.len(),
        });
    }
    Ok(hashes.iter().copied().map(Hash::new).collect())
}

/// Cuts the bytes of the full tile down to those of `tile`, which is partial.
pub(crate) fn cut(tile: &Tile, mut full: Vec<u8>) -> Result<Vec<u8>, TileContentError> {
    let width = tile.width();
    let keep = match tile.kind() {
        TileKind::Hashes { .. } => {
            read_hashes(&full, TILE_WIDTH)?;
            usize::from(width) * HASH_LEN
        }
        TileKind::Entries => {
            read_entries(&full, TILE_WIDTH)?;
            let (_, rest) = split_entries(&full, width)?;
            full.len() - rest.len()
        }
    };
    full.truncate(keep);
    Ok(full)
}
