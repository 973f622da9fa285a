//! Test support: a store whose writes go wrong on command.
//!
//! Not for production. It is public because the integration tests of several crates play
//! the same faults: a disk that is full, a write that is torn, an answer that is lost, a
//! process that dies, an old request that arrives late.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::checkpoint::CHECKPOINT_PATH;
use super::store::{Put, PutError, Store, StoreError};
use super::tile::Tile;

/// What happens to one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written; an error is reported (a full disk).
    Fail,
    /// Only the first bytes are written, under the final path; an error is reported (storage
    /// that breaks its promise of never showing a file in part).
    Torn {
        /// Bytes that are written.
        keep: usize,
    },
    /// The file is written, but an error is reported (a lost answer).
    LostAnswer,
    /// Nothing is written now; an error is reported (a timeout). The request arrives at
    /// [`FaultStore::deliver_delayed`].
    Delayed,
    /// Nothing is written, and every request from now on fails (the process died).
    Crash,
}

/// A [`Store`] around another one, with faults at chosen writes.
#[derive(Debug, Default)]
pub struct FaultStore<S> {
    inner: S,
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    writes: usize,
    faults: BTreeMap<usize, Fault>,
    delayed: Vec<(String, Vec<u8>)>,
    crashed: bool,
    full: bool,
}

impl<S: Store> FaultStore<S> {
    /// Wraps a store; without a fault planned it behaves like that one.
    #[must_use]
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            plan: Mutex::default(),
        }
    }

    /// Plans a fault for the write with this number (from 0, counted since the start).
    pub fn fault_at(&self, write: usize, fault: Fault) {
        self.lock().faults.insert(write, fault);
    }

    /// Number of writes asked for so far.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.lock().writes
    }

    /// From now on every write fails (`true`), or none because of this (`false`).
    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
    }

    /// Lets the delayed requests arrive, in order, as the storage would carry them out.
    ///
    /// # Errors
    /// The first error of the inner store; the requests after it are dropped.
    pub fn deliver_delayed(&self) -> Result<(), PutError> {
        let delayed = core::mem::take(&mut self.lock().delayed);
        for (path, bytes) in delayed {
            self.write_through(&path, &bytes)?;
        }
        Ok(())
    }

    /// The store inside.
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// Ends the faults: gives the store inside, as a restarted process would find it.
    pub fn into_inner(self) -> S {
        self.inner
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_through(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError> {
        if path == CHECKPOINT_PATH {
            self.inner.replace_checkpoint(bytes)?;
            return Ok(Put::Created);
        }
        self.inner.put_if_absent(path, bytes)
    }

    /// Counts a write and lets its fault happen; `None` when there is none.
    fn strike(&self, path: &str, bytes: &[u8]) -> Option<PutError> {
        let error = |reason: &'static str| Some(StoreError::new("write", path, reason).into());
        let mut plan = self.lock();
        let number = plan.writes;
        plan.writes += 1;
        if plan.crashed {
            return error("the process died (injected)");
        }
        if plan.full {
            return error("no space left on device (injected)");
        }
        let fault = plan.faults.get(&number).copied()?;
        match fault {
            Fault::Delayed => plan.delayed.push((path.to_owned(), bytes.to_vec())),
            Fault::Crash => plan.crashed = true,
            Fault::Fail | Fault::Torn { .. } | Fault::LostAnswer => {}
        }
        drop(plan);
        let written = match fault {
            Fault::Torn { keep } => self.write_through(path, bytes.get(..keep).unwrap_or(bytes)),
            Fault::LostAnswer => self.write_through(path, bytes),
            Fault::Fail | Fault::Delayed | Fault::Crash => Ok(Put::Created),
        };
        match written {
            Ok(_) => error("injected fault"),
            Err(inner) => Some(inner),
        }
    }

    fn alive(&self, action: &'static str, path: &str) -> Result<(), StoreError> {
        if self.lock().crashed {
            return Err(StoreError::new(action, path, "the process died (injected)"));
        }
        Ok(())
    }
}

impl<S: Store> Store for FaultStore<S> {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.alive("read", path)?;
        self.inner.get(path)
    }

    fn put_if_absent(&self, path: &str, bytes: &[u8]) -> Result<Put, PutError> {
        match self.strike(path, bytes) {
            Some(error) => Err(error),
            None => self.inner.put_if_absent(path, bytes),
        }
    }

    fn replace_checkpoint(&self, bytes: &[u8]) -> Result<(), StoreError> {
        match self.strike(CHECKPOINT_PATH, bytes) {
            Some(PutError::Failed(error)) => Err(error),
            Some(PutError::Conflict(conflict)) => {
                Err(StoreError::new("write", CHECKPOINT_PATH, conflict))
            }
            None => self.inner.replace_checkpoint(bytes),
        }
    }

    fn delete_partials(&self, tile: &Tile) -> Result<usize, StoreError> {
        self.alive("delete", &tile.partials())?;
        self.inner.delete_partials(tile)
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.alive("list", prefix)?;
        self.inner.list(prefix)
    }
}
