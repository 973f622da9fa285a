//! A voter over the public HTTP API, one or many: identify with the one-time code, encrypt, cast or challenge, check the
//! receipt.
//!
//! | module | step |
//! |---|---|
//! | [`election`] | what the board says before voting, checked |
//! | [`codes`], [`choices`] | letters and marks, from files (`table`) |
//! | [`outbox`] | the one-time code |
//! | [`api`] | requests |
//! | [`cast`] | one voter, to the verified receipt |
//! | [`many`] | many voters |

pub mod api;
pub mod cast;
pub mod choices;
pub mod codes;
pub mod election;
pub mod many;
pub mod outbox;
pub mod table;
