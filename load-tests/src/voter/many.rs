//! Many voters at once, from a codes file and a choices file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hanpyo_crypto::ballot::ConfirmationCode;
use tokio::sync::{Semaphore, mpsc};

use super::api::ElectionApi;
use super::cast::{Recorded, VoteError, secret, vote};
use super::choices::Choice;
use super::codes::Letter;
use super::election::Election;
use super::outbox::Outbox;

/// How long a one-time code may take to arrive.
const CODE_PATIENCE: Duration = Duration::from_secs(60);

/// What many voters need.
pub struct Crowd {
    /// The server.
    pub api: ElectionApi,
    /// The election.
    pub election: Election,
    /// Where one-time codes arrive.
    pub outbox: Outbox,
    /// The voters' letters, by voter.
    pub letters: HashMap<String, Letter>,
    /// Voters on their way at the same time, at most.
    pub concurrency: usize,
    /// Where to keep receipts and acknowledgements, one file each.
    pub keep: Option<PathBuf>,
}

/// How one voter fared.
pub struct Outcome {
    /// The voter.
    pub voter_id: String,
    /// From identification to the verified receipt.
    pub took: Duration,
    /// The recorded vote, or why there is none.
    pub result: Result<Recorded, CrowdError>,
}

/// Why a voter of a crowd did not get through.
#[derive(Debug, thiserror::Error)]
pub enum CrowdError {
    /// The voter has no letter.
    #[error("no letter in the codes file")]
    NoLetter,
    /// Voting failed.
    #[error(transparent)]
    Vote(#[from] VoteError),
    /// The receipt could not be kept.
    #[error("keeping the receipt: {0}")]
    Keep(#[from] std::io::Error),
    /// The task of this voter ended early.
    #[error("the voter's task was cut off")]
    CutOff,
}

/// Lets all of them vote, each at its time, and reports each outcome as it comes.
pub async fn run(crowd: Crowd, choices: Vec<Choice>, outcomes: mpsc::Sender<Outcome>) {
    let permits = Arc::new(Semaphore::new(crowd.concurrency.max(1)));
    let crowd = Arc::new(crowd);
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for choice in choices {
        tokio::time::sleep_until((start + Duration::from_millis(choice.at_ms)).into()).await;
        // The semaphore is never closed, so a permit always comes.
        let permit = Arc::clone(&permits).acquire_owned().await;
        let (crowd, outcomes) = (Arc::clone(&crowd), outcomes.clone());
        tasks.spawn(async move {
            let begun = Instant::now();
            let result = one(&crowd, &choice).await;
            drop(permit);
            let outcome = Outcome {
                voter_id: choice.voter_id,
                took: begun.elapsed(),
                result,
            };
            // Nobody listens any more only when the program is ending.
            outcomes.send(outcome).await.is_ok()
        });
    }
    while tasks.join_next().await.is_some() {}
}

async fn one(crowd: &Crowd, choice: &Choice) -> Result<Recorded, CrowdError> {
    let letter = crowd
        .letters
        .get(&choice.voter_id)
        .ok_or(CrowdError::NoLetter)?;
    crowd
        .api
        .identify(&choice.voter_id)
        .await
        .map_err(VoteError::from)?;
    let otp = crowd
        .outbox
        .take(&choice.contact, CODE_PATIENCE)
        .await
        .map_err(VoteError::from)?;
    let session = crowd
        .api
        .session(&choice.voter_id, &otp)
        .await
        .map_err(VoteError::from)?;
    let secret = secret(&crowd.election, &letter.codes)?;
    let recorded = vote(
        &crowd.api,
        &crowd.election,
        &session,
        &secret,
        &choice.choices,
        choice.intent,
    )
    .await?;
    if let Some(folder) = &crowd.keep {
        keep(folder, &recorded.code, &recorded)?;
    }
    Ok(recorded)
}

/// Writes `CODE.receipt` and `CODE.ack`.
fn keep(
    folder: &std::path::Path,
    code: &ConfirmationCode,
    recorded: &Recorded,
) -> std::io::Result<()> {
    std::fs::write(
        folder.join(format!("{}.receipt", code.full())),
        &recorded.receipt,
    )?;
    std::fs::write(
        folder.join(format!("{}.ack", code.full())),
        &recorded.acknowledgement,
    )
}
