//! Who has done which step of ceremony, drill and decryption, as the log has it.

use actix_web::web::{Data, Json, Path};
use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::EntryType;
use serde::Serialize;
use utoipa::ToSchema;

use super::events::{Event, What, events};
use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::clock::rfc3339;
use crate::problem::Problem;
use crate::sequencer::Phase;
use crate::state::AppState;

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Done {
    /// Index of the entry.
    index: u64,
    /// When, RFC 3339: the server's word.
    at: Option<String>,
}

/// A complaint in the present attempt.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ComplaintView {
    /// Number of the trustee that complains.
    by: u8,
    /// Number of the trustee that is accused.
    accused: u8,
    /// Index of the entry.
    index: u64,
}

/// What a trustee has done.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TrusteeStatus {
    /// Number, from 1.
    number: usize,
    /// Name.
    name: String,
    /// Key of its signatures, in hex.
    key: String,
    /// Round 0 of the present attempt.
    commitment: Option<Done>,
    /// Round 1.
    opening: Option<Done>,
    /// Round 2.
    shares: Option<Done>,
    /// Round 3: the signature on the joint key.
    confirmation: Option<Done>,
    /// Proof that it can decrypt.
    drill: Option<Done>,
    /// Entries of partial decryptions.
    decryption_entries: u64,
    /// Its last partial decryption.
    decryption: Option<Done>,
    /// Whether everything is decrypted and proven.
    decrypted: bool,
}

/// What the trustees do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Round 0.
    Commitment,
    /// Round 1.
    Opening,
    /// Round 2.
    Shares,
    /// Round 3.
    Confirmation,
    /// The commission restarts after a complaint.
    Restart,
    /// The server appends the joint key.
    JointKey,
    /// Each proves that it can decrypt.
    Drill,
    /// Nothing until voting is over and the encrypted tally is there.
    Wait,
    /// As many as the quorum decrypt.
    Decryption,
    /// Nothing any more.
    Finished,
}

/// What the trustees have done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrusteesView {
    /// Trustees needed to decrypt.
    quorum: u8,
    /// Present attempt of the key ceremony, from 1.
    attempt: u32,
    /// What is next.
    step: Step,
    /// Numbers of the trustees that have not done the step yet.
    waiting_for: Vec<usize>,
    /// What each has done.
    trustees: Vec<TrusteeStatus>,
    /// A complaint in the present attempt.
    complaint: Option<ComplaintView>,
    /// Why the ceremony was restarted, oldest first.
    restarts: Vec<String>,
    /// The joint-key entry.
    joint_key: Option<Done>,
}

/// Show what each trustee has done
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/trustees", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = TrusteesView), (status = "default", response = AnyProblem)))]
pub(crate) async fn trustees(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<TrusteesView>, Problem> {
    let ledger = ledger(&state, &path)?;
    let summary = ledger.load_summary().await?;
    let events = events(&state, &ledger).await?;
    let roles = &ledger.manifest().manifest().roles;
    let decrypted = ledger.record().checker().decrypted_by();
    let trustees = roles.trustees.iter().enumerate();
    let trustees = trustees.map(|(place, officer)| TrusteeStatus {
        number: place + 1,
        name: officer.name.to_string(),
        key: HEXLOWER.encode(officer.key.as_bytes()),
        decrypted: decrypted.iter().any(|n| usize::from(n.get()) == place + 1),
        ..TrusteeStatus::default()
    });
    let mut view = TrusteesView {
        quorum: roles.quorum.get(),
        attempt: 1,
        step: Step::Commitment,
        waiting_for: Vec::new(),
        trustees: trustees.collect(),
        complaint: None,
        restarts: Vec::new(),
        joint_key: None,
    };
    for event in events.iter() {
        view.note(event);
    }
    view.next(summary.phase);
    Ok(Json(view))
}

/// Whether a trustee has not done something yet.
type Lacks = fn(&TrusteeStatus) -> bool;

impl TrusteesView {
    fn note(&mut self, event: &Event) {
        let done = Some(Done {
            index: event.index,
            at: event.at.map(rfc3339),
        });
        match &event.what {
            What::Ceremony {
                trustee, accused, ..
            } => {
                if let Some(accused) = *accused {
                    self.complaint = Some(ComplaintView {
                        by: *trustee,
                        accused,
                        index: event.index,
                    });
                } else if let Some(trustee) = self.trustee(*trustee) {
                    match event.kind {
                        EntryType::CeremonyCommitment => trustee.commitment = done,
                        EntryType::CeremonyOpening => trustee.opening = done,
                        EntryType::CeremonyShares => trustee.shares = done,
                        _ => trustee.confirmation = done,
                    }
                }
            }
            What::Restart { attempt, reason } => {
                self.attempt = *attempt;
                self.complaint = None;
                self.restarts.push(reason.clone());
                // Nothing of an earlier attempt counts.
                for trustee in &mut self.trustees {
                    trustee.commitment = None;
                    trustee.opening = None;
                    trustee.shares = None;
                    trustee.confirmation = None;
                }
            }
            What::JointKey { .. } => self.joint_key = done,
            What::Trustee { trustee, contest } => {
                if let Some(trustee) = self.trustee(*trustee) {
                    if contest.is_some() {
                        trustee.decryption = done;
                        trustee.decryption_entries += 1;
                    } else {
                        trustee.drill = done;
                    }
                }
            }
            _ => {}
        }
    }

    fn trustee(&mut self, number: u8) -> Option<&mut TrusteeStatus> {
        let place = usize::from(number).checked_sub(1)?;
        self.trustees.get_mut(place)
    }

    /// Works out what is next.
    fn next(&mut self, phase: Phase) {
        let lacks = |of: Lacks| -> Vec<usize> {
            let those = self.trustees.iter().filter(|trustee| of(trustee));
            those.map(|trustee| trustee.number).collect()
        };
        let rounds: [(Step, Lacks); 4] = [
            (Step::Commitment, |t| t.commitment.is_none()),
            (Step::Opening, |t| t.opening.is_none()),
            (Step::Shares, |t| t.shares.is_none()),
            (Step::Confirmation, |t| t.confirmation.is_none()),
        ];
        let (step, waiting_for) = match phase {
            Phase::Ceremony if self.complaint.is_some() => (Step::Restart, Vec::new()),
            Phase::Ceremony => {
                let rounds = rounds.into_iter().map(|(step, of)| (step, lacks(of)));
                let open = rounds.into_iter().find(|(_, lacking)| !lacking.is_empty());
                open.unwrap_or((Step::JointKey, Vec::new()))
            }
            Phase::Drill => (Step::Drill, lacks(|t| t.drill.is_none())),
            Phase::Tally => (Step::Decryption, lacks(|t| !t.decrypted)),
            Phase::Roll | Phase::Sealed | Phase::Open | Phase::Closed => (Step::Wait, Vec::new()),
            Phase::Finished | Phase::Void => (Step::Finished, Vec::new()),
        };
        self.step = step;
        self.waiting_for = waiting_for;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(trustees: usize) -> TrusteesView {
        TrusteesView {
            quorum: 2,
            attempt: 1,
            step: Step::Commitment,
            waiting_for: Vec::new(),
            trustees: (1..=trustees)
                .map(|number| TrusteeStatus {
                    number,
                    ..TrusteeStatus::default()
                })
                .collect(),
            complaint: None,
            restarts: Vec::new(),
            joint_key: None,
        }
    }

    fn ceremony(index: u64, kind: EntryType, trustee: u8, accused: Option<u8>) -> Event {
        let what = What::Ceremony {
            attempt: 1,
            trustee,
            accused,
        };
        Event {
            index,
            kind,
            at: None,
            what,
        }
    }

    #[test]
    fn the_next_step_names_who_is_waited_for() {
        let mut view = view(3);
        view.next(Phase::Ceremony);
        assert_eq!(
            (view.step, &*view.waiting_for),
            (Step::Commitment, &[1, 2, 3][..])
        );
        for trustee in 1..=3 {
            view.note(&ceremony(
                trustee.into(),
                EntryType::CeremonyCommitment,
                trustee,
                None,
            ));
        }
        view.note(&ceremony(4, EntryType::CeremonyOpening, 2, None));
        view.next(Phase::Ceremony);
        assert_eq!(
            (view.step, &*view.waiting_for),
            (Step::Opening, &[1, 3][..])
        );
        view.note(&ceremony(5, EntryType::CeremonyComplaint, 1, Some(3)));
        view.next(Phase::Ceremony);
        assert_eq!(view.step, Step::Restart);
        assert_eq!(
            view.complaint.as_ref().map(|c| (c.by, c.accused)),
            Some((1, 3))
        );
        let what = What::Restart {
            attempt: 2,
            reason: "complaint".to_owned(),
        };
        view.note(&Event {
            index: 6,
            kind: EntryType::CeremonyRestart,
            at: None,
            what,
        });
        view.next(Phase::Ceremony);
        assert_eq!((view.attempt, view.step), (2, Step::Commitment));
        assert_eq!(view.waiting_for, [1, 2, 3]);
        assert!(view.complaint.is_none());
    }
}
