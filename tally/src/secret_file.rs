//! The one secret file of a role: an [age](https://age-encryption.org/v1) file under a passphrase, which the
//! standard `age` program opens as well.
//!
//! Trusted store. Whoever has the file *and* its passphrase acts as that role.
//! Every save is read back from disk and decrypted before the caller goes on (the forced re-open test), so that
//! no step is published whose secret could not be read again.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::files::{self, Existing, FileError, Lock};

/// scrypt work factor (log2 N): 128 MiB and some tenths of a second a guess, OWASP's first choice for scrypt.
pub const WORK_FACTOR: u8 = 17;
/// More than this (1 GiB) is not tried on opening: the file would be somebody's attempt to stall the program.
const LARGEST_WORK_FACTOR: u8 = 20;
/// Shortest passphrase accepted for a new file, in characters.
pub const SHORTEST_PASSPHRASE: usize = 12;
/// Secret files hold keys of one role for one election, never more than this.
const LARGEST_FILE: u64 = 1 << 24;

/// Why a secret file could not be made, opened or saved.
#[derive(Debug, Error)]
pub enum SecretFileError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// The passphrase does not open the file.
    #[error("{0}: wrong passphrase")]
    WrongPassphrase(PathBuf),
    /// Not an age file under a passphrase, or damaged.
    #[error("{path}: not a secret file of this program, or damaged ({reason})")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What age said.
        reason: String,
    },
    /// The passphrase is too short for a new file.
    #[error("the passphrase has {0} characters, at least {SHORTEST_PASSPHRASE} are needed")]
    ShortPassphrase(usize),
    /// Encryption failed.
    #[error("{path}: cannot encrypt: {reason}")]
    Encrypt {
        /// The file.
        path: PathBuf,
        /// What age said.
        reason: String,
    },
    /// What was read back is not what was written: a failing disk.
    #[error("{0}: the re-open test failed, the disk does not give back what was written")]
    Reopen(PathBuf),
}

/// A passphrase, wiped when dropped and never printed.
#[derive(Clone)]
pub struct Passphrase(SecretString);

impl Passphrase {
    /// Takes a passphrase as typed or read, without its line ending.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(
            text.trim_end_matches(['\r', '\n']).to_owned(),
        ))
    }

    fn length(&self) -> usize {
        use age::secrecy::ExposeSecret;
        self.0.expose_secret().chars().count()
    }
}

/// An opened secret file, locked against other processes until dropped.
pub struct SecretFile {
    path: PathBuf,
    passphrase: Passphrase,
    work_factor: u8,
    _lock: Lock,
}

impl SecretFile {
    /// Creates the file with its first contents; refuses to overwrite one.
    ///
    /// # Errors
    /// [`SecretFileError::ShortPassphrase`], [`FileError::Exists`], or the file cannot be written and read back.
    pub fn create(
        path: &Path,
        passphrase: &Passphrase,
        contents: &[u8],
    ) -> Result<Self, SecretFileError> {
        Self::create_with_work_factor(path, passphrase, contents, WORK_FACTOR)
    }

    /// [`SecretFile::create`] with another scrypt work factor (log2 N), kept by later saves. For tests.
    ///
    /// # Errors
    /// As [`SecretFile::create`].
    pub fn create_with_work_factor(
        path: &Path,
        passphrase: &Passphrase,
        contents: &[u8],
        work_factor: u8,
    ) -> Result<Self, SecretFileError> {
        let length = passphrase.length();
        if length < SHORTEST_PASSPHRASE {
            return Err(SecretFileError::ShortPassphrase(length));
        }
        let lock = Lock::beside(path)?;
        let this = Self {
            path: path.to_owned(),
            passphrase: passphrase.clone(),
            work_factor,
            _lock: lock,
        };
        this.write(contents, Existing::Refuse)?;
        Ok(this)
    }

    /// Opens the file and returns its contents.
    ///
    /// # Errors
    /// [`SecretFileError::WrongPassphrase`], [`SecretFileError::Damaged`], or [`FileError::Locked`].
    pub fn open(
        path: &Path,
        passphrase: &Passphrase,
    ) -> Result<(Self, Zeroizing<Vec<u8>>), SecretFileError> {
        // Read before locking, so that a mistyped name does not leave a lock file behind.
        files::read(path, LARGEST_FILE)?;
        let lock = Lock::beside(path)?;
        let (contents, work_factor) = decrypt(path, passphrase)?;
        let this = Self {
            path: path.to_owned(),
            passphrase: passphrase.clone(),
            work_factor,
            _lock: lock,
        };
        Ok((this, contents))
    }

    /// Replaces the contents, durably and re-opened before it returns.
    ///
    /// # Errors
    /// The old contents stay if anything fails before the rename.
    pub fn save(&self, contents: &[u8]) -> Result<(), SecretFileError> {
        self.write(contents, Existing::Replace)
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&self, contents: &[u8], existing: Existing) -> Result<(), SecretFileError> {
        let sealed = encrypt(&self.path, &self.passphrase, contents, self.work_factor)?;
        files::write(&self.path, &sealed, existing)?;
        let (read_back, _) = decrypt(&self.path, &self.passphrase)?;
        if read_back.as_slice() != contents {
            return Err(SecretFileError::Reopen(self.path.clone()));
        }
        Ok(())
    }
}

fn encrypt(
    path: &Path,
    passphrase: &Passphrase,
    contents: &[u8],
    work_factor: u8,
) -> Result<Vec<u8>, SecretFileError> {
    let failed = |reason: String| SecretFileError::Encrypt {
        path: path.to_owned(),
        reason,
    };
    let mut recipient = age::scrypt::Recipient::new(passphrase.0.clone());
    recipient.set_work_factor(work_factor.clamp(1, LARGEST_WORK_FACTOR));
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|error| failed(error.to_string()))?;
    let mut sealed = Vec::new();
    let mut writer = encryptor
        .wrap_output(&mut sealed)
        .map_err(|error| failed(error.to_string()))?;
    writer
        .write_all(contents)
        .and_then(|()| writer.finish())
        .map_err(|error| failed(error.to_string()))?;
    Ok(sealed)
}

/// The contents and the work factor in the file's header.
fn decrypt(
    path: &Path,
    passphrase: &Passphrase,
) -> Result<(Zeroizing<Vec<u8>>, u8), SecretFileError> {
    let damaged = |reason: String| SecretFileError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let sealed = files::read(path, LARGEST_FILE)?;
    let work_factor =
        work_factor_of(&sealed).ok_or_else(|| damaged("no passphrase stanza".to_owned()))?;
    let decryptor = age::Decryptor::new_buffered(sealed.as_slice())
        .map_err(|error| damaged(error.to_string()))?;
    let mut identity = age::scrypt::Identity::new(passphrase.0.clone());
    identity.set_max_work_factor(LARGEST_WORK_FACTOR);
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::DecryptionFailed | age::DecryptError::NoMatchingKeys => {
                SecretFileError::WrongPassphrase(path.to_owned())
            }
            other => damaged(other.to_string()),
        })?;
    // Capacity for everything at once: a growing vector would leave unwiped copies behind.
    let mut contents = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut contents)
        .map_err(|error| damaged(error.to_string()))?;
    Ok((contents, work_factor))
}

fn work_factor_of(sealed: &[u8]) -> Option<u8> {
    let stanza = sealed.split(|&byte| byte == b'\n').nth(1)?;
    let mut words = stanza.strip_prefix(b"-> ")?.split(|&byte| byte == b' ');
    if words.next()? != b"scrypt" {
        return None;
    }
    std::str::from_utf8(words.nth(1)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LOW: u8 = 4;

    fn passphrase() -> Passphrase {
        Passphrase::new("correct horse battery\n")
    }

    #[test]
    fn contents_come_back_and_only_with_the_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trustee.age");
        let file = SecretFile::create_with_work_factor(&path, &passphrase(), b"key", LOW).unwrap();
        assert!(
            !fs::read(&path)
                .unwrap()
                .windows(3)
                .any(|window| window == b"key")
        );
        file.save(b"key and share").unwrap();
        drop(file);
        let wrong = SecretFile::open(&path, &Passphrase::new("correct horse batterY"));
        assert!(matches!(wrong, Err(SecretFileError::WrongPassphrase(_))));
        let (file, contents) = SecretFile::open(&path, &passphrase()).unwrap();
        assert_eq!(contents.as_slice(), b"key and share");
        assert_eq!(file.work_factor, LOW);
        assert!(matches!(
            SecretFile::open(&path, &passphrase()),
            Err(SecretFileError::File(FileError::Locked(_)))
        ));
    }

    #[test]
    fn an_existing_file_is_never_overwritten_by_create() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trustee.age");
        drop(SecretFile::create_with_work_factor(&path, &passphrase(), b"first", LOW).unwrap());
        let second = SecretFile::create_with_work_factor(&path, &passphrase(), b"second", LOW);
        assert!(matches!(
            second,
            Err(SecretFileError::File(FileError::Exists(_)))
        ));
        assert_eq!(
            SecretFile::open(&path, &passphrase()).unwrap().1.as_slice(),
            b"first"
        );
    }

    #[test]
    fn short_passphrases_and_damaged_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trustee.age");
        let short = SecretFile::create(&path, &Passphrase::new("eleven char"), b"");
        assert!(matches!(short, Err(SecretFileError::ShortPassphrase(11))));
        drop(SecretFile::create_with_work_factor(&path, &passphrase(), b"key", LOW).unwrap());
        let sealed = fs::read(&path).unwrap();
        for (length, _) in sealed.iter().enumerate() {
            fs::write(&path, &sealed[..length]).unwrap();
            assert!(
                SecretFile::open(&path, &passphrase()).is_err(),
                "cut to {length} bytes"
            );
        }
        fs::write(&path, b"hello").unwrap();
        assert!(matches!(
            SecretFile::open(&path, &passphrase()),
            Err(SecretFileError::Damaged { .. })
        ));
    }

    #[test]
    fn a_missing_file_leaves_no_lock_behind() {
        let folder = tempfile::tempdir().unwrap();
        assert!(SecretFile::open(&folder.path().join("none.age"), &passphrase()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
