//! One-time codes and voter sessions.

use super::Reader;

/// How voters identify themselves.
#[derive(Debug, Clone)]
pub struct VoterConfig {
    /// Life of a one-time code, in minutes.
    pub code_minutes: u32,
    /// Tries in a row for one voter from one address; then one a minute.
    pub code_attempts: u32,
    /// Tries for one voter from all addresses: so many in a row, then evenly over the hour.
    pub tries_per_hour: u32,
    /// Shortest time between two codes for one voter, in seconds.
    pub resend_seconds: u32,
    /// Codes for one voter: so many in a row, then evenly over the hour.
    pub codes_per_hour: u32,
    /// Life of a voter session, in minutes.
    pub session_minutes: u32,
    /// Longest life of a voter session with all its extensions, in minutes.
    pub session_limit_minutes: u32,
    /// Requests for a code that may wait; more are answered with 503.
    pub identify_queue: usize,
    /// Requests for codes and sessions in a row from one address before it must wait.
    pub address_burst: u32,
    /// Further requests from one address, a second.
    pub address_per_second: u32,
    /// Invitations and reminders handed to the outbox in a second.
    pub messages_per_second: u32,
}

impl VoterConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        let config = Self {
            code_minutes: r.number(
                "voter.code_minutes",
                5,
                1..=60,
                "life of a one-time code, in minutes",
            ),
            code_attempts: r.number(
                "voter.code_attempts",
                5,
                1..=20,
                "tries in a row for one voter from one address; then one a minute",
            ),
            tries_per_hour: r.number(
                "voter.tries_per_hour",
                100,
                1..=10_000,
                "tries for one voter from all addresses: so many in a row, then evenly over the hour",
            ),
            resend_seconds: r.number(
                "voter.resend_seconds",
                30,
                0..=3_600,
                "shortest time between two codes for one voter, in seconds",
            ),
            codes_per_hour: r.number(
                "voter.codes_per_hour",
                20,
                1..=1_000,
                "codes for one voter: so many in a row, then evenly over the hour",
            ),
            // Accessibility: no time-out under 20 minutes without an extension.
            session_minutes: r.number(
                "voter.session_minutes",
                30,
                20..=240,
                "life of a voter session, in minutes",
            ),
            session_limit_minutes: r.number(
                "voter.session_limit_minutes",
                240,
                20..=1_440,
                "longest life of a voter session with its extensions, in minutes",
            ),
            messages_per_second: r.number(
                "voter.messages_per_second",
                100,
                1..=100_000,
                "invitations and reminders handed to the outbox in a second",
            ),
            identify_queue: r.number(
                "voter.identify_queue",
                20_000,
                16..=1_000_000,
                "requests for a code that may wait; more are answered with 503",
            ),
            // Thousands of voters share the address of a mobile network or a workplace.
            address_burst: r.number(
                "voter.address_burst",
                5_000,
                1..=10_000_000,
                "requests for codes and sessions in a row from one address before it must wait",
            ),
            address_per_second: r.number(
                "voter.address_per_second",
                50,
                1..=1_000,
                "further requests for codes and sessions from one address, a second",
            ),
        };
        r.check(
            "voter.session_limit_minutes",
            config.session_limit_minutes >= config.session_minutes,
            || {
                format!(
                    "expected at least voter.session_minutes ({}), found {}",
                    config.session_minutes, config.session_limit_minutes
                )
            },
        );
        // Else whoever asks for a voter's codes could use up those of the hour.
        r.check(
            "voter.codes_per_hour",
            config.code_minutes == 0 // reported already
                || u64::from(config.codes_per_hour) * u64::from(config.code_minutes) >= 60,
            || {
                format!(
                    "expected a new code within voter.code_minutes ({}), found {} an hour",
                    config.code_minutes, config.codes_per_hour
                )
            },
        );
        config
    }
}
