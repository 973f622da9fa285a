//! Entries 17 and 18: ballots and posted challenges (docs/PROTOCOL.md section 6).

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::bounded::{Bytes, List};
use super::codec::{array, array_of, in_field, integers, record};
use super::values::{CredentialIndex, Signature};
use super::{Content, EntryError, EntryType, within_limit};

integers! {
    /// Counter of the ballots of one credential, from 1.
    Counter(u32, 1, u32::MAX);
}

record! {
    /// The encrypted selection of one contest.
    ContestBallot {
        /// R ‖ C at each position, 64 bytes each.
        ciphertexts: Bytes<128, 65_535>,
        /// Proof bytes (section 5.4).
        proof: Bytes<160, 65_535>,
    }
}

record! {
    /// What a voter encrypted (section 6.1).
    Body {
        /// The voter's credential.
        credential: CredentialIndex,
        /// Above that of every earlier ballot of the credential.
        counter: Counter,
        /// One for each contest of the credential's style, in its order.
        contests: List<ContestBallot, 1, 256>,
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

/// Entry 17: a cast ballot, signed by its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotEntry {
    /// What was encrypted.
    pub body: Body,
    /// A ‖ z over decision 1 (section 6.2).
    pub signature: Signature,
}

impl Content for BallotEntry {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        Ok(Self {
            body: Body::decode(d, &mut ()).map_err(in_field("body"))?,
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

/// A ballot entry that borrows its bytes: what the checker reads ten million times.
#[derive(Clone, Copy, Debug)]
pub struct BallotRef<'a> {
    /// The voter's credential.
    pub credential: CredentialIndex,
    /// The ballot's counter.
    pub counter: Counter,
    /// Canonical bytes of the whole body, which the signature and the confirmation code cover.
    pub body: &'a [u8],
    /// A ‖ z (section 6.2).
    pub signature: &'a [u8; Signature::LENGTH],
    contests: &'a [u8],
    count: usize,
}

impl<'a> BallotRef<'a> {
    /// Decodes a ballot entry as strictly as [`Entry::decode`](super::Entry::decode), without
    /// copying it.
    ///
    /// # Errors
    /// [`EntryError`] says what is wrong and where.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, EntryError> {
        within_limit(bytes)?;
        let malformed = |error: minicbor::decode::Error| EntryError::Malformed {
            entry: EntryType::Ballot,
            reason: error.to_string(),
        };
        let mut d = Decoder::new(bytes);
        let (ballot, canonical_length) = Self::read(bytes, &mut d).map_err(malformed)?;
        // A head that is not the shortest makes the entry longer, and so do bytes after it.
        // Nothing else can be encoded in two ways, so an equal length is an equal encoding.
        if canonical_length == bytes.len() {
            Ok(ballot)
        } else {
            Err(EntryError::NotCanonical {
                entry: EntryType::Ballot,
                position: canonical_length.min(d.position()),
            })
        }
    }

    fn read(
        bytes: &'a [u8],
        d: &mut Decoder<'a>,
    ) -> Result<(Self, usize), minicbor::decode::Error> {
        use minicbor::decode::Error;

        array_of(d, 3)?;
        let at = d.position();
        let found = d.u64()?;
        if found != u64::from(EntryType::Ballot.number()) {
            let text = format!("entry type {found} where a ballot is expected");
            return Err(Error::message(text).at(at));
        }
        let body_start = d.position();
        array_of(d, 3).map_err(in_field("body"))?;
        let credential = CredentialIndex::decode(d, &mut ()).map_err(in_field("credential"))?;
        let counter = Counter::decode(d, &mut ()).map_err(in_field("counter"))?;
        let at = d.position();
        let count = usize::try_from(array(d)?).unwrap_or(usize::MAX);
        List::<(), 1, 256>::check(count).map_err(|e| Error::message(e).at(at))?;
        let contests_start = d.position();
        let mut length = 2 * head(3)
            + head(EntryType::Ballot.number().into())
            + head(credential.into())
            + head(counter.into())
            + head(count as u64)
            + head(Signature::LENGTH as u64)
            + Signature::LENGTH;
        for _ in 0..count {
            let (ciphertexts, proof) = contest(d).map_err(in_field("contests"))?;
            length += head(2)
                + head(ciphertexts.len() as u64)
                + ciphertexts.len()
                + head(proof.len() as u64)
                + proof.len();
        }
        let body_end = d.position();
        let at = body_end;
        let signature = d.bytes().map_err(in_field("signature"))?;
        let signature = signature.try_into().map_err(|_| {
            Error::message(format!("a signature of {} bytes", signature.len())).at(at)
        })?;
        let part = |from: usize| bytes.get(from..body_end).unwrap_or_default();
        let ballot = Self {
            credential,
            counter,
            body: part(body_start),
            signature,
            contests: part(contests_start),
            count,
        };
        Ok((ballot, length))
    }

    /// Number of contests.
    #[must_use]
    pub const fn contest_count(&self) -> usize {
        self.count
    }

    /// Ciphertext bytes and proof bytes of each contest.
    pub fn contests(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut d = Decoder::new(self.contests);
        // The bytes were read once before, so no contest is lost to an error.
        (0..self.count).map_while(move |_| contest(&mut d).ok())
    }
}

/// Reads one `contest-ballot`.
fn contest<'a>(d: &mut Decoder<'a>) -> Result<(&'a [u8], &'a [u8]), minicbor::decode::Error> {
    array_of(d, 2)?;
    let at = d.position();
    let ciphertexts = d.bytes().map_err(in_field("ciphertexts"))?;
    Bytes::<128, 65_535>::check(ciphertexts.len())
        .map_err(|e| minicbor::decode::Error::message(e).at(at))
        .map_err(in_field("ciphertexts"))?;
    let at = d.position();
    let proof = d.bytes().map_err(in_field("proof"))?;
    Bytes::<160, 65_535>::check(proof.len())
        .map_err(|e| minicbor::decode::Error::message(e).at(at))
        .map_err(in_field("proof"))?;
    Ok((ciphertexts, proof))
}

/// Bytes of the shortest CBOR head with this argument.
const fn head(argument: u64) -> usize {
    match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

/// Entry 18: a ballot that the voter had opened instead of casting it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedChallenge {
    /// What was encrypted.
    pub body: Body,
    /// A ‖ z over decision 2 (section 6.2).
    pub signature: Signature,
    /// Values and nonces, one for each contest of the body.
    pub opening: List<ContestOpening, 1, 256>,
}

impl Content for PostedChallenge {
    fn decode_after_type(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        Ok(Self {
            body: Body::decode(d, &mut ()).map_err(in_field("body"))?,
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
