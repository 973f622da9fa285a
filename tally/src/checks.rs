//! Which of the numbered checks must have passed before a role acts.

use hanpyo_ledger::record::{CheckNumber, CheckStatus, NotChecked, Report, Severity};
use thiserror::Error;

/// Checks up to the key ceremony: what must hold before anyone trusts the joint key.
pub const UP_TO_CEREMONY: &[CheckNumber] = &[
    CheckNumber::Log,
    CheckNumber::Order,
    CheckNumber::Manifest,
    CheckNumber::Ceremony,
];

/// Checks up to the roll.
pub const UP_TO_ROLL: &[CheckNumber] = &[
    CheckNumber::Log,
    CheckNumber::Order,
    CheckNumber::Manifest,
    CheckNumber::Ceremony,
    CheckNumber::Roll,
];

/// Checks up to the encrypted tally: what must hold before a share is used.
pub const UP_TO_TALLY: &[CheckNumber] = &[
    CheckNumber::Log,
    CheckNumber::Order,
    CheckNumber::Manifest,
    CheckNumber::Ceremony,
    CheckNumber::Roll,
    CheckNumber::Ballots,
    CheckNumber::Duplicates,
    CheckNumber::Challenges,
    CheckNumber::EncryptedTally,
];

/// Checks up to posted challenges: what must hold before sums are published.
pub const UP_TO_CHALLENGES: &[CheckNumber] = &[
    CheckNumber::Log,
    CheckNumber::Order,
    CheckNumber::Manifest,
    CheckNumber::Ceremony,
    CheckNumber::Roll,
    CheckNumber::Ballots,
    CheckNumber::Duplicates,
    CheckNumber::Challenges,
];

/// A check that stands in the way.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CheckRefusal {
    /// A check failed.
    #[error("check {} failed on the board: {finding}{}", .check.number(), more(*.further))]
    Failed {
        /// Which.
        check: CheckNumber,
        /// The first finding.
        finding: String,
        /// Number of further ones.
        further: u64,
    },
    /// A check did not run, or not in full.
    #[error("check {} did not run: {reason}", .check.number())]
    NotChecked {
        /// Which.
        check: CheckNumber,
        /// Why not.
        reason: String,
    },
}

fn more(further: u64) -> String {
    if further == 0 {
        String::new()
    } else {
        format!(" (and {further} more)")
    }
}

/// Whether a record may still be growing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// What the record has not come to yet is no objection.
    Growing,
    /// All of each check must have run, but for the order of entries that are still to come.
    Complete,
}

/// Ballot entries that the rules exclude from the count, each a fault of the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excluded {
    /// Number of them.
    pub total: u64,
    /// The first, in words.
    pub first: String,
}

/// Refuses unless these checks have passed, entries excluded by rule apart.
///
/// # Errors
/// [`CheckRefusal`] with the first check that stands in the way.
pub fn require(
    report: &Report,
    checks: &[CheckNumber],
    progress: Progress,
) -> Result<Excluded, CheckRefusal> {
    let mut excluded = Excluded::default();
    for &check in checks {
        match report.status(check) {
            CheckStatus::Pass => {}
            CheckStatus::NotChecked(reasons) => {
                let objection = reasons.iter().find(|reason| match reason {
                    // The order of entries is never finished before the last one.
                    NotChecked::Unfinished(_) => {
                        progress == Progress::Complete && check != CheckNumber::Order
                    }
                    reason => !reason.may_pass(),
                });
                if let Some(reason) = objection {
                    return Err(CheckRefusal::NotChecked {
                        check,
                        reason: reason.to_string(),
                    });
                }
            }
            CheckStatus::Fail {
                findings, total, ..
            } => {
                let fatal = findings
                    .iter()
                    .find(|finding| finding.severity == Severity::Fatal);
                // Findings beyond those kept may be fatal too.
                let hidden = *total > findings.len() as u64 && report.has_fatal();
                let shown = fatal
                    .or_else(|| findings.first())
                    .map(ToString::to_string)
                    .unwrap_or_default();
                if fatal.is_some() || hidden || findings.is_empty() {
                    return Err(CheckRefusal::Failed {
                        check,
                        finding: shown,
                        further: total.saturating_sub(1),
                    });
                }
                if excluded.total == 0 {
                    excluded.first = shown;
                }
                excluded.total += total;
            }
        }
    }
    Ok(excluded)
}
