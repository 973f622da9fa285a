//! The voting pages that a server sends, compared with those that the election announced.
//!
//! The election manifest holds the hash of the asset manifest (`/assets.json`), signed amendments
//! replace it. Every file of the asset manifest is fetched as it is and in the compressed variants that
//! browsers get, and every address that people open is compared with its page.
//!
//! A server can send other people other pages. This says what it sends to whoever runs the program,
//! who is best someone the server does not know.

mod expected;
mod fetch;

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use hanpyo_ledger::log::key::VerifierKey;
use hanpyo_web_assets::{AssetManifest, address};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::error::CannotRun;
use crate::lang::Lang;
use crate::text::clean;
use fetch::{Answer, Fetcher, Wanted};

/// The asset manifest of a site is far smaller.
const MAX_MANIFEST: usize = 1 << 20;

/// What the pages are compared with.
#[derive(Clone, Debug)]
pub enum Announced {
    /// A hash from a source that the user trusts.
    Hash([u8; 32]),
    /// What the record of this log says.
    Record {
        /// Key of the log.
        log: Box<VerifierKey>,
        /// Where the record is; below the same server if it is not said.
        board: Option<String>,
    },
}

/// Something that is not as announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Path or address.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Hash of the asset manifest that the election announced last, in hex.
    pub announced: String,
    /// Index of the amendment that announced it; none for the election manifest or a hash given.
    pub amendment: Option<u64>,
    /// Files of the asset manifest.
    pub files: usize,
    /// Files, variants and addresses that were compared.
    pub compared: usize,
    /// What is not as announced.
    pub differences: Vec<Difference>,
}

/// Why pages cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// Not the address of an election's home page.
    #[error("{0} is no address of an election: expected http(s)://<server>/e/<tenant>/<election>/")]
    Address(String),
    /// The election names no pages.
    #[error("the election announced no voting pages")]
    NothingAnnounced,
    /// The record cannot be read, or is not what was signed.
    #[error("record: {0}")]
    Record(String),
    /// The server does not answer.
    #[error("{url}: {reason}")]
    Fetch {
        /// URL asked for.
        url: String,
        /// What went wrong.
        reason: Box<ureq::Error>,
    },
}

/// The address of an election's home page, taken apart.
struct Home {
    /// URL of the server, without a final slash.
    server: String,
    tenant: String,
    election: String,
}

impl Home {
    fn parse(url: &str) -> Result<Self, AssetsError> {
        let refuse = || AssetsError::Address(url.to_owned());
        let http = url.starts_with("http://") || url.starts_with("https://");
        let (server, path) = url.split_once("/e/").filter(|_| http).ok_or_else(refuse)?;
        let mut parts = path.split(['/', '?', '#']).filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            (Some(tenant), Some(election)) => Ok(Self {
                server: server.trim_end_matches('/').to_owned(),
                tenant: tenant.to_owned(),
                election: election.to_owned(),
            }),
            _ => Err(refuse()),
        }
    }
}

/// Compares what a server sends with what the election announced.
///
/// # Errors
/// [`CannotRun`] if nothing can be said about the pages.
pub fn compare(url: &str, announced: &Announced) -> Result<Compared, CannotRun> {
    let home = Home::parse(url)?;
    let (hash, amendment) = match announced {
        Announced::Hash(hash) => (*hash, None),
        Announced::Record { log, board } => {
            let own = || format!("{}/board/{}/{}", home.server, home.tenant, home.election);
            expected::of_record(&board.clone().unwrap_or_else(own), log)?
        }
    };
    let mut compared = Compared {
        announced: HEXLOWER.encode(&hash),
        amendment,
        files: 0,
        compared: 1,
        differences: Vec::new(),
    };
    let fetcher = Fetcher::new();
    let answer = fetcher.get(
        &format!("{}/assets.json", home.server),
        Wanted::Plain,
        MAX_MANIFEST,
    )?;
    let Some(manifest) = manifest(&answer, &hash, &mut compared) else {
        return Ok(compared);
    };
    compared.files = manifest.files().count();
    for (path, file) in manifest.files() {
        let size = usize::try_from(file.size).unwrap_or(usize::MAX);
        let url = format!("{}/{path}", home.server);
        for wanted in [Wanted::Plain, Wanted::Brotli, Wanted::Gzip] {
            let answer = fetcher.get(&url, wanted, size)?;
            compared.note(&format!("{path}{wanted}"), &answer, &file.sha256);
        }
    }
    let pages = address::of_election(&home.tenant, &home.election).into_iter();
    for address in pages.chain(["/".to_owned(), "/admin".to_owned()]) {
        let file = address::page(&address).and_then(|page| manifest.get(page));
        let Some(file) = file else {
            compared.differ(&address, "a page of the asset manifest", "none");
            continue;
        };
        let size = usize::try_from(file.size).unwrap_or(usize::MAX);
        let url = format!("{}{address}", home.server);
        let answer = fetcher.get(&url, Wanted::Brotli, size)?;
        compared.note(&address, &answer, &file.sha256);
    }
    Ok(compared)
}

/// The asset manifest, if it is the announced one.
fn manifest(answer: &Answer, hash: &[u8; 32], compared: &mut Compared) -> Option<AssetManifest> {
    let before = compared.differences.len();
    compared.note("assets.json", answer, hash);
    compared.compared -= 1;
    if compared.differences.len() > before {
        return None;
    }
    let Answer::Bytes(bytes) = answer else {
        return None;
    };
    match AssetManifest::from_json(bytes) {
        Ok(manifest) => Some(manifest),
        Err(error) => {
            compared.differ("assets.json", "an asset manifest", &error.to_string());
            None
        }
    }
}

impl Compared {
    /// Whether everything is as announced.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }

    fn differ(&mut self, what: &str, expected: &str, found: &str) {
        self.differences.push(Difference {
            what: what.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
    }

    fn note(&mut self, what: &str, answer: &Answer, sha256: &[u8; 32]) {
        self.compared += 1;
        let found = match answer {
            Answer::Bytes(bytes) => {
                let found: [u8; 32] = Sha256::digest(bytes).into();
                if found == *sha256 {
                    return;
                }
                format!("SHA-256 {}", HEXLOWER.encode(&found))
            }
            Answer::TooLong => "a longer file".to_owned(),
            Answer::Spoilt(reason) => reason.clone(),
            Answer::Status(status) => format!("status {status}"),
        };
        let expected = format!("SHA-256 {}", HEXLOWER.encode(sha256));
        self.differ(what, &expected, &found);
    }

    /// For people.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut said = String::new();
        // Writing to a String cannot fail.
        let _infallible = writeln!(
            said,
            "{} {}{}",
            lang.pick("공고된 자산 목록:", "announced asset manifest:"),
            self.announced,
            self.amendment.map_or(String::new(), |index| {
                format!(" ({} #{index})", lang.pick("변경 항목", "amendment, entry"))
            })
        );
        for difference in &self.differences {
            let _infallible = writeln!(
                said,
                "FAIL {}\n     {} {}\n     {} {}",
                clean(&difference.what),
                lang.pick("기대", "expected"),
                difference.expected,
                lang.pick("실제", "found   "),
                clean(&difference.found),
            );
        }
        let verdict = if self.is_equal() { "PASS" } else { "FAIL" };
        let _infallible = match lang {
            Lang::Ko => writeln!(
                said,
                "{verdict}: 파일 {}개, 비교 {}건, 불일치 {}건",
                self.files,
                self.compared,
                self.differences.len()
            ),
            Lang::En => writeln!(
                said,
                "{verdict}: {} files, {} comparisons, {} differences",
                self.files,
                self.compared,
                self.differences.len()
            ),
        };
        said
    }
}

#[cfg(test)]
mod tests {
    use super::Home;

    #[test]
    fn addresses_are_taken_apart() {
        for url in [
            "https://vote.example.org/e/city/meals/",
            "https://vote.example.org/e/city/meals/vote#m=1",
            "https://vote.example.org/e/city/meals",
        ] {
            let home = Home::parse(url).unwrap();
            assert_eq!(home.server, "https://vote.example.org");
            assert_eq!((&*home.tenant, &*home.election), ("city", "meals"));
        }
        for url in [
            "https://vote.example.org/",
            "ftp://x/e/a/b",
            "https://x/e/city/",
        ] {
            assert!(Home::parse(url).is_err(), "{url}");
        }
    }
}
