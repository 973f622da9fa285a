//! What the tests of the record checker share.
#![allow(dead_code, unreachable_pub, reason = "every test uses a part of it")]

use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{Complained, Received, ShareList};
use hanpyo_ledger::entry::bounded::Text;
use hanpyo_ledger::entry::{CeremonyComplaint, CeremonyRestart, EncodedPoint, EqualityProof};
use hanpyo_ledger::record::{CheckNumber, Given, RecordChecker, Report, Severity};
use hanpyo_testkit::{Dealt, Election, ElectionSpec, check, check_with, random_selections};

/// An open yes/no election of `voters`.
pub fn open_election(voters: usize) -> Election {
    open(ElectionSpec::yes_no(voters))
}

/// An election of this kind, opened.
pub fn open(spec: ElectionSpec) -> Election {
    let mut election = Election::new(spec);
    election.set_up();
    election.open();
    election
}

/// A random vote of one credential.
pub fn vote(election: &mut Election, credential: u32) -> u64 {
    let selections = random_selections(election, credential);
    election.vote(credential, &selections)
}

/// A checker that has read everything.
pub fn read(election: &Election) -> RecordChecker {
    check_with(&election.entries, Given::default())
}

/// Checks the record: exactly these checks fail, the first finding at `entry`.
pub fn assert_fails(election: &Election, checks: &[CheckNumber], entry: u64) -> Report {
    let report = check(election);
    let findings: Vec<String> = report.findings().map(ToString::to_string).collect();
    assert_eq!(report.failed(), checks, "{findings:#?}");
    let first = report.findings().filter_map(|finding| finding.entry).min();
    assert_eq!(first, Some(entry), "{findings:#?}");
    assert!(!report.passes(false));
    report
}

/// As [`assert_fails`], with faults that exclusion resolves only.
pub fn assert_excluded(election: &Election, check: CheckNumber, entry: u64) {
    let report = assert_fails(election, &[check], entry);
    assert!(!report.has_fatal());
    let excluded = report.findings().all(|f| f.severity == Severity::Excluded);
    assert!(excluded);
}

/// Totals of a contest in the record are those of the votes in clear.
pub fn assert_counted(election: &Election, contest: u16) {
    let units: Vec<u16> = (0..).take(election.spec.units.len()).collect();
    let result = &read(election).contest_results()[usize::from(contest)].clone();
    let totals: Vec<u64> = result.totals.iter().map(|total| total.get()).collect();
    assert_eq!(totals, election.plain_sum(contest, &units));
}

/// A small record with an entry of almost every type.
pub fn small_record() -> Election {
    let mut spec = ElectionSpec::yes_no(8);
    spec.seed = 3;
    spec.authorities = 2;
    spec.revoting = true;
    spec.units = vec![None, Some(0), Some(0)];
    for (number, voter) in spec.voters.iter_mut().enumerate() {
        voter.unit = [1, 2][number % 2];
    }
    let mut election = Election::new(spec);
    election.set_up();
    election.revoke(7);
    let new = election.reissue(7);
    election.redate(election.spec.closes + 60);
    election.open();
    for credential in [0, 1, 2, 0, new] {
        let selections = random_selections(&mut election, credential);
        election.vote(credential, &selections);
    }
    let selections = random_selections(&mut election, 3);
    election.challenge(3, &selections);
    election.strike(4);
    election.paper_turnout(vec![0, 1, 0]);
    election.amend_assets([5; 32]);
    election.finish();
    election
}

/// A ceremony up to the share lists, where trustee 1 deals trustee 2 a wrong share.
pub fn cheated() -> (Election, Dealt) {
    let mut election = Election::new(ElectionSpec::yes_no(6));
    let dealt = election.deal(1, |parameters, lists| {
        // The masked share of trustee 2 is the first in the list of trustee 1.
        let mut bytes = lists[0].as_bytes().to_vec();
        bytes[32..64].copy_from_slice(Scalar::from(77u64).as_bytes());
        let dealer = parameters.trustee(1).unwrap();
        lists[0] = ShareList::decode(parameters, dealer, &bytes).unwrap();
    });
    (election, dealt)
}

/// The complaint as an entry.
pub fn complaint_entry(complaint: &Complained) -> CeremonyComplaint {
    let complaint = complaint.complaint();
    CeremonyComplaint {
        attempt: 1u64.try_into().unwrap(),
        complainant: complaint.complainant().number().try_into().unwrap(),
        accused: complaint.accused().number().try_into().unwrap(),
        shared: EncodedPoint(*complaint.shared().as_bytes()),
        proof: EqualityProof(complaint.proof().encode()),
    }
}

/// A small record with the entries that [`small_record`] lacks: a proven complaint, a restart, and a void election.
pub fn disrupted_record() -> Election {
    let (mut election, Dealt { shared, lists }) = cheated();
    let second = shared.into_iter().nth(1).unwrap();
    let Received::Complained(complained) = second.receive(&lists).unwrap() else {
        panic!("the share is wrong")
    };
    let complaint = election.sign(complaint_entry(&complained));
    election.append(complaint);
    let restart = election.sign(CeremonyRestart {
        new_attempt: 2u64.try_into().unwrap(),
        reason: Text::new("이의 제기").unwrap(),
    });
    election.append(restart);
    election.run_attempt(2);
    election.publish_drills();
    election.publish_roll();
    election.open();
    election.vote_at_random(2);
    election.void();
    election
}
