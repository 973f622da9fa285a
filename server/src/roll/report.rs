//! What is wrong with an uploaded file.

use serde::Serialize;
use utoipa::ToSchema;

/// Problems that are listed; the others are only counted.
pub const MAX_SHOWN: usize = 1_000;

/// One problem of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowProblem {
    /// Line in the file, from 1; null if the problem is with the file as a whole.
    #[schema(example = 17)]
    pub line: Option<u64>,
    /// Column; null if the problem is with the whole line.
    #[schema(example = "district")]
    pub column: Option<&'static str>,
    /// What was expected and found.
    pub reason: String,
}

/// The outcome of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Rows with data, those with problems included.
    pub rows: u64,
    /// Number of problems.
    pub problems_total: u64,
    /// The first 1,000 problems.
    pub problems: Vec<RowProblem>,
}

impl Report {
    /// Notes a problem.
    pub(super) fn add(
        &mut self,
        line: Option<u64>,
        column: Option<&'static str>,
        reason: impl Into<String>,
    ) {
        self.problems_total += 1;
        if self.problems.len() < MAX_SHOWN {
            self.problems.push(RowProblem {
                line,
                column,
                reason: reason.into(),
            });
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems_total == 0
    }
}
