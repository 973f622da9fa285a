//! Takes a checkpoint that the board shows.

use crate::failure::{ErrorCode, Failure};
use crate::observer::Seen;
use crate::state::State;
use crate::wire::Bytes;
use crate::{choice, request, response};

request! {
    /// The board's `checkpoint`.
    ObserverCheckpoint {
        /// Handle of the observer.
        observer: u32,
        /// The file's bytes.
        checkpoint: Bytes,
    }
}

choice! {
    /// What a checkpoint was.
    CheckpointSeen {
        /// The one that is known.
        Same = "same",
        /// Of a larger tree; steps will show whether it extends the known one.
        Newer = "newer",
        /// Of a smaller tree than was shown before: an alarm.
        Older = "older",
        /// Of another tree of the same size: an alarm.
        Forked = "forked",
    }
}

response! {
    /// What the checkpoint was.
    SeenCheckpoint {
        /// Compared with those seen before.
        seen: CheckpointSeen,
    }
}

/// Verifies the log's signature and compares.
///
/// # Errors
/// [`ErrorCode::Checkpoint`] if the log did not sign it.
pub fn run(state: &mut State, request: ObserverCheckpoint) -> Result<SeenCheckpoint, Failure> {
    let observer = state.observer(request.observer)?;
    let seen = observer
        .see_checkpoint(&request.checkpoint)
        .map_err(|error| Failure::new(ErrorCode::Checkpoint, error))?;
    Ok(SeenCheckpoint {
        seen: match seen {
            Seen::Same => CheckpointSeen::Same,
            Seen::Newer => CheckpointSeen::Newer,
            Seen::Older => CheckpointSeen::Older,
            Seen::Forked => CheckpointSeen::Forked,
        },
    })
}
