//! The counting programs of Hanpyo: `hanpyo-authority` issues voting codes, `hanpyo-trustee` makes and uses a
//! share of the election key, `hanpyo-tally` follows the board and publishes the count.
//!
//! Steps are functions from state and board to an action, without files, clock or network; the binaries only
//! read arguments, talk to the disk and the board, and print.
//!
//! | module | what it is |
//! |---|---|
//! | [`files`] | durable, private, atomic files |
//! | [`secret_file`] | the age file that holds a role's secrets |
//! | [`authority`] | roll, codes, signed roll chunks |
//! | [`api`] | client for posting signed entries |
//! | [`role_file`] | a signing key and what its role remembers |
//! | [`election`] | manifest, keys and roles of an accepted board |
//! | [`trustee`] | ceremony, drill, decryption |
//! | [`ui`] | the programs' own pages on loopback |
//! | [`words`] | fingerprints as words |
//! | [`cli`] | arguments, exit codes, passphrases and progress shared by the three programs |

pub mod api;
pub mod authority;
pub mod board;
pub mod checks;
pub mod cli;
pub mod count;
pub mod election;
pub mod files;
pub mod role_file;
pub mod secret_file;
pub mod session;
pub mod trustee;
pub mod ui;
pub use hanpyo_ledger::words;
