//! The folder of a mirror.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use hanpyo_ledger::log::checkpoint::{CHECKPOINT_PATH, SignedCheckpoint};
use hanpyo_ledger::log::files::{FileStore, FolderSource};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::log::store::{PutError, Store as _};
use hanpyo_ledger::log::tile::{Tile, partial_tile};

use crate::error::{CannotRun, FolderProblem};

/// Key of the log, for convenience.
pub(super) const VKEY_PATH: &str = "vkey";
/// The checkpoint that is being copied.
const PENDING_PATH: &str = "checkpoint.pending";
/// Name under which a file is written before it replaces another.
const TEMPORARY: &str = ".checkpoint.new";
/// Signed checkpoints that contradict each other.
const EVIDENCE: &str = "evidence";

/// A folder that is looked at, not yet written to.
pub(super) struct Peek<'p>(&'p Path);

impl Peek<'_> {
    pub(super) fn problem(&self, reason: FolderProblem) -> CannotRun {
        CannotRun::Folder {
            folder: self.0.display().to_string(),
            reason,
        }
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, CannotRun> {
        match fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.problem(error.into())),
        }
    }

    /// Key of the log that it mirrors, if it is a mirror.
    pub(super) fn key(&self) -> Result<Option<VerifierKey>, CannotRun> {
        let Some(bytes) = self.read(VKEY_PATH)? else {
            return Ok(None);
        };
        let key = parse_key(&bytes).map_err(|reason| {
            self.problem(FolderProblem::Spoilt {
                file: VKEY_PATH,
                reason,
            })
        })?;
        Ok(Some(key))
    }

    /// A folder that is neither empty nor ours is left alone.
    pub(super) fn refuse_foreign(&self) -> Result<(), CannotRun> {
        let items = match fs::read_dir(self.0) {
            Ok(items) => items,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.problem(error.into())),
        };
        let mut names = Vec::new();
        for item in items {
            let item = item.map_err(|error| self.problem(error.into()))?;
            names.push(item.file_name().to_string_lossy().into_owned());
        }
        let ours = |name: &str| name == VKEY_PATH || name == CHECKPOINT_PATH;
        // An interruption before the vkey was written leaves the store's folder for temporary files.
        let foreign = names.iter().find(|name| !name.starts_with('.'));
        match foreign {
            Some(found) if !names.iter().any(|name| ours(name)) => {
                let found = found.clone();
                Err(self.problem(FolderProblem::Foreign { found }))
            }
            _ => Ok(()),
        }
    }
}

/// A key from the bytes of a vkey file.
pub(super) fn parse_key(bytes: &[u8]) -> Result<VerifierKey, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    super::key_from_text(text).map_err(|error| error.to_string())
}

/// A folder that mirrors a log.
pub(super) struct Folder<'k> {
    path: PathBuf,
    store: FileStore,
    log: &'k VerifierKey,
}

impl Folder<'_> {
    pub(super) const fn peek(path: &Path) -> Peek<'_> {
        Peek(path)
    }
}

impl<'k> Folder<'k> {
    /// Makes the folder if need be and ties it to the log.
    pub(super) fn open(path: &Path, log: &'k VerifierKey) -> Result<Self, CannotRun> {
        let peek = Peek(path);
        fs::create_dir_all(path).map_err(|error| peek.problem(error.into()))?;
        let folder = Self {
            path: path.to_owned(),
            store: FileStore::adopt(path)?,
            log,
        };
        if peek.key()?.is_none() {
            folder.put(VKEY_PATH, format!("{log}\n").as_bytes())?;
        }
        Ok(folder)
    }

    pub(super) fn source(&self) -> FolderSource {
        FolderSource::new(&self.path)
    }

    fn problem(&self, reason: FolderProblem) -> CannotRun {
        Peek(&self.path).problem(reason)
    }

    fn read_checkpoint(&self, file: &'static str) -> Result<Option<SignedCheckpoint>, CannotRun> {
        let Some(bytes) = Peek(&self.path).read(file)? else {
            return Ok(None);
        };
        match SignedCheckpoint::open(&bytes, self.log) {
            Ok(signed) => Ok(Some(signed)),
            Err(reason) => {
                let reason = reason.to_string();
                Err(self.problem(FolderProblem::Spoilt { file, reason }))
            }
        }
    }

    /// The checkpoint under which the folder is a whole record.
    pub(super) fn checkpoint(&self) -> Result<Option<SignedCheckpoint>, CannotRun> {
        self.read_checkpoint(CHECKPOINT_PATH)
    }

    /// What the log has shown to this folder.
    pub(super) fn seen(&self) -> Result<Vec<SignedCheckpoint>, CannotRun> {
        let pending = self.read_checkpoint(PENDING_PATH)?;
        Ok(self.checkpoint()?.into_iter().chain(pending).collect())
    }

    /// Remembers what is going to be copied.
    pub(super) fn put_pending(&self, signed: &SignedCheckpoint) -> Result<(), CannotRun> {
        self.replace(PENDING_PATH, &signed.to_bytes())
            .map_err(|error| self.problem(error.into()))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.path.join(TEMPORARY);
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(temporary, self.path.join(name))?;
        File::open(&self.path)?.sync_all()
    }

    /// Writes files that never change; those that are there with other bytes were spoilt and are
    /// replaced. Gives how many.
    pub(super) fn put_all(&self, files: &[(String, &[u8])]) -> Result<u64, CannotRun> {
        match self.store.put_all(files) {
            Ok(()) => return Ok(0),
            Err(PutError::Failed(error)) => return Err(error.into()),
            Err(PutError::Conflict(_)) => {}
        }
        let mut replaced = 0;
        for (path, bytes) in files {
            replaced += u64::from(self.put(path, bytes)?);
        }
        Ok(replaced)
    }

    /// Writes a file that never changes; whether it replaced a spoilt one.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<bool, CannotRun> {
        match self.store.put_if_absent(path, bytes) {
            Ok(_) => Ok(false),
            Err(PutError::Failed(error)) => Err(error.into()),
            Err(PutError::Conflict(_)) => {
                self.remove(path)?;
                match self.store.put_if_absent(path, bytes) {
                    Ok(_) => Ok(true),
                    Err(PutError::Failed(error)) => Err(error.into()),
                    Err(PutError::Conflict(conflict)) => {
                        let other = io::Error::other(conflict.to_string());
                        Err(self.problem(other.into()))
                    }
                }
            }
        }
    }

    /// Removes a file if it is there; whether it was.
    pub(super) fn remove(&self, path: &str) -> Result<bool, CannotRun> {
        match fs::remove_file(self.path.join(path)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.problem(error.into())),
        }
    }

    /// The checkpoint last, then away with what it does not need.
    pub(super) fn finish(&self, signed: &SignedCheckpoint) -> Result<(), CannotRun> {
        self.store.replace_checkpoint(&signed.to_bytes())?;
        self.remove(PENDING_PATH)?;
        let size = signed.checkpoint().size;
        for path in self.store.list("tile")? {
            let needed = Tile::parse(&path).is_ok_and(|tile| is_needed(&tile, size));
            if !needed {
                self.remove(&path)?;
                self.remove_if_empty(&path);
            }
        }
        Ok(())
    }

    /// The folder of a partial tile is of no use without it.
    fn remove_if_empty(&self, path: &str) {
        if let Some((folder, _)) = path.rsplit_once(".p/") {
            // It may hold others.
            fs::remove_dir(self.path.join(format!("{folder}.p"))).unwrap_or_default();
        }
    }

    /// Keeps two checkpoints that contradict each other, and the proof if there is one. Gives where.
    pub(super) fn keep_evidence(
        &self,
        seen: &SignedCheckpoint,
        shown: &SignedCheckpoint,
        proof: &[Hash],
    ) -> Result<String, CannotRun> {
        for signed in [seen, shown] {
            let checkpoint = signed.checkpoint();
            let root = checkpoint.root.to_hex();
            let short = root.get(..16).unwrap_or(&root);
            let path = format!("{EVIDENCE}/checkpoint-{}-{short}", checkpoint.size);
            self.put(&path, &signed.to_bytes())?;
        }
        if !proof.is_empty() {
            let (old, new) = (seen.checkpoint().size, shown.checkpoint().size);
            let (old, new) = (old.min(new), old.max(new));
            let lines: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
            let path = format!("{EVIDENCE}/consistency-{old}-{new}");
            self.put(&path, lines.as_bytes())?;
        }
        Ok(self.path.join(EVIDENCE).display().to_string())
    }
}

fn is_needed(tile: &Tile, size: u64) -> bool {
    if tile.is_full() {
        tile.first() + u64::from(tile.width()) <= tile.kind().items(size)
    } else {
        partial_tile(tile.kind(), size).as_ref() == Some(tile)
    }
}
