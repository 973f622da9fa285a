//! What voters mark: the choices file and the notation of one ballot's choices.
//!
//! A ballot's choices are one text per contest of the style, joined by `;`. Options count from 1:
//!
//! | contest kind | notation |
//! |---|---|
//! | choose one | `2`, or `blank` |
//! | choose min..max | `1+3`, or `none` |
//! | score | `5/0/-`: one score per option, `-` unanswered |
//! | rank | `3>1>2`, most preferred first, or `none` |

use std::io::Read;

use hanpyo_crypto::contest::{ContestKind, Rules, Selection};

/// What a voter does with the encrypted ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Cast it.
    Cast,
    /// Open it instead, then encrypt anew and cast.
    ChallengeThenCast,
}

/// One row of a choices file.
#[derive(Clone, PartialEq, Eq)]
pub struct Choice {
    /// The voter, as in the electoral roll.
    pub voter_id: String,
    /// Where the one-time code is sent, to find it in a file outbox.
    pub contact: String,
    /// When, in milliseconds from the start of the run.
    pub at_ms: u64,
    /// Cast, or challenge first.
    pub intent: Intent,
    /// Notation of the choices.
    pub choices: String,
}

/// Why choices cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChoicesError {
    /// A row of the file.
    #[error("row {row}: {what}")]
    Row {
        /// Row number, the heading being 1.
        row: u64,
        /// What is wrong.
        what: String,
    },
    /// Another number of texts than contests.
    #[error("{found} choices for {expected} contests (separate them with ';')")]
    Count {
        /// Contests of the style.
        expected: usize,
        /// Texts given.
        found: usize,
    },
    /// A text that is no choice in its contest.
    #[error("contest {contest}: {text:?}: {expected}")]
    Notation {
        /// Number of the contest, from 1, within the style.
        contest: usize,
        /// What was written.
        text: String,
        /// What is expected.
        expected: &'static str,
    },
}

const COLUMNS: [&str; 5] = ["voter_id", "contact", "at_ms", "intent", "choices"];

/// Reads a choices file: CSV with the columns `voter_id,contact,at_ms,intent,choices`; intent is `cast` or `challenge`.
///
/// # Errors
/// [`ChoicesError::Row`] of the first bad row.
pub fn read(mut input: impl Read) -> Result<Vec<Choice>, ChoicesError> {
    let row_error = |row: u64, what: String| ChoicesError::Row { row, what };
    let mut text = String::new();
    input
        .read_to_string(&mut text)
        .map_err(|error| row_error(0, error.to_string()))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heading = reader
        .headers()
        .map_err(|error| row_error(1, error.to_string()))?;
    if heading.iter().map(str::trim).ne(COLUMNS) {
        return Err(row_error(
            1,
            format!("the columns must be {}", COLUMNS.join(",")),
        ));
    }
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let row = index as u64 + 2;
        let record = record.map_err(|error| row_error(row, error.to_string()))?;
        let field = |column: usize| record.get(column).unwrap_or_default().trim().to_owned();
        rows.push(Choice {
            voter_id: field(0),
            contact: field(1),
            at_ms: field(2)
                .parse()
                .map_err(|_| row_error(row, format!("at_ms: {:?} is not a number", field(2))))?,
            intent: match field(3).as_str() {
                "cast" => Intent::Cast,
                "challenge" => Intent::ChallengeThenCast,
                other => {
                    return Err(row_error(
                        row,
                        format!("intent: {other:?} is neither cast nor challenge"),
                    ));
                }
            },
            choices: field(4),
        });
    }
    Ok(rows)
}

/// The selections of one ballot, for the contests of its style.
///
/// # Errors
/// [`ChoicesError::Count`], [`ChoicesError::Notation`]. Whether a selection is permitted is decided when it is encrypted.
pub fn selections(notation: &str, kinds: &[ContestKind]) -> Result<Vec<Selection>, ChoicesError> {
    let texts: Vec<&str> = notation.split(';').map(str::trim).collect();
    if texts.len() != kinds.len() {
        return Err(ChoicesError::Count {
            expected: kinds.len(),
            found: texts.len(),
        });
    }
    (texts.iter().zip(kinds).enumerate())
        .map(|(index, (text, kind))| {
            let wrong = |expected| ChoicesError::Notation {
                contest: index + 1,
                text: (*text).to_owned(),
                expected,
            };
            match kind.rules() {
                Rules::ChooseOne { .. } if *text == "blank" => Ok(Selection::ChooseOne(None)),
                Rules::ChooseOne { .. } => option(text)
                    .map(|i| Selection::ChooseOne(Some(i)))
                    .ok_or_else(|| wrong("an option's number, or blank")),
                Rules::Choose { .. } => options(text, '+')
                    .map(Selection::Choose)
                    .ok_or_else(|| wrong("option numbers joined by +, or none")),
                Rules::Rank { .. } => options(text, '>')
                    .map(Selection::Rank)
                    .ok_or_else(|| wrong("option numbers joined by >, or none")),
                Rules::Score { .. } => scores(text)
                    .map(Selection::Score)
                    .ok_or_else(|| wrong("scores joined by /, - for unanswered")),
            }
        })
        .collect()
}

fn option(text: &str) -> Option<usize> {
    text.parse::<usize>().ok()?.checked_sub(1)
}

fn options(text: &str, separator: char) -> Option<Vec<usize>> {
    if text == "none" {
        return Some(Vec::new());
    }
    text.split(separator)
        .map(|part| option(part.trim()))
        .collect()
}

fn scores(text: &str) -> Option<Vec<Option<u32>>> {
    text.split('/')
        .map(|part| match part.trim() {
            "-" => Some(None),
            score => score.parse().ok().map(Some),
        })
        .collect()
}
