//! Tally operator and trustees after the close.

use hanpyo_ledger::entry::{ElectionResult, Outcome};
use hanpyo_ledger::record::RecordChecker;
use rand_core::SeedableRng;

use crate::check::options;
use crate::election::Election;
use crate::spec::list;

impl Election {
    /// A checker that has read the record so far; it knows groups and sums.
    pub fn follow(&mut self) -> &RecordChecker {
        let rng = &mut rand_chacha::ChaCha20Rng::seed_from_u64(!self.spec.seed);
        let follower = self
            .follower
            .get_or_insert_with(|| RecordChecker::new(options(), rng));
        let from = usize::try_from(follower.size()).unwrap();
        follower.push(&self.entries[from..], &self.entries).unwrap();
        follower
    }

    /// Whether enough voted for the votes to be counted.
    pub fn gate_holds(&mut self) -> bool {
        self.follow().closed().unwrap().gate_holds
    }

    /// Publishes the encrypted tally of all contests.
    pub fn publish_tally(&mut self) {
        for entry in self.follow().closed().unwrap().encrypted_tally().unwrap() {
            let entry = self.sign(entry);
            self.append(entry);
        }
    }

    /// Publishes all partial decryptions of trustee `number` (from 1).
    pub fn publish_decryptions(&mut self, number: u64) {
        self.follow();
        let place = usize::try_from(number).unwrap() - 1;
        let closed = self.follower.as_ref().unwrap().closed().unwrap();
        let share = &self.shares[place];
        for entry in closed.decrypt(share, &mut self.rng).unwrap() {
            let entry = self.sign(entry);
            self.append(entry);
        }
    }

    /// Publishes the results of all contests. The values come from the votes in clear, not from
    /// decryption: if encryption, sums or decryption were wrong, check 10 would fail.
    pub fn publish_contest_results(&mut self) {
        let closed = self.follow().closed().unwrap().clone();
        for (contest, tally) in (0u16..).zip(&closed.contests) {
            let values = tally.groups().iter();
            let values: Vec<_> = values
                .map(|group| self.plain_sum(contest, &group.units))
                .collect();
            for entry in closed.contest_result(contest, &values, 0).unwrap() {
                let entry = self.sign(entry);
                self.append(entry);
            }
        }
    }

    /// Publishes the closing entry.
    pub fn publish_result(&mut self) -> u64 {
        let follower = self.follow();
        let turnout = follower.turnout().unwrap();
        let outcomes = follower.outcomes().unwrap().into_iter();
        let outcome = |decided: hanpyo_ledger::record::result::Decided| Outcome {
            status: decided.status,
            winners: list(decided.winners.into_iter().map(Into::into).collect()),
        };
        let result = ElectionResult {
            ballots: turnout.ballots,
            paper: turnout.paper,
            electorate: turnout.electorate,
            outcomes: list(outcomes.map(outcome).collect()),
        };
        let entry = self.sign(result);
        self.append(entry)
    }
}
