//! Voting, closing, counting, decryption.

use std::time::Duration;

use serde_json::Value;

use super::super::plan::{Plan, Vote};
use super::super::process::Role;
use super::super::{DemoError, make_folder, present, wait_for, write};
use super::schedule::MARGIN;
use super::{Election, TRUSTEES, as_str, now};

/// How long a crowd may take. It fails by itself when a voter does, so this only ends a wait that would never end.
const CROWD_PATIENCE: Duration = Duration::from_secs(6 * 3600);

impl Election<'_> {
    /// Lets the crowd vote until all its ballots are recorded, then waits for the close, the tally and the decryption.
    pub(super) async fn vote(&self, plan: &Plan, closes: u64) -> Result<(), DemoError> {
        present::phase(5, "Voting");
        self.wait_until_open().await?;
        let tally = self.start_tally()?;
        let crowd = self.start_crowd(plan, closes)?;
        self.watch(&crowd, plan.votes.len() as u64, closes).await?;
        crowd.finished().await?;
        present::line("every voter checked acknowledgement and receipt");
        self.wait_for_phase_not("open").await?;
        present::phase(
            6,
            "Closed; the tally adds up, two of three trustees decrypt the sums",
        );
        for number in [1, TRUSTEES] {
            let folder = self.roles.join(format!("trustee{number}"));
            self.wait_for_phase("tally").await?;
            let arguments = self.role_arguments(&["decrypt", "--yes"]);
            self.programs
                .run("hanpyo-trustee", &folder, &as_str(&arguments))
                .await?;
            present::line(&format!(
                "trustee {number} verified the board and decrypted; trustee 2 is absent"
            ));
        }
        tally.finished().await
    }

    /// The voters: one program for all of them, with their letters and their mail boxes.
    fn start_crowd(&self, plan: &Plan, closes: u64) -> Result<Role, DemoError> {
        let folder = make_folder(&self.roles, "voters")?;
        let milliseconds = closes.saturating_sub(now() + MARGIN) * 1000;
        write(&folder.join("choices.csv"), &choices(plan, milliseconds))?;
        self.programs.start(
            "voters",
            "hanpyo-voter",
            &folder,
            &[
                "many",
                "--server",
                &self.deployment.url,
                "--election",
                &format!("seoul/{}", plan.slug),
                "--vkey",
                &self.vkey,
                "--codes",
                &self.letters().display().to_string(),
                "--choices",
                "choices.csv",
                "--outbox",
                &self.deployment.outbox.display().to_string(),
                "--keep",
                "receipts",
            ],
        )
    }

    /// Shows the turnout until `total` votes are recorded; puts the close off while votes are on their way.
    async fn watch(&self, crowd: &Role, total: u64, mut closes: u64) -> Result<(), DemoError> {
        let mut is_voting = true;
        wait_for("the votes", CROWD_PATIENCE, async || {
            let turnout = self.public("/turnout").await?;
            let counted = turnout.get("counted").and_then(Value::as_u64).unwrap_or(0);
            present::progress(counted, total, "votes recorded");
            if counted >= total {
                return Ok(true);
            }
            if !is_voting {
                // Every voter holds a receipt, so every vote is in the record already.
                return Err(DemoError::Missing {
                    what: format!("turnout of {counted}"),
                    field: "vote of every voter with a receipt",
                });
            }
            is_voting = match crowd.check_running().await {
                Ok(()) => true,
                // It may have ended well just now; the next look at the board decides.
                Err(DemoError::Failed { code: Some(0), .. }) => false,
                Err(error) => return Err(error),
            };
            if is_voting {
                self.put_off_if_late(&mut closes).await?;
            }
            Ok(false)
        })
        .await
    }

    fn start_tally(&self) -> Result<Role, DemoError> {
        let arguments = self.role_arguments(&["run"]);
        self.programs.start(
            "tally",
            "hanpyo-tally",
            &self.roles.join("tally"),
            &as_str(&arguments),
        )
    }
}

fn choices(plan: &Plan, milliseconds: u64) -> String {
    let mut csv = String::from("voter_id,contact,at_ms,intent,choices\n");
    for Vote {
        elector,
        moment,
        choices,
        challenges,
    } in &plan.votes
    {
        let Some(elector) = plan.electors.get(*elector) else {
            continue;
        };
        let intent = if *challenges { "challenge" } else { "cast" };
        let at = moment * milliseconds / 1000;
        let (voter, contact) = (&elector.voter_id, &elector.contact);
        csv.push_str(&format!("{voter},{contact},{at},{intent},{choices}\n"));
    }
    csv
}
