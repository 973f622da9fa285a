//! Casts a second on the embedded default, with fsync, counted at the verified receipt (`casts_per_s`).
//!
//! The election is set up by the real programs. Voters identify and encrypt beforehand; measured is only what a
//! server does at the opening: casting, sequencing, receipts. Server and clients share the machine's cores.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_ledger::log::key::VerifierKey;
use tokio::sync::Mutex;

use crate::demo::DemoError;
use crate::demo::fixture::{Fixture, Ready as Waiting, Window};
use crate::voter::api::{ElectionApi, Session};
use crate::voter::cast::{
    VoteError, cast_entry, check_acknowledgement, check_receipt, prepare, secret,
};
use crate::voter::codes::{self, Letter};
use crate::voter::election::{Election, ElectionError};
use crate::voter::outbox::Outbox;

/// Ballots on their way at the same time.
const UNDER_WAY: usize = 256;
/// Pause before a receipt is asked for: about one publication.
const PUBLICATION: Duration = Duration::from_millis(1100);

/// A ballot ready to be posted.
struct Ready {
    session: Session,
    entry: Vec<u8>,
    code: ConfirmationCode,
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Ballots with a verified receipt.
    pub recorded: u64,
    /// From the first cast to the last receipt.
    pub took: Duration,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum CastsError {
    /// Setting up.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The board.
    #[error(transparent)]
    Election(#[from] ElectionError),
    /// A vote.
    #[error("voter {voter}: {source}")]
    Vote {
        /// Who.
        voter: String,
        /// Why.
        source: VoteError,
    },
    /// Something of the set-up.
    #[error("{0}")]
    SetUp(String),
}

/// Sets up an election of `voters` and lets all of them cast as fast as the server takes them.
///
/// # Errors
/// [`CastsError`].
pub async fn run(voters: usize) -> Result<Measured, CastsError> {
    let fixture = Fixture::start(None, "").await?;
    let waiting = fixture.election("casts", voters, Window::Open).await?;
    let (api, election) = open(&fixture, &waiting).await?;
    let ready = get_ready(&fixture, &waiting, &api, &election).await?;
    let measured = cast_all(&api, &election, ready).await?;
    fixture.stop().await?;
    Ok(measured)
}

async fn open(
    fixture: &Fixture,
    waiting: &Waiting,
) -> Result<(ElectionApi, Arc<Election>), CastsError> {
    let vkey: VerifierKey = waiting
        .vkey
        .parse()
        .map_err(|_| CastsError::SetUp("vkey".to_owned()))?;
    let api = ElectionApi::new(fixture.server(), "seoul", waiting.slug, UNDER_WAY)
        .map_err(|error| CastsError::SetUp(error.to_string()))?;
    let board = waiting.board.clone();
    let election = tokio::task::spawn_blocking(move || Election::load(&board, &vkey, None)).await;
    let election = election.map_err(|error| CastsError::SetUp(error.to_string()))??;
    Ok((api, Arc::new(election)))
}

/// Identifies and encrypts for every voter.
async fn get_ready(
    fixture: &Fixture,
    waiting: &Waiting,
    api: &ElectionApi,
    election: &Arc<Election>,
) -> Result<VecDeque<Ready>, CastsError> {
    let letters = std::fs::File::open(&waiting.letters)
        .map_err(|error| CastsError::SetUp(error.to_string()))?;
    let letters = codes::read(letters).map_err(|error| CastsError::SetUp(error.to_string()))?;
    let letters = letters
        .into_iter()
        .map(|letter| (letter.voter_id.clone(), letter));
    let letters: Arc<HashMap<String, Letter>> = Arc::new(letters.collect());
    let outbox = Arc::new(Outbox::new(fixture.outbox()));
    let voters = Arc::new(Mutex::new(VecDeque::from(waiting.voters.clone())));
    let mut tasks = tokio::task::JoinSet::<Result<Vec<Ready>, CastsError>>::new();
    for _ in 0..64 {
        let (api, election, letters, outbox, voters) = (
            api.clone(),
            Arc::clone(election),
            Arc::clone(&letters),
            Arc::clone(&outbox),
            Arc::clone(&voters),
        );
        tasks.spawn(async move {
            let mut ready = Vec::new();
            loop {
                let next = voters.lock().await.pop_front();
                let Some((voter, contact)) = next else {
                    return Ok(ready);
                };
                let one = one_ready(&api, &election, &letters, &outbox, &voter, &contact).await;
                ready.push(one.map_err(|source| CastsError::Vote { voter, source })?);
            }
        });
    }
    let mut all = VecDeque::new();
    while let Some(task) = tasks.join_next().await {
        all.extend(task.map_err(|error| CastsError::SetUp(error.to_string()))??);
    }
    Ok(all)
}

async fn one_ready(
    api: &ElectionApi,
    election: &Election,
    letters: &HashMap<String, Letter>,
    outbox: &Outbox,
    voter: &str,
    contact: &str,
) -> Result<Ready, VoteError> {
    api.identify(voter).await?;
    let otp = outbox.take(contact, Duration::from_secs(60)).await?;
    let session = api.session(voter, &otp).await?;
    let codes = letters.get(voter).map_or(&[][..], |letter| &letter.codes);
    let secret = secret(election, codes)?;
    let prepared = prepare(election, session.credential_index, &secret, "1")?;
    let code = prepared.confirmation_code();
    Ok(Ready {
        session,
        entry: cast_entry(prepared)?,
        code,
    })
}

async fn cast_all(
    api: &ElectionApi,
    election: &Arc<Election>,
    ready: VecDeque<Ready>,
) -> Result<Measured, CastsError> {
    let ready = Arc::new(Mutex::new(ready));
    let recorded = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let mut casters = tokio::task::JoinSet::new();
    let (receipts, mut waiting) =
        tokio::sync::mpsc::unbounded_channel::<(Instant, ConfirmationCode, Vec<u8>)>();
    for _ in 0..UNDER_WAY {
        let (api, election, ready, receipts) = (
            api.clone(),
            Arc::clone(election),
            Arc::clone(&ready),
            receipts.clone(),
        );
        casters.spawn(async move {
            loop {
                let next = ready.lock().await.pop_front();
                let Some(ballot) = next else { return Ok(()) };
                let acknowledgement = api
                    .cast(&ballot.session, &ballot.entry)
                    .await
                    .map_err(VoteError::from)?;
                check_acknowledgement(&election, &acknowledgement, &ballot.code)?;
                if receipts
                    .send((Instant::now() + PUBLICATION, ballot.code, ballot.entry))
                    .is_err()
                {
                    return Ok(());
                }
            }
        });
    }
    drop(receipts);
    let mut checkers = tokio::task::JoinSet::new();
    let permits = Arc::new(tokio::sync::Semaphore::new(UNDER_WAY));
    while let Some((due, code, entry)) = waiting.recv().await {
        tokio::time::sleep_until(due.into()).await;
        let permit = Arc::clone(&permits).acquire_owned().await;
        let (api, election, recorded) = (api.clone(), Arc::clone(election), Arc::clone(&recorded));
        checkers.spawn(async move {
            let result = receipt(&api, &election, &code, &entry).await;
            drop(permit);
            if result.is_ok() {
                recorded.fetch_add(1, Ordering::Relaxed);
            }
            result
        });
    }
    let failed = |source: VoteError| CastsError::Vote {
        voter: "of the crowd".to_owned(),
        source,
    };
    while let Some(task) = casters.join_next().await {
        task.map_err(|error| CastsError::SetUp(error.to_string()))?
            .map_err(failed)?;
    }
    while let Some(task) = checkers.join_next().await {
        task.map_err(|error| CastsError::SetUp(error.to_string()))?
            .map_err(failed)?;
    }
    Ok(Measured {
        recorded: recorded.load(Ordering::Relaxed),
        took: start.elapsed(),
    })
}

async fn receipt(
    api: &ElectionApi,
    election: &Election,
    code: &ConfirmationCode,
    entry: &[u8],
) -> Result<(), VoteError> {
    loop {
        if let Some(receipt) = api.receipt(&code.full(), Duration::from_secs(15)).await? {
            check_receipt(election, &receipt, code, entry)?;
            return Ok(());
        }
    }
}
