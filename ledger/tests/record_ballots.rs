//! Attacks on ballots and posted challenges: checks 6, 7 and 8. The election goes on as the rules say, so
//! that nothing else fails and the count is that of the honest ballots.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod record_support;

use curve25519_dalek::ristretto::CompressedRistretto;
use hanpyo_crypto::ballot::{
    BallotContext, Body, CastBallot, ContestBody, ElectionContext, VoterRequest, encrypt_ballot,
};
use hanpyo_crypto::contest::Selection;
use hanpyo_crypto::group::value_generator;
use hanpyo_ledger::entry::{BallotEntry, BodyBytes, Entry, PostedChallenge, Signature};
use hanpyo_ledger::record::{CheckNumber, EntrySource, Options, RecordChecker, SourceError};
use hanpyo_testkit::{Election, ElectionSpec, random_selections};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record_support::{assert_counted, assert_excluded, open, open_election, read, vote};

const YES: &[Selection] = &[Selection::ChooseOne(Some(0))];
const NO: &[Selection] = &[Selection::ChooseOne(Some(1))];

/// Some honest votes around an attack, then an honest end.
fn attacked(mut election: Election, attack: impl FnOnce(&mut Election) -> u64) -> (Election, u64) {
    vote(&mut election, 0);
    let entry = attack(&mut election);
    vote(&mut election, 1);
    vote(&mut election, 2);
    election.finish();
    (election, entry)
}

fn assert_attack_excluded(
    check: CheckNumber,
    election: Election,
    attack: impl FnOnce(&mut Election) -> u64,
) -> Election {
    let (election, entry) = attacked(election, attack);
    assert_excluded(&election, check, entry);
    assert_counted(&election, 0);
    election
}

/// The ballot with H times these numbers added to its values.
fn shifted(ballot: &BallotEntry, by: [i64; 2]) -> Entry {
    let body = Body::decode(ballot.body.as_bytes()).unwrap();
    let mut ciphertexts = body.contests[0].ciphertexts.to_vec();
    for (ciphertext, by) in ciphertexts.chunks_mut(64).zip(by) {
        let point = CompressedRistretto::from_slice(&ciphertext[32..]).unwrap();
        let mut point = point.decompress().unwrap();
        for _ in 0..by.abs() {
            point = if by > 0 {
                point + value_generator()
            } else {
                point - value_generator()
            };
        }
        ciphertext[32..].copy_from_slice(point.compress().as_bytes());
    }
    let contests = vec![ContestBody {
        ciphertexts: &ciphertexts,
        proof: body.contests[0].proof,
    }];
    let changed = Body { contests, ..body };
    Entry::Ballot(BallotEntry {
        body: BodyBytes::new(changed.encode()).unwrap(),
        signature: ballot.signature,
    })
}

#[test]
fn two_ones_or_minus_one_and_two_are_not_counted() {
    for by in [[0, 1], [1, 0], [-2, 1], [1, -1]] {
        assert_attack_excluded(CheckNumber::Ballots, open_election(8), |election| {
            let ballot = election.ballot(5, YES);
            let shifted = shifted(&ballot, by);
            election.append(shifted)
        });
    }
}

#[test]
fn a_credential_outside_the_roll_is_invalid() {
    assert_attack_excluded(CheckNumber::Ballots, open_election(8), |election| {
        let ballot = election.ballot(5, YES);
        let body = Body::decode(ballot.body.as_bytes()).unwrap();
        let unknown = Body { index: 8, ..body };
        let body = BodyBytes::new(unknown.encode()).unwrap();
        let signature = ballot.signature;
        election.append(Entry::Ballot(BallotEntry { body, signature }))
    });
}

/// A ballot that is right in itself, bound to something else.
fn bound_otherwise(
    election: &mut Election,
    credential: u32,
    other: impl FnOnce(&mut BallotContext<'_>),
    context: &ElectionContext,
    selections: &[Selection],
) -> u64 {
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let cast = election.with_context(credential, |true_context| {
        let mut bound = *true_context;
        other(&mut bound);
        let request = VoterRequest {
            secret: election.voters[credential as usize].secret.scalar(),
            counter: 1,
            attempt: 1,
            selections,
        };
        let prepared = encrypt_ballot(context, &bound, &request, &mut rng).unwrap();
        prepared.cast(&mut rng)
    });
    let ballot: BallotEntry = cast.try_into().unwrap();
    election.append(Entry::Ballot(ballot))
}

#[test]
fn a_ballot_of_another_style_election_or_key_is_invalid() {
    let mut spec = ElectionSpec::mixed(16);
    spec.floor = 1;
    spec.count_gate = None;
    let (election, entry) = attacked(open(spec), |election| {
        // Credential 4 has style 1; this is a ballot of style 0.
        let contests = election.style(0);
        let selections = random_selections(election, 0);
        let context = election.context.clone().unwrap();
        let style = |bound: &mut BallotContext<'_>| bound.style = 0;
        // Two contexts: the number alone, and the contests with it.
        let own = random_selections(election, 4);
        bound_otherwise(election, 4, style, &context, &own);
        let mut rng = ChaCha20Rng::seed_from_u64(10);
        let bound = BallotContext {
            index: 4,
            credential: &election.voters[4].public,
            style: 0,
            contests: &contests,
        };
        let request = VoterRequest {
            secret: election.voters[4].secret.scalar(),
            counter: 1,
            attempt: 1,
            selections: &selections,
        };
        let prepared = encrypt_ballot(&context, &bound, &request, &mut rng).unwrap();
        let ballot: BallotEntry = prepared.cast(&mut rng).try_into().unwrap();
        election.append(Entry::Ballot(ballot)) - 1
    });
    assert_excluded(&election, CheckNumber::Ballots, entry);
    assert_eq!(read(&election).report().findings().count(), 2);

    assert_attack_excluded(CheckNumber::Ballots, open_election(8), |election| {
        let key = election.context.as_ref().unwrap().joint_key().clone();
        let other = ElectionContext::new([7; 32], key);
        bound_otherwise(election, 5, |_| {}, &other, YES)
    });
}

#[test]
fn a_ballot_signed_for_a_challenge_cannot_be_cast() {
    assert_attack_excluded(CheckNumber::Ballots, open_election(8), |election| {
        let prepared = election.prepare(5, YES);
        let challenged = prepared.challenge(&mut election.rng);
        let cast = CastBallot {
            body: challenged.body.clone(),
            signature: challenged.signature,
        };
        election.append(Entry::Ballot(cast.try_into().unwrap()))
    });
}

#[test]
fn bytes_that_are_no_ballot_are_invalid() {
    for (place, byte) in [(2, 0x84), (3, 0x1a), (1, 0xff)] {
        let mut election = open_election(8);
        let ballot = election.ballot(5, YES);
        let mut bytes = Entry::Ballot(ballot).encode().unwrap();
        if place == 1 {
            bytes.push(byte);
        } else {
            bytes[place] = byte;
        }
        assert_attack_excluded(CheckNumber::Ballots, election, |election| {
            election.append_bytes(bytes)
        });
    }
}

#[test]
fn a_ballot_occurs_once() {
    let election = assert_attack_excluded(CheckNumber::Duplicates, open_election(8), |election| {
        vote(election, 5);
        let copy = election.entries.last().unwrap().clone();
        election.append_bytes(copy)
    });
    assert_eq!(read(&election).turnout().unwrap().ballots, 4);
}

#[test]
fn a_copy_far_away_is_found_too() {
    // The copy comes in a later push, so the earlier entry has to be read again.
    let mut election = open_election(8);
    vote(&mut election, 5);
    let copy = election.entries.last().unwrap().clone();
    let mut checker = hanpyo_ledger::record::RecordChecker::new(
        hanpyo_ledger::record::Options::default(),
        &mut rand::rngs::OsRng,
    );
    checker.push(&election.entries, &election.entries).unwrap();
    assert_eq!(checker.findings(), []);
    let nothing: Vec<Vec<u8>> = Vec::new();
    let size = checker.size();
    // A host that cannot give it again stops the checker before the entry ..
    checker
        .push(std::slice::from_ref(&copy), &nothing)
        .unwrap_err();
    assert_eq!(checker.size(), size);
    // .. and may try again.
    checker.push(&[copy], &election.entries).unwrap();
    assert_eq!(checker.findings()[0].check, CheckNumber::Duplicates);
    assert_eq!(checker.size(), size + 1);
}

#[test]
fn a_nonce_point_occurs_once() {
    let mut spec = ElectionSpec::yes_no(8);
    spec.revoting = true;
    assert_attack_excluded(CheckNumber::Duplicates, open(spec), |election| {
        // A device with a dead random number generator and clock encrypts twice under one credential.
        let ballot = |election: &Election, counter, selections| {
            let mut rng = ChaCha20Rng::seed_from_u64(11);
            let cast = election.with_context(5, |context| {
                let request = VoterRequest {
                    secret: election.voters[5].secret.scalar(),
                    counter,
                    attempt: 1,
                    selections,
                };
                let context_of_all = election.context.as_ref().unwrap();
                let prepared = encrypt_ballot(context_of_all, context, &request, &mut rng);
                prepared.unwrap().cast(&mut rng)
            });
            BallotEntry::try_from(cast).unwrap()
        };
        let (one, two) = (ballot(election, 1, YES), ballot(election, 2, YES));
        assert_ne!(one.body.as_bytes(), two.body.as_bytes());
        let first_point = |ballot: &BallotEntry| {
            let body = Body::decode(ballot.body.as_bytes()).unwrap();
            body.contests[0].ciphertexts[..32].to_vec()
        };
        assert_eq!(first_point(&one), first_point(&two));
        election.append(Entry::Ballot(one));
        let values = election.plaintext(5, YES);
        election.plain.insert(5, values);
        election.append(Entry::Ballot(two))
    });
}

#[test]
fn an_old_counter_is_stale() {
    let mut spec = ElectionSpec::yes_no(8);
    spec.revoting = true;
    for (first, second) in [(5, 5), (5, 4)] {
        assert_attack_excluded(CheckNumber::Duplicates, open(spec.clone()), |election| {
            let held_back = election.prepare_with(5, second, NO);
            let held_back: BallotEntry = held_back.cast(&mut election.rng).try_into().unwrap();
            let ballot = election.prepare_with(5, first, YES);
            let ballot: BallotEntry = ballot.cast(&mut election.rng).try_into().unwrap();
            let values = election.plaintext(5, YES);
            election.plain.insert(5, values);
            election.append(Entry::Ballot(ballot));
            election.append(Entry::Ballot(held_back))
        });
    }
}

#[test]
fn a_second_vote_does_not_count_without_re_voting() {
    assert_attack_excluded(CheckNumber::Duplicates, open_election(8), |election| {
        election.vote(5, YES);
        election.vote(5, NO)
    });
}

#[test]
fn revoked_and_struck_credentials_do_not_vote() {
    type Step = fn(&mut Election, u32) -> u64;
    let steps: [Step; 2] = [Election::revoke, Election::strike];
    for step in steps {
        assert_attack_excluded(CheckNumber::Duplicates, open_election(8), |election| {
            step(election, 5);
            let ballot = election.ballot(5, YES);
            election.append(Entry::Ballot(ballot))
        });
    }
}

#[test]
fn an_invalid_copy_does_not_keep_the_voter_out() {
    // The server publishes the voter's body with a broken signature first.
    let mut election = open_election(8);
    let ballot = election.ballot(5, YES);
    let mut broken = ballot.clone();
    broken.signature = Signature([1; 64]);
    let entry = election.append(Entry::Ballot(broken));
    let values = election.plaintext(5, YES);
    election.plain.insert(5, values);
    let counted = election.append(Entry::Ballot(ballot));
    election.finish();
    assert_excluded(&election, CheckNumber::Ballots, entry);
    assert_counted(&election, 0);
    assert_eq!(read(&election).voter(5).unwrap().counted, Some(counted));
}

/// The same body, cast and challenged.
fn both_ways(election: &mut Election) -> (Entry, Entry) {
    let rng = election.rng.clone();
    let challenge = election.challenged(5, YES);
    election.rng = rng;
    election.voters[5].counter -= 1;
    let ballot = election.ballot(5, YES);
    assert_eq!(ballot.body, challenge.body);
    (Entry::Ballot(ballot), Entry::PostedChallenge(challenge))
}

#[test]
fn a_challenged_body_is_never_cast() {
    assert_attack_excluded(CheckNumber::Duplicates, open_election(8), |election| {
        let (ballot, challenge) = both_ways(election);
        election.append(challenge);
        election.append(ballot)
    });
}

/// Bodies of one credential that share their ciphertexts and differ in the counter: all but the first are
/// excluded, none can be opened afterwards, and nobody has to read all of them for it.
#[test]
fn bodies_that_share_their_nonce_points_are_told_apart() {
    struct Counting<'a>(&'a Election, std::cell::Cell<usize>);
    impl EntrySource for Counting<'_> {
        fn entry(&self, index: u64) -> Result<Vec<u8>, SourceError> {
            self.1.set(self.1.get() + 1);
            self.0.entries.entry(index)
        }
    }

    let mut election = open_election(8);
    let rng = ChaCha20Rng::seed_from_u64(77);
    let with_counter = |election: &Election, counter: u32| {
        election.with_context(5, |context| {
            let request = VoterRequest {
                secret: election.voters[5].secret.scalar(),
                counter,
                attempt: 1,
                selections: YES,
            };
            let key = election.context.as_ref().unwrap();
            encrypt_ballot(key, context, &request, &mut rng.clone()).unwrap()
        })
    };
    let copies = 30;
    let mut entries = Vec::new();
    for counter in 1..=copies {
        let cast = with_counter(&election, counter).cast(&mut election.rng);
        let cast: BallotEntry = cast.try_into().unwrap();
        entries.push(election.append(Entry::Ballot(cast)));
    }
    let challenge = |election: &mut Election, counter| {
        let challenged = with_counter(election, counter).challenge(&mut election.rng);
        let challenge = PostedChallenge::try_from(&challenged).unwrap();
        election.append(Entry::PostedChallenge(challenge))
    };
    // Two that were cast, one that was not.
    let refused = [
        challenge(&mut election, 1),
        challenge(&mut election, copies),
    ];
    challenge(&mut election, copies + 1);

    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let mut checker = RecordChecker::new(Options::default(), rng);
    let source = Counting(&election, std::cell::Cell::new(0));
    for entry in &election.entries {
        let before = source.1.get();
        checker.push(std::slice::from_ref(entry), &source).unwrap();
        assert!(source.1.get() - before <= 8, "{} reads", source.1.get());
    }
    let found: Vec<_> = (checker.findings().iter())
        .map(|finding| (finding.check, finding.entry.unwrap()))
        .collect();
    let excluded = entries[1..].iter().map(|at| (CheckNumber::Duplicates, *at));
    let refused = refused.iter().map(|at| (CheckNumber::Challenges, *at));
    assert_eq!(found, excluded.chain(refused).collect::<Vec<_>>());
}

#[test]
fn a_cast_body_is_never_opened() {
    assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        let (ballot, challenge) = both_ways(election);
        election.append(ballot);
        let values = election.plaintext(5, YES);
        election.plain.insert(5, values);
        election.append(challenge)
    });
}

#[test]
fn a_challenge_that_does_not_reopen_is_noticed() {
    // Claimed: another option than was encrypted.
    assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        let mut challenge = election.challenged(5, YES);
        let other = election.challenged(5, NO);
        challenge.opening = other.opening;
        election.append(Entry::PostedChallenge(challenge))
    });
    // The same challenge twice.
    assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        let challenge = election.challenged(5, YES);
        election.append(Entry::PostedChallenge(challenge.clone()));
        election.append(Entry::PostedChallenge(challenge))
    });
    // Signed to be cast.
    assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        let (ballot, challenge) = both_ways(election);
        let (Entry::Ballot(ballot), Entry::PostedChallenge(mut challenge)) = (ballot, challenge)
        else {
            unreachable!()
        };
        challenge.signature = ballot.signature;
        election.append(Entry::PostedChallenge(challenge))
    });
    // Not even an entry.
    assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        let challenge = election.challenged(5, YES);
        let mut bytes = Entry::PostedChallenge(challenge).encode().unwrap();
        bytes.pop();
        election.append_bytes(bytes)
    });
}

#[test]
fn the_sixth_challenge_of_a_credential_is_refused() {
    let election = assert_attack_excluded(CheckNumber::Challenges, open_election(8), |election| {
        for _ in 0..5 {
            election.challenge(5, YES);
        }
        election.challenge(5, YES)
    });
    assert_eq!(read(&election).voter(5).unwrap().challenges, 5);
}

#[test]
fn ballots_before_open_and_after_close_are_out_of_place() {
    let mut election = Election::new(ElectionSpec::yes_no(8));
    election.set_up();
    let ballot = election.ballot(5, YES);
    let early = election.append(Entry::Ballot(ballot));
    election.open();
    vote(&mut election, 1);
    election.finish();
    record_support::assert_fails(&election, &[CheckNumber::Order], early);

    let mut election = open_election(8);
    vote(&mut election, 1);
    let ballot = election.ballot(5, YES);
    election.close();
    let late = election.append(Entry::Ballot(ballot));
    election.publish_tally();
    election.publish_decryptions(1);
    election.publish_decryptions(3);
    election.publish_contest_results();
    election.publish_result();
    let report = record_support::assert_fails(&election, &[CheckNumber::Order], late);
    assert!(report.has_fatal());
}
