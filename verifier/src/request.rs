//! What to check, and what to look for.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::receipt::{MAX_RECEIPT_LEN, Receipt};
use hanpyo_ledger::record::CodePrefix;

use crate::error::CannotRun;

/// No policy or acknowledgement is larger.
const MAX_SMALL_FILE: usize = 1 << 20;

/// Everything a run needs besides the record.
#[derive(Clone, Debug)]
pub struct Request {
    /// Key of the log, from a source that the user trusts.
    pub log: VerifierKey,
    /// A witness policy that must hold besides the manifest's, with a name for messages.
    pub policy: Option<(String, Policy)>,
    /// Confirmation codes to look for.
    pub codes: Vec<CodePrefix>,
    /// Receipts that the record must extend, each with a name for messages.
    pub receipts: Vec<(String, Receipt)>,
    /// Acknowledgements whose ballots must be in the record, each with a name for messages.
    pub acknowledgements: Vec<(String, Acknowledgement)>,
    /// Threads that verify; 0 for one per core. One more reads ahead.
    pub threads: usize,
    /// Files read at the same time, at least 1.
    pub parallel_reads: usize,
}

impl Request {
    /// To check the log of this key and to look for nothing.
    #[must_use]
    pub const fn new(log: VerifierKey) -> Self {
        Self {
            log,
            policy: None,
            codes: Vec::new(),
            receipts: Vec::new(),
            acknowledgements: Vec::new(),
            threads: 0,
            parallel_reads: 1,
        }
    }

    /// Adds the witness policy in a file.
    ///
    /// # Errors
    /// [`CannotRun`] if it is none, or is for other logs.
    pub fn read_policy(&mut self, path: &Path) -> Result<(), CannotRun> {
        let (file, bytes) = read(path, MAX_SMALL_FILE)?;
        let policy = match Policy::parse(&bytes) {
            Ok(policy) => policy,
            Err(reason) => return Err(CannotRun::Policy { file, reason }),
        };
        let logs = policy.logs();
        if !logs.is_empty() && logs.iter().all(|log| log.key != self.log) {
            let log = self.log.name().clone();
            return Err(CannotRun::PolicyOfOther { file, log });
        }
        self.policy = Some((file, policy));
        Ok(())
    }

    /// Adds the receipt in a file.
    ///
    /// # Errors
    /// [`CannotRun`] if it is none. What it proves is for check 12.
    pub fn read_receipt(&mut self, path: &Path) -> Result<(), CannotRun> {
        let (file, bytes) = read(path, MAX_RECEIPT_LEN)?;
        match Receipt::parse(&bytes) {
            Ok(receipt) => {
                self.receipts.push((file, receipt));
                Ok(())
            }
            Err(reason) => Err(CannotRun::Receipt { file, reason }),
        }
    }

    /// Adds the acknowledgement in a file.
    ///
    /// # Errors
    /// [`CannotRun`] if it is none. Whether it is this election's is for check 12.
    pub fn read_acknowledgement(&mut self, path: &Path) -> Result<(), CannotRun> {
        let (file, bytes) = read(path, MAX_SMALL_FILE)?;
        match Acknowledgement::decode(&bytes) {
            Ok(acknowledgement) => {
                self.acknowledgements.push((file, acknowledgement));
                Ok(())
            }
            Err(reason) => Err(CannotRun::Acknowledgement { file, reason }),
        }
    }
}

/// Reads a file the user named, up to one byte over `limit`, which no parser accepts.
fn read(path: &Path, limit: usize) -> Result<(String, Vec<u8>), CannotRun> {
    let file = path.display().to_string();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    match File::open(path).and_then(|open| open.take(limit + 1).read_to_end(&mut bytes)) {
        Ok(_) => Ok((file, bytes)),
        Err(reason) => Err(CannotRun::File { file, reason }),
    }
}
