//! Tests of the three programs against a real board over HTTP.
//!
//! | module | what |
//! |---|---|
//! | `authority` | issuing, uploading, two authorities, revocation, re-issue, purge, kills |
//! | `authority_pages` | the authority's own pages: a roll looked at, codes made once, uploaded, revoked, re-issued |
//! | `ceremony` | key ceremony and drill: restarts, interruptions, restored copies, complaints |
//! | `command_line` | help, exit codes, bad input |
//! | `decryption` | attacks on a trustee: forged sums, second trees, early closes, the gate |
//! | `trustee_pages` | the trustee's own pages: who may ask, what is refused, ceremony and decryption |
//! | `whole` | a whole election with the built programs; the tally operator |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub
)]

mod authority;
mod authority_pages;
mod ceremony;
mod command_line;
mod decryption;
mod support;
mod trustee_pages;
mod whole;
