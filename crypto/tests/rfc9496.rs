//! ristretto255 against the test vectors of RFC 9496, appendix A (docs/vectors/rfc9496.json).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(missing_docs)]

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use data_encoding::HEXLOWER;
use hanpyo_crypto::group::{DecodeError, decode_point};
use serde_json::Value;

fn vectors() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors/rfc9496.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

#[test]
fn multiples_of_the_generator() {
    let vectors = vectors();
    let multiples = vectors["multiples of the generator"].as_array().unwrap();
    assert_eq!(multiples.len(), 16);
    for (factor, encoding) in (0_u64..).zip(multiples) {
        let multiple = G * Scalar::from(factor);
        let encoding = bytes(encoding);
        assert_eq!(multiple.compress().as_bytes()[..], encoding);
        // We refuse the identity where the RFC would decode it.
        let expected = if factor == 0 {
            Err(DecodeError::Identity)
        } else {
            Ok(multiple)
        };
        assert_eq!(decode_point(&encoding), expected);
    }
}

#[test]
fn invalid_encodings() {
    let vectors = vectors();
    let groups = vectors["invalid encodings"].as_object().unwrap();
    let encodings: Vec<_> = groups
        .values()
        .flat_map(|group| group.as_array().unwrap())
        .collect();
    assert_eq!(encodings.len(), 29);
    for encoding in encodings {
        let decoded = decode_point(&bytes(encoding));
        assert_eq!(decoded, Err(DecodeError::NotAPoint), "{encoding}");
    }
}

#[test]
fn one_way_map() {
    let vectors = vectors();
    let cases = vectors["one-way map"].as_array().unwrap();
    assert_eq!(cases.len(), 11);
    for case in cases {
        let uniform: [u8; 64] = bytes(&case["bytes"]).try_into().unwrap();
        let point = RistrettoPoint::from_uniform_bytes(&uniform);
        assert_eq!(point.compress().as_bytes()[..], bytes(&case["point"]));
    }
}
