//! Uploads go to an unnamed file first: memory stays small, a slow client holds no lock, and the
//! file is gone with the process whatever happens.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, error::PayloadError};
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::problem::Problem;
use crate::roll::{self, Report};
use crate::state::AppState;

/// How long a client may pause within an upload.
const PAUSE: Duration = Duration::from_secs(60);

/// Media type of .xlsx.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Takes a table of at most `http.upload_bytes`, as CSV or .xlsx, and gives it as CSV; `Err` of the report if the spreadsheet cannot
/// be read as a table.
pub(super) async fn spool_table(
    state: &AppState,
    request: &HttpRequest,
    body: Payload,
) -> Result<Result<File, Report>, Problem> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim();
    if essence.eq_ignore_ascii_case("text/csv") {
        return Ok(Ok(spool(state, body).await?));
    }
    if !essence.eq_ignore_ascii_case(XLSX) {
        let expected = format!("expected text/csv or {XLSX}");
        return Err(Problem::for_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(expected));
    }
    let workbook = spool(state, body).await?;
    let csv = unnamed_file(state)?;
    let converted = web::block(move || {
        let report = roll::csv_of(rewound(&workbook)?, &csv)?;
        Ok::<_, std::io::Error>(if report.is_clean() {
            Ok(csv)
        } else {
            Err(report)
        })
    });
    let converted = converted.await.map_err(|e| Problem::internal(&e))?;
    converted.map_err(|e| Problem::internal(&e))
}

fn unnamed_file(state: &AppState) -> Result<File, Problem> {
    let dir = state.config.storage.spool_dir();
    tempfile::tempfile_in(dir).map_err(|e| Problem::internal(&e))
}

async fn spool(state: &AppState, mut body: Payload) -> Result<File, Problem> {
    let limit = state.config.http.upload_bytes;
    let mut file = tokio::fs::File::from_std(unnamed_file(state)?);
    let mut length: u64 = 0;
    loop {
        let chunk = match tokio::time::timeout(PAUSE, body.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(error))) => return Err(interrupted(&error)),
            Err(_) => return Err(Problem::for_status(StatusCode::REQUEST_TIMEOUT)),
        };
        length = length.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if length > limit {
            return Err(Problem::too_large(limit));
        }
        file.write_all(&chunk)
            .await
            .map_err(|e| Problem::internal(&e))?;
    }
    file.flush().await.map_err(|e| Problem::internal(&e))?;
    Ok(file.into_std().await)
}

/// The file from its beginning, once more.
pub(super) fn rewound(mut file: &File) -> std::io::Result<&File> {
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn interrupted(error: &PayloadError) -> Problem {
    tracing::debug!(error = %error, "upload interrupted");
    Problem::bad_request().detail("the upload was interrupted")
}
