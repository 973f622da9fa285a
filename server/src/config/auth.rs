//! Staff log-in, tokens and password hashing.

use super::Reader;

/// Life times, limits and hashing cost of staff authentication.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// Life of a staff access token, in minutes.
    pub access_minutes: u32,
    /// Life of a refresh token, in hours; each refresh starts it anew.
    pub refresh_hours: u32,
    /// Longest life of a log-in, however often it is refreshed, in hours.
    pub session_hours: u32,
    /// Clock difference tolerated when tokens are checked, in seconds.
    pub leeway_seconds: u32,
    /// Failed log-ins in a row for one account before it must wait.
    pub login_burst: u32,
    /// One more try for an account every so many seconds.
    pub login_refill_seconds: u32,
    /// Log-ins in a row from one address before it must wait.
    pub address_burst: u32,
    /// One more try for an address every so many seconds.
    pub address_refill_seconds: u32,
    /// argon2id memory, in KiB.
    pub argon2_memory_kib: u32,
    /// argon2id passes.
    pub argon2_passes: u32,
    /// argon2id computations at the same time; others wait.
    pub argon2_parallel: usize,
}

impl AuthConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        let config = Self {
            access_minutes: r.number(
                "auth.access_minutes",
                10,
                1..=60,
                "life of a staff access token, in minutes",
            ),
            refresh_hours: r.number(
                "auth.refresh_hours",
                12,
                1..=720,
                "life of a refresh token, in hours",
            ),
            session_hours: r.number(
                "auth.session_hours",
                24,
                1..=2_160,
                "longest life of a log-in, however often refreshed, in hours",
            ),
            leeway_seconds: r.number(
                "auth.leeway_seconds",
                30,
                0..=300,
                "clock difference tolerated when tokens are checked, in seconds",
            ),
            login_burst: r.number(
                "auth.login_burst",
                5,
                1..=1_000,
                "failed log-ins in a row for one account before it must wait",
            ),
            login_refill_seconds: r.number(
                "auth.login_refill_seconds",
                60,
                1..=86_400,
                "one more try for an account every so many seconds",
            ),
            address_burst: r.number(
                "auth.address_burst",
                50,
                1..=100_000,
                "log-ins in a row from one address before it must wait",
            ),
            address_refill_seconds: r.number(
                "auth.address_refill_seconds",
                2,
                1..=86_400,
                "one more log-in for an address every so many seconds",
            ),
            argon2_memory_kib: r.number(
                "auth.argon2_memory_kib",
                19 * 1024,
                8..=4_194_304,
                "argon2id memory, in KiB",
            ),
            argon2_passes: r.number("auth.argon2_passes", 2, 1..=100, "argon2id passes"),
            argon2_parallel: r.number(
                "auth.argon2_parallel",
                2,
                1..=256,
                "argon2id computations at the same time; others wait",
            ),
        };
        r.check(
            "auth.session_hours",
            config.session_hours >= config.refresh_hours,
            || {
                format!(
                    "expected at least auth.refresh_hours ({}), found {}",
                    config.refresh_hours, config.session_hours
                )
            },
        );
        config
    }
}
