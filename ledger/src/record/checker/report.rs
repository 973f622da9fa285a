//! Putting the report together: what passed, and what did not run and why.

use super::RecordChecker;
use crate::log::policy::Policy;
use crate::record::phase::Phase;
use crate::record::report::{CheckNumber, Finding, Findings, NotChecked, Report};
use crate::record::state::State;

impl RecordChecker {
    /// The outcome of all checks over the entries read so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut findings = self.findings.clone();
        self.final_findings(&mut findings);
        findings.report(self.size(), |check| self.not_checked(check))
    }

    fn final_findings(&self, findings: &mut Findings) {
        for tree in self.trees.missing() {
            let what = format!("entries under the checkpoint of size {}", tree.size);
            let size = self.size();
            findings.add(Finding::fatal(CheckNumber::Log, what, tree.size, size));
        }
        if let Some(state) = self.state() {
            self.timing_findings(state, findings);
        }
        let closed = self.reached() > Phase::Voting;
        let codes = self.codes();
        let trees = self.trees.confirmed();
        let given = self
            .watch
            .findings(self.manifest(), self.size(), closed, trees, &codes);
        given.into_iter().for_each(|finding| findings.add(finding));
    }

    /// Times that witnesses evidence, against the schedule (check 11).
    fn timing_findings(&self, state: &State, findings: &mut Findings) {
        let schedule = &state.schedule;
        let latest = schedule.latest_ballots();
        let opens = schedule.first_opens().get();
        for tree in self.trees.confirmed() {
            let Some(time) = tree.quorum_time else {
                continue;
            };
            let contains = |entry: u64| entry < tree.size;
            let mut add = |what: &str, expected: String, entry: u64| {
                let found = format!("in a tree that witnesses cosigned at {time}");
                let finding = Finding::fatal(CheckNumber::Result, what, expected, found);
                findings.add(finding.at(entry));
            };
            if let Some(open) = self
                .open_entry
                .filter(|open| contains(*open) && time < opens)
            {
                add("opening", format!("not before {opens}"), open);
            }
            let close = state.closed.as_ref().map(|closed| closed.tree.size - 1);
            if let Some(close) = close.filter(|close| contains(*close) && time < latest) {
                let expected = format!("not before {latest}, closing time and grace");
                add("closing", expected, close);
            }
            if let Some(last) = self
                .last_ballot
                .filter(|last| !contains(*last) && time > latest)
            {
                let found = format!("after a tree that witnesses cosigned at {time}");
                let expected = format!("in a tree cosigned by {latest}, closing time and grace");
                let finding = Finding::fatal(CheckNumber::Result, "last ballot", expected, found);
                findings.add(finding.at(last));
            }
        }
    }

    /// How far the record came before it was declared void, if it was.
    fn reached(&self) -> Phase {
        match self.state() {
            Some(state) if state.phase == Phase::Void => state.before_void,
            // Only a joint key that is no point makes a record with a manifest unusable.
            Some(state) if state.phase == Phase::Unusable => Phase::Ceremony,
            _ => self.phase(),
        }
    }

    fn not_checked(&self, check: CheckNumber) -> Vec<NotChecked> {
        use CheckNumber as C;
        let Some(state) = self.state() else {
            return match check {
                C::Log => self.log_not_checked(None),
                C::Given => self.given_not_checked(),
                C::Order if self.size() > 0 => Vec::new(),
                _ => vec![NotChecked::Missing(
                    "there is no usable manifest".to_owned(),
                )],
            };
        };
        let needs = |phase: Phase, what: &str| -> Vec<NotChecked> {
            if self.reached() >= phase {
                Vec::new()
            } else if state.phase == Phase::Void {
                vec![NotChecked::Void]
            } else if state.phase == Phase::Unusable {
                vec![NotChecked::Missing(
                    "there is no usable joint key".to_owned(),
                )]
            } else {
                vec![NotChecked::Unfinished(what.to_owned())]
            }
        };
        let missing = |ran: bool, what: &str| {
            let missing = || NotChecked::Missing(what.to_owned());
            (!ran).then(missing)
        };
        let trusted = || missing(self.verify_ballots, "ballots were trusted, not verified");
        let no_sums = || missing(self.keep_sums, "no sums were kept");
        match check {
            C::Log => self.log_not_checked(Some(state)),
            C::Order => needs(Phase::Finished, "it has no result yet"),
            C::Manifest => Vec::new(),
            C::Ceremony => needs(Phase::Roll, "the key ceremony is under way"),
            C::Roll => needs(Phase::Sealed, "the roll is not sealed"),
            C::Ballots | C::Challenges => {
                let mut parts = needs(Phase::Closed, "voting is not over");
                parts.extend(trusted());
                parts
            }
            C::Duplicates => needs(Phase::Closed, "voting is not over"),
            C::EncryptedTally => {
                let mut parts = if state.closed.as_ref().is_some_and(|c| !c.gate_holds) {
                    Vec::new()
                } else {
                    needs(Phase::Decrypting, "the encrypted tally is not complete")
                };
                parts.extend(no_sums());
                parts
            }
            C::Decryption => {
                let mut parts = needs(Phase::Finished, "it has no result yet");
                parts.extend(no_sums());
                parts
            }
            C::Result => {
                let mut parts = needs(Phase::Finished, "it has no result yet");
                parts.extend(self.times_not_evidenced(state));
                parts
            }
            C::Given => self.given_not_checked(),
        }
    }

    /// What check 11 lacks to say that the ballots were there in time: a tree with the last of them, cosigned
    /// before closing time and grace were over. Whatever other trees were given only can show a fault.
    fn times_not_evidenced(&self, state: &State) -> Option<NotChecked> {
        let trees = self.trees.confirmed();
        if !self.has_witness_quorum(state) && trees.iter().all(|tree| tree.quorum_time.is_none()) {
            let what = "no witness evidences the times, they are the commission's word";
            return Some(NotChecked::NotRequired(what.to_owned()));
        }
        let last = self.last_ballot?;
        let latest = state.schedule.latest_ballots();
        let in_time = trees.iter().any(|tree| {
            let time = tree.quorum_time;
            tree.size > last && time.is_some_and(|time| time <= latest)
        });
        let what = || {
            format!(
                "that the last ballot, entry {last}, came in time: no tree with it was given that witnesses cosigned by {latest}"
            )
        };
        (!in_time).then(|| NotChecked::Missing(what()))
    }

    fn has_witness_quorum(&self, state: &State) -> bool {
        let policy = state.election.manifest.witnesses.policy.as_bytes();
        // A policy that does not parse fails check 3.
        Policy::parse(policy).is_ok_and(|policy| policy.quorum().is_some())
    }

    fn log_not_checked(&self, state: Option<&State>) -> Vec<NotChecked> {
        let size = self.size();
        let last = self
            .trees
            .confirmed()
            .iter()
            .filter(|tree| tree.size == size);
        let mut last = last.peekable();
        if last.peek().is_none() {
            let what = format!("no signed checkpoint of these {size} entries was given");
            return vec![NotChecked::Missing(what)];
        }
        let witnessed = last.any(|tree| tree.quorum_time.is_some());
        match state {
            Some(state) if !witnessed && self.has_witness_quorum(state) => {
                let what = "the witness quorum of the checkpoint was not verified";
                vec![NotChecked::Missing(what.to_owned())]
            }
            Some(_) if !witnessed => {
                let what = "witnesses (quorum none): a split view would not be noticed";
                vec![NotChecked::NotRequired(what.to_owned())]
            }
            _ => Vec::new(),
        }
    }

    fn given_not_checked(&self) -> Vec<NotChecked> {
        if self.watch.given().is_empty() {
            return vec![NotChecked::NotGiven];
        }
        if self.reached() > Phase::Voting {
            return Vec::new();
        }
        let awaited = self.watch.awaited().map(|(name, acknowledgement)| {
            let due = acknowledgement.deadline;
            NotChecked::Unfinished(format!(
                "the ballot acknowledged in {name} is not there; it is due by {due}"
            ))
        });
        awaited.collect()
    }
}
