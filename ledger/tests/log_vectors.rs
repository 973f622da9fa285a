//! The vectors of docs/vectors/log.json, written by an independent program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::convert::Infallible;

use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::cosignature;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::merkle::{
    Frontier, Hash, NodeId, NodeReader, leaf_hash, node_hash, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
use hanpyo_ledger::log::note::Note;
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::signer::{Cosigner, LogSigner};
use hanpyo_ledger::log::witness::{AddCheckpoint, cosignatures_to_bytes, parse_cosignatures};
use serde_json::Value;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors/log.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn hash(value: &Value) -> Hash {
    Hash::from_hex(text(value)).unwrap()
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hash).collect()
}

/// Computes any node from all leaf hashes.
struct Leaves(Vec<Hash>);

impl NodeReader for Leaves {
    type Error = Infallible;

    fn read_nodes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Infallible> {
        let node = |id: &NodeId| {
            let span = 1usize << id.level;
            let first = usize::try_from(id.index).unwrap() * span;
            let mut row = self.0[first..first + span].to_vec();
            while row.len() > 1 {
                row = row
                    .chunks(2)
                    .map(|pair| node_hash(&pair[0], &pair[1]))
                    .collect();
            }
            row[0]
        };
        Ok(nodes.iter().map(node).collect())
    }
}

#[test]
fn rfc_6962_trees_and_proofs() {
    let vectors = vectors();
    let tree = &vectors["rfc6962"];
    let leaves: Vec<Hash> = tree["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            leaf_hash(
                &data_encoding::HEXLOWER
                    .decode(text(entry).as_bytes())
                    .unwrap(),
            )
        })
        .collect();
    assert_eq!(leaves, hashes(&tree["leaf_hashes"]));
    let roots = hashes(&tree["roots"]);
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), roots[0]);
    for (leaf, root) in leaves.iter().zip(&roots[1..]) {
        frontier.append(*leaf, |_, _| {}).unwrap();
        assert_eq!(frontier.root(), *root);
    }
    let reader = Leaves(leaves.clone());
    let number = |value: &Value| value.as_u64().unwrap();
    let at = |n: u64| usize::try_from(n).unwrap();
    for case in tree["inclusion"].as_array().unwrap() {
        let (index, size) = (number(&case["index"]), number(&case["size"]));
        let proof = hashes(&case["proof"]);
        assert_eq!(prove_inclusion(&reader, index, size).unwrap(), proof);
        verify_inclusion(&leaves[at(index)], index, size, &roots[at(size)], &proof).unwrap();
    }
    for case in tree["consistency"].as_array().unwrap() {
        let (old, new) = (number(&case["old"]), number(&case["new"]));
        let proof = hashes(&case["proof"]);
        assert_eq!(prove_consistency(&reader, old, new).unwrap(), proof);
        verify_consistency(old, &roots[at(old)], new, &roots[at(new)], &proof).unwrap();
    }
}

#[test]
fn keys_sign_the_checkpoint_and_its_cosignatures() {
    let vectors = vectors();
    let [log, w1, w2] = vectors["keys"].as_array().unwrap().as_slice() else {
        panic!("three keys");
    };
    let signer: LogSigner = text(&log["skey"]).parse().unwrap();
    assert_eq!(signer.verifier_key().to_string(), text(&log["vkey"]));
    assert_eq!(signer.to_secret_text().as_str(), text(&log["skey"]));
    let witnesses: Vec<Cosigner> = [w1, w2]
        .iter()
        .map(|key| text(&key["skey"]).parse().unwrap())
        .collect();
    for (witness, key) in witnesses.iter().zip([w1, w2]) {
        assert_eq!(witness.verifier_key().to_string(), text(&key["vkey"]));
        assert_eq!(witness.to_secret_text().as_str(), text(&key["skey"]));
        let parsed: VerifierKey = text(&key["vkey"]).parse().unwrap();
        assert_eq!(parsed, *witness.verifier_key());
    }

    let expected = text(&vectors["checkpoint"]);
    let opened = SignedCheckpoint::open(expected.as_bytes(), signer.verifier_key()).unwrap();
    assert_eq!(opened.checkpoint().size, 8);
    assert_eq!(
        opened.checkpoint().root,
        hash(&vectors["rfc6962"]["roots"][8])
    );
    let mut signed = opened.checkpoint().sign(&signer).unwrap();
    for (witness, time) in witnesses.iter().zip([1_314_144_000, 1_314_144_060]) {
        let line = witness.cosign(signed.note().text(), time).unwrap();
        signed.add_cosignature(line).unwrap();
    }
    assert_eq!(String::from_utf8(signed.to_bytes()).unwrap(), expected);
    assert_eq!(
        cosignature::message(1_314_144_000, opened.note().text()),
        text(&vectors["cosigned_message"]).as_bytes()
    );
}

#[test]
fn the_policy_accepts_the_receipt() {
    let vectors = vectors();
    let policy = Policy::parse(text(&vectors["policy"]).as_bytes()).unwrap();
    assert_eq!(policy.to_bytes(), text(&vectors["policy"]).as_bytes());
    let receipt = Receipt::parse(text(&vectors["receipt"]).as_bytes()).unwrap();
    assert_eq!(receipt.to_bytes(), text(&vectors["receipt"]).as_bytes());
    assert_eq!(
        (receipt.index(), receipt.extra()),
        (3, [0x20, 0x21].as_slice())
    );
    let accepted = receipt.verify(&policy).unwrap();
    assert_eq!(accepted.quorum_time, Some(1_314_144_060));
    assert_eq!(accepted.cosigned_by.len(), 2);
}

#[test]
fn witness_messages() {
    let vectors = vectors();
    let messages = &vectors["add_checkpoint"];
    let request = AddCheckpoint::parse(text(&messages["request"]).as_bytes()).unwrap();
    assert_eq!(request.to_bytes(), text(&messages["request"]).as_bytes());
    let new = Checkpoint::parse(request.checkpoint.text()).unwrap();
    let old_root = hash(&vectors["rfc6962"]["roots"][3]);
    verify_consistency(3, &old_root, new.size, &new.root, &request.proof).unwrap();
    let response = text(&messages["response"]).as_bytes();
    let lines = parse_cosignatures(response).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(cosignatures_to_bytes(&lines), response);
    let conflict = text(&messages["conflict"]).as_bytes();
    assert_eq!(hanpyo_ledger::log::witness::parse_size(conflict), Ok(3));
}

#[test]
fn examples_printed_in_the_specifications() {
    let vectors = vectors();
    let examples = &vectors["c2sp_examples"];
    let note = text(&examples["tlog-cosignature"]);
    let parsed = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(parsed.to_string(), note);
    let checkpoint = Checkpoint::parse(parsed.text()).unwrap();
    assert_eq!(
        (checkpoint.size, checkpoint.to_string().as_str()),
        (20_852_163, parsed.text())
    );
    let (time, _) = cosignature::split(parsed.signatures()[1].signature()).unwrap();
    assert_eq!(Some(time), examples["tlog-cosignature time"].as_u64());

    let request = text(&examples["tlog-witness request"]);
    let parsed = AddCheckpoint::parse(request.as_bytes()).unwrap();
    assert_eq!((parsed.old_size, parsed.proof.len()), (20_852_014, 4));
    assert_eq!(parsed.to_bytes(), request.as_bytes());
    let response = text(&examples["tlog-witness response"]).as_bytes();
    assert_eq!(
        cosignatures_to_bytes(&parse_cosignatures(response).unwrap()),
        response
    );

    let signer: LogSigner = text(&examples["note skey"]).parse().unwrap();
    assert_eq!(
        signer.verifier_key().to_string(),
        text(&examples["note vkey"])
    );
    let note = Note::parse(text(&examples["note"]).as_bytes()).unwrap();
    note.verify([signer.verifier_key()]).unwrap();
    assert_eq!(signer.sign(note.text()), note.signatures()[0]);
}
