//! Whole records of honest elections pass every check.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use hanpyo_ledger::entry::Status;
use hanpyo_ledger::record::{CheckNumber, CheckStatus, NotChecked, Phase, Report};
use hanpyo_testkit::{Election, ElectionSpec, check, check_with};

/// Without witnesses and with nothing given, nothing else goes unchecked.
fn assert_passes(report: &Report) {
    let findings: Vec<_> = report.findings().map(ToString::to_string).collect();
    assert_eq!(findings, Vec::<String>::new());
    for (check, status) in report.checks() {
        let parts: &[NotChecked] = match status {
            CheckStatus::Pass => &[],
            CheckStatus::NotChecked(parts) => parts,
            CheckStatus::Fail { .. } => panic!("{check} failed"),
        };
        match check {
            CheckNumber::Given => assert_eq!(parts, [NotChecked::NotGiven]),
            CheckNumber::Log | CheckNumber::Result => {
                assert!(matches!(parts, [NotChecked::NotRequired(_)]), "{check}");
            }
            _ => assert_eq!(parts, [], "{check}"),
        }
    }
    assert!(report.passes(false));
    assert!(!report.passes(true));
}

#[test]
fn a_yes_no_record_passes() {
    let mut election = Election::new(ElectionSpec::yes_no(40));
    election.complete();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    assert_eq!(checker.phase(), Phase::Finished);
    assert_eq!(checker.turnout().unwrap().ballots, 20);
    assert_eq!(checker.turnout().unwrap().electorate, 40);
    let totals: Vec<u64> = checker.contest_results()[0]
        .totals
        .iter()
        .map(|t| t.get())
        .collect();
    assert_eq!(totals, election.plain_sum(0, &[0]));
}

#[test]
fn a_record_with_everything_passes() {
    let mut spec = ElectionSpec::mixed(60);
    spec.seed = 7;
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.weight = [1, 3][number / 30];
    }
    let mut election = Election::new(spec);
    election.set_up();
    election.revoke(3);
    let replaced = election.reissue(3);
    election.open();
    election.vote_at_random(2);
    // Some vote again: the later ballot counts.
    election.vote_at_random(6);
    election.strike(1);
    election.paper_turnout(election.paper_of(&[1]));
    let selections = hanpyo_testkit::random_selections(&mut election, 5);
    election.challenge(5, &selections);
    election.vote(5, &selections);
    let selections = hanpyo_testkit::random_selections(&mut election, replaced);
    election.vote(replaced, &selections);
    election.amend_assets([9; 32]);
    election.redate(election.spec.closes + 3600);
    election.strike(9);
    election.revoke(7);
    election.paper_turnout(election.paper_of(&[1, 7, 9]));
    election.finish();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    let turnout = checker.turnout().unwrap();
    assert_eq!(
        (turnout.ballots, turnout.paper, turnout.electorate),
        (32, 3, 60)
    );
    let all: Vec<u16> = (0..6).collect();
    for contest in 0..4u16 {
        let result = &checker.contest_results()[usize::from(contest)];
        let totals: Vec<u64> = result.totals.iter().map(|total| total.get()).collect();
        assert_eq!(totals, election.plain_sum(contest, &all));
        assert!(result.groups.len() > 1, "several groups");
    }
}

#[test]
fn below_the_gate_nothing_is_counted() {
    let mut spec = ElectionSpec::yes_no(30);
    spec.count_gate = Some((2, 3));
    let mut election = Election::new(spec);
    election.complete();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    let outcome = &checker.result().unwrap().outcomes[0];
    assert_eq!(outcome.status, Status::NotCounted);
    assert!(checker.contest_results().is_empty());
}

#[test]
fn without_the_quorum_the_count_is_published_and_decides_nothing() {
    let mut spec = ElectionSpec::yes_no(30);
    spec.turnout_quorum = Some((2, 3));
    let mut election = Election::new(spec);
    election.complete();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    let outcome = &checker.result().unwrap().outcomes[0];
    assert_eq!(outcome.status, Status::QuorumNotMet);
    assert_eq!(checker.contest_results()[0].totals.len(), 2);
}

#[test]
fn a_contest_with_too_few_ballots_is_withheld() {
    let mut spec = ElectionSpec::mixed(24);
    spec.floor = 9;
    spec.turnout_quorum = None;
    let mut election = Election::new(spec);
    election.complete();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    let outcomes = &checker.result().unwrap().outcomes;
    // Twelve vote; eight of them see any one contest.
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.status == Status::Withheld)
    );
    assert!(
        checker
            .contest_results()
            .iter()
            .all(|result| result.totals.is_empty())
    );
}

#[test]
fn an_election_without_a_ballot_has_totals_of_zero() {
    let mut election = Election::new(ElectionSpec::mixed(12));
    election.set_up();
    election.open();
    for credential in 0..3 {
        election.strike(credential);
    }
    election.paper_turnout(election.paper_of(&[0, 1, 2]));
    election.finish();
    assert_passes(&check(&election));
    let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
    let totals = &checker.contest_results()[0].totals;
    assert!(totals.iter().all(|total| total.get() == 0));
    assert_eq!(totals.len(), 2);
}

#[test]
fn a_void_record_passes_as_far_as_it_came() {
    let mut election = Election::new(ElectionSpec::yes_no(8));
    election.set_up();
    election.open();
    election.vote_at_random(2);
    election.void();
    let report = check(&election);
    assert_eq!(report.failed(), []);
    assert!(report.passes(false));
    assert_eq!(
        report.status(CheckNumber::EncryptedTally),
        &CheckStatus::NotChecked(vec![NotChecked::Void])
    );
}

#[test]
fn a_record_under_way_does_not_pass_but_nothing_fails() {
    let mut election = Election::new(ElectionSpec::yes_no(8));
    election.complete();
    for size in 1..election.entries.len() {
        let report = hanpyo_testkit::check_entries(&election.entries[..size]);
        assert_eq!(report.failed(), [], "{size} entries");
        assert!(!report.passes(false), "{size} entries");
    }
}

#[test]
fn a_restarted_ceremony_passes() {
    use hanpyo_ledger::entry::CeremonyRestart;

    let mut election = Election::new(ElectionSpec::yes_no(4));
    election.run_ceremony();
    // The joint key is not published; the commission starts again.
    election.entries.pop();
    let restart = election.sign(CeremonyRestart {
        new_attempt: 2u64.try_into().unwrap(),
        reason: hanpyo_ledger::entry::bounded::Text::new("다시").unwrap(),
    });
    election.append(restart);
    election.run_attempt(2);
    election.publish_drills();
    election.publish_roll();
    election.open();
    election.vote_at_random(1);
    election.finish();
    assert_passes(&check(&election));
}
