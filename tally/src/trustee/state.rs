//! What the trustee remembers in its secret file.

use hanpyo_crypto::ceremony::{self, KeyShare, StateError};
use hanpyo_crypto::decryption::ClosedTree;
use hanpyo_ledger::entry::TrusteeNumber;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng};
use thiserror::Error;
use zeroize::Zeroize;

use crate::election::Election;
use crate::role_file::RoleState;

/// The one election a secret file is used for.
#[derive(Clone, Encode, Decode)]
pub struct Pinned {
    #[n(0)]
    manifest: ByteArray<32>,
    #[n(1)]
    trustee: u8,
    /// Randomness of proofs, so that a repeated step repeats its entry to the byte. Nonces are derived from it,
    /// the key share and everything the proof is about (docs/PROTOCOL.md section 4), hence never shared.
    #[n(2)]
    proof_seed: ByteArray<32>,
}

impl Drop for Pinned {
    fn drop(&mut self) {
        self.proof_seed.zeroize();
    }
}

/// State of the ceremony as the crypto crate writes it; wiped when dropped.
#[derive(Clone, Encode, Decode)]
struct CeremonyBytes(#[n(0)] ByteVec);

impl Drop for CeremonyBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The tree the share was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct SavedTree {
    #[cbor(n(0), with = "minicbor::bytes")]
    root: [u8; 32],
    #[n(1)]
    size: u64,
}

/// The trustee's memory.
#[derive(Clone, Default, Encode, Decode)]
pub struct TrusteeMemory {
    #[n(0)]
    election: Option<Pinned>,
    #[n(1)]
    ceremony: Option<CeremonyBytes>,
    #[n(2)]
    released: Option<SavedTree>,
}

impl RoleState for TrusteeMemory {
    const KIND: &'static str = "hanpyo-trustee-1";
}

/// Why a secret file does not fit an election.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum MemoryError {
    /// The board shows another manifest than before.
    #[error(
        "the board shows another manifest than the one this secret file was first used with; \
         a trustee uses a new secret file for every election"
    )]
    OtherManifest,
    /// The manifest names this key as another trustee than before.
    #[error(
        "this secret file acted as trustee {before}, now the manifest names its key as trustee {now}"
    )]
    OtherTrustee {
        /// Number before.
        before: u8,
        /// Number now.
        now: u8,
    },
    /// The saved ceremony cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The ceremony is not over.
    #[error("this secret file holds no key share: its key ceremony is not finished")]
    NoShare,
}

impl TrusteeMemory {
    /// This memory bound to an election; the first one binds it for ever.
    ///
    /// # Errors
    /// [`MemoryError::OtherManifest`] or [`MemoryError::OtherTrustee`].
    pub fn pin(
        &self,
        election: &Election,
        trustee: TrusteeNumber,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, MemoryError> {
        if self.is_pinned() {
            self.check_pinned(election, trustee)?;
            return Ok(self.clone());
        }
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let pinned = Pinned {
            manifest: election.hash.0.into(),
            trustee: trustee.get(),
            proof_seed: seed.into(),
        };
        seed.zeroize();
        Ok(Self {
            election: Some(pinned),
            ..self.clone()
        })
    }

    /// Refuses unless this memory is bound to this very election and trustee.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn check_pinned(
        &self,
        election: &Election,
        trustee: TrusteeNumber,
    ) -> Result<(), MemoryError> {
        match &self.election {
            None => Err(MemoryError::NoShare),
            Some(pinned) if *pinned.manifest != election.hash.0 => Err(MemoryError::OtherManifest),
            Some(pinned) if pinned.trustee != trustee.get() => Err(MemoryError::OtherTrustee {
                before: pinned.trustee,
                now: trustee.get(),
            }),
            Some(_) => Ok(()),
        }
    }

    /// Whether an election is pinned.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.election.is_some()
    }

    /// The ceremony's state.
    ///
    /// # Errors
    /// [`MemoryError::State`] if the file was written by something else.
    pub fn ceremony(&self) -> Result<Option<ceremony::TrusteeState>, MemoryError> {
        let read = |bytes: &CeremonyBytes| ceremony::TrusteeState::from_bytes(&bytes.0);
        Ok(self.ceremony.as_ref().map(read).transpose()?)
    }

    /// The key share.
    ///
    /// # Errors
    /// [`MemoryError::NoShare`] before the ceremony is over.
    pub fn share(&self) -> Result<KeyShare, MemoryError> {
        match self.ceremony()? {
            Some(ceremony::TrusteeState::KeyShare(share)) => Ok(share),
            _ => Err(MemoryError::NoShare),
        }
    }

    /// This memory with another state of the ceremony.
    #[must_use]
    pub fn with_ceremony(&self, state: &ceremony::TrusteeState) -> Self {
        let bytes = state.to_bytes().to_vec().into();
        Self {
            ceremony: Some(CeremonyBytes(bytes)),
            ..self.clone()
        }
    }

    /// The tree the share was used for.
    #[must_use]
    pub fn released(&self) -> Option<ClosedTree> {
        self.released.map(|tree| ClosedTree {
            root: tree.root,
            size: tree.size,
        })
    }

    /// This memory after the share is used for `tree`.
    #[must_use]
    pub fn with_release(&self, tree: &ClosedTree) -> Self {
        Self {
            released: Some(SavedTree {
                root: tree.root,
                size: tree.size,
            }),
            ..self.clone()
        }
    }

    /// Randomness for the proof numbered `stream`, the same in every run.
    #[must_use]
    pub fn proof_rng(&self, stream: u64) -> Option<ChaCha20Rng> {
        let mut rng = ChaCha20Rng::from_seed(*self.election.as_ref()?.proof_seed);
        rng.set_stream(stream);
        Some(rng)
    }
}
