//! The count: what the tally operator publishes after the close (docs/PROTOCOL.md sections 9.2 to 10.5), without
//! I/O. Everything follows from the board; nothing is kept between runs.

use curve25519_dalek::ristretto::RistrettoPoint;
use hanpyo_crypto::dlog::{DiscreteLog, DlogError, MAX_BOUND};
use hanpyo_crypto::group;
use hanpyo_ledger::entry::bounded::WrongLength;
use hanpyo_ledger::entry::{ElectionResult, Entry, EntryError, Outcome};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::record::result::Decided;
use hanpyo_ledger::record::{Phase, PublishError, RecordChecker};
use hanpyo_ledger::signature::{SignatureError, SigningKey};
use minicbor::{Decode, Encode};
use rayon::prelude::*;
use thiserror::Error;

use crate::board::{Board, BoardError};
use crate::checks::{Excluded, Progress, UP_TO_CHALLENGES};
use crate::election::NotInManifest;
use crate::role_file::RoleState;

/// Why nothing can be published.
#[derive(Debug, Error)]
pub enum CountError {
    /// The board, or a check on it.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// The key is not the tally operator's.
    #[error(transparent)]
    Key(#[from] NotInManifest),
    /// Sums or values do not fit entries.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A list does not fit.
    #[error(transparent)]
    Length(#[from] WrongLength),
    /// An entry is too long.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// Signing failed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A decrypted sum is no number within the bound: impossible if the checks passed.
    #[error("contest {contest}, group {group}, position {position}: {source}")]
    NoNumber {
        /// Contest.
        contest: u16,
        /// Group.
        group: usize,
        /// Position.
        position: usize,
        /// Why not.
        source: DlogError,
    },
    /// The table of discrete logarithms cannot be made.
    #[error("contest {contest}: {source}")]
    Table {
        /// Contest.
        contest: u16,
        /// Why not.
        source: DlogError,
    },
    /// Something that the phase promises is not there.
    #[error("the record checker has no {0}")]
    Missing(&'static str),
}

/// The tally operator remembers nothing but its key.
#[derive(Debug, Default, Encode, Decode)]
pub struct OperatorState;

impl RoleState for OperatorState {
    const KIND: &'static str = "hanpyo-tally-1";
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Publish these entries in order.
    Publish {
        /// Canonical bytes of signed entries.
        entries: Vec<Vec<u8>>,
        /// What they are, in words.
        what: String,
    },
    /// Others must act first.
    Wait(String),
    /// The record is finished.
    Done(String),
}

/// The next action of the tally operator.
///
/// # Errors
/// [`CountError`]; nothing may be published then.
pub fn next_action(board: &Board, key: &SigningKey) -> Result<Action, CountError> {
    let checker = board.checker();
    let election = board.election()?;
    election.tally(key)?;
    let phase = checker.phase();
    if phase == Phase::Void {
        return Ok(Action::Done("the election was declared void".to_owned()));
    }
    if phase < Phase::Closed {
        return Ok(Action::Wait("the close of voting".to_owned()));
    }
    if phase == Phase::Unusable {
        return Err(CountError::Missing("usable record"));
    }
    acceptable(board)?;
    let sign = |entry: Entry| -> Result<Vec<u8>, CountError> { Ok(entry.encode()?) };
    match phase {
        Phase::Closed => {
            let closed = checker.closed().ok_or(CountError::Missing("closed tree"))?;
            if !closed.gate_holds {
                return result(board, key);
            }
            let entries = closed
                .encrypted_tally()?
                .into_iter()
                .skip(board.seen().tally_entries)
                .map(|payload| sign(election.keys.sign(payload, &[key])?.into()))
                .collect::<Result<Vec<_>, CountError>>()?;
            Ok(Action::Publish {
                entries,
                what: "the encrypted tally".to_owned(),
            })
        }
        Phase::Decrypting | Phase::Results => {
            let done = checker.contest_results().len();
            let contests = u16::try_from(election.manifest.contests.len()).unwrap_or(u16::MAX);
            if done >= usize::from(contests) {
                return result(board, key);
            }
            let decrypted = checker.decrypted_by();
            let quorum = usize::from(election.manifest.roles.quorum.get());
            if decrypted.len() < quorum {
                return Ok(Action::Wait(format!(
                    "partial decryptions: {} of {quorum} trustees have decrypted everything",
                    decrypted.len()
                )));
            }
            let entries = (0..contests)
                .skip(done)
                .map(|contest| {
                    let values = values(checker, &election.manifest, contest)?;
                    let closed = checker.closed().ok_or(CountError::Missing("closed tree"))?;
                    // Of the first contest some entries may be there already.
                    let from = match usize::from(contest) == done {
                        true => checker.groups_with_values(),
                        false => 0,
                    };
                    closed
                        .contest_result(contest, &values, from)?
                        .into_iter()
                        .map(|payload| sign(election.keys.sign(payload, &[key])?.into()))
                        .collect::<Result<Vec<_>, CountError>>()
                })
                .collect::<Result<Vec<_>, CountError>>()?
                .concat();
            Ok(Action::Publish {
                entries,
                what: "the results of the contests".to_owned(),
            })
        }
        _ => Ok(Action::Done("the record is finished".to_owned())),
    }
}

/// Checks 1 to 8 must have passed, entries excluded by rule apart; what is excluded is told to the operator.
///
/// # Errors
/// [`BoardError::Check`].
pub fn acceptable(board: &Board) -> Result<Excluded, BoardError> {
    board.require(UP_TO_CHALLENGES, Progress::Complete)
}

/// Decrypted values of a contest: one list per group, one value per position.
fn values(
    checker: &RecordChecker,
    manifest: &Manifest,
    contest: u16,
) -> Result<Vec<Vec<u64>>, CountError> {
    let combined = checker
        .combined(contest)
        .ok_or(CountError::Missing("combined decryptions"))?;
    if combined.is_empty() {
        return Ok(Vec::new());
    }
    let closed = checker.closed().ok_or(CountError::Missing("closed tree"))?;
    let tally = closed
        .contests
        .get(usize::from(contest))
        .ok_or(CountError::Missing("contest"))?;
    // Score contests: the largest score; all others count ones.
    let largest = manifest
        .contests
        .get(usize::from(contest))
        .map_or(1, |contest| {
            if contest.kind.kind.get() == SCORE {
                contest.kind.a.max(1)
            } else {
                1
            }
        });
    let bound = tally.weight.saturating_mul(largest).min(MAX_BOUND);
    let count = combined.iter().map(Vec::len).sum();
    let table = table(bound, count).map_err(|source| CountError::Table { contest, source })?;
    let value = |(group, points): (usize, &Vec<RistrettoPoint>)| {
        let numbers = points.iter().enumerate().map(|(position, point)| {
            table.solve(point).map_err(|source| CountError::NoNumber {
                contest,
                group,
                position,
                source,
            })
        });
        numbers.collect()
    };
    combined.par_iter().enumerate().map(value).collect()
}

/// A table that suits `count` searches up to `bound`: the more there are, the larger.
fn table(bound: u64, count: usize) -> Result<DiscreteLog, DlogError> {
    let base = group::value_generator();
    let steps = u128::from(bound).saturating_mul(count as u128).isqrt();
    let bytes = usize::try_from(steps.saturating_mul(BYTES_PER_STEP)).unwrap_or(usize::MAX);
    if bytes >= LEAST_TABLE {
        DiscreteLog::with_memory(base, bound, bytes.min(LARGEST_TABLE))
    } else {
        DiscreteLog::new(base, bound)
    }
}

/// Bytes of a table per baby step, about.
const BYTES_PER_STEP: u128 = 10;
/// Below this the table that suits one search is good for all.
const LEAST_TABLE: usize = 1 << 16;
/// 256 MiB.
const LARGEST_TABLE: usize = 1 << 28;

/// Kind number of score contests (docs/PROTOCOL.md section 5).
const SCORE: u8 = 3;

/// The closing entry.
fn result(board: &Board, key: &SigningKey) -> Result<Action, CountError> {
    let checker = board.checker();
    let turnout = checker.turnout().ok_or(CountError::Missing("turnout"))?;
    let outcomes = checker.outcomes().ok_or(CountError::Missing("outcomes"))?;
    let outcomes = outcomes
        .into_iter()
        .map(outcome)
        .collect::<Result<Vec<_>, _>>()?;
    let payload = ElectionResult {
        ballots: turnout.ballots,
        paper: turnout.paper,
        electorate: turnout.electorate,
        outcomes: outcomes.try_into()?,
    };
    let signed = board.election()?.keys.sign(payload, &[key])?;
    Ok(Action::Publish {
        entries: vec![Entry::from(signed).encode()?],
        what: "the result".to_owned(),
    })
}

fn outcome(decided: Decided) -> Result<Outcome, WrongLength> {
    let winners: Vec<_> = decided.winners.into_iter().map(Into::into).collect();
    Ok(Outcome {
        status: decided.status,
        winners: winners.try_into()?,
    })
}
