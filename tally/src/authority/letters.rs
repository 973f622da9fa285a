//! Letters of single voters: re-issued codes, and the end of all of them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use hanpyo_crypto::credential::VotingCode;
use hanpyo_ledger::entry::AuthorityNumber;
use thiserror::Error;
use url::Url;
use zeroize::Zeroizing;

use super::issue::{ASSIGNMENT, CREDENTIALS, HALVES, LETTERS, ORDER, personal_url};
use crate::election::Election;
use crate::files::{self, AtomicFile, Existing, FileError};

/// Start of the names of re-issued letters: `reissue-<revoked index>.csv`.
const REISSUE: &str = "reissue-";

/// Why a letter cannot be found or written.
#[derive(Debug, Error)]
pub enum LetterError {
    /// No letter of that credential.
    #[error("no letter in {folder} is for credential {index}")]
    NoLetter {
        /// Folder searched.
        folder: PathBuf,
        /// The credential.
        index: u32,
    },
    /// A file is no table of letters.
    #[error("{path}: {reason}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Which voter a credential was issued to, from `letters.csv` and the letters of re-issues.
///
/// # Errors
/// [`LetterError`].
pub fn voter_of(folder: &Path, index: u32) -> Result<String, LetterError> {
    for path in std::iter::once(folder.join(LETTERS)).chain(reissued(folder)?) {
        if let Some(voter) = search(&path, index)? {
            return Ok(voter);
        }
    }
    Err(LetterError::NoLetter {
        folder: folder.to_owned(),
        index,
    })
}

fn search(path: &Path, index: u32) -> Result<Option<String>, LetterError> {
    let wrong = |reason: String| LetterError::Read {
        path: path.to_owned(),
        reason,
    };
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    let mut reader = csv::Reader::from_reader(file);
    let wanted = index.to_string();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        if record.get(1) == Some(wanted.as_str()) {
            return Ok(record.get(0).map(str::to_owned));
        }
    }
    Ok(None)
}

fn reissued(folder: &Path) -> Result<Vec<PathBuf>, LetterError> {
    let wrong = |error: std::io::Error| LetterError::Read {
        path: folder.to_owned(),
        reason: error.to_string(),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with(REISSUE) && name.ends_with(".csv") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The letter of a re-issued credential.
pub struct Reissue<'a> {
    /// The voter.
    pub voter: &'a str,
    /// The revoked index.
    pub revoked: u32,
    /// The new index.
    pub new: u32,
    /// The new code.
    pub code: &'a VotingCode,
    /// This authority.
    pub authority: AuthorityNumber,
    /// The election.
    pub election: &'a Election,
    /// The voting page.
    pub booth: &'a Url,
}

impl Reissue<'_> {
    /// Writes `reissue-<revoked>.csv`, with the columns of `letters.csv`, and `assignment-<revoked>.csv` for the
    /// server. Returns their names.
    ///
    /// # Errors
    /// [`LetterError`].
    pub fn write(&self, folder: &Path) -> Result<Vec<String>, LetterError> {
        let (letter, assignment) = (
            format!("{REISSUE}{}.csv", self.revoked),
            format!("assignment-{}.csv", self.revoked),
        );
        let code = self.code.to_printed();
        let url = Zeroizing::new(personal_url(
            self.booth,
            &self.election.hash,
            self.authority,
            self.new,
            &code,
        ));
        let (index, authority) = (self.new.to_string(), self.authority.to_string());
        let fingerprint = self.election.fingerprint();
        write_table(
            &folder.join(&letter),
            &[
                "voter_id",
                "credential_index",
                "authority",
                "code",
                "fingerprint",
                "url",
            ],
            &[self.voter, &index, &authority, &code, &fingerprint, &url],
        )?;
        write_table(
            &folder.join(&assignment),
            &["voter_id", "credential_index"],
            &[self.voter, &index],
        )?;
        Ok(vec![letter, assignment])
    }
}

/// The code stays the same if the same re-issue is written again under another index, so replacing loses nothing.
fn write_table(path: &Path, heading: &[&str], row: &[&str]) -> Result<(), LetterError> {
    let wrong = |reason: String| LetterError::Read {
        path: path.to_owned(),
        reason,
    };
    let mut file = AtomicFile::create(path, Existing::Replace)?;
    {
        let mut writer = csv::Writer::from_writer(&mut file);
        let written = writer
            .write_record(heading)
            .and_then(|()| writer.write_record(row));
        written.map_err(|error| wrong(error.to_string()))?;
        writer.flush().map_err(|error| wrong(error.to_string()))?;
    }
    file.flush().map_err(|error| wrong(error.to_string()))?;
    Ok(file.commit()?)
}

/// Removes every file that says which voter has which credential or code. Returns their names.
///
/// # Errors
/// The first file that cannot be removed; run again to go on.
pub fn remove_all(folder: &Path) -> Result<Vec<String>, FileError> {
    let fixed = [LETTERS, ASSIGNMENT, ORDER, HALVES, CREDENTIALS].map(|name| folder.join(name));
    let singles = reissued(folder).unwrap_or_default();
    let assignments = singles.iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_prefix(REISSUE)?;
        Some(folder.join(format!("assignment-{name}")))
    });
    let assignments: Vec<_> = assignments.collect();
    let mut removed = Vec::new();
    for path in fixed.iter().chain(&assignments).chain(&singles) {
        // What a killed run left behind holds codes as well.
        files::remove(&files::partial_of(path))?;
        if files::remove(path)? {
            removed.push(
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            );
        }
    }
    Ok(removed)
}
