//! `hanpyo-trustee`: a trustee's share of the election key, from the ceremony to the partial decryptions.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::record::CheckStatus;
use hanpyo_tally::board::Board;
use hanpyo_tally::cli::{self, BoardArgs, Failure, PassphraseArgs, PostArgs};
use hanpyo_tally::election::Election;
use hanpyo_tally::role_file::{RoleFile, RoleFileError};
use hanpyo_tally::session::Session;
use hanpyo_tally::trustee::decrypt::Authorised;
use hanpyo_tally::trustee::pin::PinFile;
use hanpyo_tally::trustee::run::{
    Consent, Ended, Part, Patience, TrusteeError, follow, run_decrypt, run_part,
};
use hanpyo_tally::trustee::state::TrusteeMemory;
use rand::rngs::OsRng;

/// Makes and uses a trustee's share of the election key.
///
/// The secret file holds the trustee's signing key and later its share. No single trustee can decrypt anything; the
/// quorum can decrypt only the sums that each of their programs added up itself. Exit code 0: done, 1: refused or
/// failed, 2: bad input.
#[derive(Parser)]
#[command(name = "hanpyo-trustee", version, after_long_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    secret: PassphraseArgs,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples, in the order of an election; URL is https://HOST/board/TENANT/ELECTION/
(the environment variables HANPYO_SECRET, HANPYO_BOARD and HANPYO_VKEY stand for the arguments):
  hanpyo-trustee --secret trustee1.age init
  hanpyo-trustee --secret trustee1.age preflight --board URL --vkey VKEY
  hanpyo-trustee --secret trustee1.age ceremony --board URL --vkey VKEY --follow
  hanpyo-trustee --secret trustee1.age drill --board URL --vkey VKEY
  hanpyo-trustee --secret trustee1.age follow --board URL --vkey VKEY --wait
  hanpyo-trustee --secret trustee1.age decrypt --board URL --vkey VKEY

Files beside trustee1.age: trustee1.age.pins (the tree this key was used for; never delete it),
trustee1.age.verified (how far the board was verified), trustee1.age.lock.
Keep a copy of trustee1.age and its passphrase apart from each other; after decrypting, copy the .pins file as well.";

#[derive(Subcommand)]
enum Command {
    /// Make the secret file and print the public key for the manifest
    Init,
    /// Check the manifest on the board and show its fingerprint and this trustee's part
    Preflight {
        #[command(flatten)]
        board: BoardArgs,
    },
    /// Take the next steps of the key ceremony; may be run again at any time
    Ceremony(Steps),
    /// Show on the board that the stored share decrypts
    Drill(Steps),
    /// Verify the board as it grows and remember how far
    Follow {
        #[command(flatten)]
        board: BoardArgs,
        /// Go on until voting is closed
        #[arg(long)]
        wait: bool,
        /// Seconds between two looks at the board
        #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
        interval: u64,
    },
    /// Decrypt the count, after all checks; refuses for every other tree afterwards
    Decrypt {
        #[command(flatten)]
        steps: Steps,
        /// Decrypt although the server published ballots that the rules exclude from the count
        #[arg(long)]
        accept_excluded: bool,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
struct Steps {
    #[command(flatten)]
    board: BoardArgs,
    #[command(flatten)]
    post: PostArgs,
    /// Wait for the others until everything is done
    #[arg(long)]
    follow: bool,
    /// Seconds between two looks at the board
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
}

impl Steps {
    fn patience(&self) -> Patience {
        if self.follow {
            Patience::Follow
        } else {
            Patience::Stop
        }
    }

    fn session(&self, secret: &PassphraseArgs) -> Result<Session, Failure> {
        let mut board = self.board.open()?;
        board
            .remember_beside(&secret.secret)
            .map_err(Failure::refused)?;
        let client = self.post.client(&self.board)?;
        cli::read_all(&mut board)?;
        Ok(Session::new(
            board,
            client,
            Duration::from_secs(self.interval),
        ))
    }
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { secret, command } = arguments;
    match command {
        Command::Init => init(&secret),
        Command::Preflight { board } => preflight(&secret, &board),
        Command::Ceremony(steps) => part(&secret, &steps, Part::Ceremony),
        Command::Drill(steps) => part(&secret, &steps, Part::Drill),
        Command::Follow {
            board,
            wait,
            interval,
        } => watch(&secret, &board, wait, interval),
        Command::Decrypt {
            steps,
            accept_excluded,
            yes,
        } => decrypt(&secret, &steps, accept_excluded, yes),
    }
}

fn init(secret: &PassphraseArgs) -> Result<(), Failure> {
    let file = RoleFile::<TrusteeMemory>::create(&secret.secret, &secret.new_one()?, &mut OsRng)
        .map_err(Failure::input)?;
    eprintln!(
        "{} made and read back; this is the public key for the manifest:",
        secret.secret.display()
    );
    println!("{}", file.key().verifying_key());
    Ok(())
}

fn open(secret: &PassphraseArgs) -> Result<RoleFile<TrusteeMemory>, Failure> {
    RoleFile::open(&secret.secret, &secret.existing()?)
        .map_err(|error: RoleFileError| Failure::input(error))
}

fn preflight(secret: &PassphraseArgs, board: &BoardArgs) -> Result<(), Failure> {
    let file = open(secret)?;
    let mut board = board.open()?;
    cli::read_all(&mut board)?;
    let election = board.election().map_err(Failure::refused)?;
    let number = election.trustee(file.key()).map_err(Failure::refused)?;
    if file.state().is_pinned() {
        file.state()
            .check_pinned(election, number)
            .map_err(Failure::refused)?;
    }
    show_election(election);
    let roles = &election.manifest.roles;
    println!(
        "this key:     trustee {number} of {}, {} needed to decrypt",
        roles.trustees.len(),
        roles.quorum
    );
    println!(
        "board:        {} entries, root {}",
        board.checker().size(),
        board.checker().root()
    );
    for (check, status) in board.report().checks() {
        if let CheckStatus::Fail { findings, .. } = status {
            let first = findings
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            return Err(Failure::refused(format!("{check} failed: {first}")));
        }
    }
    println!("compare the fingerprint with the one announced officially before you go on");
    Ok(())
}

fn show_election(election: &Election) {
    let manifest = &election.manifest;
    println!("election:     {}", manifest.title.ko.as_str());
    println!("fingerprint:  {}", election.fingerprint());
    println!("manifest:     {}", election.hash);
    if manifest.test {
        println!("              THIS IS A TEST ELECTION");
    }
}

fn part(secret: &PassphraseArgs, steps: &Steps, part: Part) -> Result<(), Failure> {
    let mut file = open(secret)?;
    let mut session = steps.session(secret)?;
    let ended = run_part(
        part,
        &mut file,
        &mut session,
        steps.patience(),
        &mut |line| eprintln!("{line}"),
    );
    end(ended)
}

fn end(ended: Result<Ended, TrusteeError>) -> Result<(), Failure> {
    match ended.map_err(Failure::refused)? {
        Ended::Done(what) => println!("done: {what}"),
        Ended::Waiting(what) => println!("waiting for {what}; run this again later"),
    }
    Ok(())
}

fn watch(
    secret: &PassphraseArgs,
    board: &BoardArgs,
    wait: bool,
    interval: u64,
) -> Result<(), Failure> {
    let patience = if wait {
        Patience::Follow
    } else {
        Patience::Stop
    };
    let mut board = board.open()?;
    board
        .remember_beside(&secret.secret)
        .map_err(Failure::refused)?;
    let mut last = 0;
    let ended = follow(
        &mut board,
        patience,
        Duration::from_secs(interval),
        &mut |board| {
            let checker = board.checker();
            if checker.size() > last {
                last = checker.size();
                let turnout = checker.turnout();
                let (counted, electorate) =
                    turnout.map_or((0, 0), |turnout| (turnout.ballots, turnout.electorate));
                eprintln!(
                    "{last} entries verified, {counted} ballots of {electorate} counted, root {}",
                    checker.root()
                );
            }
        },
    );
    end(ended)
}

fn decrypt(
    secret: &PassphraseArgs,
    steps: &Steps,
    accept_excluded: bool,
    yes: bool,
) -> Result<(), Failure> {
    let mut file = open(secret)?;
    let mut session = steps.session(secret)?;
    let pins = PinFile::beside(&secret.secret);
    let mut confirm = |board: &Board, authorised: &Authorised<'_>| {
        show_decryption(board, authorised);
        let question = "This key will never be used for any other tree.";
        cli::confirm(question, "decrypt", yes)
            .map_err(|failure| eprintln!("{failure}"))
            .is_ok()
    };
    let mut consent = Consent {
        accept_excluded,
        patience: steps.patience(),
        confirm: &mut confirm,
    };
    let ended = run_decrypt(&mut file, &mut session, &mut consent, &mut |line| {
        eprintln!("{line}");
    });
    if ended.is_ok() {
        eprintln!(
            "keep {} with every copy of {}",
            pins.path().display(),
            secret.secret.display()
        );
    }
    end(ended)
}

/// Groups shown per contest; a whole country has more.
const SHOWN_GROUPS: usize = 40;

fn show_decryption(board: &Board, authorised: &Authorised<'_>) {
    let Ok(election) = board.election() else {
        return;
    };
    show_election(election);
    let manifest = &election.manifest;
    println!("closed tree:  {} entries", authorised.tree.size);
    println!(
        "root:         {}",
        hanpyo_ledger::log::Hash::from(authorised.tree.root)
    );
    if let Some(turnout) = board.checker().turnout() {
        println!(
            "turnout:      {} ballots and {} paper votes of {} voters",
            turnout.ballots, turnout.paper, turnout.electorate
        );
    }
    match &manifest.profile.count_gate {
        Some(gate) => println!("count gate:   {}/{}, met", gate.numerator, gate.denominator),
        None => println!("count gate:   none"),
    }
    println!("excluded:     {} entries", authorised.excluded);
    for (contest, tally) in manifest.contests.iter().zip(&authorised.closed().contests) {
        let groups = tally.groups();
        println!(
            "contest:      {} ({} sums to decrypt)",
            contest.title.ko.as_str(),
            groups.len() * tally.positions
        );
        for group in groups.iter().take(SHOWN_GROUPS) {
            let units: Vec<_> = group
                .units
                .iter()
                .filter_map(|unit| manifest.units.get(usize::from(*unit)))
                .map(|unit| unit.title.ko.as_str())
                .collect();
            println!("  {:>10} ballots: {}", group.ballots, units.join(", "));
        }
        if groups.len() > SHOWN_GROUPS {
            println!("  and {} more groups", groups.len() - SHOWN_GROUPS);
        }
    }
}
