//! `hanpyo-voter`: votes over Hanpyo's public API, for one voter or for many.

use std::collections::HashMap;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_load_tests::cli::usage;
use hanpyo_load_tests::voter::api::ElectionApi;
use hanpyo_load_tests::voter::cast::{VoteError, secret, vote};
use hanpyo_load_tests::voter::choices::{self, Intent};
use hanpyo_load_tests::voter::codes;
use hanpyo_load_tests::voter::election::Election;
use hanpyo_load_tests::voter::many::{Crowd, run};
use hanpyo_load_tests::voter::outbox::Outbox;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;

/// Votes over Hanpyo's public API: identifies with the one-time code, encrypts, casts or challenges, and verifies
/// acknowledgement and receipt.
#[derive(Parser)]
#[command(
    name = "hanpyo-voter",
    version,
    after_help = "Exit codes: 0 every vote is recorded, 1 at least one is not, 2 could not run."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Votes for one voter.
    Vote(OneVoter),
    /// Votes for many voters, each at its time.
    Many(ManyVoters),
}

#[derive(Args)]
struct OneVoter {
    #[command(flatten)]
    election: ElectionArguments,
    /// The voter's identifier in the electoral roll.
    #[arg(long)]
    voter: String,
    /// Voting code from the letter; with two authorities one of each, in their order.
    #[arg(long = "code", required = true)]
    codes: Vec<String>,
    /// Choices: one per contest, joined by `;` (2, blank, 1+3, 5/0/-, 3>1>2).
    #[arg(long)]
    choices: String,
    /// Open a first ballot instead of casting it, check it, then cast another.
    #[arg(long)]
    challenge: bool,
    /// The one-time code; asked for if left out.
    #[arg(long)]
    otp: Option<String>,
    /// Write the receipt here.
    #[arg(long)]
    receipt: Option<PathBuf>,
    /// Write the acknowledgement here.
    #[arg(long)]
    ack: Option<PathBuf>,
}

#[derive(Args)]
struct ManyVoters {
    #[command(flatten)]
    election: ElectionArguments,
    /// The authority's letters: voter_id,credential_index,authority,code,fingerprint,url.
    #[arg(long)]
    codes: PathBuf,
    /// What they vote: voter_id,contact,at_ms,intent,choices.
    #[arg(long)]
    choices: PathBuf,
    /// The server's file outbox, in place of the voters' mail boxes.
    #[arg(long)]
    outbox: PathBuf,
    /// Voters on their way at the same time, at most.
    #[arg(long, default_value = "64")]
    concurrency: NonZeroUsize,
    /// Keep receipts and acknowledgements in this folder.
    #[arg(long)]
    keep: Option<PathBuf>,
}

#[derive(Args)]
struct ElectionArguments {
    /// The server, for example `https://vote.example.kr`
    #[arg(long)]
    server: String,
    /// The election, as tenant/election.
    #[arg(long)]
    election: String,
    /// The log's vkey.
    #[arg(long)]
    vkey: String,
    /// Manifest hash from the letter; another election is refused.
    #[arg(long)]
    manifest: Option<String>,
}

/// Why the program could not run.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{what}: {reason}")]
    Input { what: String, reason: String },
    #[error(transparent)]
    Vote(#[from] VoteError),
}

fn input(what: impl Into<String>) -> impl FnOnce(&dyn std::fmt::Display) -> Failure {
    let what = what.into();
    move |reason| Failure::Input {
        what,
        reason: reason.to_string(),
    }
}

impl ElectionArguments {
    /// Reads the board and checks it; by blocking calls, so before anything asynchronous begins.
    fn open(&self, connections: usize) -> Result<(ElectionApi, Election), Failure> {
        let named = self.election.split_once('/').filter(|(tenant, election)| {
            !tenant.is_empty() && !election.is_empty() && !election.contains('/')
        });
        let (tenant, election) =
            named.ok_or_else(|| input("--election")(&"tenant/election is expected"))?;
        let vkey: VerifierKey = self.vkey.parse().map_err(|error| input("--vkey")(&error))?;
        let server = reqwest::Url::parse(&self.server).map_err(|e| input("--server")(&e))?;
        if !matches!(server.scheme(), "http" | "https") {
            return Err(input("--server")(&"a URL with http or https is expected"));
        }
        let api = ElectionApi::new(&self.server, tenant, election, connections)
            .map_err(|error| input("--server")(&error))?;
        let board = format!(
            "{}/board/{tenant}/{election}",
            self.server.trim_end_matches('/')
        );
        let election = Election::load(&board, &vkey, self.manifest.as_deref())
            .map_err(|error| input(board)(&error))?;
        Ok((api, election))
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage("hanpyo-voter", &error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&input("runtime")(&error)),
    };
    let outcome = match &arguments.command {
        Command::Vote(one) => one.run(&runtime),
        Command::Many(many) => many.run(&runtime),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Failure::Vote(error)) => {
            eprintln!("hanpyo-voter: not recorded: {error}");
            ExitCode::from(1)
        }
        Err(failure) => refuse(&failure),
    }
}

impl OneVoter {
    fn run(&self, runtime: &Runtime) -> Result<bool, Failure> {
        for path in [&self.receipt, &self.ack].into_iter().flatten() {
            can_write(path)?;
        }
        let (api, election) = self.election.open(4)?;
        let intent = if self.challenge {
            Intent::ChallengeThenCast
        } else {
            Intent::Cast
        };
        let secret = secret(&election, &self.codes)?;
        let recorded = runtime.block_on(async {
            let otp = match &self.otp {
                Some(otp) => otp.clone(),
                None => {
                    api.identify(&self.voter).await.map_err(VoteError::from)?;
                    ask("One-time code: ").map_err(|error| input("standard input")(&error))?
                }
            };
            let session = api.session(&self.voter, otp.trim()).await;
            let session = session.map_err(VoteError::from)?;
            let recorded = vote(&api, &election, &session, &secret, &self.choices, intent);
            Ok::<_, Failure>(recorded.await?)
        })?;
        println!("recorded as entry {}", recorded.index);
        println!("confirmation code {}", recorded.code);
        if let Some(code) = recorded.challenged {
            println!("challenged before, and it held the choices made: {code}");
        }
        for (path, bytes) in [
            (&self.receipt, &recorded.receipt),
            (&self.ack, &recorded.acknowledgement),
        ] {
            if let Some(path) = path {
                std::fs::write(path, bytes).map_err(|error| of_file(path)(&error))?;
            }
        }
        Ok(true)
    }
}

impl ManyVoters {
    fn run(&self, runtime: &Runtime) -> Result<bool, Failure> {
        // Files first: a mistake in one is found before anybody votes.
        let letters = codes::read(open(&self.codes)?).map_err(|e| of_file(&self.codes)(&e))?;
        let letters: HashMap<_, _> = letters
            .into_iter()
            .map(|letter| (letter.voter_id.clone(), letter))
            .collect();
        let choices =
            choices::read(open(&self.choices)?).map_err(|e| of_file(&self.choices)(&e))?;
        let stranger = choices
            .iter()
            .find(|choice| !letters.contains_key(&choice.voter_id));
        if let Some(choice) = stranger {
            let codes = self.codes.display();
            let reason = format!("voter {} has no letter in {codes}", choice.voter_id);
            return Err(of_file(&self.choices)(&reason));
        }
        std::fs::read_dir(&self.outbox).map_err(|error| of_file(&self.outbox)(&error))?;
        if let Some(folder) = &self.keep {
            std::fs::create_dir_all(folder).map_err(|error| of_file(folder)(&error))?;
        }
        let concurrency = self.concurrency.get();
        let (api, election) = self.election.open(concurrency)?;
        let crowd = Crowd {
            api,
            election,
            outbox: Outbox::new(&self.outbox),
            letters,
            concurrency,
            keep: self.keep.clone(),
        };
        Ok(runtime.block_on(crowd_votes(crowd, choices)))
    }
}

fn of_file(path: &Path) -> impl FnOnce(&dyn std::fmt::Display) -> Failure {
    input(path.display().to_string())
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| of_file(path)(&error))
}

/// Whether a file can be written there, found out before the vote that it is to prove. A new one is removed again.
fn can_write(path: &Path) -> Result<(), Failure> {
    let is_new = !path.exists();
    let opened = File::options().append(true).create(true).open(path);
    opened.map_err(|error| of_file(path)(&error))?;
    if is_new {
        std::fs::remove_file(path).map_err(|error| of_file(path)(&error))?;
    }
    Ok(())
}

fn refuse(failure: &Failure) -> ExitCode {
    eprintln!("hanpyo-voter: {failure}");
    ExitCode::from(2)
}

fn ask(question: &str) -> std::io::Result<String> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer)
}

/// Runs a crowd with a progress bar; whether every vote is recorded.
async fn crowd_votes(crowd: Crowd, choices: Vec<choices::Choice>) -> bool {
    let total = choices.len() as u64;
    let (sender, mut outcomes) = tokio::sync::mpsc::channel(1024);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} recorded, {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(total)
    } else {
        ProgressBar::hidden()
    }
    .with_style(style);
    let start = std::time::Instant::now();
    let crowd = tokio::spawn(run(crowd, choices, sender));
    let (mut recorded, mut failed, mut challenged) = (0_u64, 0_u64, 0_u64);
    let mut latencies = Vec::new();
    while let Some(outcome) = outcomes.recv().await {
        match outcome.result {
            Ok(vote) => {
                recorded += 1;
                challenged += u64::from(vote.challenged.is_some());
                latencies.push(outcome.took);
                bar.inc(1);
            }
            Err(error) => {
                failed += 1;
                if failed <= 10 {
                    bar.suspend(|| eprintln!("voter {}: {error}", outcome.voter_id));
                }
            }
        }
    }
    let finished = crowd.await.is_ok();
    bar.finish_and_clear();
    latencies.sort_unstable();
    let percentile = |percent: usize| {
        latencies
            .get(latencies.len().saturating_sub(1) * percent / 100)
            .copied()
            .unwrap_or(Duration::ZERO)
    };
    println!(
        "{recorded} of {total} recorded in {:.1} s, {challenged} after a challenge, {failed} failed; to the receipt: median {:.2} s, 99th percentile {:.2} s",
        start.elapsed().as_secs_f64(),
        percentile(50).as_secs_f64(),
        percentile(99).as_secs_f64(),
    );
    finished && failed == 0 && recorded == total
}
