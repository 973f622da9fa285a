//! Whole ballots: body, confirmation code, decision and signature (docs/PROTOCOL.md section 6).
//!
//! | module | what it holds |
//! |---|---|
//! | `context` | [`ElectionContext`], [`BallotContext`]: what a ballot is bound to, and its transcript |
//! | `body` | [`Body`]: the bytes before the signature |
//! | `code` | [`ConfirmationCode`] and what a voter types of it |
//! | `encrypt` | [`encrypt_ballot`], [`PreparedBallot`] and the decision that consumes it |
//! | `signature` | the decision-bound Schnorr signature |
//! | `opening` | [`Opening`] of a challenged ballot |

mod body;
mod code;
mod context;
mod encrypt;
mod opening;
mod signature;

pub use body::{Body, BodyError, ContestBody};
pub use code::{CODE_CHARACTERS, CodeError, CodePrefix, ConfirmationCode};
pub use context::{BallotContext, ElectionContext, NumberedContest};
pub use encrypt::{
    CastBallot, ChallengedBallot, EncryptBallotError, PreparedBallot, VoterRequest, encrypt_ballot,
};
pub use opening::{ContestOpening, Opening, OpeningError};
#[cfg(feature = "full")]
pub(crate) use signature::Signature;
pub use signature::{Decision, SIGNATURE_BYTES};

/// What is wrong with CBOR, in words.
#[cfg(feature = "full")]
fn words(error: &minicbor::decode::Error) -> alloc::string::String {
    alloc::string::ToString::to_string(error)
}

/// No words on a voter's device: nobody reads them there, and what makes them is downloaded.
#[cfg(not(feature = "full"))]
fn words(_: &minicbor::decode::Error) -> alloc::string::String {
    alloc::string::String::new()
}
