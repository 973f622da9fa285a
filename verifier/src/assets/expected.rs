//! What an election announced: in its manifest, or in its last amendment.

use hanpyo_ledger::entry::{Entry, EntryType};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::signature::RoleKeys;

use super::AssetsError;
use crate::board::Board;

/// Hash of the asset manifest announced last, and the index of the amendment.
///
/// Reads every entry of the record under the signed checkpoint: whoever could leave out an
/// amendment could keep serving pages that were withdrawn.
pub(super) fn of_record(
    board: &str,
    log: &VerifierKey,
) -> Result<([u8; 32], Option<u64>), AssetsError> {
    let record = Record::open(Board::new(board), log).map_err(|e| spoilt(&e))?;
    let mut keys: Option<RoleKeys> = None;
    let mut announced = None;
    for entry in record.tree().entries(0) {
        let (index, bytes) = entry.map_err(|e| spoilt(&e))?;
        let kind = EntryType::peek(&bytes).map_err(|e| spoilt(&e))?;
        if !matches!(kind, EntryType::Manifest | EntryType::AssetAmendment) {
            continue;
        }
        let entry = Entry::decode(&bytes).map_err(|e| spoilt(&e))?;
        if let Entry::Manifest(manifest) = &entry {
            keys = Some(RoleKeys::new(&manifest.payload).map_err(|e| spoilt(&e))?);
            announced = manifest.payload.assets.map(|hash| (hash.0, None));
        }
        let keys = keys.as_ref().ok_or_else(|| {
            AssetsError::Record("the record does not begin with a manifest".to_owned())
        })?;
        // Both kinds are signed by the commission, whose signature this requires.
        let _commission = keys.verify_entry(&entry).map_err(|e| spoilt(&e))?;
        if let Entry::AssetAmendment(amendment) = entry {
            announced = Some((amendment.payload.assets.0, Some(index)));
        }
    }
    announced.ok_or(AssetsError::NothingAnnounced)
}

fn spoilt(error: &dyn std::error::Error) -> AssetsError {
    AssetsError::Record(error.to_string())
}
