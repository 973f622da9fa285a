//! The programs of the demonstration as child processes, each in its own folder, ended with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::DemoError;

/// Where the programs are and where each role keeps its files.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    binaries: PathBuf,
    logs: PathBuf,
}

impl Programs {
    /// The programs beside the running one; output of all of them goes to `logs`.
    pub(super) fn beside_this_one(logs: &Path) -> Result<Self, DemoError> {
        let this = std::env::current_exe()
            .map_err(|source| DemoError::io("finding the programs", source))?;
        let binaries = this.parent().map(Path::to_owned).unwrap_or_default();
        for name in [
            "hanpyo-server",
            "hanpyo-authority",
            "hanpyo-trustee",
            "hanpyo-tally",
            "hanpyo-voter",
            "hanpyo-verify",
        ] {
            if !binaries.join(name).is_file() {
                return Err(DemoError::MissingProgram {
                    program: name,
                    folder: binaries,
                });
            }
        }
        std::fs::create_dir_all(logs)
            .map_err(|source| DemoError::io("making the folder for output", source))?;
        Ok(Self {
            binaries,
            logs: logs.to_owned(),
        })
    }

    /// A command in its role's own folder, without this process's environment but the path and locale.
    fn command(&self, program: &str, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .kill_on_drop(true)
            .stdin(Stdio::null());
        for name in ["PATH", "HOME", "LANG", "LC_ALL", "TERM", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// # Errors
    /// [`DemoError::Failed`] with the program's last lines if it exits with anything but 0.
    pub(super) async fn run(
        &self,
        program: &'static str,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<String, DemoError> {
        let output = self.command(program, folder, arguments).output().await;
        let output = output.map_err(|source| DemoError::io(program, source))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(printed);
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(DemoError::Failed {
            program,
            arguments: arguments.join(" "),
            code: output.status.code(),
            output: last_lines(&format!("{printed}{complaint}"), 12),
        })
    }

    /// Runs a program whose output the visitor sees; returns its exit code.
    pub(super) async fn show(
        &self,
        program: &'static str,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<Option<i32>, DemoError> {
        let status = self.command(program, folder, arguments).status().await;
        Ok(status
            .map_err(|source| DemoError::io(program, source))?
            .code())
    }

    /// Starts a program that goes on beside this one; its output goes to `name.log`.
    pub(super) fn start(
        &self,
        name: &str,
        program: &'static str,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<Role, DemoError> {
        let log = self.logs.join(format!("{name}.log"));
        let file = std::fs::File::create(&log)
            .map_err(|source| DemoError::io("making a file for output", source))?;
        let errors = file
            .try_clone()
            .map_err(|source| DemoError::io("making a file for output", source))?;
        let child = self
            .command(program, folder, arguments)
            .stdout(file)
            .stderr(errors)
            .spawn();
        let child = child.map_err(|source| DemoError::io(program, source))?;
        Ok(Role {
            name: name.to_owned(),
            program,
            child,
            log,
        })
    }
}

/// A program running beside the demonstration.
#[derive(Debug)]
pub(super) struct Role {
    name: String,
    program: &'static str,
    child: Child,
    log: PathBuf,
}

impl Role {
    /// Waits for the program's end.
    ///
    /// # Errors
    /// [`DemoError::Failed`] if it does not exit with 0.
    pub(super) async fn finished(mut self) -> Result<(), DemoError> {
        let status = self
            .child
            .wait()
            .await
            .map_err(|source| DemoError::io(self.program, source))?;
        if status.success() {
            Ok(())
        } else {
            Err(self.failure(status.code()))
        }
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// [`DemoError::Failed`] if it has ended.
    pub(super) fn check_running(&mut self) -> Result<(), DemoError> {
        match self
            .child
            .try_wait()
            .map_err(|source| DemoError::io(self.program, source))?
        {
            None => Ok(()),
            Some(status) => Err(self.failure(status.code())),
        }
    }

    /// Asks it to stop as an operator would (SIGTERM), and waits; kills it after `patience`.
    pub(super) async fn stop(mut self, patience: Duration) {
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            terminate(id).await;
        }
        if tokio::time::timeout(patience, self.child.wait())
            .await
            .is_err()
        {
            // Nothing more can be done for it; dropping the child kills it.
            drop(self.child);
        }
    }

    fn failure(&self, code: Option<i32>) -> DemoError {
        let output = std::fs::read_to_string(&self.log).unwrap_or_default();
        DemoError::Failed {
            program: self.program,
            arguments: self.name.clone(),
            code,
            output: last_lines(&output, 12),
        }
    }
}

/// SIGTERM by way of the system's `kill`, so that no unsafe code is needed here.
async fn terminate(id: i32) {
    let result = Command::new("kill")
        .arg("-TERM")
        .arg(id.to_string())
        .status()
        .await;
    if result.is_err() {
        // Without `kill` the process ends by kill_on_drop.
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(count)..)
        .unwrap_or_default()
        .join("\n")
}
