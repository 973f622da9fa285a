//! From a draft to an approved election, and the seal of its roll. Every change names the version
//! it was made from.

use diesel::prelude::*;

use super::{Election, ElectionState};
use crate::clock::Millis;
use crate::db::connection::Connection;
use crate::db::schema::{election_editors, elections};
use crate::draft::ServerPart;
use crate::ids::{ElectionId, StaffId, TenantId};

/// What a draft consists of in the database.
#[derive(Debug, Clone)]
pub struct DraftColumns {
    /// Korean title.
    pub title_ko: String,
    /// English title.
    pub title_en: String,
    /// JSON.
    pub draft: String,
}

/// A new election.
pub struct NewElection<'a> {
    /// Its tenant.
    pub tenant: TenantId,
    /// Name in paths.
    pub slug: &'a str,
    /// Origin and public keys.
    pub server: &'a ServerPart,
    /// Folder of the server's keys for it.
    pub keys_folder: &'a str,
    /// What it begins with.
    pub columns: &'a DraftColumns,
    /// Who makes it.
    pub author: StaffId,
}

/// Whether a change was made.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was; this is the new version.
    To(i64),
    /// It was not: version or state are not what the change was made from.
    Stale,
}

/// Makes a draft.
///
/// # Errors
/// A unique violation if the tenant has this slug already.
pub fn create(
    connection: &mut Connection,
    new: &NewElection<'_>,
    now: Millis,
) -> QueryResult<ElectionId> {
    let id: ElectionId = diesel::insert_into(elections::table)
        .values((
            elections::tenant_id.eq(new.tenant),
            elections::slug.eq(new.slug),
            elections::origin.eq(&new.server.origin),
            elections::keys_folder.eq(new.keys_folder),
            elections::log_vkey.eq(&new.server.log_vkey),
            elections::acknowledgement_key.eq(&new.server.acknowledgement_key),
            elections::commission_key.eq(&new.server.commission_key),
            elections::title_ko.eq(&new.columns.title_ko),
            elections::title_en.eq(&new.columns.title_en),
            elections::draft.eq(&new.columns.draft),
            elections::state.eq(ElectionState::Draft.name()),
            elections::version.eq(1),
            elections::created_at.eq(now),
            elections::updated_at.eq(now),
        ))
        .returning(elections::id)
        .get_result(connection)?;
    add_editor(connection, id, new.author)?;
    Ok(id)
}

/// Replaces the draft; one in review goes back to `draft`.
///
/// # Errors
/// The query fails.
pub fn edit(
    connection: &mut Connection,
    election: &Election,
    columns: &DraftColumns,
    editor: StaffId,
    now: Millis,
) -> QueryResult<Changed> {
    let changed = diesel::update(at_version(election))
        .filter(elections::state.ne(ElectionState::Approved.name()))
        .set((
            elections::title_ko.eq(&columns.title_ko),
            elections::title_en.eq(&columns.title_en),
            elections::draft.eq(&columns.draft),
            elections::state.eq(ElectionState::Draft.name()),
            elections::submitted_by.eq(None::<StaffId>),
            elections::submitted_at.eq(None::<Millis>),
            elections::version.eq(election.version + 1),
            elections::updated_at.eq(now),
        ))
        .execute(connection)?;
    add_editor(connection, election.id, editor)?;
    Ok(outcome(changed, election))
}

/// Stores a draft that the server completed while it is submitted: no new version.
///
/// # Errors
/// The query fails.
pub fn complete_draft(
    connection: &mut Connection,
    election: &Election,
    draft: &str,
) -> QueryResult<()> {
    diesel::update(elections::table.find(election.id))
        .filter(elections::tenant_id.eq(election.tenant_id))
        .set(elections::draft.eq(draft))
        .execute(connection)?;
    Ok(())
}

/// draft -> in_review.
///
/// # Errors
/// The query fails.
pub fn submit(
    connection: &mut Connection,
    election: &Election,
    by: StaffId,
    now: Millis,
) -> QueryResult<Changed> {
    let changed = diesel::update(at_version(election))
        .filter(elections::state.eq(ElectionState::Draft.name()))
        .set((
            elections::state.eq(ElectionState::InReview.name()),
            elections::submitted_by.eq(by),
            elections::submitted_at.eq(now),
            elections::returned_by.eq(None::<StaffId>),
            elections::returned_at.eq(None::<Millis>),
            elections::return_reason.eq(None::<String>),
            elections::version.eq(election.version + 1),
            elections::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(outcome(changed, election))
}

/// in_review -> draft, by whoever reviews it, with what is to be changed.
///
/// # Errors
/// The query fails.
pub fn send_back(
    connection: &mut Connection,
    election: &Election,
    by: StaffId,
    reason: &str,
    now: Millis,
) -> QueryResult<Changed> {
    let changed = diesel::update(at_version(election))
        .filter(elections::state.eq(ElectionState::InReview.name()))
        .set((
            elections::state.eq(ElectionState::Draft.name()),
            elections::submitted_by.eq(None::<StaffId>),
            elections::submitted_at.eq(None::<Millis>),
            elections::returned_by.eq(by),
            elections::returned_at.eq(now),
            elections::return_reason.eq(reason),
            elections::version.eq(election.version + 1),
            elections::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(outcome(changed, election))
}

/// in_review -> approved, with the manifest that is frozen.
///
/// # Errors
/// The query fails.
pub fn approve(
    connection: &mut Connection,
    election: &Election,
    by: StaffId,
    manifest: &[u8],
    manifest_hash: &[u8; 32],
    now: Millis,
) -> QueryResult<Changed> {
    let changed = diesel::update(at_version(election))
        .filter(elections::state.eq(ElectionState::InReview.name()))
        .set((
            elections::state.eq(ElectionState::Approved.name()),
            elections::approved_by.eq(by),
            elections::approved_at.eq(now),
            elections::manifest.eq(manifest),
            elections::manifest_hash.eq(&manifest_hash[..]),
            elections::version.eq(election.version + 1),
            elections::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(outcome(changed, election))
}

/// Deletes an election that was never submitted further than a draft. Its roll must be empty.
///
/// # Errors
/// The query fails, also if rows refer to it.
pub fn delete_draft(connection: &mut Connection, election: &Election) -> QueryResult<bool> {
    let deleted = diesel::delete(at_version(election))
        .filter(elections::state.eq(ElectionState::Draft.name()))
        .execute(connection)?;
    Ok(deleted == 1)
}

/// Notes that roll or assignment change; the new version of the roll. Belongs to the transaction of the change,
/// of one in parts to that which makes it valid.
///
/// # Errors
/// The query fails.
pub fn note_roll_change(
    connection: &mut Connection,
    tenant: TenantId,
    id: ElectionId,
) -> QueryResult<i64> {
    diesel::update(elections::table)
        .filter(elections::tenant_id.eq(tenant).and(elections::id.eq(id)))
        .set(elections::roll_version.eq(elections::roll_version + 1))
        .returning(elections::roll_version)
        .get_result(connection)
}

/// What [`note_roll_change`] has counted.
///
/// # Errors
/// The query fails.
pub fn roll_version(
    connection: &mut Connection,
    tenant: TenantId,
    id: ElectionId,
) -> QueryResult<i64> {
    elections::table
        .filter(elections::tenant_id.eq(tenant).and(elections::id.eq(id)))
        .select(elections::roll_version)
        .first(connection)
}

/// Notes that the roll was sealed on the ledger; roll and assignment stand still from then on.
/// False, and nothing is noted, if the roll is not at `roll_version` any more.
///
/// # Errors
/// The query fails.
pub fn set_roll_sealed(
    connection: &mut Connection,
    (tenant, id): (TenantId, ElectionId),
    roll_version: i64,
    now: Millis,
) -> QueryResult<bool> {
    let changed = diesel::update(elections::table)
        .filter(elections::tenant_id.eq(tenant).and(elections::id.eq(id)))
        .filter(elections::roll_version.eq(roll_version))
        .set(elections::roll_sealed_at.eq(now))
        .execute(connection)?;
    Ok(changed == 1)
}

fn add_editor(connection: &mut Connection, id: ElectionId, staff: StaffId) -> QueryResult<()> {
    diesel::insert_into(election_editors::table)
        .values((
            election_editors::election_id.eq(id),
            election_editors::staff_id.eq(staff),
        ))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

/// The row of the election, as long as nobody changed it since.
#[diesel::dsl::auto_type(no_type_alias)]
fn at_version(election: &Election) -> _ {
    let tenant: TenantId = election.tenant_id;
    let id: ElectionId = election.id;
    let version: i64 = election.version;
    elections::table
        .filter(elections::tenant_id.eq(tenant))
        .filter(elections::id.eq(id).and(elections::version.eq(version)))
}

fn outcome(changed_rows: usize, election: &Election) -> Changed {
    if changed_rows == 1 {
        Changed::To(election.version + 1)
    } else {
        Changed::Stale
    }
}
