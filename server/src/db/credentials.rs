//! What became of each credential: decides double voting.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::credential_states;
use crate::ids::ElectionId;

/// Rows of one statement: SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

/// What became of a credential.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable)]
pub struct CredentialState {
    /// Index of the credential.
    pub credential_index: i64,
    /// Counter of its last ballot; 0 before the first.
    pub counter: i64,
    /// Revoked.
    pub revoked: bool,
    /// Votes on paper.
    pub struck: bool,
    /// Posted challenges.
    pub challenges: i64,
}

impl CredentialState {
    /// Whether a ballot of this credential was taken.
    #[must_use]
    pub fn has_ballot(&self) -> bool {
        self.counter > 0
    }
}

/// What became of these credentials so far, of those with which anything was done.
///
/// # Errors
/// The query fails.
pub fn find_all(
    connection: &mut Connection,
    election: ElectionId,
    indices: &[i64],
) -> QueryResult<HashMap<u32, CredentialState>> {
    let mut states = HashMap::new();
    for indices in indices.chunks(ROWS) {
        let found: Vec<CredentialState> = credential_states::table
            .filter(credential_states::election_id.eq(election))
            .filter(credential_states::credential_index.eq_any(indices))
            .select((
                credential_states::credential_index,
                credential_states::counter,
                credential_states::revoked,
                credential_states::struck,
                credential_states::challenges,
            ))
            .load(connection)?;
        for state in found {
            if let Ok(index) = u32::try_from(state.credential_index) {
                states.insert(index, state);
            }
        }
    }
    Ok(states)
}

/// What became of a credential so far.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    election: ElectionId,
    credential_index: u32,
) -> QueryResult<CredentialState> {
    let found = credential_states::table
        .find((election, i64::from(credential_index)))
        .select((
            credential_states::credential_index,
            credential_states::counter,
            credential_states::revoked,
            credential_states::struck,
            credential_states::challenges,
        ))
        .first(connection)
        .optional()?;
    Ok(found.unwrap_or(CredentialState {
        credential_index: credential_index.into(),
        ..CredentialState::default()
    }))
}

/// Stores what became of a credential.
///
/// # Errors
/// The query fails.
pub fn put(
    connection: &mut Connection,
    election: ElectionId,
    state: &CredentialState,
) -> QueryResult<()> {
    let changes = (
        credential_states::counter.eq(state.counter),
        credential_states::revoked.eq(state.revoked),
        credential_states::struck.eq(state.struck),
        credential_states::challenges.eq(state.challenges),
    );
    diesel::insert_into(credential_states::table)
        .values((
            credential_states::election_id.eq(election),
            credential_states::credential_index.eq(state.credential_index),
            changes,
        ))
        .on_conflict((
            credential_states::election_id,
            credential_states::credential_index,
        ))
        .do_update()
        .set(changes)
        .execute(connection)?;
    Ok(())
}
