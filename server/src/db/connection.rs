//! One SQLite connection and how it is set up.

use std::path::Path;

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::r2d2::{CustomizeConnection, Error as PoolError};
use diesel::sqlite::SqliteConnection;

use super::DbError;

/// The connection type of every query. PostgreSQL will come in beside it.
pub type Connection = SqliteConnection;

/// Set on every connection before its first query.
#[derive(Debug, Clone, Copy)]
pub struct Pragmas {
    /// How long to wait for another process's lock, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Refuse writes: readers must not compete with the writing thread.
    pub read_only: bool,
}

impl Pragmas {
    fn apply(self, connection: &mut Connection) -> diesel::QueryResult<()> {
        // busy_timeout first: switching to WAL may have to wait. FULL, because an acknowledged
        // ballot must survive a power cut.
        connection.batch_execute(&format!(
            "PRAGMA busy_timeout = {};
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA query_only = {};",
            self.busy_timeout_ms,
            if self.read_only { "ON" } else { "OFF" },
        ))
    }
}

impl CustomizeConnection<Connection, PoolError> for Pragmas {
    fn on_acquire(&self, connection: &mut Connection) -> Result<(), PoolError> {
        self.apply(connection).map_err(PoolError::QueryError)
    }
}

/// Opens a connection.
///
/// # Errors
/// The file cannot be opened or a PRAGMA fails.
pub fn establish(url: &str, pragmas: Pragmas) -> Result<Connection, DbError> {
    let mut connection = Connection::establish(url).map_err(|e| DbError::Connect(e.to_string()))?;
    pragmas.apply(&mut connection)?;
    Ok(connection)
}

/// The path as diesel takes it.
///
/// # Errors
/// The file does not exist (SQLite would make an empty one) or its path is not UTF-8.
pub fn url_of_existing(path: &Path) -> Result<String, DbError> {
    if !path.is_file() {
        return Err(DbError::Connect(format!(
            "{} does not exist; `hanpyo-server init` makes it",
            path.display()
        )));
    }
    url_of(path)
}

/// The path as diesel takes it, whether or not the file exists.
///
/// # Errors
/// The path is not UTF-8.
pub fn url_of(path: &Path) -> Result<String, DbError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| DbError::Connect(format!("{} is not UTF-8", path.display())))
}
