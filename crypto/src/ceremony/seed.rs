//! A trustee's randomness of one attempt, and the secrets drawn from it.

use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::parameters::{Attempt, TrusteeIndex};
use crate::labels::randomness;
use crate::transcript::TranscriptExt;

/// Bytes of a seed.
pub(super) const SEED_BYTES: usize = 32;

/// Randomness drawn from the system once an attempt and kept in the secret file, so that a resumed
/// round says exactly what it said before.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Seed([u8; SEED_BYTES]);

impl Seed {
    pub(super) fn draw(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut bytes = [0; SEED_BYTES];
        rng.fill_bytes(&mut bytes);
        let seed = Self(bytes);
        bytes.zeroize();
        seed
    }

    pub(super) fn from_bytes(bytes: [u8; SEED_BYTES]) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8; SEED_BYTES] {
        &self.0
    }

    /// The seed in the place of the system's generator, to be mixed into a keyed transcript.
    pub(super) fn rng(&self) -> SeedRng {
        let mut transcript = Transcript::new(randomness::SEED_BYTES);
        transcript.append_message(randomness::CEREMONY_SEED, &self.0);
        SeedRng(transcript)
    }
}

/// The bytes of a seed, stretched by a merlin transcript.
pub(super) struct SeedRng(Transcript);

impl RngCore for SeedRng {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.challenge_bytes(randomness::SEED_BYTES, dest);
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for SeedRng {}

impl Drop for SeedRng {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A trustee's secret polynomial and transport key in one attempt.
pub(super) struct Secrets {
    /// f_0 .. f_{t-1}.
    pub(super) coefficients: Zeroizing<Vec<Scalar>>,
    /// y.
    pub(super) transport: Zeroizing<Scalar>,
}

impl Secrets {
    /// Draws the secrets. The attempt is mixed in: even a repeated seed gives other secrets in another
    /// attempt or election.
    pub(super) fn derive(attempt: &Attempt, trustee: TrusteeIndex, seed: &Seed) -> Self {
        let transcript = attempt.transcript(randomness::CEREMONY_SECRETS, trustee);
        let mut rng = transcript.prover_rng(
            &[(randomness::CEREMONY_SEED, seed.as_bytes())],
            attempt.number(),
            &mut seed.rng(),
        );
        // Exact capacity: a growing vector would leave copies behind.
        let quorum = attempt.parameters().quorum();
        let mut coefficients = Zeroizing::new(Vec::with_capacity(quorum));
        coefficients.extend((0..quorum).map(|_| nonzero(&mut rng)));
        Self {
            coefficients,
            transport: Zeroizing::new(nonzero(&mut rng)),
        }
    }

    /// f(j), constant time.
    pub(super) fn evaluate(&self, at: TrusteeIndex) -> Zeroizing<Scalar> {
        let at = at.scalar();
        let value = self
            .coefficients
            .iter()
            .rev()
            .fold(Scalar::ZERO, |sum, coefficient| sum * at + coefficient);
        Zeroizing::new(value)
    }

    /// The coefficients and the transport key, in the order of the proof of possession.
    pub(super) fn all(&self) -> impl Iterator<Item = &Scalar> {
        self.coefficients
            .iter()
            .chain(core::iter::once(&*self.transport))
    }

    /// The same as bytes, to key nonces with.
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(32 * (self.coefficients.len() + 1)));
        for scalar in self.all() {
            bytes.extend_from_slice(scalar.as_bytes());
        }
        bytes
    }
}

/// A uniform scalar that is not zero, so that its image is not the identity.
pub(super) fn nonzero(rng: &mut (impl RngCore + CryptoRng)) -> Scalar {
    loop {
        let scalar = Scalar::random(rng);
        if scalar != Scalar::ZERO {
            return scalar;
        }
    }
}
