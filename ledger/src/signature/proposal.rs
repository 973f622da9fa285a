//! Entries that several roles sign, each where its key is: the first makes a proposal, the others
//! add their signatures, and the complete one becomes an entry.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::{Role, RoleKeys, SignatureError, SigningKey, signed_digest};
use crate::entry::codec::{array, array_of, in_field};
use crate::entry::{EntryType, MAX_ENTRY_BYTES, Payload, Signature, Signed, encoded};

/// Why bytes are no proposal, or a proposal is no entry yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// Not the encoding of a proposal of this type.
    #[error("not a proposal of a {entry} entry: {reason}")]
    Malformed {
        /// Type expected.
        entry: EntryType,
        /// What is wrong.
        reason: String,
    },
    /// A signature is wrong or the role has nothing to sign here.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Roles have not signed yet.
    #[error("not signed yet by: {}", list(.0))]
    Missing(Vec<Role>),
    /// The role does not sign entries of this type.
    #[error("the {role} does not sign {entry} entries")]
    NotASigner {
        /// Type of the entry.
        entry: EntryType,
        /// The role.
        role: Role,
    },
}

fn list(roles: &[Role]) -> String {
    let names: Vec<_> = roles.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// A payload on its way to all its signatures. Signatures that stand in it are valid.
///
/// Encoded as an entry is, with null where a signature is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal<T> {
    payload: T,
    signatures: Vec<(Role, Option<Signature>)>,
}

impl<T: Payload> Proposal<T> {
    /// A proposal that nobody has signed.
    #[must_use]
    pub fn new(payload: T, keys: &RoleKeys) -> Self {
        let roles = payload.signers().roles(keys.authorities());
        Self {
            payload,
            signatures: roles.into_iter().map(|role| (role, None)).collect(),
        }
    }

    /// What is proposed.
    #[must_use]
    pub const fn payload(&self) -> &T {
        &self.payload
    }

    /// The roles that have not signed.
    #[must_use]
    pub fn missing(&self) -> Vec<Role> {
        let missing = self
            .signatures
            .iter()
            .filter(|(_, signature)| signature.is_none());
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
        let digest = self.digest(keys);
        let slot = self.slot(role)?;
        *slot = Some(keys.sign_as(T::TYPE, role, key, &digest)?);
        Ok(())
    }

    /// The entry, once all roles have signed.
    ///
    /// # Errors
    /// [`ProposalError::Missing`] names those who have not.
    pub fn complete(self) -> Result<Signed<T>, ProposalError> {
        let missing = self.missing();
        if !missing.is_empty() {
            return Err(ProposalError::Missing(missing));
        }
        Ok(Signed {
            payload: self.payload,
            signatures: self.signatures.into_iter().filter_map(|(_, s)| s).collect(),
        })
    }

    /// Bytes to hand to the next role.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encoded(self)
    }

    /// Reads a proposal and verifies the signatures it has.
    ///
    /// # Errors
    /// [`ProposalError::Malformed`] or [`ProposalError::Signature`].
    pub fn decode(bytes: &[u8], keys: &RoleKeys) -> Result<Self, ProposalError> {
        let malformed = |reason: String| ProposalError::Malformed {
            entry: T::TYPE,
            reason,
        };
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(malformed(format!("{} bytes are too many", bytes.len())));
        }
        let (payload, signatures) =
            Self::read(&mut Decoder::new(bytes)).map_err(|error| malformed(error.to_string()))?;
        let mut proposal = Self::new(payload, keys);
        if signatures.len() != proposal.signatures.len() {
            let expected = proposal.signatures.len();
            let found = signatures.len();
            return Err(malformed(format!(
                "{found} places for signatures where {expected} are expected"
            )));
        }
        let digest = proposal.digest(keys);
        for ((role, slot), signature) in proposal.signatures.iter_mut().zip(signatures) {
            if let Some(signature) = &signature {
                keys.verify_as(T::TYPE, *role, signature, &digest)?;
            }
            *slot = signature;
        }
        if proposal.encode() != bytes {
            return Err(malformed("not the canonical encoding".to_owned()));
        }
        Ok(proposal)
    }

    fn read(d: &mut Decoder<'_>) -> Result<(T, Vec<Option<Signature>>), minicbor::decode::Error> {
        array_of(d, 3)?;
        let number = d.u8()?;
        if number != T::TYPE.number() {
            let text = format!("entry type {number}");
            return Err(minicbor::decode::Error::message(text));
        }
        let payload = T::decode(d, &mut ())?;
        let signatures = (0..array(d)?)
            .map(|_| Option::decode(d, &mut ()))
            .collect::<Result<_, _>>()
            .map_err(in_field("signatures"))?;
        Ok((payload, signatures))
    }

    fn digest(&self, keys: &RoleKeys) -> [u8; 32] {
        signed_digest(keys.manifest_hash(), T::TYPE, &encoded(&self.payload))
    }

    fn slot(&mut self, role: Role) -> Result<&mut Option<Signature>, ProposalError> {
        self.signatures
            .iter_mut()
            .find(|(signer, _)| *signer == role)
            .map(|(_, slot)| slot)
            .ok_or(ProposalError::NotASigner {
                entry: T::TYPE,
                role,
            })
    }
}

impl<T: Payload> Encode<()> for Proposal<T> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?.u8(T::TYPE.number())?;
        self.payload.encode(e, ctx)?;
        e.array(self.signatures.len() as u64)?;
        self.signatures
            .iter()
            .try_for_each(|(_, signature)| signature.encode(e, ctx))
    }
}
