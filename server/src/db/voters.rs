//! Single voters of an electoral roll, for staff.
//!
//! # Security
//! As for [`super::roll`]: personal data; only staff that manages the roll is answered from it.

use diesel::prelude::*;

use super::connection::Connection;
use super::schema::{credential_states, roll, roll_rows};
use crate::ids::{ElectionId, RollId, TenantId};

/// A voter with what became of the credential.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = roll)]
pub struct VoterRow {
    /// Key.
    pub id: RollId,
    /// What the voter types to identify.
    pub voter_id: String,
    /// Name.
    pub name: String,
    /// Where one-time codes go.
    pub contact: String,
    /// Number of the reporting unit.
    pub unit: i32,
    /// Number of the ballot style.
    pub style: i32,
    /// Public weight.
    pub weight: i64,
    /// Index of the credential, once assigned.
    pub credential_index: Option<i64>,
    /// What became of the credential; `None` if nothing did.
    #[diesel(embed)]
    pub state: Option<CredentialRow>,
}

/// What became of a credential.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = credential_states)]
pub struct CredentialRow {
    /// Counter of the last ballot taken; 0 before the first.
    pub counter: i64,
    /// Revoked.
    pub revoked: bool,
    /// Struck: the voter votes on paper.
    pub struck: bool,
}

/// Which voters.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Beginning of the identifier, or part of the name.
    pub text: Option<String>,
    /// Reporting unit.
    pub unit: Option<i32>,
    /// What became of the credential.
    pub status: Option<Status>,
}

/// What became of a voter's credential, as far as lists are filtered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// None assigned.
    Unassigned,
    /// One assigned.
    Assigned,
    /// Assigned, and the voter has not voted, neither here nor on paper.
    NotVoted,
    /// A ballot was taken.
    Voted,
    /// Votes on paper.
    Struck,
}

type Owner = (TenantId, ElectionId);

/// Narrows a boxed query to a status; the types of such queries have no short names.
macro_rules! with_status {
    ($query:expr, $status:expr) => {{
        let counter = credential_states::counter.nullable();
        let struck = credential_states::struck.nullable();
        match $status {
            None => $query,
            Some(Status::Unassigned) => $query.filter(roll::credential_index.is_null()),
            Some(Status::Assigned) => $query.filter(roll::credential_index.is_not_null()),
            Some(Status::NotVoted) => $query
                .filter(roll::credential_index.is_not_null())
                .filter(counter.is_null().or(counter.eq(0).and(struck.eq(false)))),
            Some(Status::Voted) => $query.filter(counter.gt(0)),
            Some(Status::Struck) => $query.filter(struck.eq(true)),
        }
    }};
}

#[diesel::dsl::auto_type(no_type_alias)]
fn joined() -> _ {
    roll::table.left_join(
        credential_states::table.on(credential_states::election_id.eq(roll::election_id).and(
            credential_states::credential_index
                .nullable()
                .eq(roll::credential_index),
        )),
    )
}

/// Voters in the order of their identifiers, after one of them.
///
/// # Errors
/// The query fails.
pub fn page(
    connection: &mut Connection,
    (tenant, election): Owner,
    filter: &Filter,
    after: Option<&str>,
    limit: i64,
) -> QueryResult<Vec<VoterRow>> {
    let mut query = joined()
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .select(VoterRow::as_select())
        .order(roll::voter_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(roll::voter_id.gt(after.to_owned()));
    }
    if let Some(text) = &filter.text {
        let escaped = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let starts = roll::voter_id.like(format!("{escaped}%")).escape('\\');
        let named = roll::name.like(format!("%{escaped}%")).escape('\\');
        query = query.filter(starts.or(named));
    }
    if let Some(unit) = filter.unit {
        query = query.filter(roll::unit.eq(unit));
    }
    let query = with_status!(query, filter.status);
    query.load(connection)
}

/// Number of voters that a filter (its text aside) lets through, and of those with an e-mail address.
///
/// # Errors
/// The query fails.
pub fn count(
    connection: &mut Connection,
    (tenant, election): Owner,
    filter: &Filter,
) -> QueryResult<(i64, i64)> {
    let of = |mail: bool| {
        let mut query = joined()
            .filter(
                roll::tenant_id
                    .eq(tenant)
                    .and(roll::election_id.eq(election)),
            )
            .select(diesel::dsl::count_star())
            .into_boxed();
        if mail {
            query = query.filter(roll::contact.like("%@%"));
        }
        if let Some(unit) = filter.unit {
            query = query.filter(roll::unit.eq(unit));
        }
        with_status!(query, filter.status)
    };
    let all = of(false).first(connection)?;
    Ok((all, of(true).first(connection)?))
}

/// One voter.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    (tenant, election): Owner,
    id: RollId,
) -> QueryResult<Option<VoterRow>> {
    joined()
        .filter(
            roll::tenant_id
                .eq(tenant)
                .and(roll::election_id.eq(election)),
        )
        .filter(roll::id.eq(id))
        .select(VoterRow::as_select())
        .first(connection)
        .optional()
}

/// What a correction writes; `None` leaves a column as it is.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = roll_rows)]
pub struct Correction {
    /// Name.
    pub name: Option<String>,
    /// Where one-time codes go.
    pub contact: Option<String>,
    /// Number of the reporting unit.
    pub unit: Option<i32>,
    /// Number of the ballot style.
    pub style: Option<i32>,
    /// Public weight.
    pub weight: Option<i64>,
}

/// Corrects a voter.
///
/// # Errors
/// The query fails, also if nothing is corrected.
pub fn correct(
    connection: &mut Connection,
    (tenant, election): Owner,
    id: RollId,
    correction: &Correction,
) -> QueryResult<()> {
    diesel::update(
        roll_rows::table.filter(
            roll_rows::tenant_id
                .eq(tenant)
                .and(roll_rows::election_id.eq(election))
                .and(roll_rows::id.eq(id)),
        ),
    )
    .set(correction)
    .execute(connection)?;
    Ok(())
}

/// Takes a voter off the roll.
///
/// # Errors
/// The query fails.
pub fn remove(
    connection: &mut Connection,
    (tenant, election): Owner,
    id: RollId,
) -> QueryResult<()> {
    diesel::delete(
        roll_rows::table.filter(
            roll_rows::tenant_id
                .eq(tenant)
                .and(roll_rows::election_id.eq(election))
                .and(roll_rows::id.eq(id)),
        ),
    )
    .execute(connection)?;
    Ok(())
}
