//! A log in a folder of a POSIX file system: the store and the reader (feature `files`).
//!
//! The folder can be served as it is by any web server. Writing a file goes: temporary file
//! in `.tmp`, write, fsync, hard link to the final path, fsync the final path's folder. The
//! link fails if the path exists, so that nothing is ever overwritten, and a file is either
//! there whole or not at all. Only the checkpoint is put in place by rename. What a crash
//! leaves behind is at most a file in `.tmp`; opening the store removes those.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::checkpoint::CHECKPOINT_PATH;
use super::source::{SourceError, TileSource};
use super::store::{Put, PutError, Store, StoreError, check_path, is_valid_path, same_bytes};
use super::tile::Tile;

/// Folder for files that are being written; its name is no valid store path.
const TEMPORARY: &str = ".tmp";

/// A log's folder, to publish to. One process writes to it at a time; a second one could
/// only lose temporary files of the first, never change a published one.
#[derive(Debug)]
pub struct FileStore {
    root: PathBuf,
    counter: AtomicU64,
}

impl FileStore {
    /// Makes the folder of a new log. Its parent must exist.
    ///
    /// # Errors
    /// [`StoreError`] if the folder exists: a log is created once, and never because
    /// something is missing.
    pub fn create(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        let error = |reason| StoreError::new("create", root.display().to_string(), reason);
        fs::create_dir(&root).map_err(error)?;
        fs::create_dir(root.join(TEMPORARY)).map_err(error)?;
        sync_folder(&root).map_err(error)?;
        if let Some(parent) = root
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            sync_folder(parent).map_err(error)?;
        }
        Ok(Self {
            root,
            counter: AtomicU64::new(0),
        })
    }

    /// Opens the folder of a log that was created before. The folder for temporary files is made
    /// if only that is missing: a copy of a log may lack it.
    ///
    /// # Errors
    /// [`StoreError`] if it is not there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        let error = |reason| StoreError::new("open", root.display().to_string(), reason);
        let temporary = root.join(TEMPORARY);
        if !temporary.exists() && root.join(CHECKPOINT_PATH).is_file() {
            create_folders(&root, &temporary).map_err(error)?;
        }
        let leftovers = fs::read_dir(temporary).map_err(error)?;
        for leftover in leftovers {
            fs::remove_file(leftover.map_err(error)?.path()).map_err(error)?;
        }
        Ok(Self {
            root,
            counter: AtomicU64::new(0),
        })
    }

    /// Opens the folder of a copy of a log, made by whatever means; it may be empty. For
    /// mirrors, and for a new log whose making was interrupted: whoever signs a log must not
    /// start one because its folder is missing.
    ///
    /// # Errors
    /// [`StoreError`] if it is not there.
    pub fn adopt(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        create_folders(&root, &root.join(TEMPORARY))
            .map_err(|reason| StoreError::new("open", root.display().to_string(), reason))?;
        Self::open(root)
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes and syncs a temporary file; removes it again if that fails.
    fn write_temporary(&self, bytes: &[u8]) -> io::Result<Temporary> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", std::process::id());
        let temporary = Temporary(self.root.join(TEMPORARY).join(name));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary.0)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    /// Links a whole, synced file into place. The folder is not synced yet.
    fn link(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError> {
        let error = |reason| StoreError::new("write", path, reason);
        let place = self.root.join(path);
        if let Some(found) = read_existing(&place).map_err(error)? {
            return Ok(same_bytes(path, bytes, &found)?);
        }
        if let Some(folder) = place.parent() {
            create_folders(&self.root, folder).map_err(error)?;
        }
        let temporary = self.write_temporary(bytes).map_err(error)?;
        match fs::hard_link(&temporary.0, &place) {
            Ok(()) => Ok(Put::Created),
            Err(reason) if reason.kind() == ErrorKind::AlreadyExists => {
                let found = fs::read(&place).map_err(error)?;
                Ok(same_bytes(path, bytes, &found)?)
            }
            Err(reason) => Err(error(reason).into()),
        }
    }

    fn sync_parent(&self, path: &str) -> Result<(), StoreError> {
        // Also for files that were there: a crash may have come between their link and sync.
        let place = self.root.join(path);
        let folder = place.parent().unwrap_or(&self.root);
        sync_folder(folder).map_err(|reason| StoreError::new("sync", path, reason))
    }

    fn list_into(&self, folder: &Path, out: &mut Vec<String>) -> io::Result<()> {
        for item in fs::read_dir(folder)? {
            let item = item?;
            let path = item.path();
            let below = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
            let Some(below) = below.filter(|below| is_valid_path(below)) else {
                continue;
            };
            if item.file_type()?.is_dir() {
                self.list_into(&path, out)?;
            } else {
                out.push(below.to_owned());
            }
        }
        Ok(())
    }
}

impl Store for FileStore {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_path("read", path)?;
        read_existing(&self.root.join(path)).map_err(|reason| StoreError::new("read", path, reason))
    }

    fn put_if_absent(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError> {
        check_path("write", path)?;
        let put = self.link(path, bytes)?;
        self.sync_parent(path)?;
        Ok(put)
    }

    /// Syncs each folder once, after all its files are in place.
    fn put_all(&self, files: &[(String, &[u8])]) -> Result<(), PutError> {
        for (path, _) in files {
            check_path("write", path)?;
        }
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            // Waiting for the disk, mostly: the file system merges concurrent syncs.
            files
                .par_iter()
                .try_for_each(|(path, bytes)| self.link(path, bytes).map(drop))?;
        }
        #[cfg(not(feature = "parallel"))]
        for (path, bytes) in files {
            self.link(path, bytes)?;
        }
        let mut synced: Vec<&str> = Vec::new();
        for (path, _) in files {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !synced.contains(&folder) {
                self.sync_parent(path)?;
                synced.push(folder);
            }
        }
        Ok(())
    }

    fn replace_checkpoint(&self, bytes: &[u8]) -> Result<(), StoreError> {
        let error = |reason| StoreError::new("write", CHECKPOINT_PATH, reason);
        let temporary = self.write_temporary(bytes).map_err(error)?;
        fs::rename(&temporary.0, self.root.join(CHECKPOINT_PATH)).map_err(error)?;
        sync_folder(&self.root).map_err(error)
    }

    fn delete_partials(&self, tile: &Tile) -> Result<usize, StoreError> {
        let partials = tile.partials();
        let paths = self.list(&partials)?;
        let removed = match fs::remove_dir_all(self.root.join(&partials)) {
            Err(reason) if reason.kind() != ErrorKind::NotFound => Err(reason),
            _ => Ok(paths.len()),
        };
        removed.map_err(|reason| StoreError::new("delete", partials, reason))
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let prefix = prefix.trim_end_matches('/');
        if !prefix.is_empty() {
            check_path("list", prefix)?;
        }
        let mut out = Vec::new();
        match self.list_into(&self.root.join(prefix), &mut out) {
            Err(reason) if reason.kind() != ErrorKind::NotFound => {
                Err(StoreError::new("list", prefix, reason))
            }
            _ => {
                out.sort_unstable();
                Ok(out)
            }
        }
    }
}

/// A temporary file, removed when dropped. After a link or rename that changes nothing.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // A leftover is harmless and removed when the store is opened next.
        fs::remove_file(&self.0).unwrap_or_default();
    }
}

fn read_existing(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Creates `folder` and what is missing between it and `root`, and makes that durable.
fn create_folders(root: &Path, folder: &Path) -> io::Result<()> {
    if folder == root || folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(root);
    create_folders(root, parent)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(parent),
    }
}

/// Reads a record from a folder.
#[derive(Clone, Debug)]
pub struct FolderSource {
    root: PathBuf,
}

impl FolderSource {
    /// A record in this folder.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl TileSource for FolderSource {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let path = path.to_owned();
        if !is_valid_path(&path) {
            return Err(SourceError::NotFound { path });
        }
        let mut bytes = Vec::new();
        let allowed = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let place = self.root.join(&path);
        // A folder, a pipe or a link to nothing in place of a file is no file; a pipe would be waited for.
        let is_file = fs::metadata(&place).map(|metadata| metadata.is_file());
        let is_there = fs::symlink_metadata(&place).is_ok();
        if is_file.as_ref().map_or(is_there, |is_file| !is_file)
            || is_file.is_err_and(|error| error.kind() == ErrorKind::NotADirectory)
        {
            return Err(SourceError::NotFound { path });
        }
        let read = File::open(&place).and_then(|file| file.take(allowed).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() > limit => Err(SourceError::TooLarge { path, limit }),
            Ok(_) => Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(SourceError::NotFound { path })
            }
            Err(error) => Err(SourceError::Failed {
                path,
                reason: Box::new(error),
            }),
        }
    }
}
