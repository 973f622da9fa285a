//! Invitations and reminders through the outbox. They carry no codes: the server has none.

mod text;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use hanpyo_ledger::manifest::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use self::text::{Facts, INVITATION, REMINDER, unknown_placeholder};
use super::{approved, note};
use crate::api::paths::ElectionPath;
use crate::api::view::AnyProblem;
use crate::auth::{Actor, Permission};
use crate::clock::rfc3339;
use crate::db;
use crate::db::message_runs::{NewRun, Run};
use crate::db::voters::{Filter, Status, VoterRow};
use crate::ids::{ElectionId, TenantId};
use crate::outbox::{Message, OutboxError};
use crate::problem::{FieldErrors, Problem};
use crate::state::AppState;

/// Voters read at once; a run that is cut off repeats at most so many messages.
const CHUNK: i64 = 100;
/// How often a full outbox is tried again.
const FULL_WAIT: Duration = Duration::from_millis(500);

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MessageKind {
    /// To all voters with a credential.
    Invitation,
    /// To those of them who have not voted.
    Reminder,
}

impl MessageKind {
    fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
        }
    }

    fn of(name: &str) -> Result<Self, Problem> {
        match name {
            "invitation" => Ok(Self::Invitation),
            "reminder" => Ok(Self::Reminder),
            other => Err(Problem::internal_text(format!(
                "message run of kind {other:?}"
            ))),
        }
    }
}

/// Messages to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessages {
    /// What kind.
    kind: MessageKind,
    /// Only voters of this reporting unit.
    unit: Option<u16>,
    /// Subject line; ours in Korean and English if left out.
    #[schema(max_length = 200)]
    subject: Option<String>,
    /// Text, with the placeholders {name}, {title}, {title_en}, {opens}, {closes}, {address}; ours
    /// in Korean and English if left out.
    #[schema(max_length = 4000)]
    text: Option<String>,
    /// Only count the recipients and show a sample.
    #[serde(default)]
    dry_run: bool,
    /// Go on with a run that was interrupted, by its number; nothing else is given then.
    resume: Option<i64>,
}

/// What would be sent, or a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessagesView {
    /// Number of the run; null for a dry run.
    id: Option<i64>,
    /// What kind.
    kind: MessageKind,
    /// Only voters of this reporting unit.
    unit: Option<i32>,
    /// Subject line.
    subject: String,
    /// Text; of a dry run a sample with the placeholders filled in.
    text: String,
    /// Recipients when it began.
    recipients: i64,
    /// Of a dry run: those with a telephone number, which an SMTP outbox cannot reach.
    by_telephone: Option<i64>,
    /// Messages handed to the outbox.
    sent: i64,
    /// Whether it is being sent now.
    running: bool,
    /// When it began, RFC 3339.
    started_at: Option<String>,
    /// When it ended, RFC 3339; null while it runs or if it was interrupted.
    finished_at: Option<String>,
}

/// Runs under way in this process.
#[derive(Debug, Default, Clone)]
pub struct MessageRuns(Arc<Mutex<HashSet<ElectionId>>>);

/// The turn of one run; dropped, the next may begin.
#[derive(Debug)]
struct Turn {
    runs: MessageRuns,
    election: ElectionId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.runs.running().remove(&self.election);
    }
}

impl MessageRuns {
    fn running(&self) -> MutexGuard<'_, HashSet<ElectionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_running(&self, election: ElectionId) -> bool {
        self.running().contains(&election)
    }

    fn begin(&self, election: ElectionId) -> Result<Turn, Problem> {
        if !self.running().insert(election) {
            return Err(Problem::conflict(
                "messages-running",
                "Messages of this election are being sent; wait until they are.",
            ));
        }
        Ok(Turn {
            runs: self.clone(),
            election,
        })
    }
}

/// List runs of messages, the newest first
#[utoipa::path(get, operation_id = "list_messages", path = "/api/v1/tenants/{tenant}/elections/{election}/messages", tag = "roll",
    security(("staff" = [])), params(ElectionPath),
    responses((status = 200, body = Vec<MessagesView>), (status = "default", response = AnyProblem)))]
pub(crate) async fn list(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
) -> Result<Json<Vec<MessagesView>>, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let (election, runs) = state
        .db
        .read(move |c| {
            let (election, _) = approved(c, tenant, &path.election)?;
            let runs = db::message_runs::list(c, (tenant, election.id))?;
            Ok::<_, Problem>((election.id, runs))
        })
        .await?;
    let running = state.message_runs.is_running(election);
    let views = runs.into_iter().map(|run| view(run, running));
    Ok(Json(views.collect::<Result<_, _>>()?))
}

/// Send invitations or reminders
///
/// They go out in the background, slowly enough that one-time codes are not held up.
#[utoipa::path(post, operation_id = "send_messages", path = "/api/v1/tenants/{tenant}/elections/{election}/messages", tag = "roll",
    security(("staff" = [])), params(ElectionPath), request_body = NewMessages,
    responses((status = 200, body = MessagesView, description = "Dry run"),
        (status = 202, body = MessagesView, description = "They are being sent."),
        (status = "default", response = AnyProblem)))]
pub(crate) async fn send(
    state: Data<AppState>,
    actor: Actor,
    path: Path<ElectionPath>,
    body: Json<NewMessages>,
) -> Result<HttpResponse, Problem> {
    let tenant = actor.authorize(&path.tenant, Permission::ManageRoll)?;
    let body = body.into_inner();
    let slug = path.election.clone();
    let (election, manifest) = state.db.read(move |c| approved(c, tenant, &slug)).await?;
    let facts = Facts::new(&state, &path, manifest.manifest());
    let (run, turn) = match body.resume {
        Some(id) => {
            let owner = (tenant, election.id);
            resumable(&state, owner, id).await?;
            let turn = state.message_runs.begin(election.id)?;
            // As it stands now that nothing else sends it.
            (resumable(&state, owner, id).await?, turn)
        }
        None => {
            let (subject, text) = checked(&body, manifest.manifest())?;
            let count = count(&state, (tenant, election.id), body.kind, body.unit).await?;
            if body.dry_run {
                return Ok(HttpResponse::Ok().json(MessagesView {
                    id: None,
                    kind: body.kind,
                    unit: body.unit.map(i32::from),
                    subject: facts.fill(&subject, "홍길동"),
                    text: facts.fill(&text, "홍길동"),
                    recipients: count.recipients,
                    by_telephone: Some(count.by_telephone),
                    sent: 0,
                    running: false,
                    started_at: None,
                    finished_at: None,
                }));
            }
            // Before it is stored: a run that may not begin is no run that could be resumed.
            let turn = state.message_runs.begin(election.id)?;
            let (kind, unit) = (body.kind, body.unit.map(i32::from));
            let now = state.clock.now();
            let slug = path.election.clone();
            let owner = (tenant, election.id);
            let run = state
                .db
                .write(move |c| {
                    let new = NewRun {
                        tenant_id: owner.0,
                        election_id: owner.1,
                        kind: kind.name(),
                        unit,
                        subject: &subject,
                        text: &text,
                        recipients: count.recipients,
                        sent: 0,
                        started_by: actor.staff,
                        started_at: now,
                    };
                    let id = db::message_runs::insert(c, &new)?;
                    let detail = json!({ "kind": kind.name(), "recipients": count.recipients });
                    let deed = ("messages.send", format!("messages/{id}"));
                    note(c, &actor, (tenant, &slug), deed, detail, now)?;
                    db::message_runs::find(c, owner, id)?.ok_or_else(Problem::not_found)
                })
                .await?;
            (run, turn)
        }
    };
    let answer = view(run.clone(), true)?;
    let task_state = state.clone().into_inner();
    tokio::spawn(async move {
        let owner = (tenant, election.id);
        if let Err(error) = deliver(&task_state, owner, &run, &facts).await {
            tracing::error!(run = run.id, error = %error, "a run of messages was interrupted");
        }
        drop(turn);
    });
    Ok(HttpResponse::Accepted().json(answer))
}

/// A run that was interrupted.
async fn resumable(
    state: &AppState,
    owner: (TenantId, ElectionId),
    id: i64,
) -> Result<Run, Problem> {
    let run = state
        .db
        .read(move |c| db::message_runs::find(c, owner, id)?.ok_or_else(Problem::not_found))
        .await?;
    if run.finished_at.is_some() {
        return Err(Problem::conflict("messages-sent", "This run is finished."));
    }
    Ok(run)
}

/// Subject and text, ours or checked.
fn checked(body: &NewMessages, manifest: &Manifest) -> Result<(String, String), Problem> {
    let (subject, text) = match body.kind {
        MessageKind::Invitation => ("[온라인투표 안내] {title}", INVITATION),
        MessageKind::Reminder => ("[투표 참여 안내] {title}", REMINDER),
    };
    let mut errors = FieldErrors::default();
    let subject = body.subject.clone().unwrap_or_else(|| subject.to_owned());
    let text = body.text.clone().unwrap_or_else(|| text.to_owned());
    errors.check_text("subject", &subject, 200);
    let length = text.chars().count();
    errors.check(
        "text",
        (1..=4000).contains(&length) && !text.trim().is_empty(),
        "expected 1 to 4000 characters",
    );
    for (field, value) in [("subject", &subject), ("text", &text)] {
        if let Some(unknown) = unknown_placeholder(value) {
            errors.add(field, format!("there is no placeholder {{{unknown}}}"));
        }
    }
    if let Some(unit) = body.unit {
        let units = manifest.units.len();
        errors.check(
            "unit",
            usize::from(unit) < units,
            format!("expected less than {units}"),
        );
    }
    errors.finish()?;
    Ok((subject, text))
}

/// Recipients of a run.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    recipients: i64,
    by_telephone: i64,
}

fn filter(kind: MessageKind, unit: Option<i32>) -> Filter {
    Filter {
        text: None,
        unit,
        status: Some(match kind {
            MessageKind::Invitation => Status::Assigned,
            MessageKind::Reminder => Status::NotVoted,
        }),
    }
}

async fn count(
    state: &AppState,
    owner: (TenantId, ElectionId),
    kind: MessageKind,
    unit: Option<u16>,
) -> Result<Count, Problem> {
    let filter = filter(kind, unit.map(i32::from));
    state
        .db
        .read(move |c| {
            let (recipients, by_mail) = db::voters::count(c, owner, &filter)?;
            Ok::<_, Problem>(Count {
                recipients,
                by_telephone: recipients - by_mail,
            })
        })
        .await
}

/// Hands the messages of a run to the outbox, from where it stands.
async fn deliver(
    state: &Arc<AppState>,
    owner: (TenantId, ElectionId),
    run: &Run,
    facts: &Facts,
) -> Result<(), Problem> {
    let kind = MessageKind::of(&run.kind)?;
    let per_second = u64::from(state.config.voter.messages_per_second);
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / per_second.max(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut cursor = run.cursor.clone();
    let id = run.id;
    loop {
        let (filter, after) = (filter(kind, run.unit), cursor.clone());
        let rows = state
            .db
            .read(move |c| {
                Ok::<_, Problem>(db::voters::page(
                    c,
                    owner,
                    &filter,
                    after.as_deref(),
                    CHUNK,
                )?)
            })
            .await?;
        for row in &rows {
            ticks.tick().await;
            hand_over(state, run, facts, row).await?;
        }
        let sent = i64::try_from(rows.len()).unwrap_or(0);
        let last = rows.into_iter().last().map(|row| row.voter_id);
        let done = (sent < CHUNK).then(|| state.clock.now());
        cursor = last.clone().or(cursor);
        state
            .db
            .write(move |c| {
                let advanced = db::message_runs::advance(c, id, sent, last.as_deref(), done);
                Ok::<_, Problem>(advanced?)
            })
            .await?;
        if done.is_some() {
            return Ok(());
        }
    }
}

async fn hand_over(
    state: &AppState,
    run: &Run,
    facts: &Facts,
    row: &VoterRow,
) -> Result<(), Problem> {
    loop {
        let message = Message {
            to: row.contact.clone(),
            subject: facts.fill(&run.subject, &row.name),
            text: Zeroizing::new(facts.fill(&run.text, &row.name)),
        };
        match state.outbox.send(message) {
            Ok(()) => return Ok(()),
            // One-time codes come first.
            Err(OutboxError::Full) => tokio::time::sleep(FULL_WAIT).await,
            Err(error) => return Err(Problem::internal(&error)),
        }
    }
}

fn view(run: Run, running: bool) -> Result<MessagesView, Problem> {
    Ok(MessagesView {
        id: Some(run.id),
        kind: MessageKind::of(&run.kind)?,
        unit: run.unit,
        subject: run.subject,
        text: run.text,
        recipients: run.recipients,
        by_telephone: None,
        sent: run.sent,
        running: running && run.finished_at.is_none(),
        started_at: Some(rfc3339(run.started_at)),
        finished_at: run.finished_at.map(rfc3339),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_in_an_election() {
        let runs = MessageRuns::default();
        let (one, other) = (ElectionId(1), ElectionId(2));
        let turn = runs.begin(one).unwrap();
        assert_eq!(runs.begin(one).unwrap_err().code(), "messages-running");
        assert!(runs.begin(other).is_ok());
        drop(turn);
        assert!(!runs.is_running(one));
        assert!(runs.begin(one).is_ok());
    }
}
