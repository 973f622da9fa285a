//! Where a log is published to.

use core::error::Error;

use sha2::{Digest, Sha256};

use super::merkle::Hash;
use super::tile::Tile;

/// Durable storage for one log: files of a folder, objects of a bucket.
///
/// Trust: none. The trusted state (size, frontier) is in the operator's database; whoever
/// writes to a store can delete or spoil files, which readers and `fsck` notice, but cannot
/// forge a tree. Because a store may be older or newer than the database after a restore,
/// [`super::recover`] compares the two before anything is signed.
///
/// Implementations must be durable when they return `Ok` (fsync or its equivalent), and must
/// never show a file in part.
pub trait Store: Send + Sync {
    /// The file at `path`, or `None`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes a file that never changes. If it is there with the same bytes, all is well: an
    /// earlier attempt got through. With other bytes nothing is written.
    ///
    /// # Errors
    /// [`PutError::Conflict`] stops the ledger; [`PutError::Failed`] may be tried again, and
    /// leaves open whether the file was written.
    fn put_if_absent(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError>;

    /// Puts several such files, in any order, and returns when all are durable.
    ///
    /// # Errors
    /// As [`Self::put_if_absent`]; some files may have been written.
    fn put_all(&self, files: &[(String, &[u8])]) -> Result<(), PutError> {
        for (path, bytes) in files {
            self.put_if_absent(path, bytes)?;
        }
        Ok(())
    }

    /// Replaces the checkpoint, the one file that changes, atomically.
    ///
    /// # Errors
    /// [`StoreError`]; leaves open whether the checkpoint was replaced.
    fn replace_checkpoint(&self, bytes: &[u8]) -> Result<(), StoreError>;

    /// Deletes the partial tiles in the place of `tile`, whatever their widths. The only files
    /// that a store ever deletes; see [`super::prune`] for when. Need not be durable. Gives the
    /// number of files deleted.
    ///
    /// # Errors
    /// [`StoreError`]; some may be deleted.
    fn delete_partials(&self, tile: &Tile) -> Result<usize, StoreError>;

    /// Paths of all files below `prefix` (a folder path, or empty for all), sorted.
    ///
    /// # Errors
    /// [`StoreError`].
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
}

/// What [`Store::put_if_absent`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The file is new.
    Created,
    /// The file was there already, with the same bytes.
    Identical,
}

/// A request to a store failed; it may be tried again.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}: {reason}")]
pub struct StoreError {
    /// What was tried: "read", "write", "list".
    pub action: &'static str,
    /// The file or folder.
    pub path: String,
    /// What went wrong.
    pub reason: Box<dyn Error + Send + Sync>,
}

impl StoreError {
    /// A failed request.
    pub fn new(
        action: &'static str,
        path: impl Into<String>,
        reason: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            action,
            path: path.into(),
            reason: reason.into(),
        }
    }
}

/// An immutable file exists with other bytes: two writers, or storage of another history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{path} exists with other bytes ({found_len} bytes, SHA-256 {}), expected {expected_len} bytes, SHA-256 {}",
    .found.to_hex(), .expected.to_hex()
)]
pub struct Conflict {
    /// The file.
    pub path: String,
    /// Length of what was to be written.
    pub expected_len: usize,
    /// SHA-256 of what was to be written.
    pub expected: Hash,
    /// Length of what is there.
    pub found_len: usize,
    /// SHA-256 of what is there.
    pub found: Hash,
}

/// Why an immutable file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The request failed; it may be tried again.
    #[error(transparent)]
    Failed(#[from] StoreError),
    /// The file exists with other bytes; the ledger must stop.
    #[error(transparent)]
    Conflict(#[from] Conflict),
}

/// Compares what is stored with what was to be written; for implementations of [`Store`].
///
/// # Errors
/// [`Conflict`] when they differ.
pub fn same_bytes(path: &str, expected: &[u8], found: &[u8]) -> Result<Put, Conflict> {
    if expected == found {
        return Ok(Put::Identical);
    }
    let digest = |bytes: &[u8]| Hash::new(Sha256::digest(bytes).into());
    Err(Conflict {
        path: path.to_owned(),
        expected_len: expected.len(),
        expected: digest(expected),
        found_len: found.len(),
        found: digest(found),
    })
}

/// Whether a path is safe to use below a store's root: relative, of ASCII letters, digits,
/// `.`, `_` and `-`, no empty part and none that starts with a dot.
#[must_use]
pub fn is_valid_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    };
    path.split('/').all(part)
}

/// A path that [`is_valid_path`] refuses, as an error of a store.
pub(crate) fn check_path(action: &'static str, path: &str) -> Result<(), StoreError> {
    if is_valid_path(path) {
        return Ok(());
    }
    Err(StoreError::new(action, path, "not a valid path"))
}
