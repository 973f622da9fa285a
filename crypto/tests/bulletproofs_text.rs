//! docs/BULLETPROOFS.md read literally: a verifier with none of our code or the crate's accepts the
//! crate's proofs, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs)]

use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use merlin::Transcript;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha3::Shake256;
use sha3::digest::{ExtendableOutput, Update, XofReader};

fn chain(vector: u8, party: u32, count: usize) -> Vec<RistrettoPoint> {
    let mut shake = Shake256::default();
    shake.update(b"GeneratorsChain");
    shake.update(&[vector]);
    shake.update(&party.to_le_bytes());
    let mut reader = shake.finalize_xof();
    (0..count)
        .map(|_| {
            let mut bytes = [0; 64];
            reader.read(&mut bytes);
            RistrettoPoint::from_uniform_bytes(&bytes)
        })
        .collect()
}

fn challenge(transcript: &mut Transcript, label: &'static [u8]) -> Scalar {
    let mut bytes = [0; 64];
    transcript.challenge_bytes(label, &mut bytes);
    Scalar::from_bytes_mod_order_wide(&bytes)
}

fn power(base: Scalar, exponent: usize) -> Scalar {
    (0..exponent).map(|_| base).product()
}

/// The two equations of the text, or none if the bytes are malformed.
fn verify(
    transcript: &mut Transcript,
    (h, key): (RistrettoPoint, RistrettoPoint),
    n: usize,
    commitments: &[RistrettoPoint],
    proof: &[u8],
) -> Option<(bool, bool)> {
    let m = commitments.len();
    let length = n * m;
    let k = length.trailing_zeros() as usize;
    if proof.len() != 32 * (9 + 2 * k) {
        return None;
    }
    let element = |at: usize| -> [u8; 32] { proof[32 * at..32 * at + 32].try_into().unwrap() };
    let point = |at: usize| {
        CompressedRistretto(element(at))
            .decompress()
            .filter(|point| !point.is_identity())
    };
    let scalar = |at: usize| Option::<Scalar>::from(Scalar::from_canonical_bytes(element(at)));

    transcript.append_message(b"dom-sep", b"rangeproof v1");
    transcript.append_u64(b"n", n as u64);
    transcript.append_u64(b"m", m as u64);
    for commitment in commitments {
        transcript.append_message(b"V", commitment.compress().as_bytes());
    }
    transcript.append_message(b"A", &element(0));
    transcript.append_message(b"S", &element(1));
    let (y, z) = (challenge(transcript, b"y"), challenge(transcript, b"z"));
    transcript.append_message(b"T_1", &element(2));
    transcript.append_message(b"T_2", &element(3));
    let x = challenge(transcript, b"x");
    transcript.append_message(b"t_x", &element(4));
    transcript.append_message(b"t_x_blinding", &element(5));
    transcript.append_message(b"e_blinding", &element(6));
    let w = challenge(transcript, b"w");
    transcript.append_message(b"dom-sep", b"ipp v1");
    transcript.append_u64(b"n", length as u64);
    let mut u = Vec::new();
    for t in 0..k {
        transcript.append_message(b"L", &element(7 + 2 * t));
        transcript.append_message(b"R", &element(8 + 2 * t));
        u.push(challenge(transcript, b"u"));
    }
    let (t_x, tau, mu) = (scalar(4)?, scalar(5)?, scalar(6)?);
    let (a, b) = (scalar(7 + 2 * k)?, scalar(8 + 2 * k)?);

    let two_to_n = Scalar::from((1_u64 << n) - 1);
    let sum = |base: Scalar, count: usize| -> Scalar { (0..count).map(|i| power(base, i)).sum() };
    let delta = (z - z * z) * sum(y, length) - power(z, 3) * two_to_n * sum(z, m);
    let values: RistrettoPoint = (0..m).map(|j| power(z, 2 + j) * commitments[j]).sum();
    let first = values + x * point(2)? + x * x * point(3)? == (t_x - delta) * h + tau * key;

    let mut second = point(0)? + x * point(1)? + w * (t_x - a * b) * h - mu * key;
    for (t, u) in u.iter().enumerate() {
        let squared = u * u;
        second += squared * point(7 + 2 * t)? + squared.invert() * point(8 + 2 * t)?;
    }
    for j in 0..m {
        let g = chain(b'G', j as u32, n);
        let bold_h = chain(b'H', j as u32, n);
        for bit in 0..n {
            let i = j * n + bit;
            let s: Scalar = (1..=k)
                .map(|t| {
                    if i >> (k - t) & 1 == 1 {
                        u[t - 1]
                    } else {
                        u[t - 1].invert()
                    }
                })
                .product();
            let two_to_bit = Scalar::from(1_u64 << bit);
            let of_h = z + power(y, i).invert() * (power(z, 2 + j) * two_to_bit - b * s.invert());
            second += (-z - a * s) * g[bit] + of_h * bold_h[bit];
        }
    }
    Some((first, second.is_identity()))
}

#[test]
fn the_text_accepts_what_the_crate_proves() {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let (h, key) = (RistrettoPoint::random(rng), RistrettoPoint::random(rng));
    let pedersen = PedersenGens {
        B: h,
        B_blinding: key,
    };
    for (n, values) in [
        (8, vec![0_u64]),
        (8, vec![255, 3, 0, 0]),
        (16, vec![65_535, 1]),
        (32, vec![u64::from(u32::MAX)]),
    ] {
        let m = values.len();
        // The last is padding where there is any.
        let blindings: Vec<_> = (0..m)
            .map(|j| match (j, values[j]) {
                (1.., 0) => Scalar::ZERO,
                _ => Scalar::random(rng),
            })
            .collect();
        let (proof, _) = RangeProof::prove_multiple_with_rng(
            &BulletproofGens::new(n, m),
            &pedersen,
            &mut Transcript::new(b"test"),
            &values,
            &blindings,
            n,
            rng,
        )
        .unwrap();
        let commitments: Vec<_> = (values.iter().zip(&blindings))
            .map(|(value, blinding)| match value {
                0 if *blinding == Scalar::ZERO => RistrettoPoint::identity(),
                _ => pedersen.commit(Scalar::from(*value), *blinding),
            })
            .collect();
        let check = |proof: &[u8], commitments: &[RistrettoPoint]| {
            let transcript = &mut Transcript::new(b"test");
            verify(transcript, (h, key), n, commitments, proof)
        };
        let proof = proof.to_bytes();
        assert_eq!(check(&proof, &commitments), Some((true, true)));

        // A response of the first equation, one of the second, and another commitment.
        let mut altered = proof.clone();
        altered[5 * 32] ^= 1;
        assert_ne!(check(&altered, &commitments), Some((true, true)));
        let mut altered = proof.clone();
        let last = altered.len() - 32;
        altered[last] ^= 1;
        assert_eq!(check(&altered, &commitments), Some((true, false)));
        let mut shifted = commitments.clone();
        shifted[0] += h;
        assert_ne!(check(&proof, &shifted), Some((true, true)));
    }
}
