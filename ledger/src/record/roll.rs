//! Check 5: the roll of credentials and what happens to it (docs/PROTOCOL.md sections 9.1, 10.3, 10.4).
//!
//! - `columns` - what is known of every credential
//! - `half_lists` - commitments and halves of two authorities
//! - `changes` - revocation, re-issue and strike

mod changes;
mod columns;
mod half_lists;

use std::collections::HashSet;

use hanpyo_crypto::group;

pub(crate) use changes::Changes;
pub use columns::{Credential, VoterState};
pub(crate) use columns::{MAX_CHALLENGES, Roll};

use half_lists::{HalfLists, add_halves};

use super::election::Election;
use super::report::{CheckNumber, Finding};
use super::sink::Sink;
use crate::entry::{HalfListChunk, HalfListCommitment, RollChunk, RollRow, RollSealed, Subject};

/// Largest sum that any position of a contest may reach (section 9.1).
const MAX_SUM: u128 = 1 << 48;

fn wrong(
    what: impl Into<String>,
    expected: impl std::fmt::Display,
    found: impl std::fmt::Display,
) -> Finding {
    Finding::fatal(CheckNumber::Roll, what, expected, found)
}

/// Replaces each stored half by its sum with the other half.
fn sum_halves(stored: &mut [[u8; 32]], other: &[[u8; 32]]) {
    let sum = |(stored, other): (&mut [u8; 32], &[u8; 32])| {
        *stored = add_halves(stored, other).unwrap_or(half_lists::NO_POINT);
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        stored.par_iter_mut().zip(other).for_each(sum);
    }
    #[cfg(not(feature = "parallel"))]
    stored.iter_mut().zip(other).for_each(sum);
}

/// Places of the rows whose credential is no permitted point.
fn bad_points(rows: &[RollRow]) -> Vec<usize> {
    let is_bad = |row: &RollRow| group::decode_point(row.credential.as_bytes()).is_err();
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let bad = rows.par_iter().enumerate().filter(|(_, row)| is_bad(row));
        bad.map(|(place, _)| place).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let bad = rows.iter().enumerate().filter(|(_, row)| is_bad(row));
        bad.map(|(place, _)| place).collect()
    }
}

/// From the first half list to the seal.
pub(crate) struct Enrolment {
    /// With two authorities only.
    halves: Option<HalfLists>,
}

impl Enrolment {
    pub(crate) fn new(election: &Election) -> Self {
        let halves = || HalfLists::new(&election.hash, Subject::Roll);
        Self {
            halves: election.has_two_authorities().then(halves),
        }
    }

    /// The half lists, if they may still grow.
    fn open_halves(&self, roll: &Roll, subject: Subject, out: &mut Sink) -> Option<&HalfLists> {
        if subject != Subject::Roll {
            out.out_of_place("half list", "the roll's", "that of a re-issue");
            return None;
        }
        if self.halves.is_none() {
            out.out_of_place("half list", "none: there is one authority", "a half list");
        } else if roll.len() > 0 {
            out.out_of_place("half list", "before the first roll chunk", "after it");
        }
        self.halves.as_ref().filter(|_| !out.is_refused())
    }

    pub(crate) fn check_commitment(&self, entry: &HalfListCommitment, roll: &Roll, out: &mut Sink) {
        if let Some(halves) = self.open_halves(roll, entry.subject, out)
            && halves.is_committed(entry.authority)
        {
            let found = format!("a second one of authority {}", entry.authority);
            out.refuse(wrong("half-list commitments of one authority", 1, found));
        }
    }

    pub(crate) fn commit(&mut self, entry: &HalfListCommitment) {
        if let Some(halves) = &mut self.halves {
            halves.commit(entry.authority, entry.hash);
        }
    }

    pub(crate) fn check_half(&self, entry: &HalfListChunk, roll: &Roll, out: &mut Sink) {
        let Some(halves) = self.open_halves(roll, entry.subject, out) else {
            return;
        };
        if !halves.both_committed() {
            out.refuse(wrong(
                "half list",
                "after both authorities committed to theirs",
                "before",
            ));
        }
        let next = halves.points(entry.authority);
        if entry.first.get() != next {
            let what = format!(
                "first index of the half list of authority {}",
                entry.authority
            );
            out.refuse(wrong(what, next, entry.first));
        }
        let bytes = entry.points.len();
        if !bytes.is_multiple_of(32) {
            out.refuse(wrong(
                "bytes of half credentials",
                "a multiple of 32",
                bytes,
            ));
        }
    }

    pub(crate) fn add_half(&mut self, entry: &HalfListChunk, roll: &mut Roll) {
        if let Some(halves) = &mut self.halves {
            halves.add(entry.authority, &entry.points, roll.halves());
        }
    }

    /// Half lists against their commitments, before the first roll row.
    fn check_halves(&self, out: &mut Sink) {
        let Some(halves) = &self.halves else { return };
        if !halves.both_committed() {
            out.note(wrong(
                "roll",
                "after both half lists",
                "before their commitments",
            ));
            return;
        }
        for (authority, expected, found) in halves.broken_commitments() {
            let what = format!("hash of the half list of authority {authority}");
            out.note(wrong(what, expected, found));
        }
        let (one, two) = halves.lengths();
        if one != two {
            out.note(wrong("length of the second half list", one, two));
        }
    }

    pub(crate) fn check_chunk(
        &self,
        election: &Election,
        entry: &RollChunk,
        roll: &Roll,
        out: &mut Sink,
    ) {
        let next = roll.len();
        if next == 0 {
            self.check_halves(out);
        }
        if entry.first.get() != next {
            out.refuse(wrong("first index of the roll chunk", next, entry.first));
            return;
        }
        let rows = u32::try_from(entry.rows.len()).unwrap_or(u32::MAX);
        if next.checked_add(rows).is_none() {
            out.refuse(wrong("credentials", u32::MAX, "more"));
            return;
        }
        for place in bad_points(&entry.rows) {
            let index = u64::from(next) + u64::try_from(place).unwrap_or(u64::MAX);
            let what = format!("public credential {index}");
            out.note(wrong(
                what,
                "a canonical point, not the identity",
                "other bytes",
            ));
        }
        let mut in_chunk = HashSet::with_capacity(entry.rows.len());
        for (index, row) in (next..).zip(&entry.rows) {
            if !in_chunk.insert(row.credential) || roll.find(row.credential.as_bytes()).is_some() {
                let what = format!("public credential {index}");
                out.note(wrong(what, "distinct from all others", row.credential));
            }
            if self.halves.is_some() && roll.announced(index) != Some(row.credential.as_bytes()) {
                let what = format!("public credential {index}");
                out.note(wrong(what, "the sum of its halves", row.credential));
            }
            if election.style(row.style.get()).is_none() {
                let what = format!("ballot style of credential {index}");
                out.note(wrong(
                    what,
                    format_args!("below {}", election.styles.len()),
                    row.style,
                ));
            }
            if row.unit.position() >= election.units() {
                let what = format!("reporting unit of credential {index}");
                out.note(wrong(
                    what,
                    format_args!("below {}", election.units()),
                    row.unit,
                ));
            }
        }
    }

    pub(crate) fn add_chunk(entry: &RollChunk, roll: &mut Roll) {
        for row in &entry.rows {
            roll.push(Credential {
                point: *row.credential.as_bytes(),
                style: row.style.get(),
                unit: row.unit.get(),
                weight: row.weight.get(),
            });
        }
    }

    pub(crate) fn check_seal(
        &self,
        election: &Election,
        entry: &RollSealed,
        roll: &Roll,
        out: &mut Sink,
    ) {
        let what = "number of credentials";
        if entry.credentials.get() != roll.len() {
            out.note(wrong(what, roll.len(), entry.credentials));
        }
        if let Some(halves) = &self.halves {
            let (one, _) = halves.lengths();
            out.compare(
                CheckNumber::Roll,
                "length of the half lists",
                roll.len(),
                one,
            );
        }
        let counts = roll.per_unit(election.units());
        if entry.per_unit.len() != counts.len() {
            let what = "number of units in the seal";
            out.note(wrong(what, counts.len(), entry.per_unit.len()));
        }
        for (unit, (expected, found)) in (0u16..).zip(counts.iter().zip(&entry.per_unit)) {
            let what = format!("credentials of unit {unit}");
            out.compare(CheckNumber::Roll, what, *expected, *found);
        }
        for (number, sum) in (0u16..).zip(largest_sums(election, roll)) {
            if sum > MAX_SUM {
                let what = format!("largest possible sum of contest {number}");
                out.note(wrong(what, format_args!("at most {MAX_SUM}"), sum));
            }
        }
    }
}

/// Σ weight × largest value of one position, per contest (section 9.1).
fn largest_sums(election: &Election, roll: &Roll) -> Vec<u128> {
    let mut weights = vec![0u128; election.styles.len()];
    for (style, weight) in roll.styles_and_weights() {
        if let Some(sum) = weights.get_mut(usize::from(style)) {
            *sum += u128::from(weight);
        }
    }
    let mut sums = vec![0u128; election.kinds.len()];
    for (contests, weight) in election.styles.iter().zip(weights) {
        for contest in contests {
            let place = usize::try_from(contest.number).unwrap_or(usize::MAX);
            if let Some(sum) = sums.get_mut(place) {
                *sum += weight * u128::from(contest.kind.largest_value());
            }
        }
    }
    sums
}
