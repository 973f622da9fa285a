//! When a trustee decrypts, and what (docs/PROTOCOL.md section 9.3), without I/O but for the two files that
//! record the release.
//!
//! The order is in the types: [`authorise`] refuses unless everything holds, [`Authorised::record`] puts the tree
//! on disk twice, and only the [`Recorded`] that it returns makes partial decryptions. The sums decrypted are those
//! that this program added up itself from the ballots in the tree, never anything it was given.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use hanpyo_crypto::ceremony::{CeremonyOutcome, KeyShare};
use hanpyo_crypto::decryption::ClosedTree;
use hanpyo_ledger::entry::{Entry, EntryError};
use hanpyo_ledger::record::{
    CheckNumber, CheckStatus, Closed, Finding, PublishError, Report, Turnout,
};
use hanpyo_ledger::signature::SignatureError;
use thiserror::Error;

use super::ceremony::Trustee;
use super::pin::{PinError, PinFile};
use super::state::{MemoryError, TrusteeMemory};
use crate::checks::{CheckRefusal, Progress, UP_TO_TALLY, require};
use crate::role_file::{RoleFile, RoleFileError};

/// Number of the decryption proofs among this file's proofs.
const DECRYPTION_STREAM: u64 = 0;

/// Why a trustee does not decrypt.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The election was declared void.
    #[error("the election was declared void")]
    Void,
    /// Voting goes on.
    #[error("the board has no close entry yet")]
    NotClosed,
    /// The trustee's own clock says that voting goes on.
    #[error(
        "this computer's clock says {now}, voting with its grace and the close say {over} (seconds since 1970 UTC): \
         an early close, or a wrong clock"
    )]
    TooEarly {
        /// The trustee's clock.
        now: u64,
        /// When grace and the time that `close` states are both over.
        over: u64,
    },
    /// Turnout is below the count gate: the votes are never decrypted.
    #[error(
        "the count gate of {numerator}/{denominator} is not met: {voters} of {electorate} voted; these votes are \
         never decrypted"
    )]
    GateNotMet {
        /// Voters, on paper too.
        voters: u64,
        /// Electorate.
        electorate: u64,
        /// Numerator of the gate.
        numerator: u32,
        /// Denominator of the gate.
        denominator: u32,
    },
    /// Not all encrypted-tally entries are there.
    #[error("the encrypted tally is not complete on the board yet")]
    TallyIncomplete,
    /// A check stands in the way.
    #[error(transparent)]
    Check(#[from] CheckRefusal),
    /// Ballot entries were excluded, which only a fault of the server brings about.
    #[error(
        "{total} entries are excluded from the count, which an honest server never publishes (the first: {first}); \
         --accept-excluded decrypts the sum of all others"
    )]
    Excluded {
        /// Number of them.
        total: u64,
        /// The first.
        first: String,
    },
    /// The secret file does not fit.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The share is of another key.
    #[error("the joint key of the board is not the one that this trustee's share belongs to")]
    OtherKey,
    /// The share was used for another tree.
    #[error(
        "this key was used for the tree of {} entries with root {} and is never used for another (asked for: {} \
         entries, root {})",
        .pinned.size, HEXLOWER.encode(&.pinned.root), .asked.size, HEXLOWER.encode(&.asked.root)
    )]
    OtherTree {
        /// The tree it was used for.
        pinned: ClosedTree,
        /// The tree asked for.
        asked: ClosedTree,
    },
    /// The pin file forbids it, or cannot be read.
    #[error(transparent)]
    Pin(#[from] PinError),
}

/// What the record checker found on the board, as far as a decryption depends on it.
pub struct Board<'a> {
    /// Outcome of the checks.
    pub report: &'a Report,
    /// What the close entry fixes; none before it.
    pub closed: Option<&'a Closed>,
    /// Whether all encrypted-tally entries are there.
    pub tally_complete: bool,
    /// Whether the record was declared void.
    pub void: bool,
    /// The ceremony's outcome, recomputed.
    pub outcome: Option<&'a CeremonyOutcome>,
    /// Who took part.
    pub turnout: Turnout,
    /// When voting is over, in seconds since 1970 UTC.
    pub times: Times,
}

/// What the board says of the end of voting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Closing time, re-dated or as in the manifest.
    pub closes: u64,
    /// Seconds after it in which ballots are still taken.
    pub grace: u64,
    /// The time that the close entry states.
    pub close: u64,
    /// Index of the open entry.
    pub opened: Option<u64>,
}

impl Times {
    /// From when on nobody can vote any more: the grace is over, and the close is not in the future.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.closes.saturating_add(self.grace).max(self.close)
    }
}

/// Everything holds; nothing is recorded or released yet.
pub struct Authorised<'a> {
    share: KeyShare,
    closed: &'a Closed,
    /// The tree whose sums would be decrypted.
    pub tree: ClosedTree,
    /// Entries excluded from the count.
    pub excluded: u64,
}

/// Decides whether this trustee decrypts. `now` is its own clock, in seconds since 1970 UTC.
///
/// # Errors
/// [`Refusal`], the reason in words for the trustee.
pub fn authorise<'a>(
    trustee: &Trustee<'_>,
    memory: &TrusteeMemory,
    pins: &PinFile,
    board: &Board<'a>,
    now: u64,
    accept_excluded: bool,
) -> Result<Authorised<'a>, Refusal> {
    memory.check_pinned(trustee.election, trustee.number)?;
    let share = memory.share()?;
    if board.void {
        return Err(Refusal::Void);
    }
    let closed = board.closed.ok_or(Refusal::NotClosed)?;
    let tree = closed.tree;
    // Before anything else: a second tree is refused whatever else is wrong with it.
    match memory.released() {
        Some(pinned) if pinned != tree => {
            return Err(Refusal::OtherTree {
                pinned,
                asked: tree,
            });
        }
        _ => {}
    }
    pins.check(&pin_key(&share), &tree)?;
    let over = board.times.over();
    if now < over {
        return Err(Refusal::TooEarly { now, over });
    }
    check_times(board, closed)?;
    check_gate(trustee, closed, &board.turnout)?;
    if !board.tally_complete {
        return Err(Refusal::TallyIncomplete);
    }
    let excluded = require(board.report, UP_TO_TALLY, Progress::Complete)?;
    if excluded.total > 0 && !accept_excluded {
        return Err(Refusal::Excluded {
            total: excluded.total,
            first: excluded.first,
        });
    }
    if !closed.has_sums {
        let (check, reason) = (
            CheckNumber::EncryptedTally,
            "the ballots were not added up".to_owned(),
        );
        return Err(CheckRefusal::NotChecked { check, reason }.into());
    }
    let outcome = board.outcome.ok_or(Refusal::OtherKey)?;
    if outcome != share.outcome() {
        return Err(Refusal::OtherKey);
    }
    Ok(Authorised {
        share,
        closed,
        tree,
        excluded: excluded.total,
    })
}

/// Refuses if check 11 objects to the open or the close entry: a close before the grace was over, by the time it states
/// or by that of a cosigned checkpoint, cut voters off. Other findings of check 11 change nothing about the sums: a
/// re-dating or paper turnout that is not permitted has no effect, a ballot that came late is in them.
fn check_times(board: &Board<'_>, closed: &Closed) -> Result<(), Refusal> {
    let CheckStatus::Fail { findings, total } = board.report.status(CheckNumber::Result) else {
        return Ok(());
    };
    let places = [board.times.opened, closed.tree.size.checked_sub(1)];
    let of_times = |finding: &&Finding| finding.entry.is_some() && places.contains(&finding.entry);
    // Findings beyond those kept may be any.
    let hidden = *total > findings.len() as u64;
    let finding = findings.iter().find(of_times);
    match finding.or_else(|| findings.first().filter(|_| hidden)) {
        None => Ok(()),
        Some(finding) => Err(CheckRefusal::Failed {
            check: CheckNumber::Result,
            finding: finding.to_string(),
            further: total.saturating_sub(1),
        }
        .into()),
    }
}

/// The gate is computed here once more from the turnout, beside the checker's own verdict.
fn check_gate(trustee: &Trustee<'_>, closed: &Closed, turnout: &Turnout) -> Result<(), Refusal> {
    let Some(gate) = &trustee.election.manifest.profile.count_gate else {
        return Ok(());
    };
    let (numerator, denominator) = (gate.numerator.get(), gate.denominator.get());
    let (voters, electorate) = (turnout.voters(), turnout.electorate);
    let reached = u128::from(voters) * u128::from(denominator)
        >= u128::from(electorate) * u128::from(numerator);
    if reached && closed.gate_holds {
        Ok(())
    } else {
        Err(Refusal::GateNotMet {
            voters,
            electorate,
            numerator,
            denominator,
        })
    }
}

/// What the pin file knows this share by: its verification share X_j, which is public.
fn pin_key(share: &KeyShare) -> [u8; 32] {
    let shares = share.outcome().verification_shares();
    shares
        .get(share.trustee().position())
        .map_or([0; 32], |point| *point.as_bytes())
}

/// Why the release could not be recorded; nothing was released.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The secret file.
    #[error(transparent)]
    Secret(#[from] RoleFileError),
    /// The pin file.
    #[error(transparent)]
    Pin(#[from] PinError),
}

impl<'a> Authorised<'a> {
    /// Contests, groups and counts that would be decrypted.
    #[must_use]
    pub fn closed(&self) -> &'a Closed {
        self.closed
    }

    /// Numbers of groups to decrypt, per contest.
    #[must_use]
    pub fn groups(&self) -> Vec<usize> {
        self.closed
            .contests
            .iter()
            .map(|contest| contest.groups().len())
            .collect()
    }

    /// Records the tree in the pin file and the secret file. Both are on disk when this returns.
    ///
    /// # Errors
    /// [`RecordError`]; the share stays unused.
    pub fn record(
        self,
        file: &mut RoleFile<TrusteeMemory>,
        pins: &PinFile,
    ) -> Result<Recorded<'a>, RecordError> {
        pins.append(&pin_key(&self.share), &self.tree)?;
        if file.state().released() != Some(self.tree) {
            let memory = file.state().with_release(&self.tree);
            file.save(memory)?;
        }
        Ok(Recorded {
            share: self.share,
            closed: self.closed,
        })
    }
}

/// The release is on disk; partial decryptions of this tree, and of no other, may be made.
pub struct Recorded<'a> {
    share: KeyShare,
    closed: &'a Closed,
}

/// Why partial decryptions could not be made.
#[derive(Debug, Error)]
pub enum DecryptError {
    /// A sum cannot be decrypted, or does not fit an entry.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The secret file has no randomness for proofs.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The entry is too long.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// Signing failed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Recorded<'_> {
    /// Canonical bytes of the signed partial-decryption entries that hold a group not in `published`, given as
    /// (contest, group). Repeated, it gives the same bytes.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn entries(
        &self,
        trustee: &Trustee<'_>,
        memory: &TrusteeMemory,
        published: &BTreeSet<(u16, u16)>,
    ) -> Result<Vec<Vec<u8>>, DecryptError> {
        let mut rng = memory
            .proof_rng(DECRYPTION_STREAM)
            .ok_or(MemoryError::NoShare)?;
        let mut entries = Vec::new();
        for payload in self.closed.decrypt(&self.share, &mut rng)? {
            let contest = payload.contest.get();
            let groups = (payload.first.get()..=u16::MAX).zip(&payload.groups);
            if groups
                .into_iter()
                .all(|(group, _)| published.contains(&(contest, group)))
            {
                continue;
            }
            let signed = trustee.election.keys.sign(payload, &[trustee.key])?;
            entries.push(Entry::from(signed).encode()?);
        }
        Ok(entries)
    }
}
