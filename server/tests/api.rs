//! The API over real connections, one module a resource.
//!
//! | module | what it tests |
//! |---|---|
//! | `support` | starts the server on a free port with a folder of its own; a client per role |
//! | `health` | liveness, readiness, stop |
//! | `problems` | every error has the problem+json form and shows nothing internal |
//! | `auth` | log-in, refresh, log-out, limits |
//! | `staff` | tenants, accounts, roles, isolation of tenants, audit |
//! | `elections` | drafts, versions, two-person approval |
//! | `roll` | import, dry run, assignment of credentials |
//! | `roll_parts` | rolls that change in parts: others in between, two at once, SIGKILL |
//! | `spreadsheet` | rolls as .xlsx |
//! | `voter` | one-time codes, sessions |
//! | `mail` | messages through a mail relay |
//! | `public` | what the public pages read |
//! | `lots` | the order of options drawn by lot |
//! | `voters`, `objections` | single voters, requests, exports, messages; objections of observers |
//! | `pages` | the web pages |
//! | `openapi` | the description equals `docs/openapi.json` and names routes that exist |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub
)]

mod api {
    pub mod auth;
    pub mod elections;
    pub mod health;
    pub mod lots;
    pub mod mail;
    pub mod objections;
    pub mod openapi;
    pub mod pages;
    pub mod problems;
    pub mod public;
    pub mod roll;
    pub mod roll_parts;
    pub mod spreadsheet;
    pub mod staff;
    pub mod support;
    pub mod voter;
    pub mod voters;
}
