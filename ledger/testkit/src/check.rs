//! Reading a record as any verifier does.

use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::merkle::{Frontier, Hash, leaf_hash};
use hanpyo_ledger::record::{Given, Options, RecordChecker, Report, TrustedTree};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::election::Election;

/// Verify everything, look for nothing.
pub(crate) fn options() -> Options {
    Options::default()
}

/// Root of the tree of some entries.
#[must_use]
pub fn root_of(entries: &[Vec<u8>]) -> Hash {
    let mut frontier = Frontier::new();
    for entry in entries {
        frontier.append(leaf_hash(entry), |_, _| {}).unwrap();
    }
    frontier.root()
}

/// The tree of some entries, as a verified checkpoint would state it.
#[must_use]
pub fn trusted_tree(entries: &[Vec<u8>], quorum_time: Option<u64>) -> TrustedTree {
    TrustedTree {
        size: entries.len() as u64,
        root: root_of(entries),
        quorum_time,
    }
}

/// The record's checkpoint, signed by the log and cosigned by all witnesses at `time`.
#[must_use]
pub fn checkpoint(election: &Election, time: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint {
        origin: KeyName::new(election.spec.origin()).unwrap(),
        size: election.entries.len() as u64,
        root: root_of(&election.entries),
    };
    let mut signed = checkpoint.sign(&election.keys.log).unwrap();
    let text = signed.note().text().to_owned();
    for witness in &election.keys.witnesses {
        signed
            .add_cosignature(witness.cosign(&text, time).unwrap())
            .unwrap();
    }
    signed
}

/// Checks an election's record under a checkpoint of its present entries.
#[must_use]
pub fn check(election: &Election) -> Report {
    check_entries(&election.entries)
}

/// Checks entries under a checkpoint of just these entries: the log signs whatever it is given.
#[must_use]
pub fn check_entries(entries: &[Vec<u8>]) -> Report {
    check_with(entries, Given::default()).report()
}

/// Checks entries, looking for what was given.
#[must_use]
pub fn check_with(entries: &[Vec<u8>], given: Given) -> RecordChecker {
    let options = Options {
        given,
        ..Options::default()
    };
    let mut checker = RecordChecker::new(options, &mut ChaCha20Rng::from_entropy());
    checker.expect(trusted_tree(entries, None)).unwrap();
    checker.push(entries, &entries.to_vec()).unwrap();
    checker
}
