//! Ledger errors over HTTP.

use actix_web::http::StatusCode;
use hanpyo_ledger::record::{CheckNumber, Finding};

use crate::cast::CastError;
use crate::db::ballots::Decision;
use crate::problem::{FindingBody, Problem};
use crate::roll::Disagreement;
use crate::sequencer::LedgerError;

/// Seconds after which a client may try again when nothing can be written.
const RETRY_SECONDS: u64 = 5;

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Entry(error) => Self::bad_request().detail(error.to_string()),
            LedgerError::Rejected(findings) => rejected(&findings),
            LedgerError::HasBallot(index) => Self::conflict(
                "has-ballot",
                "The credential has a ballot, so it can no longer be revoked or struck.",
            )
            .detail(format!("credential {index}")),
            LedgerError::StillVoting { .. } => Self::conflict(
                "still-voting",
                "Voting is closed after the closing time and the grace of those who have begun.",
            )
            .detail(error.to_string()),
            LedgerError::Roll(disagreement) => not_our_roll(&disagreement),
            LedgerError::Refused(why) => unprocessable("refused", "The entries were refused.").detail(why),
            LedgerError::Unavailable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "cannot-write",
                "The server cannot write at the moment; reading goes on.",
            )
            .retry_after(RETRY_SECONDS)
            .with_internal(error.to_string()),
            LedgerError::Stopped(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "ledger-stopped",
                "This election's ledger has stopped until an operator has looked at it; reading goes on.",
            )
            .retry_after(60),
            LedgerError::Db(error) => error.into(),
        }
    }
}

fn not_our_roll(disagreement: &Disagreement) -> Problem {
    let problem = match disagreement {
        Disagreement::NoVoters | Disagreement::Unassigned { .. } => Problem::conflict(
            "roll-not-assigned",
            "The roll is sealed after its import, when every voter has a credential.",
        ),
        Disagreement::Changed => Problem::conflict(
            "roll-changed",
            "The roll was changed at the same time; check it and try again.",
        ),
        Disagreement::Total { .. }
        | Disagreement::Unit { .. }
        | Disagreement::Missing(_)
        | Disagreement::Credential { .. } => Problem::conflict(
            "roll-differs",
            "The roll on the board is not the imported roll: the commission does not sign its seal.",
        ),
    };
    problem.detail(disagreement.to_string())
}

fn unprocessable(code: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
}

fn rejected(findings: &[Finding]) -> Problem {
    // Check 2 is about the place of an entry and about signatures; only the former is a matter of
    // the phase.
    let out_of_place = findings
        .iter()
        .any(|finding| finding.check == CheckNumber::Order && finding.what != "signatures");
    let problem = if out_of_place {
        Problem::conflict("wrong-phase", "Such an entry cannot come next.")
    } else {
        unprocessable(
            "check-failed",
            "The entry does not pass the record's checks.",
        )
    };
    let problem = match findings {
        [finding] => problem.detail(finding.to_string()),
        [finding, ..] => problem.detail(format!("{finding}; and more")),
        [] => problem,
    };
    let findings = findings.iter().map(|finding| FindingBody {
        check: finding.check.number(),
        what: finding.what.clone(),
        expected: finding.expected.clone(),
        found: finding.found.clone(),
    });
    problem.with_findings(findings.collect())
}

impl From<CastError> for Problem {
    fn from(error: CastError) -> Self {
        match error {
            CastError::Busy(waiting) => Self::waiting(waiting),
            CastError::Invalid(reason) => {
                unprocessable("invalid-ballot", "The ballot proves nothing.")
                    .detail(reason.to_string())
            }
            CastError::Refused(decision) => refused(&decision),
            CastError::Ledger(error) => error.into(),
        }
    }
}

fn refused(decision: &Decision) -> Problem {
    match decision {
        Decision::NotAccepting => not_open(),
        Decision::OtherDecision => Problem::conflict(
            "decided-otherwise",
            "This ballot was decided otherwise before: what was challenged is not cast and what was cast is not opened.",
        ),
        Decision::AlreadyVoted => {
            Problem::conflict("already-voted", "This voter has cast a ballot already.")
        }
        Decision::StaleCounter { last } => Problem::conflict(
            "stale-counter",
            "The ballot's counter is not above that of the voter's last ballot.",
        )
        .detail(format!("the last counter is {last}")),
        Decision::Revoked => Problem::conflict("revoked", "This credential was revoked."),
        Decision::Struck => Problem::conflict("struck", "This voter votes on paper."),
        Decision::CopiedCiphertext => unprocessable(
            "copied-ciphertext",
            "A ciphertext of this ballot stands in another ballot.",
        ),
        Decision::TooManyChallenges => Problem::conflict(
            "too-many-challenges",
            "This voter has as many posted challenges as are allowed.",
        ),
        // The record said that the ballot cannot count, the database does not: it is behind by a
        // moment, and so is the answer.
        Decision::Unproven | Decision::Taken { .. } => Problem::busy(1),
    }
}

/// 409: outside voting.
pub(super) fn not_open() -> Problem {
    Problem::conflict("not-open", "Ballots are not taken at this time.")
}

/// 409: after voting.
pub(super) fn closed() -> Problem {
    Problem::conflict("closed", "Voting is over.")
}
