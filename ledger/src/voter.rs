//! What a voter's device does with the public record, without I/O: shared by `hanpyo-voter` and the booth in the
//! browser (`web/wasm`), so that there is one way to encrypt, challenge and check a ballot.
//!
//! | module | step |
//! |---|---|
//! | `election` | manifest and joint key, from the entries that all trustees signed |
//! | `credential` | from voting codes to the secret, and its place in the roll |
//! | `ballot` | encrypt, then cast or challenge |
//! | `opening` | check a challenge on another device |
//! | `recorded` | acknowledgement and receipt |

mod ballot;
mod credential;
mod election;
mod opening;
mod recorded;

pub use ballot::{Challenge, PrepareError, Voter, cast, challenge, prepare};
pub use credential::{CodesError, RollError, RollPlace, credential_secret, find_in_roll};
pub use election::{OpenError, VotingElection};
pub use opening::{Opened, OpenedBallot, OpenedBallotError};
pub use recorded::{
    BallotKind, RecordedBallot, RecordedError, verify_acknowledgement, verify_receipt,
};
