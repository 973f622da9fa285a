//! The election that ballots are bound to: a manifest that obeys its rules, and the joint key that every trustee
//! of the manifest signed.

use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::{ElectionContext, NumberedContest};
use hanpyo_crypto::elgamal::JointKey;
use hanpyo_crypto::group::DecodeError;

use crate::entry::{
    CeremonyConfirmation, EntryError, EntryType, Hash, JointKey as JointKeyEntry, Signed,
    StyleNumber, TrusteeNumber, decode_as,
};
use crate::manifest::{CheckedManifest, Manifest, ManifestProblems};
use crate::signature::{Role, SignatureError};

/// An election that may be voted in.
#[derive(Clone)]
pub struct VotingElection {
    manifest: CheckedManifest,
    context: ElectionContext,
}

/// Why a device must not encrypt for an election.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Bytes that are no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The first entry is not a manifest.
    #[error("a manifest is expected, this is a {0} entry")]
    NoManifest(EntryType),
    /// Another election than the voter was given.
    #[error("the manifest has hash {found}, {expected} is expected: this is another election")]
    OtherManifest {
        /// Hash that the voter was given.
        expected: Hash,
        /// Hash of the manifest at hand.
        found: Hash,
    },
    /// The manifest breaks its rules.
    #[error("the manifest cannot be used: {0}")]
    Manifest(#[from] ManifestProblems),
    /// A signature of manifest or joint key is not that of its role.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The ceremony is not over, or the entries end before it.
    #[error("there is no joint key among these entries")]
    NoJointKey,
    /// Two joint keys are signed: the commission shows different voters different keys.
    #[error("there are two different joint-key entries")]
    TwoJointKeys,
    /// A trustee has not signed this joint key.
    #[error("{role} has not confirmed the joint key {joint_key}")]
    Unconfirmed {
        /// Who.
        role: Role,
        /// The key, in hexadecimal digits.
        joint_key: String,
    },
    /// The joint key is no point.
    #[error("joint key: {0}")]
    JointKey(#[from] DecodeError),
}

impl VotingElection {
    /// An election whose record was checked as far as the joint key (checks 1 to 4) by other means.
    #[must_use]
    pub const fn checked(manifest: CheckedManifest, context: ElectionContext) -> Self {
        Self { manifest, context }
    }

    /// Checks entry 0: canonical, signed by the commission, without problems, and of the hash that the voter
    /// was given, if one.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn read_manifest(
        entry: &[u8],
        expected: Option<Hash>,
    ) -> Result<CheckedManifest, OpenError> {
        let signed: Signed<Manifest> = match EntryType::peek(entry)? {
            EntryType::Manifest => decode_as(EntryType::Manifest, entry)?,
            other => return Err(OpenError::NoManifest(other)),
        };
        let found = signed.payload.hash();
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(OpenError::OtherManifest { expected, found });
        }
        let manifest = CheckedManifest::new(signed.payload.clone())?;
        manifest.keys().verify(&signed)?;
        Ok(manifest)
    }

    /// Takes the joint key from entries of the record, which nobody needs to vouch for: the key counts only if
    /// every trustee of the manifest signed a confirmation of it, for the same attempt and the same transcript.
    /// Entries of other types are passed over.
    ///
    /// The trustees' own programs checked the ceremony before they signed (docs/PROTOCOL.md section 8); one
    /// honest trustee is enough for the key to be what it says.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open<'e>(
        manifest: CheckedManifest,
        entries: impl IntoIterator<Item = &'e [u8]>,
    ) -> Result<Self, OpenError> {
        let mut joint_key: Option<Signed<JointKeyEntry>> = None;
        let mut confirmations = Vec::new();
        for bytes in entries {
            match EntryType::peek(bytes)? {
                EntryType::JointKey => {
                    let signed: Signed<JointKeyEntry> = decode_as(EntryType::JointKey, bytes)?;
                    match &joint_key {
                        Some(first) if first.payload != signed.payload => {
                            return Err(OpenError::TwoJointKeys);
                        }
                        _ => joint_key = Some(signed),
                    }
                }
                EntryType::CeremonyConfirmation => {
                    confirmations.push(decode_as(EntryType::CeremonyConfirmation, bytes)?);
                }
                _ => {}
            }
        }
        let joint_key = joint_key.ok_or(OpenError::NoJointKey)?;
        manifest.keys().verify(&joint_key)?;
        let key = &joint_key.payload;
        for role in crate::signature::trustees(manifest.manifest().roles.trustees.len()) {
            let Role::Trustee(trustee) = role else {
                continue;
            };
            let confirmed = |signed: &Signed<CeremonyConfirmation>| {
                confirms(&signed.payload, trustee, key) && manifest.keys().verify(signed).is_ok()
            };
            if !confirmations.iter().any(confirmed) {
                return Err(OpenError::Unconfirmed {
                    role,
                    joint_key: base16ct::lower::encode_string(key.joint_key_point.as_bytes()),
                });
            }
        }
        let point = JointKey::decode(key.joint_key_point.as_bytes())?;
        let context = ElectionContext::new(*manifest.hash().as_bytes(), point);
        Ok(Self { manifest, context })
    }

    /// The manifest.
    #[must_use]
    pub const fn manifest(&self) -> &CheckedManifest {
        &self.manifest
    }

    /// What ballots are bound to: manifest hash and joint key.
    #[must_use]
    pub const fn context(&self) -> &ElectionContext {
        &self.context
    }

    /// Contests of a style, in its order; none if there is no such style.
    #[must_use]
    pub fn style(&self, style: StyleNumber) -> Option<&[NumberedContest]> {
        self.manifest.style(style)
    }
}

fn confirms(
    confirmation: &CeremonyConfirmation,
    trustee: TrusteeNumber,
    key: &JointKeyEntry,
) -> bool {
    confirmation.trustee == trustee
        && confirmation.attempt == key.attempt
        && confirmation.transcript == key.transcript
        && confirmation.joint_key_point == key.joint_key_point
}
