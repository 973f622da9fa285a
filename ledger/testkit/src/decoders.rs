//! What must hold for every decoder, whatever bytes it is given: it does not panic, and what it accepts encodes to
//! the same bytes again. Fuzz targets (`fuzz/`) and tests (`ledger/tests/decoders.rs`) run the same functions.

mod mutate;
mod seeds;

pub use mutate::Mutator;
pub use seeds::seeds;

use std::fmt::Debug;

use hanpyo_crypto::ballot::{Body, CodePrefix, Opening};
use hanpyo_crypto::ceremony::TrusteeState;
use hanpyo_crypto::credential::VotingCode;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{BallotRef, Entry, EntryType};
use hanpyo_ledger::log::checkpoint::Checkpoint;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::note::{Note, NoteSignature};
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::tile::{TILE_WIDTH, Tile, push_entry, read_entries, read_hashes};
use hanpyo_ledger::log::witness::{
    AddCheckpoint, cosignatures_to_bytes, parse_cosignatures, parse_size, size_to_bytes,
};
use hanpyo_ledger::manifest::ManifestDraft;
use hanpyo_ledger::record::{Options, RecordChecker};
use hanpyo_ledger::signature::{Proposal, RoleKeys};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// A decoder under test: gives whether it accepted the bytes, and panics if a property does not hold.
pub type Target = fn(&[u8]) -> bool;

/// Every target by its name, that of its file in `fuzz/fuzz_targets`.
pub const TARGETS: &[(&str, Target)] = &[
    ("entry", entry),
    ("manifest", manifest),
    ("body", body),
    ("opening", opening),
    ("proposal", proposal),
    ("acknowledgement", acknowledgement),
    ("receipt", receipt),
    ("checkpoint", checkpoint),
    ("policy", policy),
    ("witness", witness),
    ("tile", tile),
    ("draft", draft),
    ("codes", codes),
    ("trustee_state", trustee_state),
    ("record", record),
];

/// Bytes that were accepted encode to themselves.
fn same<E: Debug>(accepted: Result<Vec<u8>, E>, bytes: &[u8]) -> bool {
    match accepted {
        Ok(again) => {
            assert_eq!(again, bytes, "accepted bytes that encode otherwise");
            true
        }
        Err(_) => false,
    }
}

/// [`same`] for text formats.
fn same_text<E: Debug>(parsed: Option<Result<String, E>>, text: &[u8]) -> bool {
    parsed.is_some_and(|parsed| same(parsed.map(String::into_bytes), text))
}

/// Entries of every type, and ballots without copying.
pub fn entry(bytes: &[u8]) -> bool {
    let decoded = Entry::decode(bytes);
    let claimed = EntryType::peek(bytes);
    if let Ok(entry) = &decoded {
        assert_eq!(claimed.as_ref(), Ok(&entry.entry_type()));
    }
    if claimed == Ok(EntryType::Ballot) {
        let borrowed = BallotRef::decode(bytes).is_ok();
        assert_eq!(borrowed, decoded.is_ok(), "two decoders of ballots differ");
    }
    same(decoded.map(|entry| entry.encode().unwrap()), bytes)
}

/// Manifests: the rules can be applied to whatever is encoded right.
pub fn manifest(bytes: &[u8]) -> bool {
    let Ok(Entry::Manifest(signed)) = Entry::decode(bytes) else {
        return false;
    };
    let problems = signed.payload.problems();
    for problem in &problems {
        let _ = problem.to_string();
    }
    let checked = hanpyo_ledger::manifest::CheckedManifest::new(signed.payload);
    assert_eq!(checked.is_ok(), problems.is_empty());
    true
}

/// Bodies of ballots.
pub fn body(bytes: &[u8]) -> bool {
    let decoded = Body::decode(bytes);
    if let Ok(body) = &decoded {
        assert_eq!(body.encoded_len(), bytes.len());
    }
    same(decoded.map(|body| body.encode()), bytes)
}

/// Openings of challenged ballots.
pub fn opening(bytes: &[u8]) -> bool {
    same(
        Opening::decode(bytes).map(|opening| opening.encode().to_vec()),
        bytes,
    )
}

/// Entries on their way to all their signatures, under the keys of a test election.
pub fn proposal(bytes: &[u8]) -> bool {
    thread_local! {
        static KEYS: RoleKeys = RoleKeys::new(&seeds::election().manifest).unwrap();
    }
    KEYS.with(|keys| same(Proposal::decode(bytes, keys).map(|p| p.encode()), bytes))
}

/// Acknowledgements.
pub fn acknowledgement(bytes: &[u8]) -> bool {
    same(Acknowledgement::decode(bytes).map(|a| a.encode()), bytes)
}

/// Receipts.
pub fn receipt(bytes: &[u8]) -> bool {
    same(
        Receipt::parse(bytes).map(|receipt| receipt.to_bytes()),
        bytes,
    )
}

/// Signed notes, and checkpoints in them.
pub fn checkpoint(bytes: &[u8]) -> bool {
    let note = Note::parse(bytes);
    if let Ok(note) = &note
        && let Ok(checkpoint) = Checkpoint::parse(note.text())
    {
        assert_eq!(checkpoint.to_string(), note.text());
    }
    same(note.map(|note| note.to_string().into_bytes()), bytes)
}

/// Witness policies and verifier keys. A policy has comments and spaces to lose, so it is read again.
pub fn policy(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let key = text.map(|text| text.parse::<VerifierKey>().map(|key| key.to_string()));
    let is_key = same_text(key, bytes);
    let Ok(policy) = Policy::parse(bytes) else {
        return is_key;
    };
    assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
    true
}

/// What logs and witnesses say to each other.
pub fn witness(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let line = text.map(|text| NoteSignature::parse(text).map(|line| line.to_string()));
    let accepted = [
        same(
            AddCheckpoint::parse(bytes).map(|request| request.to_bytes()),
            bytes,
        ),
        same(
            parse_cosignatures(bytes).map(|lines| cosignatures_to_bytes(&lines)),
            bytes,
        ),
        same(parse_size(bytes).map(size_to_bytes), bytes),
        same_text(line, bytes),
    ];
    accepted.contains(&true)
}

/// Entry bundles and hash tiles of any width, and their paths. The first byte chooses the width.
pub fn tile(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let path = text.map(|text| Tile::parse(text).map(|tile| tile.path()));
    let is_path = same_text(path, bytes);
    let Some((width, rest)) = bytes.split_first() else {
        return false;
    };
    let width = u16::from(*width) + 1;
    assert!(width <= TILE_WIDTH);
    let entries = read_entries(rest, width);
    if let Ok(entries) = &entries {
        assert_eq!(entries.len(), usize::from(width));
    }
    let is_bundle = same(
        entries.map(|entries| {
            let mut bundle = Vec::new();
            for entry in entries {
                push_entry(&mut bundle, entry).unwrap();
            }
            bundle
        }),
        rest,
    );
    let hashes = read_hashes(rest, width);
    let is_hashes = same(
        hashes.map(|hashes| hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()),
        rest,
    );
    is_path || is_bundle || is_hashes
}

/// Manifest drafts: JSON has many spellings, so a draft is written and read again.
pub fn draft(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let Some(Ok(draft)) = text.map(ManifestDraft::from_json) else {
        return false;
    };
    let json = draft.to_json().unwrap();
    assert_eq!(ManifestDraft::from_json(&json).unwrap(), draft);
    true
}

/// What people type: voting codes and confirmation codes. Their printed form means the same.
pub fn codes(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let voting = VotingCode::parse(text);
    if let Ok(code) = &voting {
        let printed = code.to_printed();
        assert_eq!(*VotingCode::parse(&printed).unwrap().to_printed(), *printed);
    }
    let prefix = text.parse::<CodePrefix>();
    if let Ok(prefix) = &prefix {
        assert_eq!(prefix.to_string().parse().as_ref(), Ok(prefix));
    }
    voting.is_ok() || prefix.is_ok()
}

/// A trustee's secret file, without its encryption.
pub fn trustee_state(bytes: &[u8]) -> bool {
    match TrusteeState::from_bytes(bytes) {
        Ok(state) => {
            assert_eq!(*state.to_bytes(), bytes);
            true
        }
        Err(_) => false,
    }
}

/// The record checker with one entry of a finished record replaced: the first byte chooses which.
pub fn record(bytes: &[u8]) -> bool {
    thread_local! {
        static ENTRIES: Vec<Vec<u8>> = seeds::election().entries.clone();
    }
    let Some((place, replacement)) = bytes.split_first() else {
        return false;
    };
    ENTRIES.with(|entries| {
        let mut entries = entries.clone();
        let place = usize::from(*place) % entries.len();
        entries[place] = replacement.to_vec();
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let mut checker = RecordChecker::new(Options::default(), rng);
        checker.push(&entries, &entries).unwrap();
        assert_eq!(checker.size(), entries.len() as u64);
        let report = checker.report();
        for finding in report.findings() {
            let _ = finding.to_string();
        }
        report.failed().is_empty()
    })
}
