//! The body of a ballot: `[credential-index, counter, [+ [ciphertexts, proof]]]` in deterministic
//! CBOR (section 6.1).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decoder, Encoder};

use crate::group;
use crate::labels;

use super::code::ConfirmationCode;

/// A contest's two byte strings; their lengths are checked against its kind in verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContestBody<'b> {
    /// R_1 ‖ C_1 ‖ .. ‖ R_N ‖ C_N.
    pub ciphertexts: &'b [u8],
    /// The proof, section 5.4.
    pub proof: &'b [u8],
}

/// A decoded body, borrowed from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<'b> {
    /// Index of the credential in the roll.
    pub index: u32,
    /// At least 1, less than 2^32; above that of every earlier cast ballot of the credential.
    pub counter: u32,
    /// One pair per contest of the ballot style.
    pub contests: Vec<ContestBody<'b>>,
}

/// Why bytes are no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not CBOR of the body's form.
    #[error("not a ballot body: {0}")]
    Cbor(String),
    /// Another CBOR encoding of the same than the deterministic one.
    #[error("the encoding of the body is not the deterministic one")]
    NotDeterministic,
    /// The credential index is at least 2^32.
    #[error("credential index {0} is not below 2^32")]
    Index(u64),
    /// The counter is 0 or at least 2^32.
    #[error("counter {0} is not between 1 and 2^32 - 1")]
    Counter(u64),
    /// A body without contests.
    #[error("the body holds no contest")]
    Empty,
}

impl From<minicbor::decode::Error> for BodyError {
    fn from(error: minicbor::decode::Error) -> Self {
        Self::Cbor(super::words(&error))
    }
}

/// Length in bytes of a CBOR head with this argument in its shortest form.
const fn head_bytes(argument: u64) -> usize {
    match argument {
        0..=0x17 => 1,
        0x18..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

fn definite_array(decoder: &mut Decoder<'_>) -> Result<u64, BodyError> {
    decoder.array()?.ok_or(BodyError::NotDeterministic)
}

fn array_of(decoder: &mut Decoder<'_>, expected: u64) -> Result<(), BodyError> {
    match definite_array(decoder)? {
        found if found == expected => Ok(()),
        found => Err(BodyError::Cbor(format!(
            "an array of {found} items where {expected} are expected"
        ))),
    }
}

impl<'b> Body<'b> {
    /// Decodes a body strictly: no other bytes mean the same.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn decode(bytes: &'b [u8]) -> Result<Self, BodyError> {
        let mut decoder = Decoder::new(bytes);
        array_of(&mut decoder, 3)?;
        let index = decoder.u64()?;
        let counter = decoder.u64()?;
        let count = definite_array(&mut decoder)?;
        // A contest has at least two bytes, so a large count over few bytes allocates little.
        let likely = usize::try_from(count).map_or(bytes.len(), |count| count.min(bytes.len()));
        let mut contests = Vec::with_capacity(likely.min(64));
        for _ in 0..count {
            array_of(&mut decoder, 2)?;
            contests.push(ContestBody {
                ciphertexts: decoder.bytes()?,
                proof: decoder.bytes()?,
            });
        }
        let body = Self {
            index: u32::try_from(index).map_err(|_| BodyError::Index(index))?,
            counter: match u32::try_from(counter) {
                Ok(counter) if counter > 0 => counter,
                _ => return Err(BodyError::Counter(counter)),
            },
            contests,
        };
        if body.contests.is_empty() {
            return Err(BodyError::Empty);
        }
        // Every longer form of a head adds bytes, and indefinite lengths were refused above: among all
        // encodings of the same body only the deterministic one has its length.
        if decoder.position() != bytes.len() || body.encoded_len() != bytes.len() {
            return Err(BodyError::NotDeterministic);
        }
        Ok(body)
    }

    /// Length in bytes of [`Body::encode`].
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let string = |bytes: &[u8]| head_bytes(bytes.len() as u64) + bytes.len();
        let contests: usize = self
            .contests
            .iter()
            .map(|contest| 1 + string(contest.ciphertexts) + string(contest.proof))
            .sum();
        1 + head_bytes(self.index.into())
            + head_bytes(self.counter.into())
            + head_bytes(self.contests.len() as u64)
            + contests
    }

    /// The deterministic encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::with_capacity(self.encoded_len()));
        match self.encode_into(&mut encoder) {
            Ok(()) => encoder.into_writer(),
            // Writing to a vector cannot fail.
            Err(error) => match error.into_write() {
                Some(never) => match never {},
                None => Vec::new(),
            },
        }
    }

    fn encode_into(
        &self,
        encoder: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        encoder.array(3)?.u32(self.index)?.u32(self.counter)?;
        encoder.array(self.contests.len() as u64)?;
        for contest in &self.contests {
            encoder
                .array(2)?
                .bytes(contest.ciphertexts)?
                .bytes(contest.proof)?;
        }
        Ok(())
    }
}

impl ConfirmationCode {
    /// The confirmation code of body bytes under a manifest (section 6.1).
    #[must_use]
    pub fn of(manifest_hash: &[u8; 32], body: &[u8]) -> Self {
        Self(group::hash(
            labels::hash::CONFIRMATION_CODE,
            &[manifest_hash, body],
        ))
    }
}
