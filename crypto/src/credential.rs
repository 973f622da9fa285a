//! Voting codes and credentials (docs/PROTOCOL.md section 7).
//!
//! A voter types (or scans) a [`VotingCode`]; the device derives the [`CredentialSecret`] s from it,
//! salted with the election and the issuing authority; the roll lists P = sG only. With two
//! authorities a voter has two codes, each deriving a half, and s = s_1 + s_2.
//!
//! # Security
//! Codes and secrets are zeroized when dropped and have no `Debug` or `Display`: neither may reach
//! a server, a log or an error message.

mod code;
mod secret;

pub use code::{CODE_CHARACTERS, VotingCode, VotingCodeError};
pub use secret::{
    Authority, CredentialDerivation, CredentialError, CredentialSecret, combine_public,
    public_credentials,
};
