//! Records of honest elections pass, whatever is voted on and however it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use hanpyo_ledger::manifest::Rule;
use hanpyo_testkit::{ContestSpec, Election, ElectionSpec};
use hanpyo_verify::report::{OutcomeStatus, Phase, Reason, Report, Status, Verdict};
use support::{assert_passes, check, failed, finished, nth, publish, request};

/// One style with one contest.
fn single(contest: ContestSpec, voters: usize) -> ElectionSpec {
    ElectionSpec {
        contests: vec![contest],
        ..ElectionSpec::yes_no(voters)
    }
}

fn run(mut election: Election) -> (Election, Report) {
    election.complete();
    let report = check(&publish(&election), &request(&election));
    assert_passes(&report);
    (election, report)
}

/// Totals of a contest as the report gives them, position by position.
fn positions(report: &Report, contest: usize) -> Vec<u64> {
    let options = &report.election.as_ref().unwrap().contests[contest].options;
    let rows = options[0].totals.len();
    (0..rows)
        .flat_map(|row| options.iter().map(move |option| option.totals[row]))
        .collect()
}

#[test]
fn every_kind_of_contest() {
    let plurality = ContestSpec {
        rule: Rule::FirstPreferences,
        ..ContestSpec::rank(3, 3, 3)
    };
    for contest in [
        ContestSpec::yes_no(),
        ContestSpec::choose_one(5),
        ContestSpec::choose(4, 1, 3),
        ContestSpec::score(3, 10, 0, 0),
        ContestSpec::score(3, 10, 12, 1),
        ContestSpec::score(3, 10, 12, 2),
        ContestSpec::score(3, 10, 0, 4),
        ContestSpec::rank(4, 1, 3),
        plurality,
    ] {
        let (election, report) = run(Election::new(single(contest.clone(), 12)));
        assert_eq!(
            positions(&report, 0),
            election.plain_sum(0, &[0]),
            "{contest:?}"
        );
        assert!(report.election.unwrap().contests[0].outcome.is_some());
    }
}

#[test]
fn several_contests_styles_units_two_authorities_and_voting_again() {
    let mut election = Election::new(ElectionSpec::mixed(48));
    election.set_up();
    election.revoke(3);
    let replaced = election.reissue(3);
    election.open();
    election.vote_at_random(2);
    election.vote_at_random(6);
    for credential in [1, 9, 13] {
        election.strike(credential);
    }
    election.paper_turnout(election.paper_of(&[1, 9, 13]));
    let selections = hanpyo_testkit::random_selections(&mut election, 5);
    election.challenge(5, &selections);
    election.vote(5, &selections);
    let selections = hanpyo_testkit::random_selections(&mut election, replaced);
    election.vote(replaced, &selections);
    election.redate(election.spec.closes + 3600);
    election.finish();
    let report = check(&publish(&election), &request(&election));
    assert_passes(&report);
    for contest in 0..4 {
        let sums = election.plain_sum(contest, &[0, 1, 2, 3, 4, 5]);
        assert_eq!(positions(&report, usize::from(contest)), sums);
    }
    let facts = report.election.unwrap();
    assert_eq!(facts.electorate, Some(48));
    assert_eq!(facts.turnout.paper, 3);
    let ballots: u64 = facts.units.iter().map(|unit| unit.ballots).sum();
    assert_eq!(ballots, facts.turnout.ballots);
    assert_eq!(facts.closes, election.spec.closes);
}

#[test]
fn with_witnesses_everything_but_check_12_runs() {
    let mut election = Election::new(ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(8)
    });
    election.complete();
    let report = check(&publish(&election), &request(&election));
    assert_passes(&report);
    for check in &report.checks[..11] {
        assert_eq!(check.status, Status::Pass, "{check:?}");
    }
    assert_eq!(nth(&report, 12).not_checked[0].reason, Reason::NotGiven);
    let policy = &report.record.policies[0];
    assert_eq!((policy.witnesses, policy.cosigned_by.len()), (4, 4));
    assert_eq!(policy.quorum_time, Some(support::COSIGNED));
}

#[test]
fn without_witnesses_that_is_not_checked_and_strict_readers_refuse() {
    let election = finished(4);
    let store = publish(&election);
    let report = check(&store, &request(&election));
    assert_passes(&report);
    for number in [1, 11] {
        let check = nth(&report, number);
        assert_eq!(check.status, Status::NotChecked);
        assert_eq!(check.not_checked[0].reason, Reason::NotRequired);
    }
    let source = hanpyo_ledger::log::source::StoreSource(&store);
    let request = request(&election);
    let bar = indicatif::ProgressBar::hidden();
    let verified = hanpyo_verify::verify::verify(&source, &request, &bar).unwrap();
    assert_eq!(verified.report("memory", true).verdict, Verdict::Incomplete);
}

#[test]
fn a_count_gate_that_is_not_met() {
    let mut election = Election::new(ElectionSpec {
        count_gate: Some((1, 3)),
        ..ElectionSpec::yes_no(20)
    });
    election.set_up();
    election.open();
    election.vote_at_random(4);
    election.finish();
    let report = check(&publish(&election), &request(&election));
    assert_passes(&report);
    let contest = &report.election.unwrap().contests[0];
    assert_eq!(
        contest.outcome.as_ref().unwrap().status,
        OutcomeStatus::NotCounted
    );
    assert!(contest.options[0].totals.is_empty());
}

#[test]
fn a_contest_that_is_withheld() {
    let mut election = Election::new(ElectionSpec {
        floor: 5,
        ..ElectionSpec::yes_no(20)
    });
    election.set_up();
    election.open();
    election.vote_at_random(7);
    election.finish();
    let report = check(&publish(&election), &request(&election));
    assert_passes(&report);
    let contest = &report.election.unwrap().contests[0];
    let status = contest.outcome.as_ref().unwrap().status;
    assert_eq!(status, OutcomeStatus::Withheld);
}

#[test]
fn a_record_that_was_declared_void() {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    election.set_up();
    election.open();
    election.vote_at_random(2);
    election.void();
    let report = check(&publish(&election), &request(&election));
    // No check fails, but nobody should take it for a result.
    assert!(failed(&report).is_empty());
    assert_eq!(report.verdict, Verdict::Void);
    assert_eq!(report.verdict.exit_code(), 1);
    assert_eq!(nth(&report, 11).not_checked[0].reason, Reason::Void);
    assert_eq!(report.election.unwrap().phase, Phase::Void);
}

#[test]
fn a_record_under_way_is_neither_good_nor_bad() {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    let report = check(&publish(&election), &request(&election));
    assert_eq!(report.verdict, Verdict::Incomplete);
    election.set_up();
    election.open();
    election.vote_at_random(2);
    let report = check(&publish(&election), &request(&election));
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert_eq!(nth(&report, 6).not_checked[0].reason, Reason::Unfinished);
    let facts = report.election.unwrap();
    assert_eq!(facts.phase, Phase::Voting);
    assert_eq!(facts.turnout.ballots, 3);
    assert!(facts.contests[0].outcome.is_none());
}

#[test]
fn an_empty_log() {
    let election = Election::new(ElectionSpec::yes_no(3));
    let mut empty = Election::new(ElectionSpec::yes_no(3));
    empty.entries.clear();
    let report = check(&publish(&empty), &request(&election));
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert!(report.election.is_none());
}
