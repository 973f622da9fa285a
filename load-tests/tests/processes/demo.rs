//! `hanpyo-demo` as a visitor runs it.

mod interrupted;
mod options;
mod record;
mod runs;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::support::{Said, files, processes_of, program};

/// A place for one run: its temporary files go there, so that what it leaves can be seen.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder }
    }

    /// A path in this place that nothing else uses.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The demonstration with these options.
    pub(crate) fn demo(&self, options: &[(&str, &str)]) -> Command {
        let mut command = program("hanpyo-demo");
        command
            .env("TMPDIR", self.path("tmp"))
            .envs(options.iter().copied())
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, options: &[(&str, &str)]) -> Said {
        self.demo(options).output().unwrap().into()
    }

    /// No process runs on, and no temporary file is left.
    #[track_caller]
    pub(crate) fn is_clean(&self) {
        assert_eq!(processes_of(self.folder.path()), Vec::<String>::new());
        assert_eq!(files(&self.path("tmp")), Vec::<String>::new());
        assert_eq!(std::fs::read_dir(self.path("tmp")).unwrap().count(), 0);
    }
}

/// A demonstration under way, read line by line.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    said: String,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            lines,
            said: String::new(),
        }
    }

    /// Reads until a line contains `text`; all that was said so far.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> &str {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                let mut error = String::new();
                let mut stderr = self.child.stderr.take().unwrap();
                stderr.read_to_string(&mut error).unwrap();
                panic!("it ended before {text:?}:\n{}\n{error}", self.said);
            }
            self.said.push_str(&line);
            if line.contains(text) {
                return &self.said;
            }
        }
    }

    /// Sends a signal and waits for the end; exit code and the last line said.
    pub(crate) fn signal(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
        self.lines.read_to_string(&mut self.said).unwrap();
        let code = self.child.wait().unwrap().code();
        (
            code,
            self.said.lines().last().unwrap_or_default().to_owned(),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After a failed assertion: it ends its programs itself when it is asked to stop.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let id = self.child.id().to_string();
            Command::new("kill").args(["-TERM", &id]).status().ok();
            self.child.wait().ok();
        }
    }
}
