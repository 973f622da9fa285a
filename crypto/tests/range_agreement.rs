//! The batch verifier and `verify_multiple_with_rng` of the crate `bulletproofs` accept the same
//! inputs: thousands of mutations of true claims, for every width and several sizes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod range_support;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use hanpyo_crypto::range::{ProofElement, RangeError};
use rand_chacha::ChaCha20Rng;
use rand_core::RngCore;
use range_support::{Claim, PARTIES, largest, rng};

/// Elements before the rounds that are scalars.
const SCALARS: core::ops::Range<usize> = 4..7;

/// Counts mutations on which both agree.
#[derive(Default)]
struct Tally {
    refused: usize,
}

impl Tally {
    /// Both must refuse.
    fn refuse(&mut self, claim: &Claim, what: &str) {
        self.refuse_with(claim, what);
    }

    fn refuse_with(&mut self, claim: &Claim, what: &str) -> RangeError {
        let shape = (claim.bits, claim.commitments.len());
        assert!(!claim.oracle(), "the crate accepts {what} at {shape:?}");
        self.refused += 1;
        match claim.verify() {
            Ok(()) => panic!("the batch accepts {what} at {shape:?}"),
            Err(error) => error,
        }
    }
}

/// Both must accept.
fn accept(claim: &Claim, what: &str) {
    let shape = (claim.bits, claim.commitments.len());
    assert!(claim.oracle(), "the crate refuses {what} at {shape:?}");
    assert_eq!(claim.verify(), Ok(()), "{what} at {shape:?}");
}

fn with_element(claim: &Claim, index: usize, element: [u8; 32]) -> Claim {
    let mut mutated = claim.clone();
    mutated.proof[32 * index..32 * (index + 1)].copy_from_slice(&element);
    mutated
}

fn element(claim: &Claim, index: usize) -> [u8; 32] {
    claim.proof[32 * index..32 * (index + 1)]
        .try_into()
        .unwrap()
}

/// `a + b` as 256-bit little-endian integers, carry dropped.
fn add(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    let mut carry = 0_u16;
    core::array::from_fn(|i| {
        let sum = u16::from(a[i]) + u16::from(b[i]) + carry;
        carry = sum >> 8;
        sum.to_le_bytes()[0]
    })
}

/// `2^255 - 19 - a`: the encoding of the negated field element.
fn negate_field(a: [u8; 32]) -> [u8; 32] {
    let mut modulus = [0xff_u8; 32];
    modulus[0] = 0xed;
    modulus[31] = 0x7f;
    let one = core::array::from_fn(|i| u8::from(i == 0));
    add(add(modulus, a.map(|byte| !byte)), one)
}

fn is_scalar(claim: &Claim, index: usize) -> bool {
    SCALARS.contains(&index) || index + 2 >= claim.proof.len() / 32
}

/// One bit flipped in every byte (in every seventh of proofs over more than 128 bits, to keep the test short).
fn flip_bytes(tally: &mut Tally, claim: &Claim, rng: &mut ChaCha20Rng) {
    let step = if claim.bits * claim.commitments.len() <= 128 {
        1
    } else {
        7
    };
    for position in (0..claim.proof.len()).step_by(step) {
        let mut mutated = claim.clone();
        mutated.proof[position] ^= 1 << (rng.next_u32() % 8);
        tally.refuse(&mutated, &format!("a bit flip in byte {position}"));
    }
}

/// Every element replaced by values that are wrong in different ways.
fn replace_elements(tally: &mut Tally, claim: &Claim, other: &Claim, rng: &mut ChaCha20Rng) {
    let order = group_order();
    for index in 0..claim.proof.len() / 32 {
        let own = element(claim, index);
        let mut replacements = vec![
            ("zero", [0; 32]),
            ("all ones", [0xff; 32]),
            ("the group order", order),
            ("the other proof's", element(other, index)),
            ("plus the group order", add(own, order)),
            ("field-negated", negate_field(own)),
            (
                "with the top bit set",
                add(
                    own,
                    core::array::from_fn(|i| if i == 31 { 0x80 } else { 0 }),
                ),
            ),
            (
                "a random point",
                RistrettoPoint::random(rng).compress().to_bytes(),
            ),
            ("a random scalar", Scalar::random(rng).to_bytes()),
        ];
        if is_scalar(claim, index) {
            let scalar = Scalar::from_canonical_bytes(own).unwrap();
            replacements.push(("plus one", (scalar + Scalar::ONE).to_bytes()));
            replacements.push(("negated", (-scalar).to_bytes()));
        } else {
            let point = CompressedRistretto(own).decompress().unwrap();
            replacements.push(("negated", (-point).compress().to_bytes()));
        }
        for (what, replacement) in replacements {
            let mutated = with_element(claim, index, replacement);
            tally.refuse(&mutated, &format!("element {index} {what}"));
        }
    }
}

/// Neighbours, and some distant pairs, exchanged.
fn swap_elements(tally: &mut Tally, claim: &Claim, rng: &mut ChaCha20Rng) {
    let elements = claim.proof.len() / 32;
    let neighbours = (1..elements).map(|i| (i - 1, i));
    let distant: Vec<_> = (0..elements)
        .map(|i| (i, rng.next_u32() as usize % elements))
        .collect();
    for (i, j) in neighbours.chain(distant).filter(|(i, j)| i != j) {
        let mutated = with_element(
            &with_element(claim, i, element(claim, j)),
            j,
            element(claim, i),
        );
        tally.refuse(&mutated, &format!("elements {i} and {j} swapped"));
    }
}

fn change_lengths(tally: &mut Tally, claim: &Claim) {
    let expected = claim.proof.len();
    for removed in [1, 31, 32, 64, 128, expected - 1, expected] {
        let mut mutated = claim.clone();
        mutated.proof.truncate(expected - removed);
        let error = tally.refuse_with(&mutated, &format!("{removed} bytes cut"));
        let actual = expected - removed;
        assert_eq!(error, RangeError::WrongLength { expected, actual });
    }
    for added in [1, 31, 32, 64, 128, 32 * 80] {
        for byte in [0, 1] {
            let mut mutated = claim.clone();
            mutated.proof.resize(expected + added, byte);
            let error = tally.refuse_with(&mutated, &format!("{added} bytes added"));
            let actual = expected + added;
            assert_eq!(error, RangeError::WrongLength { expected, actual });
        }
    }
}

fn change_statement(tally: &mut Tally, claim: &Claim, rng: &mut ChaCha20Rng) {
    for bits in [0, 1, 7, 8, 9, 16, 24, 32, 33, 128, usize::MAX] {
        if bits != claim.bits {
            let mut mutated = claim.clone();
            mutated.bits = bits;
            tally.refuse(&mutated, &format!("{bits} bits claimed"));
        }
    }
    let mut mutated = claim.clone();
    mutated.context ^= 1;
    tally.refuse(&mutated, "another transcript");

    for index in 0..claim.commitments.len() {
        let own = claim.commitments[index];
        let replacements = [
            ("the identity", CompressedRistretto::identity()),
            ("negated", (-own.decompress().unwrap()).compress()),
            ("random", RistrettoPoint::random(rng).compress()),
            (
                "not canonical",
                CompressedRistretto(negate_field(own.to_bytes())),
            ),
            ("all ones", CompressedRistretto([0xff; 32])),
        ];
        for (what, replacement) in replacements {
            let mut mutated = claim.clone();
            mutated.commitments[index] = replacement;
            tally.refuse(&mutated, &format!("commitment {index} {what}"));
        }
        let mut mutated = claim.clone();
        mutated.commitments.remove(index);
        tally.refuse(&mutated, &format!("commitment {index} removed"));
        if index > 0 {
            let mut mutated = claim.clone();
            mutated.commitments.swap(index - 1, index);
            tally.refuse(&mutated, &format!("commitment {index} swapped"));
        }
    }
    for added in 1..=claim.commitments.len() {
        let mut mutated = claim.clone();
        let parties = claim.commitments.len() + added;
        mutated
            .commitments
            .resize(parties, CompressedRistretto::identity());
        tally.refuse(&mutated, &format!("{added} commitments added"));
    }
    let mut mutated = claim.clone();
    mutated.commitments.clear();
    tally.refuse(&mutated, "no commitment");
}

/// The crate proves whatever it is given; a value out of range yields a false proof.
fn out_of_range(tally: &mut Tally, bits: usize, parties: usize, rng: &mut ChaCha20Rng) {
    for excess in [largest(bits) + 1, largest(bits) + 2, 1 << 40, u64::MAX] {
        for position in [0, parties / 2, parties - 1] {
            let mut values: Vec<u64> = (0..parties)
                .map(|_| rng.next_u64() & largest(bits))
                .collect();
            values[position] = excess;
            let claim = Claim::of_values(&values, bits, rng);
            tally.refuse(&claim, &format!("value {excess} at {position}"));
        }
    }
}

fn agree(bits: usize) {
    let mut rng = rng(bits as u64);
    let mut tally = Tally::default();
    for parties in [1, 2, 4, 8, PARTIES] {
        for values in [vec![0; parties], vec![largest(bits); parties]] {
            accept(
                &Claim::of_values(&values, bits, &mut rng),
                "an extreme value",
            );
        }
        let claim = Claim::random(bits, parties, &mut rng);
        let other = Claim::random(bits, parties, &mut rng);
        accept(&claim, "a true claim");
        accept(&other, "a true claim");

        flip_bytes(&mut tally, &claim, &mut rng);
        if bits * parties <= 128 {
            replace_elements(&mut tally, &claim, &other, &mut rng);
            swap_elements(&mut tally, &claim, &mut rng);
        }
        change_lengths(&mut tally, &claim);
        change_statement(&mut tally, &claim, &mut rng);
        out_of_range(&mut tally, bits, parties, &mut rng);
        accept(&claim, "the same claim after all that");
    }
    println!("{} mutations refused by both at {bits} bits", tally.refused);
    assert!(tally.refused > 2_000, "only {} mutations", tally.refused);
}

#[test]
fn agrees_at_8_bits() {
    agree(8);
}

#[test]
fn agrees_at_16_bits() {
    agree(16);
}

#[test]
fn agrees_at_32_bits() {
    agree(32);
}

/// The identity, at each point the crate refuses it, is named in the error.
#[test]
fn names_identity_points() {
    let claim = Claim::random(8, 1, &mut rng(3));
    let mut tally = Tally::default();
    let named = [
        (0, ProofElement::A),
        (1, ProofElement::S),
        (2, ProofElement::T1),
        (3, ProofElement::T2),
        (7, ProofElement::L(0)),
        (8, ProofElement::R(0)),
        (11, ProofElement::L(2)),
        (12, ProofElement::R(2)),
    ];
    for (index, element) in named {
        let error = tally.refuse_with(&with_element(&claim, index, [0; 32]), "the identity");
        assert_eq!(error, RangeError::IdentityPoint { element });
        let error = tally.refuse_with(&with_element(&claim, index, [0xff; 32]), "no point");
        assert_eq!(error, RangeError::InvalidPoint { element });
    }
    let named = [
        (4, ProofElement::Tx),
        (5, ProofElement::TxBlinding),
        (6, ProofElement::EBlinding),
        (13, ProofElement::InnerA),
        (14, ProofElement::InnerB),
    ];
    for (index, element) in named {
        let mutated = with_element(&claim, index, group_order());
        let error = tally.refuse_with(&mutated, "a scalar out of range");
        assert_eq!(error, RangeError::NonCanonicalScalar { element });
    }
}

/// Commitments that are the identity (value and blinding 0) are accepted, alone and as padding.
#[test]
fn accepts_identity_commitments() {
    use bulletproofs::RangeProof;
    let mut rng = rng(4);
    for parties in [1, 2, 4] {
        let mut blindings = vec![Scalar::ZERO; parties];
        let mut values = vec![0; parties];
        if parties > 1 {
            blindings[0] = Scalar::random(&mut rng);
            values[0] = 200;
        }
        let (proof, commitments) = RangeProof::prove_multiple_with_rng(
            &range_support::ORACLE_GENERATORS,
            &range_support::PEDERSEN,
            &mut range_support::transcript(7),
            &values,
            &blindings,
            8,
            &mut rng,
        )
        .unwrap();
        assert_eq!(commitments[parties - 1], CompressedRistretto::identity());
        let claim = Claim {
            proof: proof.to_bytes(),
            bits: 8,
            commitments,
            context: 7,
        };
        accept(&claim, "identity commitments");
    }
}

/// The group order, little-endian: one more than the largest canonical scalar.
fn group_order() -> [u8; 32] {
    add(
        (-Scalar::ONE).to_bytes(),
        core::array::from_fn(|i| u8::from(i == 0)),
    )
}
