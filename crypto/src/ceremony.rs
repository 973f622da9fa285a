//! The trustees' key ceremony (docs/PROTOCOL.md section 8): Feldman's distributed key generation with
//! commit then reveal, proofs of possession, masked shares and provable complaints.
//!
//! A trustee walks through states, each consumed by the next step; nobody needs to be online together:
//!
//! ```text
//! Committed --open--> Opened --share--> Shared --receive--> Confirmed --finish--> KeyShare
//!                                             \-----------> Complained (the attempt is over)
//! ```
//!
//! | state | publishes | waits for |
//! |---|---|---|
//! | [`Committed`] | [`Commitment`] | all n commitments |
//! | [`Opened`] | [`Opening`] | all n openings |
//! | [`Shared`] | [`ShareList`] | all n share lists |
//! | [`Confirmed`] | [`Confirmation`] | all n confirmations |
//! | [`Complained`] | [`Complaint`] | a restart |
//! | [`KeyShare`] | [`DrillShare`], partial decryptions | - |
//!
//! [`TrusteeState`] turns any of them into bytes for the trustee's encrypted secret file and back. **A
//! new state is saved before its message is published**; everything a state says is derived from the
//! seed it keeps, so a resumed state repeats its message to the byte. A restart begins again at
//! [`Committed::begin`] with [`Attempt::next`]: all secrets are fresh.
//!
//! Readers check what trustees say with [`Openings::verify`], [`CeremonyOutcome::compute`],
//! [`CeremonyOutcome::check_confirmation`], [`judge_complaint`] and [`DrillShare::verify`]. That a message comes from
//! the trustee it names is shown by the entry's signature, which callers check first.

mod complaint;
mod drill;
mod error;
mod key_share;
mod opening;
mod outcome;
mod parameters;
mod rounds;
mod seed;
mod shares;
mod state;

pub use complaint::{Complaint, ComplaintError, Judgement, Verdict, judge_complaint};
pub use drill::{DrillError, DrillShare, drill_point};
pub use error::{CeremonyError, Field, Message, MessageError};
pub use key_share::KeyShare;
pub use opening::{COMMITMENT_BYTES, Commitment, Opening, Openings};
pub use outcome::{CeremonyOutcome, Confirmation};
pub use parameters::{Attempt, MAX_TRUSTEES, Parameters, TrusteeIndex};
pub use rounds::{Committed, Complained, Confirmed, Opened, Received, Shared};
pub use shares::{EncryptedShare, ShareList};
pub use state::{StateError, TrusteeState};
