//! Batches: every culprit is found and nobody else is blamed, wherever they stand, whatever the chunk,
//! on one thread or many.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

mod ballot_support;

use std::sync::LazyLock;

use ballot_support::{Fixture, rng};
use hanpyo_crypto::ballot::{CastBallot, Decision};
use hanpyo_crypto::batch::{BallotError, BatchVerifier, SignedBallot};
use hanpyo_crypto::contest::{Rules, ScoreTotal, Selection};
use proptest::prelude::*;
use rand_core::{CryptoRng, RngCore};

/// Good ballots of different styles, so that batches mix kinds.
static BALLOTS: LazyLock<Vec<(Fixture, CastBallot)>> = LazyLock::new(|| {
    let scores = |options, maximum| Rules::Score {
        options,
        maximum,
        total: ScoreTotal::Free,
        unanswered: false,
    };
    let choice = Rules::ChooseOne {
        options: 2,
        blank: false,
    };
    let styles = [
        (vec![choice], vec![Selection::ChooseOne(Some(0))]),
        (vec![choice], vec![Selection::ChooseOne(Some(1))]),
        (
            vec![choice, scores(2, 5)],
            vec![
                Selection::ChooseOne(Some(1)),
                Selection::Score(vec![Some(2), Some(5)]),
            ],
        ),
        (
            vec![scores(3, 400)],
            vec![Selection::Score(vec![Some(0), Some(300), Some(400)])],
        ),
    ];
    styles
        .iter()
        .enumerate()
        .map(|(seed, (rules, selections))| {
            let fixture = Fixture::new(rules);
            let cast = fixture.cast(selections, &mut rng(seed as u64));
            (fixture, cast)
        })
        .collect()
});

/// How a ballot is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoil {
    /// Well-formed, but the signature is for another decision.
    Signature,
    /// Well-formed, but a response is another.
    Response,
    /// Malformed at its very end, after everything else was taken in.
    Late,
    /// Malformed at once.
    Early,
}

fn spoilt(ballot: &CastBallot, spoil: Option<Spoil>) -> (Vec<u8>, Vec<u8>, Decision) {
    let (mut body, mut signature) = (ballot.body.clone(), ballot.signature.to_vec());
    let mut decision = Decision::Cast;
    match spoil {
        None => {}
        Some(Spoil::Signature) => decision = Decision::Challenge,
        Some(Spoil::Response) => {
            let at = body.len() - 32;
            body[at] ^= 1;
        }
        Some(Spoil::Late) => signature[..32].fill(0),
        Some(Spoil::Early) => {
            body.pop();
        }
    }
    (body, signature, decision)
}

fn check(spoils: &[(usize, Option<Spoil>)], chunk: usize) {
    let parts: Vec<_> = spoils
        .iter()
        .map(|(style, spoil)| (&BALLOTS[*style].0, spoilt(&BALLOTS[*style].1, *spoil)))
        .collect();
    let ballots: Vec<_> = parts
        .iter()
        .map(|(fixture, (body, signature, decision))| SignedBallot {
            context: fixture.context(),
            body,
            decision: *decision,
            signature,
        })
        .collect();
    let election = &BALLOTS[0].0.election;
    let verifier = BatchVerifier::new(election).with_chunk(chunk);
    let results = verifier.verify(&ballots, &mut rng(1));
    assert_eq!(results.len(), ballots.len());
    for ((result, (_, spoil)), ballot) in results.iter().zip(spoils).zip(&ballots) {
        match spoil {
            None => assert!(result.is_ok(), "{result:?}"),
            Some(Spoil::Signature | Spoil::Response) => {
                assert_eq!(result, &Err(BallotError::ProofEquation));
            }
            Some(Spoil::Late) => assert!(matches!(result, Err(BallotError::Signature(_)))),
            Some(Spoil::Early) => assert!(matches!(result, Err(BallotError::Body(_)))),
        }
        if chunk == 1 {
            assert_eq!(result, &verifier.verify_one(ballot, &mut rng(2)));
        }
    }
}

fn spoil() -> impl Strategy<Value = Option<Spoil>> {
    prop_oneof![
        8 => Just(None),
        1 => Just(Some(Spoil::Signature)),
        1 => Just(Some(Spoil::Response)),
        1 => Just(Some(Spoil::Late)),
        1 => Just(Some(Spoil::Early)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn culprits_are_found_and_nobody_else(
        spoils in prop::collection::vec((0_usize..4, spoil()), 1..24),
        chunk in 1_usize..30,
    ) {
        check(&spoils, chunk);
    }
}

/// Enough for several threads; culprits at the seams.
#[test]
fn large_batches_on_all_threads() {
    let mut spoils: Vec<_> = (0..700).map(|ballot| (ballot % 2, None)).collect();
    check(&spoils, 256);
    for at in [0, 63, 64, 255, 256, 349, 350, 511, 512, 699] {
        spoils[at].1 = Some(Spoil::Response);
    }
    spoils[300].1 = Some(Spoil::Late);
    check(&spoils, 256);
    check(&spoils, 4096);
}

#[test]
fn batches_of_nothing_and_of_nothing_good() {
    check(&[], 8);
    check(&[(0, Some(Spoil::Early)); 3], 8);
    check(&[(3, Some(Spoil::Response)); 5], 8);
}

/// A generator that always gives the same.
struct Constant(u8);

impl RngCore for Constant {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes([self.0; 4])
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes([self.0; 8])
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
impl CryptoRng for Constant {}

/// Errors that cancel each other in a plain sum of equations: two ballots whose responses are off by
/// the same amount in opposite directions. Only random weights catch them.
#[test]
fn errors_do_not_cancel_out() {
    use curve25519_dalek::scalar::Scalar;
    let (fixture, cast) = &BALLOTS[0];
    let shifted = |by: Scalar| {
        let mut signature = cast.signature;
        let z = Scalar::from_canonical_bytes(signature[32..].try_into().unwrap()).unwrap();
        signature[32..].copy_from_slice((z + by).as_bytes());
        signature
    };
    let (up, down) = (shifted(Scalar::ONE), shifted(-Scalar::ONE));
    let ballots = [&up, &down].map(|signature| SignedBallot {
        signature,
        ..fixture.signed(cast)
    });
    let verifier = BatchVerifier::new(&fixture.election);
    for seed in 0..20 {
        for result in verifier.verify(&ballots, &mut rng(seed)) {
            assert_eq!(result, Err(BallotError::ProofEquation));
        }
    }
    // The weights of a chunk differ among themselves even when the caller's generator is dead.
    for result in verifier.verify(&ballots, &mut Constant(7)) {
        assert_eq!(result, Err(BallotError::ProofEquation));
    }
}

/// Nonces do not repeat for another message even if the voter's generator is dead.
#[test]
fn a_dead_generator_repeats_no_nonce() {
    use hanpyo_crypto::ballot::{VoterRequest, encrypt_ballot};
    let fixture = &BALLOTS[0].0;
    let prepare = |attempt, mark| {
        let selections = [Selection::ChooseOne(Some(mark))];
        let request = VoterRequest {
            secret: &fixture.secret,
            counter: 1,
            attempt,
            selections: &selections,
        };
        encrypt_ballot(
            &fixture.election,
            &fixture.context(),
            &request,
            &mut Constant(0),
        )
        .unwrap()
    };
    let nonce_points = |body: &[u8]| body[8..40].to_vec();
    let first = prepare(1, 0);
    assert_eq!(first.body(), prepare(1, 0).body());
    assert_ne!(
        nonce_points(first.body()),
        nonce_points(prepare(2, 0).body())
    );
    assert_ne!(
        nonce_points(first.body()),
        nonce_points(prepare(1, 1).body())
    );
    // The two decisions over the same body do not share their signature nonce.
    let cast = first.cast(&mut Constant(0)).signature;
    let challenge = prepare(1, 0).challenge(&mut Constant(0)).signature;
    assert_ne!(cast[..32], challenge[..32]);
}
