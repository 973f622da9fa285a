//! Checks 9 and 10: encrypted tally, partial decryptions and their combination (docs/PROTOCOL.md sections 9
//! and 10.3).

mod decryption;
mod publish;

use hanpyo_crypto::ceremony::CeremonyOutcome;
use hanpyo_crypto::decryption::ClosedTree;
use hanpyo_crypto::elgamal::{CIPHERTEXT_BYTES, Ciphertext};

pub(crate) use decryption::{Decryptions, Slot};
pub use publish::PublishError;

use super::ballots::Ballots;
use super::election::Election;
use super::groups::{Group, Grouping, form_groups};
use super::report::{CheckNumber, Finding};
use super::sink::Sink;
use crate::entry::EncryptedTally;

fn wrong(
    what: impl Into<String>,
    expected: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> Finding {
    Finding::fatal(CheckNumber::EncryptedTally, what, expected, found)
}

/// One contest at the close, recomputed from the ballots.
#[derive(Debug, Clone)]
pub struct ContestTally {
    /// Groups of units, or that the contest is withheld.
    pub grouping: Grouping,
    /// Sum at each position, per group; empty if the checker keeps no sums.
    pub sums: Vec<Vec<Ciphertext>>,
    /// Sum of the weights of all counted ballots that hold the contest.
    pub weight: u64,
    /// N.
    pub positions: usize,
}

impl ContestTally {
    fn new(election: &Election, ballots: &Ballots, contest: u16, positions: usize) -> Self {
        let sums = ballots.sums();
        let counts = |unit| sums.counts(contest, unit);
        let grouping = form_groups(&election.parents, counts, election.floor());
        let total = |group: &Group| sums.total(contest, &group.units, positions);
        let wanted = if ballots.keeps_sums() {
            grouping.groups()
        } else {
            &[]
        };
        Self {
            sums: wanted.iter().map(total).collect(),
            weight: sums.weight(contest),
            grouping,
            positions,
        }
    }

    /// The groups to decrypt.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        self.grouping.groups()
    }
}

/// Everything that the `close` entry fixes.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The tree that ends with the `close` entry, which every partial decryption is bound to.
    pub tree: ClosedTree,
    /// Whether enough voters took part for the votes to be counted at all.
    pub gate_holds: bool,
    /// Whether the checker keeps sums; without them checks 9 and 10 look at sizes only.
    pub has_sums: bool,
    /// The contests; none if the gate does not hold.
    pub contests: Vec<ContestTally>,
}

impl Closed {
    pub(crate) fn new(
        election: &Election,
        ballots: &Ballots,
        tree: ClosedTree,
        gate_holds: bool,
    ) -> Self {
        let tally = |(number, kind): (u16, &hanpyo_crypto::contest::ContestKind)| {
            ContestTally::new(election, ballots, number, kind.ciphertexts())
        };
        let contests = if gate_holds {
            (0u16..).zip(&election.kinds).map(tally).collect()
        } else {
            Vec::new()
        };
        Self {
            tree,
            gate_holds,
            has_sums: ballots.keeps_sums(),
            contests,
        }
    }
}

/// Follows the encrypted-tally entries.
#[derive(Debug, Clone, Default)]
pub(crate) struct TallyProgress {
    contest: u16,
    group: u64,
}

impl TallyProgress {
    /// Whether all contests are there.
    pub(crate) fn is_complete(&self, contests: usize) -> bool {
        usize::from(self.contest) >= contests
    }

    pub(crate) fn check(&self, entry: &EncryptedTally, closed: &Closed, out: &mut Sink) {
        if entry.contest.get() != self.contest || u64::from(entry.first) != self.group {
            let expected = format!("contest {}, group {}", self.contest, self.group);
            let found = format!("contest {}, group {}", entry.contest, entry.first);
            out.out_of_place("encrypted tally", expected, found);
            return;
        }
        let Some(tally) = closed.contests.get(usize::from(self.contest)) else {
            return;
        };
        let contest = self.contest;
        let groups = tally.groups();
        let in_all = u64::try_from(groups.len()).unwrap_or(u64::MAX);
        let what = format!("number of groups of contest {contest}");
        out.compare(
            CheckNumber::EncryptedTally,
            what,
            in_all,
            entry.groups_in_all,
        );
        let from = usize::try_from(self.group).unwrap_or(usize::MAX);
        let expected = groups.get(from..).unwrap_or_default();
        if entry.groups.len() > expected.len() || (entry.groups.is_empty() && !expected.is_empty())
        {
            let expected = format!("1 to {}", expected.len());
            let what = format!("groups of contest {contest} in this entry");
            out.note(wrong(what, expected, entry.groups.len()));
        }
        for (number, (group, expected)) in (self.group..).zip(entry.groups.iter().zip(expected)) {
            let of = format!("group {number} of contest {contest}");
            let units: Vec<u16> = group.units.iter().map(|unit| unit.get()).collect();
            if units != expected.units {
                let (expected, found) = (list(&expected.units), list(&units));
                out.note(wrong(format!("units of {of}"), expected, found));
            }
            let what = format!("ballots of {of}");
            out.compare(
                CheckNumber::EncryptedTally,
                what,
                expected.ballots,
                group.ballots,
            );
            let place = usize::try_from(number).unwrap_or(usize::MAX);
            if let Some(sums) = tally.sums.get(place) {
                compare_sums(&of, sums, &group.sums, out);
            }
        }
    }

    pub(crate) fn advance(&mut self, entry: &EncryptedTally) {
        self.group += u64::try_from(entry.groups.len()).unwrap_or(u64::MAX);
        if self.group >= entry.groups_in_all {
            self.contest = self.contest.saturating_add(1);
            self.group = 0;
        }
    }
}

/// Without sums of our own there is nothing to compare with; the report says so.
fn compare_sums(of: &str, expected: &[Ciphertext], found: &[u8], out: &mut Sink) {
    let (found, rest) = found.as_chunks::<CIPHERTEXT_BYTES>();
    if found.len() != expected.len() || !rest.is_empty() {
        let found = found.len() * CIPHERTEXT_BYTES + rest.len();
        let expected = expected.len() * CIPHERTEXT_BYTES;
        out.note(wrong(format!("bytes of the sums of {of}"), expected, found));
        return;
    }
    for (position, (expected, found)) in expected.iter().zip(found).enumerate() {
        let expected = expected.encode();
        if expected != *found {
            let what = format!("sum of {of} at position {position}");
            out.note(wrong(what, hex(&expected), hex(found)));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

fn list(units: &[u16]) -> String {
    let shown: Vec<String> = units.iter().take(20).map(u16::to_string).collect();
    let more = if units.len() > 20 { ", .." } else { "" };
    format!("[{}{more}]", shown.join(", "))
}

/// What decryption checks against.
#[derive(Clone, Copy)]
pub(crate) struct Recomputed<'a> {
    pub(crate) closed: &'a Closed,
    /// `None` if the ceremony was not sound.
    pub(crate) outcome: Option<&'a CeremonyOutcome>,
}
