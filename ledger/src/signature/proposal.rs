//! Entries that several roles sign, each where its key is: the first makes a proposal, the others
//! add their signatures, and the complete one is an entry.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::{Role, RoleKeys, SignatureError, SigningKey, signed_digest};
use crate::entry::codec::{array, array_of, in_field, reason};
use crate::entry::{Entry, EntryError, EntryType, MAX_ENTRY_BYTES, Payload, Signature, encoded};

/// Why bytes are no proposal, or a proposal is no entry yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// Not the encoding of a proposal.
    #[error("not a proposal: {0}")]
    Malformed(String),
    /// Its payload would be no entry even with all signatures.
    #[error("the proposed entry cannot be: {0}")]
    Payload(#[from] EntryError),
    /// Credentials sign these entries, not roles.
    #[error("{0} entries are not signed by roles")]
    NotByRoles(EntryType),
    /// A signature is wrong, or a key is not that of its role.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The role does not sign this entry.
    #[error("the {role} does not sign this {entry} entry")]
    NotASigner {
        /// Type of the entry.
        entry: EntryType,
        /// The role.
        role: Role,
    },
    /// Two proposals that do not propose the same.
    #[error("the two proposals have different payloads")]
    Different,
    /// Roles have not signed yet.
    #[error("not signed yet by: {}", list(.0))]
    Missing(Vec<Role>),
}

fn list(roles: &[Role]) -> String {
    let names: Vec<_> = roles.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// A payload on its way to all its signatures. Every signature in it was verified when it came in.
///
/// It is encoded as the entry will be, with null where a signature is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    entry: EntryType,
    payload: Vec<u8>,
    signatures: Vec<(Role, Option<Signature>)>,
}

impl Proposal {
    /// A proposal that nobody has signed.
    #[must_use]
    pub fn new<T: Payload>(payload: &T, keys: &RoleKeys) -> Self {
        let roles = payload.signers().roles(keys.authorities());
        Self {
            entry: T::TYPE,
            payload: encoded(payload),
            signatures: roles.into_iter().map(|role| (role, None)).collect(),
        }
    }

    /// Reads a proposal and verifies the signatures it has.
    ///
    /// # Errors
    /// [`ProposalError`] says what is wrong with it.
    pub fn decode(bytes: &[u8], keys: &RoleKeys) -> Result<Self, ProposalError> {
        if bytes.len() > MAX_ENTRY_BYTES {
            let found = bytes.len();
            return Err(EntryError::TooLong { found }.into());
        }
        let malformed = |error: minicbor::decode::Error| ProposalError::Malformed(reason(&error));
        let (number, payload, found) = read(bytes).map_err(malformed)?;
        let entry = EntryType::try_from(number)?;
        let blank = Self {
            entry,
            payload: payload.to_vec(),
            signatures: Vec::new(),
        };
        let preview = blank.with_signatures(found.iter().map(|_| &UNSIGNED))?;
        let signed = preview
            .role_signed()
            .ok_or(ProposalError::NotByRoles(entry))?;
        let roles = signed.signers().roles(keys.authorities());
        super::check_count(entry, roles.len(), found.len())?;
        let digest = signed_digest(keys.manifest_hash(), entry, payload);
        for (role, signature) in roles.iter().zip(&found) {
            if let Some(signature) = signature {
                keys.verify_as(entry, *role, signature, &digest)?;
            }
        }
        let proposal = Self {
            signatures: roles.into_iter().zip(found).collect(),
            ..blank
        };
        if proposal.encode() == bytes {
            Ok(proposal)
        } else {
            let reason = "not the canonical encoding".to_owned();
            Err(ProposalError::Malformed(reason))
        }
    }

    /// Bytes to hand to the next role: `[type, payload, [signature / null ...]]`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.write(
            self.signatures
                .iter()
                .map(|(_, signature)| signature.as_ref()),
        )
    }

    /// Type of the entry that is proposed.
    #[must_use]
    pub const fn entry_type(&self) -> EntryType {
        self.entry
    }

    /// Canonical bytes of what is proposed.
    #[must_use]
    pub fn payload_bytes(&self) -> &[u8] {
        &self.payload
    }

    /// The entry to look at before signing: signatures that are missing are zeros in it.
    ///
    /// # Errors
    /// [`ProposalError::Payload`] if the payload is too long to become an entry.
    pub fn preview(&self) -> Result<Entry, ProposalError> {
        let signatures = self.signatures.iter();
        self.with_signatures(
            signatures.map(|(_, signature)| signature.as_ref().unwrap_or(&UNSIGNED)),
        )
    }

    /// The roles that have not signed.
    #[must_use]
    pub fn missing(&self) -> Vec<Role> {
        let signatures = self.signatures.iter();
        let missing = signatures.filter(|(_, signature)| signature.is_none());
        missing.map(|(role, _)| *role).collect()
    }

    /// Signs it as `role`.
    ///
    /// # Errors
    /// [`ProposalError::NotASigner`], or [`SignatureError::WrongKey`] if the key is not the role's.
    pub fn sign(
        &mut self,
        keys: &RoleKeys,
        role: Role,
        key: &SigningKey,
    ) -> Result<(), ProposalError> {
        let entry = self.entry;
        let digest = signed_digest(keys.manifest_hash(), entry, &self.payload);
        let slot = self
            .signatures
            .iter_mut()
            .find(|(signer, _)| *signer == role)
            .ok_or(ProposalError::NotASigner { entry, role })?;
        slot.1 = Some(keys.sign_as(entry, role, key, &digest)?);
        Ok(())
    }

    /// Takes over the signatures of another proposal of the same payload.
    ///
    /// # Errors
    /// [`ProposalError::Different`] if it is not the same.
    pub fn merge(&mut self, other: &Self) -> Result<(), ProposalError> {
        if (self.entry, &self.payload) != (other.entry, &other.payload) {
            return Err(ProposalError::Different);
        }
        for ((_, slot), (_, signature)) in self.signatures.iter_mut().zip(&other.signatures) {
            *slot = slot.or(*signature);
        }
        Ok(())
    }

    /// The entry, once all roles have signed.
    ///
    /// # Errors
    /// [`ProposalError::Missing`] names those who have not.
    pub fn complete(&self) -> Result<Entry, ProposalError> {
        let missing = self.missing();
        if missing.is_empty() {
            self.preview()
        } else {
            Err(ProposalError::Missing(missing))
        }
    }

    fn with_signatures<'s>(
        &self,
        signatures: impl Iterator<Item = &'s Signature>,
    ) -> Result<Entry, ProposalError> {
        Ok(Entry::decode(&self.write(signatures.map(Some)))?)
    }

    fn write<'s>(&self, signatures: impl Iterator<Item = Option<&'s Signature>>) -> Vec<u8> {
        encoded(&Parts {
            entry: self.entry,
            payload: &self.payload,
            signatures: signatures.collect(),
        })
    }
}

/// Stands where a signature is missing in a preview.
const UNSIGNED: Signature = Signature([0; Signature::LENGTH]);

/// An entry or proposal around payload bytes.
struct Parts<'a> {
    entry: EntryType,
    payload: &'a [u8],
    signatures: Vec<Option<&'a Signature>>,
}

impl Encode<()> for Parts<'_> {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?.u8(self.entry.number())?;
        e.writer_mut()
            .write_all(self.payload)
            .map_err(minicbor::encode::Error::write)?;
        e.array(self.signatures.len() as u64)?;
        self.signatures
            .iter()
            .try_for_each(|signature| signature.encode(e, ctx))
    }
}

/// Type number, payload bytes and signatures.
type Read<'b> = (u64, &'b [u8], Vec<Option<Signature>>);

fn read(bytes: &[u8]) -> Result<Read<'_>, minicbor::decode::Error> {
    let mut d = Decoder::new(bytes);
    array_of(&mut d, 3)?;
    let number = d.u64()?;
    let start = d.position();
    d.skip()?;
    let payload = bytes.get(start..d.position()).unwrap_or_default();
    let signatures = (0..array(&mut d)?)
        .map(|_| Option::decode(&mut d, &mut ()))
        .collect::<Result<_, _>>()
        .map_err(in_field("signatures"))?;
    Ok((number, payload, signatures))
}
