//! Entries of the record: every type of docs/protocol.cddl, decoded strictly (docs/PROTOCOL.md
//! section 10.1).
//!
//! | module | entries |
//! |---|---|
//! | [`ceremony`] | 2 to 9, key ceremony and drill |
//! | [`roll`] | 10 to 15, credentials |
//! | [`voting`] | 16, 19 to 23, the commission while voting goes on |
//! | [`ballot`] | 17 and 18, ballots and posted challenges |
//! | [`tally`] | 24 to 28, encrypted tally to result |
//! | [`signed`] | signatures by roles around a payload |
//! | [`values`], [`bounded`] | numbers, keys, texts and lists with their ranges |
//!
//! Entry 1 is the [manifest](crate::manifest).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

pub mod ballot;
pub mod bounded;
pub mod ceremony;
pub(crate) mod codec;
pub mod roll;
pub mod signed;
pub mod tally;
pub mod values;
pub mod voting;

use minicbor::{Decoder, Encode, Encoder};

use crate::manifest::Manifest;

pub use ballot::{BallotEntry, BallotRef, BodyBytes, BodyError, ContestOpening, PostedChallenge};
pub use ceremony::{
    CeremonyCommitment, CeremonyComplaint, CeremonyConfirmation, CeremonyOpening, CeremonyRestart,
    CeremonyShares, Drill, JointKey,
};
pub use roll::{
    ElectorateSize, HalfListChunk, HalfListCommitment, Reissue, Revocation, RollChunk, RollRow,
    RollSealed, Subject,
};
pub use signed::{Payload, RoleSigned, Signed};
pub use tally::{
    ContestResult, ElectionResult, EncryptedTally, Group, GroupDecryption, Outcome,
    PartialDecryption, Status, Void,
};
pub use values::{
    Attempt, AuthorityNumber, ContestNumber, Count, CredentialIndex, Ed25519Key, EncodedPoint,
    EqualityProof, GroupNumber, Hash, OptionNumber, OutOfRange, Part, Reason, Seconds, Signature,
    StyleNumber, TrusteeNumber, UnitNumber, Weight,
};
pub use voting::{AssetAmendment, Close, Open, PaperStrike, PaperTurnout, Redating};

/// Greatest number of bytes of an entry: its length is two bytes in an entry bundle.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Why bytes are no entry, or an entry cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// More bytes than an entry may have.
    #[error("{found} bytes; an entry has at most {MAX_ENTRY_BYTES}")]
    TooLong {
        /// Number of bytes.
        found: usize,
    },
    /// Not an array that starts with an entry type.
    #[error("not an entry: {reason}")]
    NoType {
        /// What was found instead.
        reason: String,
    },
    /// An entry type that this protocol does not have.
    #[error("there is no entry type {0}")]
    UnknownType(u64),
    /// Not what protocol.cddl says of this entry type.
    #[error("{entry} entry: {reason}")]
    Malformed {
        /// Type of the entry.
        entry: EntryType,
        /// Which field, what was expected and what was found.
        reason: String,
    },
    /// Not the deterministic encoding of what it says.
    #[error("{entry} entry: not canonical from byte {position} on")]
    NotCanonical {
        /// Type of the entry.
        entry: EntryType,
        /// First byte that differs from the deterministic encoding.
        position: usize,
    },
}

/// Canonical bytes of a value that is part of an entry.
pub(crate) fn encoded<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    #[expect(
        clippy::expect_used,
        reason = "writing to a Vec cannot fail, and no encoder of this crate raises an error itself"
    )]
    minicbor::encode(value, &mut bytes).expect("encoding to memory");
    bytes
}

/// What follows the type number of an entry.
pub(crate) trait Content: Sized {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error>;

    /// What roles sign; none for what credentials sign.
    fn role_signed(&self) -> Option<&dyn RoleSigned> {
        None
    }
}

impl<T: Content> Content for Box<T> {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        T::decode_after_type(d).map(Self::new)
    }

    fn role_signed(&self) -> Option<&dyn RoleSigned> {
        T::role_signed(self)
    }
}

macro_rules! entries {
    ($(
        $(#[$doc:meta])*
        $variant:ident($content:ty) = $number:literal $name:literal;
    )+) => {
        /// The type number an entry starts with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EntryType {
            $($(#[$doc])* $variant),+
        }

        impl EntryType {
            /// All types, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The type's number.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number),+
                }
            }

            /// The type's name in protocol.cddl.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl TryFrom<u64> for EntryType {
            type Error = EntryError;

            fn try_from(number: u64) -> Result<Self, EntryError> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    other => Err(EntryError::UnknownType(other)),
                }
            }
        }

        /// Any entry.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Entry {
            $($(#[$doc])* $variant($content)),+
        }

        impl Entry {
            /// The entry's type.
            #[must_use]
            pub const fn entry_type(&self) -> EntryType {
                match self {
                    $(Self::$variant(_) => EntryType::$variant),+
                }
            }

            /// The entry as something that roles sign; none for ballots and challenges, which
            /// credentials sign.
            #[must_use]
            pub fn role_signed(&self) -> Option<&dyn RoleSigned> {
                match self {
                    $(Self::$variant(content) => Content::role_signed(content)),+
                }
            }

            fn decode_after_type(
                entry: EntryType,
                d: &mut Decoder<'_>,
            ) -> Result<Self, minicbor::decode::Error> {
                Ok(match entry {
                    $(EntryType::$variant => Self::$variant(<$content as Content>::decode_after_type(d)?)),+
                })
            }
        }

        impl Encode<()> for Entry {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                ctx: &mut (),
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                match self {
                    $(Self::$variant(content) => content.encode(e, ctx)),+
                }
            }
        }

        $(
            impl From<$content> for Entry {
                fn from(content: $content) -> Self {
                    Self::$variant(content)
                }
            }
        )+
    };
}

entries! {
    /// The manifest, entry 0.
    Manifest(Box<Signed<Manifest>>) = 1 "manifest";
    /// Key ceremony, round 0.
    CeremonyCommitment(Signed<CeremonyCommitment>) = 2 "ceremony-commitment";
    /// Key ceremony, round 1.
    CeremonyOpening(Signed<CeremonyOpening>) = 3 "ceremony-opening";
    /// Key ceremony, round 2.
    CeremonyShares(Signed<CeremonyShares>) = 4 "ceremony-shares";
    /// Key ceremony, round 3.
    CeremonyConfirmation(Signed<CeremonyConfirmation>) = 5 "ceremony-confirmation";
    /// Key ceremony: a wrong share.
    CeremonyComplaint(Signed<CeremonyComplaint>) = 6 "ceremony-complaint";
    /// Key ceremony: a new attempt.
    CeremonyRestart(Signed<CeremonyRestart>) = 7 "ceremony-restart";
    /// Key ceremony: its outcome.
    JointKey(Signed<JointKey>) = 8 "joint-key";
    /// Decryption drill.
    Drill(Signed<Drill>) = 9 "drill";
    /// Commitment to a half list.
    HalfListCommitment(Signed<HalfListCommitment>) = 10 "half-list-commitment";
    /// Part of a half list.
    HalfListChunk(Signed<HalfListChunk>) = 11 "half-list-chunk";
    /// Part of the roll.
    RollChunk(Signed<RollChunk>) = 12 "roll-chunk";
    /// The announced electorate.
    RollSealed(Signed<RollSealed>) = 13 "roll-sealed";
    /// A credential may no longer vote.
    Revocation(Signed<Revocation>) = 14 "revocation";
    /// A new credential instead of a revoked one.
    Reissue(Signed<Reissue>) = 15 "re-issue";
    /// Voting begins.
    Open(Signed<Open>) = 16 "open";
    /// A cast ballot.
    Ballot(BallotEntry) = 17 "ballot";
    /// A ballot that was challenged, with its opening.
    PostedChallenge(PostedChallenge) = 18 "posted-challenge";
    /// A voter votes on paper.
    PaperStrike(Signed<PaperStrike>) = 19 "paper-strike";
    /// Paper votes so far.
    PaperTurnout(Signed<PaperTurnout>) = 20 "paper-turnout";
    /// Voting closes later.
    Redating(Signed<Redating>) = 21 "re-dating";
    /// The voting pages were changed.
    AssetAmendment(Signed<AssetAmendment>) = 22 "asset-amendment";
    /// Voting is over.
    Close(Signed<Close>) = 23 "close";
    /// Encrypted sums of a contest.
    EncryptedTally(Signed<EncryptedTally>) = 24 "encrypted-tally";
    /// A trustee's partial decryptions.
    PartialDecryption(Signed<PartialDecryption>) = 25 "partial-decryption";
    /// Decrypted sums of a contest.
    ContestResult(Signed<ContestResult>) = 26 "contest-result";
    /// Turnout and outcomes.
    ElectionResult(Signed<ElectionResult>) = 27 "result";
    /// The election ends without a result.
    Void(Signed<Void>) = 28 "void";
}

impl From<Signed<Manifest>> for Entry {
    fn from(manifest: Signed<Manifest>) -> Self {
        Self::Manifest(Box::new(manifest))
    }
}

impl core::fmt::Display for EntryType {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl Entry {
    /// Decodes an entry, strictly (section 10.1): at most [`MAX_ENTRY_BYTES`], lengths and ranges of
    /// protocol.cddl, deterministic encoding, nothing after it. Signatures and points are not
    /// checked here.
    ///
    /// # Errors
    /// [`EntryError`] says what is wrong and where.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry_type = EntryType::peek(bytes)?;
        decode_with(entry_type, bytes, |d| {
            Self::decode_after_type(entry_type, d)
        })
    }

    /// Canonical bytes of the entry.
    ///
    /// # Errors
    /// [`EntryError::TooLong`] if they are more than an entry may have.
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        let bytes = encoded(self);
        within_limit(&bytes)?;
        Ok(bytes)
    }
}

/// Decodes an entry of one type, as strictly as [`Entry::decode`], for a reader that wants no other: the code of
/// all other types then need not be where it runs. `bytes` must be of that type by [`EntryType::peek`].
pub(crate) fn decode_as<T: Content + Encode<()>>(
    entry_type: EntryType,
    bytes: &[u8],
) -> Result<T, EntryError> {
    decode_with(entry_type, bytes, T::decode_after_type)
}

/// Canonical bytes of one entry.
pub(crate) fn encode_one<T: Content + Encode<()>>(entry: &T) -> Result<Vec<u8>, EntryError> {
    let bytes = encoded(entry);
    within_limit(&bytes)?;
    Ok(bytes)
}

fn decode_with<T: Encode<()>>(
    entry_type: EntryType,
    bytes: &[u8],
    decode_after_type: impl FnOnce(&mut Decoder<'_>) -> Result<T, minicbor::decode::Error>,
) -> Result<T, EntryError> {
    within_limit(bytes)?;
    let mut d = Decoder::new(bytes);
    let malformed = |error: minicbor::decode::Error| EntryError::Malformed {
        entry: entry_type,
        reason: codec::reason(&error),
    };
    let length = codec::array(&mut d).map_err(malformed)?;
    d.skip().map_err(malformed)?; // the type
    let expected = entry_type.items();
    if length != expected {
        return Err(malformed(codec::malformed(format_args!(
            "an array of {length} items where {expected} are expected"
        ))));
    }
    let entry = decode_after_type(&mut d).map_err(malformed)?;
    let canonical = encoded(&entry);
    if canonical == bytes {
        Ok(entry)
    } else {
        let same = canonical.iter().zip(bytes).take_while(|(a, b)| a == b);
        Err(EntryError::NotCanonical {
            entry: entry_type,
            position: same.count(),
        })
    }
}

fn within_limit(bytes: &[u8]) -> Result<(), EntryError> {
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(EntryError::TooLong { found: bytes.len() });
    }
    Ok(())
}

impl EntryType {
    /// The type that `bytes` claim to be, without looking further.
    ///
    /// # Errors
    /// [`EntryError::TooLong`], [`EntryError::NoType`] or [`EntryError::UnknownType`].
    pub fn peek(bytes: &[u8]) -> Result<Self, EntryError> {
        within_limit(bytes)?;
        let mut d = Decoder::new(bytes);
        let number = codec::array(&mut d).and_then(|_| d.u64());
        let number = number.map_err(|error| EntryError::NoType {
            reason: codec::reason(&error),
        })?;
        Self::try_from(number)
    }

    /// Number of items of the entry's array.
    const fn items(self) -> u64 {
        match self {
            Self::PostedChallenge => 4,
            _ => 3,
        }
    }
}
