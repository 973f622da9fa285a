//! Finding the culprits of a failed batch.

use alloc::vec::Vec;

use rand_chacha::ChaCha20Rng;

use crate::ballot::ElectionContext;

use super::{BallotError, SignedBallot, Sum, VerifiedBallot};

type Suspect<'s, 'b> = (
    &'s SignedBallot<'b>,
    &'s mut Result<VerifiedBallot, BallotError>,
);

/// Marks the ballots with a false equation among well-formed `suspects`, whose sum is known not to hold.
///
/// With b culprits among n this takes about b lg(n/b) smaller multiscalar multiplications.
pub(super) fn mark_culprits(
    election: &ElectionContext,
    mut suspects: Vec<Suspect<'_, '_>>,
    rng: &mut ChaCha20Rng,
) {
    if let [(_, result)] = suspects.as_mut_slice() {
        **result = Err(BallotError::ProofEquation);
        return;
    }
    let right = suspects.split_off(suspects.len() / 2);
    let left = suspects;
    if holds(election, &left, rng) {
        // The sum of both does not hold, so the right half is to blame.
        mark_culprits(election, right, rng);
    } else {
        if !holds(election, &right, rng) {
            mark_culprits(election, right, rng);
        }
        mark_culprits(election, left, rng);
    }
}

fn holds(election: &ElectionContext, suspects: &[Suspect<'_, '_>], rng: &mut ChaCha20Rng) -> bool {
    let mut sum = Sum::new(election, suspects.iter().map(|(ballot, _)| *ballot));
    let all_added = suspects
        .iter()
        .all(|(ballot, _)| sum.add(ballot, rng).is_ok());
    all_added && sum.holds()
}
