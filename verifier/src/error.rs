//! Why the program could not run: exit code 2, one line.

use std::io;

use hanpyo_ledger::acknowledgement::AcknowledgementError;
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::policy::PolicyError;
use hanpyo_ledger::log::receipt::ReceiptError;
use hanpyo_ledger::log::source::SourceError;
use hanpyo_ledger::log::store::StoreError;

use crate::assets::AssetsError;

/// Nothing can be said about the record, neither good nor bad.
#[derive(Debug, thiserror::Error)]
pub enum CannotRun {
    /// There is no checkpoint.
    #[error("there is no record: {0}")]
    NoRecord(SourceError),
    /// The network, the disk or the server failed.
    #[error(transparent)]
    Source(SourceError),
    /// Something that was read once could not be read again.
    #[error("the record changed or went away while it was read: {0}")]
    Reread(#[from] hanpyo_ledger::record::SourceError),
    /// A file that the user named.
    #[error("cannot read {file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// What went wrong.
        reason: io::Error,
    },
    /// A file that is no receipt.
    #[error("{file} is not a receipt: {reason}")]
    Receipt {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: ReceiptError,
    },
    /// A file that is no acknowledgement.
    #[error("{file}: {reason}")]
    Acknowledgement {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: AcknowledgementError,
    },
    /// A file that is no witness policy.
    #[error("{file} is not a witness policy: {reason}")]
    Policy {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: PolicyError,
    },
    /// A witness policy for other logs.
    #[error("the witness policy {file} is for other logs than {log}")]
    PolicyOfOther {
        /// The file.
        file: String,
        /// The log of the vkey given.
        log: KeyName,
    },
    /// Threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The folder of a mirror cannot be used.
    #[error("{folder}: {reason}")]
    Folder {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        reason: FolderProblem,
    },
    /// The disk failed under a mirror.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The pages cannot be compared.
    #[error(transparent)]
    Assets(#[from] AssetsError),
    /// The report could not be written.
    #[error("cannot write the report: {0}")]
    Output(io::Error),
}

/// Why a folder cannot hold the mirror.
#[derive(Debug, thiserror::Error)]
pub enum FolderProblem {
    /// It cannot be made, listed or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Files of something else.
    #[error("the folder is neither empty nor a mirror (it has {found})")]
    Foreign {
        /// One of them.
        found: String,
    },
    /// The mirror of another log.
    #[error("the folder mirrors {found}, not {expected}")]
    OtherLog {
        /// Key of the log to be mirrored.
        expected: String,
        /// Key in the folder.
        found: String,
    },
    /// A file of the mirror that is not what this program writes.
    #[error("{file} is spoilt: {reason}")]
    Spoilt {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}
