//! A server with three elections: open, not open before tomorrow, over.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use hanpyo_load_tests::demo::fixture::{Fixture, Ready, Window};
use hanpyo_load_tests::voter::api::ElectionApi;
use hanpyo_load_tests::voter::codes::{self, Letter};
use hanpyo_load_tests::voter::outbox::Outbox;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::support::{Said, binaries, program};

/// Voters are not made to wait between two one-time codes, and ballots are in the log at once.
const SETTINGS: &str =
    "[voter]\nresend_seconds = 0\ncodes_per_hour = 1000\n[ledger]\nsequence_ms = 50\n";
/// How long a one-time code may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct World {
    pub(super) fixture: Fixture,
    pub(super) open: Ready,
    pub(super) tomorrow: Ready,
    pub(super) over: Ready,
    pub(super) folder: TempDir,
    letters: HashMap<String, Letter>,
    outbox: Outbox,
    used: usize,
}

/// A voter of the open election.
#[derive(Clone)]
pub(super) struct Voter {
    pub(super) id: String,
    pub(super) contact: String,
    pub(super) code: String,
}

impl World {
    pub(super) async fn new() -> Self {
        let fixture = Fixture::start(Some(binaries()), SETTINGS).await.unwrap();
        // One after another: together they would only wait for the same processors.
        let open = fixture.election("open", 40, Window::Open).await.unwrap();
        let tomorrow = fixture
            .election("tomorrow", 2, Window::Tomorrow)
            .await
            .unwrap();
        let over = fixture.election("over", 2, Window::Over).await.unwrap();
        Self {
            letters: letters(&open),
            outbox: Outbox::new(fixture.outbox()),
            folder: tempfile::tempdir().unwrap(),
            used: 0,
            fixture,
            open,
            tomorrow,
            over,
        }
    }

    pub(super) async fn stop(self) {
        self.fixture.stop().await.unwrap();
    }

    /// A voter nobody has used yet.
    pub(super) fn voter(&mut self) -> Voter {
        let (id, contact) = self.open.voters[self.used].clone();
        self.used += 1;
        let code = self.letters[&id].codes[0].to_string();
        Voter { id, contact, code }
    }

    /// Revokes a voter's credential; the same voter with the code of the new letter.
    pub(super) async fn new_letter(&self, voter: &Voter) -> Voter {
        let otp = self.otp(&self.open, voter).await;
        let session = self.api(&self.open).session(&voter.id, &otp).await.unwrap();
        let letter = self
            .fixture
            .replace(&self.open, session.credential_index)
            .await
            .unwrap();
        let letter = codes::read(std::fs::File::open(letter).unwrap());
        let letters = letter.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].voter_id, voter.id);
        Voter {
            code: letters[0].codes[0].to_string(),
            ..voter.clone()
        }
    }

    /// A place for files.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn api(&self, election: &Ready) -> ElectionApi {
        ElectionApi::new(self.fixture.server(), "seoul", election.slug, 4).unwrap()
    }

    /// Identifies a voter; the one-time code that arrived.
    pub(super) async fn otp(&self, election: &Ready, voter: &Voter) -> String {
        self.api(election).identify(&voter.id).await.unwrap();
        self.mail(&voter.contact).await
    }

    /// The one-time code in the newest message.
    pub(super) async fn mail(&self, contact: &str) -> String {
        self.outbox.take(contact, PATIENCE).await.unwrap()
    }

    /// `hanpyo-voter COMMAND` in an election, by the address of a server or of what stands before it.
    pub(super) fn command(&self, command: &str, server: &str, election: &Ready) -> Command {
        let mut program = Command::from(program("hanpyo-voter"));
        program
            .args([command, "--server", server, "--vkey", &election.vkey])
            .args(["--election", &format!("seoul/{}", election.slug)])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        program
    }

    /// `hanpyo-voter vote` for a voter, with the code of the letter and for the first option.
    pub(super) fn vote(&self, election: &Ready, voter: &Voter, otp: &str) -> Command {
        self.vote_by(self.fixture.server(), election, voter, otp)
    }

    pub(super) fn vote_by(
        &self,
        server: &str,
        election: &Ready,
        voter: &Voter,
        otp: &str,
    ) -> Command {
        let mut command = self.command("vote", server, election);
        command
            .args(["--voter", &voter.id, "--code", &voter.code])
            .args(["--choices", "1", "--otp", otp]);
        command
    }

    /// `hanpyo-voter vote` with choices, without the one-time code.
    pub(super) fn mark(&self, election: &Ready, voter: &Voter, choices: &str) -> Command {
        let mut command = self.command("vote", self.fixture.server(), election);
        command
            .args(["--voter", &voter.id, "--code", &voter.code])
            .args(["--choices", choices]);
        command
    }

    /// Ballots in the open election's log that count, and entries in all.
    pub(super) async fn counted(&self) -> (u64, u64) {
        let url = format!(
            "{}/api/v1/tenants/seoul/elections/{}/turnout",
            self.fixture.server(),
            self.open.slug
        );
        let turnout: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let number = |name: &str| turnout[name].as_u64().unwrap();
        (number("counted"), number("log_size"))
    }
}

/// Letters of an election, by voter.
fn letters(election: &Ready) -> HashMap<String, Letter> {
    let file = std::fs::File::open(&election.letters).unwrap();
    let letters = codes::read(file).unwrap_or_else(|error| panic!("{error}"));
    letters
        .into_iter()
        .map(|letter| (letter.voter_id.clone(), letter))
        .collect()
}

/// Runs a program to its end.
pub(super) async fn run(command: &mut Command) -> Said {
    command.output().await.unwrap().into()
}

/// The vote was not recorded: exit code 1 and one line that says why.
#[track_caller]
pub(super) fn not_recorded(said: &Said, expected: &str) {
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(said.err.lines().count(), 1, "{said:?}");
    assert!(
        said.err.starts_with("hanpyo-voter: not recorded: "),
        "{said:?}"
    );
    assert!(said.err.contains(expected), "{expected:?}: {said:?}");
}
