//! Cast vote records of ranked ballots (`data/scottish/README.md` has the format), and the plain count that an encrypted
//! count of the same ballots must equal.

use std::io::Read;

/// Most ballots that are run as an election on one machine.
pub const MAX_BALLOTS: u64 = 1_000_000;

/// One ward: candidates and ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVoteRecords {
    /// The ward's name.
    pub ward: String,
    /// Seats to fill.
    pub seats: u32,
    /// Candidates in order: name and party.
    pub candidates: Vec<(String, String)>,
    /// Ballots: how many, and candidates (from 0) in order of preference.
    pub ballots: Vec<(u64, Vec<usize>)>,
}

/// Why a file is not in the format.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// It cannot be read.
    #[error("cannot read: {0}")]
    Read(#[from] std::io::Error),
    /// A row that is not as it should be.
    #[error("row {row}: {what}")]
    Row {
        /// Row number from 1.
        row: usize,
        /// What is wrong.
        what: String,
    },
}

impl CastVoteRecords {
    /// Parses a file: first row candidates and seats, one row per distinct ballot, the candidates, the ward.
    ///
    /// # Errors
    /// [`RecordsError`] naming the row.
    pub fn parse(mut input: impl Read) -> Result<Self, RecordsError> {
        let mut text = String::new();
        input.read_to_string(&mut text)?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut header = None;
        let mut candidates = Vec::new();
        let mut ballots = Vec::new();
        let mut total = 0_u64;
        let mut ward = None;
        for (index, record) in reader.records().enumerate() {
            let row = index + 1;
            let bad = |what: String| RecordsError::Row { row, what };
            let record = record.map_err(|error| bad(error.to_string()))?;
            let fields: Vec<&str> = record
                .iter()
                .map(str::trim)
                .filter(|field| !field.is_empty())
                .collect();
            let Some((first, rest)) = fields.split_first() else {
                continue;
            };
            if ward.is_some() {
                return Err(bad("rows after the ward's name".to_owned()));
            }
            let Some((count, _)) = header else {
                let [seats] = rest else {
                    return Err(bad("the first row states candidates and seats".to_owned()));
                };
                let count: usize = number(first).map_err(&bad)?;
                let seats: u32 = number(seats).map_err(&bad)?;
                if count < 2 || seats == 0 {
                    return Err(bad("at least two candidates and one seat".to_owned()));
                }
                header = Some((count, seats));
                continue;
            };
            if first.starts_with("Candidate ") {
                let name = rest
                    .first()
                    .ok_or_else(|| bad("a candidate without a name".to_owned()))?;
                candidates.push((
                    (*name).to_owned(),
                    rest.get(1)
                        .map_or(String::new(), |party| (*party).to_owned()),
                ));
            } else if !candidates.is_empty() {
                ward = Some((*first).to_owned());
            } else {
                let ballot: (u64, Vec<usize>) = (
                    number(first).map_err(&bad)?,
                    ranking(rest, count).map_err(&bad)?,
                );
                total = ballot.0.saturating_add(total);
                if total > MAX_BALLOTS {
                    return Err(bad(format!("more than {MAX_BALLOTS} ballots")));
                }
                ballots.push(ballot);
            }
        }
        let end = |what: &str| RecordsError::Row {
            row: text.lines().count(),
            what: what.to_owned(),
        };
        let (count, seats) = header.ok_or_else(|| end("empty file"))?;
        if total == 0 {
            return Err(end("no ballots"));
        }
        if candidates.len() != count {
            return Err(end(&format!(
                "{} candidates named, {count} announced",
                candidates.len()
            )));
        }
        Ok(Self {
            ward: ward.ok_or_else(|| end("the ward's name is missing"))?,
            seats,
            candidates,
            ballots,
        })
    }

    /// Ballots in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.ballots.iter().map(|(count, _)| count).sum()
    }

    /// First preferences by candidate.
    #[must_use]
    pub fn first_preferences(&self) -> Vec<u64> {
        self.positions().into_iter().next().unwrap_or_default()
    }

    /// Row m, column i: ballots with candidate i at rank m (both from 0), partial rankings included.
    #[must_use]
    pub fn positions(&self) -> Vec<Vec<u64>> {
        let k = self.candidates.len();
        let mut matrix = vec![vec![0; k]; k];
        for (count, ranking) in &self.ballots {
            for (row, candidate) in matrix.iter_mut().zip(ranking) {
                if let Some(cell) = row.get_mut(*candidate) {
                    *cell += count;
                }
            }
        }
        matrix
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not a number"))
}

fn ranking(fields: &[&str], candidates: usize) -> Result<Vec<usize>, String> {
    let mut ranking: Vec<usize> = Vec::with_capacity(fields.len());
    for field in fields {
        let candidate: usize = number(field)?;
        let index = candidate.checked_sub(1).filter(|index| *index < candidates);
        let index = index.ok_or_else(|| format!("there is no candidate {candidate}"))?;
        if ranking.contains(&index) {
            return Err(format!("candidate {candidate} ranked twice"));
        }
        ranking.push(index);
    }
    Ok(ranking)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WARD: &str = "3,2,\n36,1,\n23,1,2,\n39,3,2,1,\n\"Candidate 1\",\"A\",\"P (P)\",\n\"Candidate 2\",\"B\",\"Q\",\n\"Candidate 3\",\"C\",\"R\",\n\"Ward 3\",\n";

    #[test]
    fn plain_count_of_a_small_ward() {
        let ward = CastVoteRecords::parse(WARD.as_bytes()).unwrap();
        assert_eq!(ward.ward, "Ward 3");
        assert_eq!(ward.total(), 98);
        assert_eq!(ward.first_preferences(), [59, 0, 39]);
        assert_eq!(ward.positions(), [[59, 0, 39], [0, 62, 0], [39, 0, 0]]);
    }

    /// Counts a file with nothing but `split`: ballots, and how many rank `candidate` (from 1) at `rank` (from 1).
    fn plain(text: &str, rank: usize, candidate: &str) -> u64 {
        let ballots = text
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with('"'));
        ballots
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|row| row.get(rank) == Some(&candidate))
            .map(|row| row[0].parse::<u64>().unwrap())
            .sum()
    }

    #[test]
    fn the_wards_in_the_repository_count_as_a_plain_reading_of_their_lines() {
        for (text, ballots, seats) in [
            (
                include_str!("../data/scottish/eilean_siar_2022_ward3.csv"),
                661,
                2,
            ),
            (
                include_str!("../data/scottish/inverclyde_2022_ward7.csv"),
                3157,
                3,
            ),
        ] {
            let ward = CastVoteRecords::parse(text.as_bytes()).unwrap();
            assert_eq!((ward.total(), ward.seats), (ballots, seats));
            let positions = ward.positions();
            for (rank, row) in positions.iter().enumerate() {
                for (candidate, count) in row.iter().enumerate() {
                    let expected = plain(text, rank + 1, &(candidate + 1).to_string());
                    assert_eq!(*count, expected, "{}, {rank}, {candidate}", ward.ward);
                }
            }
            assert_eq!(positions[0], ward.first_preferences());
            assert_eq!(positions[0].iter().sum::<u64>(), ballots);
            // Partial rankings: later ranks are given by fewer voters.
            assert!(positions[2].iter().sum::<u64>() < ballots);
        }
    }

    #[test]
    fn byte_order_mark_and_carriage_returns_are_accepted() {
        let text = format!("\u{feff}{}", WARD.replace('\n', "\r\n"));
        assert_eq!(CastVoteRecords::parse(text.as_bytes()).unwrap().total(), 98);
    }

    #[test]
    fn bad_rows_are_named() {
        for (from, to, row) in [
            ("23,1,2,", "23,1,1,", 3),
            ("23,1,2,", "23,1,4,", 3),
            ("36,", "x,", 2),
            ("3,2,", "3,", 1),
            ("39,3,", "1000000,3,", 4),
            ("36,", "18446744073709551615,", 2),
        ] {
            match CastVoteRecords::parse(WARD.replacen(from, to, 1).as_bytes()) {
                Err(RecordsError::Row { row: found, .. }) => assert_eq!(found, row, "{to}"),
                other => panic!("{to}: {other:?}"),
            }
        }
    }
}
