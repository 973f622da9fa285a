//! The programs of the demonstration as child processes, each in its own folder; none outlives it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::DemoError;

/// Lines of a failed program's output that are shown.
const LINES: usize = 12;

/// A child that its role waits for and that [`Programs::end_all`] can end at any time.
type Shared = Arc<tokio::sync::Mutex<Child>>;

/// Where the programs are, where their output goes, and which of them run.
#[derive(Debug)]
pub(super) struct Programs {
    binaries: PathBuf,
    logs: PathBuf,
    started: Mutex<Vec<Shared>>,
}

impl Programs {
    /// The programs beside the running one.
    pub(super) fn beside_this_one() -> Result<PathBuf, DemoError> {
        let this = std::env::current_exe()
            .map_err(|source| DemoError::io("finding the programs", source))?;
        Self::all_in(this.parent().unwrap_or(Path::new("")))
    }

    /// The programs in this folder.
    pub(super) fn all_in(binaries: &Path) -> Result<PathBuf, DemoError> {
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
                    folder: binaries.to_owned(),
                });
            }
        }
        Ok(binaries.to_owned())
    }

    /// The programs of this folder; output of those that go on beside the demonstration goes to `logs`.
    pub(super) fn new(binaries: PathBuf, logs: PathBuf) -> Result<Self, DemoError> {
        std::fs::create_dir_all(&logs)
            .map_err(|source| DemoError::io("making the folder for output", source))?;
        Ok(Self {
            binaries,
            logs,
            started: Mutex::default(),
        })
    }

    /// Where the programs are.
    pub(super) fn folder(&self) -> &Path {
        &self.binaries
    }

    /// A command in its role's own folder, without this process's environment but the path and locale. Its process group
    /// is its own: a Ctrl-C reaches the demonstration alone, which then ends everything in order.
    fn command(&self, program: &str, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .process_group(0)
            .kill_on_drop(true)
            .stdin(Stdio::null());
        for name in ["PATH", "HOME", "LANG", "LC_ALL", "TERM", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    fn spawn(&self, program: &'static str, mut command: Command) -> Result<Shared, DemoError> {
        let child = command
            .spawn()
            .map_err(|source| DemoError::io(program, source))?;
        let child = Arc::new(tokio::sync::Mutex::new(child));
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        started.push(Arc::clone(&child));
        Ok(child)
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
        let mut command = self.command(program, folder, arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.spawn(program, command)?;
        let mut child = child.lock().await;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (printed, complaint, status) =
            tokio::try_join!(read_all(stdout), read_all(stderr), child.wait())
                .map_err(|source| DemoError::io(program, source))?;
        if status.success() {
            return Ok(printed);
        }
        Err(DemoError::Failed {
            program,
            arguments: arguments.join(" "),
            code: status.code(),
            output: last_lines(&format!("{printed}{complaint}"), LINES),
        })
    }

    /// Runs a program whose output the visitor sees; returns its exit code.
    pub(super) async fn show(
        &self,
        program: &'static str,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<Option<i32>, DemoError> {
        let child = self.spawn(program, self.command(program, folder, arguments))?;
        let status = child.lock().await.wait().await;
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
        let failed = |source| DemoError::io("making a file for output", source);
        let file = std::fs::File::create(&log).map_err(failed)?;
        let errors = file.try_clone().map_err(failed)?;
        let mut command = self.command(program, folder, arguments);
        command.stdout(file).stderr(errors);
        Ok(Role {
            name: name.to_owned(),
            program,
            child: self.spawn(program, command)?,
            log,
        })
    }

    /// Ends whatever still runs: SIGTERM to all, SIGKILL to those that remain after `patience`. None runs afterwards.
    pub(super) async fn end_all(&self, patience: Duration) {
        let started =
            std::mem::take(&mut *self.started.lock().unwrap_or_else(PoisonError::into_inner));
        for child in &started {
            terminate(&*child.lock().await).await;
        }
        let deadline = tokio::time::Instant::now() + patience;
        for child in &started {
            let mut child = child.lock().await;
            if tokio::time::timeout_at(deadline, child.wait())
                .await
                .is_err()
            {
                // It can only have ended meanwhile.
                drop(child.kill().await);
            }
        }
    }
}

/// A program running beside the demonstration.
#[derive(Debug)]
pub(super) struct Role {
    name: String,
    program: &'static str,
    child: Shared,
    log: PathBuf,
}

impl Role {
    /// Waits for the program's end.
    ///
    /// # Errors
    /// [`DemoError::Failed`] if it does not exit with 0.
    pub(super) async fn finished(&self) -> Result<(), DemoError> {
        let status = self.child.lock().await.wait().await;
        self.judge(status.map_err(|source| DemoError::io(self.program, source))?)
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// [`DemoError::Failed`] if it has ended.
    pub(super) async fn check_running(&self) -> Result<(), DemoError> {
        let status = self.child.lock().await.try_wait();
        match status.map_err(|source| DemoError::io(self.program, source))? {
            None => Ok(()),
            Some(status) => Err(self.failure(status)),
        }
    }

    /// Asks it to stop as an operator would (SIGTERM), and waits.
    ///
    /// # Errors
    /// [`DemoError::TooLate`] if it has not stopped after `patience`, [`DemoError::Failed`] if it does not exit with 0.
    pub(super) async fn stop(&self, patience: Duration) -> Result<(), DemoError> {
        terminate(&*self.child.lock().await).await;
        let stopped = tokio::time::timeout(patience, self.finished()).await;
        stopped.unwrap_or_else(|_| {
            Err(DemoError::TooLate {
                what: format!("the end of {}", self.name),
                patience,
            })
        })
    }

    fn judge(&self, status: ExitStatus) -> Result<(), DemoError> {
        if status.success() {
            Ok(())
        } else {
            Err(self.failure(status))
        }
    }

    fn failure(&self, status: ExitStatus) -> DemoError {
        let output = std::fs::read_to_string(&self.log).unwrap_or_default();
        DemoError::Failed {
            program: self.program,
            arguments: self.name.clone(),
            code: status.code(),
            output: last_lines(&output, LINES),
        }
    }
}

async fn read_all(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes).await?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// SIGTERM to a child that has not been waited for, so that its number cannot be another process's. The shell's `kill`
/// spares us unsafe code; should it fail, the child is killed after the patience of whoever waits.
async fn terminate(child: &Child) {
    if let Some(id) = child.id() {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -TERM \"$0\"", &id.to_string()])
            .stderr(Stdio::null());
        drop(kill.status().await);
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(count)..)
        .unwrap_or_default()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs are taken from /bin here: what is tested is how they are ended.
    fn programs(folder: &Path) -> Programs {
        Programs::new(PathBuf::from("/bin"), folder.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn one_that_ignores_sigterm_is_killed_and_one_that_heeds_it_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let programs = programs(folder.path());
        let stubborn = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
        let stubborn = programs
            .start("stubborn", "sh", folder.path(), &["-c", stubborn])
            .unwrap();
        let heeding = programs
            .start("heeding", "sleep", folder.path(), &["600"])
            .unwrap();
        while !std::fs::read_to_string(&stubborn.log)
            .unwrap()
            .contains("ready")
        {
            stubborn.check_running().await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        programs.end_all(Duration::from_millis(300)).await;
        for (role, expected) in [(&stubborn, "9"), (&heeding, "15")] {
            use std::os::unix::process::ExitStatusExt as _;
            let status = role.child.lock().await.try_wait().unwrap().unwrap();
            assert_eq!(
                status.signal().map(|signal| signal.to_string()).as_deref(),
                Some(expected)
            );
        }
    }

    #[tokio::test]
    async fn a_failure_tells_code_and_last_lines() {
        let folder = tempfile::tempdir().unwrap();
        let programs = programs(folder.path());
        let script = "for i in $(seq 20); do echo line $i; done; echo bad >&2; exit 3";
        let error = programs
            .run("sh", folder.path(), &["-c", script])
            .await
            .unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("Some(3)") && said.ends_with("line 20\nbad"),
            "{said}"
        );
        assert!(!said.contains("line 9\n"), "{said}");
    }
}
