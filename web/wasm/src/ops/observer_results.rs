//! Turnout and results.

use alloc::vec::Vec;

use hanpyo_ledger::entry::Status;
use hanpyo_ledger::record::RecordChecker;

use crate::failure::Failure;
use crate::state::State;
use crate::wire::Number;
use crate::{choice, request, response};

request! {
    /// Which observer.
    ObserverResults {
        /// Handle of the observer.
        observer: u32,
    }
}

response! {
    /// Turnout of a reporting unit.
    UnitTurnout {
        /// Credentials.
        electorate: Number,
        /// Voters with a counted ballot.
        counted: Number,
        /// Paper votes.
        paper: Number,
    }
}

choice! {
    /// What became of a contest (docs/PROTOCOL.md section 10.5).
    OutcomeStatus {
        /// Decided.
        Decided = "decided",
        /// Turnout quorum not met.
        QuorumNotMet = "quorum_not_met",
        /// Tied.
        Tied = "tied",
        /// Not counted: the count gate does not hold.
        NotCounted = "not_counted",
        /// Withheld: no group of units is large enough.
        Withheld = "withheld",
        /// No option has a majority.
        NoMajority = "no_majority",
    }
}

response! {
    /// Units that are published together.
    GroupResult {
        /// Units.
        units: Vec<u32>,
        /// Ballots.
        ballots: Number,
        /// Decrypted sums by position; empty before decryption.
        values: Vec<Number>,
    }
}

response! {
    /// The state of one contest.
    ContestResult {
        /// Groups, once voting is closed.
        groups: Vec<GroupResult>,
        /// Totals by position: options; scores then answers; or rank by rank. Empty before the result.
        totals: Vec<Number>,
        /// Outcome, with the result.
        status: Option<OutcomeStatus>,
        /// Numbers of the options that win.
        winners: Vec<u32>,
    }
}

response! {
    /// Turnout and results so far, recomputed from the record.
    RecordResults {
        /// Electorate, credentials sealed.
        electorate: Number,
        /// Voters with a counted ballot.
        counted: Number,
        /// Paper votes.
        paper: Number,
        /// The units, in order.
        units: Vec<UnitTurnout>,
        /// The contests, in order.
        contests: Vec<ContestResult>,
    }
}

/// Results as far as they are there.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: ObserverResults) -> Result<RecordResults, Failure> {
    let checker = state.observer(request.observer)?.checker();
    let (electorate, counted, paper) = (
        checker.credentials_per_unit(),
        checker.counted_per_unit(),
        checker.paper_per_unit(),
    );
    let turnout = checker.turnout();
    let contests = checker
        .manifest()
        .map_or(0, |manifest| manifest.contests.len());
    let at = |list: &[u64], unit: usize| Number::from(list.get(unit).copied().unwrap_or(0));
    let unit = |unit: usize| UnitTurnout {
        electorate: at(&electorate, unit),
        counted: at(counted, unit),
        paper: at(paper, unit),
    };
    Ok(RecordResults {
        electorate: turnout.map_or(0, |turnout| turnout.electorate).into(),
        counted: counted.iter().sum::<u64>().into(),
        paper: paper.iter().sum::<u64>().into(),
        units: (0..electorate.len()).map(unit).collect(),
        contests: (0..contests).map(|place| contest(checker, place)).collect(),
    })
}

fn contest(checker: &RecordChecker, place: usize) -> ContestResult {
    let published = checker.contest_results().get(place);
    let closed = checker
        .closed()
        .and_then(|closed| closed.contests.get(place));
    let outcome = checker
        .result()
        .and_then(|result| result.outcomes.get(place));
    let values = |group: usize| {
        let values = published.and_then(|published| published.groups.get(group));
        values.map_or(Vec::new(), |values| {
            values.iter().map(|value| value.get().into()).collect()
        })
    };
    let groups = closed.map_or(&[][..], |tally| tally.groups());
    let groups = groups.iter().enumerate();
    ContestResult {
        groups: groups
            .map(|(at, group)| GroupResult {
                units: group.units.iter().map(|unit| u32::from(*unit)).collect(),
                ballots: group.ballots.into(),
                values: values(at),
            })
            .collect(),
        totals: published.map_or(Vec::new(), |published| {
            let totals = published.totals.iter();
            totals.map(|total| total.get().into()).collect()
        }),
        status: outcome.map(|outcome| status(outcome.status)),
        winners: outcome.map_or(Vec::new(), |outcome| {
            let winners = outcome.winners.iter();
            winners.map(|winner| winner.get().into()).collect()
        }),
    }
}

const fn status(status: Status) -> OutcomeStatus {
    match status {
        Status::Decided => OutcomeStatus::Decided,
        Status::QuorumNotMet => OutcomeStatus::QuorumNotMet,
        Status::Tied => OutcomeStatus::Tied,
        Status::NotCounted => OutcomeStatus::NotCounted,
        Status::Withheld => OutcomeStatus::Withheld,
        Status::NoMajority => OutcomeStatus::NoMajority,
    }
}
