//! `/tenants/{tenant}/elections/{election}/voter`: identification and the voter's session.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path, ServiceConfig, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::paths::ElectionPath;
use super::view::AnyProblem;
use crate::auth::{Secret, VoterClaims, VoterSession};
use crate::clock::{SECOND, rfc3339};
use crate::db;
use crate::outbox::Message;
use crate::problem::Problem;
use crate::state::AppState;
use crate::voter::identify::{Request, Sending, new_code, take_code};
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
    body: Json<IdentifyRequest>,
) -> Result<HttpResponse, Problem> {
    let request = request(path, body.into_inner().voter_id)?;
    let turn = Arc::clone(&state.identify_turns)
        .try_acquire_owned()
        .map_err(|_| Problem::busy(BUSY_SECONDS))?;
    // Answered before anyone looks, so that the time taken tells nothing either.
    let state = state.into_inner();
    tokio::spawn(async move {
        send_code(state, request).await;
        drop(turn);
    });
    Ok(HttpResponse::Accepted().finish())
}

async fn send_code(state: Arc<AppState>, request: Request) {
    let now = state.clock.now();
    let job = {
        let state = Arc::clone(&state);
        move |c: &mut db::Connection| {
            Ok::<_, db::DbError>(new_code(
                c,
                &request,
                &state.code_hasher,
                &state.config.voter,
                now,
            )?)
        }
    };
    let sent = match state.db.write(job).await {
        Ok(Some(sending)) => state
            .outbox
            .send(message(sending, state.config.voter.code_minutes)),
        Ok(None) => return,
        Err(error) => {
            tracing::error!(error = %error, "a one-time code could not be stored");
            return;
        }
    };
    if let Err(error) = sent {
        tracing::error!(error = %error, "a one-time code could not be sent");
    }
}

fn message(sending: Sending, minutes: u32) -> Message {
    let Sending {
        contact,
        title: (ko, en),
        code,
    } = sending;
    let en = if en.is_empty() { &ko } else { &en };
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
    body: Json<SessionRequest>,
) -> Result<Json<VoterToken>, Problem> {
    let SessionRequest { voter_id, otp } = body.into_inner();
    let request = request(path, voter_id)?;
    if !is_code(otp.expose()) {
        return Err(wrong_code());
    }
    let now = state.clock.now();
    let job = {
        let state = state.clone();
        move |c: &mut db::Connection| {
            Ok::<_, Problem>(take_code(
                c,
                &request,
                otp.expose(),
                &state.code_hasher,
                now,
            )?)
        }
    };
    let identified = state.db.write(job).await?.ok_or_else(wrong_code)?;
    let idx = identified
        .credential_index
        .ok_or_else(|| Problem::conflict("no-credential", "The voter has no credential yet"))?;
    let claims = VoterClaims {
        sub: identified.voter,
        tid: identified.tenant,
        eid: identified.election,
        idx,
        auth_time: now / SECOND,
    };
    issue(&state, claims)
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
    let VoterSession(claims) = session;
    let ElectionPath { tenant, election } = path.into_inner();
    let (tid, eid, sub) = (claims.tid, claims.eid, claims.sub);
    let index = state
        .db
        .read(move |c| {
            let named = db::elections::find_approved(c, &tenant, &election)?;
            if named.is_none_or(|named| named.id != eid) {
                return Err(Problem::unauthorized());
            }
            Ok::<_, Problem>(db::roll::credential_index(c, tid, sub)?)
        })
        .await?;
    let idx = index
        .and_then(|index| u32::try_from(index).ok())
        .ok_or_else(Problem::unauthorized)?;
    issue(&state, VoterClaims { idx, ..claims })
}

fn issue(state: &AppState, claims: VoterClaims) -> Result<Json<VoterToken>, Problem> {
    let credential_index = claims.idx;
    let issued = state
        .tokens
        .issue_voter(claims)
        .map_err(|error| Problem::internal(&error))?;
    let issued = issued.ok_or_else(Problem::unauthorized)?;
    Ok(Json(VoterToken {
        token: issued.token.expose().to_owned(),
        expires_at: rfc3339(issued.expires_at),
        credential_index,
    }))
}

fn request(path: Path<ElectionPath>, voter_id: String) -> Result<Request, Problem> {
    let ElectionPath { tenant, election } = path.into_inner();
    if voter_id.len() > MAX_VOTER_ID {
        return Err(Problem::bad_request().detail("voter_id is too long"));
    }
    Ok(Request {
        tenant,
        election,
        voter_id,
    })
}

fn wrong_code() -> Problem {
    Problem::unauthorized()
        .detail("voter identifier or one-time code is wrong, or the code has ended")
}
