//! Ballots and posted challenges in their place: checks 6 to 8.

use hanpyo_crypto::ballot::ConfirmationCode;
use rand_core::{CryptoRng, RngCore};

use super::{MAX_ENTRIES, Progress, RecordChecker};
use crate::entry::{BallotRef, Entry, EntryError, PostedChallenge};
use crate::record::ballots::{Earlier, Fate, Proven, prove_all};
use crate::record::helper::VouchedSet;
use crate::record::phase::Phase;
use crate::record::prepare::{Content, Prepared};
use crate::record::report::{CheckNumber, Finding};
use crate::record::source::SourceError;
use crate::record::state::State;

/// An entry of a voter.
pub(super) enum Voting<'a> {
    Ballot(&'a Result<BallotRef<'a>, EntryError>),
    Challenge(&'a PostedChallenge),
    BadChallenge(&'a EntryError),
}

/// What was decided about an entry of a voter.
pub(super) enum Judged {
    Ballot(Fate),
    /// Why it is refused, if it is.
    Challenge(Option<String>),
}

impl Judged {
    pub(super) fn finding(&self) -> Option<Finding> {
        match self {
            Self::Ballot(fate) => fate.finding(),
            Self::Challenge(why) => why.as_ref().map(|why| {
                let expected = "signed, opened and of a body that occurs nowhere else";
                Finding::excluded(CheckNumber::Challenges, "posted challenge", expected, why)
            }),
        }
    }
}

impl RecordChecker {
    /// The entry as one of a voter, if such entries may stand here.
    pub(super) fn as_voting<'a>(state: &State, entry: &'a Prepared<'_>) -> Option<Voting<'a>> {
        if state.phase != Phase::Voting {
            return None;
        }
        match &entry.content {
            Content::Ballot(ballot) => Some(Voting::Ballot(ballot)),
            Content::BadChallenge(error) => Some(Voting::BadChallenge(error)),
            Content::Other(entry) => match entry.as_ref() {
                Entry::PostedChallenge(challenge) => Some(Voting::Challenge(challenge)),
                _ => None,
            },
            Content::Bad(_) => None,
        }
    }

    /// Verifies the proofs of a run of entries, or trusts them.
    pub(super) fn prove(
        &self,
        state: &State,
        run: &[Prepared<'_>],
        vouched: &VouchedSet,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Vec<Proven> {
        let context = state.context.as_ref().filter(|_| self.verify_ballots);
        let verify = context.map(|context| (context, vouched));
        let sums = self.keep_sums;
        prove_all(&state.election, verify, sums, &state.roll, run, rng)
    }

    /// Confirmation codes of a run of entries, if somebody looks for one.
    pub(super) fn confirmation_codes(
        &self,
        manifest: &[u8; 32],
        run: &[Prepared<'_>],
    ) -> Vec<Option<ConfirmationCode>> {
        if !self.watch.wants_codes() {
            return Vec::new();
        }
        let code = |entry: &Prepared<'_>| {
            let body = match &entry.content {
                Content::Ballot(Ok(ballot)) => ballot.body_bytes,
                Content::Other(entry) => match entry.as_ref() {
                    Entry::PostedChallenge(challenge) => challenge.body.as_bytes(),
                    _ => return None,
                },
                _ => return None,
            };
            Some(ConfirmationCode::of(manifest, body))
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            run.par_iter().with_min_len(64).map(code).collect()
        }
        #[cfg(not(feature = "parallel"))]
        run.iter().map(code).collect()
    }

    /// Decides about an entry of a voter; changes nothing.
    pub(super) fn judge(
        state: &State,
        entry: &Prepared<'_>,
        proven: &Proven,
        earlier: &Earlier<'_>,
    ) -> Result<Judged, SourceError> {
        let (election, roll) = (&state.election, &state.roll);
        match Self::as_voting(state, entry) {
            Some(Voting::Ballot(Ok(ballot))) => {
                let fate = state.ballots.judge(election, roll, ballot, proven, earlier);
                fate.map(Judged::Ballot)
            }
            Some(Voting::Ballot(Err(error))) => {
                Ok(Judged::Ballot(Fate::Invalid(error.to_string())))
            }
            Some(Voting::BadChallenge(error)) => Ok(Judged::Challenge(Some(error.to_string()))),
            Some(Voting::Challenge(challenge)) => {
                let Some(context) = &state.context else {
                    return Ok(Judged::Challenge(Some("there is no joint key".to_owned())));
                };
                state
                    .ballots
                    .judge_challenge(election, context, roll, challenge, proven, earlier)
                    .map(Judged::Challenge)
            }
            None => Ok(Judged::Challenge(Some("not in its place".to_owned()))),
        }
    }

    /// Reads one entry of a run.
    pub(super) fn read_one(
        &mut self,
        entry: &Prepared<'_>,
        proven: &Proven,
        code: Option<&ConfirmationCode>,
        earlier: &Earlier<'_>,
    ) -> Result<(), SourceError> {
        let index = self.size();
        let voting = match &mut self.progress {
            Progress::Running(state) => Self::as_voting(state, entry).map(|voting| (state, voting)),
            Progress::Empty | Progress::Unusable => None,
        };
        let Some((state, voting)) = voting else {
            self.read_other(entry);
            return Ok(());
        };
        let Some(number) = u32::try_from(index).ok().filter(|_| index < MAX_ENTRIES) else {
            let expected = format!("at most {MAX_ENTRIES}, more cannot be followed");
            let finding = Finding::fatal(CheckNumber::Order, "entries", expected, "more");
            self.findings.add(finding.at(index));
            self.progress = Progress::Unusable;
            self.append(&entry.leaf);
            return Ok(());
        };
        let judged = Self::judge(state, entry, proven, earlier)?;
        match (&judged, voting) {
            (Judged::Ballot(fate), Voting::Ballot(Ok(ballot))) => {
                let State {
                    election,
                    roll,
                    ballots,
                    ..
                } = state.as_mut();
                ballots.apply(election, roll, number, ballot, (fate, proven), earlier)?;
                self.last_ballot = Some(index);
                if let Some(code) = code {
                    self.watch.see_ballot(index, ballot.body.index, code, fate);
                }
            }
            (Judged::Challenge(None), Voting::Challenge(challenge)) => {
                let State { roll, ballots, .. } = state.as_mut();
                ballots.apply_challenge(roll, number, challenge);
                if let Some(code) = code {
                    self.watch.see_challenge(index, code);
                }
            }
            _ => {}
        }
        if let Some(finding) = judged.finding() {
            self.findings.add(finding.at(index));
        }
        self.append(&entry.leaf);
        Ok(())
    }
}
