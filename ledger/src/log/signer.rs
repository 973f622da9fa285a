//! Secret keys of the log and of cosigners.
//!
//! # Security
//! A log key that leaks lets its holder sign another tree under the same name; witnesses are
//! what makes that visible. Keys are wiped from memory when dropped, have no `Debug`, and
//! their text form ([`SecretText`]) must only go to a secret file.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::str::FromStr;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signer as _, SigningKey};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::cosignature::{self, CosignatureError, MAX_COSIGNATURE_TIME};
use super::key::{KeyError, KeyKind, KeyName, VerifierKey, kind_of};
use super::note::NoteSignature;

/// A secret key in the text form `PRIVATE+KEY+<name>+<key ID>+<base64(type || seed)>` (as Go's
/// `golang.org/x/mod/sumdb/note` writes it); wiped when dropped.
pub type SecretText = Zeroizing<String>;

/// A secret Ed25519 key with its name; what the log's and the cosigner's key share.
struct NamedKey {
    secret: SigningKey,
    public: VerifierKey,
}

impl NamedKey {
    fn generate(
        name: KeyName,
        kind: KeyKind,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self::from_seed(name, kind, &seed)
    }

    fn from_seed(name: KeyName, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        let public = VerifierKey::new(name, kind, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, public })
    }

    fn parse(text: &str, expected: KeyKind) -> Result<Self, KeyError> {
        let malformed = KeyError::MalformedSecret;
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(malformed.clone())?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed);
        };
        let name = KeyName::new(name).map_err(|_| malformed.clone())?;
        let material = Base64::decode_vec(material)
            .map(Zeroizing::new)
            .map_err(|_| malformed.clone())?;
        let (&type_byte, seed) = material.split_first().ok_or(malformed.clone())?;
        let found = kind_of(type_byte)?;
        if found != expected {
            return Err(KeyError::WrongKind {
                name,
                expected,
                found,
            });
        }
        let seed: &[u8; 32] = seed.try_into().map_err(|_| malformed)?;
        let key = Self::from_seed(name, found, seed)?;
        if key.public.id().to_string() != id {
            return Err(KeyError::Id {
                name: key.public.name().clone(),
                expected: key.public.id(),
                found: id.to_owned(),
            });
        }
        Ok(key)
    }

    fn to_text(&self) -> SecretText {
        let mut material = Zeroizing::new([0; 33]);
        let (type_byte, seed) = material.split_at_mut(1);
        type_byte.fill(self.public.kind().type_byte());
        seed.copy_from_slice(self.secret.as_bytes());
        let encoded = Zeroizing::new(Base64::encode_string(material.as_slice()));
        let (name, id) = (self.public.name(), self.public.id());
        // One allocation of the final size: growing it would leave copies of the secret behind.
        let mut text = Zeroizing::new(String::with_capacity(
            "PRIVATE+KEY++12345678+".len() + name.as_str().len() + encoded.len(),
        ));
        for part in [
            "PRIVATE+KEY+",
            name.as_str(),
            "+",
            &id.to_string(),
            "+",
            &encoded,
        ] {
            text.push_str(part);
        }
        text
    }

    fn line(&self, signature: Vec<u8>) -> NoteSignature {
        NoteSignature::new(self.public.name().clone(), self.public.id(), signature)
    }
}

/// The log's signing key (type 01). Its name is the log's origin.
pub struct LogSigner(NamedKey);

impl LogSigner {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if the RNG gives a seed of an unusable key (it never does).
    pub fn generate(name: KeyName, rng: &mut (impl RngCore + CryptoRng)) -> Result<Self, KeyError> {
        NamedKey::generate(name, KeyKind::Ed25519, rng).map(Self)
    }

    /// The public key.
    #[must_use]
    pub const fn verifier_key(&self) -> &VerifierKey {
        &self.0.public
    }

    /// The secret key as text.
    ///
    /// # Security
    /// Only for the key file.
    #[must_use]
    pub fn to_secret_text(&self) -> SecretText {
        self.0.to_text()
    }

    /// Signs a note's text (which ends in a newline).
    #[must_use]
    pub fn sign(&self, text: &str) -> NoteSignature {
        self.0.line(self.0.secret.sign(text.as_bytes()).to_vec())
    }
}

impl FromStr for LogSigner {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        NamedKey::parse(text, KeyKind::Ed25519).map(Self)
    }
}

/// A witness's or mirror's signing key (type 04). tlog-cosignature demands a key of its own
/// for every cosigner: the signed bytes do not name it.
pub struct Cosigner(NamedKey);

impl Cosigner {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if the RNG gives a seed of an unusable key (it never does).
    pub fn generate(name: KeyName, rng: &mut (impl RngCore + CryptoRng)) -> Result<Self, KeyError> {
        NamedKey::generate(name, KeyKind::CosignatureV1, rng).map(Self)
    }

    /// The public key.
    #[must_use]
    pub const fn verifier_key(&self) -> &VerifierKey {
        &self.0.public
    }

    /// The secret key as text.
    ///
    /// # Security
    /// Only for the key file.
    #[must_use]
    pub fn to_secret_text(&self) -> SecretText {
        self.0.to_text()
    }

    /// Cosigns a checkpoint's text at `time` (seconds since 1970). The caller has checked and
    /// durably recorded that the checkpoint extends all it cosigned before.
    ///
    /// # Errors
    /// [`CosignatureError::Time`].
    pub fn cosign(&self, text: &str, time: u64) -> Result<NoteSignature, CosignatureError> {
        if time > MAX_COSIGNATURE_TIME {
            return Err(CosignatureError::Time { found: time });
        }
        let signature = self.0.secret.sign(&cosignature::message(time, text));
        Ok(self.0.line(cosignature::join(time, &signature.to_bytes())))
    }
}

impl FromStr for Cosigner {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        NamedKey::parse(text, KeyKind::CosignatureV1).map(Self)
    }
}
