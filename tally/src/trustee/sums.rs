//! What a trustee is shown before it agrees to decrypt, computed from the board by its own program.

use hanpyo_ledger::log::Hash;
use serde::Serialize;

use super::decrypt::Authorised;
use crate::board::{Board, BoardError};
use crate::message;
use crate::ui::messages::{Bilingual, FractionView, TurnoutView};

/// Groups shown per contest; a whole country has more.
const SHOWN_GROUPS: usize = 40;

message! {
    /// Units whose votes are decrypted together.
    [Clone, Serialize] GroupView {
        /// Names of the units.
        units: Vec<Bilingual>,
        /// Ballots in the sum.
        ballots: u64,
    }
}

message! {
    /// What would be decrypted of a contest.
    [Clone, Serialize] ContestSums {
        /// Its title.
        title: Bilingual,
        /// Number of sums.
        sums: u64,
        /// The groups, the first of them.
        groups: Vec<GroupView>,
        /// Number of further groups.
        more: u64,
    }
}

message! {
    /// What would be decrypted.
    [Clone, Serialize] DecryptionView {
        /// Entries of the closed tree.
        size: u64,
        /// Its root in base64, as in checkpoints.
        root: String,
        /// Who took part.
        turnout: TurnoutView,
        /// The count gate, which is met; null if the law has none.
        gate: Option<FractionView>,
        /// Entries excluded from the count.
        excluded: u64,
        /// The contests.
        contests: Vec<ContestSums>,
    }
}

/// What an authorised decryption would decrypt.
///
/// # Errors
/// The board was not read.
pub fn decryption(
    board: &Board,
    authorised: &Authorised<'_>,
) -> Result<DecryptionView, BoardError> {
    let manifest = &board.election()?.manifest;
    let turnout = board.checker().turnout().ok_or(BoardError::Empty)?;
    let contests = manifest.contests.iter().zip(&authorised.closed().contests);
    let contests = contests.map(|(contest, tally)| {
        let groups = tally.groups();
        let group = |group: &hanpyo_ledger::record::groups::Group| GroupView {
            units: (group.units.iter())
                .filter_map(|unit| manifest.units.get(usize::from(*unit)))
                .map(|unit| Bilingual::from(&unit.title))
                .collect(),
            ballots: group.ballots,
        };
        ContestSums {
            title: Bilingual::from(&contest.title),
            sums: (groups.len() * tally.positions) as u64,
            groups: groups.iter().take(SHOWN_GROUPS).map(group).collect(),
            more: groups.len().saturating_sub(SHOWN_GROUPS) as u64,
        }
    });
    Ok(DecryptionView {
        size: authorised.tree.size,
        root: Hash::from(authorised.tree.root).to_string(),
        turnout: turnout.into(),
        gate: manifest.profile.count_gate.as_ref().map(Into::into),
        excluded: authorised.excluded,
        contests: contests.collect(),
    })
}
