//! What happened in an election, with times.

use actix_web::web::{Data, Json, Path};
use data_encoding::HEXLOWER;
use hanpyo_ledger::entry::EntryType;
use serde::Serialize;
use utoipa::ToSchema;

use super::events::{Event, What, events};
use super::ledger;
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::clock::rfc3339;
use crate::problem::Problem;
use crate::state::AppState;

/// Entries of one kind and origin that follow each other.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineEvent {
    /// Index of the first entry.
    index: u64,
    /// Index of the last entry.
    last_index: u64,
    /// Number of entries.
    count: u64,
    /// Entry type, as docs/protocol.cddl names it.
    #[schema(example = "ceremony-commitment")]
    kind: &'static str,
    /// When the last got its place, RFC 3339: the server's word, not part of the record.
    at: Option<String>,
    /// Attempt of the ceremony.
    attempt: Option<u32>,
    /// Number of the trustee, from 1.
    trustee: Option<u8>,
    /// Number of the trustee that a complaint accuses.
    accused: Option<u8>,
    /// Number of the contest, from 0.
    contest: Option<u16>,
    /// The moment that the entry states, in seconds since 1970: opening, closing, new closing time.
    time: Option<u64>,
    /// New hash of the asset manifest, in hex.
    assets: Option<String>,
    /// The reason given.
    reason: Option<String>,
}

/// Show what happened so far, ballots aside, oldest first
#[utoipa::path(get, path = "/api/v1/tenants/{tenant}/elections/{election}/timeline", tag = "public",
    params(ElectionPath),
    responses((status = 200, body = Vec<TimelineEvent>), (status = "default", response = AnyProblem)))]
pub(crate) async fn timeline(
    state: Data<AppState>,
    path: Path<ElectionPath>,
) -> Result<Json<Vec<TimelineEvent>>, Problem> {
    let ledger = ledger(&state, &path)?;
    let events = events(&state, &ledger).await?;
    Ok(Json(collapse(&events)))
}

/// One line for entries that come in numbers.
fn collapse(events: &[Event]) -> Vec<TimelineEvent> {
    let mut lines: Vec<TimelineEvent> = Vec::new();
    let mut last_kind = None;
    for event in events {
        let line = line(event);
        let same = |last: &TimelineEvent| {
            last_kind == Some(event.kind)
                && in_numbers(event.kind)
                && (last.trustee, last.contest) == (line.trustee, line.contest)
        };
        match lines.last_mut() {
            Some(last) if same(last) => {
                last.last_index = line.index;
                last.count += 1;
                last.at = line.at;
            }
            _ => lines.push(line),
        }
        last_kind = Some(event.kind);
    }
    lines
}

/// Whether such entries come in numbers.
fn in_numbers(kind: EntryType) -> bool {
    use EntryType as T;
    matches!(
        kind,
        T::HalfListCommitment
            | T::HalfListChunk
            | T::RollChunk
            | T::Revocation
            | T::Reissue
            | T::PaperStrike
            | T::EncryptedTally
            | T::PartialDecryption
            | T::ContestResult
    )
}

fn line(event: &Event) -> TimelineEvent {
    let mut line = TimelineEvent {
        index: event.index,
        last_index: event.index,
        count: 1,
        kind: event.kind.name(),
        at: event.at.map(rfc3339),
        attempt: None,
        trustee: None,
        accused: None,
        contest: None,
        time: None,
        assets: None,
        reason: None,
    };
    match &event.what {
        What::Ceremony {
            attempt,
            trustee,
            accused,
        } => {
            line.attempt = Some(*attempt);
            line.trustee = Some(*trustee);
            line.accused = *accused;
        }
        What::Trustee { trustee, contest } => {
            line.trustee = Some(*trustee);
            line.contest = *contest;
        }
        What::Restart { attempt, reason } => {
            line.attempt = Some(*attempt);
            line.reason = Some(reason.clone());
        }
        What::JointKey { attempt } => line.attempt = Some(*attempt),
        What::Time { seconds, reason } => {
            line.time = Some(*seconds);
            line.reason = reason.clone();
        }
        What::Assets { hash, reason } => {
            line.assets = Some(HEXLOWER.encode(hash.as_bytes()));
            line.reason = Some(reason.clone());
        }
        What::Void { reason } => line.reason = Some(reason.clone()),
        What::Contest { contest } => line.contest = Some(*contest),
        // Which credentials were struck or revoked is on the board; a list of them is no news.
        What::Credential { .. } | What::RollChunk { .. } | What::Other => {}
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(index: u64, kind: EntryType, what: What) -> Event {
        Event {
            index,
            kind,
            at: i64::try_from(index).ok().map(|n| n * 1_000),
            what,
        }
    }

    #[test]
    fn what_comes_in_numbers_is_one_line_a_trustee_and_contest() {
        let partial = |index, trustee, contest| {
            let contest = Some(contest);
            let what = What::Trustee { trustee, contest };
            event(index, EntryType::PartialDecryption, what)
        };
        let commit = |index, trustee| {
            let what = What::Ceremony {
                attempt: 1,
                trustee,
                accused: None,
            };
            event(index, EntryType::CeremonyCommitment, what)
        };
        let lines = collapse(&[
            event(0, EntryType::Manifest, What::Other),
            commit(1, 1),
            commit(2, 2),
            partial(7, 1, 0),
            partial(8, 1, 0),
            partial(9, 1, 1),
            partial(10, 3, 1),
        ]);
        let found: Vec<_> = lines
            .iter()
            .map(|l| (l.index, l.last_index, l.count))
            .collect();
        let expected = [
            (0, 0, 1),
            (1, 1, 1),
            (2, 2, 1),
            (7, 8, 2),
            (9, 9, 1),
            (10, 10, 1),
        ];
        assert_eq!(found, expected);
        assert_eq!(lines[3].at.as_deref(), Some("1970-01-01T00:00:08Z"));
    }
}
