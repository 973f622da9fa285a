//! merlin transcripts with this protocol's types (docs/PROTOCOL.md section 4).

use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use merlin::{Transcript, TranscriptRng};
use rand_core::{CryptoRng, RngCore};

use crate::labels;

/// What the protocol does with a transcript beyond merlin's own calls.
pub trait TranscriptExt {
    /// `T.add(label, point)`.
    fn append_point(&mut self, label: &'static [u8], point: &CompressedRistretto);
    /// `T.scalar(label)`: 64 bytes reduced.
    fn challenge_scalar(&mut self, label: &'static [u8]) -> Scalar;
    /// `T.scalars(label, count)`: one challenge of 64 bytes each, reduced one by one.
    fn challenge_scalars(&mut self, label: &'static [u8], count: usize) -> Vec<Scalar>;
    /// Prover's randomness: the transcript so far, the secret `witnesses` (each under its label), the
    /// attempt counter and the caller's generator. A dead generator still never repeats a nonce for
    /// another message.
    fn prover_rng(
        &self,
        witnesses: &[(&'static [u8], &[u8])],
        attempt: u64,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> TranscriptRng;
}

impl TranscriptExt for Transcript {
    fn append_point(&mut self, label: &'static [u8], point: &CompressedRistretto) {
        self.append_message(label, point.as_bytes());
    }

    fn challenge_scalar(&mut self, label: &'static [u8]) -> Scalar {
        let mut wide = [0; 64];
        self.challenge_bytes(label, &mut wide);
        Scalar::from_bytes_mod_order_wide(&wide)
    }

    fn challenge_scalars(&mut self, label: &'static [u8], count: usize) -> Vec<Scalar> {
        let mut wide = vec![0; 64 * count];
        self.challenge_bytes(label, &mut wide);
        let (chunks, _) = wide.as_chunks::<64>();
        chunks
            .iter()
            .map(Scalar::from_bytes_mod_order_wide)
            .collect()
    }

    fn prover_rng(
        &self,
        witnesses: &[(&'static [u8], &[u8])],
        attempt: u64,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> TranscriptRng {
        let mut builder = self.build_rng();
        for (label, witness) in witnesses {
            builder = builder.rekey_with_witness_bytes(label, witness);
        }
        builder
            .rekey_with_witness_bytes(labels::randomness::ATTEMPT, &attempt.to_le_bytes())
            .finalize(rng)
    }
}
