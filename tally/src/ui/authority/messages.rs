//! Messages of the authority's pages.

use serde::Serialize;

use crate::ui::messages::{Bilingual, BoardView, SecretView};
use crate::ui::schema::Secret;
use crate::{message, request};

request! {
    /// What an authority's page asks for.
    AuthorityRequest {
        /// Make the secret file.
        Create = "create" { passphrase: Secret, again: Secret },
        /// Open it.
        Open = "open" { passphrase: Secret },
        /// Lock it.
        Close = "close" {},
        /// Say where the board is, and read it.
        Connect = "connect" { board: String, vkey: String, api: Option<String> },
        /// Read the board.
        Read = "read" {},
        /// Look at the roll that was chosen; nothing is issued.
        Roll = "roll" {},
        /// Draw a voting code for every voter of the roll.
        Issue = "issue" {},
        /// Two authorities: publish the commitment to this half list.
        Commit = "commit" {},
        /// Two authorities: publish this half list.
        OpenHalves = "open-halves" {},
        /// Bring the roll to the board and sign its seal.
        Upload = "upload" {},
        /// Sign the revocation of a credential.
        Revoke = "revoke" { index: u32, reason: String },
        /// Draw a new code for the voter of a revoked credential and sign its re-issue.
        Reissue = "reissue" { index: u32 },
    }
}

message! {
    /// Voters of a reporting unit.
    [Clone, Serialize] UnitVoters {
        /// Name of the unit.
        unit: Bilingual,
        /// Voters in the roll.
        voters: u64,
    }
}

message! {
    /// The roll that was looked at.
    [Clone, Serialize] RollView {
        /// Voters.
        voters: u64,
        /// Voters of each unit.
        units: Vec<UnitVoters>,
    }
}

message! {
    /// A file that was written.
    [Clone, Serialize] FileView {
        /// Its name.
        name: String,
        /// Whether it holds codes or who has which credential.
        secret: bool,
    }
}

message! {
    /// Something signed that others must sign as well.
    [Clone, Serialize] ProposalView {
        /// `seal`, `revocation` or `reissue`.
        what: String,
        /// The credential it is about, if it is about one.
        credential: Option<u32>,
        /// The new credential of a re-issue.
        new: Option<u32>,
        /// Its id on the server.
        id: String,
        /// Roles that have not signed.
        missing: Vec<String>,
        /// Its place in the log once all have signed.
        index: Option<u64>,
    }
}

message! {
    /// What an authority's page shows.
    [Clone, Serialize] AuthorityView {
        /// Version of the program.
        version: String,
        /// The secret file.
        secret: SecretView,
        /// The board; null before the program knows where it is.
        board: Option<BoardView>,
        /// Whether ceremony and drill are over on the board.
        has_key: bool,
        /// Folder with the files.
        out: String,
        /// Whether a roll was chosen.
        roll_chosen: bool,
        /// Whether the first authority's order was chosen.
        order_chosen: bool,
        /// The roll, once it was looked at.
        roll: Option<RollView>,
        /// Voters that codes were made for with this secret file; null before that, or while it is locked.
        issued: Option<u32>,
        /// Files in the folder.
        files: Vec<FileView>,
        /// Credentials on the board.
        uploaded: u32,
        /// What this run signed.
        proposals: Vec<ProposalView>,
    }
}
