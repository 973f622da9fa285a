//! `hanpyo-demo`: runs a whole referendum on loopback. `make demo` builds everything and starts it.

use std::process::ExitCode;

use clap::Parser;
use hanpyo_load_tests::cli::usage;
use hanpyo_load_tests::demo::{DemoError, Ending, Options, run};
use tokio::signal::unix::{SignalKind, signal};

/// Runs a whole referendum on this machine: every role a process of its own, on loopback.
#[derive(Parser)]
#[command(
    name = "hanpyo-demo",
    version,
    after_help = "Options are environment variables, so that `make demo NAME=value` hands them over:
  EXIT=1          end after the report (otherwise everything stays up until Ctrl-C)
  SCALE=1000      Seoul 2011 at one in so many electors
  BALLOTS=FILE    run these cast vote records instead, and compare with their plain count
  KIND=choose     first preferences, or KIND=rank: whole rankings
  OUT=FOLDER      keep the election record there
  PORT=8080       where the server listens; a free port otherwise
  VOTING=90       how long voting lasts, in seconds

Exit codes: 0 everything held, 1 something did not, 2 could not begin, 130 interrupted."
)]
struct Arguments {}

/// As a shell reports a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    if let Err(error) = Arguments::try_parse() {
        return usage("hanpyo-demo", &error);
    }
    let options = match Options::read(|name| std::env::var(name).ok()) {
        Ok(options) => options,
        Err(error) => return refuse(&error),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = runtime
        .map_err(|source| DemoError::Io {
            what: "starting".to_owned(),
            source,
        })
        .and_then(|runtime| runtime.block_on(demonstrate(&options)));
    match outcome {
        Ok(Ending::Held) => ExitCode::SUCCESS,
        Ok(Ending::Interrupted) => {
            println!("\ninterrupted; all programs are stopped, their folders removed");
            ExitCode::from(INTERRUPTED)
        }
        Err(error) => refuse(&error),
    }
}

async fn demonstrate(options: &Options) -> Result<Ending, DemoError> {
    let failed = |source| DemoError::Io {
        what: "waiting for signals".to_owned(),
        source,
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut hang_up = signal(SignalKind::hangup()).map_err(failed)?;
    let interrupted = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    };
    run(options, interrupted).await
}

fn refuse(error: &DemoError) -> ExitCode {
    eprintln!("hanpyo-demo: {error}");
    ExitCode::from(error.exit_code())
}
