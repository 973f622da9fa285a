//! What the programs have in common on the command line.

use std::process::ExitCode;

use clap::error::{Error, ErrorKind};

/// Prints what clap has to say: help and version as they are (exit code 0), an error as one line (exit code 2).
pub fn usage(program: &str, error: &Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // A reader who has closed the pipe has seen enough.
        drop(error.print());
        return ExitCode::SUCCESS;
    }
    eprintln!("{program}: {}", one_line(error));
    ExitCode::from(2)
}

/// The error without usage and hints, which `--help` has.
fn one_line(error: &Error) -> String {
    // Given no command, clap prints the whole help.
    let text = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "a command is needed".to_owned()
        }
        _ => error.to_string(),
    };
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let end = text.find("\n\n").unwrap_or(text.len());
    let words = text.get(..end).unwrap_or(text).split_whitespace();
    words.collect::<Vec<_>>().join(" ") + " (see --help)"
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    use super::*;

    #[test]
    fn an_error_is_one_line_with_what_is_missing() {
        let required = |name: &'static str| Arg::new(name).long(name).required(true);
        let command = Command::new("x")
            .arg(required("server"))
            .arg(required("vkey"));
        let line = |arguments: &[&str]| {
            let arguments = [&["x"], arguments].concat();
            one_line(&command.clone().try_get_matches_from(arguments).unwrap_err())
        };
        assert_eq!(
            line(&[]),
            "the following required arguments were not provided: --server <server> --vkey <vkey> (see --help)"
        );
        assert_eq!(
            line(&["--nonsense"]),
            "unexpected argument '--nonsense' found (see --help)"
        );
    }
}
