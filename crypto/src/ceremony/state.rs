//! States as bytes for the trustee's encrypted secret file.
//!
//! Layout: `u8(version) ‖ u8(kind) ‖ mh ‖ LE64(attempt) ‖ u8(t) ‖ u8(n) ‖ u8(trustee)`, then by kind
//!
//! | kind | state | rest |
//! |---|---|---|
//! | 1 | committed | seed |
//! | 2 | opened | seed ‖ n commitments |
//! | 3 | shared | seed ‖ n commitments ‖ n openings |
//! | 4 | confirmed | x_j ‖ transcript hash ‖ K ‖ X_1 .. X_n |
//! | 5 | complained | u8(accused) ‖ S ‖ proof |
//! | 6 | key share | as 4 |
//!
//! Reading kinds 1 to 3 takes the rounds' own checks again; kinds 4 and 6 must hold X_j = x_j G. What the
//! board shows is compared when the next round begins.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::complaint::Complaint;
use super::error::{CeremonyError, MessageError};
use super::key_share::KeyShare;
use super::opening::{Commitment, Opening};
use super::outcome::CeremonyOutcome;
use super::parameters::{Attempt, Parameters, TrusteeIndex};
use super::rounds::{Committed, Complained, Confirmed, Identity, Opened, Shared};
use super::seed::{SEED_BYTES, Seed};
use crate::equality::{EQUALITY_PROOF_BYTES, EncodedPoint};
use crate::group::{self, DecodeError, POINT_BYTES};

const VERSION: u8 = 1;

/// Any state of a trustee, as kept in its secret file.
pub enum TrusteeState {
    /// Round 0 is done.
    Committed(Committed),
    /// Round 1 is done.
    Opened(Opened),
    /// Round 2 is done.
    Shared(Shared),
    /// Round 3 is done.
    Confirmed(Confirmed),
    /// The attempt failed with this trustee's complaint.
    Complained(Complained),
    /// The ceremony is over.
    KeyShare(KeyShare),
}

/// Why bytes are no saved state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Written by another version.
    #[error("the saved state has version {found}; this program reads version {VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Unknown kind of state.
    #[error("there is no kind {found} of saved state")]
    Kind {
        /// The kind found.
        found: u8,
    },
    /// Too short, or bytes are left over.
    #[error("the saved state has {found} bytes, which does not fit its kind")]
    Length {
        /// Its number of bytes.
        found: usize,
    },
    /// A message in it is malformed.
    #[error("the saved state holds a malformed message: {0}")]
    Message(#[from] MessageError),
    /// A point or scalar in it is malformed.
    #[error("the saved state holds a malformed value: {0}")]
    Value(#[from] DecodeError),
    /// Its parts do not belong together.
    #[error("the saved state is inconsistent: {0}")]
    Ceremony(#[from] CeremonyError),
    /// x_j is not the logarithm of X_j.
    #[error("the saved key share of trustee {0} does not fit its verification share")]
    KeyShare(TrusteeIndex),
}

macro_rules! from_state {
    ($($kind:ident),*) => {
        $(impl From<$kind> for TrusteeState {
            fn from(state: $kind) -> Self {
                Self::$kind(state)
            }
        })*
    };
}

from_state!(Committed, Opened, Shared, Confirmed, Complained, KeyShare);

impl TrusteeState {
    /// The attempt this state belongs to.
    #[must_use]
    pub fn attempt(&self) -> &Attempt {
        match self {
            Self::Committed(state) => &state.identity.attempt,
            Self::Opened(state) => &state.identity.attempt,
            Self::Shared(state) => &state.identity.attempt,
            Self::Confirmed(state) => state.share.outcome().attempt(),
            Self::Complained(state) => &state.attempt,
            Self::KeyShare(share) => share.outcome().attempt(),
        }
    }

    /// Whose state it is.
    #[must_use]
    pub fn trustee(&self) -> TrusteeIndex {
        match self {
            Self::Committed(state) => state.identity.trustee,
            Self::Opened(state) => state.identity.trustee,
            Self::Shared(state) => state.identity.trustee,
            Self::Confirmed(state) => state.share.trustee(),
            Self::Complained(state) => state.complaint.complainant(),
            Self::KeyShare(share) => share.trustee(),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Committed(_) => 1,
            Self::Opened(_) => 2,
            Self::Shared(_) => 3,
            Self::Confirmed(_) => 4,
            Self::Complained(_) => 5,
            Self::KeyShare(_) => 6,
        }
    }

    /// The state as bytes.
    ///
    /// # Security
    /// These bytes are secret; they belong into the encrypted file only.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new();
        let attempt = self.attempt();
        out.put(&[VERSION, self.kind()]);
        out.put(attempt.manifest_hash());
        out.put(&attempt.number().to_le_bytes());
        out.put(&attempt.parameters().to_bytes());
        out.put(&[self.trustee().byte()]);
        match self {
            Self::Committed(state) => out.put(state.identity.seed.as_bytes()),
            Self::Opened(state) => {
                out.put(state.identity.seed.as_bytes());
                out.put_commitments(&state.commitments);
            }
            Self::Shared(state) => {
                out.put(state.identity.seed.as_bytes());
                out.put_commitments(state.openings.commitments());
                for opening in state.openings.all() {
                    out.put(opening.as_bytes());
                }
            }
            Self::Confirmed(state) => out.put_share(&state.share),
            Self::Complained(state) => {
                out.put(&[state.complaint.accused().byte()]);
                out.put(state.complaint.shared().as_bytes());
                out.put(&state.complaint.proof().encode());
            }
            Self::KeyShare(share) => out.put_share(share),
        }
        out.0
    }

    /// Reads a state back; accepts exactly what [`Self::to_bytes`] gives.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StateError> {
        let mut input = Reader {
            rest: bytes,
            length: bytes.len(),
        };
        let [version] = input.array()?;
        if version != VERSION {
            return Err(StateError::Version { found: version });
        }
        let [kind] = input.array()?;
        let manifest_hash = input.array()?;
        let number = u64::from_le_bytes(input.array()?);
        let [quorum, trustees, trustee] = input.array()?;
        let parameters = Parameters::new(u64::from(quorum), u64::from(trustees))?;
        let attempt = Attempt::new(manifest_hash, number, parameters)?;
        let trustee = parameters.trustee(u64::from(trustee))?;
        let state = match kind {
            1 => Committed::resume(input.identity(attempt, trustee)?).into(),
            2 => {
                let state = Committed::resume(input.identity(attempt, trustee)?);
                state.open(&input.commitments(parameters)?)?.into()
            }
            3 => {
                let state = Committed::resume(input.identity(attempt, trustee)?);
                let opened = state.open(&input.commitments(parameters)?)?;
                let length = opened.opening().as_bytes().len();
                let openings = parameters
                    .all()
                    .map(|_| Ok(Opening::decode(parameters, input.take(length)?)?))
                    .collect::<Result<Vec<_>, StateError>>()?;
                opened.share(openings)?.into()
            }
            4 => Confirmed {
                share: input.share(attempt, trustee)?,
            }
            .into(),
            5 => {
                let [accused] = input.array()?;
                let accused = parameters.trustee(u64::from(accused))?;
                let shared = input.take(POINT_BYTES)?;
                let proof = input.take(EQUALITY_PROOF_BYTES)?;
                Complained {
                    attempt,
                    complaint: Complaint::decode(trustee, accused, shared, proof)?,
                }
                .into()
            }
            6 => input.share(attempt, trustee)?.into(),
            found => return Err(StateError::Kind { found }),
        };
        input.finish()?;
        Ok(state)
    }
}

struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Room for the largest state (n = 32, t = 31), so that growing leaves no copies of secrets behind.
    fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(128 * 1024)))
    }

    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn put_commitments(&mut self, commitments: &[Commitment]) {
        for commitment in commitments {
            self.put(&commitment.0);
        }
    }

    fn put_share(&mut self, share: &KeyShare) {
        let outcome = share.outcome();
        self.put(share.secret().as_bytes());
        self.put(outcome.transcript_hash());
        self.put(outcome.joint_key().as_bytes());
        for point in outcome.verification_shares() {
            self.put(point.as_bytes());
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], StateError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(StateError::Length { found: self.length })?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StateError> {
        let found = self.length;
        self.take(N)?
            .try_into()
            .map_err(|_| StateError::Length { found })
    }

    fn identity(
        &mut self,
        attempt: Attempt,
        trustee: TrusteeIndex,
    ) -> Result<Identity, StateError> {
        let seed = Zeroizing::new(self.array::<SEED_BYTES>()?);
        Ok(Identity::new(attempt, trustee, Seed::from_bytes(*seed))?)
    }

    fn commitments(&mut self, parameters: Parameters) -> Result<Vec<Commitment>, StateError> {
        parameters
            .all()
            .map(|_| Ok(Commitment(self.array()?)))
            .collect()
    }

    fn share(&mut self, attempt: Attempt, trustee: TrusteeIndex) -> Result<KeyShare, StateError> {
        let secret = Zeroizing::new(group::decode_scalar(self.take(group::SCALAR_BYTES)?)?);
        let transcript_hash = self.array()?;
        let joint_key = EncodedPoint::decode(self.take(POINT_BYTES)?)?;
        let verification_shares = attempt
            .parameters()
            .all()
            .map(|_| Ok(EncodedPoint::decode(self.take(POINT_BYTES)?)?))
            .collect::<Result<_, StateError>>()?;
        let outcome =
            CeremonyOutcome::from_parts(attempt, transcript_hash, joint_key, verification_shares);
        let expected = outcome.verification_share(trustee)?;
        let share = KeyShare::new(trustee, secret, outcome);
        if share.image() != expected {
            return Err(StateError::KeyShare(trustee));
        }
        Ok(share)
    }

    fn finish(self) -> Result<(), StateError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(StateError::Length { found: self.length })
    }
}
