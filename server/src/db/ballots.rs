//! The transaction that decides whether a ballot is taken.
//!
//! It runs on the one writing thread, so what it reads stays true until its commit. Another
//! backend needs row locks or serialisable isolation here; the unique constraints of the tables
//! catch what such a backend would let through.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::connection::Connection;
use super::credentials::{self, CredentialState};
use super::entries::{self, KnownEntry, NewEntry};
use super::ledgers;
use super::schema::nonce_points;
use crate::ids::{ElectionId, TenantId};

/// Rows of one statement: SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;
/// Entry type of a ballot.
const BALLOT: i32 = 17;
/// Most posted challenges of one credential (docs/PROTOCOL.md section 6.3).
pub const MAX_CHALLENGES: i64 = 5;

/// The first bytes of a nonce point, which stand for it.
pub type NoncePrefix = [u8; 16];

/// A ballot or posted challenge that was verified.
#[derive(Debug, Clone)]
pub struct Submission {
    /// 17 ballot, 18 posted challenge.
    pub kind: i32,
    /// Confirmation code.
    pub code: [u8; 32],
    /// Whose.
    pub credential_index: u32,
    /// Its counter.
    pub counter: u32,
    /// The entry.
    pub bytes: Vec<u8>,
    /// Of every ciphertext, for ballots.
    pub nonce_points: Vec<NoncePrefix>,
    /// Whether its proofs hold. One that is not proven is never stored: it is there only to be
    /// answered as it was before.
    pub proven: bool,
}

/// The election that submissions are for.
#[derive(Debug, Clone, Copy)]
pub struct Urn {
    /// Tenant.
    pub tenant: TenantId,
    /// Election.
    pub election: ElectionId,
    /// Whether a later ballot supersedes an earlier one.
    pub revoting: bool,
    /// What an acknowledgement given now promises, in seconds since 1970.
    pub deadline: i64,
}

/// What became of a submission.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Durable, now or before.
    Taken {
        /// What its acknowledgement promises, in seconds; 0 for challenges.
        deadline: i64,
        /// Position in the log, if it is there already.
        log_index: Option<i64>,
        /// Whether it was durable before.
        repeated: bool,
    },
    /// Ballots are not taken (any more).
    NotAccepting,
    /// The body is there already with the other decision: cast ballots are not opened and
    /// challenged ones not cast.
    OtherDecision,
    /// The credential has a ballot and this election has no re-voting.
    AlreadyVoted,
    /// The counter is not above that of the credential's last ballot.
    StaleCounter {
        /// Counter of the last ballot.
        last: u32,
    },
    /// The credential is revoked.
    Revoked,
    /// The voter votes on paper.
    Struck,
    /// A ciphertext stands in another ballot.
    CopiedCiphertext,
    /// The credential has as many posted challenges as it may.
    TooManyChallenges,
    /// It was not proven, because it seemed that it could not count.
    Unproven,
}

/// Decides about submissions, in order, and stores those that are taken. All of it in the
/// caller's transaction.
///
/// # Errors
/// A query fails; the caller's transaction must be rolled back.
pub fn take(
    connection: &mut Connection,
    urn: Urn,
    submissions: Vec<Submission>,
) -> QueryResult<Vec<Decision>> {
    let accepting = ledgers::accepts(connection, urn.election)?;
    let codes: Vec<&[u8]> = submissions.iter().map(|s| s.code.as_slice()).collect();
    let known = entries::find_all(connection, urn.election, &codes)?;
    let whose = submissions.iter().map(|s| s.credential_index.into());
    let whose: Vec<i64> = whose.collect();
    let mut round = Round {
        urn,
        accepting,
        known: known.into_iter().map(|k| (k.code.clone(), k)).collect(),
        points: known_points(connection, urn.election, &submissions)?,
        states: credentials::find_all(connection, urn.election, &whose)?,
        changed: HashSet::new(),
        rows: Vec::with_capacity(submissions.len()),
        new_points: Vec::new(),
    };
    let decisions = submissions.into_iter().map(|s| round.decide(s)).collect();
    round.store(connection)?;
    Ok(decisions)
}

/// The decisions of one transaction so far.
struct Round {
    urn: Urn,
    accepting: bool,
    known: HashMap<Vec<u8>, KnownEntry>,
    points: HashSet<NoncePrefix>,
    states: HashMap<u32, CredentialState>,
    changed: HashSet<u32>,
    rows: Vec<NewEntry>,
    new_points: Vec<NoncePrefix>,
}

impl Round {
    fn decide(&mut self, submission: Submission) -> Decision {
        if let Some(known) = self.known.get(submission.code.as_slice()) {
            return if known.kind == submission.kind {
                Decision::Taken {
                    deadline: known.deadline.unwrap_or(0),
                    log_index: known.log_index,
                    repeated: true,
                }
            } else {
                Decision::OtherDecision
            };
        }
        if !self.accepting {
            return Decision::NotAccepting;
        }
        let ballot = submission.kind == BALLOT;
        let index = submission.credential_index;
        let mut state = self.states.get(&index).copied().unwrap_or_default();
        let refusal = if ballot {
            refuse_ballot(&state, &submission, self.urn.revoting)
        } else if state.challenges >= MAX_CHALLENGES {
            Some(Decision::TooManyChallenges)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            return refusal;
        }
        if !submission.proven {
            return Decision::Unproven;
        }
        if ballot && !self.remember(&submission.nonce_points) {
            return Decision::CopiedCiphertext;
        }
        let deadline = ballot.then_some(self.urn.deadline);
        if ballot {
            state.counter = submission.counter.into();
        } else {
            state.challenges += 1;
        }
        state.credential_index = index.into();
        self.states.insert(index, state);
        self.changed.insert(index);
        let row = NewEntry {
            tenant_id: self.urn.tenant,
            election_id: self.urn.election,
            kind: submission.kind,
            code: submission.code.to_vec(),
            credential_index: Some(index.into()),
            bytes: submission.bytes,
            deadline,
            log_index: None,
            appended_at: None,
        };
        self.known.insert(
            row.code.clone(),
            KnownEntry {
                kind: row.kind,
                code: row.code.clone(),
                credential_index: row.credential_index,
                deadline,
                log_index: None,
            },
        );
        self.rows.push(row);
        Decision::Taken {
            deadline: deadline.unwrap_or(0),
            log_index: None,
            repeated: false,
        }
    }

    /// Notes the nonce points of a ballot unless one of them is known.
    fn remember(&mut self, points: &[NoncePrefix]) -> bool {
        let distinct: HashSet<_> = points.iter().collect();
        if distinct.len() != points.len() || points.iter().any(|p| self.points.contains(p)) {
            return false;
        }
        self.points.extend(points);
        self.new_points.extend(points);
        true
    }

    fn store(self, connection: &mut Connection) -> QueryResult<()> {
        entries::insert(connection, &self.rows)?;
        let election = self.urn.election;
        put_points(connection, election, &self.new_points)?;
        for index in self.changed {
            if let Some(state) = self.states.get(&index) {
                credentials::put(connection, election, state)?;
            }
        }
        Ok(())
    }
}

/// Stores a ballot or posted challenge that is in the log but was never taken here.
///
/// # Errors
/// A unique violation if it is there already.
pub fn take_from_log(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    submission: Submission,
    (log_index, deadline): (i64, i64),
) -> QueryResult<()> {
    let mut state = credentials::find(connection, election, submission.credential_index)?;
    let is_ballot = submission.kind == BALLOT;
    if is_ballot {
        state.counter = state.counter.max(submission.counter.into());
    } else {
        state.challenges += 1;
    }
    credentials::put(connection, election, &state)?;
    put_missing_points(connection, election, &submission.nonce_points)?;
    let row = NewEntry {
        tenant_id: tenant,
        election_id: election,
        kind: submission.kind,
        code: submission.code.to_vec(),
        credential_index: Some(submission.credential_index.into()),
        bytes: submission.bytes,
        deadline: is_ballot.then_some(deadline),
        log_index: Some(log_index),
        appended_at: None,
    };
    entries::insert(connection, std::slice::from_ref(&row))
}

fn put_points(
    connection: &mut Connection,
    election: ElectionId,
    points: &[NoncePrefix],
) -> QueryResult<()> {
    for points in points.chunks(ROWS) {
        let rows: Vec<_> = points
            .iter()
            .map(|point| {
                (
                    nonce_points::election_id.eq(election),
                    nonce_points::point.eq(point.as_slice()),
                )
            })
            .collect();
        diesel::insert_into(nonce_points::table)
            .values(rows)
            .execute(connection)?;
    }
    Ok(())
}

/// As [`put_points`], with points that may be known: what stands in the log stays there, though no ballot with such a
/// point would be taken.
fn put_missing_points(
    connection: &mut Connection,
    election: ElectionId,
    points: &[NoncePrefix],
) -> QueryResult<()> {
    for point in points {
        let row = (
            nonce_points::election_id.eq(election),
            nonce_points::point.eq(point.as_slice()),
        );
        diesel::insert_into(nonce_points::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(connection)?;
    }
    Ok(())
}

fn refuse_ballot(
    state: &CredentialState,
    submission: &Submission,
    revoting: bool,
) -> Option<Decision> {
    if state.revoked {
        Some(Decision::Revoked)
    } else if state.struck {
        Some(Decision::Struck)
    } else if state.has_ballot() && !revoting {
        Some(Decision::AlreadyVoted)
    } else if i64::from(submission.counter) <= state.counter {
        let last = u32::try_from(state.counter).unwrap_or(u32::MAX);
        Some(Decision::StaleCounter { last })
    } else {
        None
    }
}

fn known_points(
    connection: &mut Connection,
    election: ElectionId,
    submissions: &[Submission],
) -> QueryResult<HashSet<NoncePrefix>> {
    let points: Vec<&[u8]> = submissions
        .iter()
        .flat_map(|s| s.nonce_points.iter().map(<[u8; 16]>::as_slice))
        .collect();
    let mut known = HashSet::new();
    for points in points.chunks(ROWS) {
        let found: Vec<Vec<u8>> = nonce_points::table
            .filter(nonce_points::election_id.eq(election))
            .filter(nonce_points::point.eq_any(points))
            .select(nonce_points::point)
            .load(connection)?;
        known.extend(
            found
                .iter()
                .filter_map(|p| NoncePrefix::try_from(p.as_slice()).ok()),
        );
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::connection::{Pragmas, establish};
    use crate::db::ledgers::LogState;

    fn urn() -> Urn {
        Urn {
            tenant: serde_json::from_str("1").unwrap(),
            election: serde_json::from_str("1").unwrap(),
            revoting: false,
            deadline: 100,
        }
    }

    /// A database with an election that takes ballots, and nothing else.
    fn database() -> Connection {
        let pragmas = Pragmas {
            busy_timeout_ms: 100,
            read_only: false,
        };
        let mut connection = establish(":memory:", pragmas).unwrap();
        crate::db::migrations::apply(&mut connection).unwrap();
        diesel::sql_query("PRAGMA foreign_keys = OFF")
            .execute(&mut connection)
            .unwrap();
        let state = LogState {
            size: 0,
            root: vec![0; 32],
            frontier: Vec::new(),
        };
        let owner = (urn().tenant, urn().election);
        ledgers::create(&mut connection, owner, &state, "open", 1).unwrap();
        ledgers::set_accepting(&mut connection, urn().election, true).unwrap();
        connection
    }

    fn ballot(credential: u32, points: &[u8]) -> Submission {
        let mut code = [0; 32];
        code[0] = u8::try_from(credential).unwrap();
        Submission {
            kind: BALLOT,
            code,
            credential_index: credential,
            counter: 1,
            bytes: vec![1],
            nonce_points: points.iter().map(|point| [*point; 16]).collect(),
            proven: true,
        }
    }

    fn is_new(decision: &Decision) -> bool {
        matches!(
            decision,
            Decision::Taken {
                repeated: false,
                ..
            }
        )
    }

    /// A log may hold what no server would take: a copied ciphertext, or one twice in a ballot.
    #[test]
    fn what_stands_in_the_log_is_taken_from_it() {
        let mut c = database();
        let owner = (urn().tenant, urn().election);
        for (place, logged) in [ballot(1, &[10, 10]), ballot(2, &[10, 11])]
            .into_iter()
            .enumerate()
        {
            let place = i64::try_from(place).unwrap();
            take_from_log(&mut c, owner, logged, (place, 100)).unwrap();
        }
        let later = vec![ballot(3, &[10]), ballot(4, &[11]), ballot(5, &[12])];
        let decisions = take(&mut c, urn(), later).unwrap();
        assert_eq!(decisions[0], Decision::CopiedCiphertext);
        assert_eq!(decisions[1], Decision::CopiedCiphertext);
        assert!(is_new(&decisions[2]));
    }

    /// Voters who share their randomness can prove everything about a copied ciphertext.
    #[test]
    fn one_ciphertext_counts_for_one_credential_within_a_batch_and_later() {
        let mut c = database();
        let batch = vec![ballot(1, &[10, 11]), ballot(2, &[12, 10])];
        let decisions = take(&mut c, urn(), batch).unwrap();
        assert!(is_new(&decisions[0]));
        assert_eq!(decisions[1], Decision::CopiedCiphertext);
        let later = vec![ballot(3, &[11, 13]), ballot(4, &[14, 14])];
        let decisions = take(&mut c, urn(), later).unwrap();
        let copied = Decision::CopiedCiphertext;
        assert_eq!(decisions, [copied.clone(), copied]);
        // Nothing of the refused ones is remembered, and their voters can still vote.
        let own = vec![ballot(2, &[12, 15]), ballot(3, &[13, 16])];
        let decisions = take(&mut c, urn(), own).unwrap();
        assert!(decisions.iter().all(is_new), "{decisions:?}");
    }
}
