//! Ledgers and the cast path.

use super::Reader;

/// How ballots are taken and entries sequenced.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Longest time ballots wait before they are sequenced together, in milliseconds.
    pub sequence_ms: u64,
    /// Ballots that are sequenced at once without waiting any longer.
    pub sequence_many: usize,
    /// Durable ballots of one election that may wait to be sequenced; then new ones get 503.
    pub pending_limit: usize,
    /// Ballots that may wait for verification; then new ones get 503.
    pub cast_queue: usize,
    /// Posted challenges that may wait for verification; then new ones get 503.
    pub challenge_queue: usize,
    /// Ballots verified together at most.
    pub cast_batch: usize,
    /// How long the first ballot of a batch waits for others, in milliseconds.
    pub cast_linger_ms: u64,
    /// When the acknowledgement promises a ballot to be in the log, in seconds from now.
    pub deadline_seconds: u32,
    /// How often opening and closing times are looked at, in milliseconds.
    pub schedule_ms: u64,
    /// Scheduled opening and closing stop when the wall clock is ahead by more than this many
    /// seconds of the time that has passed since the start.
    pub clock_step_seconds: u32,
    /// Turnout is noted for its history at most once in so many seconds.
    pub turnout_seconds: u32,
}

impl LedgerConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            sequence_ms: r.number(
                "ledger.sequence_ms",
                500,
                10..=10_000,
                "longest time ballots wait before they are sequenced together, in milliseconds",
            ),
            sequence_many: r.number(
                "ledger.sequence_many",
                2_048,
                1..=100_000,
                "waiting ballots that are sequenced at once",
            ),
            pending_limit: r.number(
                "ledger.pending_limit",
                50_000,
                1..=10_000_000,
                "durable ballots of one election that may wait to be sequenced; more are answered with 503",
            ),
            cast_queue: r.number(
                "ledger.cast_queue",
                4_096,
                1..=1_000_000,
                "ballots that may wait for verification; more are answered with 503",
            ),
            challenge_queue: r.number(
                "ledger.challenge_queue",
                64,
                1..=100_000,
                "posted challenges that may wait for verification; more are answered with 503",
            ),
            cast_batch: r.number(
                "ledger.cast_batch",
                512,
                1..=16_384,
                "ballots verified together at most",
            ),
            cast_linger_ms: r.number(
                "ledger.cast_linger_ms",
                10,
                0..=1_000,
                "how long the first ballot of a batch waits for others, in milliseconds",
            ),
            deadline_seconds: r.number(
                "ledger.deadline_seconds",
                60,
                1..=86_400,
                "when an acknowledgement promises the ballot to be in the log, in seconds from now",
            ),
            schedule_ms: r.number(
                "ledger.schedule_ms",
                250,
                10..=60_000,
                "how often opening and closing times are looked at, in milliseconds",
            ),
            clock_step_seconds: r.number(
                "ledger.clock_step_seconds",
                60,
                1..=86_400,
                "scheduled opening and closing stop when the clock was set forward by more since the start",
            ),
            turnout_seconds: r.number(
                "ledger.turnout_seconds",
                600,
                1..=86_400,
                "turnout is noted for its history at most once in so many seconds",
            ),
        }
    }
}
