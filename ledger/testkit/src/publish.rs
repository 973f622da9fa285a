//! A record as files, as a server publishes it.

use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::merkle::empty_root;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, create_log};
use hanpyo_ledger::log::store::Store;
use hanpyo_ledger::log::writer::TileWriter;

use crate::check::checkpoint;
use crate::election::Election;

/// Publishes the record's tiles and its checkpoint, cosigned by all witnesses at `time`, into an empty
/// store.
pub fn publish(election: &Election, store: &dyn Store, time: u64) -> SignedCheckpoint {
    let log = election.keys.log.verifier_key();
    let empty = Checkpoint {
        origin: KeyName::new(election.spec.origin()).unwrap(),
        size: 0,
        root: empty_root(),
    };
    create_log(store, &empty.sign(&election.keys.log).unwrap()).unwrap();
    let (_, batch) = TileWriter::new().append(&election.entries).unwrap();
    let signed = checkpoint(election, time);
    let mut publication = Publication::new(batch, signed, log).unwrap();
    publication.run(store, &mut NoCosigners).unwrap();
    publication.checkpoint().clone()
}
