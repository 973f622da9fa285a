//! What staff has the commission sign.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload as Body;
use actix_web::web::{Data, Json, Path};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use data_encoding::HEXLOWER_PERMISSIVE;
use hanpyo_ledger::entry::{
    AssetAmendment, Attempt, CeremonyRestart, CredentialIndex, Entry, Hash, PaperStrike,
    PaperTurnout, Payload, Reason, Redating, Seconds, Signed, Void,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::entries::{EntryPlace, placed};
use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::db;
use crate::db::audit::Deed;
use crate::problem::{FieldError, Problem};
use crate::sequencer::{Appended, Ledger};
use crate::state::AppState;

/// Why something is done; published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    /// 1 to 4,096 bytes.
    reason: String,
}

/// Who votes on paper: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strike {
    /// Identifier in the electoral roll.
    voter_id: Option<String>,
    /// Index of the credential.
    credential_index: Option<u32>,
}

/// Paper votes so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperVotes {
    /// One number for each unit, in their order.
    per_unit: Vec<u64>,
}

/// A later end of voting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClosing {
    /// In seconds since 1970.
    closes: u64,
    /// Published.
    reason: String,
}

/// New voting pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAssets {
    /// SHA-256 of the asset manifest, in hex.
    hash: String,
    /// Published.
    reason: String,
}

/// A caller who may run the election in the path, and its ledger.
pub(crate) struct Run {
    state: Data<AppState>,
    actor: Actor,
    ledger: Arc<Ledger>,
}

impl FromRequest for Run {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Body) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = Data::<AppState>::extract(&request).await?;
            let actor = Actor::extract(&request).await?;
            let path = Path::<ElectionPath>::extract(&request).await?;
            actor.authorize(&path.tenant, Permission::RunElections)?;
            let ledger = ledger(&state, &path)?;
            Ok(Self {
                state,
                actor,
                ledger,
            })
        })
    }
}

impl Run {
    /// Has the commission sign `payload`, and notes the deed.
    async fn sign<T>(self, action: &'static str, payload: T) -> Result<HttpResponse, Problem>
    where
        T: Payload,
        Signed<T>: Into<Entry>,
    {
        let appended = self.ledger.append_as_commission(payload).await?;
        Ok(self.done(action, appended).await)
    }

    /// Notes the deed, then answers. The entry on the board is the stronger evidence; a trail that
    /// cannot be written does not undo it.
    async fn done(self, action: &'static str, appended: Appended) -> HttpResponse {
        let (now, slug) = (self.state.clock.now(), self.ledger.id().slug.clone());
        let noted = self.state.db.write(move |c| {
            let deed = Deed {
                tenant: self.actor.own_tenant(),
                actor: Some(self.actor.staff),
                action,
                target: format!("entry/{}", appended.first).into(),
                election: Some(&slug),
                detail: json!({}),
            };
            Ok::<_, Problem>(db::audit::record(c, &deed, now)?)
        });
        if let Err(error) = noted.await {
            tracing::error!(action, error = %error, "the audit trail could not be written");
        }
        placed(appended)
    }
}

fn reason(text: String) -> Result<Reason, Problem> {
    Reason::try_from(text).map_err(|e| field("reason", e.to_string()))
}

fn field(name: &str, reason: String) -> Problem {
    Problem::invalid(vec![FieldError {
        field: name.to_owned(),
        reason,
    }])
}

/// Open voting
///
/// By hand; the schedule does it otherwise. Not before the first voting window.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/open", tag = "running",
    params(ElectionPath), security(("staff" = [])),
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn open(run: Run) -> Result<HttpResponse, Problem> {
    let appended = run.ledger.open_voting().await?;
    Ok(run.done("election.open", appended).await)
}

/// Close voting
///
/// By hand; the schedule does it otherwise. Not before closing time and grace are over. Every
/// acknowledged ballot is in the log before.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/close", tag = "running",
    params(ElectionPath), security(("staff" = [])),
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn close(run: Run) -> Result<HttpResponse, Problem> {
    let appended = run.ledger.close_voting().await?;
    Ok(run.done("election.close", appended).await)
}

/// Declare an election void
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/void", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = Because,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn void(run: Run, body: Json<Because>) -> Result<HttpResponse, Problem> {
    let reason = reason(body.into_inner().reason)?;
    run.sign("election.void", Void { reason }).await
}

/// Begin the key ceremony anew
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/ceremony/restart", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = Because,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn restart(run: Run, body: Json<Because>) -> Result<HttpResponse, Problem> {
    let reason = reason(body.into_inner().reason)?;
    let attempt = run.ledger.record().checker().ceremony_attempt();
    let next = attempt.and_then(|attempt| Attempt::try_from(attempt + 1).ok());
    let new_attempt = next.ok_or_else(|| {
        Problem::conflict("wrong-phase", "There is no key ceremony to begin anew.")
    })?;
    let payload = CeremonyRestart {
        new_attempt,
        reason,
    };
    run.sign("ceremony.restart", payload).await
}

/// Strike a voter who votes on paper
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/paper/strikes", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = Strike,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn strike(run: Run, body: Json<Strike>) -> Result<HttpResponse, Problem> {
    let index = match body.into_inner() {
        Strike {
            voter_id: None,
            credential_index: Some(index),
        } => index,
        Strike {
            voter_id: Some(voter),
            credential_index: None,
        } => credential_of(&run.state, &run.ledger, voter).await?,
        _ => {
            let reason = "expected voter_id or credential_index, one of the two";
            return Err(field("voter_id", reason.to_owned()));
        }
    };
    let credential = CredentialIndex::from(index);
    run.sign("paper.strike", PaperStrike { credential }).await
}

async fn credential_of(state: &AppState, ledger: &Ledger, voter: String) -> Result<u32, Problem> {
    let (tenant, election) = (ledger.id().tenant, ledger.id().election);
    let found = state
        .db
        .read(move |c| Ok::<_, Problem>(db::roll::find(c, tenant, election, voter.trim())?))
        .await?;
    let unknown = || field("voter_id", "no such voter in the roll".to_owned());
    let index = found.ok_or_else(unknown)?.credential_index;
    index
        .and_then(|index| u32::try_from(index).ok())
        .ok_or_else(|| Problem::conflict("no-credential", "The voter has no credential yet."))
}

/// State the paper votes so far
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/paper/turnout", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = PaperVotes,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn paper_turnout(
    run: Run,
    body: Json<PaperVotes>,
) -> Result<HttpResponse, Problem> {
    let per_unit = body.into_inner().per_unit;
    let per_unit =
        per_unit
            .try_into()
            .map_err(|e: hanpyo_ledger::entry::bounded::WrongLength| {
                field("per_unit", e.to_string())
            })?;
    run.sign("paper.turnout", PaperTurnout { per_unit }).await
}

/// Close voting later than planned
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/redating", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = NewClosing,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn redate(run: Run, body: Json<NewClosing>) -> Result<HttpResponse, Problem> {
    let NewClosing {
        closes,
        reason: why,
    } = body.into_inner();
    let payload = Redating {
        closes: Seconds::new(closes),
        reason: reason(why)?,
    };
    run.sign("election.redate", payload).await
}

/// Announce changed voting pages
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/assets", tag = "running",
    params(ElectionPath), security(("staff" = [])), request_body = NewAssets,
    responses((status = 201, body = EntryPlace), (status = "default", response = AnyProblem)))]
pub(crate) async fn amend_assets(run: Run, body: Json<NewAssets>) -> Result<HttpResponse, Problem> {
    let NewAssets { hash, reason: why } = body.into_inner();
    let hash = HEXLOWER_PERMISSIVE
        .decode(hash.as_bytes())
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| field("hash", "expected 64 hex digits".to_owned()))?;
    let payload = AssetAmendment {
        assets: Hash(hash),
        reason: reason(why)?,
    };
    run.sign("election.assets", payload).await
}
