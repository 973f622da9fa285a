//! The opening of a challenged ballot (section 6.3).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

use crate::contest::{Selection, SelectionError};
use crate::elgamal::CIPHERTEXT_BYTES;
use crate::group::{DecodeError, SCALAR_BYTES, decode_scalar};

use super::body::{Body, BodyError};
use super::context::{BallotContext, ElectionContext, NumberedContest};

/// The values and nonces of one contest.
#[derive(Clone, PartialEq, Eq)]
pub struct ContestOpening {
    /// v_1 .. v_N.
    pub(super) values: Zeroizing<Vec<u64>>,
    /// r_1 .. r_N.
    pub(super) nonces: Zeroizing<Vec<Scalar>>,
}

/// Selections and nonces of a whole ballot.
///
/// # Security
/// Reveals the vote of this body for ever. It exists outside the device only after a challenge.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    pub(super) contests: Vec<ContestOpening>,
}

/// Why an opening is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The bytes are no opening.
    #[error("not an opening: {0}")]
    Cbor(String),
    /// Another encoding of the same than the deterministic one.
    #[error("the encoding of the opening is not the deterministic one")]
    NotDeterministic,
    /// A nonce is no canonical scalar.
    #[error("contest {contest} of the opening: {source}")]
    Nonce {
        /// Place of the contest, from 1.
        contest: usize,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The body cannot be read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body belongs to another credential.
    #[error("the body is of credential {found}, not {expected}")]
    WrongCredential {
        /// Index in the context.
        expected: u32,
        /// Index in the body.
        found: u32,
    },
    /// Body, opening and ballot style do not have the same number of contests.
    #[error("{opened} contests opened, {encrypted} encrypted, {expected} in the ballot style")]
    ContestCount {
        /// Contests of the style.
        expected: usize,
        /// Contests in the body.
        encrypted: usize,
        /// Contests in the opening.
        opened: usize,
    },
    /// A contest has another number of values, nonces or ciphertexts than its kind.
    #[error("contest {contest}: the opening has not the size of the contest")]
    Size {
        /// Number of the contest.
        contest: u64,
    },
    /// Encrypting the opened values with the opened nonces gives another ciphertext.
    #[error("contest {contest}: ciphertext {position} does not encrypt the opened value")]
    Mismatch {
        /// Number of the contest.
        contest: u64,
        /// Position, from 1.
        position: usize,
    },
    /// The opened values are no permitted selection.
    #[error("contest {contest}: {source}")]
    Selection {
        /// Number of the contest.
        contest: u64,
        /// What is wrong with it.
        source: SelectionError,
    },
}

impl From<minicbor::decode::Error> for OpeningError {
    fn from(error: minicbor::decode::Error) -> Self {
        Self::Cbor(super::words(&error))
    }
}

impl Opening {
    /// Encrypts again and compares with the body, byte by byte. Returns what the ballot says.
    ///
    /// This does not check proofs or signature; a posted challenge is verified as a ballot besides.
    ///
    /// # Errors
    /// [`OpeningError`].
    pub fn check(
        &self,
        election: &ElectionContext,
        context: &BallotContext<'_>,
        body: &[u8],
    ) -> Result<Vec<Selection>, OpeningError> {
        let body = Body::decode(body)?;
        if body.index != context.index {
            return Err(OpeningError::WrongCredential {
                expected: context.index,
                found: body.index,
            });
        }
        let expected = context.contests.len();
        if body.contests.len() != expected || self.contests.len() != expected {
            return Err(OpeningError::ContestCount {
                expected,
                encrypted: body.contests.len(),
                opened: self.contests.len(),
            });
        }
        let parts = self.contests.iter().zip(&body.contests);
        context
            .contests
            .iter()
            .zip(parts)
            .map(|(contest, (opened, encrypted))| {
                let (kind, number) = (&contest.kind, contest.number);
                if opened.values.len() != kind.ciphertexts()
                    || opened.nonces.len() != kind.ciphertexts()
                    || encrypted.ciphertexts.len() != kind.ciphertext_bytes()
                {
                    return Err(OpeningError::Size { contest: number });
                }
                let pairs = opened.values.iter().zip(opened.nonces.iter());
                let ciphertexts = encrypted.ciphertexts.chunks(CIPHERTEXT_BYTES);
                for (index, ((value, nonce), ciphertext)) in pairs.zip(ciphertexts).enumerate() {
                    let again = election.joint_key().encrypt(&Scalar::from(*value), nonce);
                    if again.encode() != ciphertext {
                        return Err(OpeningError::Mismatch {
                            contest: number,
                            position: index + 1,
                        });
                    }
                }
                kind.selection(&opened.values)
                    .map_err(|source| OpeningError::Selection {
                        contest: number,
                        source,
                    })
            })
            .collect()
    }

    /// Encrypts again, for a reader that has no ciphertexts to compare with but the confirmation code of the
    /// body they belong to. Returns each contest's ciphertexts, R_1 ‖ C_1 ‖ .. ‖ R_N ‖ C_N, and what they say.
    ///
    /// # Errors
    /// [`OpeningError::ContestCount`], [`OpeningError::Size`], [`OpeningError::Selection`].
    pub fn encrypt_again(
        &self,
        election: &ElectionContext,
        contests: &[NumberedContest],
    ) -> Result<(Vec<Vec<u8>>, Vec<Selection>), OpeningError> {
        if self.contests.len() != contests.len() {
            return Err(OpeningError::ContestCount {
                expected: contests.len(),
                encrypted: contests.len(),
                opened: self.contests.len(),
            });
        }
        let one = |(contest, opened): (&NumberedContest, &ContestOpening)| {
            let (kind, number) = (&contest.kind, contest.number);
            if opened.values.len() != kind.ciphertexts()
                || opened.nonces.len() != kind.ciphertexts()
            {
                return Err(OpeningError::Size { contest: number });
            }
            let pairs = opened.values.iter().zip(opened.nonces.iter());
            let encrypt = |(value, nonce): (&u64, &Scalar)| {
                election.joint_key().encrypt(&Scalar::from(*value), nonce)
            };
            let ciphertexts = pairs.flat_map(|pair| encrypt(pair).encode()).collect();
            let selection = kind.selection(&opened.values);
            let selection = selection.map_err(|source| OpeningError::Selection {
                contest: number,
                source,
            })?;
            Ok((ciphertexts, selection))
        };
        contests.iter().zip(&self.contests).map(one).collect()
    }

    /// `[+ [[+ value], nonces]]` in deterministic CBOR, the nonces joined.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut encoder = Encoder::new(Vec::new());
        match self.encode_into(&mut encoder) {
            Ok(()) => Zeroizing::new(encoder.into_writer()),
            // Writing to a vector cannot fail.
            Err(error) => match error.into_write() {
                Some(never) => match never {},
                None => Zeroizing::default(),
            },
        }
    }

    fn encode_into(
        &self,
        encoder: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        encoder.array(self.contests.len() as u64)?;
        for contest in &self.contests {
            encoder.array(2)?.array(contest.values.len() as u64)?;
            for value in contest.values.iter() {
                encoder.u64(*value)?;
            }
            let nonces = contest.nonces.iter().flat_map(|nonce| *nonce.as_bytes());
            encoder.bytes(&Zeroizing::new(nonces.collect::<Vec<u8>>()))?;
        }
        Ok(())
    }

    /// Reads [`Opening::encode`] back, strictly.
    ///
    /// # Errors
    /// [`OpeningError::Cbor`], [`OpeningError::NotDeterministic`] or [`OpeningError::Nonce`].
    pub fn decode(bytes: &[u8]) -> Result<Self, OpeningError> {
        let mut decoder = Decoder::new(bytes);
        let definite =
            |decoder: &mut Decoder<'_>| decoder.array()?.ok_or(OpeningError::NotDeterministic);
        let mut contests = Vec::new();
        for contest in 1..=definite(&mut decoder)? {
            if definite(&mut decoder)? != 2 {
                return Err(OpeningError::Cbor("a contest is not a pair".to_owned()));
            }
            let mut values = Zeroizing::new(Vec::new());
            for _ in 0..definite(&mut decoder)? {
                values.push(decoder.u64()?);
            }
            let nonces = decoder
                .bytes()?
                .chunks(SCALAR_BYTES)
                .map(decode_scalar)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|source| OpeningError::Nonce {
                    contest: usize::try_from(contest).unwrap_or(usize::MAX),
                    source,
                })?;
            contests.push(ContestOpening {
                values,
                nonces: Zeroizing::new(nonces),
            });
        }
        let opening = Self { contests };
        if decoder.position() != bytes.len() || opening.encode().as_slice() != bytes {
            return Err(OpeningError::NotDeterministic);
        }
        Ok(opening)
    }
}
