//! The numbered checks, as the command line prints them.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_ledger::record::{CheckStatus, CodeStatus, Finding, NotChecked, Phase, Severity};

use crate::failure::Failure;
use crate::observer::Observer;
use crate::state::State;
use crate::wire::Number;
use crate::{choice, request, response, union};

request! {
    /// Which observer.
    ObserverReport {
        /// Handle of the observer.
        observer: u32,
    }
}

choice! {
    /// Outcome of all checks.
    Verdict {
        /// Everything that had to be checked was, and is as it must be.
        Pass = "pass",
        /// Everything that had to be checked was, up to the entry that declares the record void.
        Void = "void",
        /// A check failed.
        Fail = "fail",
        /// Nothing is wrong so far, but something that has to be checked was not yet.
        Incomplete = "incomplete",
    }
}

response! {
    /// One thing that is not as it must be.
    CheckFinding {
        /// Index of the entry at fault.
        entry: Option<Number>,
        /// Whether the rules resolve it by not counting the entry.
        excluded: bool,
        /// What was looked at.
        what: String,
        /// What it should have been.
        expected: String,
        /// What it was.
        found: String,
    }
}

choice! {
    /// Why a check, or a part of it, did not run.
    NotCheckedReason {
        /// Nothing was given to check.
        NotGiven = "not_given",
        /// The manifest does not ask for it.
        NotRequired = "not_required",
        /// The record was declared void before.
        Void = "void",
        /// The record has not come to this yet.
        Unfinished = "unfinished",
        /// Something that this check builds on is missing.
        Missing = "missing",
    }
}

response! {
    /// A part of a check that did not run.
    NotCheckedPart {
        /// Why.
        reason: NotCheckedReason,
        /// In words.
        detail: String,
    }
}

choice! {
    /// Outcome of one check.
    CheckOutcome {
        /// Everything was checked and is as it must be.
        Pass = "pass",
        /// At least one finding.
        Fail = "fail",
        /// Nothing wrong was found, but all or a part did not run.
        NotChecked = "not_checked",
    }
}

response! {
    /// One of the twelve checks.
    NumberedCheck {
        /// 1 to 12.
        number: u8,
        /// Name in Korean.
        name_ko: String,
        /// Name in English.
        name_en: String,
        /// Outcome.
        outcome: CheckOutcome,
        /// The first hundred findings.
        findings: Vec<CheckFinding>,
        /// Number of all findings.
        total: Number,
        /// What did not run.
        not_checked: Vec<NotCheckedPart>,
    }
}

union! {
    /// What became of a ballot that was looked for.
    FoundBallot {
        /// Not in the record so far.
        NotFound = "not_found" {},
        /// The ballot counts.
        Counted = "counted" { entry: Number },
        /// The voter voted again later, which counts.
        Superseded = "superseded" { entry: Number, by: Number },
        /// The voter had it opened instead of casting it.
        Challenged = "challenged" { entry: Number },
        /// In the record, but not counted.
        NotCounted = "not_counted" { entry: Number, why: String },
    }
}

response! {
    /// The report.
    ObserverReportView {
        /// Outcome of all checks.
        verdict: Verdict,
        /// Entries read.
        entries: Number,
        /// The checks in order.
        checks: Vec<NumberedCheck>,
        /// What became of the codes given, in their order.
        codes: Vec<FoundBallot>,
        /// Whether the ballot of each acknowledgement given is in the record so far.
        acknowledged: Vec<bool>,
    }
}

/// Reports on the entries read so far.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: ObserverReport) -> Result<ObserverReportView, Failure> {
    let observer = state.observer(request.observer)?;
    let checker = observer.checker();
    let report = checker.report();
    let verdict = if report.passes(false) && checker.phase() == Phase::Void {
        Verdict::Void
    } else if report.passes(false) {
        Verdict::Pass
    } else if report.failed().is_empty() {
        Verdict::Incomplete
    } else {
        Verdict::Fail
    };
    let check = |(number, status): (hanpyo_ledger::record::CheckNumber, &CheckStatus)| {
        let mut check = NumberedCheck {
            number: number.number(),
            name_ko: number.name_ko().to_owned(),
            name_en: number.name_en().to_owned(),
            outcome: CheckOutcome::Pass,
            findings: Vec::new(),
            total: Number::from(0_u64),
            not_checked: Vec::new(),
        };
        match status {
            CheckStatus::Pass => {}
            CheckStatus::Fail { findings, total } => {
                check.outcome = CheckOutcome::Fail;
                check.findings = findings.iter().map(finding).collect();
                check.total = (*total).into();
            }
            CheckStatus::NotChecked(parts) => {
                check.outcome = CheckOutcome::NotChecked;
                check.not_checked = parts
                    .iter()
                    .map(|part| not_checked(observer, part))
                    .collect();
            }
        }
        check
    };
    Ok(ObserverReportView {
        verdict,
        entries: report.entries.into(),
        checks: report.checks().map(check).collect(),
        codes: checker
            .codes()
            .into_iter()
            .map(|(_, status)| code(status))
            .collect(),
        acknowledged: checker.acknowledged(),
    })
}

fn finding(finding: &Finding) -> CheckFinding {
    CheckFinding {
        entry: finding.entry.map(Number::from),
        excluded: finding.severity == Severity::Excluded,
        what: finding.what.clone(),
        expected: finding.expected.clone(),
        found: finding.found.clone(),
    }
}

fn not_checked(observer: &Observer, part: &NotChecked) -> NotCheckedPart {
    let reason = match part {
        NotChecked::NotGiven => NotCheckedReason::NotGiven,
        NotChecked::NotRequired(_) => NotCheckedReason::NotRequired,
        NotChecked::Void => NotCheckedReason::Void,
        // The record is not unfinished, only unreadable from here on.
        NotChecked::Unfinished(_) if observer.stopped().is_some() => NotCheckedReason::Missing,
        NotChecked::Unfinished(_) => NotCheckedReason::Unfinished,
        NotChecked::Missing(_) => NotCheckedReason::Missing,
    };
    let unread = matches!(part, NotChecked::Unfinished(_) | NotChecked::Missing(_));
    let detail = if unread && observer.stopped().is_some() {
        let read = observer.checker().size();
        format!("only {read} entries could be read as they were signed")
    } else {
        part.to_string()
    };
    NotCheckedPart { reason, detail }
}

fn code(status: CodeStatus) -> FoundBallot {
    match status {
        CodeStatus::NotFound => FoundBallot::NotFound {},
        CodeStatus::Counted { entry } => FoundBallot::Counted {
            entry: entry.into(),
        },
        CodeStatus::Superseded { entry, by } => FoundBallot::Superseded {
            entry: entry.into(),
            by: by.into(),
        },
        CodeStatus::Challenged { entry } => FoundBallot::Challenged {
            entry: entry.into(),
        },
        CodeStatus::NotCounted { entry, why } => FoundBallot::NotCounted {
            entry: entry.into(),
            why,
        },
    }
}
