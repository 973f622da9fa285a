//! The board's files as far as the page handed them in.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hanpyo_ledger::log::source::{SourceError, TileSource};

#[derive(Default)]
struct Inner {
    /// `None` for files that the board does not have.
    files: BTreeMap<String, Option<Vec<u8>>>,
    wanted: BTreeSet<String>,
}

/// A source of tiles that gives what is there and notes what is not.
///
/// Trust: none, as for every source. Whatever is read is checked against a signed root.
#[derive(Clone, Default)]
pub(super) struct Files(Rc<RefCell<Inner>>);

/// A file was not handed in yet.
#[derive(Debug)]
struct NotYet;

impl core::fmt::Display for NotYet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("not handed in yet")
    }
}

impl core::error::Error for NotYet {}

impl Files {
    /// Begins a step: nothing is wanted yet.
    pub(super) fn begin(&self) {
        self.0.borrow_mut().wanted.clear();
    }

    /// Takes a file, or its absence.
    pub(super) fn provide(&self, path: String, bytes: Option<Vec<u8>>) {
        self.0.borrow_mut().files.insert(path, bytes);
    }

    /// Drops files that were read to the end.
    pub(super) fn forget(&self, paths: impl Iterator<Item = String>) {
        let mut inner = self.0.borrow_mut();
        paths.for_each(|path| {
            inner.files.remove(&path);
        });
    }

    /// What was looked for in vain since the step began.
    pub(super) fn wanted(&self) -> Vec<String> {
        self.0.borrow().wanted.iter().cloned().collect()
    }

    /// Whether something was.
    pub(super) fn is_waiting(&self) -> bool {
        !self.0.borrow().wanted.is_empty()
    }
}

impl TileSource for Files {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let mut inner = self.0.borrow_mut();
        let path = path.to_owned();
        match inner.files.get(&path) {
            Some(Some(bytes)) if bytes.len() > limit => Err(SourceError::TooLarge { path, limit }),
            Some(Some(bytes)) => Ok(bytes.clone()),
            Some(None) => Err(SourceError::NotFound { path }),
            None => {
                inner.wanted.insert(path.clone());
                let reason = Box::new(NotYet);
                Err(SourceError::Failed { path, reason })
            }
        }
    }
}

/// Whether an error only says that a file was not handed in yet.
pub(super) fn is_not_yet(error: &SourceError) -> bool {
    matches!(error, SourceError::Failed { reason, .. } if reason.is::<NotYet>())
}
