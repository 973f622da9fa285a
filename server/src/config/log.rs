//! Log format and filter.

use serde::{Deserialize, Serialize};

use super::Reader;

/// How the server logs, on standard error.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Lines for people or for machines.
    pub format: LogFormat,
    /// Filter in the notation of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Message first, then fields.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        let format = r.get("log.format", LogFormat::Text, "\"text\" or \"json\"");
        let name = "log.filter";
        let filter = r.get(
            name,
            "info".to_owned(),
            "what to log, for example \"info,hanpyo_server=debug\"",
        );
        if let Err(error) = filter.parse::<tracing_subscriber::EnvFilter>() {
            r.problem(name, error.to_string());
        }
        Self { format, filter }
    }
}
