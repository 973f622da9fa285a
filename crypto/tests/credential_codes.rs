//! Voting codes and credentials (PROTOCOL.md section 7).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use std::collections::HashSet;

use ceremony_support::{compare_vectors, hex, rng};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_COMPRESSED;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::credential::{
    Authority, CredentialDerivation, CredentialSecret, VotingCode, VotingCodeError, combine_public,
    public_credentials,
};
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha512};

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

fn code(seed: u64) -> VotingCode {
    VotingCode::generate(&mut rng(seed))
}

fn printed(code: &VotingCode) -> String {
    code.to_printed().to_string()
}

fn parsed(text: &str) -> Result<String, VotingCodeError> {
    VotingCode::parse(text).map(|code| printed(&code))
}

#[test]
fn known_codes_carry_their_check_symbol() {
    // 100-bit numbers mod 37: 0, 1, 36 (U), 32 (*), 2^100 - 1.
    for (characters, check) in [
        ("00000000000000000000", '0'),
        ("00000000000000000001", '1'),
        ("00000000000000000014", 'U'),
        ("00000000000000000010", '*'),
        ("ZZZZZZZZZZZZZZZZZZZZ", 'B'),
    ] {
        for symbol in ALPHABET.chars() {
            let result = parsed(&format!("{characters}{symbol}"));
            if symbol == check {
                assert!(result.is_ok(), "{characters}{symbol}");
            } else {
                assert_eq!(result, Err(VotingCodeError::CheckSymbol));
            }
        }
    }
}

#[test]
fn reading_is_tolerant_of_how_people_type() {
    let strict = "0123-4567-89AB-CDEF-GHJK-";
    let check = ALPHABET
        .chars()
        .find(|symbol| parsed(&format!("{strict}{symbol}")).is_ok())
        .unwrap();
    let expected = Ok(format!("{strict}{check}"));
    for typed in [
        format!("0123456789ABCDEFGHJK{check}"),
        format!("  0123 4567 89ab cdef ghjk {check} \n"),
        format!("o123-4567-89ab-cdef-ghjk-{check}"),
        format!("OI23 4567 89AB CDEF GHJK {check}"),
        format!("Ol23 4567 89AB CDEF GHJK {check}"),
        format!("0L23\u{2013}4567\u{2014}89AB\u{2212}CDEF\u{3000}GHJK {check}"),
        format!("\u{ff10}\u{ff11}23456789\u{ff21}\u{ff42}CDEFGHJK{check}"),
    ] {
        assert_eq!(parsed(&typed), expected, "{typed}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let good = printed(&code(1)).replace('-', "");
    for length in (0..21).chain([22, 40]) {
        let text: String = good.chars().cycle().take(length).collect();
        // Beyond 21 the check symbol comes round in the middle; it is replaced so that only length is wrong.
        let text = text.replace(['*', '~', '$', '=', 'U'], "0");
        assert_eq!(
            parsed(&text),
            Err(VotingCodeError::Length { found: length })
        );
    }
    for (position, found) in [
        (1, 'U'),
        (7, '!'),
        (20, '*'),
        (21, '#'),
        (3, '한'),
        (9, 'u'),
    ] {
        let text: String = good
            .chars()
            .enumerate()
            .map(|(place, c)| if place + 1 == position { found } else { c })
            .collect();
        let spaced = text.replacen("", " ", 2);
        assert_eq!(
            parsed(&spaced),
            Err(VotingCodeError::Character { position, found })
        );
    }
    assert_eq!(
        VotingCodeError::Length { found: 20 }.to_string(),
        "a voting code has 21 characters, not counting spaces and hyphens; these are 20"
    );
    let error = VotingCodeError::Character {
        position: 7,
        found: '!',
    };
    assert_eq!(
        error.to_string(),
        "character 7, '!', does not occur there in a voting code"
    );
}

#[test]
fn every_single_mistake_and_swap_of_neighbours_is_noticed() {
    let good: Vec<char> = printed(&code(2)).replace('-', "").chars().collect();
    for place in 0..20 {
        for other in ALPHABET.chars().take(32).filter(|c| *c != good[place]) {
            let mut typed = good.clone();
            typed[place] = other;
            assert_eq!(
                parsed(&typed.iter().collect::<String>()),
                Err(VotingCodeError::CheckSymbol)
            );
        }
        if place < 19 && good[place] != good[place + 1] {
            let mut typed = good.clone();
            typed.swap(place, place + 1);
            assert_eq!(
                parsed(&typed.iter().collect::<String>()),
                Err(VotingCodeError::CheckSymbol)
            );
        }
    }
}

#[test]
fn codes_are_printed_in_groups_of_four() {
    let text = printed(&code(3));
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    assert_eq!(groups, [4, 4, 4, 4, 4, 1]);
}

#[test]
fn generated_codes_differ_and_use_the_whole_alphabet() {
    let mut rng = rng(4);
    let codes: HashSet<String> = (0..1_000)
        .map(|_| printed(&VotingCode::generate(&mut rng)))
        .collect();
    assert_eq!(codes.len(), 1_000);
    for place in (0..24).filter(|place| place % 5 != 4) {
        let seen: HashSet<u8> = codes.iter().map(|code| code.as_bytes()[place]).collect();
        assert_eq!(seen.len(), 32, "place {place}");
    }
}

#[test]
fn the_secret_is_the_labelled_hash_of_the_protocol() {
    let manifest = [7; 32];
    let key = RISTRETTO_BASEPOINT_COMPRESSED;
    let code = code(5);
    let characters = printed(&code).replace('-', "")[..20].to_owned();
    for (authority, salt) in [
        (Authority::Sole, 0),
        (Authority::First, 1),
        (Authority::Second, 2),
    ] {
        let secret = CredentialDerivation::new(&manifest, &key, authority)
            .secret(&code)
            .unwrap();
        let label = b"hanpyo/v1/voting-code";
        let wide = Sha512::new()
            .chain_update([21])
            .chain_update(label)
            .chain_update(manifest)
            .chain_update(key.as_bytes())
            .chain_update([salt])
            .chain_update(&characters)
            .finalize();
        let s = Scalar::from_bytes_mod_order_wide(&wide.into());
        assert_eq!(
            secret.public(),
            curve25519_dalek::ristretto::RistrettoPoint::mul_base(&s)
        );
    }
}

#[test]
fn manifest_key_authority_and_code_all_decide_the_credential() {
    let public = |manifest: [u8; 32], key: &CompressedRistretto, authority, code: &VotingCode| {
        CredentialDerivation::new(&manifest, key, authority)
            .secret(code)
            .unwrap()
            .public()
            .compress()
    };
    let key = RISTRETTO_BASEPOINT_COMPRESSED;
    let other_key = hanpyo_crypto::group::value_generator().compress();
    let all: HashSet<[u8; 32]> = [
        public([7; 32], &key, Authority::Sole, &code(6)),
        public([8; 32], &key, Authority::Sole, &code(6)),
        public([7; 32], &other_key, Authority::Sole, &code(6)),
        public([7; 32], &key, Authority::First, &code(6)),
        public([7; 32], &key, Authority::Second, &code(6)),
        public([7; 32], &key, Authority::Sole, &code(7)),
    ]
    .map(|point| point.to_bytes())
    .into();
    assert_eq!(all.len(), 6);
}

#[test]
fn halves_add_up() {
    let key = RISTRETTO_BASEPOINT_COMPRESSED;
    let half = |authority, seed| {
        CredentialDerivation::new(&[7; 32], &key, authority)
            .secret(&code(seed))
            .unwrap()
    };
    let (first, second) = (half(Authority::First, 8), half(Authority::Second, 9));
    let combined = CredentialSecret::combine(&first, &second).unwrap();
    assert_eq!(
        combine_public(&first.public(), &second.public()),
        Ok(combined.public())
    );
}

#[test]
fn batches_give_the_same_credentials_in_order() {
    let key = RISTRETTO_BASEPOINT_COMPRESSED;
    let derivation = CredentialDerivation::new(&[7; 32], &key, Authority::Sole);
    let mut rng = rng(10);
    let secrets: Vec<_> = (0..600)
        .map(|_| derivation.secret(&VotingCode::generate(&mut rng)).unwrap())
        .collect();
    for count in [0, 1, 255, 256, 257, 600] {
        let batch = public_credentials(&secrets[..count]);
        let single: Vec<_> = secrets[..count]
            .iter()
            .map(|secret| secret.public().compress())
            .collect();
        assert_eq!(batch, single);
    }
}

proptest! {
    #[test]
    fn printed_codes_read_back(seed in any::<u64>(), lower in any::<bool>(), bare in any::<bool>()) {
        let code = code(seed);
        let mut text = printed(&code);
        if lower {
            text = text.to_lowercase();
        }
        if bare {
            text = text.replace('-', "");
        }
        prop_assert_eq!(parsed(&text), Ok(printed(&code)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        if let Ok(read) = parsed(&text) {
            prop_assert_eq!(parsed(&read), Ok(read.clone()));
        }
    }
}

#[test]
fn vectors() {
    let manifest = [0x4d; 32];
    let key = hanpyo_crypto::group::value_generator().compress();
    let mut rng = rng(2026);
    let cases: Vec<_> = (0..6)
        .map(|_| {
            let code = VotingCode::generate(&mut rng);
            let public = |authority| {
                let secret = CredentialDerivation::new(&manifest, &key, authority)
                    .secret(&code)
                    .unwrap();
                hex(secret.public().compress().as_bytes())
            };
            json!({
                "code": printed(&code),
                "public_sole_authority": public(Authority::Sole),
                "public_authority_1": public(Authority::First),
                "public_authority_2": public(Authority::Second),
            })
        })
        .collect();
    compare_vectors(
        "credential.json",
        &json!({
            "section": "7",
            "manifest_hash": hex(manifest),
            "joint_key": hex(key.as_bytes()),
            "credentials": cases,
        }),
    );
}
