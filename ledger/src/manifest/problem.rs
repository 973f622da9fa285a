//! What can be wrong with a manifest beyond its encoding (docs/PROTOCOL.md section 10.2, rules 1 to 8).

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

use hanpyo_crypto::contest::KindError;

use super::{Fraction, Rule};
use crate::entry::{ContestNumber, MAX_ENTRY_BYTES, StyleNumber, UnitNumber};
use crate::log::key::KeyError as LogKeyError;
use crate::log::policy::PolicyError;
use crate::signature::{KeyError, Role};

/// A part of the manifest that holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyHolder {
    /// The log.
    Log,
    /// Acknowledgements.
    Acknowledgement,
    /// A role that signs entries.
    Role(Role),
}

impl KeyHolder {
    /// The field of a draft that holds it.
    fn place(self) -> String {
        match self {
            Self::Log => "roles.log".to_owned(),
            Self::Acknowledgement => "roles.acknowledgement".to_owned(),
            Self::Role(Role::Commission) => "roles.commission".to_owned(),
            Self::Role(Role::Tally) => "roles.tally".to_owned(),
            Self::Role(Role::Authority(number)) => {
                format!("roles.authorities[{}].key", number.position())
            }
            Self::Role(Role::Trustee(number)) => {
                format!("roles.trustees[{}].key", number.position())
            }
        }
    }
}

impl core::fmt::Display for KeyHolder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::Acknowledgement => f.write_str("acknowledgement"),
            Self::Role(role) => role.fmt(f),
        }
    }
}

/// One violation of section 10.2, naming the element.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestProblem {
    /// Rule 1.
    #[error(
        "origin {found:?} is not <host>/<tenant>/<election> with a host of [a-z0-9.:-] and the others of [a-z0-9-]"
    )]
    Origin {
        /// The origin.
        found: String,
    },
    /// Rule 2.
    #[error("window {window} closes at {closes}, not after it opens at {opens}")]
    EmptyWindow {
        /// Number of the window, from 0.
        window: usize,
        /// Seconds since 1970.
        opens: u64,
        /// Seconds since 1970.
        closes: u64,
    },
    /// Rule 2.
    #[error(
        "window {window} opens at {opens}, before the one before it closes at {previous_closes}"
    )]
    WindowOrder {
        /// Number of the window, from 0.
        window: usize,
        /// Seconds since 1970.
        opens: u64,
        /// Seconds since 1970.
        previous_closes: u64,
    },
    /// Rule 2.
    #[error(
        "the windows add up to {found} s, the profile gives {expected} s, and the schedule states no override reason"
    )]
    VotingTime {
        /// Seconds of the profile.
        expected: u64,
        /// Seconds of all windows.
        found: u64,
    },
    /// Rule 3.
    #[error("contest {contest}: {reason}")]
    ContestKind {
        /// Which contest.
        contest: ContestNumber,
        /// What does not fit section 5.
        reason: KindError,
    },
    /// Rule 3.
    #[error("contest {contest}: options {first} and {second} are both named {name:?}")]
    SameOption {
        /// Which contest.
        contest: ContestNumber,
        /// Number of one option.
        first: usize,
        /// Number of the other.
        second: usize,
        /// Their name.
        name: String,
    },
    /// Rule 3.
    #[error(
        "contest {contest}: the rule {rule:?} does not fit contests of this kind; it needs {needed}"
    )]
    RuleForKind {
        /// Which contest.
        contest: ContestNumber,
        /// Its rule.
        rule: Rule,
        /// What the rule needs.
        needed: &'static str,
    },
    /// Rule 3.
    #[error("contest {contest}: {found} seats where at most {most} are possible")]
    Seats {
        /// Which contest.
        contest: ContestNumber,
        /// Most seats: the number of options, 1 for majority.
        most: usize,
        /// Seats stated.
        found: usize,
    },
    /// Rule 4.
    #[error("style {style} lists contest {contest}, which does not exist")]
    UnknownContest {
        /// Which style.
        style: StyleNumber,
        /// The number listed.
        contest: ContestNumber,
    },
    /// Rule 4.
    #[error(
        "style {style} lists contest {contest} after {previous}: contests must be distinct and ascending"
    )]
    ContestOrder {
        /// Which style.
        style: StyleNumber,
        /// The number before.
        previous: ContestNumber,
        /// The number after it.
        contest: ContestNumber,
    },
    /// Rule 4.
    #[error("contest {contest} stands in no style: nobody votes on it")]
    ContestWithoutStyle {
        /// Which contest.
        contest: ContestNumber,
    },
    /// Rule 4.
    #[error(
        "style {style}: its {what} entry would have {found} bytes, more than {MAX_ENTRY_BYTES}"
    )]
    BallotSize {
        /// Which style.
        style: StyleNumber,
        /// `ballot` or `posted-challenge`.
        what: &'static str,
        /// Its size.
        found: usize,
    },
    /// Rule 5.
    #[error("unit {unit} has the parent {parent}, which does not come before it")]
    Parent {
        /// Which unit.
        unit: UnitNumber,
        /// Its parent.
        parent: UnitNumber,
    },
    /// Rule 5.
    #[error(
        "a floor of {found} is below {least}, in an election that is no test and does not say that votes may be computable"
    )]
    Floor {
        /// Least floor otherwise allowed.
        least: u32,
        /// Floor stated.
        found: u32,
    },
    /// Rule 6.
    #[error("a quorum of {quorum} of {trustees} trustees: it must be less than all of them")]
    Quorum {
        /// Quorum t.
        quorum: usize,
        /// Trustees n.
        trustees: usize,
    },
    /// Rule 6.
    #[error(
        "a quorum of {quorum} of {trustees} trustees without a witness quorum: it must be more than half of them"
    )]
    DisjointQuorums {
        /// Quorum t.
        quorum: usize,
        /// Trustees n.
        trustees: usize,
    },
    /// Rule 6.
    #[error("key of the {holder}: {reason}")]
    Key {
        /// Whose key.
        holder: KeyHolder,
        /// What is wrong with it.
        reason: KeyError,
    },
    /// Rule 6.
    #[error("key of the log: {reason}")]
    LogKey {
        /// What is wrong with it.
        reason: LogKeyError,
    },
    /// Rule 6.
    #[error("the key of the log is named {found:?}, not {expected:?} as the origin is")]
    LogName {
        /// The origin.
        expected: String,
        /// Name in the vkey.
        found: String,
    },
    /// Rule 6.
    #[error("{first} and {second} have the same key")]
    SameKey {
        /// One holder.
        first: KeyHolder,
        /// The other.
        second: KeyHolder,
    },
    /// Rule 7.
    #[error("witness policy: {reason}")]
    Policy {
        /// What is wrong with it.
        reason: PolicyError,
    },
    /// Rule 7.
    #[error("the witness policy does not name this log first")]
    PolicyLog,
    /// Rule 7.
    #[error("the quorum of the witness policy is neither none nor a group of witnesses")]
    PolicyQuorum,
    /// Rule 7.
    #[error(
        "a threshold of {threshold} of {witnesses} witnesses does not tolerate {faulty} faulty ones: it must be more than half of {witnesses} + {faulty} and at most {witnesses} - {faulty}"
    )]
    PolicyThreshold {
        /// Threshold q.
        threshold: usize,
        /// Witnesses w.
        witnesses: usize,
        /// Faulty ones f.
        faulty: usize,
    },
    /// Rule 8.
    #[error("voters may vote again, which the legal profile {profile:?} does not allow")]
    Revoting {
        /// Identifier of the profile.
        profile: String,
    },
    /// A share of the electorate above all of it.
    #[error("{what} of the legal profile is {}/{}, more than the whole electorate", fraction.numerator, fraction.denominator)]
    Fraction {
        /// `turnout quorum` or `count gate`.
        what: &'static str,
        /// The fraction.
        fraction: Fraction,
    },
}

impl ManifestProblem {
    /// Number of the rule in section 10.2.
    #[must_use]
    pub const fn rule(&self) -> u8 {
        match self {
            Self::Origin { .. } => 1,
            Self::EmptyWindow { .. } | Self::WindowOrder { .. } | Self::VotingTime { .. } => 2,
            Self::ContestKind { .. }
            | Self::SameOption { .. }
            | Self::RuleForKind { .. }
            | Self::Seats { .. } => 3,
            Self::UnknownContest { .. }
            | Self::ContestOrder { .. }
            | Self::ContestWithoutStyle { .. }
            | Self::BallotSize { .. } => 4,
            Self::Parent { .. } | Self::Floor { .. } => 5,
            Self::Quorum { .. }
            | Self::DisjointQuorums { .. }
            | Self::Key { .. }
            | Self::LogKey { .. }
            | Self::LogName { .. }
            | Self::SameKey { .. } => 6,
            Self::Policy { .. }
            | Self::PolicyLog
            | Self::PolicyQuorum
            | Self::PolicyThreshold { .. } => 7,
            Self::Revoting { .. } | Self::Fraction { .. } => 8,
        }
    }

    /// The field of a [draft](super::ManifestDraft) that it is about, as in problems of drafts.
    #[must_use]
    pub fn place(&self) -> String {
        let contest =
            |contest: &ContestNumber, rest: &str| format!("contests[{}]{rest}", contest.position());
        let style = |style: &StyleNumber| format!("styles[{}].contests", style.position());
        match self {
            Self::Origin { .. } => "origin".to_owned(),
            Self::EmptyWindow { window, .. } => format!("schedule.windows[{window}].closes"),
            Self::WindowOrder { window, .. } => format!("schedule.windows[{window}].opens"),
            Self::VotingTime { .. } => "schedule.override_reason".to_owned(),
            Self::ContestKind {
                contest: number, ..
            } => contest(number, ".kind"),
            Self::SameOption {
                contest: number,
                second,
                ..
            } => contest(number, &format!(".options[{second}]")),
            Self::RuleForKind {
                contest: number, ..
            } => contest(number, ".rule"),
            Self::Seats {
                contest: number, ..
            } => contest(number, ".seats"),
            Self::UnknownContest { style: number, .. }
            | Self::ContestOrder { style: number, .. }
            | Self::BallotSize { style: number, .. } => style(number),
            Self::ContestWithoutStyle { .. } => "styles".to_owned(),
            Self::Parent { unit, .. } => format!("units[{}].parent", unit.position()),
            Self::Floor { .. } => "counting.floor".to_owned(),
            Self::Quorum { .. } | Self::DisjointQuorums { .. } => "roles.quorum".to_owned(),
            Self::Key { holder, .. } => holder.place(),
            Self::LogKey { .. } | Self::LogName { .. } => KeyHolder::Log.place(),
            Self::SameKey { second, .. } => second.place(),
            Self::Policy { .. } | Self::PolicyLog | Self::PolicyQuorum => {
                "witnesses.policy".to_owned()
            }
            Self::PolicyThreshold { .. } => "witnesses.faulty".to_owned(),
            Self::Revoting { .. } => "counting.revoting".to_owned(),
            Self::Fraction { .. } => "profile".to_owned(),
        }
    }
}
