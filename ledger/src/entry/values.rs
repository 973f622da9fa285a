//! Numbers, keys and hashes that entries are made of (docs/protocol.cddl, "building blocks").

use curve25519_dalek::ristretto::RistrettoPoint;
use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_crypto::group::{self, DecodeError};

use super::bounded::Text;
use super::codec::{fixed_bytes, integers};

/// A number outside the range that the CDDL gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {found} is not within {min} to {max}")]
pub struct OutOfRange {
    /// Name of the number's type.
    pub what: &'static str,
    /// Least value allowed.
    pub min: u64,
    /// Greatest value allowed.
    pub max: u64,
    /// Value found.
    pub found: u64,
}

integers! {
    /// Index of a credential in the roll, from 0.
    CredentialIndex(u32, 0, u32::MAX);
    /// Number of a contest in the manifest, from 0.
    ContestNumber(u16, 0, u16::MAX);
    /// Number of a ballot style in the manifest, from 0.
    StyleNumber(u16, 0, u16::MAX);
    /// Number of a reporting unit in the manifest, from 0.
    UnitNumber(u16, 0, u16::MAX);
    /// Number of a group of units within the encrypted tally of one contest, from 0.
    GroupNumber(u16, 0, u16::MAX);
    /// Number of an option within its contest, from 0.
    OptionNumber(u16, 0, u16::MAX);
    /// Number of a trustee, from 1.
    TrusteeNumber(u8, 1, 32);
    /// Number of a credential authority, 1 or 2.
    AuthorityNumber(u8, 1, 2);
    /// Attempt of the key ceremony, from 1.
    Attempt(u32, 1, u32::MAX);
    /// A voter's public weight.
    Weight(u32, 1, u32::MAX);
    /// A decrypted sum or a total, at most 2^48 (section 9.1).
    Count(u64, 0, 1 << 48);
    /// Seconds since 1970-01-01 UTC.
    Seconds(u64, 0, u64::MAX);
    /// Numerator or denominator of a [`Fraction`](crate::manifest::Fraction).
    Part(u32, 1, 1_000_000);
}

macro_rules! whole_range {
    ($($name:ident($repr:ty)),+) => {$(
        impl From<$repr> for $name {
            fn from(value: $repr) -> Self {
                Self(value)
            }
        }
    )+};
}

// Only types whose range is the whole of their representation.
whole_range!(
    CredentialIndex(u32),
    ContestNumber(u16),
    StyleNumber(u16),
    UnitNumber(u16),
    GroupNumber(u16),
    OptionNumber(u16)
);

impl Seconds {
    /// A point in time.
    #[must_use]
    pub const fn new(since_1970: u64) -> Self {
        Self(since_1970)
    }
}

macro_rules! positions {
    ($($name:ident - $first:literal),+) => {$(
        impl $name {
            /// Place in a list of all of them, from 0.
            #[must_use]
            pub fn position(self) -> usize {
                usize::from(self.get() - $first)
            }
        }
    )+};
}

positions!(
    ContestNumber - 0,
    StyleNumber - 0,
    UnitNumber - 0,
    GroupNumber - 0,
    OptionNumber - 0,
    TrusteeNumber - 1,
    AuthorityNumber - 1
);

fixed_bytes! {
    /// A SHA-256 hash.
    Hash(32);
    /// An encoded ristretto255 point, not yet decoded.
    EncodedPoint(32);
    /// An encoded Ed25519 verifying key, not yet decoded.
    Ed25519Key(32);
    /// An Ed25519 signature by a role, or A ‖ z by a credential (section 6.2).
    Signature(64);
    /// A proof c ‖ z of equal logarithms (section 8.1).
    EqualityProof(64);
}

impl EncodedPoint {
    /// The point itself.
    ///
    /// Decoding an entry leaves its points encoded: a roll of ten million would otherwise be
    /// decompressed by readers who need only some of them. Whoever computes with a point decodes it
    /// here, strictly.
    ///
    /// # Errors
    /// [`DecodeError`] unless the encoding is canonical and not the identity (section 2).
    pub fn decode(&self) -> Result<RistrettoPoint, DecodeError> {
        group::decode_point(&self.0)
    }
}

impl From<ConfirmationCode> for Hash {
    fn from(code: ConfirmationCode) -> Self {
        Self(code.0)
    }
}

impl From<&RistrettoPoint> for EncodedPoint {
    fn from(point: &RistrettoPoint) -> Self {
        Self(point.compress().to_bytes())
    }
}

/// Why something was done, in words of the commission.
pub type Reason = Text<1, 4096>;
