//! Where a record is.

use std::path::Path;

use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::source::{SourceError, TileSource};

/// Requests under way at once to a web server: most of the time goes by on the way there and back.
const REQUESTS: usize = 8;

/// A public record as files: in a folder or on a web server. Nothing in it is trusted.
#[derive(Clone, Debug)]
pub enum Board {
    /// In a folder.
    Folder(FolderSource),
    /// Below an `http` or `https` URL.
    Http(HttpSource),
}

impl Board {
    /// A URL if it starts with `http://` or `https://`, a folder otherwise.
    #[must_use]
    pub fn new(place: &str) -> Self {
        if place.starts_with("http://") || place.starts_with("https://") {
            Self::Http(HttpSource::new(place, HttpConfig::default()))
        } else {
            Self::Folder(FolderSource::new(Path::new(place)))
        }
    }

    /// How many files are best read at the same time.
    #[must_use]
    pub const fn parallel_reads(&self) -> usize {
        match self {
            Self::Folder(_) => 1,
            Self::Http(_) => REQUESTS,
        }
    }
}

impl TileSource for Board {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        match self {
            Self::Folder(folder) => folder.fetch(path, limit),
            Self::Http(server) => server.fetch(path, limit),
        }
    }
}
