//! What everyone may see of an election at any moment, worked out once after each publication.

use hanpyo_ledger::entry::Seconds;
use hanpyo_ledger::record::Phase as RecordPhase;
use serde::Serialize;
use utoipa::ToSchema;

use super::record::Record;
use crate::names::names;

/// Where an election stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The trustees make the joint key.
    Ceremony,
    /// The trustees show that they can decrypt.
    Drill,
    /// The credential authority publishes the roll.
    Roll,
    /// The roll is sealed; voting has not begun.
    Sealed,
    /// Voting.
    Open,
    /// Voting is over; the encrypted tally is due.
    Closed,
    /// The trustees decrypt.
    Tally,
    /// The result is there.
    Finished,
    /// Declared void.
    Void,
}

names!(
    Phase {
        Ceremony = "ceremony",
        Drill = "drill",
        Roll = "roll",
        Sealed = "sealed",
        Open = "open",
        Closed = "closed",
        Tally = "tally",
        Finished = "finished",
        Void = "void",
    },
    UnknownPhase = "{0:?} is no phase"
);

impl Phase {
    /// Whether nothing may follow.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::Finished | Self::Void)
    }
}

impl From<RecordPhase> for Phase {
    fn from(phase: RecordPhase) -> Self {
        match phase {
            RecordPhase::Empty | RecordPhase::Ceremony => Self::Ceremony,
            RecordPhase::Drill => Self::Drill,
            RecordPhase::Roll => Self::Roll,
            RecordPhase::Sealed => Self::Sealed,
            RecordPhase::Voting => Self::Open,
            RecordPhase::Closed => Self::Closed,
            RecordPhase::Decrypting | RecordPhase::Results => Self::Tally,
            RecordPhase::Finished => Self::Finished,
            // An unusable record is one that the server would never have written.
            RecordPhase::Void | RecordPhase::Unusable => Self::Void,
        }
    }
}

/// Turnout and phase at one size of the log.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Entries that the figures are of.
    pub size: u64,
    /// Where the record stands.
    pub phase: Phase,
    /// Joint public key K, once there is one.
    pub joint_key: Option<[u8; 32]>,
    /// When voting was opened, in seconds.
    pub opened: Option<u64>,
    /// Closing time, re-dated or as in the manifest, in seconds.
    pub closes: u64,
    /// Announced electorate.
    pub electorate: u64,
    /// Voters with a counted ballot.
    pub counted: u64,
    /// Paper votes.
    pub paper: u64,
    /// Announced electorate of each unit; empty before the roll is sealed.
    pub electorate_per_unit: Vec<u64>,
    /// Voters with a counted ballot, of each unit.
    pub counted_per_unit: Vec<u64>,
    /// Paper votes of each unit; empty while there are none.
    pub paper_per_unit: Vec<u64>,
}

impl Summary {
    pub(crate) fn of(record: &Record) -> Self {
        let checker = record.checker();
        let turnout = checker.turnout();
        let context = checker.ballot_context();
        Self {
            size: checker.size(),
            phase: checker.phase().into(),
            joint_key: context.map(|context| context.joint_key().encoded().to_bytes()),
            opened: record.opened(),
            closes: checker.closes().map_or(0, Seconds::get),
            electorate: turnout.map_or(0, |t| t.electorate),
            counted: turnout.map_or(0, |t| t.ballots),
            paper: turnout.map_or(0, |t| t.paper),
            electorate_per_unit: record.electorate().to_vec(),
            counted_per_unit: checker.counted_per_unit().to_vec(),
            paper_per_unit: checker.paper_per_unit().to_vec(),
        }
    }
}
