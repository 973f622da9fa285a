//! What the demonstration runs: the draft of the manifest, who may vote, who votes when and how, and what must come out.

use rand::Rng;
use serde_json::{Value, json};

use crate::scottish::CastVoteRecords;
use crate::seoul;

use super::DemoError;
use super::options::RecordsKind;

/// An entry of the electoral roll.
#[derive(Clone, Debug)]
pub(super) struct Elector {
    /// Identifier the voter types.
    pub(super) voter_id: String,
    /// Where the one-time code goes.
    pub(super) contact: String,
    /// Number of the reporting unit.
    pub(super) unit: usize,
}

/// A vote to be cast.
#[derive(Clone, Debug)]
pub(super) struct Vote {
    /// Which elector.
    pub(super) elector: usize,
    /// When, in thousandths of the voting time.
    pub(super) moment: u64,
    /// Notation of `hanpyo-voter`.
    pub(super) choices: String,
    /// Whether the voter challenges a ballot first.
    pub(super) challenges: bool,
}

/// A whole election to run.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Short name in addresses.
    pub(super) slug: &'static str,
    /// Headline for the visitor.
    pub(super) headline: String,
    /// The manifest's draft but for schedule and roles.
    pub(super) draft: Value,
    /// Reporting units: Korean, English.
    pub(super) units: Vec<(String, String)>,
    /// Options or candidates: Korean, English.
    pub(super) options: Vec<(String, String)>,
    /// The roll.
    pub(super) electors: Vec<Elector>,
    /// The votes.
    pub(super) votes: Vec<Vote>,
    /// Totals that must come out, position by position (rank: row by row).
    pub(super) expected: Vec<u64>,
    /// Whether the law of 2011 is shown beside today's.
    pub(super) is_seoul: bool,
    /// Rows of the position matrix; 0 for other contests.
    pub(super) ranks: usize,
}

/// Seoul, 24 August 2011, at 1:`scale`.
pub(super) fn seoul(scale: u64, rng: &mut impl Rng) -> Result<Plan, DemoError> {
    let districts = seoul::districts(scale)?;
    let curve = seoul::day_curve()?;
    let mut electors = Vec::new();
    let mut votes = Vec::new();
    let mut expected = vec![0, 0];
    for (unit, district) in districts.iter().enumerate() {
        let first = electors.len();
        electors.extend(
            (0..district.electors)
                .map(|_| unit)
                .enumerate()
                .map(|(offset, unit)| elector(first + offset, unit)),
        );
        // The split is illustrative: no one ever counted the real one.
        let gradual = (district.votes * (500 + rng.gen_range(0..120)) + 500) / 1000;
        for number in 0..district.votes {
            let option = usize::from(number >= gradual);
            if let Some(count) = expected.get_mut(option) {
                *count += 1;
            }
            votes.push(Vote {
                elector: first + usize::try_from(number).unwrap_or(usize::MAX),
                moment: moment(&curve, rng.gen_range(0..1000)),
                choices: (option + 1).to_string(),
                challenges: rng.gen_ratio(1, 100),
            });
        }
    }
    votes.sort_by_key(|vote| vote.moment);
    let options = vec![
        (
            "단계적 무상급식: 소득 하위 50% 학생을 대상으로 2014년까지 단계적으로".to_owned(),
            "Gradual: for the lower 50% by income, step by step until 2014".to_owned(),
        ),
        (
            "전면적 무상급식: 소득 구분 없이 초등학교 2011년, 중학교 2012년부터".to_owned(),
            "Universal: for all pupils, elementary from 2011, middle school from 2012".to_owned(),
        ),
    ];
    let units: Vec<_> = districts
        .iter()
        .map(|district| (district.ko.clone(), district.en.clone()))
        .collect();
    Ok(Plan {
        slug: "school-meals",
        headline: format!(
            "Seoul referendum of 24 August 2011 (free school meals), 1:{scale}: {} electors, {} votes. The split between the plans is illustrative.",
            electors.len(),
            votes.len()
        ),
        draft: json!({
            "title": text("서울특별시 무상급식 지원범위에 관한 주민투표", "Seoul referendum on the scope of free school meals"),
            "notice": text("시연용 재현입니다. 두 안 사이의 실제 득표는 개표된 적이 없습니다.", "A re-enactment for demonstration. The real split between the plans was never counted."),
            "profile": { "id": "kr-resident-vote-2022" },
            "contests": [{
                "title": text("무상급식 지원범위", "Scope of free school meals"),
                "options": options.iter().map(|(ko, en)| text(ko, en)).collect::<Vec<_>>(),
                "kind": { "type": "choose-one" },
                "rule": "majority",
            }],
            "units": unit_drafts(&units),
            "counting": { "floor": 5 },
            "test": true,
        }),
        units,
        options,
        electors,
        votes,
        expected,
        is_seoul: true,
        ranks: 0,
    })
}

/// Cast vote records as an election: first preferences or whole rankings.
pub(super) fn records(records: &CastVoteRecords, kind: RecordsKind, rng: &mut impl Rng) -> Plan {
    let k = records.candidates.len();
    let total = usize::try_from(records.total()).unwrap_or(usize::MAX);
    let electors: Vec<_> = (0..total).map(|number| elector(number, 0)).collect();
    let mut votes = Vec::with_capacity(total);
    for (count, ranking) in &records.ballots {
        let choices = match kind {
            RecordsKind::Choose => ranking
                .first()
                .map_or("blank".to_owned(), |first| (first + 1).to_string()),
            RecordsKind::Rank if ranking.is_empty() => "none".to_owned(),
            RecordsKind::Rank => ranking
                .iter()
                .map(|candidate| (candidate + 1).to_string())
                .collect::<Vec<_>>()
                .join(">"),
        };
        for _ in 0..*count {
            votes.push(Vote {
                elector: votes.len(),
                moment: rng.gen_range(0..1000),
                choices: choices.clone(),
                challenges: false,
            });
        }
    }
    votes.sort_by_key(|vote| vote.moment);
    let options: Vec<_> = records
        .candidates
        .iter()
        .map(|(name, party)| {
            let name = if party.is_empty() {
                name.clone()
            } else {
                format!("{name}, {party}")
            };
            (name.clone(), name)
        })
        .collect();
    let units = vec![(records.ward.clone(), records.ward.clone())];
    let (contest_kind, rule, expected, ranks) = match kind {
        RecordsKind::Choose => (
            json!({ "type": "choose-one", "blank": true }),
            "plurality",
            records.first_preferences(),
            0,
        ),
        RecordsKind::Rank => (
            json!({ "type": "rank", "min": 0, "max": k }),
            "first-preferences",
            records.positions().concat(),
            k,
        ),
    };
    Plan {
        slug: "ward",
        headline: format!(
            "{}: {total} real ballots, {k} candidates, {} seats",
            records.ward, records.seats
        ),
        draft: json!({
            "title": text(&records.ward, &records.ward),
            "notice": text("실제 투표 기록을 재현한 시연입니다.", "A re-enactment of real cast vote records, for demonstration."),
            "profile": { "id": "kr-by-charter" },
            "contests": [{
                "title": text("의원 선거", "Council election"),
                "options": options.iter().map(|(ko, en)| text(ko, en)).collect::<Vec<_>>(),
                "kind": contest_kind,
                "rule": rule,
                "seats": if kind == RecordsKind::Choose { records.seats.min(u32::try_from(k).unwrap_or(u32::MAX)) } else { 1 },
            }],
            "units": unit_drafts(&units),
            "counting": { "floor": 5 },
            "test": true,
        }),
        units,
        options,
        electors,
        votes,
        expected,
        is_seoul: false,
        ranks,
    }
}

/// A yes/no election of `voters`, for visitors, benchmarks and tests.
pub(super) fn yes_no(slug: &'static str, voters: usize) -> Plan {
    let units = vec![("시청".to_owned(), "City hall".to_owned())];
    let options = vec![
        ("찬성".to_owned(), "In favour".to_owned()),
        ("반대".to_owned(), "Against".to_owned()),
    ];
    Plan {
        slug,
        headline: String::new(),
        draft: json!({
            "title": text("한표 체험 투표", "Try Hanpyo"),
            "notice": text("누구나 해 볼 수 있는 시험 투표입니다.", "A test election for visitors."),
            "profile": { "id": "kr-by-charter" },
            "contests": [{
                "title": text("한표를 더 써 보시겠습니까?", "Would you use Hanpyo again?"),
                "options": options.iter().map(|(ko, en)| text(ko, en)).collect::<Vec<_>>(),
                "kind": { "type": "choose-one" },
                "rule": "majority",
            }],
            "units": unit_drafts(&units),
            "counting": { "floor": 5 },
            "test": true,
        }),
        units,
        options,
        electors: (0..voters).map(|number| elector(number, 0)).collect(),
        votes: Vec::new(),
        expected: Vec::new(),
        is_seoul: false,
        ranks: 0,
    }
}

fn elector(number: usize, unit: usize) -> Elector {
    Elector {
        voter_id: format!("V{number:07}"),
        contact: format!("voter{number:07}@mail.invalid"),
        unit,
    }
}

fn text(ko: &str, en: &str) -> Value {
    json!({ "ko": ko, "en": en })
}

fn unit_drafts(units: &[(String, String)]) -> Vec<Value> {
    units
        .iter()
        .map(|(ko, en)| json!({ "title": text(ko, en) }))
        .collect()
}

/// When in the day (thousandths of the voting time) that share of the votes (thousandths) was reached.
fn moment(curve: &[(u64, u64)], share: u64) -> u64 {
    for pair in curve.windows(2) {
        let &[(from, below), (to, above)] = pair else {
            continue;
        };
        if share < above && above > below {
            let minutes = from + (to - from) * (share - below.min(share)) / (above - below);
            return minutes * 1000 / 840;
        }
    }
    999
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn the_seoul_plan_has_every_vote_once_and_adds_up() {
        let plan = seoul(1000, &mut StdRng::seed_from_u64(1)).unwrap();
        assert_eq!(plan.electors.len(), 8387);
        assert_eq!(plan.votes.len(), 2158);
        assert_eq!(plan.expected.iter().sum::<u64>(), 2158);
        let mut electors: Vec<_> = plan.votes.iter().map(|vote| vote.elector).collect();
        electors.sort_unstable();
        electors.dedup();
        assert_eq!(electors.len(), 2158);
        assert!(plan.votes.is_sorted_by_key(|vote| vote.moment));
    }

    #[test]
    fn votes_follow_the_curve() {
        let curve = seoul::day_curve().unwrap();
        assert_eq!(moment(&curve, 0), 0);
        assert!(
            moment(&curve, 500) < 500,
            "half of the votes came before half of the day"
        );
        assert!(moment(&curve, 999) <= 1000);
    }
}
