//! Appending entries that roles sign.
//!
//! Signatures are verified before such an entry may do anything at all. Unlike ballots these entries
//! are checked by the record checker first and are not durable before they have their place: one transaction stores them, changes the state row, and does what they mean for
//! credentials. The answer comes after the checkpoint. The seal of the roll is compared with the
//! imported roll as well ([`compare_with_board`]), whoever signed it.

use std::collections::BTreeSet;
use std::sync::Arc;

use hanpyo_ledger::entry::{Entry, EntryType, Hash, MAX_ENTRY_BYTES, RollSealed};
use hanpyo_ledger::log::merkle::leaf_hash;
use hanpyo_ledger::record::{CheckNumber, Finding};
use hanpyo_ledger::signature::RoleKeys;

use super::effect::Effect;
use super::error::{LedgerError, StopReason};
use super::fault;
use super::ledger::{Core, Ledger};
use super::record::{DbEntries, signed};
use super::summary::Phase;
use crate::db::entries::NewEntry;
use crate::db::{self};
use crate::roll::compare_with_board;

/// Where entries stand in the log.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Index of the first.
    pub first: u64,
    /// Number of them.
    pub count: usize,
    /// Whether they were there already.
    pub repeated: bool,
}

struct Candidate {
    bytes: Vec<u8>,
    code: Hash,
    kind: EntryType,
    effect: Option<Effect>,
    seal: Option<RollSealed>,
    /// The time that a `close` entry states, in seconds.
    closes_at: Option<u64>,
}

impl Candidate {
    /// Decodes an entry and verifies its signatures: what a stranger made up gets no further.
    fn new(bytes: Vec<u8>, keys: &RoleKeys) -> Result<Self, LedgerError> {
        let entry = Entry::decode(&bytes)?;
        let Some(signed) = entry.role_signed() else {
            return Err(LedgerError::Refused(
                "ballots and posted challenges have endpoints of their own",
            ));
        };
        keys.verify(signed).map_err(|error| {
            LedgerError::Rejected(vec![Finding::fatal(
                CheckNumber::Order,
                "signatures",
                "one valid signature of each role that must sign",
                error,
            )])
        })?;
        Ok(Self {
            code: code_of(&bytes),
            kind: entry.entry_type(),
            effect: Effect::of(&entry),
            closes_at: match &entry {
                Entry::Close(signed) => Some(signed.payload.time.get()),
                _ => None,
            },
            seal: match entry {
                Entry::RollSealed(signed) => Some(signed.payload),
                _ => None,
            },
            bytes,
        })
    }

    fn all(entries: Vec<Vec<u8>>, keys: &RoleKeys) -> Result<Vec<Self>, LedgerError> {
        let candidates = entries.into_iter().map(|bytes| Self::new(bytes, keys));
        candidates.collect()
    }
}

/// How an entry that roles sign is found again.
fn code_of(entry: &[u8]) -> Hash {
    Hash(*leaf_hash(entry).as_bytes())
}

impl Ledger {
    /// Appends entries that roles signed, all or none, and returns after their checkpoint is
    /// published. Entries that are in the log already are answered with their place.
    ///
    /// # Errors
    /// [`LedgerError`]; nothing was appended unless it is [`LedgerError::Unavailable`], after which
    /// the same entries may be given again.
    pub async fn append(self: &Arc<Self>, entries: Vec<Vec<u8>>) -> Result<Appended, LedgerError> {
        // Before there is a turn: who holds no key keeps nobody waiting.
        let ledger = Arc::clone(self);
        let looked_at = tokio::task::spawn_blocking(move || {
            // Entries of the board, which anyone can repeat, cost no verification.
            let codes: Vec<Hash> = entries.iter().map(|bytes| code_of(bytes)).collect();
            let different: BTreeSet<[u8; 32]> = codes.iter().map(|code| code.0).collect();
            if different.len() < codes.len() {
                return Err(LedgerError::Refused("an entry occurs twice"));
            }
            Ok(match ledger.find_known(&codes)? {
                Some(known) => Err(known),
                None => Ok(Candidate::all(entries, ledger.manifest.keys())?),
            })
        });
        let looked_at = looked_at
            .await
            .map_err(|e| LedgerError::Unavailable(e.to_string()))??;
        match looked_at {
            Err(known) => Ok(known),
            Ok(candidates) => {
                self.with_core(move |ledger, core| ledger.append_now(core, candidates))
                    .await
            }
        }
    }

    /// The place of an entry that is in the log already.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    pub async fn place_of(self: &Arc<Self>, entry: Vec<u8>) -> Result<Option<u64>, LedgerError> {
        let ledger = Arc::clone(self);
        let found = tokio::task::spawn_blocking(move || ledger.find_known(&[code_of(&entry)]));
        let found = found
            .await
            .map_err(|e| LedgerError::Unavailable(e.to_string()))??;
        Ok(found.map(|found| found.first))
    }

    /// Runs `job` with the right to append, off the async threads.
    pub(crate) async fn with_core<T, F>(self: &Arc<Self>, job: F) -> Result<T, LedgerError>
    where
        T: Send + 'static,
        F: FnOnce(&Self, &mut Core) -> Result<T, LedgerError> + Send + 'static,
    {
        self.require_not_stopped()?;
        let mut core = Arc::clone(&self.core).lock_owned().await;
        let ledger = Arc::clone(self);
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let _in_span = span.entered();
            job(&ledger, &mut core).map_err(|error| ledger.note(error))
        });
        done.await
            .map_err(|e| LedgerError::Unavailable(e.to_string()))?
    }

    fn require_not_stopped(&self) -> Result<(), LedgerError> {
        match self.health() {
            super::ledger::Health::Stopped(reason) => Err(LedgerError::Stopped(reason)),
            _ => Ok(()),
        }
    }

    /// As [`Self::append`], for who has the right to append already.
    pub(crate) fn append_bytes_now(
        &self,
        core: &mut Core,
        entries: Vec<Vec<u8>>,
    ) -> Result<Appended, LedgerError> {
        let candidates = Candidate::all(entries, self.manifest.keys())?;
        self.append_now(core, candidates)
    }

    fn append_now(
        &self,
        core: &mut Core,
        mut candidates: Vec<Candidate>,
    ) -> Result<Appended, LedgerError> {
        self.ready(core)?;
        let codes: Vec<Hash> = candidates.iter().map(|c| c.code).collect();
        if let Some(known) = self.find_known(&codes)? {
            return Ok(known);
        }
        // Looked at before anything is done for it, and again in its place: what is refused hurries
        // no ballots into the log, which would undo their shuffling, and leaves voting as it is.
        match candidates.as_slice() {
            [] => return Err(LedgerError::Refused("there is no entry")),
            [candidate] => {
                self.require_place(candidate, &self.source())?;
                if candidate.effect == Some(Effect::Refuse) {
                    self.stop_accepting()?;
                }
            }
            [first, ..] => {
                if candidates.iter().any(|c| c.effect == Some(Effect::Refuse)) {
                    return Err(LedgerError::Refused("close and void come alone"));
                }
                self.require_place(first, &self.source())?;
            }
        }
        // Ballots that are durable come first.
        self.sequence(core)?;
        let first = self.loaded(core)?.writer.frontier().size();
        let count = candidates.len();
        let staged = self.stage(&mut candidates);
        let appended = staged.and_then(|ahead| self.commit_all(core, candidates, ahead));
        if appended.is_err() && self.record().checker().size() > first {
            // The record has read what was not committed.
            core.log = None;
        }
        appended?;
        self.publish(self.loaded(core)?)?;
        Ok(Appended {
            first,
            count,
            repeated: false,
        })
    }

    /// The place of candidates that are in the log already.
    fn find_known(&self, codes: &[Hash]) -> Result<Option<Appended>, LedgerError> {
        let id = self.id.election;
        let count = codes.len();
        let codes: Vec<Vec<u8>> = codes.iter().map(|code| code.0.to_vec()).collect();
        let mut places = self.db.read_blocking::<_, LedgerError, _>(move |c| {
            let codes: Vec<&[u8]> = codes.iter().map(Vec::as_slice).collect();
            let found = db::entries::find_all(c, id, &codes)?;
            Ok(found.iter().filter_map(|e| e.log_index).collect::<Vec<_>>())
        })?;
        places.sort_unstable();
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Ok(None);
        };
        let whole = places.len() == count;
        let together = usize::try_from(last - first).is_ok_and(|n| n + 1 == places.len());
        if !whole || !together {
            return Err(LedgerError::Refused(
                "some of these entries are in the log already, others are not",
            ));
        }
        Ok(Some(Appended {
            first: u64::try_from(*first).unwrap_or(0),
            count,
            repeated: true,
        }))
    }

    /// Checks that the candidates may come next. The record reads all but the last on the way;
    /// gives the number it has read.
    fn stage(&self, candidates: &mut [Candidate]) -> Result<usize, LedgerError> {
        let source = self.source();
        let (last, before) = candidates
            .split_last_mut()
            .ok_or(LedgerError::Refused("there is no entry"))?;
        for candidate in &mut *before {
            self.check(candidate, &source)?;
            let bytes = std::slice::from_ref(&candidate.bytes);
            self.record_mut().push(bytes, &source)?;
        }
        self.check(last, &source)?;
        Ok(before.len())
    }

    /// Checks that the candidate may come next: as every reader does, and that a `close` leaves
    /// those who have begun to vote the grace that they were promised.
    fn require_place(&self, candidate: &Candidate, source: &DbEntries) -> Result<(), LedgerError> {
        let record = self.record();
        if let (Some(time), Some(closes)) = (candidate.closes_at, record.checker().closes())
            && Phase::from(record.checker().phase()) == Phase::Open
        {
            let from = self.last_moment(closes.get());
            if time < from {
                return Err(LedgerError::StillVoting { from });
            }
        }
        record.check(&candidate.bytes, source)
    }

    /// Checks that the candidate may come next: as every reader does, and the seal of the roll
    /// against the imported roll too, which no reader knows.
    fn check(&self, candidate: &mut Candidate, source: &DbEntries) -> Result<(), LedgerError> {
        self.require_place(candidate, source)?;
        let record = self.record();
        if let Some(seal) = &candidate.seal {
            let owner = (self.id.tenant, self.id.election);
            let version = self.db.read_blocking::<_, LedgerError, _>(|c| {
                compare_with_board(c, owner, record.checker(), seal)
            })?;
            candidate.effect = Some(Effect::Seal(version));
        }
        Ok(())
    }

    fn commit_all(
        &self,
        core: &mut Core,
        candidates: Vec<Candidate>,
        ahead: usize,
    ) -> Result<(), LedgerError> {
        let log = self.loaded(core)?;
        let first = log.writer.frontier().size();
        let bytes: Vec<&[u8]> = candidates.iter().map(|c| c.bytes.as_slice()).collect();
        let (next, tiles) = log
            .writer
            .append(&bytes)
            .map_err(|e| StopReason::Log(e.into()))?;
        let now = self.clock.now();
        let mut rows = Vec::with_capacity(candidates.len());
        for (index, candidate) in (first..).zip(&candidates) {
            rows.push(NewEntry {
                tenant_id: self.id.tenant,
                election_id: self.id.election,
                kind: candidate.kind.number().into(),
                code: candidate.code.0.to_vec(),
                credential_index: None,
                bytes: candidate.bytes.clone(),
                deadline: None,
                log_index: Some(signed(index)?),
                appended_at: Some(now),
            });
        }
        let effects: Vec<Effect> = candidates.iter().filter_map(|c| c.effect).collect();
        let accepts = effects.contains(&Effect::Accept);
        let id = self.id.clone();
        fault::reach("sequencing");
        self.commit(core, next, move |c| {
            db::entries::insert(c, &rows)?;
            for effect in effects {
                effect.apply(c, (id.tenant, id.election), now)?;
            }
            Ok(())
        })?;
        fault::reach("sequenced");
        let unpublished = self.unpublished(tiles, Vec::new())?;
        self.loaded(core)?.unpublished.push_back(unpublished);
        let before = self.phase();
        let rest: Vec<Vec<u8>> = candidates
            .into_iter()
            .skip(ahead)
            .map(|c| c.bytes)
            .collect();
        self.read_in(&rest)?;
        if accepts {
            self.set_accepting(true);
        }
        let phase = self.phase();
        if phase != before || first == 0 {
            tracing::info!(ledger = %self.id, ledger.phase = phase.name(), "new phase");
            self.note_phase(phase.name());
        }
        Ok(())
    }

    /// The phase in the state row is for lists and for what to read at a start; the entries decide.
    pub(crate) fn note_phase(&self, phase: &'static str) {
        let id = self.id.election;
        let noted = self.db.write_blocking::<(), LedgerError, _>(move |c| {
            Ok(db::ledgers::set_phase(c, id, phase)?)
        });
        if let Err(error) = noted {
            tracing::warn!(ledger = %self.id, error = %error, "the phase could not be noted");
        }
    }

    /// Takes ballots again if voting is open: before `close` and `void` none are taken, so that the
    /// last ones have their place before, and a crash or an error in between would leave it at that.
    /// Nobody was told of an end of voting then, and whoever wanted it asks again.
    pub(crate) async fn accept_again(self: &Arc<Self>) -> Result<(), LedgerError> {
        self.with_core(|ledger, core| {
            // Whoever was ending voting has come to an end by now.
            ledger.ready(core)?;
            if ledger.phase() != Phase::Open || ledger.is_accepting() {
                return Ok(());
            }
            let id = ledger.id.election;
            ledger.db.write_blocking::<(), LedgerError, _>(move |c| {
                Ok(db::ledgers::set_accepting(c, id, true)?)
            })?;
            ledger.set_accepting(true);
            tracing::warn!(
                ledger = %ledger.id,
                "an end of voting was begun and did not come about: ballots are taken again"
            );
            Ok(())
        })
        .await
    }

    /// From the commit of this on no ballot becomes durable, until voting has ended or
    /// [`Self::accept_again`].
    fn stop_accepting(&self) -> Result<(), LedgerError> {
        let id = self.id.election;
        self.db.write_blocking::<(), LedgerError, _>(move |c| {
            Ok(db::ledgers::set_accepting(c, id, false)?)
        })?;
        self.set_accepting(false);
        fault::reach("stopped-accepting");
        Ok(())
    }
}

/// Splits a bundle: entries, each after its length in two bytes, big-endian.
///
/// # Errors
/// The lengths do not add up, or there are no entries.
pub fn split_bundle(bundle: &[u8]) -> Result<Vec<Vec<u8>>, LedgerError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, after)) = after.split_at_checked(length) else {
            return Err(LedgerError::Refused("the bundle ends within an entry"));
        };
        entries.push(entry.to_vec());
        rest = after;
    }
    if !rest.is_empty() {
        return Err(LedgerError::Refused("the bundle ends within a length"));
    }
    if entries.is_empty() {
        return Err(LedgerError::Refused("the bundle has no entries"));
    }
    debug_assert!(entries.iter().all(|entry| entry.len() <= MAX_ENTRY_BYTES));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_are_split_and_cut_ones_refused() {
        let bundle = [0, 2, 1, 2, 0, 0, 0, 1, 9];
        let entries = split_bundle(&bundle).unwrap();
        assert_eq!(entries, [vec![1, 2], vec![], vec![9]]);
        for cut in [0, 1, 3, 5, 8] {
            let refused = split_bundle(&bundle[..cut]);
            assert!(matches!(refused, Err(LedgerError::Refused(_))), "{cut}");
        }
    }
}
