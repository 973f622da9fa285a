//! Cosignatures of witnesses and mirrors: C2SP tlog-cosignature, version 1 (Ed25519).
//!
//! A cosignature says: at this time, this was the largest tree of this log that I had seen,
//! and it extended every tree of it that I cosigned before. The signature bytes of a note
//! line are `u64 big-endian seconds || 64-byte signature`, 76 bytes with the key ID.

use alloc::format;
use alloc::vec::Vec;

/// Bytes after the key ID: time and Ed25519 signature.
pub const COSIGNATURE_LEN: usize = 8 + 64;

/// Largest time that a cosignature may carry: 2^63 - 1 seconds.
pub const MAX_COSIGNATURE_TIME: u64 = (1 << 63) - 1;

/// Why bytes are not a cosignature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// Not 72 bytes.
    #[error("a cosignature has {expected} bytes after the key ID, found {found}")]
    Length {
        /// Bytes that a cosignature has.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// The time is over [`MAX_COSIGNATURE_TIME`].
    #[error("cosignature time {found} is over 2^63 - 1")]
    Time {
        /// Seconds given.
        found: u64,
    },
}

/// The bytes that a cosigner signs: two header lines, then the note's text.
#[must_use]
pub fn message(time: u64, note_text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{note_text}").into_bytes()
}

/// Takes the bytes after the key ID apart into time and Ed25519 signature.
///
/// # Errors
/// [`CosignatureError`].
pub fn split(bytes: &[u8]) -> Result<(u64, [u8; 64]), CosignatureError> {
    let length = || CosignatureError::Length {
        expected: COSIGNATURE_LEN,
        found: bytes.len(),
    };
    let (time, signature) = bytes.split_first_chunk::<8>().ok_or_else(length)?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| length())?;
    let time = u64::from_be_bytes(*time);
    if time > MAX_COSIGNATURE_TIME {
        return Err(CosignatureError::Time { found: time });
    }
    Ok((time, signature))
}

/// Puts time and Ed25519 signature together, as they stand after the key ID.
#[must_use]
pub fn join(time: u64, signature: &[u8; 64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(COSIGNATURE_LEN);
    bytes.extend_from_slice(&time.to_be_bytes());
    bytes.extend_from_slice(signature);
    bytes
}
