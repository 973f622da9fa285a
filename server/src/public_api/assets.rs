//! The voting pages that an election announces.

use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::Hash;
use serde::Serialize;
use utoipa::ToSchema;

use super::events::{Event, What};
use crate::clock::rfc3339;

/// The voting pages of an election, by the hash of their asset manifest (`/assets.json`).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Assets {
    /// What is right now, in hex; null if the election announced none.
    current: Option<String>,
    /// What the election manifest announced, in hex.
    announced: Option<String>,
    /// Signed changes since, oldest first.
    amendments: Vec<Amendment>,
}

/// A signed change of the voting pages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Amendment {
    /// Index of the entry.
    index: u64,
    /// Hash of the new asset manifest, in hex.
    hash: String,
    /// Why.
    reason: String,
    /// When, RFC 3339, as far as the server knows.
    at: Option<String>,
}

impl Assets {
    /// As the manifest announced them and the entries amended them.
    pub(crate) fn of(events: &[Event], announced: Option<Hash>) -> Self {
        let announced = announced.map(|hash| HEXLOWER.encode(hash.as_bytes()));
        let amendments: Vec<Amendment> = events
            .iter()
            .filter_map(|event| match &event.what {
                What::Assets { hash, reason } => Some(Amendment {
                    index: event.index,
                    hash: HEXLOWER.encode(hash.as_bytes()),
                    reason: reason.clone(),
                    at: event.at.map(rfc3339),
                }),
                _ => None,
            })
            .collect();
        let last = amendments.last().map(|amendment| amendment.hash.clone());
        Self {
            current: last.or_else(|| announced.clone()),
            announced,
            amendments,
        }
    }
}
