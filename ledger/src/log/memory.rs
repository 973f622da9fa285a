//! A store in memory, for tests and for building a record in one go.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::checkpoint::CHECKPOINT_PATH;
use super::store::{Put, PutError, Store, StoreError, check_path, same_bytes};
use super::tile::Tile;

/// A [`Store`] that forgets everything when dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        // The map is only ever changed by whole insertions and removals.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All files by path.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.lock().clone()
    }

    /// Writes a file without any check, as someone with access to the storage could.
    pub fn overwrite(&self, path: &str, bytes: Vec<u8>) {
        self.lock().insert(path.to_owned(), bytes);
    }

    /// Removes a file, as someone with access to the storage could. Gives what it held.
    pub fn remove(&self, path: &str) -> Option<Vec<u8>> {
        self.lock().remove(path)
    }

    /// Changes a file in place, as someone with access to the storage could; whether it was there.
    pub fn tamper(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        self.lock().get_mut(path).map(change).is_some()
    }
}

impl Clone for MemoryStore {
    fn clone(&self) -> Self {
        Self {
            files: Mutex::new(self.files()),
        }
    }
}

impl Store for MemoryStore {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_path("read", path)?;
        Ok(self.lock().get(path).cloned())
    }

    fn put_if_absent(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError> {
        check_path("write", path)?;
        let mut files = self.lock();
        match files.get(path) {
            Some(found) => Ok(same_bytes(path, bytes, found)?),
            None => {
                files.insert(path.to_owned(), bytes.to_vec());
                Ok(Put::Created)
            }
        }
    }

    fn replace_checkpoint(&self, bytes: &[u8]) -> Result<(), StoreError> {
        self.lock()
            .insert(CHECKPOINT_PATH.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn delete_partials(&self, tile: &Tile) -> Result<usize, StoreError> {
        let partials = self.list(&tile.partials())?;
        let mut files = self.lock();
        Ok(partials
            .iter()
            .filter(|path| files.remove(*path).is_some())
            .count())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let below = |path: &&String| {
            prefix.is_empty()
                || path
                    .strip_prefix(prefix.trim_end_matches('/'))
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        Ok(self.lock().keys().filter(below).cloned().collect())
    }
}
