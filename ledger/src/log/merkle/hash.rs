//! SHA-256 with the domain separation of RFC 6962 section 2.1.

use alloc::string::String;
use core::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

/// Length of a tree hash in bytes.
pub const HASH_LEN: usize = 32;

/// A SHA-256 Merkle tree hash: of a leaf, of an inner node, or a root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_LEN]);

impl Hash {
    /// Wraps 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; HASH_LEN]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }

    /// Standard base64 with padding (44 characters), as checkpoints and proofs write it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads [`Self::to_base64`]; `None` for anything that does not re-encode to itself.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = super::super::text::base64(text)?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Lower-case hexadecimal (64 characters).
    #[must_use]
    pub fn to_hex(&self) -> String {
        base16ct::lower::encode_string(&self.0)
    }

    /// Reads [`Self::to_hex`]; `None` for anything that does not re-encode to itself.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = base16ct::lower::decode_vec(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl From<[u8; HASH_LEN]> for Hash {
    fn from(bytes: [u8; HASH_LEN]) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.to_base64())
    }
}

/// Leaf hash of an entry: `SHA-256(0x00 || entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut sha = Sha256::new();
    sha.update([0x00]);
    sha.update(entry);
    Hash(sha.finalize().into())
}

/// Hash of an inner node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut sha = Sha256::new();
    sha.update([0x01]);
    sha.update(left.0);
    sha.update(right.0);
    Hash(sha.finalize().into())
}

/// Root of the tree without leaves: `SHA-256("")`.
#[must_use]
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}
