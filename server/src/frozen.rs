//! Approved elections: the frozen manifest, parsed, by the slugs of public paths.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use hanpyo_ledger::manifest::{CheckedManifest, Manifest};

use crate::db::connection::Connection;
use crate::db::{self, Db, DbError};
use crate::ids::{ElectionId, TenantId};

/// An approved election. Nothing in it ever changes.
#[derive(Debug)]
pub struct FrozenElection {
    /// Its tenant.
    pub tenant: TenantId,
    /// Key.
    pub id: ElectionId,
    /// Slug of its tenant.
    pub tenant_slug: String,
    /// Its slug.
    pub slug: String,
    /// Folder of the server's keys for it.
    pub keys_folder: String,
    /// Its manifest.
    pub manifest: CheckedManifest,
}

/// Approved elections that were asked for, kept in memory: voters come with slugs only, thousands a
/// second.
#[derive(Debug, Default)]
pub struct FrozenElections {
    /// By slugs of tenant and election. Bounded by the number of approved elections, because
    /// nothing else is kept.
    known: RwLock<HashMap<(String, String), Arc<FrozenElection>>>,
}

impl FrozenElections {
    /// The approved election of a public path; `None` if there is none.
    ///
    /// # Errors
    /// The query fails, or the stored manifest is unreadable.
    pub async fn find(
        &self,
        db: &Db,
        tenant_slug: &str,
        slug: &str,
    ) -> Result<Option<Arc<FrozenElection>>, DbError> {
        let key = (tenant_slug.to_owned(), slug.to_owned());
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        if known.is_some() {
            return Ok(known);
        }
        let (tenant_slug, slug) = key.clone();
        let found = db
            .read(move |c| load(c, &tenant_slug, &slug))
            .await?
            .map(Arc::new);
        if let Some(found) = &found {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, Arc::clone(found));
        }
        Ok(found)
    }
}

/// The manifest of an approved election; `None` before its approval.
///
/// # Errors
/// The query fails, or the stored bytes are no manifest that keeps the rules.
pub fn manifest(
    connection: &mut Connection,
    tenant: TenantId,
    election: ElectionId,
) -> Result<Option<CheckedManifest>, DbError> {
    let Some(bytes) = db::elections::manifest(connection, tenant, election)? else {
        return Ok(None);
    };
    let corrupt = |reason: String| DbError::Corrupt {
        what: "manifest",
        reason,
    };
    let manifest: Manifest = minicbor::decode(&bytes).map_err(|e| corrupt(e.to_string()))?;
    if manifest.canonical_bytes() != bytes {
        return Err(corrupt("not the canonical encoding".to_owned()));
    }
    CheckedManifest::new(manifest)
        .map(Some)
        .map_err(|e| corrupt(e.to_string()))
}

fn load(
    connection: &mut Connection,
    tenant_slug: &str,
    slug: &str,
) -> Result<Option<FrozenElection>, DbError> {
    let Some(election) = db::elections::find_approved(connection, tenant_slug, slug)? else {
        return Ok(None);
    };
    let manifest = manifest(connection, election.tenant_id, election.id)?;
    Ok(manifest.map(|manifest| FrozenElection {
        tenant: election.tenant_id,
        id: election.id,
        tenant_slug: tenant_slug.to_owned(),
        slug: election.slug,
        keys_folder: election.keys_folder,
        manifest,
    }))
}
