//! The outcome for people.
//!
//! Titles and messages come from a record that nobody vouches for: control characters and marks that
//! turn the direction of text are replaced, so that they cannot imitate lines of the report.

mod layout;
mod results;

use std::fmt::Write as _;

use hanpyo_ledger::record::CheckNumber;

use crate::lang::Lang;
use crate::report::{
    BallotFacts, Check, ElectionFacts, Finding, GivenFacts, NotChecked, Phase, Reason, RecordFacts,
    Report, Status, Verdict,
};
pub(crate) use layout::clean;
use layout::{grouped_hex, number, pad, percent};

/// Findings shown of one check.
const SHOWN_FINDINGS: usize = 10;
/// Reporting units shown.
const SHOWN_UNITS: usize = 60;
/// Column where the text of a check begins.
const CHECK_COLUMN: usize = 18;

/// The report in words.
#[must_use]
pub fn text(report: &Report, lang: Lang) -> String {
    let mut out = Out {
        text: String::new(),
        lang,
    };
    out.record(&report.record);
    out.line("");
    for check in &report.checks {
        out.check(check);
    }
    out.given(&report.given);
    if let Some(election) = &report.election {
        if report.verdict == Verdict::Fail {
            out.line("");
            out.line(lang.pick(
                "아래는 기록이 주장하는 내용일 뿐이며, 위에서 실패한 검사 때문에 믿을 수 없습니다.",
                "What follows is only what the record claims: a check above failed, do not rely on it.",
            ));
        }
        out.election(election);
        results::results(&mut out, election);
    }
    out.verdict(report);
    out.text
}

struct Out {
    text: String,
    lang: Lang,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn pick<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ko, en)
    }

    fn heading(&mut self, ko: &str, en: &str) {
        self.line("");
        let heading = self.pick(ko, en).to_owned();
        self.line(&heading);
    }

    /// A label and what it says.
    fn fact(&mut self, ko: &str, en: &str, fact: &str) {
        let label = pad(self.pick(ko, en), 14);
        self.line(&format!("  {label}{fact}"));
    }

    fn record(&mut self, record: &RecordFacts) {
        let place = clean(&record.place);
        let heading = self.pick("선거 기록", "Election record").to_owned();
        self.line(&format!("{heading}  {place}"));
        self.fact("원장 키", "log key", &clean(&record.vkey));
        if let (Some(size), Some(root)) = (record.size, &record.root) {
            let size = number(size);
            let said = match self.lang {
                Lang::Ko => format!("항목 {size}개, 루트 {root}"),
                Lang::En => format!("{size} entries, root {root}"),
            };
            self.fact("체크포인트", "checkpoint", &said);
        }
        for policy in &record.policies {
            let of = match &policy.file {
                None => self
                    .pick("선거 명세의 정책", "policy of the manifest")
                    .to_owned(),
                Some(file) => {
                    format!("{} {}", self.pick("추가 정책", "added policy"), clean(file))
                }
            };
            let names: Vec<String> = policy
                .cosigned_by
                .iter()
                .map(|by| clean(&by.name))
                .collect();
            let names = names.join(", ");
            let said = match (policy.quorum_required, policy.accepted, self.lang) {
                (false, _, Lang::Ko) => "정족수 없음".to_owned(),
                (false, _, Lang::En) => "quorum none".to_owned(),
                (true, true, Lang::Ko) => format!("정족수 충족: {names}"),
                (true, true, Lang::En) => format!("quorum met: {names}"),
                (true, false, Lang::Ko) => "정족수 미달".to_owned(),
                (true, false, Lang::En) => "quorum NOT met".to_owned(),
            };
            self.fact("증인", "witnesses", &format!("{of}: {said}"));
        }
    }

    fn check(&mut self, check: &Check) {
        let status = match check.status {
            Status::Pass => self.pick("통과", "PASS"),
            Status::Fail => self.pick("실패", "FAIL"),
            Status::NotChecked => self.pick("검사 안 함", "NOT CHECKED"),
        };
        let ledger = CheckNumber::ALL.into_iter();
        let name = ledger
            .filter(|number| number.number() == check.number)
            .map(|number| self.lang.pick(number.name_ko(), number.name_en()))
            .next()
            .unwrap_or(check.name);
        let line = format!("{:>2}  {}  {name}", check.number, pad(status, 12));
        self.line(&line);
        for finding in check.findings.iter().take(SHOWN_FINDINGS) {
            let finding = self.finding(finding);
            self.line(&format!("{:CHECK_COLUMN$}{finding}", ""));
        }
        let shown = check.findings.len().min(SHOWN_FINDINGS);
        let more = check
            .findings_total
            .saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
        if more > 0 {
            let (more, all) = (number(more), number(check.findings_total));
            let more = match self.lang {
                Lang::Ko => format!("그 밖에 {more}건, 모두 {all}건"),
                Lang::En => format!("and {more} more, {all} in all"),
            };
            self.line(&format!("{:CHECK_COLUMN$}{more}", ""));
        }
        for reason in &check.not_checked {
            let reason = self.reason(reason);
            self.line(&format!("{:CHECK_COLUMN$}{reason}", ""));
        }
    }

    fn finding(&self, finding: &Finding) -> String {
        let mut line = String::new();
        let message = |text: &str| clean(&self.lang.message(text));
        let (what, expected, found) = (
            message(&finding.what),
            message(&finding.expected),
            message(&finding.found),
        );
        if let Some(entry) = finding.entry {
            // Writing to a String cannot fail.
            let _infallible = match self.lang {
                Lang::Ko => write!(line, "항목 {entry}: "),
                Lang::En => write!(line, "entry {entry}: "),
            };
        }
        line.push_str(&match self.lang {
            Lang::Ko => format!("{what}: 기대값 [{expected}], 실제 [{found}]"),
            Lang::En => format!("{what}: expected {expected}, found {found}"),
        });
        if finding.excluded {
            line.push_str(self.pick(" (집계에서 제외)", " (not counted)"));
        }
        line
    }

    fn reason(&self, reason: &NotChecked) -> String {
        let kind = match reason.reason {
            Reason::NotGiven => self.pick(
                "확인할 것이 주어지지 않음 (--code, --receipt, --ack)",
                "nothing given to look for (--code, --receipt, --ack)",
            ),
            Reason::NotRequired => self.pick(
                "나머지는 통과, 선거 명세가 요구하지 않는 부분",
                "the rest passed; not required by the manifest",
            ),
            Reason::Void => self.pick(
                "그 전에 선거가 무효로 선언됨",
                "the election was declared void before",
            ),
            Reason::Unfinished => self.pick("아직 끝나지 않은 기록", "the record is not finished"),
            Reason::Missing => self.pick("검사할 수 없음", "could not be checked"),
        };
        match &reason.detail {
            Some(detail) => format!("{kind}: {}", clean(&self.lang.message(detail))),
            None => kind.to_owned(),
        }
    }

    fn ballot(&self, ballot: &BallotFacts) -> String {
        match (ballot, self.lang) {
            (BallotFacts::NotFound, Lang::Ko) => "기록에 없음".to_owned(),
            (BallotFacts::NotFound, Lang::En) => "not in the record".to_owned(),
            (BallotFacts::Counted { entry }, Lang::Ko) => {
                format!("항목 {entry}에 있고 집계됨")
            }
            (BallotFacts::Counted { entry }, Lang::En) => {
                format!("in the record at entry {entry}, counted")
            }
            (BallotFacts::Superseded { entry, by }, Lang::Ko) => {
                format!("항목 {entry}에 있고, 다시 투표한 항목 {by}이(가) 대신 집계됨")
            }
            (BallotFacts::Superseded { entry, by }, Lang::En) => {
                format!("in the record at entry {entry}; the later ballot at entry {by} counts")
            }
            (BallotFacts::Challenged { entry }, Lang::Ko) => {
                format!("항목 {entry}에 검증용으로 공개됨, 집계 대상이 아님")
            }
            (BallotFacts::Challenged { entry }, Lang::En) => {
                format!("opened at entry {entry} to check the device, never to be counted")
            }
            (BallotFacts::NotCounted { entry, why }, Lang::Ko) => {
                let why = clean(&self.lang.message(why));
                format!("항목 {entry}에 있으나 집계되지 않음: {why}")
            }
            (BallotFacts::NotCounted { entry, why }, Lang::En) => {
                let why = clean(why);
                format!("in the record at entry {entry}, NOT counted: {why}")
            }
        }
    }

    fn given(&mut self, given: &GivenFacts) {
        if given.codes.is_empty() && given.receipts.is_empty() && given.acknowledgements.is_empty()
        {
            return;
        }
        self.heading("제시된 것", "Given");
        for code in &given.codes {
            let line = format!("  {}  {}", code.code, self.ballot(&code.ballot));
            self.line(&line);
        }
        for receipt in &given.receipts {
            let said = match (&receipt.ballot, receipt.valid) {
                (Some(ballot), _) => self.ballot(ballot),
                (None, true) => self
                    .pick("유효하지만 투표지가 아님", "valid, but of no ballot")
                    .to_owned(),
                (None, false) => self
                    .pick("아무것도 증명하지 않음", "proves nothing")
                    .to_owned(),
            };
            self.line(&format!("  {}  {said}", clean(&receipt.file)));
        }
        for acknowledgement in &given.acknowledgements {
            let said = if acknowledgement.in_record {
                self.pick("기록에 있음", "in the record")
            } else {
                self.pick("기록에 없음", "not in the record")
            };
            let (file, code) = (clean(&acknowledgement.file), &acknowledgement.code);
            let line = format!("  {file}  {code}  {said}");
            self.line(&line);
        }
    }

    fn election(&mut self, election: &ElectionFacts) {
        self.heading("선거", "Election");
        let title = clean(election.title.pick(self.lang));
        let test = if election.test {
            self.pick(" (시험용 선거)", " (test election)")
        } else {
            ""
        };
        self.fact("이름", "title", &format!("{title}{test}"));
        let fingerprint = grouped_hex(&election.manifest_hash);
        self.fact("명세 해시", "manifest", &fingerprint);
        let phase = self.phase(election.phase).to_owned();
        self.fact("단계", "phase", &phase);
        if let Some(electorate) = election.electorate {
            let electorate = number(electorate);
            let said = match self.lang {
                Lang::Ko => format!(
                    "{electorate}명 (명부 확정 항목에 공고된 수입니다. 공식 공고와 비교하십시오)"
                ),
                Lang::En => format!(
                    "{electorate} (announced in the sealed roll; compare it with the official announcement)"
                ),
            };
            self.fact("선거인", "electorate", &said);
        }
        let turnout = election.turnout;
        let (ballots, paper) = (turnout.ballots, turnout.paper);
        let voters = ballots.saturating_add(paper);
        let share = percent(voters, election.electorate.unwrap_or(0));
        let (voters, ballots, paper) = (number(voters), number(ballots), number(paper));
        let said = match self.lang {
            Lang::Ko => format!("{voters}명{share}: 전자 {ballots}, 종이 {paper}"),
            Lang::En => format!("{voters}{share}: {ballots} ballots, {paper} on paper"),
        };
        self.fact("투표자", "turnout", &said);
        self.units(election);
    }

    fn units(&mut self, election: &ElectionFacts) {
        let shown: Vec<_> = election
            .units
            .iter()
            .filter(|unit| unit.electorate > 0 || unit.paper > 0)
            .collect();
        if shown.len() < 2 {
            return;
        }
        self.heading("단위별 투표자", "Turnout by unit");
        let title = |unit: &crate::report::UnitFacts| clean(unit.title.pick(self.lang));
        let width = shown.iter().map(|unit| layout::width(&title(unit))).max();
        let width = width.unwrap_or(0).min(40) + 2;
        let lines: Vec<String> = shown
            .iter()
            .take(SHOWN_UNITS)
            .map(|unit| {
                let voters = unit.ballots.saturating_add(unit.paper);
                let share = percent(voters, unit.electorate);
                let (voters, all) = (number(voters), number(unit.electorate));
                format!(
                    "  {}{voters:>11} / {all:>11}{share}",
                    pad(&title(unit), width)
                )
            })
            .collect();
        lines.iter().for_each(|line| self.line(line));
        if shown.len() > SHOWN_UNITS {
            let more = shown.len() - SHOWN_UNITS;
            let more = match self.lang {
                Lang::Ko => format!("  그 밖에 {more}개 단위 (--json)"),
                Lang::En => format!("  and {more} more units (--json)"),
            };
            self.line(&more);
        }
    }

    const fn phase(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::KeyCeremony => self.lang.pick("키 생성식", "key ceremony"),
            Phase::Roll => self.lang.pick("명부 작성", "roll"),
            Phase::Sealed => self
                .lang
                .pick("명부 확정, 투표 전", "roll sealed, before voting"),
            Phase::Voting => self.lang.pick("투표 중", "voting"),
            Phase::Tally => self.lang.pick("개표 중", "voting over, being counted"),
            Phase::Finished => self.lang.pick("결과 확정", "finished"),
            Phase::Void => self.lang.pick("무효로 선언됨", "declared void"),
            Phase::Unusable => self.lang.pick("더 읽을 수 없음", "cannot be followed"),
        }
    }

    fn verdict(&mut self, report: &Report) {
        self.line("");
        let failed = report.checks.iter();
        let failed: Vec<String> = failed
            .filter(|check| check.status == Status::Fail)
            .map(|check| check.number.to_string())
            .collect();
        let failed = failed.join(", ");
        let verdict = match (report.verdict, self.lang) {
            (Verdict::Pass, Lang::Ko) => "판정: 통과. 필요한 검사를 모두 통과했습니다.".to_owned(),
            (Verdict::Pass, Lang::En) => {
                "VERDICT: PASS. Every check that had to pass did.".to_owned()
            }
            (Verdict::Fail, Lang::Ko) => format!("판정: 실패. 실패한 검사: {failed}"),
            (Verdict::Fail, Lang::En) => format!("VERDICT: FAIL. Failed: check {failed}"),
            (Verdict::Incomplete, Lang::Ko) => {
                "판정: 미완. 잘못된 것은 없으나 하지 못한 검사가 있습니다.".to_owned()
            }
            (Verdict::Void, Lang::Ko) => {
                "판정: 무효. 선거가 무효로 선언되어 결과가 없습니다. 그때까지의 기록에 잘못된 것은 없습니다."
                    .to_owned()
            }
            (Verdict::Void, Lang::En) => {
                "VERDICT: VOID. The election was declared void: there is no result. Nothing wrong was found before."
                    .to_owned()
            }
            (Verdict::Incomplete, Lang::En) => {
                "VERDICT: INCOMPLETE. Nothing wrong was found, but something could not be checked."
                    .to_owned()
            }
        };
        self.line(&verdict);
    }
}
