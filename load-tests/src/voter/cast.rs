//! One voter from identification to the verified receipt.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hanpyo_crypto::ballot::{
    BallotContext, ConfirmationCode, EncryptBallotError, PreparedBallot, VoterRequest,
    encrypt_ballot,
};
use hanpyo_crypto::contest::ContestKind;
use hanpyo_crypto::credential::{
    Authority, CredentialDerivation, CredentialError, CredentialSecret, VotingCode, VotingCodeError,
};
use hanpyo_ledger::acknowledgement::{Acknowledgement, AcknowledgementError};
use hanpyo_ledger::entry::ballot::BodyError;
use hanpyo_ledger::entry::{BallotEntry, Entry, EntryError, PostedChallenge};
use hanpyo_ledger::log::receipt::{Receipt, ReceiptError, ReceiptViolation};
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use super::api::{ApiError, ElectionApi, PATIENCE, Session};
use super::choices::{ChoicesError, Intent, selections};
use super::election::Election;

/// How long to wait for a receipt before giving up; the ballot stays acknowledged.
const RECEIPT_PATIENCE: Duration = Duration::from_secs(60);

/// Why a vote was not cast, or not recorded.
#[derive(Debug, thiserror::Error)]
pub enum VoteError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The one-time code did not arrive.
    #[error(transparent)]
    Outbox(#[from] super::outbox::OutboxError),
    /// The voting code is mistyped.
    #[error("voting code: {0}")]
    Code(#[from] VotingCodeError),
    /// The codes give no usable secret.
    #[error("voting code: {0}")]
    Credential(#[from] CredentialError),
    /// The number of codes is not the number of authorities.
    #[error("{expected} voting codes are needed, one of each authority; {found} given")]
    Codes {
        /// Authorities of the election.
        expected: usize,
        /// Codes given.
        found: usize,
    },
    /// The choices are not as the contests ask.
    #[error(transparent)]
    Choices(#[from] ChoicesError),
    /// The credential is not in the roll.
    #[error("credential {0} is not in the sealed roll")]
    NotInRoll(u32),
    /// The ballot could not be encrypted.
    #[error(transparent)]
    Encrypt(#[from] EncryptBallotError),
    /// The ballot is no valid body of an entry.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The entry could not be built.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The acknowledgement is no valid one.
    #[error("acknowledgement: {0}")]
    Acknowledgement(#[from] AcknowledgementError),
    /// The acknowledgement is for another ballot.
    #[error("the acknowledgement is for another ballot than the one sent")]
    OtherBallot,
    /// The receipt is malformed.
    #[error("receipt: {0}")]
    Receipt(#[from] ReceiptError),
    /// The receipt proves nothing.
    #[error("receipt: {0}")]
    Violation(#[from] ReceiptViolation),
    /// No receipt in time.
    #[error("no receipt in time; the ballot is acknowledged, look it up later with code {0}")]
    Pending(String),
    /// The opening does not reproduce the ballot: this device cheats.
    #[error("the challenged ballot does not hold the choices made")]
    ChallengeFailed,
}

/// A recorded vote.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Confirmation code.
    pub code: ConfirmationCode,
    /// Index in the log.
    pub index: u64,
    /// The receipt, verified.
    pub receipt: Vec<u8>,
    /// The acknowledgement, verified.
    pub acknowledgement: Vec<u8>,
    /// Code of the ballot challenged before, if one was.
    pub challenged: Option<ConfirmationCode>,
}

/// The secret of a voter's code, or of one code of each authority.
///
/// # Errors
/// [`VoteError::Codes`], [`VoteError::Code`], [`VoteError::Credential`].
pub fn secret(
    election: &Election,
    codes: &[impl AsRef<str>],
) -> Result<CredentialSecret, VoteError> {
    let authorities: &[Authority] = match election.manifest().manifest().roles.authorities.len() {
        1 => &[Authority::Sole],
        _ => &[Authority::First, Authority::Second],
    };
    if codes.len() != authorities.len() {
        return Err(VoteError::Codes {
            expected: authorities.len(),
            found: codes.len(),
        });
    }
    let context = election.context();
    let derive = |code: &str, authority: &Authority| -> Result<CredentialSecret, VoteError> {
        let derivation = CredentialDerivation::new(
            context.manifest_hash(),
            &context.joint_key().encoded(),
            *authority,
        );
        Ok(derivation.secret(&VotingCode::parse(code)?)?)
    };
    let mut secrets = codes
        .iter()
        .zip(authorities)
        .map(|(code, authority)| derive(code.as_ref(), authority));
    let first = secrets.next().unwrap_or(Err(VoteError::Codes {
        expected: authorities.len(),
        found: 0,
    }))?;
    match secrets.next() {
        Some(second) => Ok(CredentialSecret::combine(&first, &second?)?),
        None => Ok(first),
    }
}

/// Encrypts a ballot.
///
/// # Errors
/// [`VoteError`].
pub fn prepare(
    election: &Election,
    index: u32,
    secret: &CredentialSecret,
    choices: &str,
) -> Result<PreparedBallot, VoteError> {
    let (public, style, contests) = election
        .credential(index)
        .ok_or(VoteError::NotInRoll(index))?;
    let kinds: Vec<ContestKind> = contests.iter().map(|contest| contest.kind).collect();
    let context = BallotContext {
        index,
        credential: &public,
        style,
        contests,
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let secret = Zeroizing::new(*secret.scalar());
    let request = VoterRequest {
        secret: &secret,
        // Seconds rise from one vote of a voter to the next, as the counter must.
        counter: u32::try_from(now.as_secs()).unwrap_or(u32::MAX),
        attempt: u64::try_from(now.as_nanos()).unwrap_or(u64::MAX),
        selections: &selections(choices, &kinds)?,
    };
    Ok(encrypt_ballot(
        election.context(),
        &context,
        &request,
        &mut OsRng,
    )?)
}

/// The entry of a ballot to be cast.
///
/// # Errors
/// [`VoteError::Entry`].
pub fn cast_entry(prepared: PreparedBallot) -> Result<Vec<u8>, VoteError> {
    let ballot = prepared.cast(&mut OsRng);
    Ok(Entry::Ballot(BallotEntry::try_from(ballot)?).encode()?)
}

/// Votes with a session: challenges first if asked, casts, and verifies acknowledgement and receipt.
///
/// # Errors
/// [`VoteError`].
pub async fn vote(
    api: &ElectionApi,
    election: &Election,
    session: &Session,
    secret: &CredentialSecret,
    choices: &str,
    intent: Intent,
) -> Result<Recorded, VoteError> {
    let challenged = match intent {
        Intent::Cast => None,
        Intent::ChallengeThenCast => {
            Some(challenge(api, election, session, secret, choices).await?)
        }
    };
    let prepared = prepare(election, session.credential_index, secret, choices)?;
    let code = prepared.confirmation_code();
    let entry = cast_entry(prepared)?;
    let acknowledgement = submit(api, session, &entry).await?;
    check_acknowledgement(election, &acknowledgement, &code)?;
    let (index, receipt) = wait_for_receipt(api, election, &code, &entry).await?;
    Ok(Recorded {
        code,
        index,
        receipt,
        acknowledgement,
        challenged,
    })
}

/// Encrypts, asks for the opening instead of casting, checks it against the choices, and posts it.
async fn challenge(
    api: &ElectionApi,
    election: &Election,
    session: &Session,
    secret: &CredentialSecret,
    choices: &str,
) -> Result<ConfirmationCode, VoteError> {
    let prepared = prepare(election, session.credential_index, secret, choices)?;
    let code = prepared.confirmation_code();
    let challenged = prepared.challenge(&mut OsRng);
    let index = session.credential_index;
    let (public, style, contests) = election
        .credential(index)
        .ok_or(VoteError::NotInRoll(index))?;
    let context = BallotContext {
        index,
        credential: &public,
        style,
        contests,
    };
    let kinds: Vec<ContestKind> = contests.iter().map(|contest| contest.kind).collect();
    let opened = challenged
        .opening
        .check(election.context(), &context, &challenged.body);
    if opened.ok().as_deref() != Some(selections(choices, &kinds)?.as_slice()) {
        return Err(VoteError::ChallengeFailed);
    }
    let entry = Entry::PostedChallenge(PostedChallenge::try_from(&challenged)?).encode()?;
    api.challenge(&entry).await?;
    Ok(code)
}

/// Posts a ballot, and again while the answer is lost: the server knows the body and gives the same acknowledgement.
async fn submit(api: &ElectionApi, session: &Session, entry: &[u8]) -> Result<Vec<u8>, VoteError> {
    let start = Instant::now();
    loop {
        match api.cast(session, entry).await {
            Err(ApiError::Transport { .. }) if start.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            settled => return Ok(settled?),
        }
    }
}

/// Checks that the acknowledgement promises this ballot.
///
/// # Errors
/// [`VoteError::Acknowledgement`], [`VoteError::OtherBallot`].
pub fn check_acknowledgement(
    election: &Election,
    bytes: &[u8],
    code: &ConfirmationCode,
) -> Result<(), VoteError> {
    let acknowledgement = Acknowledgement::decode(bytes)?;
    acknowledgement.verify(election.manifest().manifest())?;
    if acknowledgement.confirmation_code != (*code).into() {
        return Err(VoteError::OtherBallot);
    }
    Ok(())
}

/// Waits until the ballot is in the log and verifies the proof of it.
///
/// # Errors
/// [`VoteError::Pending`], [`VoteError::Receipt`], [`VoteError::Violation`].
pub async fn wait_for_receipt(
    api: &ElectionApi,
    election: &Election,
    code: &ConfirmationCode,
    entry: &[u8],
) -> Result<(u64, Vec<u8>), VoteError> {
    let start = Instant::now();
    loop {
        match api.receipt(&code.full(), Duration::from_secs(15)).await {
            Ok(Some(receipt)) => {
                let index = check_receipt(election, &receipt, entry)?;
                return Ok((index, receipt));
            }
            Ok(None) | Err(ApiError::Transport { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if start.elapsed() > RECEIPT_PATIENCE {
            return Err(VoteError::Pending(code.to_string()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The index that a receipt proves for this entry.
///
/// # Errors
/// [`VoteError::Receipt`], [`VoteError::Violation`].
pub fn check_receipt(election: &Election, receipt: &[u8], entry: &[u8]) -> Result<u64, VoteError> {
    let receipt = Receipt::parse(receipt)?;
    receipt.verify_entry(entry, election.manifest().policy())?;
    Ok(receipt.index())
}
