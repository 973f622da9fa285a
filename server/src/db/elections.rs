//! Elections up to their approval.
//!
//! draft -> in_review -> approved. Every change names the version it was made from; a change
//! made from another version changes nothing. An edit of a submitted draft takes it back to
//! `draft`. After approval the phase of the election is what its ledger says.

mod changes;
mod listing;

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::connection::Connection;
use super::schema::{election_editors, elections, ledgers, tenants};
use super::staff_control;
use crate::clock::Millis;
use crate::draft::ServerPart;
use crate::ids::{ElectionId, StaffId, TenantId};
use crate::names::names;

pub use changes::{
    Changed, DraftColumns, NewElection, approve, complete_draft, create, delete_draft, edit,
    note_roll_change, roll_version, send_back, set_roll_sealed, submit,
};
pub use listing::{Listed, is_listed, listed, set_listed};

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

names!(
    ElectionState {
        Draft = "draft",
        InReview = "in_review",
        Approved = "approved",
    },
    UnknownState = "{0:?} is no state of an election"
);

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
    /// Who returned it to its authors, if it was not submitted since.
    pub returned_by: Option<StaffId>,
    /// When it was returned.
    pub returned_at: Option<Millis>,
    /// Why it was returned.
    pub return_reason: Option<String>,
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

/// Whether `staff` wrote or submitted a part of this election, or could be one person with somebody
/// who did: because one of the two had the other's account in hand, see [`staff_control`].
///
/// # Errors
/// The query fails.
pub fn took_part(
    connection: &mut Connection,
    election: &Election,
    staff: StaffId,
) -> QueryResult<bool> {
    for author in authors(connection, election)? {
        if staff_control::could_be_one(connection, staff, author)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Everyone who wrote or submitted a part of this election.
fn authors(connection: &mut Connection, election: &Election) -> QueryResult<Vec<StaffId>> {
    let mut authors: Vec<StaffId> = election_editors::table
        .filter(election_editors::election_id.eq(election.id))
        .select(election_editors::staff_id)
        .load(connection)?;
    authors.extend(election.submitted_by);
    Ok(authors)
}

/// Who had both the account of `staff` and that of somebody who wrote the election in hand: for the
/// trail, because such a person could have been both.
///
/// # Errors
/// The query fails.
pub fn common_hands(
    connection: &mut Connection,
    election: &Election,
    staff: StaffId,
) -> QueryResult<BTreeSet<StaffId>> {
    let mut common = BTreeSet::new();
    for author in authors(connection, election)? {
        common.extend(staff_control::common_hands(connection, staff, author)?);
    }
    Ok(common)
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
