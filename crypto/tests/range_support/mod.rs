//! Shared by the range proof tests: statements, proofs, and the crate `bulletproofs` as the oracle.

#![allow(dead_code, unreachable_pub)]

use std::sync::LazyLock;

use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::range::{RangeBatch, RangeError, RangeGenerators};
use merlin::Transcript;
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng};

/// Most commitments in these tests.
pub const PARTIES: usize = 16;

/// Our generators.
pub static GENERATORS: LazyLock<RangeGenerators> =
    LazyLock::new(|| RangeGenerators::new(PARTIES).unwrap());

/// The crate's generators.
pub static ORACLE_GENERATORS: LazyLock<BulletproofGens> =
    LazyLock::new(|| BulletproofGens::new(64, PARTIES));

/// A value generator and a joint key.
pub static PEDERSEN: LazyLock<PedersenGens> = LazyLock::new(|| {
    let mut rng = rng(0x4b);
    PedersenGens {
        B: RistrettoPoint::random(&mut rng),
        B_blinding: RistrettoPoint::random(&mut rng),
    }
});

/// A reproducible generator; nothing secret is at stake in a test.
pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// The largest value of `bits` bits.
pub fn largest(bits: usize) -> u64 {
    u64::MAX >> (64 - bits)
}

/// Everything a verifier is given.
#[derive(Clone)]
pub struct Claim {
    pub proof: Vec<u8>,
    pub bits: usize,
    pub commitments: Vec<CompressedRistretto>,
    pub context: u64,
}

impl Claim {
    /// A proof by the crate for the given values, which need not be in range.
    pub fn of_values(values: &[u64], bits: usize, rng: &mut ChaCha20Rng) -> Self {
        let blindings: Vec<Scalar> = values.iter().map(|_| Scalar::random(rng)).collect();
        let context = rng.next_u64();
        let (proof, commitments) = RangeProof::prove_multiple_with_rng(
            &ORACLE_GENERATORS,
            &PEDERSEN,
            &mut transcript(context),
            values,
            &blindings,
            bits,
            rng,
        )
        .unwrap();
        Self {
            proof: proof.to_bytes(),
            bits,
            commitments,
            context,
        }
    }

    /// A true claim about random values.
    pub fn random(bits: usize, parties: usize, rng: &mut ChaCha20Rng) -> Self {
        let values: Vec<u64> = (0..parties)
            .map(|_| rng.next_u64() & largest(bits))
            .collect();
        Self::of_values(&values, bits, rng)
    }

    /// What the crate says.
    pub fn oracle(&self) -> bool {
        RangeProof::from_bytes(&self.proof).is_ok_and(|proof| {
            proof
                .verify_multiple_with_rng(
                    &ORACLE_GENERATORS,
                    &PEDERSEN,
                    &mut transcript(self.context),
                    &self.commitments,
                    self.bits,
                    &mut rng(1),
                )
                .is_ok()
        })
    }

    /// Adds the claim to a batch.
    pub fn add_to(
        &self,
        batch: &mut RangeBatch<'_>,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<(), RangeError> {
        batch.add(
            &self.proof,
            self.bits,
            &self.commitments,
            &mut transcript(self.context),
            rng,
        )
    }

    /// What we say.
    pub fn verify(&self) -> Result<(), RangeError> {
        verify_all(core::slice::from_ref(self), &mut rng(2))
    }
}

/// What we say about all claims as one batch.
pub fn verify_all(
    claims: &[Claim],
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<(), RangeError> {
    let mut batch = RangeBatch::new(&GENERATORS);
    for claim in claims {
        claim.add_to(&mut batch, rng)?;
    }
    batch.verify(&PEDERSEN.B, &PEDERSEN.B_blinding)
}

/// The state of the conversation before a proof.
pub fn transcript(context: u64) -> Transcript {
    let mut transcript = Transcript::new(b"range test");
    transcript.append_u64(b"context", context);
    transcript
}
