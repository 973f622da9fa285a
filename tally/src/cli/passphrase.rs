//! Where a passphrase comes from, and questions to a person.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::Failure;
use crate::files;
use crate::secret_file::Passphrase;

/// The secret file and its passphrase.
#[derive(Debug, Args)]
pub struct PassphraseArgs {
    /// Secret file of this role (age format, passphrase)
    #[arg(long, value_name = "FILE", env = "HANPYO_SECRET")]
    pub secret: PathBuf,
    /// Read the passphrase from the first line of this file instead of asking
    #[arg(long, value_name = "FILE", env = "HANPYO_PASSPHRASE_FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    /// The passphrase of an existing secret file.
    ///
    /// # Errors
    /// The passphrase file cannot be read, or there is no terminal to ask on.
    pub fn existing(&self) -> Result<Passphrase, Failure> {
        match &self.passphrase_file {
            Some(_) => self.read_file(),
            None => ask(&format!("Passphrase of {}: ", self.secret.display()))
                .map(|text| Passphrase::new(&text)),
        }
    }

    /// The passphrase of a secret file about to be made, asked twice.
    ///
    /// # Errors
    /// As [`PassphraseArgs::existing`], or the two differ.
    pub fn new_one(&self) -> Result<Passphrase, Failure> {
        if self.passphrase_file.is_some() {
            return self.read_file();
        }
        let first = ask(&format!("New passphrase for {}: ", self.secret.display()))?;
        let second = ask("The same again: ")?;
        if first != second {
            return Err(Failure::input("the two passphrases differ"));
        }
        Ok(Passphrase::new(&first))
    }

    fn read_file(&self) -> Result<Passphrase, Failure> {
        let Some(path) = &self.passphrase_file else {
            return Err(Failure::input("no passphrase file named"));
        };
        let bytes = Zeroizing::new(files::read(path, 4096)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Failure::input(format!("{}: the passphrase is not UTF-8", path.display()))
        })?;
        Ok(Passphrase::new(text.lines().next().unwrap_or_default()))
    }
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|error| {
            Failure::input(format!(
                "cannot ask for the passphrase ({error}); use --passphrase-file FILE"
            ))
        })
}

/// Asks a question that only the typed word answers; anything else refuses.
///
/// # Errors
/// Not confirmed, or nobody to ask: scripts say `--yes`.
pub fn confirm(question: &str, word: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::input(
            "no terminal to ask on; --yes confirms without asking",
        ));
    }
    eprint!("{question} Type {word} to go on: ");
    io::stderr().flush().map_err(Failure::input)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(Failure::input)?;
    if answer.trim() == word {
        Ok(())
    } else {
        Err(Failure::refused("not confirmed, nothing was done"))
    }
}
