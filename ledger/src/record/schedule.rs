//! When voting opens and closes, and paper votes (docs/PROTOCOL.md section 10.3, steps 6 to 8). Times and
//! turnout belong to check 11.

use super::report::{CheckNumber, Finding};
use super::sink::Sink;
use super::state::Turnout;
use crate::entry::{Close, Hash, Open, PaperTurnout, Redating, Seconds};
use crate::manifest::Manifest;

fn wrong(what: &str, expected: impl std::fmt::Display, found: impl std::fmt::Display) -> Finding {
    Finding::fatal(CheckNumber::Result, what, expected, found)
}

/// What commission entries have said so far.
pub(crate) struct Schedule {
    first_opens: Seconds,
    closes: Seconds,
    /// Seconds after closing in which votes begun before are taken.
    grace: u64,
    paper: Vec<u64>,
    assets: Option<Hash>,
}

impl Schedule {
    pub(crate) fn new(manifest: &Manifest) -> Self {
        let windows = &manifest.schedule.windows;
        let end = |seconds: Option<Seconds>| seconds.unwrap_or(Seconds::MAX);
        Self {
            first_opens: end(windows.first().map(|window| window.opens)),
            closes: end(windows.last().map(|window| window.closes)),
            grace: manifest.schedule.grace_seconds.get().into(),
            paper: vec![0; manifest.units.len()],
            assets: manifest.assets,
        }
    }

    /// Closing time, re-dated or as in the manifest.
    pub(crate) fn closes(&self) -> Seconds {
        self.closes
    }

    /// Closing time and grace: no ballot comes after it, and no close before it.
    pub(crate) fn latest_ballots(&self) -> u64 {
        self.closes.get().saturating_add(self.grace)
    }

    /// When the first window begins.
    pub(crate) fn first_opens(&self) -> Seconds {
        self.first_opens
    }

    /// Paper votes per unit.
    pub(crate) fn paper(&self) -> &[u64] {
        &self.paper
    }

    /// All paper votes.
    pub(crate) fn paper_total(&self) -> u64 {
        self.paper.iter().sum()
    }

    /// Hash of the asset manifest of the voting pages now.
    pub(crate) fn assets(&self) -> Option<Hash> {
        self.assets
    }

    pub(crate) fn check_open(&self, entry: &Open, out: &mut Sink) {
        if entry.time < self.first_opens {
            let expected = format_args!("not before {}", self.first_opens);
            out.note(wrong("time of opening", expected, entry.time));
        }
    }

    pub(crate) fn check_redating(&self, entry: &Redating, out: &mut Sink) {
        // Never earlier: the commission alone could otherwise cut voting short.
        if entry.closes <= self.closes {
            let expected = format_args!("after {}", self.closes);
            out.refuse(wrong("new closing time", expected, entry.closes));
        }
    }

    pub(crate) fn redate(&mut self, entry: &Redating) {
        self.closes = entry.closes;
    }

    pub(crate) fn amend_assets(&mut self, assets: Hash) {
        self.assets = Some(assets);
    }

    /// `gone` are the electors of each unit who cannot vote here: their credential is struck, or revoked and not
    /// issued again. Units after the last one given have none.
    pub(crate) fn check_paper(&self, entry: &PaperTurnout, gone: &[u32], out: &mut Sink) {
        if entry.per_unit.len() != self.paper.len() {
            let found = entry.per_unit.len();
            out.refuse(wrong("units in the paper turnout", self.paper.len(), found));
            return;
        }
        let gone = gone.iter().copied().map(u64::from);
        let gone = gone.chain(std::iter::repeat(0));
        for (unit, (count, gone)) in (0u16..).zip(entry.per_unit.iter().zip(gone)) {
            if *count > gone {
                let what = format!("paper votes of unit {unit}");
                let expected = format_args!(
                    "at most {gone}, its electors whose credential is struck, or revoked and not issued again"
                );
                out.refuse(wrong(&what, expected, count));
            }
        }
        for (unit, (before, now)) in (0u16..).zip(self.paper.iter().zip(&entry.per_unit)) {
            if now < before {
                let what = format!("paper votes of unit {unit}");
                out.refuse(wrong(&what, format_args!("at least {before}"), now));
            }
        }
    }

    pub(crate) fn set_paper(&mut self, entry: &PaperTurnout) {
        self.paper = entry.per_unit.to_vec();
    }

    pub(crate) fn check_close(&self, entry: &Close, turnout: &Turnout, out: &mut Sink) {
        if turnout.voters() > turnout.electorate {
            let expected = format_args!("at most the electorate, {}", turnout.electorate);
            out.note(wrong("turnout at the close", expected, turnout.voters()));
        }
        let earliest = self.latest_ballots();
        if entry.time.get() < earliest {
            let expected = format_args!("not before {earliest}, closing time and grace");
            out.note(wrong("time of closing", expected, entry.time));
        }
    }
}
