//! The command line. Exit codes: 0 everything passed, 1 a check failed or could not be done, 2 the
//! program could not run (one line on standard error).

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;

use clap::error::ErrorKind as UsageKind;
use clap::{Args, Parser, Subcommand};
use hanpyo_ledger::log::key::{KeyKind, VerifierKey};
use hanpyo_ledger::record::CodePrefix;
use indicatif::{ProgressBar, ProgressStyle};

use crate::board::Board;
use crate::error::CannotRun;
use crate::lang::Lang;
use crate::request::Request;
use crate::verify::verify;
use crate::{assets, fsck, mirror, text};

/// Exit code when the program could not run.
const CANNOT_RUN: u8 = 2;

/// Checks the public record of an election: every entry, every ballot, every proof, the count.
///
/// Prints the numbered checks of the protocol as PASS, FAIL or NOT CHECKED with the reason, then what
/// the record says. Nothing in the record is trusted but what the key given with --vkey signed, and
/// that only as far as it can be checked.
#[derive(Parser)]
#[command(
    name = "hanpyo-verify",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit codes: 0 all checks passed; 1 a check failed, or the record is not finished; \
                  2 could not run (arguments, network, no record there)."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    verify: VerifyArgs,
}

#[derive(Args)]
struct VerifyArgs {
    /// The record: a folder, or an http(s) URL below which `checkpoint` and `tile/` are.
    #[arg(required = true, value_name = "URL or FOLDER")]
    record: Option<String>,
    /// Key of the log, NAME+ID+BASE64: from the official announcement, not from the record.
    #[arg(long, required = true, value_name = "VKEY", value_parser = log_key)]
    vkey: Option<VerifierKey>,
    /// A witness policy (C2SP tlog-policy) that must hold besides the manifest's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A confirmation code to look for: 26 characters or more. May be repeated.
    #[arg(long = "code", value_name = "CODE", value_parser = code)]
    codes: Vec<CodePrefix>,
    /// A receipt that the record must extend. May be repeated.
    #[arg(long = "receipt", value_name = "FILE")]
    receipts: Vec<PathBuf>,
    /// An acknowledgement whose ballot must be in the record. May be repeated.
    #[arg(long = "ack", value_name = "FILE")]
    acknowledgements: Vec<PathBuf>,
    /// Print the report as JSON (docs/VERIFIER.md).
    #[arg(long)]
    json: bool,
    /// Exit with 1 if any check, or a part of one, did not run.
    #[arg(long)]
    strict: bool,
    /// Threads that verify; one more reads ahead. Default: one per core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Language of the report. Default: by the locale.
    #[arg(long)]
    lang: Option<Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Copies a record into a folder, verifying all hashes, and continues or updates an earlier copy.
    ///
    /// The checkpoint is written last, so the folder is a whole record whenever it has one. The log
    /// must extend what the folder already has: if not, both checkpoints are kept in the folder as
    /// evidence and the exit code is 1. Ballots and the count are not checked: run hanpyo-verify on
    /// the folder.
    Fetch {
        /// The record: an http(s) URL (or a folder).
        #[arg(value_name = "URL")]
        url: String,
        /// Where to copy it.
        folder: PathBuf,
        /// Key of the log. Default: the one the folder has, or else the one the record gives.
        #[arg(long, value_name = "VKEY", value_parser = log_key)]
        vkey: Option<VerifierKey>,
    },
    /// Compares the voting pages that a server sends with those that the election announced.
    ///
    /// Reads the announced hash from the record (every entry, so that no amendment is missed), or takes
    /// it from --hash. Then fetches `/assets.json`, every file it names, as it is and compressed, and
    /// every address that voters open.
    Assets {
        /// The election's home page, http(s)://SERVER/e/TENANT/ELECTION/
        #[arg(value_name = "URL")]
        url: String,
        /// Key of the log, from the official announcement.
        #[arg(long, value_name = "VKEY", value_parser = log_key, required_unless_present = "hash")]
        vkey: Option<VerifierKey>,
        /// The record: a folder or URL. Default: the board of the same server.
        #[arg(long, value_name = "URL or FOLDER", requires = "vkey")]
        board: Option<String>,
        /// Hash of the asset manifest, 64 hex digits, from a source you trust.
        #[arg(long, value_name = "HEX", value_parser = hash, conflicts_with = "vkey")]
        hash: Option<[u8; 32]>,
        /// Print the outcome as JSON.
        #[arg(long)]
        json: bool,
        /// Language of the outcome. Default: by the locale.
        #[arg(long)]
        lang: Option<Lang>,
    },
    /// Recomputes the hashes of all files in a folder and names every spoilt one. Does not look into
    /// entries.
    Fsck {
        /// The record.
        folder: PathBuf,
        /// Key of the log. Default: the one in the folder.
        #[arg(long, value_name = "VKEY", value_parser = log_key)]
        vkey: Option<VerifierKey>,
    },
}

fn log_key(text: &str) -> Result<VerifierKey, String> {
    let key: VerifierKey = text
        .trim()
        .parse()
        .map_err(|error: hanpyo_ledger::log::key::KeyError| error.to_string())?;
    key.of_kind(KeyKind::Ed25519)
        .map_err(|error| error.to_string())
}

fn code(text: &str) -> Result<CodePrefix, String> {
    text.parse()
        .map_err(|error: hanpyo_ledger::record::CodeError| error.to_string())
}

fn hash(text: &str) -> Result<[u8; 32], String> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes());
    let bytes = bytes.map_err(|error| error.to_string())?;
    bytes
        .try_into()
        .map_err(|bytes: Vec<u8>| format!("expected 64 hex digits, found {}", 2 * bytes.len()))
}

/// Runs the program and gives the exit code.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let outcome = match cli.command {
        None => run_verify(cli.verify),
        Some(Command::Fetch { url, folder, vkey }) => {
            let bar = progress_bar();
            mirror::run(&url, &folder, vkey, &bar).and_then(|(said, code)| print(&said, code))
        }
        Some(Command::Assets {
            url,
            vkey,
            board,
            hash,
            json,
            lang,
        }) => {
            let announced = match (hash, vkey) {
                (Some(hash), _) => assets::Announced::Hash(hash),
                (None, Some(vkey)) => assets::Announced::Record {
                    log: Box::new(vkey),
                    board,
                },
                // One of the two is required.
                (None, None) => return CANNOT_RUN,
            };
            run_assets(&url, &announced, json, lang)
        }
        Some(Command::Fsck { folder, vkey }) => {
            fsck::run(&folder, vkey).and_then(|(said, code)| print(&said, code))
        }
    };
    outcome.unwrap_or_else(|error| {
        complain(&error.to_string());
        CANNOT_RUN
    })
}

fn run_verify(args: VerifyArgs) -> Result<u8, CannotRun> {
    let (Some(place), Some(vkey)) = (args.record, args.vkey) else {
        // Both are required arguments.
        return Ok(CANNOT_RUN);
    };
    let board = Board::new(&place);
    let mut request = Request::new(vkey);
    request.codes = args.codes;
    request.threads = args.threads.map_or(0, usize::from);
    request.parallel_reads = board.parallel_reads();
    if let Some(path) = args.policy {
        request.read_policy(&path)?;
    }
    for path in args.receipts {
        request.read_receipt(&path)?;
    }
    for path in args.acknowledgements {
        request.read_acknowledgement(&path)?;
    }
    let verified = verify(&board, &request, &progress_bar())?;
    let report = verified.report(&place, args.strict);
    let said = if args.json {
        let json = serde_json::to_string_pretty(&report);
        json.map_err(|error| CannotRun::Output(error.into()))? + "\n"
    } else {
        text::text(&report, args.lang.unwrap_or_else(Lang::from_locale))
    };
    print(&said, report.verdict.exit_code())
}

fn run_assets(
    url: &str,
    announced: &assets::Announced,
    json: bool,
    lang: Option<Lang>,
) -> Result<u8, CannotRun> {
    let compared = assets::compare(url, announced)?;
    let said = if json {
        let json = serde_json::to_string_pretty(&compared);
        json.map_err(|error| CannotRun::Output(error.into()))? + "\n"
    } else {
        compared.text(lang.unwrap_or_else(Lang::from_locale))
    };
    print(&said, u8::from(!compared.is_equal()))
}

/// On standard error if that is a terminal, nothing otherwise.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = "{bar:40} {percent:>3} %  {human_pos} / {human_len}  {elapsed} (left {eta})";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}

/// Prints and gives `code`. A reader that went away has read enough.
fn print(said: &str, code: u8) -> Result<u8, CannotRun> {
    let mut out = io::stdout().lock();
    match out.write_all(said.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CannotRun::Output(error)),
        _ => Ok(code),
    }
}

/// One line on standard error.
fn complain(what: &str) {
    let line: Vec<&str> = what.split_whitespace().collect();
    // Nobody is left to tell if that fails.
    writeln!(io::stderr(), "hanpyo-verify: {}", line.join(" ")).unwrap_or_default();
}

fn usage(error: &clap::Error) -> u8 {
    if matches!(
        error.kind(),
        UsageKind::DisplayHelp | UsageKind::DisplayVersion
    ) {
        return print(&error.to_string(), 0).unwrap_or(CANNOT_RUN);
    }
    let said = error.to_string();
    let first = said.split("\n\n").next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    complain(&format!("{first} (see --help)"));
    CANNOT_RUN
}
