//! The change of a roll that is under way, in parts; at most one an election.
//!
//! The mark in `roll_states` is set with the first part and taken away with the last: whoever finds one at
//! the start of the server finds a change that was interrupted. What it hides is said by the view `roll`.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{roll_credentials, roll_rows, roll_states};
use crate::ids::{ElectionId, RollId, TenantId};
use crate::names::names;

/// Rows that one part deletes.
const DELETE_ROWS: i64 = 2_000;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Rows of the mark's version are being written, or deleted again; they are hidden.
    Import,
    /// All rows are hidden and are being deleted.
    Clear,
    /// Credentials of the mark's version are being written or deleted; they do not hold.
    Assign,
}

names!(Job { Import = "import", Clear = "clear", Assign = "assign", }, UnknownJob = "{0:?} is no change of a roll");

impl TryFrom<String> for Job {
    type Error = UnknownJob;

    fn try_from(text: String) -> Result<Self, UnknownJob> {
        text.parse()
    }
}

/// A change that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Tenant of the election.
    pub tenant: TenantId,
    /// The election.
    pub election: ElectionId,
    /// What is being done.
    pub job: Job,
    /// Version of the roll that it writes or deletes.
    pub version: i64,
}

/// Makes the row that an election's roll needs, if it is not there.
///
/// # Errors
/// The query fails.
pub fn ensure_state(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
) -> QueryResult<()> {
    diesel::insert_into(roll_states::table)
        .values((
            roll_states::election_id.eq(election),
            roll_states::tenant_id.eq(tenant),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

/// Whether a change of the election's roll is under way.
///
/// # Errors
/// The query fails.
pub fn is_under_way(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
) -> QueryResult<bool> {
    let marked = roll_states::table
        .filter(roll_states::tenant_id.eq(tenant))
        .filter(roll_states::election_id.eq(election))
        .filter(roll_states::job.is_not_null());
    diesel::select(diesel::dsl::exists(marked)).get_result(connection)
}

/// Whether this very change is under way.
///
/// # Errors
/// The query fails.
pub fn stands(connection: &mut Connection, mark: &Mark) -> QueryResult<bool> {
    let marked = roll_states::table
        .find(mark.election)
        .filter(roll_states::tenant_id.eq(mark.tenant))
        .filter(roll_states::job.eq(mark.job.name()))
        .filter(roll_states::job_version.eq(mark.version));
    diesel::select(diesel::dsl::exists(marked)).get_result(connection)
}

/// All changes that are under way.
///
/// # Errors
/// The query fails.
pub fn under_way(connection: &mut Connection) -> QueryResult<Vec<Mark>> {
    #[derive(Queryable)]
    struct Stored {
        tenant: TenantId,
        election: ElectionId,
        #[diesel(deserialize_as = String)]
        job: Job,
        version: i64,
    }
    let found: Vec<Stored> = roll_states::table
        .filter(roll_states::job.is_not_null())
        .order(roll_states::election_id)
        .select((
            roll_states::tenant_id,
            roll_states::election_id,
            roll_states::job.assume_not_null(),
            roll_states::job_version.assume_not_null(),
        ))
        .load(connection)?;
    let marks = found.into_iter().map(|stored| Mark {
        tenant: stored.tenant,
        election: stored.election,
        job: stored.job,
        version: stored.version,
    });
    Ok(marks.collect())
}

/// Sets the mark, also in place of another of the same change.
///
/// # Errors
/// The query fails.
pub fn put(connection: &mut Connection, mark: &Mark) -> QueryResult<()> {
    ensure_state(connection, (mark.tenant, mark.election))?;
    set(connection, mark, Some((mark.job, mark.version)))
}

/// Takes the mark away: the change is complete, or nothing is left of it.
///
/// # Errors
/// The query fails.
pub fn finish(connection: &mut Connection, mark: &Mark) -> QueryResult<()> {
    set(connection, mark, None)
}

fn set(connection: &mut Connection, mark: &Mark, to: Option<(Job, i64)>) -> QueryResult<()> {
    diesel::update(roll_states::table.find(mark.election))
        .filter(roll_states::tenant_id.eq(mark.tenant))
        .set((
            roll_states::job.eq(to.map(|(job, _)| job.name())),
            roll_states::job_version.eq(to.map(|(_, version)| version)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Version of the assignment of credentials that holds; `None` if there is none.
///
/// # Errors
/// The query fails.
pub fn assignment(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
) -> QueryResult<Option<i64>> {
    roll_states::table
        .filter(roll_states::tenant_id.eq(tenant))
        .filter(roll_states::election_id.eq(election))
        .select(roll_states::assignment)
        .first(connection)
        .optional()
        .map(Option::flatten)
}

/// Makes another assignment of credentials hold, or none.
///
/// # Errors
/// The query fails.
pub fn set_assignment(
    connection: &mut Connection,
    (tenant, election): (TenantId, ElectionId),
    assignment: Option<i64>,
) -> QueryResult<()> {
    diesel::update(roll_states::table.find(election))
        .filter(roll_states::tenant_id.eq(tenant))
        .set(roll_states::assignment.eq(assignment))
        .execute(connection)?;
    Ok(())
}

/// Deletes a part of what the mark hides, with what refers to it. Returns how many rows; 0 at the end.
///
/// # Errors
/// The query fails.
pub fn delete_part(connection: &mut Connection, mark: &Mark) -> QueryResult<usize> {
    match mark.job {
        Job::Import | Job::Clear => delete_rows(connection, mark),
        Job::Assign => delete_credentials(connection, mark),
    }
}

fn delete_rows(connection: &mut Connection, mark: &Mark) -> QueryResult<usize> {
    // The rows of an import are the election's newest, because nothing else was added meanwhile.
    let newest: Vec<(RollId, i64)> = roll_rows::table
        .filter(roll_rows::tenant_id.eq(mark.tenant))
        .filter(roll_rows::election_id.eq(mark.election))
        .order(roll_rows::id.desc())
        .limit(DELETE_ROWS)
        .select((roll_rows::id, roll_rows::version))
        .load(connection)?;
    let hidden: Vec<RollId> = newest
        .into_iter()
        .filter(|(_, version)| mark.job == Job::Clear || *version == mark.version)
        .map(|(id, _)| id)
        .collect();
    diesel::delete(roll_rows::table.filter(roll_rows::id.eq_any(hidden))).execute(connection)
}

fn delete_credentials(connection: &mut Connection, mark: &Mark) -> QueryResult<usize> {
    let of_version = || {
        roll_credentials::table
            .filter(roll_credentials::tenant_id.eq(mark.tenant))
            .filter(roll_credentials::election_id.eq(mark.election))
            .filter(roll_credentials::version.eq(mark.version))
    };
    let part: Vec<i64> = of_version()
        .order(roll_credentials::credential_index)
        .limit(DELETE_ROWS)
        .select(roll_credentials::credential_index)
        .load(connection)?;
    diesel::delete(of_version().filter(roll_credentials::credential_index.eq_any(part)))
        .execute(connection)
}
