//! Tests of the three programs against a real board over HTTP.
//!
//! | module | what |
//! |---|---|
//! | `ceremony` | key ceremony and drill: restarts, interruptions, restored copies, complaints |
//! | `decryption` | attacks on a trustee: forged sums, second trees, early closes, the gate |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub
)]

mod ceremony;
mod decryption;
mod support;
