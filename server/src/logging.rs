//! Logs on standard error: a readable message, then dotted fields.
//!
//! No personal data and no secrets: requests are named by route pattern and request id, not by
//! path, address or query; staff and voters by number.

use std::io::IsTerminal as _;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage as _};
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Starts logging for this process.
///
/// # Errors
/// The filter is malformed, or logging was started already.
pub fn start(config: &LogConfig) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let filter: EnvFilter = config.filter.parse()?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        // Otherwise a log that cannot be written (a full disk) is complained about on the same
        // standard error, in a way that panics.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    }
}

/// One span a request: method, route pattern, id, status.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request
            .extensions()
            .get::<RequestId>()
            .map(ToString::to_string);
        tracing::info_span!(
            "request",
            http.method = %request.method(),
            http.route = request.match_pattern().unwrap_or_default(),
            http.status = tracing::field::Empty,
            request.id = id,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.status", status.as_u16());
        span.in_scope(|| tracing::debug!("request answered"));
    }
}
