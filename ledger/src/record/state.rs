//! The phase machine: every entry that roles sign, checked against the state and then applied
//! (docs/PROTOCOL.md section 10.3). Ballots and posted challenges are in `ballots`.

mod outcome;

use hanpyo_crypto::ballot::ElectionContext;
use hanpyo_crypto::ceremony::{Attempt, CeremonyOutcome, Judgement};
use hanpyo_crypto::decryption::ClosedTree;
use hanpyo_crypto::elgamal::JointKey;
use rand_core::{CryptoRng, RngCore};

use super::ballots::Ballots;
use super::ceremony::{Ceremony, Drills};
use super::duplicates::FingerprintSet;
use super::election::Election;
use super::phase::Phase;
use super::report::{CheckNumber, Finding};
use super::result::reaches;
use super::roll::{Changes, Enrolment, Roll};
use super::schedule::Schedule;
use super::sink::Sink;
use super::tally::{Closed, Decryptions, Recomputed, Slot, TallyProgress};
use crate::entry::{ContestResult, ElectionResult, Entry, EntryType, Signed};
use crate::manifest::Manifest;

/// Who took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnout {
    /// Voters with a counted ballot.
    pub ballots: u64,
    /// Paper votes.
    pub paper: u64,
    /// Credentials in the sealed roll; re-issues replace.
    pub electorate: u64,
}

impl Turnout {
    /// Counted ballots and paper votes.
    #[must_use]
    pub const fn voters(&self) -> u64 {
        self.ballots.saturating_add(self.paper)
    }
}

/// What checking an entry worked out and applying it needs, so that no proof is verified twice.
#[derive(Default)]
pub(crate) struct Checked {
    /// What a partial decryption holds for each of its groups.
    decryptions: Vec<Slot>,
}

/// Everything after the manifest.
pub(crate) struct State {
    pub(crate) phase: Phase,
    /// The phase before `Void`.
    pub(crate) before_void: Phase,
    pub(crate) election: Election,
    pub(crate) schedule: Schedule,
    pub(crate) ceremony: Ceremony,
    /// What earlier attempts ended with.
    pub(crate) judgements: Vec<Judgement>,
    drills: Drills,
    /// The context of all ballots, once there is a joint key.
    pub(crate) context: Option<ElectionContext>,
    enrolment: Enrolment,
    pub(crate) roll: Roll,
    electorate: u64,
    changes: Changes,
    pub(crate) ballots: Ballots,
    pub(crate) closed: Option<Closed>,
    tally: TallyProgress,
    pub(crate) decryptions: Option<Decryptions>,
    pub(crate) results: Vec<ContestResult>,
    pub(crate) result: Option<ElectionResult>,
}

/// Checks entry 0. The state that follows from it, if the manifest can be worked with.
pub(crate) fn begin(
    entry: &Signed<Manifest>,
    keep_sums: bool,
    rng: &mut (impl RngCore + CryptoRng),
    out: &mut Sink,
) -> Option<State> {
    let wrong = |problem: &dyn std::fmt::Display| {
        let expected = "a manifest by the rules of section 10.2";
        Finding::fatal(CheckNumber::Manifest, "manifest", expected, problem)
    };
    for problem in entry.payload.problems() {
        out.note(wrong(&problem));
    }
    let election = match Election::new(entry.payload.clone()) {
        Ok(election) => election,
        Err(error) => {
            out.note(wrong(&error));
            return None;
        }
    };
    check_signatures(&election, entry, out);
    State::new(election, keep_sums, rng)
}

fn check_signatures(election: &Election, entry: &dyn crate::entry::RoleSigned, out: &mut Sink) {
    if let Err(error) = election.keys.verify(entry) {
        out.note(Finding::fatal(
            CheckNumber::Order,
            "signatures",
            "one valid signature of each role that must sign",
            error,
        ));
    }
}

impl State {
    fn new(
        election: Election,
        keep_sums: bool,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Option<Self> {
        let attempt = Attempt::new(election.hash, 1, election.parameters).ok()?;
        Some(Self {
            phase: Phase::Ceremony,
            before_void: Phase::Ceremony,
            schedule: Schedule::new(&election.manifest),
            ceremony: Ceremony::new(attempt),
            judgements: Vec::new(),
            drills: Drills::new(election.parameters.trustees()),
            context: None,
            enrolment: Enrolment::new(&election),
            roll: Roll::new(FingerprintSet::new(rng)),
            electorate: 0,
            changes: Changes::default(),
            ballots: Ballots::new(election.units(), keep_sums, rng),
            closed: None,
            tally: TallyProgress::default(),
            decryptions: None,
            results: Vec::new(),
            result: None,
            election,
        })
    }

    pub(crate) fn turnout(&self) -> Turnout {
        Turnout {
            ballots: self.ballots.counted(),
            paper: self.schedule.paper_total(),
            electorate: self.electorate,
        }
    }

    fn gate_holds(&self) -> bool {
        match &self.closed {
            Some(closed) => closed.gate_holds,
            None => {
                let turnout = self.turnout();
                let gate = self.election.manifest.profile.count_gate.as_ref();
                reaches(gate, turnout.voters(), turnout.electorate)
            }
        }
    }

    /// The ceremony's result, if it was sound.
    pub(crate) fn outcome(&self) -> Option<&CeremonyOutcome> {
        self.ceremony.outcome()
    }

    pub(crate) fn recomputed(&self) -> Option<Recomputed<'_>> {
        Some(Recomputed {
            closed: self.closed.as_ref()?,
            outcome: self.outcome(),
        })
    }

    /// Whether an entry of this type may stand here; reports it if not.
    pub(crate) fn check_place(&self, entry: EntryType, out: &mut Sink) -> bool {
        let gate_holds = self.gate_holds();
        let allowed = self.phase.allows(entry, gate_holds);
        if !allowed {
            let found = format!("entry type {} ({entry})", entry.number());
            out.out_of_place(
                "place in the record",
                self.phase.expected(gate_holds),
                found,
            );
        }
        allowed
    }

    /// Checks an entry that roles sign; changes nothing.
    pub(crate) fn check(&self, entry: &Entry, out: &mut Sink) -> Checked {
        let mut checked = Checked::default();
        if !self.check_place(entry.entry_type(), out) {
            return checked;
        }
        if let Some(signed) = entry.role_signed() {
            check_signatures(&self.election, signed, out);
        }
        let (election, roll) = (&self.election, &self.roll);
        match entry {
            Entry::CeremonyCommitment(signed) => {
                self.ceremony.check_commitment(&signed.payload, out);
            }
            Entry::CeremonyOpening(signed) => self.ceremony.check_opening(&signed.payload, out),
            Entry::CeremonyShares(signed) => self.ceremony.check_shares(&signed.payload, out),
            Entry::CeremonyConfirmation(signed) => {
                self.ceremony.check_confirmation(&signed.payload, out);
            }
            Entry::CeremonyComplaint(signed) => self.ceremony.check_complaint(&signed.payload, out),
            Entry::CeremonyRestart(signed) => self.ceremony.check_restart(&signed.payload, out),
            Entry::JointKey(signed) => {
                self.ceremony.check_joint_key(&signed.payload, out);
                if let Err(error) = signed.payload.joint_key_point.decode() {
                    let expected = "a canonical point, not the identity";
                    let check = CheckNumber::Ceremony;
                    out.note(Finding::fatal(check, "joint public key", expected, error));
                }
            }
            Entry::Drill(signed) => self.drills.check(&signed.payload, self.outcome(), out),
            Entry::HalfListCommitment(signed) if self.phase == Phase::Roll => {
                self.enrolment.check_commitment(&signed.payload, roll, out);
            }
            Entry::HalfListCommitment(signed) => {
                self.changes
                    .check_commitment(election, &signed.payload, roll, out);
            }
            Entry::HalfListChunk(signed) if self.phase == Phase::Roll => {
                self.enrolment.check_half(&signed.payload, roll, out);
            }
            Entry::HalfListChunk(signed) => {
                self.changes
                    .check_half(election, &signed.payload, roll, out);
            }
            Entry::RollChunk(signed) => {
                self.enrolment
                    .check_chunk(election, &signed.payload, roll, out);
            }
            Entry::RollSealed(signed) => {
                self.enrolment
                    .check_seal(election, &signed.payload, roll, out);
            }
            Entry::Revocation(signed) => Changes::check_revocation(&signed.payload, roll, out),
            Entry::Reissue(signed) => {
                self.changes
                    .check_reissue(election, &signed.payload, roll, out);
            }
            Entry::PaperStrike(signed) => Changes::check_strike(&signed.payload, roll, out),
            Entry::Open(signed) => self.schedule.check_open(&signed.payload, out),
            Entry::PaperTurnout(signed) => {
                self.schedule
                    .check_paper(&signed.payload, self.roll.gone(), out);
            }
            Entry::Redating(signed) => self.schedule.check_redating(&signed.payload, out),
            Entry::Close(signed) => {
                self.schedule
                    .check_close(&signed.payload, &self.turnout(), out);
            }
            Entry::EncryptedTally(signed) => {
                if let Some(closed) = &self.closed {
                    self.tally.check(&signed.payload, closed, out);
                }
            }
            Entry::PartialDecryption(signed) => {
                if let (Some(all), Some(recomputed)) = (&self.decryptions, self.recomputed()) {
                    checked.decryptions = all.check_partial(&signed.payload, &recomputed, out);
                }
            }
            Entry::ContestResult(signed) => {
                if let (Some(all), Some(recomputed)) = (&self.decryptions, self.recomputed()) {
                    all.check_result(&signed.payload, &recomputed, out);
                }
            }
            Entry::ElectionResult(signed) => self.check_result(&signed.payload, out),
            Entry::AssetAmendment(_)
            | Entry::Void(_)
            | Entry::Manifest(_)
            | Entry::Ballot(_)
            | Entry::PostedChallenge(_) => {}
        }
        checked
    }

    /// Applies an entry that was checked and not refused. `tree` is the tree that ends with it.
    pub(crate) fn apply(&mut self, entry: &Entry, checked: Checked, tree: ClosedTree) {
        match entry {
            Entry::CeremonyCommitment(signed) => self.ceremony.commit(&signed.payload),
            Entry::CeremonyOpening(signed) => self.ceremony.open(&signed.payload),
            Entry::CeremonyShares(signed) => self.ceremony.share(&signed.payload),
            Entry::CeremonyConfirmation(signed) => self.ceremony.confirm(&signed.payload),
            Entry::CeremonyComplaint(signed) => {
                self.ceremony.complain(&signed.payload);
                self.judgements.extend(self.ceremony.judgement());
            }
            Entry::CeremonyRestart(_) => self.ceremony.restart(),
            Entry::JointKey(signed) => {
                // The key that the ceremony made is the one voters use; what the entry says instead
                // was reported.
                let stated = signed.payload.joint_key_point;
                let computed = self
                    .outcome()
                    .map(|outcome| *outcome.joint_key().as_bytes());
                let key = JointKey::decode(&computed.unwrap_or(*stated.as_bytes()));
                self.phase = match key {
                    Ok(key) => {
                        self.context = Some(ElectionContext::new(self.election.hash, key));
                        Phase::Drill
                    }
                    Err(_) => Phase::Unusable,
                };
            }
            Entry::Drill(signed) => {
                if self.drills.add(signed.payload.trustee) {
                    self.phase = Phase::Roll;
                }
            }
            Entry::HalfListCommitment(signed) if self.phase == Phase::Roll => {
                self.enrolment.commit(&signed.payload);
            }
            Entry::HalfListCommitment(signed) => self.changes.commit(&signed.payload),
            Entry::HalfListChunk(signed) if self.phase == Phase::Roll => {
                self.enrolment.add_half(&signed.payload, &mut self.roll);
            }
            Entry::HalfListChunk(signed) => self.changes.add_half(&signed.payload),
            Entry::RollChunk(signed) => Enrolment::add_chunk(&signed.payload, &mut self.roll),
            Entry::RollSealed(_) => {
                self.roll.seal();
                self.electorate = u64::from(self.roll.len());
                self.phase = Phase::Sealed;
            }
            Entry::Revocation(signed) => self.roll.revoke(signed.payload.credential.get()),
            Entry::Reissue(signed) => self.changes.reissue(&signed.payload, &mut self.roll),
            Entry::PaperStrike(signed) => self.roll.strike(signed.payload.credential.get()),
            Entry::Open(_) => self.phase = Phase::Voting,
            Entry::PaperTurnout(signed) => self.schedule.set_paper(&signed.payload),
            Entry::Redating(signed) => self.schedule.redate(&signed.payload),
            Entry::AssetAmendment(signed) => self.schedule.amend_assets(signed.payload.assets),
            Entry::Close(_) => self.close(tree),
            Entry::EncryptedTally(signed) => {
                self.tally.advance(&signed.payload);
                if self.tally.is_complete(self.election.kinds.len()) {
                    self.phase = Phase::Decrypting;
                }
            }
            Entry::PartialDecryption(signed) => {
                if let Some(all) = &mut self.decryptions {
                    all.add_partial(&signed.payload, checked.decryptions);
                }
            }
            Entry::ContestResult(signed) => {
                if let (Some(all), Some(closed)) = (&mut self.decryptions, &self.closed) {
                    self.results.extend(all.add_result(&signed.payload, closed));
                }
                self.phase = Phase::Results;
            }
            Entry::ElectionResult(signed) => {
                self.result = Some(signed.payload.clone());
                self.phase = Phase::Finished;
            }
            Entry::Void(_) => {
                self.before_void = self.phase;
                self.phase = Phase::Void;
            }
            Entry::Manifest(_) | Entry::Ballot(_) | Entry::PostedChallenge(_) => {}
        }
    }

    fn close(&mut self, tree: ClosedTree) {
        let closed = Closed::new(&self.election, &self.ballots, tree, self.gate_holds());
        let groups: Vec<usize> = closed.contests.iter().map(|c| c.groups().len()).collect();
        let parameters = self.election.parameters;
        let (trustees, quorum) = (parameters.trustees(), parameters.quorum());
        self.decryptions = Some(Decryptions::new(trustees, quorum, &groups));
        self.closed = Some(closed);
        self.phase = Phase::Closed;
    }
}
