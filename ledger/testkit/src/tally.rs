//! Tally operator and trustees after the close.

use hanpyo_crypto::dlog::DiscreteLog;
use hanpyo_ledger::entry::{ElectionResult, Outcome};
use hanpyo_ledger::record::RecordChecker;
use rand_core::SeedableRng;

use crate::check::options;
use crate::election::Election;
use crate::spec::list;

/// More than any value of the small records that are counted again.
const MAX_VALUE: u64 = 1_000;

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

    /// Goes on from these entries up to the `close` in place of its own: tally, decryption and result as honest
    /// officers with the same keys make them, with values that were decrypted and not those of the votes in clear.
    pub fn count_again(&mut self, up_to_close: Vec<Vec<u8>>) {
        self.entries = up_to_close;
        self.follower = None;
        if self.gate_holds() {
            self.publish_tally();
            for trustee in 1..=self.spec.quorum {
                self.publish_decryptions(trustee);
            }
            let follower = self.follow();
            let closed = follower.closed().unwrap().clone();
            let base = hanpyo_crypto::group::value_generator();
            let dlog = DiscreteLog::new(base, MAX_VALUE).unwrap();
            let contests = (0u16..).zip(&closed.contests);
            let values: Vec<Vec<Vec<u64>>> = contests
                .map(|(contest, _)| {
                    let groups = follower.combined(contest).unwrap();
                    let solve = |point| dlog.solve(point).unwrap();
                    let groups = groups.iter();
                    groups
                        .map(|sums| sums.iter().map(solve).collect())
                        .collect()
                })
                .collect();
            for (contest, values) in (0u16..).zip(&values) {
                for entry in closed.contest_result(contest, values, 0).unwrap() {
                    let entry = self.sign(entry);
                    self.append(entry);
                }
            }
        }
        self.publish_result();
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
