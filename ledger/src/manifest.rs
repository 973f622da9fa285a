//! The manifest: everything that is fixed before an election begins (docs/PROTOCOL.md section 10.2).
//!
//! - [`types`] - the manifest as it stands in entry 0

pub mod types;

use hanpyo_crypto::{group, labels};

use crate::entry::Hash;
pub use types::*;

impl Manifest {
    /// The bytes that are hashed and signed: the payload of entry 0.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        crate::entry::encoded(self)
    }

    /// Manifest hash mh, which everything in the record is bound to.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash(group::hash(
            labels::hash::MANIFEST,
            &[&self.canonical_bytes()],
        ))
    }
}
