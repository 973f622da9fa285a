//! One job at a time, on a thread of its own that holds the secret file and the board. Pages start it, look how it
//! goes, answer its question, and may stop it where it waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::messages::{Counted, Job, JobProgress, JobState, Refusal, RefusalCode};

/// Lines of a job's log that are kept.
const LONGEST_LOG: usize = 200;

/// How a job ended, if not by a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Done.
    Done,
    /// Others must act first.
    Later,
    /// Stopped by the person.
    Stopped,
}

/// What a program does behind its pages. Made and used on one thread.
pub trait Desk {
    /// What pages may ask for.
    type Request: DeserializeOwned + Send + 'static;
    /// What pages show.
    type View: Clone + Serialize + Send + 'static;

    /// The request's `kind`.
    fn kind(request: &Self::Request) -> &'static str;

    /// What pages show now.
    fn view(&self) -> Self::View;

    /// Does what is asked.
    ///
    /// # Errors
    /// The reason why not.
    fn carry_out(
        &mut self,
        request: Self::Request,
        job: &JobHandle<Self::View>,
    ) -> Result<Ended, Refusal>;
}

/// What pages are told: the last job and what there is to show.
#[derive(Clone, Serialize)]
pub struct State<View> {
    /// The last job; none at the start.
    pub job: Option<Job>,
    /// What there is to show.
    pub view: View,
}

struct Table<View> {
    state: State<View>,
    answer: Option<bool>,
    stop: bool,
}

struct Shared<View> {
    table: Mutex<Table<View>>,
    changed: Condvar,
}

impl<View> Shared<View> {
    fn table(&self) -> MutexGuard<'_, Table<View>> {
        // Nothing is left half done under this lock.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_job(&self, change: impl FnOnce(&mut Job)) {
        if let Some(job) = &mut self.table().state.job {
            change(job);
        }
    }
}

/// Why a job was not begun, answered or stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// Another job is under way.
    Busy,
    /// There is no such job under way, or it asks nothing.
    NoSuchJob,
}

/// The pages' side.
pub struct Worker<D: Desk> {
    shared: Arc<Shared<D::View>>,
    jobs: Mutex<Sender<D::Request>>,
}

impl<D: Desk + 'static> Worker<D> {
    /// Makes the desk on a thread of its own.
    #[must_use]
    pub fn start(view: D::View, make: impl FnOnce() -> D + Send + 'static) -> Self {
        let (jobs, requests) = channel();
        let shared = Arc::new(Shared {
            table: Mutex::new(Table {
                state: State { job: None, view },
                answer: None,
                stop: false,
            }),
            changed: Condvar::new(),
        });
        let handle = JobHandle(Arc::clone(&shared));
        std::thread::spawn(move || work(make(), &requests, &handle));
        Self {
            shared,
            jobs: Mutex::new(jobs),
        }
    }

    /// How everything stands.
    #[must_use]
    pub fn state(&self) -> State<D::View> {
        self.shared.table().state.clone()
    }

    /// Begins a job; gives its number.
    ///
    /// # Errors
    /// [`NotNow::Busy`].
    pub fn begin(&self, request: D::Request) -> Result<u32, NotNow> {
        let mut table = self.shared.table();
        if table.state.job.as_ref().is_some_and(is_under_way) {
            return Err(NotNow::Busy);
        }
        let number = table.state.job.as_ref().map_or(1, |job| job.number + 1);
        table.state.job = Some(Job {
            number,
            action: D::kind(&request).to_owned(),
            state: JobState::Running,
            progress: None,
            log: Vec::new(),
            refusal: None,
        });
        (table.answer, table.stop) = (None, false);
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        // The thread lives as long as this.
        jobs.send(request).map_err(|_| NotNow::Busy)?;
        Ok(number)
    }

    /// Answers the question of a job.
    ///
    /// # Errors
    /// [`NotNow::NoSuchJob`].
    pub fn answer(&self, number: u32, yes: bool) -> Result<(), NotNow> {
        self.tell(number, JobState::Asking, |table| table.answer = Some(yes))
    }

    /// Stops a job where it waits for others.
    ///
    /// # Errors
    /// [`NotNow::NoSuchJob`].
    pub fn stop(&self, number: u32) -> Result<(), NotNow> {
        self.tell(number, JobState::Waiting, |table| table.stop = true)
    }

    fn tell(
        &self,
        number: u32,
        state: JobState,
        change: impl FnOnce(&mut Table<D::View>),
    ) -> Result<(), NotNow> {
        let mut table = self.shared.table();
        let right = |job: &Job| job.number == number && job.state == state;
        if !table.state.job.as_ref().is_some_and(right) {
            return Err(NotNow::NoSuchJob);
        }
        change(&mut table);
        self.shared.changed.notify_all();
        Ok(())
    }
}

fn is_under_way(job: &Job) -> bool {
    matches!(
        job.state,
        JobState::Running | JobState::Waiting | JobState::Asking
    )
}

/// Carries out one request after the other until the pages' side is gone.
fn work<D: Desk>(mut desk: D, requests: &Receiver<D::Request>, job: &JobHandle<D::View>) {
    while let Ok(request) = requests.recv() {
        let done = catch_unwind(AssertUnwindSafe(|| desk.carry_out(request, job)));
        let done = done.unwrap_or_else(|_| {
            let detail = "the program failed; see its terminal. Start it again";
            Err(Refusal::new(RefusalCode::Other, detail))
        });
        let mut table = job.0.table();
        table.state.view = desk.view();
        if let Some(job) = &mut table.state.job {
            (job.state, job.refusal) = match done {
                Ok(Ended::Done) => (JobState::Done, None),
                Ok(Ended::Later) => (JobState::Later, None),
                Ok(Ended::Stopped) => (JobState::Stopped, None),
                Err(refusal) => (JobState::Refused, Some(refusal)),
            };
            job.progress = None;
        }
    }
}

/// The job's side: what it tells the pages, and what it asks them.
pub struct JobHandle<View>(Arc<Shared<View>>);

impl<View> JobHandle<View> {
    /// Says how far it is.
    pub fn progress(&self, what: Counted, done: u64, total: u64) {
        self.0.with_job(|job| {
            job.state = JobState::Running;
            job.progress = Some(JobProgress { what, done, total });
        });
    }

    /// Says what happened, in words of the program.
    pub fn say(&self, line: &str) {
        self.0.with_job(|job| {
            if job.log.len() < LONGEST_LOG {
                job.log.push(line.to_owned());
            }
        });
    }

    /// Shows something new while it goes on.
    pub fn show(&self, view: View) {
        self.0.table().state.view = view;
    }

    /// Waits for others; false if the person stopped it.
    #[must_use]
    pub fn wait(&self, pause: Duration) -> bool {
        self.0.with_job(|job| {
            job.state = JobState::Waiting;
            job.progress = None;
        });
        let end = Instant::now() + pause;
        let mut table = self.0.table();
        while !table.stop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            table = self
                .0
                .changed
                .wait_timeout(table, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        false
    }

    /// Shows something and asks whether to go on.
    #[must_use]
    pub fn ask(&self, view: View) -> bool {
        let mut table = self.0.table();
        table.state.view = view;
        table.answer = None;
        if let Some(job) = &mut table.state.job {
            (job.state, job.progress) = (JobState::Asking, None);
        }
        loop {
            if let Some(yes) = table.answer.take() {
                if let Some(job) = &mut table.state.job {
                    job.state = JobState::Running;
                }
                return yes;
            }
            table = self
                .0
                .changed
                .wait(table)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
