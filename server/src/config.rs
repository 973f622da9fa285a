//! Settings of the server: one struct per concern, read from a file, the environment and flags.
//!
//! Every setting has one dotted name. The layers, later ones winning: the default written here,
//! the TOML file, the environment (`http.bind` is `HANPYO_HTTP_BIND`), flags
//! (`--set http.bind=...`).
//!
//! All problems are collected and reported together; a setting that nobody reads is a problem too,
//! so that a misspelt name is not silently ignored.

mod auth;
mod http;
mod ledger;
mod log;
mod outbox;
mod reader;
mod storage;
mod voter;

pub use auth::AuthConfig;
pub use http::HttpConfig;
pub use ledger::LedgerConfig;
pub use log::{LogConfig, LogFormat};
pub use outbox::{OutboxConfig, SmtpConfig, SmtpEncryption};
pub use reader::{ConfigError, Reader, Setting, SettingProblem, Sources};
pub use storage::StorageConfig;
pub use voter::VoterConfig;

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Listening, limits, shutdown.
    pub http: HttpConfig,
    /// Data folder and database.
    pub storage: StorageConfig,
    /// Staff log-in, tokens, password hashing.
    pub auth: AuthConfig,
    /// One-time codes and voter sessions.
    pub voter: VoterConfig,
    /// Where messages to voters go.
    pub outbox: OutboxConfig,
    /// Ledgers and the cast path.
    pub ledger: LedgerConfig,
    /// Log format and filter.
    pub log: LogConfig,
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// [`ConfigError`] lists every problem found, each with the name of its setting.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(sources)?;
        let config = Self::read(&mut reader);
        reader.finish()?;
        Ok(config)
    }

    /// Every setting with its default and explanation, in reading order.
    #[must_use]
    pub fn reference() -> Vec<Setting> {
        let mut reader = Reader::empty();
        Self::read(&mut reader);
        reader.into_settings()
    }

    fn read(reader: &mut Reader) -> Self {
        Self {
            http: HttpConfig::read(reader),
            storage: StorageConfig::read(reader),
            auth: AuthConfig::read(reader),
            voter: VoterConfig::read(reader),
            outbox: OutboxConfig::read(reader),
            ledger: LedgerConfig::read(reader),
            log: LogConfig::read(reader),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn the_operating_instructions_list_every_setting() {
        let text = include_str!("../../docs/OPERATIONS.md");
        let rows = text.lines().filter(|line| line.starts_with("| `"));
        let listed: Vec<&str> = rows
            .skip_while(|row| !row.starts_with("| `http.bind`"))
            .take(Config::reference().len())
            .collect();
        let row = |setting: super::Setting| {
            let default = match (setting.name, setting.default.as_str()) {
                ("http.workers", _) => "number of cores".to_owned(),
                (_, "") => String::new(),
                (_, default) => format!("`{default}`"),
            };
            format!("| `{}` | {default} | {} |", setting.name, setting.help)
        };
        let expected: Vec<String> = Config::reference().into_iter().map(row).collect();
        assert_eq!(listed.len(), expected.len(), "rows of the table");
        for (listed, expected) in listed.iter().zip(&expected) {
            assert_eq!(listed, expected);
        }
    }
}
