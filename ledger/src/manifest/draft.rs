//! A manifest as people write it: JSON with readable names, complete or not yet (feature `json`).
//!
//! ```
//! use hanpyo_ledger::manifest::ManifestDraft;
//!
//! let error = ManifestDraft::from_json(r#"{"titel": {"ko": "급식"}}"#).unwrap_err();
//! assert!(error.to_string().contains("unknown field `titel`"));
//! ```
//! All fields are listed in [`ManifestDraft`]; an example is in `ledger/tests/manifest_draft.json`.

use alloc::string::String;
use alloc::vec::Vec;

mod read;
mod write;

use serde::{Deserialize, Serialize};

use super::{Disclosure, Rule};

pub use read::{DraftProblem, DraftProblems};
pub use write::UnknownParameters;

/// Why a text is no manifest draft.
#[derive(Debug, thiserror::Error)]
#[error("manifest draft: {0}")]
pub struct DraftSyntax(#[from] serde_json::Error);

/// A manifest to be: [`ManifestDraft::to_manifest`] reports all that is missing or out of range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestDraft {
    /// `<host>/<tenant>/<election>`; usually filled in by the server.
    #[serde(default)]
    pub origin: Option<String>,
    /// Title of the election.
    pub title: BilingualDraft,
    /// Official notice.
    pub notice: BilingualDraft,
    /// Rules of law.
    pub profile: ProfileDraft,
    /// When voting takes place.
    pub schedule: ScheduleDraft,
    /// Contests from 0.
    pub contests: Vec<ContestDraft>,
    /// Ballot styles from 0; left out: one style with all contests.
    #[serde(default)]
    pub styles: Option<Vec<StyleDraft>>,
    /// Reporting units from 0.
    pub units: Vec<UnitDraft>,
    /// How ballots are counted.
    pub counting: CountingDraft,
    /// Who signs what.
    #[serde(default)]
    pub roles: RolesDraft,
    /// Who watches the log; left out: nobody (`quorum none`).
    #[serde(default)]
    pub witnesses: Option<WitnessesDraft>,
    /// Who may read the record.
    #[serde(default = "public")]
    pub disclosure: Disclosure,
    /// SHA-256 of the asset manifest in hex.
    #[serde(default)]
    pub assets: Option<String>,
    /// Whether this is a test election.
    #[serde(default)]
    pub test: bool,
}

const fn public() -> Disclosure {
    Disclosure::Public
}

/// Korean and, if there is any, English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BilingualDraft {
    /// Korean.
    pub ko: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

/// A profile of [`profiles`](super::profiles) by its identifier alone, or one with a basis of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileDraft {
    /// Identifier.
    pub id: String,
    /// Legal basis; left out: all of the profile with this identifier is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<BilingualDraft>,
    /// Turnout below which nothing is decided, as `"1/4"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnout_quorum: Option<String>,
    /// Turnout below which votes are not counted, as `"1/3"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_gate: Option<String>,
    /// Length of all voting windows together, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voting_seconds: Option<u64>,
    /// Whether voters may be allowed to vote again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoting_allowed: Option<bool>,
}

/// When voting takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDraft {
    /// Voting windows in order.
    pub windows: Vec<WindowDraft>,
    /// Seconds after closing in which begun votes may still be submitted.
    #[serde(default)]
    pub grace_seconds: u64,
    /// Why the windows do not have the length that the profile fixes.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// One interval of voting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowDraft {
    /// Seconds since 1970-01-01 UTC.
    pub opens: u64,
    /// Seconds since 1970-01-01 UTC.
    pub closes: u64,
}

/// A question put to the voters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContestDraft {
    /// Title.
    pub title: BilingualDraft,
    /// Options, in the order drawn by lot.
    pub options: Vec<BilingualDraft>,
    /// How it is voted on.
    pub kind: KindDraft,
    /// How it is decided.
    pub rule: Rule,
    /// Number of options that win.
    #[serde(default = "one")]
    pub seats: u64,
}

const fn one() -> u64 {
    1
}

/// How a contest is voted on (section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum KindDraft {
    /// Exactly one option.
    ChooseOne {
        /// Whether none is allowed too.
        #[serde(default)]
        blank: bool,
    },
    /// Some options.
    Choose {
        /// At least so many.
        min: u64,
        /// At most so many.
        max: u64,
    },
    /// A score for each option.
    Score {
        /// Highest score S.
        max: u64,
        /// Bound on the sum of all scores.
        #[serde(default)]
        total: Option<TotalDraft>,
        /// Whether options may be left without a score.
        #[serde(default)]
        unanswered: bool,
    },
    /// Options in order of preference.
    Rank {
        /// At least so many ranks.
        min: u64,
        /// At most so many ranks.
        max: u64,
    },
}

/// A bound on the sum of all scores of a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TotalDraft {
    /// At most this.
    AtMost(u64),
    /// Exactly this.
    Exactly(u64),
}

/// The contests that some voters vote on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleDraft {
    /// Title.
    pub title: BilingualDraft,
    /// Numbers of contests, ascending.
    pub contests: Vec<u64>,
}

/// A reporting unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitDraft {
    /// Title.
    pub title: BilingualDraft,
    /// Number of the unit it belongs to.
    #[serde(default)]
    pub parent: Option<u64>,
}

/// How ballots are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountingDraft {
    /// Least number of ballots that may be published together.
    pub floor: u64,
    /// Whether the votes of single weights may be computable from the result.
    #[serde(default)]
    pub votes_computable: bool,
    /// Whether voters may vote again.
    #[serde(default)]
    pub revoting: bool,
}

/// Who signs what. Keys are in hex; those that are missing can be filled in later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesDraft {
    /// vkey of the log.
    #[serde(default)]
    pub log: Option<String>,
    /// Key of acknowledgements.
    #[serde(default)]
    pub acknowledgement: Option<String>,
    /// Key of the commission.
    #[serde(default)]
    pub commission: Option<String>,
    /// Credential authorities.
    #[serde(default)]
    pub authorities: Vec<OfficerDraft>,
    /// Trustees.
    #[serde(default)]
    pub trustees: Vec<OfficerDraft>,
    /// Number of trustees needed to decrypt.
    #[serde(default)]
    pub quorum: Option<u64>,
    /// Key of the tally operator.
    #[serde(default)]
    pub tally: Option<String>,
}

/// A person or body holding a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerDraft {
    /// Name.
    pub name: String,
    /// Verifying key in hex.
    #[serde(default)]
    pub key: Option<String>,
}

/// Who must have cosigned a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessesDraft {
    /// C2SP tlog-policy.
    pub policy: String,
    /// Number of faulty witnesses tolerated.
    #[serde(default)]
    pub faulty: u64,
}

impl ManifestDraft {
    /// Reads a draft.
    ///
    /// # Errors
    /// [`DraftSyntax`] names the line and the field.
    pub fn from_json(json: &str) -> Result<Self, DraftSyntax> {
        // Some editors begin UTF-8 files with a byte order mark.
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        Ok(serde_json::from_str(json)?)
    }

    /// The draft as indented JSON.
    ///
    /// # Errors
    /// [`DraftSyntax`] if it cannot be written.
    pub fn to_json(&self) -> Result<String, DraftSyntax> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}
