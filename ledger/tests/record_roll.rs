//! Attacks on the roll: check 5.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use hanpyo_ledger::entry::{
    AuthorityNumber, EncodedPoint, Entry, HalfListCommitment, Hash, RollRow, Subject,
};
use hanpyo_ledger::record::CheckNumber;
use hanpyo_testkit::{ContestSpec, Election, ElectionSpec};
use record_support::{assert_counted, assert_fails, open_election, read, vote};

const ROLL: &[CheckNumber] = &[CheckNumber::Roll];

fn two_authorities(voters: usize) -> ElectionSpec {
    ElectionSpec {
        authorities: 2,
        ..ElectionSpec::yes_no(voters)
    }
}

/// Sets an election up with a change to the entries of its roll, signed again, and completes it.
/// Voters from 2 on vote.
fn with_roll(spec: ElectionSpec, change: impl FnOnce(&mut Election)) -> Election {
    let mut election = Election::new(spec);
    election.run_ceremony();
    election.publish_drills();
    election.publish_unsealed_roll();
    change(&mut election);
    election.seal_roll();
    election.open();
    for credential in 2..u32::try_from(election.voters.len()).unwrap() {
        vote(&mut election, credential);
    }
    election.finish();
    election
}

/// Changes the entry for which `is_it` holds and signs it again; returns its index.
fn change(
    election: &mut Election,
    is_it: impl Fn(&Entry) -> bool,
    change: impl FnOnce(&mut Entry),
) -> u64 {
    let (index, mut entry) = election.find(is_it);
    change(&mut entry);
    election.entries[index] = election.resign(entry).encode().unwrap();
    index as u64
}

fn change_rows(election: &mut Election, change_them: impl FnOnce(&mut Vec<RollRow>)) -> u64 {
    let is_chunk = |entry: &Entry| matches!(entry, Entry::RollChunk(_));
    change(election, is_chunk, |entry| {
        let Entry::RollChunk(signed) = entry else {
            unreachable!()
        };
        let mut rows = signed.payload.rows.to_vec();
        change_them(&mut rows);
        signed.payload.rows = rows.try_into().unwrap();
    })
}

#[test]
fn one_credential_for_two_voters_is_a_clash() {
    let mut at = 0;
    let election = with_roll(ElectionSpec::yes_no(6), |election| {
        at = change_rows(election, |rows| rows[1].credential = rows[0].credential);
    });
    assert_fails(&election, ROLL, at);
}

#[test]
fn a_clash_across_chunks_is_found() {
    let mut at = 0;
    let election = with_roll(ElectionSpec::yes_no(1003), |election| {
        let first = EncodedPoint(election.voters[0].public);
        let is_second = |entry: &Entry| matches!(entry, Entry::RollChunk(signed) if signed.payload.first.get() == 1000);
        at = change(election, is_second, |entry| {
            let Entry::RollChunk(signed) = entry else {
                unreachable!()
            };
            let mut rows = signed.payload.rows.to_vec();
            rows[0].credential = first;
            signed.payload.rows = rows.try_into().unwrap();
        });
        // Its voter can no longer vote; keep to those who can.
        election.voters.truncate(10);
    });
    let _ = assert_fails(&election, ROLL, at);
}

#[test]
fn identity_and_other_bytes_are_no_credentials() {
    for bytes in [[0; 32], [0xff; 32]] {
        let mut at = 0;
        let election = with_roll(ElectionSpec::yes_no(6), |election| {
            at = change_rows(election, |rows| rows[1].credential = EncodedPoint(bytes));
        });
        assert_fails(&election, ROLL, at);
    }
}

#[test]
fn styles_and_units_must_exist() {
    let mut at = 0;
    let election = with_roll(ElectionSpec::yes_no(6), |election| {
        at = change_rows(election, |rows| rows[1].style = 9u16.into());
    });
    assert_fails(&election, ROLL, at);
    let election = with_roll(ElectionSpec::yes_no(6), |election| {
        at = change_rows(election, |rows| rows[1].unit = 9u16.into());
    });
    assert_fails(&election, ROLL, at);
}

#[test]
fn a_missing_or_repeated_chunk_is_noticed() {
    let election = with_roll(ElectionSpec::yes_no(2010), |election| {
        let is_second = |entry: &Entry| matches!(entry, Entry::RollChunk(signed) if signed.payload.first.get() == 1000);
        let (index, _) = election.find(is_second);
        election.entries.remove(index);
        election.voters.truncate(10);
    });
    let report = hanpyo_testkit::check(&election);
    assert_eq!(report.failed(), ROLL);

    let mut at = 0;
    let election = with_roll(ElectionSpec::yes_no(6), |election| {
        let (index, chunk) = election.find(|entry| matches!(entry, Entry::RollChunk(_)));
        election.entries.insert(index, chunk.encode().unwrap());
        at = index as u64 + 1;
    });
    assert_fails(&election, ROLL, at);
}

#[test]
fn the_seal_must_state_the_numbers_of_the_roll() {
    for place in 0..2 {
        let mut election = open_election(6);
        vote(&mut election, 3);
        let at = change(
            &mut election,
            |entry| matches!(entry, Entry::RollSealed(_)),
            |entry| {
                let Entry::RollSealed(signed) = entry else {
                    unreachable!()
                };
                if place == 0 {
                    signed.payload.credentials = 7u64.try_into().unwrap();
                } else {
                    signed.payload.per_unit = vec![5].try_into().unwrap();
                }
            },
        );
        election.finish();
        assert_fails(&election, ROLL, at);
    }
}

#[test]
fn sums_are_bounded_by_2_to_the_48() {
    let mut spec = ElectionSpec::yes_no(6);
    spec.contests = vec![ContestSpec::score(2, 1 << 31, 0, 0)];
    // 6 * 2^15 * 2^31 is more than 2^48; 4 * 2^15 * 2^31 is not.
    for (weight, fails) in [(1 << 15, true), ((1 << 15) / 3 * 2, false)] {
        spec.voters
            .iter_mut()
            .for_each(|voter| voter.weight = weight);
        let mut election = Election::new(spec.clone());
        election.set_up();
        let seal = election.entries.len() as u64 - 1;
        if fails {
            assert_fails(&election, ROLL, seal);
        } else {
            assert_eq!(hanpyo_testkit::check(&election).failed(), []);
        }
    }
}

#[test]
fn an_authority_cannot_choose_its_half_after_seeing_the_other() {
    // The second authority publishes another half than it committed to, and the roll follows it.
    let mut election = Election::new(two_authorities(4));
    election.run_ceremony();
    election.publish_drills();
    election.publish_unsealed_roll();
    let at = change(
        &mut election,
        |entry| {
            matches!(entry, Entry::HalfListCommitment(signed)
                if signed.payload.authority == AuthorityNumber::MAX)
        },
        |entry| {
            let Entry::HalfListCommitment(signed) = entry else {
                unreachable!()
            };
            signed.payload.hash = Hash([3; 32]);
        },
    );
    election.seal_roll();
    election.open();
    election.vote_at_random(1);
    election.finish();
    // Noticed when the roll begins, after the commitment.
    let chunk = election
        .find(|entry| matches!(entry, Entry::RollChunk(_)))
        .0 as u64;
    assert!(at < chunk);
    assert_fails(&election, ROLL, chunk);
    assert_counted(&election, 0);
}

#[test]
fn a_half_list_before_both_commitments_is_refused() {
    let mut election = Election::new(two_authorities(4));
    election.run_ceremony();
    election.publish_drills();
    election.publish_unsealed_roll();
    let is_second = |entry: &Entry| {
        matches!(entry, Entry::HalfListCommitment(signed)
            if signed.payload.authority == AuthorityNumber::MAX)
    };
    let (commitment, _) = election.find(is_second);
    election.entries.swap(commitment, commitment + 1);
    let report = hanpyo_testkit::check(&election);
    assert_eq!(report.failed(), ROLL);
    assert_eq!(
        report.findings().next().unwrap().entry,
        Some(commitment as u64)
    );
}

#[test]
fn a_credential_must_be_the_sum_of_its_halves() {
    // The server (or one authority) slips in a credential of its own.
    let mut at = 0;
    let election = with_roll(two_authorities(5), |election| {
        let own = election.shares[0].outcome().verification_shares()[0];
        at = change_rows(election, |rows| {
            rows[1].credential = EncodedPoint(*own.as_bytes());
        });
    });
    assert_fails(&election, ROLL, at);
}

#[test]
fn half_lists_longer_than_the_roll_are_noticed() {
    let mut election = Election::new(two_authorities(4));
    election.run_ceremony();
    election.publish_drills();
    election.publish_unsealed_roll();
    change_rows(&mut election, |rows| {
        rows.pop();
    });
    election.spec.voters.pop();
    election.voters.pop();
    let at = election.seal_roll();
    election.open();
    election.vote_at_random(1);
    election.finish();
    assert_fails(&election, ROLL, at);
}

#[test]
fn half_lists_with_one_authority_are_out_of_place() {
    let mut election = Election::new(ElectionSpec::yes_no(4));
    election.run_ceremony();
    election.publish_drills();
    let entry = election.sign(HalfListCommitment {
        authority: AuthorityNumber::MIN,
        subject: Subject::Roll,
        hash: Hash([1; 32]),
    });
    let at = election.append(entry);
    election.publish_roll();
    election.open();
    election.vote_at_random(1);
    election.finish();
    assert_fails(&election, &[CheckNumber::Order], at);
}

/// An act of authority or commission against a voter, refused; the vote counts all the same.
fn assert_refused(spec: ElectionSpec, act: impl FnOnce(&mut Election) -> u64) {
    let mut election = record_support::open(spec);
    vote(&mut election, 0);
    vote(&mut election, 2);
    let at = act(&mut election);
    election.finish();
    assert_fails(&election, ROLL, at);
    assert_counted(&election, 0);
}

#[test]
fn nobody_is_revoked_or_struck_after_voting() {
    assert_refused(ElectionSpec::yes_no(5), |election| election.revoke(2));
    assert_refused(ElectionSpec::yes_no(5), |election| election.strike(2));
}

#[test]
fn nobody_is_revoked_or_struck_twice_or_outside_the_roll() {
    for unknown in [5, u32::MAX] {
        assert_refused(ElectionSpec::yes_no(5), |election| election.revoke(unknown));
        assert_refused(ElectionSpec::yes_no(5), |election| election.strike(unknown));
    }
    assert_refused(ElectionSpec::yes_no(5), |election| {
        election.revoke(3);
        election.revoke(3)
    });
    assert_refused(ElectionSpec::yes_no(5), |election| {
        election.revoke(3);
        election.strike(3)
    });
    assert_refused(ElectionSpec::yes_no(5), |election| {
        election.strike(3);
        election.revoke(3)
    });
}

#[test]
fn only_a_revoked_credential_is_re_issued_and_once() {
    for authorities in [1, 2] {
        let spec = ElectionSpec {
            authorities,
            ..ElectionSpec::yes_no(5)
        };
        // Not revoked: with two authorities already the half lists have no subject.
        let mut election = record_support::open(spec.clone());
        vote(&mut election, 0);
        let at = election.entries.len() as u64;
        election.reissue(3);
        election.voters.pop();
        election.spec.voters.pop();
        election.finish();
        assert_fails(&election, ROLL, at);

        let mut election = record_support::open(spec);
        vote(&mut election, 0);
        election.revoke(3);
        election.reissue(3);
        let at = election.entries.len() as u64;
        election.reissue(3);
        election.finish();
        assert_fails(&election, ROLL, at);
    }
}

#[test]
fn a_re_issued_credential_is_new_and_votes() {
    let mut election = record_support::open(two_authorities(5));
    election.revoke(3);
    let new = election.reissue(3);
    let entry = vote(&mut election, new);
    election.finish();
    assert_eq!(hanpyo_testkit::check(&election).failed(), []);
    assert_eq!(read(&election).voter(new).unwrap().counted, Some(entry));

    // The "new" one is somebody else's.
    let mut election = open_election(5);
    vote(&mut election, 0);
    election.revoke(3);
    election.reissue(3);
    let taken = EncodedPoint(election.voters[0].public);
    let at = change(
        &mut election,
        |entry| matches!(entry, Entry::Reissue(_)),
        |entry| {
            let Entry::Reissue(signed) = entry else {
                unreachable!()
            };
            signed.payload.credential = taken;
        },
    );
    election.finish();
    assert_fails(&election, ROLL, at);
}

#[test]
fn two_authorities_re_issue_together() {
    let mut election = record_support::open(two_authorities(5));
    vote(&mut election, 0);
    election.revoke(3);
    election.reissue(3);
    let own = election.shares[0].outcome().verification_shares()[0];
    let at = change(
        &mut election,
        |entry| matches!(entry, Entry::Reissue(_)),
        |entry| {
            let Entry::Reissue(signed) = entry else {
                unreachable!()
            };
            signed.payload.credential = EncodedPoint(*own.as_bytes());
        },
    );
    election.finish();
    assert_fails(&election, ROLL, at);
}
