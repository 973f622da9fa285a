//! The board: the published files of every log, below `/board/<tenant>/<election>/`.
//!
//! Files are served as they lie in the data folder; a web server or a cache in front may do the
//! same. Hash tiles and the checkpoint are always public. Entries of an election under accredited
//! disclosure, and the tiles of their hashes, are for staff with the right to read elections.

use std::io::ErrorKind;

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{self, Data, Path, ServiceConfig, get};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use hanpyo_ledger::log::checkpoint::CHECKPOINT_PATH;
use hanpyo_ledger::log::store::is_valid_path;
use hanpyo_ledger::manifest::Disclosure;
use serde::Deserialize;

use crate::auth::{Actor, Permission};
use crate::problem::Problem;
use crate::sequencer::Ledger;
use crate::state::AppState;

/// Tiles never change.
const IMMUTABLE: &str = "public, max-age=604800, immutable";
/// Tiles that not everyone may see.
const PRIVATE: &str = "private, max-age=604800, immutable";

/// Registers the board.
pub fn routes(service: &mut ServiceConfig) {
    service.service(web::resource("/board/{tenant}/{election}/{file:.*}").route(get().to(serve)));
}

/// `/board/{tenant}/{election}/{file}`
#[derive(Debug, Deserialize)]
struct BoardPath {
    tenant: String,
    election: String,
    file: String,
}

/// What a file of the board is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Checkpoint,
    VerifierKey,
    Tile,
}

fn kind(file: &str) -> Option<FileKind> {
    match file {
        CHECKPOINT_PATH => Some(FileKind::Checkpoint),
        "vkey" => Some(FileKind::VerifierKey),
        tile if tile.starts_with("tile/") && is_valid_path(tile) => Some(FileKind::Tile),
        _ => None,
    }
}

async fn serve(
    state: Data<AppState>,
    path: Path<BoardPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ledger = state
        .ledgers
        .find(&path.tenant, &path.election)
        .ok_or_else(Problem::not_found)?;
    let kind = kind(&path.file).ok_or_else(Problem::not_found)?;
    let restricted = ledger.manifest().manifest().disclosure == Disclosure::Accredited
        && path.file.starts_with("tile/entries/");
    if restricted {
        require_accreditation(&request, &path.tenant).await?;
    }
    let bytes = read(&ledger, &path.file).await?;
    let (content_type, cache) = match kind {
        FileKind::Checkpoint => ("text/plain; charset=utf-8", "no-store"),
        FileKind::VerifierKey => ("text/plain; charset=utf-8", "public, max-age=3600"),
        FileKind::Tile if restricted => ("application/octet-stream", PRIVATE),
        FileKind::Tile => ("application/octet-stream", IMMUTABLE),
    };
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, HeaderValue::from_static(cache)))
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
        .insert_header((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .body(bytes))
}

async fn require_accreditation(request: &HttpRequest, tenant: &str) -> Result<(), Problem> {
    let accredited = match Actor::extract(request).await {
        Ok(actor) => actor.authorize(tenant, Permission::ReadElections).is_ok(),
        Err(_) => false,
    };
    if accredited {
        Ok(())
    } else {
        Err(Problem::forbidden().detail("only accredited observers may read these entries"))
    }
}

async fn read(ledger: &Ledger, file: &str) -> Result<Vec<u8>, Problem> {
    match tokio::fs::read(ledger.folder.join(file)).await {
        Ok(bytes) => Ok(bytes),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory
            ) =>
        {
            Err(Problem::not_found())
        }
        Err(error) => Err(Problem::internal(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_of_a_log_are_served() {
        assert_eq!(kind("checkpoint"), Some(FileKind::Checkpoint));
        assert_eq!(kind("vkey"), Some(FileKind::VerifierKey));
        for tile in ["tile/0/000", "tile/entries/x001/234.p/7"] {
            assert_eq!(kind(tile), Some(FileKind::Tile), "{tile}");
        }
        for other in [
            "",
            "tile",
            ".tmp/1",
            "tile/../checkpoint",
            "tile//0",
            "tile/.tmp/1",
            "../city/meals/checkpoint",
            "Checkpoint",
        ] {
            assert_eq!(kind(other), None, "{other}");
        }
    }
}
