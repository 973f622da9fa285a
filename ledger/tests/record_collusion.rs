//! Voters who choose their nonces together: whatever they do, the count goes on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

#[path = "../../crypto/tests/ballot_support/outsider.rs"]
#[allow(dead_code, reason = "serves several test files")]
mod outsider;
mod record_support;

use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use hanpyo_ledger::entry::{BallotEntry, BodyBytes, Entry, Signature};
use hanpyo_testkit::{Election, ElectionSpec, check};
use outsider::{Contest, Statement};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use record_support::{assert_counted, open, read, vote};

/// A ballot for the first option, encrypted with the nonces given.
fn vote_with_nonces(election: &mut Election, credential: u32, nonces: &[Scalar]) {
    let voter = &election.voters[credential as usize];
    let statement = Statement {
        manifest_hash: election.hash.0,
        joint_key: election.context.as_ref().unwrap().joint_key().point(),
        index: credential.into(),
        credential: voter.public,
        style: voter.style.into(),
    };
    let kind = election.kinds()[0];
    let mut contest = Contest::new(0, kind.parameters(), vec![Scalar::ONE, Scalar::ZERO]);
    contest.nonces = Some(nonces.to_vec());
    let rng = ChaCha20Rng::seed_from_u64(credential.into());
    let (body, signature) = outsider::ballot(&statement, &[contest], voter.secret.scalar(), rng);
    election.plain.insert(credential, vec![1, 0]);
    let body = BodyBytes::new(body).unwrap();
    let signature = Signature(signature);
    election.append(Entry::Ballot(BallotEntry { body, signature }));
}

fn two_units() -> ElectionSpec {
    let mut spec = ElectionSpec::yes_no(8);
    spec.units = vec![None, None];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = u16::from(number >= 4);
    }
    spec
}

#[test]
fn voters_whose_nonces_cancel_do_not_stop_the_count() {
    let mut election = open(two_units());
    let nonces = [Scalar::from(11u64), Scalar::from(12u64)];
    // All who vote in unit 0: r and -r, at every position.
    vote_with_nonces(&mut election, 0, &nonces);
    vote_with_nonces(&mut election, 1, &nonces.map(|r| -r));
    vote(&mut election, 4);
    vote(&mut election, 5);
    election.close();
    let closed = election.follow().closed().unwrap().clone();
    let sums = &closed.contests[0].sums;
    assert!(sums[0].iter().all(|sum| sum.r.is_identity()), "they cancel");
    assert!(sums[1].iter().all(|sum| !sum.r.is_identity()));
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(3);
    election.publish_contest_results();
    election.publish_result();
    let report = check(&election);
    assert!(report.passes(false), "{:?}", report.failed());
    assert_counted(&election, 0);
    let checker = read(&election);
    let result = &checker.contest_results()[0];
    assert_eq!(
        result.groups[0].iter().map(|v| v.get()).collect::<Vec<_>>(),
        [2, 0]
    );
}

#[test]
fn nonces_that_cancel_in_one_position_only_are_as_harmless() {
    let mut election = open(two_units());
    let nonces = [Scalar::from(11u64), Scalar::from(12u64)];
    vote_with_nonces(&mut election, 0, &nonces);
    vote_with_nonces(&mut election, 1, &[-nonces[0], Scalar::from(13u64)]);
    vote(&mut election, 6);
    election.finish();
    assert!(check(&election).passes(false));
    assert_counted(&election, 0);
}
