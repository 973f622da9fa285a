//! What the programs know of an election once the record checker has accepted it.

use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::{AuthorityNumber, EncodedPoint, Hash, TrusteeNumber};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::signature::{InvalidRoleKey, Role, RoleKeys, SigningKey};
use thiserror::Error;

/// A key that the manifest names for no such role.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the manifest names no {role} with the key {key} of this secret file")]
pub struct NotInManifest {
    /// Kind of role looked for.
    pub role: &'static str,
    /// Public key, hex.
    pub key: String,
}

/// A manifest, its hash and the keys it names.
pub struct Election {
    /// The manifest.
    pub manifest: Manifest,
    /// mh.
    pub hash: Hash,
    /// Keys of all roles.
    pub keys: RoleKeys,
}

impl Election {
    /// Takes a manifest that was checked.
    ///
    /// # Errors
    /// A role's key is no key.
    pub fn new(manifest: Manifest) -> Result<Self, InvalidRoleKey> {
        Ok(Self {
            hash: manifest.hash(),
            keys: RoleKeys::new(&manifest)?,
            manifest,
        })
    }

    /// The manifest's fingerprint as printed on letters and compared by people: the first 128 bits of mh.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hex = HEXLOWER.encode(self.hash.as_bytes().get(..16).unwrap_or_default());
        hex.as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Which trustee this key is.
    ///
    /// # Errors
    /// [`NotInManifest`].
    pub fn trustee(&self, key: &SigningKey) -> Result<TrusteeNumber, NotInManifest> {
        (1..=32_u64)
            .filter_map(|number| TrusteeNumber::try_from(number).ok())
            .find(|number| self.has(Role::Trustee(*number), key))
            .ok_or_else(|| missing("trustee", key))
    }

    /// Which authority this key is.
    ///
    /// # Errors
    /// [`NotInManifest`].
    pub fn authority(&self, key: &SigningKey) -> Result<AuthorityNumber, NotInManifest> {
        [AuthorityNumber::MIN, AuthorityNumber::MAX]
            .into_iter()
            .find(|number| self.has(Role::Authority(*number), key))
            .ok_or_else(|| missing("credential authority", key))
    }

    /// Whether this key is the tally operator's.
    ///
    /// # Errors
    /// [`NotInManifest`].
    pub fn tally(&self, key: &SigningKey) -> Result<(), NotInManifest> {
        if self.has(Role::Tally, key) {
            Ok(())
        } else {
            Err(missing("tally operator", key))
        }
    }

    fn has(&self, role: Role, key: &SigningKey) -> bool {
        self.keys
            .key(role)
            .is_some_and(|named| named.as_bytes() == key.verifying_key().as_bytes())
    }
}

fn missing(role: &'static str, key: &SigningKey) -> NotInManifest {
    NotInManifest {
        role,
        key: HEXLOWER.encode(key.verifying_key().as_bytes()),
    }
}

/// An election whose key ceremony and drill are done.
#[derive(Clone, Copy)]
pub struct KeyedElection<'a> {
    /// The election.
    pub election: &'a Election,
    /// K.
    pub joint_key: EncodedPoint,
}
