//! What the checker keeps in memory grows with the roll and the ciphertexts, and with nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use hanpyo_crypto::ballot::{VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::{BallotEntry, Entry};
use hanpyo_ledger::log::source::StoreSource;
use hanpyo_testkit::{Election, ElectionSpec};
use hanpyo_verify::report::Verdict;
use hanpyo_verify::verify::verify;
use indicatif::ProgressBar;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

const BALLOTS: u32 = 20_000;

/// A ballot for the first option.
fn cast(election: &Election, credential: u32) -> Vec<u8> {
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from(credential));
    let voter = &election.voters[usize::try_from(credential).unwrap()];
    let prepared = election.with_context(credential, |context| {
        let request = VoterRequest {
            secret: voter.secret.scalar(),
            counter: 1,
            attempt: 1,
            selections: &[Selection::ChooseOne(Some(0))],
        };
        let bound = election.context.as_ref().unwrap();
        encrypt_ballot(bound, context, &request, &mut rng).unwrap()
    });
    let ballot: BallotEntry = prepared.cast(&mut rng).try_into().unwrap();
    Entry::Ballot(ballot).encode().unwrap()
}

#[test]
fn memory_is_bounded_by_roll_and_ciphertexts() {
    let mut election = Election::new(ElectionSpec::yes_no(BALLOTS as usize));
    election.set_up();
    election.open();
    let ballots: Vec<Vec<u8>> = (0..BALLOTS)
        .into_par_iter()
        .map(|credential| cast(&election, credential))
        .collect();
    for (credential, ballot) in (0..).zip(ballots) {
        election.append_bytes(ballot);
        election.plain.insert(credential, vec![1, 0]);
    }
    election.finish();
    let store = support::publish(&election);
    let request = support::request(&election);
    let verified = verify(&StoreSource(&store), &request, &ProgressBar::hidden()).unwrap();
    assert_eq!(verified.report("memory", false).verdict, Verdict::Pass);
    let memory = verified.checker().memory();
    assert_eq!(memory.credentials, BALLOTS);
    assert_eq!(memory.ciphertexts, 2 * u64::from(BALLOTS));
    // A table of fingerprints is cut into 65,536 parts: their headers do not grow, and what exceeds them
    // is what voters and ciphertexts cost.
    let headers = 65_536 * size_of::<Vec<u64>>();
    let roll = memory.roll_bytes.checked_sub(headers).unwrap() / BALLOTS as usize;
    assert!((49..=100).contains(&roll), "{roll} bytes a voter");
    // Two tables, of ballots and of posted challenges. A part begins with room for four fingerprints of 8
    // bytes, so few ciphertexts cost more each; that millions cost 8 and an eighth is proved where the
    // table is (`slack_stays_small`).
    let duplicates = memory.duplicate_bytes.checked_sub(2 * headers).unwrap();
    let ciphertexts = usize::try_from(memory.ciphertexts).unwrap();
    assert!(duplicates >= 8 * ciphertexts, "{duplicates} bytes");
    let bound = 4 * 8 * ciphertexts;
    assert!(
        duplicates <= bound,
        "{duplicates} bytes for {} ciphertexts",
        memory.ciphertexts
    );
}
