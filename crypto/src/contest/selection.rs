//! A voter's marks in one contest.

use alloc::vec::Vec;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::kind::{ContestKind, Rules, ScoreTotal};

/// What a voter marked. Options are counted from 0 in the manifest's order.
///
/// # Security
/// This is the secret of the secret ballot: no `Debug`, wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Selection {
    /// One option, or blank.
    ChooseOne(Option<usize>),
    /// The options marked, in any order.
    Choose(Vec<usize>),
    /// A score for every option, or none where it stays unanswered.
    Score(Vec<Option<u32>>),
    /// The options ranked, most preferred first.
    Rank(Vec<usize>),
}

/// Why a selection is not permitted in a contest. Names options, so it must stay on the voter's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// The selection belongs to another kind of contest.
    #[error("the selection is of another kind than the contest")]
    WrongKind,
    /// No mark where one is needed.
    #[error("a blank selection is not allowed in this contest")]
    BlankNotAllowed,
    /// There is no such option.
    #[error("option {option} does not exist among {options}")]
    NoSuchOption {
        /// The option, from 0.
        option: usize,
        /// k.
        options: usize,
    },
    /// An option marked or ranked twice.
    #[error("option {option} is marked twice")]
    Twice {
        /// The option, from 0.
        option: usize,
    },
    /// Too many marks.
    #[error("overvote: {marked} marks where at most {max} are allowed")]
    Overvote {
        /// Number of marks.
        marked: usize,
        /// Greatest number allowed.
        max: usize,
    },
    /// Too few marks.
    #[error("undervote: {marked} marks where at least {min} are needed")]
    Undervote {
        /// Number of marks.
        marked: usize,
        /// Least number needed.
        min: usize,
    },
    /// Another number of scores than options.
    #[error("{found} scores for {expected} options")]
    ScoreCount {
        /// k.
        expected: usize,
        /// Scores given.
        found: usize,
    },
    /// An option without a score where all need one.
    #[error("option {option} has no score")]
    Unanswered {
        /// The option, from 0.
        option: usize,
    },
    /// A score above the largest.
    #[error("option {option}: score {score} is above {maximum}")]
    ScoreTooHigh {
        /// The option, from 0.
        option: usize,
        /// The score given.
        score: u32,
        /// S.
        maximum: u32,
    },
    /// The sum of the scores breaks the rule about it.
    #[error("the scores add up to {sum} where {total:?} is the rule")]
    Total {
        /// Sum given.
        sum: u64,
        /// The rule.
        total: ScoreTotal,
    },
    /// Opened values that are no permitted selection.
    #[error("the values are not a permitted selection of this contest")]
    NotASelection,
}

impl ContestKind {
    /// The plaintext vector v_1 .. v_N of a selection (section 5). Branches only on whether it is
    /// permitted.
    ///
    /// # Errors
    /// [`SelectionError`].
    pub fn plaintext(&self, selection: &Selection) -> Result<Zeroizing<Vec<u64>>, SelectionError> {
        let options = self.options();
        match (self.rules(), selection) {
            (Rules::ChooseOne { blank, .. }, Selection::ChooseOne(choice)) => {
                if choice.is_none() && !blank {
                    return Err(SelectionError::BlankNotAllowed);
                }
                self.check_marks(choice.as_slice(), 0, 1)?;
                let chosen = choice.unwrap_or(usize::MAX);
                Ok(unit_vector(options, &[chosen]))
            }
            (Rules::Choose { min, max, .. }, Selection::Choose(marks)) => {
                self.check_marks(marks, min as usize, max as usize)?;
                Ok(unit_vector(options, marks))
            }
            (
                Rules::Score {
                    maximum,
                    total,
                    unanswered,
                    ..
                },
                Selection::Score(scores),
            ) => {
                self.check_scores(scores, maximum, total, unanswered)?;
                let mut plaintext = Zeroizing::new(Vec::with_capacity(self.ciphertexts()));
                plaintext.extend(scores.iter().map(|score| u64::from(score.unwrap_or(0))));
                if unanswered {
                    plaintext.extend(scores.iter().map(|score| u64::from(score.is_some())));
                }
                Ok(plaintext)
            }
            (Rules::Rank { min, max, .. }, Selection::Rank(ranked)) => {
                self.check_marks(ranked, min as usize, max as usize)?;
                let mut plaintext = Zeroizing::new(Vec::with_capacity(self.ciphertexts()));
                for rank in 0..max as usize {
                    let option = ranked.get(rank).copied().unwrap_or(usize::MAX);
                    plaintext.extend_from_slice(&unit_vector(options, &[option]));
                }
                Ok(plaintext)
            }
            _ => Err(SelectionError::WrongKind),
        }
    }

    fn check_marks(&self, marks: &[usize], min: usize, max: usize) -> Result<(), SelectionError> {
        let options = self.options();
        let marked = marks.len();
        if let Some(&option) = marks.iter().find(|option| **option >= options) {
            return Err(SelectionError::NoSuchOption { option, options });
        }
        // Compared pair by pair: a table of seen options would be read at secret places.
        for (index, option) in marks.iter().enumerate() {
            if marks.iter().skip(index + 1).any(|other| other == option) {
                return Err(SelectionError::Twice { option: *option });
            }
        }
        if marked > max {
            return Err(SelectionError::Overvote { marked, max });
        }
        if marked < min {
            return Err(SelectionError::Undervote { marked, min });
        }
        Ok(())
    }

    fn check_scores(
        &self,
        scores: &[Option<u32>],
        maximum: u32,
        total: ScoreTotal,
        unanswered: bool,
    ) -> Result<(), SelectionError> {
        if scores.len() != self.options() {
            return Err(SelectionError::ScoreCount {
                expected: self.options(),
                found: scores.len(),
            });
        }
        for (option, score) in scores.iter().enumerate() {
            match *score {
                None if !unanswered => return Err(SelectionError::Unanswered { option }),
                Some(score) if score > maximum => {
                    return Err(SelectionError::ScoreTooHigh {
                        option,
                        score,
                        maximum,
                    });
                }
                _ => {}
            }
        }
        let sum = scores.iter().flatten().copied().map(u64::from).sum();
        let fits = match total {
            ScoreTotal::Free => true,
            ScoreTotal::AtMost(total) => sum <= u64::from(total),
            ScoreTotal::Exactly(total) => sum == u64::from(total),
        };
        if fits {
            Ok(())
        } else {
            Err(SelectionError::Total { sum, total })
        }
    }

    /// Reads a selection back from opened values. Not constant time: they are public by then.
    ///
    /// # Errors
    /// [`SelectionError::NotASelection`] if no permitted selection has these values.
    pub fn selection(&self, values: &[u64]) -> Result<Selection, SelectionError> {
        let marked = |values: &[u64]| -> Vec<usize> {
            let marks = values.iter().enumerate().filter(|(_, value)| **value != 0);
            marks.map(|(option, _)| option).collect()
        };
        let selection = match self.rules() {
            Rules::ChooseOne { .. } => Selection::ChooseOne(marked(values).first().copied()),
            Rules::Choose { .. } => Selection::Choose(marked(values)),
            Rules::Score { .. } => {
                let (scores, answered) = values
                    .split_at_checked(self.options())
                    .ok_or(SelectionError::NotASelection)?;
                let score = |(option, score): (usize, &u64)| {
                    let score = u32::try_from(*score).map_err(|_| SelectionError::NotASelection)?;
                    Ok((answered.get(option) != Some(&0)).then_some(score))
                };
                let scores = scores.iter().enumerate().map(score);
                Selection::Score(scores.collect::<Result<_, _>>()?)
            }
            Rules::Rank { .. } => Selection::Rank(
                values
                    .chunks(self.options())
                    .map_while(|row| marked(row).first().copied())
                    .collect(),
            ),
        };
        // Whatever was misread above gives other values again.
        match self.plaintext(&selection) {
            Ok(again) if again.as_slice() == values => Ok(selection),
            _ => Err(SelectionError::NotASelection),
        }
    }
}

/// 1 at the marked places, else 0; a mark outside marks nothing. Constant time in the marks.
fn unit_vector(options: usize, marks: &[usize]) -> Zeroizing<Vec<u64>> {
    let value = |option: usize| {
        let hit = marks
            .iter()
            .fold(Choice::from(0), |hit, mark| hit | option.ct_eq(mark));
        u64::conditional_select(&0, &1, hit)
    };
    Zeroizing::new((0..options).map(value).collect())
}
