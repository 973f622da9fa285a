//! Signatures by roles: Ed25519 over the payload of an entry (docs/PROTOCOL.md section 10.1).
//!
//! - `role` - who signs what
//! - `key` - signing keys and strict verifying keys
//! - `proposal` - entries that several roles sign, one after the other

use alloc::vec::Vec;

mod key;
mod proposal;
mod role;

use ed25519_dalek::VerifyingKey;
use hanpyo_crypto::{group, labels};

use crate::entry::{Ed25519Key, Entry, EntryType, Hash, Payload, RoleSigned, Signature, Signed};
use crate::manifest::Manifest;

pub use key::{KeyError, SigningKey, SigningKeyError, verifying_key};
pub use proposal::{Proposal, ProposalError};
pub(crate) use role::trustees;
pub use role::{Role, Signers};

/// Why an entry is not signed as it must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Another number of signatures than of roles that sign.
    #[error("{entry} entry: {found} signatures where {expected} are expected")]
    Count {
        /// Type of the entry.
        entry: EntryType,
        /// Number of roles that sign such an entry in this election.
        expected: usize,
        /// Number of signatures or signing keys found.
        found: usize,
    },
    /// The manifest names no such role.
    #[error("{entry} entry: the manifest names no {role}")]
    UnknownRole {
        /// Type of the entry.
        entry: EntryType,
        /// The role.
        role: Role,
    },
    /// A signature that the role's key did not make over this payload in this election.
    #[error("{entry} entry: the signature of the {role} is not valid")]
    Invalid {
        /// Type of the entry.
        entry: EntryType,
        /// Whose signature.
        role: Role,
    },
    /// A signing key that is not the one the manifest names.
    #[error("{entry} entry: the {role} has key {expected}, not {found}")]
    WrongKey {
        /// Type of the entry.
        entry: EntryType,
        /// Whose signature was to be made.
        role: Role,
        /// Key of the role in the manifest.
        expected: Ed25519Key,
        /// Public part of the signing key.
        found: Ed25519Key,
    },
}

/// A verifying key of the manifest that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key of the {role} {reason}")]
pub struct InvalidRoleKey {
    /// Whose key.
    pub role: Role,
    /// What is wrong with it.
    pub reason: KeyError,
}

/// What was found out about the signatures of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum SignedBy {
    /// These roles, and their signatures are valid.
    Roles(Vec<Role>),
    /// A credential, whose signature is part of the ballot's proof and was **not** verified here.
    Credential,
}

/// The keys of the roles of one election, and the election they sign for.
#[derive(Clone, Debug)]
pub struct RoleKeys {
    manifest: Hash,
    commission: VerifyingKey,
    authorities: Vec<VerifyingKey>,
    trustees: Vec<VerifyingKey>,
    tally: VerifyingKey,
}

/// The 32 bytes that a role signs: `hash("hanpyo/v1/role-signature", mh ‖ u8(type) ‖ payload)`.
#[must_use]
pub fn signed_digest(manifest: &Hash, entry: EntryType, payload: &[u8]) -> [u8; 32] {
    group::hash(
        labels::hash::ROLE_SIGNATURE,
        &[manifest.as_bytes(), &[entry.number()], payload],
    )
}

impl RoleKeys {
    /// The keys that `manifest` names.
    ///
    /// # Errors
    /// [`InvalidRoleKey`] for the first key that is not a valid one.
    pub fn new(manifest: &Manifest) -> Result<Self, InvalidRoleKey> {
        let roles = &manifest.roles;
        let decode = |role, key: &Ed25519Key| {
            verifying_key(key).map_err(|reason| InvalidRoleKey { role, reason })
        };
        let authorities = Signers::Authorities.roles(roles.authorities.len());
        let authorities = authorities.into_iter().zip(&roles.authorities);
        let trustees = trustees(roles.trustees.len()).zip(&roles.trustees);
        Ok(Self {
            manifest: manifest.hash(),
            commission: decode(Role::Commission, &roles.commission)?,
            authorities: authorities
                .map(|(role, officer)| decode(role, &officer.key))
                .collect::<Result<_, _>>()?,
            trustees: trustees
                .map(|(role, officer)| decode(role, &officer.key))
                .collect::<Result<_, _>>()?,
            tally: decode(Role::Tally, &roles.tally)?,
        })
    }

    /// Manifest hash mh that the signatures are bound to.
    #[must_use]
    pub const fn manifest_hash(&self) -> &Hash {
        &self.manifest
    }

    /// Number of credential authorities, 1 or 2.
    #[must_use]
    pub fn authorities(&self) -> usize {
        self.authorities.len()
    }

    /// The key of a role, if the election has it.
    #[must_use]
    pub fn key(&self, role: Role) -> Option<&VerifyingKey> {
        match role {
            Role::Commission => Some(&self.commission),
            Role::Authority(number) => self.authorities.get(number.position()),
            Role::Trustee(number) => self.trustees.get(number.position()),
            Role::Tally => Some(&self.tally),
        }
    }

    /// Signs a payload with the keys of the roles that must sign it, in the order of section 10.1.
    ///
    /// # Errors
    /// [`SignatureError`] if keys are missing or superfluous, or one is not that of its role.
    pub fn sign<T: Payload>(
        &self,
        payload: T,
        keys: &[&SigningKey],
    ) -> Result<Signed<T>, SignatureError> {
        let roles = payload.signers().roles(self.authorities());
        check_count(T::TYPE, roles.len(), keys.len())?;
        let digest = signed_digest(&self.manifest, T::TYPE, &crate::entry::encoded(&payload));
        let signatures = roles
            .into_iter()
            .zip(keys)
            .map(|(role, key)| self.sign_as(T::TYPE, role, key, &digest))
            .collect::<Result<_, _>>()?;
        Ok(Signed {
            payload,
            signatures,
        })
    }

    /// Verifies all signatures of an entry signed by roles.
    ///
    /// # Errors
    /// [`SignatureError`] names the entry's type and the role whose signature is missing or wrong.
    pub fn verify(&self, signed: &dyn RoleSigned) -> Result<Vec<Role>, SignatureError> {
        let entry = signed.entry_type();
        let roles = signed.signers().roles(self.authorities());
        let signatures = signed.signatures();
        check_count(entry, roles.len(), signatures.len())?;
        let digest = signed_digest(&self.manifest, entry, &signed.payload_bytes());
        for (role, signature) in roles.iter().zip(signatures) {
            self.verify_as(entry, *role, signature, &digest)?;
        }
        Ok(roles)
    }

    /// Verifies the signatures of any entry that roles sign; see [`SignedBy`] for ballots.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_entry(&self, entry: &Entry) -> Result<SignedBy, SignatureError> {
        entry
            .role_signed()
            .map_or(Ok(SignedBy::Credential), |signed| {
                self.verify(signed).map(SignedBy::Roles)
            })
    }

    fn key_for(&self, entry: EntryType, role: Role) -> Result<&VerifyingKey, SignatureError> {
        self.key(role)
            .ok_or(SignatureError::UnknownRole { entry, role })
    }

    fn sign_as(
        &self,
        entry: EntryType,
        role: Role,
        key: &SigningKey,
        digest: &[u8; 32],
    ) -> Result<Signature, SignatureError> {
        let expected = Ed25519Key(self.key_for(entry, role)?.to_bytes());
        let found = key.verifying_key();
        if expected != found {
            return Err(SignatureError::WrongKey {
                entry,
                role,
                expected,
                found,
            });
        }
        Ok(key.sign(digest))
    }

    fn verify_as(
        &self,
        entry: EntryType,
        role: Role,
        signature: &Signature,
        digest: &[u8; 32],
    ) -> Result<(), SignatureError> {
        self.key_for(entry, role)?
            .verify_strict(digest, &signature.0.into())
            .map_err(|_| SignatureError::Invalid { entry, role })
    }
}

fn check_count(entry: EntryType, expected: usize, found: usize) -> Result<(), SignatureError> {
    if expected == found {
        return Ok(());
    }
    Err(SignatureError::Count {
        entry,
        expected,
        found,
    })
}
