//! Electoral rolls as files: import of voters and of the assignment of credentials.
//!
//! An upload is first spooled, so that a slow client holds nothing, then checked as a whole, and
//! only when nothing is wrong written, in parts that nobody sees before the last. Every problem is reported with
//! its line, column and reason.

mod agreement;
mod assignment;
mod identifier;
mod parts;
mod report;
mod spreadsheet;
mod table;
mod voters;

pub use agreement::{Disagreement, compare_with_board};
pub use assignment::{check_assignment, write_assignment};
pub(crate) use identifier::{LOOKALIKE, is_plain, typed};
pub use parts::Parts;
pub(crate) use parts::{clear_up, require_idle};
pub use report::{MAX_SHOWN, Report, RowProblem};
pub use spreadsheet::csv_of;
pub use table::Limits;
pub(crate) use table::is_formula;
pub use voters::{Directory, check_voters, is_contact, write_voters};

use std::io;

use crate::db::DbError;
use crate::problem::Problem;

/// Why a file could not be processed at all; what is wrong with its content is in the [`Report`].
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The spooled file cannot be read.
    #[error("spooled upload: {0}")]
    Read(#[from] io::Error),
    /// A query failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The content is not what was checked: the roll changed between check and write.
    #[error("the roll changed while the file was checked")]
    Changed,
}

impl FileError {
    /// What is there twice was not there when the file was checked.
    fn of_unique(error: diesel::result::Error) -> Self {
        let error = DbError::from(error);
        if error.is_unique_violation() {
            Self::Changed
        } else {
            error.into()
        }
    }
}

impl From<diesel::result::Error> for FileError {
    fn from(error: diesel::result::Error) -> Self {
        DbError::Query(error).into()
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Read(_) => Self::internal(&error),
            FileError::Db(error) => error.into(),
            FileError::Changed => Self::conflict(
                "roll-changed",
                "The roll was changed at the same time; check it and try again.",
            ),
        }
    }
}
