//! What is left open for a visitor once the report is there: addresses, log-ins, how to vote.
//!
//! This is the place to add an address: one [`Address`] a line, in the section it belongs to.

use std::fs::File;
use std::path::Path;

use super::deployment::Deployment;
use super::process::Programs;
use super::stage::{self, Finished, Ready};
use super::{DemoError, plan, present, staff};
use crate::voter::codes::{self, Letter};

/// Voters of the election that is left open.
const VISITORS: usize = 20;

/// Something to look at or to type.
struct Address {
    what: &'static str,
    value: String,
}

const fn address(what: &'static str, value: String) -> Address {
    Address { what, value }
}

/// Sets up an election for visitors, prints where everything is, and stays until the demonstration is interrupted.
///
/// # Errors
/// [`DemoError`] if that election cannot be set up, or the server ends.
pub(super) async fn leave_open(
    deployment: &Deployment,
    programs: &Programs,
    finished: &Finished,
) -> Result<(), DemoError> {
    present::phase(9, "An election to take part in");
    present::line("its officers make keys, hold a ceremony and issue codes, as above");
    let plan = plan::yes_no("open-house", VISITORS);
    let open = stage::open_for_a_day(deployment, programs, &plan).await?;
    let letter = first_letter(&open.letters)?;
    let (this, there) = (programs.folder(), deployment.url.as_str());
    section(
        "The finished election",
        &finished_addresses(this, there, finished),
    );
    section(
        "The open election",
        &open_addresses(this, deployment, plan.slug, &open, &letter),
    );
    section("The commission's staff", &staff_addresses(there));
    println!("\n   Everything stays up until Ctrl-C.");
    deployment.server.finished().await?;
    Err(DemoError::Missing {
        what: "the server ended by itself".to_owned(),
        field: "reason",
    })
}

/// The pages of an election for everyone: what to show there is up to the pages.
fn pages(server: &str, board: &str) -> Vec<Address> {
    // A board is at SERVER/board/TENANT/ELECTION/.
    let path = board.split("/board/").nth(1).unwrap_or_default();
    let path = path.trim_end_matches('/');
    vec![
        address("home", format!("{server}/e/{path}/")),
        address("observer", format!("{server}/e/{path}/observe")),
        address("trustees", format!("{server}/e/{path}/trustees")),
    ]
}

fn finished_addresses(programs: &Path, server: &str, finished: &Finished) -> Vec<Address> {
    let verify = programs.join("hanpyo-verify");
    let Finished { board, vkey } = finished;
    let mut addresses = pages(server, board);
    addresses.extend([
        address("board", board.clone()),
        address("vkey", vkey.clone()),
        address(
            "verify",
            format!("{} {board} --vkey '{vkey}'", verify.display()),
        ),
    ]);
    addresses
}

fn open_addresses(
    programs: &Path,
    deployment: &Deployment,
    slug: &str,
    open: &Ready,
    letter: &Letter,
) -> Vec<Address> {
    let voter = programs.join("hanpyo-voter");
    let codes = letter.codes.iter();
    let codes: String = codes.map(|code| format!(" --code {}", **code)).collect();
    let vote = format!(
        "{} vote --server {} --election seoul/{slug} --vkey '{}' --voter {}{codes} --choices 1",
        voter.display(),
        deployment.url,
        open.vkey,
        letter.voter_id,
    );
    let mut addresses = pages(&deployment.url, &open.board);
    let link = letter.links.first();
    addresses.extend([
        address(
            "personal link",
            format!(
                "{} (voter {})",
                link.map_or("", |link| link.as_str()),
                letter.voter_id
            ),
        ),
        address("board", open.board.clone()),
        address("vkey", open.vkey.clone()),
        address("vote", vote),
        address(
            "one-time code",
            format!("the newest file in {}", deployment.outbox.display()),
        ),
        address(
            "other voters",
            format!("{} letters in {}", VISITORS, open.letters.display()),
        ),
    ]);
    addresses
}

fn staff_addresses(server: &str) -> Vec<Address> {
    vec![
        address("console", format!("{server}/admin")),
        address("API", format!("{server}/api/v1")),
        address(
            "log-ins",
            "tenant seoul: root (administrator), alice (manager), bob (approver), carol (authority)"
                .to_owned(),
        ),
        address("password", staff::PASSWORD.to_owned()),
    ]
}

fn section(title: &str, addresses: &[Address]) {
    println!("\n   {title}");
    for Address { what, value } in addresses {
        println!("      {}{value}", present::padded(what, 15));
    }
}

fn first_letter(path: &Path) -> Result<Letter, DemoError> {
    let letters = File::open(path).map_err(|source| DemoError::io("letters.csv", source))?;
    let letters = codes::read(letters)
        .map_err(|error| DemoError::io("letters.csv", std::io::Error::other(error)))?;
    letters
        .into_iter()
        .next()
        .ok_or_else(|| DemoError::Missing {
            what: "letters.csv".to_owned(),
            field: "letter",
        })
}
