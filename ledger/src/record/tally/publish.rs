//! What tally operator and trustees publish after the close, cut into entries that fit.

use hanpyo_crypto::ceremony::KeyShare;
use hanpyo_crypto::decryption::{PartialDecryption, SumPosition};
use hanpyo_crypto::elgamal::Ciphertext;
use rand_core::{CryptoRng, RngCore};

use super::{Closed, ContestTally};
use crate::entry::bounded::{List, WrongLength};
use crate::entry::{
    ContestNumber, ContestResult, Count, EncryptedTally, Group, GroupDecryption, GroupNumber,
    OutOfRange, PartialDecryption as PartialEntry, TrusteeNumber,
};
use crate::record::groups::Grouping;

/// Bytes of groups in one entry; the rest is left for heads, payload and signature.
const ENTRY_BUDGET: usize = 65_000;
/// Groups in one entry.
const MAX_GROUPS: usize = 1024;
/// Most bytes of a count.
const MAX_COUNT_BYTES: usize = 9;
/// Most bytes of the heads, ballots and so on around a group.
const GROUP_OVERHEAD: usize = 32;

/// Why something cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A number that no entry can hold.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// A list that no entry can hold.
    #[error(transparent)]
    Length(#[from] WrongLength),
    /// The sums were not kept, or the contest does not exist.
    #[error("there are no sums of contest {0}")]
    NoSums(u16),
}

/// Cuts items into runs that fit one entry each; always at least one run.
fn runs<T>(items: Vec<T>, bytes: impl Fn(&T) -> usize) -> Vec<(usize, Vec<T>)> {
    runs_within(ENTRY_BUDGET, items, bytes)
}

fn runs_within<T>(
    budget: usize,
    items: Vec<T>,
    bytes: impl Fn(&T) -> usize,
) -> Vec<(usize, Vec<T>)> {
    let mut runs = Vec::new();
    let (mut run, mut run_bytes, mut first) = (Vec::new(), 0, 0);
    for (place, item) in items.into_iter().enumerate() {
        let size = bytes(&item);
        if !run.is_empty() && (run_bytes + size > budget || run.len() == MAX_GROUPS) {
            runs.push((first, std::mem::take(&mut run)));
            (run_bytes, first) = (0, place);
        }
        run_bytes += size;
        run.push(item);
    }
    runs.push((first, run));
    runs
}

fn encode(sums: &[Ciphertext]) -> Vec<u8> {
    sums.iter().flat_map(Ciphertext::encode).collect()
}

impl Closed {
    fn contests(&self) -> impl Iterator<Item = (u16, &ContestTally)> {
        (0u16..).zip(&self.contests)
    }

    /// The encrypted-tally entries of all contests, in order (docs/PROTOCOL.md section 9.2).
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn encrypted_tally(&self) -> Result<Vec<EncryptedTally>, PublishError> {
        let mut entries = Vec::new();
        for (contest, tally) in self.contests() {
            if tally.sums.len() != tally.groups().len() {
                return Err(PublishError::NoSums(contest));
            }
            let group = |(group, sums): (&crate::record::groups::Group, &Vec<Ciphertext>)| {
                let units = group.units.iter().map(|unit| (*unit).into()).collect();
                Ok::<_, PublishError>(Group {
                    units: List::new(units)?,
                    ballots: group.ballots,
                    sums: encode(sums).try_into()?,
                })
            };
            let groups = tally.groups().iter().zip(&tally.sums).map(group);
            let groups = groups.collect::<Result<Vec<_>, _>>()?;
            let groups_in_all = u64::try_from(groups.len()).unwrap_or(u64::MAX);
            let size = |group: &Group| GROUP_OVERHEAD + 3 * group.units.len() + group.sums.len();
            for (first, groups) in runs(groups, size) {
                entries.push(EncryptedTally {
                    contest: ContestNumber::from(contest),
                    groups_in_all,
                    first: GroupNumber::try_from(first)?,
                    groups: groups.try_into()?,
                });
            }
        }
        Ok(entries)
    }

    /// All partial decryptions of one trustee (section 9.3).
    ///
    /// # Security
    /// Decrypts every sum. A trustee's program calls it only after all of section 9.3: own checks 1 to 9,
    /// own clock, the gate, and (root, size) durably recorded.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn decrypt(
        &self,
        share: &KeyShare,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Vec<PartialEntry>, PublishError> {
        let trustee = TrusteeNumber::try_from(share.trustee().number())?;
        let mut entries = Vec::new();
        for (contest, tally) in self.contests() {
            if tally.sums.len() != tally.groups().len() {
                return Err(PublishError::NoSums(contest));
            }
            let mut groups = Vec::with_capacity(tally.sums.len());
            for (group, sums) in (0u64..).zip(&tally.sums) {
                let (mut decryptions, mut proofs) = (Vec::new(), Vec::new());
                for (position, sum) in (0u64..).zip(sums) {
                    let at = SumPosition {
                        contest: u64::from(contest),
                        group,
                        position,
                    };
                    let partial = PartialDecryption::create(share, &self.tree, at, sum, rng);
                    decryptions.extend_from_slice(partial.point().as_bytes());
                    proofs.extend_from_slice(&partial.proof().encode());
                }
                groups.push(GroupDecryption {
                    decryptions: decryptions.try_into()?,
                    proofs: proofs.try_into()?,
                });
            }
            if groups.is_empty() {
                continue;
            }
            let size = |group: &GroupDecryption| {
                GROUP_OVERHEAD + group.decryptions.len() + group.proofs.len()
            };
            for (first, groups) in runs(groups, size) {
                entries.push(PartialEntry {
                    trustee,
                    contest: ContestNumber::from(contest),
                    first: GroupNumber::try_from(first)?,
                    groups: groups.try_into()?,
                });
            }
        }
        Ok(entries)
    }

    /// The result entries of a contest from its decrypted values, one list per group: those from group
    /// `from` on, the others are in the record already.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn contest_result(
        &self,
        contest: u16,
        values: &[Vec<u64>],
        from: usize,
    ) -> Result<Vec<ContestResult>, PublishError> {
        let tally = self.contests.get(usize::from(contest));
        let tally = tally.ok_or(PublishError::NoSums(contest))?;
        let mut totals = match &tally.grouping {
            Grouping::Published(_) => vec![0u64; tally.positions],
            Grouping::Withheld => Vec::new(),
        };
        for values in values {
            for (total, value) in totals.iter_mut().zip(values) {
                *total = total.saturating_add(*value);
            }
        }
        let totals = totals.into_iter().map(Count::try_from);
        let totals = totals.collect::<Result<Vec<_>, _>>()?;
        let groups = values.iter().skip(from).map(|values| counts(values));
        let groups = groups.collect::<Result<Vec<_>, _>>()?;
        let budget = ENTRY_BUDGET.saturating_sub(MAX_COUNT_BYTES * totals.len());
        let mut runs = runs_within(budget, groups, |group: &List<Count, 2, 1024>| {
            GROUP_OVERHEAD + MAX_COUNT_BYTES * group.len()
        });
        let last = runs.pop();
        let entry = |groups: Vec<_>, totals: Vec<_>| {
            Ok(ContestResult {
                contest: ContestNumber::from(contest),
                groups: groups.try_into()?,
                totals: totals.try_into()?,
            })
        };
        let mut entries = runs
            .into_iter()
            .map(|(_, groups)| entry(groups, Vec::new()))
            .collect::<Result<Vec<_>, PublishError>>()?;
        entries.push(entry(last.unwrap_or_default().1, totals)?);
        Ok(entries)
    }
}

fn counts(values: &[u64]) -> Result<List<Count, 2, 1024>, PublishError> {
    let counts = values.iter().map(|value| Count::try_from(*value));
    Ok(counts.collect::<Result<Vec<_>, _>>()?.try_into()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn runs_respect_both_limits_and_lose_nothing() {
        let by_bytes = runs(vec![30_000usize; 5], |size| *size);
        let lengths: Vec<_> = by_bytes
            .iter()
            .map(|(first, run)| (*first, run.len()))
            .collect();
        assert_eq!(lengths, [(0, 2), (2, 2), (4, 1)]);
        let by_number = runs(vec![1usize; 2500], |size| *size);
        let lengths: Vec<_> = by_number
            .iter()
            .map(|(first, run)| (*first, run.len()))
            .collect();
        assert_eq!(lengths, [(0, 1024), (1024, 1024), (2048, 452)]);
        assert_eq!(runs(Vec::<usize>::new(), |size| *size), [(0, Vec::new())]);
    }

    #[test]
    fn results_of_many_groups_are_cut_into_entries_that_fit() {
        use crate::record::groups::Group;

        let (groups, positions) = (5_000u16, 3);
        let group = |unit| Group {
            units: vec![unit],
            ballots: 5,
        };
        let closed = Closed {
            tree: hanpyo_crypto::decryption::ClosedTree {
                root: [0; 32],
                size: 1,
            },
            gate_holds: true,
            has_sums: false,
            contests: vec![ContestTally {
                grouping: Grouping::Published((0..groups).map(group).collect()),
                sums: Vec::new(),
                weight: 1,
                positions,
            }],
        };
        let values = vec![vec![1u64 << 33; positions]; usize::from(groups)];
        let all = closed.contest_result(0, &values, 0).unwrap();
        assert!(all.len() > 1);
        let (last, others) = all.split_last().unwrap();
        assert!(others.iter().all(|entry| entry.totals.is_empty()));
        let total = u64::from(groups) << 33;
        assert!(last.totals.iter().all(|count| count.get() == total));
        let joined: usize = all.iter().map(|entry| entry.groups.len()).sum();
        assert_eq!(joined, usize::from(groups));
        for entry in &all {
            assert!(minicbor::to_vec(entry).unwrap().len() < 65_400);
        }
        let rest = closed.contest_result(0, &values, all[0].groups.len());
        assert_eq!(rest.unwrap(), all[1..]);
    }
}
