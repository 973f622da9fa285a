//! Check 4: the key ceremony and the drill (docs/PROTOCOL.md sections 8 and 10.3).

use hanpyo_crypto::ceremony::{
    Attempt, CeremonyOutcome, Commitment, Complaint, Confirmation, DrillShare, Judgement, Opening,
    Openings, Parameters, ShareList, TrusteeIndex, judge_complaint,
};

use super::report::{CheckNumber, Finding};
use super::sink::Sink;
use crate::entry::{
    CeremonyCommitment, CeremonyComplaint, CeremonyConfirmation, CeremonyOpening, CeremonyRestart,
    CeremonyShares, Drill, JointKey, TrusteeNumber,
};

/// A message of one trustee.
#[derive(Debug, Clone)]
enum Slot<T> {
    Empty,
    /// Published, but unusable; reported when it came.
    Bad,
    Good(T),
}

impl<T> Slot<T> {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    Commitments,
    Openings,
    Shares,
    Confirmations,
    JointKey,
}

impl Round {
    fn expected(self) -> &'static str {
        match self {
            Self::Commitments => "a commitment of each trustee",
            Self::Openings => "an opening of each trustee",
            Self::Shares => "a share list of each trustee",
            Self::Confirmations => "a confirmation of each trustee",
            Self::JointKey => "the joint key",
        }
    }
}

/// One attempt.
pub(crate) struct Ceremony {
    attempt: Attempt,
    commitments: Vec<Slot<Commitment>>,
    openings: Vec<Slot<Opening>>,
    lists: Vec<Slot<ShareList>>,
    confirmed: Vec<bool>,
    verified: Option<Openings>,
    outcome: Option<CeremonyOutcome>,
    judged: Option<Judgement>,
}

fn wrong(what: impl Into<String>, expected: &str, found: impl std::fmt::Display) -> Finding {
    Finding::fatal(CheckNumber::Ceremony, what, expected, found)
}

impl Ceremony {
    pub(crate) fn new(attempt: Attempt) -> Self {
        let trustees = attempt.parameters().trustees();
        Self {
            attempt,
            commitments: vec![Slot::Empty; trustees],
            openings: vec![Slot::Empty; trustees],
            lists: vec![Slot::Empty; trustees],
            confirmed: vec![false; trustees],
            verified: None,
            outcome: None,
            judged: None,
        }
    }

    pub(crate) fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// What the attempt came to, once all share lists are there and if all of it is sound.
    pub(crate) fn outcome(&self) -> Option<&CeremonyOutcome> {
        self.outcome.as_ref()
    }

    /// Whom a complaint in this attempt convicts.
    pub(crate) fn judgement(&self) -> Option<Judgement> {
        self.judged
    }

    fn parameters(&self) -> Parameters {
        self.attempt.parameters()
    }

    fn round(&self) -> Round {
        if self.commitments.iter().any(Slot::is_empty) {
            Round::Commitments
        } else if self.openings.iter().any(Slot::is_empty) {
            Round::Openings
        } else if self.lists.iter().any(Slot::is_empty) {
            Round::Shares
        } else if self.confirmed.contains(&false) {
            Round::Confirmations
        } else {
            Round::JointKey
        }
    }

    fn trustee(&self, number: TrusteeNumber) -> Option<TrusteeIndex> {
        self.parameters().trustee(u64::from(number)).ok()
    }

    /// Place, attempt and trustee of a message; `None` if it is refused.
    fn place(
        &self,
        round: Round,
        attempt: crate::entry::Attempt,
        trustee: TrusteeNumber,
        out: &mut Sink,
    ) -> Option<TrusteeIndex> {
        if self.judged.is_some() {
            out.out_of_place("key ceremony after a complaint", "a restart", "a message");
            return None;
        }
        if self.round() != round {
            out.out_of_place(
                "round of the key ceremony",
                self.round().expected(),
                format_args!("a message of another round ({})", round.expected()),
            );
            return None;
        }
        if u64::from(attempt) != self.attempt.number() {
            out.out_of_place("attempt", self.attempt.number(), attempt);
            return None;
        }
        let index = self.trustee(trustee);
        if index.is_none() {
            out.out_of_place(
                "trustee",
                format_args!("1 to {}", self.parameters().trustees()),
                trustee,
            );
        }
        index
    }

    fn once(already: bool, trustee: TrusteeIndex, out: &mut Sink) {
        if already {
            out.out_of_place(
                "messages of one trustee in a round",
                1,
                format_args!("a second one of trustee {trustee}"),
            );
        }
    }

    pub(crate) fn check_commitment(&self, entry: &CeremonyCommitment, out: &mut Sink) {
        if let Some(trustee) = self.place(Round::Commitments, entry.attempt, entry.trustee, out) {
            Self::once(is_filled(&self.commitments, trustee), trustee, out);
        }
    }

    pub(crate) fn commit(&mut self, entry: &CeremonyCommitment) {
        if let Some(trustee) = self.trustee(entry.trustee) {
            fill(
                &mut self.commitments,
                trustee,
                Slot::Good(Commitment(entry.hash.0)),
            );
        }
    }

    fn opening(&self, trustee: TrusteeIndex, entry: &CeremonyOpening) -> Result<Opening, String> {
        let opening = Opening::decode(self.parameters(), &entry.opening)
            .map_err(|error| error.to_string())?;
        if let Some(Slot::Good(commitment)) = self.commitments.get(trustee.position()) {
            opening
                .verify(&self.attempt, trustee, commitment)
                .map_err(|error| error.to_string())?;
        }
        Ok(opening)
    }

    pub(crate) fn check_opening(&self, entry: &CeremonyOpening, out: &mut Sink) {
        let Some(trustee) = self.place(Round::Openings, entry.attempt, entry.trustee, out) else {
            return;
        };
        Self::once(is_filled(&self.openings, trustee), trustee, out);
        if let Err(error) = self.opening(trustee, entry) {
            out.note(wrong(
                format!("opening of trustee {trustee}"),
                "the opening it committed to, with proofs of possession",
                error,
            ));
        }
    }

    pub(crate) fn open(&mut self, entry: &CeremonyOpening) {
        let Some(trustee) = self.trustee(entry.trustee) else {
            return;
        };
        let slot = self.opening(trustee, entry).map_or(Slot::Bad, Slot::Good);
        fill(&mut self.openings, trustee, slot);
        if self.round() == Round::Shares {
            let commitments: Option<Vec<_>> = self.commitments.iter().map(good).collect();
            let openings: Option<Vec<_>> = self.openings.iter().map(good).collect();
            if let (Some(commitments), Some(openings)) = (commitments, openings) {
                self.verified = Openings::verify(self.attempt, &commitments, openings).ok();
            }
        }
    }

    fn list(&self, trustee: TrusteeIndex, entry: &CeremonyShares) -> Result<ShareList, String> {
        ShareList::decode(self.parameters(), trustee, &entry.shares)
            .map_err(|error| error.to_string())
    }

    pub(crate) fn check_shares(&self, entry: &CeremonyShares, out: &mut Sink) {
        let Some(trustee) = self.place(Round::Shares, entry.attempt, entry.trustee, out) else {
            return;
        };
        Self::once(is_filled(&self.lists, trustee), trustee, out);
        if let Err(error) = self.list(trustee, entry) {
            out.note(wrong(
                format!("share list of trustee {trustee}"),
                "a masked share for each other trustee",
                error,
            ));
        }
    }

    pub(crate) fn share(&mut self, entry: &CeremonyShares) {
        let Some(trustee) = self.trustee(entry.trustee) else {
            return;
        };
        let slot = self.list(trustee, entry).map_or(Slot::Bad, Slot::Good);
        fill(&mut self.lists, trustee, slot);
        if self.round() == Round::Confirmations {
            let lists: Option<Vec<_>> = self.lists.iter().map(good).collect();
            if let (Some(verified), Some(lists)) = (&self.verified, lists) {
                self.outcome = CeremonyOutcome::compute(verified, &lists).ok();
            }
        }
    }

    pub(crate) fn check_confirmation(&self, entry: &CeremonyConfirmation, out: &mut Sink) {
        let round = Round::Confirmations;
        let Some(trustee) = self.place(round, entry.attempt, entry.trustee, out) else {
            return;
        };
        let already = self.confirmed.get(trustee.position()).copied();
        Self::once(already.unwrap_or(true), trustee, out);
        let Some(outcome) = &self.outcome else {
            out.note(wrong(
                format!("confirmation of trustee {trustee}"),
                "nothing to confirm: the attempt is not sound",
                "a confirmation",
            ));
            return;
        };
        let confirmation = Confirmation {
            attempt: u64::from(entry.attempt),
            trustee,
            transcript_hash: entry.transcript.0,
            joint_key: entry.joint_key_point.0,
        };
        if let Err(error) = outcome.check_confirmation(&confirmation) {
            out.note(wrong(
                format!("confirmation of trustee {trustee}"),
                "the transcript hash and joint key recomputed from the record",
                error,
            ));
        }
    }

    pub(crate) fn confirm(&mut self, entry: &CeremonyConfirmation) {
        if let Some(trustee) = self.trustee(entry.trustee)
            && let Some(confirmed) = self.confirmed.get_mut(trustee.position())
        {
            *confirmed = true;
        }
    }

    fn judge(&self, entry: &CeremonyComplaint) -> Result<Judgement, String> {
        let of = |number: TrusteeNumber| {
            self.parameters()
                .trustee(u64::from(number))
                .map_err(|error| error.to_string())
        };
        let (complainant, accused) = (of(entry.complainant)?, of(entry.accused)?);
        let complaint = Complaint::decode(
            complainant,
            accused,
            entry.shared.as_bytes(),
            entry.proof.as_bytes(),
        )
        .map_err(|error| error.to_string())?;
        let (Some(openings), Some(Slot::Good(list))) =
            (&self.verified, self.lists.get(accused.position()))
        else {
            return Err("the attempt has no sound openings and share lists to judge by".to_owned());
        };
        judge_complaint(openings, list, &complaint).map_err(|error| error.to_string())
    }

    pub(crate) fn check_complaint(&self, entry: &CeremonyComplaint, out: &mut Sink) {
        if !matches!(self.round(), Round::Confirmations | Round::JointKey) || self.judged.is_some()
        {
            out.out_of_place(
                "complaint",
                "after all share lists, one at most",
                "a complaint",
            );
            return;
        }
        if u64::from(entry.attempt) != self.attempt.number() {
            out.out_of_place("attempt", self.attempt.number(), entry.attempt);
            return;
        }
        if let Err(error) = self.judge(entry) {
            out.refuse(wrong("complaint", "a proven complaint", error));
        }
    }

    pub(crate) fn complain(&mut self, entry: &CeremonyComplaint) {
        self.judged = self.judge(entry).ok();
    }

    pub(crate) fn check_restart(&self, entry: &CeremonyRestart, out: &mut Sink) {
        let next = self.attempt.number() + 1;
        if u64::from(entry.new_attempt) != next {
            out.out_of_place("number of the new attempt", next, entry.new_attempt);
        }
    }

    pub(crate) fn restart(&mut self) {
        if let Ok(next) = self.attempt.next() {
            *self = Self::new(next);
        }
    }

    pub(crate) fn check_joint_key(&self, entry: &JointKey, out: &mut Sink) {
        if self.judged.is_some() {
            out.out_of_place("key ceremony after a complaint", "a restart", "a joint key");
            return;
        }
        if self.round() != Round::JointKey {
            out.out_of_place("joint key", self.round().expected(), "a joint key");
            return;
        }
        if u64::from(entry.attempt) != self.attempt.number() {
            out.out_of_place("attempt", self.attempt.number(), entry.attempt);
            return;
        }
        let Some(outcome) = &self.outcome else {
            out.note(wrong(
                "joint key",
                "none: the attempt is not sound",
                "a joint key",
            ));
            return;
        };
        if entry.transcript.0 != *outcome.transcript_hash() {
            let expected = crate::entry::Hash(*outcome.transcript_hash()).to_string();
            out.note(wrong(
                "transcript hash of the ceremony",
                &expected,
                entry.transcript,
            ));
        }
        if entry.joint_key_point.as_bytes() != outcome.joint_key().as_bytes() {
            let expected = crate::entry::EncodedPoint(*outcome.joint_key().as_bytes()).to_string();
            out.note(wrong("joint public key", &expected, entry.joint_key_point));
        }
        let expected = outcome.verification_shares();
        if entry.shares.len() != expected.len() {
            let expected = expected.len().to_string();
            out.note(wrong(
                "number of verification shares",
                &expected,
                entry.shares.len(),
            ));
        }
        for (number, (expected, found)) in (1u8..).zip(expected.iter().zip(&entry.shares)) {
            if found.as_bytes() != expected.as_bytes() {
                let expected = crate::entry::EncodedPoint(*expected.as_bytes()).to_string();
                out.note(wrong(
                    format!("verification share of trustee {number}"),
                    &expected,
                    found,
                ));
            }
        }
    }
}

/// The drill: every trustee shows that its share works.
pub(crate) struct Drills {
    done: Vec<bool>,
}

impl Drills {
    pub(crate) fn new(trustees: usize) -> Self {
        Self {
            done: vec![false; trustees],
        }
    }

    pub(crate) fn check(&self, entry: &Drill, outcome: Option<&CeremonyOutcome>, out: &mut Sink) {
        match self.done.get(entry.trustee.position()) {
            None => {
                let expected = format_args!("1 to {}", self.done.len()).to_string();
                out.out_of_place("trustee", expected, entry.trustee);
                return;
            }
            Some(true) => {
                let found = format!("a second one of trustee {}", entry.trustee);
                out.out_of_place("drills of one trustee", 1, found);
                return;
            }
            Some(false) => {}
        }
        // Without a sound ceremony there is nothing to compare with; that was reported.
        let Some(outcome) = outcome else { return };
        let verified = || -> Result<(), String> {
            let drill = DrillShare::decode(entry.decryption.as_bytes(), entry.proof.as_bytes())
                .map_err(|error| error.to_string())?;
            let trustee = outcome
                .parameters()
                .trustee(u64::from(entry.trustee))
                .map_err(|error| error.to_string())?;
            drill
                .verify(outcome, trustee)
                .map_err(|error| error.to_string())
        };
        if let Err(error) = verified() {
            out.note(wrong(
                format!("drill of trustee {}", entry.trustee),
                "a proven decryption of the drill point",
                error,
            ));
        }
    }

    /// Returns whether all trustees are done.
    pub(crate) fn add(&mut self, trustee: TrusteeNumber) -> bool {
        if let Some(done) = self.done.get_mut(trustee.position()) {
            *done = true;
        }
        !self.done.contains(&false)
    }
}

fn is_filled<T>(slots: &[Slot<T>], trustee: TrusteeIndex) -> bool {
    slots
        .get(trustee.position())
        .is_none_or(|slot| !slot.is_empty())
}

fn fill<T>(slots: &mut [Slot<T>], trustee: TrusteeIndex, with: Slot<T>) {
    if let Some(slot) = slots.get_mut(trustee.position()) {
        *slot = with;
    }
}

fn good<T: Clone>(slot: &Slot<T>) -> Option<T> {
    match slot {
        Slot::Good(value) => Some(value.clone()),
        Slot::Empty | Slot::Bad => None,
    }
}
