//! `hanpyo-trustee`: a trustee's share of the election key, from the ceremony to the partial decryptions.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_tally::board::{Board, BoardError};
use hanpyo_tally::cli::{self, BoardArgs, Failure, PassphraseArgs, PostArgs};
use hanpyo_tally::election::Election;
use hanpyo_tally::role_file::{RoleFile, RoleFileError};
use hanpyo_tally::session::Session;
use hanpyo_tally::trustee::decrypt::Authorised;
use hanpyo_tally::trustee::pin::PinFile;
use hanpyo_tally::trustee::preflight::{PreflightCheck, PreflightItem, PreflightOutcome};
use hanpyo_tally::trustee::run::{
    Consent, Ended, Part, Patience, TrusteeError, follow, run_decrypt, run_part,
};
use hanpyo_tally::trustee::state::TrusteeMemory;
use hanpyo_tally::trustee::{self, sums};
use hanpyo_tally::ui::board::Place;
use hanpyo_tally::ui::server::UiArgs;
use hanpyo_tally::ui::trustee::TrusteeDesk;
use hanpyo_tally::ui::worker::{Desk, Worker};
use hanpyo_tally::{ui, words};

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
or all of it in a browser, from the first step on:
  hanpyo-trustee --secret trustee1.age ui

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
    /// Do all of this in a browser: serves this program's own pages on this computer only
    Ui {
        /// The board's URL; the pages ask for it if it is left out
        #[arg(
            long,
            value_name = "URL|FOLDER",
            env = "HANPYO_BOARD",
            requires = "vkey"
        )]
        board: Option<String>,
        /// The log's verifier key, taken from the official announcement
        #[arg(long, value_name = "VKEY", env = "HANPYO_VKEY", requires = "board")]
        vkey: Option<String>,
        #[command(flatten)]
        post: PostArgs,
        #[command(flatten)]
        ui: UiArgs,
    },
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
        /// The .pins file beside the secret file is lost for good: go on without it. If this key was used before, a
        /// second tally shows how single voters voted
        #[arg(long)]
        pins_lost: bool,
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
        Command::Ui {
            board,
            vkey,
            post,
            ui,
        } => pages(secret.secret, board.zip(vkey), post, &ui),
        Command::Follow {
            board,
            wait,
            interval,
        } => watch(&secret, &board, wait, interval),
        Command::Decrypt {
            steps,
            accept_excluded,
            pins_lost,
            yes,
        } => {
            let file = open(&secret)?;
            if pins_lost {
                replace_pins(&secret, yes)?;
            }
            decrypt(file, &secret, &steps, accept_excluded, yes)
        }
    }
}

fn init(secret: &PassphraseArgs) -> Result<(), Failure> {
    let file = trustee::run::create(&secret.secret, &secret.new_one()?).map_err(Failure::input)?;
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

fn pages(
    secret: PathBuf,
    board: Option<(String, String)>,
    post: PostArgs,
    ui: &UiArgs,
) -> Result<(), Failure> {
    let desk = TrusteeDesk::new(secret, Place::of_arguments(board, post)?);
    let worker = Worker::start(desk.view(), move || desk);
    ui::server::serve(worker, ui, "trustee.html", |_| {})
}

fn preflight(secret: &PassphraseArgs, board: &BoardArgs) -> Result<(), Failure> {
    let file = open(secret)?;
    let place = board.place()?;
    let mut board = board.open()?;
    cli::read_all(&mut board)?;
    show_election(board.election().map_err(Failure::refused)?);
    for PreflightCheck {
        item,
        outcome,
        found,
    } in trustee::preflight::preflight(&file, &board, &place)
    {
        let what = match item {
            PreflightItem::Board => "board:       ",
            PreflightItem::Key => "this key:    ",
            PreflightItem::Clock => "clock ahead: ",
            PreflightItem::File => "file mode:   ",
            PreflightItem::Folder => "folder mode: ",
        };
        match (outcome, item) {
            (PreflightOutcome::Fail, PreflightItem::Clock) => {
                return Err(Failure::refused(format!(
                    "this computer's clock is {found} seconds ahead of the server's; set it first"
                )));
            }
            (PreflightOutcome::Fail, PreflightItem::File | PreflightItem::Folder) => {
                return Err(Failure::refused(format!(
                    "others on this computer may read or change the secret file ({} {found})",
                    what.trim().trim_end_matches(':')
                )));
            }
            (PreflightOutcome::Fail, _) => return Err(Failure::refused(found)),
            (PreflightOutcome::Pass | PreflightOutcome::NotChecked, _) => {
                println!("{what} {found}");
            }
        }
    }
    println!("compare the fingerprint with the one announced officially before you go on");
    Ok(())
}

fn show_election(election: &Election) {
    let manifest = &election.manifest;
    println!("election:     {}", manifest.title.ko.as_str());
    println!("fingerprint:  {}", election.fingerprint());
    let short = election.hash.as_bytes().get(..16).unwrap_or_default();
    println!("in words:     {}", words::korean(short).join(" "));
    println!("              {}", words::english(short).join(" "));
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

/// Makes a new pin file in place of a lost one, when the trustee has read what that risks.
fn replace_pins(secret: &PassphraseArgs, yes: bool) -> Result<(), Failure> {
    let pins = PinFile::beside(&secret.secret);
    if pins.path().exists() {
        let path = pins.path().display();
        return Err(Failure::input(format!("{path} is not lost")));
    }
    let question = "Nothing says any more whether this key was used. If it was, for another tree of this election, the \
                    two tallies together show how single voters voted.";
    cli::confirm(question, "lost", yes)?;
    pins.create().map_err(Failure::refused)
}

fn decrypt(
    mut file: RoleFile<TrusteeMemory>,
    secret: &PassphraseArgs,
    steps: &Steps,
    accept_excluded: bool,
    yes: bool,
) -> Result<(), Failure> {
    let mut session = steps.session(secret)?;
    let pins = PinFile::beside(&secret.secret);
    let mut confirm = |board: &Board, authorised: &Authorised<'_>| {
        if let Err(error) = show_decryption(board, authorised) {
            eprintln!("{error}");
            return false;
        }
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

fn show_decryption(board: &Board, authorised: &Authorised<'_>) -> Result<(), BoardError> {
    let shown = sums::decryption(board, authorised)?;
    show_election(board.election()?);
    println!("closed tree:  {} entries", shown.size);
    println!("root:         {}", shown.root);
    println!(
        "turnout:      {} ballots and {} paper votes of {} voters",
        shown.turnout.ballots, shown.turnout.paper, shown.turnout.electorate
    );
    match &shown.gate {
        Some(gate) => println!("count gate:   {}/{}, met", gate.numerator, gate.denominator),
        None => println!("count gate:   none"),
    }
    println!("excluded:     {} entries", shown.excluded);
    for contest in &shown.contests {
        println!(
            "contest:      {} ({} sums to decrypt)",
            contest.title.ko, contest.sums
        );
        for group in &contest.groups {
            let units: Vec<_> = group.units.iter().map(|unit| unit.ko.as_str()).collect();
            println!("  {:>10} ballots: {}", group.ballots, units.join(", "));
        }
        if contest.more > 0 {
            println!("  and {} more groups", contest.more);
        }
    }
    Ok(())
}
