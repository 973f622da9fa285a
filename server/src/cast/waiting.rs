//! The waiting room in front of a full queue: every voter who is turned away gets a time to come
//! back, spread so that they arrive as fast as ballots are taken.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Pace before anything was measured: a thousand ballots a second.
const FIRST_INTERVAL: Duration = Duration::from_millis(1);
/// Bounds of the measured time for one ballot.
const FASTEST: Duration = Duration::from_micros(20);
const SLOWEST: Duration = Duration::from_millis(100);
/// A longer time between commits says that nothing was waiting, not how long a ballot takes.
const IDLE: Duration = Duration::from_secs(2);
/// Nobody is sent away for longer: who has given up makes room.
const LONGEST: Duration = Duration::from_secs(300);

/// When to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Ballots that are expected to be taken before this one.
    pub ahead: u64,
    /// After so many seconds.
    pub seconds: u64,
}

/// Gives out times.
#[derive(Debug)]
pub struct WaitingRoom(Mutex<Pace>);

#[derive(Debug)]
struct Pace {
    /// Time that one ballot takes, smoothed.
    interval: Duration,
    last_commit: Option<Instant>,
    /// The last time given out.
    given: Instant,
}

impl WaitingRoom {
    /// An empty room.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self(Mutex::new(Pace {
            interval: FIRST_INTERVAL,
            last_commit: None,
            given: now,
        }))
    }

    /// Notes that `count` ballots were taken together.
    pub fn taken(&self, count: usize, now: Instant) {
        let mut pace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = pace.last_commit.replace(now);
        let (Some(last), Ok(count)) = (last, u32::try_from(count)) else {
            return;
        };
        let since = now.saturating_duration_since(last);
        if count > 0 && since < IDLE {
            let sample = (since / count).clamp(FASTEST, SLOWEST);
            pace.interval = (pace.interval * 7 + sample) / 8;
        }
    }

    /// A time to come back, behind the `queued` ballots and everyone sent away before.
    pub fn turn_away(&self, queued: usize, now: Instant) -> Waiting {
        let mut pace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let queued = u32::try_from(queued).unwrap_or(u32::MAX);
        let behind_queue = now + pace.interval.saturating_mul(queued).min(LONGEST);
        let next = pace.given.max(behind_queue) + pace.interval;
        pace.given = next.min(now + LONGEST);
        let wait = pace.given.saturating_duration_since(now);
        let ahead = wait.as_nanos() / pace.interval.as_nanos().max(1);
        Waiting {
            ahead: u64::try_from(ahead).unwrap_or(u64::MAX),
            seconds: wait.as_secs() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spread_at_the_pace_of_the_urn() {
        let start = Instant::now();
        let room = WaitingRoom::new(start);
        // 500 ballots a second for a while.
        for tick in 0..100_u32 {
            room.taken(50, start + Duration::from_millis(100) * tick);
        }
        let now = start + Duration::from_secs(10);
        let first = room.turn_away(1_000, now);
        assert!((990..=1_010).contains(&first.ahead), "{first:?}");
        assert_eq!(first.seconds, 3, "two seconds for the queue, rounded up");
        let mut last = first;
        for _ in 0..5_000 {
            last = room.turn_away(1_000, now);
        }
        assert!((5_950..=6_050).contains(&last.ahead), "{last:?}");
        assert!((12..=14).contains(&last.seconds), "{last:?}");
        // Much later nobody is ahead any more.
        let later = room.turn_away(0, now + Duration::from_secs(60));
        assert_eq!((later.ahead, later.seconds), (1, 1));
    }

    #[test]
    fn pauses_do_not_count_and_no_wait_is_endless() {
        let start = Instant::now();
        let room = WaitingRoom::new(start);
        room.taken(1, start);
        room.taken(1, start + Duration::from_secs(3_600));
        assert_eq!(
            room.turn_away(0, start + Duration::from_secs(3_600))
                .seconds,
            1
        );
        let waiting = room.turn_away(usize::MAX, start + Duration::from_secs(3_601));
        assert!(waiting.seconds <= 301, "{waiting:?}");
    }
}
