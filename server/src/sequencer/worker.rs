//! The tasks behind the ledgers: one sequences the ballots of an election, one keeps all schedules.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::error::LedgerError;
use super::ledger::{Core, Health, Ledger};
use super::registry::Ledgers;
use super::summary::Phase;
use crate::db;

impl Ledger {
    /// Gives durable ballots their places and publishes them; the number of them.
    ///
    /// # Errors
    /// [`LedgerError`]; the ballots stay durable and wait.
    pub async fn flush(self: &Arc<Self>) -> Result<usize, LedgerError> {
        self.with_core(Self::sequence).await
    }
}

impl Ledger {
    /// Finds out whether everything can be written again, and goes on with what waits.
    fn write_again(&self, core: &mut Core) -> Result<(), LedgerError> {
        self.ready(core)?;
        let (id, phase) = (self.id.election, self.phase().name());
        self.db.write_blocking::<(), LedgerError, _>(move |c| {
            Ok(db::ledgers::set_phase(c, id, phase)?)
        })?;
        self.sequence(core)?;
        self.well();
        Ok(())
    }
}

/// Sequences the ballots of one election until `stop`.
pub(crate) async fn sequence(ledger: Arc<Ledger>, mut stop: watch::Receiver<bool>) {
    let interval = Duration::from_millis(ledger.config.sequence_ms);
    loop {
        tokio::select! {
            () = ledger.wake.notified() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        // Others may join.
        if !ledger.is_crowded() {
            tokio::select! {
                () = sleep(interval) => {}
                () = ledger.many.notified() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
        match ledger.flush().await {
            Ok(_) => {}
            Err(LedgerError::Stopped(_)) => return,
            Err(error) => {
                tracing::warn!(ledger = %ledger.id(), error = %error, "ballots wait: not sequenced");
                sleep(interval).await;
                ledger.wake.notify_one();
            }
        }
    }
}

/// Opens and closes elections at their times, notes how turnout grows, and begins logs that could
/// not be begun earlier, until `stop`.
pub(crate) async fn schedule(ledgers: Arc<Ledgers>, mut stop: watch::Receiver<bool>) {
    let interval = Duration::from_millis(ledgers.schedule_ms());
    let mut stepped = false;
    loop {
        tokio::select! {
            () = sleep(interval) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = ledgers.create_missing().await {
            tracing::warn!(error = %error, "ledgers that are to be begun wait");
        }
        let was_stepped = std::mem::replace(&mut stepped, ledgers.clock_is_stepped());
        match (was_stepped, stepped) {
            (false, true) => tracing::error!(
                clock.ahead_ms = ledgers.clock_ahead(),
                "the clock was set forward, or this machine was suspended: elections are not opened or closed \
                 by schedule until it is set right or the server is started again"
            ),
            (true, false) => tracing::info!("the clock is right again: schedules are kept"),
            _ => {}
        }
        for ledger in ledgers.all() {
            if let Err(error) = keep_schedule(&ledger, stepped).await {
                tracing::warn!(ledger = %ledger.id(), error = %error, "the schedule waits");
            }
            if !stepped
                && let Some(summary) = ledger.summary()
                && let Err(error) = ledger.sample_turnout(&summary).await
            {
                tracing::warn!(ledger = %ledger.id(), error = %error, "turnout is not noted yet");
            }
        }
    }
}

/// Does what is due now. The times in the manifest and the wall clock alone decide, looked at
/// afresh each time: a clock that was set back only makes it later. One that was set forward would
/// end voting early, for good: then people open and close.
async fn keep_schedule(ledger: &Arc<Ledger>, clock_is_stepped: bool) -> Result<(), LedgerError> {
    if matches!(ledger.health(), Health::Stopped(_)) {
        return Ok(());
    }
    if let Health::Unavailable(_) = ledger.health() {
        ledger.with_core(Ledger::write_again).await?;
    }
    let Some(summary) = ledger.summary() else {
        return Ok(());
    };
    let now = ledger.now().get();
    match summary.phase {
        Phase::Sealed | Phase::Open if clock_is_stepped => {}
        Phase::Ceremony => {
            ledger.append_joint_key().await?;
        }
        Phase::Sealed if ledger.opens().is_some_and(|opens| opens <= now) => {
            let _opened = ledger.open_voting().await?;
        }
        Phase::Open if now >= ledger.last_moment(summary.closes) => {
            let _closed = ledger.close_voting().await?;
        }
        // An end of voting was begun and did not come about.
        Phase::Open if !ledger.is_accepting() => ledger.accept_again().await?,
        _ => {}
    }
    Ok(())
}

impl Ledger {
    /// When the first voting window begins, in seconds.
    #[must_use]
    pub fn opens(&self) -> Option<u64> {
        let windows = &self.manifest.manifest().schedule.windows;
        windows.first().map(|window| window.opens.get())
    }

    /// The closing time with the grace that begun votes have, in seconds.
    #[must_use]
    pub fn last_moment(&self, closes: u64) -> u64 {
        let grace = self.manifest.manifest().schedule.grace_seconds;
        closes.saturating_add(u64::from(grace))
    }
}
