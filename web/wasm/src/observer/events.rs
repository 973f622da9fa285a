//! The timeline: what roles said in the record. Ballots, posted challenges and parts of the roll are left out.

use alloc::borrow::ToOwned;
use alloc::string::String;

use hanpyo_ledger::entry::{Entry, EntryType, Reason};

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Index of the entry.
    pub entry: u64,
    /// Entry type, as in protocol.cddl.
    pub entry_type: &'static str,
    /// Attempt of the key ceremony.
    pub attempt: Option<u32>,
    /// Trustee, from 1.
    pub trustee: Option<u32>,
    /// Authority, from 1.
    pub authority: Option<u32>,
    /// Credential.
    pub credential: Option<u32>,
    /// Contest, from 0.
    pub contest: Option<u32>,
    /// Time that the entry states, in seconds since 1970.
    pub time: Option<u64>,
    /// Reason that the entry states.
    pub reason: Option<String>,
}

impl Event {
    pub(super) fn of(index: u64, bytes: &[u8]) -> Option<Self> {
        match EntryType::peek(bytes).ok()? {
            EntryType::Ballot | EntryType::PostedChallenge | EntryType::RollChunk => return None,
            EntryType::HalfListChunk => return None,
            _ => {}
        }
        let entry = Entry::decode(bytes).ok()?;
        let mut event = Self {
            entry: index,
            entry_type: entry.entry_type().name(),
            ..Self::default()
        };
        event.fill(&entry);
        Some(event)
    }

    fn ceremony(&mut self, attempt: impl Into<u64>, trustee: impl Into<u64>) {
        self.attempt = u32::try_from(attempt.into()).ok();
        self.trustee = u32::try_from(trustee.into()).ok();
    }

    fn because(&mut self, reason: &Reason) {
        self.reason = Some(reason.as_str().to_owned());
    }

    fn fill(&mut self, entry: &Entry) {
        match entry {
            Entry::CeremonyCommitment(e) => self.ceremony(e.payload.attempt, e.payload.trustee),
            Entry::CeremonyOpening(e) => self.ceremony(e.payload.attempt, e.payload.trustee),
            Entry::CeremonyShares(e) => self.ceremony(e.payload.attempt, e.payload.trustee),
            Entry::CeremonyConfirmation(e) => self.ceremony(e.payload.attempt, e.payload.trustee),
            Entry::CeremonyComplaint(e) => self.ceremony(e.payload.attempt, e.payload.complainant),
            Entry::CeremonyRestart(e) => {
                self.attempt = Some(e.payload.new_attempt.get());
                self.because(&e.payload.reason);
            }
            Entry::JointKey(e) => self.attempt = Some(e.payload.attempt.get()),
            Entry::Drill(e) => self.trustee = Some(e.payload.trustee.get().into()),
            Entry::HalfListCommitment(e) => {
                self.authority = Some(e.payload.authority.get().into());
            }
            Entry::Revocation(e) => {
                self.credential = Some(e.payload.credential.get());
                self.because(&e.payload.reason);
            }
            Entry::Reissue(e) => self.credential = Some(e.payload.new.get()),
            Entry::Open(e) => self.time = Some(e.payload.time.get()),
            Entry::PaperStrike(e) => self.credential = Some(e.payload.credential.get()),
            Entry::Redating(e) => {
                self.time = Some(e.payload.closes.get());
                self.because(&e.payload.reason);
            }
            Entry::AssetAmendment(e) => self.because(&e.payload.reason),
            Entry::Close(e) => self.time = Some(e.payload.time.get()),
            Entry::EncryptedTally(e) => self.contest = Some(e.payload.contest.get().into()),
            Entry::PartialDecryption(e) => {
                self.trustee = Some(e.payload.trustee.get().into());
                self.contest = Some(e.payload.contest.get().into());
            }
            Entry::ContestResult(e) => self.contest = Some(e.payload.contest.get().into()),
            Entry::Void(e) => self.because(&e.payload.reason),
            Entry::Manifest(_)
            | Entry::HalfListChunk(_)
            | Entry::RollChunk(_)
            | Entry::RollSealed(_)
            | Entry::Ballot(_)
            | Entry::PostedChallenge(_)
            | Entry::PaperTurnout(_)
            | Entry::ElectionResult(_) => {}
        }
    }
}
