//! Attacks on tally, decryption, result and timing: checks 9, 10 and 11.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use hanpyo_crypto::decryption::ClosedTree;
use hanpyo_ledger::entry::{
    ContestResult, Count, ElectionResult, EncryptedTally, Entry, Group, OptionNumber, Outcome,
    Status,
};
use hanpyo_ledger::record::{
    CheckNumber, CheckStatus, Closed, Given, NotChecked, Options, RecordChecker, Report,
};
use hanpyo_testkit::{Election, ElectionSpec, trusted_tree};
use record_support::{assert_fails, open, open_election, vote};

/// 8 of 12 voters in two units vote; closed.
fn closed() -> Election {
    let mut spec = ElectionSpec::yes_no(12);
    spec.units = vec![None, Some(0), Some(0)];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = [1, 2][number % 2];
    }
    spec.floor = 2;
    let mut election = open(spec);
    (0..8).for_each(|credential| {
        vote(&mut election, credential);
    });
    election.close();
    election
}

/// Tally, decryption and results, honest but for a change to one entry.
fn finished(change: impl Fn(&mut Entry) -> bool) -> (Election, u64) {
    let mut election = closed();
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(2);
    election.publish_contest_results();
    election.publish_result();
    let at = change_one(&mut election, change);
    (election, at)
}

/// Changes the first entry that `change` takes and signs it again.
fn change_one(election: &mut Election, change: impl Fn(&mut Entry) -> bool) -> u64 {
    for index in 0..election.entries.len() {
        let mut entry = election.entry(index);
        if change(&mut entry) {
            election.entries[index] = election.resign(entry).encode().unwrap();
            return index as u64;
        }
    }
    panic!("nothing to change")
}

fn in_tally(entry: &mut Entry, change: impl Fn(&mut EncryptedTally, &mut Vec<Group>)) -> bool {
    let Entry::EncryptedTally(signed) = entry else {
        return false;
    };
    let mut groups = signed.payload.groups.to_vec();
    change(&mut signed.payload, &mut groups);
    signed.payload.groups = groups.try_into().unwrap();
    true
}

#[test]
fn the_tally_operator_cannot_swap_sums_or_leave_units_out() {
    const TALLY: &[CheckNumber] = &[CheckNumber::EncryptedTally];
    let (election, at) = finished(|entry| {
        in_tally(entry, |_, groups| {
            let (one, two) = (groups[0].sums.clone(), groups[1].sums.clone());
            (groups[0].sums, groups[1].sums) = (two, one);
        })
    });
    assert_fails(&election, TALLY, at);
    // Differencing: a group split below the floor shows single votes.
    let (election, at) = finished(|entry| {
        in_tally(entry, |_, groups| {
            let mut units = groups[0].units.to_vec();
            units.insert(0, 0u16.into());
            groups[0].units = units.try_into().unwrap();
        })
    });
    assert_fails(&election, TALLY, at);
    let (election, at) = finished(|entry| {
        in_tally(entry, |tally, groups| {
            tally.groups_in_all += 1;
            groups.push(groups[0].clone());
        })
    });
    assert_fails(&election, TALLY, at);
    let (election, at) = finished(|entry| in_tally(entry, |_, groups| groups[1].ballots += 1));
    assert_fails(&election, TALLY, at);
}

#[test]
fn units_below_the_floor_cannot_be_published_alone() {
    // Unit 2 has one ballot: it belongs to the group of unit 1.
    let mut spec = ElectionSpec::yes_no(12);
    spec.units = vec![None, Some(0), Some(0)];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = if number == 5 { 2 } else { 1 };
    }
    spec.floor = 3;
    let mut honest = open(spec.clone());
    (0..8).for_each(|credential| {
        vote(&mut honest, credential);
    });
    honest.close();
    let groups = honest.follow().closed().unwrap().contests[0]
        .groups()
        .to_vec();
    assert_eq!(groups.len(), 1);
    // The tally publishes them apart, as a manifest with floor 1 would have it.
    let mut greedy = Election::new(ElectionSpec { floor: 1, ..spec });
    greedy.set_up();
    greedy.open();
    (0..8).for_each(|credential| {
        vote(&mut greedy, credential);
    });
    greedy.close();
    greedy.publish_tally();
    let (_, Entry::EncryptedTally(apart)) =
        greedy.find(|entry| matches!(entry, Entry::EncryptedTally(_)))
    else {
        unreachable!()
    };
    assert_eq!(apart.payload.groups.len(), 2);
    let entry = honest.sign(apart.payload);
    let at = honest.append(entry);
    let report = hanpyo_testkit::check(&honest);
    assert_eq!(report.failed(), [CheckNumber::EncryptedTally]);
    assert_eq!(report.findings().next().unwrap().entry, Some(at));
}

#[test]
fn a_single_weight_is_never_published_alone() {
    let mut spec = ElectionSpec::yes_no(10);
    spec.floor = 2;
    spec.voters[4].weight = 7;
    let mut election = open(spec.clone());
    election.vote_at_random(1);
    election.finish();
    assert_eq!(hanpyo_testkit::check(&election).failed(), []);
    let checker = record_support::read(&election);
    assert_eq!(
        checker.result().unwrap().outcomes[0].status,
        Status::Withheld
    );
    // Unless manifest and booth say in words that votes may be computable.
    spec.votes_computable = true;
    let mut election = open(spec);
    election.vote_at_random(1);
    election.finish();
    assert_eq!(hanpyo_testkit::check(&election).failed(), []);
    record_support::assert_counted(&election, 0);
}

#[test]
fn a_wrong_partial_decryption_is_noticed() {
    let (election, at) = finished(|entry| {
        let Entry::PartialDecryption(signed) = entry else {
            return false;
        };
        let mut groups = signed.payload.groups.to_vec();
        // A point of the same trustee, for another position.
        let mut points = groups[0].decryptions.to_vec();
        points.rotate_left(32);
        groups[0].decryptions = points.try_into().unwrap();
        signed.payload.groups = groups.try_into().unwrap();
        true
    });
    assert_fails(&election, &[CheckNumber::Decryption], at);
}

/// The closed state with a change, as a dishonest trustee or a cheated one would see it.
fn decrypted_otherwise(change: impl FnOnce(&mut Closed)) -> (Election, u64) {
    let mut election = closed();
    election.publish_tally();
    let mut closed = election.follow().closed().unwrap().clone();
    change(&mut closed);
    let partials = closed
        .decrypt(&election.shares[0], &mut election.rng)
        .unwrap();
    let mut at = Vec::new();
    for partial in partials {
        let entry = election.sign(partial);
        at.push(election.append(entry));
    }
    // Two others decrypt honestly, so that the count goes on.
    election.publish_decryptions(2);
    election.publish_decryptions(3);
    election.publish_contest_results();
    election.publish_result();
    (election, at[0])
}

#[test]
fn decryptions_for_another_tree_or_sum_are_refused() {
    let root = |closed: &mut Closed| closed.tree.root[0] ^= 1;
    let size = |closed: &mut Closed| {
        closed.tree = ClosedTree {
            size: closed.tree.size + 1,
            ..closed.tree
        };
    };
    let swapped = |closed: &mut Closed| closed.contests[0].sums.swap(0, 1);
    // A single ballot instead of the sum; a reweighted sum.
    let reweighted = |closed: &mut Closed| {
        let sum = closed.contests[0].sums[0][0];
        closed.contests[0].sums[0][0].add_weighted(&sum, 2);
    };
    let changes: [&dyn Fn(&mut Closed); 4] = [&root, &size, &swapped, &reweighted];
    for change in changes {
        let (election, at) = decrypted_otherwise(change);
        assert_fails(&election, &[CheckNumber::Decryption], at);
        record_support::assert_counted(&election, 0);
    }
}

#[test]
fn fewer_than_the_quorum_do_not_decrypt() {
    let mut election = closed();
    election.publish_tally();
    election.publish_decryptions(2);
    let closed = election.follow().closed().unwrap().clone();
    let values: Vec<_> = closed.contests[0]
        .groups()
        .iter()
        .map(|group| election.plain_sum(0, &group.units))
        .collect();
    let result = closed.contest_result(0, &values, 0).unwrap().remove(0);
    let result = election.sign(result);
    let at = election.append(result);
    let report = hanpyo_testkit::check(&election);
    assert_eq!(report.failed(), [CheckNumber::Order]);
    assert_eq!(report.findings().next().unwrap().entry, Some(at));
}

#[test]
fn a_decryption_is_published_once() {
    let mut election = closed();
    election.publish_tally();
    election.publish_decryptions(1);
    let (index, first) = election.find(|entry| matches!(entry, Entry::PartialDecryption(_)));
    let at = election.append(first);
    assert!(at > index as u64);
    election.publish_decryptions(3);
    election.publish_contest_results();
    election.publish_result();
    assert_fails(&election, &[CheckNumber::Order], at);
}

#[test]
fn a_count_off_by_one_is_noticed() {
    // One vote moved from one option to the other, totals and winner to match.
    let (election, at) = finished(|entry| {
        let Entry::ContestResult(signed) = entry else {
            return false;
        };
        let count = |value: u64| Count::try_from(value).unwrap();
        let mut groups = signed.payload.groups.to_vec();
        let mut values = groups[0].to_vec();
        let from = usize::from(values[0].get() == 0);
        values[from] = count(values[from].get() - 1);
        values[1 - from] = count(values[1 - from].get() + 1);
        groups[0] = values.try_into().unwrap();
        signed.payload.groups = groups.try_into().unwrap();
        let mut totals = signed.payload.totals.to_vec();
        totals[from] = count(totals[from].get() - 1);
        totals[1 - from] = count(totals[1 - from].get() + 1);
        signed.payload.totals = totals.try_into().unwrap();
        true
    });
    let report = hanpyo_testkit::check(&election);
    assert!(report.failed().contains(&CheckNumber::Decryption));
    assert_eq!(report.findings().next().unwrap().entry, Some(at));

    let (election, at) = finished(|entry| {
        let Entry::ContestResult(signed) = entry else {
            return false;
        };
        let mut totals = signed.payload.totals.to_vec();
        totals[0] = Count::try_from(totals[0].get() + 1).unwrap();
        signed.payload.totals = totals.try_into().unwrap();
        true
    });
    let report = hanpyo_testkit::check(&election);
    assert_eq!(report.failed(), [CheckNumber::Result]);
    assert_eq!(report.findings().next().unwrap().entry, Some(at));
}

#[test]
fn turnout_and_outcome_follow_the_rules() {
    let changes: [&dyn Fn(&mut ElectionResult); 5] = [
        &|result| result.ballots += 1,
        &|result| result.paper += 1,
        &|result| result.electorate -= 1,
        &|result| {
            result.outcomes = vec![Outcome {
                status: Status::Decided,
                winners: vec![OptionNumber::from(0), OptionNumber::from(1)]
                    .try_into()
                    .unwrap(),
            }]
            .try_into()
            .unwrap();
        },
        &|result| {
            result.outcomes = vec![Outcome {
                status: Status::QuorumNotMet,
                winners: Vec::new().try_into().unwrap(),
            }]
            .try_into()
            .unwrap();
        },
    ];
    for change in changes {
        let (election, at) = finished(|entry| {
            let Entry::ElectionResult(signed) = entry else {
                return false;
            };
            change(&mut signed.payload);
            true
        });
        assert_fails(&election, &[CheckNumber::Result], at);
    }
}

#[test]
fn below_the_gate_no_tally_is_published() {
    let mut spec = ElectionSpec::yes_no(12);
    spec.count_gate = Some((2, 3));
    let mut election = open(spec);
    (0..4).for_each(|credential| {
        vote(&mut election, credential);
    });
    election.close();
    assert!(!election.gate_holds());
    let closed = election.follow().closed().unwrap();
    assert!(closed.contests.is_empty(), "nothing to decrypt");
    // A tally operator that publishes sums all the same, and above all trustees that decrypt them.
    let mut other = self::closed();
    other.publish_tally();
    let (_, Entry::EncryptedTally(tally)) =
        other.find(|entry| matches!(entry, Entry::EncryptedTally(_)))
    else {
        unreachable!()
    };
    let entry = election.sign(tally.payload);
    let at = election.append(entry);
    election.publish_result();
    assert_fails(&election, &[CheckNumber::Order], at);
}

#[test]
fn opening_or_closing_early_is_noticed() {
    let spec = ElectionSpec::yes_no(6);
    let mut election = Election::new(spec.clone());
    election.set_up();
    let at = election.open_at(spec.opens - 1);
    election.vote_at_random(1);
    election.finish();
    assert_fails(&election, &[CheckNumber::Result], at);

    let mut election = open_election(6);
    election.vote_at_random(1);
    let at = election.close_at(spec.closes + spec.grace - 1);
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(2);
    election.publish_contest_results();
    election.publish_result();
    assert_fails(&election, &[CheckNumber::Result], at);
}

#[test]
fn re_dating_only_postpones() {
    let spec = ElectionSpec::yes_no(6);
    let mut election = open_election(6);
    election.vote_at_random(1);
    let at = election.redate(spec.closes - 3600);
    election.spec.closes = spec.closes;
    election.finish();
    assert_fails(&election, &[CheckNumber::Result], at);

    // Nor before voting has begun: the commission alone could shorten it to a minute.
    for closes in [spec.opens + 60, spec.closes] {
        let mut election = Election::new(spec.clone());
        election.set_up();
        let at = election.redate(closes);
        election.spec.closes = spec.closes;
        election.open();
        election.vote_at_random(1);
        election.finish();
        assert_fails(&election, &[CheckNumber::Result], at);
    }

    let mut election = Election::new(spec.clone());
    election.set_up();
    election.redate(spec.closes + 60);
    election.open();
    election.vote_at_random(1);
    election.finish();
    assert_eq!(hanpyo_testkit::check(&election).failed(), []);
}

#[test]
fn paper_votes_never_become_fewer() {
    let mut election = open_election(6);
    election.vote_at_random(3);
    election.strike(1);
    election.strike(2);
    election.paper_turnout(vec![2]);
    let at = election.paper_turnout(vec![1]);
    election.finish();
    assert_fails(&election, &[CheckNumber::Result], at);
}

/// Reads the record under checkpoints with evidence of time: (entries, time).
fn with_witnesses(election: &Election, evidence: &[(usize, u64)]) -> Vec<CheckNumber> {
    read_with_witnesses(election, evidence).failed()
}

fn read_with_witnesses(election: &Election, evidence: &[(usize, u64)]) -> Report {
    let mut checker = RecordChecker::new(Options::default(), &mut rand::rngs::OsRng);
    for (size, time) in evidence {
        let tree = trusted_tree(&election.entries[..*size], Some(*time));
        checker.expect(tree).unwrap();
    }
    checker.push(&election.entries, &election.entries).unwrap();
    checker.report()
}

#[test]
fn witnesses_evidence_the_times_that_entries_only_state() {
    let spec = ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(6)
    };
    let mut election = open(spec.clone());
    let opened = election.entries.len();
    election.vote_at_random(1);
    let voted = election.entries.len();
    election.finish();
    let all = election.entries.len();
    let (opens, closes) = (spec.opens, spec.closes);
    let none: [CheckNumber; 0] = [];
    let end = closes + spec.grace;
    let honest = [(opened, opens), (voted, closes), (all, end)];
    assert_eq!(with_witnesses(&election, &honest), none);
    // `close` says the right time, but was there before it.
    let early = [(opened, opens), (all, end - 1)];
    assert_eq!(with_witnesses(&election, &early), [CheckNumber::Result]);
    // Opened before the first window.
    let early = [(opened, opens - 1), (all, end)];
    assert_eq!(with_witnesses(&election, &early), [CheckNumber::Result]);
    // Ballots that came after closing time and grace.
    let late = [(voted - 1, closes + spec.grace + 1), (all, closes + 500)];
    assert_eq!(with_witnesses(&election, &late), [CheckNumber::Result]);
    let in_time = [(voted - 1, closes + spec.grace), (all, closes + 500)];
    assert_eq!(with_witnesses(&election, &in_time), none);

    // What only does not contradict is no evidence: a tree with the last ballot must have been cosigned in time.
    let passes = |evidence: &[(usize, u64)]| read_with_witnesses(&election, evidence).passes(false);
    assert!(passes(&honest));
    assert!(passes(&[(voted, closes + spec.grace), (all, closes + 500)]));
    assert!(!passes(&in_time));
    assert!(!passes(&[(all, closes + 500)]));
    assert!(!passes(&[(opened, opens), (all, closes + 500)]));
    let report = read_with_witnesses(&election, &[(all, closes + 500)]);
    let CheckStatus::NotChecked(parts) = report.status(CheckNumber::Result) else {
        panic!("nothing shows that the ballots came in time")
    };
    assert!(matches!(&parts[..], [NotChecked::Missing(what)] if what.contains("came in time")));
}

#[test]
fn a_witness_quorum_that_was_not_verified_is_not_passed_over() {
    let spec = ElectionSpec {
        witnesses: 4,
        ..ElectionSpec::yes_no(4)
    };
    let mut election = Election::new(spec);
    election.complete();
    let report = hanpyo_testkit::check(&election);
    assert_eq!(report.failed(), []);
    assert!(!report.passes(false), "no quorum time was given");
}

#[test]
fn a_contest_result_may_span_entries() {
    let mut election = closed();
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(2);
    let before = election.entries.clone();
    let values = |election: &mut Election| {
        let closed = election.follow().closed().unwrap().clone();
        let groups = closed.contests[0].groups().iter();
        let values: Vec<_> = groups
            .map(|group| election.plain_sum(0, &group.units))
            .collect();
        (closed, values)
    };
    let (closed, values) = values(&mut election);
    let whole = closed.contest_result(0, &values, 0).unwrap().remove(0);
    assert_eq!(whole.groups.len(), 2);
    let part = |groups: std::ops::Range<usize>, with_totals: bool| ContestResult {
        contest: whole.contest,
        groups: whole.groups[groups].to_vec().try_into().unwrap(),
        totals: match with_totals {
            true => whole.totals.clone(),
            false => Vec::new().try_into().unwrap(),
        },
    };
    let first = election.sign(part(0..1, false));
    let second = election.sign(part(1..2, true));
    let at = election.append(first.clone());
    assert_eq!(election.follow().groups_with_values(), 1);
    assert!(election.follow().contest_results().is_empty());
    let rest = closed.contest_result(0, &values, 1).unwrap();
    assert_eq!(rest, [part(1..2, true)]);

    // The closing entry waits for the second.
    let cut = election.entries.clone();
    let early = ElectionResult {
        ballots: 8,
        paper: 0,
        electorate: 12,
        outcomes: vec![Outcome {
            status: Status::Tied,
            winners: Vec::new().try_into().unwrap(),
        }]
        .try_into()
        .unwrap(),
    };
    let early = election.sign(early);
    let early = election.append(early);
    assert_fails(&election, &[CheckNumber::Order], early);
    election.entries = cut;
    election.append(second);
    election.publish_result();
    assert!(hanpyo_testkit::check(&election).passes(false));
    let checker = hanpyo_testkit::check_with(&election.entries, Given::default());
    assert_eq!(checker.contest_results(), std::slice::from_ref(&whole));

    // Totals too early or not at all, no group, the wrong group, more groups than there are.
    let more = ContestResult {
        groups: vec![whole.groups[0].clone(); 3].try_into().unwrap(),
        ..whole.clone()
    };
    for (wrong, check) in [
        (part(0..1, true), CheckNumber::Result),
        (part(0..2, false), CheckNumber::Result),
        (part(0..0, false), CheckNumber::Decryption),
        (part(1..2, false), CheckNumber::Decryption),
        (more, CheckNumber::Decryption),
    ] {
        election.entries = before.clone();
        let wrong = election.sign(wrong);
        assert_eq!(election.append(wrong), at);
        assert_fails(&election, &[check], at);
    }
}

#[test]
fn only_who_cannot_vote_here_votes_on_paper() {
    let mut election = open_election(6);
    vote(&mut election, 0);
    election.strike(4);
    election.revoke(5);
    let before = election.entries.clone();
    // Of six electors one is struck and one revoked; the others could still vote here.
    let at = election.paper_turnout(vec![3]);
    assert_fails(&election, &[CheckNumber::Result], at);

    election.entries = before;
    election.paper_turnout(vec![2]);
    assert!(hanpyo_testkit::check(&election).failed().is_empty());
    // The revoked credential is replaced, and all of them vote: the paper votes were stated wrongly.
    let new = election.reissue(5);
    for credential in [1, 2, 3, new] {
        vote(&mut election, credential);
    }
    let at = election.close();
    assert_fails(&election, &[CheckNumber::Result], at);
}

#[test]
fn a_unit_has_no_paper_votes_of_electors_of_another() {
    let mut spec = ElectionSpec::yes_no(6);
    spec.units = vec![None, None];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = [0, 1][number % 2];
    }
    let mut election = open(spec);
    election.strike(1);
    election.revoke(3);
    let before = election.entries.clone();
    for wrong in [vec![1, 0], vec![1, 1], vec![0, 3]] {
        election.entries = before.clone();
        let at = election.paper_turnout(wrong);
        assert_fails(&election, &[CheckNumber::Result], at);
    }
    election.entries = before;
    election.paper_turnout(vec![0, 2]);
    assert!(hanpyo_testkit::check(&election).failed().is_empty());
    // Who has a new credential votes here.
    election.reissue(3);
    election.paper_turnout(vec![0, 2]);
    let at = election.entries.len() - 1;
    assert_fails(&election, &[CheckNumber::Result], at as u64);
}
