//! Writes every error response.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};
use tracing_actix_web::RequestId;

use super::{PROBLEM_JSON, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: gives every response its request id and every error the problem+json form.
///
/// # Errors
/// Those of inner middleware, unchanged.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request.extensions().get::<RequestId>().copied();
    // Handlers and extractors fail with a response here, never with an error.
    let mut response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let known = response.response_mut().extensions_mut().remove::<Problem>();
        let problem = known.unwrap_or_else(|| Problem::for_status(status));
        if let Some(internal) = &problem.0.internal {
            tracing::error!(
                http.status = status.as_u16(),
                problem.code = problem.code(),
                error = %internal,
                "request failed"
            );
        }
        let allow = response
            .headers()
            .get(actix_web::http::header::ALLOW)
            .cloned();
        let mut written = write(&problem, id);
        if let Some(allow) = allow {
            written
                .headers_mut()
                .insert(actix_web::http::header::ALLOW, allow);
        }
        response = response.into_response(written);
    }
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(&id.to_string()).ok()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(response)
}

fn write(problem: &Problem, id: Option<RequestId>) -> HttpResponse {
    let body = problem.body(id.map(|id| format!("urn:uuid:{id}")));
    let mut response = HttpResponse::build(problem.status()).json(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in &problem.0.headers {
        headers.insert(name.clone(), value.clone());
    }
    response
}
