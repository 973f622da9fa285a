//! What can go wrong, and with which exit code the demonstration ends then.

use std::path::PathBuf;
use std::time::Duration;

use crate::scottish::RecordsError;
use crate::seoul::FiguresError;

/// Why the demonstration did not hold.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// An option that makes no sense.
    #[error("{name}={value}: {reason}")]
    Option {
        /// Name of the variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it may be, or why this is not possible.
        reason: String,
    },
    /// A program is not built.
    #[error("{program} is not in {folder}; run `make build` first")]
    MissingProgram {
        /// Its name.
        program: &'static str,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A program failed.
    #[error("{program} {arguments} ended with {code:?}:\n{output}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// What it was to do.
        arguments: String,
        /// Exit code.
        code: Option<i32>,
        /// Its last lines.
        output: String,
    },
    /// A file or process.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The figures of Seoul.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// The file of cast vote records.
    #[error("{file}: {source}", file = .file.display())]
    Records {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: RecordsError,
    },
    /// The server refused something.
    #[error("{what}: {status}: {answer}")]
    Refused {
        /// What was asked.
        what: String,
        /// HTTP status.
        status: u16,
        /// Its answer.
        answer: String,
    },
    /// The server did not answer.
    #[error("{what}: {source}")]
    Http {
        /// What was asked.
        what: String,
        /// Why.
        source: reqwest::Error,
    },
    /// An answer without something it must have.
    #[error("{what}: the answer has no {field}")]
    Missing {
        /// What was asked.
        what: String,
        /// What is missing.
        field: &'static str,
    },
    /// A wait that took too long.
    #[error("{what} did not happen within {} s", .patience.as_secs())]
    TooLate {
        /// What was waited for.
        what: String,
        /// For how long.
        patience: Duration,
    },
    /// Setting up ended after the close.
    #[error("voting was over before everything was ready; run again with a longer VOTING=seconds")]
    TooSlow,
    /// The result is not the plain count.
    #[error("the result is {found:?}, but the ballots add up to {expected:?}")]
    WrongResult {
        /// Plain count.
        expected: Vec<u64>,
        /// From the record.
        found: Vec<u64>,
    },
    /// The verifier found fault.
    #[error("the verifier ended with {0:?}")]
    NotVerified(Option<i32>),
}

impl DemoError {
    /// 2 if nothing was started because of what was asked or is missing, 1 if the demonstration did not hold.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Option { .. }
            | Self::MissingProgram { .. }
            | Self::Figures(_)
            | Self::Records { .. } => 2,
            _ => 1,
        }
    }

    pub(super) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            what: what.into(),
            source,
        }
    }
}
