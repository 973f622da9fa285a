//! The pin file: which closed tree a key has been used for, kept beside the secret file and only ever appended to.
//!
//! The release is recorded twice before anything is published, in the secret file and here, so that restoring an
//! older copy of either one still leaves the other to refuse a second tree. It holds nothing secret.
//!
//! It is made, empty, with the secret file. A missing one is therefore not the sign of an unused key but of a loss:
//! nothing is decrypted until it is restored, or the trustee says in so many words that it is lost.
//!
//! What it cannot catch: both files restored to copies from before the release. Then only the trustee's own care
//! stands between two different tallies; t trustees would have to be so deceived together, and the board shows two
//! closed trees of one election.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use hanpyo_crypto::decryption::ClosedTree;
use thiserror::Error;

use crate::files;

const LARGEST_FILE: u64 = 1 << 20;

/// Why a pin could not be read or written, or forbids a release.
#[derive(Debug, Error)]
pub enum PinError {
    /// The key was used for another tree.
    #[error(
        "{path}: this key was used for the tree of {pinned_size} entries with root {pinned_root} and is never \
         used for another (asked for: {size} entries, root {root})"
    )]
    OtherTree {
        /// The pin file.
        path: PathBuf,
        /// Entries of the tree pinned.
        pinned_size: u64,
        /// Root of the tree pinned, hex.
        pinned_root: String,
        /// Entries of the tree asked for.
        size: u64,
        /// Root of the tree asked for, hex.
        root: String,
    },
    /// It is made with the secret file and was not there.
    #[error(
        "{path} is missing: it was made with the secret file and says what this key was used for. Restore it, with \
         the newest copy of the secret file. If it is lost for good, `hanpyo-trustee decrypt --pins-lost` goes on \
         without it"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A line that this program did not write.
    #[error("{path}, line {line}: not a pin; the file is damaged, nothing is decrypted")]
    Damaged {
        /// The pin file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
    },
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The pin file.
        path: PathBuf,
        /// Its reason.
        source: io::Error,
    },
    /// Reading failed.
    #[error(transparent)]
    File(#[from] files::FileError),
}

/// The pins of one secret file.
pub struct PinFile {
    path: PathBuf,
}

impl PinFile {
    /// `NAME.pins` beside a secret file.
    #[must_use]
    pub fn beside(secret: &Path) -> Self {
        let mut name = secret.file_name().unwrap_or_default().to_owned();
        name.push(".pins");
        Self {
            path: files::folder_of(secret).join(name),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the file, empty, and returns once it is on disk; one that is there stays as it is.
    ///
    /// # Security
    /// Called with a new secret file, or when the trustee says that the file is lost; never because it is missing.
    ///
    /// # Errors
    /// [`PinError::Io`], [`PinError::File`].
    pub fn create(&self) -> Result<(), PinError> {
        let create = || self.options().create(true).open(&self.path)?.sync_all();
        create().map_err(|source| self.io(source))?;
        files::sync_folder(files::folder_of(&self.path))?;
        Ok(())
    }

    fn options(&self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.append(true).mode(0o600);
        options
    }

    fn io(&self, source: io::Error) -> PinError {
        PinError::Io {
            path: self.path.clone(),
            source,
        }
    }

    /// The tree that verification share `share` was used for, if any.
    ///
    /// # Errors
    /// [`PinError::Missing`]; [`PinError::Damaged`] for any line that is not a whole pin: a torn line means a release may have happened.
    pub fn read(&self, share: &[u8; 32]) -> Result<Option<ClosedTree>, PinError> {
        let bytes = match files::read(&self.path, LARGEST_FILE) {
            Ok(bytes) => bytes,
            Err(files::FileError::Io { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                return Err(PinError::Missing {
                    path: self.path.clone(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let mut found = None;
        let Some(lines) = bytes
            .strip_suffix(b"\n")
            .or(bytes.is_empty().then_some(&[]))
        else {
            let line = bytes.split(|&byte| byte == b'\n').count();
            return Err(PinError::Damaged {
                path: self.path.clone(),
                line,
            });
        };
        for (place, line) in lines
            .split(|&byte| byte == b'\n')
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
        {
            let damaged = || PinError::Damaged {
                path: self.path.clone(),
                line: place + 1,
            };
            let (pinned, tree) = parse(line).ok_or_else(damaged)?;
            if &pinned == share {
                if found.is_some_and(|earlier| earlier != tree) {
                    return Err(damaged());
                }
                found = Some(tree);
            }
        }
        Ok(found)
    }

    /// Refuses unless the key was used for no tree, or for this one.
    ///
    /// # Errors
    /// [`PinError::OtherTree`], or the file cannot be read.
    pub fn check(&self, share: &[u8; 32], tree: &ClosedTree) -> Result<(), PinError> {
        match self.read(share)? {
            Some(pinned) if pinned != *tree => Err(PinError::OtherTree {
                path: self.path.clone(),
                pinned_size: pinned.size,
                pinned_root: HEXLOWER.encode(&pinned.root),
                size: tree.size,
                root: HEXLOWER.encode(&tree.root),
            }),
            _ => Ok(()),
        }
    }

    /// Appends a pin and returns once it is on disk; does nothing if it stands there already.
    ///
    /// # Errors
    /// [`PinError::OtherTree`], or the file cannot be written.
    pub fn append(&self, share: &[u8; 32], tree: &ClosedTree) -> Result<(), PinError> {
        self.check(share, tree)?;
        if self.read(share)?.is_some() {
            return Ok(());
        }
        let line = format!(
            "{} {} {}\n",
            HEXLOWER.encode(share),
            tree.size,
            HEXLOWER.encode(&tree.root)
        );
        let write = || -> io::Result<()> {
            let mut file: File = self.options().open(&self.path)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|source| self.io(source))?;
        files::sync_folder(files::folder_of(&self.path))?;
        Ok(())
    }
}

fn parse(line: &[u8]) -> Option<([u8; 32], ClosedTree)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let share = hex(words.next()?)?;
    let size = words.next()?.parse().ok()?;
    let root = hex(words.next()?)?;
    words
        .next()
        .is_none()
        .then_some((share, ClosedTree { root, size }))
}

fn hex(text: &str) -> Option<[u8; 32]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TREE: ClosedTree = ClosedTree {
        root: [1; 32],
        size: 100,
    };

    fn pins(folder: &tempfile::TempDir) -> PinFile {
        let pins = PinFile::beside(&folder.path().join("trustee.age"));
        pins.create().unwrap();
        pins
    }

    #[test]
    fn a_missing_file_is_no_unused_key() {
        let folder = tempfile::tempdir().unwrap();
        let pins = PinFile::beside(&folder.path().join("trustee.age"));
        let missing = |error| matches!(error, PinError::Missing { .. });
        assert!(missing(pins.read(&[5; 32]).unwrap_err()));
        assert!(missing(pins.append(&[5; 32], &TREE).unwrap_err()));
        assert!(!pins.path().exists(), "only made when asked to");
        pins.create().unwrap();
        pins.append(&[5; 32], &TREE).unwrap();
        // Making it again forgets nothing.
        pins.create().unwrap();
        assert_eq!(pins.read(&[5; 32]).unwrap(), Some(TREE));
    }

    #[test]
    fn another_root_or_size_is_refused_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let pins = pins(&folder);
        let key = [5; 32];
        assert_eq!(pins.read(&key).unwrap(), None);
        pins.append(&key, &TREE).unwrap();
        pins.append(&key, &TREE).unwrap();
        assert_eq!(fs::read_to_string(pins.path()).unwrap().lines().count(), 1);
        for other in [
            ClosedTree { size: 101, ..TREE },
            ClosedTree {
                root: [2; 32],
                ..TREE
            },
        ] {
            assert!(matches!(
                pins.append(&key, &other),
                Err(PinError::OtherTree { .. })
            ));
            assert!(matches!(
                pins.check(&key, &other),
                Err(PinError::OtherTree { .. })
            ));
        }
        pins.append(
            &[6; 32],
            &ClosedTree {
                root: [2; 32],
                size: 9,
            },
        )
        .unwrap();
        assert_eq!(pins.read(&key).unwrap(), Some(TREE));
    }

    #[test]
    fn a_torn_or_edited_file_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let pins = pins(&folder);
        pins.append(&[5; 32], &TREE).unwrap();
        let whole = fs::read(pins.path()).unwrap();
        for length in 1..whole.len() {
            fs::write(pins.path(), &whole[..length]).unwrap();
            assert!(
                matches!(pins.read(&[5; 32]), Err(PinError::Damaged { .. })),
                "{length} bytes"
            );
        }
        let twice = format!("{0} 1 {0}\n{0} 2 {0}\n", HEXLOWER.encode(&[5; 32]));
        fs::write(pins.path(), twice).unwrap();
        assert!(matches!(
            pins.read(&[5; 32]),
            Err(PinError::Damaged { line: 2, .. })
        ));
    }
}
