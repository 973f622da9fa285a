//! Versions as entity tags: a change names the version it was made from.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponseBuilder};

use crate::problem::Problem;

/// The version in the `If-Match` header, which the request must have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(pub(crate) i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let version = match request.headers().get(IF_MATCH) {
            None => Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition-required",
                "The request must say which version it changes.",
            )
            .detail("send the ETag of the last answer as If-Match")),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| {
                    text.trim()
                        .strip_prefix('"')?
                        .strip_suffix('"')?
                        .parse()
                        .ok()
                })
                // Tags that were never given match nothing.
                .map_or_else(|| Err(stale()), |version| Ok(Self(version))),
        };
        ready(version)
    }
}

/// Adds the version as `ETag`.
pub(crate) fn tagged(response: &mut HttpResponseBuilder, version: i64) -> &mut HttpResponseBuilder {
    response.insert_header((ETAG, format!("\"{version}\"")))
}

/// 412: someone else changed it since.
pub(crate) fn stale() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "stale-version",
        "It was changed since; load it again.",
    )
}
