//! Files that survive a power cut: whole or not there, mode 0600, never overwritten by accident.
//!
//! Order of effects of every write: temporary file in the same folder, its bytes on disk (fsync), one atomic
//! step that gives it its name (link or rename), the folder on disk (fsync). A crash before the atomic step
//! leaves the old file and a `.NAME.partial`, which the next write of that name replaces; a crash after it
//! leaves the new file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file could not be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file may not be overwritten.
    #[error("{0} exists already; move it away or name another file")]
    Exists(PathBuf),
    /// A file from an earlier run differs from what would be written now.
    #[error("{0} exists with other contents; move it away if it is not needed")]
    Differs(PathBuf),
    /// Not what this program wrote.
    #[error("{0} is damaged, or not a file of this program")]
    Damaged(PathBuf),
    /// Another process works with the file.
    #[error("{0} is in use by another process")]
    Locked(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl FileError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// What may happen to a file that already has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays and the write is refused.
    Refuse,
    /// It stays; the write is refused unless both are the same, byte by byte.
    KeepIfSame,
    /// It is replaced in one atomic step.
    Replace,
}

/// A file being written under a temporary name, mode 0600. Dropped without [`AtomicFile::commit`], it leaves nothing.
pub struct AtomicFile {
    file: Option<io::BufWriter<File>>,
    partial: PathBuf,
    target: PathBuf,
    existing: Existing,
}

impl AtomicFile {
    /// Starts a file that will be called `target`.
    ///
    /// # Errors
    /// [`FileError::Exists`] at once with [`Existing::Refuse`], otherwise only what the operating system says.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, FileError> {
        let taken = fs::symlink_metadata(target).is_ok() && !is_empty(target);
        if existing == Existing::Refuse && taken {
            return Err(FileError::Exists(target.to_owned()));
        }
        let partial = partial_of(target);
        // An old partial may belong to somebody else or be a link: start from nothing.
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(FileError::io("remove", &partial)(error));
            }
            _ => {}
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial)
            .map_err(FileError::io("create", &partial))?;
        Ok(Self {
            file: Some(io::BufWriter::with_capacity(1 << 16, file)),
            partial,
            target: target.to_owned(),
            existing,
        })
    }

    /// Makes the file durable and gives it its name.
    ///
    /// # Errors
    /// [`FileError::Exists`] or [`FileError::Differs`] if the name is taken; the existing file is untouched.
    pub fn commit(mut self) -> Result<(), FileError> {
        let Some(writer) = self.file.take() else {
            return Ok(());
        };
        let file = writer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .map_err(FileError::io("write", &self.partial))?;
        file.sync_all()
            .map_err(FileError::io("write", &self.partial))?;
        drop(file);
        if self.existing == Existing::Replace {
            fs::rename(&self.partial, &self.target)
                .map_err(FileError::io("rename to", &self.target))?;
        } else {
            match give_name(&self.partial, &self.target) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if self.existing == Existing::Refuse {
                        return Err(FileError::Exists(self.target.clone()));
                    }
                    if !same_contents(&self.partial, &self.target)? {
                        return Err(FileError::Differs(self.target.clone()));
                    }
                }
                Err(error) => return Err(FileError::io("create", &self.target)(error)),
            }
        }
        sync_folder(folder_of(&self.target))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        // After a rename nothing is left to remove; a failure leaves a partial that the next run replaces.
        drop(fs::remove_file(&self.partial));
    }
}

/// Writes one whole file, mode 0600.
///
/// # Errors
/// As [`AtomicFile`].
pub fn write(target: &Path, bytes: &[u8], existing: Existing) -> Result<(), FileError> {
    let mut file = AtomicFile::create(target, existing)?;
    file.write_all(bytes)
        .map_err(FileError::io("write", target))?;
    file.commit()
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// [`FileError::Io`], also for a larger file.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let file = File::open(path).map_err(FileError::io("open", path))?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(FileError::io("read", path))?;
    if bytes.len() as u64 > limit {
        let reason = io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("larger than {limit} bytes"),
        );
        return Err(FileError::io("read", path)(reason));
    }
    Ok(bytes)
}

/// Creates a folder (and its parents) that only its owner may enter; an existing one is left as it is.
///
/// # Errors
/// [`FileError::Io`].
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(FileError::io("create", path))
}

/// Removes a file if it is there and makes the removal durable.
///
/// # Errors
/// [`FileError::Io`].
pub fn remove(path: &Path) -> Result<bool, FileError> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(folder_of(path)).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::io("remove", path)(error)),
    }
}

/// An exclusive lock on `NAME.lock` beside a file, held until dropped (also by a crash).
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Locks at once or refuses.
    ///
    /// # Errors
    /// [`FileError::Locked`] if another process holds it.
    pub fn beside(path: &Path) -> Result<Self, FileError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let lock = folder_of(path).join(name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock)
            .map_err(FileError::io("create", &lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(FileError::Locked(path.to_owned())),
            Err(fs::TryLockError::Error(error)) => Err(FileError::io("lock", &lock)(error)),
        }
    }
}

/// Gives a finished file its name in one step, unless the name is taken.
fn give_name(partial: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(partial, target) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            ) =>
        {
            claim_and_rename(partial, target)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_empty(target) => {
            fs::rename(partial, target)
        }
        other => other,
    }
}

/// For file systems without links, such as those of memory sticks: the name is claimed by an empty file first, which
/// a crash may leave behind. It holds nothing, so a later run claims it again.
fn claim_and_rename(partial: &Path, target: &Path) -> io::Result<()> {
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(target)
    {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !is_empty(target) => {
            Err(error)
        }
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::rename(partial, target),
    }
}

fn is_empty(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|data| data.is_file() && data.len() == 0)
}

/// The temporary name that a file is written under.
#[must_use]
pub fn partial_of(target: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".partial");
    folder_of(target).join(name)
}

/// The folder a file is in, `.` for a bare name.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Makes created, renamed and removed names of a folder durable.
///
/// # Errors
/// [`FileError::Io`].
pub fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(FileError::io("write", folder))
}

fn same_contents(left: &Path, right: &Path) -> Result<bool, FileError> {
    let open = |path: &Path| File::open(path).map_err(FileError::io("open", path));
    let (left_file, right_file) = (open(left)?, open(right)?);
    let length = |file: &File, path: &Path| {
        file.metadata()
            .map(|data| data.len())
            .map_err(FileError::io("read", path))
    };
    if length(&left_file, left)? != length(&right_file, right)? {
        return Ok(false);
    }
    let mut left_bytes = BufReader::with_capacity(1 << 16, left_file).bytes();
    for right_byte in BufReader::with_capacity(1 << 16, right_file).bytes() {
        let right_byte = right_byte.map_err(FileError::io("read", right))?;
        match left_bytes.next() {
            Some(Ok(left_byte)) if left_byte == right_byte => {}
            Some(Err(error)) => return Err(FileError::io("read", left)(error)),
            _ => return Ok(false),
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_private_whole_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write(&path, b"one", Existing::Refuse).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(matches!(
            write(&path, b"two", Existing::Refuse),
            Err(FileError::Exists(_))
        ));
        assert!(matches!(
            write(&path, b"two", Existing::KeepIfSame),
            Err(FileError::Differs(_))
        ));
        write(&path, b"one", Existing::KeepIfSame).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write(&path, b"two", Existing::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_abandoned_or_interrupted_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write(&path, b"old", Existing::Refuse).unwrap();
        let mut file = AtomicFile::create(&path, Existing::Replace).unwrap();
        file.write_all(b"half of the n").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        // What a kill leaves behind: a partial nobody removed. It neither counts nor hinders.
        fs::write(folder.path().join(".secret.partial"), b"torn").unwrap();
        write(&path, b"new", Existing::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_links_a_name_is_claimed_and_never_taken_from_a_file_with_contents() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("partial"), b"new").unwrap();
        fs::write(path("taken"), b"old").unwrap();
        let refused = claim_and_rename(&path("partial"), &path("taken")).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(path("taken")).unwrap(), b"old");
        // What a crash between claiming and renaming leaves.
        fs::write(path("claimed"), b"").unwrap();
        claim_and_rename(&path("partial"), &path("claimed")).unwrap();
        assert_eq!(fs::read(path("claimed")).unwrap(), b"new");
        fs::write(path("partial"), b"newer").unwrap();
        claim_and_rename(&path("partial"), &path("free")).unwrap();
        assert_eq!(fs::read(path("free")).unwrap(), b"newer");
    }

    #[test]
    fn a_second_process_is_locked_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let held = Lock::beside(&path).unwrap();
        assert!(matches!(Lock::beside(&path), Err(FileError::Locked(_))));
        drop(held);
        Lock::beside(&path).unwrap();
    }

    #[test]
    fn a_large_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        fs::write(&path, [0; 100]).unwrap();
        assert!(read(&path, 99).is_err());
        assert_eq!(read(&path, 100).unwrap().len(), 100);
    }
}
