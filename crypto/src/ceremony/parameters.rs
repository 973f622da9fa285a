//! Who takes part: quorum, numbers of trustees, and the attempt all messages are bound to.

use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;

use super::error::CeremonyError;
use crate::labels::message;

/// Most trustees an election can have.
pub const MAX_TRUSTEES: u64 = 32;

/// Quorum t and number of trustees n, 2 <= t < n <= 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parameters {
    quorum: u8,
    trustees: u8,
}

impl Parameters {
    /// Checks the range.
    ///
    /// # Errors
    /// [`CeremonyError::Parameters`].
    pub fn new(quorum: u64, trustees: u64) -> Result<Self, CeremonyError> {
        let wrong = CeremonyError::Parameters { quorum, trustees };
        if quorum < 2 || quorum >= trustees || trustees > MAX_TRUSTEES {
            return Err(wrong);
        }
        match (u8::try_from(quorum), u8::try_from(trustees)) {
            (Ok(quorum), Ok(trustees)) => Ok(Self { quorum, trustees }),
            _ => Err(wrong),
        }
    }

    /// Trustees needed to decrypt, t.
    #[must_use]
    pub fn quorum(&self) -> usize {
        usize::from(self.quorum)
    }

    /// All trustees, n.
    #[must_use]
    pub fn trustees(&self) -> usize {
        usize::from(self.trustees)
    }

    /// Trustee number `number`, from 1.
    ///
    /// # Errors
    /// [`CeremonyError::UnknownTrustee`] outside 1..=n.
    pub fn trustee(&self, number: u64) -> Result<TrusteeIndex, CeremonyError> {
        u8::try_from(number)
            .ok()
            .filter(|number| (1..=self.trustees).contains(number))
            .map(TrusteeIndex)
            .ok_or_else(|| self.unknown(number))
    }

    pub(super) fn unknown(&self, trustee: u64) -> CeremonyError {
        CeremonyError::UnknownTrustee {
            trustee,
            trustees: u64::from(self.trustees),
        }
    }

    /// All trustees in order.
    pub fn all(&self) -> impl ExactSizeIterator<Item = TrusteeIndex> + use<> {
        (0..self.trustees).map(|below| TrusteeIndex(below + 1))
    }

    /// t and n as bytes, for state files.
    pub(super) fn to_bytes(self) -> [u8; 2] {
        [self.quorum, self.trustees]
    }
}

/// Number of a trustee from 1, which is also where its share of the key polynomial is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrusteeIndex(u8);

impl TrusteeIndex {
    /// The number, from 1.
    #[must_use]
    pub fn number(self) -> u64 {
        u64::from(self.0)
    }

    /// The place in a list of all trustees, from 0.
    #[must_use]
    pub fn position(self) -> usize {
        // Never 0: only `Parameters` makes an index.
        usize::from(self.0) - 1
    }

    /// The number as a byte.
    pub(super) fn byte(self) -> u8 {
        self.0
    }

    /// The evaluation point.
    #[must_use]
    pub fn scalar(self) -> Scalar {
        Scalar::from(self.0)
    }

    /// LE64(number).
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; 8] {
        self.number().to_le_bytes()
    }
}

impl core::fmt::Display for TrusteeIndex {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// One attempt at the ceremony of one election. Every message is bound to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    manifest_hash: [u8; 32],
    number: u64,
    parameters: Parameters,
}

impl Attempt {
    /// Attempt `number` (from 1) under this manifest.
    ///
    /// # Errors
    /// [`CeremonyError::Attempt`] outside 1..2^32.
    pub fn new(
        manifest_hash: [u8; 32],
        number: u64,
        parameters: Parameters,
    ) -> Result<Self, CeremonyError> {
        if number == 0 || number > u64::from(u32::MAX) {
            return Err(CeremonyError::Attempt(number));
        }
        Ok(Self {
            manifest_hash,
            number,
            parameters,
        })
    }

    /// The attempt after a restart.
    ///
    /// # Errors
    /// [`CeremonyError::Attempt`] after 2^32 - 1 attempts.
    pub fn next(&self) -> Result<Self, CeremonyError> {
        Self::new(self.manifest_hash, self.number + 1, self.parameters)
    }

    /// mh.
    #[must_use]
    pub fn manifest_hash(&self) -> &[u8; 32] {
        &self.manifest_hash
    }

    /// e, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// t and n.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        self.parameters
    }

    /// mh ‖ LE64(e).
    pub(super) fn prefix(&self) -> [u8; 40] {
        let mut out = [0; 40];
        let (hash, number) = out.split_at_mut(32);
        hash.copy_from_slice(&self.manifest_hash);
        number.copy_from_slice(&self.number.to_le_bytes());
        out
    }

    /// A transcript that starts with the manifest hash, the attempt, the trustee, t and n.
    pub(super) fn transcript(&self, label: &'static [u8], trustee: TrusteeIndex) -> Transcript {
        let mut transcript = Transcript::new(label);
        transcript.append_message(message::MANIFEST, &self.manifest_hash);
        transcript.append_u64(message::ATTEMPT, self.number);
        transcript.append_u64(message::TRUSTEE, trustee.number());
        transcript.append_u64(message::QUORUM, u64::from(self.parameters.quorum));
        transcript.append_u64(message::TRUSTEES, u64::from(self.parameters.trustees));
        transcript
    }
}
