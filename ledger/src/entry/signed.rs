//! Entries signed by roles: `[type, payload, [+ signature]]` (docs/PROTOCOL.md section 10.1).

use alloc::vec::Vec;

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::codec;
use super::values::{AuthorityNumber, Signature, TrusteeNumber};
use super::{Content, EntryType, encoded};
use crate::signature::{Role, Signers};

/// The payload of an entry that roles sign.
pub trait Payload: Encode<()> + for<'b> Decode<'b, ()> + 'static {
    /// Its entry type.
    const TYPE: EntryType;

    /// Who signs it.
    fn signers(&self) -> Signers;
}

/// The table of section 10.1.
macro_rules! signed_by {
    ($($name:ident: |$payload:pat_param| $signers:expr;)+) => {$(
        impl Payload for super::$name {
            const TYPE: EntryType = EntryType::$name;

            fn signers(&self) -> Signers {
                let $payload = self;
                $signers
            }
        }
    )+};
}

const COMMISSION: Signers = Signers::One(Role::Commission);
const TALLY: Signers = Signers::One(Role::Tally);

const fn trustee(number: TrusteeNumber) -> Signers {
    Signers::One(Role::Trustee(number))
}

const fn authority(number: AuthorityNumber) -> Signers {
    Signers::One(Role::Authority(number))
}

signed_by! {
    Manifest: |_| COMMISSION;
    CeremonyCommitment: |entry| trustee(entry.trustee);
    CeremonyOpening: |entry| trustee(entry.trustee);
    CeremonyShares: |entry| trustee(entry.trustee);
    CeremonyConfirmation: |entry| trustee(entry.trustee);
    CeremonyComplaint: |entry| trustee(entry.complainant);
    CeremonyRestart: |_| COMMISSION;
    JointKey: |_| COMMISSION;
    Drill: |entry| trustee(entry.trustee);
    HalfListCommitment: |entry| authority(entry.authority);
    HalfListChunk: |entry| authority(entry.authority);
    RollChunk: |_| Signers::Authorities;
    RollSealed: |_| Signers::AuthoritiesAndCommission;
    Revocation: |_| Signers::AuthoritiesAndCommission;
    Reissue: |_| Signers::AuthoritiesAndCommission;
    Open: |_| COMMISSION;
    PaperStrike: |_| COMMISSION;
    PaperTurnout: |_| COMMISSION;
    Redating: |_| COMMISSION;
    AssetAmendment: |_| COMMISSION;
    Close: |_| COMMISSION;
    EncryptedTally: |_| TALLY;
    PartialDecryption: |entry| trustee(entry.trustee);
    ContestResult: |_| TALLY;
    ElectionResult: |_| TALLY;
    Void: |_| COMMISSION;
}

/// A payload with the signatures of its roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// What was signed.
    pub payload: T,
    /// One signature of each role that must sign, in the order of section 10.1.
    pub signatures: Vec<Signature>,
}

/// Any [`Signed`] payload, for those who only look at its signatures.
pub trait RoleSigned {
    /// Type of the entry.
    fn entry_type(&self) -> EntryType;

    /// Who signs it.
    fn signers(&self) -> Signers;

    /// Canonical bytes of the payload, which the signatures cover.
    fn payload_bytes(&self) -> Vec<u8>;

    /// The signatures, in order.
    fn signatures(&self) -> &[Signature];
}

impl<T: Payload> Content for Signed<T> {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let payload = T::decode(d, &mut ())?;
        let found = usize::try_from(codec::array(d)?).unwrap_or(usize::MAX);
        let counts = payload.signers().counts();
        if !counts.contains(&found) {
            return Err(codec::malformed(format_args!(
                "{found} signatures where {} to {} are expected",
                counts.start(),
                counts.end()
            )));
        }
        let signatures = (0..found)
            .map(|_| Signature::decode(d, &mut ()))
            .collect::<Result<_, _>>()
            .map_err(codec::in_field("signatures"))?;
        Ok(Self {
            payload,
            signatures,
        })
    }
    fn role_signed(&self) -> Option<&dyn RoleSigned> {
        Some(self)
    }
}

impl<T: Payload> RoleSigned for Signed<T> {
    fn entry_type(&self) -> EntryType {
        T::TYPE
    }

    fn signers(&self) -> Signers {
        self.payload.signers()
    }

    fn payload_bytes(&self) -> Vec<u8> {
        encoded(&self.payload)
    }

    fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl<T: Payload> Encode<()> for Signed<T> {
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
            .try_for_each(|signature| signature.encode(e, ctx))
    }
}
