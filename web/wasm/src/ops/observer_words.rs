//! A root as words, to be read aloud.

use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::words;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::{request, response};

request! {
    /// A root.
    ObserverWords {
        /// In base64.
        root: String,
    }
}

response! {
    /// A word for each of its 32 bytes, in the lists of the trustees' fingerprints.
    RootWords {
        /// Korean.
        ko: Vec<String>,
        /// English.
        en: Vec<String>,
    }
}

/// Spells. All 32 words are given: who makes trees could find two whose first words agree.
///
/// # Errors
/// [`ErrorCode::Root`].
pub fn run(_: &mut State, request: ObserverWords) -> Result<RootWords, Failure> {
    let root = Hash::from_base64(&request.root)
        .ok_or_else(|| Failure::new(ErrorCode::Root, "a root has 44 base64 characters"))?;
    let bytes = root.as_bytes();
    Ok(RootWords {
        ko: words::korean(bytes),
        en: words::english(bytes),
    })
}
