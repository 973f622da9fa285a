//! The time of day, as one value that tests can move, and how far to trust it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// Milliseconds in a second.
pub const SECOND: Millis = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: Millis = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: Millis = 60 * MINUTE;

/// Tells the time. Clones share what tests do to it.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Wall clock and monotonic clock at the same moment.
    anchor: (Millis, Instant),
    passed_ms: Arc<AtomicI64>,
    stepped_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self {
            anchor: (wall(), Instant::now()),
            passed_ms: Arc::default(),
            stepped_ms: Arc::default(),
        }
    }

    /// Now, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now(&self) -> Millis {
        let moved = [&self.passed_ms, &self.stepped_ms].map(|ms| ms.load(Ordering::Relaxed));
        moved.into_iter().fold(wall(), Millis::saturating_add)
    }

    /// How much further the wall clock has come than time has passed since this clock was made, in
    /// milliseconds: it was set forward by so much (or back, if less than 0), or the machine was
    /// suspended meanwhile.
    #[must_use]
    pub fn ahead(&self) -> Millis {
        let (wall, then) = self.anchor;
        let passed = Millis::try_from(then.elapsed().as_millis()).unwrap_or(Millis::MAX);
        let passed = passed.saturating_add(self.passed_ms.load(Ordering::Relaxed));
        self.now().saturating_sub(wall.saturating_add(passed))
    }

    /// Lets `ms` pass for this clock and all its clones: for tests of expiry.
    pub fn advance(&self, ms: Millis) {
        self.passed_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sets the wall clock of this clock and all its clones forward or back: for tests.
    pub fn step(&self, ms: Millis) {
        self.stepped_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

fn wall() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// `ms` as RFC 3339 text in UTC, for answers and logs.
#[must_use]
pub fn rfc3339(ms: Millis) -> String {
    use time::format_description::well_known::Rfc3339;
    let nanos = i128::from(ms) * 1_000_000;
    time::OffsetDateTime::from_unix_timestamp_nanos(nanos)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| format!("{ms} ms"))
}

/// Reads RFC 3339 text.
///
/// # Errors
/// It is no RFC 3339 time.
pub fn parse_rfc3339(text: &str) -> Result<Millis, time::error::Parse> {
    use time::format_description::well_known::Rfc3339;
    let time = time::OffsetDateTime::parse(text, &Rfc3339)?;
    // RFC 3339 years have four digits, so milliseconds fit.
    Ok(i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_round_trips_and_takes_offsets() {
        assert_eq!(
            parse_rfc3339("2011-08-24T06:00:00+09:00").unwrap(),
            1_314_133_200_000
        );
        assert_eq!(rfc3339(1_314_133_200_000), "2011-08-23T21:00:00Z");
        assert!(parse_rfc3339("2011-08-24").is_err());
    }

    #[test]
    fn clones_move_together() {
        let clock = Clock::system();
        let other = clock.clone();
        let before = other.now();
        clock.advance(HOUR);
        assert!(other.now() >= before + HOUR);
    }

    #[test]
    fn a_clock_that_was_set_is_told_from_time_that_passed() {
        let clock = Clock::system();
        let other = clock.clone();
        clock.advance(HOUR);
        assert!(clock.ahead().abs() < MINUTE, "{}", clock.ahead());
        clock.step(2 * HOUR);
        assert!((other.ahead() - 2 * HOUR).abs() < MINUTE);
        clock.step(-2 * HOUR);
        assert!(other.ahead().abs() < MINUTE);
    }
}
