//! Opens an election for voting.

use alloc::sync::Arc;
use alloc::vec::Vec;

#[cfg(not(feature = "scores"))]
use hanpyo_crypto::contest::Rules;
use hanpyo_ledger::voter::VotingElection;

use super::read_manifest::{self, Manifest, expected_hash};
use crate::failure::{ErrorCode, Failure};
use crate::state::{Object, State};
use crate::wire::Bytes;
use crate::{request, response};

request! {
    /// The beginning of a record.
    OpenElection {
        /// Entry bundles, or the first part of one: entries each behind its length in two bytes. The first is the
        /// manifest; among the others are the trustees' confirmations and the joint key. An entry that is cut
        /// off at the end of a part is left out.
        bundles: Vec<Bytes>,
        /// The manifest hash of the voter's link; any other is refused.
        expected: Option<Bytes>,
    }
}

response! {
    /// An election that may be voted in: every trustee signed its joint key.
    OpenedElection {
        /// Handle of the election.
        election: u32,
        /// The manifest.
        manifest: Manifest,
        /// The joint key that all trustees signed.
        joint_key: Bytes,
    }
}

/// Checks manifest and joint key.
///
/// # Errors
/// Those of [`read_manifest::run`], [`ErrorCode::NoJointKey`] when more entries are needed,
/// [`ErrorCode::TwoJointKeys`], [`ErrorCode::Unconfirmed`], [`ErrorCode::BadJointKey`]; without feature `scores`
/// [`ErrorCode::NeedsScores`].
pub fn run(state: &mut State, request: OpenElection) -> Result<OpenedElection, Failure> {
    let mut entries = request.bundles.iter().flat_map(|bundle| entries(bundle));
    let first = entries
        .next()
        .ok_or_else(|| Failure::new(ErrorCode::NoManifest, "there are no entries"))?;
    let expected = expected_hash(request.expected.as_ref())?;
    let manifest = VotingElection::read_manifest(first, expected)?;
    #[cfg(not(feature = "scores"))]
    if manifest
        .kinds()
        .iter()
        .any(|kind| matches!(kind.rules(), Rules::Score { .. }))
    {
        let detail = "score contests need another module";
        return Err(Failure::new(ErrorCode::NeedsScores, detail));
    }
    let election = VotingElection::open(manifest, entries)?;
    let manifest = read_manifest::view(election.manifest());
    let joint_key = election.context().joint_key().encoded();
    Ok(OpenedElection {
        election: state.keep(Object::Election(Arc::new(election))),
        manifest,
        joint_key: joint_key.as_bytes().into(),
    })
}

/// The entries of a bundle or of its first part.
pub fn entries(mut bundle: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        let (head, rest) = bundle.split_first_chunk()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*head)))?;
        bundle = rest;
        Some(entry)
    })
}
