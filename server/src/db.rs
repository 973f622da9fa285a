//! The database: many readers, one writer that shares its durable commits.
//!
//! SQLite lets one connection write at a time, and a durable commit costs an fsync. All writes
//! therefore go to one thread (`writer`) that runs those that are waiting in one transaction,
//! each in a savepoint of its own, and answers them after the commit. Readers see the last
//! commit and never wait for the writer (WAL).
//!
//! Queries are functions in the modules below, each in one place, written with diesel's DSL so
//! that another backend can share them. Every query about a tenant's things takes its
//! [`crate::ids::TenantId`], which only a lookup that was authorised hands out.

pub mod audit;
pub mod ballots;
pub mod connection;
pub mod credentials;
pub mod elections;
pub mod entries;
pub mod ledgers;
pub mod lots;
pub mod message_runs;
pub mod migrations;
pub mod objections;
pub mod proposals;
pub mod roll;
pub mod roll_changes;
pub mod roll_requests;
pub(crate) mod schema;
pub mod sessions;
pub mod staff;
pub mod staff_control;
pub mod tenants;
pub mod turnout;
pub mod voter_codes;
pub mod voters;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::Connection as _;
use diesel::r2d2::{ConnectionManager, Pool};
use tokio::sync::Semaphore;

pub use self::connection::Connection;
use self::connection::Pragmas;
use self::writer::{WhenFull, Writer};
use crate::config::StorageConfig;

/// How long a read may wait for its turn.
const READ_PATIENCE: Duration = Duration::from_secs(5);

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Too much is waiting already; the caller may try again in a moment.
    #[error("the database is busy: its queue is full")]
    Busy,
    /// A query failed.
    #[error("query failed: {0}")]
    Query(#[from] diesel::result::Error),
    /// The shared commit failed, so nothing of this write is in the database.
    #[error("commit failed: {0}")]
    Commit(String),
    /// A connection could not be opened.
    #[error("no connection to the database: {0}")]
    Connect(String),
    /// The job did not end: it panicked, or the server is stopping.
    #[error("the database job was dropped before it ended")]
    Dropped,
    /// A stored value is not what this program writes.
    #[error("stored {what} is unreadable: {reason}")]
    Corrupt {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
}

impl DbError {
    /// Whether a query failed on a unique constraint.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(
            self,
            Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
        )
    }
}

impl DbError {
    /// Whether the disk is full or fails: later it may work.
    #[must_use]
    pub fn is_disk_trouble(&self) -> bool {
        // SQLite's own texts for SQLITE_FULL and SQLITE_IOERR; diesel does not hand on the codes.
        let told = |text: &str| {
            text.contains("database or disk is full") || text.contains("disk I/O error")
        };
        match self {
            Self::Query(diesel::result::Error::DatabaseError(_, info)) => told(info.message()),
            Self::Commit(reason) => told(reason),
            _ => false,
        }
    }
}

/// Handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Pool<ConnectionManager<Connection>>,
    read_turns: Arc<Semaphore>,
    writer: Writer,
}

impl Db {
    /// Opens the database at `path` with all its migrations applied.
    ///
    /// # Errors
    /// The file is missing (a database is made by `init` only, never because a file is absent),
    /// cannot be opened, or a migration fails.
    pub fn open(path: &Path, config: &StorageConfig) -> Result<Self, DbError> {
        let pragmas = Pragmas {
            busy_timeout_ms: config.busy_timeout_ms,
            read_only: false,
        };
        let url = connection::url_of_existing(path)?;
        let mut connection = connection::establish(&url, pragmas)?;
        migrations::apply(&mut connection)?;
        let writer = Writer::start(
            url.clone(),
            pragmas,
            connection,
            config.write_queue,
            config.write_batch,
        );
        let readers = Pool::builder()
            .max_size(config.read_connections)
            .connection_timeout(READ_PATIENCE)
            .connection_customizer(Box::new(Pragmas {
                read_only: true,
                ..pragmas
            }))
            .build(ConnectionManager::new(url))
            .map_err(|e| DbError::Connect(e.to_string()))?;
        let turns = usize::try_from(config.read_connections).unwrap_or(usize::MAX);
        Ok(Self {
            readers,
            read_turns: Arc::new(Semaphore::new(turns.min(Semaphore::MAX_PERMITS))),
            writer,
        })
    }

    /// Runs `job` on a reading connection, off the async threads, on one consistent snapshot.
    ///
    /// # Errors
    /// What `job` returns, or [`DbError::Busy`] when no connection is free in time.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        // Waiting for a turn here, not on a thread, keeps the blocking threads few.
        let turn = Arc::clone(&self.read_turns).acquire_owned();
        let turn = match tokio::time::timeout(READ_PATIENCE, turn).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) => return Err(DbError::Dropped.into()),
            Err(_) => return Err(DbError::Busy.into()),
        };
        let readers = self.readers.clone();
        let span = tracing::Span::current();
        let job = move || {
            let _turn = turn;
            let _in_span = span.entered();
            let mut connection = readers
                .get()
                .map_err(|e| E::from(DbError::Connect(e.to_string())))?;
            connection
                .transaction(|connection| job(connection).map_err(JobError::Job))
                .map_err(JobError::into_error)
        };
        tokio::task::spawn_blocking(job)
            .await
            .map_err(|_| E::from(DbError::Dropped))?
    }

    /// [`Self::read`] for threads outside the async runtime.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Connection) -> Result<T, E>,
    {
        let mut connection = self
            .readers
            .get()
            .map_err(|e| E::from(DbError::Connect(e.to_string())))?;
        connection
            .transaction(|connection| job(connection).map_err(JobError::Job))
            .map_err(JobError::into_error)
    }

    /// Runs `job` in a transaction on the writing thread and returns after it is durable.
    ///
    /// The job must be short: all writes wait for it. An error rolls back what this job did and
    /// nothing else.
    ///
    /// # Errors
    /// What `job` returns, [`DbError::Busy`] when the queue is full, or [`DbError::Commit`].
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let answer = self.writer.submit(WhenFull::Refuse, job)?;
        answer.await.map_err(|_| E::from(DbError::Dropped))?
    }

    /// [`Self::write`] for threads outside the async runtime.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.write_from_thread(WhenFull::Refuse, job)
    }

    /// [`Self::write_blocking`] that waits while the queue is full: for one part of work that would otherwise be
    /// lost with the parts before it.
    ///
    /// # Errors
    /// As [`Self::write`], never [`DbError::Busy`].
    pub fn write_patiently<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.write_from_thread(WhenFull::Wait, job)
    }

    fn write_from_thread<T, E, F>(&self, when_full: WhenFull, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let answer = self.writer.submit(when_full, job)?;
        answer
            .blocking_recv()
            .map_err(|_| E::from(DbError::Dropped))?
    }

    /// Whether [`Self::close`] was called.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }

    /// Finishes the writes that were accepted, then ends the writing thread. Later writes fail.
    pub async fn close(&self) {
        let writer = self.writer.clone();
        if tokio::task::spawn_blocking(move || writer.close())
            .await
            .is_err()
        {
            tracing::error!("the database writer did not end cleanly");
        }
    }
}

/// Joins a job's own error with those of the transaction around it.
pub(crate) enum JobError<E> {
    Job(E),
    Transaction(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for JobError<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Transaction(error)
    }
}

impl<E: From<DbError>> JobError<E> {
    pub(crate) fn into_error(self) -> E {
        match self {
            Self::Job(error) => error,
            Self::Transaction(error) => DbError::Query(error).into(),
        }
    }
}
