//! `/tenants/{tenant}/elections/{election}/voters`: single voters of the roll, and messages to them.
//!
//! | module | what it is |
//! |---|---|
//! | `list` | search and show |
//! | `change` | add, correct, take off, until the roll is sealed |
//! | `requests` | afterwards: another contact by two persons, a re-issue by the authority |
//! | `export` | the roll as CSV: contacts for the authority's message run, what it issues codes from, the joint roll |
//! | `messages` | invitations and reminders without codes, through the outbox |
//!
//! # Security
//! Everything here is personal data: it needs the permission to manage the roll, and reading many
//! rows is noted in the audit trail, without what was read.

pub(crate) mod change;
pub(crate) mod export;
pub(crate) mod list;
pub mod messages;
pub(crate) mod requests;

use actix_web::web::{self, ServiceConfig, delete, get, patch, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::auth::Actor;
use crate::clock::Millis;
use crate::db::audit::Deed;
use crate::db::connection::Connection;
use crate::db::elections::Election;
use crate::db::{self};
use crate::frozen;
use crate::ids::{RollId, TenantId};
use crate::problem::Problem;
use hanpyo_ledger::manifest::CheckedManifest;

/// Registers the routes; before those of elections, whose scope would take them.
pub fn routes(service: &mut ServiceConfig) {
    let resource =
        |path: &str| web::resource(format!("/tenants/{{tenant}}/elections/{{election}}{path}"));
    service
        .service(
            resource("/voters")
                .route(get().to(list::list))
                .route(post().to(change::add)),
        )
        .service(resource("/voters/export").route(get().to(export::export)))
        .service(
            resource("/voters/{voter:\\d+}")
                .route(get().to(list::show))
                .route(patch().to(change::correct))
                .route(delete().to(change::remove)),
        )
        .service(resource("/voters/{voter:\\d+}/requests").route(post().to(requests::request)))
        .service(resource("/roll-requests").route(get().to(requests::list)))
        .service(resource("/roll-requests/{id:\\d+}/decision").route(post().to(requests::decide)))
        .service(
            resource("/messages")
                .route(get().to(messages::list))
                .route(post().to(messages::send)),
        );
}

/// `/tenants/{tenant}/elections/{election}/voters/{voter}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct VoterPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Number of the voter's row.
    voter: i64,
}

impl VoterPath {
    fn id(&self) -> RollId {
        RollId(self.voter)
    }
}

/// The tenant's election with this slug and its manifest, or 404, or 409 before its approval.
fn approved(
    c: &mut Connection,
    tenant: TenantId,
    slug: &str,
) -> Result<(Election, CheckedManifest), Problem> {
    let election = db::elections::find(c, tenant, slug)?.ok_or_else(Problem::not_found)?;
    let manifest = frozen::manifest(c, tenant, election.id)?.ok_or_else(|| {
        Problem::conflict(
            "not-approved",
            "The election is not approved yet: its roll comes after.",
        )
    })?;
    Ok((election, manifest))
}

/// Notes a deed about the roll. `detail` holds no personal data.
fn note(
    c: &mut Connection,
    actor: &Actor,
    (tenant, slug): (TenantId, &str),
    (action, target): (&'static str, String),
    detail: Value,
    now: Millis,
) -> Result<(), Problem> {
    let deed = Deed {
        tenant,
        actor: Some(actor.staff),
        action,
        target: target.into(),
        election: Some(slug),
        detail,
    };
    Ok(db::audit::record(c, &deed, now)?)
}
