//! Ledgers and the cast path, over real connections and real files.
//!
//! | module | what it tests |
//! |---|---|
//! | `support` | a server with an election whose every key the test holds |
//! | `whole` | an election from manifest to result |
//! | `entries` | entries, bundles, proposals: wrong phase, wrong signature, all or nothing |
//! | `cast` | ballots: taken, refused, repeated; receipts |
//! | `beside_import` | ballots taken while a large roll is imported |
//! | `copies` | ballots made from other ballots |
//! | `disclosure` | who may read the entries |
//! | `history` | how turnout grew |
//! | `schedule` | opening and closing by the clock |
//! | `session` | what a voter's session says of the credential |
//! | `process` | the server as a process of its own |
//! | `crash` | SIGKILL at every step of a publication, under load |
//! | `restored` | a server on a restored backup, and `hanpyo-server adopt` |
//! | `disk` | a full disk |
//! | `trust` | older databases, spoilt tiles, late writes, a second sequencer |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    unreachable_pub
)]

mod ledger {
    pub mod beside_import;
    pub mod cast;
    pub mod copies;
    pub mod crash;
    pub mod disclosure;
    pub mod disk;
    pub mod entries;
    pub mod history;
    pub mod process;
    pub mod restored;
    pub mod schedule;
    pub mod seal;
    pub mod session;
    pub mod support;
    pub mod trust;
    pub mod whole;
}
