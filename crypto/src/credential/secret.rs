//! Credential secrets (docs/PROTOCOL.md section 7).

use alloc::vec::Vec;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::code::VotingCode;
use crate::group::{self, DecodeError};
use crate::labels;

/// Credentials whose encodings share one field inversion.
const BATCH: usize = 256;

/// Which authority issued a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authority {
    /// The only one.
    Sole,
    /// The first of two.
    First,
    /// The second of two.
    Second,
}

impl Authority {
    /// The byte that salts the derivation: 0 for a sole authority, otherwise its number.
    #[must_use]
    pub fn salt(self) -> u8 {
        match self {
            Self::Sole => 0,
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

/// Why no credential results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// s = 0: the authority draws another code.
    #[error("the credential secret is zero; another code must be drawn")]
    ZeroSecret,
}

/// A credential secret s, or one authority's half of it. Never zero.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CredentialSecret(Scalar);

impl CredentialSecret {
    fn new(scalar: Scalar) -> Result<Self, CredentialError> {
        // An impossible event with honest codes; comparing reveals nothing else.
        if scalar == Scalar::ZERO {
            return Err(CredentialError::ZeroSecret);
        }
        Ok(Self(scalar))
    }

    /// s = s_1 + s_2, the credential of a voter with two codes.
    ///
    /// # Errors
    /// [`CredentialError::ZeroSecret`] if the halves cancel.
    pub fn combine(first: &Self, second: &Self) -> Result<Self, CredentialError> {
        Self::new(first.0 + second.0)
    }

    /// P = sG; constant time.
    #[must_use]
    pub fn public(&self) -> RistrettoPoint {
        group::base_times(&self.0)
    }

    /// s, with which ballots are encrypted and signed.
    ///
    /// # Security
    /// Whoever holds it votes in the voter's place; do not copy it out of this type.
    #[must_use]
    pub fn scalar(&self) -> &Scalar {
        &self.0
    }
}

/// Derives the secrets of one authority's codes in one election; made once, used for every code.
#[derive(Clone, Debug)]
pub struct CredentialDerivation {
    /// mh ‖ K ‖ u8(authority).
    salt: [u8; 65],
}

impl CredentialDerivation {
    /// For the election with this manifest hash and joint key.
    #[must_use]
    pub fn new(
        manifest_hash: &[u8; 32],
        joint_key: &CompressedRistretto,
        authority: Authority,
    ) -> Self {
        let mut salt = [authority.salt(); 65];
        for (slot, byte) in salt
            .iter_mut()
            .zip(manifest_hash.iter().chain(joint_key.as_bytes()))
        {
            *slot = *byte;
        }
        Self { salt }
    }

    /// `s = scalar("hanpyo/v1/voting-code", mh ‖ K ‖ u8(authority) ‖ characters)`.
    ///
    /// # Errors
    /// [`CredentialError::ZeroSecret`], whereupon the authority draws another code.
    pub fn secret(&self, code: &VotingCode) -> Result<CredentialSecret, CredentialError> {
        CredentialSecret::new(group::hash_to_scalar(
            labels::hash::VOTING_CODE,
            &[&self.salt, code.characters().as_slice()],
        ))
    }
}

/// P = P_1 + P_2, the roll's credential from two half lists.
///
/// # Errors
/// [`DecodeError::Identity`] if the halves cancel.
pub fn combine_public(
    first: &RistrettoPoint,
    second: &RistrettoPoint,
) -> Result<RistrettoPoint, DecodeError> {
    let sum = first + second;
    if sum.is_identity() {
        return Err(DecodeError::Identity);
    }
    Ok(sum)
}

/// The encoded P = sG of many credentials, in order; on all cores with feature `parallel`.
///
/// Half of each s is multiplied and the points are doubled while encoding, which lets a batch share
/// one inversion: cheaper than one by one.
#[must_use]
pub fn public_credentials(secrets: &[CredentialSecret]) -> Vec<CompressedRistretto> {
    let half = Scalar::from(2_u8).invert();
    let batch = |secrets: &[CredentialSecret]| {
        let halves: Vec<_> = secrets
            .iter()
            .map(|secret| group::base_times(&(secret.0 * half)))
            .collect();
        RistrettoPoint::double_and_compress_batch(&halves)
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        secrets.par_chunks(BATCH).flat_map_iter(batch).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        secrets.chunks(BATCH).flat_map(batch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancelling_halves_are_refused() {
        let half = CredentialSecret(Scalar::from(5_u8));
        let opposite = CredentialSecret(-Scalar::from(5_u8));
        assert_eq!(
            CredentialSecret::combine(&half, &opposite).err(),
            Some(CredentialError::ZeroSecret)
        );
        assert_eq!(
            combine_public(&half.public(), &opposite.public()),
            Err(DecodeError::Identity)
        );
    }
}
