//! Two kinds of failure: of one request, and of a ledger.

use std::sync::Arc;

use hanpyo_ledger::entry::EntryError;
use hanpyo_ledger::log::recover::StopLedger;
use hanpyo_ledger::record::{Finding, SourceError};

use crate::auth::KeyError;
use crate::db::DbError;
use crate::roll::Disagreement;

/// This request was not done. Unless it is [`LedgerError::Stopped`] the ledger goes on.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Bytes that are no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The record checker does not let the entry come next.
    #[error("refused by the record checker: {}", list(.0))]
    Rejected(Vec<Finding>),
    /// The credential has a ballot, so it can no longer be revoked or struck.
    #[error("credential {0} has a ballot already")]
    HasBallot(u32),
    /// Voters who began in time may still cast.
    #[error("voting may be closed from {from} on, in seconds since 1970: closing time and grace")]
    StillVoting {
        /// When the grace ends.
        from: u64,
    },
    /// The roll on the board is not the imported roll.
    #[error(transparent)]
    Roll(#[from] Disagreement),
    /// Something else about the request.
    #[error("{0}")]
    Refused(&'static str),
    /// Database or storage cannot write now; nothing was done, or it is not known whether it was.
    #[error("cannot write now: {0}")]
    Unavailable(String),
    /// The ledger has stopped.
    #[error("the ledger has stopped: {0}")]
    Stopped(Arc<StopReason>),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

/// Why a ledger must not go on: an operator has to look at it.
#[derive(Debug, thiserror::Error)]
pub enum StopReason {
    /// What the log's rules say.
    #[error(transparent)]
    Log(#[from] StopLedger),
    /// The state row is not what this process left there.
    #[error(
        "the state row is not at size {expected} any more: another sequencer writes to this ledger"
    )]
    Swapped {
        /// Size that this process had last.
        expected: u64,
    },
    /// The row is gone.
    #[error("the database has no state of this ledger any more")]
    NoState,
    /// The database is a copy that was never compared with the log.
    #[error(
        "the database is a backup copy of {copied_at}: signing could fork the log; `hanpyo-server adopt` compares it with the published boards first"
    )]
    Copy {
        /// When it was copied.
        copied_at: String,
    },
    /// A stored value is not what this program writes.
    #[error("stored {what} is unreadable: {reason}")]
    Corrupt {
        /// Which value.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The election's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key is not the one in the manifest.
    #[error("the {0} key file does not hold the key that the manifest names")]
    OtherKey(&'static str),
}

impl StopReason {
    /// A short name for whoever may not see more: details can hold paths and are for the log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Log(StopLedger::StorageAhead { .. }) => "database-older",
            Self::Log(StopLedger::Forked { .. }) => "forked",
            Self::Log(
                StopLedger::Conflict(_)
                | StopLedger::NoCheckpoint
                | StopLedger::BadCheckpoint { .. }
                | StopLedger::RightEdge { .. },
            ) => "board-differs",
            Self::Log(StopLedger::EntriesMissing { .. } | StopLedger::Entries(_)) => {
                "entries-missing"
            }
            Self::Swapped { .. } => "other-sequencer",
            Self::NoState => "no-state",
            Self::Copy { .. } => "backup-copy",
            Self::Corrupt { .. } => "database-unreadable",
            Self::Key(_) => "key-unreadable",
            Self::OtherKey(_) => "other-key",
        }
    }
}

fn list(findings: &[Finding]) -> String {
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    findings.join("; ")
}

impl From<StopReason> for LedgerError {
    fn from(reason: StopReason) -> Self {
        Self::Stopped(Arc::new(reason))
    }
}

impl From<DbError> for LedgerError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Commit(reason) => Self::Unavailable(reason),
            DbError::Dropped | DbError::Busy => Self::Unavailable(error.to_string()),
            error if error.is_disk_trouble() => Self::Unavailable(error.to_string()),
            error => Self::Db(error),
        }
    }
}

impl From<diesel::result::Error> for LedgerError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<SourceError> for LedgerError {
    fn from(error: SourceError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
