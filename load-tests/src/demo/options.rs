//! What the visitor asked for, from the environment (`make demo NAME=value`), checked before anything starts.

use std::fs::File;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::DemoError;
use super::plan::{self, Plan};
use crate::scottish::CastVoteRecords;

/// Longest voting time that makes sense on one machine.
const LONGEST_VOTING: u64 = 86_400;

/// Contest kinds that cast vote records can be run as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordsKind {
    /// First preferences, one option each.
    Choose,
    /// Whole rankings.
    Rank,
}

/// What is voted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Seoul, 24 August 2011.
    Seoul {
        /// SCALE: one in so many electors.
        scale: u64,
    },
    /// BALLOTS and KIND: cast vote records.
    Records {
        /// The file.
        file: PathBuf,
        /// As what kind of contest.
        kind: RecordsKind,
    },
}

/// Options of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// EXIT=1: end after the report.
    pub exit: bool,
    /// SCALE, or BALLOTS and KIND.
    pub subject: Subject,
    /// OUT: keep the record there.
    pub out: Option<PathBuf>,
    /// PORT: where the server listens; a free one otherwise.
    pub port: Option<NonZeroU16>,
    /// VOTING: how long voting lasts, in seconds; as fits the number of electors otherwise.
    pub voting: Option<Duration>,
}

impl Options {
    /// Reads the options with `variable`, which gives the value of an environment variable. Empty ones count as absent,
    /// as make hands over those that are not set.
    ///
    /// # Errors
    /// [`DemoError::Option`] of the first that makes no sense.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, DemoError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let exit = match variable("EXIT").as_deref() {
            None | Some("0") => false,
            Some("1") => true,
            Some(other) => return Err(refused("EXIT", other, "1 or 0 is expected")),
        };
        let (scale, kind) = (variable("SCALE"), variable("KIND"));
        let subject = match variable("BALLOTS") {
            Some(file) => {
                if let Some(scale) = scale {
                    let reason = "has no meaning with BALLOTS, every ballot of the file is cast";
                    return Err(refused("SCALE", &scale, reason));
                }
                Subject::Records {
                    file: PathBuf::from(file),
                    kind: kind_of(kind.as_deref())?,
                }
            }
            None => {
                if let Some(kind) = kind {
                    let reason = "has a meaning only with BALLOTS=file.csv";
                    return Err(refused("KIND", &kind, reason));
                }
                let scale = number("SCALE", scale, "one in so many electors, for example 1000")?;
                Subject::Seoul {
                    scale: scale.unwrap_or(1000),
                }
            }
        };
        let voting = number("VOTING", variable("VOTING"), "seconds, for example 90")?;
        if let Some(voting) = voting.filter(|voting| !(1..=LONGEST_VOTING).contains(voting)) {
            let reason = format!("1 to {LONGEST_VOTING} seconds are expected");
            return Err(refused("VOTING", &voting.to_string(), &reason));
        }
        Ok(Self {
            exit,
            subject,
            out: variable("OUT").map(PathBuf::from),
            port: number("PORT", variable("PORT"), "a port number, 1 to 65535")?,
            voting: voting.map(Duration::from_secs),
        })
    }

    /// What the subject is as an election.
    pub(super) fn plan(&self) -> Result<Plan, DemoError> {
        // The run is the same every time but for keys and nonces.
        let mut rng = StdRng::seed_from_u64(20_110_824);
        match &self.subject {
            Subject::Seoul { scale } => plan::seoul(*scale, &mut rng),
            Subject::Records { file, kind } => {
                let failed = |source| DemoError::Records {
                    file: file.clone(),
                    source,
                };
                let opened = File::open(file).map_err(|error| failed(error.into()))?;
                let records = CastVoteRecords::parse(opened).map_err(failed)?;
                Ok(plan::records(&records, *kind, &mut rng))
            }
        }
    }

    /// Where the record is to be kept: a folder that is empty or can be made, so that no run ends with its record lost.
    pub(super) fn free_out(&self) -> Result<Option<PathBuf>, DemoError> {
        let Some(out) = &self.out else {
            return Ok(None);
        };
        let name = out.display().to_string();
        let failed = |error: std::io::Error| refused("OUT", &name, &error.to_string());
        let out = std::path::absolute(out).map_err(failed)?;
        match std::fs::read_dir(&out) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    let reason = "the folder is not empty; name a new one";
                    return Err(refused("OUT", &name, reason));
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        // Whoever may not write there finds out now and not after the election.
        let existing = out.ancestors().find(|folder| folder.exists());
        tempfile::tempfile_in(existing.unwrap_or(&out)).map_err(failed)?;
        Ok(Some(out))
    }
}

/// The port that was asked for, if nobody uses it, or a free one.
pub(super) fn free_port(asked: Option<NonZeroU16>) -> Result<u16, DemoError> {
    let number = asked.map_or(0, NonZeroU16::get);
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, number));
    match bound.and_then(|listener| listener.local_addr()) {
        Ok(address) => Ok(address.port()),
        Err(error) if asked.is_some() => {
            let reason = format!("cannot listen there: {error}");
            Err(refused("PORT", &number.to_string(), &reason))
        }
        Err(source) => Err(DemoError::io("finding a free port", source)),
    }
}

fn kind_of(kind: Option<&str>) -> Result<RecordsKind, DemoError> {
    match kind {
        None | Some("choose") => Ok(RecordsKind::Choose),
        Some("rank") => Ok(RecordsKind::Rank),
        Some(other) => Err(refused("KIND", other, "choose or rank is expected")),
    }
}

fn number<T: FromStr>(
    name: &'static str,
    value: Option<String>,
    expected: &str,
) -> Result<Option<T>, DemoError> {
    let parse = |value: String| {
        let refused = |_| refused(name, &value, &format!("{expected}, is expected"));
        value.parse().map_err(refused)
    };
    value.map(parse).transpose()
}

fn refused(name: &'static str, value: &str, reason: &str) -> DemoError {
    DemoError::Option {
        name,
        value: value.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[(&str, &str)]) -> Result<Options, String> {
        let variable = |name: &str| {
            let found = given.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Options::read(variable).map_err(|error| {
            assert_eq!(error.exit_code(), 2, "{error}");
            error.to_string()
        })
    }

    #[test]
    fn nothing_given_is_seoul_at_one_in_a_thousand() {
        let options = read(&[("EXIT", ""), ("SCALE", ""), ("BALLOTS", "")]).unwrap();
        assert_eq!(options.subject, Subject::Seoul { scale: 1000 });
        assert!(!options.exit && options.out.is_none() && options.port.is_none());
    }

    #[test]
    fn every_option_is_taken() {
        let options = read(&[
            ("EXIT", "1"),
            ("BALLOTS", "w.csv"),
            ("KIND", "rank"),
            ("OUT", "o"),
            ("PORT", "8080"),
            ("VOTING", "7"),
        ]);
        let expected = Options {
            exit: true,
            subject: Subject::Records {
                file: "w.csv".into(),
                kind: RecordsKind::Rank,
            },
            out: Some("o".into()),
            port: NonZeroU16::new(8080),
            voting: Some(Duration::from_secs(7)),
        };
        assert_eq!(options, Ok(expected));
    }

    #[test]
    fn what_makes_no_sense_is_named_with_its_value() {
        for (name, value) in [
            ("EXIT", "yes"),
            ("SCALE", "-1"),
            ("SCALE", "many"),
            ("PORT", "0"),
            ("PORT", "65536"),
            ("VOTING", "0"),
            ("VOTING", "86401"),
            ("KIND", "rank"),
        ] {
            let said = read(&[(name, value)]).unwrap_err();
            assert!(said.starts_with(&format!("{name}={value}: ")), "{said}");
        }
        let said = read(&[("BALLOTS", "w.csv"), ("KIND", "borda")]).unwrap_err();
        assert_eq!(said, "KIND=borda: choose or rank is expected");
        let said = read(&[("BALLOTS", "w.csv"), ("SCALE", "10")]).unwrap_err();
        assert!(said.starts_with("SCALE=10: "), "{said}");
    }

    #[test]
    fn scales_without_electors_are_refused_before_anything_starts() {
        for scale in ["0", "100001"] {
            let error = read(&[("SCALE", scale)]).unwrap().plan().unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(scale), "{error}");
        }
    }
}
