//! RFC 9457 problem documents.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

/// Longest part of a foreign text that is shown.
const LONGEST_TEXT: usize = 300;

/// Why the server refuses, in its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// What kind of problem, a URI; empty if the server did not say.
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// About this request; check, expected and found where a check failed.
    pub detail: String,
    /// When to come back.
    pub retry_after: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    detail: String,
    check: Option<serde_json::Value>,
    expected: Option<serde_json::Value>,
    found: Option<serde_json::Value>,
}

impl Problem {
    /// Reads a problem document; any other body (a proxy's page) is dropped.
    #[must_use]
    pub fn parse(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let document: Document = serde_json::from_slice(body).unwrap_or_default();
        let mut detail = document.detail;
        for (name, value) in [
            ("check", document.check),
            ("expected", document.expected),
            ("found", document.found),
        ] {
            if let Some(value) = value {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                detail.push_str(&format!(
                    "{}{name}: {text}",
                    if detail.is_empty() { "" } else { "; " }
                ));
            }
        }
        Self {
            status,
            kind: shown(&document.kind),
            title: shown(&document.title),
            detail: shown(&detail),
            retry_after,
        }
    }
}

/// One line without control characters: it goes to somebody's terminal.
fn shown(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    clean.chars().take(LONGEST_TEXT).collect()
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the server refuses ({})", self.status)?;
        for text in [&self.title, &self.detail] {
            if !text.is_empty() {
                write!(formatter, ": {text}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_one_line_with_what_was_expected() {
        let body =
            br#"{"type":"about:blank","title":"Check failed","status":422,"detail":"entry refused",
            "check":2,"expected":"authority 1's signature","found":"none\u001b[2J"}"#;
        let problem = Problem::parse(422, body, None);
        assert_eq!(
            problem.to_string(),
            "the server refuses (422): Check failed: entry refused; check: 2; \
             expected: authority 1's signature; found: none [2J"
        );
        assert_eq!(
            Problem::parse(502, b"<html>", None).to_string(),
            "the server refuses (502)"
        );
        assert!(
            Problem::parse(
                400,
                format!("{{\"title\":\"{}\"}}", "x".repeat(9999)).as_bytes(),
                None
            )
            .title
            .len()
                < 400
        );
    }
}
