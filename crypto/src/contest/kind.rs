//! The kinds of contest, their parameters and the sizes that follow from them.

use crate::elgamal::CIPHERTEXT_BYTES;
use crate::group::{POINT_BYTES, SCALAR_BYTES};

use super::statement;

/// Bytes of a contest's parameters in the transcript: kind, k, a, b, c.
pub const PARAMETER_BYTES: usize = 40;

/// Largest contest (ciphertexts and proof) that can ever stand in an entry, in bytes.
pub const MAX_CONTEST_BYTES: usize = 65_535;

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
    /// A parameter that the kind does not have, or a flag that does not exist.
    #[error("parameter {name} is {found}, which this contest kind does not know")]
    Parameter {
        /// `a`, `b` or `c`.
        name: &'static str,
        /// Its value.
        found: u64,
    },
    /// The encrypted contest would not fit into an entry.
    #[error("an encrypted selection would need more than {MAX_CONTEST_BYTES} bytes")]
    TooLarge,
}

/// Checked rules of a contest with the sizes that follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContestKind {
    rules: Rules,
    sizes: Sizes,
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
        let (Rules::ChooseOne { options, .. }
        | Rules::Choose { options, .. }
        | Rules::Rank { options, .. }) = rules;
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
        let kind = Self {
            rules,
            sizes: Sizes::of(rules)?,
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
        1
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
        2 * POINT_BYTES * branches
            + SCALAR_BYTES * (branches - statements)
            + SCALAR_BYTES * branches
    }

    /// Points of all equations: ciphertexts and commitments.
    pub(crate) fn terms(&self) -> usize {
        2 * (self.sizes.ciphertexts + self.sizes.branches)
    }

    pub(crate) fn sizes(&self) -> &Sizes {
        &self.sizes
    }
}

impl Sizes {
    fn of(rules: Rules) -> Result<Self, KindError> {
        let (Rules::ChooseOne { options, .. }
        | Rules::Choose { options, .. }
        | Rules::Rank { options, .. }) = rules;
        let rows = match rules {
            Rules::ChooseOne { .. } | Rules::Choose { .. } => 1,
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
