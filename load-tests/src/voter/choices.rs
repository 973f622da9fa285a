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

use std::collections::HashMap;
use std::io::Read;

use hanpyo_crypto::contest::{ContestKind, Rules, Selection};

use super::table::{self, TableError};

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

/// Why the choices of a ballot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChoicesError {
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
/// [`TableError`] of the first bad row; a voter's second row is one.
pub fn read(input: impl Read) -> Result<Vec<Choice>, TableError> {
    let mut first = HashMap::<String, u64>::new();
    table::read(input, &COLUMNS, |row| {
        let voter_id = row.filled("voter_id")?.to_owned();
        if let Some(other) = first.insert(voter_id.clone(), row.number) {
            return Err(row.wrong(format!("voter {voter_id} is in row {other} already")));
        }
        Ok(Choice {
            voter_id,
            contact: row.filled("contact")?.to_owned(),
            at_ms: row.number("at_ms")?,
            intent: match row.field("intent") {
                "cast" => Intent::Cast,
                "challenge" => Intent::ChallengeThenCast,
                other => {
                    let what = format!("intent: {other:?} is neither cast nor challenge");
                    return Err(row.wrong(what));
                }
            },
            choices: row.filled("choices")?.to_owned(),
        })
    })
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

#[cfg(test)]
mod tests {
    use hanpyo_crypto::contest::ScoreTotal;

    use super::*;

    const HEADING: &str = "voter_id,contact,at_ms,intent,choices\n";

    #[test]
    fn rows_become_choices_in_their_order() {
        let text = format!("{HEADING}b,b@x,20,challenge,2\na,a@x,10,cast,1;3>1\n");
        let choices = read(text.as_bytes()).unwrap();
        let [b, a] = choices.as_slice() else {
            panic!("two rows")
        };
        assert_eq!(
            (b.voter_id.as_str(), b.at_ms, b.intent),
            ("b", 20, Intent::ChallengeThenCast)
        );
        assert_eq!(
            (a.contact.as_str(), a.intent, a.choices.as_str()),
            ("a@x", Intent::Cast, "1;3>1")
        );
    }

    #[test]
    fn bad_rows_are_named() {
        for (rows, expected) in [
            (
                "a,a@x,1,cast,1\nb,b@x,1,cast,1\na,c@x,1,cast,1\n",
                "row 4: voter a is in row 2 already",
            ),
            (
                "a,a@x,soon,cast,1\n",
                "row 2: at_ms: \"soon\" is not a number",
            ),
            (
                "a,a@x,1,burn,1\n",
                "row 2: intent: \"burn\" is neither cast nor challenge",
            ),
            ("a,a@x,1,cast,\n", "row 2: choices is empty"),
            ("a,,1,cast,1\n", "row 2: contact is empty"),
        ] {
            let error = read(format!("{HEADING}{rows}").as_bytes()).err().unwrap();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn notation_of_every_kind_of_contest() {
        let options = 3;
        let kinds = [
            Rules::ChooseOne {
                options,
                blank: true,
            },
            Rules::Choose {
                options,
                min: 0,
                max: 2,
            },
            Rules::Score {
                options,
                maximum: 5,
                total: ScoreTotal::Free,
                unanswered: true,
            },
            Rules::Rank {
                options,
                min: 0,
                max: 3,
            },
        ];
        let kinds = kinds.map(|rules| ContestKind::new(rules).unwrap());
        let marked = selections("2; 1+3; 5/0/-; 3>1", &kinds).ok().unwrap();
        let expected = [
            Selection::ChooseOne(Some(1)),
            Selection::Choose(vec![0, 2]),
            Selection::Score(vec![Some(5), Some(0), None]),
            Selection::Rank(vec![2, 0]),
        ];
        assert!(marked == expected);
        let empty = selections("blank;none;-/-/-;none", &kinds).ok().unwrap();
        assert!(empty[0] == Selection::ChooseOne(None) && empty[3] == Selection::Rank(Vec::new()));
        for (notation, expected) in [
            ("0;1;-/-/-;1", 1),
            ("1;1>2;-/-/-;1", 2),
            ("1;1;x/0/0;1", 3),
            ("1;1;1/2/3;1+2", 4),
        ] {
            let Err(ChoicesError::Notation { contest, .. }) = selections(notation, &kinds) else {
                panic!("{notation}")
            };
            assert_eq!(contest, expected, "{notation}");
        }
        assert!(matches!(
            selections("1;1", &kinds),
            Err(ChoicesError::Count {
                expected: 4,
                found: 2
            })
        ));
    }
}
