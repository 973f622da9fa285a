//! The record checker of one ledger, fed with the ledger's own entries.
//!
//! Trusted mode: ballots were verified before they were taken, so their proofs are not verified
//! again when the state is rebuilt after a start. Everything else is checked as every reader does.

use std::ops::Range;

use hanpyo_ledger::entry::{Entry, EntryType};
use hanpyo_ledger::record::{EntrySource, Options, RecordChecker, Rejection, SourceError};
use rand::rngs::OsRng;

use super::error::{LedgerError, StopReason};
use crate::db::{self, Db};
use crate::ids::ElectionId;

/// Entries read from the database at once.
const CHUNK: u64 = 2_048;

/// Reads a ledger's entries from its database.
pub(crate) struct DbEntries {
    pub(crate) db: Db,
    pub(crate) election: ElectionId,
}

impl DbEntries {
    /// The entries with these positions in the log.
    pub(crate) fn read(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, LedgerError> {
        let rows = signed(range.start)?..signed(range.end)?;
        let election = self.election;
        self.db
            .read_blocking(move |c| Ok(db::entries::in_log(c, election, &rows)?))
    }
}

impl EntrySource for DbEntries {
    fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
        let error = |reason: String| SourceError { index, reason };
        let found = self
            .read(index..index.saturating_add(1))
            .map_err(|e| error(e.to_string()))?;
        let missing = || error("it is not in the database".to_owned());
        found.into_iter().next().ok_or_else(missing)
    }
}

/// The state that follows from all entries of a ledger.
pub(crate) struct Record {
    checker: RecordChecker,
    /// Announced electorate of each unit, from the seal on.
    electorate: Vec<u64>,
    /// When voting was opened, in seconds.
    opened: Option<u64>,
}

impl Record {
    /// The record without entries.
    pub(crate) fn new() -> Self {
        let options = Options {
            verify_ballots: false,
            ..Options::default()
        };
        Self {
            checker: RecordChecker::new(options, &mut OsRng),
            electorate: Vec::new(),
            opened: None,
        }
    }

    /// The state so far.
    pub(crate) fn checker(&self) -> &RecordChecker {
        &self.checker
    }

    /// Announced electorate of each unit; empty before the seal.
    pub(crate) fn electorate(&self) -> &[u64] {
        &self.electorate
    }

    /// When voting was opened, in seconds.
    pub(crate) fn opened(&self) -> Option<u64> {
        self.opened
    }

    /// Whether `entry` may come next.
    pub(crate) fn check(&self, entry: &[u8], source: &DbEntries) -> Result<(), LedgerError> {
        self.checker
            .check_candidate(entry, source)
            .map_err(|rejection| match rejection {
                Rejection::Findings(findings) => LedgerError::Rejected(findings),
                Rejection::Source(error) => error.into(),
            })
    }

    /// Reads the next entries, which are in the log already or about to be.
    pub(crate) fn push(
        &mut self,
        entries: &[Vec<u8>],
        source: &DbEntries,
    ) -> Result<(), LedgerError> {
        self.checker.push(entries, source)?;
        for entry in entries {
            let interesting = matches!(
                EntryType::peek(entry),
                Ok(EntryType::RollSealed | EntryType::Open)
            );
            if !interesting {
                continue;
            }
            match Entry::decode(entry) {
                Ok(Entry::RollSealed(sealed)) => self.electorate = sealed.payload.per_unit.to_vec(),
                Ok(Entry::Open(open)) => self.opened = Some(open.payload.time.get()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads what is in the database up to `size` entries and not here yet.
    pub(crate) fn catch_up(&mut self, size: u64, source: &DbEntries) -> Result<(), LedgerError> {
        while self.checker.size() < size {
            let first = self.checker.size();
            let entries = source.read(first..size.min(first + CHUNK))?;
            if entries.is_empty() {
                return Err(StopReason::Corrupt {
                    what: "ledger",
                    reason: format!("entry {first} of {size} is missing"),
                }
                .into());
            }
            self.push(&entries, source)?;
        }
        Ok(())
    }
}

/// A size or index as the database has it.
pub(crate) fn signed(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| {
        StopReason::Corrupt {
            what: "size",
            reason: format!("{number} is beyond the database's integers"),
        }
        .into()
    })
}
