//! What the record says of the election: schedule, electorate, turnout, contests and their outcomes.

use serde::Serialize;

use crate::lang::Bilingual;

/// What the record says of the election.
#[derive(Clone, Debug, Serialize)]
pub struct ElectionFacts {
    /// Title.
    pub title: Bilingual,
    /// Whether the manifest says it is a test.
    pub test: bool,
    /// Manifest hash mh in hexadecimal, to be compared with the one announced.
    pub manifest_hash: String,
    /// How far the record has come.
    pub phase: Phase,
    /// First second of voting, since 1970.
    pub opens: u64,
    /// End of voting, since 1970; re-dated if it was.
    pub closes: u64,
    /// Number of credentials in the sealed roll, the commission's announced electorate. Only people can
    /// compare it with the official announcement.
    pub electorate: Option<u64>,
    /// Who took part.
    pub turnout: TurnoutFacts,
    /// Turnout of each reporting unit.
    pub units: Vec<UnitFacts>,
    /// The contests.
    pub contests: Vec<ContestFacts>,
}

/// How far a record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Manifest, key ceremony and drill.
    KeyCeremony,
    /// The roll is being published.
    Roll,
    /// The roll is sealed, voting has not begun.
    Sealed,
    /// Voting.
    Voting,
    /// Voting is over.
    Tally,
    /// The result is there.
    Finished,
    /// Declared void.
    Void,
    /// The record cannot be followed.
    Unusable,
}

/// Who took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TurnoutFacts {
    /// Voters with a counted ballot.
    pub ballots: u64,
    /// Paper votes.
    pub paper: u64,
}

/// Turnout of a reporting unit itself, without the units below it.
#[derive(Clone, Debug, Serialize)]
pub struct UnitFacts {
    /// Number in the manifest.
    pub unit: u16,
    /// Title.
    pub title: Bilingual,
    /// The unit it belongs to.
    pub parent: Option<u16>,
    /// Credentials.
    pub electorate: u64,
    /// Voters with a counted ballot.
    pub ballots: u64,
    /// Paper votes.
    pub paper: u64,
}

/// A contest and its result.
#[derive(Clone, Debug, Serialize)]
pub struct ContestFacts {
    /// Number in the manifest.
    pub contest: u16,
    /// Title.
    pub title: Bilingual,
    /// Kind.
    pub kind: Kind,
    /// Rule.
    pub rule: Rule,
    /// Seats.
    pub seats: u16,
    /// Weight of all counted ballots that hold the contest, once voting is over.
    pub weight: Option<u64>,
    /// Options in their order.
    pub options: Vec<OptionFacts>,
    /// What became of it, once there is a result.
    pub outcome: Option<OutcomeFacts>,
    /// Results by group of reporting units.
    pub groups: Vec<GroupFacts>,
}

/// Kind of a contest (docs/PROTOCOL.md section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Exactly one option, or none if `blank`.
    ChooseOne {
        /// Whether a blank vote is allowed.
        blank: bool,
    },
    /// `min` to `max` options.
    Choose {
        /// Least number.
        min: u64,
        /// Greatest number.
        max: u64,
    },
    /// A score for each option.
    Score {
        /// Highest score.
        highest: u64,
        /// Whether options may stay unanswered.
        unanswered: bool,
    },
    /// Options in order of preference.
    Rank {
        /// Ranks that may be given.
        ranks: u64,
    },
    /// None of these; check 3 fails.
    Unknown,
}

/// How a contest is decided (docs/PROTOCOL.md section 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// More than half.
    Majority,
    /// Most votes.
    Plurality,
    /// Highest mean.
    Mean,
    /// Most Borda points.
    Borda,
    /// Most first preferences.
    FirstPreferences,
}

/// An option and its totals.
#[derive(Clone, Debug, Serialize)]
pub struct OptionFacts {
    /// Title.
    pub title: Bilingual,
    /// Empty before there is a result, or if it is withheld. Otherwise for a choice the votes; for a
    /// score the sum and, if options may stay unanswered, the number of answers; for a ranking the
    /// votes at each rank.
    pub totals: Vec<u64>,
}

/// What became of a contest.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeFacts {
    /// Decided, or why not.
    pub status: OutcomeStatus,
    /// Winning options, from 0.
    pub winners: Vec<u16>,
}

/// What became of a contest (docs/PROTOCOL.md section 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeStatus {
    /// There are winners.
    Decided,
    /// Too few voted for a decision.
    QuorumNotMet,
    /// Equal votes.
    Tied,
    /// Too few voted for a count.
    NotCounted,
    /// Too few ballots to publish anything.
    Withheld,
    /// No option has a majority.
    NoMajority,
}

/// The result of one group of reporting units.
#[derive(Clone, Debug, Serialize)]
pub struct GroupFacts {
    /// Units, ascending.
    pub units: Vec<u16>,
    /// Counted ballots.
    pub ballots: u64,
    /// Sum at each of the contest's positions; empty before there is a result.
    pub values: Vec<u64>,
}
