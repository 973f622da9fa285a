//! Running programs and looking at what they leave.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder that all programs are built into.
pub(crate) fn binaries() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hanpyo-demo"))
        .parent()
        .unwrap()
}

/// A program of the workspace, without the environment of the tests.
pub(crate) fn program(name: &str) -> Command {
    let path = binaries().join(name);
    assert!(
        path.is_file(),
        "{} is not built; `cargo test --workspace` or `cargo build --workspace --bins` builds it",
        path.display()
    );
    let mut command = Command::new(path);
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// What a program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// Bad input: exit code 2, nothing on standard output, one line with `expected` on standard error.
    #[track_caller]
    pub(crate) fn is_refused(&self, program: &str, expected: &str) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        assert!(self.err.starts_with(&format!("{program}: ")), "{self:?}");
        assert!(self.err.contains(expected), "{expected:?}: {self:?}");
    }
}

/// All files below a folder, as paths relative to it, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, all);
            } else {
                all.push(path);
            }
        }
    }
    let mut all = Vec::new();
    walk(folder, &mut all);
    let relative = |path: &PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
    let mut names: Vec<String> = all.iter().map(relative).collect();
    names.sort();
    names
}

/// All folders below a folder, as paths relative to it, sorted; also those without a file.
pub(crate) fn folders(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, all);
                all.push(path);
            }
        }
    }
    let mut all = Vec::new();
    walk(folder, &mut all);
    let relative = |path: &PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
    let mut names: Vec<String> = all.iter().map(relative).collect();
    names.sort();
    names
}

/// Processes whose arguments or working directory name a folder.
pub(crate) fn processes_of(folder: &Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let mut found = Vec::new();
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        let at = process.path();
        // A process may end while it is looked at; then it is not left behind.
        let arguments = std::fs::read(at.join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let works_in = std::fs::read_link(at.join("cwd")).unwrap_or_default();
        if arguments.contains(&folder) || works_in.starts_with(&folder) {
            found.push(format!("{} {arguments}", process.file_name().display()));
        }
    }
    found
}
