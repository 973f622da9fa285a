//! What the three programs share on the command line.
//!
//! Exit codes: 0 done, 1 the action was refused or failed, 2 bad input (arguments, files, passphrase).

mod board;
mod failure;
mod passphrase;
mod progress;

pub use board::{BoardArgs, BoardPlace, PostArgs, read_all};
pub use failure::{Failure, main};
pub use passphrase::{PassphraseArgs, confirm};
pub use progress::Progress;
