//! Data folder and database.

use std::path::{Path, PathBuf};

use super::Reader;

/// Where the embedded store lives and how its connections behave.
#[derive(Debug, Clone)]
pub struct StorageConfig {
    /// Folder made by `hanpyo-server init`.
    pub data_dir: PathBuf,
    /// Connections that read at the same time.
    pub read_connections: u32,
    /// How long to wait for a lock of another process, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Writes that may wait for the writer; more are refused with 503.
    pub write_queue: usize,
    /// Writes that share one durable transaction at most.
    pub write_batch: usize,
}

impl StorageConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            data_dir: r.get(
                "storage.data_dir",
                PathBuf::from("hanpyo-data"),
                "folder with database, keys, board and outbox, made by `hanpyo-server init`",
            ),
            read_connections: r.number(
                "storage.read_connections",
                8,
                1..=256,
                "database connections that read at the same time",
            ),
            busy_timeout_ms: r.number(
                "storage.busy_timeout_ms",
                5_000,
                0..=60_000,
                "how long to wait for another process's database lock, in milliseconds",
            ),
            write_queue: r.number(
                "storage.write_queue",
                4_096,
                16..=1_000_000,
                "writes that may wait; more are answered with 503",
            ),
            write_batch: r.number(
                "storage.write_batch",
                256,
                1..=10_000,
                "writes that share one durable transaction at most",
            ),
        }
    }

    /// The SQLite database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("hanpyo.sqlite")
    }

    /// Folder of secret keys, mode 0700.
    #[must_use]
    pub fn keys_dir(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// Folder of the public board: `<tenant>/<election>/checkpoint`, `tile/...`.
    #[must_use]
    pub fn board_dir(&self) -> PathBuf {
        self.data_dir.join("board")
    }

    /// Folder of the file outbox unless set otherwise.
    #[must_use]
    pub fn outbox_dir(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }

    /// Folder for uploads while they are checked.
    #[must_use]
    pub fn spool_dir(&self) -> PathBuf {
        self.data_dir.join("spool")
    }

    /// Locked by the process that serves this folder.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("lock")
    }

    /// A copy of these settings for another data folder.
    #[must_use]
    pub fn with_data_dir(&self, data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            ..self.clone()
        }
    }
}
