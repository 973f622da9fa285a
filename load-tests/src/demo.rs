//! The demonstration: a real deployment on loopback, each role a process of its own in a folder of its own.
//!
//! | module | what it is |
//! |---|---|
//! | `plan` | what is voted on, by whom, and what must come out |
//! | `process` | the programs as child processes |
//! | `staff` | the commission's staff over the API |
//! | `stage` | one election from draft to result |
//! | `outcome` | what the visitor sees of the result, and whether it is right |
//! | `present` | phases, tables, bars |

mod outcome;
mod plan;
mod present;
mod process;
mod staff;
mod stage;

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::scottish::{CastVoteRecords, RecordsError};
use crate::seoul::FiguresError;
use plan::{Plan, RecordsKind};
use process::{Programs, Role};

/// What the visitor asked for, from the environment (`make demo NAME=value`).
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// EXIT=1: end after the report.
    pub exit: bool,
    /// SCALE: one in so many electors of Seoul.
    pub scale: Option<u64>,
    /// BALLOTS: cast vote records to run instead.
    pub ballots: Option<PathBuf>,
    /// KIND: choose or rank, for BALLOTS.
    pub kind: Option<String>,
    /// OUT: keep the record there.
    pub out: Option<PathBuf>,
    /// PORT: where the server listens; a free one otherwise.
    pub port: Option<u16>,
}

/// Why the demonstration did not hold.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// An option that makes no sense.
    #[error("{name}={value}: {expected}")]
    Option {
        /// Name of the variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A program is not built.
    #[error("{program} is not in {folder}; run `make build` first")]
    MissingProgram {
        /// Its name.
        program: &'static str,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A program failed.
    #[error("{program} {arguments} ended with {code:?}:\n{output}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// What it was to do.
        arguments: String,
        /// Exit code.
        code: Option<i32>,
        /// Its last lines.
        output: String,
    },
    /// A file or process.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The figures of Seoul.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// The file of cast vote records.
    #[error("{file}: {source}", file = .file.display())]
    Records {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: RecordsError,
    },
    /// The server refused something.
    #[error("{what}: {status}: {answer}")]
    Refused {
        /// What was asked.
        what: String,
        /// HTTP status.
        status: u16,
        /// Its answer.
        answer: String,
    },
    /// The server did not answer.
    #[error("{what}: {source}")]
    Http {
        /// What was asked.
        what: String,
        /// Why.
        source: reqwest::Error,
    },
    /// An answer without something it must have.
    #[error("{what}: the answer has no {field}")]
    Missing {
        /// What was asked.
        what: String,
        /// What is missing.
        field: &'static str,
    },
    /// A wait that took too long.
    #[error("{what} did not happen within {} s", .patience.as_secs())]
    TooLate {
        /// What was waited for.
        what: String,
        /// For how long.
        patience: Duration,
    },
    /// The result is not the plain count.
    #[error("the result is {found:?}, but the ballots add up to {expected:?}")]
    WrongResult {
        /// Plain count.
        expected: Vec<u64>,
        /// From the record.
        found: Vec<u64>,
    },
    /// The verifier found fault.
    #[error("the verifier ended with {0:?}")]
    NotVerified(Option<i32>),
}

impl DemoError {
    fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            what: what.into(),
            source,
        }
    }
}

/// Runs the demonstration.
///
/// # Errors
/// [`DemoError`] says what did not hold.
pub async fn run(options: Options) -> Result<(), DemoError> {
    crate::use_tls();
    let plan = plan_of(&options)?;
    let folder = tempfile::Builder::new()
        .prefix("hanpyo-demo-")
        .tempdir()
        .map_err(|source| DemoError::io("making a folder", source))?;
    let programs = Programs::beside_this_one(&folder.path().join("logs"))?;
    println!("{}", plan.headline);
    println!("Folders of all roles: {}", folder.path().display());

    present::phase(1, "The commission's server starts");
    let mut deployment = Deployment::start(&programs, folder.path(), options.port).await?;
    let finished = stage::run_election(&deployment, &programs, &plan).await?;
    deployment.server.check_running()?;

    present::phase(8, "Anyone verifies everything");
    let code = programs
        .show(
            "hanpyo-verify",
            folder.path(),
            &[&finished.board, "--vkey", &finished.vkey],
        )
        .await?;
    if code != Some(0) {
        return Err(DemoError::NotVerified(code));
    }
    if let Some(out) = &options.out {
        let out = std::path::absolute(out).map_err(|source| DemoError::io("OUT", source))?;
        programs
            .run(
                "hanpyo-verify",
                folder.path(),
                &[
                    "fetch",
                    &finished.board,
                    &out.display().to_string(),
                    "--vkey",
                    &finished.vkey,
                ],
            )
            .await?;
        present::line(&format!("record kept in {}", out.display()));
    }
    if options.exit {
        deployment.server.stop(Duration::from_secs(20)).await;
        return Ok(());
    }
    present::phase(9, "An election to look at");
    let open = stage::open_election(&deployment, &programs).await?;
    println!();
    println!("   finished election  {}", finished.board);
    println!("                      vkey {}", finished.vkey);
    println!("   open election      {}", open.board);
    println!("   to vote in it      {}", open.command);
    println!(
        "   staff log-ins      tenant seoul: root, alice (manager), bob (approver), carol (authority), password {}",
        staff::PASSWORD
    );
    println!("   Ctrl-C ends everything.");
    std::future::pending::<()>().await;
    Ok(())
}

fn plan_of(options: &Options) -> Result<Plan, DemoError> {
    // The run is the same every time but for keys and nonces.
    let mut rng = StdRng::seed_from_u64(20_110_824);
    let Some(file) = &options.ballots else {
        return plan::seoul(options.scale.unwrap_or(1000), &mut rng);
    };
    let kind = match options.kind.as_deref() {
        None | Some("choose") => RecordsKind::Choose,
        Some("rank") => RecordsKind::Rank,
        Some(other) => {
            return Err(DemoError::Option {
                name: "KIND",
                value: other.to_owned(),
                expected: "choose or rank",
            });
        }
    };
    let failed = |source| DemoError::Records {
        file: file.clone(),
        source,
    };
    let records = CastVoteRecords::parse(File::open(file).map_err(|error| failed(error.into()))?)
        .map_err(failed)?;
    Ok(plan::records(&records, kind, &mut rng))
}

/// The server of the demonstration.
struct Deployment {
    server: Role,
    url: String,
    root: PathBuf,
    outbox: PathBuf,
}

impl Deployment {
    async fn start(programs: &Programs, root: &Path, port: Option<u16>) -> Result<Self, DemoError> {
        let folder = make_folder(root, "server")?;
        let data = folder.join("data");
        let outbox = make_folder(root, "voters-mail")?;
        let port = match port {
            Some(port) => port,
            None => free_port()?,
        };
        let url = format!("http://127.0.0.1:{port}");
        let password = folder.join("root.password");
        write(&password, staff::PASSWORD)?;
        let settings = folder.join("hanpyo.toml");
        write(
            &settings,
            &format!(
                "[storage]\ndata_dir = {:?}\n[http]\nbind = \"127.0.0.1:{port}\"\npublic_url = \"{url}\"\n[outbox]\nkind = \"file\"\ndir = {:?}\n",
                data.display().to_string(),
                outbox.display().to_string(),
            ),
        )?;
        let config = settings.display().to_string();
        programs
            .run(
                "hanpyo-server",
                &folder,
                &[
                    "--config",
                    &config,
                    "init",
                    "--tenant",
                    "seoul",
                    "--tenant-name",
                    "서울특별시선거관리위원회",
                    "--admin",
                    "root",
                    "--password-file",
                    &password.display().to_string(),
                ],
            )
            .await?;
        let mut server = programs.start(
            "server",
            "hanpyo-server",
            &folder,
            &["--config", &config, "serve"],
        )?;
        let ready = format!("{url}/readyz");
        wait_for("the server's start", Duration::from_secs(30), async || {
            server.check_running()?;
            Ok(reqwest::get(&ready)
                .await
                .is_ok_and(|answer| answer.status().is_success()))
        })
        .await?;
        present::line(&format!("listening on {url}"));
        Ok(Self {
            server,
            url,
            root: root.to_owned(),
            outbox,
        })
    }
}

/// An election of many voters, open and waiting, for [`crate::casts`].
pub(crate) struct BenchElection {
    pub(crate) server: String,
    pub(crate) slug: &'static str,
    pub(crate) board: String,
    pub(crate) vkey: String,
    pub(crate) letters: PathBuf,
    pub(crate) outbox: PathBuf,
    /// Identifiers and contacts.
    pub(crate) voters: Vec<(String, String)>,
    process: Role,
    _folder: tempfile::TempDir,
}

impl BenchElection {
    pub(crate) async fn stop(self) {
        self.process.stop(Duration::from_secs(20)).await;
    }
}

/// Sets up a yes/no election of `voters`, open for a day.
pub(crate) async fn bench_election(voters: usize) -> Result<BenchElection, DemoError> {
    crate::use_tls();
    let folder = tempfile::Builder::new()
        .prefix("hanpyo-casts-")
        .tempdir()
        .map_err(|source| DemoError::io("making a folder", source))?;
    let programs = Programs::beside_this_one(&folder.path().join("logs"))?;
    let deployment = Deployment::start(&programs, folder.path(), None).await?;
    let plan = plan::open_house(voters);
    let (board, vkey, letters) = stage::open_for_a_day(&deployment, &programs, &plan).await?;
    Ok(BenchElection {
        server: deployment.url,
        slug: plan.slug,
        board,
        vkey,
        letters,
        outbox: deployment.outbox,
        voters: plan
            .electors
            .into_iter()
            .map(|elector| (elector.voter_id, elector.contact))
            .collect(),
        process: deployment.server,
        _folder: folder,
    })
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

fn free_port() -> Result<u16, DemoError> {
    let listener = TcpListener::bind("127.0.0.1:0")
        .map_err(|source| DemoError::io("finding a free port", source))?;
    Ok(listener
        .local_addr()
        .map_err(|source| DemoError::io("finding a free port", source))?
        .port())
}
