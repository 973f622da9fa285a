//! Votes in clear, and the count that encryption must not change.

use hanpyo_crypto::contest::{ContestKind, Rules, ScoreTotal, Selection};
use rand_core::RngCore;

use crate::election::Election;

fn below(limit: usize, rng: &mut impl RngCore) -> usize {
    usize::try_from(rng.next_u64() % limit as u64).unwrap()
}

/// `count` distinct options in random order.
fn draw(options: usize, count: usize, rng: &mut impl RngCore) -> Vec<usize> {
    let mut all: Vec<usize> = (0..options).collect();
    for place in 0..count {
        let other = place + below(options - place, rng);
        all.swap(place, other);
    }
    all.truncate(count);
    all
}

/// A random permitted selection.
pub fn random_selection(kind: &ContestKind, rng: &mut impl RngCore) -> Selection {
    let options = kind.options();
    let between =
        |min: u32, max: u32, rng: &mut _| min as usize + below((max - min) as usize + 1, rng);
    match kind.rules() {
        Rules::ChooseOne { blank: true, .. } if below(5, rng) == 0 => Selection::ChooseOne(None),
        Rules::ChooseOne { .. } => Selection::ChooseOne(Some(below(options, rng))),
        Rules::Choose { min, max, .. } => {
            let count = between(min, max, rng);
            Selection::Choose(draw(options, count, rng))
        }
        Rules::Rank { min, max, .. } => {
            let count = between(min, max, rng);
            Selection::Rank(draw(options, count, rng))
        }
        Rules::Score {
            maximum,
            total,
            unanswered,
            ..
        } => Selection::Score(scores(options, maximum, total, unanswered, rng)),
    }
}

fn scores(
    options: usize,
    maximum: u32,
    total: ScoreTotal,
    unanswered: bool,
    rng: &mut impl RngCore,
) -> Vec<Option<u32>> {
    let mut left = total.bound().unwrap_or(u32::MAX);
    let mut scores = vec![Some(0); options];
    for score in &mut scores {
        let drawn = u32::try_from(below(maximum.min(left) as usize + 1, rng)).unwrap();
        left -= drawn;
        *score = Some(drawn);
    }
    if let ScoreTotal::Exactly(_) = total {
        // Hand out what is left from the first option on.
        for score in scores.iter_mut().flatten() {
            let more = left.min(maximum - *score);
            *score += more;
            left -= more;
        }
    } else if unanswered {
        let place = below(options, rng);
        scores[place] = None;
    }
    scores
}

/// A random permitted selection for each contest of a credential.
pub fn random_selections(election: &mut Election, credential: u32) -> Vec<Selection> {
    let style = election.voters[credential as usize].style;
    let contests = election.style(style);
    contests
        .iter()
        .map(|contest| random_selection(&contest.kind, &mut election.rng))
        .collect()
}

impl Election {
    /// Weighted sum of one contest's values over the counted ballots of some units, from the votes in
    /// clear.
    #[must_use]
    pub fn plain_sum(&self, contest: u16, units: &[u16]) -> Vec<u64> {
        let kinds = self.kinds();
        let mut sum = vec![0; kinds[usize::from(contest)].ciphertexts()];
        for (credential, values) in &self.plain {
            let spec = self.spec.voters[*credential as usize];
            if !units.contains(&spec.unit) {
                continue;
            }
            let mut rest = values.as_slice();
            for own in self.style(spec.style) {
                let (values, others) = rest.split_at(own.kind.ciphertexts());
                rest = others;
                if own.number == u64::from(contest) {
                    for (sum, value) in sum.iter_mut().zip(values) {
                        *sum += value * u64::from(spec.weight);
                    }
                }
            }
        }
        sum
    }

    /// Plaintext values of a credential's selections.
    #[must_use]
    pub fn plaintext(&self, credential: u32, selections: &[Selection]) -> Vec<u64> {
        let contests = self.style(self.voters[credential as usize].style);
        contests
            .iter()
            .zip(selections)
            .flat_map(|(contest, selection)| contest.kind.plaintext(selection).unwrap().to_vec())
            .collect()
    }
}
