//! The trustee: a share of the election key, from the ceremony to the partial decryptions.
//!
//! | module | what it is |
//! |---|---|
//! | [`state`] | what the trustee remembers |
//! | [`ceremony`] | the next step of the key ceremony and the drill |
//! | [`decrypt`] | whether to decrypt, and the partial decryptions |
//! | [`preflight`] | what is looked at before anything is at stake |
//! | [`sums`] | what is shown before a decryption |
//! | [`run`] | the steps carried out against a board |
//! | [`pin`] | the file that forbids a second tree |

pub mod ceremony;
pub mod decrypt;
pub mod pin;
pub mod preflight;
pub mod run;
pub mod state;
pub mod sums;
