//! Proofs of ballots verified by helpers: the other workers of one browser page, which share no memory.
//!
//! A helper is of the reader's own making and believed like its own code. Still, what it vouches for is bound to
//! the election, the very bytes of the entry, and the credential and style that the reader took from the roll: a
//! statement can be lost or given twice, but never count for another ballot. What no helper vouched for, the
//! reader verifies itself, so that a ballot is only ever refused by the reader.

use std::collections::BTreeSet;

use hanpyo_crypto::ballot::ElectionContext;
use hanpyo_crypto::elgamal::JointKey;
use hanpyo_crypto::group::DecodeError;
use rand_core::{CryptoRng, RngCore};
use sha2::{Digest, Sha256};

use super::ballots::verify_listed;
use super::checker::RecordChecker;
use super::election::Election;
use super::phase::Phase;
use super::prepare::Prepared;
use crate::entry::bounded::Bytes;
use crate::entry::codec::record;
use crate::entry::{EncodedPoint, StyleNumber};
use crate::log::merkle::Hash;
use crate::manifest::Manifest;

record! {
    /// One entry of a voter, and what the roll says of its credential.
    ProofItem {
        /// Public credential P.
        credential: EncodedPoint,
        /// Ballot style.
        style: StyleNumber,
        /// The entry's bytes.
        entry: Bytes<1, 65_535>,
    }
}

/// Entries whose proofs a helper is to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofJob(Vec<ProofItem>);

impl ProofJob {
    /// Whether there is nothing to verify.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// For another worker.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        crate::entry::encoded(&self.0)
    }

    /// Reads [`Self::encode`].
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes).map(Self)
    }
}

/// The statement that an entry's proofs and signature hold for a credential and style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vouched(pub [u8; 32]);

impl Vouched {
    pub(super) fn new(
        election: &ElectionContext,
        leaf: &Hash,
        credential: &[u8; 32],
        style: u16,
    ) -> Self {
        // Parts of fixed length, for a table in memory: no label is needed.
        let mut hash = Sha256::new();
        hash.update(election.manifest_hash());
        hash.update(election.joint_key().encoded().as_bytes());
        hash.update(leaf.as_bytes());
        hash.update(credential);
        hash.update(style.to_be_bytes());
        Self(hash.finalize().into())
    }
}

/// Why there is no helper.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HelperError {
    /// The manifest cannot be worked with.
    #[error("manifest: {0}")]
    Manifest(String),
    /// The joint key is no point.
    #[error("joint key: {0}")]
    JointKey(#[from] DecodeError),
}

/// Verifies proofs for a [`RecordChecker`] elsewhere.
pub struct ProofHelper {
    election: Election,
    context: ElectionContext,
}

impl ProofHelper {
    /// A helper for the election that a checker reads.
    ///
    /// # Errors
    /// [`HelperError`].
    pub fn new(manifest: Manifest, joint_key: &[u8; 32]) -> Result<Self, HelperError> {
        let election = Election::new(manifest).map_err(HelperError::Manifest)?;
        let context = ElectionContext::new(election.hash, JointKey::decode(joint_key)?);
        Ok(Self { election, context })
    }

    /// Vouches for the entries whose proofs and signature hold.
    pub fn verify(&self, job: &ProofJob, rng: &mut (impl RngCore + CryptoRng)) -> Vec<Vouched> {
        let prepared: Vec<Prepared<'_>> = (job.0.iter())
            .map(|item| Prepared::new(&item.entry))
            .collect();
        let items = job.0.iter().zip(&prepared);
        let listed = items.clone().map(|(item, prepared)| {
            let contests = self.election.style(item.style.get())?;
            Some((
                prepared,
                item.credential.as_bytes(),
                item.style.get(),
                contests,
            ))
        });
        let verified = verify_listed(&self.context, listed, rng);
        let vouch = |((item, prepared), proven): (
            (&ProofItem, &Prepared<'_>),
            Option<super::ballots::Proven>,
        )| {
            proven?.ok()?;
            let (point, style) = (item.credential.as_bytes(), item.style.get());
            Some(Vouched::new(&self.context, &prepared.leaf, point, style))
        };
        items.zip(verified).filter_map(vouch).collect()
    }
}

impl RecordChecker {
    /// What a helper can verify of entries that are to be pushed later: ballots and posted challenges of
    /// credentials that are in the roll by now. Nothing before the roll is sealed.
    pub fn proof_job<T: AsRef<[u8]>>(&self, entries: &[T]) -> ProofJob {
        let items = self.state().filter(|state| {
            state.context.is_some() && matches!(state.phase, Phase::Sealed | Phase::Voting)
        });
        let Some(state) = items else {
            return ProofJob(Vec::new());
        };
        let item = |entry: &T| {
            let bytes = entry.as_ref();
            let credential = Prepared::new(bytes).credential()?;
            let (point, style) = state.roll.point_and_style(credential)?;
            Some(ProofItem {
                credential: EncodedPoint(*point),
                style: style.into(),
                entry: Bytes::new(bytes.to_vec()).ok()?,
            })
        };
        ProofJob(entries.iter().filter_map(item).collect())
    }
}

/// What helpers vouched for.
pub type VouchedSet = BTreeSet<Vouched>;
