//! Settings of the framework's extractors: strict sizes, and problems instead of plain texts.

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::http::StatusCode;
use actix_web::web::{JsonConfig, PathConfig, QueryConfig};

use super::Problem;

/// JSON bodies of at most `limit` bytes.
#[must_use]
pub fn json_config(limit: usize) -> JsonConfig {
    JsonConfig::default()
        .limit(limit)
        .error_handler(move |error, _| json_problem(&error, limit).into())
}

/// Path parameters.
#[must_use]
pub fn path_config() -> PathConfig {
    // A path that does not parse names nothing.
    PathConfig::default().error_handler(|_: PathError, _| Problem::not_found().into())
}

/// Query parameters.
#[must_use]
pub fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _| match error {
        QueryPayloadError::Deserialize(error) => Problem::bad_request()
            .detail(format!("query: {error}"))
            .into(),
        _ => Problem::bad_request().into(),
    })
}

fn json_problem(error: &JsonPayloadError, limit: usize) -> Problem {
    match error {
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            Problem::too_large(u64::try_from(limit).unwrap_or(u64::MAX))
        }
        JsonPayloadError::ContentType => Problem::for_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .detail("expected application/json"),
        // serde's message names the field and quotes at most a scalar the client itself sent.
        JsonPayloadError::Deserialize(error) => {
            Problem::bad_request().detail(format!("body: {error}"))
        }
        _ => Problem::bad_request().detail("the body could not be read"),
    }
}
