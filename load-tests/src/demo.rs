//! The demonstration: a real deployment on loopback, each role a process of its own in a folder of its own.
//!
//! | module | what it is |
//! |---|---|
//! | `options` | what the visitor asked for |
//! | `plan` | what is voted on, by whom, and what must come out |
//! | `process` | the programs as child processes |
//! | `deployment` | the commission's server |
//! | `staff` | the commission's staff over the API |
//! | `stage` | one election from draft to result |
//! | `outcome` | what the visitor sees of the result, and whether it is right |
//! | [`fixture`] | an election that is set up and left to its voters, for benchmarks and tests |
//! | `visit` | what is left open for a visitor: addresses, log-ins, how to vote |
//! | `present` | phases, tables, bars |
//! | `error` | what can go wrong |

mod deployment;
mod error;
pub mod fixture;
mod options;
mod outcome;
mod plan;
mod present;
mod process;
mod staff;
mod stage;
mod visit;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use deployment::Deployment;
pub use error::DemoError;
pub use options::{Options, RecordsKind, Subject};
use process::Programs;

/// How long programs may take to stop when they are asked to.
const STOPPING: Duration = Duration::from_secs(20);

/// How the demonstration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything held.
    Held,
    /// Interrupted before the report.
    Interrupted,
}

/// Runs the demonstration until it ends or is `interrupted`. Afterwards none of its programs runs and none of its folders
/// is left, but for the record in OUT.
///
/// # Errors
/// [`DemoError`] says what did not hold.
pub async fn run(
    options: &Options,
    interrupted: impl Future<Output = ()>,
) -> Result<Ending, DemoError> {
    crate::use_tls();
    let plan = options.plan()?;
    let port = options::free_port(options.port)?;
    let binaries = Programs::beside_this_one()?;
    let out = options.free_out()?;
    let folder = temporary("hanpyo-demo-")?;
    let programs = Programs::new(binaries, folder.path().join("logs"))?;
    println!("{}", plan.headline);
    println!("Folders of all roles: {}", folder.path().display());

    let reported = Cell::new(false);
    let all = async {
        present::phase(1, "The commission's server starts");
        let deployment = Deployment::start(&programs, folder.path(), port, "").await?;
        let finished = stage::run_election(&deployment, &programs, &plan, options.voting).await?;
        deployment.server.check_running().await?;
        verify(&programs, folder.path(), &finished).await?;
        if let Some(out) = &out {
            keep(&programs, folder.path(), &finished, out).await?;
        }
        if options.exit {
            return deployment.server.stop(STOPPING).await;
        }
        reported.set(true);
        visit::leave_open(&deployment, &programs, &finished).await
    };
    let result = tokio::select! {
        biased;
        () = interrupted => Ok(if reported.get() { Ending::Held } else { Ending::Interrupted }),
        result = all => result.map(|()| Ending::Held),
    };
    programs.end_all(STOPPING).await;
    folder
        .close()
        .map_err(|source| DemoError::io("removing the folders of all roles", source))?;
    result
}

/// Lets the independent verifier check the record before the visitor's eyes.
async fn verify(
    programs: &Programs,
    folder: &Path,
    finished: &stage::Finished,
) -> Result<(), DemoError> {
    present::phase(8, "Anyone verifies everything");
    let arguments = [&finished.board, "--vkey", &finished.vkey];
    match programs.show("hanpyo-verify", folder, &arguments).await? {
        Some(0) => Ok(()),
        code => Err(DemoError::NotVerified(code)),
    }
}

/// Mirrors the record to `out`, as any observer can.
async fn keep(
    programs: &Programs,
    folder: &Path,
    finished: &stage::Finished,
    out: &Path,
) -> Result<(), DemoError> {
    let out = out.display().to_string();
    let arguments = ["fetch", &finished.board, &out, "--vkey", &finished.vkey];
    programs.run("hanpyo-verify", folder, &arguments).await?;
    // A mirror that goes on needs its folder for files being written; a finished record does not.
    std::fs::remove_dir(Path::new(&out).join(".tmp"))
        .map_err(|source| DemoError::io("finishing OUT", source))?;
    present::line(&format!("record kept in {out}"));
    Ok(())
}

fn temporary(prefix: &str) -> Result<tempfile::TempDir, DemoError> {
    let made = tempfile::Builder::new().prefix(prefix).tempdir();
    made.map_err(|source| DemoError::io("making a folder", source))
}

/// Asks until the answer is yes.
async fn wait_for(
    what: &str,
    patience: Duration,
    mut done: impl AsyncFnMut() -> Result<bool, DemoError>,
) -> Result<(), DemoError> {
    let start = std::time::Instant::now();
    while !done().await? {
        if start.elapsed() > patience {
            return Err(DemoError::TooLate {
                what: what.to_owned(),
                patience,
            });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn make_folder(root: &Path, name: &str) -> Result<PathBuf, DemoError> {
    let folder = root.join(name);
    std::fs::create_dir_all(&folder)
        .map_err(|source| DemoError::io(folder.display().to_string(), source))?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<(), DemoError> {
    std::fs::write(path, text).map_err(|source| DemoError::io(path.display().to_string(), source))
}
