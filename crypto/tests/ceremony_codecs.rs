//! Decoders of ceremony messages and saved states: strict, never panicking (PROTOCOL.md sections 2, 8).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ceremony_support;

use std::sync::LazyLock;

use ceremony_support::*;
use hanpyo_crypto::ceremony::{
    CeremonyError, Complaint, DrillShare, Field, MessageError, Opening, Parameters, ShareList,
    StateError, TrusteeState,
};
use hanpyo_crypto::decryption::PartialDecryption;
use hanpyo_crypto::group::DecodeError;
use proptest::prelude::*;

fn parameters() -> Parameters {
    attempt(2, 3).parameters()
}

fn opening_bytes() -> Vec<u8> {
    opened(attempt(2, 3), 1)[0].opening().as_bytes().to_vec()
}

fn list_bytes() -> Vec<u8> {
    shared(attempt(2, 3), 1)[0].share_list().as_bytes().to_vec()
}

#[test]
fn sizes_are_those_of_the_protocol() {
    for (quorum, trustees, opening, list) in [
        (2, 3, 288, 128),
        (3, 5, 384, 256),
        (2, 32, 288, 1984),
        (31, 32, 3072, 1984),
    ] {
        let states = shared(attempt(quorum, trustees), 2);
        let first = &states[0];
        assert_eq!(first.share_list().as_bytes().len(), list);
        let one = trustee(&attempt(quorum, trustees), 1);
        assert_eq!(first.openings().get(one).unwrap().as_bytes().len(), opening);
    }
}

#[test]
fn bad_fields_of_an_opening_are_named() {
    let good = opening_bytes();
    assert_eq!(
        Opening::decode(parameters(), &good).unwrap().as_bytes(),
        good
    );
    let fields = [
        Field::Coefficient(0),
        Field::Coefficient(1),
        Field::TransportKey,
        Field::ProofCommitment(0),
        Field::ProofCommitment(1),
        Field::ProofCommitment(2),
        Field::Response(0),
        Field::Response(1),
        Field::Response(2),
    ];
    for (place, field) in fields.into_iter().enumerate() {
        let with = |byte| {
            let mut bytes = good.clone();
            bytes[32 * place..32 * place + 32].fill(byte);
            Opening::decode(parameters(), &bytes).map(|_| ())
        };
        let is_scalar = matches!(field, Field::Response(_));
        let source = if is_scalar {
            DecodeError::NotAScalar
        } else {
            DecodeError::NotAPoint
        };
        assert_eq!(with(0xff), Err(MessageError { field, source }));
        if !is_scalar {
            let source = DecodeError::Identity;
            assert_eq!(with(0), Err(MessageError { field, source }));
        }
    }
}

#[test]
fn bad_fields_of_a_share_list_are_named() {
    let good = list_bytes();
    let one = trustee(&attempt(2, 3), 1);
    for (place, recipient) in [(0, 2), (1, 3)] {
        let recipient = trustee(&attempt(2, 3), recipient);
        for (offset, byte, field, source) in [
            (0, 0, Field::Nonce(recipient), DecodeError::Identity),
            (0, 0xff, Field::Nonce(recipient), DecodeError::NotAPoint),
            (
                32,
                0xff,
                Field::MaskedShare(recipient),
                DecodeError::NotAScalar,
            ),
        ] {
            let mut bytes = good.clone();
            bytes[64 * place + offset..64 * place + offset + 32].fill(byte);
            assert_eq!(
                ShareList::decode(parameters(), one, &bytes).map(|_| ()),
                Err(MessageError { field, source })
            );
        }
    }
}

#[test]
fn other_lengths_are_refused() {
    let one = trustee(&attempt(2, 3), 1);
    let lengthened = |bytes: &[u8], length: usize| {
        let mut bytes = bytes.to_vec();
        bytes.resize(length, 1);
        bytes
    };
    let whole = |expected, found| MessageError {
        field: Field::Whole,
        source: DecodeError::Length { expected, found },
    };
    for length in [0, 287, 289, 320, 384] {
        assert_eq!(
            Opening::decode(parameters(), &lengthened(&opening_bytes(), length)).err(),
            Some(whole(288, length))
        );
    }
    for length in [0, 127, 129, 192] {
        assert_eq!(
            ShareList::decode(parameters(), one, &lengthened(&list_bytes(), length)).err(),
            Some(whole(128, length))
        );
    }
}

/// One saved state of every kind.
static STATES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let attempt = attempt(2, 3);
    let states = shared(attempt, 3);
    let mut bad = lists(&states);
    bad[0] = with_wrong_share(&attempt, &bad[0], 0);
    let complained = complain(states.into_iter().nth(1).unwrap().receive(&bad).unwrap());
    [
        begin(attempt, 3).swap_remove(0).into(),
        opened(attempt, 3).swap_remove(0).into(),
        shared(attempt, 3).swap_remove(0).into(),
        confirmed(attempt, 3).swap_remove(0).into(),
        complained.into(),
        key_shares(attempt, 3).swap_remove(0).into(),
    ]
    .map(|state: TrusteeState| state.to_bytes().to_vec())
    .to_vec()
});

#[test]
fn damaged_states_are_refused_with_a_reason() {
    for (place, bytes) in STATES.iter().enumerate() {
        assert_eq!(usize::from(bytes[1]), place + 1);
        for length in 0..bytes.len() {
            assert!(TrusteeState::from_bytes(&bytes[..length]).is_err());
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(
            TrusteeState::from_bytes(&longer).err(),
            Some(StateError::Length {
                found: longer.len()
            })
        );
        let changed = |at: usize, to: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = to;
            TrusteeState::from_bytes(&bytes).err()
        };
        assert_eq!(changed(0, 2), Some(StateError::Version { found: 2 }));
        assert_eq!(changed(42, 1), {
            let error = CeremonyError::Parameters {
                quorum: 1,
                trustees: 3,
            };
            Some(error.into())
        });
        assert!(matches!(
            changed(44, 4),
            Some(StateError::Ceremony(CeremonyError::UnknownTrustee {
                trustee: 4,
                ..
            }))
        ));
    }
    for kind in [0, 7] {
        let mut bytes = STATES[0].clone();
        bytes[1] = kind;
        assert_eq!(
            TrusteeState::from_bytes(&bytes).err(),
            Some(StateError::Kind { found: kind })
        );
    }
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    // Seed, manifest hash, attempt and trustee decide the commitment that the opened state holds.
    for at in [2, 34, 44, 45] {
        for kind in [1, 2] {
            let mut bytes = STATES[kind].clone();
            bytes[at] ^= 2;
            let error = TrusteeState::from_bytes(&bytes).err();
            assert!(
                matches!(
                    error,
                    Some(StateError::Ceremony(CeremonyError::NotOurs { .. }))
                ),
                "byte {at}: {error:?}"
            );
        }
    }
    // A key share under another number, or with another secret.
    for (at, number) in [(44, 3), (45, 1)] {
        let mut bytes = STATES[5].clone();
        bytes[at] ^= 2;
        assert_eq!(
            TrusteeState::from_bytes(&bytes).err(),
            Some(StateError::KeyShare(trustee(&attempt(2, 3), number)))
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_decodes_re_encodes_to_itself(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let one = trustee(&attempt(2, 3), 1);
        let two = trustee(&attempt(2, 3), 2);
        static OPENING: LazyLock<Vec<u8>> = LazyLock::new(opening_bytes);
        static LIST: LazyLock<Vec<u8>> = LazyLock::new(list_bytes);
        for source in [&bytes, &*OPENING, &*LIST] {
            let mut bytes = source.clone();
            for (at, to) in &changes {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = *to;
                }
            }
            if let Ok(opening) = Opening::decode(parameters(), &bytes) {
                prop_assert_eq!(opening.as_bytes(), bytes.as_slice());
            }
            if let Ok(list) = ShareList::decode(parameters(), one, &bytes) {
                prop_assert_eq!(list.as_bytes(), bytes.as_slice());
            }
            let (point, proof) = bytes.split_at(bytes.len().min(32));
            let proof = &proof[..proof.len().min(64)];
            if let Ok(complaint) = Complaint::decode(one, two, point, proof) {
                prop_assert_eq!(complaint.shared().as_bytes().as_slice(), point);
                prop_assert_eq!(complaint.proof().encode().to_vec(), proof);
            }
            if let Ok(share) = DrillShare::decode(point, proof) {
                prop_assert_eq!(share.point().as_bytes().as_slice(), point);
                prop_assert_eq!(share.proof().encode().to_vec(), proof);
            }
            if let Ok(partial) = PartialDecryption::decode(point, proof) {
                prop_assert_eq!(partial.point().as_bytes().as_slice(), point);
                prop_assert_eq!(partial.proof().encode().to_vec(), proof);
            }
        }
    }

    #[test]
    fn saved_states_re_encode_to_themselves(
        kind in 0..6_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..2),
    ) {
        let mut bytes = STATES[kind].clone();
        for (at, to) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *to;
        }
        if let Ok(state) = TrusteeState::from_bytes(&bytes) {
            prop_assert_eq!(state.to_bytes().to_vec(), bytes);
        }
    }
}
