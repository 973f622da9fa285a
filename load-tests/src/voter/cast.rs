//! One voter from identification to the verified receipt.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hanpyo_crypto::ballot::{ConfirmationCode, EncryptBallotError, PreparedBallot};
use hanpyo_crypto::credential::CredentialSecret;
use hanpyo_ledger::voter::{
    self, CodesError, OpenedBallot, OpenedBallotError, PrepareError, RecordedError, Voter,
};
use rand::rngs::OsRng;

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
    /// The voting codes give no usable secret.
    #[error(transparent)]
    Codes(#[from] CodesError),
    /// The choices are not as the contests ask.
    #[error(transparent)]
    Choices(#[from] ChoicesError),
    /// The credential is not in the roll.
    #[error("credential {0} is not in the roll")]
    NotInRoll(u32),
    /// There is no ballot, or no entry of it.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The acknowledgement or the receipt proves nothing about the ballot.
    #[error(transparent)]
    Recorded(#[from] RecordedError),
    /// The receipt is for other bytes of the same ballot.
    #[error("the receipt is for another entry than the one sent")]
    OtherEntry,
    /// No receipt in time.
    #[error("no receipt in time; the ballot is acknowledged, look it up later with code {0}")]
    Pending(String),
    /// The opening does not reproduce the ballot: this device cheats.
    #[error("the challenged ballot does not hold the choices made")]
    ChallengeFailed,
    /// The opening is none, or of another ballot: this device cheats.
    #[error("challenged ballot: {0}")]
    Opening(#[from] OpenedBallotError),
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
/// [`VoteError::Codes`].
pub fn secret(
    election: &Election,
    codes: &[impl AsRef<str>],
) -> Result<CredentialSecret, VoteError> {
    Ok(voter::credential_secret(election.voting(), codes)?)
}

/// Encrypts a ballot of the credential with this index.
///
/// # Errors
/// [`VoteError::NotInRoll`], [`VoteError::Choices`], [`VoteError::Prepare`].
pub fn prepare(
    election: &Election,
    index: u32,
    secret: &CredentialSecret,
    choices: &str,
) -> Result<PreparedBallot, VoteError> {
    let place = election
        .credential(index)
        .ok_or(VoteError::NotInRoll(index))?;
    // The roll says whose the index is; a code of another letter must not make a ballot that the server refuses.
    if secret.public().compress().to_bytes() != place.point {
        return Err(PrepareError::from(EncryptBallotError::WrongCredential { index }).into());
    }
    let selections = selections(choices, &election.kinds(place.style)?)?;
    let voter = Voter {
        index: place.index,
        style: place.style,
        secret,
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // Seconds rise from one vote of a voter to the next, as the counter must.
    let counter = u32::try_from(now.as_secs()).unwrap_or(u32::MAX);
    let attempt = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
    Ok(voter::prepare(
        election.voting(),
        &voter,
        (counter, attempt),
        &selections,
        &mut OsRng,
    )?)
}

/// The entry of a ballot to be cast.
///
/// # Errors
/// [`VoteError::Prepare`].
pub fn cast_entry(prepared: PreparedBallot) -> Result<Vec<u8>, VoteError> {
    Ok(voter::cast(prepared, &mut OsRng)?)
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
    let index = session.credential_index;
    let prepared = prepare(election, index, secret, choices)?;
    let code = prepared.confirmation_code();
    let style = election
        .credential(index)
        .ok_or(VoteError::NotInRoll(index))?
        .style;
    let challenge = voter::challenge(prepared, style, &mut OsRng)?;
    let opened = OpenedBallot::decode(&challenge.opened)?.check(election.voting(), &code.into())?;
    if opened.selections != selections(choices, &election.kinds(style)?)? {
        return Err(VoteError::ChallengeFailed);
    }
    api.challenge(&challenge.entry).await?;
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
/// [`VoteError::Recorded`].
pub fn check_acknowledgement(
    election: &Election,
    bytes: &[u8],
    code: &ConfirmationCode,
) -> Result<(), VoteError> {
    voter::verify_acknowledgement(election.voting().manifest(), bytes, code)?;
    Ok(())
}

/// Waits until the ballot is in the log and verifies the proof of it.
///
/// # Errors
/// [`VoteError::Pending`], [`VoteError::Recorded`], [`VoteError::OtherEntry`].
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
                let index = check_receipt(election, &receipt, code, entry)?;
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
/// [`VoteError::Recorded`], [`VoteError::OtherEntry`].
pub fn check_receipt(
    election: &Election,
    receipt: &[u8],
    code: &ConfirmationCode,
    entry: &[u8],
) -> Result<u64, VoteError> {
    let manifest = election.voting().manifest();
    let recorded = voter::verify_receipt(manifest, receipt, &(*code).into())?;
    if recorded.entry != entry {
        return Err(VoteError::OtherEntry);
    }
    Ok(recorded.index)
}
