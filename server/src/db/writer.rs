//! The thread that writes: waiting jobs share one durable transaction.
//!
//! Order of effects for a batch: BEGIN IMMEDIATE, each job in a savepoint, COMMIT (fsync), then
//! the answers. A crash before the commit leaves nothing of the batch and no one was answered; a
//! crash after it leaves all of it, and callers that got no answer must ask what became of their
//! request. A job that fails rolls back its own savepoint only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use diesel::connection::Connection as _;
use tokio::sync::{mpsc, oneshot};

use super::connection::{self, Connection, Pragmas};
use super::{DbError, JobError};

/// Tells the caller of a job how the shared transaction ended.
type Settle = Box<dyn FnOnce(Option<&str>) + Send>;
type Job = Box<dyn FnOnce(&mut Connection) -> Settle + Send>;

/// What becomes of a job for which the queue has no place.
#[derive(Debug, Clone, Copy)]
pub(super) enum WhenFull {
    /// [`DbError::Busy`].
    Refuse,
    /// The caller's thread waits: never one that drives the async runtime.
    Wait,
}

/// Handle to the writing thread.
#[derive(Clone)]
pub(super) struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    /// `None` once closed.
    sender: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(
        url: String,
        pragmas: Pragmas,
        connection: Connection,
        queue: usize,
        batch: usize,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(queue);
        let thread = std::thread::spawn(move || {
            Loop {
                url,
                pragmas,
                connection: Some(connection),
                batch,
            }
            .run(receiver);
        });
        Self {
            shared: Arc::new(Shared {
                sender: Mutex::new(Some(sender)),
                thread: Mutex::new(Some(thread)),
            }),
        }
    }

    /// Queues `job`; the receiver answers after the commit, or closes if the job was dropped.
    pub(super) fn submit<T, E, F>(
        &self,
        when_full: WhenFull,
        job: F,
    ) -> Result<oneshot::Receiver<Result<T, E>>, DbError>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (job, receiver) = settled(job);
        let sender = self.sender().ok_or(DbError::Dropped)?;
        match when_full {
            WhenFull::Refuse => sender.try_send(job).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => DbError::Busy,
                mpsc::error::TrySendError::Closed(_) => DbError::Dropped,
            })?,
            WhenFull::Wait => sender.blocking_send(job).map_err(|_| DbError::Dropped)?,
        }
        Ok(receiver)
    }

    /// Whether nothing is taken any more.
    pub(super) fn is_closed(&self) -> bool {
        self.sender().is_none()
    }

    fn sender(&self) -> Option<mpsc::Sender<Job>> {
        let sender = self.shared.sender.lock();
        sender.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the thread finish what is queued and waits for its end.
    pub(super) fn close(&self) {
        drop(
            self.shared
                .sender
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .shared
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the database writer ended with a panic");
        }
    }
}

/// A job that answers after the commit.
fn settled<T, E, F>(job: F) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let span = tracing::Span::current();
    let job: Job = Box::new(move |connection| {
        let _in_span = span.entered();
        let result = connection
            .transaction(|connection| job(connection).map_err(JobError::Job))
            .map_err(JobError::into_error);
        Box::new(move |failure| {
            let result = match failure {
                Some(reason) if result.is_ok() => Err(DbError::Commit(reason.to_owned()).into()),
                _ => result,
            };
            // The caller may have hung up; what it asked for is done all the same.
            drop(answer.send(result));
        })
    });
    (job, receiver)
}

struct Loop {
    url: String,
    pragmas: Pragmas,
    connection: Option<Connection>,
    batch: usize,
}

impl Loop {
    fn run(mut self, mut receiver: mpsc::Receiver<Job>) {
        while let Some(first) = receiver.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < self.batch
                && let Ok(job) = receiver.try_recv()
            {
                jobs.push(job);
            }
            self.commit(jobs);
        }
    }

    /// Runs one batch. Jobs that were not run are dropped, which closes their receivers.
    fn commit(&mut self, jobs: Vec<Job>) {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            gone => match connection::establish(&self.url, self.pragmas) {
                Ok(fresh) => gone.insert(fresh),
                Err(error) => {
                    tracing::error!(error = %error, "the database writer has no connection");
                    return;
                }
            },
        };
        let mut settle: Vec<Settle> = Vec::with_capacity(jobs.len());
        // A panic in one job ends the batch: nothing of it is committed.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            connection.immediate_transaction(|connection| {
                for job in jobs {
                    settle.push(job(connection));
                }
                Ok::<_, diesel::result::Error>(())
            })
        }));
        let failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("a job panicked".to_owned()),
        };
        if let Some(reason) = &failure {
            tracing::error!(error = %reason, "a shared database commit failed");
            // Its transaction state is unknown (SQLite rolls back on its own on a full disk, say).
            self.connection = None;
        }
        for answer in settle {
            answer(failure.as_deref());
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::BigInt;
    use diesel::{QueryableByName, RunQueryDsl as _};

    use super::*;

    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    fn writer(dir: &tempfile::TempDir) -> Writer {
        let url = dir.path().join("test.sqlite").to_str().unwrap().to_owned();
        let pragmas = Pragmas {
            busy_timeout_ms: 1_000,
            read_only: false,
        };
        let mut connection = connection::establish(&url, pragmas).unwrap();
        diesel::sql_query("CREATE TABLE t (x INTEGER NOT NULL UNIQUE) STRICT")
            .execute(&mut connection)
            .unwrap();
        Writer::start(url, pragmas, connection, 64, 8)
    }

    fn insert(connection: &mut Connection, x: i64) -> Result<(), DbError> {
        diesel::sql_query("INSERT INTO t VALUES (?)")
            .bind::<BigInt, _>(x)
            .execute(connection)?;
        Ok(())
    }

    fn count(writer: &Writer) -> i64 {
        writer
            .submit::<i64, DbError, _>(WhenFull::Refuse, |c| {
                Ok(diesel::sql_query("SELECT count(*) AS n FROM t")
                    .get_result::<Count>(c)?
                    .n)
            })
            .unwrap()
            .blocking_recv()
            .unwrap()
            .unwrap()
    }

    #[test]
    fn a_failing_job_takes_no_other_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(&dir);
        let answers: Vec<_> = (0..40_i64)
            .map(|x| {
                writer
                    .submit::<(), DbError, _>(WhenFull::Refuse, move |c| {
                        insert(c, x)?;
                        if x % 4 == 3 { insert(c, x) } else { Ok(()) }
                    })
                    .unwrap()
            })
            .collect();
        for (x, answer) in answers.into_iter().enumerate() {
            let result = answer.blocking_recv().unwrap();
            assert_eq!(result.is_err(), x % 4 == 3, "{x}: {result:?}");
        }
        assert_eq!(count(&writer), 30);
    }

    #[test]
    fn a_panic_loses_its_batch_but_not_the_writer() {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(&dir);
        let answer = writer
            .submit::<(), DbError, _>(WhenFull::Refuse, |c| {
                insert(c, 1)?;
                panic!("on purpose");
            })
            .unwrap();
        assert!(answer.blocking_recv().is_err());
        assert_eq!(count(&writer), 0);
        let answer = writer
            .submit::<(), DbError, _>(WhenFull::Refuse, |c| insert(c, 2))
            .unwrap();
        answer.blocking_recv().unwrap().unwrap();
        assert_eq!(count(&writer), 1);
    }

    #[test]
    fn a_full_queue_refuses_and_closing_finishes_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(&dir);
        let (release, hold) = std::sync::mpsc::channel::<()>();
        let first = writer
            .submit::<(), DbError, _>(WhenFull::Refuse, move |_| {
                hold.recv().ok();
                Ok(())
            })
            .unwrap();
        let mut accepted = Vec::new();
        let refusal = loop {
            let x = i64::try_from(accepted.len()).unwrap();
            match writer.submit::<(), DbError, _>(WhenFull::Refuse, move |c| insert(c, x)) {
                Ok(answer) => accepted.push(answer),
                Err(error) => break error,
            }
        };
        assert!(matches!(refusal, DbError::Busy));
        release.send(()).unwrap();
        writer.close();
        first.blocking_recv().unwrap().unwrap();
        assert!(accepted.len() >= 63, "{}", accepted.len());
        for answer in accepted {
            answer.blocking_recv().unwrap().unwrap();
        }
        assert!(matches!(
            writer.submit::<(), DbError, _>(WhenFull::Refuse, |_| Ok(())),
            Err(DbError::Dropped)
        ));
    }
}
