//! Checks 6, 7 and 8: which ballots are valid, which count, and posted challenges (docs/PROTOCOL.md section
//! 10.4).

mod earlier;
mod proofs;

use hanpyo_crypto::ballot::{BallotContext, Body, ElectionContext};
use hanpyo_crypto::elgamal::{CIPHERTEXT_BYTES, Ciphertext};
use rand_core::{CryptoRng, RngCore};
use sha2::{Digest, Sha256};

pub(crate) use earlier::Earlier;
pub(crate) use proofs::{Proven, prove_all, verify_listed};

use super::duplicates::{Fingerprint, FingerprintSet};
use super::election::Election;
use super::report::{CheckNumber, Finding};
use super::roll::{MAX_CHALLENGES, Roll, VoterState};
use super::source::SourceError;
use super::sums::{Sign, Sums};
use crate::entry::{BallotRef, Entry, PostedChallenge};

/// What became of a ballot entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It counts, instead of the ballot in the entry named, if one.
    Counted {
        /// The ballot of the same credential that counted so far.
        supersedes: Option<u64>,
    },
    /// It is malformed or proves nothing (check 6).
    Invalid(String),
    /// It is valid, but the rules exclude it (check 7).
    Excluded(String),
}

impl Fate {
    /// The server's fault, if there is one.
    pub(crate) fn finding(&self) -> Option<Finding> {
        match self {
            Self::Counted { .. } => None,
            Self::Invalid(why) => Some(Finding::excluded(
                CheckNumber::Ballots,
                "ballot",
                "a valid ballot of a credential in the roll",
                why,
            )),
            Self::Excluded(why) => Some(Finding::excluded(
                CheckNumber::Duplicates,
                "ballot",
                "a ballot that counts",
                why,
            )),
        }
    }
}

/// The first 32 bytes of every ciphertext of a ballot.
fn nonce_points<'b>(body: &Body<'b>) -> impl Iterator<Item = &'b [u8; 32]> {
    let ciphertexts = body
        .contests
        .iter()
        .flat_map(|contest| contest.ciphertexts.as_chunks::<CIPHERTEXT_BYTES>().0);
    ciphertexts.filter_map(|ciphertext| ciphertext.first_chunk())
}

/// What a body is found by where its nonce points do not tell it from others.
fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// All ballots and posted challenges so far.
pub(crate) struct Ballots {
    /// Nonce points R of valid ballots, each with the first entry that holds it.
    nonces: FingerprintSet,
    /// Digests of the bodies of accepted posted challenges, and of excluded ballots whose first nonce
    /// point is noted with another entry.
    bodies: FingerprintSet,
    sums: Sums,
    keep_sums: bool,
    per_unit: Vec<u64>,
}

impl Ballots {
    pub(crate) fn new(units: usize, keep_sums: bool, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        Self {
            nonces: FingerprintSet::new(rng),
            bodies: FingerprintSet::new(rng),
            sums: Sums::default(),
            keep_sums,
            per_unit: vec![0; units],
        }
    }

    /// Voters with a counted ballot, per unit.
    pub(crate) fn per_unit(&self) -> &[u64] {
        &self.per_unit
    }

    /// Voters with a counted ballot.
    pub(crate) fn counted(&self) -> u64 {
        self.per_unit.iter().sum()
    }

    pub(crate) fn sums(&self) -> &Sums {
        &self.sums
    }

    pub(crate) fn keeps_sums(&self) -> bool {
        self.keep_sums
    }

    pub(crate) fn allocated_bytes(&self) -> usize {
        self.nonces.allocated_bytes() + self.bodies.allocated_bytes()
    }

    /// Ciphertexts remembered.
    pub(crate) fn ciphertexts(&self) -> u64 {
        self.nonces.len()
    }

    /// What becomes of a ballot in the present state.
    pub(crate) fn judge(
        &self,
        election: &Election,
        roll: &Roll,
        ballot: &BallotRef<'_>,
        proven: &Proven,
        earlier: &Earlier<'_>,
    ) -> Result<Fate, SourceError> {
        let Some(state) = roll.state(ballot.body.index) else {
            let why = format!("credential {} is not in the roll", ballot.body.index);
            return Ok(Fate::Invalid(why));
        };
        if let Err(why) = proven {
            return Ok(Fate::Invalid(why.clone()));
        }
        let why = match self.occurred(ballot, earlier)? {
            Some(why) => Some(why),
            None => Self::excluded_by_state(election, ballot, &state),
        };
        Ok(why.map_or(
            Fate::Counted {
                supersedes: state.counted,
            },
            Fate::Excluded,
        ))
    }

    fn excluded_by_state(
        election: &Election,
        ballot: &BallotRef<'_>,
        state: &VoterState,
    ) -> Option<String> {
        let Body { index, counter, .. } = ballot.body;
        if counter <= state.counter {
            let last = state.counter;
            return Some(format!(
                "counter {counter} of credential {index} is not above {last}"
            ));
        }
        if state.revoked {
            return Some(format!("credential {index} is revoked"));
        }
        if state.struck {
            return Some(format!(
                "credential {index} is struck: its voter votes on paper"
            ));
        }
        let counted = state.counted.filter(|_| !election.revoting());
        counted.map(|entry| format!("credential {index} has a counted ballot, entry {entry}"))
    }

    /// Whether the body, or a nonce point of it, occurred before.
    fn occurred(
        &self,
        ballot: &BallotRef<'_>,
        earlier: &Earlier<'_>,
    ) -> Result<Option<String>, SourceError> {
        for point in nonce_points(&ballot.body) {
            if let Some(entry) = self.holder(point, earlier)? {
                return Ok(Some(format!(
                    "a ciphertext nonce point of entry {entry} again"
                )));
            }
        }
        let body = self.find_body(ballot.body_bytes, earlier)?;
        Ok(body.map(|entry| format!("the body challenged in entry {entry}")))
    }

    /// The entry that a nonce point is noted with.
    fn holder(&self, point: &[u8; 32], earlier: &Earlier<'_>) -> Result<Option<u32>, SourceError> {
        for suspect in self.nonces.suspects(self.nonces.fingerprint(point)) {
            let holds_point = |bytes: &[u8]| {
                BallotRef::decode(bytes)
                    .is_ok_and(|earlier| nonce_points(&earlier.body).any(|other| other == point))
            };
            if earlier.with(suspect, holds_point)? {
                return Ok(Some(suspect));
            }
        }
        Ok(None)
    }

    /// The entry with this body, if it is noted under its digest.
    fn find_body(&self, body: &[u8], earlier: &Earlier<'_>) -> Result<Option<u32>, SourceError> {
        if self.bodies.len() == 0 {
            return Ok(None);
        }
        let print = self.bodies.fingerprint(&digest(body));
        for suspect in self.bodies.suspects(print) {
            let same = |bytes: &[u8]| match Entry::decode(bytes) {
                Ok(Entry::PostedChallenge(earlier)) => earlier.body.as_bytes() == body,
                Ok(Entry::Ballot(earlier)) => earlier.body.as_bytes() == body,
                _ => false,
            };
            if earlier.with(suspect, same)? {
                return Ok(Some(suspect));
            }
        }
        Ok(None)
    }

    /// The valid ballot with this body, if it is the first with its first nonce point.
    fn find_ballot(&self, body: &[u8], earlier: &Earlier<'_>) -> Result<Option<u32>, SourceError> {
        let decoded = Body::decode(body).ok();
        let Some(first) = decoded.as_ref().and_then(|body| nonce_points(body).next()) else {
            return Ok(None);
        };
        let Some(entry) = self.holder(first, earlier)? else {
            return Ok(None);
        };
        let same = |bytes: &[u8]| BallotRef::decode(bytes).is_ok_and(|b| b.body_bytes == body);
        Ok(earlier.with(entry, same)?.then_some(entry))
    }

    /// Fingerprints of the nonce points of a ballot that are noted nowhere, and whether the first is
    /// among them. A point is noted once however often it occurs: otherwise copies of a ballot would make
    /// every later look-up longer.
    fn new_points(
        &self,
        fate: &Fate,
        ballot: &BallotRef<'_>,
        earlier: &Earlier<'_>,
    ) -> Result<(Vec<Fingerprint>, bool), SourceError> {
        let (mut prints, mut has_first) = (Vec::new(), false);
        for (place, point) in nonce_points(&ballot.body).enumerate() {
            // A ballot that counts was found to repeat nothing.
            let is_new =
                matches!(fate, Fate::Counted { .. }) || self.holder(point, earlier)?.is_none();
            if is_new {
                prints.push(self.nonces.fingerprint(point));
                has_first |= place == 0;
            }
        }
        Ok((prints, has_first))
    }

    /// Makes a ballot with this fate part of the state.
    pub(crate) fn apply(
        &mut self,
        election: &Election,
        roll: &mut Roll,
        entry: u32,
        ballot: &BallotRef<'_>,
        (fate, proven): (&Fate, &Proven),
        earlier: &Earlier<'_>,
    ) -> Result<(), SourceError> {
        let (Fate::Counted { .. } | Fate::Excluded(_), Ok(ciphertexts)) = (fate, proven) else {
            return Ok(());
        };
        let Body { index, counter, .. } = ballot.body;
        let (prints, has_first) = self.new_points(fate, ballot, earlier)?;
        if let Fate::Counted { supersedes } = fate
            && let Some(credential) = roll.credential(index)
            && let Some(contests) = election.style(credential.style)
        {
            let superseded = match supersedes {
                Some(old) => Some(self.ciphertexts_of(*old, earlier)?),
                None => None,
            };
            // Nothing above changed anything, so a host may push the entry again after an error.
            let (unit, weight) = (credential.unit, credential.weight);
            match superseded {
                Some(old) => self
                    .sums
                    .change(contests, unit, weight, &old, Sign::Subtract),
                None => {
                    if let Some(count) = self.per_unit.get_mut(usize::from(unit)) {
                        *count += 1;
                    }
                }
            }
            let new = if self.keep_sums {
                ciphertexts.as_slice()
            } else {
                &[]
            };
            self.sums.change(contests, unit, weight, new, Sign::Add);
            roll.count(index, counter, entry);
        }
        for print in prints {
            self.nonces.insert(print, entry);
        }
        if !has_first {
            let print = self.bodies.fingerprint(&digest(ballot.body_bytes));
            self.bodies.insert(print, entry);
        }
        Ok(())
    }

    /// Ciphertexts of a ballot that counted so far; none if no sums are kept.
    fn ciphertexts_of(
        &self,
        entry: u64,
        earlier: &Earlier<'_>,
    ) -> Result<Vec<Ciphertext>, SourceError> {
        if !self.keep_sums {
            return Ok(Vec::new());
        }
        let bytes = earlier.bytes(entry)?;
        let ballot = BallotRef::decode(&bytes).ok();
        ballot
            .and_then(|ballot| proofs::ciphertexts(&ballot))
            .ok_or_else(|| SourceError {
                index: entry,
                reason: "it is not the ballot that was read there before".to_owned(),
            })
    }

    /// Why a posted challenge is refused (check 8), if it is.
    pub(crate) fn judge_challenge(
        &self,
        election: &Election,
        context: &ElectionContext,
        roll: &Roll,
        challenge: &PostedChallenge,
        proven: &Proven,
        earlier: &Earlier<'_>,
    ) -> Result<Option<String>, SourceError> {
        let index = challenge.body.credential().get();
        let (Some(state), Some((point, style))) = (roll.state(index), roll.point_and_style(index))
        else {
            return Ok(Some(format!("credential {index} is not in the roll")));
        };
        if let Err(why) = proven {
            return Ok(Some(why.clone()));
        }
        if state.challenges >= MAX_CHALLENGES {
            let why = format!("credential {index} has {MAX_CHALLENGES} posted challenges already");
            return Ok(Some(why));
        }
        let Some(contests) = election.style(style) else {
            return Ok(Some(format!("credential {index} has no ballot style")));
        };
        let ballot = BallotContext {
            index,
            credential: point,
            style: u64::from(style),
            contests,
        };
        let body = challenge.body.as_bytes();
        let opened = challenge
            .opening()
            .and_then(|opening| opening.check(context, &ballot, body));
        if let Err(error) = opened {
            return Ok(Some(error.to_string()));
        }
        let before = match self.find_ballot(body, earlier)? {
            Some(entry) => Some(entry),
            None => self.find_body(body, earlier)?,
        };
        Ok(before.map(|entry| format!("the body of entry {entry} again")))
    }

    /// Makes an accepted posted challenge part of the state.
    pub(crate) fn apply_challenge(
        &mut self,
        roll: &mut Roll,
        entry: u32,
        challenge: &PostedChallenge,
    ) {
        roll.add_challenge(challenge.body.credential().get());
        let print = self.bodies.fingerprint(&digest(challenge.body.as_bytes()));
        self.bodies.insert(print, entry);
    }
}
