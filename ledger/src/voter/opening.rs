//! A challenged ballot on its way to another device (docs/PROTOCOL.md section 6.3): small enough for a QR code,
//! because the ciphertexts are left out. Whoever receives it encrypts again.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::{
    Body, CodePrefix, ConfirmationCode, ContestBody, Opening, OpeningError,
};
use hanpyo_crypto::contest::Selection;

use super::election::VotingElection;
use crate::entry::bounded::{Bytes, List};
use crate::entry::codec::{integers, reason, record, words};
use crate::entry::encoded;
use crate::entry::{BodyError, ContestOpening, CredentialIndex, PostedChallenge, StyleNumber};

integers! {
    /// Counter of a ballot's body.
    Counter(u32, 1, u32::MAX);
}

record! {
    /// One contest: what was encrypted, with which nonces, and the proof, which is part of the body.
    OpenedContest {
        /// The values v_1 .. v_N.
        values: List<u64, 2, 1024>,
        /// The nonces r_1 .. r_N, 32 bytes each.
        nonces: Bytes<64, 32_768>,
        /// The proof.
        proof: Bytes<160, 65_535>,
    }
}

record! {
    /// Everything of a challenged ballot but its ciphertexts and its signature.
    OpenedBallot {
        /// Ballot style.
        style: StyleNumber,
        /// Index of the credential.
        index: CredentialIndex,
        /// Counter of the body.
        counter: Counter,
        /// One for each contest of the style.
        contests: List<OpenedContest, 1, 256>,
    }
}

/// Why an opening does not show what a ballot says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenedBallotError {
    /// Bytes that are none.
    #[error("not an opened ballot: {0}")]
    Malformed(String),
    /// The manifest has no such style.
    #[error("the manifest has no ballot style {0}")]
    NoStyle(StyleNumber),
    /// Nonces or values are not permitted ones.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// Encrypted again, it is another ballot: the device that made it cheats, or the code is of another ballot.
    #[error("encrypted again, the ballot has code {found}, not {expected}")]
    OtherBallot {
        /// The code shown before the decision.
        expected: String,
        /// The code of what was opened.
        found: String,
    },
}

/// What a challenged ballot says.
pub struct Opened {
    /// Its whole confirmation code.
    pub code: ConfirmationCode,
    /// Ballot style.
    pub style: StyleNumber,
    /// Index of the credential.
    pub index: CredentialIndex,
    /// One selection per contest of the style.
    pub selections: Vec<Selection>,
}

impl OpenedBallot {
    pub(super) fn of(style: StyleNumber, posted: &PostedChallenge) -> Result<Self, BodyError> {
        let body = Body::decode(posted.body.as_bytes())?;
        let contests = posted.opening.iter().zip(&body.contests);
        let contests = contests.map(|(opened, encrypted)| {
            Ok(OpenedContest {
                values: opened.values.clone(),
                nonces: opened.nonces.clone(),
                proof: Bytes::new(encrypted.proof.to_vec()).map_err(|source| {
                    BodyError::Length {
                        field: "proof",
                        source,
                    }
                })?,
            })
        });
        let contests = contests.collect::<Result<Vec<_>, BodyError>>()?;
        Ok(Self {
            style,
            index: posted.body.credential(),
            counter: Counter::try_from(u64::from(posted.body.counter()))
                .map_err(|error| BodyError::Opening(words(format_args!("{error}"))))?,
            contests: List::new(contests).map_err(|source| BodyError::Length {
                field: "contests",
                source,
            })?,
        })
    }

    /// Canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encoded(self)
    }

    /// Decodes canonical bytes.
    ///
    /// # Errors
    /// [`OpenedBallotError::Malformed`] for any others.
    pub fn decode(bytes: &[u8]) -> Result<Self, OpenedBallotError> {
        let decoded: Self = minicbor::decode(bytes)
            .map_err(|error| OpenedBallotError::Malformed(reason(&error)))?;
        if decoded.encode() == bytes {
            Ok(decoded)
        } else {
            let reason = "not the canonical encoding".to_owned();
            Err(OpenedBallotError::Malformed(reason))
        }
    }

    /// Encrypts again and compares with the confirmation code that the voter noted before deciding.
    ///
    /// # Errors
    /// [`OpenedBallotError`].
    pub fn check(
        &self,
        election: &VotingElection,
        code: &CodePrefix,
    ) -> Result<Opened, OpenedBallotError> {
        let contests = election
            .style(self.style)
            .ok_or(OpenedBallotError::NoStyle(self.style))?;
        let opening = self.contests.iter().map(|contest| ContestOpening {
            values: contest.values.clone(),
            nonces: contest.nonces.clone(),
        });
        let opening = Opening::decode(&encoded(&opening.collect::<Vec<_>>()))?;
        let (ciphertexts, selections) = opening.encrypt_again(election.context(), contests)?;
        let contests = ciphertexts.iter().zip(&self.contests);
        let body = Body {
            index: self.index.get(),
            counter: self.counter.get(),
            contests: contests
                .map(|(ciphertexts, opened)| ContestBody {
                    ciphertexts,
                    proof: &opened.proof,
                })
                .collect(),
        };
        let found = ConfirmationCode::of(election.context().manifest_hash(), &body.encode());
        if !code.matches(&found) {
            return Err(OpenedBallotError::OtherBallot {
                expected: code.to_string(),
                found: found.to_string(),
            });
        }
        Ok(Opened {
            code: found,
            style: self.style,
            index: self.index,
            selections,
        })
    }
}
