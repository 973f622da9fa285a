//! Where messages to voters go.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Reader;

/// The adapter that takes messages.
#[derive(Debug, Clone)]
pub enum OutboxConfig {
    /// One file a message in a folder, from which another program sends them.
    Files {
        /// The folder; `None` is `outbox` in the data folder.
        dir: Option<PathBuf>,
    },
    /// Sent by SMTP.
    Smtp(SmtpConfig),
}

/// A mail server that relays for us.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: SmtpEncryption,
    /// Sender, for example `Hanpyo <vote@example.org>`.
    pub from: String,
    /// Log-in name; none if the relay asks for none.
    pub user: Option<String>,
    /// File with the password, so that it stands in no environment and no process list.
    pub password_file: Option<PathBuf>,
    /// Messages that may wait.
    pub queue: usize,
    /// Connections at the same time.
    pub connections: u32,
    /// Tries for one message.
    pub attempts: u32,
}

/// Protection of an SMTP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpEncryption {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, required.
    Starttls,
    /// None: for a relay on the same machine only.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Smtp,
}

impl OutboxConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        let kind = r.get(
            "outbox.kind",
            Kind::File,
            "who takes messages to voters: \"file\" or \"smtp\"",
        );
        let dir = r.optional(
            "outbox.dir",
            "folder of the file outbox; default: outbox in the data folder",
        );
        let smtp = SmtpConfig::read(r, kind == Kind::Smtp);
        match kind {
            Kind::File => Self::Files { dir },
            Kind::Smtp => Self::Smtp(smtp),
        }
    }
}

impl SmtpConfig {
    fn read(r: &mut Reader, used: bool) -> Self {
        let host: Option<String> = r.optional("outbox.smtp.host", "mail server's host name");
        let from: Option<String> = r.optional("outbox.smtp.from", "sender, as `Name <mail@host>`");
        if used {
            for (name, value) in [("outbox.smtp.host", &host), ("outbox.smtp.from", &from)] {
                r.check(name, value.as_ref().is_some_and(|v| !v.is_empty()), || {
                    "needed when outbox.kind is \"smtp\"".to_owned()
                });
            }
        }
        let config = Self {
            host: host.unwrap_or_default(),
            from: from.unwrap_or_default(),
            port: r.number("outbox.smtp.port", 465, 1..=65_535, "mail server's port"),
            encryption: r.get(
                "outbox.smtp.encryption",
                SmtpEncryption::Tls,
                "\"tls\", \"starttls\" or \"none\" (a relay on the same machine only)",
            ),
            user: r.optional("outbox.smtp.user", "log-in name at the mail server"),
            password_file: r.optional("outbox.smtp.password_file", "file with the log-in password"),
            queue: r.number(
                "outbox.smtp.queue",
                50_000,
                16..=10_000_000,
                "messages that may wait",
            ),
            connections: r.number(
                "outbox.smtp.connections",
                8,
                1..=256,
                "connections at the same time",
            ),
            attempts: r.number("outbox.smtp.attempts", 4, 1..=20, "tries for one message"),
        };
        r.check(
            "outbox.smtp.password_file",
            config.user.is_some() == config.password_file.is_some(),
            || "outbox.smtp.user and outbox.smtp.password_file go together".to_owned(),
        );
        config
    }
}
