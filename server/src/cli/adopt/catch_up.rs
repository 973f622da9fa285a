//! Taking published entries that a copied database lacks into it.
//!
//! What a log's key signed and the board shows is what the server of that time had committed, so it
//! is stored as it was stored then: entries with their places, and what they mean for credentials
//! and ballots. What is not on the board is lost: ballots that were durable and not published, and
//! everything that staff did in the database alone.

use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_ledger::entry::{BallotRef, Entry, EntryError, Hash};
use hanpyo_ledger::log::Frontier;
use hanpyo_ledger::log::checkpoint::Checkpoint;
use hanpyo_ledger::log::merkle::{FrontierError, leaf_hash, verify_consistency};
use hanpyo_ledger::log::tree::{ReadError, Tree};

use super::place::source_at;
use crate::cast::{Kind, points_of};
use crate::clock::{Millis, SECOND};
use crate::db::ballots::Submission;
use crate::db::connection::Connection;
use crate::db::elections::Election;
use crate::db::entries::NewEntry;
use crate::db::ledgers::{LedgerRow, LogState};
use crate::db::{self, DbError};
use crate::sequencer::LedgerError;
use crate::sequencer::effect::Effect;

/// Why a log could not catch up; nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    /// The board.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An entry that is none.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The state row.
    #[error("the state row is unreadable: {0}")]
    Frontier(#[from] FrontierError),
    /// The board's entries do not follow on those of the database.
    #[error("its first entries are not those of this database")]
    Other,
    /// The roll was sealed after the copy.
    #[error(
        "the roll was sealed after the copy was made: the voters it has are not in this database"
    )]
    Sealed,
    /// What an entry means cannot be stored.
    #[error("entry {index}: {reason}")]
    Effect {
        /// Which.
        index: u64,
        /// Why.
        reason: LedgerError,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for CatchUpError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Stores the entries that `seen`, a checkpoint at `place` under the log's key, has and `row` has
/// not, in one transaction. Gives their number.
pub(super) fn catch_up(
    connection: &mut Connection,
    election: &Election,
    row: &LedgerRow,
    (place, seen): (&str, &Checkpoint),
    now: Millis,
) -> Result<u64, CatchUpError> {
    let mut frontier = Frontier::decode(&row.frontier)?;
    let first = frontier.size();
    let tree = Tree::load(source_at(place), seen.size, seen.root)?;
    // Before anything is stored: its first entries are ours.
    let proof = tree.consistency_proof(first)?;
    verify_consistency(first, &frontier.root(), seen.size, &seen.root, &proof)
        .map_err(|_| CatchUpError::Other)?;
    let manifest = election.manifest_hash.as_deref();
    let manifest = manifest.and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let manifest = Hash(manifest.ok_or(CatchUpError::Other)?);
    connection.immediate_transaction(|c| {
        for entry in tree.entries(first) {
            let (index, bytes) = entry?;
            frontier.append(leaf_hash(&bytes), |_, _| {})?;
            store(c, election, &manifest, (index, bytes), now)?;
        }
        if frontier.root() != seen.root {
            return Err(CatchUpError::Other);
        }
        let old = LogState {
            size: row.size,
            root: row.root.clone(),
            frontier: row.frontier.clone(),
        };
        let new = LogState {
            size: signed(frontier.size()),
            root: frontier.root().as_bytes().to_vec(),
            frontier: frontier.encode(),
        };
        if !db::ledgers::compare_and_swap(c, election.id, &old, &new)? {
            return Err(CatchUpError::Other);
        }
        Ok(frontier.size() - first)
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn store(
    c: &mut Connection,
    election: &Election,
    manifest: &Hash,
    (index, bytes): (u64, Vec<u8>),
    now: Millis,
) -> Result<(), CatchUpError> {
    let owner = (election.tenant_id, election.id);
    let entry = Entry::decode(&bytes)?;
    let place = signed(index);
    let submission = match &entry {
        Entry::Ballot(_) => {
            let ballot = BallotRef::decode(&bytes)?;
            let ConfirmationCode(code) = ballot.confirmation_code(manifest);
            let points = points_of(&ballot.body);
            let position = (ballot.body.index, ballot.body.counter);
            Some((Kind::Ballot, code, position, points))
        }
        Entry::PostedChallenge(challenge) => {
            let ConfirmationCode(code) = challenge.body.confirmation_code(manifest);
            let body = &challenge.body;
            let position = (body.credential().get(), body.counter());
            Some((Kind::Challenge, code, position, Vec::new()))
        }
        _ => None,
    };
    if let Some((kind, code, (credential_index, counter), nonce_points)) = submission {
        // It was durable when the copy was made, and waited for its place.
        if db::entries::place(c, election.id, &code, place)? {
            return Ok(());
        }
        let submission = Submission {
            kind: kind.number(),
            code,
            credential_index,
            counter,
            bytes,
            nonce_points,
            proven: true,
        };
        let promised = now / SECOND;
        db::ballots::take_from_log(c, owner, submission, (place, promised))?;
        return Ok(());
    }
    if matches!(entry, Entry::RollSealed(_)) {
        return Err(CatchUpError::Sealed);
    }
    let effect = Effect::of(&entry);
    let row = NewEntry {
        tenant_id: owner.0,
        election_id: owner.1,
        kind: entry.entry_type().number().into(),
        code: leaf_hash(&bytes).as_bytes().to_vec(),
        credential_index: None,
        bytes,
        deadline: None,
        log_index: Some(place),
        appended_at: None,
    };
    db::entries::insert(c, std::slice::from_ref(&row))?;
    if let Some(effect) = effect {
        let applied = effect.apply(c, owner, now);
        applied.map_err(|reason| CatchUpError::Effect { index, reason })?;
    }
    Ok(())
}
