//! The built programs, run as a person would.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::{PASSPHRASE, TestBoard};

/// Path of a built program of this crate.
pub fn program(name: &str) -> &'static str {
    match name {
        "authority" => env!("CARGO_BIN_EXE_hanpyo-authority"),
        "trustee" => env!("CARGO_BIN_EXE_hanpyo-trustee"),
        "tally" => env!("CARGO_BIN_EXE_hanpyo-tally"),
        other => panic!("no program {other}"),
    }
}

/// A program with its secret file, the passphrase in a file beside it.
pub struct Role {
    name: &'static str,
    secret: PathBuf,
    passphrase: PathBuf,
}

impl Role {
    /// A role whose secret file is (or will be) `secret`.
    pub fn new(name: &'static str, secret: &Path) -> Self {
        let passphrase = secret.with_extension("passphrase");
        std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
        Self {
            name,
            secret: secret.to_owned(),
            passphrase,
        }
    }

    /// The command with its arguments; standard input is closed.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program(self.name));
        command
            .arg("--secret")
            .arg(&self.secret)
            .arg("--passphrase-file")
            .arg(&self.passphrase)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    /// Runs a command that needs no board.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command against a board.
    pub fn at(&self, board: &TestBoard, arguments: &[&str]) -> Output {
        self.board_command(board, arguments).output().unwrap()
    }

    /// Starts a command against a board.
    pub fn start(&self, board: &TestBoard, arguments: &[&str]) -> Child {
        self.board_command(board, arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn board_command(&self, board: &TestBoard, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.args(["--board", &board.url, "--vkey", &board.vkey]);
        command
    }
}

/// Standard output of a run that must have succeeded.
pub fn succeeded(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The error of a run that must have ended with this code: one line, unless the input had many errors.
pub fn failed(output: Output, code: i32) -> String {
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{errors}");
    let error = errors
        .lines()
        .skip_while(|line| !line.starts_with("hanpyo-"))
        .collect::<Vec<_>>();
    assert!(!error.is_empty(), "{errors}");
    error.join("\n")
}
