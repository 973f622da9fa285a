//! A request for a page to its whole answer.

use std::borrow::Cow;

use data_encoding::HEXLOWER;

use crate::address;
use crate::headers;
use crate::pages::{ASSET_MANIFEST, Encoding, PageError, Pages};

/// Names below `assets/` carry the hash of their content.
const HASHED: &str = "assets/";

/// What of a request decides its answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageRequest<'a> {
    /// Absolute path without query, as sent (pages have names without escapes).
    pub path: &'a str,
    /// `Accept-Encoding`.
    pub accept_encoding: Option<&'a str>,
    /// `If-None-Match`.
    pub if_none_match: Option<&'a str>,
    /// Whether the site is only reached by https.
    pub https: bool,
}

/// Status of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 200.
    Ok,
    /// 304: the client has it.
    NotModified,
}

/// An answer, for whatever library writes it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200 or 304.
    pub status: Status,
    /// Every header but the length, as (lower-case name, value).
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body; empty with 304.
    pub body: Cow<'static, [u8]>,
}

impl Answer {
    /// The answer to a request; `None` if there is nothing at its path.
    ///
    /// # Errors
    /// [`PageError::NotBuilt`] if the path would show a page but none were built;
    /// [`PageError::File`] if a file of a folder cannot be read.
    pub fn find(pages: &Pages, request: &PageRequest<'_>) -> Result<Option<Self>, PageError> {
        let own = request.path.strip_prefix('/').unwrap_or(request.path);
        let path = address::page(request.path).unwrap_or(own);
        if !pages.is_built() {
            let expected = address::page(request.path).is_some()
                || own == ASSET_MANIFEST
                || own.starts_with(HASHED);
            return if expected {
                Err(PageError::NotBuilt)
            } else {
                Ok(None)
            };
        }
        if path == ASSET_MANIFEST {
            let manifest = pages.manifest()?;
            let found = Found {
                path,
                encoding: Encoding::Identity,
                hash: manifest.hash(),
                body: Cow::Owned(manifest.to_json().into_bytes()),
            };
            return Ok(Some(Self::of(pages, request, found)));
        }
        let Some(hash) = pages.hash(path)? else {
            return Ok(None);
        };
        for encoding in acceptable(request.accept_encoding) {
            if let Some(body) = pages.find(path, encoding)? {
                let found = Found {
                    path,
                    encoding,
                    hash,
                    body,
                };
                return Ok(Some(Self::of(pages, request, found)));
            }
        }
        Ok(None)
    }

    fn of(pages: &Pages, request: &PageRequest<'_>, found: Found<'_>) -> Self {
        let Found {
            path,
            encoding,
            hash,
            body,
        } = found;
        let variant = encoding
            .name()
            .map_or(String::new(), |name| format!("-{name}"));
        let tag = format!("\"{}{variant}\"", HEXLOWER.encode(&hash));
        let known = request
            .if_none_match
            .is_some_and(|tags| matches_tag(tags, &tag));
        // Files of a folder change under their names.
        let immutable = path.starts_with(HASHED) && !pages.is_folder();
        let cache = if immutable {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let mut headers: Vec<(&'static str, Cow<'static, str>)> = headers::ALWAYS
            .iter()
            .map(|(name, value)| (*name, Cow::Borrowed(*value)))
            .collect();
        headers.push(("content-type", content_type(path).into()));
        headers.push(("cache-control", cache.into()));
        headers.push(("vary", "accept-encoding".into()));
        headers.push(("etag", tag.into()));
        if request.https {
            headers.push((
                "strict-transport-security",
                headers::STRICT_TRANSPORT_SECURITY.into(),
            ));
        }
        if let Some(name) = encoding.name() {
            headers.push(("content-encoding", name.into()));
        }
        Self {
            status: if known {
                Status::NotModified
            } else {
                Status::Ok
            },
            headers,
            body: if known { Cow::Borrowed(&[]) } else { body },
        }
    }
}

/// What stands at a path, in the encoding that is sent.
struct Found<'a> {
    path: &'a str,
    encoding: Encoding,
    /// SHA-256 of the file as it is.
    hash: [u8; 32],
    body: Cow<'static, [u8]>,
}

/// Whether a list of entity tags names `tag` (RFC 9110, 13.1.2: weak comparison).
fn matches_tag(tags: &str, tag: &str) -> bool {
    tags.trim() == "*"
        || tags
            .split(',')
            .map(str::trim)
            .any(|one| one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The encodings a client takes, ours first: br, gzip, then the file as it is, which every browser
/// takes and which stands in for everything else.
fn acceptable(header: Option<&str>) -> Vec<Encoding> {
    let header = header.unwrap_or_default();
    let takes = |name: &str| {
        let of = |wanted: &str| header.split(',').find_map(|one| quality(one, wanted));
        of(name).or_else(|| of("*")).unwrap_or(false)
    };
    let mut encodings = Vec::with_capacity(3);
    if takes("br") {
        encodings.push(Encoding::Brotli);
    }
    if takes("gzip") {
        encodings.push(Encoding::Gzip);
    }
    encodings.push(Encoding::Identity);
    encodings
}

/// Whether one element of `Accept-Encoding` is about `name` and takes it: its weight is not 0.
fn quality(element: &str, name: &str) -> Option<bool> {
    let mut parts = element.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case(name) {
        return None;
    }
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some(weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)))
}

/// Media type by the end of the name.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_follow_weights_and_wildcards() {
        use Encoding::{Brotli, Gzip, Identity};
        for (header, expected) in [
            (None, vec![Identity]),
            (Some("gzip, deflate, br"), vec![Brotli, Gzip, Identity]),
            (Some("GZIP;q=1.0, br;q=0"), vec![Gzip, Identity]),
            (Some("*"), vec![Brotli, Gzip, Identity]),
            (Some("*;q=0.5, gzip;q=0"), vec![Brotli, Identity]),
            (Some("br;q=nonsense"), vec![Identity]),
            (Some("brx, identity"), vec![Identity]),
        ] {
            assert_eq!(acceptable(header), expected, "{header:?}");
        }
    }

    #[test]
    fn tags_are_compared_whole() {
        assert!(matches_tag("\"a\", W/\"b\"", "\"b\""));
        assert!(matches_tag("*", "\"b\""));
        assert!(!matches_tag("\"ab\"", "\"b\""));
    }
}
