//! The bytes of every entry type: against docs/protocol.cddl, against snapshots, and as vectors for
//! other implementations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[allow(dead_code, reason = "serves several test files")]
mod entry_support;

use cddl::ast::CDDL;
use cddl::cddl_from_str;
use cddl::validator::Validator;
use cddl::validator::cbor::CBORValidator;
use cddl::validator::cbor_value::decode_cbor;
use data_encoding::HEXLOWER;
use entry_support::samples;
use entry_support::tree::Item;
use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{Entry, EntryError, EntryType, Seconds};

const TEXT: &str = include_str!("../../docs/protocol.cddl");
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors/entries.json");

/// Validates one item against the first rule of `cddl`.
fn validate(cddl: &CDDL<'_>, bytes: &[u8]) -> Result<(), String> {
    let item = decode_cbor(bytes).map_err(|error| error.to_string())?;
    let mut validator = CBORValidator::new(cddl, item, None);
    validator.validate().map_err(|error| error.to_string())
}

/// The CDDL with a rule before the others, which makes it the one to validate against.
fn starting_at(rule: &str) -> String {
    format!("start = {rule}\n{TEXT}")
}

/// Name of an entry type's rule.
fn rule(entry: EntryType) -> &'static str {
    match entry {
        EntryType::Manifest => "manifest-entry",
        other => other.name(),
    }
}

#[test]
fn there_is_a_sample_of_every_type() {
    let types: Vec<_> = samples::entries().iter().map(Entry::entry_type).collect();
    assert_eq!(types, EntryType::ALL);
    for (position, entry) in EntryType::ALL.iter().enumerate() {
        assert_eq!(usize::from(entry.number()), position + 1);
    }
}

#[test]
fn every_sample_conforms_to_the_cddl_and_decodes_to_itself() {
    for entry in samples::entries() {
        let bytes = entry.encode().unwrap();
        let name = rule(entry.entry_type());
        for start in [name, "entry"] {
            let text = starting_at(start);
            let cddl = cddl_from_str(&text, true).unwrap();
            validate(&cddl, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(Entry::decode(&bytes).unwrap(), entry);
    }
}

/// Whether decoder and CDDL say the same of `variant` in the place of `item`. The library is more
/// tolerant than RFC 8610 in two ways: it looks through tags, and takes byte strings for integers
/// with a range. There the decoder must be the stricter one.
fn agree(item: &Item, variant: &Item, decodes: bool, conforms: bool) -> bool {
    let tolerant = match variant {
        Item::Tagged(_) => true,
        Item::Bytes(_) => !matches!(item, Item::Bytes(_)),
        _ => false,
    };
    decodes == conforms || (tolerant && !decodes)
}

#[test]
fn an_acknowledgement_conforms_to_the_cddl() {
    let acknowledgement = Acknowledgement::sign(
        samples::manifest().hash(),
        ConfirmationCode([6; 32]),
        Seconds::new(1_900_000_060),
        &samples::acknowledgement_key(),
    );
    let text = starting_at("acknowledgement");
    let cddl = cddl_from_str(&text, true).unwrap();
    let bytes = acknowledgement.encode();
    validate(&cddl, &bytes).unwrap();
    insta::assert_snapshot!("acknowledgement", HEXLOWER.encode(&bytes));
    let tree = Item::parse(&bytes);
    for path in tree.paths() {
        for variant in tree.at(&path).variants() {
            let bytes = tree.with(&path, variant.clone()).encode();
            let decoded = Acknowledgement::decode(&bytes);
            let conforms = validate(&cddl, &bytes);
            assert!(
                agree(tree.at(&path), &variant, decoded.is_ok(), conforms.is_ok()),
                "{path:?} with {variant:?}: {decoded:?}, {conforms:?}"
            );
        }
    }
}

/// The decoder and the CDDL agree on every variant of every item of every entry.
#[test]
fn decoder_and_cddl_refuse_the_same() {
    let (mut accepted, mut refused) = (0, 0);
    let mut disagreements = Vec::new();
    for entry in samples::entries() {
        let tree = Item::parse(&entry.encode().unwrap());
        let name = rule(entry.entry_type());
        let text = starting_at(name);
        let cddl = cddl_from_str(&text, true).unwrap();
        for path in tree.paths() {
            for variant in tree.at(&path).variants() {
                let bytes = tree.with(&path, variant.clone()).encode();
                let decoded = Entry::decode(&bytes);
                let decoded = decoded.and_then(|found| match found.entry_type() {
                    same if same == entry.entry_type() => Ok(()),
                    other => Err(EntryError::UnknownType(other.number().into())),
                });
                let item = tree.at(&path);
                let conforms = validate(&cddl, &bytes);
                let agree = agree(item, &variant, decoded.is_ok(), conforms.is_ok());
                if !agree {
                    disagreements.push(format!(
                        "{name} at {path:?} with {variant:?}: decoder {decoded:?}, CDDL {conforms:?}"
                    ));
                }
                match decoded {
                    Ok(()) => accepted += 1,
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert!(accepted > 500 && refused > 5000, "{accepted} and {refused}");
}

#[test]
fn snapshots_of_every_entry() {
    for entry in samples::entries() {
        let hex = HEXLOWER.encode(&entry.encode().unwrap());
        let lines: Vec<_> = hex
            .as_bytes()
            .chunks(100)
            .map(String::from_utf8_lossy)
            .collect();
        insta::assert_snapshot!(entry.entry_type().name(), lines.join("\n"));
    }
}

/// `HANPYO_WRITE_VECTORS=1` writes docs/vectors/entries.json again.
#[test]
fn vectors_are_what_this_code_makes() {
    let manifest = samples::manifest();
    let entries: Vec<_> = samples::entries()
        .iter()
        .map(|entry| {
            let bytes = entry.encode().unwrap();
            let mut vector = serde_json::json!({
                "type": entry.entry_type().number(),
                "name": entry.entry_type().name(),
                "entry": HEXLOWER.encode(&bytes),
            });
            if let Some(signed) = entry.role_signed() {
                let payload = signed.payload_bytes();
                let digest = hanpyo_ledger::signature::signed_digest(
                    &manifest.hash(),
                    entry.entry_type(),
                    &payload,
                );
                vector["payload"] = HEXLOWER.encode(&payload).into();
                vector["signed_digest"] = HEXLOWER.encode(&digest).into();
                vector["signed_by"] = signed
                    .signers()
                    .roles(manifest.roles.authorities.len())
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .into();
            }
            vector
        })
        .collect();
    let vectors = serde_json::json!({
        "about": "One entry of each type (docs/PROTOCOL.md section 10.1), all of the election whose manifest is entry 1. They are no whole record. Ed25519 seeds: commission 01 repeated, tally 02, acknowledgement 03, log 04, authorities 0b 0c, trustees 15 16 17.",
        "manifest_hash": manifest.hash().to_string(),
        "entries": entries,
    });
    let made = format!("{}\n", serde_json::to_string_pretty(&vectors).unwrap());
    if std::env::var_os("HANPYO_WRITE_VECTORS").is_some() {
        std::fs::write(VECTORS, &made).unwrap();
    }
    let stored = std::fs::read_to_string(VECTORS).unwrap();
    assert_eq!(
        stored, made,
        "run with HANPYO_WRITE_VECTORS=1 if the change is meant"
    );
}
