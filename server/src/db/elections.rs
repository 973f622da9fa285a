//! Elections up to their approval.
//!
//! draft -> in_review -> approved. Every change names the version it was made from; a change
//! made from another version changes nothing. An edit of a submitted draft takes it back to
//! `draft`. After approval the phase of the election is what its ledger says.

use std::str::FromStr;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::connection::Connection;
use super::schema::{election_editors, elections, ledgers, tenants};
use crate::clock::Millis;
use crate::draft::ServerPart;
use crate::ids::{ElectionId, StaffId, TenantId};

/// Where an election's paper work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ElectionState {
    /// Being written.
    Draft,
    /// Submitted; waits for a second person.
    InReview,
    /// Approved and frozen.
    Approved,
}

impl ElectionState {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Draft, "draft"),
        (Self::InReview, "in_review"),
        (Self::Approved, "approved"),
    ];

    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }
}

/// A stored state that this program does not know.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no state of an election")]
pub struct UnknownState(String);

impl FromStr for ElectionState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|(_, name)| *name == text)
            .map(|(state, _)| state)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

impl TryFrom<String> for ElectionState {
    type Error = UnknownState;

    fn try_from(text: String) -> Result<Self, UnknownState> {
        text.parse()
    }
}

/// An election.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = elections)]
pub struct Election {
    /// Key.
    pub id: ElectionId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// Name in paths.
    pub slug: String,
    /// Name of its log.
    pub origin: String,
    /// Folder of the server's keys for it.
    pub keys_folder: String,
    /// vkey of its log.
    pub log_vkey: String,
    /// Key of its acknowledgements, in hex.
    pub acknowledgement_key: String,
    /// Key of the commission, in hex.
    pub commission_key: String,
    /// Korean title.
    pub title_ko: String,
    /// English title; may be empty.
    pub title_en: String,
    /// JSON manifest draft.
    pub draft: String,
    /// Where its paper work stands.
    #[diesel(deserialize_as = String)]
    pub state: ElectionState,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
    /// Who submitted it.
    pub submitted_by: Option<StaffId>,
    /// When it was submitted.
    pub submitted_at: Option<Millis>,
    /// Who approved it.
    pub approved_by: Option<StaffId>,
    /// When it was approved.
    pub approved_at: Option<Millis>,
    /// Hash mh of the manifest that was approved.
    pub manifest_hash: Option<Vec<u8>>,
    /// When its roll was sealed on the ledger.
    pub roll_sealed_at: Option<Millis>,
}

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

impl Election {
    /// What the server puts into its manifest.
    #[must_use]
    pub fn server_part(&self) -> ServerPart {
        ServerPart {
            origin: self.origin.clone(),
            log_vkey: self.log_vkey.clone(),
            acknowledgement_key: self.acknowledgement_key.clone(),
            commission_key: self.commission_key.clone(),
        }
    }
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

/// The tenant's election with this slug.
///
/// # Errors
/// The query fails.
pub fn find(
    connection: &mut Connection,
    tenant: TenantId,
    slug: &str,
) -> QueryResult<Option<Election>> {
    elections::table
        .filter(
            elections::tenant_id
                .eq(tenant)
                .and(elections::slug.eq(slug)),
        )
        .select(Election::as_select())
        .first(connection)
        .optional()
}

/// The tenant's elections, newest first.
///
/// # Errors
/// The query fails.
pub fn list(connection: &mut Connection, tenant: TenantId) -> QueryResult<Vec<Election>> {
    elections::table
        .filter(elections::tenant_id.eq(tenant))
        .order(elections::id.desc())
        .select(Election::as_select())
        .load(connection)
}

/// The approved election that a public path names. Approved elections are public, so this needs
/// no session; it is how voters and the board get from slugs to identifiers.
///
/// # Errors
/// The query fails.
pub fn find_approved(
    connection: &mut Connection,
    tenant_slug: &str,
    slug: &str,
) -> QueryResult<Option<Election>> {
    elections::table
        .inner_join(tenants::table)
        .filter(tenants::slug.eq(tenant_slug).and(elections::slug.eq(slug)))
        .filter(elections::state.eq(ElectionState::Approved.name()))
        .select(Election::as_select())
        .first(connection)
        .optional()
}

/// All elections with the slugs of their tenants, oldest first.
///
/// # Errors
/// The query fails.
pub fn all(connection: &mut Connection) -> QueryResult<Vec<(String, Election)>> {
    elections::table
        .inner_join(tenants::table)
        .order(elections::id)
        .select((tenants::slug, Election::as_select()))
        .load(connection)
}

/// All approved elections with the slugs of their tenants, oldest first.
///
/// # Errors
/// The query fails.
pub fn approved(connection: &mut Connection) -> QueryResult<Vec<(String, Election)>> {
    elections::table
        .inner_join(tenants::table)
        .filter(elections::state.eq(ElectionState::Approved.name()))
        .order(elections::id)
        .select((tenants::slug, Election::as_select()))
        .load(connection)
}

/// Slugs of tenant and election of approved elections whose logs have no entry yet.
///
/// # Errors
/// The query fails.
pub fn without_entries(connection: &mut Connection) -> QueryResult<Vec<(String, String)>> {
    elections::table
        .inner_join(tenants::table)
        .left_join(ledgers::table.on(ledgers::election_id.eq(elections::id)))
        .filter(elections::state.eq(ElectionState::Approved.name()))
        .filter(
            ledgers::size
                .nullable()
                .is_null()
                .or(ledgers::size.nullable().eq(0)),
        )
        .select((tenants::slug, elections::slug))
        .load(connection)
}

/// An approved election in public lists.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// Slug of its tenant.
    pub tenant_slug: String,
    /// Name of its tenant.
    pub tenant_name: String,
    /// Its own slug.
    pub slug: String,
    /// Phase of its ledger.
    pub phase: String,
}

/// Approved elections that are not left out of public lists, of one tenant or of all, the newest
/// first.
///
/// # Errors
/// The query fails.
pub fn listed(
    connection: &mut Connection,
    tenant_slug: Option<&str>,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let mut query = ledgers::table
        .inner_join(elections::table.inner_join(tenants::table))
        .filter(elections::listed.eq(true))
        .order(elections::id.desc())
        .offset(offset)
        .limit(limit)
        .select((
            tenants::slug,
            tenants::name,
            elections::slug,
            ledgers::phase,
        ))
        .into_boxed();
    if let Some(slug) = tenant_slug {
        query = query.filter(tenants::slug.eq(slug));
    }
    query.load(connection)
}

/// Whether an election stands in public lists; `None` if there is no such election.
///
/// # Errors
/// The query fails.
pub fn is_listed(
    connection: &mut Connection,
    tenant: TenantId,
    slug: &str,
) -> QueryResult<Option<bool>> {
    elections::table
        .filter(
            elections::tenant_id
                .eq(tenant)
                .and(elections::slug.eq(slug)),
        )
        .select(elections::listed)
        .first(connection)
        .optional()
}

/// Puts an election into public lists or leaves it out; whether there is such an election.
///
/// # Errors
/// The query fails.
pub fn set_listed(
    connection: &mut Connection,
    tenant: TenantId,
    slug: &str,
    listed: bool,
) -> QueryResult<bool> {
    let changed = diesel::update(elections::table)
        .filter(
            elections::tenant_id
                .eq(tenant)
                .and(elections::slug.eq(slug)),
        )
        .set(elections::listed.eq(listed))
        .execute(connection)?;
    Ok(changed == 1)
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
    let changed = diesel::update(elections::table)
        .filter(elections::tenant_id.eq(election.tenant_id))
        .filter(
            elections::id
                .eq(election.id)
                .and(elections::version.eq(election.version)),
        )
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
    let changed = diesel::update(elections::table)
        .filter(elections::tenant_id.eq(election.tenant_id))
        .filter(
            elections::id
                .eq(election.id)
                .and(elections::version.eq(election.version)),
        )
        .filter(elections::state.eq(ElectionState::Draft.name()))
        .set((
            elections::state.eq(ElectionState::InReview.name()),
            elections::submitted_by.eq(by),
            elections::submitted_at.eq(now),
            elections::version.eq(election.version + 1),
            elections::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(outcome(changed, election))
}

/// in_review -> draft, by whoever reviews it.
///
/// # Errors
/// The query fails.
pub fn send_back(
    connection: &mut Connection,
    election: &Election,
    now: Millis,
) -> QueryResult<Changed> {
    let changed = diesel::update(elections::table)
        .filter(elections::tenant_id.eq(election.tenant_id))
        .filter(
            elections::id
                .eq(election.id)
                .and(elections::version.eq(election.version)),
        )
        .filter(elections::state.eq(ElectionState::InReview.name()))
        .set((
            elections::state.eq(ElectionState::Draft.name()),
            elections::submitted_by.eq(None::<StaffId>),
            elections::submitted_at.eq(None::<Millis>),
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
    let changed = diesel::update(elections::table)
        .filter(elections::tenant_id.eq(election.tenant_id))
        .filter(
            elections::id
                .eq(election.id)
                .and(elections::version.eq(election.version)),
        )
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
    let deleted = diesel::delete(elections::table)
        .filter(elections::tenant_id.eq(election.tenant_id))
        .filter(
            elections::id
                .eq(election.id)
                .and(elections::version.eq(election.version)),
        )
        .filter(elections::state.eq(ElectionState::Draft.name()))
        .execute(connection)?;
    Ok(deleted == 1)
}

/// Whether `staff` wrote or submitted a part of this election.
///
/// # Errors
/// The query fails.
pub fn took_part(
    connection: &mut Connection,
    election: &Election,
    staff: StaffId,
) -> QueryResult<bool> {
    let edited: i64 = election_editors::table
        .filter(election_editors::election_id.eq(election.id))
        .filter(election_editors::staff_id.eq(staff))
        .count()
        .get_result(connection)?;
    Ok(edited > 0 || election.submitted_by == Some(staff))
}

/// The manifest that was approved: the payload bytes of entry 0.
///
/// # Errors
/// The query fails.
pub fn manifest(
    connection: &mut Connection,
    tenant: TenantId,
    id: ElectionId,
) -> QueryResult<Option<Vec<u8>>> {
    elections::table
        .filter(elections::tenant_id.eq(tenant).and(elections::id.eq(id)))
        .select(elections::manifest)
        .first(connection)
        .optional()
        .map(Option::flatten)
}

/// Notes that the roll was sealed on the ledger; roll and assignment stand still from then on.
///
/// # Errors
/// The query fails.
pub fn set_roll_sealed(
    connection: &mut Connection,
    tenant: TenantId,
    id: ElectionId,
    now: Millis,
) -> QueryResult<()> {
    diesel::update(elections::table)
        .filter(elections::tenant_id.eq(tenant).and(elections::id.eq(id)))
        .set(elections::roll_sealed_at.eq(now))
        .execute(connection)?;
    Ok(())
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

fn outcome(changed_rows: usize, election: &Election) -> Changed {
    if changed_rows == 1 {
        Changed::To(election.version + 1)
    } else {
        Changed::Stale
    }
}
