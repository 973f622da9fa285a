//! The commands of `hanpyo-server`.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong arguments or settings.

mod adopt;
mod backup;
mod fsck;
mod init;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

pub use adopt::{AdoptError, Adopted, Board, CatchUpError, Obstacle, adopt};
pub use backup::{BackupError, backup};
pub use init::{InitError, InitRequest, Initialised, init};

use crate::app::StartError;
use crate::config::{Config, ConfigError, Sources};

const ABOUT: &str =
    "Hanpyo's election server: staff and voters over HTTP, the public board, one binary";

const AFTER_HELP: &str = "\
First steps:
  hanpyo-server init --set storage.data_dir=/srv/hanpyo --tenant city --admin alice
  hanpyo-server serve --set storage.data_dir=/srv/hanpyo --set http.bind=127.0.0.1:8080
  curl http://127.0.0.1:8080/readyz

Settings come from defaults, then the file given by --config, then environment variables
(http.bind is HANPYO_HTTP_BIND), then --set; `hanpyo-server config` lists them all.
TLS is ended by a proxy in front of the server.

Exit codes: 0 done, 1 failed, 2 wrong arguments or settings.";

#[derive(Parser)]
#[command(name = "hanpyo-server", version, about = ABOUT, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    settings: SettingArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct SettingArgs {
    /// Settings file in TOML
    #[arg(long, global = true, value_name = "FILE", env = "HANPYO_CONFIG")]
    config: Option<PathBuf>,
    /// One setting; wins over file and environment; may be repeated
    #[arg(long = "set", global = true, value_name = "NAME=VALUE", value_parser = parse_setting)]
    set: Vec<(String, String)>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the board until SIGTERM or SIGINT
    Serve,
    /// Make a data folder: database, keys, first tenant and administrator
    Init(init::InitArgs),
    /// Copy database, keys and board of a folder, also while it is served
    Backup(backup::BackupArgs),
    /// Let a restored backup sign again, after comparing it with the published boards
    Adopt(adopt::AdoptArgs),
    /// Check a data folder: database integrity, key files, folders
    Fsck,
    /// Print the description of the API, OpenAPI 3.1 in JSON
    Openapi,
    /// List every setting with its default, unit and environment variable
    Config,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { settings, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match command {
        Command::Config => {
            print_settings();
            return ExitCode::SUCCESS;
        }
        Command::Openapi => return print_openapi(),
        _ => {}
    }
    let config = match load(settings) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("hanpyo-server: {error}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = crate::logging::start(&config.log) {
        eprintln!("hanpyo-server: log.filter: {error}");
        return ExitCode::from(2);
    }
    let outcome = match command {
        Command::Serve => serve::run(config),
        Command::Init(args) => init::run(&config, args),
        Command::Backup(args) => backup::run(&config, &args),
        Command::Adopt(args) => adopt::run(&config, &args),
        Command::Fsck => fsck::run(&config),
        Command::Config | Command::Openapi => Ok(()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hanpyo-server: {error}");
            ExitCode::from(if is_input(error.as_ref()) { 2 } else { 1 })
        }
    }
}

/// Help and version as clap prints them, an error of arguments as one line.
fn usage(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // A reader who has closed the pipe has seen enough.
        drop(error.print());
        return ExitCode::SUCCESS;
    }
    // Given no command, clap prints the whole help.
    let text = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "a command is needed".to_owned()
        }
        _ => error.to_string(),
    };
    let first = text.split("\n\n").next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let words: Vec<&str> = first.split_whitespace().collect();
    eprintln!("hanpyo-server: {} (see --help)", words.join(" "));
    ExitCode::from(2)
}

/// Whether what was asked for is at fault, not what happened then.
fn is_input(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<InitError>() {
        return !matches!(error, InitError::Key(_) | InitError::Db(_));
    }
    if let Some(error) = error.downcast_ref::<BackupError>() {
        return matches!(error, BackupError::Exists(_) | BackupError::NoFolder(_));
    }
    matches!(error.downcast_ref(), Some(StartError::NoFolder(_)))
}

/// What a command fails with: a message for the person at the terminal.
type CommandError = Box<dyn std::error::Error>;

fn load(args: SettingArgs) -> Result<Config, ConfigError> {
    let sources = Sources {
        file: args.config,
        flags: args.set,
        ..Sources::default()
    };
    Config::load(&sources.with_process_env())
}

fn parse_setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE, for example http.bind=127.0.0.1:8080".to_owned()),
    }
}

fn print_openapi() -> ExitCode {
    match crate::api::openapi_json() {
        Ok(json) => {
            print!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("hanpyo-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the settings as a TOML file with the defaults commented out.
fn print_settings() {
    let mut section = "";
    for setting in Config::reference() {
        let (table, key) = setting.name.rsplit_once('.').unwrap_or(("", setting.name));
        if table != section {
            println!("\n[{table}]");
            section = table;
        }
        println!("# {} ({})", setting.help, setting.env_name());
        println!("# {key} = {}", setting.default);
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_on_the_command_line() {
        assert_eq!(
            parse_setting("a.b=c=d"),
            Ok(("a.b".to_owned(), "c=d".to_owned()))
        );
        assert!(parse_setting("=x").is_err());
        assert!(parse_setting("x").is_err());
    }
}
