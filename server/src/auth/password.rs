//! Passwords: argon2id, off the async threads, a few at a time.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{
    PasswordHash as Phc, PasswordHasher as _, PasswordVerifier as _, SaltString,
};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::rngs::OsRng;
use serde::Deserialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::config::AuthConfig;

/// Shortest password, in characters.
const MIN_CHARS: usize = 12;
/// Longest password, in bytes.
const MAX_BYTES: usize = 256;

/// A text that must not be shown: wiped when dropped, hidden from `Debug`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(from = "String")]
#[schema(value_type = String)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text. Only for hashing, comparing, and the one answer that hands it over.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A stored password hash, a PHC string.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a password cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("expected at least {MIN_CHARS} characters and at most {MAX_BYTES} bytes")]
    Length,
    /// The hash function failed, which is no one's password's fault.
    #[error("password hashing failed: {0}")]
    Hash(String),
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// Checked against when there is no such account, so that both take as long.
    decoy: PasswordHash,
}

impl Passwords {
    /// Takes the cost from the settings.
    ///
    /// # Errors
    /// argon2 refuses the parameters.
    pub fn new(config: &AuthConfig) -> Result<Self, PasswordError> {
        let params = Params::new(config.argon2_memory_kib, config.argon2_passes, 1, None)
            .map_err(|e| PasswordError::Hash(e.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, &generate())?;
        Ok(Self {
            argon2,
            turns: Arc::new(Semaphore::new(config.argon2_parallel)),
            decoy,
        })
    }

    /// Hashes a new password. Takes tens of milliseconds: not for async threads.
    ///
    /// # Errors
    /// Its length is out of bounds, or hashing fails.
    pub fn hash_blocking(&self, password: &Secret) -> Result<PasswordHash, PasswordError> {
        check_length(password)?;
        hash(&self.argon2, password)
    }

    /// [`Self::hash_blocking`] on a blocking thread.
    ///
    /// # Errors
    /// As there.
    pub async fn hash(&self, password: Secret) -> Result<PasswordHash, PasswordError> {
        check_length(&password)?;
        let this = self.clone();
        self.run(move || hash(&this.argon2, &password)).await?
    }

    /// Whether `password` is the one behind `stored`. `None` (no such account) costs the same and
    /// is false.
    ///
    /// # Errors
    /// The stored hash is unreadable.
    pub async fn verify(
        &self,
        password: Secret,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.0.clone());
        let this = self.clone();
        let matches = self
            .run(move || {
                let phc = Phc::new(&stored).map_err(|e| PasswordError::Hash(e.to_string()))?;
                Ok(this
                    .argon2
                    .verify_password(password.expose().as_bytes(), &phc)
                    .is_ok())
            })
            .await??;
        Ok(matches && exists)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let gone = |_| PasswordError::Hash("interrupted".to_owned());
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Hash("stopping".to_owned()))?;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(gone)
    }
}

/// A password of 120 random bits, in groups of four letters.
#[must_use]
pub fn generate() -> Secret {
    let letters = data_encoding::BASE32_NOPAD
        .encode(&super::random::<15>())
        .to_lowercase();
    let mut text = String::with_capacity(letters.len() * 5 / 4);
    for (i, letter) in letters.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    Secret::new(text)
}

fn check_length(password: &Secret) -> Result<(), PasswordError> {
    let text = password.expose();
    let holds = text.chars().count() >= MIN_CHARS && text.len() <= MAX_BYTES;
    if holds {
        Ok(())
    } else {
        Err(PasswordError::Length)
    }
}

fn hash(argon2: &Argon2<'_>, password: &Secret) -> Result<PasswordHash, PasswordError> {
    let salt = SaltString::generate(&mut OsRng);
    let phc = argon2
        .hash_password(password.expose().as_bytes(), &salt)
        .map_err(|e| PasswordError::Hash(e.to_string()))?;
    Ok(PasswordHash(phc.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Sources};

    fn passwords() -> Passwords {
        let flags = vec![("auth.argon2_memory_kib".to_owned(), "64".to_owned())];
        let config = Config::load(&Sources {
            flags,
            ..Sources::default()
        })
        .unwrap();
        Passwords::new(&config.auth).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_of_an_existing_account_passes() {
        let passwords = passwords();
        let right = generate();
        let stored = passwords
            .hash(right.clone())
            .await
            .unwrap()
            .as_str()
            .to_owned();
        assert!(
            stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"),
            "{stored}"
        );
        assert!(
            passwords
                .verify(right.clone(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(generate(), Some(stored)).await.unwrap());
        assert!(!passwords.verify(right, None).await.unwrap());
    }

    #[test]
    fn length_is_bounded_and_secrets_stay_out_of_debug() {
        let passwords = passwords();
        for text in ["", "elevenchars", &"x".repeat(257)] {
            let refused = passwords.hash_blocking(&Secret::new(text.to_owned())).err();
            assert_eq!(refused, Some(PasswordError::Length));
        }
        // Characters count, not bytes: four Hangul syllables are twelve bytes.
        assert!(
            passwords
                .hash_blocking(&Secret::new("투표함열쇠".repeat(2)))
                .is_err()
        );
        assert!(
            passwords
                .hash_blocking(&Secret::new("투표함열쇠".repeat(3)))
                .is_ok()
        );
        assert_eq!(
            format!("{:?}", Secret::new("hunter2hunter2".to_owned())),
            "Secret(..)"
        );
    }
}
