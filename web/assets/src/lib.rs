//! Hanpyo's built web pages inside the programs.
//!
//! | module | what it is |
//! |---|---|
//! | [`pages`] | the pages by path: those built in, or a folder of them |
//! | [`manifest`] | the asset manifest: every path with size and SHA-256, and its own hash |
//! | [`address`] | which page an address shows |
//! | [`headers`] | the security headers every answer has |
//! | [`answer`] | a request for a page to its whole answer, whatever the HTTP library |
//! | `loopback` | the server of the trustee's and the authority's programs (feature `loopback`) |
//!
//! `web/dist/site` is what `hanpyo-server` serves, `web/dist/local` is in the programs of trustees
//! and authorities. Before `npm run build` in `web/` there are no pages: the crate compiles, and
//! [`Pages::is_built`](pages::Pages::is_built) says so.

pub mod address;
pub mod answer;
pub mod headers;
#[cfg(feature = "loopback")]
pub mod loopback;
pub mod manifest;
pub mod pages;

pub use answer::{Answer, PageRequest, Status};
pub use manifest::AssetManifest;
pub use pages::{PageError, Pages};
