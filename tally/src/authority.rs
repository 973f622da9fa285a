//! The credential authority: voting codes for a roll, their public credentials for the board.
//!
//! | module | what it is |
//! |---|---|
//! | [`roll`] | the electoral roll as CSV |
//! | [`order`] | the secret order of the credentials |
//! | [`codes`] | voting codes from one secret seed |
//! | [`state`] | what the authority remembers |
//! | [`issue`] | the files of an issue |
//! | [`upload`] | bringing the roll to the board |
//! | [`changes`] | revocations and re-issues |
//! | [`letters`] | letters of re-issues, and destroying all of them |
//! | [`run`] | the commands, for the command line and the pages |
//! | [`chunks`] | credentials as entries |

pub mod changes;
pub mod chunks;
pub mod codes;
pub mod issue;
pub mod letters;
pub mod order;
pub mod roll;
pub mod run;
pub mod state;
pub mod upload;
