//! `hanpyo-server backup`: a consistent copy of the embedded store, also while it is served.
//!
//! What must hold: a server that is started on the copy never signs a checkpoint that contradicts
//! one the world has seen. A copy is always older than the world, so no order of copying can give
//! that by itself, and two things do:
//!
//! - The copied database carries a mark (`instance.copied_at`). A server that finds it serves
//!   what is there but refuses to sign until [`super::adopt()`] has compared the logs' states with
//!   the published boards.
//! - The database is copied **first**, the board after it. The board only grows and only with
//!   what the database committed before, so the copied board is never behind the copied database:
//!   nothing that was public when the backup began is missing from it, and if anything was
//!   published in between, the start-up check sees storage ahead of the state row and refuses,
//!   even if someone removed the mark. The other order could give a database ahead of its board,
//!   which looks just like a crash before publication and would be continued without a question.
//!
//! Within the board each `checkpoint` is read before the tiles and written after them: its tiles
//! were all there when it was read, and an interrupted backup has no checkpoint without tiles.
//! A partial tile may vanish while we copy, because its full tile has come: the listing is
//! repeated until nothing new appears.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::CommandError;
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::config::StorageConfig;
use crate::db::connection::{self, Pragmas};
use crate::db::{DbError, tenants};

/// Name of a log's newest state in its folder; everything else there never changes.
const CHECKPOINT: &str = "checkpoint";

#[derive(Args)]
pub(super) struct BackupArgs {
    /// Folder to make; it must not exist
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target is there already.
    #[error("{0} exists; a backup goes to a new folder")]
    Exists(PathBuf),
    /// There is nothing to copy.
    #[error("{0}: no data folder of hanpyo-server; `hanpyo-server init` makes one")]
    NoFolder(PathBuf),
    /// A file or folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

pub(super) fn run(config: &Config, args: &BackupArgs) -> Result<(), CommandError> {
    let files = backup(&config.storage, &args.to, Clock::system().now())?;
    // The copy is made; who reads this may have gone.
    let said = writeln!(
        io::stdout(),
        "backup in {} ({files} board files)\n\
         it holds personal data and secret keys: keep it encrypted and access-controlled",
        args.to.display()
    );
    said.unwrap_or_default();
    Ok(())
}

/// Copies database, keys and board of `storage` into the new folder `to`. Messages in the outbox
/// and uploads in the spool are not copied. Returns the number of board files.
///
/// # Errors
/// `to` exists, or something cannot be read or written; then `to` is incomplete and lacks the
/// checkpoints.
pub fn backup(storage: &StorageConfig, to: &Path, now: Millis) -> Result<usize, BackupError> {
    if !storage.database().is_file() {
        return Err(BackupError::NoFolder(storage.data_dir.clone()));
    }
    let copy = storage.with_data_dir(to);
    make_dir(to).map_err(|error| match error {
        BackupError::File { path, source } if source.kind() == io::ErrorKind::AlreadyExists => {
            BackupError::Exists(path)
        }
        other => other,
    })?;
    copy_database(storage, &copy, now)?;

    make_dir(&copy.keys_dir())?;
    copy_tree(&storage.keys_dir(), &copy.keys_dir())?;
    make_dir(&copy.board_dir())?;
    let files = copy_tree(&storage.board_dir(), &copy.board_dir())?;
    make_dir(&copy.outbox_dir())?;
    make_dir(&copy.spool_dir())?;
    File::create_new(copy.lock_file()).map_err(at(&copy.lock_file()))?;
    sync_dir(to)?;
    Ok(files)
}

fn copy_database(
    storage: &StorageConfig,
    copy: &StorageConfig,
    now: Millis,
) -> Result<(), BackupError> {
    let target = copy.database();
    let url = connection::url_of(&target)?;
    // VACUUM INTO fills an existing empty file, which keeps the mode we give it.
    File::create_new(&target)
        .and_then(|file| file.set_permissions(fs::Permissions::from_mode(0o600)))
        .map_err(at(&target))?;
    // Not read_only: query_only would refuse VACUUM. The live database is not changed.
    let pragmas = Pragmas {
        busy_timeout_ms: storage.busy_timeout_ms,
        read_only: false,
    };
    let live = connection::url_of_existing(&storage.database())?;
    let mut live = connection::establish(&live, pragmas)?;
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(&url)
        .execute(&mut live)
        .map_err(DbError::Query)?;
    let mut copied = connection::establish(&url, pragmas)?;
    tenants::mark_copied(&mut copied, now).map_err(DbError::Query)?;
    drop(copied);
    File::open(&target)
        .and_then(|file| file.sync_all())
        .map_err(at(&target))
}

/// Copies a tree of files that only grows, checkpoints read first and written last.
fn copy_tree(from: &Path, to: &Path) -> Result<usize, BackupError> {
    let mut checkpoints = Vec::new();
    for relative in list(from)? {
        if relative.file_name().is_some_and(|name| name == CHECKPOINT) {
            let path = from.join(&relative);
            checkpoints.push((fs::read(&path).map_err(at(&path))?, relative));
        }
    }
    let mut done = BTreeSet::new();
    loop {
        let new: Vec<PathBuf> = list(from)?
            .into_iter()
            .filter(|path| path.file_name().is_none_or(|name| name != CHECKPOINT))
            .filter(|path| !done.contains(path))
            .collect();
        if new.is_empty() {
            break;
        }
        for relative in new {
            let source = from.join(&relative);
            let target = to.join(&relative);
            make_parents(to, &target)?;
            match fs::copy(&source, &target) {
                Ok(_) => sync_file(&target)?,
                // A partial tile whose full tile has come; the next listing has that one.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !source.exists() => {}
                Err(error) => return Err(at(&source)(error)),
            }
            done.insert(relative);
        }
    }
    for (bytes, relative) in &checkpoints {
        let target = to.join(relative);
        make_parents(to, &target)?;
        fs::write(&target, bytes).map_err(at(&target))?;
        sync_file(&target)?;
    }
    Ok(done.len() + checkpoints.len())
}

/// Relative paths of all files below `dir`. Temporary files (a leading dot) are left out: their
/// writers have not finished them.
fn list(dir: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = dir.join(&folder);
        for entry in fs::read_dir(&path).map_err(at(&path))? {
            let entry = entry.map_err(at(&path))?;
            let relative = folder.join(entry.file_name());
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(at(&dir.join(relative))(error)),
            };
            if kind.is_dir() {
                folders.push(relative);
            } else if kind.is_file() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                files.push(relative);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn make_dir(path: &Path) -> Result<(), BackupError> {
    DirBuilder::new().mode(0o700).create(path).map_err(at(path))
}

fn make_parents(root: &Path, file: &Path) -> Result<(), BackupError> {
    let parent = file.parent().unwrap_or(root);
    DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(parent)
        .map_err(at(parent))
}

fn sync_file(path: &Path) -> Result<(), BackupError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(at(path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

fn sync_dir(path: &Path) -> Result<(), BackupError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Keys;
    use crate::cli::init::{InitRequest, init};
    use crate::config::Sources;

    fn data_folder(dir: &Path) -> StorageConfig {
        let flags = vec![
            (
                "storage.data_dir".to_owned(),
                dir.join("data").display().to_string(),
            ),
            ("auth.argon2_memory_kib".to_owned(), "64".to_owned()),
        ];
        let config = Config::load(&Sources {
            flags,
            ..Sources::default()
        })
        .unwrap();
        let request = InitRequest {
            tenant: "city".to_owned(),
            tenant_name: "City".to_owned(),
            admin: "alice".to_owned(),
            password: None,
        };
        init(&config, &request, 1).unwrap();
        config.storage
    }

    fn open(storage: &StorageConfig) -> connection::Connection {
        let pragmas = Pragmas {
            busy_timeout_ms: 1_000,
            read_only: false,
        };
        let url = connection::url_of_existing(&storage.database()).unwrap();
        connection::establish(&url, pragmas).unwrap()
    }

    #[test]
    fn a_copy_is_whole_marked_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let storage = data_folder(dir.path());
        let tile = "city/vote/tile/0/x001/000";
        let board = storage.board_dir();
        fs::create_dir_all(board.join(tile).parent().unwrap()).unwrap();
        fs::write(board.join(tile), b"hashes").unwrap();
        fs::write(board.join("city/vote/checkpoint"), b"state").unwrap();
        fs::write(board.join("city/vote/.checkpoint.tmp"), b"half").unwrap();
        // A writer holds the live database open, with its last commit only in the WAL.
        let mut live = open(&storage);
        tenants::create(&mut live, "late", "Late", 5).unwrap();

        let copy = storage.with_data_dir(&dir.path().join("copy"));
        assert_eq!(backup(&storage, &copy.data_dir, 77).unwrap(), 2);
        assert_eq!(fs::read(copy.board_dir().join(tile)).unwrap(), b"hashes");
        assert_eq!(
            fs::read(copy.board_dir().join("city/vote/checkpoint")).unwrap(),
            b"state"
        );
        assert!(!copy.board_dir().join("city/vote/.checkpoint.tmp").exists());
        Keys::load(&copy.keys_dir()).unwrap();
        let mut copied = open(&copy);
        assert!(tenants::find(&mut copied, "late").unwrap().is_some());
        assert_eq!(tenants::copied_at(&mut copied).unwrap(), Some(77));
        assert_eq!(tenants::copied_at(&mut live).unwrap(), None);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&copy.database()), 0o600);
        assert_eq!(mode(&copy.data_dir), 0o700);
    }

    #[test]
    fn an_existing_target_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let storage = data_folder(dir.path());
        let target = dir.path().join("copy");
        fs::create_dir(&target).unwrap();
        assert!(matches!(
            backup(&storage, &target, 1),
            Err(BackupError::Exists(_))
        ));
        assert!(list(&target).unwrap().is_empty());
    }
}
