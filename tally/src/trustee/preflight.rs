//! What a trustee's program looks at before anything is at stake.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use hanpyo_ledger::record::CheckStatus;

use super::state::TrusteeMemory;
use crate::board::{Board, clock};
use crate::cli::BoardPlace;
use crate::files;
use crate::role_file::RoleFile;
use crate::{choice, message};

/// Seconds that two clocks may differ: less than the grace after closing.
const CLOCKS_AGREE: i64 = 30;

choice! {
    /// What is looked at.
    PreflightItem {
        /// The board is read and its checks pass.
        Board = "board",
        /// The manifest names this key, and the secret file belongs to this election.
        Key = "key",
        /// This computer's clock agrees with the server's.
        Clock = "clock",
        /// Only the owner reads the secret file.
        File = "file",
        /// Only the owner writes its folder.
        Folder = "folder",
    }
}

choice! {
    /// How it is.
    PreflightOutcome {
        /// As it must be.
        Pass = "pass",
        /// Not as it must be.
        Fail = "fail",
        /// It could not be looked at.
        NotChecked = "not-checked",
    }
}

message! {
    /// One thing looked at.
    [Clone, Debug, serde::Serialize] PreflightCheck {
        /// What.
        item: PreflightItem,
        /// How it is.
        outcome: PreflightOutcome,
        /// What was found: for `clock` the seconds it is ahead, for `file` and `folder` the mode, otherwise in English.
        found: String,
    }
}

impl PreflightCheck {
    fn new(item: PreflightItem, pass: bool, found: impl ToString) -> Self {
        let outcome = if pass {
            PreflightOutcome::Pass
        } else {
            PreflightOutcome::Fail
        };
        Self {
            item,
            outcome,
            found: found.to_string(),
        }
    }
}

/// Looks at everything; the board was read.
#[must_use]
pub fn preflight(
    file: &RoleFile<TrusteeMemory>,
    board: &Board,
    place: &BoardPlace,
) -> Vec<PreflightCheck> {
    let path = file.path();
    vec![
        board_check(board),
        key_check(file, board),
        clock_check(place),
        mode_check(PreflightItem::File, path, 0o077),
        mode_check(PreflightItem::Folder, files::folder_of(path), 0o022),
    ]
}

fn board_check(board: &Board) -> PreflightCheck {
    let item = PreflightItem::Board;
    for (check, status) in board.report().checks() {
        if let CheckStatus::Fail { findings, .. } = status {
            let first = findings
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            return PreflightCheck::new(item, false, format!("{check} failed: {first}"));
        }
    }
    let checker = board.checker();
    let found = format!("{} entries, root {}", checker.size(), checker.root());
    PreflightCheck::new(item, checker.size() > 0, found)
}

fn key_check(file: &RoleFile<TrusteeMemory>, board: &Board) -> PreflightCheck {
    let item = PreflightItem::Key;
    let election = match board.election() {
        Ok(election) => election,
        Err(error) => return PreflightCheck::new(item, false, error),
    };
    let number = match election.trustee(file.key()) {
        Ok(number) => number,
        Err(error) => return PreflightCheck::new(item, false, error),
    };
    if file.state().is_pinned()
        && let Err(error) = file.state().check_pinned(election, number)
    {
        return PreflightCheck::new(item, false, error);
    }
    let roles = &election.manifest.roles;
    let found = format!(
        "trustee {number} of {}, {} needed to decrypt",
        roles.trustees.len(),
        roles.quorum
    );
    PreflightCheck::new(item, true, found)
}

fn clock_check(place: &BoardPlace) -> PreflightCheck {
    match clock::ahead_of_server(place) {
        Some(ahead) => {
            PreflightCheck::new(PreflightItem::Clock, ahead.abs() <= CLOCKS_AGREE, ahead)
        }
        None => PreflightCheck {
            item: PreflightItem::Clock,
            outcome: PreflightOutcome::NotChecked,
            found: "the board's server does not say its time".to_owned(),
        },
    }
}

fn mode_check(item: PreflightItem, path: &Path, forbidden: u32) -> PreflightCheck {
    match fs::metadata(path) {
        Ok(data) => {
            let mode = data.permissions().mode() & 0o777;
            PreflightCheck::new(item, mode & forbidden == 0, format!("{mode:04o}"))
        }
        Err(error) => PreflightCheck::new(item, false, error),
    }
}
