//! What the authority remembers in its secret file.

use hanpyo_crypto::credential::Authority;
use hanpyo_ledger::entry::AuthorityNumber;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;
use zeroize::Zeroize;

use crate::election::KeyedElection;
use crate::role_file::RoleState;

/// Everything that codes are made from. It is saved before the first code is written anywhere.
#[derive(Clone, Encode, Decode)]
pub struct Issue {
    #[n(0)]
    manifest: ByteArray<32>,
    #[n(1)]
    joint_key: ByteArray<32>,
    /// Hash of the voters, and of their order if the other authority drew it.
    #[n(2)]
    roll: ByteArray<32>,
    #[n(3)]
    voters: u32,
    #[n(4)]
    code_seed: ByteArray<32>,
    #[n(5)]
    order_seed: ByteArray<32>,
    /// Address of the voting page in the letters, for the letters of re-issues; none in files of earlier releases.
    #[n(6)]
    booth: Option<String>,
}

/// The code of one re-issued credential.
#[derive(Clone, Encode, Decode)]
pub struct ReissueCode {
    #[n(0)]
    manifest: ByteArray<32>,
    /// The revoked index.
    #[n(1)]
    pub revoked: u32,
    #[n(2)]
    seed: ByteArray<32>,
}

impl Drop for Issue {
    fn drop(&mut self) {
        self.code_seed.zeroize();
        self.order_seed.zeroize();
    }
}

impl Drop for ReissueCode {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}

/// The authority's memory.
#[derive(Clone, Default, Encode, Decode)]
pub struct AuthorityState {
    /// The one issue this file was used for.
    #[n(0)]
    pub issue: Option<Issue>,
    /// Codes of re-issued credentials.
    #[n(1)]
    pub reissues: Vec<ReissueCode>,
    /// Manifest hash of an election whose codes were destroyed.
    #[n(2)]
    pub purged: Option<ByteArray<32>>,
}

impl RoleState for AuthorityState {
    const KIND: &'static str = "hanpyo-authority-1";
}

/// Why no codes are issued.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum IssueRefused {
    /// The file was used for another election.
    #[error(
        "this secret file issued codes for another election (another manifest or joint key); use a new one"
    )]
    OtherElection,
    /// The file was used for another roll: its voters would get two codes.
    #[error(
        "codes were issued already for another roll of {voters} voters; a changed roll needs a new secret file \
         before the roll is uploaded, and revocation and re-issue after"
    )]
    OtherRoll {
        /// Voters of the roll issued for.
        voters: u32,
    },
    /// Everything was destroyed.
    #[error("the codes of this election were destroyed by purge")]
    Purged,
    /// Nothing was issued yet.
    #[error("no codes have been issued with this secret file; run issue first")]
    NothingIssued,
}

impl AuthorityState {
    /// The issue for this roll: the one remembered, or a new one to be saved before it is used.
    ///
    /// # Errors
    /// [`IssueRefused`].
    pub fn issue(
        &self,
        keyed: &KeyedElection<'_>,
        roll: [u8; 32],
        voters: u32,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Issue, IssueRefused> {
        match &self.issue {
            Some(_) => {
                let issue = self.issued(keyed)?;
                if *issue.roll == roll {
                    Ok(issue.clone())
                } else {
                    Err(IssueRefused::OtherRoll {
                        voters: issue.voters,
                    })
                }
            }
            None if self.purged.is_some() => Err(IssueRefused::Purged),
            None => Ok(Issue {
                manifest: keyed.election.hash.0.into(),
                joint_key: keyed.joint_key.0.into(),
                roll: roll.into(),
                voters,
                code_seed: draw(rng),
                order_seed: draw(rng),
                booth: None,
            }),
        }
    }

    /// The issue remembered for this election.
    ///
    /// # Errors
    /// [`IssueRefused`].
    pub fn issued(&self, keyed: &KeyedElection<'_>) -> Result<&Issue, IssueRefused> {
        let issue = self.issue.as_ref().ok_or(if self.purged.is_some() {
            IssueRefused::Purged
        } else {
            IssueRefused::NothingIssued
        })?;
        if *issue.manifest != keyed.election.hash.0 || *issue.joint_key != keyed.joint_key.0 {
            return Err(IssueRefused::OtherElection);
        }
        Ok(issue)
    }

    /// The code for re-issuing `revoked`: the one remembered, or a new one to be saved before it is used. An index
    /// is re-issued once at most, so it needs one code at most, whatever index it becomes.
    pub fn reissue(
        &self,
        keyed: &KeyedElection<'_>,
        revoked: u32,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> ReissueCode {
        let manifest = keyed.election.hash.0;
        self.reissues
            .iter()
            .find(|code| *code.manifest == manifest && code.revoked == revoked)
            .cloned()
            .unwrap_or_else(|| ReissueCode {
                manifest: manifest.into(),
                revoked,
                seed: draw(rng),
            })
    }

    /// The state with a re-issue code remembered.
    #[must_use]
    pub fn with_reissue(&self, code: ReissueCode) -> Self {
        let mut state = self.clone();
        let known = |other: &ReissueCode| *other.seed == *code.seed;
        if !state.reissues.iter().any(known) {
            state.reissues.push(code);
        }
        state
    }

    /// The state after everything about voters was destroyed.
    #[must_use]
    pub fn purged(&self) -> Self {
        let election = self.issue.as_ref().map(|issue| issue.manifest);
        Self {
            issue: None,
            reissues: Vec::new(),
            purged: election.or(self.purged),
        }
    }
}

impl Issue {
    /// Number of voters.
    #[must_use]
    pub fn voters(&self) -> u32 {
        self.voters
    }

    /// Address of the voting page in the letters, if it is known.
    #[must_use]
    pub fn booth(&self) -> Option<&str> {
        self.booth.as_deref()
    }

    /// This issue with the address of the voting page that stands in its letters.
    #[must_use]
    pub fn with_booth(self, booth: &str) -> Self {
        let mut issue = self;
        issue.booth = Some(booth.to_owned());
        issue
    }

    /// Seed of all codes.
    #[must_use]
    pub fn code_seed(&self) -> &[u8; 32] {
        &self.code_seed
    }

    /// Seed of the order of credentials.
    #[must_use]
    pub fn order_seed(&self) -> &[u8; 32] {
        &self.order_seed
    }
}

impl ReissueCode {
    /// Seed of the code.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }
}

/// The salt of an authority's codes (docs/PROTOCOL.md section 7).
#[must_use]
pub fn salt(number: AuthorityNumber, authorities: usize) -> Authority {
    match (authorities, number.get()) {
        (..=1, _) => Authority::Sole,
        (_, 1) => Authority::First,
        _ => Authority::Second,
    }
}

fn draw(rng: &mut (impl RngCore + CryptoRng)) -> ByteArray<32> {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    let drawn = seed.into();
    seed.zeroize();
    drawn
}
