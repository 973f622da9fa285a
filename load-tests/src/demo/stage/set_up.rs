//! Everything before voting: keys, draft and approval, roll, ceremony, voting codes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use super::super::deployment::Deployment;
use super::super::plan::Plan;
use super::super::present::Voice;
use super::super::process::Programs;
use super::super::staff::{FIRST_PASSWORD, Staff, text};
use super::super::{DemoError, make_folder, write};
use super::schedule::{Schedule, Times};
use super::{Election, QUORUM, TRUSTEES, as_str, now};

impl<'a> Election<'a> {
    /// An election whose roll is sealed; it opens by its schedule, which is made once the officers have their keys.
    pub(super) async fn set_up(
        deployment: &'a Deployment,
        programs: &'a Programs,
        plan: &Plan,
        times: Times,
        voice: Voice,
    ) -> Result<(Self, Schedule), DemoError> {
        let roles = make_folder(&deployment.root, plan.slug)?;
        voice.phase(
            2,
            "Officers make their keys; the commission drafts, a second person approves",
        );
        let began = Instant::now();
        let authority = init(programs, &roles, "authority", "hanpyo-authority").await?;
        let tally = init(programs, &roles, "tally", "hanpyo-tally").await?;
        let mut trustees = Vec::new();
        for number in 1..=TRUSTEES {
            trustees.push(json!({ "name": format!("Trustee {number}"), "key": init(programs, &roles, &format!("trustee{number}"), "hanpyo-trustee").await? }));
        }
        let electors = plan.electors.len() as u64;
        let schedule = Schedule::of(times, now(), electors, began.elapsed());
        let mut draft = plan.draft.clone();
        if let Some(fields) = draft.as_object_mut() {
            fields.insert(
                "schedule".to_owned(),
                json!({
                    "windows": [{ "opens": schedule.opens, "closes": schedule.closes }],
                    "override_reason": "demonstration: the day's voting compressed into minutes",
                }),
            );
            fields.insert(
                "roles".to_owned(),
                json!({
                    "authorities": [{ "name": "Credential authority", "key": authority }],
                    "trustees": trustees,
                    "quorum": QUORUM,
                    "tally": tally,
                }),
            );
        }
        let election =
            Self::approved(deployment, programs, plan.slug, &draft, (roles, voice)).await?;
        election.import_roll(plan).await?;
        election.ceremony().await?;
        election.issue(plan).await?;
        Ok((election, schedule))
    }

    /// Draft by one person, approval by another.
    async fn approved(
        deployment: &'a Deployment,
        programs: &'a Programs,
        slug: &str,
        draft: &Value,
        (roles, voice): (PathBuf, Voice),
    ) -> Result<Self, DemoError> {
        let elections = "/tenants/seoul/elections";
        let path = format!("{elections}/{slug}");
        make_accounts(deployment).await?;
        let alice = Staff::log_in(&deployment.url, "alice").await?;
        let made = alice
            .json(
                Method::POST,
                elections,
                &json!({ "slug": slug, "draft": draft }),
            )
            .await?;
        let vkey = text(&made, "draft", "log_vkey")?;
        let submitted = alice
            .change(
                &format!("{path}/submit"),
                made.get("version").unwrap_or(&Value::Null),
                None,
            )
            .await?;
        let hash = text(&submitted, "submitted draft", "manifest_hash")?;
        let bob = Staff::log_in(&deployment.url, "bob").await?;
        bob.change(
            &format!("{path}/approve"),
            submitted.get("version").unwrap_or(&Value::Null),
            Some(&json!({ "manifest_hash": hash })),
        )
        .await?;
        voice.line(&format!(
            "manifest {hash} drafted by alice, approved by bob, entry 0 of the board"
        ));
        let url = &deployment.url;
        Ok(Self {
            deployment,
            programs,
            api: format!("{url}/api/v1{path}"),
            board: format!("{url}/board/seoul/{slug}/"),
            path,
            vkey,
            roles,
            voice,
        })
    }

    async fn import_roll(&self, plan: &Plan) -> Result<(), DemoError> {
        let mut csv = String::from("voter_id,name,contact,district\n");
        for elector in &plan.electors {
            let district = plan
                .units
                .get(elector.unit)
                .map_or("", |(ko, _)| ko.as_str());
            csv.push_str(&format!(
                "{0},Voter {0},{1},\"{2}\"\n",
                elector.voter_id,
                elector.contact,
                district.replace('"', "\"\"")
            ));
        }
        let alice = Staff::log_in(&self.deployment.url, "alice").await?;
        let roll = format!("{}/roll", self.path);
        alice
            .csv(Method::POST, &format!("{roll}?dry_run=true"), csv.clone())
            .await?;
        alice.csv(Method::POST, &roll, csv).await?;
        self.voice.line(&format!(
            "electoral roll of {} voters imported after a dry run",
            plan.electors.len()
        ));
        Ok(())
    }

    async fn ceremony(&self) -> Result<(), DemoError> {
        self.voice.phase(
            3,
            "Three trustees make the key; none of them ever has it whole",
        );
        for step in ["ceremony", "drill"] {
            let mut running = Vec::new();
            for number in 1..=TRUSTEES {
                let name = format!("trustee{number}");
                let folder = self.roles.join(&name);
                let arguments = self.role_arguments(&[step, "--follow", "--interval", "1"]);
                running.push(self.programs.start(
                    &format!("{name}-{step}"),
                    "hanpyo-trustee",
                    &folder,
                    &as_str(&arguments),
                )?);
            }
            for role in running {
                role.finished().await?;
            }
            self.voice.line(match step {
                "ceremony" => {
                    "key ceremony: commitments, openings, shares, confirmations on the board"
                }
                _ => "decryption drill: every stored share works",
            });
        }
        Ok(())
    }

    async fn issue(&self, plan: &Plan) -> Result<(), DemoError> {
        self.voice
            .phase(4, "The credential authority issues voting codes, offline");
        let folder = self.roles.join("authority");
        let mut csv = String::from("voter_id,style,unit,weight\n");
        for elector in &plan.electors {
            csv.push_str(&format!("{},0,{},1\n", elector.voter_id, elector.unit));
        }
        write(&folder.join("roll.csv"), &csv)?;
        let booth = format!("{}/e/seoul/{}/vote", self.deployment.url, plan.slug);
        let issue = [
            "issue", "--roll", "roll.csv", "--out", "issued", "--booth", &booth,
        ];
        let mut arguments = self.role_arguments(&issue);
        self.programs
            .run("hanpyo-authority", &folder, &as_str(&arguments))
            .await?;
        arguments = self.role_arguments(&["upload", "--out", "issued"]);
        let upload = self.programs.start(
            "authority-upload",
            "hanpyo-authority",
            &folder,
            &as_str(&arguments),
        )?;
        let assignment = std::fs::read_to_string(folder.join("issued/assignment.csv"))
            .map_err(|source| DemoError::io("assignment.csv", source))?;
        let carol = Staff::log_in(&self.deployment.url, "carol").await?;
        carol
            .csv(
                Method::PUT,
                &format!("{}/roll/assignment", self.path),
                assignment,
            )
            .await?;
        let alice = Staff::log_in(&self.deployment.url, "alice").await?;
        self.approve(&alice, "the authority's proposal to seal the roll")
            .await?;
        upload.finished().await?;
        self.voice.line(&format!(
            "{} credentials on the board, roll sealed; codes go by letter, never through the server",
            plan.electors.len()
        ));
        Ok(())
    }
}

/// Accounts of the staff; made once.
async fn make_accounts(deployment: &Deployment) -> Result<(), DemoError> {
    let root = Staff::log_in(&deployment.url, "root").await?;
    for (login, role) in [
        ("alice", "manager"),
        ("bob", "approver"),
        ("carol", "authority"),
    ] {
        let account = json!({ "login": login, "roles": [role], "password": FIRST_PASSWORD });
        match root
            .json(Method::POST, "/tenants/seoul/staff", &account)
            .await
        {
            Ok(_) => Staff::choose_password(&deployment.url, login).await?,
            Err(DemoError::Refused { status: 409, .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// An officer makes the secret file; the public key it prints.
async fn init(
    programs: &Programs,
    roles: &Path,
    name: &str,
    program: &'static str,
) -> Result<String, DemoError> {
    let folder = make_folder(roles, name)?;
    write(
        &folder.join("passphrase"),
        &format!("passphrase of {name}\n"),
    )?;
    let printed = programs
        .run(
            program,
            &folder,
            &[
                "--secret",
                "secret.age",
                "--passphrase-file",
                "passphrase",
                "init",
            ],
        )
        .await?;
    let key = printed
        .split_whitespace()
        .find(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    key.map(str::to_owned).ok_or_else(|| DemoError::Missing {
        what: format!("{program} init"),
        field: "public key",
    })
}
