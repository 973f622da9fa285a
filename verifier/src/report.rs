//! The outcome of a run as data: what `--json` prints (docs/VERIFIER.md describes every field) and what
//! [`crate::text`] puts into words.

use hanpyo_ledger::record::{
    CheckStatus, CodeStatus, Finding as LedgerFinding, NotChecked as LedgerNotChecked, Severity,
};
use serde::Serialize;

use crate::lang::Bilingual;

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

/// Answers about what the user gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GivenFacts {
    /// Confirmation codes, in their order.
    pub codes: Vec<CodeFacts>,
    /// Receipts, in their order.
    pub receipts: Vec<ReceiptFacts>,
    /// Acknowledgements, in their order.
    pub acknowledgements: Vec<AcknowledgementFacts>,
}

/// A confirmation code.
#[derive(Clone, Debug, Serialize)]
pub struct CodeFacts {
    /// As read.
    pub code: String,
    /// Where its ballot is.
    #[serde(flatten)]
    pub ballot: BallotFacts,
}

/// Where a ballot is and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum BallotFacts {
    /// Not in the record.
    NotFound,
    /// It counts.
    Counted {
        /// Its entry.
        entry: u64,
    },
    /// The voter voted again; the later ballot counts.
    Superseded {
        /// Its entry.
        entry: u64,
        /// The entry of the ballot that counts.
        by: u64,
    },
    /// The voter had it opened instead of casting it.
    Challenged {
        /// Its entry.
        entry: u64,
    },
    /// In the record, but not counted.
    NotCounted {
        /// Its entry.
        entry: u64,
        /// Why.
        why: String,
    },
}

impl From<CodeStatus> for BallotFacts {
    fn from(status: CodeStatus) -> Self {
        match status {
            CodeStatus::NotFound => Self::NotFound,
            CodeStatus::Counted { entry } => Self::Counted { entry },
            CodeStatus::Superseded { entry, by } => Self::Superseded { entry, by },
            CodeStatus::Challenged { entry } => Self::Challenged { entry },
            CodeStatus::NotCounted { entry, why } => Self::NotCounted { entry, why },
        }
    }
}

/// A receipt.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptFacts {
    /// The file.
    pub file: String,
    /// Entry that it names.
    pub entry: u64,
    /// Whether it proves anything: signed, cosigned, its entry in its tree.
    pub valid: bool,
    /// Whether its ballot counts; none if it is not valid or of no ballot.
    pub ballot: Option<BallotFacts>,
}

/// An acknowledgement.
#[derive(Clone, Debug, Serialize)]
pub struct AcknowledgementFacts {
    /// The file.
    pub file: String,
    /// Confirmation code of its ballot.
    pub code: String,
    /// Whether the ballot is in the record.
    pub in_record: bool,
}

/// What the record says of the election.
#[derive(Clone, Debug, Serialize)]
pub struct ElectionFacts {
    /// Title.
    pub title: Bilingual,
    /// Whether the manifest says it is a test.
    pub test: bool,
    /// Manifest hash mh in hexadecimal, to be compared with the one announced.
    pub manifest_hash: String,
    /// How far the record has come.
    pub phase: Phase,
    /// First second of voting, since 1970.
    pub opens: u64,
    /// End of voting, since 1970; re-dated if it was.
    pub closes: u64,
    /// Number of credentials in the sealed roll, the commission's announced electorate. Only people can
    /// compare it with the official announcement.
    pub electorate: Option<u64>,
    /// Who took part.
    pub turnout: TurnoutFacts,
    /// Turnout of each reporting unit.
    pub units: Vec<UnitFacts>,
    /// The contests.
    pub contests: Vec<ContestFacts>,
}

/// How far a record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Manifest, key ceremony and drill.
    KeyCeremony,
    /// The roll is being published.
    Roll,
    /// The roll is sealed, voting has not begun.
    Sealed,
    /// Voting.
    Voting,
    /// Voting is over.
    Tally,
    /// The result is there.
    Finished,
    /// Declared void.
    Void,
    /// The record cannot be followed.
    Unusable,
}

/// Who took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TurnoutFacts {
    /// Voters with a counted ballot.
    pub ballots: u64,
    /// Paper votes.
    pub paper: u64,
}

/// Turnout of a reporting unit itself, without the units below it.
#[derive(Clone, Debug, Serialize)]
pub struct UnitFacts {
    /// Number in the manifest.
    pub unit: u16,
    /// Title.
    pub title: Bilingual,
    /// The unit it belongs to.
    pub parent: Option<u16>,
    /// Credentials.
    pub electorate: u64,
    /// Voters with a counted ballot.
    pub ballots: u64,
    /// Paper votes.
    pub paper: u64,
}

/// A contest and its result.
#[derive(Clone, Debug, Serialize)]
pub struct ContestFacts {
    /// Number in the manifest.
    pub contest: u16,
    /// Title.
    pub title: Bilingual,
    /// Kind.
    pub kind: Kind,
    /// Rule.
    pub rule: Rule,
    /// Seats.
    pub seats: u16,
    /// Weight of all counted ballots that hold the contest, once voting is over.
    pub weight: Option<u64>,
    /// Options in their order.
    pub options: Vec<OptionFacts>,
    /// What became of it, once there is a result.
    pub outcome: Option<OutcomeFacts>,
    /// Results by group of reporting units.
    pub groups: Vec<GroupFacts>,
}

/// Kind of a contest (docs/PROTOCOL.md section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Exactly one option, or none if `blank`.
    ChooseOne {
        /// Whether a blank vote is allowed.
        blank: bool,
    },
    /// `min` to `max` options.
    Choose {
        /// Least number.
        min: u64,
        /// Greatest number.
        max: u64,
    },
    /// A score for each option.
    Score {
        /// Highest score.
        highest: u64,
        /// Whether options may stay unanswered.
        unanswered: bool,
    },
    /// Options in order of preference.
    Rank {
        /// Ranks that may be given.
        ranks: u64,
    },
    /// None of these; check 3 fails.
    Unknown,
}

/// How a contest is decided (docs/PROTOCOL.md section 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// More than half.
    Majority,
    /// Most votes.
    Plurality,
    /// Highest mean.
    Mean,
    /// Most Borda points.
    Borda,
    /// Most first preferences.
    FirstPreferences,
}

/// An option and its totals.
#[derive(Clone, Debug, Serialize)]
pub struct OptionFacts {
    /// Title.
    pub title: Bilingual,
    /// Empty before there is a result, or if it is withheld. Otherwise for a choice the votes; for a
    /// score the sum and, if options may stay unanswered, the number of answers; for a ranking the
    /// votes at each rank.
    pub totals: Vec<u64>,
}

/// What became of a contest.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeFacts {
    /// Decided, or why not.
    pub status: OutcomeStatus,
    /// Winning options, from 0.
    pub winners: Vec<u16>,
}

/// What became of a contest (docs/PROTOCOL.md section 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeStatus {
    /// There are winners.
    Decided,
    /// Too few voted for a decision.
    QuorumNotMet,
    /// Equal votes.
    Tied,
    /// Too few voted for a count.
    NotCounted,
    /// Too few ballots to publish anything.
    Withheld,
    /// No option has a majority.
    NoMajority,
}

/// The result of one group of reporting units.
#[derive(Clone, Debug, Serialize)]
pub struct GroupFacts {
    /// Units, ascending.
    pub units: Vec<u16>,
    /// Counted ballots.
    pub ballots: u64,
    /// Sum at each of the contest's positions; empty before there is a result.
    pub values: Vec<u64>,
}
