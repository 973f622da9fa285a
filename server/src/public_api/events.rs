//! The entries of roles, without their long lists: read once, then only what is new.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hanpyo_ledger::entry::{Entry, EntryType, Hash};
use minicbor::Decoder;

use crate::clock::Millis;
use crate::db::{self, entries::RoleEntry};
use crate::ids::ElectionId;
use crate::problem::Problem;
use crate::sequencer::Ledger;
use crate::state::AppState;

/// An entry of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Position in the log.
    pub index: u64,
    /// Entry type.
    pub kind: EntryType,
    /// When it got its place, as far as the server knows.
    pub at: Option<Millis>,
    /// What it says.
    pub what: What,
}

/// What an entry says, as far as the public pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Of a trustee, in an attempt of the ceremony.
    Ceremony {
        /// The attempt.
        attempt: u32,
        /// The trustee.
        trustee: u8,
        /// Whom a complaint accuses.
        accused: Option<u8>,
    },
    /// Of a trustee.
    Trustee {
        /// The trustee.
        trustee: u8,
        /// The contest of a partial decryption.
        contest: Option<u16>,
    },
    /// A restart of the ceremony.
    Restart {
        /// The new attempt.
        attempt: u32,
        /// Why.
        reason: String,
    },
    /// The joint key.
    JointKey {
        /// The attempt that made it.
        attempt: u32,
    },
    /// A chunk of the roll.
    RollChunk {
        /// Its first credential.
        first: u32,
    },
    /// Something about one credential.
    Credential {
        /// The credential; of a re-issue the revoked one.
        index: u32,
        /// The new credential of a re-issue.
        new: Option<u32>,
    },
    /// A moment that the commission states, in seconds.
    Time {
        /// The moment: of opening or closing, or the new closing time.
        seconds: u64,
        /// Why, for a re-dating.
        reason: Option<String>,
    },
    /// Other voting pages.
    Assets {
        /// Hash of their asset manifest.
        hash: Hash,
        /// Why.
        reason: String,
    },
    /// The election is void.
    Void {
        /// Why.
        reason: String,
    },
    /// Of a contest.
    Contest {
        /// The contest.
        contest: u16,
    },
    /// Nothing that is shown.
    Other,
}

/// How far an election's entries were read.
#[derive(Debug, Clone, Default)]
struct Read {
    /// Entries of the log that were looked at.
    size: u64,
    events: Arc<Vec<Event>>,
}

/// The events of every election that was asked for.
#[derive(Debug, Default)]
pub struct EventCache(Mutex<HashMap<ElectionId, Read>>);

impl EventCache {
    fn get(&self, election: ElectionId) -> Read {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&election).cloned().unwrap_or_default()
    }

    /// Keeps what was read unless another request has read more.
    fn keep(&self, election: ElectionId, read: Read) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = known.entry(election).or_default();
        if kept.size < read.size {
            *kept = read;
        }
    }
}

/// The entries of roles in the published log, in order.
///
/// # Errors
/// The database cannot be read, or has an entry that is none.
pub(crate) async fn events(state: &AppState, ledger: &Ledger) -> Result<Arc<Vec<Event>>, Problem> {
    let election = ledger.id().election;
    let size = ledger.published().map_or(0, |published| published.size());
    let known = state.events.get(election);
    if size <= known.size {
        return Ok(known.events);
    }
    let index = |number: u64| i64::try_from(number).map_err(|e| Problem::internal(&e));
    let range = index(known.size)?..index(size)?;
    let new = state
        .db
        .read(move |c| Ok::<_, Problem>(db::entries::of_roles(c, election, &range)?))
        .await?;
    let events = if new.is_empty() {
        known.events
    } else {
        let new = new.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Arc::new(known.events.iter().cloned().chain(new).collect())
    };
    let read = Read {
        size,
        events: Arc::clone(&events),
    };
    state.events.keep(election, read);
    Ok(events)
}

fn read(row: &RoleEntry) -> Result<Event, Problem> {
    let corrupt = |reason: String| {
        Problem::internal_text(format!(
            "entry {:?} in the database: {reason}",
            row.log_index
        ))
    };
    let number = u64::try_from(row.kind).map_err(|e| corrupt(e.to_string()))?;
    let kind = EntryType::try_from(number).map_err(|e| corrupt(e.to_string()))?;
    let index = row
        .log_index
        .and_then(|index| u64::try_from(index).ok())
        .ok_or_else(|| corrupt("no index".to_owned()))?;
    let what = what(kind, &row.head).map_err(|e| corrupt(e.to_string()))?;
    Ok(Event {
        index,
        kind,
        at: row.appended_at,
        what,
    })
}

/// Reads the numbers at the beginning of the payload, and the whole entry where a text is shown.
fn what(kind: EntryType, head: &[u8]) -> Result<What, minicbor::decode::Error> {
    use EntryType as T;
    let mut d = Decoder::new(head);
    d.array()?;
    d.u8()?;
    if kind != T::Manifest {
        d.array()?;
    }
    Ok(match kind {
        T::CeremonyCommitment
        | T::CeremonyOpening
        | T::CeremonyShares
        | T::CeremonyConfirmation => What::Ceremony {
            attempt: d.u32()?,
            trustee: d.u8()?,
            accused: None,
        },
        T::CeremonyComplaint => What::Ceremony {
            attempt: d.u32()?,
            trustee: d.u8()?,
            accused: Some(d.u8()?),
        },
        T::CeremonyRestart => What::Restart {
            attempt: d.u32()?,
            reason: d.str()?.to_owned(),
        },
        T::JointKey => What::JointKey { attempt: d.u32()? },
        T::Drill => What::Trustee {
            trustee: d.u8()?,
            contest: None,
        },
        T::PartialDecryption => What::Trustee {
            trustee: d.u8()?,
            contest: Some(d.u16()?),
        },
        T::RollChunk => What::RollChunk { first: d.u32()? },
        T::Revocation | T::PaperStrike => What::Credential {
            index: d.u32()?,
            new: None,
        },
        T::Reissue => What::Credential {
            index: d.u32()?,
            new: Some(d.u32()?),
        },
        T::Open | T::Close => What::Time {
            seconds: d.u64()?,
            reason: None,
        },
        T::Redating => What::Time {
            seconds: d.u64()?,
            reason: Some(d.str()?.to_owned()),
        },
        T::AssetAmendment => match Entry::decode(head) {
            Ok(Entry::AssetAmendment(signed)) => What::Assets {
                hash: signed.payload.assets,
                reason: signed.payload.reason.to_string(),
            },
            Ok(_) => return Err(minicbor::decode::Error::message("another entry type")),
            Err(error) => return Err(minicbor::decode::Error::message(error)),
        },
        T::Void => What::Void {
            reason: d.str()?.to_owned(),
        },
        T::EncryptedTally | T::ContestResult => What::Contest { contest: d.u16()? },
        _ => What::Other,
    })
}
