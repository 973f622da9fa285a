//! Altered bytes: no alteration of a ballot is accepted, and all three verifiers agree about each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(clippy::cast_possible_truncation, missing_docs, unreachable_pub)]

mod ballot_support;

use ballot_support::{Fixture, agreed, outsider, rng};
use hanpyo_crypto::ballot::{
    Body, BodyError, CastBallot, ContestBody, Decision, Opening, VoterRequest, encrypt_ballot,
};
use hanpyo_crypto::batch::{BallotError, SignedBallot};
use hanpyo_crypto::contest::{ContestFault, Rules, ScoreTotal, Selection};
use hanpyo_crypto::group::DecodeError;
use proptest::prelude::*;
use rand_core::RngCore;

fn yes_no() -> (Fixture, CastBallot) {
    let fixture = Fixture::new(&[Rules::ChooseOne {
        options: 2,
        blank: false,
    }]);
    let cast = fixture.cast(&[Selection::ChooseOne(Some(1))], &mut rng(3));
    (fixture, cast)
}

fn scores() -> (Fixture, CastBallot) {
    let fixture = Fixture::new(&[Rules::Score {
        options: 2,
        maximum: 5,
        total: ScoreTotal::Exactly(6),
        unanswered: true,
    }]);
    let cast = fixture.cast(&[Selection::Score(vec![Some(5), Some(1)])], &mut rng(3));
    (fixture, cast)
}

fn mixed() -> (Fixture, CastBallot) {
    let fixture = Fixture::new(&[
        Rules::Choose {
            options: 2,
            min: 0,
            max: 2,
        },
        Rules::Rank {
            options: 2,
            min: 0,
            max: 2,
        },
    ]);
    let selections = [Selection::Choose(vec![1]), Selection::Rank(vec![0])];
    let cast = fixture.cast(&selections, &mut rng(3));
    (fixture, cast)
}

fn verify(fixture: &Fixture, body: &[u8], signature: &[u8]) -> Result<(), BallotError> {
    let signed = SignedBallot {
        context: fixture.context(),
        body,
        decision: Decision::Cast,
        signature,
    };
    agreed(&fixture.election, &signed).map(|_| ())
}

/// Every byte of body and signature with one bit flipped.
fn flip_every_byte((fixture, cast): &(Fixture, CastBallot), step: usize) {
    let mut random = rng(8);
    for at in (0..cast.body.len()).step_by(step) {
        let mut body = cast.body.clone();
        body[at] ^= 1 << (random.next_u32() % 8);
        let result = verify(fixture, &body, &cast.signature);
        assert!(result.is_err(), "byte {at} of the body");
    }
    for at in (0..cast.signature.len()).step_by(step) {
        let mut signature = cast.signature;
        signature[at] ^= 1 << (random.next_u32() % 8);
        let result = verify(fixture, &cast.body, &signature);
        assert!(result.is_err(), "byte {at} of the signature");
    }
}

#[test]
fn no_flipped_byte_of_a_choice_is_accepted() {
    flip_every_byte(&yes_no(), 1);
}

#[test]
fn no_flipped_byte_of_bits_and_ranks_is_accepted() {
    flip_every_byte(&mixed(), 1);
}

#[test]
fn no_flipped_byte_of_scores_is_accepted() {
    flip_every_byte(&scores(), 7);
}

/// Every 32-byte element of ciphertexts, proof and signature replaced by values that are not allowed.
#[test]
fn forbidden_elements_are_refused_everywhere() {
    let identity = [0; 32];
    let negative = {
        // The encoding of a point with its sign bit set: not canonical.
        let mut bytes = curve25519_dalek::constants::RISTRETTO_BASEPOINT_COMPRESSED.to_bytes();
        bytes[0] |= 1;
        bytes
    };
    // The group order: as a scalar the least that is not canonical.
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let field = [
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0x7f,
    ];
    for (fixture, cast) in [yes_no(), mixed(), scores()] {
        let decoded = Body::decode(&cast.body).unwrap();
        for place in 0..decoded.contests.len() {
            let contest = decoded.contests[place];
            let points = contest.ciphertexts.len() / 32;
            for element in 0..points + contest.proof.len() / 32 {
                for forbidden in [identity, negative, order, field, [0xff; 32]] {
                    let mut ciphertexts = contest.ciphertexts.to_vec();
                    let mut proof = contest.proof.to_vec();
                    let in_proof = element.checked_sub(points);
                    let (bytes, at) = match in_proof {
                        Some(element) => (&mut proof, 32 * element),
                        None => (&mut ciphertexts, 32 * element),
                    };
                    bytes[at..at + 32].copy_from_slice(&forbidden);
                    let mut body = decoded.clone();
                    body.contests[place] = ContestBody {
                        ciphertexts: &ciphertexts,
                        proof: &proof,
                    };
                    let error = verify(&fixture, &body.encode(), &cast.signature).unwrap_err();
                    // The identity's bytes are the scalar 0, and the sign bit is part of a scalar.
                    let scalar = forbidden == identity || forbidden == negative;
                    assert!(scalar || !error.is_false_equation(), "{element}: {error}");
                    if in_proof.is_none() {
                        let expected = match forbidden {
                            _ if forbidden == identity => DecodeError::Identity,
                            _ => DecodeError::NotAPoint,
                        };
                        let fault = ContestFault::Ciphertext {
                            position: element / 2 + 1,
                            part: ['R', 'C'][element % 2],
                            source: expected,
                        };
                        let contest = fixture.contests[place].number;
                        // The order happens to be no point either; nor is the field's prime.
                        assert_eq!(
                            error,
                            BallotError::Contest {
                                contest,
                                source: fault
                            }
                        );
                    }
                }
            }
        }
        let mut signature = cast.signature;
        signature[..32].fill(0);
        assert_eq!(
            verify(&fixture, &cast.body, &signature),
            Err(BallotError::Signature(DecodeError::Identity))
        );
        signature = cast.signature;
        signature[32..].copy_from_slice(&order);
        assert_eq!(
            verify(&fixture, &cast.body, &signature),
            Err(BallotError::Signature(DecodeError::NotAScalar))
        );
        for length in [0, 63, 65] {
            let mut signature = cast.signature.to_vec();
            signature.resize(length, 0);
            assert_eq!(
                verify(&fixture, &cast.body, &signature),
                Err(BallotError::Signature(DecodeError::Length {
                    expected: 64,
                    found: length
                }))
            );
        }
    }
}

#[test]
fn a_credential_that_is_no_point_is_refused() {
    let (mut fixture, cast) = yes_no();
    for (bytes, error) in [
        ([0; 32], DecodeError::Identity),
        ([0xff; 32], DecodeError::NotAPoint),
    ] {
        fixture.credential = bytes;
        assert_eq!(
            verify(&fixture, &cast.body, &cast.signature),
            Err(BallotError::Credential(error))
        );
    }
}

#[test]
fn other_lengths_are_refused() {
    for (fixture, cast) in [yes_no(), mixed(), scores()] {
        let decoded = Body::decode(&cast.body).unwrap();
        for (change, in_proof) in [-64_isize, -32, -1, 1, 32, 64]
            .into_iter()
            .flat_map(|change| [(change, false), (change, true)])
        {
            let contest = decoded.contests[0];
            let mut ciphertexts = contest.ciphertexts.to_vec();
            let mut proof = contest.proof.to_vec();
            let bytes = if in_proof {
                &mut proof
            } else {
                &mut ciphertexts
            };
            let (expected, found) = (bytes.len(), bytes.len().saturating_add_signed(change));
            bytes.resize(found, 1);
            let mut body = decoded.clone();
            body.contests[0] = ContestBody {
                ciphertexts: &ciphertexts,
                proof: &proof,
            };
            let source = if in_proof {
                ContestFault::ProofLength { expected, found }
            } else {
                ContestFault::CiphertextLength { expected, found }
            };
            assert_eq!(
                verify(&fixture, &body.encode(), &cast.signature),
                Err(BallotError::Contest { contest: 3, source })
            );
        }
    }
}

/// The same body in any other CBOR encoding.
#[test]
fn only_the_deterministic_encoding_is_a_body() {
    let (fixture, cast) = yes_no();
    let decoded = Body::decode(&cast.body).unwrap();
    let ContestBody { ciphertexts, proof } = decoded.contests[0];
    assert_eq!(cast.body[..3], [0x83, 0x18, 41]);
    let strings = [
        &[0x58, 0x80][..],
        ciphertexts,
        &[0x58, proof.len() as u8],
        proof,
    ]
    .concat();
    let own = [&[0x83, 0x18, 41, 1, 0x81, 0x82][..], &strings].concat();
    assert_eq!(own, cast.body);
    let long_string = [
        &[0x59, 0, 0x80][..],
        ciphertexts,
        &[0x58, proof.len() as u8],
        proof,
    ]
    .concat();
    let others = [
        [&[0x83, 0x19, 0, 41, 1, 0x81, 0x82][..], &strings].concat(),
        [&[0x83, 0x18, 41, 0x18, 1, 0x81, 0x82][..], &strings].concat(),
        [&[0x98, 3, 0x18, 41, 1, 0x81, 0x82][..], &strings].concat(),
        [&[0x9f, 0x18, 41, 1, 0x81, 0x82][..], &strings, &[0xff]].concat(),
        [&[0x83, 0x18, 41, 1, 0x9f, 0x82][..], &strings, &[0xff]].concat(),
        [&[0x83, 0x18, 41, 1, 0x81, 0x9f][..], &strings, &[0xff]].concat(),
        [&[0x83, 0x18, 41, 1, 0x81, 0x82][..], &long_string].concat(),
        [&own[..], &[0]].concat(),
    ];
    for other in &others {
        assert_eq!(Body::decode(other), Err(BodyError::NotDeterministic));
        assert!(verify(&fixture, other, &cast.signature).is_err());
    }
    let tagged = [&[0xc1][..], &own].concat();
    assert!(matches!(Body::decode(&tagged), Err(BodyError::Cbor(_))));
    for length in 0..own.len() {
        assert!(Body::decode(&own[..length]).is_err(), "{length}");
    }
    let zero = Body::decode(&[0x83, 0, 0, 0x81, 0x82, 0x40, 0x40]);
    assert_eq!(zero, Err(BodyError::Counter(0)));
    assert_eq!(Body::decode(&[0x83, 0, 1, 0x80]), Err(BodyError::Empty));
    let large = Body::decode(&[
        0x83, 0x1b, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0x81, 0x82, 0x40, 0x40,
    ]);
    assert_eq!(large, Err(BodyError::Index(1 << 32)));
    let large = Body::decode(&[
        0x83, 0, 0x1b, 0, 0, 0, 1, 0, 0, 0, 0, 0x81, 0x82, 0x40, 0x40,
    ]);
    assert_eq!(large, Err(BodyError::Counter(1 << 32)));
    let claimed = Body::decode(&[
        0x83, 0, 1, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ]);
    assert!(matches!(claimed, Err(BodyError::Cbor(_))));
}

#[test]
fn an_altered_opening_is_refused() {
    for (fixture, cast) in [yes_no(), scores()] {
        let selections = if fixture.contests[0].kind.ciphertexts() == 2 {
            [Selection::ChooseOne(Some(1))]
        } else {
            [Selection::Score(vec![Some(5), Some(1)])]
        };
        let request = VoterRequest {
            secret: &fixture.secret,
            counter: 1,
            attempt: 1,
            selections: &selections,
        };
        let rng = &mut rng(3);
        let ballot = encrypt_ballot(&fixture.election, &fixture.context(), &request, rng).unwrap();
        let challenged = ballot.challenge(rng);
        // The same randomness as in the fixture's cast ballot.
        assert_eq!(challenged.body, cast.body);
        let encoded = challenged.opening.encode();
        let check = |bytes: &[u8]| {
            Opening::decode(bytes)?.check(&fixture.election, &fixture.context(), &cast.body)
        };
        assert!(check(&encoded).unwrap() == selections);
        for at in 0..encoded.len() {
            for bit in [0, 5] {
                let mut altered = encoded.to_vec();
                altered[at] ^= 1 << bit;
                assert!(check(&altered).is_err(), "byte {at} bit {bit}");
            }
        }
        assert!(check(&encoded[..encoded.len() - 1]).is_err());
        assert!(check(&[&encoded[..], &[0]].concat()).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Several alterations at once: bytes changed, elements exchanged, parts replaced.
    #[test]
    fn all_verifiers_agree_on_random_mutations(
        which in 0_usize..2,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..3, any::<u8>()), 1..4),
    ) {
        let (fixture, cast) = [yes_no, mixed][which]();
        let mut body = cast.body.clone();
        let mut signature = cast.signature;
        for (at, other, edit, byte) in edits {
            let at = at.index(body.len());
            let other = other.index(body.len());
            match edit {
                0 => body[at] = byte,
                1 if at.max(other) + 32 <= body.len() => {
                    let copy: Vec<u8> = body[other..other + 32].to_vec();
                    body[at..at + 32].copy_from_slice(&copy);
                }
                _ => signature[at % 64] ^= byte,
            }
        }
        let same = body == cast.body && signature == cast.signature;
        prop_assert_eq!(verify(&fixture, &body, &signature).is_ok(), same);
    }

    /// The strict decoder accepts exactly what it would write itself.
    #[test]
    fn whatever_decodes_encodes_to_itself(
        index in any::<u64>(), counter in any::<u64>(),
        strings in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..300), prop::collection::vec(any::<u8>(), 0..30)), 0..4),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = outsider::body(index >> 33, counter >> 40, &strings);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(body) = Body::decode(&bytes) {
            prop_assert_eq!(body.encode(), bytes);
        }
    }
}
