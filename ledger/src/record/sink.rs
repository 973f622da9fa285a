//! Where the rules put what they find wrong with one entry.

use super::report::{CheckNumber, Finding};

/// Findings about one entry, and whether it can be applied all the same.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    findings: Vec<Finding>,
    refused: bool,
}

impl Sink {
    /// Something is wrong, but the entry still says what it does: reading on as if it were right finds
    /// further faults instead of consequences of this one.
    pub(crate) fn note(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Something is wrong and the entry has no effect.
    pub(crate) fn refuse(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.refused = true;
    }

    /// The entry does not stand in its place (docs/PROTOCOL.md section 10.3).
    pub(crate) fn out_of_place(
        &mut self,
        what: impl Into<String>,
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) {
        self.refuse(Finding::fatal(CheckNumber::Order, what, expected, found));
    }

    /// Notes a finding of `check` if `found` is not `expected`.
    pub(crate) fn compare<T: PartialEq + std::fmt::Display>(
        &mut self,
        check: CheckNumber,
        what: impl Into<String>,
        expected: T,
        found: T,
    ) {
        if expected != found {
            self.note(Finding::fatal(check, what, expected, found));
        }
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.refused
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The findings, each naming `entry`.
    pub(crate) fn into_findings(self, entry: u64) -> impl Iterator<Item = Finding> {
        self.findings
            .into_iter()
            .map(move |finding| finding.at(entry))
    }
}
