//! Reading a record from a web server (feature `http`).

use std::time::Duration;

use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, RETRY_AFTER};

use super::source::{SourceError, TileSource};

/// How patiently to read. The defaults suit a public board over the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpConfig {
    /// Time to connect, TLS included. Default 10 s.
    pub connect_timeout: Duration,
    /// Time for one request from start to last byte. Default 60 s.
    pub request_timeout: Duration,
    /// Attempts in all, for answers 429 and 5xx and for broken connections. Default 5.
    pub attempts: u32,
    /// Wait before the second attempt; doubles each time. Default 250 ms.
    pub first_wait: Duration,
    /// Longest wait between attempts, also when the server asks for more. Default 10 s.
    pub longest_wait: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            attempts: 5,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(10),
        }
    }
}

/// A record below a URL prefix. Keeps connections open between requests.
#[derive(Clone, Debug)]
pub struct HttpSource {
    agent: Agent,
    prefix: String,
    config: HttpConfig,
}

/// Why an answer is no use.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// A status other than 200 and 404.
    #[error("{url} answered {status}")]
    Status {
        /// URL asked for.
        url: String,
        /// Status answered.
        status: u16,
    },
    /// A compressed answer although none was asked for.
    #[error("{url} answered with content encoding {found:?}, expected none")]
    Encoding {
        /// URL asked for.
        url: String,
        /// The header's value.
        found: String,
    },
    /// The connection could not be made or broke.
    #[error("{url}: {reason}")]
    Transport {
        /// URL asked for.
        url: String,
        /// What went wrong.
        reason: Box<ureq::Error>,
    },
}

/// One attempt's outcome.
enum Attempt {
    Done(Result<Vec<u8>, SourceError>),
    /// Worth another attempt, after the wait that the server asked for, if any.
    Again(HttpError, Option<Duration>),
}

impl HttpSource {
    /// A record below `prefix`, an `http` or `https` URL; a final slash makes no difference.
    #[must_use]
    pub fn new(prefix: &str, config: HttpConfig) -> Self {
        let agent = Agent::config_builder()
            .timeout_connect(Some(config.connect_timeout))
            .timeout_global(Some(config.request_timeout))
            .http_status_as_error(false)
            .max_redirects(3)
            .user_agent(concat!("hanpyo/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self {
            agent,
            prefix: prefix.trim_end_matches('/').to_owned(),
            config,
        }
    }

    /// The URL prefix, without a final slash.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn attempt(&self, path: &str, limit: usize) -> Attempt {
        let url = format!("{}/{path}", self.prefix);
        let response = self
            .agent
            .get(&url)
            .header(ACCEPT_ENCODING, "identity")
            .call();
        let mut response = match response {
            Ok(response) => response,
            Err(error) => return transport(path, url, error),
        };
        let status = response.status();
        // Stores of objects answer 403 for one that is not there, to who may not list them.
        if matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN
        ) {
            let path = path.to_owned();
            return Attempt::Done(Err(SourceError::NotFound { path }));
        }
        if status != StatusCode::OK {
            let error = HttpError::Status {
                url,
                status: status.as_u16(),
            };
            if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
                let asked = response.headers().get(RETRY_AFTER);
                let asked = asked.and_then(|value| value.to_str().ok()?.parse().ok());
                return Attempt::Again(error, asked.map(Duration::from_secs));
            }
            return Attempt::Done(Err(failed(path, error)));
        }
        if let Some(encoding) = response.headers().get(CONTENT_ENCODING)
            && encoding != "identity"
        {
            let found = String::from_utf8_lossy(encoding.as_bytes()).into_owned();
            return Attempt::Done(Err(failed(path, HttpError::Encoding { url, found })));
        }
        // One byte more than allowed is asked for, to tell a file at the limit from one over it.
        let allowed = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match response
            .body_mut()
            .with_config()
            .limit(allowed)
            .read_to_vec()
        {
            Ok(bytes) if bytes.len() <= limit => Attempt::Done(Ok(bytes)),
            Ok(_) | Err(ureq::Error::BodyExceedsLimit(_)) => {
                let path = path.to_owned();
                Attempt::Done(Err(SourceError::TooLarge { path, limit }))
            }
            Err(error) => transport(path, url, error),
        }
    }
}

/// Errors of the connection may pass; errors in the request itself do not.
fn transport(path: &str, url: String, error: ureq::Error) -> Attempt {
    let passing = matches!(
        error,
        ureq::Error::Io(_)
            | ureq::Error::Timeout(_)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::Protocol(_)
    );
    let error = HttpError::Transport {
        url,
        reason: Box::new(error),
    };
    if passing {
        Attempt::Again(error, None)
    } else {
        Attempt::Done(Err(failed(path, error)))
    }
}

fn failed(path: &str, error: HttpError) -> SourceError {
    SourceError::Failed {
        path: path.to_owned(),
        reason: Box::new(error),
    }
}

impl TileSource for HttpSource {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let mut wait = self.config.first_wait;
        let mut left = self.config.attempts;
        loop {
            left = left.saturating_sub(1);
            match self.attempt(path, limit) {
                Attempt::Done(result) => return result,
                Attempt::Again(error, _) if left == 0 => return Err(failed(path, error)),
                Attempt::Again(_, asked) => {
                    let pause = asked.unwrap_or(wait).min(self.config.longest_wait);
                    std::thread::sleep(pause);
                    wait = wait.saturating_mul(2);
                }
            }
        }
    }
}
