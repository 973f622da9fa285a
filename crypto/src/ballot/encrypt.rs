//! The voter's side: encrypt, show the code, decide.

use alloc::vec::Vec;

use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::contest::{ContestFault, Selection, SelectionError, Voter};
use crate::group;

use super::body::{Body, ContestBody};
use super::code::ConfirmationCode;
use super::context::{BallotContext, ElectionContext};
use super::opening::{ContestOpening, Opening};
use super::signature::{Decision, SIGNATURE_BYTES, sign};

/// What the voter's device knows beyond the public context.
#[derive(Clone, Copy)]
pub struct VoterRequest<'a> {
    /// Credential secret s.
    pub secret: &'a Scalar,
    /// Counter of the body: at least 1, above that of every earlier cast ballot of the credential.
    pub counter: u32,
    /// Any number this device has not used before with this credential (a clock will do). It keeps
    /// nonces apart even if the random number generator is dead.
    pub attempt: u64,
    /// One selection per contest of the style.
    pub selections: &'a [Selection],
}

/// Why a ballot cannot be encrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncryptBallotError {
    /// s does not belong to P.
    #[error("the secret is not that of credential {index}")]
    WrongCredential {
        /// Index of the credential.
        index: u32,
    },
    /// Counters start at 1.
    #[error("the ballot counter is 0; it must be at least 1")]
    ZeroCounter,
    /// Another number of selections than the style has contests.
    #[error("{found} selections for {expected} contests")]
    SelectionCount {
        /// Contests of the style.
        expected: usize,
        /// Selections given.
        found: usize,
    },
    /// A selection that its contest does not allow.
    #[error("contest {contest}: {source}")]
    Selection {
        /// Number of the contest.
        contest: u64,
        /// What is wrong with it.
        source: SelectionError,
    },
    /// The prover failed: a fault of this program.
    #[error("contest {contest}: {source}")]
    Contest {
        /// Number of the contest.
        contest: u64,
        /// What failed.
        source: ContestFault,
    },
}

/// An encrypted ballot before the voter's decision. Its code may be shown; its nonces may not.
///
/// # Security
/// Holds the credential secret and the opening; both are wiped on drop.
pub struct PreparedBallot {
    body: Vec<u8>,
    code: ConfirmationCode,
    transcript: Transcript,
    secret: Zeroizing<Scalar>,
    attempt: u64,
    opening: Opening,
}

/// A ballot to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastBallot {
    /// The body.
    pub body: Vec<u8>,
    /// Signature over [`Decision::Cast`].
    pub signature: [u8; SIGNATURE_BYTES],
}

/// A ballot to be opened, which can never be counted.
pub struct ChallengedBallot {
    /// The body.
    pub body: Vec<u8>,
    /// Signature over [`Decision::Challenge`].
    pub signature: [u8; SIGNATURE_BYTES],
    /// Selections and nonces, to be checked on another device.
    pub opening: Opening,
}

/// Encrypts and proves one selection per contest of the credential's ballot style.
///
/// # Errors
/// [`EncryptBallotError`].
pub fn encrypt_ballot(
    election: &ElectionContext,
    context: &BallotContext<'_>,
    request: &VoterRequest<'_>,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<PreparedBallot, EncryptBallotError> {
    let VoterRequest {
        secret,
        counter,
        attempt,
        selections,
    } = *request;
    if group::base_times(secret).compress().as_bytes() != context.credential {
        return Err(EncryptBallotError::WrongCredential {
            index: context.index,
        });
    }
    if counter == 0 {
        return Err(EncryptBallotError::ZeroCounter);
    }
    if selections.len() != context.contests.len() {
        return Err(EncryptBallotError::SelectionCount {
            expected: context.contests.len(),
            found: selections.len(),
        });
    }
    let plaintexts = context
        .contests
        .iter()
        .zip(selections)
        .map(|(contest, selection)| {
            let plaintext = contest.kind.plaintext(selection);
            plaintext.map_err(|source| EncryptBallotError::Selection {
                contest: contest.number,
                source,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;

    let mut transcript = election.transcript(context);
    let voter = Voter { secret, attempt };
    let mut encrypted = Vec::with_capacity(plaintexts.len());
    let mut opening = Opening {
        contests: Vec::with_capacity(plaintexts.len()),
    };
    for (contest, values) in context.contests.iter().zip(plaintexts) {
        let result = contest.kind.encrypt(
            contest.number,
            &values,
            election,
            &voter,
            &mut transcript,
            rng,
        );
        let part = result.map_err(|source| EncryptBallotError::Contest {
            contest: contest.number,
            source,
        })?;
        encrypted.push((part.ciphertexts, part.proof));
        opening.contests.push(ContestOpening {
            values,
            nonces: part.nonces,
        });
    }
    let body = Body {
        index: context.index,
        counter,
        contests: encrypted
            .iter()
            .map(|(ciphertexts, proof)| ContestBody { ciphertexts, proof })
            .collect(),
    }
    .encode();
    Ok(PreparedBallot {
        code: ConfirmationCode::of(election.manifest_hash(), &body),
        body,
        transcript,
        secret: Zeroizing::new(*secret),
        attempt,
        opening,
    })
}

impl PreparedBallot {
    /// The body, fixed before the decision.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The code to show before asking for the decision.
    #[must_use]
    pub fn confirmation_code(&self) -> ConfirmationCode {
        self.code
    }

    /// Signs the ballot to be counted. The opening is wiped.
    #[must_use]
    pub fn cast(self, rng: &mut (impl RngCore + CryptoRng)) -> CastBallot {
        CastBallot {
            signature: self.sign(Decision::Cast, rng),
            body: self.body,
        }
    }

    /// Signs the ballot to be opened.
    #[must_use]
    pub fn challenge(self, rng: &mut (impl RngCore + CryptoRng)) -> ChallengedBallot {
        ChallengedBallot {
            signature: self.sign(Decision::Challenge, rng),
            body: self.body,
            opening: self.opening,
        }
    }

    fn sign(
        &self,
        decision: Decision,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> [u8; SIGNATURE_BYTES] {
        let transcript = self.transcript.clone();
        sign(
            transcript,
            &self.secret,
            decision,
            &self.body,
            self.attempt,
            rng,
        )
    }
}
