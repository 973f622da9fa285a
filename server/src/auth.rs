//! Who is asking, and what they may do.
//!
//! Staff log in with a password and get an access token of minutes (EdDSA JWT) and a refresh
//! token that works once. Every staff request looks its session up, so a log-out, a lock or a
//! change of roles counts from the next request on. Voters get a session token after a one-time
//! code; it is checked by its signature alone, because casting must stay cheap.

mod actor;
mod keys;
mod password;
mod rate_limit;
mod roles;
mod tokens;

pub use actor::{AccountHolder, Actor, VoterSession};
pub use keys::{KeyError, Keys, read_secret, write_secret};
pub use password::{PasswordError, PasswordHash, Passwords, Secret, generate as generate_password};
pub use rate_limit::RateLimit;
pub use roles::{Permission, Role, Roles, UnknownRole};
pub use tokens::{
    Issued, StaffClaims, TokenError, Tokens, VoterClaims, hash_refresh_token, new_refresh_token,
};

use rand::RngCore as _;
use rand::rngs::OsRng;

/// `N` random bytes of the operating system.
#[must_use]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
