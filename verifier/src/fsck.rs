//! The files of a copy of a record: hashes only.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::fsck::fsck;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::source::SourceError;
use hanpyo_ledger::log::store::is_valid_path;

use crate::error::{CannotRun, FolderProblem};
use crate::mirror::key_in;

/// Recomputes all files in a folder. Gives what to print and the exit code.
///
/// # Errors
/// [`CannotRun`] if there is no record, or no key.
pub fn run(folder: &Path, vkey: Option<VerifierKey>) -> Result<(String, u8), CannotRun> {
    let source = FolderSource::new(folder);
    hanpyo_ledger::log::source::fetch_checkpoint(&source).map_err(|error| match error {
        SourceError::NotFound { .. } => CannotRun::NoRecord(error),
        other => CannotRun::Source(other),
    })?;
    let log = match vkey {
        Some(vkey) => vkey,
        None => key_in(folder)?,
    };
    let mut listing = Vec::new();
    list(folder, "", &mut listing).map_err(|error| CannotRun::Folder {
        folder: folder.display().to_string(),
        reason: FolderProblem::Io(error),
    })?;
    let report = fsck(&source, &log, &listing);
    let mut said = String::new();
    for problem in &report.problems {
        // Writing to a String cannot fail.
        let _infallible = writeln!(said, "{problem}");
    }
    for path in &report.beyond {
        let _infallible = writeln!(said, "{path} is beyond the checkpoint");
    }
    let _infallible = writeln!(
        said,
        "{}: {} entries, {} files, {} problems",
        log.name(),
        report.entries,
        report.files,
        report.problems.len()
    );
    Ok((said, u8::from(!report.is_sound())))
}

/// Paths of all files of a store below the folder.
fn list(root: &Path, below: &str, out: &mut Vec<String>) -> io::Result<()> {
    for item in fs::read_dir(root.join(below))? {
        let item = item?;
        let name = item.file_name();
        let Some(name) = name.to_str().filter(|name| is_valid_path(name)) else {
            continue;
        };
        let path = if below.is_empty() {
            name.to_owned()
        } else {
            format!("{below}/{name}")
        };
        if item.file_type()?.is_dir() {
            list(root, &path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}
