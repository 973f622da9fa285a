//! A role's secret file: its signing key and whatever else the role must remember.
//!
//! Contents under the passphrase: CBOR `[kind, seed of the Ed25519 key, state]`.

use std::path::Path;

use hanpyo_ledger::signature::SigningKey;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Decoder, Encode};
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret_file::{Passphrase, SecretFile, SecretFileError};

/// Room reserved when encoding, so that growing does not leave unwiped copies behind.
const ROOM: usize = 1 << 18;

/// What a role remembers besides its key.
pub trait RoleState: Default + Encode<()> + for<'b> Decode<'b, ()> {
    /// Stands at the start of the file's contents: no program opens another role's file by mistake.
    const KIND: &'static str;
}

/// Why a role's file could not be used.
#[derive(Debug, Error)]
pub enum RoleFileError {
    /// The encrypted file.
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    /// The file belongs to another program.
    #[error("the file holds secrets of {found}, not of {expected}")]
    OtherKind {
        /// This program's kind.
        expected: &'static str,
        /// The kind in the file.
        found: String,
    },
    /// Decrypted, but not what this program writes.
    #[error("the secret file holds something else than expected: {0}")]
    Contents(#[from] minicbor::decode::Error),
}

/// An opened role file, locked until dropped.
pub struct RoleFile<State> {
    file: SecretFile,
    key: SigningKey,
    state: State,
}

impl<State: RoleState> RoleFile<State> {
    /// Draws a signing key and creates the file; refuses to overwrite one.
    ///
    /// # Errors
    /// [`RoleFileError::Secret`].
    pub fn create(
        path: &Path,
        passphrase: &Passphrase,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, RoleFileError> {
        let (key, state) = (SigningKey::generate(rng), State::default());
        let file = SecretFile::create(path, passphrase, &contents(&key, &state))?;
        Ok(Self { file, key, state })
    }

    /// [`RoleFile::create`] with a cheap passphrase function. For tests.
    ///
    /// # Errors
    /// [`RoleFileError::Secret`].
    pub fn create_for_test(
        path: &Path,
        passphrase: &Passphrase,
        key: SigningKey,
    ) -> Result<Self, RoleFileError> {
        let state = State::default();
        let bytes = contents(&key, &state);
        let file = SecretFile::create_with_work_factor(path, passphrase, &bytes, 1)?;
        Ok(Self { file, key, state })
    }

    /// Opens an existing file.
    ///
    /// # Errors
    /// [`RoleFileError`].
    pub fn open(path: &Path, passphrase: &Passphrase) -> Result<Self, RoleFileError> {
        let (file, bytes) = SecretFile::open(path, passphrase)?;
        let mut decoder = Decoder::new(&bytes);
        if decoder.array()? != Some(3) {
            return Err(minicbor::decode::Error::message("not an array of three").into());
        }
        let found = decoder.str()?;
        if found != State::KIND {
            let found = found.chars().take(40).collect();
            return Err(RoleFileError::OtherKind {
                expected: State::KIND,
                found,
            });
        }
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(decoder.decode::<ByteArray<32>>()?.into());
        let state = decoder.decode()?;
        Ok(Self {
            file,
            key: SigningKey::from_seed(&seed),
            state,
        })
    }

    /// The role's key.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What it remembers.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Replaces what it remembers and returns once that is on disk and was read back.
    ///
    /// # Errors
    /// [`RoleFileError::Secret`]; then the file holds the old state, and so does this value.
    pub fn save(&mut self, state: State) -> Result<(), RoleFileError> {
        self.file.save(&contents(&self.key, &state))?;
        self.state = state;
        Ok(())
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

fn contents<State: RoleState>(key: &SigningKey, state: &State) -> Zeroizing<Vec<u8>> {
    let seed = key.to_seed();
    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    let mut encoder = minicbor::Encoder::new(&mut *bytes);
    // Writing to memory cannot fail, and no state's encoder raises an error of its own.
    let written = encoder.array(3).and_then(|encoder| {
        encoder
            .str(State::KIND)?
            .bytes(&*seed)?
            .encode(state)
            .map(|_| ())
    });
    debug_assert!(written.is_ok(), "encoding to memory");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Encode, Decode)]
    struct One(#[n(0)] u8);
    impl RoleState for One {
        const KIND: &'static str = "one";
    }
    #[derive(Default, Encode, Decode)]
    struct Other;
    impl RoleState for Other {
        const KIND: &'static str = "other";
    }

    #[test]
    fn key_and_state_come_back_for_the_same_role_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.age");
        let passphrase = Passphrase::new("twelve letters");
        let key = SigningKey::from_seed(&[3; 32]);
        let public = key.verifying_key();
        let mut file = RoleFile::<One>::create_for_test(&path, &passphrase, key).unwrap();
        file.save(One(7)).unwrap();
        drop(file);
        let file = RoleFile::<One>::open(&path, &passphrase).unwrap();
        assert_eq!(
            (file.state(), file.key().verifying_key()),
            (&One(7), public)
        );
        drop(file);
        let other = RoleFile::<Other>::open(&path, &passphrase);
        assert!(matches!(other, Err(RoleFileError::OtherKind { .. })));
    }
}
