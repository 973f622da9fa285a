//! The server's public API as a voter uses it.

use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::Deserialize;

/// How long a server may be away or busy before a voter gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How long a connection waits for the next request. Servers end idle ones, ours after 5 seconds: a request that is sent just
/// then is lost without an answer.
const POOL_IDLE: Duration = Duration::from_secs(2);

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
            .pool_idle_timeout(POOL_IDLE)
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
        send(WHAT, &request).await.map(|_| ())
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
        let response = send(WHAT, &request).await?;
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
        bytes(WHAT, send(WHAT, &request).await?).await
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
        send(WHAT, &request).await.map(|_| ())
    }

    /// The receipt of a ballot, waiting up to `wait` for it; none while it is pending.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn receipt(&self, code: &str, wait: Duration) -> Result<Option<Vec<u8>>, ApiError> {
        const WHAT: &str = "receipt";
        let url = format!("{}/ballots/{code}?wait={}", self.base, wait.as_secs());
        let response = send(WHAT, &self.http.get(url)).await?;
        if response.status() == StatusCode::ACCEPTED {
            return Ok(None);
        }
        bytes(WHAT, response).await.map(Some)
    }
}

/// Sends a request, and again while the server cannot be reached at all, so that nothing was sent, or asks to wait.
async fn send(what: &'static str, request: &RequestBuilder) -> Result<Response, ApiError> {
    let start = Instant::now();
    loop {
        let attempt = request.try_clone().ok_or_else(|| ApiError::Unexpected {
            what,
            reason: "a request that cannot be repeated".to_owned(),
        })?;
        let pause = match accepted(what, attempt.send().await).await {
            Err(ApiError::Refused {
                retry_after: Some(seconds),
                ..
            }) if start.elapsed() < PATIENCE => Duration::from_secs(seconds.clamp(1, 10)),
            Err(ApiError::Transport { source, .. })
                if source.is_connect() && start.elapsed() < PATIENCE =>
            {
                Duration::from_millis(250)
            }
            settled => return settled,
        };
        tokio::time::sleep(pause).await;
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
