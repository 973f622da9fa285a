//! Cost of encrypting and verifying ballots on one thread, as JSON lines `{"name": number}`.
//!
//! All candidates are measured in turn inside one process, over and over, each for about as long as the
//! others, and medians are printed: a machine that slows down slows all of them down. Per number of options k of a choose-one contest:
//!
//! | name | what is measured, in microseconds per ballot |
//! |---|---|
//! | `ballot_verify_us_kN` | the whole ballot from its bytes, signature included, in batches |
//! | `floor_us_kN` | only the decompressions and one multiscalar multiplication of the same sizes |
//! | `verify_over_floor_kN` | their ratio, the median over the rounds |
//! | `elastic_elgamal_verify_us_kN` | the same choice (no signature) in the crate `elastic-elgamal` |
//! | `speedup_vs_elastic_elgamal_kN` | how much faster we are |
//! | `encrypt_us_kN` | encrypting, proving and signing |
//!
//! `score_verify_us` is the same for five options with scores up to 100, `rank_verify_us` for ranking
//! one to five of five options.
//!
//! Arguments: `--chunk N` ballots per batch, `--rounds N`; `--sweep` compares chunk sizes instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::cast_precision_loss)]

use std::hint::black_box;
use std::time::Instant;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use elastic_elgamal::Keypair;
use elastic_elgamal::app::{ChoiceParams, EncryptedChoice};
use elastic_elgamal::group::Ristretto;
use hanpyo_crypto::ballot::{
    BallotContext, CastBallot, Decision, ElectionContext, NumberedContest, VoterRequest,
    encrypt_ballot,
};
use hanpyo_crypto::batch::{BatchVerifier, CHUNK_BALLOTS, SignedBallot};
use hanpyo_crypto::contest::{ContestKind, Rules, ScoreTotal, Selection};
use hanpyo_crypto::elgamal::JointKey;
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// Different voters: secret, public credential, and the ballot.
struct Voter {
    secret: Scalar,
    credential: [u8; 32],
    ballot: Option<CastBallot>,
}

struct Electorate {
    election: ElectionContext,
    contests: Vec<NumberedContest>,
    voters: Vec<Voter>,
}

impl Electorate {
    fn new(rules: Rules, size: usize, rng: &mut ChaCha20Rng) -> Self {
        let joint_key = JointKey::decode((G * Scalar::random(rng)).compress().as_bytes());
        let voters = (0..size).map(|_| {
            let secret = Scalar::random(rng);
            Voter {
                secret,
                credential: (G * secret).compress().to_bytes(),
                ballot: None,
            }
        });
        let voters = voters.collect();
        Self {
            election: ElectionContext::new([7; 32], joint_key.unwrap()),
            contests: vec![NumberedContest {
                number: 0,
                kind: ContestKind::new(rules).unwrap(),
            }],
            voters,
        }
    }

    fn context<'a>(&'a self, index: usize) -> BallotContext<'a> {
        BallotContext {
            index: u32::try_from(index).unwrap(),
            credential: &self.voters[index].credential,
            style: 0,
            contests: &self.contests,
        }
    }

    fn encrypt(&self, index: usize, selection: &Selection, rng: &mut ChaCha20Rng) -> CastBallot {
        let request = VoterRequest {
            secret: &self.voters[index].secret,
            counter: 1,
            attempt: 1,
            selections: std::slice::from_ref(selection),
        };
        encrypt_ballot(&self.election, &self.context(index), &request, rng)
            .unwrap()
            .cast(rng)
    }

    fn vote(&mut self, selection: impl Fn(usize) -> Selection, rng: &mut ChaCha20Rng) {
        for index in 0..self.voters.len() {
            self.voters[index].ballot = Some(self.encrypt(index, &selection(index), rng));
        }
    }

    fn signed(&self) -> Vec<SignedBallot<'_>> {
        (0..self.voters.len())
            .map(|index| {
                let ballot = self.voters[index].ballot.as_ref().unwrap();
                SignedBallot {
                    context: self.context(index),
                    body: &ballot.body,
                    decision: Decision::Cast,
                    signature: &ballot.signature,
                }
            })
            .collect()
    }
}

/// Points and coefficients of the cheapest conceivable check of so many ballots.
struct Floor {
    points: Vec<CompressedRistretto>,
    scalars: Vec<Scalar>,
}

impl Floor {
    fn new(ballots: usize, full: usize, half: usize, rng: &mut ChaCha20Rng) -> Self {
        let terms = ballots * (full + half);
        let points = (0..terms).map(|_| RistrettoPoint::random(rng).compress());
        let points = points.collect();
        let scalars = (0..terms).map(|index| {
            if index % (full + half) < full {
                Scalar::random(rng)
            } else {
                Scalar::from((u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64()))
            }
        });
        Self {
            points,
            scalars: scalars.collect(),
        }
    }

    fn run(&self) -> RistrettoPoint {
        let points: Vec<_> = self
            .points
            .iter()
            .map(|point| point.decompress().unwrap())
            .collect();
        RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &points)
    }
}

fn microseconds(samples: &mut Vec<f64>, items: usize, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    samples.push(start.elapsed().as_secs_f64() * 1e6 / items as f64);
}

fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// The median of the ratios round by round: what disturbs a whole round falls out of it.
fn median_ratio(above: &[f64], below: &[f64]) -> f64 {
    let mut ratios: Vec<_> = above.iter().zip(below).map(|(a, b)| a / b).collect();
    median(&mut ratios)
}

fn print(name: &str, value: f64) {
    println!("{{\"{name}\": {value:.4}}}");
}

fn choose_one(options: u32, chunk: usize, rounds: usize) {
    let rng = &mut ChaCha20Rng::seed_from_u64(u64::from(options));
    let rules = Rules::ChooseOne {
        options,
        blank: false,
    };
    let k = options as usize;
    let mut electorate = Electorate::new(rules, chunk, rng);
    electorate.vote(|voter| Selection::ChooseOne(Some(voter % k)), rng);
    let ballots = electorate.signed();
    let verifier = BatchVerifier::new(&electorate.election).with_chunk(chunk);
    // Full: R_i, C_i and P. 128 bits: a_j, b_j and A.
    let floor = Floor::new(chunk, 2 * k + 1, 2 * k + 1, rng);

    let (receiver, _) = Keypair::<Ristretto>::generate(rng).into_tuple();
    let params = ChoiceParams::single(receiver, k);
    // So many that each candidate runs about as long as the others between two looks at the clock: a
    // busy machine interrupts them alike.
    let slow = chunk.div_ceil(5);
    let choices: Vec<_> = (0..slow)
        .map(|voter| EncryptedChoice::single(&params, voter % k, rng))
        .collect();

    let mut samples: [Vec<f64>; 4] = Default::default();
    let [verify, bare, elastic, encrypt] = &mut samples;
    for round in 0..rounds {
        microseconds(verify, chunk, || {
            let results = verifier.verify(&ballots, rng);
            assert!(results.iter().all(Result::is_ok));
        });
        microseconds(bare, chunk, || {
            black_box(floor.run());
        });
        microseconds(elastic, choices.len(), || {
            for choice in &choices {
                black_box(choice.verify(&params).unwrap());
            }
        });
        microseconds(encrypt, slow, || {
            for voter in 0..slow {
                let selection = Selection::ChooseOne(Some((voter + round) % k));
                black_box(electorate.encrypt(voter, &selection, rng));
            }
        });
    }
    let over_floor = median_ratio(verify, bare);
    let speedup = median_ratio(elastic, verify);
    let [verify, bare, elastic, encrypt] = samples.each_mut().map(|samples| median(samples));
    print(&format!("ballot_verify_us_k{k}"), verify);
    print(&format!("floor_us_k{k}"), bare);
    print(&format!("verify_over_floor_k{k}"), over_floor);
    print(&format!("elastic_elgamal_verify_us_k{k}"), elastic);
    print(&format!("speedup_vs_elastic_elgamal_k{k}"), speedup);
    print(&format!("encrypt_us_k{k}"), encrypt);
}

/// Microseconds per ballot of one contest under these rules, in batches.
fn other_kind(name: &str, rules: Rules, selection: &Selection, chunk: usize, rounds: usize) {
    let rng = &mut ChaCha20Rng::seed_from_u64(9);
    let mut electorate = Electorate::new(rules, chunk, rng);
    electorate.vote(|_| selection.clone(), rng);
    let ballots = electorate.signed();
    let verifier = BatchVerifier::new(&electorate.election).with_chunk(chunk);
    let mut samples = Vec::new();
    for _ in 0..rounds {
        microseconds(&mut samples, chunk, || {
            let results = verifier.verify(&ballots, rng);
            assert!(results.iter().all(Result::is_ok));
        });
    }
    print(name, median(&mut samples));
}

/// Least microseconds per choose-one ballot for chunks of different sizes, in turn.
fn sweep(options: u32, rounds: usize) {
    const BALLOTS: usize = 4096;
    let rng = &mut ChaCha20Rng::seed_from_u64(2);
    let rules = Rules::ChooseOne {
        options,
        blank: false,
    };
    let mut electorate = Electorate::new(rules, BALLOTS, rng);
    electorate.vote(|voter| Selection::ChooseOne(Some(voter % 2)), rng);
    let ballots = electorate.signed();
    let chunks = [1, 8, 32, 64, 128, 192, 256, 384, 512, 1024, 2048, 4096];
    let mut samples = chunks.map(|chunk| (chunk, Vec::new()));
    for _ in 0..rounds {
        for (chunk, samples) in &mut samples {
            let some = &ballots[..BALLOTS.min(64 * *chunk)];
            let verifier = BatchVerifier::new(&electorate.election).with_chunk(*chunk);
            microseconds(samples, some.len(), || {
                black_box(verifier.verify(some, rng));
            });
        }
    }
    for (chunk, mut samples) in samples {
        samples.sort_by(f64::total_cmp);
        print(
            &format!("ballot_verify_us_k{options}_chunk_{chunk}"),
            samples[0],
        );
    }
}

fn argument(name: &str, default: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments
        .nth(1)
        .map_or(default, |value| value.parse().expect("a number"))
}

fn main() {
    let chunk = argument("--chunk", CHUNK_BALLOTS);
    let rounds = argument("--rounds", 25);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    one_thread.unwrap().install(|| {
        if std::env::args().any(|argument| argument == "--sweep") {
            sweep(2, rounds);
            return sweep(5, rounds);
        }
        choose_one(2, chunk, rounds);
        choose_one(5, chunk, rounds);
        let score = Rules::Score {
            options: 5,
            maximum: 100,
            total: ScoreTotal::Free,
            unanswered: false,
        };
        let scores = Selection::Score((0..5).map(|option| Some(20 * option)).collect());
        other_kind(
            "score_verify_us",
            score,
            &scores,
            chunk.min(128),
            rounds.min(7),
        );
        let rank = Rules::Rank {
            options: 5,
            min: 1,
            max: 5,
        };
        let ranked = Selection::Rank(vec![3, 1, 4]);
        other_kind(
            "rank_verify_us",
            rank,
            &ranked,
            chunk.min(128),
            rounds.min(7),
        );
    });
}
