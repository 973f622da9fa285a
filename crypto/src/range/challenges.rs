//! The transcript of a range proof, replayed as the crate `bulletproofs` 5.0 writes it.
//!
//! These labels belong to that crate's wire format and are the only ones not in the common file of
//! labels. After the replay the transcript is in the state in which the prover's was left, so the
//! caller can absorb on.

use alloc::vec::Vec;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;

use super::Shape;
use super::encoding::{DecodedProof, ProofPoint};

/// The verifier's side of the protocol.
pub(super) struct Challenges {
    pub(super) y: Scalar,
    pub(super) z: Scalar,
    pub(super) x: Scalar,
    pub(super) w: Scalar,
    /// One for each round of the inner-product argument, in order.
    pub(super) rounds: Vec<Scalar>,
}

impl Challenges {
    pub(super) fn replay(
        transcript: &mut Transcript,
        shape: Shape,
        commitments: &[CompressedRistretto],
        proof: &DecodedProof,
    ) -> Self {
        begin(transcript, shape);
        for commitment in commitments {
            transcript.append_message(b"V", commitment.as_bytes());
        }
        append_point(transcript, b"A", &proof.a);
        append_point(transcript, b"S", &proof.s);
        let y = challenge(transcript, b"y");
        let z = challenge(transcript, b"z");

        append_point(transcript, b"T_1", &proof.t1);
        append_point(transcript, b"T_2", &proof.t2);
        let x = challenge(transcript, b"x");

        transcript.append_message(b"t_x", proof.t_x.as_bytes());
        transcript.append_message(b"t_x_blinding", proof.t_x_blinding.as_bytes());
        transcript.append_message(b"e_blinding", proof.e_blinding.as_bytes());
        let w = challenge(transcript, b"w");

        begin_inner_product(transcript, shape.len());
        let rounds = proof
            .rounds
            .iter()
            .map(|(left, right)| {
                append_point(transcript, b"L", left);
                append_point(transcript, b"R", right);
                challenge(transcript, b"u")
            })
            .collect();
        Self { y, z, x, w, rounds }
    }
}

fn append_point(transcript: &mut Transcript, label: &'static [u8], point: &ProofPoint) {
    transcript.append_message(label, point.encoded.as_bytes());
}

/// What comes before the commitments.
pub(super) fn begin(transcript: &mut Transcript, shape: Shape) {
    transcript.append_message(b"dom-sep", b"rangeproof v1");
    transcript.append_u64(b"n", shape.bits as u64);
    transcript.append_u64(b"m", shape.parties as u64);
}

/// What comes before the rounds of the inner-product argument over vectors of a length.
pub(super) fn begin_inner_product(transcript: &mut Transcript, len: usize) {
    transcript.append_message(b"dom-sep", b"ipp v1");
    transcript.append_u64(b"n", len as u64);
}

pub(super) fn challenge(transcript: &mut Transcript, label: &'static [u8]) -> Scalar {
    let mut wide = [0_u8; 64];
    transcript.challenge_bytes(label, &mut wide);
    Scalar::from_bytes_mod_order_wide(&wide)
}
