//! Entries 16 and 19 to 23: what the commission says while voting goes on (docs/PROTOCOL.md section
//! 10.3, steps 7 and 8). Ballots are in [`ballot`](super::ballot).

use super::bounded::List;
use super::codec::record;
use super::values::{CredentialIndex, Hash, Reason, Seconds};

record! {
    /// Entry 16, by the commission: voting begins.
    Open {
        /// When.
        time: Seconds,
    }
}

record! {
    /// Entry 19, by the commission: this voter votes on paper.
    PaperStrike {
        /// Whose credential is struck.
        credential: CredentialIndex,
    }
}

record! {
    /// Entry 20, by the commission: paper votes so far.
    PaperTurnout {
        /// Number of paper votes of each unit, in order of units.
        per_unit: List<u64, 1, 65_535>,
    }
}

record! {
    /// Entry 21, by the commission: voting closes later than planned.
    Redating {
        /// New closing time.
        closes: Seconds,
        /// Why.
        reason: Reason,
    }
}

record! {
    /// Entry 22, by the commission: the voting pages were changed.
    AssetAmendment {
        /// Hash of the new asset manifest.
        assets: Hash,
        /// Why.
        reason: Reason,
    }
}

record! {
    /// Entry 23, by the commission: voting is over.
    Close {
        /// When.
        time: Seconds,
    }
}
