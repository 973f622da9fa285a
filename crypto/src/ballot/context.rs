//! What a ballot is bound to.

#[cfg(feature = "full")]
use std::sync::OnceLock;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_COMPRESSED;
use merlin::Transcript;

use crate::contest::ContestKind;
use crate::elgamal::JointKey;
use crate::labels::{message, transcript};
#[cfg(feature = "full")]
use crate::range::MAX_BITS;
#[cfg(feature = "scores")]
use crate::range::{RangeError, RangeProver};
use crate::transcript::TranscriptExt;

/// What is common to all ballots of an election.
#[derive(Clone)]
pub struct ElectionContext {
    manifest_hash: [u8; 32],
    joint_key: JointKey,
    prefix: Transcript,
    /// Provers of score contests, one for every power of two up to the most commitments.
    #[cfg(feature = "full")]
    range_provers: [OnceLock<Result<RangeProver, RangeError>>; 7],
}

impl ElectionContext {
    /// Binds ballots to a manifest and a joint public key. Costs two tables of multiples: make it
    /// once per election.
    #[must_use]
    pub fn new(manifest_hash: [u8; 32], joint_key: JointKey) -> Self {
        let mut prefix = Transcript::new(transcript::BALLOT);
        prefix.append_message(message::MANIFEST, &manifest_hash);
        prefix.append_point(message::G, &RISTRETTO_BASEPOINT_COMPRESSED);
        prefix.append_point(message::H, &joint_key.generator().compress());
        prefix.append_point(message::K, &joint_key.encoded());
        Self {
            manifest_hash,
            joint_key,
            prefix,
            #[cfg(feature = "full")]
            range_provers: [const { OnceLock::new() }; 7],
        }
    }

    /// mh.
    #[must_use]
    pub fn manifest_hash(&self) -> &[u8; 32] {
        &self.manifest_hash
    }

    /// K.
    #[must_use]
    pub fn joint_key(&self) -> &JointKey {
        &self.joint_key
    }

    /// Lends the prover of aggregated range proofs of so many commitments; made when first needed, for every width.
    #[cfg(feature = "full")]
    pub(crate) fn with_range_prover<T>(
        &self,
        _bits: usize,
        parties: usize,
        run: impl FnOnce(&RangeProver) -> Result<T, RangeError>,
    ) -> Result<T, RangeError> {
        let key = &self.joint_key;
        self.range_provers
            .get(parties.trailing_zeros() as usize)
            .ok_or(RangeError::UnsupportedAggregation { actual: parties })?
            .get_or_init(|| RangeProver::new(MAX_BITS, parties, key.generator(), key.point()))
            .as_ref()
            .map_err(Clone::clone)
            .and_then(run)
    }

    /// Lends the prover of aggregated range proofs of so many commitments. A voter's device needs it once, for one width.
    #[cfg(all(feature = "scores", not(feature = "full")))]
    pub(crate) fn with_range_prover<T>(
        &self,
        bits: usize,
        parties: usize,
        run: impl FnOnce(&RangeProver) -> Result<T, RangeError>,
    ) -> Result<T, RangeError> {
        let key = &self.joint_key;
        run(&RangeProver::new(
            bits,
            parties,
            key.generator(),
            key.point(),
        )?)
    }

    /// Steps 1 and 2 of section 6.2.
    pub(crate) fn transcript(&self, context: &BallotContext<'_>) -> Transcript {
        let mut transcript = self.prefix.clone();
        transcript.append_u64(message::CREDENTIAL_INDEX, context.index.into());
        transcript.append_message(message::P, context.credential);
        transcript.append_u64(message::STYLE, context.style);
        transcript
    }
}

/// A contest of a ballot style: its number in the manifest and its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedContest {
    /// Number in the manifest.
    pub number: u64,
    /// Rules and parameters.
    pub kind: ContestKind,
}

/// What one credential's ballots are bound to, as the roll and the manifest state it.
#[derive(Clone, Copy, Debug)]
pub struct BallotContext<'a> {
    /// Index of the credential in the roll.
    pub index: u32,
    /// Public credential P, encoded as in the roll.
    pub credential: &'a [u8; 32],
    /// Number of the ballot style.
    pub style: u64,
    /// The style's contests in its order.
    pub contests: &'a [NumberedContest],
}

impl BallotContext<'_> {
    /// N of all contests together.
    #[must_use]
    pub fn ciphertexts(&self) -> usize {
        self.contests
            .iter()
            .map(|contest| contest.kind.ciphertexts())
            .sum()
    }
}
