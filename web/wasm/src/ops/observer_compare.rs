//! Compares a root from elsewhere.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_ledger::log::merkle::Hash;

use crate::failure::{ErrorCode, Failure};
use crate::observer::NotCompared;
use crate::state::State;
use crate::wire::Number;
use crate::{request, response};

request! {
    /// A root that somebody else saw.
    ObserverCompare {
        /// Handle of the observer.
        observer: u32,
        /// Number of entries of that tree.
        size: Number,
        /// Its root, in base64 or hexadecimal digits.
        root: String,
    }
}

response! {
    /// Whether both saw the same log.
    ComparedRoot {
        /// Whether it is the root of the first `size` entries; null while files are needed.
        equal: Option<bool>,
        /// Where it is not: the root of as many entries here, in base64.
        here: Option<String>,
        /// The consistency proof from that root to the newest tree, each hash in base64.
        proof: Vec<String>,
        /// Files to hand in with `observer_provide` before asking again.
        needs: Vec<String>,
    }
}

/// Compares.
///
/// # Errors
/// [`ErrorCode::Root`], [`ErrorCode::NotRead`] if the record is not that large yet, [`ErrorCode::Spoilt`] if a file
/// needed for it is not what was signed.
pub fn run(state: &mut State, request: ObserverCompare) -> Result<ComparedRoot, Failure> {
    let text = request.root.trim();
    let root = Hash::from_base64(text).or_else(|| Hash::from_hex(&text.to_ascii_lowercase()));
    let root = root.ok_or_else(|| {
        let detail = "a root has 44 base64 characters or 64 hexadecimal digits";
        Failure::new(ErrorCode::Root, detail)
    })?;
    let observer = state.observer(request.observer)?;
    let (equal, difference, needs) = match observer.compare_root(request.size.get(), &root) {
        Ok(difference) => (Some(difference.is_none()), difference, Vec::new()),
        Err(NotCompared::Needs(needs)) => (None, None, needs),
        Err(NotCompared::Spoilt(what)) => return Err(Failure::new(ErrorCode::Spoilt, what)),
        Err(NotCompared::Beyond) => {
            let size = observer.tree().map_or(0, |(size, _)| size);
            let detail = format!("this record has {size} entries");
            return Err(Failure::new(ErrorCode::NotRead, detail));
        }
    };
    let (here, proof) = difference.map_or((None, Vec::new()), |difference| {
        let proof = difference.proof.iter().map(Hash::to_base64).collect();
        (Some(difference.root.to_base64()), proof)
    });
    Ok(ComparedRoot {
        equal,
        here,
        proof,
        needs,
    })
}
