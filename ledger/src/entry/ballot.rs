//! Entries 17 and 18: ballots and posted challenges (docs/PROTOCOL.md section 6).
//!
//! The body stays the bytes that the voter signed. What it says is read with
//! [`hanpyo_crypto::ballot::Body`].

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::{
    Body, CastBallot, ChallengedBallot, ConfirmationCode, Opening, OpeningError,
};
use minicbor::decode::Error;
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::bounded::{Bytes, List};
use super::codec::{in_field, record, words};
use super::values::{CredentialIndex, Hash, Signature};
use super::{Content, EntryError, EntryType, encoded, within_limit};

/// `[17, ` and the head of the signature: the bytes around a ballot's body.
const BALLOT_HEAD: [u8; 2] = [0x83, 17];
const SIGNATURE_HEAD: [u8; 2] = [0x58, 64];

/// Why bytes are not the body of a ballot entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not a body in deterministic encoding.
    #[error(transparent)]
    Body(#[from] hanpyo_crypto::ballot::BodyError),
    /// A number of contests or bytes that the CDDL does not allow.
    #[error("{field}: {source}")]
    Length {
        /// Which part.
        field: &'static str,
        /// Number found and allowed.
        source: super::bounded::WrongLength,
    },
    /// An opening that no entry can hold.
    #[error("opening: {0}")]
    Opening(String),
}

/// Reads a body with the lengths of protocol.cddl.
fn read_body(bytes: &[u8]) -> Result<Body<'_>, BodyError> {
    let body = Body::decode(bytes)?;
    let within =
        |field, result: Result<(), _>| result.map_err(|source| BodyError::Length { field, source });
    within("contests", List::<(), 1, 256>::check(body.contests.len()))?;
    for contest in &body.contests {
        let ciphertexts = contest.ciphertexts.len();
        within("ciphertexts", Bytes::<128, 65_535>::check(ciphertexts))?;
        within("proof", Bytes::<160, 65_535>::check(contest.proof.len()))?;
    }
    Ok(body)
}

/// Canonical bytes of a ballot body.
#[derive(Clone, PartialEq, Eq)]
pub struct BodyBytes {
    bytes: Vec<u8>,
    credential: CredentialIndex,
    counter: u32,
}

impl BodyBytes {
    /// Takes the bytes if they are a body.
    ///
    /// # Errors
    /// [`BodyError`] says why they are not.
    pub fn new(bytes: Vec<u8>) -> Result<Self, BodyError> {
        let body = read_body(&bytes)?;
        Ok(Self {
            credential: body.index.into(),
            counter: body.counter,
            bytes,
        })
    }

    /// The bytes, which signature and confirmation code cover.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The voter's credential.
    #[must_use]
    pub const fn credential(&self) -> CredentialIndex {
        self.credential
    }

    /// Counter of the ballot.
    #[must_use]
    pub const fn counter(&self) -> u32 {
        self.counter
    }

    /// Confirmation code under a manifest.
    #[must_use]
    pub fn confirmation_code(&self, manifest: &Hash) -> ConfirmationCode {
        ConfirmationCode::of(manifest.as_bytes(), &self.bytes)
    }

    fn decode_from(d: &mut Decoder<'_>) -> Result<Self, Error> {
        let start = d.position();
        d.skip()?;
        let bytes = d.input().get(start..d.position()).unwrap_or_default();
        Self::new(bytes.to_vec()).map_err(Error::message)
    }
}

impl core::fmt::Debug for BodyBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "BodyBytes({})",
            base16ct::lower::encode_string(&self.bytes)
        )
    }
}

impl Encode<()> for BodyBytes {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.writer_mut()
            .write_all(&self.bytes)
            .map_err(minicbor::encode::Error::write)
    }
}

/// Entry 17: a cast ballot, signed by its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotEntry {
    /// What was encrypted.
    pub body: BodyBytes,
    /// A ‖ z over decision 1 (section 6.2).
    pub signature: Signature,
}

impl TryFrom<CastBallot> for BallotEntry {
    type Error = BodyError;

    fn try_from(ballot: CastBallot) -> Result<Self, BodyError> {
        Ok(Self {
            body: BodyBytes::new(ballot.body)?,
            signature: Signature(ballot.signature),
        })
    }
}

impl Content for BallotEntry {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self {
            body: BodyBytes::decode_from(d).map_err(in_field("body"))?,
            signature: Signature::decode(d, &mut ()).map_err(in_field("signature"))?,
        })
    }
}

impl Encode<()> for BallotEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?.u8(EntryType::Ballot.number())?;
        self.body.encode(e, ctx)?;
        self.signature.encode(e, ctx)
    }
}

/// A ballot entry that borrows its bytes: what a checker reads ten million times.
#[derive(Clone, Debug)]
pub struct BallotRef<'a> {
    /// What the body says.
    pub body: Body<'a>,
    /// The body's bytes, which signature and confirmation code cover.
    pub body_bytes: &'a [u8],
    /// A ‖ z (section 6.2).
    pub signature: &'a [u8; Signature::LENGTH],
}

impl<'a> BallotRef<'a> {
    /// Decodes a ballot entry as strictly as [`Entry::decode`](super::Entry::decode), without
    /// copying its bytes.
    ///
    /// # Errors
    /// [`EntryError`] says what is wrong.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, EntryError> {
        within_limit(bytes)?;
        let malformed = |reason: String| EntryError::Malformed {
            entry: EntryType::Ballot,
            reason,
        };
        // Heads in deterministic encoding have one form only, and the signature has one length.
        let (body_bytes, signature) = bytes
            .strip_prefix(&BALLOT_HEAD)
            .and_then(|rest| rest.split_last_chunk::<{ Signature::LENGTH }>())
            .and_then(|(rest, signature)| Some((rest.strip_suffix(&SIGNATURE_HEAD)?, signature)))
            .ok_or_else(|| malformed("not [17, body, 64-byte signature]".to_owned()))?;
        Ok(Self {
            body: read_body(body_bytes)
                .map_err(|error| malformed(words(format_args!("body: {error}"))))?,
            body_bytes,
            signature,
        })
    }

    /// Confirmation code under a manifest.
    #[must_use]
    pub fn confirmation_code(&self, manifest: &Hash) -> ConfirmationCode {
        ConfirmationCode::of(manifest.as_bytes(), self.body_bytes)
    }
}

record! {
    /// Values and nonces of one contest of a challenged ballot (section 6.3).
    ContestOpening {
        /// The values v_1 .. v_N.
        values: List<u64, 2, 1024>,
        /// The nonces r_1 .. r_N, 32 bytes each.
        nonces: Bytes<64, 32_768>,
    }
}

/// Entry 18: a ballot that the voter had opened instead of casting it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedChallenge {
    /// What was encrypted.
    pub body: BodyBytes,
    /// A ‖ z over decision 2 (section 6.2).
    pub signature: Signature,
    /// Values and nonces, one for each contest of the body.
    pub opening: List<ContestOpening, 1, 256>,
}

impl PostedChallenge {
    /// The opening, ready to encrypt again.
    ///
    /// # Errors
    /// [`OpeningError`] if a nonce is no scalar.
    pub fn opening(&self) -> Result<Opening, OpeningError> {
        Opening::decode(&encoded(&self.opening))
    }
}

impl TryFrom<&ChallengedBallot> for PostedChallenge {
    type Error = BodyError;

    fn try_from(ballot: &ChallengedBallot) -> Result<Self, BodyError> {
        Ok(Self {
            body: BodyBytes::new(ballot.body.clone())?,
            signature: Signature(ballot.signature),
            opening: minicbor::decode(&ballot.opening.encode())
                .map_err(|error| BodyError::Opening(words(format_args!("{error}"))))?,
        })
    }
}

impl Content for PostedChallenge {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self {
            body: BodyBytes::decode_from(d).map_err(in_field("body"))?,
            signature: Signature::decode(d, &mut ()).map_err(in_field("signature"))?,
            opening: Decode::decode(d, &mut ()).map_err(in_field("opening"))?,
        })
    }
}

impl Encode<()> for PostedChallenge {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(4)?.u8(EntryType::PostedChallenge.number())?;
        self.body.encode(e, ctx)?;
        self.signature.encode(e, ctx)?;
        self.opening.encode(e, ctx)
    }
}
