//! Where published logs are looked at.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::source::{SourceError, TileSource, fetch_checkpoint};

use crate::ids::check_slug;

/// A board, or one log of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The log that is in `place` itself; without it every log is below `place`.
    log: Option<(String, String)>,
    place: String,
}

impl Board {
    /// The board in a folder.
    #[must_use]
    pub fn folder(folder: PathBuf) -> Self {
        Self {
            log: None,
            place: folder.display().to_string(),
        }
    }

    /// Where the log of this tenant and election is, if this board can have it.
    pub(super) fn place_of(&self, tenant: &str, election: &str) -> Option<String> {
        let place = self.place.trim_end_matches('/');
        match &self.log {
            None => Some(format!("{place}/{tenant}/{election}")),
            Some(log) if (log.0.as_str(), log.1.as_str()) == (tenant, election) => {
                Some(place.to_owned())
            }
            Some(_) => None,
        }
    }
}

impl fmt::Display for Board {
    /// As it is given on the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((tenant, election)) = &self.log {
            write!(f, "{tenant}/{election}=")?;
        }
        f.write_str(&self.place)
    }
}

impl FromStr for Board {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let one = text.split_once('=').and_then(|(name, place)| {
            let (tenant, election) = name.split_once('/')?;
            let valid = check_slug(tenant).is_ok() && check_slug(election).is_ok();
            valid.then(|| (tenant.to_owned(), election.to_owned(), place.to_owned()))
        });
        Ok(match one {
            Some((tenant, election, place)) => Self {
                log: Some((tenant, election)),
                place,
            },
            None => Self {
                log: None,
                place: text.to_owned(),
            },
        })
    }
}

/// Reads the log at `place`, a URL or a folder.
pub(super) fn source_at(place: &str) -> Box<dyn TileSource> {
    if place.starts_with("http://") || place.starts_with("https://") {
        Box::new(HttpSource::new(place, HttpConfig::default()))
    } else {
        Box::new(FolderSource::new(place))
    }
}

/// The checkpoint at `place`, a URL or a folder; `None` if there is none.
pub(super) fn checkpoint_at(place: &str) -> Result<Option<Vec<u8>>, SourceError> {
    match fetch_checkpoint(&source_at(place)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(SourceError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_and_single_logs() {
        let board: Board = "https://vote.example/board/".parse().unwrap();
        let place = board.place_of("city", "meals");
        assert_eq!(
            place.as_deref(),
            Some("https://vote.example/board/city/meals")
        );
        let mirror: Board = "city/meals=/srv/mirror".parse().unwrap();
        assert_eq!(
            mirror.place_of("city", "meals").as_deref(),
            Some("/srv/mirror")
        );
        assert_eq!(mirror.place_of("city", "other"), None);
        let odd: Board = "/srv/a=b".parse().unwrap();
        let place = odd.place_of("city", "meals");
        assert_eq!(place.as_deref(), Some("/srv/a=b/city/meals"));
    }
}
