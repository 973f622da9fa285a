//! Starts and stops the server.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{NormalizePath, TrailingSlash, from_fn};
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App, HttpServer};
use hanpyo_ledger::entry::MAX_ENTRY_BYTES;
use tokio::task::JoinHandle;
use tracing_actix_web::TracingLogger;

use crate::clock::Clock;
use crate::config::{Config, StorageConfig};
use crate::db::DbError;
use crate::db::roll_changes::{self, Mark};
use crate::logging::RequestSpan;
use crate::problem::{envelope, json_config, path_config, query_config};
use crate::slow_body::hurry;
use crate::state::{AppState, StateError};

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Something in the data folder is unusable.
    #[error(transparent)]
    State(#[from] StateError),
    /// Another process serves this folder.
    #[error("{0} is locked: another hanpyo-server is running on this data folder")]
    Locked(PathBuf),
    /// `init` has not made this folder.
    #[error("{0}: no data folder of hanpyo-server; `hanpyo-server init` makes one")]
    NoFolder(PathBuf),
    /// A file of the data folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// A server that is running.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its handlers see.
    pub state: Arc<AppState>,
    handle: ServerHandle,
    server: JoinHandle<io::Result<()>>,
    patience: Duration,
    /// Held until the end: two servers on one folder would fork its logs.
    _lock: File,
}

/// Opens the data folder and starts to serve. Needs a tokio runtime.
///
/// # Errors
/// [`StartError`] says what is in the way; nothing is left running then.
pub fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    let lock = lock(&config.storage)?;
    let http = config.http.clone();
    let state = AppState::open(config, clock)?;
    let listen = |source| StartError::Listen {
        address: http.bind,
        source,
    };
    // Before anybody can begin another.
    let interrupted = interrupted_changes(&state)?;
    let listener = TcpListener::bind(http.bind).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let data = Data::from(Arc::clone(&state));
    let server = HttpServer::new(move || {
        // The envelope is inside the log's span and outside everything that may fail.
        App::new()
            .app_data(data.clone())
            .app_data(json_config(http.json_body_bytes))
            // Entries have their own limit, which is the format's.
            .app_data(PayloadConfig::new(MAX_ENTRY_BYTES))
            .app_data(path_config())
            .app_data(query_config())
            .wrap(from_fn(hurry))
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .wrap(from_fn(envelope))
            .wrap(TracingLogger::<RequestSpan>::new())
            .configure(crate::api::routes)
    })
    .workers(http.workers)
    .client_request_timeout(Duration::from_secs(http.request_head_seconds))
    .shutdown_timeout(http.shutdown_seconds)
    .disable_signals()
    .listen(listener)
    .map_err(listen)?
    .run();
    let handle = server.handle();
    state.ledgers.start();
    let db = state.db.clone();
    tokio::task::spawn_blocking(move || {
        for mark in interrupted {
            tracing::info!(
                election.id = %mark.election, roll.job = mark.job.name(),
                "a change of a roll was interrupted; clearing up after it"
            );
            crate::roll::clear_up(&db, mark);
        }
    });
    tracing::info!(http.address = %address, "hanpyo-server listens");
    Ok(Running {
        address,
        state,
        handle,
        server: tokio::spawn(server),
        patience: Duration::from_secs(http.shutdown_seconds),
        _lock: lock,
    })
}

/// Changes of rolls that a crash left behind.
fn interrupted_changes(state: &AppState) -> Result<Vec<Mark>, StateError> {
    let marks = state
        .db
        .read_blocking(|c| Ok::<_, DbError>(roll_changes::under_way(c)?))?;
    Ok(marks)
}

impl Running {
    /// Stops: no new requests, those under way end, then what was accepted is made durable.
    pub async fn stop(self) {
        tracing::info!("stopping");
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.server.await {
            tracing::error!(error = %error, "the HTTP server ended with an error");
        }
        // Accepted ballots become durable, then those are sequenced and published.
        let state = Arc::clone(&self.state);
        let drained = tokio::task::spawn_blocking(move || state.cast.close());
        if drained.await.is_err() {
            tracing::error!("the cast queue did not end cleanly");
        }
        self.state.ledgers.finish(self.patience).await;
        let outbox = Arc::clone(&self.state.outbox).close();
        if tokio::time::timeout(self.patience, outbox).await.is_err() {
            tracing::warn!("messages to voters were left undelivered");
        }
        self.state.db.close().await;
        tracing::info!("stopped");
    }

    /// Waits until the HTTP server ends by itself, which it does on an error only.
    pub async fn failed(&mut self) {
        match (&mut self.server).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "the HTTP server failed"),
            Err(error) => tracing::error!(error = %error, "the HTTP server panicked"),
        }
    }
}

/// Keeps every other process off the data folder, as long as the file is open.
pub(crate) fn lock(storage: &StorageConfig) -> Result<File, StartError> {
    let path = storage.lock_file();
    let file = File::options()
        .write(true)
        .open(&path)
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                StartError::NoFolder(storage.data_dir.clone())
            }
            _ => StartError::File {
                path: path.clone(),
                source,
            },
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::Locked(path)),
        Err(TryLockError::Error(source)) => Err(StartError::File { path, source }),
    }
}
