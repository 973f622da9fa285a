//! What a voter's device demands of the board before it encrypts, against boards that attackers made.

use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::log::files::FileStore;
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::signer::LogSigner;
use hanpyo_load_tests::voter::election::{Election, ElectionError};
use hanpyo_testkit::{Election as Kit, ElectionSpec, publish};
use rand::rngs::OsRng;

/// An election that is open, with what happened there, as a voter reads it with the log's key.
fn read(spec: ElectionSpec, then: impl FnOnce(&mut Kit)) -> Result<Election, ElectionError> {
    let mut kit = Kit::new(spec);
    kit.set_up();
    kit.open();
    then(&mut kit);
    let folder = tempfile::tempdir().unwrap();
    let board = folder.path().join("board");
    publish(&kit, &FileStore::create(&board).unwrap(), kit.spec.opens);
    let log = kit.keys.log.verifier_key();
    Election::load(&board.display().to_string(), log, None)
}

#[track_caller]
fn refused(outcome: Result<Election, ElectionError>) -> String {
    outcome.map(drop).unwrap_err().to_string()
}

fn vote(kit: &mut Kit, credential: u32) {
    kit.vote(credential, &[Selection::ChooseOne(Some(0))]);
}

#[test]
fn a_credential_that_was_reissued_after_the_opening_is_in_the_roll() {
    let mut point = None;
    let election = read(ElectionSpec::yes_no(4), |kit| {
        vote(kit, 0);
        kit.revoke(1);
        vote(kit, 2);
        let new = kit.reissue(1);
        vote(kit, 3);
        assert_eq!(new, 4);
        point = kit.voters.last().map(|voter| voter.public);
    });
    let election = election.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(election.credential(4).map(|found| found.point), point);
    assert!(election.credential(5).is_none());
}

#[test]
fn a_reissue_against_the_rules_is_refused() {
    // Both authorities and the commission sign a second credential for a voter whose first one stays valid.
    let said = refused(read(ElectionSpec::yes_no(4), |kit| {
        kit.reissue(1);
    }));
    assert!(said.contains("check 5"), "{said}");
}

#[test]
fn a_ballot_of_another_voter_that_does_not_count_keeps_nobody_from_voting() {
    let election = read(ElectionSpec::yes_no(4), |kit| {
        vote(kit, 0);
        // The server lets a second one in, without re-voting.
        vote(kit, 0);
    });
    assert!(election.is_ok());
}

#[test]
fn a_void_election_is_refused() {
    let said = refused(read(ElectionSpec::yes_no(4), |kit| {
        kit.void();
    }));
    assert_eq!(said, "the election was declared void");
}

#[test]
fn a_log_that_the_manifest_does_not_name_is_refused() {
    // A copy of the board in a log of the attacker's, whose key the voter was given.
    let said = refused(read(ElectionSpec::yes_no(4), |kit| {
        let name = KeyName::new(kit.spec.origin()).unwrap();
        kit.keys.log = LogSigner::generate(name, &mut OsRng).unwrap();
    }));
    assert!(said.contains("the manifest names the log"), "{said}");
}

#[test]
fn a_checkpoint_without_the_witnesses_quorum_is_refused() {
    // Of four witnesses three must have cosigned.
    let with = |cosigners: usize| {
        let spec = ElectionSpec {
            witnesses: 4,
            ..ElectionSpec::yes_no(4)
        };
        read(spec, |kit| kit.keys.witnesses.truncate(cosigners))
    };
    assert!(with(3).is_ok());
    for cosigners in [0, 2] {
        let said = refused(with(cosigners));
        assert!(
            said.starts_with("the latest checkpoint is not acceptable yet"),
            "{said}"
        );
    }
}
