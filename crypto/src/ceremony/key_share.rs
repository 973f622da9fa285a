//! A trustee's share of the joint secret key.

use curve25519_dalek::scalar::Scalar;
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::outcome::CeremonyOutcome;
use super::parameters::TrusteeIndex;
use crate::equality::{EncodedPoint, EqualityProof, EqualityStatement};
use crate::group;

/// x_j with the public outcome of the ceremony it comes from.
///
/// # Security
/// Whoever holds t of them reads every vote. It leaves the trustee's machine only inside the
/// encrypted secret file; this type never gives x_j out, only what x_j does to a point.
pub struct KeyShare {
    trustee: TrusteeIndex,
    secret: Zeroizing<Scalar>,
    outcome: CeremonyOutcome,
}

impl KeyShare {
    pub(super) fn new(
        trustee: TrusteeIndex,
        secret: Zeroizing<Scalar>,
        outcome: CeremonyOutcome,
    ) -> Self {
        Self {
            trustee,
            secret,
            outcome,
        }
    }

    /// Whose share it is.
    #[must_use]
    pub fn trustee(&self) -> TrusteeIndex {
        self.trustee
    }

    /// The ceremony's public result.
    #[must_use]
    pub fn outcome(&self) -> &CeremonyOutcome {
        &self.outcome
    }

    /// x_j, for the secret file.
    pub(super) fn secret(&self) -> &Scalar {
        &self.secret
    }

    /// X_j as computed from x_j.
    pub(super) fn image(&self) -> EncodedPoint {
        EncodedPoint::new(group::base_times(&self.secret))
    }

    /// x_j B with the proof that it has X_j's logarithm.
    pub(crate) fn apply(
        &self,
        label: &'static [u8],
        context: &[u8],
        base: EncodedPoint,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> (EncodedPoint, EqualityProof) {
        let image_base = EncodedPoint::new(base.point() * *self.secret);
        let statement = EqualityStatement {
            label,
            context,
            base,
            image_g: self.image(),
            image_base,
        };
        (
            image_base,
            EqualityProof::prove(&statement, &self.secret, rng),
        )
    }
}
