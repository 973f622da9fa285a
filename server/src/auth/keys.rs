//! The server's own secrets, one file each, readable by its user only.
//!
//! Keys of elections (ledger and acknowledgement) are made per election, not here.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use zeroize::Zeroizing;

/// Signs tokens.
const TOKEN_KEY: &str = "token-ed25519.pem";
/// Keys the hashes of one-time codes.
const CODE_KEY: &str = "one-time-code.key";

/// What [`crate::auth::Tokens`] and the one-time codes need.
pub struct Keys {
    /// Signs access tokens and voter sessions.
    pub token: SigningKey,
    /// HMAC key of one-time codes: six digits hashed without a key would be guessed at once.
    pub code: Zeroizing<[u8; 32]>,
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or written.
    #[error("key file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("key file {path} has mode {mode:o}; expected 600 (chmod 600 repairs it)")]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Its content is no such key.
    #[error("key file {path}: expected {expected}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
    },
}

impl Keys {
    /// Makes fresh keys in `dir`. Existing files are never overwritten.
    ///
    /// # Errors
    /// A file exists or cannot be written.
    pub fn generate(dir: &Path) -> Result<(), KeyError> {
        let token = SigningKey::from_bytes(&super::random());
        let path = dir.join(TOKEN_KEY);
        let pem = token
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Content {
                path: path.clone(),
                expected: "an Ed25519 key",
            })?;
        write_secret(&path, pem.as_bytes())?;
        let code = Zeroizing::new(super::random::<32>());
        write_secret(&dir.join(CODE_KEY), &code[..])
    }

    /// Reads the keys in `dir`.
    ///
    /// # Errors
    /// A file is missing, readable by others, or holds no such key.
    pub fn load(dir: &Path) -> Result<Self, KeyError> {
        let path = dir.join(TOKEN_KEY);
        let bytes = read_secret(&path)?;
        let token = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|pem| SigningKey::from_pkcs8_pem(pem).ok())
            .ok_or(KeyError::Content {
                path,
                expected: "an Ed25519 key as PKCS#8 PEM",
            })?;
        let path = dir.join(CODE_KEY);
        let bytes = read_secret(&path)?;
        let code = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Content {
            path,
            expected: "32 bytes",
        })?;
        Ok(Self {
            token,
            code: Zeroizing::new(code),
        })
    }
}

/// Writes a new file of mode 0600 durably.
///
/// # Errors
/// It exists, or cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| KeyError::File {
        path: path.to_owned(),
        source,
    })
}

/// Reads a file that no one else may read.
///
/// # Errors
/// It cannot be read, or its mode lets others read it.
pub fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let fail = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    let mode = fs::metadata(path).map_err(fail)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Mode {
            path: path.to_owned(),
            mode,
        });
    }
    fs::read(path).map(Zeroizing::new).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip_and_are_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        Keys::generate(dir.path()).unwrap();
        let first = Keys::load(dir.path()).unwrap();
        assert!(matches!(
            Keys::generate(dir.path()),
            Err(KeyError::File { .. })
        ));
        let again = Keys::load(dir.path()).unwrap();
        assert_eq!(first.token.to_bytes(), again.token.to_bytes());
        assert_eq!(first.code, again.code);
    }

    #[test]
    fn open_modes_and_wrong_contents_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        Keys::generate(dir.path()).unwrap();
        let path = dir.path().join(CODE_KEY);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Keys::load(dir.path()),
            Err(KeyError::Mode { mode: 0o640, .. })
        ));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, b"short").unwrap();
        assert!(matches!(
            Keys::load(dir.path()),
            Err(KeyError::Content { .. })
        ));
    }
}
