//! Client of the server's HTTP interface for role-signed entries. Nothing it returns is trusted: what counts is
//! read back from the board.
//!
//! A request is repeated only if the server gives the same answer to the same request again: single entries and
//! proposals are recognised by their bytes. A bundle is sent once; after a lost answer the caller looks at the board.

mod problem;
mod retry;

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use url::Url;

pub use problem::Problem;
pub use retry::Retry;

/// Largest body of a bundle the server takes, in bytes.
pub const LARGEST_BUNDLE: usize = 8 << 20;
const LARGEST_ANSWER: u64 = 16 << 20;
const CBOR: &str = "application/cbor";
const OCTETS: &str = "application/octet-stream";

/// Why the server did not do what was asked.
#[derive(Debug, Error)]
pub enum ApiError {
    /// No answer.
    #[error("{url}: {reason}")]
    Unreachable {
        /// The address.
        url: Url,
        /// What the network said.
        reason: String,
    },
    /// The server refuses.
    #[error("{url}: {problem}")]
    Refused {
        /// The address.
        url: Url,
        /// Status and reasons.
        problem: Box<Problem>,
    },
    /// The answer has another shape than agreed.
    #[error("{url}: the server's answer makes no sense: {reason}")]
    Answer {
        /// The address.
        url: Url,
        /// What was expected.
        reason: String,
    },
}

impl ApiError {
    /// The HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { problem, .. } => Some(problem.status),
            _ => None,
        }
    }

    /// Whether the server refuses with this kind of problem, the last part of the problem's type.
    #[must_use]
    pub fn is_kind(&self, kind: &str) -> bool {
        match self {
            Self::Refused { problem, .. } => {
                problem.kind.rsplit(['/', ':', '#']).next() == Some(kind)
            }
            _ => false,
        }
    }

    /// Whether the request may have been carried out although it failed.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Answer { .. } => true,
            Self::Refused { problem, .. } => problem.status >= 500,
        }
    }
}

/// Where a bundle of entries went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct BundlePlace {
    /// Log index of its first entry.
    pub first: u64,
    /// Number of entries.
    pub count: u64,
}

/// A proposal after a signature was added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProposalState {
    /// Hex id.
    pub id: String,
    /// Roles that have not signed.
    pub missing: Vec<String>,
    /// Log index once all have signed.
    pub index: Option<u64>,
}

#[derive(Deserialize)]
struct EntryPlace {
    index: u64,
}

/// The election's API.
pub struct Api {
    agent: ureq::Agent,
    base: Url,
    retry: Retry,
}

impl Api {
    /// A client for `.../api/v1/tenants/TENANT/elections/ELECTION/`.
    #[must_use]
    pub fn new(base: Url) -> Self {
        Self::with_retry(base, Retry::default())
    }

    /// [`Api::new`] with another patience.
    #[must_use]
    pub fn with_retry(base: Url, retry: Retry) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_send_body(Some(Duration::from_secs(120)))
            .timeout_recv_response(Some(Duration::from_secs(120)))
            .timeout_recv_body(Some(Duration::from_secs(120)))
            .user_agent(concat!("hanpyo-tally/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self { agent, base, retry }
    }

    /// Posts one complete signed entry; the same bytes again give the same index. Returns its log index.
    ///
    /// # Errors
    /// [`ApiError`]; repeated while the server is out of reach or busy.
    pub fn post_entry(&self, entry: &[u8]) -> Result<u64, ApiError> {
        let place: EntryPlace = self.retry.run(|| self.post("entries", CBOR, entry))?;
        Ok(place.index)
    }

    /// Posts entries, each preceded by its length in 2 bytes, all or nothing. Never repeated by itself.
    ///
    /// # Errors
    /// [`ApiError`]; see [`ApiError::outcome_unknown`].
    pub fn post_bundle(&self, bundle: &[u8]) -> Result<BundlePlace, ApiError> {
        self.post("entries/bundle", OCTETS, bundle)
    }

    /// Posts `[type, payload, [signature / null ...]]`; signatures are merged by payload.
    ///
    /// # Errors
    /// [`ApiError`]; repeated while the server is out of reach or busy.
    pub fn post_proposal(&self, proposal: &[u8]) -> Result<ProposalState, ApiError> {
        self.retry.run(|| self.post("proposals", CBOR, proposal))
    }

    fn url(&self, path: &str) -> Result<Url, ApiError> {
        self.base.join(path).map_err(|error| ApiError::Answer {
            url: self.base.clone(),
            reason: error.to_string(),
        })
    }

    fn post<Answer: DeserializeOwned>(
        &self,
        path: &str,
        kind: &str,
        body: &[u8],
    ) -> Result<Answer, ApiError> {
        let url = self.url(path)?;
        let bytes = self.answer(
            &url,
            self.agent.post(url.as_str()).content_type(kind).send(body),
        )?;
        parse(&url, &bytes)
    }

    fn answer(
        &self,
        url: &Url,
        response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Vec<u8>, ApiError> {
        let unreachable = |error: ureq::Error| ApiError::Unreachable {
            url: url.clone(),
            reason: error.to_string(),
        };
        let mut response = response.map_err(unreachable)?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let bytes = response
            .body_mut()
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(unreachable)?;
        if (200..300).contains(&status) {
            Ok(bytes)
        } else {
            let problem = Problem::parse(status, &bytes, retry_after);
            Err(ApiError::Refused {
                url: url.clone(),
                problem: Box::new(problem),
            })
        }
    }
}

fn parse<Answer: DeserializeOwned>(url: &Url, bytes: &[u8]) -> Result<Answer, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| ApiError::Answer {
        url: url.clone(),
        reason: error.to_string(),
    })
}
