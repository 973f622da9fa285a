//! A board that is read and posted to: what is posted counts once the board shows it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use hanpyo_ledger::record::CheckNumber;
use thiserror::Error;

use crate::api::{Api, ApiError, LARGEST_BUNDLE};
use crate::board::{Board, BoardError};

/// How long the server may take to publish what it accepted.
const PUBLICATION: Duration = Duration::from_secs(120);
/// Posts of one bundle.
const ATTEMPTS: u32 = 5;
/// Looks at the board after a conflict or a lost answer.
const LOOKS: u32 = 3;

/// Why posting failed.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The board.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// The server.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Accepted, but never published.
    #[error("the server accepted the entry as number {index} but has not published it for {} seconds", PUBLICATION.as_secs())]
    Unpublished {
        /// Log index promised.
        index: u64,
    },
    /// The same thing was posted again and again without effect.
    #[error("the board does not show what was posted; the last answer was: {0}")]
    Stuck(String),
}

/// A board and the API to post to.
pub struct Session {
    /// The board.
    pub board: Board,
    api: Api,
    pause: Duration,
}

impl Session {
    /// Reads the board every `pause` while it waits for something.
    #[must_use]
    pub fn new(board: Board, api: Api, pause: Duration) -> Self {
        Self { board, api, pause }
    }

    /// The API.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Reads what is new on the board; whether something was.
    ///
    /// # Errors
    /// [`BoardError`].
    pub fn refresh(&mut self) -> Result<bool, BoardError> {
        self.board.refresh(&mut |_, _| {})
    }

    /// Waits for the board to grow, at least one pause.
    ///
    /// # Errors
    /// [`BoardError`].
    pub fn wait(&mut self) -> Result<(), BoardError> {
        sleep(self.pause);
        self.refresh()?;
        Ok(())
    }

    /// Posts an entry and returns when the board shows everything up to it. A conflict is no error: the board
    /// has moved on, and the caller looks at it again.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn publish(&mut self, entry: &[u8]) -> Result<(), SessionError> {
        let before = self.board.checker().size();
        match self.api.post_entry(entry) {
            Ok(index) => self.until(index),
            Err(error) if error.status() == Some(409) && self.has_grown(before)? => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Posts entries, in bundles if there are several, and returns when the board shows them. After a lost answer
    /// or a conflict it returns when the board has grown: the caller looks what is missing and posts that.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn publish_all(&mut self, entries: &[Vec<u8>]) -> Result<(), SessionError> {
        if let [entry] = entries {
            return self.publish(entry);
        }
        for bundle in bundles(entries) {
            if !self.send(&bundle)? {
                break;
            }
        }
        Ok(())
    }

    /// Posts one bundle. False if the outcome is unknown and the caller must look at the board.
    ///
    /// A bundle is all or nothing and nothing stands on the board twice, so after a lost answer it is either there,
    /// or refused as out of place the second time, or taken.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn send(&mut self, bundle: &[u8]) -> Result<bool, SessionError> {
        let before = self.board.checker().size();
        for attempt in 1.. {
            let error = match self.api.post_bundle(bundle) {
                Ok(place) => {
                    self.until(place.first.saturating_add(place.count).saturating_sub(1))?;
                    return Ok(true);
                }
                Err(error) => error,
            };
            let conflict = error.status() == Some(409);
            if !conflict && !error.outcome_unknown() {
                return Err(error.into());
            }
            if self.has_grown(before)? {
                return Ok(false);
            }
            if conflict || attempt >= ATTEMPTS {
                return Err(error.into());
            }
        }
        Ok(false)
    }

    /// Reads the board until it has entry `index`.
    fn until(&mut self, index: u64) -> Result<(), SessionError> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(50);
        loop {
            self.refresh()?;
            if self.board.checker().size() > index {
                return Ok(());
            }
            if start.elapsed() > PUBLICATION {
                return Err(SessionError::Unpublished { index });
            }
            sleep(pause.min(self.pause));
            pause = pause.saturating_mul(2);
        }
    }

    /// Looks for some time whether the board grows.
    fn has_grown(&mut self, before: u64) -> Result<bool, BoardError> {
        for look in 0..LOOKS {
            if look > 0 {
                sleep(self.pause);
            }
            self.refresh()?;
            if self.board.checker().size() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Findings of a check so far, in words.
    #[must_use]
    pub fn findings(&self, check: CheckNumber) -> Vec<String> {
        let findings = self.board.checker().findings().iter();
        findings
            .filter(|finding| finding.check == check)
            .map(ToString::to_string)
            .collect()
    }
}

/// Joins entries, each after its length in 2 bytes, into bundles that the server takes.
fn bundles(entries: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut bundles: Vec<Vec<u8>> = Vec::new();
    for entry in entries {
        let fits = bundles
            .last()
            .is_some_and(|bundle| bundle.len() + entry.len() + 2 <= LARGEST_BUNDLE);
        if !fits {
            bundles.push(Vec::new());
        }
        if let Some(bundle) = bundles.last_mut() {
            push(bundle, entry);
        }
    }
    bundles
}

/// Adds an entry to a bundle.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) {
    // No entry is longer than 65,535 bytes; a longer one would be refused by the server as malformed.
    bundle.extend_from_slice(&u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
    bundle.extend_from_slice(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_fit_and_keep_the_order() {
        let entries: Vec<Vec<u8>> = (0..300_u16)
            .map(|number| vec![number.to_le_bytes()[0]; 65_000])
            .collect();
        let bundles = bundles(&entries);
        assert_eq!(bundles.len(), 3);
        assert!(bundles.iter().all(|bundle| bundle.len() <= LARGEST_BUNDLE));
        let mut joined = bundles.concat();
        for entry in &entries {
            let rest = joined.split_off(2 + entry.len());
            assert_eq!(joined[..2], 65_000_u16.to_be_bytes());
            assert_eq!(&joined[2..], entry);
            joined = rest;
        }
        assert!(joined.is_empty());
    }
}
