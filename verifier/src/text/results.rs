//! Results, contest by contest.

use super::Out;
use super::layout::{clean, number, pad, width};
use crate::lang::Lang;
use crate::report::{
    ContestFacts, ElectionFacts, Kind, OptionFacts, OutcomeFacts, OutcomeStatus, Rule,
};

/// Longest option title before the columns.
const TITLE_COLUMNS: usize = 40;

pub(super) fn results(out: &mut Out, election: &ElectionFacts) {
    let has_result = |contest: &ContestFacts| {
        contest.outcome.is_some() || contest.options.iter().any(|o| !o.totals.is_empty())
    };
    if !election.contests.iter().any(has_result) {
        return;
    }
    out.heading("결과", "Results");
    for contest in &election.contests {
        out.contest(contest);
    }
}

impl Out {
    fn contest(&mut self, contest: &ContestFacts) {
        let title = clean(contest.title.pick(self.lang));
        let how = self.how(contest);
        self.line(&format!("  {}. {title} ({how})", contest.contest + 1));
        let titles = contest.options.iter();
        let titles = titles.map(|option| width(&clean(option.title.pick(self.lang))));
        let columns = titles.max().unwrap_or(0).min(TITLE_COLUMNS) + 2;
        for (place, option) in (0u16..).zip(&contest.options) {
            if option.totals.is_empty() {
                continue;
            }
            let won = contest
                .outcome
                .as_ref()
                .is_some_and(|outcome| outcome.winners.contains(&place));
            let mark = if won { '*' } else { ' ' };
            let title = pad(&clean(option.title.pick(self.lang)), columns);
            let totals = self.totals(contest, option);
            self.line(&format!("   {mark} {title}{totals}"));
        }
        if let Some(blank) = blank(contest) {
            let title = pad(self.pick("(기권)", "(blank)"), columns);
            self.line(&format!("     {title}{:>11}", number(blank)));
        }
        if let Some(outcome) = &contest.outcome {
            let outcome = self.outcome(contest, outcome);
            self.line(&format!("     {outcome}"));
        }
    }

    /// Kind and rule in words.
    fn how(&self, contest: &ContestFacts) -> String {
        let kind = match (contest.kind, self.lang) {
            (Kind::ChooseOne { .. }, Lang::Ko) => "하나 선택".to_owned(),
            (Kind::ChooseOne { .. }, Lang::En) => "choose one".to_owned(),
            (Kind::Choose { min, max }, Lang::Ko) => format!("{min}~{max}개 선택"),
            (Kind::Choose { min, max }, Lang::En) => format!("choose {min} to {max}"),
            (Kind::Score { highest, .. }, Lang::Ko) => format!("점수 0~{highest}"),
            (Kind::Score { highest, .. }, Lang::En) => format!("score 0 to {highest}"),
            (Kind::Rank { ranks }, Lang::Ko) => format!("{ranks}순위까지"),
            (Kind::Rank { ranks }, Lang::En) => format!("{ranks} ranks"),
            (Kind::Unknown, Lang::Ko) => "알 수 없는 방식".to_owned(),
            (Kind::Unknown, Lang::En) => "unknown kind".to_owned(),
        };
        let rule = match contest.rule {
            Rule::Majority => self.pick("과반수", "majority"),
            Rule::Plurality => self.pick("최다 득표", "plurality"),
            Rule::Mean => self.pick("평균 점수", "mean score"),
            Rule::Borda => self.pick("보르다 점수", "Borda points"),
            Rule::FirstPreferences => self.pick("1순위 득표", "first preferences"),
        };
        match (contest.seats, self.lang) {
            (1, _) => format!("{kind}, {rule}"),
            (seats, Lang::Ko) => format!("{kind}, {rule}, 당선 {seats}"),
            (seats, Lang::En) => format!("{kind}, {rule}, {seats} seats"),
        }
    }

    fn totals(&self, contest: &ContestFacts, option: &OptionFacts) -> String {
        let totals = option.totals.as_slice();
        match (contest.kind, totals) {
            (Kind::Score { .. }, [sum, rest @ ..]) => {
                let answers = rest.first().copied().or(contest.weight).unwrap_or(0);
                let mean = mean(*sum, answers);
                let (sum, answers) = (number(*sum), number(answers));
                match self.lang {
                    Lang::Ko => format!("{sum:>11}  응답 {answers}, 평균 {mean}"),
                    Lang::En => format!("{sum:>11}  of {answers} answers, mean {mean}"),
                }
            }
            (Kind::Rank { .. }, ranks) => {
                let ranks = ranks.iter().map(|rank| format!("{:>11}", number(*rank)));
                let ranks: String = ranks.collect();
                match contest.rule {
                    Rule::Borda => {
                        let points = number(borda(totals, contest.options.len()));
                        let points = match self.lang {
                            Lang::Ko => format!("  {points}점"),
                            Lang::En => format!("  {points} points"),
                        };
                        ranks + &points
                    }
                    _ => ranks,
                }
            }
            (_, totals) => {
                let totals = totals.iter().map(|total| format!("{:>11}", number(*total)));
                totals.collect()
            }
        }
    }

    fn outcome(&self, contest: &ContestFacts, outcome: &OutcomeFacts) -> String {
        let winners: Vec<String> = outcome
            .winners
            .iter()
            .filter_map(|winner| contest.options.get(usize::from(*winner)))
            .map(|option| clean(option.title.pick(self.lang)))
            .collect();
        let status = match outcome.status {
            OutcomeStatus::Decided => self.pick("결정", "decided"),
            OutcomeStatus::QuorumNotMet => self.pick(
                "투표율 미달로 결정되지 않음",
                "not decided: the turnout quorum is not met",
            ),
            OutcomeStatus::Tied => self.pick("동점", "tied"),
            OutcomeStatus::NotCounted => self.pick(
                "투표율 미달로 개표하지 않음",
                "not counted: turnout below the count gate",
            ),
            OutcomeStatus::Withheld => self.pick(
                "투표지가 너무 적어 공개하지 않음",
                "withheld: too few ballots to publish anything",
            ),
            OutcomeStatus::NoMajority => {
                self.pick("과반수 없음", "not decided: no option has a majority")
            }
        };
        if winners.is_empty() {
            status.to_owned()
        } else {
            format!("{status}: {}", winners.join(", "))
        }
    }
}

/// Weight of ballots without a choice.
fn blank(contest: &ContestFacts) -> Option<u64> {
    let Kind::ChooseOne { blank: true } = contest.kind else {
        return None;
    };
    let given = contest.options.iter().filter_map(|o| o.totals.first());
    let given: Vec<u64> = given.copied().collect();
    if given.is_empty() {
        return None;
    }
    contest.weight?.checked_sub(given.iter().sum())
}

/// Option at rank m of k gets k - m points a vote.
fn borda(ranks: &[u64], options: usize) -> u64 {
    let points = (0..u64::try_from(options).unwrap_or(0)).rev();
    let points = ranks.iter().zip(points);
    let points = points.map(|(votes, points)| votes.saturating_mul(points));
    points.fold(0, u64::saturating_add)
}

/// With two decimals.
fn mean(sum: u64, answers: u64) -> String {
    if answers == 0 {
        return "-".to_owned();
    }
    let hundredths = (u128::from(sum) * 100 + u128::from(answers) / 2) / u128::from(answers);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
