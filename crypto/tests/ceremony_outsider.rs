//! A verifier of docs/vectors/ceremony.json and decryption.json written from PROTOCOL.md sections 2, 4, 8
//! and 9.3 alone: labels spelt out, no code of the crate. Text and code drift apart only by failing here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

fn vectors(file: &str) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/vectors");
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn point(bytes: &[u8]) -> RistrettoPoint {
    let encoded = CompressedRistretto::from_slice(bytes).unwrap();
    encoded.decompress().unwrap()
}

fn scalar(bytes: &[u8]) -> Scalar {
    Scalar::from_canonical_bytes(bytes.try_into().unwrap()).unwrap()
}

fn labelled<D: Digest>(label: &str, message: &[u8]) -> Vec<u8> {
    D::new()
        .chain_update([u8::try_from(label.len()).unwrap()])
        .chain_update(label)
        .chain_update(message)
        .finalize()
        .to_vec()
}

fn wide(label: &str, message: &[u8]) -> [u8; 64] {
    labelled::<Sha512>(label, message).try_into().unwrap()
}

fn challenge(transcript: &mut Transcript) -> Scalar {
    let mut wide = [0; 64];
    transcript.challenge_bytes(b"challenge", &mut wide);
    Scalar::from_bytes_mod_order_wide(&wide)
}

fn le(number: u64) -> [u8; 8] {
    number.to_le_bytes()
}

/// Section 8.1.
fn equality_holds(
    label: &'static str,
    context: &[u8],
    [base, image_g, image_base]: [RistrettoPoint; 3],
    proof: &[u8],
) -> bool {
    let (c, z) = (scalar(&proof[..32]), scalar(&proof[32..]));
    let mut transcript = Transcript::new(label.as_bytes());
    transcript.append_message(b"context", context);
    transcript.append_message(b"B", base.compress().as_bytes());
    transcript.append_message(b"U", image_g.compress().as_bytes());
    transcript.append_message(b"V", image_base.compress().as_bytes());
    let first = (G * z - image_g * c).compress();
    let second = (base * z - image_base * c).compress();
    let commitments = [first.to_bytes(), second.to_bytes()].concat();
    transcript.append_message(b"commitments", &commitments);
    challenge(&mut transcript) == c
}

#[test]
fn ceremony() {
    let v = vectors("ceremony.json");
    let mh = bytes(&v["manifest_hash"]);
    let e = v["attempt"].as_u64().unwrap();
    let t = usize::try_from(v["quorum"].as_u64().unwrap()).unwrap();
    let trustees = v["trustees"].as_array().unwrap();
    let n = trustees.len() as u64;

    let mut coefficients = Vec::new();
    let mut transport_keys = Vec::new();
    let mut said = [mh.as_slice(), &le(e)].concat();
    for (i, trustee) in (1..).zip(trustees) {
        let o = bytes(&trustee["opening"]);
        let pieces: Vec<_> = o.chunks(32).collect();
        assert_eq!(pieces.len(), 3 * t + 3);
        let committed = [mh.as_slice(), &le(e), &le(i), &o].concat();
        assert_eq!(
            labelled::<Sha256>("hanpyo/v1/ceremony-commitment", &committed),
            bytes(&trustee["commitment"])
        );
        let mut transcript = Transcript::new(b"hanpyo/v1/ceremony-opening");
        transcript.append_message(b"manifest", &mh);
        transcript.append_u64(b"attempt", e);
        transcript.append_u64(b"trustee", i);
        transcript.append_u64(b"quorum", t as u64);
        transcript.append_u64(b"trustees", n);
        transcript.append_message(b"coefficients", &o[..32 * t]);
        transcript.append_message(b"transport-key", pieces[t]);
        transcript.append_message(b"commitments", &o[32 * (t + 1)..32 * (2 * t + 2)]);
        let c = challenge(&mut transcript);
        for m in 0..=t {
            let z = scalar(pieces[2 * t + 2 + m]);
            assert_eq!(G * z, point(pieces[t + 1 + m]) + point(pieces[m]) * c);
        }
        coefficients.push(pieces[..t].iter().map(|a| point(a)).collect::<Vec<_>>());
        transport_keys.push(point(pieces[t]));
        said.extend(o);
    }
    for trustee in trustees {
        said.extend(bytes(&trustee["shares"]));
    }
    let transcript_hash = labelled::<Sha256>("hanpyo/v1/ceremony-transcript", &said);
    assert_eq!(transcript_hash, bytes(&v["transcript_hash"]));

    let at = |a: &[RistrettoPoint], j: u64| -> RistrettoPoint {
        let powers = std::iter::successors(Some(Scalar::ONE), |x| Some(x * Scalar::from(j)));
        a.iter().zip(powers).map(|(a, power)| a * power).sum()
    };
    let key: RistrettoPoint = coefficients.iter().map(|a| a[0]).sum();
    assert_eq!(key, point(&bytes(&v["joint_key"])));
    let drill = wide(
        "hanpyo/v1/drill-point",
        &[mh.as_slice(), &transcript_hash].concat(),
    );
    let drill = RistrettoPoint::from_uniform_bytes(&drill);
    assert_eq!(drill, point(&bytes(&v["drill_point"])));
    for (j, trustee) in (1..).zip(trustees) {
        let x: RistrettoPoint = coefficients.iter().map(|a| at(a, j)).sum();
        assert_eq!(x, point(&bytes(&trustee["verification_share"])));
        let d = point(&bytes(&trustee["drill"]["decryption"]));
        let context = [mh.as_slice(), &transcript_hash, &le(j)].concat();
        let proof = bytes(&trustee["drill"]["proof"]);
        assert!(equality_holds(
            "hanpyo/v1/drill",
            &context,
            [drill, x, d],
            &proof
        ));
    }

    // Trustee 2 complains about trustee 1: the first share of its list.
    let complaint = &v["complaint"];
    let (j, i) = (2, 1);
    assert_eq!(complaint["complainant"], j);
    assert_eq!(complaint["accused"], i);
    let s = point(&bytes(&complaint["shared"]));
    let context = [mh.as_slice(), &le(e), &le(i), &le(j)].concat();
    for (list, culprit) in [
        (&trustees[0]["shares"], "culprit_with_shares_above"),
        (&complaint["wrong_shares"], "culprit_with_wrong_shares"),
    ] {
        let list = bytes(list);
        let statement = [point(&list[..32]), transport_keys[1], s];
        let proof = bytes(&complaint["proof"]);
        assert!(equality_holds(
            "hanpyo/v1/complaint",
            &context,
            statement,
            &proof
        ));
        let mut masked_with = s.compress().to_bytes().to_vec();
        masked_with.extend(&context);
        masked_with.extend(&bytes(&trustees[0]["opening"])[..32 * t]);
        let mask = wide("hanpyo/v1/share-mask", &masked_with);
        let share = scalar(&list[32..64]) - Scalar::from_bytes_mod_order_wide(&mask);
        let right = G * share == at(&coefficients[0], j);
        assert_eq!(complaint[culprit], if right { j } else { i });
    }
}

#[test]
fn decryption() {
    let v = vectors("decryption.json");
    let number = |name: &str| le(v[name].as_u64().unwrap());
    let sum = bytes(&v["sum"]);
    let (r, c) = (point(&sum[..32]), point(&sum[32..]));
    let partials = v["partial_decryptions"].as_array().unwrap();
    let points: Vec<_> = (1..)
        .zip(partials)
        .map(|(j, partial)| {
            let context = [
                bytes(&v["manifest_hash"]),
                bytes(&v["root"]),
                number("size").to_vec(),
                number("contest").to_vec(),
                number("group").to_vec(),
                number("position").to_vec(),
                le(j).to_vec(),
            ]
            .concat();
            let x = point(&bytes(&partial["verification_share"]));
            let d = point(&bytes(&partial["decryption"]));
            let proof = bytes(&partial["proof"]);
            let label = "hanpyo/v1/partial-decryption";
            assert!(equality_holds(label, &context, [r, x, d], &proof));
            d
        })
        .collect();
    // λ for trustees 1 and 2: 2/(2-1) and 1/(1-2); for 2 and 3: 3/(3-2) and 2/(2-3).
    let three = Scalar::from(3_u8);
    let two = Scalar::from(2_u8);
    let expected = c - (points[0] * two - points[1]);
    assert_eq!(expected, c - (points[1] * three - points[2] * two));
    assert_eq!(expected, point(&bytes(&v["value_times_h"])));
    let h = RistrettoPoint::from_uniform_bytes(&wide("hanpyo/v1/value-generator", b""));
    assert_eq!(expected, h * Scalar::from(v["value"].as_u64().unwrap()));
}
