//! One log of a copied database against what was published of it.

use std::collections::BTreeMap;

use hanpyo_ledger::log::Frontier;
use hanpyo_ledger::log::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_ledger::log::merkle::{Hash, leaf_hash};
use hanpyo_ledger::log::source::SourceError;

use super::place::{Board, checkpoint_at};
use crate::db::connection::Connection;
use crate::db::elections::Election;
use crate::db::ledgers::LedgerRow;
use crate::db::{self, DbError};
use crate::ids::ElectionId;

/// Entries read from the database at once.
const CHUNK: i64 = 2_048;

/// Why a log must not be signed from this database.
#[derive(Debug, thiserror::Error)]
pub enum Obstacle {
    /// The world has seen more.
    #[error(
        "{log}: {place} has {published} entries, this database {here}: signing would fork the log (--catch-up takes them into the database)"
    )]
    Ahead {
        /// Tenant and election.
        log: String,
        /// Where it was seen.
        place: String,
        /// Entries there.
        published: u64,
        /// Entries here.
        here: u64,
    },
    /// The world has seen something else.
    #[error("{log}: the first {size} entries at {place} are not those of this database")]
    Other {
        /// Tenant and election.
        log: String,
        /// Where it was seen.
        place: String,
        /// Entries there.
        size: u64,
    },
    /// A log of an election that has none here.
    #[error("{log}: {place} has a log, this database only the election's draft")]
    NoLogHere {
        /// Tenant and election.
        log: String,
        /// Where it was seen.
        place: String,
    },
    /// A checkpoint that the log's key did not sign.
    #[error("{log}: {place}: {reason}")]
    NotOurs {
        /// Tenant and election.
        log: String,
        /// Where it was seen.
        place: String,
        /// What is wrong with it.
        reason: CheckpointError,
    },
    /// A place that could not be looked at.
    #[error("{log}: {reason}")]
    Unreadable {
        /// Tenant and election.
        log: String,
        /// Why.
        reason: SourceError,
    },
    /// Found on none of the boards.
    #[error("{log}: no --board has it; name one, a mirror's if need be")]
    Unseen {
        /// Tenant and election.
        log: String,
    },
    /// A board that has none of the installation's logs.
    #[error(
        "{place} has no log of this installation; correct the place, or leave it out (--nothing-published if there never was one)"
    )]
    Nothing {
        /// The board as it was given.
        place: String,
    },
    /// The database contradicts itself.
    #[error("{log}: the database is damaged: {reason}")]
    Damaged {
        /// Tenant and election.
        log: String,
        /// What is wrong.
        reason: String,
    },
}

/// The newest checkpoint under the log's key on the boards, with its place, if it has more entries
/// than `here`.
pub(super) fn ahead(
    (tenant, election): (&str, &Election),
    boards: &[Board],
    here: i64,
) -> Option<(String, Checkpoint)> {
    let vkey: VerifierKey = election.log_vkey.parse().ok()?;
    let places = boards
        .iter()
        .filter_map(|board| board.place_of(tenant, &election.slug));
    let seen = places.filter_map(|place| {
        let bytes = checkpoint_at(&place).ok()??;
        let signed = SignedCheckpoint::open(&bytes, &vkey).ok()?;
        Some((place, signed.checkpoint().clone()))
    });
    seen.filter(|(_, seen)| i64::try_from(seen.size).is_ok_and(|size| size > here))
        .max_by_key(|(_, seen)| seen.size)
}

/// What comparing one election gave.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) has_log: bool,
    /// Boards that have the log, or could not be read.
    pub(super) told_of: Vec<String>,
    pub(super) obstacles: Vec<Obstacle>,
}

/// A checkpoint that was seen at a place, if there was one.
type Seen = (String, Option<Vec<u8>>);

/// Compares an election's log with the board of the data folder, `own`, and with `boards`.
pub(super) fn compare(
    connection: &mut Connection,
    (tenant, election): (&str, &Election),
    own: &Board,
    boards: &[Board],
) -> Result<Compared, DbError> {
    let log = format!("{tenant}/{}", election.slug);
    let mut obstacles = Vec::new();
    let mut look = |board: &Board| -> Option<Seen> {
        let place = board.place_of(tenant, &election.slug)?;
        match checkpoint_at(&place) {
            Ok(bytes) => Some((place, bytes)),
            Err(reason) => {
                let log = log.clone();
                obstacles.push(Obstacle::Unreadable { log, reason });
                None
            }
        }
    };
    let here = look(own);
    let mut told_of = Vec::new();
    let mut there: Vec<Seen> = Vec::new();
    for board in boards {
        let seen = look(board);
        // A place that cannot be read is an obstacle of its own.
        let unreadable = seen.is_none() && board.place_of(tenant, &election.slug).is_some();
        if unreadable || seen.as_ref().is_some_and(|(_, bytes)| bytes.is_some()) {
            told_of.push(board.to_string());
        }
        there.extend(seen);
    }
    let row = db::ledgers::find(connection, election.id)?;
    let has_log = row.is_some();
    match row {
        None => {
            let published = here.into_iter().chain(there);
            let published = published.filter(|(_, bytes)| bytes.is_some());
            obstacles.extend(published.map(|(place, _)| Obstacle::NoLogHere {
                log: log.clone(),
                place,
            }));
        }
        Some(row) => {
            if !there.iter().any(|(_, bytes)| bytes.is_some()) {
                obstacles.push(Obstacle::Unseen { log: log.clone() });
            }
            let seen = here.into_iter().chain(there);
            let seen = seen.filter_map(|(place, bytes)| Some((place, bytes?)));
            let log = Log {
                name: log,
                vkey: &election.log_vkey,
                row,
            };
            log.compare(connection, seen, &mut obstacles)?;
        }
    }
    Ok(Compared {
        has_log,
        told_of,
        obstacles,
    })
}

/// A log as the database has it.
struct Log<'a> {
    name: String,
    vkey: &'a str,
    row: LedgerRow,
}

impl Log<'_> {
    fn compare(
        &self,
        connection: &mut Connection,
        seen: impl Iterator<Item = (String, Vec<u8>)>,
        obstacles: &mut Vec<Obstacle>,
    ) -> Result<(), DbError> {
        let log = || self.name.clone();
        let damaged = |reason: String| Obstacle::Damaged { log: log(), reason };
        let (Ok(vkey), Ok(size)) = (
            self.vkey.parse::<VerifierKey>(),
            u64::try_from(self.row.size),
        ) else {
            obstacles.push(damaged("its key or its size is unreadable".to_owned()));
            return Ok(());
        };
        let mut published: Vec<(String, Checkpoint)> = Vec::new();
        for (place, bytes) in seen {
            match SignedCheckpoint::open(&bytes, &vkey) {
                Ok(signed) => published.push((place, signed.checkpoint().clone())),
                Err(reason) => obstacles.push(Obstacle::NotOurs {
                    log: log(),
                    place,
                    reason,
                }),
            }
        }
        // The roots at every size that was published, and at the row's own.
        let mut roots: BTreeMap<u64, Option<Hash>> = published
            .iter()
            .filter(|(_, seen)| seen.size <= size)
            .map(|(_, seen)| (seen.size, None))
            .collect();
        roots.insert(size, None);
        if let Err(reason) = fill(connection, self.row.election_id, &mut roots)? {
            obstacles.push(damaged(reason));
            return Ok(());
        }
        let root_at = |size: u64| roots.get(&size).copied().flatten();
        if root_at(size).is_none_or(|root| root.as_bytes().as_slice() != self.row.root) {
            obstacles.push(damaged(
                "its entries do not lead to the state row".to_owned(),
            ));
        }
        for (place, seen) in published {
            if seen.size > size {
                obstacles.push(Obstacle::Ahead {
                    log: log(),
                    place,
                    published: seen.size,
                    here: size,
                });
            } else if root_at(seen.size) != Some(seen.root) {
                obstacles.push(Obstacle::Other {
                    log: log(),
                    place,
                    size: seen.size,
                });
            }
        }
        Ok(())
    }
}

/// Computes the roots at the sizes of `roots`, from the database's entries. The inner error says
/// what is wrong with them.
fn fill(
    connection: &mut Connection,
    election: ElectionId,
    roots: &mut BTreeMap<u64, Option<Hash>>,
) -> Result<Result<(), String>, DbError> {
    let last = roots.keys().next_back().copied().unwrap_or(0);
    let mut frontier = Frontier::new();
    loop {
        if let Some(root) = roots.get_mut(&frontier.size()) {
            *root = Some(frontier.root());
        }
        if frontier.size() >= last {
            return Ok(Ok(()));
        }
        // Up to the next size that is asked for, so that no root is passed over.
        let next = roots.range(frontier.size() + 1..).next();
        let next = next.map_or(last, |(size, _)| *size);
        let Ok(first) = i64::try_from(frontier.size()) else {
            return Ok(Err("its size is beyond the database's integers".to_owned()));
        };
        let end = i64::try_from(next)
            .unwrap_or(i64::MAX)
            .min(first.saturating_add(CHUNK));
        let entries = db::entries::in_log(connection, election, &(first..end))?;
        if i64::try_from(entries.len()) != Ok(end - first) {
            return Ok(Err(format!(
                "of entries {first} to {end} it has {}",
                entries.len()
            )));
        }
        for entry in entries {
            if let Err(reason) = frontier.append(leaf_hash(&entry), |_, _| {}) {
                return Ok(Err(reason.to_string()));
            }
        }
    }
}
