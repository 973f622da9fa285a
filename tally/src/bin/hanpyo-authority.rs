//! `hanpyo-authority`: issues voting codes for a roll and signs everything about credentials.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_tally::api::ProposalState;
use hanpyo_tally::authority::run::{self as authority, Issue, ReissueState, Secrets, Uploaded};
use hanpyo_tally::board::Board;
use hanpyo_tally::cli::{self, BoardArgs, Failure, PassphraseArgs, PostArgs, Progress};
use hanpyo_tally::session::Session;
use hanpyo_tally::ui;
use hanpyo_tally::ui::authority::AuthorityDesk;
use hanpyo_tally::ui::board::Place;
use hanpyo_tally::ui::messages::Counted;
use hanpyo_tally::ui::server::UiArgs;
use hanpyo_tally::ui::worker::{Desk, Worker};
use rand::rngs::OsRng;
use url::Url;

/// Issues voting codes for a roll and signs roll, revocations and re-issues.
///
/// Codes never pass through the server: they go from letters.csv to the voters. The roll is a CSV file with the
/// columns voter_id,style,unit,weight (in any order, UTF-8). Exit code 0: done, 1: refused or failed, 2: bad input.
#[derive(Parser)]
#[command(name = "hanpyo-authority", version, after_long_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    secret: PassphraseArgs,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples; URL is https://HOST/board/TENANT/ELECTION/
(the environment variables HANPYO_SECRET, HANPYO_BOARD and HANPYO_VKEY stand for the arguments)

One authority:
  hanpyo-authority --secret authority.age init
  hanpyo-authority --secret authority.age issue --board URL --vkey VKEY \
                   --roll roll.csv --out issued
  hanpyo-authority --secret authority.age upload --board URL --vkey VKEY --out issued
  then give issued/assignment.csv to the server's administrator and issued/letters.csv to the printer

Two authorities, each on a machine of its own; the first one draws the order of the credentials:
  first   issue --roll roll.csv --out issued          gives issued/order.csv to the second
  second  issue --roll roll.csv --order order.csv --out issued
  both    commit --out issued                         before either opens
  both    open --out issued                           after both committed
  both    upload --out issued                         after both opened; the second one completes it

Files in the --out folder (all readable by their owner only):
  letters.csv              voter_id,credential_index,authority,code,fingerprint,url; secret
  assignment.csv           voter_id,credential_index, for the server (sole or first authority)
  order.csv                voter_id,credential_index,style,unit,weight (two authorities)
  credentials.cbor-bundle  signed roll chunks (one authority)
  half-credentials.bin     half credentials, secret until both authorities committed (two authorities)
All but purge in a browser, from the first step on:
  hanpyo-authority --secret authority.age ui --out issued

A url is BOOTH#m=<manifest hash>&a=<authority>&i=<credential index>&c=<code>.

A run that was interrupted is run again with the same arguments: it goes on, with the same codes.";

#[derive(Subcommand)]
enum Command {
    /// Make the secret file and print the public key for the manifest
    Init,
    /// Check manifest and joint key on the board, then draw a voting code for every voter of the roll
    Issue {
        #[command(flatten)]
        board: BoardArgs,
        /// The electoral roll: voter_id,style,unit,weight
        #[arg(long, value_name = "CSV")]
        roll: PathBuf,
        /// Second of two authorities: the first one's order.csv
        #[arg(long, value_name = "CSV")]
        order: Option<PathBuf>,
        /// Folder for the files
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// Address of the voting page in the letters [default: https://HOST/e/TENANT/ELECTION/vote of the manifest]
        #[arg(long, value_name = "URL")]
        booth: Option<Url>,
    },
    /// Two authorities: publish the commitment to this half list
    Commit(Steps),
    /// Two authorities: publish this half list, after both have committed
    Open(Steps),
    /// Bring the roll to the board and sign its seal; goes on where it was interrupted
    Upload(Steps),
    /// Sign the revocation of a credential
    Revoke {
        #[command(flatten)]
        network: Network,
        /// The credential
        #[arg(long, value_name = "NUMBER")]
        index: u32,
        /// Why, for the public record; the same words for both authorities
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Draw a new code for the voter of a revoked credential and sign its re-issue
    Reissue {
        #[command(flatten)]
        steps: Steps,
        /// The revoked credential
        #[arg(long, value_name = "NUMBER")]
        index: u32,
        /// Address of the voting page in the letter [default: as in the letters that were issued]
        #[arg(long, value_name = "URL")]
        booth: Option<Url>,
    },
    /// Do all of this but destroying in a browser: serves this program's own pages on this computer only
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
        /// Folder for the files
        #[arg(long, value_name = "FOLDER", default_value = "issued")]
        out: PathBuf,
        /// Address of the voting page in the letters
        #[arg(long, value_name = "URL")]
        booth: Option<Url>,
        #[command(flatten)]
        ui: UiArgs,
    },
    /// Destroy all codes and which voter has which credential, on the date the law says
    Purge {
        #[command(flatten)]
        board: BoardArgs,
        /// Folder with the files
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
struct Network {
    #[command(flatten)]
    board: BoardArgs,
    #[command(flatten)]
    post: PostArgs,
    /// Seconds between two looks at the board
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
}

#[derive(Args)]
struct Steps {
    #[command(flatten)]
    network: Network,
    /// Folder with the files
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { secret, command } = arguments;
    match command {
        Command::Init => init(&secret),
        Command::Issue {
            board,
            roll,
            order,
            out,
            booth,
        } => {
            let issue = Issue {
                roll: &roll,
                order: order.as_deref(),
                out: &out,
                booth,
            };
            self::issue(&secret, &board, issue)
        }
        Command::Commit(steps) => commit(&secret, &steps),
        Command::Open(steps) => open_halves(&secret, &steps),
        Command::Upload(steps) => upload(&secret, &steps),
        Command::Revoke {
            network,
            index,
            reason,
        } => revoke(&secret, &network, index, reason),
        Command::Reissue {
            steps,
            index,
            booth,
        } => reissue(&secret, &steps, index, booth),
        Command::Ui {
            board,
            vkey,
            post,
            out,
            booth,
            ui,
        } => {
            let place = Place::of_arguments(board.zip(vkey), post)?;
            let desk = AuthorityDesk::new(secret.secret, place, out, booth);
            let roll = desk.roll_files();
            let worker = Worker::start(desk.view(), move || desk);
            ui::server::serve(worker, &ui, "authority.html", move |service| {
                ui::authority::routes(service, &roll);
            })
        }
        Command::Purge { board, out, yes } => purge(&secret, &board, &out, yes),
    }
}

fn init(secret: &PassphraseArgs) -> Result<(), Failure> {
    let file =
        Secrets::create(&secret.secret, &secret.new_one()?, &mut OsRng).map_err(Failure::input)?;
    eprintln!(
        "{} made and read back; this is the public key for the manifest:",
        secret.secret.display()
    );
    println!("{}", file.key().verifying_key());
    Ok(())
}

fn open_secret(secret: &PassphraseArgs) -> Result<Secrets, Failure> {
    Secrets::open(&secret.secret, &secret.existing()?).map_err(Failure::input)
}

fn read_board(secret: &PassphraseArgs, board: &BoardArgs) -> Result<Board, Failure> {
    let mut board = board.open()?;
    board
        .remember_beside(&secret.secret)
        .map_err(Failure::refused)?;
    cli::read_all(&mut board)?;
    Ok(board)
}

fn open_session(secret: &PassphraseArgs, network: &Network) -> Result<Session, Failure> {
    let mut board = network.board.open()?;
    board.keep_halves();
    board
        .remember_beside(&secret.secret)
        .map_err(Failure::refused)?;
    let client = network.post.client(&network.board)?;
    cli::read_all(&mut board)?;
    let pause = Duration::from_secs(network.interval);
    Ok(Session::new(board, client, pause))
}

/// Progress on the terminal, a bar for each thing that is counted.
struct Bars(Option<(Counted, Progress)>);

impl Bars {
    fn show(&mut self, what: Counted, done: u64, total: u64) {
        if self.0.as_ref().is_none_or(|(shown, _)| *shown != what) {
            self.finish();
            let name = match what {
                Counted::Verified => "entries verified",
                Counted::Codes => "voting codes",
                Counted::Credentials => "public credentials",
                Counted::Uploaded => "credentials on the board",
            };
            self.0 = Some((what, Progress::start(name, total)));
        }
        if let Some((_, bar)) = &mut self.0 {
            bar.set(done);
        }
    }

    fn finish(&mut self) {
        if let Some((_, bar)) = self.0.take() {
            bar.finish();
        }
    }
}

fn issue(secret: &PassphraseArgs, board: &BoardArgs, issue: Issue<'_>) -> Result<(), Failure> {
    let mut file = open_secret(secret)?;
    let board = read_board(secret, board)?;
    let election = board.election().map_err(Failure::refused)?;
    println!(
        "election {} with fingerprint {}",
        election.manifest.title.ko.as_str(),
        election.fingerprint()
    );
    let out = issue.out.to_owned();
    let mut bars = Bars(None);
    let issued = issue.run(&mut file, &board, &mut |what, done, total| {
        bars.show(what, done, total);
    })?;
    bars.finish();
    println!(
        "{} codes issued; in {}: {}",
        issued.voters,
        out.display(),
        issued.files.join(", ")
    );
    Ok(())
}

fn commit(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    let number = authority::commit(&file, &mut session, &steps.out)?;
    println!("the commitment of authority {number} is on the board");
    Ok(())
}

fn open_halves(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    let mut bars = Bars(None);
    let mut report = |what, done, total| bars.show(what, done, total);
    let number = authority::open_halves(&file, &mut session, &steps.out, &mut report)?;
    bars.finish();
    println!("the half list of authority {number} is on the board");
    Ok(())
}

fn upload(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    let mut bars = Bars(None);
    let mut report = |what, done, total| bars.show(what, done, total);
    let (voters, uploaded) = authority::upload(&file, &mut session, &steps.out, &mut report)?;
    bars.finish();
    match uploaded {
        Uploaded::Waiting { there } => println!(
            "{there} of {voters} credentials are on the board; the other authority must sign: run this again after that"
        ),
        Uploaded::Sealed => {
            println!("the roll of {voters} credentials is on the board and sealed");
        }
        Uploaded::Proposed(state) => println!(
            "the roll of {voters} credentials is on the board; seal {}",
            proposed(&state)
        ),
    }
    Ok(())
}

fn proposed(state: &ProposalState) -> String {
    match (state.index, state.missing.as_slice()) {
        (Some(index), _) => format!("is entry {index}"),
        (None, missing) => format!(
            "signed as proposal {}, still to sign: {}",
            state.id,
            missing.join(", ")
        ),
    }
}

fn revoke(
    secret: &PassphraseArgs,
    network: &Network,
    index: u32,
    reason: String,
) -> Result<(), Failure> {
    let file = open_secret(secret)?;
    let mut session = open_session(secret, network)?;
    let state = authority::revoke(&file, &mut session, index, reason)?;
    println!("revocation of credential {index} {}", proposed(&state));
    Ok(())
}

fn reissue(
    secret: &PassphraseArgs,
    steps: &Steps,
    index: u32,
    booth: Option<Url>,
) -> Result<(), Failure> {
    let mut file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    match authority::reissue(&mut file, &mut session, &steps.out, index, booth)? {
        ReissueState::Waiting(what) => println!("waiting for {what}; run this again later"),
        ReissueState::Proposed { new, state, files } => println!(
            "re-issue of credential {index} as {new} {}; written: {}",
            proposed(&state),
            files.join(", ")
        ),
    }
    Ok(())
}

fn purge(secret: &PassphraseArgs, board: &BoardArgs, out: &Path, yes: bool) -> Result<(), Failure> {
    let mut file = open_secret(secret)?;
    let board = read_board(secret, board)?;
    authority::may_purge(&board)?;
    let question = format!(
        "All codes in {} and {} will be destroyed, and with them which voter has which credential.",
        secret.secret.display(),
        out.display()
    );
    cli::confirm(&question, "destroy", yes)?;
    let removed = authority::purge(&mut file, out)?;
    println!(
        "destroyed: the codes in {}, {}",
        secret.secret.display(),
        removed.join(", ")
    );
    println!("destroy all copies and backups as well; a deleted file may still be on the disk");
    Ok(())
}
