//! The asset manifest: every file with size and SHA-256.
//!
//! Its SHA-256 stands in the election manifest, so its bytes are fixed: one JSON object, names in
//! byte order, no space, lower-case hex:
//! `{"assets/vote-1a2b3c4d.js":{"sha256":"<64 hex>","size":123},"vote.html":{..}}`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::pages::is_plain;

/// Size and hash of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// SHA-256 of the file as it is, not compressed.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub size: u64,
}

/// Every file by its path, without a leading slash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetManifest(BTreeMap<String, Described>);

/// Why bytes are no asset manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON that is expected.
    #[error("the asset manifest is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// A name that is no path of a page.
    #[error("the asset manifest names {0:?}, which is no path of a page")]
    Path(String),
    /// A hash that is not 64 hex digits.
    #[error("the asset manifest gives no SHA-256 for {0}")]
    Hash(String),
    /// Other bytes say the same: order, spaces, repeated names.
    #[error("the asset manifest is not in its canonical form")]
    NotCanonical,
}

impl FromIterator<(String, Described)> for AssetManifest {
    fn from_iter<I: IntoIterator<Item = (String, Described)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}

impl AssetManifest {
    /// Every file, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Described)> {
        self.0.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// A file by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Described> {
        self.0.get(path)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (number, (path, file)) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let sha256 = HEXLOWER.encode(&file.sha256);
            // Paths are plain names, so they need no escapes; writing to a string cannot fail.
            let written = write!(
                json,
                "{comma}\"{path}\":{{\"sha256\":\"{sha256}\",\"size\":{}}}",
                file.size
            );
            debug_assert!(written.is_ok(), "a string takes every text");
        }
        json.push('}');
        json
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`ManifestError`] says what is wrong with them.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            sha256: String,
            size: u64,
        }
        let files: BTreeMap<String, File> = serde_json::from_slice(bytes)?;
        let mut manifest = BTreeMap::new();
        for (path, file) in files {
            if !is_plain(&path) {
                return Err(ManifestError::Path(path));
            }
            let sha256 = HEXLOWER_PERMISSIVE
                .decode(file.sha256.as_bytes())
                .ok()
                .and_then(|hash| hash.try_into().ok())
                .ok_or_else(|| ManifestError::Hash(path.clone()))?;
            let size = file.size;
            manifest.insert(path, Described { sha256, size });
        }
        let manifest = Self(manifest);
        if manifest.to_json().as_bytes() == bytes {
            Ok(manifest)
        } else {
            Err(ManifestError::NotCanonical)
        }
    }

    /// SHA-256 of the canonical bytes: what an election manifest announces.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.to_json()).into()
    }
}
