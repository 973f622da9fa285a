//! Exit codes and the one line an error gets.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use clap::Parser;

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
///
/// clap prints help (exit 0) and argument errors (exit 2) itself.
pub fn main<Arguments: Parser>(run: impl FnOnce(Arguments) -> Result<(), Failure>) -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", failure.to_string().trim_end());
            match failure {
                Failure::Input(_) => ExitCode::from(2),
                Failure::Refused(_) => ExitCode::from(1),
            }
        }
    }
}
