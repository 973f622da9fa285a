//! How far a board was verified, kept beside the secret file: the next run demands that the board still extends it.

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::files::{self, Existing, FileError};

/// Longer than any line of this program.
const LARGEST_FILE: u64 = 2000;

/// `NAME.verified` beside a secret file: one line, size and root of a tree and the log's verifier key. Not secret; without it a board that
/// was rolled back between two runs is noticed only if it is inconsistent in itself.
pub struct VerifiedFile {
    path: PathBuf,
    vkey: String,
    last: Option<(u64, [u8; 32])>,
}

impl VerifiedFile {
    /// Reads the file, if there is one. What it says of another log is no concern of this one.
    ///
    /// # Errors
    /// The file cannot be read, or is not one of this program.
    pub fn beside(secret: &Path, vkey: &str) -> Result<Self, FileError> {
        let mut name = secret.file_name().unwrap_or_default().to_owned();
        name.push(".verified");
        let path = files::folder_of(secret).join(name);
        let last = match files::read(&path, LARGEST_FILE) {
            Ok(bytes) => {
                let (tree, log) = parse(&bytes).ok_or_else(|| FileError::Damaged(path.clone()))?;
                (log == vkey).then_some(tree)
            }
            Err(FileError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            path,
            vkey: vkey.to_owned(),
            last,
        })
    }

    /// Size and root verified before.
    #[must_use]
    pub fn last(&self) -> Option<(u64, [u8; 32])> {
        self.last
    }

    /// Remembers a larger tree.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn advance(&mut self, size: u64, root: [u8; 32]) -> Result<(), FileError> {
        if self.last.is_some_and(|(before, _)| before >= size) {
            return Ok(());
        }
        let line = format!("{size} {} {}\n", HEXLOWER.encode(&root), self.vkey);
        files::write(&self.path, line.as_bytes(), Existing::Replace)?;
        self.last = Some((size, root));
        Ok(())
    }
}

type Line = ((u64, [u8; 32]), String);

fn parse(bytes: &[u8]) -> Option<Line> {
    let line = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let (size, rest) = line.split_once(' ')?;
    let (root, vkey) = rest.split_once(' ')?;
    let root = HEXLOWER.decode(root.as_bytes()).ok()?.try_into().ok()?;
    Some(((size.parse().ok()?, root), vkey.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_larger_trees_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("trustee.age");
        let mut file = VerifiedFile::beside(&secret, "log").unwrap();
        assert_eq!(file.last(), None);
        file.advance(7, [1; 32]).unwrap();
        file.advance(5, [2; 32]).unwrap();
        assert_eq!(
            VerifiedFile::beside(&secret, "log").unwrap().last(),
            Some((7, [1; 32]))
        );
        let other = VerifiedFile::beside(&secret, "another log").unwrap();
        assert_eq!(other.last(), None);
        std::fs::write(folder.path().join("trustee.age.verified"), "7 zz\n").unwrap();
        assert!(matches!(
            VerifiedFile::beside(&secret, "log"),
            Err(FileError::Damaged(_))
        ));
    }
}
