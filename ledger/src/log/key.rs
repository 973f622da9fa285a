//! Public keys of the log and its cosigners, in the vkey format of C2SP signed-note:
//! `<name>+<hex8(key ID)>+<base64(type || public key)>`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use core::fmt;
use core::str::FromStr;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::cosignature::{self, CosignatureError};
use super::text;

/// Signature type byte of plain Ed25519 note signatures.
const TYPE_ED25519: u8 = 0x01;
/// Signature type byte of timestamped Ed25519 cosignatures (tlog-cosignature).
const TYPE_COSIGNATURE: u8 = 0x04;

/// What kind of signature a key makes. One key is only ever used for one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Type 01: Ed25519 over the note text. The log signs so.
    Ed25519,
    /// Type 04: Ed25519 over time and note text. Witnesses and mirrors sign so.
    CosignatureV1,
}

impl KeyKind {
    /// The signature type byte assigned by C2SP signed-note.
    #[must_use]
    pub const fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => TYPE_ED25519,
            Self::CosignatureV1 => TYPE_COSIGNATURE,
        }
    }

    const fn from_type_byte(byte: u8) -> Option<Self> {
        match byte {
            TYPE_ED25519 => Some(Self::Ed25519),
            TYPE_COSIGNATURE => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

/// The short identifier of a key: `SHA-256(name || 0x0A || type || public key)[..4]`.
/// Not collision-resistant; it only says which signature line to try.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// Wraps the four bytes of a signature line.
    #[must_use]
    pub const fn new(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The four bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }

    /// Computes the identifier of a key.
    #[must_use]
    pub fn of(name: &KeyName, kind: KeyKind, public_key: &[u8; 32]) -> Self {
        let digest = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', kind.type_byte()])
            .chain_update(public_key)
            .finalize();
        let [a, b, c, d, ..] = <[u8; 32]>::from(digest);
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A key name: not empty, no Unicode space, no plus sign, no control character below U+0020.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn new(name: impl Into<String>) -> Result<Self, KeyError> {
        let name = name.into();
        let bad = |c: char| c.is_whitespace() || c < ' ' || c == '+';
        if name.is_empty() || name.contains(bad) {
            return Err(KeyError::Name { name });
        }
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a key was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A name with a space, plus or control character, or none at all.
    #[error("{name:?} is not a key name (no spaces, no plus sign, not empty)")]
    Name {
        /// The name given.
        name: String,
    },
    /// Not in the form `<name>+<8 hex digits>+<base64>`.
    #[error("not a verifier key of the form <name>+<key ID>+<base64>: {found:?}")]
    Malformed {
        /// The text given.
        found: String,
    },
    /// A text that is not a signing key. The text is not repeated: it may be a secret.
    #[error("not a signing key of the form PRIVATE+KEY+<name>+<key ID>+<base64>")]
    MalformedSecret,
    /// A signature type that this log does not use.
    #[error("signature type {found:#04x} is not supported (01 Ed25519, 04 cosignature/v1)")]
    Type {
        /// The type byte.
        found: u8,
    },
    /// A type that does not fit the place: a log key where a cosigner's is needed, or the reverse.
    #[error("key {name} has signature type {found:?}, expected {expected:?}")]
    WrongKind {
        /// The key's name.
        name: KeyName,
        /// The kind needed.
        expected: KeyKind,
        /// The key's kind.
        found: KeyKind,
    },
    /// The key ID does not belong to the name, type and key.
    #[error("key {name} has ID {expected}, but its text says {found}")]
    Id {
        /// The key's name.
        name: KeyName,
        /// ID computed from name, type and key.
        expected: KeyId,
        /// ID written.
        found: String,
    },
    /// Not 32 bytes, not a canonical curve point, or a point of small order.
    #[error("key {name} is not a usable Ed25519 public key")]
    PublicKey {
        /// The key's name.
        name: KeyName,
    },
}

/// A public key with its name and kind.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    kind: KeyKind,
    id: KeyId,
    key: VerifyingKey,
}

/// Why one signature line of a known key was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// An Ed25519 signature has 64 bytes.
    #[error("a signature of {found} bytes, expected {expected}")]
    Length {
        /// Bytes that this kind of signature has.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// The timestamp is over 2^63 - 1.
    #[error("cosignature time {found} is over 2^63 - 1")]
    Time {
        /// Seconds given.
        found: u64,
    },
    /// The signature is not this key's over this text.
    #[error("the signature does not verify")]
    Invalid,
}

impl VerifierKey {
    /// Puts a key together from its parts.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] for bytes that are no canonical point or one of small order.
    pub fn new(name: KeyName, kind: KeyKind, public_key: &[u8; 32]) -> Result<Self, KeyError> {
        let usable = VerifyingKey::from_bytes(public_key)
            .ok()
            .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == public_key);
        let Some(key) = usable else {
            return Err(KeyError::PublicKey { name });
        };
        let id = KeyId::of(&name, kind, public_key);
        Ok(Self {
            name,
            kind,
            id,
            key,
        })
    }

    /// The key's name; for a log, its origin.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// Which signatures it makes.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key ID on its signature lines.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The 32-byte Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Gives the key back if it is of `kind`.
    ///
    /// # Errors
    /// [`KeyError::WrongKind`].
    pub fn of_kind(self, kind: KeyKind) -> Result<Self, KeyError> {
        if self.kind != kind {
            return Err(KeyError::WrongKind {
                name: self.name,
                expected: kind,
                found: self.kind,
            });
        }
        Ok(self)
    }

    /// Verifies the bytes after the key ID of a signature line over a note's text. Gives the
    /// time (seconds since 1970) for a cosignature, `None` for a plain signature.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, SignatureError> {
        match self.kind {
            KeyKind::Ed25519 => {
                self.verify_ed25519(text.as_bytes(), signature)?;
                Ok(None)
            }
            KeyKind::CosignatureV1 => {
                let (time, signature) =
                    cosignature::split(signature).map_err(|error| match error {
                        CosignatureError::Length { expected, found } => {
                            SignatureError::Length { expected, found }
                        }
                        CosignatureError::Time { found } => SignatureError::Time { found },
                    })?;
                self.verify_ed25519(&cosignature::message(time, text), &signature)?;
                Ok(Some(time))
            }
        }
    }

    fn verify_ed25519(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::Length {
            expected: Signature::BYTE_SIZE,
            found: signature.len(),
        })?;
        self.key
            .verify_strict(message, &signature)
            .map_err(|_| SignatureError::Invalid)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.type_byte()];
        material.extend_from_slice(self.public_key());
        write!(
            f,
            "{}+{}+{}",
            self.name,
            self.id,
            Base64::encode_string(&material)
        )
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed {
            found: vkey.to_owned(),
        };
        // Base64 may hold plus signs; name and key ID may not.
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let material = text::base64(material).ok_or_else(malformed)?;
        let (&type_byte, public_key) = material.split_first().ok_or_else(malformed)?;
        let kind = KeyKind::from_type_byte(type_byte).ok_or(KeyError::Type { found: type_byte })?;
        let name = KeyName::new(name)?;
        let Ok(public_key) = public_key.try_into() else {
            return Err(KeyError::PublicKey { name });
        };
        let key = Self::new(name, kind, public_key)?;
        if key.id.to_string() != id {
            return Err(KeyError::Id {
                name: key.name,
                expected: key.id,
                found: id.to_owned(),
            });
        }
        Ok(key)
    }
}

/// Reads the type byte of key material; shared with the signing key format.
pub(super) fn kind_of(type_byte: u8) -> Result<KeyKind, KeyError> {
    KeyKind::from_type_byte(type_byte).ok_or(KeyError::Type { found: type_byte })
}
