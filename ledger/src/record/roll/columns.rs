//! What is known of every credential, a column per property: 49 bytes a voter, and about 9 for finding
//! a credential that occurs twice.

use crate::record::duplicates::FingerprintSet;

/// No ballot of the credential counts.
const NO_BALLOT: u32 = u32::MAX;

const REVOKED: u8 = 1;
const STRUCK: u8 = 1 << 1;
const REISSUED: u8 = 1 << 2;
const CHALLENGES_SHIFT: u32 = 3;

/// Most posted challenges of one credential (docs/PROTOCOL.md section 6.3).
pub(crate) const MAX_CHALLENGES: u8 = 5;

/// What the roll says of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credential {
    /// Public credential P, encoded.
    pub point: [u8; 32],
    /// Ballot style.
    pub style: u16,
    /// Reporting unit.
    pub unit: u16,
    /// Public weight.
    pub weight: u32,
}

/// What became of a credential so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoterState {
    /// Entry of the ballot that counts, if one does.
    pub counted: Option<u64>,
    /// Counter of the last valid, not excluded ballot; 0 before the first.
    pub counter: u32,
    /// Withdrawn by authority and commission.
    pub revoked: bool,
    /// Revoked, and another index took its place.
    pub reissued: bool,
    /// The voter votes on paper.
    pub struck: bool,
    /// Accepted posted challenges.
    pub challenges: u8,
}

/// All credentials.
pub(crate) struct Roll {
    // Two authorities fill `points` with (sums of) half credentials before the roll rows arrive; only
    // the first `styles.len()` elements are credentials.
    points: Vec<[u8; 32]>,
    styles: Vec<u16>,
    units: Vec<u16>,
    weights: Vec<u32>,
    counters: Vec<u32>,
    counted: Vec<u32>,
    flags: Vec<u8>,
    /// Electors of each unit, by its number, whose credential is struck, or revoked and not issued again.
    gone: Vec<u32>,
    distinct: FingerprintSet,
}

impl Roll {
    pub(crate) fn new(distinct: FingerprintSet) -> Self {
        Self {
            points: Vec::new(),
            styles: Vec::new(),
            units: Vec::new(),
            weights: Vec::new(),
            counters: Vec::new(),
            counted: Vec::new(),
            flags: Vec::new(),
            gone: Vec::new(),
            distinct,
        }
    }

    /// Number of credentials.
    pub(crate) fn len(&self) -> u32 {
        // `push` lets no more in.
        u32::try_from(self.styles.len()).unwrap_or(u32::MAX)
    }

    /// Half credentials, or their sums, published before the roll.
    pub(crate) fn halves(&mut self) -> &mut Vec<[u8; 32]> {
        &mut self.points
    }

    /// What the half lists say the next credential must be.
    pub(crate) fn announced(&self, index: u32) -> Option<&[u8; 32]> {
        self.points.get(place(index))
    }

    /// The earlier credential with the same point.
    pub(crate) fn find(&self, point: &[u8; 32]) -> Option<u32> {
        let print = self.distinct.fingerprint(point);
        self.distinct
            .suspects(print)
            .find(|index| self.points.get(place(*index)) == Some(point))
    }

    /// Appends a credential; the caller looked with [`Self::find`] whether it is there.
    pub(crate) fn push(&mut self, credential: Credential) {
        let index = self.len();
        if index == u32::MAX {
            return;
        }
        match self.points.get_mut(self.styles.len()) {
            Some(point) => *point = credential.point,
            None => self.points.push(credential.point),
        }
        let print = self.distinct.fingerprint(&credential.point);
        self.distinct.insert(print, index);
        self.styles.push(credential.style);
        self.units.push(credential.unit);
        self.weights.push(credential.weight);
        self.counters.push(0);
        self.counted.push(NO_BALLOT);
        self.flags.push(0);
    }

    /// Electors of each unit whose credential is struck, or revoked and not issued again; units after the
    /// last one given have none.
    pub(crate) fn gone(&self) -> &[u32] {
        &self.gone
    }

    /// Forgets announced points beyond the credentials, and spare room.
    pub(crate) fn seal(&mut self) {
        self.points.truncate(self.styles.len());
        self.points.shrink_to_fit();
        self.styles.shrink_to_fit();
        self.units.shrink_to_fit();
        self.weights.shrink_to_fit();
        self.counters.shrink_to_fit();
        self.counted.shrink_to_fit();
        self.flags.shrink_to_fit();
    }

    pub(crate) fn credential(&self, index: u32) -> Option<Credential> {
        let place = place(index);
        Some(Credential {
            style: *self.styles.get(place)?,
            unit: *self.units.get(place)?,
            weight: *self.weights.get(place)?,
            point: *self.points.get(place)?,
        })
    }

    /// The encoded credential and its style, without copying.
    pub(crate) fn point_and_style(&self, index: u32) -> Option<(&[u8; 32], u16)> {
        let place = place(index);
        Some((self.points.get(place)?, *self.styles.get(place)?))
            .filter(|_| place < self.styles.len())
    }

    pub(crate) fn state(&self, index: u32) -> Option<VoterState> {
        let place = place(index);
        let flags = *self.flags.get(place)?;
        let counted = *self.counted.get(place)?;
        Some(VoterState {
            counted: (counted != NO_BALLOT).then_some(u64::from(counted)),
            counter: *self.counters.get(place)?,
            revoked: flags & REVOKED != 0,
            reissued: flags & REISSUED != 0,
            struck: flags & STRUCK != 0,
            challenges: flags >> CHALLENGES_SHIFT,
        })
    }

    pub(crate) fn count(&mut self, index: u32, counter: u32, entry: u32) {
        let place = place(index);
        if let (Some(last), Some(counted)) =
            (self.counters.get_mut(place), self.counted.get_mut(place))
        {
            *last = counter;
            *counted = entry;
        }
    }

    pub(crate) fn revoke(&mut self, index: u32) {
        self.withdraw(index, REVOKED);
    }

    pub(crate) fn strike(&mut self, index: u32) {
        self.withdraw(index, STRUCK);
    }

    pub(crate) fn reissue(&mut self, index: u32) {
        if let Some(gone) = self.gone_of(index) {
            *gone = gone.saturating_sub(1);
        }
        self.set_flag(index, REISSUED);
    }

    pub(crate) fn add_challenge(&mut self, index: u32) {
        if let Some(flags) = self.flags.get_mut(place(index))
            && *flags >> CHALLENGES_SHIFT < MAX_CHALLENGES
        {
            *flags += 1 << CHALLENGES_SHIFT;
        }
    }

    fn withdraw(&mut self, index: u32, flag: u8) {
        let state = self.state(index);
        if state.is_some_and(|state| !state.revoked && !state.struck)
            && let Some(gone) = self.gone_of(index)
        {
            *gone = gone.saturating_add(1);
        }
        self.set_flag(index, flag);
    }

    /// The count of [`Self::gone`] for the unit of a credential.
    fn gone_of(&mut self, index: u32) -> Option<&mut u32> {
        let unit = usize::from(*self.units.get(place(index))?);
        if self.gone.len() <= unit {
            self.gone.resize(unit + 1, 0);
        }
        self.gone.get_mut(unit)
    }

    fn set_flag(&mut self, index: u32, flag: u8) {
        if let Some(flags) = self.flags.get_mut(place(index)) {
            *flags |= flag;
        }
    }

    /// Credentials of each unit (`units` of them).
    pub(crate) fn per_unit(&self, units: usize) -> Vec<u64> {
        let mut counts = vec![0; units];
        for unit in &self.units {
            if let Some(count) = counts.get_mut(usize::from(*unit)) {
                *count += 1;
            }
        }
        counts
    }

    /// (style, weight) of every credential.
    pub(crate) fn styles_and_weights(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        self.styles
            .iter()
            .copied()
            .zip(self.weights.iter().copied())
    }

    /// Bytes allocated.
    pub(crate) fn allocated_bytes(&self) -> usize {
        32 * self.points.capacity()
            + 2 * (self.styles.capacity() + self.units.capacity())
            + 4 * (self.weights.capacity() + self.counters.capacity() + self.counted.capacity())
            + self.flags.capacity()
            + self.distinct.allocated_bytes()
    }
}

fn place(index: u32) -> usize {
    // Every platform this runs on has at least 32-bit addresses.
    usize::try_from(index).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn roll() -> Roll {
        Roll::new(FingerprintSet::new(&mut ChaCha20Rng::seed_from_u64(1)))
    }

    fn credential(number: u32) -> Credential {
        let mut point = [0; 32];
        point[..4].copy_from_slice(&number.to_le_bytes());
        Credential {
            point,
            style: 1,
            unit: u16::try_from(number % 7).unwrap(),
            weight: 3,
        }
    }

    #[test]
    fn flags_and_challenges_do_not_disturb_each_other() {
        let mut roll = roll();
        roll.push(credential(0));
        roll.revoke(0);
        for _ in 0..9 {
            roll.add_challenge(0);
        }
        roll.reissue(0);
        let state = roll.state(0).unwrap();
        assert!(state.revoked && state.reissued && !state.struck);
        assert_eq!(state.challenges, MAX_CHALLENGES);
        assert_eq!(state.counted, None);
        roll.count(0, 9, 77);
        assert_eq!(roll.state(0).unwrap().counted, Some(77));
        assert_eq!(roll.state(0).unwrap().counter, 9);
        assert_eq!(roll.state(1), None);
    }

    #[test]
    fn a_credential_is_withdrawn_once() {
        let mut roll = roll();
        (0..3).for_each(|number| roll.push(credential(number)));
        assert!(roll.gone().iter().all(|gone| *gone == 0));
        let of_all = |roll: &Roll| roll.gone().iter().sum::<u32>();
        roll.strike(1);
        roll.strike(1);
        roll.revoke(1);
        assert_eq!(of_all(&roll), 1);
        roll.revoke(2);
        assert_eq!(of_all(&roll), 2);
        // Who has a new credential is back.
        roll.reissue(2);
        assert_eq!(of_all(&roll), 1);
        // No such credential.
        roll.strike(3);
        assert_eq!(of_all(&roll), 1);
    }

    #[test]
    fn a_repeated_credential_is_found_in_small_memory() {
        let mut roll = roll();
        let voters = 1_000_000;
        for number in 0..voters {
            roll.push(credential(number));
        }
        roll.seal();
        assert_eq!(roll.find(&credential(4711).point), Some(4711));
        assert_eq!(roll.find(&credential(voters).point), None);
        assert_eq!(roll.per_unit(7).iter().sum::<u64>(), u64::from(voters));
        let bytes = roll.allocated_bytes();
        assert!(bytes < 62 * 1_000_000, "{bytes} bytes for {voters} voters");
    }
}
