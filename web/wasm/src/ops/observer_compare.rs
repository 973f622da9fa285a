//! Compares a root from elsewhere.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_ledger::log::merkle::Hash;

use crate::failure::{ErrorCode, Failure};
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
        /// Files to hand in with `observer_provide` before asking again.
        needs: Vec<String>,
    }
}

/// Compares.
///
/// # Errors
/// [`ErrorCode::Root`], [`ErrorCode::NotRead`] if the record is not that large yet.
pub fn run(state: &mut State, request: ObserverCompare) -> Result<ComparedRoot, Failure> {
    let text = request.root.trim();
    let root = Hash::from_base64(text).or_else(|| Hash::from_hex(&text.to_ascii_lowercase()));
    let root = root.ok_or_else(|| {
        let detail = "a root has 44 base64 characters or 64 hexadecimal digits";
        Failure::new(ErrorCode::Root, detail)
    })?;
    let observer = state.observer(request.observer)?;
    match observer.compare_root(request.size.get(), &root) {
        Ok(equal) => Ok(ComparedRoot {
            equal: Some(equal),
            needs: Vec::new(),
        }),
        Err(needs) if needs.is_empty() => {
            let size = observer.tree().map_or(0, |(size, _)| size);
            let detail = format!("this record has {size} entries");
            Err(Failure::new(ErrorCode::NotRead, detail))
        }
        Err(needs) => Ok(ComparedRoot { equal: None, needs }),
    }
}
