//! What these programs need to know of the board that the record checker does not keep: who has published what.

use std::collections::{BTreeMap, BTreeSet};

use hanpyo_ledger::entry::{AuthorityNumber, Entry, EntryType, Hash, Subject};

use crate::trustee::ceremony::CeremonyBoard;

/// Half credentials published for the roll, joined, per authority.
#[derive(Debug, Default)]
pub struct Halves {
    kept: Option<[Vec<u8>; 2]>,
}

impl Halves {
    pub(super) fn keep(&mut self) {
        self.kept.get_or_insert_default();
    }

    /// Everything one authority has published, 32 bytes a credential.
    #[must_use]
    pub fn of(&self, authority: AuthorityNumber) -> &[u8] {
        self.kept
            .as_ref()
            .and_then(|halves| halves.get(authority.position()))
            .map_or(&[], Vec::as_slice)
    }
}

/// Who has published what.
#[derive(Default)]
pub struct Seen {
    ceremony: Option<CeremonyBoard>,
    /// Half-list commitments.
    pub commitments: BTreeMap<(AuthorityNumber, Subject), Hash>,
    /// Half credentials published per list, in number.
    pub half_counts: BTreeMap<(AuthorityNumber, Subject), u32>,
    /// Half credentials of re-issues.
    pub reissue_halves: BTreeMap<(AuthorityNumber, Subject), Vec<u8>>,
    /// Half credentials of the roll, if kept.
    pub halves: Halves,
    /// Index of the seal of the roll.
    pub sealed: Option<u64>,
    /// Revoked credentials, and the index of each revocation.
    pub revoked: BTreeMap<u32, u64>,
    /// Credentials that re-issues made, and the index of each re-issue.
    pub reissued: BTreeMap<u32, u64>,
    /// Index of the open entry.
    pub opened: Option<u64>,
    /// The time that the close entry states.
    pub close_time: Option<u64>,
    /// Encrypted-tally entries.
    pub tally_entries: usize,
    /// Partial decryptions: trustee, contest, group.
    pub partials: BTreeSet<(u8, u16, u16)>,
}

impl Seen {
    pub(super) fn begin(&mut self, trustees: usize) {
        self.ceremony = Some(CeremonyBoard::new(trustees));
    }

    /// The key ceremony; none before the manifest.
    #[must_use]
    pub fn ceremony(&self) -> Option<&CeremonyBoard> {
        self.ceremony.as_ref()
    }

    /// Groups whose partial decryptions a trustee has published: contest, group.
    #[must_use]
    pub fn partials_of(&self, trustee: u8) -> BTreeSet<(u16, u16)> {
        let own = self
            .partials
            .range((trustee, 0, 0)..=(trustee, u16::MAX, u16::MAX));
        own.map(|(_, contest, group)| (*contest, *group)).collect()
    }

    /// Takes in an entry that the checker has read. Ballots, which are nearly all, are not decoded.
    pub(super) fn apply(&mut self, index: u64, bytes: &[u8]) {
        let skipped = [
            EntryType::Ballot,
            EntryType::PostedChallenge,
            EntryType::RollChunk,
        ];
        match EntryType::peek(bytes) {
            Ok(kind) if !skipped.contains(&kind) => {}
            _ => return,
        }
        // What does not decode was reported by the checker.
        let Ok(entry) = Entry::decode(bytes) else {
            return;
        };
        if let Some(ceremony) = &mut self.ceremony {
            ceremony.apply(&entry);
        }
        match entry {
            Entry::HalfListCommitment(signed) => {
                let half = signed.payload;
                self.commitments
                    .insert((half.authority, half.subject), half.hash);
            }
            Entry::HalfListChunk(signed) => {
                let half = signed.payload;
                let points = u32::try_from(half.points.len() / 32).unwrap_or(u32::MAX);
                let count = self
                    .half_counts
                    .entry((half.authority, half.subject))
                    .or_default();
                *count = count.saturating_add(points);
                if half.subject != Subject::Roll {
                    let kept = self
                        .reissue_halves
                        .entry((half.authority, half.subject))
                        .or_default();
                    kept.extend_from_slice(&half.points);
                } else if let Some(kept) = &mut self.halves.kept
                    && let Some(kept) = kept.get_mut(half.authority.position())
                {
                    kept.extend_from_slice(&half.points);
                }
            }
            // Those that stand out of place fail check 2, which nobody acts upon.
            Entry::RollSealed(_) => {
                self.sealed.get_or_insert(index);
            }
            Entry::Revocation(signed) => {
                let credential = signed.payload.credential.get();
                self.revoked.entry(credential).or_insert(index);
            }
            Entry::Reissue(signed) => {
                let new = signed.payload.new.get();
                self.reissued.entry(new).or_insert(index);
            }
            Entry::Open(_) => {
                self.opened.get_or_insert(index);
            }
            Entry::Close(signed) => {
                self.close_time.get_or_insert(signed.payload.time.get());
            }
            Entry::EncryptedTally(_) => self.tally_entries += 1,
            Entry::PartialDecryption(signed) => {
                let part = signed.payload;
                for (group, _) in (part.first.get()..=u16::MAX).zip(&part.groups) {
                    self.partials
                        .insert((part.trustee.get(), part.contest.get(), group));
                }
            }
            _ => {}
        }
    }
}
