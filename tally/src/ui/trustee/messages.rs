//! Messages of the trustee's pages.

use serde::Serialize;

use crate::trustee::preflight::PreflightCheck;
use crate::trustee::sums::DecryptionView;
use crate::ui::messages::{BoardView, SecretView};
use crate::ui::schema::Secret;
use crate::{message, request};

request! {
    /// What a trustee's page asks for.
    TrusteeRequest {
        /// Make the secret file.
        Create = "create" { passphrase: Secret, again: Secret },
        /// Open it.
        Open = "open" { passphrase: Secret },
        /// Lock it.
        Close = "close" {},
        /// Say where the board is.
        Connect = "connect" { board: String, vkey: String, api: Option<String> },
        /// Read the board and look at everything.
        Preflight = "preflight" {},
        /// Take part in the key ceremony until it is over.
        Ceremony = "ceremony" {},
        /// Show that the stored share decrypts.
        Drill = "drill" {},
        /// Verify what is new on the board.
        Follow = "follow" {},
        /// Decrypt the count, after all checks and a question.
        Decrypt = "decrypt" { accept_excluded: bool },
    }
}

message! {
    /// What a trustee has done, on the board.
    [Clone, Serialize] TrusteeProgress {
        /// Number, from 1.
        number: u8,
        /// Name.
        name: String,
        /// Commitment.
        commitment: bool,
        /// Opening.
        opening: bool,
        /// Shares for the others.
        shares: bool,
        /// Signature on the joint key.
        confirmation: bool,
        /// Drill.
        drill: bool,
        /// Any partial decryption.
        decryption: bool,
    }
}

message! {
    /// The key ceremony on the board.
    [Clone, Serialize] CeremonyView {
        /// Attempt, from 1.
        attempt: u64,
        /// What each trustee has done.
        trustees: Vec<TrusteeProgress>,
        /// Number of the trustee that complains, if one does.
        complainant: Option<u8>,
        /// Number of the trustee it accuses.
        accused: Option<u8>,
        /// Joint key in hex.
        joint_key: Option<String>,
    }
}

message! {
    /// What a trustee's page shows.
    [Clone, Serialize] TrusteeView {
        /// Version of the program.
        version: String,
        /// The secret file.
        secret: SecretView,
        /// Whether the secret file, while open, holds a share.
        has_share: bool,
        /// Whether the share was used.
        released: bool,
        /// The board; null before the program knows where it is.
        board: Option<BoardView>,
        /// The ceremony; null before the board was read.
        ceremony: Option<CeremonyView>,
        /// What was looked at; null before that was done.
        preflight: Option<Vec<PreflightCheck>>,
        /// What would be decrypted, while the program asks.
        decryption: Option<DecryptionView>,
    }
}
