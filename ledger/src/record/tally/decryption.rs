//! Check 10: partial decryptions and the values they combine to (docs/PROTOCOL.md section 9.3).

use std::collections::BTreeMap;
use std::ops::Range;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::TrusteeIndex;
use hanpyo_crypto::decryption::{Claim, Combination, PartialDecryption, SumPosition, verify_all};
use hanpyo_crypto::group;

use super::{Closed, ContestTally, Recomputed};
use crate::entry::bounded::List;
use crate::entry::{ContestResult, Count, PartialDecryption as Entry, TrusteeNumber};
use crate::record::groups::Grouping;
use crate::record::report::{CheckNumber, Finding};
use crate::record::sink::Sink;

fn wrong(
    what: impl Into<String>,
    expected: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> Finding {
    Finding::fatal(CheckNumber::Decryption, what, expected, found)
}

/// What a trustee published for one group. The proofs were verified when it came and are not kept.
pub(crate) enum Slot {
    /// Not proven; reported.
    Bad,
    /// D at each position.
    Good(Box<[[u8; 32]]>),
}

/// What a trustee has still to publish: its slots, counted as they fill.
#[derive(Clone, Copy)]
struct Due {
    empty: usize,
    has_bad: bool,
}

/// Partial decryptions by trustee, contest and group. What is kept is less than what was published,
/// whatever a manifest announces.
pub(crate) struct Decryptions {
    slots: Vec<Vec<BTreeMap<usize, Slot>>>,
    /// Number of groups of each contest.
    groups: Vec<usize>,
    /// What each trustee has still to publish.
    due: Vec<Due>,
    quorum: usize,
    /// Next contest whose result is due.
    next: u16,
    /// Its values so far, per group.
    values: Vec<List<Count, 2, 1024>>,
}

impl Decryptions {
    /// `groups` is the number of groups of each contest.
    pub(crate) fn new(trustees: usize, quorum: usize, groups: &[usize]) -> Self {
        let one = || groups.iter().map(|_| BTreeMap::new()).collect();
        Self {
            slots: (0..trustees).map(|_| one()).collect(),
            groups: groups.to_vec(),
            due: vec![
                Due {
                    empty: groups.iter().sum(),
                    has_bad: false,
                };
                trustees
            ],
            quorum,
            next: 0,
            values: Vec::new(),
        }
    }

    /// What a trustee published for a group so far.
    fn slot(&self, trustee: TrusteeNumber, contest: usize, group: usize) -> Option<&Slot> {
        self.slots
            .get(trustee.position())?
            .get(contest)?
            .get(&group)
    }

    fn exists(&self, trustee: TrusteeNumber, contest: usize, group: usize) -> bool {
        let groups = self.groups.get(contest).copied().unwrap_or(0);
        trustee.position() < self.slots.len() && group < groups
    }

    /// Whether t trustees have published decryptions of everything, right or wrong.
    pub(crate) fn is_complete(&self) -> bool {
        self.due.iter().filter(|due| due.empty == 0).count() >= self.quorum
    }

    /// Trustees whose decryptions of everything are there and proven.
    pub(crate) fn proven_trustees(&self) -> Vec<TrusteeNumber> {
        let complete = |due: &Due| due.empty == 0 && !due.has_bad;
        let numbered = (1usize..).zip(&self.due).filter(|(_, due)| complete(due));
        numbered
            .filter_map(|(number, _)| TrusteeNumber::try_from(number).ok())
            .collect()
    }

    /// Whether every contest has its result.
    pub(crate) fn has_all_results(&self, contests: usize) -> bool {
        usize::from(self.next) >= contests
    }

    /// Decodes and verifies the groups of an entry; the error names what fails.
    fn verified(
        entry: &Entry,
        recomputed: &Recomputed<'_>,
    ) -> Result<Vec<Vec<PartialDecryption>>, Finding> {
        let what = format!("partial decryptions of trustee {}", entry.trustee);
        let Some(outcome) = recomputed.outcome else {
            return Err(wrong(what, "none: the key ceremony is not sound", "some"));
        };
        let contest = entry.contest;
        let no_contest = || wrong(&what, "of a contest of the election", contest);
        let tally = recomputed.closed.contests.get(contest.position());
        let tally = tally.ok_or_else(no_contest)?;
        let number = u64::from(entry.trustee);
        let trustee = outcome.parameters().trustee(number);
        let trustee = trustee.map_err(|error| wrong(&what, "a trustee", error))?;
        let mut groups = Vec::with_capacity(entry.groups.len());
        for (group, part) in (entry.first.position()..).zip(&entry.groups) {
            let (points, points_rest) = part.decryptions.as_chunks::<32>();
            let (proofs, proofs_rest) = part.proofs.as_chunks::<64>();
            let complete = points_rest.is_empty() && proofs_rest.is_empty();
            if !complete || points.len() != tally.positions || proofs.len() != tally.positions {
                let what = format!("{what}, contest {contest}, group {group}");
                let expected = format!("{} of 32 bytes and proofs of 64", tally.positions);
                let found = format!("{} and {} bytes", part.decryptions.len(), part.proofs.len());
                return Err(wrong(what, expected, found));
            }
            let decode = |(position, (point, proof)): (usize, (&[u8; 32], &[u8; 64]))| {
                PartialDecryption::decode(point, proof).map_err(|error| {
                    let what =
                        format!("{what}, contest {contest}, group {group}, position {position}");
                    wrong(what, "a canonical point and proof", error)
                })
            };
            let decoded = points.iter().zip(proofs).enumerate().map(decode);
            groups.push(decoded.collect::<Result<Vec<_>, _>>()?);
        }
        if !recomputed.closed.has_sums {
            return Ok(groups);
        }
        let claims: Vec<Claim<'_>> = (entry.first.position()..)
            .zip(&groups)
            .flat_map(|(group, partials)| {
                let sums = tally.sums.get(group).map_or(&[][..], Vec::as_slice);
                (0u64..)
                    .zip(sums.iter().zip(partials))
                    .map(move |(position, (sum, partial))| Claim {
                        trustee,
                        at: SumPosition {
                            contest: u64::from(contest),
                            group: u64::try_from(group).unwrap_or(u64::MAX),
                            position,
                        },
                        sum,
                        partial,
                    })
            })
            .collect();
        verify_all(outcome, &recomputed.closed.tree, &claims)
            .map_err(|error| wrong(&what, "proven against the recomputed sums", error))?;
        Ok(groups)
    }

    /// Checks an entry and gives what it holds for each of its groups, to be added if it is not refused.
    pub(crate) fn check_partial(
        &self,
        entry: &Entry,
        recomputed: &Recomputed<'_>,
        out: &mut Sink,
    ) -> Vec<Slot> {
        for (group, _) in (entry.first.position()..).zip(&entry.groups) {
            let at = format!("contest {}, group {group}", entry.contest);
            let contest = entry.contest.position();
            if !self.exists(entry.trustee, contest, group) {
                out.refuse(wrong("partial decryption", "of an existing group", at));
            } else if self.slot(entry.trustee, contest, group).is_some() {
                let what = format!("decryptions of {at} by trustee {}", entry.trustee);
                out.out_of_place(what, 1, "a second one");
            }
        }
        if out.is_refused() {
            return Vec::new();
        }
        let points = |group: &Vec<PartialDecryption>| {
            let points = group.iter().map(|partial| *partial.point().as_bytes());
            Slot::Good(points.collect())
        };
        match Self::verified(entry, recomputed) {
            Ok(groups) => groups.iter().map(points).collect(),
            Err(finding) => {
                out.note(finding);
                entry.groups.iter().map(|_| Slot::Bad).collect()
            }
        }
    }

    /// Adds what [`Self::check_partial`] gave for an entry that was not refused.
    pub(crate) fn add_partial(&mut self, entry: &Entry, groups: Vec<Slot>) {
        let slots = self.slots.get_mut(entry.trustee.position());
        let Some(slots) = slots.and_then(|slots| slots.get_mut(entry.contest.position())) else {
            return;
        };
        let from = entry.first.position();
        let Some(due) = self.due.get_mut(entry.trustee.position()) else {
            return;
        };
        for (number, group) in (from..).zip(groups) {
            due.empty = due.empty.saturating_sub(1);
            due.has_bad |= matches!(group, Slot::Bad);
            slots.insert(number, group);
        }
    }

    /// vH at each position of `groups` of a contest (those that exist), from the first t trustees whose decryptions are
    /// all proven; `None` if there are not so many.
    pub(crate) fn combined(
        &self,
        contest: u16,
        groups: Range<usize>,
        recomputed: &Recomputed<'_>,
    ) -> Option<Vec<Vec<RistrettoPoint>>> {
        let parameters = recomputed.outcome?.parameters();
        let chosen: Vec<TrusteeIndex> = self
            .proven_trustees()
            .into_iter()
            .take(self.quorum)
            .map(|number| parameters.trustee(u64::from(number)).ok())
            .collect::<Option<_>>()?;
        let combination = Combination::new(parameters, &chosen).ok()?;
        let contest = usize::from(contest);
        let tally = recomputed.closed.contests.get(contest)?;
        let of_group = |(group, sums): (usize, &Vec<_>)| {
            let of_position = |(position, sum)| {
                let points = chosen.iter().map(|trustee| {
                    let slots = self.slots.get(trustee.position())?.get(contest)?;
                    match slots.get(&group)? {
                        Slot::Good(points) => {
                            let point = CompressedRistretto(*points.get(position)?);
                            Some((*trustee, point.decompress()?))
                        }
                        Slot::Bad => None,
                    }
                });
                let points = points.collect::<Option<Vec<_>>>()?;
                combination.decrypt_points(sum, &points).ok()
            };
            sums.iter().enumerate().map(of_position).collect()
        };
        let all = tally.sums.iter().enumerate();
        let wanted = all.skip(groups.start).take(groups.len());
        wanted.map(of_group).collect()
    }

    /// Values against decryptions (check 10) and totals against values (check 11).
    pub(crate) fn check_result(
        &self,
        entry: &ContestResult,
        recomputed: &Recomputed<'_>,
        out: &mut Sink,
    ) {
        if !self.is_complete() {
            let expected = format!("after {} trustees decrypted everything", self.quorum);
            out.out_of_place("contest result", expected, "before");
            return;
        }
        if entry.contest.get() != self.next {
            out.out_of_place("contest of the result", self.next, entry.contest);
            return;
        }
        let Some(tally) = recomputed.closed.contests.get(entry.contest.position()) else {
            return;
        };
        let (found, left) = (entry.groups.len(), self.groups_left(tally));
        if found > left || (found == 0 && left > 0) {
            let what = format!("groups of the result of contest {}", entry.contest);
            out.refuse(wrong(what, format_args!("1 to {left}"), found));
            return;
        }
        if recomputed.closed.has_sums {
            self.check_values(entry, recomputed, out);
        }
        self.check_totals(entry, tally, out);
    }

    /// Groups of the contest due whose values are not there yet.
    fn groups_left(&self, tally: &ContestTally) -> usize {
        tally.groups().len().saturating_sub(self.values.len())
    }

    /// Number of groups of the contest due whose values are there.
    pub(crate) fn groups_with_values(&self) -> usize {
        self.values.len()
    }

    fn check_values(&self, entry: &ContestResult, recomputed: &Recomputed<'_>, out: &mut Sink) {
        let contest = entry.contest;
        let from = self.values.len();
        let groups = from..from + entry.groups.len();
        let Some(combined) = self.combined(contest.get(), groups.clone(), recomputed) else {
            let expected = format!("{} trustees", self.quorum);
            let found = format!("{} trustees", self.proven_trustees().len());
            out.note(wrong("proven decryptions of everything", expected, found));
            return;
        };
        let generator = group::value_generator();
        for ((number, points), values) in groups.zip(&combined).zip(&entry.groups) {
            if values.len() != points.len() {
                let what = format!("values of group {number} of contest {contest}");
                out.note(wrong(what, points.len(), values.len()));
                continue;
            }
            for (position, (point, value)) in points.iter().zip(values).enumerate() {
                if Scalar::from(u64::from(*value)) * generator != *point {
                    let what =
                        format!("value of contest {contest}, group {number}, position {position}");
                    out.note(wrong(what, "the one that was decrypted", value));
                }
            }
        }
    }

    /// Totals stand in the last entry of a contest only.
    fn check_totals(&self, entry: &ContestResult, tally: &ContestTally, out: &mut Sink) {
        let contest = entry.contest;
        let is_last = entry.groups.len() == self.groups_left(tally);
        let mut expected = match &tally.grouping {
            Grouping::Published(_) if is_last => vec![0u64; tally.positions],
            Grouping::Published(_) | Grouping::Withheld => Vec::new(),
        };
        for values in self.values.iter().chain(&entry.groups) {
            for (total, value) in expected.iter_mut().zip(values) {
                *total = total.saturating_add(u64::from(*value));
            }
        }
        let check = CheckNumber::Result;
        let what = format!("number of totals of contest {contest}");
        out.compare(check, what, expected.len(), entry.totals.len());
        for (position, (expected, found)) in expected.iter().zip(&entry.totals).enumerate() {
            let what = format!("total of contest {contest} at position {position}");
            out.compare(check, what, *expected, u64::from(*found));
        }
    }

    /// Takes the values of an entry. The whole result of the contest, if this is its last entry.
    pub(crate) fn add_result(
        &mut self,
        entry: &ContestResult,
        closed: &Closed,
    ) -> Option<ContestResult> {
        self.values.extend(entry.groups.iter().cloned());
        let tally = closed.contests.get(entry.contest.position())?;
        if self.groups_left(tally) > 0 {
            return None;
        }
        self.next = self.next.saturating_add(1);
        Some(ContestResult {
            contest: entry.contest,
            // No more than groups, which are no more than units.
            groups: std::mem::take(&mut self.values).try_into().ok()?,
            totals: entry.totals.clone(),
        })
    }
}
