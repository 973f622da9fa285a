//! The electoral roll as the authority gets it: a CSV file with one row a voter.
//!
//! Columns, in any order, the names in the first row:
//!
//! | column | what |
//! |---|---|
//! | `voter_id` | what the server knows the voter by: 1 to 255 bytes, distinct, no control characters, not beginning with `=`, `+`, `-` or `@` |
//! | `style` | number of the ballot style in the manifest, from 0 |
//! | `unit` | number of the reporting unit in the manifest, from 0 |
//! | `weight` | 1 where all votes are equal |
//!
//! UTF-8 with or without a byte order mark, lines ending in LF or CRLF. All errors of a file are reported, each
//! with its row as a spreadsheet shows it (the heading is row 1; empty lines are not counted).
//!
//! Ten million rows take about 400 MB: texts stand in one buffer, numbers in plain vectors.

mod read;

use std::io::Read;

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Errors kept for printing; more are counted.
pub const KEPT_ERRORS: usize = 100;

/// What the manifest allows in a roll.
#[derive(Debug, Clone, Copy)]
pub struct RollLimits {
    /// Number of ballot styles.
    pub styles: usize,
    /// Number of reporting units.
    pub units: usize,
}

/// One thing wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Row of the file; the heading is 1.
    pub row: u64,
    /// What is wrong.
    pub reason: String,
}

/// Why a roll is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RollError {
    /// The first row does not name the columns.
    #[error("row 1 must name the columns {expected}: {reason}")]
    Heading {
        /// The columns needed.
        expected: String,
        /// Which one is missing, unknown or named twice.
        reason: String,
    },
    /// Rows are wrong.
    #[error("{}", listed(.errors, *.total))]
    Rows {
        /// The first [`KEPT_ERRORS`] errors.
        errors: Vec<RowError>,
        /// Number of all errors.
        total: u64,
    },
    /// Nobody may vote.
    #[error("no voters: the file has a heading only")]
    Empty,
    /// More than 2^32 - 1 credentials.
    #[error("more than {} voters", u32::MAX)]
    TooMany,
    /// The file cannot be read.
    #[error("cannot read the roll: {0}")]
    Read(String),
}

fn listed(errors: &[RowError], total: u64) -> String {
    let mut text = format!("{total} errors in the roll");
    for error in errors {
        text.push_str(&format!("\n  row {}: {}", error.row, error.reason));
    }
    if total > errors.len() as u64 {
        text.push_str(&format!("\n  and {} more", total - errors.len() as u64));
    }
    text
}

/// One voter of a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voter<'a> {
    /// What the server knows the voter by.
    pub id: &'a str,
    /// Ballot style.
    pub style: u16,
    /// Reporting unit.
    pub unit: u16,
    /// Public weight.
    pub weight: u32,
}

/// A roll in the order of its file.
#[derive(Default)]
pub struct Roll {
    ids: String,
    /// End of each identifier in `ids`.
    ends: Vec<usize>,
    styles: Vec<u16>,
    units: Vec<u16>,
    weights: Vec<u32>,
}

impl Roll {
    /// Reads a roll with the four columns.
    ///
    /// # Errors
    /// [`RollError`] with everything that is wrong.
    pub fn read(input: impl Read, limits: RollLimits) -> Result<Self, RollError> {
        read::read_with_index(input, limits, None).map(|(roll, _)| roll)
    }

    /// Reads the order file of the first authority: the four columns and `credential_index`, which must be a
    /// permutation of 0 .. n-1. Returns the index of each voter, in the order of the file.
    ///
    /// # Errors
    /// [`RollError`] with everything that is wrong.
    pub fn read_order(input: impl Read, limits: RollLimits) -> Result<(Self, Vec<u32>), RollError> {
        read::read_with_index(input, limits, Some("credential_index"))
    }

    /// Number of voters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The voter in a row, from 0.
    #[must_use]
    pub fn voter(&self, row: usize) -> Option<Voter<'_>> {
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        Some(Voter {
            id: self.ids.get(start..*self.ends.get(row)?)?,
            style: *self.styles.get(row)?,
            unit: *self.units.get(row)?,
            weight: *self.weights.get(row)?,
        })
    }

    /// All voters in order.
    pub fn voters(&self) -> impl Iterator<Item = Voter<'_>> {
        (0..self.len()).filter_map(|row| self.voter(row))
    }

    /// SHA-256 over all rows in order, so that a resumed run notices another roll.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for voter in self.voters() {
            hash.update((voter.id.len() as u64).to_le_bytes());
            hash.update(voter.id);
            hash.update(voter.style.to_le_bytes());
            hash.update(voter.unit.to_le_bytes());
            hash.update(voter.weight.to_le_bytes());
        }
        hash.finalize().into()
    }

    /// Rows sorted by identifier.
    fn sorted_rows(&self) -> Vec<u32> {
        use rayon::slice::ParallelSliceMut;
        let mut rows: Vec<u32> = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect();
        rows.par_sort_unstable_by_key(|&row| (self.voter(row as usize).map(|voter| voter.id), row));
        rows
    }

    /// Whether both rolls list the same voters with the same style, unit and weight, in whatever order.
    ///
    /// # Errors
    /// The first difference in words.
    pub fn same_voters(&self, other: &Self) -> Result<(), String> {
        if self.len() != other.len() {
            return Err(format!("{} voters and {} voters", self.len(), other.len()));
        }
        for (ours, theirs) in self.sorted_rows().into_iter().zip(other.sorted_rows()) {
            let (ours, theirs) = (self.voter(ours as usize), other.voter(theirs as usize));
            if ours != theirs {
                return Err(match (ours, theirs) {
                    (Some(ours), Some(theirs)) if ours.id == theirs.id => {
                        format!("voter {} has another style, unit or weight", ours.id)
                    }
                    (Some(ours), Some(theirs)) => {
                        format!("voter {} is in one of them only", ours.id.min(theirs.id))
                    }
                    _ => "different voters".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn push(&mut self, voter: Voter<'_>) {
        self.ids.push_str(voter.id);
        self.ends.push(self.ids.len());
        self.styles.push(voter.style);
        self.units.push(voter.unit);
        self.weights.push(voter.weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: RollLimits = RollLimits {
        styles: 2,
        units: 3,
    };

    fn read(text: &str) -> Result<Roll, RollError> {
        Roll::read(text.as_bytes(), LIMITS)
    }

    fn reasons(text: &str) -> Vec<(u64, String)> {
        match read(text) {
            Err(RollError::Rows { errors, .. }) => errors
                .into_iter()
                .map(|error| (error.row, error.reason))
                .collect(),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn spreadsheets_are_read() {
        let roll =
            read("\u{feff}unit,voter_id,weight,style\r\n2,\"Kim, A\",1,0\r\n0,이순신,7,1\r\n")
                .unwrap();
        let voters: Vec<_> = roll.voters().collect();
        assert_eq!(
            voters[0],
            Voter {
                id: "Kim, A",
                style: 0,
                unit: 2,
                weight: 1
            }
        );
        assert_eq!(
            voters[1],
            Voter {
                id: "이순신",
                style: 1,
                unit: 0,
                weight: 7
            }
        );
        assert_eq!(voters.len(), 2);
    }

    #[test]
    fn all_errors_are_reported_with_their_rows() {
        let text = "voter_id,style,unit,weight\na,0,0,1\nb,2,0,1\n,0,3,0\na,0,0,1\nc,0,0\nd,-1,+1,1e3\n x,0,0,1\n=1+1,0,0,1\n";
        let found = reasons(text);
        let expected = [
            (3, "style is \"2\", expected a number from 0 to 1"),
            (4, "voter_id is empty"),
            (4, "unit is \"3\", expected a number from 0 to 2"),
            (4, "weight is \"0\", expected a number from 1 to 4294967295"),
            (5, "voter_id \"a\" stands in row 2 already"),
            (6, "3 columns where 4 are expected"),
            (7, "style is \"-1\", expected a number from 0 to 1"),
            (7, "unit is \"+1\", expected a number from 0 to 2"),
            (
                7,
                "weight is \"1e3\", expected a number from 1 to 4294967295",
            ),
            (8, "voter_id begins or ends with a space"),
            (
                9,
                "voter_id begins with one of = + - @, which a spreadsheet would compute",
            ),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(row, reason)| (*row, (*reason).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn errors_are_counted_beyond_those_kept() {
        let rows: String = (0..250).map(|row| format!("v{row},9,0,1\n")).collect();
        let Err(RollError::Rows { errors, total }) =
            read(&format!("voter_id,style,unit,weight\n{rows}"))
        else {
            panic!("accepted")
        };
        assert_eq!((errors.len(), total), (KEPT_ERRORS, 250));
    }

    #[test]
    fn headings_must_fit() {
        for (heading, reason) in [
            ("voter_id,style,unit", "there is no column weight"),
            (
                "voter_id,style,unit,weight,phone",
                "unknown column \"phone\"",
            ),
            (
                "voter_id,style,unit,weight,unit",
                "column unit is named twice",
            ),
            ("", "there is no column voter_id"),
        ] {
            match read(&format!("{heading}\n")) {
                Err(RollError::Heading { reason: found, .. }) => assert_eq!(found, reason),
                _ => panic!("{heading}"),
            }
        }
        assert!(matches!(
            read("voter_id,style,unit,weight\n"),
            Err(RollError::Empty)
        ));
    }

    #[test]
    fn an_order_file_must_be_a_permutation() {
        let read = |indices: [u32; 3]| {
            let rows: String = indices
                .iter()
                .zip(["a", "b", "c"])
                .map(|(index, id)| format!("{id},{index},0,0,1\n"))
                .collect();
            Roll::read_order(
                format!("voter_id,credential_index,style,unit,weight\n{rows}").as_bytes(),
                LIMITS,
            )
        };
        assert_eq!(read([2, 0, 1]).unwrap().1, [2, 0, 1]);
        assert!(matches!(
            read([2, 0, 2]),
            Err(RollError::Rows { total: 1, .. })
        ));
        assert!(matches!(
            read([3, 0, 1]),
            Err(RollError::Rows { total: 1, .. })
        ));
    }

    #[test]
    fn rolls_are_compared_whatever_their_order() {
        let heading = "voter_id,style,unit,weight\n";
        let roll = |rows: &str| read(&format!("{heading}{rows}")).unwrap();
        let ours = roll("a,0,0,1\nb,1,0,1\n");
        assert_eq!(ours.same_voters(&roll("b,1,0,1\na,0,0,1\n")), Ok(()));
        assert_ne!(ours.hash(), roll("b,1,0,1\na,0,0,1\n").hash());
        assert!(
            ours.same_voters(&roll("a,0,0,1\nb,0,0,1\n"))
                .unwrap_err()
                .contains("voter b")
        );
        assert!(
            ours.same_voters(&roll("a,0,0,1\nc,1,0,1\n"))
                .unwrap_err()
                .contains("voter b")
        );
        assert!(ours.same_voters(&roll("a,0,0,1\n")).is_err());
    }
}
