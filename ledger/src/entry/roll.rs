//! Entries 10 to 15: the roll of credentials (docs/PROTOCOL.md section 10.3, steps 5 and 6).

use super::bounded::{Bytes, List};
use super::codec::record;
use super::values::{
    AuthorityNumber, CredentialIndex, EncodedPoint, Hash, Reason, StyleNumber, UnitNumber, Weight,
};

/// What a half list is for: the roll, or the re-issue of one revoked credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The roll.
    Roll,
    /// The re-issue of this revoked credential.
    Reissue(CredentialIndex),
}

impl Subject {
    /// The bytes that stand for it in the half-list commitment (section 10.3): LE64 of the revoked
    /// index, or of 2^64 - 1 for the roll.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 8] {
        match self {
            Self::Roll => u64::MAX,
            Self::Reissue(revoked) => u64::from(revoked),
        }
        .to_le_bytes()
    }
}

impl<Ctx> minicbor::Encode<Ctx> for Subject {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut Ctx,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Roll => None,
            Self::Reissue(revoked) => Some(*revoked),
        }
        .encode(e, ctx)
    }
}

impl<'b, Ctx> minicbor::Decode<'b, Ctx> for Subject {
    fn decode(
        d: &mut minicbor::Decoder<'b>,
        ctx: &mut Ctx,
    ) -> Result<Self, minicbor::decode::Error> {
        Ok(Option::decode(d, ctx)?.map_or(Self::Roll, Self::Reissue))
    }
}

record! {
    /// Entry 10, by the authority: the hash of its half list.
    HalfListCommitment {
        /// Whose half.
        authority: AuthorityNumber,
        /// What for.
        subject: Subject,
        /// Hash of the half list (section 10.3).
        hash: Hash,
    }
}

record! {
    /// Entry 11, by the authority: a part of its half list.
    HalfListChunk {
        /// Whose half.
        authority: AuthorityNumber,
        /// What for.
        subject: Subject,
        /// Place of the first point in the half list.
        first: CredentialIndex,
        /// Public half credentials P_a joined, 32 bytes each.
        points: Bytes<32, 65_408>,
    }
}

record! {
    /// One credential of the roll; its index is its place.
    RollRow {
        /// Public credential P.
        credential: EncodedPoint,
        /// Ballot style.
        style: StyleNumber,
        /// Public weight, 1 where all votes are equal.
        weight: Weight,
        /// Reporting unit.
        unit: UnitNumber,
    }
}

record! {
    /// Entry 12, by every authority: a part of the roll.
    RollChunk {
        /// Index of the first row.
        first: CredentialIndex,
        /// The rows, in order.
        rows: List<RollRow, 1, 1500>,
    }
}

record! {
    /// Entry 13, by every authority and the commission: the announced electorate.
    RollSealed {
        /// Number of credentials.
        credentials: ElectorateSize,
        /// Number of credentials of each unit, in order of units.
        per_unit: List<u64, 1, 65_535>,
    }
}

super::codec::integers! {
    /// Number of credentials in the sealed roll, at least one.
    ElectorateSize(u32, 1, u32::MAX);
}

record! {
    /// Entry 14, by every authority and the commission: a credential may no longer vote.
    Revocation {
        /// Which credential.
        credential: CredentialIndex,
        /// Why.
        reason: Reason,
    }
}

record! {
    /// Entry 15, by every authority and the commission: a new credential instead of a revoked one.
    Reissue {
        /// The revoked credential.
        revoked: CredentialIndex,
        /// The next free index.
        new: CredentialIndex,
        /// Public credential P of the new index.
        credential: EncodedPoint,
    }
}
