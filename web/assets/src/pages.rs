//! The pages by path.

use std::borrow::Cow;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use crate::manifest::{AssetManifest, Described};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Name of the asset manifest among the pages.
pub const ASSET_MANIFEST: &str = "assets.json";

/// A built file and the variants that the build compressed.
pub(crate) struct Embedded {
    path: &'static str,
    identity: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Nothing was built, so nothing can be shown.
    #[error(
        "this program was built without its web pages: run `npm run build` in web/ and build it again"
    )]
    NotBuilt,
    /// A file of the folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Encodings of a file that the build made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
}

impl Encoding {
    /// As in `Content-Encoding`; none for the file as it is.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// End of the file's name in the build folder.
    fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// A set of pages.
#[derive(Debug)]
pub struct Pages(Source);

enum Source {
    Embedded {
        files: &'static [Embedded],
        /// Made when first asked for.
        manifest: OnceLock<AssetManifest>,
    },
    /// Read at every request: for work on the pages.
    Folder(PathBuf),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Embedded { files, .. } => write!(f, "{} built files", files.len()),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

impl Pages {
    /// What `hanpyo-server` serves.
    #[must_use]
    pub fn site() -> Self {
        Self::embedded(SITE)
    }

    /// Pages of the trustee's and the authority's programs, served on loopback.
    #[must_use]
    pub fn local() -> Self {
        Self::embedded(LOCAL)
    }

    /// The files of a folder, read anew at every request.
    #[must_use]
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(folder.into()))
    }

    fn embedded(files: &'static [Embedded]) -> Self {
        Self(Source::Embedded {
            files,
            manifest: OnceLock::new(),
        })
    }

    /// Whether there are pages at all.
    #[must_use]
    pub fn is_built(&self) -> bool {
        match &self.0 {
            Source::Embedded { files, .. } => !files.is_empty(),
            Source::Folder(folder) => folder.is_dir(),
        }
    }

    /// Whether files may change while the program runs.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.0, Source::Folder(_))
    }

    /// The file at `path` (no leading slash) in `encoding`; `None` if it is not there in it.
    ///
    /// # Errors
    /// [`PageError::File`] if it is there but cannot be read.
    pub fn find(
        &self,
        path: &str,
        encoding: Encoding,
    ) -> Result<Option<Cow<'static, [u8]>>, PageError> {
        match &self.0 {
            Source::Embedded { files, .. } => {
                let place = files.binary_search_by(|file| file.path.cmp(path)).ok();
                let file = place.and_then(|place| files.get(place));
                let bytes = file.and_then(|file| match encoding {
                    Encoding::Identity => Some(file.identity),
                    Encoding::Brotli => file.brotli,
                    Encoding::Gzip => file.gzip,
                });
                Ok(bytes.map(Cow::Borrowed))
            }
            Source::Folder(_) if !is_plain(path) => Ok(None),
            Source::Folder(folder) => {
                let file = folder.join(format!("{path}{}", encoding.suffix()));
                match fs::read(&file) {
                    Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
                    Err(error) if is_absence(&error) => Ok(None),
                    Err(source) => Err(PageError::File { path: file, source }),
                }
            }
        }
    }

    /// SHA-256 of the file at `path` as it is; `None` if it is not there.
    ///
    /// # Errors
    /// [`PageError::File`] if it is there but cannot be read.
    pub fn hash(&self, path: &str) -> Result<Option<[u8; 32]>, PageError> {
        if let Source::Embedded { files, manifest } = &self.0 {
            let known = manifest.get_or_init(|| describe_all(files)).get(path);
            return Ok(known.map(|file| file.sha256));
        }
        let bytes = self.find(path, Encoding::Identity)?;
        Ok(bytes.map(|bytes| describe(&bytes).sha256))
    }

    /// Every file with size and hash. The compressed variants and the manifest are no part of it.
    ///
    /// # Errors
    /// [`PageError::NotBuilt`]; [`PageError::File`].
    pub fn manifest(&self) -> Result<Cow<'_, AssetManifest>, PageError> {
        if !self.is_built() {
            return Err(PageError::NotBuilt);
        }
        match &self.0 {
            Source::Embedded { files, manifest } => {
                Ok(Cow::Borrowed(manifest.get_or_init(|| describe_all(files))))
            }
            Source::Folder(folder) => {
                let mut paths = Vec::new();
                list(folder, "", &mut paths)?;
                let described = paths.into_iter().map(|path| {
                    let file = folder.join(&path);
                    let bytes =
                        fs::read(&file).map_err(|source| PageError::File { path: file, source })?;
                    Ok((path, describe(&bytes)))
                });
                described.collect::<Result<_, _>>().map(Cow::Owned)
            }
        }
    }
}

fn describe_all(files: &[Embedded]) -> AssetManifest {
    let described = files
        .iter()
        .map(|file| (file.path.to_owned(), describe(file.identity)));
    described.collect()
}

/// Size and hash of a file.
fn describe(bytes: &[u8]) -> Described {
    Described {
        sha256: Sha256::digest(bytes).into(),
        // A file in memory has far fewer bytes than 2^64.
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    }
}

/// Whether every part of `path` is a plain name: nothing hidden, nothing that leads upwards.
pub(crate) fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(plain)
    })
}

fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory
    )
}

/// Paths of all files that have an address and are no compressed variant.
fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<(), PageError> {
    let failed = |source| PageError::File {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_plain(name)) else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if entry.file_type().map_err(failed)?.is_dir() {
            list(&entry.path(), &format!("{path}/"), paths)?;
        } else if path != ASSET_MANIFEST && !is_variant(&entry.path()) {
            paths.push(path);
        }
    }
    Ok(())
}

/// `x.br` and `x.gz` beside `x`.
fn is_variant(file: &Path) -> bool {
    let compressed = file
        .extension()
        .is_some_and(|end| end == "br" || end == "gz");
    compressed && file.with_extension("").is_file()
}
