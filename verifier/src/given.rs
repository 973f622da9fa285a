//! Receipts, acknowledgements and codes to look for (check 12).

use hanpyo_ledger::entry::{BallotRef, Hash};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::source::TileSource;
use hanpyo_ledger::log::tree::Tree;
use hanpyo_ledger::record::{
    CheckNumber, CodePrefix, ConfirmationCode, Finding, Given, TrustedTree, VerifiedReceipt,
};

use crate::request::Request;

/// What to look for while the record is read, and what is wrong already.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) given: Given,
    pub(crate) findings: Vec<Finding>,
    /// Trees of receipts that the final tree extends and witnesses dated: evidence for check 11.
    pub(crate) dated: Vec<TrustedTree>,
    /// What became of each receipt.
    pub(crate) receipts: Vec<ReceiptState>,
}

/// What is known of a receipt before the record is read.
pub(crate) enum ReceiptState {
    /// It proves nothing.
    Invalid,
    /// It proves that its entry is in its tree.
    Valid {
        /// Place of the ballot's code among the codes looked for, if the entry is a ballot.
        code: Option<usize>,
    },
}

/// Verifies the receipts and puts together what to look for.
///
/// `manifest` is the hash of the manifest, if it could be read.
pub(crate) fn wanted<S: TileSource>(
    request: &Request,
    policy: &Policy,
    manifest: Option<&Hash>,
    tree: Option<&Tree<S>>,
) -> Wanted {
    let mut wanted = Wanted {
        given: Given {
            codes: request.codes.clone(),
            receipts: Vec::new(),
            acknowledgements: request.acknowledgements.clone(),
        },
        ..Wanted::default()
    };
    for (name, receipt) in &request.receipts {
        match verified(name, receipt, &request.log, policy) {
            Ok((verified, time)) => {
                let seen = TrustedTree {
                    size: verified.size,
                    root: verified.root,
                    quorum_time: time,
                };
                if time.is_some() && tree.is_some_and(|tree| extends(tree, &seen)) {
                    wanted.dated.push(seen);
                }
                let code = manifest.and_then(|hash| code_of(hash, &verified.entry));
                let code = code.map(|code| {
                    wanted.given.codes.push(code);
                    wanted.given.codes.len() - 1
                });
                wanted.receipts.push(ReceiptState::Valid { code });
                wanted.given.receipts.push(verified);
            }
            Err(found) => {
                let what = format!("receipt {name}");
                let expected = "a proof under a checkpoint that the policy accepts";
                let finding = Finding::fatal(CheckNumber::Given, what, expected, found);
                wanted.findings.push(finding);
                wanted.receipts.push(ReceiptState::Invalid);
            }
        }
    }
    wanted
}

/// Checkpoint, witnesses and inclusion; gives also when the quorum was complete.
fn verified(
    name: &str,
    receipt: &Receipt,
    log: &VerifierKey,
    policy: &Policy,
) -> Result<(VerifiedReceipt, Option<u64>), String> {
    if receipt.extra().is_empty() {
        return Err("no ballot in it".to_owned());
    }
    let accepted = policy
        .check_of(log, receipt.checkpoint().clone())
        .map_err(|violation| violation.to_string())?;
    let checkpoint = accepted.checkpoint.checkpoint();
    let leaf = leaf_hash(receipt.extra());
    let (size, root) = (checkpoint.size, checkpoint.root);
    verify_inclusion(&leaf, receipt.index(), size, &root, receipt.proof())
        .map_err(|error| error.to_string())?;
    let verified = VerifiedReceipt {
        name: name.to_owned(),
        entry: receipt.extra().to_vec(),
        index: receipt.index(),
        size,
        root,
    };
    Ok((verified, accepted.quorum_time))
}

/// Whether the record's tree extends one seen earlier. If not, the checker says so when it gets there.
fn extends<S: TileSource>(tree: &Tree<S>, seen: &TrustedTree) -> bool {
    tree.consistency_proof(seen.size).is_ok_and(|proof| {
        verify_consistency(seen.size, &seen.root, tree.size(), &tree.root(), &proof).is_ok()
    })
}

/// Confirmation code of a ballot entry.
fn code_of(manifest: &Hash, entry: &[u8]) -> Option<CodePrefix> {
    let ballot = BallotRef::decode(entry).ok()?;
    let code = ConfirmationCode::of(manifest.as_bytes(), ballot.body_bytes);
    code.full().parse().ok()
}
