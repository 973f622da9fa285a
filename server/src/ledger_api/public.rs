//! What everyone may know: phase, results, and the server's public keys.

use actix_web::web::{Data, Json, Path};
use data_encoding::HEXLOWER;
use hanpyo_ledger::manifest::Bilingual;
use serde::Serialize;
use utoipa::ToSchema;

use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::problem::Problem;
use crate::public_api::assets::Assets;
use crate::public_api::events::events;
use crate::sequencer::{Ledger, Phase};
use crate::state::AppState;

/// A text in Korean and, if there is one, in English.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Title {
    /// Korean.
    ko: String,
    /// English; may be empty.
    en: String,
}

impl From<&Bilingual> for Title {
    fn from(text: &Bilingual) -> Self {
        Self {
            ko: text.ko.to_string(),
            en: text.en.to_string(),
        }
    }
}

/// When voting takes place, in seconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Schedule {
    /// Beginning.
    opens: u64,
    /// End, re-dated or as announced.
    closes: u64,
}

/// An election for everyone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicElection {
    /// Slug of the tenant.
    tenant: String,
    /// Slug of the election.
    election: String,
    /// Its title.
    title: Title,
    /// Name of its log.
    origin: String,
    /// Path of its board.
    #[schema(example = "/board/city/meals/")]
    board: String,
    /// vkey of its log; take it from elsewhere to trust it.
    vkey: String,
    /// Manifest hash mh, in hex.
    manifest_hash: String,
    /// Joint public key K, in hex; null before the ceremony has ended.
    joint_key: Option<String>,
    /// Where it stands.
    phase: Phase,
    /// Entries in its published log.
    log_size: u64,
    /// When voting takes place.
    schedule: Schedule,
    /// Whether it is a test.
    test: bool,
    /// Which voting pages are the right ones.
    assets: Assets,
}

/// Show an election's public face
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/public", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = PublicElection), (status = "default", response = AnyProblem)))]
pub(crate) async fn public(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<PublicElection>, Problem> {
    let ledger = ledger(&state, &path)?;
    let summary = ledger.load_summary().await?;
    let manifest = ledger.manifest().manifest();
    let id = ledger.id();
    let assets = Assets::of(&events(&state, &ledger).await?, manifest.assets);
    Ok(Json(PublicElection {
        assets,
        tenant: id.tenant_slug.clone(),
        election: id.slug.clone(),
        title: (&manifest.title).into(),
        origin: manifest.origin.to_string(),
        board: format!("/board/{}/{}/", id.tenant_slug, id.slug),
        vkey: ledger.manifest().log_key().to_string(),
        manifest_hash: HEXLOWER.encode(ledger.manifest_hash().as_bytes()),
        joint_key: summary.joint_key.map(|key| HEXLOWER.encode(&key)),
        phase: summary.phase,
        log_size: log_size(&ledger),
        schedule: Schedule {
            opens: ledger.opens().unwrap_or(0),
            closes: summary.closes,
        },
        test: manifest.test,
    }))
}

fn log_size(ledger: &Ledger) -> u64 {
    ledger.published().map_or(0, |published| published.size())
}

/// Decrypted sums of some units together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupResult {
    /// Numbers of the units.
    units: Vec<u16>,
    /// Sum at each position.
    values: Vec<u64>,
}

/// Result of a contest.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContestView {
    /// Number of the contest.
    contest: usize,
    /// Its title.
    title: Title,
    /// Its options.
    options: Vec<Title>,
    /// Sums of groups of units.
    groups: Vec<GroupResult>,
    /// Sums of all.
    totals: Vec<u64>,
    /// 0 decided, 1 turnout quorum not met, 2 tied, 3 not counted, 4 withheld, 5 no majority.
    status: u8,
    /// Numbers of the winning options.
    winners: Vec<u16>,
}

/// The result of an election.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultView {
    /// Where the election stands.
    phase: Phase,
    /// Its contests.
    contests: Vec<ContestView>,
    /// Counted ballots, one a voter.
    ballots: u64,
    /// Paper votes.
    paper: u64,
    /// Electorate.
    electorate: u64,
}

/// Show the result
///
/// 404 until the result entry is in the log.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/results", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = ResultView), (status = "default", response = AnyProblem)))]
pub(crate) async fn results(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<ResultView>, Problem> {
    let ledger = ledger(&state, &path)?;
    let summary = ledger.load_summary().await?;
    if summary.phase != Phase::Finished {
        return Err(Problem::not_found().detail("there is no result yet"));
    }
    result_view(&ledger)
        .map(Json)
        .ok_or_else(Problem::not_found)
}

fn result_view(ledger: &Ledger) -> Option<ResultView> {
    let record = ledger.record();
    let checker = record.checker();
    let result = checker.result()?;
    let contests = ledger.manifest().manifest().contests.iter();
    let contests = contests.zip(&result.outcomes).enumerate();
    let contests = contests.map(|(number, (contest, outcome))| {
        let values = checker.contest_results().get(number);
        let tally = checker
            .closed()
            .and_then(|closed| closed.contests.get(number));
        let groups = tally.map_or(&[][..], |tally| tally.groups()).iter();
        let sums = values.iter().flat_map(|result| result.groups.iter());
        ContestView {
            contest: number,
            title: (&contest.title).into(),
            options: contest.options.iter().map(Title::from).collect(),
            groups: groups
                .zip(sums)
                .map(|(group, sums)| GroupResult {
                    units: group.units.clone(),
                    values: sums.iter().map(|count| count.get()).collect(),
                })
                .collect(),
            totals: values.map_or(Vec::new(), |result| {
                result.totals.iter().map(|count| count.get()).collect()
            }),
            status: outcome.status.number(),
            winners: outcome.winners.iter().map(|winner| winner.get()).collect(),
        }
    });
    Some(ResultView {
        phase: Phase::Finished,
        contests: contests.collect(),
        ballots: result.ballots,
        paper: result.paper,
        electorate: result.electorate,
    })
}

/// Public keys that the server made for an election.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServerKeys {
    /// vkey of the log.
    log: String,
    /// Key of acknowledgements, in hex.
    acknowledgement: String,
    /// Key of the commission, in hex.
    commission: String,
}

/// Show the server's public keys for an election
///
/// Made with the draft; the server puts them into the manifest.
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/keys", tag = "elections",
    params(ElectionPath), security(("staff" = [])),
    responses((status = 200, body = ServerKeys), (status = "default", response = AnyProblem)))]
pub(crate) async fn keys(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<Json<ServerKeys>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ReadElections)?;
    let election = state
        .db
        .read(move |c| Ok::<_, Problem>(crate::db::elections::find(c, tenant, &path.election)?))
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Json(ServerKeys {
        log: election.log_vkey,
        acknowledgement: election.acknowledgement_key,
        commission: election.commission_key,
    }))
}
