//! Batches: mixed shapes, one bad proof anywhere, weights, capacity, and the transcript afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod range_support;

use bulletproofs::RangeProof;
use bulletproofs::range_proof_mpc::dealer::Dealer;
use bulletproofs::range_proof_mpc::messages::ProofShare;
use bulletproofs::range_proof_mpc::party::Party;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use hanpyo_crypto::range::{
    MAX_AGGREGATION, MAX_BITS, RangeBases, RangeBatch, RangeError, RangeGenerators, RangeProver,
    TermSink, bits_for, pad_commitments, proof_len,
};
use merlin::Transcript;
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore};
use range_support::{
    Claim, GENERATORS, ORACLE_GENERATORS, PARTIES, PEDERSEN, largest, rng, transcript, verify_all,
};

fn mixed(seed: u64) -> Vec<Claim> {
    let mut rng = rng(seed);
    [
        (8, 1),
        (32, 4),
        (16, 2),
        (8, 16),
        (16, 8),
        (32, 1),
        (8, 4),
        (8, 1),
    ]
    .map(|(bits, parties)| Claim::random(bits, parties, &mut rng))
    .to_vec()
}

#[test]
fn mixed_batch_passes() {
    assert_eq!(verify_all(&mixed(1), &mut rng(2)), Ok(()));
    assert_eq!(verify_all(&[], &mut rng(2)), Ok(()));
}

#[test]
fn one_bad_proof_in_any_position_fails_the_batch() {
    let good = mixed(3);
    for position in 0..good.len() {
        let bits = good[position].bits;
        let parties = good[position].commitments.len();
        let mut values = vec![1; parties];
        values[parties - 1] = largest(bits) + 1;
        let mut claims = good.clone();
        claims[position] = Claim::of_values(&values, bits, &mut rng(4));
        assert_eq!(
            verify_all(&claims, &mut rng(5)),
            Err(RangeError::EquationsFail),
            "position {position}"
        );
    }
}

#[test]
fn a_refused_proof_leaves_the_batch_as_it_was() {
    let claims = mixed(6);
    let mut batch = RangeBatch::new(&GENERATORS);
    let mut rng = rng(7);
    for claim in &claims {
        let mut broken = claim.clone();
        let last = broken.proof.len() - 1;
        broken.proof[last] = 0xff;
        assert!(broken.add_to(&mut batch, &mut rng).is_err());
        let mut broken = claim.clone();
        broken.commitments[0] = CompressedRistretto([0xff; 32]);
        assert_eq!(
            broken.add_to(&mut batch, &mut rng),
            Err(RangeError::InvalidCommitment { index: 0 })
        );
        claim.add_to(&mut batch, &mut rng).unwrap();
    }
    assert_eq!(batch.verify(&PEDERSEN.B, &PEDERSEN.B_blinding), Ok(()));
}

#[test]
fn another_key_or_generator_fails() {
    let claims = mixed(8);
    let mut rng = rng(9);
    let mut batch = || {
        let mut batch = RangeBatch::new(&GENERATORS);
        for claim in &claims {
            claim.add_to(&mut batch, &mut rng).unwrap();
        }
        batch
    };
    let other = RistrettoPoint::from_uniform_bytes(&[7; 64]);
    let (h, k) = (PEDERSEN.B, PEDERSEN.B_blinding);
    assert_eq!(batch().verify(&h, &k), Ok(()));
    assert_eq!(batch().verify(&other, &k), Err(RangeError::EquationsFail));
    assert_eq!(batch().verify(&h, &other), Err(RangeError::EquationsFail));
    assert_eq!(batch().verify(&k, &h), Err(RangeError::EquationsFail));
}

/// A generator of batch weights that always gives the same: what the weights must not be.
struct EqualWeights;

impl RngCore for EqualWeights {
    fn next_u32(&mut self) -> u32 {
        1
    }
    fn next_u64(&mut self) -> u64 {
        1
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        dest.fill(1);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for EqualWeights {}

/// The final scalar `a` enters no challenge and both equations linearly, so two copies with opposite
/// errors cancel unless each proof has its own weight.
#[test]
fn errors_do_not_cancel_between_proofs() {
    let claim = Claim::random(8, 2, &mut rng(10));
    let shifted = |shift: Scalar| {
        let mut claim = claim.clone();
        let start = claim.proof.len() - 64;
        let a: [u8; 32] = claim.proof[start..start + 32].try_into().unwrap();
        let a = Scalar::from_canonical_bytes(a).unwrap() + shift;
        claim.proof[start..start + 32].copy_from_slice(a.as_bytes());
        claim
    };
    let pair = [shifted(Scalar::from(5_u64)), shifted(-Scalar::from(5_u64))];
    assert!(!pair[0].oracle() && !pair[1].oracle());
    assert_eq!(
        verify_all(&pair, &mut EqualWeights),
        Ok(()),
        "the attack works"
    );
    assert_eq!(
        verify_all(&pair, &mut rng(11)),
        Err(RangeError::EquationsFail)
    );
}

/// The blindings of the two equations are both multiples of K, so a prover can shift one against the
/// other; their errors cancel unless each equation has its own weight.
#[test]
fn errors_do_not_cancel_between_the_equations_of_a_proof() {
    let mut rng = rng(12);
    let mut conversation = transcript(1);
    let dealer = Dealer::new(&ORACLE_GENERATORS, &PEDERSEN, &mut conversation, 8, 1).unwrap();
    let party = Party::new(
        &ORACLE_GENERATORS,
        &PEDERSEN,
        9,
        Scalar::random(&mut rng),
        8,
    )
    .unwrap();
    let (party, bits) = party.assign_position_with_rng(0, &mut rng).unwrap();
    let commitment = bits_commitment(&bits);
    let (dealer, challenge) = dealer.receive_bit_commitments(vec![bits]).unwrap();
    let (party, poly) = party.apply_challenge_with_rng(&challenge, &mut rng);
    let (dealer, challenge) = dealer.receive_poly_commitments(vec![poly]).unwrap();
    let share = shift_blindings(&party.apply_challenge(&challenge).unwrap());
    let claim = Claim {
        proof: dealer.receive_trusted_shares(&[share]).unwrap().to_bytes(),
        bits: 8,
        commitments: vec![commitment],
        context: 1,
    };
    assert!(!claim.oracle());
    let claims = [claim];
    assert_eq!(
        verify_all(&claims, &mut EqualWeights),
        Ok(()),
        "the attack works"
    );
    assert_eq!(
        verify_all(&claims, &mut rng),
        Err(RangeError::EquationsFail)
    );
}

fn bits_commitment(
    bits: &bulletproofs::range_proof_mpc::messages::BitCommitment,
) -> CompressedRistretto {
    let json = serde_json::to_value(bits).unwrap();
    serde_json::from_value(json["V_j"].clone()).unwrap()
}

fn shift_blindings(share: &ProofShare) -> ProofShare {
    let mut json = serde_json::to_value(share).unwrap();
    for (field, shift) in [("t_x_blinding", Scalar::ONE), ("e_blinding", -Scalar::ONE)] {
        let scalar: Scalar = serde_json::from_value(json[field].clone()).unwrap();
        json[field] = serde_json::to_value(scalar + shift).unwrap();
    }
    serde_json::from_value(json).unwrap()
}

/// After the proof the prover, the crate's verifier and ours go on with the same transcript.
#[test]
fn transcript_goes_on_as_the_crates_does() {
    let mut rng = rng(13);
    for (bits, parties) in [(8, 1), (16, 4), (32, 2)] {
        let values = vec![3; parties];
        let blindings = vec![Scalar::from(8_u64); parties];
        let mut states = [transcript(5), transcript(5), transcript(5)];
        let [prover, oracle, ours] = &mut states;
        let (proof, commitments) = RangeProof::prove_multiple_with_rng(
            &ORACLE_GENERATORS,
            &PEDERSEN,
            prover,
            &values,
            &blindings,
            bits,
            &mut rng,
        )
        .unwrap();
        proof
            .verify_multiple_with_rng(
                &ORACLE_GENERATORS,
                &PEDERSEN,
                oracle,
                &commitments,
                bits,
                &mut rng,
            )
            .unwrap();
        let mut batch = RangeBatch::new(&GENERATORS);
        batch
            .add(&proof.to_bytes(), bits, &commitments, ours, &mut rng)
            .unwrap();
        let next = states.map(|mut state| {
            let mut bytes = [0_u8; 32];
            state.challenge_bytes(b"next", &mut bytes);
            bytes
        });
        assert_eq!(next[0], next[1]);
        assert_eq!(next[0], next[2]);
    }
}

#[test]
fn prover_pads_and_its_proofs_hold() {
    let mut rng = rng(14);
    let prover = RangeProver::new(8, 8, PEDERSEN.B, PEDERSEN.B_blinding).unwrap();
    for count in 1..=8_usize {
        let values: Vec<u64> = (0..count).map(|i| 31 * i as u64).collect();
        let blindings: Vec<Scalar> = values.iter().map(|_| Scalar::random(&mut rng)).collect();
        let proof = prover
            .prove(&mut transcript(6), &values, &blindings, 8, &mut rng)
            .unwrap();
        let mut commitments: Vec<_> = (values.iter().zip(&blindings))
            .map(|(value, blinding)| PEDERSEN.commit(Scalar::from(*value), *blinding).compress())
            .collect();
        pad_commitments(&mut commitments);
        assert_eq!(commitments.len(), count.next_power_of_two());
        assert_eq!(proof.len(), proof_len(8, commitments.len()).unwrap());
        let claim = Claim {
            proof,
            bits: 8,
            commitments,
            context: 6,
        };
        assert!(claim.oracle());
        assert_eq!(claim.verify(), Ok(()));
    }
}

/// Byte for byte, and with the same state of transcript and generator of randomness afterwards.
#[test]
fn prover_makes_the_proofs_of_the_crate() {
    let wide = RangeProver::new(MAX_BITS, PARTIES, PEDERSEN.B, PEDERSEN.B_blinding).unwrap();
    for bits in [8, 16, 32] {
        let narrow = RangeProver::new(bits, PARTIES, PEDERSEN.B, PEDERSEN.B_blinding).unwrap();
        for parties in [1, 2, 4, 8, PARTIES] {
            let mut rng = rng(1000 * bits as u64 + parties as u64);
            let mut values: Vec<u64> = (0..parties)
                .map(|_| rng.next_u64() & largest(bits))
                .collect();
            values[0] = largest(bits);
            let blindings: Vec<Scalar> = values.iter().map(|_| Scalar::random(&mut rng)).collect();
            let run = |prover: &dyn Fn(&mut Transcript, &mut ChaCha20Rng) -> Vec<u8>| {
                let (mut transcript, mut rng) = (transcript(7), rng.clone());
                let proof = prover(&mut transcript, &mut rng);
                let mut state = [0_u8; 32];
                transcript.challenge_bytes(b"next", &mut state);
                (proof, state, rng.next_u64())
            };
            let theirs = run(&|transcript, rng| {
                let (gens, pedersen) = (&ORACLE_GENERATORS, &PEDERSEN);
                RangeProof::prove_multiple_with_rng(
                    gens, pedersen, transcript, &values, &blindings, bits, rng,
                )
                .unwrap()
                .0
                .to_bytes()
            });
            for prover in [&wide, &narrow] {
                let ours = run(&|transcript, rng| {
                    prover
                        .prove(transcript, &values, &blindings, bits, rng)
                        .unwrap()
                });
                assert!(ours == theirs, "{bits} bits, {parties} values");
            }
        }
    }
}

#[test]
fn prover_refuses_what_it_cannot_prove() {
    let mut rng = rng(15);
    let prover = RangeProver::new(MAX_BITS, 2, PEDERSEN.B, PEDERSEN.B_blinding).unwrap();
    let mut prove = |values: &[u64], blindings: &[Scalar], bits| {
        prover.prove(&mut transcript(6), values, blindings, bits, &mut rng)
    };
    let one = Scalar::ONE;
    assert_eq!(
        prove(&[1, 256], &[one; 2], 8),
        Err(RangeError::ValueOutOfRange { index: 1, bits: 8 })
    );
    assert_eq!(
        prove(&[1], &[one; 2], 8),
        Err(RangeError::BlindingCount {
            values: 1,
            blindings: 2
        })
    );
    assert_eq!(
        prove(&[], &[], 8),
        Err(RangeError::UnsupportedAggregation { actual: 0 })
    );
    assert_eq!(
        prove(&[1], &[one], 64),
        Err(RangeError::UnsupportedBits { actual: 64 })
    );
    assert_eq!(
        prove(&[1; 3], &[one; 3], 8),
        Err(RangeError::TooFewGenerators {
            capacity: 2,
            actual: 4
        })
    );
    assert!(prove(&[255, 0], &[one; 2], 8).is_ok());
    let narrow = RangeProver::new(8, 2, PEDERSEN.B, PEDERSEN.B_blinding).unwrap();
    assert_eq!(
        narrow.prove(&mut transcript(6), &[1], &[one], 16, &mut self::rng(16)),
        Err(RangeError::UnsupportedBits { actual: 16 })
    );
}

#[test]
fn capacity_is_checked() {
    let too_many = |actual| RangeError::UnsupportedAggregation { actual };
    assert_eq!(RangeGenerators::new(0).unwrap_err(), too_many(0));
    let over = MAX_AGGREGATION + 1;
    assert_eq!(RangeGenerators::new(over).unwrap_err(), too_many(over));
    assert_eq!(
        proof_len(8, 2 * MAX_AGGREGATION),
        Err(too_many(2 * MAX_AGGREGATION))
    );
    assert_eq!(
        proof_len(64, 1),
        Err(RangeError::UnsupportedBits { actual: 64 })
    );

    let claim = Claim::random(8, 4, &mut rng(16));
    let small = RangeGenerators::new(3).unwrap();
    let refused = RangeError::TooFewGenerators {
        capacity: 3,
        actual: 4,
    };
    let mut batch = RangeBatch::new(&small);
    assert_eq!(claim.add_to(&mut batch, &mut rng(17)), Err(refused.clone()));

    // Added with large generators, summed up with small ones.
    let mut terms = Terms::default();
    let mut conversation = transcript(claim.context);
    let coefficients = GENERATORS
        .accumulate(
            &mut terms,
            &claim.proof,
            8,
            &claim.commitments,
            &mut conversation,
            &mut rng(17),
        )
        .unwrap();
    assert_eq!(coefficients.as_slice().len(), 4);
    let appended = terms
        .bases
        .append_terms(&small, &mut Vec::new(), &mut Vec::new());
    assert_eq!(appended, Err(refused));
}

/// The largest proof there is: 64 values of 32 bits, with the generators of the crate.
#[test]
fn largest_proof_agrees_with_the_crate() {
    use bulletproofs::BulletproofGens;
    let mut rng = rng(18);
    let values: Vec<u64> = (0..MAX_AGGREGATION)
        .map(|_| u64::from(rng.next_u32()))
        .collect();
    let blindings: Vec<Scalar> = values.iter().map(|_| Scalar::random(&mut rng)).collect();
    let theirs = BulletproofGens::new(MAX_BITS, MAX_AGGREGATION);
    let (proof, commitments) = RangeProof::prove_multiple_with_rng(
        &theirs,
        &PEDERSEN,
        &mut transcript(9),
        &values,
        &blindings,
        MAX_BITS,
        &mut rng,
    )
    .unwrap();
    let ours = RangeGenerators::new(MAX_AGGREGATION).unwrap();
    for (j, row) in ours.g().chunks(MAX_BITS).enumerate() {
        assert!(
            theirs.share(j).G(MAX_BITS).eq(row),
            "generators of party {j}"
        );
    }
    let mut batch = RangeBatch::new(&ours);
    batch
        .add(
            &proof.to_bytes(),
            MAX_BITS,
            &commitments,
            &mut transcript(9),
            &mut rng,
        )
        .unwrap();
    assert_eq!(batch.verify(&PEDERSEN.B, &PEDERSEN.B_blinding), Ok(()));
}

/// An accumulator as a ballot verifier would write it.
#[derive(Default)]
struct Terms {
    sum: RistrettoPoint,
    bases: RangeBases,
}

impl TermSink for Terms {
    fn add_value_generator(&mut self, coefficient: Scalar) {
        self.add_term(coefficient, PEDERSEN.B);
    }
    fn add_joint_key(&mut self, coefficient: Scalar) {
        self.add_term(coefficient, PEDERSEN.B_blinding);
    }
    fn add_term(&mut self, coefficient: Scalar, point: RistrettoPoint) {
        self.sum += coefficient * point;
    }
    fn range_bases(&mut self) -> &mut RangeBases {
        &mut self.bases
    }
}

/// Accumulators filled apart and merged give the identity only together.
#[test]
fn accumulators_merge() {
    let claims = mixed(19);
    let mut rng = rng(20);
    let mut total = Terms::default();
    assert!(total.bases.is_empty());
    for claim in &claims {
        let mut part = Terms::default();
        let coefficients = GENERATORS
            .accumulate(
                &mut part,
                &claim.proof,
                claim.bits,
                &claim.commitments,
                &mut transcript(claim.context),
                &mut rng,
            )
            .unwrap();
        for (coefficient, commitment) in coefficients.as_slice().iter().zip(&claim.commitments) {
            part.add_term(*coefficient, commitment.decompress().unwrap());
        }
        assert!(!part.sum.is_identity());
        total.sum += part.sum;
        total.bases.merge(&part.bases);
    }
    let (mut scalars, mut points) = (Vec::new(), Vec::new());
    total
        .bases
        .append_terms(&GENERATORS, &mut scalars, &mut points)
        .unwrap();
    assert_eq!(scalars.len(), points.len());
    assert!(scalars.len() <= total.bases.len());
    let fixed: RistrettoPoint = scalars.iter().zip(&points).map(|(s, p)| s * p).sum();
    assert_eq!(total.sum + fixed, RistrettoPoint::identity());
}

#[test]
fn widths() {
    let widths = [0, 255, 256, 65_535, 65_536, u64::from(u32::MAX), 1 << 32].map(bits_for);
    assert_eq!(
        widths,
        [
            Some(8),
            Some(8),
            Some(16),
            Some(16),
            Some(32),
            Some(32),
            None
        ]
    );
}
