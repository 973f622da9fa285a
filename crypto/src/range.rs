//! Aggregated range proofs, verified in batches (docs/PROTOCOL.md section 5.3).
//!
//! **Statement.** Value commitments `V_0 .. V_{m-1}`, `V_j = v_j H + r_j K`, all commit to values
//! `0 <= v_j < 2^n`, for `n` in {8, 16, 32} and `m` a power of two up to [`MAX_AGGREGATION`].
//!
//! **Construction.** Aggregated Bulletproofs (Bünz et al., <https://eprint.iacr.org/2017/1066>,
//! sections 4.2 and 4.3) exactly as the crate `bulletproofs` 5.0 produces them, with
//! `PedersenGens { B: H, B_blinding: K }`. That crate is the oracle, and the slow verifier
//! that names a false equation. Verification in batches is written here because the crate can only check proofs one
//! by one; proving, because voters would have to download the crate.
//!
//! **Encoding.** `A S T1 T2 | t_x t_x_blinding e_blinding | L_1 R_1 .. L_k R_k | a b`, 32 bytes
//! each, `k = lg(n m)`: [`proof_len`] bytes.
//!
//! **Equations.** With challenges `y, z, x, w, u_1 .. u_k` from the transcript, `i = j n + b`,
//! `s_i = prod_t u_t^(+1 if bit k-t of i is set, else -1)` and
//! `delta = (z - z^2) sum_i y^i - z^3 (2^n - 1) sum_j z^j`:
//!
//! ```text
//! polynomial:     x T1 + x^2 T2 + (delta - t_x) H - t_x_blinding K + sum_j z^(2+j) V_j = 0
//! inner product:  A + x S + sum_t (u_t^2 L_t + u_t^-2 R_t) + w (t_x - a b) H - e_blinding K
//!                 + sum_i (-z - a s_i) G_i
//!                 + sum_i ( z + y^-i (2^b z^(2+j) - b / s_i)) H_i = 0
//! ```
//!
//! Each proof enters a batch with two fresh random 128-bit weights, one an equation, and only as
//! coefficients of points: a whole batch, together with whatever else its ballots claim, is one
//! multiscalar multiplication in which all proofs share the `2 n m` generators. A batch that
//! contains a false equation passes with probability at most 2^-128.
//!
//! **Agreement.** What is accepted is exactly what `RangeProof::from_bytes` followed by
//! `verify_multiple_with_rng` accepts at the same `n` (tested by mutation): exact length, canonical scalars
//! and points, `A, S, T1, T2, L_t, R_t` never the identity, commitments may be the identity. `n = 64`
//! and more than [`MAX_AGGREGATION`] commitments, which the crate knows too, are refused here.
//!
//! **Cost.** `4 + 2k` decompressions, about `3 n m` scalar multiplications, and `4 + 2k + m` terms of the
//! shared multiscalar multiplication per proof: 0.43 ms in a batch of 256 proofs of 16 values of 8 bits,
//! where the crate takes 1.9 ms each (`tests/range_timings.rs`).

use alloc::vec::Vec;

mod accumulator;
mod challenges;
mod encoding;
mod equations;
mod error;
mod generators;
#[cfg(feature = "scores")]
mod prover;

pub use accumulator::{RangeBases, RangeBatch, TermSink};
pub use equations::CommitmentCoefficients;
pub use error::{ProofElement, RangeError};
pub use generators::RangeGenerators;
#[cfg(feature = "scores")]
pub use prover::RangeProver;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::Identity;

/// Bits of the widest range, and generators a party has in [`RangeGenerators`].
pub const MAX_BITS: usize = 32;

/// Most value commitments in one proof.
pub const MAX_AGGREGATION: usize = 64;

/// Length in bytes of a proof for `commitments` values of `bits` bits: `32 (9 + 2 lg(bits * commitments))`.
///
/// # Errors
/// [`RangeError::UnsupportedBits`], [`RangeError::UnsupportedAggregation`].
pub fn proof_len(bits: usize, commitments: usize) -> Result<usize, RangeError> {
    Ok(encoding::encoded_len(Shape::new(bits, commitments)?))
}

/// The narrowest supported range that holds `maximum`, in bits, or none above 2^32 - 1.
#[must_use]
pub fn bits_for(maximum: u64) -> Option<usize> {
    [8_usize, 16, 32]
        .into_iter()
        .find(|bits| maximum >> bits == 0)
}

/// Appends the identity (value 0, blinding 0) until the number of commitments is a power of two.
///
/// Nobody sends the padding: prover and verifier both add it.
pub fn pad_commitments(commitments: &mut Vec<CompressedRistretto>) {
    let padded = commitments.len().next_power_of_two();
    commitments.resize(padded, CompressedRistretto::identity());
}

/// A checked pair of range width and number of commitments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// n: bits of each value, in {8, 16, 32}.
    bits: usize,
    /// m: number of commitments, a power of two.
    parties: usize,
}

impl Shape {
    fn new(bits: usize, parties: usize) -> Result<Self, RangeError> {
        if !matches!(bits, 8 | 16 | 32) {
            return Err(RangeError::UnsupportedBits { actual: bits });
        }
        if !parties.is_power_of_two() || parties > MAX_AGGREGATION {
            return Err(RangeError::UnsupportedAggregation { actual: parties });
        }
        Ok(Self { bits, parties })
    }

    /// Length of the inner-product vectors, n m.
    const fn len(self) -> usize {
        self.bits * self.parties
    }

    /// Rounds of the inner-product argument, k = lg(n m).
    const fn rounds(self) -> usize {
        self.len().trailing_zeros() as usize
    }
}
