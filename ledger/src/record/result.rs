//! From totals to outcomes (docs/PROTOCOL.md section 10.5).

use hanpyo_crypto::contest::{ContestKind, Rules};

use crate::entry::Status;
use crate::manifest::{Decision, Fraction, Rule};

/// Whether `turnout` of `electorate` reaches a share of it; no share is always reached.
#[must_use]
pub fn reaches(share: Option<&Fraction>, turnout: u64, electorate: u64) -> bool {
    share.is_none_or(|share| {
        let turnout = u128::from(turnout) * u128::from(share.denominator.get());
        turnout >= u128::from(electorate) * u128::from(share.numerator.get())
    })
}

/// What became of a contest: its status and the winning options, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Decided, or why not.
    pub status: Status,
    /// Winners; of a tie for the last seats, the clear winners.
    pub winners: Vec<u16>,
}

impl Decided {
    /// A contest without winners.
    #[must_use]
    pub const fn nobody(status: Status) -> Self {
        Self {
            status,
            winners: Vec::new(),
        }
    }
}

/// Everything the rule of a contest looks at.
#[derive(Debug, Clone, Copy)]
pub struct ContestTotals<'a> {
    /// The kind of contest.
    pub kind: &'a ContestKind,
    /// The rule and the number of seats.
    pub decision: &'a Decision,
    /// Sum at each of the contest's N positions; `None` if the contest is withheld.
    pub totals: Option<&'a [u64]>,
    /// Sum of the weights of all counted ballots that hold the contest.
    pub weight: u64,
}

/// What an option is compared by: `points / per`, where `per` 0 ranks last.
#[derive(Debug, Clone, Copy)]
struct Score {
    points: u128,
    per: u128,
}

impl Score {
    const fn points(points: u128) -> Self {
        Self { points, per: 1 }
    }

    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        match (self.per, other.per) {
            (0, 0) => std::cmp::Ordering::Equal,
            (0, _) => std::cmp::Ordering::Less,
            (_, 0) => std::cmp::Ordering::Greater,
            // Points are sums below 2^48 times at most 256; weights are below 2^48 too.
            _ => (self.points * other.per).cmp(&(other.points * self.per)),
        }
    }
}

impl ContestTotals<'_> {
    /// Applies the contest's rule.
    ///
    /// `quorum_met` is the turnout quorum of the whole election; without it nothing is decided, published
    /// or withheld.
    #[must_use]
    pub fn decide(&self, quorum_met: bool) -> Decided {
        if !quorum_met {
            return Decided::nobody(Status::QuorumNotMet);
        }
        let Some(totals) = self.totals else {
            return Decided::nobody(Status::Withheld);
        };
        let scores = self.scores(totals);
        match self.decision.rule {
            Rule::Majority => majority(&scores),
            Rule::Plurality | Rule::Mean | Rule::Borda | Rule::FirstPreferences => {
                best(&scores, usize::from(self.decision.seats.get()))
            }
        }
    }

    fn scores(&self, totals: &[u64]) -> Vec<Score> {
        let options = self.kind.options();
        let at = |position: usize| u128::from(totals.get(position).copied().unwrap_or(0));
        let score = |option: usize| match self.decision.rule {
            // The first row of a rank contest counts first preferences.
            Rule::Majority | Rule::Plurality | Rule::FirstPreferences => Score::points(at(option)),
            Rule::Mean => Score {
                points: at(option),
                per: if has_answered_bits(self.kind) {
                    at(options + option)
                } else {
                    u128::from(self.weight)
                },
            },
            Rule::Borda => {
                // Rank m (from 0 here) gets k - 1 - m points.
                let points = (0..options).rev().zip(0..);
                Score::points(
                    points
                        .map(|(points, rank)| points as u128 * at(rank * options + option))
                        .sum(),
                )
            }
        };
        (0..options).map(score).collect()
    }
}

fn has_answered_bits(kind: &ContestKind) -> bool {
    matches!(
        kind.rules(),
        Rules::Score {
            unanswered: true,
            ..
        }
    )
}

fn majority(scores: &[Score]) -> Decided {
    let all: u128 = scores.iter().map(|score| score.points).sum();
    let winner = scores.iter().position(|score| 2 * score.points > all);
    let most = scores.iter().map(|score| score.points).max().unwrap_or(0);
    let at_most = scores.iter().filter(|score| score.points == most).count();
    match winner.and_then(|winner| u16::try_from(winner).ok()) {
        Some(winner) => Decided {
            status: Status::Decided,
            winners: vec![winner],
        },
        None if all > 0 && at_most > 1 => Decided::nobody(Status::Tied),
        None => Decided::nobody(Status::NoMajority),
    }
}

/// The `seats` best. An option wins clearly if fewer than `seats` others are at least as good.
fn best(scores: &[Score], seats: usize) -> Decided {
    let mut winners = Vec::new();
    for (option, score) in (0u16..).zip(scores) {
        let rivals = (0u16..)
            .zip(scores)
            .filter(|(other, rival)| *other != option && rival.compare(score).is_ge());
        if rivals.count() < seats {
            winners.push(option);
        }
    }
    let status = if winners.len() == seats.min(scores.len()) {
        Status::Decided
    } else {
        Status::Tied
    };
    Decided { status, winners }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::entry::Part;
    use crate::manifest::Seats;

    fn decide(
        parameters: [u64; 5],
        rule: Rule,
        seats: u64,
        totals: &[u64],
        weight: u64,
    ) -> Decided {
        let kind = ContestKind::from_parameters(parameters).unwrap();
        assert_eq!(totals.len(), kind.ciphertexts());
        let decision = Decision {
            rule,
            seats: Seats::try_from(seats).unwrap(),
        };
        ContestTotals {
            kind: &kind,
            decision: &decision,
            totals: Some(totals),
            weight,
        }
        .decide(true)
    }

    fn decided(winners: &[u16]) -> Decided {
        Decided {
            status: Status::Decided,
            winners: winners.to_vec(),
        }
    }

    const YES_NO: [u64; 5] = [1, 2, 1, 0, 0];

    #[test]
    fn majority_needs_more_than_half_of_the_votes_given() {
        let majority = |totals| decide(YES_NO, Rule::Majority, 1, totals, 100);
        assert_eq!(majority(&[51, 49]), decided(&[0]));
        // Blank ballots (the other 97) do not count against it.
        assert_eq!(majority(&[1, 2]), decided(&[1]));
        assert_eq!(majority(&[50, 50]), Decided::nobody(Status::Tied));
        assert_eq!(majority(&[0, 0]), Decided::nobody(Status::NoMajority));
    }

    #[test]
    fn plurality_fills_seats_and_names_ties() {
        let plurality = |seats, totals| decide([2, 4, 0, 2, 0], Rule::Plurality, seats, totals, 9);
        assert_eq!(plurality(1, &[3, 9, 4, 1]), decided(&[1]));
        assert_eq!(plurality(2, &[3, 9, 4, 1]), decided(&[1, 2]));
        let tied = Decided {
            status: Status::Tied,
            winners: vec![1],
        };
        assert_eq!(plurality(2, &[4, 9, 4, 1]), tied);
        assert_eq!(plurality(3, &[4, 9, 4, 1]), decided(&[0, 1, 2]));
        assert_eq!(plurality(4, &[0, 0, 0, 0]), decided(&[0, 1, 2, 3]));
        assert_eq!(plurality(1, &[5, 5, 5, 5]), Decided::nobody(Status::Tied));
    }

    #[test]
    fn means_are_compared_as_fractions() {
        // Three options, scores to 10, items may stay unanswered: sums, then answers.
        let mean = |totals| decide([3, 3, 10, 0, 4], Rule::Mean, 1, totals, 30);
        assert_eq!(mean(&[20, 21, 0, 6, 7, 0]), decided(&[0]));
        assert_eq!(mean(&[20, 10, 0, 6, 3, 0]), Decided::nobody(Status::Tied));
        // A mean of 0 is still above no answer at all.
        assert_eq!(mean(&[0, 0, 0, 5, 0, 0]), decided(&[0]));
        // All must answer: the sum decides.
        let plain = |totals| decide([3, 2, 10, 0, 0], Rule::Mean, 1, totals, 30);
        assert_eq!(plain(&[7, 8]), decided(&[1]));
    }

    #[test]
    fn borda_and_first_preferences_read_the_position_matrix() {
        // Three options, all ranks: rows are ranks.
        let totals = [
            4, 3, 0, // first
            1, 4, 2, // second
            2, 0, 5, // third
        ];
        let rank = [4, 3, 0, 3, 0];
        // Borda: 4*2+1, 3*2+4, 2.
        assert_eq!(decide(rank, Rule::Borda, 1, &totals, 7), decided(&[1]));
        assert_eq!(
            decide(rank, Rule::FirstPreferences, 1, &totals, 7),
            decided(&[0])
        );
        // Two ranks of three options: rank m gets k - m points all the same (with d - m option 0 would win).
        let short = [4, 3, 0, 0, 5, 0];
        assert_eq!(
            decide([4, 3, 1, 2, 0], Rule::Borda, 1, &short, 7),
            decided(&[1])
        );
    }

    #[test]
    fn a_missed_quorum_comes_before_everything_else() {
        let kind = ContestKind::from_parameters(YES_NO).unwrap();
        let decision = Decision {
            rule: Rule::Majority,
            seats: Seats::try_from(1u64).unwrap(),
        };
        let mut contest = ContestTotals {
            kind: &kind,
            decision: &decision,
            totals: None,
            weight: 3,
        };
        assert_eq!(contest.decide(false), Decided::nobody(Status::QuorumNotMet));
        assert_eq!(contest.decide(true), Decided::nobody(Status::Withheld));
        contest.totals = Some(&[3, 0]);
        assert_eq!(contest.decide(false), Decided::nobody(Status::QuorumNotMet));
    }

    #[test]
    fn a_share_is_reached_exactly() {
        let part = |value: u64| Part::try_from(value).unwrap();
        let third = Fraction {
            numerator: part(1),
            denominator: part(3),
        };
        assert!(reaches(None, 0, 10));
        assert!(reaches(Some(&third), 3, 9));
        assert!(!reaches(Some(&third), 3, 10));
        assert!(reaches(Some(&third), u64::MAX, u64::MAX));
    }
}
