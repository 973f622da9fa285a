//! Listening, limits and shutdown.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use url::Url;

use super::Reader;

/// How the server meets the network. TLS is ended by the proxy in front of it.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Address and port to listen on; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Address under which clients reach the server, without a trailing slash; the issuer of tokens.
    pub public_url: Url,
    /// Number of threads that serve requests.
    pub workers: usize,
    /// Largest JSON body, in bytes.
    pub json_body_bytes: usize,
    /// Largest uploaded CSV file, in bytes.
    pub upload_bytes: u64,
    /// How long a client may take to send its request's head, in seconds.
    pub request_head_seconds: u64,
    /// How long a client may take to send a request's body, in seconds; longer bodies get a second more for every 64 KiB.
    pub body_seconds: u64,
    /// How long requests under way may take to end after a signal to stop, in seconds.
    pub shutdown_seconds: u64,
    /// Number of proxies in front that append to `X-Forwarded-For`; 0 takes the peer's address.
    pub trusted_proxies: usize,
    /// Folder of web pages served instead of those built in, read anew at every request.
    pub web_dir: Option<PathBuf>,
}

impl HttpConfig {
    pub(super) fn read(r: &mut Reader) -> Self {
        let default_bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let bind = r.get(
            "http.bind",
            default_bind,
            "address and port to listen on; port 0 takes a free one",
        );
        let url_name = "http.public_url";
        let text = r.get(
            url_name,
            "http://localhost:8080".to_owned(),
            "address under which clients reach the server (behind a proxy: the proxy's)",
        );
        let public_url = match Url::parse(text.trim_end_matches('/')) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
            Ok(_) => {
                r.problem(
                    url_name,
                    format!("expected an http or https URL, found {text:?}"),
                );
                fallback_url()
            }
            Err(error) => {
                r.problem(url_name, format!("{error}, found {text:?}"));
                fallback_url()
            }
        };
        let web_dir: Option<PathBuf> = r.optional(
            "http.web_dir",
            "folder of web pages to serve instead of those built in, for work on them",
        );
        if let Some(folder) = &web_dir {
            r.check("http.web_dir", folder.is_dir(), || {
                format!("expected a folder, found none at {}", folder.display())
            });
        }
        Self {
            web_dir,
            bind,
            public_url,
            workers: r.number(
                "http.workers",
                cores,
                1..=1024,
                "threads that serve requests",
            ),
            json_body_bytes: r.number(
                "http.json_body_bytes",
                256 * 1024,
                1024..=16 * 1024 * 1024,
                "largest JSON body, in bytes",
            ),
            upload_bytes: r.number(
                "http.upload_bytes",
                1024 * 1024 * 1024,
                1024..=16 * 1024 * 1024 * 1024,
                "largest uploaded CSV file, in bytes",
            ),
            request_head_seconds: r.number(
                "http.request_head_seconds",
                10,
                1..=120,
                "how long a client may take to send a request's head, in seconds",
            ),
            body_seconds: r.number(
                "http.body_seconds",
                30,
                1..=600,
                "how long a client may take to send a request's body, in seconds, and a second more for every 64 KiB",
            ),
            shutdown_seconds: r.number(
                "http.shutdown_seconds",
                30,
                0..=600,
                "how long requests under way may take to end after a signal to stop, in seconds",
            ),
            trusted_proxies: r.number(
                "http.trusted_proxies",
                0,
                0..=8,
                "proxies in front that append to X-Forwarded-For; 0 takes the peer's address",
            ),
        }
    }

    /// Host of [`Self::public_url`] with its port unless that is the scheme's own: the first part
    /// of every log's origin.
    #[must_use]
    pub fn origin_host(&self) -> String {
        let host = self.public_url.host_str().unwrap_or_default();
        self.public_url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// [`Self::public_url`] as text without a trailing slash.
    #[must_use]
    pub fn public_url_text(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }
}

/// Stands in for a public URL that was reported as a problem; the configuration is refused then.
#[allow(clippy::expect_used)] // a constant, and a test loads the defaults
fn fallback_url() -> Url {
    Url::parse("http://localhost").expect("constant URL")
}
