//! The kinds of contest, their parameters and the sizes that follow from them.

use crate::elgamal::CIPHERTEXT_BYTES;
use crate::group::{POINT_BYTES, SCALAR_BYTES};

use crate::range::MAX_AGGREGATION;

use super::score::Score;
use super::statement;

/// Bytes of a contest's parameters in the transcript: kind, k, a, b, c.
pub const PARAMETER_BYTES: usize = 40;

/// Largest contest (ciphertexts and proof) that can ever stand in an entry, in bytes.
pub const MAX_CONTEST_BYTES: usize = 65_535;

/// Largest S of a score contest.
pub const MAX_SCORE: u32 = 1 << 31;

/// A rule about the sum of all scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScoreTotal {
    /// None.
    Free,
    /// At most so much.
    AtMost(u32),
    /// Exactly so much.
    Exactly(u32),
}

impl ScoreTotal {
    /// T, if there is one.
    #[must_use]
    pub const fn bound(self) -> Option<u32> {
        match self {
            Self::Free => None,
            Self::AtMost(total) | Self::Exactly(total) => Some(total),
        }
    }
}

/// What a voter may mark in a contest of `options` options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rules {
    /// Exactly one option, or none if `blank`.
    ChooseOne {
        /// k.
        options: u32,
        /// Whether a blank ballot is allowed.
        blank: bool,
    },
    /// Between `min` and `max` options.
    Choose {
        /// k.
        options: u32,
        /// Least number of marks.
        min: u32,
        /// Greatest number of marks.
        max: u32,
    },
    /// A score from 0 to `maximum` for every option.
    Score {
        /// k.
        options: u32,
        /// S, at most [`MAX_SCORE`].
        maximum: u32,
        /// A rule about the sum.
        total: ScoreTotal,
        /// Whether options may stay without a score, which is not the score 0.
        unanswered: bool,
    },
    /// Between `min` and `max` options in order of preference.
    Rank {
        /// k.
        options: u32,
        /// Least number of ranked options.
        min: u32,
        /// Greatest number of ranked options.
        max: u32,
    },
}

impl Rules {
    /// k.
    #[must_use]
    pub const fn options(self) -> u32 {
        match self {
            Self::ChooseOne { options, .. }
            | Self::Choose { options, .. }
            | Self::Score { options, .. }
            | Self::Rank { options, .. } => options,
        }
    }
}

/// Why rules are no contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KindError {
    /// No kind has this number.
    #[error("contest kind {0} does not exist")]
    UnknownKind(u64),
    /// Fewer than two options, or more than can be numbered.
    #[error("{0} options where at least 2 are needed")]
    Options(u64),
    /// Bounds that no selection, or no voter, can meet.
    #[error("bounds {min}..{max} do not fit {options} options")]
    Bounds {
        /// Lower bound.
        min: u64,
        /// Upper bound.
        max: u64,
        /// k.
        options: u64,
    },
    /// A largest score, or a total, that no selection can meet, or that is none.
    #[error("scores up to {maximum} with a total of {total} do not fit {options} options")]
    Scores {
        /// S.
        maximum: u64,
        /// T, or 0.
        total: u64,
        /// k.
        options: u64,
    },
    /// A parameter that the kind does not have, or a flag that does not exist.
    #[error("parameter {name} is {found}, which this contest kind does not know")]
    Parameter {
        /// `a`, `b` or `c`.
        name: &'static str,
        /// Its value.
        found: u64,
    },
    /// An encrypted selection would not fit into an entry, or into a range proof.
    #[error(
        "too many options: an encrypted selection may have {MAX_CONTEST_BYTES} bytes, \
         and a score contest {MAX_AGGREGATION} ranges to prove"
    )]
    TooLarge,
}

/// Checked rules of a contest with the sizes that follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContestKind {
    rules: Rules,
    sizes: Sizes,
    score: Option<Score>,
}

/// How many of everything a contest has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sizes {
    /// k.
    pub(crate) options: usize,
    /// N.
    pub(crate) ciphertexts: usize,
    /// Statements of section 5.2.
    pub(crate) statements: usize,
    /// Branches of all statements together.
    pub(crate) branches: usize,
}

impl ContestKind {
    /// Checks rules.
    ///
    /// # Errors
    /// [`KindError`].
    pub fn new(rules: Rules) -> Result<Self, KindError> {
        let options = rules.options();
        if options < 2 {
            return Err(KindError::Options(options.into()));
        }
        if let Rules::Choose { options, min, max } | Rules::Rank { options, min, max } = rules
            && !(min <= max && max <= options && max >= 1)
        {
            return Err(KindError::Bounds {
                min: min.into(),
                max: max.into(),
                options: options.into(),
            });
        }
        if let Rules::Score { maximum, total, .. } = rules {
            let largest = u64::from(maximum) * u64::from(options);
            let bound = total.bound();
            if !(1..=MAX_SCORE).contains(&maximum)
                || bound.is_some_and(|total| total == 0 || u64::from(total) > largest)
            {
                return Err(KindError::Scores {
                    maximum: maximum.into(),
                    total: bound.unwrap_or(0).into(),
                    options: options.into(),
                });
            }
        }
        let kind = Self {
            rules,
            sizes: Sizes::of(rules)?,
            score: Score::of(rules)?,
        };
        if kind.ciphertext_bytes() + kind.proof_bytes() > MAX_CONTEST_BYTES {
            return Err(KindError::TooLarge);
        }
        Ok(kind)
    }

    /// Reads the five numbers of a manifest: kind, k, a, b, c.
    ///
    /// # Errors
    /// [`KindError`].
    pub fn from_parameters(parameters: [u64; 5]) -> Result<Self, KindError> {
        let [kind, options, a, b, c] = parameters;
        let options = u32::try_from(options).map_err(|_| KindError::Options(options))?;
        let bounds = || {
            let wrong = KindError::Bounds {
                min: a,
                max: b,
                options: options.into(),
            };
            Ok((
                u32::try_from(a).map_err(|_| wrong)?,
                u32::try_from(b).map_err(|_| wrong)?,
            ))
        };
        let unused = |name, found| match found {
            0 => Ok(()),
            found => Err(KindError::Parameter { name, found }),
        };
        let rules = match kind {
            1 => {
                unused("b", b)?;
                unused("c", c)?;
                let blank = match a {
                    0 => false,
                    1 => true,
                    found => return Err(KindError::Parameter { name: "a", found }),
                };
                Rules::ChooseOne { options, blank }
            }
            2 => {
                unused("c", c)?;
                let (min, max) = bounds()?;
                Rules::Choose { options, min, max }
            }
            3 => {
                let scores = KindError::Scores {
                    maximum: a,
                    total: b,
                    options: options.into(),
                };
                let bound = u32::try_from(b).map_err(|_| scores)?;
                let total = match c & 3 {
                    0 => {
                        unused("b", b)?;
                        ScoreTotal::Free
                    }
                    1 => ScoreTotal::AtMost(bound),
                    2 => ScoreTotal::Exactly(bound),
                    _ => {
                        return Err(KindError::Parameter {
                            name: "c",
                            found: c,
                        });
                    }
                };
                if c > 7 {
                    return Err(KindError::Parameter {
                        name: "c",
                        found: c,
                    });
                }
                Rules::Score {
                    options,
                    maximum: u32::try_from(a).map_err(|_| scores)?,
                    total,
                    unanswered: c & 4 != 0,
                }
            }
            4 => {
                unused("c", c)?;
                let (min, max) = bounds()?;
                Rules::Rank { options, min, max }
            }
            other => return Err(KindError::UnknownKind(other)),
        };
        Self::new(rules)
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// kind, k, a, b, c (section 5).
    #[must_use]
    pub fn parameters(&self) -> [u64; 5] {
        match self.rules {
            Rules::ChooseOne { options, blank } => [1, options.into(), blank.into(), 0, 0],
            Rules::Choose { options, min, max } => [2, options.into(), min.into(), max.into(), 0],
            Rules::Score {
                options,
                maximum,
                total,
                unanswered,
            } => {
                let flags = match total {
                    ScoreTotal::Free => 0,
                    ScoreTotal::AtMost(_) => 1,
                    ScoreTotal::Exactly(_) => 2,
                };
                [
                    3,
                    options.into(),
                    maximum.into(),
                    total.bound().unwrap_or(0).into(),
                    flags + if unanswered { 4 } else { 0 },
                ]
            }
            Rules::Rank { options, min, max } => [4, options.into(), min.into(), max.into(), 0],
        }
    }

    /// [`ContestKind::parameters`] as they are absorbed, 8 bytes little-endian each.
    #[must_use]
    pub fn parameter_bytes(&self) -> [u8; PARAMETER_BYTES] {
        let mut bytes = [0; PARAMETER_BYTES];
        let (words, _) = bytes.as_chunks_mut::<8>();
        for (word, parameter) in words.iter_mut().zip(self.parameters()) {
            *word = parameter.to_le_bytes();
        }
        bytes
    }

    /// k.
    #[must_use]
    pub fn options(&self) -> usize {
        self.sizes.options
    }

    /// N.
    #[must_use]
    pub fn ciphertexts(&self) -> usize {
        self.sizes.ciphertexts
    }

    /// Largest value that one position of the plaintext vector may hold.
    #[must_use]
    pub fn largest_value(&self) -> u64 {
        match self.rules {
            Rules::Score { maximum, .. } => maximum.into(),
            _ => 1,
        }
    }

    /// Bytes of all ciphertexts.
    #[must_use]
    pub fn ciphertext_bytes(&self) -> usize {
        self.sizes.ciphertexts * CIPHERTEXT_BYTES
    }

    /// Bytes of the proof (section 5.4).
    #[must_use]
    pub fn proof_bytes(&self) -> usize {
        let Sizes {
            statements,
            branches,
            ..
        } = self.sizes;
        let score = self.score.map_or(0, |score| {
            score.proof_bytes + 2 * POINT_BYTES + 2 * SCALAR_BYTES
        });
        score
            + 2 * POINT_BYTES * branches
            + SCALAR_BYTES * (branches - statements)
            + SCALAR_BYTES * branches
    }

    /// Points of all equations that stand in one ballot only: at most these.
    pub(crate) fn terms(&self) -> usize {
        let score = self
            .score
            .map_or(0, |score| score.proof_bytes / POINT_BYTES + 2);
        2 * (self.sizes.ciphertexts + self.sizes.branches) + score
    }

    pub(crate) fn score(&self) -> Option<&Score> {
        self.score.as_ref()
    }

    pub(crate) fn sizes(&self) -> &Sizes {
        &self.sizes
    }
}

impl Sizes {
    fn of(rules: Rules) -> Result<Self, KindError> {
        let options = rules.options();
        let rows = match rules {
            Rules::ChooseOne { .. } | Rules::Choose { .. } => 1,
            Rules::Score { unanswered, .. } => 1 + u32::from(unanswered),
            Rules::Rank { max, .. } => max,
        };
        let ciphertexts = usize::try_from(u64::from(options) * u64::from(rows))
            .ok()
            .filter(|count| *count <= MAX_CONTEST_BYTES / CIPHERTEXT_BYTES)
            .ok_or(KindError::TooLarge)?;
        // N is at most 1023 from here on, so nothing below overflows.
        let options = ciphertexts / rows.max(1) as usize;
        let (mut statements, mut branches) = (0, 0);
        for shape in statement::shapes(rules) {
            statements += 1;
            branches += shape.values.count(options);
        }
        Ok(Self {
            options,
            ciphertexts,
            statements,
            branches,
        })
    }
}
