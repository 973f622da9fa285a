//! The public record of a Hanpyo election (docs/PROTOCOL.md sections 10 to 13): what everybody may
//! read, how it is written, and the checks that make trust in its writers unnecessary.
//!
//! | module | what it holds | section |
//! |---|---|---|
//! | [`manifest`] | everything that is fixed before an election begins, and its rules | 10.2 |
//! | [`entry`] | entries of the record: the 28 types, in deterministic CBOR | 10.1 |
//! | [`signature`] | signatures by roles | 10.1 |
//! | [`log`] | the transparency log that the entries stand in: tree, tiles, checkpoints, receipts | 11, 12 |
//! | [`acknowledgement`] | the server's promise that a ballot will be in the record | 12 |
//! | [`record`] | the record checker: the numbered checks | 9, 10.3 to 10.5, 13 |
//! | [`voter`] | what a voter's device does | 6, 12 |
//! | [`words`] | fingerprints and roots as words | |
//!
//! Nothing here does I/O of its own but the file store and the two readers of a board
//! ([`log::files`] and [`log::http`], features that are off in the browser).
//!
//! # A whole election
//!
//! From a manifest to a record that anyone checks. The test kit plays every role; it is a few calls
//! into these modules and `hanpyo-crypto` for each entry.
//!
//! ```
//! use hanpyo_ledger::entry::{Entry, EntryType};
//! use hanpyo_ledger::log::memory::MemoryStore;
//! use hanpyo_ledger::log::policy::Policy;
//! use hanpyo_ledger::log::reader::Record;
//! use hanpyo_ledger::log::receipt::Receipt;
//! use hanpyo_ledger::log::source::StoreSource;
//! use hanpyo_ledger::record::{CheckNumber, Options, RecordChecker, TrustedTree};
//! use hanpyo_testkit::{Election, ElectionSpec, publish};
//!
//! // The manifest is entry 0. Its hash binds everything that follows.
//! let mut election = Election::new(ElectionSpec::yes_no(6));
//! assert!(election.manifest.problems().is_empty());
//!
//! // Ceremony, drill, roll, ballots, close, encrypted tally, decryptions, result: each an entry,
//! // signed by its roles. Bytes that do not re-encode to themselves are none.
//! election.complete();
//! let ballot = election.find(|entry| entry.entry_type() == EntryType::Ballot).0;
//! let bytes = &election.entries[ballot];
//! assert_eq!(Entry::decode(bytes)?.encode()?, *bytes);
//!
//! // The log: entries become tiles and bundles of 256, under a signed checkpoint.
//! let store = MemoryStore::new();
//! publish(&election, &store, 0);
//! assert!(store.files().contains_key("checkpoint"));
//!
//! // A reader knows the log's key from elsewhere. The record's files are untrusted: every hash and
//! // entry is checked against the root that the log signed.
//! let log = election.keys.log.verifier_key();
//! let record = Record::open(StoreSource(&store), log)?;
//! let checkpoint = record.checkpoint().checkpoint().clone();
//!
//! // A receipt proves to the voter that the ballot is in that tree.
//! let index = ballot as u64;
//! let proof = record.tree().inclusion_proof(index)?;
//! let receipt = Receipt::new(bytes.clone(), index, proof, record.checkpoint().note().clone());
//! let policy = Policy::parse(election.manifest.witnesses.policy.as_bytes())?;
//! Receipt::parse(&receipt.to_bytes())?.verify(&policy)?;
//!
//! // The numbered checks, over entries as they come.
//! let mut checker = RecordChecker::new(Options::default(), &mut rand::rngs::OsRng);
//! checker.expect(TrustedTree { size: checkpoint.size, root: checkpoint.root, quorum_time: None })?;
//! for bundle in record.tree().bundles(0) {
//!     let bundle = bundle?;
//!     let entries: Vec<&[u8]> = bundle.entries().map(|(_, bytes)| bytes).collect();
//!     checker.push(&entries, record.tree())?;
//! }
//! assert!(checker.report().passes(false));
//! assert_eq!(checker.turnout().map(|turnout| turnout.ballots), Some(3));
//!
//! // One bit of one ballot, and the record is another.
//! let mut changed = election.entries.clone();
//! changed[ballot][100] ^= 1;
//! let report = hanpyo_testkit::check_entries(&changed);
//! assert!(report.failed().contains(&CheckNumber::Ballots));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod acknowledgement;
pub mod entry;
pub mod log;
pub mod manifest;
#[cfg(feature = "std")]
pub mod record;
pub mod signature;
pub mod voter;
pub mod words;
