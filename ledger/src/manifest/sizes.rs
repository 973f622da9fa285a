//! How long ballot entries become (docs/PROTOCOL.md sections 6 and 10.2, rule 4).

use hanpyo_crypto::contest::ContestKind;

use crate::entry::Signature;

/// Bytes of the shortest CBOR head with this argument.
const fn head(argument: usize) -> usize {
    match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    }
}

const fn string(bytes: usize) -> usize {
    head(bytes) + bytes
}

/// Longest head of a credential index or counter, both below 2^32.
const LONGEST_NUMBER: usize = 5;
/// Heads of the entry's array and of its type.
const ENTRY_HEAD: usize = 2;

fn body(kinds: &[ContestKind]) -> usize {
    let contests: usize = kinds
        .iter()
        .map(|kind| 1 + string(kind.ciphertext_bytes()) + string(kind.proof_bytes()))
        .sum();
    1 + 2 * LONGEST_NUMBER + head(kinds.len()) + contests
}

/// Greatest number of bytes of a ballot entry with these contests.
#[must_use]
pub fn ballot_entry(kinds: &[ContestKind]) -> usize {
    ENTRY_HEAD + body(kinds) + string(Signature::LENGTH)
}

/// Greatest number of bytes of a posted challenge with these contests.
#[must_use]
pub fn posted_challenge_entry(kinds: &[ContestKind]) -> usize {
    let openings: usize = kinds
        .iter()
        .map(|kind| {
            let count = kind.ciphertexts();
            let value = head(usize::try_from(kind.largest_value()).unwrap_or(usize::MAX));
            1 + head(count) + count * value + string(32 * count)
        })
        .sum();
    ballot_entry(kinds) + head(kinds.len()) + openings
}
