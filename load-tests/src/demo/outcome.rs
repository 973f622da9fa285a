//! What the visitor sees of the result, and whether it is the plain count.

use serde_json::Value;

use super::DemoError;
use super::plan::Plan;
use super::present::{bar, line, padded, percent};

/// Shows the result by district and the rule applied.
///
/// # Errors
/// [`DemoError::WrongResult`] if the totals are not the plain count of the ballots.
pub(super) fn show(plan: &Plan, results: &Value, turnout: &Value) -> Result<(), DemoError> {
    let contest = results.pointer("/contests/0").unwrap_or(&Value::Null);
    let totals = numbers(contest.get("totals"));
    if plan.ranks > 0 {
        show_positions(plan, &totals);
    } else {
        show_options(plan, &totals);
        show_units(plan, contest, turnout);
    }
    show_rule(plan, results, contest);
    if totals != plan.expected {
        return Err(DemoError::WrongResult {
            expected: plan.expected.clone(),
            found: totals,
        });
    }
    line(&format!(
        "the totals equal the plain count of all {} ballots that were cast",
        plan.votes.len()
    ));
    Ok(())
}

fn show_options(plan: &Plan, totals: &[u64]) {
    let all: u64 = totals.iter().sum();
    for ((ko, en), votes) in plan.options.iter().zip(totals) {
        let name = if ko == en {
            ko.clone()
        } else {
            format!("{ko}\n   {en}")
        };
        line(&name);
        line(&format!(
            "   {} {votes:>7}  {:>7}",
            bar(*votes, all, 40),
            percent(*votes, all)
        ));
    }
}

fn show_units(plan: &Plan, contest: &Value, turnout: &Value) {
    if plan.units.len() < 2 {
        return;
    }
    let groups = contest
        .get("groups")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let units = turnout
        .get("units")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    line("");
    line(&format!(
        "{} {:>8} {:>7} {:>8}  {:<22} {:>7} {:>7}",
        padded("district", 26),
        "electors",
        "votes",
        "turnout",
        "",
        "1",
        "2"
    ));
    for (index, (ko, en)) in plan.units.iter().enumerate() {
        let unit = units.get(index).unwrap_or(&Value::Null);
        let (electors, votes) = (number(unit.get("electorate")), number(unit.get("counted")));
        let group = groups
            .iter()
            .find(|group| numbers(group.get("units")).contains(&(index as u64)));
        let values = group.map(|group| {
            (
                numbers(group.get("units")).len(),
                numbers(group.get("values")),
            )
        });
        let split = match &values {
            Some((1, values)) => format!(
                "{:>7} {:>7}",
                values.first().copied().unwrap_or(0),
                values.get(1).copied().unwrap_or(0)
            ),
            Some((merged, _)) => format!("   with {merged} units"),
            None => format!("{:>7} {:>7}", 0, 0),
        };
        line(&format!(
            "{} {electors:>8} {votes:>7} {:>8}  {} {split}",
            padded(&format!("{ko} {en}"), 26),
            percent(votes, electors),
            bar(votes, electors, 22)
        ));
    }
}

fn show_positions(plan: &Plan, totals: &[u64]) {
    let k = plan.options.len();
    line(&format!(
        "{} {}",
        padded("rank", 40),
        (1..=plan.ranks)
            .map(|rank| format!("{rank:>7}"))
            .collect::<String>()
    ));
    for (option, (name, _)) in plan.options.iter().enumerate() {
        let row: String = (0..plan.ranks)
            .map(|rank| format!("{:>7}", totals.get(rank * k + option).copied().unwrap_or(0)))
            .collect();
        line(&format!("{} {row}", padded(name, 40)));
    }
}

fn show_rule(plan: &Plan, results: &Value, contest: &Value) {
    let (ballots, paper, electorate) = (
        number(results.get("ballots")),
        number(results.get("paper")),
        number(results.get("electorate")),
    );
    let voters = ballots + paper;
    let winners: Vec<String> = numbers(contest.get("winners"))
        .iter()
        .filter_map(|option| {
            plan.options
                .get(usize::try_from(*option).ok()?)
                .map(|(_, en)| en.clone())
        })
        .collect();
    let decided = if winners.is_empty() {
        String::from("nothing is decided")
    } else {
        format!("decided: {}", winners.join("; "))
    };
    line("");
    if plan.is_seoul {
        line(&format!(
            "turnout {voters} of {electorate} electors, {}",
            percent(voters, electorate)
        ));
        line(&format!(
            "today's law (1/4 must vote, majority of valid votes): {}; {decided}",
            if voters * 4 >= electorate {
                "quorum met"
            } else {
                "quorum not met"
            }
        ));
        line(&format!(
            "the law of 2011 (below 1/3 votes are not counted): {}",
            if voters * 3 >= electorate {
                "would have been counted"
            } else {
                "would not have been counted, and in 2011 it was not"
            }
        ));
    } else {
        line(&decided);
    }
}

fn number(value: Option<&Value>) -> u64 {
    value.and_then(Value::as_u64).unwrap_or(0)
}

fn numbers(value: Option<&Value>) -> Vec<u64> {
    value
        .and_then(Value::as_array)
        .map(|values| values.iter().filter_map(Value::as_u64).collect())
        .unwrap_or_default()
}
