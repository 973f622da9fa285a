//! What a check of a record found (docs/PROTOCOL.md section 13).

use std::fmt;

use crate::manifest::OtherLog;

/// Findings kept per check; more are only counted.
pub const KEPT_FINDINGS: usize = 100;

/// The numbered checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CheckNumber {
    /// 1: checkpoint, witnesses, tree, tiles.
    Log = 1,
    /// 2: canonical entries in their place, signed by their roles.
    Order = 2,
    /// 3: the manifest.
    Manifest = 3,
    /// 4: key ceremony and drill.
    Ceremony = 4,
    /// 5: roll, revocations, re-issues, strikes.
    Roll = 5,
    /// 6: every ballot by itself.
    Ballots = 6,
    /// 7: ballots among each other: duplicates, counters, revocation, supersession.
    Duplicates = 7,
    /// 8: posted challenges.
    Challenges = 8,
    /// 9: the encrypted tally.
    EncryptedTally = 9,
    /// 10: partial decryptions and their combination.
    Decryption = 10,
    /// 11: totals, rule, turnout, gate, timing.
    Result = 11,
    /// 12: confirmation codes, receipts and acknowledgements given by the user.
    Given = 12,
}

impl CheckNumber {
    /// All checks in order.
    pub const ALL: [Self; 12] = [
        Self::Log,
        Self::Order,
        Self::Manifest,
        Self::Ceremony,
        Self::Roll,
        Self::Ballots,
        Self::Duplicates,
        Self::Challenges,
        Self::EncryptedTally,
        Self::Decryption,
        Self::Result,
        Self::Given,
    ];

    /// 1 to 12.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    const fn slot(self) -> usize {
        self as usize - 1
    }

    /// Short English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Log => "log: checkpoint, witnesses, tree, tiles",
            Self::Order => "entries: encoding, order, signatures",
            Self::Manifest => "manifest",
            Self::Ceremony => "key ceremony and drill",
            Self::Roll => "roll of credentials",
            Self::Ballots => "ballots: proofs and signatures",
            Self::Duplicates => "ballots: duplicates, counters, revocations",
            Self::Challenges => "posted challenges",
            Self::EncryptedTally => "encrypted tally",
            Self::Decryption => "decryption",
            Self::Result => "result: counts, rule, turnout, timing",
            Self::Given => "codes, receipts and acknowledgements given",
        }
    }

    /// Short Korean name.
    #[must_use]
    pub const fn name_ko(self) -> &'static str {
        match self {
            Self::Log => "원장: 체크포인트, 증인, 트리, 타일",
            Self::Order => "항목: 부호화, 순서, 서명",
            Self::Manifest => "선거 명세",
            Self::Ceremony => "키 생성식과 시험 복호",
            Self::Roll => "자격 명부",
            Self::Ballots => "투표지: 증명과 서명",
            Self::Duplicates => "투표지: 중복, 순번, 취소",
            Self::Challenges => "공개된 확인 투표",
            Self::EncryptedTally => "암호화된 집계",
            Self::Decryption => "복호",
            Self::Result => "결과: 득표, 규칙, 투표율, 시각",
            Self::Given => "제시된 확인 코드, 접수증, 수령 확인서",
        }
    }
}

impl fmt::Display for CheckNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.name_en())
    }
}

/// What a finding means for the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// A fault of the server that the rules of section 10.4 resolve: the entry is not counted, everyone
    /// agrees on that, and the tally may proceed.
    Excluded,
    /// The record cannot be trusted.
    Fatal,
}

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check that failed.
    pub check: CheckNumber,
    /// Index of the entry at fault, if it is one.
    pub entry: Option<u64>,
    /// Whether the rules of section 10.4 resolve it.
    pub severity: Severity,
    /// What was looked at.
    pub what: String,
    /// What it should have been.
    pub expected: String,
    /// What it was.
    pub found: String,
}

impl Finding {
    /// A finding after which the record cannot be trusted.
    #[must_use]
    pub fn fatal(
        check: CheckNumber,
        what: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self {
            check,
            entry: None,
            severity: Severity::Fatal,
            what: what.into(),
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    /// A finding that section 10.4 resolves by not counting the entry.
    #[must_use]
    pub fn excluded(
        check: CheckNumber,
        what: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self {
            severity: Severity::Excluded,
            ..Self::fatal(check, what, expected, found)
        }
    }

    /// Names the entry at fault.
    #[must_use]
    pub fn at(mut self, entry: u64) -> Self {
        self.entry = Some(entry);
        self
    }
}

impl From<OtherLog> for Finding {
    fn from(OtherLog { named, given }: OtherLog) -> Self {
        Self::fatal(CheckNumber::Manifest, "key of the log", given, named)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check {}", self.check.number())?;
        if let Some(entry) = self.entry {
            write!(f, ", entry {entry}")?;
        }
        write!(
            f,
            ": {}: expected {}, found {}",
            self.what, self.expected, self.found
        )?;
        if self.severity == Severity::Excluded {
            f.write_str(" (not counted)")?;
        }
        Ok(())
    }
}

/// Why a check, or a part of it, did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotChecked {
    /// The user gave nothing to check.
    NotGiven,
    /// The manifest does not ask for it (witness quorum `none`).
    NotRequired(String),
    /// The record was declared void before it came to this.
    Void,
    /// The record has not come to this yet.
    Unfinished(String),
    /// The host did not do its part, or something this check builds on is missing.
    Missing(String),
}

impl NotChecked {
    /// Whether a record may pass without this check, unless the reader is strict.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::NotGiven | Self::NotRequired(_) | Self::Void)
    }
}

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGiven => f.write_str("nothing given to check"),
            Self::NotRequired(what) => write!(f, "not required by the manifest: {what}"),
            Self::Void => f.write_str("the record was declared void before"),
            Self::Unfinished(what) => write!(f, "the record is not finished: {what}"),
            Self::Missing(what) => write!(f, "could not be checked: {what}"),
        }
    }
}

/// Outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckStatus {
    /// Everything was checked and is as it must be.
    Pass,
    /// At least one finding.
    Fail {
        /// The first [`KEPT_FINDINGS`] findings.
        findings: Vec<Finding>,
        /// Number of all findings.
        total: u64,
    },
    /// Nothing wrong was found, but all or a part did not run, for these reasons.
    NotChecked(Vec<NotChecked>),
}

/// Outcome of all checks of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    statuses: Vec<CheckStatus>,
    /// Whether any finding is not resolved by exclusion.
    fatal: bool,
    /// Entries read.
    pub entries: u64,
}

impl Report {
    /// Status of one check.
    #[must_use]
    pub fn status(&self, check: CheckNumber) -> &CheckStatus {
        const NOTHING: &CheckStatus = &CheckStatus::NotChecked(Vec::new());
        // `statuses` has one element per check from construction on.
        self.statuses.get(check.slot()).unwrap_or(NOTHING)
    }

    /// All checks in order with their statuses.
    pub fn checks(&self) -> impl Iterator<Item = (CheckNumber, &CheckStatus)> {
        CheckNumber::ALL
            .into_iter()
            .map(|check| (check, self.status(check)))
    }

    /// The kept findings of all checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks().flat_map(|(_, status)| match status {
            CheckStatus::Fail { findings, .. } => findings.as_slice(),
            CheckStatus::Pass | CheckStatus::NotChecked(_) => &[],
        })
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<CheckNumber> {
        self.checks()
            .filter(|(_, status)| matches!(status, CheckStatus::Fail { .. }))
            .map(|(check, _)| check)
            .collect()
    }

    /// Whether nothing failed and everything ran that had to. A strict reader also refuses every check
    /// that did not run.
    #[must_use]
    pub fn passes(&self, strict: bool) -> bool {
        self.statuses.iter().all(|status| match status {
            CheckStatus::Pass => true,
            CheckStatus::Fail { .. } => false,
            CheckStatus::NotChecked(parts) => !strict && parts.iter().all(NotChecked::may_pass),
        })
    }

    /// Whether some finding is more than an entry that the rules exclude from the count. Trustees and
    /// the tally refuse to proceed then.
    #[must_use]
    pub const fn has_fatal(&self) -> bool {
        self.fatal
    }
}

/// Collects findings while a record is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    kept: Vec<Finding>,
    totals: [u64; 12],
    fatal: bool,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        self.fatal |= finding.severity == Severity::Fatal;
        let Some(total) = self.totals.get_mut(finding.check.slot()) else {
            return;
        };
        if usize::try_from(*total).is_ok_and(|total| total < KEPT_FINDINGS) {
            self.kept.push(finding);
        }
        *total += 1;
    }

    pub(crate) fn has_fatal(&self) -> bool {
        self.fatal
    }

    pub(crate) fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// `not_checked` says of a check without findings why it did not run, or not in full.
    pub(crate) fn report(
        &self,
        entries: u64,
        not_checked: impl Fn(CheckNumber) -> Vec<NotChecked>,
    ) -> Report {
        let statuses = CheckNumber::ALL
            .into_iter()
            .map(|check| {
                let total = self.totals.get(check.slot()).copied().unwrap_or(0);
                if total > 0 {
                    let of_check = self.kept.iter().filter(|finding| finding.check == check);
                    CheckStatus::Fail {
                        findings: of_check.cloned().collect(),
                        total,
                    }
                } else {
                    match not_checked(check) {
                        parts if parts.is_empty() => CheckStatus::Pass,
                        parts => CheckStatus::NotChecked(parts),
                    }
                }
            })
            .collect();
        Report {
            statuses,
            fatal: self.fatal,
            entries,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_capped_but_all_counted() {
        let mut findings = Findings::default();
        for entry in 0..250 {
            findings.add(Finding::excluded(CheckNumber::Ballots, "proof", 1, 2).at(entry));
        }
        let report = findings.report(250, |_| Vec::new());
        assert_eq!(report.failed(), [CheckNumber::Ballots]);
        assert_eq!(report.findings().count(), KEPT_FINDINGS);
        let CheckStatus::Fail { total, .. } = report.status(CheckNumber::Ballots) else {
            panic!("must fail")
        };
        assert_eq!(*total, 250);
        assert!(!report.has_fatal());
        findings.add(Finding::fatal(CheckNumber::Roll, "seal", 1, 2));
        assert!(findings.report(250, |_| Vec::new()).has_fatal());
    }

    #[test]
    fn only_inputs_not_given_or_not_required_may_pass() {
        let one = |reason: NotChecked| {
            Findings::default().report(1, |check| {
                let parts = (check == CheckNumber::Given).then(|| reason.clone());
                parts.into_iter().collect()
            })
        };
        assert!(one(NotChecked::NotGiven).passes(false));
        assert!(!one(NotChecked::NotGiven).passes(true));
        assert!(!one(NotChecked::Unfinished("no result".into())).passes(false));
        assert!(!one(NotChecked::Missing("no checkpoint".into())).passes(false));
        assert!(Findings::default().report(1, |_| Vec::new()).passes(true));
    }
}
