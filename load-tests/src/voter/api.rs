//! The server's public API as a voter uses it.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;

/// Client of one election.
#[derive(Clone, Debug)]
pub struct ElectionApi {
    http: Client,
    base: String,
}

/// A voter's session.
#[derive(Deserialize)]
pub struct Session {
    /// Bearer token.
    pub token: String,
    /// The credential the voter may use.
    pub credential_index: u32,
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No answer.
    #[error("{what}: no answer: {source}")]
    Transport {
        /// Which request.
        what: &'static str,
        /// Why.
        source: reqwest::Error,
    },
    /// The server refused.
    #[error("{what}: {status}: {title}{detail}")]
    Refused {
        /// Which request.
        what: &'static str,
        /// HTTP status.
        status: StatusCode,
        /// Title of the problem.
        title: String,
        /// Its detail, after ": ".
        detail: String,
        /// Seconds to wait before trying again, if the server says so.
        retry_after: Option<u64>,
    },
    /// An answer that is not what it should be.
    #[error("{what}: unexpected answer: {reason}")]
    Unexpected {
        /// Which request.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

impl ElectionApi {
    /// A client of `server` (scheme and host) for the election `tenant/election`.
    ///
    /// # Errors
    /// [`ApiError::Transport`] if no HTTP client can be made.
    pub fn new(
        server: &str,
        tenant: &str,
        election: &str,
        connections: usize,
    ) -> Result<Self, ApiError> {
        crate::use_tls();
        let http = Client::builder()
            .timeout(Duration::from_secs(40))
            .pool_max_idle_per_host(connections)
            .tcp_nodelay(true)
            .build()
            .map_err(|source| ApiError::Transport {
                what: "set-up",
                source,
            })?;
        let server = server.trim_end_matches('/');
        Ok(Self {
            http,
            base: format!("{server}/api/v1/tenants/{tenant}/elections/{election}"),
        })
    }

    /// Asks for a one-time code.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn identify(&self, voter_id: &str) -> Result<(), ApiError> {
        const WHAT: &str = "identification";
        let request = self
            .http
            .post(format!("{}/voter/identify", self.base))
            .json(&serde_json::json!({ "voter_id": voter_id }));
        accepted(WHAT, request.send().await).await.map(|_| ())
    }

    /// Exchanges the one-time code for a session.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn session(&self, voter_id: &str, otp: &str) -> Result<Session, ApiError> {
        const WHAT: &str = "session";
        let request = self
            .http
            .post(format!("{}/voter/session", self.base))
            .json(&serde_json::json!({ "voter_id": voter_id, "otp": otp }));
        let response = accepted(WHAT, request.send().await).await?;
        response.json().await.map_err(|error| ApiError::Unexpected {
            what: WHAT,
            reason: error.to_string(),
        })
    }

    /// Posts a ballot entry; the answer is the acknowledgement. Safe to repeat: the server knows the body.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn cast(&self, session: &Session, entry: &[u8]) -> Result<Vec<u8>, ApiError> {
        const WHAT: &str = "cast";
        let request = self
            .http
            .post(format!("{}/ballots", self.base))
            .bearer_auth(&session.token)
            .header("content-type", "application/cbor")
            .body(entry.to_vec());
        bytes(WHAT, accepted(WHAT, request.send().await).await?).await
    }

    /// Posts a challenge with its opening.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn challenge(&self, entry: &[u8]) -> Result<(), ApiError> {
        const WHAT: &str = "challenge";
        let request = self
            .http
            .post(format!("{}/challenges", self.base))
            .header("content-type", "application/cbor")
            .body(entry.to_vec());
        accepted(WHAT, request.send().await).await.map(|_| ())
    }

    /// The receipt of a ballot, waiting up to `wait` for it; none while it is pending.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn receipt(&self, code: &str, wait: Duration) -> Result<Option<Vec<u8>>, ApiError> {
        const WHAT: &str = "receipt";
        let url = format!("{}/ballots/{code}?wait={}", self.base, wait.as_secs());
        let response = accepted(WHAT, self.http.get(url).send().await).await?;
        if response.status() == StatusCode::ACCEPTED {
            return Ok(None);
        }
        bytes(WHAT, response).await.map(Some)
    }
}

async fn bytes(what: &'static str, response: Response) -> Result<Vec<u8>, ApiError> {
    let body = response
        .bytes()
        .await
        .map_err(|source| ApiError::Transport { what, source })?;
    Ok(body.to_vec())
}

async fn accepted(
    what: &'static str,
    result: Result<Response, reqwest::Error>,
) -> Result<Response, ApiError> {
    let response = result.map_err(|source| ApiError::Transport { what, source })?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let retry_after = header("retry-after").and_then(|seconds| seconds.parse().ok());
    let problem = response.json::<Problem>().await.unwrap_or(Problem {
        title: String::new(),
        detail: String::new(),
    });
    let detail = if problem.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", problem.detail)
    };
    Err(ApiError::Refused {
        what,
        status,
        title: problem.title,
        detail,
        retry_after,
    })
}
