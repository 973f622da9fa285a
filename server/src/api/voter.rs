//! `/tenants/{tenant}/elections/{election}/voter`: identification and the voter's session.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data, Json, Path, ServiceConfig, post};
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::Bilingual;
use hanpyo_ledger::record::Credential;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::paths::ElectionPath;
use super::view::AnyProblem;
use crate::auth::{Secret, VoterClaims, VoterSession};
use crate::clock::{SECOND, rfc3339};
use crate::db::credentials::CredentialState;
use crate::db::roll::Voter;
use crate::db::{self, Connection, DbError};
use crate::frozen::FrozenElection;
use crate::ids::ElectionId;
use crate::outbox::{Message, OutboxError};
use crate::problem::Problem;
use crate::state::AppState;
use crate::voter::guesses::VoterKey;
use crate::voter::identify::{Request, Sending, find_code, new_code, take_code};
use crate::voter::one_time_code::is_code;

/// Registers the routes; before those of elections, whose scope would take them.
pub(super) fn routes(service: &mut ServiceConfig) {
    const VOTER: &str = "/tenants/{tenant}/elections/{election}/voter";
    service
        .service(web::resource(format!("{VOTER}/identify")).route(post().to(identify)))
        .service(web::resource(format!("{VOTER}/session")).route(post().to(session)))
        .service(web::resource(format!("{VOTER}/session/extend")).route(post().to(extend)));
}

/// Longest identifier that is looked at, in bytes.
const MAX_VOTER_ID: usize = 256;

/// Seconds after which a voter may ask again when too many are asking.
const BUSY_SECONDS: u64 = 2;

/// How long a request for a code waits before it asks a busy database again.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// Who wants to vote.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifyRequest {
    /// Identifier in the electoral roll.
    #[schema(example = "V0000123")]
    voter_id: String,
}

/// The one-time code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionRequest {
    /// Identifier in the electoral roll.
    #[schema(example = "V0000123")]
    voter_id: String,
    /// Six digits.
    otp: Secret,
}

/// A voter's session.
#[derive(Serialize, ToSchema)]
pub(crate) struct VoterToken {
    /// Send as `Authorization: Bearer`.
    token: String,
    /// End of the session, RFC 3339.
    expires_at: String,
    /// Index of the voter's credential in the roll on the board.
    credential_index: u32,
    /// Number of the voter's ballot style.
    style: i32,
    /// Number of the voter's reporting unit.
    unit: i32,
    /// Public credential P on the board, in hex; null until it is published. A voting code that
    /// does not give it is not this voter's.
    public_credential: Option<String>,
    /// Whether a ballot of this voter is durable, in the log or on its way there.
    has_cast: bool,
    /// Counter of the voter's last ballot, 0 before the first. The next one must be above it.
    last_counter: i64,
    /// Whether the voter was struck because of voting on paper.
    on_paper: bool,
    /// Whether the credential was revoked.
    revoked: bool,
}

/// Who votes, and what became of the credential so far.
struct Standing {
    voter: Voter,
    index: u32,
    credential: CredentialState,
}

impl Standing {
    fn of(c: &mut Connection, election: ElectionId, voter: Voter) -> Result<Self, Problem> {
        let index = voter.credential_index.and_then(|i| u32::try_from(i).ok());
        let index = index.ok_or_else(|| {
            Problem::conflict("no-credential", "The voter has no credential yet.")
        })?;
        let credential = db::credentials::find(c, election, index)?;
        Ok(Self {
            voter,
            index,
            credential,
        })
    }
}

/// Ask for a one-time code
///
/// The answer is the same whether or not the voter is in the roll.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/voter/identify", tag = "voter",
    params(ElectionPath), request_body = IdentifyRequest,
    responses((status = 202, description = "A code is sent if the voter is in the roll and has not had too many."),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn identify(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    client: HttpRequest,
    body: Json<IdentifyRequest>,
) -> Result<HttpResponse, Problem> {
    state.count_voter(&client)?;
    let request = request(&state, &path, body.into_inner().voter_id).await?;
    let turn = Arc::clone(&state.identify_turns)
        .try_acquire_owned()
        .map_err(|_| Problem::busy(BUSY_SECONDS))?;
    // Answered before anyone looks, so that the time taken tells nothing either.
    let state = state.into_inner();
    tokio::spawn(async move {
        if let Err(error) = send_code(&state, request).await {
            tracing::error!(error = %error, "a one-time code could not be sent");
        }
        drop(turn);
    });
    Ok(HttpResponse::Accepted().finish())
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

async fn send_code(state: &Arc<AppState>, request: Request) -> Result<(), SendError> {
    // The voter was told to wait for a message, so a busy writer is waited for. That is bounded:
    // each request under way holds a turn.
    let sending = loop {
        let (shared, asked) = (Arc::clone(state), request.clone());
        let now = state.clock.now();
        let stored = state.db.write(move |c| {
            let limits = (&shared.config.voter, &shared.codes_sent);
            Ok::<_, DbError>(new_code(c, &asked, &shared.code_hasher, limits, now)?)
        });
        match stored.await {
            Err(DbError::Busy) => tokio::time::sleep(BUSY_PAUSE).await,
            stored => break stored?,
        }
    };
    if let Some(sending) = sending {
        let title = &request.election.manifest.manifest().title;
        let minutes = state.config.voter.code_minutes;
        state.outbox.send(message(sending, title, minutes))?;
    }
    Ok(())
}

fn message(sending: Sending, title: &Bilingual, minutes: u32) -> Message {
    let Sending { contact, code } = sending;
    let ko: &str = &title.ko;
    let en: &str = if title.en.is_empty() { ko } else { &title.en };
    let text = format!(
        "인증번호 {code}\n{minutes}분 안에 입력해 주십시오: {ko}\n선거관리위원회는 인증번호를 묻지 않습니다.\n\nYour one-time code is {code}.\nEnter it within {minutes} minutes: {en}\nThe election commission never asks you for it.\n",
        code = code.as_str()
    );
    Message {
        to: contact,
        subject: "한표 인증번호 / Hanpyo one-time code".to_owned(),
        text: Zeroizing::new(text),
    }
}

/// Exchange the code for a session
///
/// A wrong code, an ended one and an unknown voter get the same answer.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/voter/session", tag = "voter",
    params(ElectionPath), request_body = SessionRequest,
    responses((status = 200, body = VoterToken), (status = "default", response = AnyProblem)))]
pub(crate) async fn session(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    client: HttpRequest,
    body: Json<SessionRequest>,
) -> Result<Json<VoterToken>, Problem> {
    state.count_voter(&client)?;
    let SessionRequest { voter_id, otp } = body.into_inner();
    let request = request(&state, &path, voter_id).await?;
    if !is_code(otp.expose()) {
        return Err(wrong_code());
    }
    let now = state.clock.now();
    let address = state.client_address(&client);
    let key = VoterKey::new(request.election.id, &request.voter_id);
    state
        .guesses
        .take(key, address, now)
        .map_err(Problem::wait)?;
    let (shared, asked) = (state.clone(), request.clone());
    let found = state.db.read(move |c| {
        let hasher = &shared.code_hasher;
        Ok::<_, Problem>(find_code(c, &asked, otp.expose(), hasher, now)?)
    });
    let code = found.await?.ok_or_else(wrong_code)?;
    state.guesses.right(key, address);
    let asked = request.clone();
    // The code is used up whatever becomes of the session, so the transaction must not fail.
    let taken = state.db.write(move |c| {
        let voter = take_code(c, &asked, &code)?;
        Ok::<_, Problem>(voter.map(|voter| Standing::of(c, asked.election.id, voter)))
    });
    let standing = taken.await?.ok_or_else(wrong_code)??;
    issue(&state, &request.election, &standing, now / SECOND)
}

/// Extend the session
///
/// Goes on from now, up to the limit since identification. Takes up a credential re-issued meanwhile.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/voter/session/extend", tag = "voter",
    params(ElectionPath), security(("voter" = [])),
    responses((status = 200, body = VoterToken), (status = "default", response = AnyProblem)))]
pub(crate) async fn extend(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    session: VoterSession,
) -> Result<Json<VoterToken>, Problem> {
    let election = find_election(&state, &path).await?;
    let claims = session.in_election(&election)?.clone();
    let (tenant, id) = (election.tenant, election.id);
    let found = state.db.read(move |c| {
        let voter = db::roll::find_by_id(c, tenant, id, claims.sub)?;
        Standing::of(c, id, voter.ok_or_else(Problem::unauthorized)?)
    });
    issue(&state, &election, &found.await?, claims.auth_time)
}

fn issue(
    state: &AppState,
    election: &FrozenElection,
    standing: &Standing,
    auth_time: i64,
) -> Result<Json<VoterToken>, Problem> {
    let Standing {
        voter,
        index,
        credential,
    } = standing;
    let index = *index;
    let published = published_credential(state, election, index);
    if let Some(published) = &published
        && (i32::from(published.style), i32::from(published.unit)) != (voter.style, voter.unit)
    {
        // Such a ballot would be refused, or count in another unit.
        return Err(Problem::conflict(
            "other-credential",
            "The credential assigned to the voter is of another ballot style or unit.",
        ));
    }
    let claims = VoterClaims {
        sub: voter.id,
        tid: election.tenant,
        eid: election.id,
        idx: index,
        auth_time,
    };
    let issued = state
        .tokens
        .issue_voter(claims)
        .map_err(|error| Problem::internal(&error))?;
    let issued = issued.ok_or_else(Problem::unauthorized)?;
    Ok(Json(VoterToken {
        token: issued.token.expose().to_owned(),
        expires_at: rfc3339(issued.expires_at),
        credential_index: index,
        style: voter.style,
        unit: voter.unit,
        public_credential: published.map(|published| HEXLOWER.encode(&published.point)),
        has_cast: credential.has_ballot(),
        last_counter: credential.counter,
        on_paper: credential.struck,
        revoked: credential.revoked,
    }))
}

/// What the board says of a credential, if it is there already.
fn published_credential(
    state: &AppState,
    election: &FrozenElection,
    index: u32,
) -> Option<Credential> {
    let ledger = state.ledgers.find(&election.tenant_slug, &election.slug)?;
    let record = ledger.record();
    record.checker().credential(index)
}

async fn request(
    state: &AppState,
    path: &ElectionPath,
    voter_id: String,
) -> Result<Request, Problem> {
    if voter_id.len() > MAX_VOTER_ID {
        return Err(Problem::bad_request().detail("voter_id is too long"));
    }
    Ok(Request {
        election: find_election(state, path).await?,
        voter_id,
    })
}

/// The approved election of the path. That it exists is public.
async fn find_election(
    state: &AppState,
    path: &ElectionPath,
) -> Result<Arc<FrozenElection>, Problem> {
    let found = state
        .frozen
        .find(&state.db, &path.tenant, &path.election)
        .await?;
    found.ok_or_else(Problem::not_found)
}

fn wrong_code() -> Problem {
    Problem::unauthorized()
        .detail("voter identifier or one-time code is wrong, or the code has ended")
}
