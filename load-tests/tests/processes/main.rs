//! The programs of this crate as processes, against real servers.
//!
//! | module | what |
//! |---|---|
//! | `demo::runs` | whole elections: Seoul scaled down, a Scottish ward as both kinds of contest |
//! | `demo::record` | what OUT holds, and that the verifier notices any change of it |
//! | `demo::interrupted` | signals in the middle |
//! | `demo::options` | options that make no sense |
//! | `voter` | one voter and many: recorded, refused, cut off in the middle |
//! | `voter::board` | boards that a voter must not encrypt for |
//! | `voter::files` | files and arguments that cannot be used |
//! | `support` | running programs |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod demo;
mod support;
mod voter;
