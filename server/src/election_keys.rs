//! The keys that the server holds for one election: of its log, of acknowledgements, and the
//! commission's.
//!
//! They are made with the election, in a folder of their own under `keys/`, and never used for
//! another one.
//!
//! # Security
//! Who has the log key can sign a second tree under the same name (witnesses make it visible);
//! who has the acknowledgement key can promise what the server will not keep; who has the commission's can sign what the commission says, within the order that
//! every reader enforces. None opens votes.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::signer::LogSigner;
use hanpyo_ledger::signature::SigningKey;
use rand::rngs::OsRng;

use crate::auth::{KeyError, random, read_secret, write_secret};
use crate::draft::ServerPart;

const LOG: &str = "log.key";
const ACKNOWLEDGEMENT: &str = "acknowledgement.key";
const COMMISSION: &str = "commission.key";

/// Keys of one election.
pub struct ElectionKeys {
    /// Signs checkpoints.
    pub log: LogSigner,
    /// Signs acknowledgements.
    pub acknowledgement: SigningKey,
    /// Signs the commission's entries.
    pub commission: SigningKey,
}

impl ElectionKeys {
    /// Makes the keys of the election with this origin. Returns them and the name of their folder.
    ///
    /// # Errors
    /// The origin cannot name a log, or a file cannot be written.
    pub fn create(keys_dir: &Path, origin: &str) -> Result<(Self, String), KeyError> {
        let folder = format!("election-{}", HEXLOWER.encode(&random::<8>()));
        let path = keys_dir.join(&folder);
        let unusable = || KeyError::Content {
            path: path.clone(),
            expected: "a log's name",
        };
        let name = KeyName::new(origin).map_err(|_| unusable())?;
        let keys = Self {
            log: LogSigner::generate(name, &mut OsRng).map_err(|_| unusable())?,
            acknowledgement: SigningKey::generate(&mut OsRng),
            commission: SigningKey::generate(&mut OsRng),
        };
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(at(&path))?;
        write_secret(&path.join(LOG), keys.log.to_secret_text().as_bytes())?;
        for (file, key) in [
            (ACKNOWLEDGEMENT, &keys.acknowledgement),
            (COMMISSION, &keys.commission),
        ] {
            write_secret(&path.join(file), key.to_text().as_bytes())?;
        }
        for dir in [&path, keys_dir] {
            File::open(dir)
                .and_then(|dir| dir.sync_all())
                .map_err(at(dir))?;
        }
        Ok((keys, folder))
    }

    /// Reads the keys in `folder`.
    ///
    /// # Errors
    /// A file is missing, readable by others, or holds no such key.
    pub fn load(keys_dir: &Path, folder: &str) -> Result<Self, KeyError> {
        let path = keys_dir.join(folder).join(LOG);
        let text = read_secret(&path)?;
        let log = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .ok_or(KeyError::Content {
                path,
                expected: "the secret key of a log",
            })?;
        let signing = |file: &str| {
            let path = keys_dir.join(folder).join(file);
            let text = read_secret(&path)?;
            std::str::from_utf8(&text)
                .ok()
                .and_then(|text| SigningKey::from_text(text).ok())
                .ok_or(KeyError::Content {
                    path,
                    expected: "a signing key",
                })
        };
        Ok(Self {
            log,
            acknowledgement: signing(ACKNOWLEDGEMENT)?,
            commission: signing(COMMISSION)?,
        })
    }

    /// Deletes the keys of an election that was never submitted.
    ///
    /// # Errors
    /// The folder cannot be deleted.
    pub fn delete(keys_dir: &Path, folder: &str) -> Result<(), KeyError> {
        let path = keys_dir.join(folder);
        fs::remove_dir_all(&path).map_err(at(&path))
    }

    /// What the server puts into the manifest.
    #[must_use]
    pub fn server_part(&self, origin: String) -> ServerPart {
        ServerPart {
            origin,
            log_vkey: self.log.verifier_key().to_string(),
            acknowledgement_key: HEXLOWER.encode(self.acknowledgement.verifying_key().as_bytes()),
            commission_key: HEXLOWER.encode(self.commission.verifying_key().as_bytes()),
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path: PathBuf = path.to_owned();
    move |source| KeyError::File { path, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn keys_are_private_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let origin = "vote.example/city/meals";
        let (keys, folder) = ElectionKeys::create(dir.path(), origin).unwrap();
        let read = ElectionKeys::load(dir.path(), &folder).unwrap();
        let part = keys.server_part(origin.to_owned());
        assert_eq!(read.server_part(origin.to_owned()), part);
        assert!(
            part.log_vkey.starts_with("vote.example/city/meals+"),
            "{part:?}"
        );
        for file in [LOG, ACKNOWLEDGEMENT, COMMISSION] {
            let mode = fs::metadata(dir.path().join(&folder).join(file))
                .unwrap()
                .permissions();
            assert_eq!(mode.mode() & 0o777, 0o600);
        }
        let (_, other) = ElectionKeys::create(dir.path(), origin).unwrap();
        assert_ne!(other, folder);
        ElectionKeys::delete(dir.path(), &folder).unwrap();
        assert!(ElectionKeys::load(dir.path(), &folder).is_err());
    }
}
