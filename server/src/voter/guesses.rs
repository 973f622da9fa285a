//! How often one-time codes may be tried.
//!
//! Tries are counted for each voter and address, so that a stranger who guesses uses up his own
//! tries and not the voter's, and for each voter from all addresses, much more generously, so that
//! many addresses together do not get through the million codes either. Both are counted for
//! identifiers that nobody has as well.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use crate::auth::RateLimit;
use crate::clock::{HOUR, MINUTE, Millis};
use crate::config::VoterConfig;
use crate::ids::ElectionId;
use crate::roll::typed;

/// Stands for an identifier of an election: fixed size, and no personal data in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VoterKey([u8; 16]);

impl VoterKey {
    /// The key of what someone typed.
    #[must_use]
    pub fn new(election: ElectionId, voter_id: &str) -> Self {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(election.get().to_le_bytes())
            .chain_update(typed(voter_id).as_bytes())
            .finalize()
            .into();
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = hash;
        Self([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
    }
}

/// Counts tries.
#[derive(Debug)]
pub struct Guesses {
    here: RateLimit<(VoterKey, IpAddr)>,
    everywhere: RateLimit<VoterKey>,
}

impl Guesses {
    /// Limits as configured.
    #[must_use]
    pub fn new(config: &VoterConfig) -> Self {
        let per_hour = config.tries_per_hour.max(1);
        Self {
            here: RateLimit::new(config.code_attempts, MINUTE),
            everywhere: RateLimit::new(per_hour, HOUR / Millis::from(per_hour)),
        }
    }

    /// Counts a try before it is looked at.
    ///
    /// # Errors
    /// There were too many: the milliseconds until the next.
    pub fn take(&self, voter: VoterKey, address: IpAddr, now: Millis) -> Result<(), Millis> {
        self.here.take(&(voter, address), now)?;
        self.everywhere.take(&voter, now)
    }

    /// The try was right: whoever is at this address is the voter.
    pub fn right(&self, voter: VoterKey, address: IpAddr) {
        self.here.refill(&(voter, address));
    }
}
