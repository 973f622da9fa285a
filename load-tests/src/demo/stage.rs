//! One election from draft to result, every step by the program of the role it belongs to.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::{Value, json};

use super::plan::{Plan, Vote};
use super::process::Programs;
use super::staff::{Staff, read, text};
use super::{DemoError, Deployment, make_folder, outcome, plan, present, wait_for, write};

/// Time for ceremony, drill and roll before voting opens, and for voting, in seconds.
const SETTING_UP: u64 = 25;
const VOTING: u64 = 90;
/// Seconds before the close in which no more votes begin.
const MARGIN: u64 = 8;
/// Trustees; two of them decrypt, one stays away.
const TRUSTEES: usize = 3;
const QUORUM: usize = 2;
/// Voters of the election left open for visitors.
const VISITORS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(600);

/// A finished election.
pub(super) struct Finished {
    pub(super) board: String,
    pub(super) vkey: String,
}

/// An election left open for a visitor.
pub(super) struct Open {
    pub(super) board: String,
    pub(super) command: String,
}

/// Runs a whole election.
pub(super) async fn run_election(
    deployment: &Deployment,
    programs: &Programs,
    plan: &Plan,
) -> Result<Finished, DemoError> {
    let scale = plan.electors.len() as u64 / 8_000;
    let opens = now() + SETTING_UP + 3 * scale;
    let closes = opens + VOTING + 10 * scale;
    let election = Election::set_up(deployment, programs, plan, opens, closes).await?;
    election.vote(plan, closes).await?;
    election.count(plan).await?;
    Ok(Finished {
        board: election.board,
        vkey: election.vkey,
    })
}

/// Sets up an election for a visitor and says how to vote in it.
pub(super) async fn open_election(
    deployment: &Deployment,
    programs: &Programs,
) -> Result<Open, DemoError> {
    let plan = plan::open_house(VISITORS);
    let (board, vkey, letters) = open_for_a_day(deployment, programs, &plan).await?;
    let letters =
        std::fs::read_to_string(letters).map_err(|source| DemoError::io("letters.csv", source))?;
    let row: Vec<&str> = letters
        .lines()
        .nth(1)
        .unwrap_or_default()
        .split(',')
        .collect();
    let field = |column: usize| row.get(column).copied().unwrap_or_default();
    let command = format!(
        "target/release/hanpyo-voter vote --server {} --election seoul/{} --vkey '{vkey}' --voter {} --code {} --choices 1   (one-time code: newest file in {})",
        deployment.url,
        plan.slug,
        field(0),
        field(3),
        deployment.outbox.display(),
    );
    Ok(Open { board, command })
}

/// Sets up an election that stays open for a day: its board, vkey and letters.
pub(super) async fn open_for_a_day(
    deployment: &Deployment,
    programs: &Programs,
    plan: &Plan,
) -> Result<(String, String, PathBuf), DemoError> {
    let opens = now();
    let election = Election::set_up(deployment, programs, plan, opens, opens + 86_400).await?;
    election.wait_for_phase("open").await?;
    let letters = election.letters();
    Ok((election.board, election.vkey, letters))
}

/// An election under way, with what each role needs for the next step.
struct Election<'a> {
    deployment: &'a Deployment,
    programs: &'a Programs,
    path: String,
    api: String,
    board: String,
    vkey: String,
    roles: PathBuf,
}

impl<'a> Election<'a> {
    async fn set_up(
        deployment: &'a Deployment,
        programs: &'a Programs,
        plan: &Plan,
        opens: u64,
        closes: u64,
    ) -> Result<Self, DemoError> {
        let roles = make_folder(&deployment.root, plan.slug)?;
        present::phase(
            2,
            "Officers make their keys; the commission drafts, a second person approves",
        );
        let authority = init(programs, &roles, "authority", "hanpyo-authority").await?;
        let tally = init(programs, &roles, "tally", "hanpyo-tally").await?;
        let mut trustees = Vec::new();
        for number in 1..=TRUSTEES {
            trustees.push(json!({ "name": format!("Trustee {number}"), "key": init(programs, &roles, &format!("trustee{number}"), "hanpyo-trustee").await? }));
        }
        let mut draft = plan.draft.clone();
        if let Some(fields) = draft.as_object_mut() {
            fields.insert(
                "schedule".to_owned(),
                json!({
                    "windows": [{ "opens": opens, "closes": closes }],
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
        let election = Self::approved(deployment, programs, plan.slug, &draft, roles).await?;
        election.import_roll(plan).await?;
        election.ceremony().await?;
        election.issue(plan).await?;
        Ok(election)
    }

    /// Draft by one person, approval by another.
    async fn approved(
        deployment: &'a Deployment,
        programs: &'a Programs,
        slug: &str,
        draft: &Value,
        roles: PathBuf,
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
        present::line(&format!(
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
        present::line(&format!(
            "electoral roll of {} voters imported after a dry run",
            plan.electors.len()
        ));
        Ok(())
    }

    async fn ceremony(&self) -> Result<(), DemoError> {
        present::phase(
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
            present::line(match step {
                "ceremony" => {
                    "key ceremony: commitments, openings, shares, confirmations on the board"
                }
                _ => "decryption drill: every stored share works",
            });
        }
        Ok(())
    }

    async fn issue(&self, plan: &Plan) -> Result<(), DemoError> {
        present::phase(4, "The credential authority issues voting codes, offline");
        let folder = self.roles.join("authority");
        let mut csv = String::from("voter_id,style,unit,weight\n");
        for elector in &plan.electors {
            csv.push_str(&format!("{},0,{},1\n", elector.voter_id, elector.unit));
        }
        write(&folder.join("roll.csv"), &csv)?;
        let mut arguments =
            self.role_arguments(&["issue", "--roll", "roll.csv", "--out", "issued"]);
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
        self.seal(&alice).await?;
        upload.finished().await?;
        present::line(&format!(
            "{} credentials on the board, roll sealed; codes go by letter, never through the server",
            plan.electors.len()
        ));
        Ok(())
    }

    /// The commission adds its signature to the seal of the roll.
    async fn seal(&self, alice: &Staff) -> Result<(), DemoError> {
        let proposals = format!("{}/proposals", self.path);
        wait_for(
            "the authority's proposal to seal the roll",
            PATIENCE,
            async || {
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
            },
        )
        .await
    }

    fn letters(&self) -> PathBuf {
        self.roles.join("authority/issued/letters.csv")
    }

    async fn vote(&self, plan: &Plan, closes: u64) -> Result<(), DemoError> {
        present::phase(5, "Voting");
        self.wait_for_phase("open").await?;
        let voters = make_folder(&self.roles, "voters")?;
        let milliseconds = closes.saturating_sub(now() + MARGIN) * 1000;
        write(&voters.join("choices.csv"), &choices(plan, milliseconds))?;
        let tally = self.start_tally()?;
        let slug = self.path.rsplit('/').next().unwrap_or_default().to_owned();
        let (letters, outbox) = (
            self.letters().display().to_string(),
            self.deployment.outbox.display().to_string(),
        );
        let mut crowd = self.programs.start(
            "voters",
            "hanpyo-voter",
            &voters,
            &[
                "many",
                "--server",
                &self.deployment.url,
                "--election",
                &format!("seoul/{slug}"),
                "--vkey",
                &self.vkey,
                "--codes",
                &letters,
                "--choices",
                "choices.csv",
                "--outbox",
                &outbox,
                "--keep",
                "receipts",
            ],
        )?;
        let total = plan.votes.len() as u64;
        wait_for("the votes", PATIENCE, async || {
            let turnout = self.public("/turnout").await?;
            let counted = turnout.get("counted").and_then(Value::as_u64).unwrap_or(0);
            present::progress(counted, total, "votes recorded");
            if counted >= total {
                return Ok(true);
            }
            match crowd.check_running() {
                Ok(()) => Ok(false),
                // It may have ended well just now; the next look at the board decides.
                Err(DemoError::Failed { code: Some(0), .. }) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await?;
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

    fn start_tally(&self) -> Result<super::process::Role, DemoError> {
        let arguments = self.role_arguments(&["run"]);
        self.programs.start(
            "tally",
            "hanpyo-tally",
            &self.roles.join("tally"),
            &as_str(&arguments),
        )
    }

    async fn count(&self, plan: &Plan) -> Result<(), DemoError> {
        present::phase(7, "The result");
        self.wait_for_phase("finished").await?;
        outcome::show(
            plan,
            &self.public("/results").await?,
            &self.public("/turnout").await?,
        )
    }

    /// Arguments that every program of an officer takes.
    fn role_arguments(&self, command: &[&str]) -> Vec<String> {
        let common = ["--secret", "secret.age", "--passphrase-file", "passphrase"];
        let board = ["--board", &self.board, "--vkey", &self.vkey];
        common
            .iter()
            .chain(command)
            .chain(&board)
            .map(|text| (*text).to_owned())
            .collect()
    }

    async fn public(&self, path: &str) -> Result<Value, DemoError> {
        let url = format!("{}{path}", self.api);
        let answer = reqwest::get(&url).await.map_err(|source| DemoError::Http {
            what: url.clone(),
            source,
        })?;
        read(url, answer).await
    }

    async fn phase(&self) -> Result<String, DemoError> {
        text(&self.public("/public").await?, "election", "phase")
    }

    async fn wait_for_phase(&self, phase: &str) -> Result<(), DemoError> {
        wait_for(&format!("phase {phase}"), PATIENCE, async || {
            Ok(self.phase().await? == phase)
        })
        .await
    }

    async fn wait_for_phase_not(&self, phase: &str) -> Result<(), DemoError> {
        wait_for(&format!("the end of phase {phase}"), PATIENCE, async || {
            Ok(self.phase().await? != phase)
        })
        .await
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
        let account =
            json!({ "login": login, "roles": [role], "password": super::staff::FIRST_PASSWORD });
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
        csv.push_str(&format!(
            "{},{},{},{intent},{choices}\n",
            elector.voter_id,
            elector.contact,
            moment * milliseconds / 1000
        ));
    }
    csv
}

fn as_str(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
