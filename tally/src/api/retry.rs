//! Patience with a server that is busy or out of reach.

use std::time::Duration;

use super::ApiError;

/// How often and how long to try again.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Attempts in all, at least one is made.
    pub attempts: u32,
    /// Pause after the first failure; doubled after each further one, unless the server names a time.
    pub pause: Duration,
    /// Longest pause.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 6,
            pause: Duration::from_millis(250),
            longest: Duration::from_secs(10),
        }
    }
}

impl Retry {
    /// Runs a request that may safely be repeated.
    pub(super) fn run<Answer>(
        &self,
        mut request: impl FnMut() -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        let mut pause = self.pause;
        let mut attempt = 1;
        loop {
            match request() {
                Err(error) if attempt < self.attempts && worth_repeating(&error) => {
                    std::thread::sleep(asked_pause(&error).unwrap_or(pause).min(self.longest));
                    pause = pause.saturating_mul(2);
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }
}

fn worth_repeating(error: &ApiError) -> bool {
    match error {
        ApiError::Unreachable { .. } => true,
        ApiError::Refused { problem, .. } => matches!(problem.status, 429 | 502 | 503 | 504),
        ApiError::Answer { .. } => false,
    }
}

fn asked_pause(error: &ApiError) -> Option<Duration> {
    match error {
        ApiError::Refused { problem, .. } => problem.retry_after,
        _ => None,
    }
}
