//! The record checker (docs/PROTOCOL.md sections 9, 10 and 13): everything anyone can check of an
//! election record, without I/O. Verifier, tally, trustees, the server's sequencer and the browser all
//! run it.
//!
//! A host pushes entries into a [`RecordChecker`] in order, as many at a time as it likes, and takes a
//! [`Report`] of the numbered checks whenever it wants one.
//!
//! | module | checks | what it knows |
//! |---|---|---|
//! | `checker` | all | the pipeline: decode and hash, verify in batches, apply in order |
//! | `trees` | 1 | the tree so far, checkpoints it must grow through |
//! | `phase`, `state` | 2, 11 | the phase machine and every entry that roles sign |
//! | `election` | 3 | what the manifest fixes |
//! | `ceremony` | 4 | key ceremony and drill |
//! | `roll` | 5 | credentials, half lists, revocations |
//! | `ballots`, `duplicates` | 6, 7, 8 | which ballots count, posted challenges |
//! | `sums`, [`groups`], `tally` | 9, 10 | encrypted sums, groups of units, decryptions |
//! | `helper` | 6, 8 | proofs verified by other workers of one page |
//! | `schedule`, [`result`] | 11 | times, turnout, the rules |
//! | `given` | 12 | codes, receipts and acknowledgements to look for |
//! | [`report`] | | findings and statuses |

mod ballots;
mod ceremony;
mod checker;
mod duplicates;
mod election;
mod given;
pub mod groups;
mod helper;
mod phase;
mod prepare;
pub mod report;
pub mod result;
mod roll;
mod schedule;
mod sink;
mod source;
mod state;
mod sums;
mod tally;
mod trees;

pub use hanpyo_crypto::ballot::{CodeError, CodePrefix, ConfirmationCode};

pub use ballots::Fate;
pub use checker::{MemoryUse, Options, RecordChecker, Rejection};
pub use given::{CodeStatus, Given, VerifiedReceipt};
pub use helper::{HelperError, ProofHelper, ProofItem, ProofJob, Vouched, VouchedSet};
pub use phase::Phase;
pub use report::{CheckNumber, CheckStatus, Finding, NotChecked, Report, Severity};
pub use roll::{Credential, VoterState};
pub use source::{EntrySource, SourceError};
pub use state::Turnout;
pub use tally::{Closed, ContestTally, PublishError};
pub use trees::{TooLate, TrustedTree};
