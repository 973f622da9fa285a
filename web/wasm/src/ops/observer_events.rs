//! The timeline.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::failure::Failure;
use crate::observer;
use crate::state::State;
use crate::wire::Number;
use crate::{request, response};

request! {
    /// Which part of the timeline.
    ObserverEvents {
        /// Handle of the observer.
        observer: u32,
        /// Number of events known already.
        skip: u32,
    }
}

response! {
    /// Something that happened.
    RecordEvent {
        /// Index of the entry.
        entry: Number,
        /// Entry type, as in protocol.cddl.
        entry_type: String,
        /// Attempt of the key ceremony.
        attempt: Option<u32>,
        /// Trustee, from 1.
        trustee: Option<u32>,
        /// Authority, from 1.
        authority: Option<u32>,
        /// Credential.
        credential: Option<u32>,
        /// Contest, from 0.
        contest: Option<u32>,
        /// Time that the entry states, in seconds since 1970.
        time: Option<Number>,
        /// Reason that the entry states.
        reason: Option<String>,
    }
}

response! {
    /// A part of the timeline.
    Timeline {
        /// Events, in order.
        events: Vec<RecordEvent>,
    }
}

/// The events after those known.
///
/// # Errors
/// [`ErrorCode::Handle`](crate::failure::ErrorCode::Handle).
pub fn run(state: &mut State, request: ObserverEvents) -> Result<Timeline, Failure> {
    let event = |event: &observer::Event| RecordEvent {
        entry: event.entry.into(),
        entry_type: event.entry_type.to_owned(),
        attempt: event.attempt,
        trustee: event.trustee,
        authority: event.authority,
        credential: event.credential,
        contest: event.contest,
        time: event.time.map(Number::from),
        reason: event.reason.clone(),
    };
    let skip = usize::try_from(request.skip).unwrap_or(usize::MAX);
    let events = state.observer(request.observer)?.events();
    Ok(Timeline {
        events: events.iter().skip(skip).map(event).collect(),
    })
}
