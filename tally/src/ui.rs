//! The programs' own pages: what the command line does, in a browser on the same computer.
//!
//! The pages come from the program (`web/dist/local`), are served on loopback only, and talk to it over an API that
//! nothing else reaches ([`hanpyo_web_assets::loopback`] says how). Behind the API stand the functions that the
//! command line calls; nothing is decided here.
//!
//! # Security
//! A passphrase passes from the page to this program and is wiped here after use; the browser's own memory is the
//! browser's. No other secret ever leaves the program: views hold public data and file names only.
//!
//! | module | what it is |
//! |---|---|
//! | [`schema`] | messages as Rust types that describe themselves in TypeScript |
//! | [`messages`] | messages that both programs share: jobs, refusals, election, board |
//! | [`refused`] | why something was not done, as a code that pages put into words |
//! | [`worker`] | one job at a time: start, progress, questions, result |
//! | [`server`] | the API on loopback |
//! | [`board`] | where the board is and what it shows |
//! | [`trustee`] | the trustee's desk |
//! | [`authority`] | the authority's desk |
//! | [`typescript`] | `web/src/local/messages.ts` |

pub mod authority;
pub mod board;
pub mod messages;
pub mod refused;
pub mod schema;
pub mod server;
pub mod trustee;
pub mod typescript;
pub mod worker;
