//! One election from draft to result, every step by the program of the role it belongs to.
//!
//! | module | steps |
//! |---|---|
//! | `set_up` | keys, draft and approval, roll, ceremony, voting codes |
//! | `replace` | a new letter for one that was lost |
//! | `schedule` | when voting opens and closes, also on a slow machine |
//! | `voting` | the voters' crowd, tally and decryption |

mod replace;
mod schedule;
mod set_up;
mod voting;

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::deployment::Deployment;
use super::plan::Plan;
use super::present::Voice;
use super::process::Programs;
use super::staff::{read, text};
use super::{DemoError, outcome, present, wait_for};
pub(super) use schedule::Times;

/// Trustees; two of them decrypt, one stays away.
const TRUSTEES: usize = 3;
const QUORUM: usize = 2;
/// How long any step but voting may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// A finished election.
pub(super) struct Finished {
    pub(super) board: String,
    pub(super) vkey: String,
}

/// An election that waits for its voters.
pub(super) struct Ready {
    pub(super) board: String,
    pub(super) vkey: String,
    /// The authority's letters.
    pub(super) letters: PathBuf,
}

/// Runs a whole election; voting lasts as long as asked, or as fits the number of electors.
pub(super) async fn run_election(
    deployment: &Deployment,
    programs: &Programs,
    plan: &Plan,
    voting: Option<Duration>,
) -> Result<Finished, DemoError> {
    let (election, schedule) = Election::set_up(
        deployment,
        programs,
        plan,
        Times::Soon(voting),
        Voice::Aloud,
    )
    .await?;
    let closes = election.settle_closing(&schedule).await?;
    election.vote(plan, closes).await?;
    election.count(plan).await?;
    Ok(Finished {
        board: election.board,
        vkey: election.vkey,
    })
}

/// Sets up an election that stays open for a day.
pub(super) async fn open_for_a_day(
    deployment: &Deployment,
    programs: &Programs,
    plan: &Plan,
) -> Result<Ready, DemoError> {
    let now = now();
    let times = Times::Between(now, now + 86_400);
    set_up(deployment, programs, plan, times, "open").await
}

/// Sets up an election silently and waits for a phase.
pub(super) async fn set_up(
    deployment: &Deployment,
    programs: &Programs,
    plan: &Plan,
    times: Times,
    phase: &str,
) -> Result<Ready, DemoError> {
    let (election, _) = Election::set_up(deployment, programs, plan, times, Voice::Silent).await?;
    election.wait_for_phase(phase).await?;
    let letters = election.letters();
    Ok(Ready {
        board: election.board,
        vkey: election.vkey,
        letters,
    })
}

/// Revokes a credential of an election that was set up and issues another; the new letter, a CSV file.
pub(super) async fn replace(
    deployment: &Deployment,
    programs: &Programs,
    (slug, vkey): (&str, &str),
    credential: u32,
) -> Result<PathBuf, DemoError> {
    let url = &deployment.url;
    let path = format!("/tenants/seoul/elections/{slug}");
    let election = Election {
        deployment,
        programs,
        api: format!("{url}/api/v1{path}"),
        board: format!("{url}/board/seoul/{slug}/"),
        path,
        vkey: vkey.to_owned(),
        roles: deployment.root.join(slug),
        voice: Voice::Silent,
    };
    election.replace(credential).await
}

/// An election under way, with what each role needs for the next step.
struct Election<'a> {
    deployment: &'a Deployment,
    programs: &'a Programs,
    path: String,
    api: String,
    board: String,
    vkey: String,
    roles: PathBuf,
    voice: Voice,
}

impl Election<'_> {
    fn letters(&self) -> PathBuf {
        self.roles.join("authority/issued/letters.csv")
    }

    async fn count(&self, plan: &Plan) -> Result<(), DemoError> {
        present::phase(7, "The result");
        self.wait_for_phase("finished").await?;
        outcome::show(
            plan,
            &self.public("/results").await?,
            &self.public("/turnout").await?,
        )
    }

    /// Arguments that every program of an officer takes.
    fn role_arguments(&self, command: &[&str]) -> Vec<String> {
        let common = ["--secret", "secret.age", "--passphrase-file", "passphrase"];
        let board = ["--board", &self.board, "--vkey", &self.vkey];
        common
            .iter()
            .chain(command)
            .chain(&board)
            .map(|text| (*text).to_owned())
            .collect()
    }

    async fn public(&self, path: &str) -> Result<Value, DemoError> {
        let url = format!("{}{path}", self.api);
        let answer = reqwest::get(&url).await.map_err(|source| DemoError::Http {
            what: url.clone(),
            source,
        })?;
        read(url, answer).await
    }

    async fn phase(&self) -> Result<String, DemoError> {
        text(&self.public("/public").await?, "election", "phase")
    }

    /// Waits for the opening.
    async fn wait_until_open(&self) -> Result<(), DemoError> {
        wait_for("the opening", PATIENCE, async || {
            match self.phase().await?.as_str() {
                "roll" | "sealed" => Ok(false),
                "open" => Ok(true),
                _ => Err(DemoError::TooSlow),
            }
        })
        .await
    }

    async fn wait_for_phase(&self, phase: &str) -> Result<(), DemoError> {
        wait_for(&format!("phase {phase}"), PATIENCE, async || {
            Ok(self.phase().await? == phase)
        })
        .await
    }

    async fn wait_for_phase_not(&self, phase: &str) -> Result<(), DemoError> {
        wait_for(&format!("the end of phase {phase}"), PATIENCE, async || {
            Ok(self.phase().await? != phase)
        })
        .await
    }
}

fn as_str(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
