//! The outcome of a run as data: what `--json` prints (docs/VERIFIER.md describes every field) and what
//! [`crate::text`] puts into words.

mod election;
mod given;

use hanpyo_ledger::record::{
    CheckStatus, Finding as LedgerFinding, NotChecked as LedgerNotChecked, Severity,
};
use serde::Serialize;

pub use election::{
    ContestFacts, ElectionFacts, GroupFacts, Kind, OptionFacts, OutcomeFacts, OutcomeStatus, Phase,
    Rule, TurnoutFacts, UnitFacts,
};
pub use given::{AcknowledgementFacts, BallotFacts, CodeFacts, GivenFacts, ReceiptFacts};

/// Name and version of the JSON format. A reader may rely on every field as long as it stays.
pub const FORMAT: &str = "hanpyo-verify/1";

/// Everything a run found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// The answer.
    pub verdict: Verdict,
    /// Whether checks that did not run count as failures.
    pub strict: bool,
    /// What was read.
    pub record: RecordFacts,
    /// The numbered checks, 1 to 12.
    pub checks: Vec<Check>,
    /// What the user gave to look for.
    pub given: GivenFacts,
    /// What the record says; none without a usable manifest. Only to be believed if the verdict is
    /// `pass`.
    pub election: Option<ElectionFacts>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that had to be checked was, and is as it must be.
    Pass,
    /// A check failed.
    Fail,
    /// Nothing wrong was found, but something that had to be checked could not be: the record is not
    /// finished, or, with `strict`, any check did not run.
    Incomplete,
    /// Nothing wrong was found in an election that the commission declared void: there is no result.
    Void,
}

impl Verdict {
    /// 0 or 1.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail | Self::Incomplete | Self::Void => 1,
        }
    }
}

/// What was read, and who vouches for it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordFacts {
    /// Folder or URL.
    pub place: String,
    /// Key of the log, as given.
    pub vkey: String,
    /// Entries under the checkpoint; none if the log did not sign it.
    pub size: Option<u64>,
    /// Root hash of the checkpoint in base64.
    pub root: Option<String>,
    /// Entries that were read and checked.
    pub entries_read: u64,
    /// Witness policies that the checkpoint had to keep.
    pub policies: Vec<PolicyFacts>,
}

/// A witness policy and how the checkpoint fared.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyFacts {
    /// The user's file; none for the manifest's policy.
    pub file: Option<String>,
    /// Number of witnesses it names.
    pub witnesses: usize,
    /// Whether it needs any cosignature (`false` is quorum `none`).
    pub quorum_required: bool,
    /// Whether the checkpoint keeps it.
    pub accepted: bool,
    /// When enough witnesses had cosigned, in seconds since 1970.
    pub quorum_time: Option<u64>,
    /// Witnesses that cosigned.
    pub cosigned_by: Vec<CosignedBy>,
}

/// One witness's cosignature.
#[derive(Clone, Debug, Serialize)]
pub struct CosignedBy {
    /// Its name in the policy.
    pub name: String,
    /// Seconds since 1970.
    pub time: u64,
}

/// One numbered check.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// 1 to 12.
    pub number: u8,
    /// English name.
    pub name: &'static str,
    /// How it came out.
    pub status: Status,
    /// Number of all findings.
    pub findings_total: u64,
    /// The first of them, at most 100.
    pub findings: Vec<Finding>,
    /// Why it, or a part of it, did not run.
    pub not_checked: Vec<NotChecked>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing wrong.
    Pass,
    /// At least one finding.
    Fail,
    /// Nothing wrong was found, but all or a part did not run.
    NotChecked,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Index of the entry at fault.
    pub entry: Option<u64>,
    /// What was looked at.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
    /// Whether the rules resolve it: the entry is not counted, and all agree on that.
    pub excluded: bool,
}

impl From<&LedgerFinding> for Finding {
    fn from(finding: &LedgerFinding) -> Self {
        Self {
            entry: finding.entry,
            what: finding.what.clone(),
            expected: finding.expected.clone(),
            found: finding.found.clone(),
            excluded: finding.severity == Severity::Excluded,
        }
    }
}

/// Why something was not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// The kind of reason.
    pub reason: Reason,
    /// The reason in words, if there is more to say.
    pub detail: Option<String>,
}

/// Kinds of reasons why something was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The user gave nothing to look for.
    NotGiven,
    /// The manifest does not ask for it.
    NotRequired,
    /// The record was declared void before.
    Void,
    /// The record has not come to this yet.
    Unfinished,
    /// What it needs could not be read or is unusable.
    Missing,
}

impl From<&LedgerNotChecked> for NotChecked {
    fn from(reason: &LedgerNotChecked) -> Self {
        use LedgerNotChecked as L;
        let (reason, detail) = match reason {
            L::NotGiven => (Reason::NotGiven, None),
            L::NotRequired(what) => (Reason::NotRequired, Some(what.clone())),
            L::Void => (Reason::Void, None),
            L::Unfinished(what) => (Reason::Unfinished, Some(what.clone())),
            L::Missing(what) => (Reason::Missing, Some(what.clone())),
        };
        Self { reason, detail }
    }
}

impl Check {
    /// A check of the ledger's report.
    pub(crate) fn new(check: hanpyo_ledger::record::CheckNumber, status: &CheckStatus) -> Self {
        let mut out = Self {
            number: check.number(),
            name: check.name_en(),
            status: Status::Pass,
            findings_total: 0,
            findings: Vec::new(),
            not_checked: Vec::new(),
        };
        match status {
            CheckStatus::Pass => {}
            CheckStatus::Fail { findings, total } => {
                out.status = Status::Fail;
                out.findings_total = *total;
                out.findings = findings.iter().map(Finding::from).collect();
            }
            CheckStatus::NotChecked(parts) => {
                out.status = Status::NotChecked;
                out.not_checked = parts.iter().map(NotChecked::from).collect();
            }
        }
        out
    }
}
