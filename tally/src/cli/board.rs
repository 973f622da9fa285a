//! Arguments that say where the board is and where to post.

use std::path::PathBuf;

use clap::Args;
use rand::rngs::OsRng;
use url::Url;

use super::{Failure, Progress};
use crate::api::Api;
use crate::board::Board;

/// Where the board is, and the key its checkpoints are signed with.
#[derive(Debug, Args)]
pub struct BoardArgs {
    /// The board: its URL (https://HOST/board/TENANT/ELECTION/) or a folder with a copy of the record
    #[arg(long, value_name = "URL|FOLDER", env = "HANPYO_BOARD")]
    pub board: String,
    /// The log's verifier key (origin+id+key), taken from the official announcement, not from the board
    #[arg(long, value_name = "VKEY", env = "HANPYO_VKEY")]
    pub vkey: String,
}

/// A board as named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardPlace {
    /// Over HTTP; the URL ends with a slash.
    Url(Url),
    /// A folder.
    Folder(PathBuf),
}

impl BoardArgs {
    /// URL or folder.
    ///
    /// # Errors
    /// A malformed URL, another scheme than http(s), or a folder that is not there.
    pub fn place(&self) -> Result<BoardPlace, Failure> {
        if self.board.contains("://") {
            return http_url(&self.board).map(BoardPlace::Url);
        }
        let folder = PathBuf::from(&self.board);
        if folder.is_dir() {
            Ok(BoardPlace::Folder(folder))
        } else {
            Err(Failure::input(format!(
                "{}: no such folder (a board on the web starts with https://)",
                self.board
            )))
        }
    }
}

impl BoardArgs {
    /// The board, of which nothing is read yet.
    ///
    /// # Errors
    /// As [`BoardArgs::place`], or a malformed verifier key.
    pub fn open(&self) -> Result<Board, Failure> {
        Board::new(&self.place()?, &self.vkey, &mut OsRng).map_err(Failure::input)
    }
}

/// Reads all of a board for the first time, with a progress bar.
///
/// # Errors
/// The board cannot be read or relied on.
pub fn read_all(board: &mut Board) -> Result<(), Failure> {
    let mut bar = Progress::start("entries verified", 0);
    let read = board.refresh(&mut |done, total| bar.set_of(done, total));
    read.map_err(Failure::refused)?;
    bar.finish();
    Ok(())
}

/// Where signed entries are sent.
#[derive(Debug, Args)]
pub struct PostArgs {
    /// The election's API, if it is not where the board's URL says
    /// (https://HOST/api/v1/tenants/TENANT/elections/ELECTION)
    #[arg(long, value_name = "URL", env = "HANPYO_API")]
    pub api: Option<String>,
}

impl PostArgs {
    /// The client for posting.
    ///
    /// # Errors
    /// No API is named and the board is a folder or its URL has another shape.
    pub fn client(&self, board: &BoardArgs) -> Result<Api, Failure> {
        let url = match &self.api {
            Some(api) => http_url(api)?,
            None => match board.place()? {
                BoardPlace::Url(url) => api_of_board(&url).ok_or_else(|| {
                    Failure::input(format!(
                        "{url} does not end in /board/TENANT/ELECTION/; name the API with --api URL"
                    ))
                })?,
                BoardPlace::Folder(_) => {
                    return Err(Failure::input(
                        "the board is a folder; name the API to post to with --api URL",
                    ));
                }
            },
        };
        Ok(Api::new(url))
    }
}

fn http_url(text: &str) -> Result<Url, Failure> {
    let mut url = Url::parse(text).map_err(|error| Failure::input(format!("{text}: {error}")))?;
    if !matches!(url.scheme(), "http" | "https")
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(Failure::input(format!(
            "{text}: not a plain http or https address"
        )));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// `PREFIX/board/T/E/` becomes `PREFIX/api/v1/tenants/T/elections/E/`.
fn api_of_board(board: &Url) -> Option<Url> {
    let (rest, election) = board.path().trim_end_matches('/').rsplit_once('/')?;
    let (rest, tenant) = rest.rsplit_once('/')?;
    let prefix = rest.strip_suffix("/board")?;
    let path = format!("{prefix}/api/v1/tenants/{tenant}/elections/{election}/");
    let mut url = board.clone();
    url.set_path(&path);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(text: &str) -> BoardArgs {
        BoardArgs {
            board: text.to_owned(),
            vkey: String::new(),
        }
    }

    #[test]
    fn the_api_follows_from_the_board() {
        let api = |text: &str| api_of_board(&http_url(text).unwrap()).map(|url| url.to_string());
        assert_eq!(
            api("http://127.0.0.1:8080/board/seoul/lunch").unwrap(),
            "http://127.0.0.1:8080/api/v1/tenants/seoul/elections/lunch/"
        );
        assert_eq!(
            api("https://vote.example/hanpyo/board/t/e/").unwrap(),
            "https://vote.example/hanpyo/api/v1/tenants/t/elections/e/"
        );
        assert_eq!(api("https://mirror.example/t/e/"), None);
    }

    #[test]
    fn places_that_are_none_are_named() {
        for wrong in [
            "ftp://host/board/t/e/",
            "http://",
            "https://host/board/t/e/?x=1",
            "/no/such/folder",
        ] {
            let failure = board(wrong).place().unwrap_err();
            assert!(matches!(failure, Failure::Input(_)), "{wrong}");
        }
        assert!(
            PostArgs { api: None }
                .client(&board("https://mirror.example/t/e/"))
                .is_err()
        );
    }
}
