//! Finds one-time codes in the server's file outbox, which stands for the voters' mail boxes.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A folder of messages, one a file: headers with a `To:` line, an empty line, a text with the six-digit code.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    files: HashSet<OsString>,
    codes: HashMap<String, String>,
}

/// Why no code was found.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The folder cannot be read.
    #[error("outbox {folder}: {source}")]
    Read {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No message in time.
    #[error("no message with a one-time code arrived within {0:?}")]
    TimedOut(Duration),
}

impl Outbox {
    /// An outbox in this folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            seen: Mutex::default(),
        }
    }

    /// Waits for the newest code sent to `contact` and takes it.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub async fn take(&self, contact: &str, patience: Duration) -> Result<String, OutboxError> {
        let start = Instant::now();
        loop {
            if let Some(code) = self.look(contact)? {
                return Ok(code);
            }
            if start.elapsed() > patience {
                return Err(OutboxError::TimedOut(patience));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn look(&self, contact: &str) -> Result<Option<String>, OutboxError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = seen.codes.remove(contact) {
            return Ok(Some(code));
        }
        let unreadable = |source| OutboxError::Read {
            folder: self.folder.clone(),
            source,
        };
        for file in std::fs::read_dir(&self.folder).map_err(unreadable)? {
            let file = file.map_err(unreadable)?;
            let name = file.file_name();
            // Names that start with a dot are messages still being written.
            if name.as_encoded_bytes().starts_with(b".") || !seen.files.insert(name) {
                continue;
            }
            let text = std::fs::read_to_string(file.path()).map_err(unreadable)?;
            if let Some((to, code)) = parse(&text) {
                seen.codes.insert(to, code);
            }
        }
        Ok(seen.codes.remove(contact))
    }
}

/// Recipient and code of a message.
fn parse(message: &str) -> Option<(String, String)> {
    let (head, body) = message
        .split_once("\n\n")
        .or_else(|| message.split_once("\r\n\r\n"))?;
    let to = head
        .lines()
        .find_map(|line| line.strip_prefix("To:"))?
        .trim();
    let code = body
        .split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 6)?;
    Some((
        to.trim_start_matches('<').trim_end_matches('>').to_owned(),
        code.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipient_and_code_are_found() {
        let message = "From: a@b\nTo: voter-1@example.org\nSubject: code 2026\n\nYour code: 123456 (5 minutes)\n";
        assert_eq!(
            parse(message),
            Some(("voter-1@example.org".to_owned(), "123456".to_owned()))
        );
        assert_eq!(parse("To: x\n\nno code 12345"), None);
    }

    #[tokio::test]
    async fn a_code_is_given_out_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("1.eml"), "To: a\n\n111111").unwrap();
        let outbox = Outbox::new(folder.path());
        assert_eq!(outbox.take("a", Duration::ZERO).await.unwrap(), "111111");
        assert!(matches!(
            outbox.take("a", Duration::ZERO).await,
            Err(OutboxError::TimedOut(_))
        ));
    }
}
