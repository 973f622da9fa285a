//! The web pages: everything that is neither API nor board (addresses in web/README.md).

use std::sync::Arc;

use actix_web::http::header::{ACCEPT_ENCODING, HeaderName, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::HEXLOWER;
use hanpyo_web_assets::{Answer, PageError, PageRequest, Status};

use crate::problem::Problem;
use crate::state::AppState;

/// Answers what no other route takes.
///
/// # Errors
/// 404 where there is no page, and 503 while there are none at all.
pub(crate) async fn serve(
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::not_found());
    }
    let header = |name| Some(request.headers().get(name)?.to_str().ok()?.to_owned());
    let path = request.path().to_owned();
    let accept_encoding = header(ACCEPT_ENCODING);
    let if_none_match = header(IF_NONE_MATCH);
    let https = state.config.http.public_url.scheme() == "https";
    let pages = Arc::clone(&state.pages);
    let find = move || {
        let request = PageRequest {
            path: &path,
            accept_encoding: accept_encoding.as_deref(),
            if_none_match: if_none_match.as_deref(),
            https,
        };
        Answer::find(&pages, &request)
    };
    // Only files of a folder make anyone wait.
    let found = if state.pages.is_folder() {
        tokio::task::spawn_blocking(find)
            .await
            .map_err(|e| Problem::internal(&e))?
    } else {
        find()
    };
    match found {
        Ok(Some(answer)) => Ok(respond(answer)),
        Ok(None) => Err(Problem::not_found()),
        Err(PageError::NotBuilt) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "pages-not-built",
            "This server was built without its web pages.",
        )
        .detail(PageError::NotBuilt.to_string())),
        Err(error @ PageError::File { .. }) => Err(Problem::internal(&error)),
    }
}

/// Hash of the asset manifest of the pages served now, in hex; `None` if there are none.
///
/// # Errors
/// The pages cannot be read.
pub(crate) async fn served(state: &AppState) -> Result<Option<String>, Problem> {
    let pages = Arc::clone(&state.pages);
    let hash = move || match pages.manifest() {
        Ok(manifest) => Ok(Some(HEXLOWER.encode(&manifest.hash()))),
        Err(PageError::NotBuilt) => Ok(None),
        Err(error) => Err(Problem::internal(&error)),
    };
    tokio::task::spawn_blocking(hash)
        .await
        .map_err(|e| Problem::internal(&e))?
}

fn respond(answer: Answer) -> HttpResponse {
    let status = match answer.status {
        Status::Ok => StatusCode::OK,
        Status::NotModified => StatusCode::NOT_MODIFIED,
    };
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers {
        response.insert_header((HeaderName::from_static(name), value.into_owned()));
    }
    match answer.body {
        std::borrow::Cow::Borrowed(bytes) => response.body(bytes),
        std::borrow::Cow::Owned(bytes) => response.body(bytes),
    }
}
