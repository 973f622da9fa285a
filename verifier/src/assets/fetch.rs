//! Files as browsers get them: plain, brotli, gzip.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};

use super::AssetsError;

/// Tries of one request: connections break.
const ATTEMPTS: u32 = 3;
/// A compressed file may be this much longer than the file, at most.
const OVERHEAD: u64 = 4096;

/// How a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Plain,
    Brotli,
    Gzip,
}

impl Wanted {
    const fn accept(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain => Ok(()),
            Self::Brotli | Self::Gzip => write!(f, " ({})", self.accept()),
        }
    }
}

/// What came.
#[derive(Debug)]
pub(super) enum Answer {
    /// The file, decompressed.
    Bytes(Vec<u8>),
    /// More than the announced size.
    TooLong,
    /// Something that no browser would show.
    Spoilt(String),
    /// Not 200.
    Status(u16),
}

pub(super) struct Fetcher(Agent);

impl Fetcher {
    pub(super) fn new() -> Self {
        let agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            // Pages are where they are announced.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("hanpyo/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self(agent)
    }

    /// Asks for a file of at most `size` bytes.
    pub(super) fn get(
        &self,
        url: &str,
        wanted: Wanted,
        size: usize,
    ) -> Result<Answer, AssetsError> {
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            match self.try_get(url, wanted, size) {
                Ok(answer) => return Ok(answer),
                Err(reason) if left == 0 => {
                    return Err(AssetsError::Fetch {
                        url: url.to_owned(),
                        reason: Box::new(reason),
                    });
                }
                Err(_) => std::thread::sleep(Duration::from_millis(250)),
            }
        }
    }

    fn try_get(&self, url: &str, wanted: Wanted, size: usize) -> Result<Answer, ureq::Error> {
        let request = self.0.get(url).header(ACCEPT_ENCODING, wanted.accept());
        let mut response = request.call()?;
        if response.status() != StatusCode::OK {
            return Ok(Answer::Status(response.status().as_u16()));
        }
        let encoding = response.headers().get(CONTENT_ENCODING);
        let encoding = encoding.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        let limit = size.saturating_add(OVERHEAD);
        let sent = response.body_mut().with_config().limit(limit).read_to_vec();
        let sent = match sent {
            Err(ureq::Error::BodyExceedsLimit(_)) => return Ok(Answer::TooLong),
            sent => sent?,
        };
        Ok(match encoding.as_deref() {
            None | Some("identity") => plain(&sent[..], size),
            Some("br") => plain(
                brotli_decompressor::Decompressor::new(&sent[..], 4096),
                size,
            ),
            Some("gzip") => plain(flate2::read::GzDecoder::new(&sent[..]), size),
            Some(other) => Answer::Spoilt(format!("content encoding {other:?}")),
        })
    }
}

/// What a reader gives, if it is not longer than `size`.
fn plain(reader: impl Read, size: u64) -> Answer {
    let mut bytes = Vec::new();
    let read = reader.take(size.saturating_add(1)).read_to_end(&mut bytes);
    match read {
        Err(error) => Answer::Spoilt(error.to_string()),
        Ok(_) if u64::try_from(bytes.len()).is_ok_and(|length| length > size) => Answer::TooLong,
        Ok(_) => Answer::Bytes(bytes),
    }
}
