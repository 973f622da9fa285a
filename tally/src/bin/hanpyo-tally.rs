//! `hanpyo-tally`: follows the board during voting and publishes the count.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::record::{CheckNumber, Phase};
use hanpyo_ledger::signature::SigningKey;
use hanpyo_tally::cli::{self, BoardArgs, Failure, PassphraseArgs, PostArgs};
use hanpyo_tally::count::{Action, OperatorState, acceptable, next_action};
use hanpyo_tally::role_file::RoleFile;
use hanpyo_tally::session::{Session, SessionError};
use rand::rngs::OsRng;

/// Follows the board during voting and publishes encrypted tally, contest results and result.
///
/// Everything is recomputed from the board, nothing is kept: it may be stopped and started at any time. The secret
/// file holds a signing key only; whatever this program publishes is recomputed by everybody. Exit code 0: done,
/// 1: refused or failed, 2: bad input.
#[derive(Parser)]
#[command(name = "hanpyo-tally", version, after_long_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    secret: PassphraseArgs,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples; URL is https://HOST/board/TENANT/ELECTION/
(the environment variables HANPYO_SECRET, HANPYO_BOARD and HANPYO_VKEY stand for the arguments):
  hanpyo-tally --secret tally.age init
  hanpyo-tally --secret tally.age run --board URL --vkey VKEY
  hanpyo-tally --secret tally.age publish --board URL --vkey VKEY";

#[derive(Subcommand)]
enum Command {
    /// Make the secret file and print the public key for the manifest
    Init,
    /// Verify the board and add up ballots until voting is closed
    Follow(Steps),
    /// After the close: publish whatever is due now, then stop
    Publish(Steps),
    /// All of it: follow, publish, wait for the trustees, publish, until the record is finished
    Run(Steps),
}

#[derive(Args)]
struct Steps {
    #[command(flatten)]
    board: BoardArgs,
    #[command(flatten)]
    post: PostArgs,
    /// Seconds between two looks at the board
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { secret, command } = arguments;
    match command {
        Command::Init => init(&secret),
        Command::Follow(steps) => publish(&secret, &steps, Until::Closed),
        Command::Publish(steps) => publish(&secret, &steps, Until::NothingDue),
        Command::Run(steps) => publish(&secret, &steps, Until::Finished),
    }
}

fn init(secret: &PassphraseArgs) -> Result<(), Failure> {
    let file = RoleFile::<OperatorState>::create(&secret.secret, &secret.new_one()?, &mut OsRng)
        .map_err(Failure::input)?;
    eprintln!(
        "{} made and read back; this is the public key for the manifest:",
        secret.secret.display()
    );
    println!("{}", file.key().verifying_key());
    Ok(())
}

/// When to stop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Voting is closed.
    Closed,
    /// Others must act.
    NothingDue,
    /// The record is finished.
    Finished,
}

/// How often the same thing may be published without the board showing it.
const ATTEMPTS: u32 = 5;

fn publish(secret: &PassphraseArgs, steps: &Steps, until: Until) -> Result<(), Failure> {
    let file = RoleFile::<OperatorState>::open(&secret.secret, &secret.existing()?)
        .map_err(Failure::input)?;
    let mut board = steps.board.open()?;
    board
        .remember_beside(&secret.secret)
        .map_err(Failure::refused)?;
    let client = steps.post.client(&steps.board)?;
    cli::read_all(&mut board)?;
    let mut session = Session::new(board, client, Duration::from_secs(steps.interval));
    let mut shown = Shown::default();
    let (mut last, mut repeated) = (String::new(), 0);
    loop {
        shown.show(&session);
        if until == Until::Closed && session.board.checker().phase() >= Phase::Closed {
            acceptable(&session.board).map_err(Failure::refused)?;
            println!("done: voting is closed, the sums are ready");
            return Ok(());
        }
        match step(&session, file.key())? {
            Action::Done(what) => {
                println!("done: {what}");
                return Ok(());
            }
            Action::Wait(what) if until == Until::NothingDue => {
                println!("waiting for {what}; run this again later");
                return Ok(());
            }
            Action::Wait(what) => {
                if what != last {
                    eprintln!("waiting for {what}");
                    last = what;
                }
                session.wait().map_err(Failure::refused)?;
            }
            Action::Publish { entries, what } => {
                repeated = if what == last { repeated + 1 } else { 0 };
                if repeated >= ATTEMPTS {
                    return Err(Failure::refused(SessionError::Stuck(what)));
                }
                eprintln!("publishing {what} ({} entries)", entries.len());
                session.publish_all(&entries).map_err(Failure::refused)?;
                last = what;
            }
        }
    }
}

fn step(session: &Session, key: &SigningKey) -> Result<Action, Failure> {
    next_action(&session.board, key).map_err(Failure::refused)
}

/// What the operator was told already.
#[derive(Default)]
struct Shown {
    size: u64,
    findings: usize,
}

impl Shown {
    fn show(&mut self, session: &Session) {
        let checker = session.board.checker();
        if checker.size() > self.size && checker.phase() <= Phase::Closed {
            let turnout = checker.turnout();
            let (counted, electorate) =
                turnout.map_or((0, 0), |turnout| (turnout.ballots, turnout.electorate));
            eprintln!(
                "{} entries verified, {counted} ballots of {electorate} added up",
                checker.size()
            );
        }
        self.size = checker.size();
        // Ballots excluded by rule and partial decryptions that are not proven: not counted, but told.
        let told = [
            CheckNumber::Ballots,
            CheckNumber::Duplicates,
            CheckNumber::Challenges,
            CheckNumber::Decryption,
        ];
        let findings: Vec<_> = told
            .into_iter()
            .flat_map(|check| session.findings(check))
            .collect();
        for finding in findings.iter().skip(self.findings) {
            eprintln!("not counted: {finding}");
        }
        self.findings = findings.len();
    }
}
