//! What no decoder may accept: other encodings of the same, changed bytes, anything cut or added.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[allow(dead_code, reason = "serves several test files")]
mod entry_support;

use entry_support::samples;
use entry_support::tree::{Disturbance, Item};
use hanpyo_crypto::ballot::{Decision, ElectionContext};
use hanpyo_crypto::batch::{BatchVerifier, SignedBallot};
use hanpyo_crypto::elgamal::JointKey;
use hanpyo_ledger::entry::{BallotRef, Entry, EntryError, EntryType, MAX_ENTRY_BYTES, Reason};
use hanpyo_ledger::entry::{Revocation, RollChunk, RollRow, Void};
use hanpyo_ledger::manifest::CheckedManifest;
use hanpyo_ledger::signature::SignedBy;
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// Both decoders of ballots must say the same; others have one.
fn decode(bytes: &[u8]) -> Result<Entry, EntryError> {
    let decoded = Entry::decode(bytes);
    let is_ballot = matches!(decoded, Ok(Entry::Ballot(_)));
    match BallotRef::decode(bytes) {
        Ok(view) => {
            let Ok(Entry::Ballot(owned)) = &decoded else {
                panic!("only the borrowing decoder accepts {bytes:02x?}");
            };
            assert_eq!(view.body_bytes, owned.body.as_bytes());
            assert_eq!(view.signature, owned.signature.as_bytes());
            assert_eq!(view.body.index, owned.body.credential().get());
            assert_eq!(view.body.counter, owned.body.counter());
        }
        Err(error) => assert!(!is_ballot, "only the owning decoder accepts it: {error}"),
    }
    decoded
}

#[test]
fn no_head_may_be_written_in_another_way() {
    let mut refused = 0;
    for entry in samples::entries() {
        let tree = Item::parse(&entry.encode().unwrap());
        for path in tree.paths() {
            for how in Disturbance::ALL {
                if let Some(bytes) = tree.encode_disturbed(&path, how) {
                    let decoded = decode(&bytes);
                    let name = entry.entry_type();
                    assert!(decoded.is_err(), "{name} at {path:?}, {how:?}: {decoded:?}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn disturbed_heads_are_told_apart_from_other_faults() {
    let entry = samples::entries().remove(15);
    let tree = Item::parse(&entry.encode().unwrap());
    let wide = tree.encode_disturbed(&[1], Disturbance::Wide(1)).unwrap();
    assert_eq!(
        Entry::decode(&wide),
        Err(EntryError::NotCanonical {
            entry: EntryType::Open,
            position: 2
        })
    );
}

#[test]
fn nothing_may_be_cut_off_or_added() {
    for entry in samples::entries() {
        let bytes = entry.encode().unwrap();
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "cut to {length} bytes");
        }
        for more in [0x00, 0xf6, 0xff] {
            let longer = [bytes.clone(), vec![more]].concat();
            assert!(decode(&longer).is_err(), "{more:02x} added");
        }
    }
}

#[test]
fn floats_and_tags_stand_nowhere() {
    for entry in samples::entries() {
        let tree = Item::parse(&entry.encode().unwrap());
        for path in tree.paths() {
            let item = tree.at(&path).clone();
            for foreign in [Item::Float(1.0), Item::Tagged(Box::new(item))] {
                let bytes = tree.with(&path, foreign).encode();
                assert!(
                    decode(&bytes).is_err(),
                    "{} at {path:?}",
                    entry.entry_type()
                );
            }
        }
    }
}

/// Verifies roles' signatures, and the credential's in ballots and challenges.
struct Verifier {
    manifest: CheckedManifest,
    election: ElectionContext,
}

impl Verifier {
    fn new() -> Self {
        let manifest = CheckedManifest::new(samples::manifest()).unwrap();
        let joint_key = JointKey::decode(&samples::joint_key().0).unwrap();
        let election = ElectionContext::new(manifest.hash().0, joint_key);
        Self { manifest, election }
    }

    fn accepts(&self, entry: &Entry) -> bool {
        let credential = samples::credential();
        let ballot = |body, signature, decision| {
            let signed = SignedBallot {
                context: samples::ballot_context(&self.manifest, &credential),
                body,
                decision,
                signature,
            };
            BatchVerifier::new(&self.election)
                .verify_one(&signed, &mut ChaCha20Rng::from_seed([1; 32]))
                .is_ok()
        };
        match self.manifest.keys().verify_entry(entry) {
            Ok(SignedBy::Roles(_)) => true,
            Ok(SignedBy::Credential) => match entry {
                Entry::Ballot(entry) => ballot(
                    entry.body.as_bytes(),
                    entry.signature.as_bytes(),
                    Decision::Cast,
                ),
                Entry::PostedChallenge(entry) => {
                    let body = entry.body.as_bytes();
                    let context = samples::ballot_context(&self.manifest, &credential);
                    ballot(body, entry.signature.as_bytes(), Decision::Challenge)
                        && entry.opening().is_ok_and(|opening| {
                            opening.check(&self.election, &context, body).is_ok()
                        })
                }
                other => panic!("{} is signed by roles", other.entry_type()),
            },
            Err(_) => false,
        }
    }
}

#[test]
fn no_changed_byte_of_any_entry_survives() {
    let verifier = Verifier::new();
    for entry in samples::entries() {
        assert!(verifier.accepts(&entry), "{}", entry.entry_type());
        let bytes = entry.encode().unwrap();
        let mut decoded_still = 0;
        for position in 0..bytes.len() {
            for change in [0x01, 0x80] {
                let mut changed = bytes.clone();
                changed[position] ^= change;
                if let Ok(other) = decode(&changed) {
                    decoded_still += 1;
                    assert_ne!(other, entry);
                    assert!(
                        !verifier.accepts(&other),
                        "{} with byte {position} changed",
                        entry.entry_type()
                    );
                }
            }
        }
        // The signature alone has 64 bytes that decode whatever they are.
        assert!(decoded_still >= 128, "{}", entry.entry_type());
    }
}

/// Each item of each entry, changed to something that still decodes, is no longer signed.
#[test]
fn no_changed_field_of_any_entry_survives() {
    let verifier = Verifier::new();
    for entry in samples::entries() {
        let tree = Item::parse(&entry.encode().unwrap());
        for path in tree.paths() {
            for variant in tree.at(&path).variants() {
                let bytes = tree.with(&path, variant.clone()).encode();
                if let Ok(other) = decode(&bytes) {
                    assert!(
                        !verifier.accepts(&other),
                        "{} at {path:?} with {variant:?}",
                        entry.entry_type()
                    );
                }
            }
        }
    }
}

#[test]
fn entries_have_at_most_65_535_bytes() {
    let rows = |count| {
        let row = RollRow {
            credential: samples::joint_key(),
            style: u16::MAX.into(),
            weight: samples::number(1 << 31),
            unit: u16::MAX.into(),
        };
        let rows = samples::list(vec![row; count]);
        Entry::from(samples::sign(RollChunk {
            first: 0.into(),
            rows,
        }))
    };
    // 46 bytes a row in this sample.
    let fits = rows(1421).encode().unwrap();
    assert!(fits.len() > MAX_ENTRY_BYTES - 46 && Entry::decode(&fits).is_ok());
    let found = rows(1422).encode().unwrap_err();
    assert!(matches!(found, EntryError::TooLong { found } if found > MAX_ENTRY_BYTES));
    let long = vec![0x83; MAX_ENTRY_BYTES + 1];
    assert_eq!(
        Entry::decode(&long),
        Err(EntryError::TooLong {
            found: MAX_ENTRY_BYTES + 1
        })
    );
}

#[test]
fn errors_name_entry_field_and_reason() {
    let entries = samples::entries();
    let tree = Item::parse(&entries[11].encode().unwrap());
    let bytes = tree.with(&[1, 1, 1, 2], Item::Uint(0)).encode();
    assert_eq!(
        Entry::decode(&bytes).unwrap_err().to_string(),
        "roll-chunk entry: rows: item 1: weight: Weight 0 is not within 1 to 4294967295"
    );
    let unknown = Item::Array(vec![Item::Uint(29), Item::Null, Item::Null]).encode();
    assert_eq!(Entry::decode(&unknown), Err(EntryError::UnknownType(29)));
    assert!(matches!(Entry::decode(&[]), Err(EntryError::NoType { .. })));
}

/// Items of any shape, some of them close to entries.
fn any_item() -> impl Strategy<Value = Item> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Item::Uint),
        (0_u64..40).prop_map(Item::Uint),
        proptest::collection::vec(any::<u8>(), 0..70).prop_map(Item::Bytes),
        Just(Item::Bytes(vec![7; 32])),
        Just(Item::Bytes(vec![7; 64])),
        ".{0,20}".prop_map(Item::Text),
        any::<bool>().prop_map(Item::Bool),
        Just(Item::Null),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        proptest::collection::vec(inner, 0..8).prop_map(Item::Array)
    })
}

fn faithful(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(entry) = decode(bytes) {
        prop_assert_eq!(entry.encode().unwrap(), bytes);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_decode_to_themselves_or_not_at_all(
        bytes in proptest::collection::vec(any::<u8>(), 0..300)
    ) {
        faithful(&bytes)?;
    }

    #[test]
    fn any_items_decode_to_themselves_or_not_at_all(
        kind in 1_u64..=29,
        payload in any_item(),
        rest in proptest::collection::vec(any_item(), 1..3)
    ) {
        let items = [Item::Uint(kind), payload].into_iter().chain(rest).collect();
        faithful(&Item::Array(items).encode())?;
    }

    #[test]
    fn cut_and_spliced_entries_decode_to_themselves_or_not_at_all(
        which in 0_usize..28,
        other in 0_usize..28,
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        noise in proptest::collection::vec(any::<u8>(), 0..4)
    ) {
        let entries = encoded_samples();
        let (head, tail) = (&entries[which], &entries[other]);
        let bytes = [
            &head[..from.index(head.len())],
            &noise[..],
            &tail[to.index(tail.len())..],
        ]
        .concat();
        faithful(&bytes)?;
    }

    #[test]
    fn texts_and_numbers_of_any_allowed_value_come_back(
        index in any::<u32>(),
        reason in "\\PC{1,500}"
    ) {
        let reason = Reason::new(reason).unwrap();
        let revocation = samples::sign(Revocation { credential: index.into(), reason: reason.clone() });
        for entry in [Entry::from(revocation), samples::sign(Void { reason }).into()] {
            prop_assert_eq!(&Entry::decode(&entry.encode().unwrap()).unwrap(), &entry);
        }
    }
}

fn encoded_samples() -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(|| {
        let entries = samples::entries();
        entries
            .iter()
            .map(|entry| entry.encode().unwrap())
            .collect()
    })
}
