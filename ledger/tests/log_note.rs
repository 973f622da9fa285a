//! Keys, signed notes and checkpoints: an independent crate as oracle, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use hanpyo_ledger::log::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use hanpyo_ledger::log::key::{KeyError, KeyKind, KeyName, SignatureError, VerifierKey};
use hanpyo_ledger::log::merkle::{MAX_TREE_SIZE, empty_root, leaf_hash};
use hanpyo_ledger::log::note::{MAX_NOTE_LEN, MAX_SIGNATURES, Note, NoteError, VerifyError};
use hanpyo_ledger::log::signer::{Cosigner, LogSigner};
use log_support::{ORIGIN, checkpoint, cosigner, log_signer, mutations, name};
use proptest::prelude::*;

fn signed_by(texts: &str, signers: &[&LogSigner]) -> Note {
    let lines = signers.iter().map(|signer| signer.sign(texts)).collect();
    Note::new(texts.to_owned(), lines).unwrap()
}

#[test]
fn signed_note_reads_our_notes_and_we_read_theirs() {
    use signed_note::{StandardSigner, StandardVerifier, VerifierList};
    for text in ["one line\n", "two\n\nparagraphs\n", "\n", "한표\n"] {
        let ours = log_signer();
        let note = signed_by(text, &[&ours]);
        let theirs = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
        let verifier = StandardVerifier::new(&ours.verifier_key().to_string()).unwrap();
        let list = VerifierList::new(vec![Box::new(verifier)]);
        let (verified, _) = theirs.verify(&list).unwrap();
        assert_eq!(verified.len(), 1);

        let signer = StandardSigner::new(&ours.to_secret_text()).unwrap();
        let mut theirs = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&signer]).unwrap();
        assert_eq!(theirs.to_bytes(), note.to_string().as_bytes());
    }
    let mut rng =
        <rand_chacha::ChaCha20Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(7);
    let (skey, vkey) = signed_note::generate_key(&mut rng, "some.example/log");
    let signer: LogSigner = skey.parse().unwrap();
    assert_eq!(signer.verifier_key().to_string(), vkey);
    assert_eq!(signer.to_secret_text().as_str(), skey);
}

#[test]
fn every_changed_byte_of_a_note_is_noticed() {
    let signer = log_signer();
    let key = signer.verifier_key();
    let note = checkpoint(5, leaf_hash(b"root")).to_bytes();
    SignedCheckpoint::open(&note, key).unwrap();
    for changed in mutations(&note) {
        assert!(
            SignedCheckpoint::open(&changed, key).is_err(),
            "{:?}",
            String::from_utf8_lossy(&changed)
        );
    }
    for end in 0..note.len() {
        assert!(SignedCheckpoint::open(&note[..end], key).is_err());
    }
    let mut longer = note.clone();
    longer.push(b'\n');
    assert!(SignedCheckpoint::open(&longer, key).is_err());
}

#[test]
fn every_changed_byte_of_a_cosignature_is_noticed() {
    let (log, witness) = (log_signer(), cosigner(1));
    let mut signed = checkpoint(5, leaf_hash(b"root"));
    let plain = signed.to_bytes().len();
    let line = witness.cosign(signed.note().text(), 1_700_000_000).unwrap();
    signed.add_cosignature(line).unwrap();
    let bytes = signed.to_bytes();
    let keys = [log.verifier_key(), witness.verifier_key()];
    let times = |note: &Note| -> Vec<Option<u64>> {
        note.verify(keys).unwrap().iter().map(|v| v.time).collect()
    };
    assert_eq!(
        times(&Note::parse(&bytes).unwrap()),
        [None, Some(1_700_000_000)]
    );
    for changed in mutations(&bytes).skip(3 * plain) {
        // A changed name or key ID makes it an unknown key's line, which is ignored.
        let Ok(note) = Note::parse(&changed) else {
            continue;
        };
        match note.verify(keys) {
            Ok(verified) => assert_eq!(verified.len(), 1, "only the log's line may verify"),
            Err(VerifyError::BadSignature { name, .. }) => {
                assert_eq!(name, *witness.verifier_key().name());
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn unknown_keys_are_ignored_and_bad_signatures_of_known_keys_reject() {
    let log = log_signer();
    let other: LogSigner = Fake::named("other.example/log").signer();
    // The same name with another key is another key.
    let namesake: LogSigner = Fake::named(ORIGIN).signer();
    let text = "text\n";
    let note = signed_by(text, &[&other, &namesake, &log]);
    let verified = note.verify([log.verifier_key()]).unwrap();
    assert_eq!(verified.len(), 1);
    assert_eq!(verified[0].key, log.verifier_key());

    let mut unsigned = signed_by(text, &[&other]);
    assert!(matches!(
        unsigned.verify([log.verifier_key()]),
        Err(VerifyError::NoKnownKey { .. })
    ));
    // A line of the log's key over another text, next to a good one of another known key.
    unsigned.add(log.sign("another text\n")).unwrap();
    assert!(matches!(
        unsigned.verify([other.verifier_key(), log.verifier_key()]),
        Err(VerifyError::BadSignature {
            reason: SignatureError::Invalid,
            ..
        })
    ));
    // A good and a bad line of the same key: rejected whatever their order.
    for lines in [[text, "x\n"], ["x\n", text]] {
        let lines = lines.iter().map(|t| log.sign(t)).collect();
        let note = Note::new(text.to_owned(), lines).unwrap();
        assert!(note.verify([log.verifier_key()]).is_err());
    }
}

/// Makes further log keys, a different one for every name.
struct Fake(KeyName);

impl Fake {
    fn named(text: &str) -> Self {
        Self(name(text))
    }

    fn signer(self) -> LogSigner {
        use rand_chacha::rand_core::SeedableRng;
        LogSigner::generate(self.0, &mut rand_chacha::ChaCha20Rng::seed_from_u64(99)).unwrap()
    }
}

#[test]
fn up_to_a_hundred_signatures_and_no_more() {
    let log = log_signer();
    let mut lines = vec![log.sign("text\n")];
    while lines.len() < MAX_SIGNATURES {
        lines.push(cosigner(lines.len() as u64).cosign("text\n", 1).unwrap());
    }
    let full = Note::new("text\n".to_owned(), lines[..16].to_vec()).unwrap();
    assert_eq!(full.verify([log.verifier_key()]).unwrap().len(), 1);
    let mut full = Note::new("text\n".to_owned(), lines).unwrap();
    full.verify([log.verifier_key()]).unwrap();
    let same = full.signatures()[3].clone();
    full.add(same).unwrap();
    assert_eq!(
        full.add(cosigner(500).cosign("text\n", 1).unwrap()),
        Err(NoteError::TooManySignatures)
    );
    assert_eq!(full.signatures().len(), MAX_SIGNATURES);
}

#[test]
fn malformed_notes_are_refused() {
    let good = signed_by("text\n", &[&log_signer()]).to_string();
    let line = good.split_once("\n\n").unwrap().1;
    assert!(Note::parse(good.as_bytes()).is_ok());
    for bad in [
        String::new(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        format!("text\n{line}"),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        good.replace('\u{2014}', "-"),
        good.replace("\u{2014} ", "\u{2014}  "),
        good.replace('=', ""),
        good.replace("text", "te\txt"),
        good.replace("text", "te\u{7}xt"),
        good.replace('\n', "\r\n"),
        format!("{good}\u{2014} name AAAA\n"),
        format!("{good}\u{2014} na+me {}\n", "AAAAAAAAAAA="),
        format!("{good}\u{2014} na\u{a0}me {}\n", "AAAAAAAAAAA="),
    ] {
        assert!(Note::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
    let mut bytes = good.clone().into_bytes();
    bytes[0] = 0xff;
    assert_eq!(Note::parse(&bytes), Err(NoteError::Characters));
    let long = vec![b'a'; MAX_NOTE_LEN + 1];
    assert_eq!(
        Note::parse(&long),
        Err(NoteError::TooLong {
            found: MAX_NOTE_LEN + 1
        })
    );
    assert!(Note::new("no newline".to_owned(), vec![log_signer().sign("x\n")]).is_err());
    assert!(Note::new("text\n".to_owned(), vec![]).is_err());
}

#[test]
fn malformed_keys_are_refused() {
    let vkey = log_signer().verifier_key().to_string();
    let parse = |text: &str| text.parse::<VerifierKey>();
    assert!(parse(&vkey).is_ok());
    let [key_name, id, material] = vkey.splitn(3, '+').collect::<Vec<_>>()[..] else {
        panic!("three parts");
    };
    assert!(matches!(parse(""), Err(KeyError::Malformed { .. })));
    assert!(matches!(
        parse(&format!("{key_name}+{id}")),
        Err(KeyError::Malformed { .. })
    ));
    assert!(matches!(
        parse(&format!("+{id}+{material}")),
        Err(KeyError::Name { .. })
    ));
    assert!(matches!(
        parse(&format!("x+{id}+{material}")),
        Err(KeyError::Id { .. })
    ));
    // Some witness's key ID has letters; they are lower case.
    let lower = (0..).map(|n| cosigner(n).verifier_key().clone());
    let lower = lower.map(|key| (key.id().to_string(), key.to_string()));
    let (hex, lower) = lower
        .into_iter()
        .find(|(id, _)| id.to_uppercase() != *id)
        .unwrap();
    let upper = lower.replace(&hex, &hex.to_uppercase());
    assert!(matches!(parse(&upper), Err(KeyError::Id { .. })));
    let short = format!("{key_name}+{id}+{}", data_encoding::BASE64.encode(&[1; 32]));
    assert!(matches!(parse(&short), Err(KeyError::PublicKey { .. })));
    let ml_dsa = format!(
        "{key_name}+{id}+{}",
        data_encoding::BASE64.encode(&[6; 1313])
    );
    assert!(matches!(parse(&ml_dsa), Err(KeyError::Type { found: 6 })));
    // Small order (the identity and zero) and non-canonical (p + 1) encodings.
    let mut non_canonical = [0xff; 32];
    non_canonical[0] = 0xee;
    non_canonical[31] = 0x7f;
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [[0; 32], identity, non_canonical] {
        let result = VerifierKey::new(name("a"), KeyKind::Ed25519, &weak);
        assert!(matches!(result, Err(KeyError::PublicKey { .. })));
    }
    for changed in mutations(vkey.as_bytes()) {
        let changed = String::from_utf8_lossy(&changed).into_owned();
        assert!(parse(&changed).is_err(), "{changed}");
    }
    for bad in ["", " ", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{1}"] {
        assert!(KeyName::new(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn malformed_signing_keys_are_refused_without_repeating_them() {
    let secret = log_signer().to_secret_text();
    for changed in mutations(secret.as_bytes()) {
        let changed = String::from_utf8_lossy(&changed).into_owned();
        let Err(error) = changed.parse::<LogSigner>() else {
            panic!("accepted {changed}");
        };
        let seed = changed.rsplit_once('+').unwrap_or_default().1;
        assert!(seed.is_empty() || !error.to_string().contains(seed));
    }
    assert!(matches!(
        secret.parse::<Cosigner>(),
        Err(KeyError::WrongKind {
            found: KeyKind::Ed25519,
            ..
        })
    ));
    assert!(matches!(
        cosigner(1).to_secret_text().parse::<LogSigner>(),
        Err(KeyError::WrongKind {
            found: KeyKind::CosignatureV1,
            ..
        })
    ));
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = leaf_hash(b"root");
    let good = format!("{ORIGIN}\n5\n{root}\n");
    assert_eq!(Checkpoint::parse(&good).unwrap().to_string(), good);
    for bad in [
        format!("{ORIGIN}\n5\n{root}"),
        format!("{ORIGIN}\n5\n{root}\nextension\n"),
        format!("{ORIGIN}\n5\n{root}\n\n"),
        format!("{ORIGIN}\n05\n{root}\n"),
        format!("{ORIGIN}\n+5\n{root}\n"),
        format!("{ORIGIN}\n-5\n{root}\n"),
        format!("{ORIGIN}\n\n{root}\n"),
        format!("{ORIGIN}\n{}\n{root}\n", MAX_TREE_SIZE + 1),
        format!("{ORIGIN}\n99999999999999999999\n{root}\n"),
        format!("\n5\n{root}\n"),
        format!("two words\n5\n{root}\n"),
        format!("{ORIGIN}\n5\n{}\n", root.to_hex()),
        format!("{ORIGIN}\n5\n{}\n", root.to_base64().trim_end_matches('=')),
        format!("{ORIGIN}\n0\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
    let empty = format!("{ORIGIN}\n0\n{}\n", empty_root());
    assert_eq!(Checkpoint::parse(&empty).unwrap().size, 0);
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let other = Fake::named("other.example/log").signer();
    let ours = checkpoint(5, leaf_hash(b"root")).checkpoint().clone();
    // The other log signs a checkpoint with our origin.
    assert!(matches!(
        ours.sign(&other),
        Err(CheckpointError::Origin { .. })
    ));
    let note = signed_by(&ours.to_string(), &[&other]);
    assert!(matches!(
        SignedCheckpoint::verify(note, other.verifier_key()),
        Err(CheckpointError::Origin { .. })
    ));
}

#[test]
fn cosignature_times_end_at_two_to_the_63() {
    let witness = cosigner(1);
    let last = (1 << 63) - 1;
    let line = witness.cosign("text\n", last).unwrap();
    let note = Note::new("text\n".to_owned(), vec![line]).unwrap();
    assert_eq!(
        note.verify([witness.verifier_key()]).unwrap()[0].time,
        Some(last)
    );
    assert!(witness.cosign("text\n", 1 << 63).is_err());
    // The same bytes with the top bit of the time set.
    let mut bytes = note.signatures()[0].signature().to_vec();
    bytes[0] |= 0x80;
    let key = witness.verifier_key();
    assert_eq!(
        key.verify("text\n", &bytes),
        Err(SignatureError::Time { found: u64::MAX })
    );
    assert!(matches!(
        key.verify("text\n", &bytes[1..]),
        Err(SignatureError::Length { .. })
    ));
}

#[test]
fn wire_formats() {
    let mut signed = checkpoint(1, leaf_hash(b"only entry"));
    let line = cosigner(1)
        .cosign(signed.note().text(), 1_700_000_000)
        .unwrap();
    signed.add_cosignature(line).unwrap();
    let vkeys = format!(
        "{}\n{}",
        log_signer().verifier_key(),
        cosigner(1).verifier_key()
    );
    insta::assert_snapshot!("vkeys", vkeys);
    insta::assert_snapshot!("checkpoint", String::from_utf8(signed.to_bytes()).unwrap());
}

proptest! {
    #[test]
    fn reading_notes_never_panics(text in "[ -~\n\u{2014}]{0,200}") {
        if let Ok(note) = Note::parse(text.as_bytes()) {
            prop_assert_eq!(note.to_string(), text);
        }
    }

    #[test]
    fn reading_bytes_as_notes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn notes_and_signed_note_agree(
        text in "[a-z \n]{0,30}", lines in prop::collection::vec("(\u{2014} )?[a-z+ ]{0,4} [A-Za-z0-9+/]{8,12}=?", 0..3),
    ) {
        let note = format!("{text}\n\n{}\n", lines.join("\n"));
        let theirs = signed_note::Note::from_bytes(note.as_bytes());
        let ours = Note::parse(note.as_bytes());
        // signed_note drops bits that canonical base64 does not have; we do not accept them.
        if let Ok(ours) = &ours {
            prop_assert_eq!(ours.to_string(), note);
            prop_assert!(theirs.is_ok());
        } else if let Ok(theirs) = theirs {
            prop_assert_ne!(theirs.to_bytes(), note.into_bytes());
        }
    }

    #[test]
    fn reading_checkpoints_never_panics(text in "[a-z]{0,3}\n?[0-9]{0,22}\n?[A-Za-z0-9+/=]{0,48}\n{0,2}") {
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.to_string(), text);
        }
    }

    #[test]
    fn reading_keys_never_panics(text in "[ -~]{0,120}") {
        if let Ok(key) = text.parse::<VerifierKey>() {
            prop_assert_eq!(key.to_string(), text.clone());
        }
        prop_assert!(text.parse::<LogSigner>().is_err());
    }
}
