//! Where a record is read from: a folder, a web server, a store. Nothing it gives is trusted.

use core::error::Error;

use super::checkpoint::CHECKPOINT_PATH;
use super::note::MAX_NOTE_LEN;
use super::store::Store;
use super::tile::{self, Tile};
use super::tree::ReadError;

/// Reads files of a record by their path below its prefix (`checkpoint`, `tile/0/000`).
///
/// Trust: none. Everything read is checked against a signed checkpoint by the caller; a
/// hostile source can only refuse service or show an older checkpoint.
pub trait TileSource {
    /// The whole file at `path`.
    ///
    /// # Errors
    /// [`SourceError`]: not there, over `limit` bytes, or not to be had now.
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError>;
}

impl<S: TileSource + ?Sized> TileSource for &S {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        (**self).fetch(path, limit)
    }
}

impl<S: TileSource + ?Sized> TileSource for std::sync::Arc<S> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        (**self).fetch(path, limit)
    }
}

impl<S: TileSource + ?Sized> TileSource for Box<S> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        (**self).fetch(path, limit)
    }
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("{path} does not exist")]
    NotFound {
        /// The file.
        path: String,
    },
    /// The file is larger than any valid one.
    #[error("{path} is over the limit of {limit} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// Bytes allowed.
        limit: usize,
    },
    /// Anything else: the network, the disk, the server. May pass.
    #[error("cannot read {path}: {reason}")]
    Failed {
        /// The file.
        path: String,
        /// What went wrong.
        reason: Box<dyn Error + Send + Sync>,
    },
}

/// Fetches the checkpoint as served.
///
/// # Errors
/// [`SourceError`].
pub fn fetch_checkpoint<S: TileSource + ?Sized>(source: &S) -> Result<Vec<u8>, SourceError> {
    source.fetch(CHECKPOINT_PATH, MAX_NOTE_LEN)
}

/// Fetches a tile. A partial tile that is gone is cut from the full one: logs may delete
/// partial tiles once the full tile exists, also between two reads of one client
/// ([`super::prune`]).
///
/// # Errors
/// [`ReadError`] when neither is there or the full tile is malformed.
pub fn fetch_tile<S: TileSource + ?Sized>(source: &S, tile: &Tile) -> Result<Vec<u8>, ReadError> {
    match source.fetch(&tile.path(), tile.max_len()) {
        Err(SourceError::NotFound { path }) if !tile.is_full() => {
            let full = tile.full();
            let bytes = match source.fetch(&full.path(), tile.max_len()) {
                // Name the file that the checkpoint calls for.
                Err(SourceError::NotFound { .. }) => {
                    return Err(SourceError::NotFound { path }.into());
                }
                other => other?,
            };
            tile::cut(tile, bytes).map_err(|reason| ReadError::Malformed {
                path: full.path(),
                reason,
            })
        }
        other => Ok(other?),
    }
}

/// Reads a record from the store that it is published in.
#[derive(Debug)]
pub struct StoreSource<'s, S: ?Sized>(pub &'s S);

impl<S: ?Sized> Clone for StoreSource<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for StoreSource<'_, S> {}

impl<S: Store + ?Sized> TileSource for StoreSource<'_, S> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let path = path.to_owned();
        match self.0.get(&path) {
            Ok(Some(bytes)) if bytes.len() > limit => Err(SourceError::TooLarge { path, limit }),
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(SourceError::NotFound { path }),
            Err(error) => Err(SourceError::Failed {
                path,
                reason: Box::new(error),
            }),
        }
    }
}
