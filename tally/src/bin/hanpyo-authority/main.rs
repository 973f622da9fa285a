//! `hanpyo-authority`: issues voting codes for a roll and signs everything about credentials.

mod issue;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::entry::Reason;
use hanpyo_ledger::record::Phase;
use hanpyo_tally::api::ProposalState;
use hanpyo_tally::authority::changes::{self, Reissued};
use hanpyo_tally::authority::codes::CodeBook;
use hanpyo_tally::authority::issue as files_of_issue;
use hanpyo_tally::authority::letters;
use hanpyo_tally::authority::roll::{Roll, RollLimits};
use hanpyo_tally::authority::state::{AuthorityState, salt};
use hanpyo_tally::authority::upload::{self, Uploader};
use hanpyo_tally::board::Board;
use hanpyo_tally::cli::{self, BoardArgs, Failure, PassphraseArgs, PostArgs, Progress};
use hanpyo_tally::election::KeyedElection;
use hanpyo_tally::role_file::RoleFile;
use hanpyo_tally::session::Session;
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
        /// Address of the voting page in the letter
        #[arg(long, value_name = "URL")]
        booth: Option<Url>,
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
        } => issue::Issue {
            secret: &secret,
            board: &board,
            roll: &roll,
            order: order.as_deref(),
            out: &out,
            booth,
        }
        .run(),
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
        Command::Purge { board, out, yes } => purge(&secret, &board, &out, yes),
    }
}

type Secrets = RoleFile<AuthorityState>;

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

fn open_csv(path: &Path) -> Result<File, Failure> {
    File::open(path)
        .map_err(|error| Failure::input(format!("cannot open {}: {error}", path.display())))
}

fn in_file<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Failure {
    move |error| Failure::input(format!("{}: {error}", path.display()))
}

fn code_book(
    keyed: &KeyedElection<'_>,
    seed: &[u8; 32],
    number: hanpyo_ledger::entry::AuthorityNumber,
    authorities: usize,
) -> CodeBook {
    let key = curve25519_dalek::ristretto::CompressedRistretto(*keyed.joint_key.as_bytes());
    CodeBook::new(
        seed,
        &keyed.election.hash.0,
        &key,
        salt(number, authorities),
    )
}

/// The voting page: as given, or `https://HOST/e/TENANT/ELECTION/vote` of the manifest's origin.
fn booth(given: Option<Url>, keyed: &KeyedElection<'_>) -> Result<Url, Failure> {
    if let Some(url) = given {
        if url.fragment().is_some() || !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::input(format!(
                "{url}: not an http(s) address without a fragment"
            )));
        }
        return Ok(url);
    }
    let origin = keyed.election.manifest.origin.as_str();
    let address = origin
        .split_once('/')
        .map(|(host, path)| format!("https://{host}/e/{path}/vote"));
    address
        .and_then(|address| Url::parse(&address).ok())
        .ok_or_else(|| {
            Failure::input(format!(
                "no address follows from the origin {origin}; use --booth URL"
            ))
        })
}

fn halves(out: &Path) -> Result<Vec<u8>, Failure> {
    let path = out.join(files_of_issue::HALVES);
    std::fs::read(&path)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))
}

fn commit(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let (file, points) = (open_secret(secret)?, halves(&steps.out)?);
    let mut session = open_session(secret, &steps.network)?;
    let who = uploader(&file, &session)?;
    upload::commit_halves(&points, who, &mut session).map_err(Failure::refused)?;
    println!("the commitment of authority {} is on the board", who.number);
    Ok(())
}

fn open_halves(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let (file, points) = (open_secret(secret)?, halves(&steps.out)?);
    let mut session = open_session(secret, &steps.network)?;
    let who = uploader(&file, &session)?;
    let mut bar = Progress::start("half credentials", points.len() as u64 / 32);
    upload::open_halves(&points, who, &mut session, &mut |done| bar.set(done))
        .map_err(Failure::refused)?;
    bar.finish();
    println!("the half list of authority {} is on the board", who.number);
    Ok(())
}

fn uploader<'a>(file: &'a Secrets, session: &Session) -> Result<Uploader<'a>, Failure> {
    let election = session.board.election().map_err(Failure::refused)?;
    let number = election.authority(file.key()).map_err(Failure::refused)?;
    Ok(Uploader {
        number,
        key: file.key(),
    })
}

fn upload(secret: &PassphraseArgs, steps: &Steps) -> Result<(), Failure> {
    let file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    let who = uploader(&file, &session)?;
    let (authorities, units, limits, voters) = {
        let keyed = session.board.keyed_election().map_err(Failure::refused)?;
        let manifest = &keyed.election.manifest;
        let limits = RollLimits {
            styles: manifest.styles.len(),
            units: manifest.units.len(),
        };
        let issued = file.state().issued(&keyed).map_err(Failure::refused)?;
        (
            keyed.election.keys.authorities(),
            manifest.units.len(),
            limits,
            issued.voters(),
        )
    };
    let mut bar = Progress::start("credentials", u64::from(voters));
    let mut done = |credentials| bar.set(credentials);
    let seal = if authorities == 2 {
        let path = steps.out.join(files_of_issue::ORDER);
        let (roll, order) = Roll::read_order(open_csv(&path)?, limits).map_err(in_file(&path))?;
        let points = halves(&steps.out)?;
        upload::propose_chunks(&roll, &order, &points, who, &mut session, &mut done)
            .map_err(Failure::refused)?;
        upload::seal_of_roll(&roll, units).map_err(Failure::refused)?
    } else {
        let path = steps.out.join(files_of_issue::CREDENTIALS);
        upload::upload_bundle(&path, &mut session, &mut done).map_err(Failure::refused)?;
        upload::seal_of_bundle(&path, units).map_err(Failure::refused)?
    };
    bar.finish();
    session.refresh().map_err(Failure::refused)?;
    let there = session.board.checker().credentials();
    if there < voters {
        println!(
            "{there} of {voters} credentials are on the board; the other authority must sign: run this again after that"
        );
        return Ok(());
    }
    match upload::propose_seal(seal, who, &mut session).map_err(Failure::refused)? {
        None => println!("the roll of {voters} credentials is on the board and sealed"),
        Some(state) => println!(
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
    let reason =
        Reason::new(reason).map_err(|error| Failure::input(format!("--reason: {error}")))?;
    let file = open_secret(secret)?;
    let mut session = open_session(secret, network)?;
    let who = uploader(&file, &session)?;
    let state = changes::revoke(index, reason, who, &mut session).map_err(Failure::refused)?;
    println!("revocation of credential {index} {}", proposed(&state));
    Ok(())
}

fn reissue(
    secret: &PassphraseArgs,
    steps: &Steps,
    index: u32,
    booth_url: Option<Url>,
) -> Result<(), Failure> {
    let mut file = open_secret(secret)?;
    let mut session = open_session(secret, &steps.network)?;
    let voter = letters::voter_of(&steps.out, index).map_err(Failure::input)?;
    match changes::reissue(index, &mut file, &mut session).map_err(Failure::refused)? {
        Reissued::Waiting(what) => println!("waiting for {what}; run this again later"),
        Reissued::Proposed { code, new, state } => {
            let keyed = session.board.keyed_election().map_err(Failure::refused)?;
            let number = keyed
                .election
                .authority(file.key())
                .map_err(Failure::refused)?;
            let book =
                changes::reissue_book(&keyed, &code, number, keyed.election.keys.authorities());
            let letter = letters::Reissue {
                voter: &voter,
                revoked: index,
                new,
                code: &book.code(0),
                authority: number,
                election: keyed.election,
                booth: &booth(booth_url, &keyed)?,
            };
            let files = letter.write(&steps.out).map_err(Failure::input)?;
            println!(
                "re-issue of credential {index} as {new} {}; written: {}",
                proposed(&state),
                files.join(", ")
            );
        }
    }
    Ok(())
}

fn purge(secret: &PassphraseArgs, board: &BoardArgs, out: &Path, yes: bool) -> Result<(), Failure> {
    let mut file = open_secret(secret)?;
    let board = read_board(secret, board)?;
    let phase = board.checker().phase();
    if !matches!(phase, Phase::Finished | Phase::Void) {
        return Err(Failure::refused("the election is not over on the board"));
    }
    let question = format!(
        "All codes in {} and {} will be destroyed, and with them which voter has which credential.",
        secret.secret.display(),
        out.display()
    );
    cli::confirm(&question, "destroy", yes)?;
    let removed = letters::remove_all(out)?;
    let state = file.state().purged();
    file.save(state).map_err(Failure::input)?;
    println!(
        "destroyed: the codes in {}, {}",
        secret.secret.display(),
        removed.join(", ")
    );
    println!("destroy all copies and backups as well; a deleted file may still be on the disk");
    Ok(())
}
