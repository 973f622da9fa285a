//! A new letter for a voter who lost one: revocation and re-issue, each signed by authority and commission.

use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};

use super::super::staff::{Staff, text};
use super::super::{DemoError, wait_for};
use super::{Election, PATIENCE, as_str};

impl Election<'_> {
    /// Revokes a credential and issues another in its place; the new letter, a CSV file.
    pub(super) async fn replace(&self, credential: u32) -> Result<PathBuf, DemoError> {
        let folder = self.roles.join("authority");
        let alice = Staff::log_in(&self.deployment.url, "alice").await?;
        let index = credential.to_string();
        for step in [
            &["revoke", "--index", &index, "--reason", "lost letter"][..],
            &["reissue", "--index", &index, "--out", "issued"][..],
        ] {
            let arguments = self.role_arguments(step);
            self.programs
                .run("hanpyo-authority", &folder, &as_str(&arguments))
                .await?;
            self.approve(&alice, "what the authority signed").await?;
        }
        Ok(folder.join(format!("issued/reissue-{index}.csv")))
    }

    /// The commission adds its signature to the proposal that waits for it only, and the entry is on the board.
    pub(super) async fn approve(&self, alice: &Staff, what: &str) -> Result<(), DemoError> {
        let proposals = format!("{}/proposals", self.path);
        wait_for(what, PATIENCE, async || {
            let list = alice.bare(Method::GET, &proposals).await?;
            let waiting = list.as_array().and_then(|list| {
                list.iter()
                    .find(|proposal| {
                        proposal.get("missing") == Some(&json!(["commission"]))
                            && proposal.get("index").is_none_or(Value::is_null)
                    })
                    .cloned()
            });
            let Some(proposal) = waiting else {
                return Ok(false);
            };
            let id = text(&proposal, "proposal", "id")?;
            alice
                .bare(Method::POST, &format!("{proposals}/{id}/approve"))
                .await?;
            Ok(true)
        })
        .await
    }
}
