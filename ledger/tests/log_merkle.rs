//! Merkle tree against the definitions of RFC 6962 and two independent crates.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::HashMap;
use std::convert::Infallible;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use hanpyo_ledger::log::merkle::{
    ConsistencyError, Frontier, FrontierError, Hash, InclusionError, MAX_TREE_SIZE, NodeId,
    NodeReader, ProofError, empty_root, leaf_hash, node_hash, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2_for_oracle::Sha256;

/// Every node of a tree, kept in memory.
#[derive(Default)]
struct Nodes(HashMap<NodeId, Hash>);

impl NodeReader for Nodes {
    type Error = Infallible;

    fn read_nodes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Infallible> {
        Ok(nodes.iter().map(|node| self.0[node]).collect())
    }
}

/// `tlog_tiles` reads nodes by their position in its own storage order.
impl tlog_tiles::HashReader for Nodes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|&stored| {
                let (level, index) = tlog_tiles::split_stored_hash_index(stored);
                tlog_tiles::Hash(*self.0[&NodeId { level, index }].as_bytes())
            })
            .collect())
    }
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// Trees of size 0..=max: all nodes, and the root at every size.
fn grow(max: u64) -> (Nodes, Vec<Hash>) {
    let (mut nodes, mut frontier) = (Nodes::default(), Frontier::new());
    let mut roots = vec![frontier.root()];
    for index in 0..max {
        frontier
            .append(leaf_hash(&entry(index)), |id, hash| {
                assert!(nodes.0.insert(id, hash).is_none(), "{id:?} came twice");
            })
            .unwrap();
        assert_eq!(frontier.size(), index + 1);
        roots.push(frontier.root());
    }
    (nodes, roots)
}

/// MTH of RFC 6962 section 2.1, word for word.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            node_hash(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962 section 2.1.1, word for word.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return vec![];
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, last) = if m < k {
        (path(m, &leaves[..k]), mth(&leaves[k..]))
    } else {
        (path(m - k, &leaves[k..]), mth(&leaves[..k]))
    };
    proof.push(last);
    proof
}

/// SUBPROOF of RFC 6962 section 2.1.2, word for word.
fn subproof(m: usize, leaves: &[Hash], complete: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if complete { vec![] } else { vec![mth(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, last) = if m <= k {
        (subproof(m, &leaves[..k], complete), mth(&leaves[k..]))
    } else {
        (subproof(m - k, &leaves[k..], false), mth(&leaves[..k]))
    };
    proof.push(last);
    proof
}

#[test]
fn roots_and_proofs_equal_the_rfc_definitions() {
    let (nodes, roots) = grow(70);
    let leaves: Vec<Hash> = (0..70).map(|i| leaf_hash(&entry(i))).collect();
    for size in 0..=70usize {
        let tree = &leaves[..size];
        assert_eq!(roots[size], mth(tree));
        for index in 0..size {
            let proof = prove_inclusion(&nodes, index as u64, size as u64).unwrap();
            assert_eq!(proof, path(index, tree), "leaf {index} of {size}");
        }
        for old in 1..=size {
            let proof = prove_consistency(&nodes, old as u64, size as u64).unwrap();
            assert_eq!(proof, subproof(old, tree, true), "{old} -> {size}");
        }
    }
}

#[test]
fn ct_merkle_and_tlog_tiles_agree_for_all_sizes_to_600() {
    let max = 600u64;
    let (nodes, roots) = grow(max);
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    assert_eq!(oracle.root().as_bytes().as_slice(), roots[0].as_ref());
    for size in 1..=max {
        oracle.push(entry(size - 1));
        let root = roots[usize::try_from(size).unwrap()];
        let oracle_root = oracle.root();
        assert_eq!(oracle_root.as_bytes().as_slice(), root.as_ref());
        let tlog_root = tlog_tiles::tree_hash(size, &nodes).unwrap();
        assert_eq!(&tlog_root.0, root.as_bytes());

        for index in 0..size {
            let proof = prove_inclusion(&nodes, index, size).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|h| *h.as_bytes()).collect();
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(bytes, theirs.as_bytes(), "inclusion {index} of {size}");
            let leaf = leaf_hash(&entry(index));
            verify_inclusion(&leaf, index, size, &root, &proof).unwrap();
            let tlog_proof: Vec<_> = proof
                .iter()
                .map(|h| tlog_tiles::Hash(*h.as_bytes()))
                .collect();
            assert_eq!(
                tlog_tiles::prove_record(size, index, &nodes).unwrap(),
                tlog_proof
            );
            let tlog_leaf = tlog_tiles::record_hash(&entry(index));
            tlog_tiles::check_record(&tlog_proof, size, tlog_root, index, tlog_leaf).unwrap();
        }
        for old in 1..=size {
            let old_root = roots[usize::try_from(old).unwrap()];
            let proof = prove_consistency(&nodes, old, size).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|h| *h.as_bytes()).collect();
            let theirs = oracle.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(bytes, theirs.as_bytes(), "consistency {old} -> {size}");
            verify_consistency(old, &old_root, size, &root, &proof).unwrap();
            let tlog_proof: Vec<_> = proof
                .iter()
                .map(|h| tlog_tiles::Hash(*h.as_bytes()))
                .collect();
            assert_eq!(
                tlog_tiles::prove_tree(size, old, &nodes).unwrap(),
                tlog_proof
            );
        }
    }
}

#[test]
fn ct_merkle_agrees_at_large_sizes() {
    let max = 70_001u64;
    let (nodes, roots) = grow(max);
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let sizes = [1_023, 1_024, 1_025, 65_535, 65_536, 65_537, 70_000, max];
    for size in 1..=max {
        oracle.push(entry(size - 1));
        if !sizes.contains(&size) {
            continue;
        }
        let root = roots[usize::try_from(size).unwrap()];
        assert_eq!(oracle.root().as_bytes().as_slice(), root.as_ref());
        for index in [0, 1, 255, 256, 1_000, size / 2, size - 2, size - 1] {
            let proof = prove_inclusion(&nodes, index, size).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|h| *h.as_bytes()).collect();
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(bytes, theirs.as_bytes());
            verify_inclusion(&leaf_hash(&entry(index)), index, size, &root, &proof).unwrap();
        }
        for old in [1, 2, 255, 256, 257, 1_000, size / 2, size - 1] {
            let proof = prove_consistency(&nodes, old, size).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|h| *h.as_bytes()).collect();
            let theirs = oracle.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(bytes, theirs.as_bytes());
            let old_root = roots[usize::try_from(old).unwrap()];
            verify_consistency(old, &old_root, size, &root, &proof).unwrap();
        }
    }
}

#[test]
fn a_changed_inclusion_proof_is_refused() {
    let (nodes, roots) = grow(40);
    for size in 1..=40u64 {
        let root = roots[usize::try_from(size).unwrap()];
        for index in 0..size {
            let leaf = leaf_hash(&entry(index));
            let proof = prove_inclusion(&nodes, index, size).unwrap();
            for position in 0..proof.len() {
                let mut bad = proof.clone();
                let mut bytes = *bad[position].as_bytes();
                bytes[position % 32] ^= 1;
                bad[position] = Hash::new(bytes);
                let result = verify_inclusion(&leaf, index, size, &root, &bad);
                assert!(matches!(result, Err(InclusionError::Root { .. })));
            }
            let mut longer = proof.clone();
            longer.push(root);
            assert_eq!(
                verify_inclusion(&leaf, index, size, &root, &longer),
                Err(InclusionError::Length {
                    index,
                    size,
                    expected: proof.len(),
                    found: proof.len() + 1
                })
            );
            if !proof.is_empty() {
                let shorter = &proof[1..];
                assert!(matches!(
                    verify_inclusion(&leaf, index, size, &root, shorter),
                    Err(InclusionError::Length { .. })
                ));
            }
            for other in 0..size {
                let accepted = verify_inclusion(&leaf, other, size, &root, &proof).is_ok();
                assert_eq!(
                    accepted,
                    other == index,
                    "{index} passed as {other} of {size}"
                );
            }
            assert!(verify_inclusion(&leaf_hash(b"x"), index, size, &root, &proof).is_err());
        }
        assert_eq!(
            verify_inclusion(&root, size, size, &root, &[]),
            Err(InclusionError::IndexBeyondSize { index: size, size })
        );
    }
}

#[test]
fn a_changed_consistency_proof_is_refused() {
    let (nodes, roots) = grow(40);
    let wrong = leaf_hash(b"wrong");
    for new in 0..=40u64 {
        let new_root = roots[usize::try_from(new).unwrap()];
        for old in 0..=new {
            let old_root = roots[usize::try_from(old).unwrap()];
            let proof = prove_consistency(&nodes, old, new).unwrap();
            verify_consistency(old, &old_root, new, &new_root, &proof).unwrap();
            for position in 0..proof.len() {
                let mut bad = proof.clone();
                bad[position] = wrong;
                assert!(verify_consistency(old, &old_root, new, &new_root, &bad).is_err());
            }
            let mut longer = proof.clone();
            longer.push(wrong);
            assert!(matches!(
                verify_consistency(old, &old_root, new, &new_root, &longer),
                Err(ConsistencyError::Length { .. })
            ));
            if !proof.is_empty() {
                assert!(matches!(
                    verify_consistency(old, &old_root, new, &new_root, &proof[1..]),
                    Err(ConsistencyError::Length { .. } | ConsistencyError::OldRoot { .. })
                ));
            }
            assert!(verify_consistency(old, &wrong, new, &new_root, &proof).is_err());
            // Every tree extends the empty one: with old = 0 there is nothing to hold on to.
            let any_root = verify_consistency(old, &old_root, new, &wrong, &proof).is_ok();
            assert_eq!(any_root, old == 0 && new > 0, "{old} -> {new}");
        }
    }
    assert_eq!(
        verify_consistency(3, &roots[3], 2, &roots[2], &[]),
        Err(ConsistencyError::SizesReversed { old: 3, new: 2 })
    );
}

#[test]
fn sizes_out_of_range_are_typed_errors() {
    let (nodes, roots) = grow(2);
    assert!(matches!(
        prove_inclusion(&nodes, 2, 2),
        Err(ProofError::IndexBeyondSize { index: 2, size: 2 })
    ));
    assert!(matches!(
        prove_consistency(&nodes, 2, 1),
        Err(ProofError::SizesReversed { old: 2, new: 1 })
    ));
    let size = MAX_TREE_SIZE + 1;
    assert!(matches!(
        prove_inclusion(&nodes, 0, size),
        Err(ProofError::TooLarge { .. })
    ));
    assert!(matches!(
        prove_consistency(&nodes, 0, size),
        Err(ProofError::TooLarge { .. })
    ));
    assert!(verify_inclusion(&roots[1], 0, u64::MAX, &roots[1], &[]).is_err());
    assert!(verify_consistency(1, &roots[1], u64::MAX, &roots[1], &[]).is_err());
}

#[test]
fn the_largest_tree_takes_its_last_leaf_and_no_more() {
    let size = MAX_TREE_SIZE - 1;
    let subtrees = vec![empty_root(); 62];
    let mut frontier = Frontier::from_subtrees(size, subtrees).unwrap();
    frontier.append(leaf_hash(b"last"), |_, _| {}).unwrap();
    assert_eq!(frontier.size(), MAX_TREE_SIZE);
    let full = frontier.clone();
    assert!(matches!(
        frontier.append(leaf_hash(b"over"), |_, _| {}),
        Err(FrontierError::TooLarge { .. })
    ));
    assert_eq!(frontier, full);
}

#[test]
fn subtrees_append_as_their_leaves_would() {
    let (nodes, roots) = grow(37);
    let mut frontier = Frontier::new();
    for (level, index) in [(5u8, 0u64), (2, 8), (0, 36)] {
        frontier
            .append_subtree(level, nodes.0[&NodeId { level, index }], |_, _| {})
            .unwrap();
    }
    assert_eq!(frontier.size(), 37);
    assert_eq!(frontier.root(), roots[37]);
    assert_eq!(
        frontier.append_subtree(1, roots[1], |_, _| {}),
        Err(FrontierError::Misaligned { level: 1, size: 37 })
    );
    assert!(frontier.append_subtree(64, roots[1], |_, _| {}).is_err());
}

#[test]
fn wire_format() {
    let (_, roots) = grow(5);
    let mut frontier = Frontier::new();
    for index in 0..5 {
        frontier
            .append(leaf_hash(&entry(index)), |_, _| {})
            .unwrap();
    }
    assert_eq!(frontier.root(), roots[5]);
    insta::assert_snapshot!(
        "frontier",
        data_encoding::HEXLOWER.encode(&frontier.encode())
    );
}

proptest! {
    #[test]
    fn frontiers_encode_canonically(size in 0u64..5_000) {
        let mut frontier = Frontier::new();
        for index in 0..size {
            frontier.append(leaf_hash(&entry(index)), |_, _| {}).unwrap();
        }
        let bytes = frontier.encode();
        prop_assert_eq!(Frontier::decode(&bytes).unwrap(), frontier);
        prop_assert!(Frontier::decode(&bytes[..bytes.len() - 1]).is_err());
        let mut longer = bytes;
        longer.push(0);
        prop_assert!(Frontier::decode(&longer).is_err());
    }

    #[test]
    fn decoding_a_frontier_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        if let Ok(frontier) = Frontier::decode(&bytes) {
            prop_assert_eq!(frontier.encode(), bytes);
        }
    }

    #[test]
    fn verifying_arbitrary_proofs_never_panics(
        old in any::<u64>(), new in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash::new), 0..70),
    ) {
        let root = empty_root();
        prop_assert!(verify_inclusion(&root, old, new, &leaf_hash(b""), &proof).is_err());
        let result = verify_consistency(old, &root, new, &leaf_hash(b""), &proof);
        prop_assert!(result.is_err() || old == 0);
    }
}
