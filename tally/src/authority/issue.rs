//! The files of an issue. Every file follows from the saved seeds, the roll and the election, so an interrupted
//! run writes the missing ones and finds the others as it would write them.
//!
//! | file | who | what |
//! |---|---|---|
//! | `letters.csv` | everyone | `voter_id,credential_index,authority,code,fingerprint,url`: secret, for printing |
//! | `assignment.csv` | sole or first authority | `voter_id,credential_index`: for the server's administrator |
//! | `credentials.cbor-bundle` | sole authority | signed roll chunks, each after its length in 2 bytes |
//! | `half-credentials.bin` | two authorities | half credentials, 32 bytes each; not public before both committed |
//! | `order.csv` | first of two | `voter_id,credential_index,style,unit,weight`: for the second authority |

use std::io::Write;
use std::path::{Path, PathBuf};

use hanpyo_ledger::entry::{AuthorityNumber, Entry, Hash};
use hanpyo_ledger::signature::{RoleKeys, SignatureError, SigningKey};
use rayon::prelude::*;
use thiserror::Error;
use url::Url;

use super::chunks::{ChunkError, ROWS_PER_CHUNK, roll_chunk};
use super::codes::CodeBook;
use super::order;
use super::roll::Roll;
use crate::files::{AtomicFile, Existing, FileError};

/// Credentials made at once: some megabytes.
const BLOCK: usize = 64 * ROWS_PER_CHUNK;

/// Name of the letters.
pub const LETTERS: &str = "letters.csv";
/// Name of the assignment of credentials to voters.
pub const ASSIGNMENT: &str = "assignment.csv";
/// Name of the signed roll chunks.
pub const CREDENTIALS: &str = "credentials.cbor-bundle";
/// Name of the half credentials.
pub const HALVES: &str = "half-credentials.bin";
/// Name of the order for the second authority.
pub const ORDER: &str = "order.csv";

/// Why a file could not be made.
#[derive(Debug, Error)]
pub enum IssueError {
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// Writing a row failed.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The roll does not fit into entries.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    /// The chunks cannot be signed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Everything that the files of an issue follow from.
pub struct Issuing<'a> {
    /// Voters in the order of the roll.
    pub roll: &'a Roll,
    /// Credential index of each voter.
    pub order: &'a [u32],
    /// The codes.
    pub codes: &'a CodeBook,
    /// Number of this authority.
    pub authority: AuthorityNumber,
    /// Manifest hash.
    pub manifest: &'a Hash,
    /// Keys of the election.
    pub keys: &'a RoleKeys,
    /// This authority's key.
    pub key: &'a SigningKey,
    /// The manifest's fingerprint for the letters.
    pub fingerprint: &'a str,
    /// Address of the voting page.
    pub booth: &'a Url,
}

/// The address in a letter. Everything secret stands in the fragment, which no browser sends to a server.
///
/// `BOOTH#m=<manifest hash, hex>&a=<authority>&i=<credential index>&c=<code>`
#[must_use]
pub fn personal_url(
    booth: &Url,
    manifest: &Hash,
    authority: AuthorityNumber,
    index: u32,
    code: &str,
) -> String {
    let manifest = data_encoding::HEXLOWER.encode(manifest.as_bytes());
    // The check symbols * ~ $ = may stand in a fragment as they are.
    format!("{booth}#m={manifest}&a={authority}&i={index}&c={code}")
}

impl Issuing<'_> {
    /// Writes `letters.csv`. `done` hears how many voters are written.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn write_letters(
        &self,
        folder: &Path,
        done: &mut dyn FnMut(u64),
    ) -> Result<(), IssueError> {
        let path = folder.join(LETTERS);
        let heading = [
            "voter_id",
            "credential_index",
            "authority",
            "code",
            "fingerprint",
            "url",
        ];
        let mut table = Table::create(&path, &heading)?;
        let authority = self.authority.to_string();
        for (block, indices) in self.order.chunks(BLOCK).enumerate() {
            let rows: Vec<_> = indices
                .par_iter()
                .map(|&index| {
                    let code = self.codes.code(index).to_printed();
                    let url = personal_url(self.booth, self.manifest, self.authority, index, &code);
                    (index.to_string(), code, zeroize::Zeroizing::new(url))
                })
                .collect();
            for (place, (index, code, url)) in rows.iter().enumerate() {
                let voter = self.id(block * BLOCK + place)?;
                table.row(&[voter, index, &authority, code, self.fingerprint, url])?;
            }
            done(rows.len() as u64);
        }
        table.commit()
    }

    /// Writes `assignment.csv`.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn write_assignment(&self, folder: &Path) -> Result<(), IssueError> {
        let mut table = Table::create(&folder.join(ASSIGNMENT), &["voter_id", "credential_index"])?;
        for (row, index) in self.order.iter().enumerate() {
            table.row(&[self.id(row)?, &index.to_string()])?;
        }
        table.commit()
    }

    /// Writes `order.csv` for the second authority.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn write_order(&self, folder: &Path) -> Result<(), IssueError> {
        let heading = ["voter_id", "credential_index", "style", "unit", "weight"];
        let mut table = Table::create(&folder.join(ORDER), &heading)?;
        for (voter, index) in self.roll.voters().zip(self.order) {
            let numbers = [*index, voter.style.into(), voter.unit.into(), voter.weight]
                .map(|n| n.to_string());
            let [index, style, unit, weight] = &numbers;
            table.row(&[voter.id, index, style, unit, weight])?;
        }
        table.commit()
    }

    /// Writes `credentials.cbor-bundle`: the signed roll chunks of a sole authority. `done` hears how many
    /// credentials are written.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn write_credentials(
        &self,
        folder: &Path,
        done: &mut dyn FnMut(u64),
    ) -> Result<(), IssueError> {
        let path = folder.join(CREDENTIALS);
        let mut file = AtomicFile::create(&path, Existing::KeepIfSame)?;
        let rows = order::inverse(self.order);
        self.in_blocks(|first, points| {
            let starts: Vec<u32> = (first..)
                .step_by(ROWS_PER_CHUNK)
                .take(points.len().div_ceil(ROWS_PER_CHUNK))
                .collect();
            let entries = starts
                .par_iter()
                .zip(points.par_chunks(ROWS_PER_CHUNK))
                .map(|(&first, points)| {
                    let chunk = roll_chunk(first, points, self.roll, &rows)?;
                    let entry = Entry::from(self.keys.sign(chunk, &[self.key])?);
                    entry
                        .encode()
                        .map_err(|error| IssueError::Chunk(error.into()))
                })
                .collect::<Result<Vec<_>, IssueError>>()?;
            for entry in &entries {
                let length = u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes();
                write(&mut file, &path, &length)?;
                write(&mut file, &path, entry)?;
            }
            done(points.len() as u64);
            Ok(())
        })?;
        Ok(file.commit()?)
    }

    /// Writes `half-credentials.bin` of one of two authorities. `done` hears how many are written.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn write_halves(&self, folder: &Path, done: &mut dyn FnMut(u64)) -> Result<(), IssueError> {
        let path = folder.join(HALVES);
        let mut file = AtomicFile::create(&path, Existing::KeepIfSame)?;
        self.in_blocks(|_, points| {
            write(&mut file, &path, points.as_flattened())?;
            done(points.len() as u64);
            Ok(())
        })?;
        Ok(file.commit()?)
    }

    /// All public credentials in order of their index, a block at a time.
    fn in_blocks(
        &self,
        mut each: impl FnMut(u32, &[[u8; 32]]) -> Result<(), IssueError>,
    ) -> Result<(), IssueError> {
        let voters = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let step = u32::try_from(BLOCK).unwrap_or(u32::MAX);
        for first in (0..voters).step_by(BLOCK) {
            let last = first.saturating_add(step).min(voters);
            each(first, &self.codes.points(first..last))?;
        }
        Ok(())
    }

    fn id(&self, row: usize) -> Result<&str, IssueError> {
        let missing = || ChunkError::NoVoter(u32::try_from(row).unwrap_or(u32::MAX));
        Ok(self.roll.voter(row).ok_or_else(missing)?.id)
    }
}

/// A CSV file that is whole or not there.
struct Table {
    writer: csv::Writer<AtomicFile>,
    path: PathBuf,
}

impl Table {
    fn create(path: &Path, heading: &[&str]) -> Result<Self, IssueError> {
        let file = AtomicFile::create(path, Existing::KeepIfSame)?;
        let mut table = Self {
            writer: csv::Writer::from_writer(file),
            path: path.to_owned(),
        };
        table.row(heading)?;
        Ok(table)
    }

    fn row(&mut self, fields: &[&str]) -> Result<(), IssueError> {
        self.writer
            .write_record(fields)
            .map_err(|error| IssueError::Write {
                path: self.path.clone(),
                reason: error.to_string(),
            })
    }

    fn commit(self) -> Result<(), IssueError> {
        let Self { writer, path } = self;
        let file = writer.into_inner().map_err(|error| IssueError::Write {
            path,
            reason: error.error().to_string(),
        })?;
        Ok(file.commit()?)
    }
}

fn write(file: &mut AtomicFile, path: &Path, bytes: &[u8]) -> Result<(), IssueError> {
    file.write_all(bytes).map_err(|error| IssueError::Write {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}
