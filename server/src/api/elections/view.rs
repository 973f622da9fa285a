//! Elections as staff sees them.

use actix_web::HttpResponse;
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::{CheckedManifest, ManifestDraft};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::etag::tagged;
use crate::clock::rfc3339;
use crate::db::elections::{Election, ElectionState};
use crate::db::lots::Lot;
use crate::db::{self, Connection, DbError};
use crate::draft;
use crate::ids::StaffId;
use crate::lots_api;
use crate::problem::{FieldError, Problem};

/// An election in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElectionSummary {
    /// Name in paths.
    slug: String,
    /// Korean title.
    title_ko: String,
    /// English title; may be empty.
    title_en: String,
    /// Where its paper work stands.
    state: ElectionState,
    /// Last change, RFC 3339.
    updated_at: String,
}

/// An election.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElectionView {
    /// Name in paths.
    slug: String,
    /// Where its paper work stands.
    state: ElectionState,
    /// Grows with every change; also the `ETag`.
    version: i64,
    /// Name of its log, `<host>/<tenant>/<election>`.
    origin: String,
    /// vkey of its log.
    log_vkey: String,
    /// Key of its acknowledgements, in hex.
    acknowledgement_key: String,
    /// Key of the commission, in hex.
    commission_key: String,
    /// The manifest draft.
    #[schema(value_type = Object)]
    draft: ManifestDraft,
    /// What is still missing or wrong for a manifest; it must be empty to submit.
    problems: Vec<FieldError>,
    /// When it was made, RFC 3339.
    created_at: String,
    /// Last change, RFC 3339.
    updated_at: String,
    /// Number of the account that submitted it.
    submitted_by: Option<i64>,
    /// When it was submitted, RFC 3339.
    submitted_at: Option<String>,
    /// Who returned it and why, if it was not submitted since.
    returned: Option<Returned>,
    /// Number of the account that approved it.
    approved_by: Option<i64>,
    /// When it was approved, RFC 3339.
    approved_at: Option<String>,
    /// Hash of the manifest that approval froze, or would freeze now, in hex; null while there are
    /// problems.
    manifest_hash: Option<String>,
}

/// A draft that went back to its authors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Returned {
    /// Number of the account that returned it.
    by: i64,
    /// When, RFC 3339.
    at: String,
    /// What is to be changed.
    reason: String,
}

fn returned(election: &Election) -> Option<Returned> {
    Some(Returned {
        by: election.returned_by?.get(),
        at: rfc3339(election.returned_at?),
        reason: election.return_reason.clone()?,
    })
}

/// The draft of an election.
pub(super) fn draft_of(election: &Election) -> Result<ManifestDraft, Problem> {
    ManifestDraft::from_json(&election.draft).map_err(|error| {
        let reason = error.to_string();
        Problem::internal(&DbError::Corrupt {
            what: "draft of an election",
            reason,
        })
    })
}

/// An election and the draws by lot that its draft must agree with.
pub(super) struct Drawn {
    pub(super) election: Election,
    pub(super) lots: Vec<Lot>,
}

impl Drawn {
    pub(super) fn load(c: &mut Connection, election: Election) -> Result<Self, Problem> {
        let lots = db::lots::list(c, (election.tenant_id, election.id))?;
        Ok(Self { election, lots })
    }

    /// The manifest that approval would freeze now, or all that hinders it.
    ///
    /// # Errors
    /// What is stored cannot be read.
    pub(super) fn freeze(&self) -> Result<Result<CheckedManifest, Vec<FieldError>>, Problem> {
        let draft = draft_of(&self.election)?;
        let mut problems = lots_api::check(&draft, &self.lots)?;
        Ok(match draft::freeze(&draft, &self.election.server_part()) {
            Ok(manifest) if problems.is_empty() => Ok(manifest),
            Ok(_) => Err(problems),
            Err(others) => {
                problems.extend(others);
                Err(problems)
            }
        })
    }
}

pub(super) fn respond(drawn: &Drawn) -> Result<HttpResponse, Problem> {
    Ok(tagged(&mut HttpResponse::Ok(), drawn.election.version).json(view(drawn)?))
}

pub(super) fn summary(election: Election) -> ElectionSummary {
    ElectionSummary {
        slug: election.slug,
        title_ko: election.title_ko,
        title_en: election.title_en,
        state: election.state,
        updated_at: rfc3339(election.updated_at),
    }
}

pub(super) fn view(drawn: &Drawn) -> Result<ElectionView, Problem> {
    let election = &drawn.election;
    let draft = draft_of(election)?;
    let (problems, manifest_hash) = match &election.manifest_hash {
        Some(hash) => (Vec::new(), Some(HEXLOWER.encode(hash))),
        None => match drawn.freeze()? {
            Ok(manifest) => (
                Vec::new(),
                Some(HEXLOWER.encode(manifest.hash().as_bytes())),
            ),
            Err(problems) => (problems, None),
        },
    };
    Ok(ElectionView {
        slug: election.slug.clone(),
        state: election.state,
        version: election.version,
        origin: election.origin.clone(),
        log_vkey: election.log_vkey.clone(),
        acknowledgement_key: election.acknowledgement_key.clone(),
        commission_key: election.commission_key.clone(),
        draft,
        problems,
        created_at: rfc3339(election.created_at),
        updated_at: rfc3339(election.updated_at),
        submitted_by: election.submitted_by.map(StaffId::get),
        submitted_at: election.submitted_at.map(rfc3339),
        returned: returned(election),
        approved_by: election.approved_by.map(StaffId::get),
        approved_at: election.approved_at.map(rfc3339),
        manifest_hash,
    })
}
