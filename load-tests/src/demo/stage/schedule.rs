//! When voting opens and closes. A demonstration wants to be short, but must hold on a machine of any speed.
//!
//! The draft must name both times before the ceremony, when nobody knows how long setting up will take. The officers'
//! key files, made just before, tell how fast this machine is. When the roll is sealed late, or the crowd is slower than
//! planned, the commission re-dates the close, on the record; it can only make voting longer.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::super::staff::Staff;
use super::super::{DemoError, present};
use super::{Election, now};

/// What is left to set up takes about so many times as long as making the officers' key files took.
const PACE: u64 = 5;
/// Seconds before the close in which no more votes begin.
pub(super) const MARGIN: u64 = 8;
/// When so little of the voting time is left and votes are missing, the close is put off, by so much.
const SHORT: u64 = 5;
const PUT_OFF: u64 = 30;

/// When voting is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Times {
    /// As soon as everything is ready, for so long or as fits the number of electors.
    Soon(Option<Duration>),
    /// Between two times, in seconds since 1970.
    Between(u64, u64),
}

/// Opening and closing time, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    pub(super) opens: u64,
    pub(super) closes: u64,
    /// How long voting is to last at least.
    voting: u64,
}

impl Schedule {
    /// For so many electors, set up from `now` on, when making the officers' keys took `keys`.
    pub(super) fn of(times: Times, now: u64, electors: u64, keys: Duration) -> Self {
        match times {
            Times::Between(opens, closes) => Self {
                opens,
                closes,
                voting: closes.saturating_sub(opens),
            },
            Times::Soon(voting) => {
                let left = PACE * keys.as_secs() + electors / 400;
                let opens = now + 4 + left;
                let voting = voting.map_or(90 + electors / 800, |voting| voting.as_secs());
                Self {
                    opens,
                    // So much late, and voting has not closed yet.
                    closes: opens + voting.max(left / 2),
                    voting,
                }
            }
        }
    }

    /// The closing time to re-date to when everything is ready at `now`, if the one in the draft leaves too little.
    fn new_closing(&self, now: u64) -> Option<u64> {
        let wanted = self.opens.max(now) + self.voting;
        (wanted > self.closes).then_some(wanted)
    }
}

impl Election<'_> {
    /// Re-dates the close if too little voting time would be left; the closing time that holds now.
    pub(super) async fn settle_closing(&self, schedule: &Schedule) -> Result<u64, DemoError> {
        if let Some(closes) = schedule.new_closing(now()) {
            let reason = "demonstration: setting up took longer than planned";
            match self.redate(closes, reason).await {
                Err(DemoError::Refused { .. }) if self.phase().await? == "closed" => {
                    return Err(DemoError::TooSlow);
                }
                settled => settled?,
            }
        }
        self.closes().await
    }

    /// Puts the close off if it comes before the votes are in.
    pub(super) async fn put_off_if_late(&self, closes: &mut u64) -> Result<(), DemoError> {
        if now() + SHORT < *closes {
            return Ok(());
        }
        let reason = "demonstration: this machine is slower than planned";
        self.redate(now() + PUT_OFF, reason).await?;
        present::line("votes are still on their way: the close is put off, on the record");
        *closes = self.closes().await?;
        Ok(())
    }

    async fn redate(&self, closes: u64, reason: &str) -> Result<(), DemoError> {
        let alice = Staff::log_in(&self.deployment.url, "alice").await?;
        let body = json!({ "closes": closes, "reason": reason });
        let path = format!("{}/redating", self.path);
        alice.json(Method::POST, &path, &body).await.map(|_| ())
    }

    async fn closes(&self) -> Result<u64, DemoError> {
        let public = self.public("/public").await?;
        let closes = public.pointer("/schedule/closes").and_then(Value::as_u64);
        closes.ok_or_else(|| DemoError::Missing {
            what: "election".to_owned(),
            field: "closing time",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon(now: u64, electors: u64, voting: Option<u64>) -> Schedule {
        let times = Times::Soon(voting.map(Duration::from_secs));
        Schedule::of(times, now, electors, Duration::from_secs(3))
    }

    #[test]
    fn voting_lasts_as_long_as_wanted_however_late_setting_up_ends() {
        let schedule = soon(1000, 400, Some(12));
        assert_eq!((schedule.opens, schedule.closes), (1020, 1032));
        for in_time in [1001, 1019, 1020] {
            assert_eq!(schedule.new_closing(in_time), None);
        }
        assert_eq!(schedule.new_closing(1021), Some(1033));
        assert_eq!(schedule.new_closing(1100), Some(1112));
    }

    #[test]
    fn a_slow_machine_may_be_late_by_half_of_what_was_expected() {
        let times = Times::Soon(Some(Duration::from_secs(12)));
        let schedule = Schedule::of(times, 1000, 400, Duration::from_secs(20));
        assert_eq!((schedule.opens, schedule.closes), (1105, 1155));
        assert_eq!(schedule.new_closing(1143), None);
        assert_eq!(schedule.new_closing(1150), Some(1162));
    }

    #[test]
    fn more_electors_get_more_time() {
        let (few, many) = (soon(0, 400, None), soon(0, 80_000, None));
        assert!(few.opens < many.opens && few.voting < many.voting);
    }
}
