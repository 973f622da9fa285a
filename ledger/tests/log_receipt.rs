//! Receipts and the witness protocol's messages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use std::collections::HashMap;
use std::convert::Infallible;

use hanpyo_ledger::log::merkle::{
    Frontier, Hash, NodeId, NodeReader, leaf_hash, prove_consistency, prove_inclusion,
};
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::{Receipt, ReceiptError, ReceiptViolation};
use hanpyo_ledger::log::witness::{
    AddCheckpoint, WitnessError, cosignatures_to_bytes, parse_cosignatures, parse_size,
    size_to_bytes,
};
use log_support::{checkpoint, cosigner, entry, log_signer, mutations};
use proptest::prelude::*;

struct Nodes(HashMap<NodeId, Hash>);

impl NodeReader for Nodes {
    type Error = Infallible;

    fn read_nodes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Infallible> {
        Ok(nodes.iter().map(|node| self.0[node]).collect())
    }
}

fn tree(size: u64) -> (Nodes, Frontier) {
    let (mut nodes, mut frontier) = (HashMap::new(), Frontier::new());
    for index in 0..size {
        let keep = |id, hash| {
            nodes.insert(id, hash);
        };
        frontier.append(leaf_hash(&entry(index)), keep).unwrap();
    }
    (Nodes(nodes), frontier)
}

fn policy() -> Policy {
    let text = format!(
        "log {}\nwitness one {}\nquorum one\n",
        log_signer().verifier_key(),
        cosigner(1).verifier_key()
    );
    Policy::parse(text.as_bytes()).unwrap()
}

fn receipt(index: u64, size: u64) -> Receipt {
    let (nodes, frontier) = tree(size);
    let mut signed = checkpoint(size, frontier.root());
    let line = cosigner(1)
        .cosign(signed.note().text(), 1_700_000_000)
        .unwrap();
    signed.add_cosignature(line).unwrap();
    let proof = prove_inclusion(&nodes, index, size).unwrap();
    Receipt::new(entry(index), index, proof, signed.note().clone())
}

#[test]
fn receipts_verify_for_every_entry() {
    let policy = policy();
    for size in [1, 2, 3, 7, 256, 257] {
        for index in [0, 1, 2, size / 2, size - 1] {
            if index < size {
                let receipt = receipt(index, size);
                let parsed = Receipt::parse(&receipt.to_bytes()).unwrap();
                assert_eq!(parsed, receipt);
                let accepted = parsed.verify(&policy).unwrap();
                assert_eq!(accepted.checkpoint.checkpoint().size, size);
                assert!(matches!(
                    parsed.verify_entry(b"another entry", &policy),
                    Err(ReceiptViolation::Inclusion(_))
                ));
            }
        }
    }
}

#[test]
fn every_changed_byte_of_a_receipt_is_noticed() {
    let policy = policy();
    let bytes = receipt(3, 5).to_bytes();
    Receipt::parse(&bytes).unwrap().verify(&policy).unwrap();
    for changed in mutations(&bytes) {
        if let Ok(receipt) = Receipt::parse(&changed) {
            assert_eq!(receipt.to_bytes(), changed);
            assert!(receipt.verify(&policy).is_err(), "{receipt}");
        }
    }
    for end in 0..bytes.len() {
        // Cut before the cosignature line, it is a receipt that the policy refuses.
        let verified = Receipt::parse(&bytes[..end]).map(|receipt| receipt.verify(&policy));
        assert!(!matches!(verified, Ok(Ok(_))));
    }
}

#[test]
fn malformed_receipts_are_refused() {
    let good = String::from_utf8(receipt(3, 5).to_bytes()).unwrap();
    let parse = |text: &str| Receipt::parse(text.as_bytes());
    let (head, rest) = good.split_once("index 3\n").unwrap();
    assert!(matches!(parse(""), Err(ReceiptError::Header { .. })));
    assert!(matches!(
        parse(&good.replace("@v1", "@v2")),
        Err(ReceiptError::Header { .. })
    ));
    assert!(matches!(
        parse(&format!("{head}{rest}")),
        Err(ReceiptError::Index { .. })
    ));
    assert!(matches!(
        parse(&good.replace("index 3", "index 03")),
        Err(ReceiptError::Index { .. })
    ));
    assert!(matches!(
        parse(&good.replace("index 3", "index -3")),
        Err(ReceiptError::Index { .. })
    ));
    let no_extra = format!("c2sp.org/tlog-proof@v1\nindex 3\n{rest}");
    assert!(parse(&no_extra).unwrap().extra().is_empty());
    let empty_extra = no_extra.replace("index", "extra \nindex");
    assert_eq!(parse(&empty_extra), Err(ReceiptError::Extra));
    let twice = good.replace("index", "extra AA==\nindex");
    assert!(matches!(parse(&twice), Err(ReceiptError::Index { .. })));
    let hash = leaf_hash(b"x");
    let many = no_extra.replace(
        "index 3\n",
        &format!("index 3\n{}", format!("{hash}\n").repeat(62)),
    );
    assert_eq!(parse(&many), Err(ReceiptError::ProofLength));
    let bad_hash = no_extra.replace("index 3\n", "index 3\nAAAA\n");
    assert!(matches!(
        parse(&bad_hash),
        Err(ReceiptError::ProofLine { .. })
    ));
    assert!(parse(&good.replace("\n\n", "\n")).is_err());
    assert_eq!(Receipt::parse(&[0xff]), Err(ReceiptError::NotText));
    assert_eq!(
        Receipt::parse(&vec![b'a'; 2_000_000]),
        Err(ReceiptError::NotText)
    );
}

#[test]
fn the_largest_entry_fits_a_receipt() {
    let receipt = receipt(0, 1);
    let large = Receipt::new(vec![7; 65_535], 0, vec![], receipt.checkpoint().clone());
    assert_eq!(Receipt::parse(&large.to_bytes()).unwrap(), large);
}

#[test]
fn add_checkpoint_requests() {
    let (nodes, frontier) = tree(7);
    let request = AddCheckpoint {
        old_size: 3,
        proof: prove_consistency(&nodes, 3, 7).unwrap(),
        checkpoint: checkpoint(7, frontier.root()).note().clone(),
    };
    let bytes = request.to_bytes();
    assert_eq!(AddCheckpoint::parse(&bytes).unwrap(), request);
    let good = String::from_utf8(bytes).unwrap();
    insta::assert_snapshot!("add_checkpoint", good);
    let parse = |text: &str| AddCheckpoint::parse(text.as_bytes());
    assert_eq!(
        parse(&good.replace("old 3", "old 03")),
        Err(WitnessError::OldSize)
    );
    assert_eq!(
        parse(&good.replace("old 3\n", "")),
        Err(WitnessError::OldSize)
    );
    assert_eq!(
        parse(&good.replace("old 3", "old 8")),
        Err(WitnessError::SizesReversed { old: 8, new: 7 })
    );
    assert!(matches!(
        parse(&good.replace("old 3", "old 0")),
        Err(WitnessError::ProofFromNothing { .. })
    ));
    assert!(matches!(
        parse(&good.replace("old 3\n", "old 3\nAAAA\n")),
        Err(WitnessError::ProofLine { .. })
    ));
    let hash = leaf_hash(b"x");
    let filled = |n| {
        good.replace(
            "old 3\n",
            &format!("old 3\n{}", format!("{hash}\n").repeat(n)),
        )
    };
    let room = 63 - request.proof.len();
    assert!(parse(&filled(room)).is_ok());
    assert_eq!(parse(&filled(room + 1)), Err(WitnessError::ProofLength));
    let extended = good.replace("\n\n\u{2014}", "\nextension\n\n\u{2014}");
    assert!(matches!(parse(&extended), Err(WitnessError::Checkpoint(_))));
}

#[test]
fn witness_answers() {
    let line = cosigner(1).cosign("text\n", 5).unwrap();
    let body = cosignatures_to_bytes(&[line.clone(), line.clone()]);
    assert_eq!(parse_cosignatures(&body).unwrap(), [line.clone(), line]);
    assert!(parse_cosignatures(b"").is_err());
    assert!(parse_cosignatures(&body[..body.len() - 1]).is_err());
    assert!(parse_cosignatures(&[b"x\n\n".as_slice(), &body].concat()).is_err());
    assert!(parse_cosignatures(&[b"\n".as_slice(), &body].concat()).is_err());
    assert_eq!(parse_size(&size_to_bytes(0)), Ok(0));
    assert_eq!(parse_size(b"20852163\n"), Ok(20_852_163));
    for bad in ["", "5", "05\n", "5\n\n", " 5\n", "x\n"] {
        assert!(parse_size(bad.as_bytes()).is_err(), "{bad:?}");
    }
}

#[test]
fn wire_format() {
    insta::assert_snapshot!("receipt", receipt(3, 5).to_string());
}

proptest! {
    #[test]
    fn reading_receipts_never_panics(text in "(c2sp.org/tlog-proof@v1\n)?[ -~\n]{0,120}") {
        if let Ok(receipt) = Receipt::parse(text.as_bytes()) {
            prop_assert_eq!(receipt.to_string(), text);
        }
    }

    #[test]
    fn reading_changed_receipts_never_panics(at in 0usize..400, byte: u8) {
        let mut bytes = receipt(3, 5).to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(receipt) = Receipt::parse(&bytes) {
            prop_assert_eq!(receipt.to_bytes(), bytes);
        }
    }

    #[test]
    fn reading_witness_messages_never_panics(text in "(old [0-9]{1,3}\n)?[ -~\n\u{2014}]{0,120}") {
        if let Ok(request) = AddCheckpoint::parse(text.as_bytes()) {
            prop_assert_eq!(request.to_bytes(), text.clone().into_bytes());
        }
        if let Ok(lines) = parse_cosignatures(text.as_bytes()) {
            prop_assert_eq!(cosignatures_to_bytes(&lines), text.into_bytes());
        }
    }
}
