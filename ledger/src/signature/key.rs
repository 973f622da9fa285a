//! Ed25519 keys of roles: signing keys that leave no trace in memory, verifying keys checked
//! strictly (RFC 8032; docs/PROTOCOL.md section 10.1).

use alloc::string::String;

use ed25519_dalek::{Signer, VerifyingKey};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::entry::{Ed25519Key, Signature};

/// Why 32 bytes are no verifying key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No point of the curve.
    #[error("not a point of the curve")]
    NotAPoint,
    /// A point, in an encoding that is not the canonical one.
    #[error("not canonically encoded")]
    NotCanonical,
    /// A point of small order: everyone can sign for it.
    #[error("of small order")]
    SmallOrder,
}

/// Decodes a verifying key strictly.
///
/// # Errors
/// [`KeyError`] says why it is none.
pub fn verifying_key(key: &Ed25519Key) -> Result<VerifyingKey, KeyError> {
    let decoded = VerifyingKey::from_bytes(key.as_bytes()).map_err(|_| KeyError::NotAPoint)?;
    if decoded.to_edwards().compress().as_bytes() != key.as_bytes() {
        return Err(KeyError::NotCanonical);
    }
    if decoded.is_weak() {
        return Err(KeyError::SmallOrder);
    }
    Ok(decoded)
}

/// The secret key of a role.
///
/// # Security
/// It signs in the role's name. It is wiped from memory when dropped and has no `Debug`. Its text
/// form belongs into a file that only the role can read.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

const PREFIX: &str = "hanpyo-signing-key-1";

/// Why a text is no signing key. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// Not the three parts that a key is written as.
    #[error("not a signing key: expected {PREFIX}:<64 hex digits>:<64 hex digits>")]
    Form,
    /// The secret part does not belong to the public part: the text was damaged.
    #[error("damaged: the secret part does not belong to the public part")]
    Damaged,
}

impl SigningKey {
    /// A new key.
    #[must_use]
    pub fn generate(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *seed);
        Self::from_seed(&seed)
    }

    /// The key of a 32-byte seed (RFC 8032 section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, for a format with its own protection.
    #[must_use]
    pub fn to_seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// Reads what [`Self::to_text`] wrote; white space around it is ignored.
    ///
    /// # Errors
    /// [`SigningKeyError`] if it is something else or was damaged.
    pub fn from_text(text: &str) -> Result<Self, SigningKeyError> {
        let part = |part: Option<&str>| -> Result<Zeroizing<[u8; 32]>, SigningKeyError> {
            let mut bytes = Zeroizing::new([0; 32]);
            let text = part.ok_or(SigningKeyError::Form)?;
            if text.len() != 2 * bytes.len() {
                return Err(SigningKeyError::Form);
            }
            base16ct::lower::decode(text, &mut *bytes).map_err(|_| SigningKeyError::Form)?;
            Ok(bytes)
        };
        let mut parts = text.trim().split(':');
        if parts.next() != Some(PREFIX) {
            return Err(SigningKeyError::Form);
        }
        let key = Self::from_seed(&*part(parts.next())?);
        let public = part(parts.next())?;
        if parts.next().is_some() {
            return Err(SigningKeyError::Form);
        }
        if key.verifying_key().as_bytes() != &*public {
            return Err(SigningKeyError::Damaged);
        }
        Ok(key)
    }

    /// One line of text: seed and verifying key in hex, so that damage is noticed.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // One allocation of the right size: growing would leave copies of the seed behind.
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * 65));
        text.push_str(PREFIX);
        text.push(':');
        let mut digits = Zeroizing::new([0; 64]);
        for part in [self.0.as_bytes(), self.0.verifying_key().as_bytes()] {
            // Two digits a byte fit exactly.
            text.push_str(base16ct::lower::encode_str(part, &mut *digits).unwrap_or_default());
            text.push(':');
        }
        text.pop();
        text
    }

    /// The public part, as it stands in a manifest.
    #[must_use]
    pub fn verifying_key(&self) -> Ed25519Key {
        Ed25519Key(self.0.verifying_key().to_bytes())
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back_and_damage_is_noticed() {
        let key = SigningKey::from_seed(&[7; 32]);
        let text = key.to_text();
        let read = SigningKey::from_text(&format!(" {}\n", text.as_str())).expect("own text");
        assert_eq!(read.verifying_key(), key.verifying_key());
        for position in 0..text.len() {
            let mut damaged = text.as_bytes().to_vec();
            damaged[position] = if damaged[position] == b'0' {
                b'1'
            } else {
                b'0'
            };
            let damaged = String::from_utf8(damaged).expect("ASCII");
            assert!(SigningKey::from_text(&damaged).is_err(), "at {position}");
        }
        assert_eq!(SigningKey::from_text("").err(), Some(SigningKeyError::Form));
    }

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        // The neutral element, y = 1.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert_eq!(
            verifying_key(&Ed25519Key(neutral)),
            Err(KeyError::SmallOrder)
        );
        // y = p + 1 is the same point, not canonically encoded.
        let mut above = [0xff; 32];
        above[0] = 0xee;
        above[31] = 0x7f;
        assert_eq!(
            verifying_key(&Ed25519Key(above)),
            Err(KeyError::NotCanonical)
        );
        // y = 2 is on no point of the curve.
        let mut off_curve = [0; 32];
        off_curve[0] = 2;
        assert_eq!(
            verifying_key(&Ed25519Key(off_curve)),
            Err(KeyError::NotAPoint)
        );
    }
}
