//! What the ballot tests share: a small election, and builders for honest ballots.

#![allow(dead_code)] // every test binary uses its own part
#![allow(clippy::cast_possible_truncation, unreachable_pub)]

pub mod outsider;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::{
    BallotContext, CastBallot, Decision, ElectionContext, NumberedContest, VoterRequest,
    encrypt_ballot,
};
use hanpyo_crypto::batch::{BallotError, BatchVerifier, SignedBallot, VerifiedBallot};
use hanpyo_crypto::contest::{ContestKind, Rules, Selection};
use hanpyo_crypto::elgamal::JointKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

pub const MANIFEST_HASH: [u8; 32] = [0x6d; 32];

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn kind(rules: Rules) -> ContestKind {
    ContestKind::new(rules).unwrap()
}

/// An election with one voter, whose keys are all known to the test.
pub struct Fixture {
    pub election: ElectionContext,
    pub joint_secret: Scalar,
    pub secret: Scalar,
    pub credential: [u8; 32],
    pub contests: Vec<NumberedContest>,
    pub index: u32,
    pub style: u64,
}

impl Fixture {
    /// Contests get the numbers 3, 5, 7, ..
    pub fn new(rules: &[Rules]) -> Self {
        let joint_secret = Scalar::from(0x1234_5678_u64).invert();
        let secret = Scalar::from(0x9abc_def0_u64).invert();
        let joint_key = JointKey::decode((G * joint_secret).compress().as_bytes()).unwrap();
        Self {
            election: ElectionContext::new(MANIFEST_HASH, joint_key),
            joint_secret,
            secret,
            credential: (G * secret).compress().to_bytes(),
            contests: rules
                .iter()
                .zip((3..).step_by(2))
                .map(|(rules, number)| NumberedContest {
                    number,
                    kind: kind(*rules),
                })
                .collect(),
            index: 41,
            style: 2,
        }
    }

    pub fn context(&self) -> BallotContext<'_> {
        BallotContext {
            index: self.index,
            credential: &self.credential,
            style: self.style,
            contests: &self.contests,
        }
    }

    pub fn statement(&self) -> outsider::Statement {
        outsider::Statement {
            manifest_hash: MANIFEST_HASH,
            joint_key: self.election.joint_key().point(),
            index: self.index.into(),
            credential: self.credential,
            style: self.style,
        }
    }

    pub fn cast(&self, selections: &[Selection], rng: &mut ChaCha20Rng) -> CastBallot {
        let request = VoterRequest {
            secret: &self.secret,
            counter: 1,
            attempt: 1,
            selections,
        };
        encrypt_ballot(&self.election, &self.context(), &request, rng)
            .unwrap()
            .cast(rng)
    }

    pub fn signed<'a>(&'a self, ballot: &'a CastBallot) -> SignedBallot<'a> {
        SignedBallot {
            context: self.context(),
            body: &ballot.body,
            decision: Decision::Cast,
            signature: &ballot.signature,
        }
    }

    /// All three verifiers, which must agree; the slow one's answer, which is the more precise.
    pub fn verify(&self, ballot: &SignedBallot<'_>) -> Result<VerifiedBallot, BallotError> {
        agreed(&self.election, ballot)
    }
}

/// Verifies alone, in a batch beside itself, and slowly; asserts that all agree.
pub fn agreed(
    election: &ElectionContext,
    ballot: &SignedBallot<'_>,
) -> Result<VerifiedBallot, BallotError> {
    let mut rng = rng(7);
    let verifier = BatchVerifier::new(election);
    let single = verifier.verify_one(ballot, &mut rng);
    let batch = verifier.verify(&[*ballot, *ballot, *ballot], &mut rng);
    let slow = verifier.explain(ballot, &mut rng);
    for result in &batch {
        assert_eq!(result, &single);
    }
    match (&single, &slow) {
        (Ok(fast), Ok(slow)) => assert_eq!(fast, slow),
        (Err(BallotError::ProofEquation), Err(slow)) => {
            assert!(slow.is_false_equation(), "{slow}");
            assert_ne!(slow, &BallotError::ProofEquation);
        }
        (fast, slow) => assert_eq!(fast, slow),
    }
    slow
}
