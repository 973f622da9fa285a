//! Encrypted sums per contest, unit and weight (docs/PROTOCOL.md section 9.1).

use std::collections::{BTreeMap, HashMap};

use hanpyo_crypto::ballot::NumberedContest;
use hanpyo_crypto::elgamal::Ciphertext;

use super::groups::WeightCounts;

/// Weights of one cell that get a sum of their own. Ballots of further weights are multiplied when they are added,
/// which takes longer but no memory.
const MAX_BUCKETS: usize = 64;

/// Ciphertexts that all cells together may keep for a second and further weights: 31 MiB, however many units a
/// manifest has.
const MAX_FURTHER: usize = 100_000;

/// Counted ballots and their sum for one contest and unit.
#[derive(Default)]
struct Cell {
    counts: WeightCounts,
    /// Unweighted sums of the first weights seen.
    buckets: BTreeMap<u32, Vec<Ciphertext>>,
    /// Weighted sum of all other ballots.
    weighted: Vec<Ciphertext>,
}

impl Cell {
    /// Adds or takes away a ballot; `further` counts down the ciphertexts of [`MAX_FURTHER`]. Where a weight's
    /// ballots go may change from one ballot to the next: [`Cell::add_to`] multiplies either way.
    fn change(&mut self, weight: u32, ciphertexts: &[Ciphertext], sign: Sign, further: &mut usize) {
        let count = self.counts.entry(weight).or_insert(0);
        *count = match sign {
            Sign::Add => *count + 1,
            Sign::Subtract => count.saturating_sub(1),
        };
        if ciphertexts.is_empty() {
            return;
        }
        let known = self.buckets.is_empty() || self.buckets.contains_key(&weight);
        let room = self.buckets.len() < MAX_BUCKETS && *further >= ciphertexts.len();
        if !known && room {
            *further -= ciphertexts.len();
        }
        let (sums, factor) = if known || room {
            (self.buckets.entry(weight).or_default(), 1)
        } else {
            (&mut self.weighted, u64::from(weight))
        };
        if sums.is_empty() {
            sums.resize(ciphertexts.len(), Ciphertext::zero());
        }
        for (sum, ciphertext) in sums.iter_mut().zip(ciphertexts) {
            match sign {
                Sign::Add => sum.add_weighted(ciphertext, factor),
                Sign::Subtract => {
                    let negative = Ciphertext {
                        r: -ciphertext.r,
                        c: -ciphertext.c,
                    };
                    sum.add_weighted(&negative, factor);
                }
            }
        }
    }

    fn add_to(&self, total: &mut [Ciphertext]) {
        let bucketed = self
            .buckets
            .iter()
            .map(|(weight, sums)| (u64::from(*weight), sums));
        for (weight, sums) in bucketed.chain([(1, &self.weighted)]) {
            for (total, sum) in total.iter_mut().zip(sums) {
                total.add_weighted(sum, weight);
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Sign {
    Add,
    Subtract,
}

/// All cells with at least one counted ballot.
pub(crate) struct Sums {
    cells: HashMap<(u16, u16), Cell>,
    /// Ciphertexts left of [`MAX_FURTHER`].
    further: usize,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            cells: HashMap::new(),
            further: MAX_FURTHER,
        }
    }
}

impl Sums {
    /// Adds or takes away a ballot. `ciphertexts` are those of all its contests in order, or none if
    /// sums are not wanted.
    pub(crate) fn change(
        &mut self,
        contests: &[NumberedContest],
        unit: u16,
        weight: u32,
        ciphertexts: &[Ciphertext],
        sign: Sign,
    ) {
        let mut rest = ciphertexts;
        for contest in contests {
            let count = contest.kind.ciphertexts().min(rest.len());
            let (own, others) = rest.split_at(count);
            rest = others;
            // Contests are numbered below 2^16 in manifests.
            let number = u16::try_from(contest.number).unwrap_or(u16::MAX);
            let cell = self.cells.entry((number, unit)).or_default();
            cell.change(weight, own, sign, &mut self.further);
        }
    }

    /// Counted ballots of one unit for one contest, by weight.
    pub(crate) fn counts(&self, contest: u16, unit: u16) -> Option<&WeightCounts> {
        self.cells.get(&(contest, unit)).map(|cell| &cell.counts)
    }

    /// The weighted sum over some units at each of the contest's `positions`.
    pub(crate) fn total(&self, contest: u16, units: &[u16], positions: usize) -> Vec<Ciphertext> {
        let mut total = vec![Ciphertext::zero(); positions];
        for unit in units {
            if let Some(cell) = self.cells.get(&(contest, *unit)) {
                cell.add_to(&mut total);
            }
        }
        total
    }

    /// Sum of the weights of all counted ballots that hold the contest.
    pub(crate) fn weight(&self, contest: u16) -> u64 {
        let cells = self.cells.iter().filter(|((of, _), _)| *of == contest);
        cells
            .flat_map(|(_, cell)| &cell.counts)
            .map(|(weight, count)| u64::from(*weight).saturating_mul(*count))
            .fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
    use curve25519_dalek::scalar::Scalar;
    use hanpyo_crypto::contest::ContestKind;

    use super::*;

    fn ciphertext(r: u64, c: u64) -> Ciphertext {
        Ciphertext {
            r: G * Scalar::from(r),
            c: G * Scalar::from(c),
        }
    }

    fn contests() -> Vec<NumberedContest> {
        let kind = ContestKind::from_parameters([1, 2, 0, 0, 0]).unwrap();
        vec![
            NumberedContest { number: 1, kind },
            NumberedContest { number: 4, kind },
        ]
    }

    #[test]
    fn every_weight_is_multiplied_once_whatever_the_number_of_weights() {
        let mut sums = Sums::default();
        let (mut r, mut c) = (0, 0);
        // More weights than buckets.
        for weight in 1..=100u32 {
            let value = u64::from(weight) * 3;
            let ballot: Vec<_> = (0..4).map(|i| ciphertext(value, value + i)).collect();
            for _ in 0..2 {
                sums.change(&contests(), 7, weight, &ballot, Sign::Add);
                r += value * u64::from(weight);
                c += (value + 3) * u64::from(weight);
            }
        }
        assert_eq!(sums.total(4, &[3, 7], 2)[1], ciphertext(r, c));
        assert_eq!(sums.total(4, &[3], 2), vec![Ciphertext::zero(); 2]);
        assert_eq!(sums.weight(1), 2 * 5050);
        assert_eq!(sums.counts(1, 7).unwrap().len(), 100);
        assert_eq!(sums.weight(2), 0);
    }

    #[test]
    fn sums_of_further_weights_have_one_budget_for_all_units() {
        let mut sums = Sums {
            further: 10,
            ..Sums::default()
        };
        let ballot: Vec<_> = (0..4).map(|i| ciphertext(i + 1, 5)).collect();
        for unit in 0..20 {
            for weight in 1..=10 {
                sums.change(&contests(), unit, weight, &ballot, Sign::Add);
            }
        }
        let kept: usize = sums.cells.values().map(|cell| cell.buckets.len()).sum();
        assert_eq!((kept, sums.further), (2 * 20 + 5, 0));
        let units: Vec<u16> = (0..20).collect();
        assert_eq!(
            sums.total(1, &units, 2)[0],
            ciphertext(20 * 55, 5 * 20 * 55)
        );
    }

    #[test]
    fn what_was_added_can_be_taken_away_again() {
        let mut sums = Sums::default();
        for weight in 1..=70 {
            let first: Vec<_> = (1..5).map(|i| ciphertext(i, 2 * i)).collect();
            let second: Vec<_> = (1..5).map(|i| ciphertext(9 * i, i)).collect();
            sums.change(&contests(), 0, weight, &first, Sign::Add);
            sums.change(&contests(), 0, weight, &second, Sign::Add);
            sums.change(&contests(), 0, weight, &first, Sign::Subtract);
            sums.change(&contests(), 0, weight, &second, Sign::Subtract);
        }
        assert_eq!(sums.total(1, &[0], 2), vec![Ciphertext::zero(); 2]);
        assert_eq!(sums.weight(1), 0);
    }
}
