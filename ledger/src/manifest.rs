//! The manifest: everything that is fixed before an election begins (docs/PROTOCOL.md section 10.2).
//!
//! | module | what it holds |
//! |---|---|
//! | [`types`] | the manifest as it stands in entry 0 |
//! | [`problem`], `check` | the rules beyond the encoding, all violations reported |
//! | `checked` | [`CheckedManifest`]: rules kept, keys, kinds and policy parsed |
//! | `log` | whether a log is the one that the manifest names |
//! | [`profiles`] | legal profiles as data |
//! | `draft` | [`ManifestDraft`]: JSON that people write (feature `json`) |
//! | [`sizes`] | how long ballot entries become |

use alloc::vec::Vec;

mod check;
mod checked;
#[cfg(feature = "json")]
pub mod draft;
mod log;
pub mod problem;
pub mod profiles;
pub mod sizes;
pub mod types;

use hanpyo_crypto::{group, labels};

use crate::entry::Hash;
pub use checked::{CheckedManifest, ManifestProblems};
#[cfg(feature = "json")]
pub use draft::ManifestDraft;
pub use log::OtherLog;
pub use problem::{KeyHolder, ManifestProblem};
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
