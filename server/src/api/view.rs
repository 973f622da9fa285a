//! What answers have in common.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToResponse, ToSchema};

use crate::clock::rfc3339;
use crate::db;
use crate::problem::ProblemBody;

/// Any error.
#[derive(ToResponse)]
#[response(
    description = "Any error, RFC 9457",
    content_type = "application/problem+json"
)]
#[allow(dead_code)] // only described
pub(crate) struct AnyProblem(#[to_schema] ProblemBody<'static>);

/// One entry of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Grows with time; pass the last one as `after` for the next page.
    id: i64,
    /// When, RFC 3339.
    at: String,
    /// Log-in name of who did it; null is the system.
    actor: Option<String>,
    /// What was done.
    #[schema(example = "election.submit")]
    action: String,
    /// To what.
    target: String,
    /// Slug of the election concerned.
    election: Option<String>,
    /// More about it.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

impl From<db::audit::Entry> for AuditEntry {
    fn from(entry: db::audit::Entry) -> Self {
        Self {
            id: entry.id,
            at: rfc3339(entry.at),
            actor: entry.actor,
            action: entry.action,
            target: entry.target,
            election: entry.election,
            // Valid by the table's own check; a text stands for itself if it ever is not.
            detail: serde_json::from_str(&entry.detail).unwrap_or(entry.detail.into()),
        }
    }
}

/// Which entries of the audit trail.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Entries after this number; 0 begins with the oldest.
    #[serde(default)]
    after: i64,
    /// Number of entries, at most 500.
    #[serde(default = "AuditQuery::default_limit")]
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: i64,
}

impl AuditQuery {
    fn default_limit() -> i64 {
        100
    }

    pub(crate) fn after(self) -> i64 {
        self.after
    }

    pub(crate) fn limit(self) -> i64 {
        self.limit.clamp(1, 500)
    }
}
