//! Verifies that a ballot is in the log.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use hanpyo_crypto::ballot::CodePrefix;
use hanpyo_ledger::voter::BallotKind;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{choice, request, response};

request! {
    /// The server's proof.
    VerifyReceipt {
        /// Handle of the election.
        election: u32,
        /// Confirmation code as shown, typed or scanned.
        code: String,
        /// The receipt.
        receipt: Bytes,
        /// The entry that was sent, if this device sent it; the receipt must be for these very bytes.
        entry: Option<Bytes>,
    }
}

choice! {
    /// What a voter's entry says.
    RecordedAs {
        /// To be counted.
        Cast = "cast",
        /// Opened, never counted.
        Challenged = "challenged",
    }
}

response! {
    /// A witness that cosigned.
    CosignedBy {
        /// Its name in the policy.
        name: String,
        /// When, in seconds since 1970.
        time: Number,
    }
}

response! {
    /// A ballot that is in the log.
    RecordedBallot {
        /// Index of its entry.
        index: Number,
        /// Cast or challenged.
        kind: RecordedAs,
        /// Its whole confirmation code.
        full_code: String,
        /// Index of its credential.
        credential: u32,
        /// Size of the tree that it was proven to be in.
        size: Number,
        /// Root of that tree in base64, to compare with others.
        root: String,
        /// When the witnesses' quorum was complete, in seconds since 1970; null if none is required.
        quorum_time: Option<Number>,
        /// Witnesses that cosigned.
        cosigned_by: Vec<CosignedBy>,
    }
}

/// A confirmation code in a request.
///
/// # Errors
/// [`ErrorCode::ConfirmationCode`].
pub fn confirmation_code(text: &str) -> Result<CodePrefix, Failure> {
    text.parse()
        .map_err(|error| Failure::new(ErrorCode::ConfirmationCode, error))
}

/// Verifies the log's signature, the witness policy, the inclusion proof, and whose ballot it is.
///
/// # Errors
/// [`ErrorCode::Receipt`], [`ErrorCode::ReceiptRefused`], [`ErrorCode::OtherBallot`],
/// [`ErrorCode::ConfirmationCode`].
pub fn run(state: &mut State, request: VerifyReceipt) -> Result<RecordedBallot, Failure> {
    let manifest = state.election(request.election)?.manifest();
    let code = confirmation_code(&request.code)?;
    let recorded = hanpyo_ledger::voter::verify_receipt(manifest, &request.receipt, &code)?;
    if let Some(sent) = &request.entry
        && sent.0 != recorded.entry
    {
        let detail = "the receipt is for the same ballot in another entry than the one sent";
        return Err(Failure::new(ErrorCode::OtherBallot, detail));
    }
    let checkpoint = recorded.accepted.checkpoint.checkpoint();
    Ok(RecordedBallot {
        index: recorded.index.into(),
        kind: match recorded.kind {
            BallotKind::Cast => RecordedAs::Cast,
            BallotKind::Challenged => RecordedAs::Challenged,
        },
        full_code: recorded.code.full(),
        credential: recorded.credential.get(),
        size: checkpoint.size.into(),
        root: checkpoint.root.to_string(),
        quorum_time: recorded.accepted.quorum_time.map(Number::from),
        cosigned_by: (recorded.accepted.cosigned_by.iter())
            .map(|by| CosignedBy {
                name: by.name.to_string(),
                time: by.time.into(),
            })
            .collect(),
    })
}
