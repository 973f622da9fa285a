//! `hanpyo-demo`: runs a whole referendum on loopback. `make demo` builds everything and starts it.

use std::path::PathBuf;
use std::process::ExitCode;

use hanpyo_load_tests::demo::{DemoError, Options, run};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("hanpyo-demo: {error}");
            return ExitCode::from(2);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hanpyo-demo: {error}");
            return ExitCode::from(2);
        }
    };
    // Dropping what runs ends every program it started.
    runtime.block_on(async {
        let mut terminate = match signal(SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                eprintln!("hanpyo-demo: {error}");
                return ExitCode::from(2);
            }
        };
        tokio::select! {
            result = run(options) => match result {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("\nhanpyo-demo: {error}");
                    ExitCode::FAILURE
                }
            },
            _ = tokio::signal::ctrl_c() => interrupted(),
            _ = terminate.recv() => interrupted(),
        }
    })
}

fn interrupted() -> ExitCode {
    println!("\nended; all programs stopped");
    ExitCode::SUCCESS
}

/// Options from the environment; empty ones count as absent, as make exports them.
fn options() -> Result<Options, DemoError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let number = |name: &'static str, expected| {
        let parse = |value: String| {
            value.parse::<u64>().map_err(|_| DemoError::Option {
                name,
                value,
                expected,
            })
        };
        variable(name).map(parse).transpose()
    };
    let port = number("PORT", "a port number")?;
    let port = port.map(|port| {
        u16::try_from(port).map_err(|_| DemoError::Option {
            name: "PORT",
            value: port.to_string(),
            expected: "1 to 65535",
        })
    });
    Ok(Options {
        exit: variable("EXIT").is_some_and(|value| value != "0"),
        scale: number("SCALE", "one in so many electors, for example 1000")?,
        ballots: variable("BALLOTS").map(PathBuf::from),
        kind: variable("KIND"),
        out: variable("OUT").map(PathBuf::from),
        port: port.transpose()?,
    })
}
