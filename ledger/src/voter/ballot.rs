//! Encrypting a ballot, then casting or challenging it (docs/PROTOCOL.md section 6).

use alloc::vec::Vec;

use hanpyo_crypto::ballot::{
    BallotContext, ConfirmationCode, EncryptBallotError, PreparedBallot, VoterRequest,
    encrypt_ballot,
};
use hanpyo_crypto::contest::Selection;
use hanpyo_crypto::credential::CredentialSecret;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::election::VotingElection;
use super::opening::OpenedBallot;
use crate::entry::{
    BallotEntry, BodyError, CredentialIndex, EntryError, PostedChallenge, StyleNumber, encode_one,
};

/// Who votes, and on what.
#[derive(Clone, Copy)]
pub struct Voter<'a> {
    /// Index of the credential in the roll.
    pub index: CredentialIndex,
    /// Its ballot style.
    pub style: StyleNumber,
    /// Its secret.
    pub secret: &'a CredentialSecret,
}

/// Why there is no ballot, or no entry of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The manifest has no such style.
    #[error("the manifest has no ballot style {0}")]
    NoStyle(StyleNumber),
    /// The selections are not permitted, or the secret is another credential's.
    #[error(transparent)]
    Encrypt(#[from] EncryptBallotError),
    /// The ballot is no valid body of an entry.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The entry could not be built.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// Encrypts and proves one selection per contest of the voter's style. `counter` must be above that of every
/// earlier cast ballot of the credential, `attempt` a number not used before with it
/// (see [`VoterRequest::attempt`]).
///
/// # Errors
/// [`PrepareError`].
pub fn prepare(
    election: &VotingElection,
    voter: &Voter<'_>,
    (counter, attempt): (u32, u64),
    selections: &[Selection],
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<PreparedBallot, PrepareError> {
    let contests = election
        .style(voter.style)
        .ok_or(PrepareError::NoStyle(voter.style))?;
    let credential = voter.secret.public().compress();
    let context = BallotContext {
        index: voter.index.get(),
        credential: credential.as_bytes(),
        style: u64::from(voter.style),
        contests,
    };
    let request = VoterRequest {
        secret: voter.secret.scalar(),
        counter,
        attempt,
        selections,
    };
    Ok(encrypt_ballot(election.context(), &context, &request, rng)?)
}

/// The entry of a ballot to be counted. Wipes the opening.
///
/// # Errors
/// [`PrepareError::Body`], [`PrepareError::Entry`]: faults of this program.
pub fn cast(
    prepared: PreparedBallot,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Vec<u8>, PrepareError> {
    let ballot = BallotEntry::try_from(prepared.cast(rng))?;
    Ok(encode_one(&ballot)?)
}

/// A ballot opened instead of cast.
///
/// # Security
/// Reveals the selections of this body, which can never be counted.
pub struct Challenge {
    /// Its confirmation code, which was shown before the decision.
    pub code: ConfirmationCode,
    /// For another device, [`OpenedBallot`].
    pub opened: Zeroizing<Vec<u8>>,
    /// The entry that posts it to the record, if the voter wants that.
    pub entry: Zeroizing<Vec<u8>>,
}

/// Opens a ballot instead of casting it.
///
/// # Errors
/// [`PrepareError::Body`], [`PrepareError::Entry`]: faults of this program.
pub fn challenge(
    prepared: PreparedBallot,
    style: StyleNumber,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Challenge, PrepareError> {
    let code = prepared.confirmation_code();
    let challenged = prepared.challenge(rng);
    let posted = PostedChallenge::try_from(&challenged)?;
    Ok(Challenge {
        code,
        opened: Zeroizing::new(OpenedBallot::of(style, &posted)?.encode()),
        entry: Zeroizing::new(encode_one(&posted)?),
    })
}
