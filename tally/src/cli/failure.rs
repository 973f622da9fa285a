//! Exit codes and the one line an error gets.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::files::FileError;
use crate::secret_file::SecretFileError;

/// Why a program stops before it is done.
#[derive(Debug)]
pub enum Failure {
    /// The caller can mend it: arguments, input files, passphrase. Exit code 2.
    Input(Box<dyn Error + Send + Sync>),
    /// The action was refused or failed. Exit code 1.
    Refused(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// Bad input; the message names what and where.
    pub fn input(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Input(error.into())
    }

    /// A refused or failed action; the message says why.
    pub fn refused(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(error.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Input(error) | Self::Refused(error)) = self;
        error.fmt(formatter)
    }
}

impl Error for Failure {}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::input(error)
    }
}

impl From<SecretFileError> for Failure {
    fn from(error: SecretFileError) -> Self {
        Self::input(error)
    }
}

/// Parses the arguments, runs the program and turns its outcome into an exit code.
pub fn main<Arguments: Parser>(run: impl FnOnce(Arguments) -> Result<(), Failure>) -> ExitCode {
    let program = Arguments::command().get_name().to_owned();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&program, &error),
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{program}: {}", failure.to_string().trim_end());
            match failure {
                Failure::Input(_) => ExitCode::from(2),
                Failure::Refused(_) => ExitCode::from(1),
            }
        }
    }
}

/// Help and version as clap prints them (exit code 0), an error of arguments as one line (exit code 2).
fn usage(program: &str, error: &clap::Error) -> ExitCode {
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
    eprintln!("{program}: {} (see --help)", words.join(" "));
    ExitCode::from(2)
}
