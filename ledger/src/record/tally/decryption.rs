//! Check 10: partial decryptions and the values they combine to (docs/PROTOCOL.md section 9.3).

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::TrusteeIndex;
use hanpyo_crypto::decryption::{Claim, Combination, PartialDecryption, SumPosition, verify_all};
use hanpyo_crypto::group;

use super::{ContestTally, Recomputed};
use crate::entry::{ContestResult, PartialDecryption as Entry, TrusteeNumber};
use crate::record::report::{CheckNumber, Finding};
use crate::record::sink::Sink;

fn wrong(
    what: impl Into<String>,
    expected: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> Finding {
    Finding::fatal(CheckNumber::Decryption, what, expected, found)
}

/// What a trustee published for one group.
#[derive(Clone)]
enum Slot {
    Empty,
    /// Published, but not proven; reported when it came.
    Bad,
    Good(Vec<PartialDecryption>),
}

/// Partial decryptions by trustee, contest and group.
pub(crate) struct Decryptions {
    slots: Vec<Vec<Vec<Slot>>>,
    quorum: usize,
    /// Next contest whose result is due.
    next: u16,
}

impl Decryptions {
    /// `groups` is the number of groups of each contest.
    pub(crate) fn new(trustees: usize, quorum: usize, groups: &[usize]) -> Self {
        let one: Vec<Vec<Slot>> = groups.iter().map(|n| vec![Slot::Empty; *n]).collect();
        Self {
            slots: vec![one; trustees],
            quorum,
            next: 0,
        }
    }

    fn slot(&self, trustee: TrusteeNumber, contest: usize, group: usize) -> Option<&Slot> {
        self.slots.get(trustee.position())?.get(contest)?.get(group)
    }

    /// Trustees (places from 0) of whom `is_done` holds in every contest and group.
    fn trustees(&self, is_done: impl Fn(&Slot) -> bool) -> Vec<usize> {
        let complete = |slots: &Vec<Vec<Slot>>| slots.iter().flatten().all(&is_done);
        let complete = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slots)| complete(slots));
        complete.map(|(place, _)| place).collect()
    }

    /// Whether t trustees have published decryptions of everything, right or wrong.
    pub(crate) fn is_complete(&self) -> bool {
        self.trustees(|slot| !matches!(slot, Slot::Empty)).len() >= self.quorum
    }

    /// Trustees whose decryptions of everything are there and proven.
    pub(crate) fn proven_trustees(&self) -> Vec<TrusteeNumber> {
        let places = self.trustees(|slot| matches!(slot, Slot::Good(_)));
        let numbers = places.into_iter();
        numbers
            .filter_map(|place| TrusteeNumber::try_from(place + 1).ok())
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

    pub(crate) fn check_partial(&self, entry: &Entry, recomputed: &Recomputed<'_>, out: &mut Sink) {
        for (group, _) in (entry.first.position()..).zip(&entry.groups) {
            let at = format!("contest {}, group {group}", entry.contest);
            match self.slot(entry.trustee, entry.contest.position(), group) {
                Some(Slot::Empty) => {}
                Some(_) => {
                    let what = format!("decryptions of {at} by trustee {}", entry.trustee);
                    out.out_of_place(what, 1, "a second one");
                }
                None => out.refuse(wrong("partial decryption", "of an existing group", at)),
            }
        }
        if !out.is_refused()
            && let Err(finding) = Self::verified(entry, recomputed)
        {
            out.note(finding);
        }
    }

    pub(crate) fn add_partial(&mut self, entry: &Entry, recomputed: &Recomputed<'_>) {
        let groups = match Self::verified(entry, recomputed) {
            Ok(groups) => groups.into_iter().map(Slot::Good).collect(),
            Err(_) => vec![Slot::Bad; entry.groups.len()],
        };
        let slots = self.slots.get_mut(entry.trustee.position());
        let Some(slots) = slots.and_then(|slots| slots.get_mut(entry.contest.position())) else {
            return;
        };
        let from = entry.first.position();
        for (slot, group) in slots.iter_mut().skip(from).zip(groups) {
            *slot = group;
        }
    }

    /// vH at each position of each group of a contest, from the first t trustees whose decryptions are
    /// all proven; `None` if there are not so many.
    pub(crate) fn combined(
        &self,
        contest: u16,
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
                let partials = chosen.iter().map(|trustee| {
                    let slot = self
                        .slots
                        .get(trustee.position())?
                        .get(contest)?
                        .get(group)?;
                    match slot {
                        Slot::Good(partials) => Some((*trustee, partials.get(position)?)),
                        Slot::Empty | Slot::Bad => None,
                    }
                });
                let partials = partials.collect::<Option<Vec<_>>>()?;
                combination.decrypt(sum, &partials).ok()
            };
            sums.iter().enumerate().map(of_position).collect()
        };
        tally.sums.iter().enumerate().map(of_group).collect()
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
        if recomputed.closed.has_sums {
            self.check_values(entry, tally, recomputed, out);
        }
        check_totals(entry, tally, out);
    }

    fn check_values(
        &self,
        entry: &ContestResult,
        tally: &ContestTally,
        recomputed: &Recomputed<'_>,
        out: &mut Sink,
    ) {
        let contest = entry.contest;
        if entry.groups.len() != tally.groups().len() {
            let what = format!("groups of the result of contest {contest}");
            out.note(wrong(what, tally.groups().len(), entry.groups.len()));
            return;
        }
        let Some(combined) = self.combined(contest.get(), recomputed) else {
            let expected = format!("{} trustees", self.quorum);
            let found = format!("{} trustees", self.proven_trustees().len());
            out.note(wrong("proven decryptions of everything", expected, found));
            return;
        };
        let generator = group::value_generator();
        for (number, (points, values)) in combined.iter().zip(&entry.groups).enumerate() {
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

    pub(crate) fn advance(&mut self) {
        self.next = self.next.saturating_add(1);
    }
}

fn check_totals(entry: &ContestResult, tally: &ContestTally, out: &mut Sink) {
    use crate::record::groups::Grouping;

    let contest = entry.contest;
    let mut expected = match &tally.grouping {
        Grouping::Published(_) => vec![0u64; tally.positions],
        Grouping::Withheld => Vec::new(),
    };
    for values in &entry.groups {
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
