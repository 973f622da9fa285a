//! Which reporting units are published together (docs/PROTOCOL.md section 9.2): no published sum may
//! rest on fewer ballots than the floor, nor may one be found by subtracting published sums.

use std::collections::BTreeMap;

/// Ballots by credential weight.
pub type WeightCounts = BTreeMap<u32, u64>;

/// When a set of units may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FloorRule {
    /// Fewest counted ballots of one weight (of all weights, if votes may be computable).
    pub floor: u64,
    /// The manifest and the booth say in words that single votes may become computable.
    pub votes_computable: bool,
}

impl FloorRule {
    fn allows(self, bag: &Bag) -> bool {
        if self.votes_computable {
            bag.ballots >= self.floor
        } else {
            bag.by_weight.values().all(|&count| count >= self.floor)
        }
    }

    /// Whether two disjoint sets together are publishable; does not build their union.
    fn allows_union(self, small: &Bag, large: &Bag) -> bool {
        if self.votes_computable {
            return small.ballots + large.ballots >= self.floor;
        }
        let of = |bag: &Bag, weight| bag.by_weight.get(weight).copied().unwrap_or(0);
        small
            .by_weight
            .iter()
            .all(|(weight, count)| count + of(large, weight) >= self.floor)
            && large
                .by_weight
                .iter()
                .all(|(weight, count)| count + of(small, weight) >= self.floor)
    }
}

/// Units whose sums are added before decryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Numbers of the units, ascending.
    pub units: Vec<u16>,
    /// Counted ballots of all its units.
    pub ballots: u64,
}

/// How one contest is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    /// The groups by their lowest unit. Units without ballots are in none; with no ballots at all
    /// there is no group.
    Published(Vec<Group>),
    /// Too few ballots to publish anything of this contest.
    Withheld,
}

impl Grouping {
    /// The groups to decrypt; none of a withheld contest.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        match self {
            Self::Published(groups) => groups,
            Self::Withheld => &[],
        }
    }
}

/// A set of units with what the floor looks at.
#[derive(Default)]
struct Bag {
    units: Vec<u16>,
    lowest: u16,
    ballots: u64,
    by_weight: WeightCounts,
}

impl Bag {
    fn new(unit: u16, by_weight: &WeightCounts) -> Self {
        let by_weight: WeightCounts = by_weight
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(weight, count)| (*weight, *count))
            .collect();
        Self {
            units: vec![unit],
            lowest: unit,
            ballots: by_weight.values().sum(),
            by_weight,
        }
    }

    fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    fn absorb(&mut self, mut other: Self) {
        if other.is_empty() {
            return;
        }
        if self.units.len() < other.units.len() {
            std::mem::swap(self, &mut other);
        }
        if other.is_empty() {
            return;
        }
        self.lowest = self.lowest.min(other.lowest);
        self.units.append(&mut other.units);
        self.ballots += other.ballots;
        for (weight, count) in other.by_weight {
            *self.by_weight.entry(weight).or_insert(0) += count;
        }
    }
}

/// What process(u) of section 9.2 returns.
#[derive(Default)]
struct Processed {
    groups: Vec<Bag>,
    rest: Bag,
}

impl Processed {
    fn take_over(&mut self, child: Self) {
        let (mut few, many) = if self.groups.len() < child.groups.len() {
            (std::mem::take(&mut self.groups), child.groups)
        } else {
            (child.groups, std::mem::take(&mut self.groups))
        };
        self.groups = many;
        self.groups.append(&mut few);
        self.rest.absorb(child.rest);
    }

    /// Step 2.
    fn settle(&mut self, rule: FloorRule) {
        if self.rest.is_empty() {
            return;
        }
        if rule.allows(&self.rest) {
            self.groups.push(std::mem::take(&mut self.rest));
            return;
        }
        let joined = self
            .groups
            .iter_mut()
            .filter(|group| rule.allows_union(&self.rest, group))
            .min_by_key(|group| (group.ballots, group.lowest));
        if let Some(group) = joined {
            group.absorb(std::mem::take(&mut self.rest));
        }
    }
}

/// Groups of one contest. `parents[u]` is the parent of unit u, which has a lower number (section 10.2);
/// `counts(u)` are the counted ballots of unit u for the contest, `None` or empty if there are none.
///
/// A parent that is not lower than its child counts as no parent; check 3 refuses such a manifest.
#[must_use]
pub fn form_groups<'a>(
    parents: &[Option<u16>],
    counts: impl Fn(u16) -> Option<&'a WeightCounts>,
    rule: FloorRule,
) -> Grouping {
    // Children have higher numbers than their parents, so going down the numbers visits every node
    // after all its children, without recursion. The order among children decides nothing: groups are
    // compared by ballots and lowest unit only.
    let mut pending: Vec<Processed> = Vec::new();
    pending.resize_with(parents.len(), Processed::default);
    let mut root = Processed::default();
    for (index, parent) in parents.iter().enumerate().rev() {
        let Some(mut node) = pending.pop() else { break };
        if let Ok(unit) = u16::try_from(index)
            && let Some(by_weight) = counts(unit)
        {
            let own = Bag::new(unit, by_weight);
            if own.ballots > 0 {
                node.rest.absorb(own);
            }
        }
        node.settle(rule);
        parent
            .and_then(|parent| pending.get_mut(usize::from(parent)))
            .unwrap_or(&mut root)
            .take_over(node);
    }
    root.settle(rule);
    if !root.rest.is_empty() {
        // Anything published now would reveal the rest by subtraction from the total.
        let mut all = std::mem::take(&mut root.rest);
        for group in root.groups.drain(..) {
            all.absorb(group);
        }
        if !rule.allows(&all) {
            return Grouping::Withheld;
        }
        root.groups.push(all);
    }
    let mut groups: Vec<Group> = root
        .groups
        .into_iter()
        .map(|mut bag| {
            bag.units.sort_unstable();
            Group {
                units: bag.units,
                ballots: bag.ballots,
            }
        })
        .collect();
    groups.sort_unstable_by(|a, b| a.units.first().cmp(&b.units.first()));
    Grouping::Published(groups)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    /// Parent and (weight, ballots) pairs.
    type Unit<'a> = (Option<u16>, &'a [(u32, u64)]);

    fn grouping(units: &[Unit<'_>], floor: u64, computable: bool) -> Grouping {
        let parents: Vec<_> = units.iter().map(|(parent, _)| *parent).collect();
        let counts: Vec<WeightCounts> = units
            .iter()
            .map(|(_, counts)| counts.iter().copied().collect())
            .collect();
        let rule = FloorRule {
            floor,
            votes_computable: computable,
        };
        form_groups(&parents, |u| counts.get(usize::from(u)), rule)
    }

    fn units(grouping: &Grouping) -> Vec<Vec<u16>> {
        let Grouping::Published(groups) = grouping else {
            panic!("withheld")
        };
        groups.iter().map(|group| group.units.clone()).collect()
    }

    #[test]
    fn units_at_the_floor_stand_alone() {
        let got = grouping(
            &[(None, &[]), (Some(0), &[(1, 5)]), (Some(0), &[(1, 9)])],
            5,
            false,
        );
        assert_eq!(units(&got), [vec![1], vec![2]]);
    }

    #[test]
    fn a_small_unit_joins_its_smallest_sibling() {
        let got = grouping(
            &[
                (None, &[]),
                (Some(0), &[(1, 4)]),
                (Some(0), &[(1, 9)]),
                (Some(0), &[(1, 7)]),
            ],
            5,
            false,
        );
        assert_eq!(units(&got), [vec![1, 3], vec![2]]);
    }

    #[test]
    fn among_equals_the_lowest_unit_is_joined() {
        let got = grouping(
            &[(None, &[(1, 8)]), (None, &[(1, 1)]), (None, &[(1, 8)])],
            5,
            false,
        );
        assert_eq!(units(&got), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn small_siblings_merge_at_their_parent_before_going_up() {
        // 1 and 2 under 0 reach the floor together; 4 under 3 must go up and joins the smaller group.
        let got = grouping(
            &[
                (None, &[]),
                (Some(0), &[(1, 3)]),
                (Some(0), &[(1, 3)]),
                (None, &[]),
                (Some(3), &[(1, 2)]),
                (None, &[(1, 20)]),
            ],
            5,
            false,
        );
        assert_eq!(units(&got), [vec![1, 2, 4], vec![5]]);
    }

    #[test]
    fn every_weight_needs_the_floor() {
        // A single ballot of weight 7 would be readable from the sum: nothing can absorb it.
        let one = &[(None, &[(1, 50), (7, 1)][..]), (None, &[(1, 60)][..])];
        assert_eq!(grouping(one, 5, false), Grouping::Withheld);
        assert_eq!(units(&grouping(one, 5, true)), [vec![0], vec![1]]);
        let spread = &[
            (None, &[(1, 50), (7, 1)][..]),
            (None, &[(1, 60)][..]),
            (None, &[(1, 70), (7, 4)][..]),
        ];
        // Unit 0 cannot stand, 2 neither; together they can, at the virtual root.
        assert_eq!(units(&grouping(spread, 5, false)), [vec![0, 2], vec![1]]);
    }

    #[test]
    fn a_rest_that_fits_no_group_merges_everything() {
        // Unit 0 (weight 7, 5 ballots) stands. Unit 1 lacks weight 7 ballots to stand and the rest
        // (weights 3) fits none: publishing the others would reveal it by subtraction.
        let got = grouping(
            &[
                (None, &[(1, 9)]),
                (None, &[(1, 9), (3, 3)]),
                (None, &[(1, 9), (3, 1)]),
            ],
            5,
            false,
        );
        assert_eq!(got, Grouping::Withheld);
        let got = grouping(
            &[
                (None, &[]),
                (Some(0), &[(1, 9), (3, 3)]),
                (None, &[(1, 9)]),
                (None, &[]),
                (Some(3), &[(1, 9), (3, 2)]),
            ],
            5,
            false,
        );
        assert_eq!(units(&got), [vec![1, 4], vec![2]]);
    }

    #[test]
    fn nothing_cast_is_published_and_empty() {
        assert_eq!(
            grouping(&[(None, &[]), (None, &[(1, 0)])], 5, false),
            Grouping::Published(Vec::new())
        );
    }

    #[test]
    fn below_the_floor_in_all_is_withheld() {
        assert_eq!(
            grouping(&[(None, &[(1, 2)]), (None, &[(1, 2)])], 5, false),
            Grouping::Withheld
        );
    }

    #[test]
    fn a_chain_of_units_needs_no_stack() {
        let parents: Vec<Option<u16>> = (0..u16::MAX).map(|u| u.checked_sub(1)).collect();
        let one: WeightCounts = [(1, 1)].into();
        let rule = FloorRule {
            floor: 10,
            votes_computable: false,
        };
        let grouping = form_groups(&parents, |_| Some(&one), rule);
        let groups = grouping.groups();
        assert_eq!(
            groups.iter().map(|group| group.ballots).sum::<u64>(),
            u64::from(u16::MAX)
        );
        assert!(groups.iter().all(|group| group.ballots >= 10));
    }
}
