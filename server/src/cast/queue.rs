//! The bounded queue in front of verification, and the two threads behind it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::lanes::{Lane, Lanes, Sizes};
use super::verify::{InvalidBallot, verify};
use super::waiting::{Waiting, WaitingRoom};
use crate::clock::SECOND;
use crate::config::LedgerConfig;
use crate::db::ballots::{Decision, Submission, Urn, take};
use crate::db::{Db, DbError};
use crate::ids::TenantId;
use crate::sequencer::{Code, Ledger, LedgerError, fault};

/// Posted challenges that are looked at with a batch of ballots. A ballot waits for no more of them.
const CHALLENGES_WITH_A_BATCH: usize = 8;
/// Verified batches that may wait for their commit.
const VERIFIED_BATCHES: usize = 4;

/// What a voter decided about a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Cast it: entry 17.
    Ballot,
    /// Have it opened: entry 18.
    Challenge,
}

impl Kind {
    /// The entry type's number.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::Ballot => 17,
            Self::Challenge => 18,
        }
    }
}

/// One submission on its way.
pub struct Item {
    /// Where it goes.
    pub ledger: Arc<Ledger>,
    /// Cast or challenge.
    pub kind: Kind,
    /// The entry, decoded once already.
    pub bytes: Vec<u8>,
    /// Confirmation code of its body.
    pub code: Code,
    /// Credential that the body names.
    pub credential: u32,
    /// Counter of the body.
    pub counter: u32,
    /// Where the answer goes.
    pub(crate) reply: oneshot::Sender<Result<Taken, CastError>>,
}

/// A submission that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What its acknowledgement promises, in seconds since 1970; 0 for challenges.
    pub deadline: u64,
    /// Position in the log, if it is there already.
    pub log_index: Option<u64>,
}

/// Why a submission was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// Too much is waiting.
    #[error("the queue is full")]
    Busy(Waiting),
    /// It proves nothing.
    #[error(transparent)]
    Invalid(#[from] InvalidBallot),
    /// It is valid, but not taken.
    #[error("not taken: {0:?}")]
    Refused(Decision),
    /// Database or ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<DbError> for CastError {
    fn from(error: DbError) -> Self {
        Self::Ledger(error.into())
    }
}

/// A batch of one election that is ready for its transaction.
pub(super) struct Verified {
    pub(super) ledger: Arc<Ledger>,
    pub(super) submissions: Vec<Submission>,
    pub(super) replies: Vec<oneshot::Sender<Result<Taken, CastError>>>,
}

/// Handle to the queue.
pub struct CastQueue {
    lanes: Arc<Lanes<TenantId, Item>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    room: Arc<WaitingRoom>,
    /// Ballots that may wait.
    size: usize,
}

impl CastQueue {
    /// Starts the threads behind the queue.
    #[must_use]
    pub fn start(db: Db, config: &LedgerConfig) -> Self {
        let lanes = Arc::new(Lanes::new(Sizes {
            ballots: config.cast_queue,
            challenges: config.challenge_queue,
            ballot_batch: config.cast_batch,
            challenge_batch: CHALLENGES_WITH_A_BATCH,
        }));
        let (verified, batches) = sync_channel(VERIFIED_BATCHES);
        let linger = Duration::from_millis(config.cast_linger_ms);
        let queue = Arc::clone(&lanes);
        let verifier = spawn(move || run_verifier(&queue, &verified, linger));
        let room = Arc::new(WaitingRoom::new(Instant::now()));
        let pace = Arc::clone(&room);
        let committer = spawn(move || run_committer(&batches, &db, &pace));
        Self {
            lanes,
            threads: Mutex::new(vec![verifier, committer]),
            room,
            size: config.cast_queue,
        }
    }

    /// Queues a submission; the receiver gets the answer once it is durable or refused, or
    /// [`CastError::Busy`] if there is no place for it.
    pub fn submit(
        &self,
        ledger: Arc<Ledger>,
        kind: Kind,
        (code, credential, counter): (Code, u32, u32),
        bytes: Vec<u8>,
    ) -> oneshot::Receiver<Result<Taken, CastError>> {
        let (reply, receiver) = oneshot::channel();
        let lane = match kind {
            Kind::Ballot => Lane::Ballots(ledger.id().tenant),
            Kind::Challenge => Lane::Challenges,
        };
        let item = Item {
            ledger,
            kind,
            bytes,
            code,
            credential,
            counter,
            reply,
        };
        if let Some(lost) = self.lanes.push(lane, item) {
            // This one or another; its receiver is told, if anyone still listens.
            drop(
                lost.reply
                    .send(Err(CastError::Busy(self.turn_away(self.size)))),
            );
        }
        receiver
    }

    /// When to come back, behind so many ballots that wait.
    #[must_use]
    pub fn turn_away(&self, queued: usize) -> Waiting {
        self.room.turn_away(queued, Instant::now())
    }

    /// Takes no more, finishes what is queued, ends the threads. Blocks.
    pub fn close(&self) {
        self.lanes.close();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the cast path ended with a panic");
            }
        }
    }
}

fn run_verifier(lanes: &Lanes<TenantId, Item>, verified: &SyncSender<Verified>, linger: Duration) {
    while lanes.wait() {
        if !lanes.is_crowded() {
            sleep(linger);
        }
        let (ballots, challenges) = lanes.take();
        // Apart, so that a challenge that proves nothing spoils no batch of ballots.
        for batch in by_election(ballots)
            .into_iter()
            .chain(by_election(challenges))
        {
            let Some(batch) = survive(|| verify(batch)).flatten() else {
                continue;
            };
            if verified.send(batch).is_err() {
                return;
            }
        }
    }
}

fn by_election(batch: Vec<Item>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in batch {
        let same = |group: &&mut Vec<Item>| {
            group
                .first()
                .is_some_and(|first| Arc::ptr_eq(&first.ledger, &item.ledger))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

fn run_committer(batches: &Receiver<Verified>, db: &Db, room: &WaitingRoom) {
    while let Ok(batch) = batches.recv() {
        let count = batch.submissions.len();
        survive(|| commit(batch, db));
        room.taken(count, Instant::now());
    }
}

/// Runs `job` so that a panic in it does not end the thread: those of its batch get no answer and
/// ask again, but voting goes on.
fn survive<T>(job: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(job));
    if done.is_err() {
        tracing::error!("a panic in the cast path: a batch of ballots was not answered");
    }
    done.ok()
}

/// One durable transaction, then the answers.
fn commit(batch: Verified, db: &Db) {
    let Verified {
        ledger,
        submissions,
        replies,
    } = batch;
    let (clock, seconds) = (ledger.clock.clone(), ledger.config.deadline_seconds.into());
    let (id, manifest) = (ledger.id().clone(), ledger.manifest().manifest());
    let revoting = manifest.counting.revoting;
    let codes: Vec<Code> = submissions.iter().map(|s| s.code).collect();
    let done = db.write_blocking::<_, CastError, _>(move |c| {
        let urn = Urn {
            tenant: id.tenant,
            election: id.election,
            revoting,
            // Now, not when the batch began to wait for the database: nothing is promised for a time that is over.
            deadline: (clock.now() / SECOND).saturating_add(seconds),
        };
        Ok(take(c, urn, submissions)?)
    });
    let decisions = match done {
        Ok(decisions) => decisions,
        Err(error) => {
            if let CastError::Ledger(LedgerError::Unavailable(reason)) = &error {
                ledger.unavailable(reason);
            }
            tracing::error!(ledger = %ledger.id(), error = %error, "a batch of ballots was not taken");
            let reason = error.to_string();
            for reply in replies {
                let error = LedgerError::Unavailable(reason.clone());
                drop(reply.send(Err(error.into())));
            }
            return;
        }
    };
    fault::reach("taken");
    let new = decisions.iter().zip(codes).filter_map(|(decision, code)| {
        let is_new = matches!(
            decision,
            Decision::Taken {
                repeated: false,
                ..
            }
        );
        is_new.then_some(code)
    });
    ledger.ballots_taken(new.collect());
    for (reply, decision) in replies.into_iter().zip(decisions) {
        // A voter who hung up sends the body again.
        drop(reply.send(answer(decision)));
    }
}

fn answer(decision: Decision) -> Result<Taken, CastError> {
    match decision {
        Decision::Taken {
            deadline,
            log_index,
            ..
        } => Ok(Taken {
            deadline: u64::try_from(deadline).unwrap_or(0),
            log_index: log_index.and_then(|index| u64::try_from(index).ok()),
        }),
        refused => Err(CastError::Refused(refused)),
    }
}

impl From<diesel::result::Error> for CastError {
    fn from(error: diesel::result::Error) -> Self {
        DbError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::survive;

    #[test]
    fn a_panic_ends_its_batch_only() {
        assert_eq!(survive(|| 7), Some(7));
        let job: fn() -> u8 = || panic!("on purpose");
        assert_eq!(survive(job), None);
    }
}
