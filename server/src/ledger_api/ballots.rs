//! Casting, posted challenges, receipts.

use std::time::Duration;

use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use hanpyo_crypto::ballot::{CodePrefix, ConfirmationCode};
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{BallotRef, Entry, MAX_ENTRY_BYTES, Seconds};
use hanpyo_ledger::log::tree::ReadError;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};

use super::entries::EntryPlace;
use super::ledger;
use super::problems::{closed, not_open};
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::VoterSession;
use crate::cast::{CastError, InvalidBallot, Kind, Taken};
use crate::db;
use crate::db::ballots::{Decision, MAX_CHALLENGES};
use crate::db::entries::KnownEntry;
use crate::problem::Problem;
use crate::sequencer::{Code, Ledger, Place};
use crate::state::AppState;

/// Longest time that a request for a receipt waits, in seconds.
const MAX_WAIT_SECONDS: u64 = 20;
/// How long an answer to a posted challenge waits for its place, in seconds.
const CHALLENGE_WAIT_SECONDS: u64 = 5;
/// Crockford's alphabet: the value of a character is its place.
const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Cast a ballot
///
/// Answered once the ballot is durable, with an acknowledgement that promises when it will be in
/// the log. The same body again gives the same acknowledgement, also later.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/ballots", tag = "voting",
    params(ElectionPath), security(("voter" = [])),
    request_body(content = Vec<u8>, content_type = "application/cbor", description = "A ballot entry"),
    responses((status = 200, description = "Acknowledgement of docs/protocol.cddl", body = Vec<u8>, content_type = "application/cbor"),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn cast(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    session: VoterSession,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let ledger = ledger(&state, &path)?;
    let VoterSession(claims) = session;
    if (claims.tid, claims.eid) != (ledger.id().tenant, ledger.id().election) {
        return Err(Problem::forbidden().detail("the session is of another election"));
    }
    require_size(&body)?;
    let ballot =
        BallotRef::decode(&body).map_err(|e| Problem::bad_request().detail(e.to_string()))?;
    let (credential, counter) = (ballot.body.index, ballot.body.counter);
    if credential != claims.idx {
        return Err(Problem::forbidden().detail("the ballot is not of the session's credential"));
    }
    let ConfirmationCode(code) = ballot.confirmation_code(ledger.manifest_hash());
    let began = u64::try_from(claims.auth_time).unwrap_or(0);
    let taken = match refusal(&state, &ledger, began) {
        // What was taken before is acknowledged at any time.
        Some(refusal) => match find(&ledger, Wanted::Whole(code)).await? {
            Some(known) if known.kind == Kind::Ballot.number() => taken_before(&known),
            _ => return Err(refusal),
        },
        None => {
            let (key, now) = ((claims.eid, credential), state.clock.now());
            let spoilt = &state.invalid_casts;
            spoilt.check(&key, now).map_err(Problem::wait)?;
            let position = (code, credential, counter);
            let taken = state
                .cast
                .submit(ledger.clone(), Kind::Ballot, position, body.to_vec())
                .await
                .map_err(|_| Problem::busy(1))?;
            if let Err(CastError::Invalid(_)) = &taken {
                spoilt.take(&key, now).map_err(Problem::wait)?;
            }
            taken?
        }
    };
    let acknowledgement = Acknowledgement::sign(
        *ledger.manifest_hash(),
        ConfirmationCode(code),
        Seconds::new(taken.deadline),
        &ledger.keys().acknowledgement,
    );
    Ok(HttpResponse::Ok()
        .content_type("application/cbor")
        .body(acknowledgement.encode()))
}

/// Why nothing is taken now, if that is so.
fn refusal(state: &AppState, ledger: &Ledger, began: u64) -> Option<Problem> {
    if let Err(error) = ledger.require_health() {
        return Some(error.into());
    }
    if ledger.is_overloaded() {
        return Some(Problem::waiting(state.cast.turn_away(ledger.waiting())));
    }
    let Some(summary) = ledger.summary() else {
        return Some(not_open());
    };
    let now = ledger.now().get();
    let over = summary.opened.is_some() && now >= ledger.last_moment(summary.closes);
    if over || summary.phase > crate::sequencer::Phase::Open {
        return Some(closed());
    }
    let open = ledger.is_accepting() && ledger.is_voting_time(now, began, summary.closes);
    (!open).then(not_open)
}

fn taken_before(known: &KnownEntry) -> Taken {
    Taken {
        deadline: known
            .deadline
            .and_then(|d| u64::try_from(d).ok())
            .unwrap_or(0),
        log_index: known.log_index.and_then(|i| u64::try_from(i).ok()),
    }
}

/// Post a challenge
///
/// For a ballot that its voter had opened. Needs no session: the credential signed it.
#[utoipa::path(post, path = "/api/v1/tenants/{tenant}/elections/{election}/challenges", tag = "voting",
    params(ElectionPath),
    request_body(content = Vec<u8>, content_type = "application/cbor", description = "A posted-challenge entry"),
    responses((status = 201, body = EntryPlace), (status = 202, description = "It is durable and will be in the log.", body = Pending),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn challenge(
    state: Data<AppState>,
    path: Path<ElectionPath>,
    client: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    state.count_voter(&client)?;
    let ledger = ledger(&state, &path)?;
    require_size(&body)?;
    let malformed = |e: String| Problem::bad_request().detail(e);
    let Entry::PostedChallenge(challenge) =
        Entry::decode(&body).map_err(|e| malformed(e.to_string()))?
    else {
        return Err(malformed("not a posted challenge".to_owned()));
    };
    let ConfirmationCode(code) = challenge.body.confirmation_code(ledger.manifest_hash());
    let credential = challenge.body.credential().get();
    let counter = challenge.body.counter();
    match refusal(&state, &ledger, 0) {
        Some(refusal) => match find(&ledger, Wanted::Whole(code)).await? {
            Some(known) if known.kind == Kind::Challenge.number() => {}
            _ => return Err(refusal),
        },
        None => {
            require_worth_verifying(&ledger, code, credential).await?;
            let position = (code, credential, counter);
            state
                .cast
                .submit(ledger.clone(), Kind::Challenge, position, body.to_vec())
                .await
                .map_err(|_| Problem::busy(1))??;
        }
    }
    let wait = Duration::from_secs(CHALLENGE_WAIT_SECONDS);
    Ok(match locate(&ledger, &Wanted::Whole(code), wait).await? {
        Some(Located::InLog { index, .. }) => HttpResponse::Created().json(EntryPlace { index }),
        _ => HttpResponse::Accepted().json(Pending::default()),
    })
}

/// Refuses what the record refuses anyway: anyone may post a challenge, so that must cost little.
async fn require_worth_verifying(
    ledger: &Ledger,
    code: Code,
    credential: u32,
) -> Result<(), Problem> {
    if find(ledger, Wanted::Whole(code)).await?.is_some() {
        // Answered as before, if it is what it was then.
        return Ok(());
    }
    let Some(voter) = ledger.record().checker().voter(credential) else {
        return Err(CastError::from(InvalidBallot::UnknownCredential(credential)).into());
    };
    if i64::from(voter.challenges) >= MAX_CHALLENGES {
        return Err(CastError::Refused(Decision::TooManyChallenges).into());
    }
    Ok(())
}

/// Not in the log yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pending {
    /// Always `pending`.
    #[schema(example = "pending")]
    status: &'static str,
}

impl Default for Pending {
    fn default() -> Self {
        Self { status: "pending" }
    }
}

/// `/tenants/{tenant}/elections/{election}/ballots/{code}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct BallotPath {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Confirmation code: 26 to 52 characters, or 64 hex digits.
    code: String,
}

/// How long to wait.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    /// Seconds to wait for a ballot that is not in the log yet, at most 20.
    #[serde(default)]
    wait: u64,
}

/// Find a ballot by its confirmation code
///
/// Gives its receipt: a C2SP tlog-proof with the entry, checked against the log's vkey.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/ballots/{code}", tag = "voting",
    params(BallotPath, Wait),
    responses((status = 200, description = "Receipt (tlog-proof)", body = String, content_type = "text/plain"),
        (status = 202, description = "It is durable but not in the log yet.", body = Pending),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn receipt(
    state: Data<AppState>,
    path: Path<BallotPath>,
    query: Query<Wait>,
) -> Result<HttpResponse, Problem> {
    let ledger = state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)?;
    let wanted = Wanted::parse(&path.code)?;
    let wait = Duration::from_secs(query.wait.min(MAX_WAIT_SECONDS));
    match locate(&ledger, &wanted, wait).await? {
        None => Err(Problem::not_found()),
        Some(Located::Pending) => Ok(HttpResponse::Accepted().json(Pending::default())),
        Some(Located::InLog { index, bytes }) => {
            let published = ledger.published().ok_or_else(Problem::not_found)?;
            let receipt = match bytes {
                // Its tiles are new and in memory.
                Some(bytes) => published.receipt(index, &bytes),
                None => tokio::task::spawn_blocking(move || {
                    let bytes = published.entry(index)?;
                    published.receipt(index, &bytes)
                })
                .await
                .map_err(|e| Problem::internal(&e))?,
            };
            let receipt = receipt.map_err(|e: ReadError| Problem::internal(&e))?;
            Ok(HttpResponse::Ok()
                .content_type("text/plain; charset=utf-8")
                .body(receipt.to_bytes()))
        }
    }
}

/// A confirmation code, whole or its beginning.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Whole(Code),
    Between(Code, Code),
}

impl Wanted {
    fn parse(text: &str) -> Result<Self, Problem> {
        if text.len() == 64
            && let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes())
            && let Ok(code) = Code::try_from(bytes)
        {
            return Ok(Self::Whole(code));
        }
        let prefix: CodePrefix = text
            .parse()
            .map_err(|e| Problem::bad_request().detail(format!("confirmation code: {e}")))?;
        let characters = prefix.to_string();
        let (mut low, mut high) = ([0_u8; 32], [0xff_u8; 32]);
        let values = characters
            .bytes()
            .filter_map(|c| CROCKFORD.bytes().position(|known| known == c));
        for (place, value) in values.enumerate() {
            for bit in 0..5 {
                let at = place * 5 + bit;
                let mask = 0x80_u8 >> (at % 8);
                // Characters hold 260 bits, the last 4 of them padding.
                let (Some(low), Some(high)) = (low.get_mut(at / 8), high.get_mut(at / 8)) else {
                    continue;
                };
                if value & (0x10 >> bit) == 0 {
                    *high &= !mask;
                } else {
                    *low |= mask;
                }
            }
        }
        Ok(if low == high {
            Self::Whole(low)
        } else {
            Self::Between(low, high)
        })
    }
}

/// Where a ballot stands, as far as everyone may know.
enum Located {
    Pending,
    InLog {
        index: u64,
        /// If they are at hand.
        bytes: Option<std::sync::Arc<[u8]>>,
    },
}

/// Looks for a ballot and waits until it is in the published log, but not longer than `wait`.
async fn locate(
    ledger: &Ledger,
    wanted: &Wanted,
    wait: Duration,
) -> Result<Option<Located>, Problem> {
    let until = Instant::now() + wait;
    let mut size = ledger.watch_size();
    loop {
        let published = *size.borrow_and_update();
        match look(ledger, wanted).await? {
            None => return Ok(None),
            Some(Located::InLog { index, bytes }) if index < published => {
                return Ok(Some(Located::InLog { index, bytes }));
            }
            Some(_) => {}
        }
        if tokio::time::timeout_at(until, size.changed())
            .await
            .is_err()
        {
            return Ok(Some(Located::Pending));
        }
    }
}

async fn look(ledger: &Ledger, wanted: &Wanted) -> Result<Option<Located>, Problem> {
    if let Wanted::Whole(code) = wanted {
        match ledger.find_recent(code) {
            Some(Place::Pending) => return Ok(Some(Located::Pending)),
            Some(Place::InLog { index, bytes }) => {
                let bytes = Some(bytes);
                return Ok(Some(Located::InLog { index, bytes }));
            }
            None => {}
        }
    }
    let known = find(ledger, *wanted).await?;
    Ok(known.map(|known| {
        let index = known.log_index.and_then(|index| u64::try_from(index).ok());
        index.map_or(Located::Pending, |index| Located::InLog {
            index,
            bytes: None,
        })
    }))
}

/// A ballot or posted challenge in the database.
async fn find(ledger: &Ledger, wanted: Wanted) -> Result<Option<KnownEntry>, Problem> {
    let election = ledger.id().election;
    ledger
        .db
        .read(move |c| {
            Ok::<_, Problem>(match wanted {
                Wanted::Whole(code) => db::entries::find(c, election, &code)?
                    .filter(|known| known.credential_index.is_some()),
                Wanted::Between(low, high) => {
                    let found = db::entries::find_between(c, election, &low, &high)?;
                    // 130 bits name one ballot.
                    <[KnownEntry; 1]>::try_from(found).ok().map(|[known]| known)
                }
            })
        })
        .await
}

fn require_size(body: &Bytes) -> Result<(), Problem> {
    if body.len() > MAX_ENTRY_BYTES {
        return Err(Problem::too_large(MAX_ENTRY_BYTES as u64));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_whole_in_hex_and_by_their_beginning() {
        let bytes: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 7 + 11).unwrap());
        let code = ConfirmationCode(bytes);
        let hex = data_encoding::HEXUPPER.encode(&bytes);
        assert!(matches!(Wanted::parse(&hex), Ok(Wanted::Whole(found)) if found == bytes));
        assert!(matches!(Wanted::parse(&code.full()), Ok(Wanted::Whole(found)) if found == bytes));
        let Ok(Wanted::Between(low, high)) = Wanted::parse(&code.to_string()) else {
            panic!("a beginning");
        };
        assert!(low <= bytes && bytes <= high);
        assert_eq!(low[..16], bytes[..16]);
        assert_eq!(high[..16], bytes[..16]);
        assert_eq!(
            (low[16] ^ high[16]).leading_zeros(),
            2,
            "130 bits are fixed"
        );
        for wrong in ["", "ABC", &hex[..63], "U".repeat(26).as_str()] {
            assert!(Wanted::parse(wrong).is_err(), "{wrong}");
        }
    }
}
