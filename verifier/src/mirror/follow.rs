//! Whether the log extends what it has shown before.

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::merkle::{Hash, verify_consistency};
use hanpyo_ledger::log::source::{SourceError, TileSource};
use hanpyo_ledger::log::tree::{ReadError, Tree};

use super::Misbehaviour;
use super::folder::Folder;
use crate::error::CannotRun;

/// Compares what the log shows now, as `tree`, with what the folder has `seen` of it. Keeps both
/// checkpoints if they contradict each other.
pub(super) fn follow<S: TileSource>(
    seen: &SignedCheckpoint,
    shown: &SignedCheckpoint,
    tree: &Tree<S>,
    folder: &Folder<'_>,
) -> Result<Result<(), Misbehaviour>, CannotRun> {
    let (before, now) = (seen.checkpoint(), shown.checkpoint());
    let (seen_size, found) = (before.size, now.size);
    let forked = |proof: &[Hash]| {
        let evidence = folder.keep_evidence(seen, shown, proof)?;
        Ok(Err(Misbehaviour::Forked {
            seen: seen_size,
            found,
            evidence,
        }))
    };
    if found == seen_size {
        return if before.root == now.root {
            Ok(Ok(()))
        } else {
            forked(&[])
        };
    }
    if found > seen_size {
        let proof = match tree.consistency_proof(seen_size) {
            Ok(proof) => proof,
            Err(ReadError::Source(error @ SourceError::Failed { .. })) => {
                return Err(CannotRun::Source(error));
            }
            Err(error) => return Ok(Err(Misbehaviour::File(error))),
        };
        return match verify_consistency(seen_size, &before.root, found, &now.root, &proof) {
            Ok(()) => Ok(Ok(())),
            Err(_) => forked(&proof),
        };
    }
    // A smaller tree: the folder's own copy tells whether it is at least an earlier state.
    let local = Tree::load(folder.source(), seen_size, before.root);
    let proof = local.and_then(|local| local.consistency_proof(found));
    if let Ok(proof) = proof
        && verify_consistency(found, &now.root, seen_size, &before.root, &proof).is_err()
    {
        return forked(&proof);
    }
    let evidence = folder.keep_evidence(seen, shown, &[])?;
    Ok(Err(Misbehaviour::RolledBack {
        seen: seen_size,
        found,
        evidence,
    }))
}
