//! Six-digit codes: how they are drawn, stored and compared.

use hmac::{Hmac, Mac as _};
use rand::Rng as _;
use rand::rngs::OsRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::clock::Millis;
use crate::ids::RollId;

/// Digits of a code.
pub const DIGITS: usize = 6;

/// Bytes of a stored hash.
pub const HASH_BYTES: usize = 32;

/// Hashes codes under the server's key: six digits without a key would be guessed at once by whoever
/// reads the database.
pub struct CodeHasher {
    key: Zeroizing<[u8; 32]>,
}

impl CodeHasher {
    /// Takes the key of `one-time-code.key`.
    #[must_use]
    pub const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self { key }
    }

    fn mac(&self, voter: RollId, sent_at: Millis, code: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key[..]).ok()?;
        mac.update(&voter.get().to_le_bytes());
        mac.update(&sent_at.to_le_bytes());
        mac.update(code.as_bytes());
        Some(mac)
    }

    /// What is stored of a code.
    #[must_use]
    pub fn hash(&self, voter: RollId, sent_at: Millis, code: &str) -> Vec<u8> {
        // HMAC takes keys of any length, so there is always one.
        let mac = self.mac(voter, sent_at, code);
        mac.map_or_else(Vec::new, |mac| mac.finalize().into_bytes().to_vec())
    }

    /// Whether `code` is the one stored, in constant time.
    #[must_use]
    pub fn matches(&self, voter: RollId, sent_at: Millis, code: &str, stored: &[u8]) -> bool {
        let mac = self.mac(voter, sent_at, code);
        mac.is_some_and(|mac| mac.verify_slice(stored).is_ok())
    }
}

/// A fresh code, uniform among all of its length.
#[must_use]
pub fn draw() -> Zeroizing<String> {
    Zeroizing::new(format!("{:06}", OsRng.gen_range(0..1_000_000_u32)))
}

/// Whether a text can be a code at all.
#[must_use]
pub fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl std::fmt::Debug for CodeHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeHasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_holds_for_its_voter_time_and_code_only() {
        let hasher = CodeHasher::new(Zeroizing::new([7; 32]));
        let stored = hasher.hash(RollId(1), 2, "123456");
        assert!(hasher.matches(RollId(1), 2, "123456", &stored));
        assert!(!hasher.matches(RollId(2), 2, "123456", &stored));
        assert!(!hasher.matches(RollId(1), 3, "123456", &stored));
        assert!(!hasher.matches(RollId(1), 2, "123457", &stored));
        assert!(!CodeHasher::new(Zeroizing::new([8; 32])).matches(RollId(1), 2, "123456", &stored));
    }

    #[test]
    fn codes_have_six_digits() {
        for _ in 0..1_000 {
            assert!(is_code(&draw()));
        }
        for text in ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""] {
            assert!(!is_code(text), "{text}");
        }
    }
}
