//! Check 11: the closing entry of the record (docs/PROTOCOL.md section 10.5).

use super::State;
use crate::entry::{ElectionResult, Outcome, Status};
use crate::record::groups::Grouping;
use crate::record::phase::Phase;
use crate::record::report::{CheckNumber, Finding};
use crate::record::result::{ContestTotals, Decided, reaches};
use crate::record::sink::Sink;

fn wrong(
    what: impl Into<String>,
    expected: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> Finding {
    Finding::fatal(CheckNumber::Result, what, expected, found)
}

impl State {
    /// The outcome of every contest, from the totals that are in the record; `None` before all are.
    pub(crate) fn outcomes(&self) -> Option<Vec<Decided>> {
        let closed = self.closed.as_ref()?;
        if !closed.gate_holds {
            let nobody = Decided::nobody(Status::NotCounted);
            return Some(vec![nobody; self.election.kinds.len()]);
        }
        let turnout = self.turnout();
        let quorum = self.election.manifest.profile.turnout_quorum.as_ref();
        let quorum_met = reaches(quorum, turnout.voters(), turnout.electorate);
        let contests = self.election.manifest.contests.iter();
        contests
            .enumerate()
            .map(|(place, contest)| {
                let tally = closed.contests.get(place)?;
                let result = self.results.get(place)?;
                let totals: Vec<u64> = result.totals.iter().map(|total| total.get()).collect();
                let totals = ContestTotals {
                    kind: self.election.kinds.get(place)?,
                    decision: &contest.rule,
                    totals: match tally.grouping {
                        Grouping::Published(_) => Some(&totals),
                        Grouping::Withheld => None,
                    },
                    weight: tally.weight,
                };
                Some(totals.decide(quorum_met))
            })
            .collect()
    }

    pub(super) fn check_result(&self, entry: &ElectionResult, out: &mut Sink) {
        let all = self.election.kinds.len();
        let due = self.decryptions.as_ref();
        if self.phase == Phase::Results && !due.is_some_and(|due| due.has_all_results(all)) {
            let expected = "after the results of all contests";
            out.out_of_place("result", expected, "before");
            return;
        }
        let turnout = self.turnout();
        let check = CheckNumber::Result;
        out.compare(check, "counted ballots", turnout.ballots, entry.ballots);
        out.compare(check, "paper votes", turnout.paper, entry.paper);
        out.compare(check, "electorate", turnout.electorate, entry.electorate);
        out.compare(check, "number of outcomes", all, entry.outcomes.len());
        let expected = self.outcomes().unwrap_or_default();
        for (contest, (expected, found)) in expected.iter().zip(&entry.outcomes).enumerate() {
            if *expected != decided(found) {
                let what = format!("outcome of contest {contest}");
                out.note(wrong(what, describe(expected), describe(&decided(found))));
            }
        }
    }
}

fn decided(outcome: &Outcome) -> Decided {
    Decided {
        status: outcome.status,
        winners: outcome.winners.iter().map(|winner| winner.get()).collect(),
    }
}

fn describe(outcome: &Decided) -> String {
    format!(
        "status {}, winners {:?}",
        outcome.status.number(),
        outcome.winners
    )
}
