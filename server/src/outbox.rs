//! Messages to voters: one-time codes.
//!
//! | adapter | where messages go |
//! |---|---|
//! | `files` | one file a message in a folder, for another program to send; the embedded default |
//! | `smtp` | a mail relay |
//!
//! Both take a message at once into a bounded queue, or refuse it: nothing waits for a mail server.
//!
//! # Security
//! Addresses and texts go to the adapter only, never to logs.

mod files;
mod smtp;

use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::config::{OutboxConfig, StorageConfig};

/// A message to one voter.
pub struct Message {
    /// E-mail address or telephone number.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: Zeroizing<String>,
}

/// Why the outbox does not work, or does not take a message.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The folder of the file outbox.
    #[error("outbox folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A setting that the mail library refuses.
    #[error("setting {setting}: {reason}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// Why.
        reason: String,
    },
    /// Too many messages wait.
    #[error("the outbox is full")]
    Full,
    /// The adapter has ended.
    #[error("the outbox is closed")]
    Closed,
}

/// Takes messages for the configured adapter.
pub enum Outbox {
    /// One file a message.
    Files(files::FileOutbox),
    /// A mail relay.
    Smtp(smtp::SmtpOutbox),
}

impl Outbox {
    /// Starts the adapter. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`OutboxError::Folder`], [`OutboxError::Setting`].
    pub fn open(config: &OutboxConfig, storage: &StorageConfig) -> Result<Self, OutboxError> {
        match config {
            OutboxConfig::Files { dir } => {
                let dir = dir.clone().unwrap_or_else(|| storage.outbox_dir());
                files::FileOutbox::open(dir).map(Self::Files)
            }
            OutboxConfig::Smtp(smtp) => smtp::SmtpOutbox::open(smtp).map(Self::Smtp),
        }
    }

    /// Takes a message to be delivered soon.
    ///
    /// # Errors
    /// [`OutboxError::Full`], [`OutboxError::Closed`].
    pub fn send(&self, message: Message) -> Result<(), OutboxError> {
        match self {
            Self::Files(files) => files.send(message),
            Self::Smtp(smtp) => smtp.send(message),
        }
    }

    /// Takes no more messages and waits until those taken are delivered or given up.
    pub async fn close(self: Arc<Self>) {
        match &*self {
            Self::Smtp(smtp) => smtp.close().await,
            Self::Files(_) => {
                let outbox = Arc::clone(&self);
                let closed = tokio::task::spawn_blocking(move || {
                    if let Self::Files(files) = &*outbox {
                        files.close();
                    }
                });
                if closed.await.is_err() {
                    tracing::error!("the outbox did not end cleanly");
                }
            }
        }
    }
}
