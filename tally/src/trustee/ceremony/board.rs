//! What the board shows of a ceremony.

use hanpyo_ledger::entry::{EncodedPoint, Entry, Hash, TrusteeNumber};

/// What the board shows of the ceremony; entries are given in order, each accepted by the record checker.
pub struct CeremonyBoard {
    pub(super) attempt: u64,
    pub(super) commitments: Vec<Option<Hash>>,
    pub(super) openings: Vec<Option<Vec<u8>>>,
    pub(super) lists: Vec<Option<Vec<u8>>>,
    pub(super) confirmations: Vec<Option<(Hash, EncodedPoint)>>,
    pub(super) complaint: Option<(TrusteeNumber, TrusteeNumber)>,
    pub(super) joint_key: Option<(Hash, EncodedPoint)>,
    pub(super) drills: Vec<bool>,
}

/// What a trustee has published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    /// Round 0.
    pub commitment: bool,
    /// Round 1.
    pub opening: bool,
    /// Round 2.
    pub shares: bool,
    /// Round 3.
    pub confirmation: bool,
    /// The drill.
    pub drill: bool,
}

fn is_there<T>(messages: &[Option<T>], position: usize) -> bool {
    messages.get(position).is_some_and(Option::is_some)
}

impl CeremonyBoard {
    /// Before the first message, among `trustees` trustees.
    #[must_use]
    pub fn new(trustees: usize) -> Self {
        Self {
            attempt: 1,
            commitments: vec![None; trustees],
            openings: vec![None; trustees],
            lists: vec![None; trustees],
            confirmations: vec![None; trustees],
            complaint: None,
            joint_key: None,
            drills: vec![false; trustees],
        }
    }

    /// Who complains about whom in this attempt.
    #[must_use]
    pub fn complaint(&self) -> Option<(TrusteeNumber, TrusteeNumber)> {
        self.complaint
    }

    /// What the trustee at a position, from 0, has published in this attempt.
    #[must_use]
    pub fn rounds_of(&self, position: usize) -> Rounds {
        Rounds {
            commitment: is_there(&self.commitments, position),
            opening: is_there(&self.openings, position),
            shares: is_there(&self.lists, position),
            confirmation: is_there(&self.confirmations, position),
            drill: self.drills.get(position).copied().unwrap_or(false),
        }
    }

    /// Takes in an entry; those of other phases change nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::CeremonyCommitment(signed) => {
                set(
                    &mut self.commitments,
                    signed.payload.trustee,
                    signed.payload.hash,
                );
            }
            Entry::CeremonyOpening(signed) => {
                set(
                    &mut self.openings,
                    signed.payload.trustee,
                    signed.payload.opening.to_vec(),
                );
            }
            Entry::CeremonyShares(signed) => {
                set(
                    &mut self.lists,
                    signed.payload.trustee,
                    signed.payload.shares.to_vec(),
                );
            }
            Entry::CeremonyConfirmation(signed) => {
                let confirmed = (signed.payload.transcript, signed.payload.joint_key_point);
                set(&mut self.confirmations, signed.payload.trustee, confirmed);
            }
            Entry::CeremonyComplaint(signed) => {
                self.complaint = Some((signed.payload.complainant, signed.payload.accused));
            }
            Entry::CeremonyRestart(signed) => {
                *self = Self::new(self.drills.len());
                self.attempt = u64::from(signed.payload.new_attempt);
            }
            Entry::JointKey(signed) => {
                self.joint_key = Some((signed.payload.transcript, signed.payload.joint_key_point));
            }
            Entry::Drill(signed) => {
                if let Some(done) = self.drills.get_mut(signed.payload.trustee.position()) {
                    *done = true;
                }
            }
            _ => {}
        }
    }

    /// K, once it is on the board.
    #[must_use]
    pub fn joint_key(&self) -> Option<EncodedPoint> {
        self.joint_key.map(|(_, key)| key)
    }

    /// The attempt going on, from 1.
    #[must_use]
    pub fn attempt(&self) -> u64 {
        self.attempt
    }

    /// Whether every trustee's drill is on the board.
    #[must_use]
    pub fn all_drilled(&self) -> bool {
        !self.drills.contains(&false)
    }

    pub(super) fn knows(&self, trustee: TrusteeNumber) -> bool {
        has(&self.commitments, trustee) || has(&self.openings, trustee) || has(&self.lists, trustee)
    }
}

fn set<T>(slots: &mut [Option<T>], trustee: TrusteeNumber, value: T) {
    if let Some(slot) = slots.get_mut(trustee.position()) {
        *slot = Some(value);
    }
}

pub(super) fn has<T>(slots: &[Option<T>], trustee: TrusteeNumber) -> bool {
    slots.get(trustee.position()).is_some_and(Option::is_some)
}

/// Numbers of the trustees that have not spoken.
fn missing<T>(slots: &[Option<T>]) -> Vec<usize> {
    slots
        .iter()
        .zip(1..)
        .filter(|(slot, _)| slot.is_none())
        .map(|(_, number)| number)
        .collect()
}

/// All messages of a round, or the numbers of those who have not spoken.
pub(super) fn all<T>(slots: &[Option<T>]) -> Result<Vec<&T>, Vec<usize>> {
    slots
        .iter()
        .map(Option::as_ref)
        .collect::<Option<_>>()
        .ok_or_else(|| missing(slots))
}
