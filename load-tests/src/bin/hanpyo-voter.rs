//! `hanpyo-voter`: votes over Hanpyo's public API, for one voter or for many.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_load_tests::voter::api::ElectionApi;
use hanpyo_load_tests::voter::cast::{VoteError, secret, vote};
use hanpyo_load_tests::voter::choices::{self, Intent};
use hanpyo_load_tests::voter::codes;
use hanpyo_load_tests::voter::election::Election;
use hanpyo_load_tests::voter::many::{Crowd, run};
use hanpyo_load_tests::voter::outbox::Outbox;
use indicatif::{ProgressBar, ProgressStyle};

/// Votes over Hanpyo's public API: identifies with the one-time code, encrypts, casts or challenges, and verifies
/// acknowledgement and receipt.
#[derive(Parser)]
#[command(
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
    Vote {
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
    },
    /// Votes for many voters, each at its time.
    Many {
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
        #[arg(long, default_value_t = 64)]
        concurrency: usize,
        /// Keep receipts and acknowledgements in this folder.
        #[arg(long)]
        keep: Option<PathBuf>,
    },
}

#[derive(Args)]
struct ElectionArguments {
    /// The server, for example https://vote.example.kr
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
    fn open(&self, connections: usize) -> Result<(ElectionApi, Election), Failure> {
        let (tenant, election) = (self.election.split_once('/'))
            .ok_or_else(|| input("--election")(&"expected tenant/election"))?;
        let vkey: VerifierKey = self.vkey.parse().map_err(|error| input("--vkey")(&error))?;
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
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&input("runtime")(&error)),
    };
    // The board is read by blocking calls, before anything asynchronous begins.
    let outcome = match &arguments.command {
        Command::Vote {
            election,
            voter,
            codes,
            choices,
            challenge,
            otp,
            receipt,
            ack,
        } => election.open(4).and_then(|(api, election)| {
            let intent = if *challenge {
                Intent::ChallengeThenCast
            } else {
                Intent::Cast
            };
            let secret = secret(&election, codes)?;
            let recorded = runtime.block_on(async {
                let otp = match otp {
                    Some(otp) => otp.clone(),
                    None => {
                        api.identify(voter).await.map_err(VoteError::from)?;
                        ask("One-time code: ").map_err(|error| input("standard input")(&error))?
                    }
                };
                let session = api
                    .session(voter, otp.trim())
                    .await
                    .map_err(VoteError::from)?;
                Ok::<_, Failure>(vote(&api, &election, &session, &secret, choices, intent).await?)
            })?;
            for (path, bytes) in [
                (receipt, &recorded.receipt),
                (ack, &recorded.acknowledgement),
            ] {
                if let Some(path) = path {
                    std::fs::write(path, bytes)
                        .map_err(|error| input(path.display().to_string())(&error))?;
                }
            }
            println!("recorded as entry {}", recorded.index);
            println!("confirmation code {}", recorded.code);
            if let Some(code) = recorded.challenged {
                println!("challenged before, and it held the choices made: {code}");
            }
            Ok(true)
        }),
        Command::Many {
            election,
            codes: codes_file,
            choices: choices_file,
            outbox,
            concurrency,
            keep,
        } => election.open(*concurrency).and_then(|(api, election)| {
            let open = |path: &PathBuf| {
                File::open(path).map_err(|error| input(path.display().to_string())(&error))
            };
            let codes = codes::read(open(codes_file)?)
                .map_err(|error| input(codes_file.display().to_string())(&error))?;
            let choices = choices::read(open(choices_file)?)
                .map_err(|error| input(choices_file.display().to_string())(&error))?;
            if let Some(folder) = keep {
                std::fs::create_dir_all(folder)
                    .map_err(|error| input(folder.display().to_string())(&error))?;
            }
            let crowd = Crowd {
                api,
                election,
                outbox: Outbox::new(outbox),
                codes,
                concurrency: *concurrency,
                keep: keep.clone(),
            };
            Ok(runtime.block_on(crowd_votes(crowd, choices)))
        }),
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
