//! Contests: their kinds, what a voter may mark, and the proof that a ciphertext vector encrypts
//! a permitted selection (docs/PROTOCOL.md section 5).
//!
//! | module | what it holds |
//! |---|---|
//! | `kind` | [`ContestKind`]: rules, parameter bytes, sizes |
//! | `selection` | [`Selection`]: a voter's marks, to and from the plaintext vector |
//! | `statement` | the statements of section 5.2, one list for prover and verifier |
//! | `score` | range proof and link of section 5.3 |
//! | `absorb` | what both sides absorb first |
//! | `prove`, `verify`, `explain` | the two sides, and the slow verifier that names the false equation |

mod absorb;
#[cfg(feature = "full")]
mod explain;
mod fault;
mod kind;
mod prove;
mod score;
mod selection;
mod statement;
#[cfg(feature = "full")]
mod verify;

pub use fault::{ContestFault, Equation};
pub use kind::{
    ContestKind, KindError, MAX_CONTEST_BYTES, MAX_SCORE, PARAMETER_BYTES, Rules, ScoreTotal,
};
pub(crate) use prove::Voter;
pub use selection::{Selection, SelectionError};
#[cfg(feature = "full")]
pub(crate) use verify::Scratch;
