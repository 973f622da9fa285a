//! Errors over HTTP: one envelope, RFC 9457 `application/problem+json`.
//!
//! Handlers return [`Problem`]. The [`envelope()`] middleware is the only place that writes one: it
//! adds the request's id, logs what is internal once, and turns every other error of the
//! framework (no such route, wrong method, body too large) into the same form.

mod envelope;
mod extract;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

pub use envelope::envelope;
pub use extract::{json_config, path_config, query_config};

use crate::cast::Waiting;
use crate::clock::{Millis, SECOND};
use crate::db::DbError;
use crate::roll::Report;

/// Media type of every error body.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as the client sees it, and what only the log may see.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    report: Option<Report>,
    findings: Vec<FindingBody>,
    waiting: Option<WaitingBody>,
    headers: Vec<(HeaderName, HeaderValue)>,
    internal: Option<String>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Name of the field, dotted for inner ones.
    #[schema(example = "schedule.opens_at")]
    pub field: String,
    /// What was expected and found.
    pub reason: String,
}

/// What the record checker found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingBody {
    /// Number of the check that failed.
    #[schema(example = 5)]
    pub check: u8,
    /// What was looked at.
    pub what: String,
    /// What it should have been.
    pub expected: String,
    /// What it was.
    pub found: String,
}

/// A place in the waiting room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitingBody {
    /// Requests that are expected to be served before this one.
    #[schema(example = 4096)]
    pub ahead: u64,
    /// Send the same again after so many seconds, as `Retry-After` says too.
    #[schema(example = 3)]
    pub seconds: u64,
}

/// The body of an error, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody<'a> {
    /// `urn:hanpyo:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:hanpyo:problem:not-found")]
    pub kind: String,
    /// One sentence, the same for every problem of this type.
    pub title: &'a str,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// Stable name of the type, for programs.
    #[schema(example = "not-found")]
    pub code: &'a str,
    /// What is special about this occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// The request, as in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "urn:uuid:7b0a0d0e-4e1c-4d3c-9f43-0c6c4a3f5d0e")]
    pub instance: Option<String>,
    /// Every field that was refused.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub errors: &'a [FieldError],
    /// What is wrong with an uploaded file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<&'a Report>,
    /// Every check of the record that failed.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub findings: &'a [FindingBody],
    /// Where the request stands, if too many came at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingBody>,
}

impl Problem {
    /// A problem with a code of its own.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title,
            detail: None,
            errors: Vec::new(),
            report: None,
            findings: Vec::new(),
            waiting: None,
            headers: Vec::new(),
            internal: None,
        }))
    }

    /// 400: the request is malformed.
    #[must_use]
    pub fn bad_request() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request is malformed.",
        )
    }

    /// 401: no valid credentials.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Valid credentials are needed.",
        )
        .header(
            actix_web::http::header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"hanpyo\""),
        )
    }

    /// 403: known, but not allowed.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Your roles do not allow this.",
        )
    }

    /// 403: nothing else is allowed before.
    #[must_use]
    pub fn password_change_required() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "password-change-required",
            "Somebody else has chosen or seen this password: change it first (POST /api/v1/auth/password).",
        )
    }

    /// 422: who asks is known, but mistyped their present password. Not a 401, which says that the
    /// session is over: clients would renew it and send the same guess again.
    #[must_use]
    pub fn wrong_password() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong-password",
            "The present password is wrong.",
        )
    }

    /// 404: no such thing, or not yours: the two look the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such thing here.",
        )
    }

    /// 409: the thing is in a state that does not allow this.
    #[must_use]
    pub fn conflict(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }

    /// 413: a body over its limit, in bytes.
    #[must_use]
    pub fn too_large(limit: u64) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large.",
        )
        .detail(format!("at most {limit} bytes"))
    }

    /// 422: fields that were understood but refused.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "Some fields are not valid.",
        );
        problem.0.errors = errors;
        problem
    }

    /// 422: an uploaded file with problems, none of it taken.
    #[must_use]
    pub fn invalid_file(report: Report) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-file",
            "The file has problems; nothing of it was taken.",
        );
        problem.0.report = Some(report);
        problem
    }

    /// 429 with the time to wait, in milliseconds.
    #[must_use]
    pub fn wait(wait: Millis) -> Self {
        let seconds = u64::try_from(wait / SECOND).unwrap_or(0).saturating_add(1);
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many requests; wait a little.",
        )
        .retry_after(seconds)
    }

    /// 503: overloaded for the moment, with the seconds to wait.
    #[must_use]
    pub fn busy(retry_after_seconds: u64) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "The server is busy; try again in a moment.",
        )
        .retry_after(retry_after_seconds)
    }

    /// 503 with a place in the waiting room.
    #[must_use]
    pub fn waiting(Waiting { ahead, seconds }: Waiting) -> Self {
        let mut problem = Self::busy(seconds);
        problem.0.waiting = Some(WaitingBody { ahead, seconds });
        problem
    }

    /// 500. `error` and its sources go to the log, never to the client.
    #[must_use]
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            source = inner.source();
        }
        Self::internal_text(text)
    }

    /// 500 with a text for the log.
    #[must_use]
    pub fn internal_text(text: impl Into<String>) -> Self {
        Self::for_status(StatusCode::INTERNAL_SERVER_ERROR).with_internal(text)
    }

    /// The problem of an error that carries nothing but its status.
    #[must_use]
    pub fn for_status(status: StatusCode) -> Self {
        match status {
            StatusCode::BAD_REQUEST => Self::bad_request(),
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "method-not-allowed",
                "This resource has no such method.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "too-large", "The body is too large.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(
                status,
                "unsupported-media-type",
                "This media type is not taken here.",
            ),
            StatusCode::SERVICE_UNAVAILABLE => Self::busy(1),
            status if status.is_server_error() => Self::new(
                status,
                "internal",
                "The server failed; the operator finds why in its log.",
            ),
            status => Self::new(status, "refused", "The request was refused."),
        }
    }

    /// Adds what is special about this occurrence. It is sent: nothing internal, nothing personal.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The status it is sent with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Adds what the record checker found.
    #[must_use]
    pub(crate) fn with_findings(mut self, findings: Vec<FindingBody>) -> Self {
        self.0.findings = findings;
        self
    }

    pub(crate) fn with_internal(mut self, text: impl Into<String>) -> Self {
        self.0.internal = Some(text.into());
        self
    }

    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        self.header(
            actix_web::http::header::RETRY_AFTER,
            HeaderValue::from(seconds.max(1)),
        )
    }

    fn body(&self, instance: Option<String>) -> ProblemBody<'_> {
        ProblemBody {
            kind: format!("urn:hanpyo:problem:{}", self.0.code),
            title: self.0.title,
            status: self.0.status.as_u16(),
            code: self.0.code,
            detail: self.0.detail.as_deref(),
            instance,
            errors: &self.0.errors,
            report: self.0.report.as_ref(),
            findings: &self.0.findings,
            waiting: self.0.waiting,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// Leaves the problem for [`envelope()`], which writes it.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.0.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::busy(1),
            // A writer that lost its disk refuses for the moment; reads go on.
            DbError::Commit(_) => Self::busy(5).with_internal(error.to_string()),
            error => Self::internal(&error),
        }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        DbError::Query(error).into()
    }
}

/// Collects what is wrong with the fields of one request.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Notes a problem with `field` unless `holds`.
    pub fn check(&mut self, field: &str, holds: bool, reason: impl Into<String>) {
        if !holds {
            self.add(field, reason);
        }
    }

    /// Notes a problem with `field`.
    pub fn add(&mut self, field: &str, reason: impl Into<String>) {
        self.0.push(FieldError {
            field: field.to_owned(),
            reason: reason.into(),
        });
    }

    /// Checks that `text` has 1 to `max` characters and no control characters.
    pub fn check_text(&mut self, field: &str, text: &str, max: usize) {
        let length = text.chars().count();
        let plain = !text.chars().any(char::is_control);
        let holds = (1..=max).contains(&length) && plain && text.trim() == text;
        self.check(
            field,
            holds,
            format!("expected 1 to {max} characters without control characters or outer spaces"),
        );
    }

    /// Ends the check.
    ///
    /// # Errors
    /// A 422 with every problem noted.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.0))
        }
    }
}
