//! Votes that are recorded.

use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;

use super::world::{Voter, World, run};
use crate::support::{Said, files, program};

/// What `hanpyo-voter vote` prints: index and confirmation code.
fn recorded(said: &Said) -> (u64, String) {
    assert_eq!(said.code, Some(0), "{said:?}");
    let after = |start: &str| {
        let line = said.out.lines().find_map(|line| line.split_once(start));
        line.map(|(_, rest)| rest.to_owned())
            .unwrap_or_else(|| panic!("{start}: {said:?}"))
    };
    (
        after("recorded as entry ").parse().unwrap(),
        after("confirmation code "),
    )
}

/// The independent verifier finds everything that voters hold in the open election's record, and nothing wrong. It does
/// not call a record good whose election is not over.
#[track_caller]
fn verified(world: &World, held: &[&str]) -> String {
    let mut command = program("hanpyo-verify");
    let said: Said = command
        .args([&world.open.board, "--vkey", &world.open.vkey])
        .args(held)
        .output()
        .unwrap()
        .into();
    assert_eq!(said.code, Some(1), "{said:?}");
    for expected in ["12  PASS", "VERDICT: INCOMPLETE. Nothing wrong was found"] {
        assert!(said.out.contains(expected), "{expected}: {}", said.out);
    }
    said.out
}

pub(super) async fn one_voter_is_asked_for_the_code_and_gets_what_proves_the_vote(
    world: &mut World,
) {
    let (before, size) = world.counted().await;
    let voter = world.voter();
    let (receipt, ack) = (world.path("receipt"), world.path("ack"));
    let mut child = world
        .command("vote", world.fixture.server(), &world.open)
        .args([
            "--voter",
            &voter.id,
            "--code",
            &voter.code,
            "--choices",
            "2",
        ])
        .arg("--receipt")
        .arg(&receipt)
        .arg("--ack")
        .arg(&ack)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let otp = world.mail(&voter.contact).await;
    let mut input = child.stdin.take().unwrap();
    input
        .write_all(format!("{otp}\n").as_bytes())
        .await
        .unwrap();
    let said = child.wait_with_output().await.unwrap().into();
    let (index, code) = recorded(&said);
    assert_eq!(index, size, "the next entry of the log");
    assert_eq!(world.counted().await, (before + 1, size + 1));

    let (receipt, ack) = (receipt.display().to_string(), ack.display().to_string());
    let held = ["--code", &code, "--receipt", &receipt, "--ack", &ack];
    let out = verified(world, &held);
    assert!(
        out.contains(&format!("in the record at entry {index}, counted")),
        "{out}"
    );
}

pub(super) async fn a_challenged_ballot_does_not_count_and_the_next_one_does(world: &mut World) {
    let (before, size) = world.counted().await;
    let voter = world.voter();
    let otp = world.otp(&world.open, &voter).await;
    let said = run(world.vote(&world.open, &voter, &otp).arg("--challenge")).await;
    let (index, code) = recorded(&said);
    let challenged = said
        .out
        .lines()
        .find(|line| line.starts_with("challenged before"));
    let challenged = challenged.unwrap().rsplit(' ').next().unwrap();
    assert_ne!(challenged, code);
    assert_eq!(index, size + 1, "the challenge comes before it");
    assert_eq!(world.counted().await, (before + 1, size + 2));
    let out = verified(world, &["--code", &code]);
    assert!(out.contains(&format!("at entry {index}, counted")), "{out}");
}

pub(super) async fn many_voters_from_files(world: &mut World) {
    let (before, size) = world.counted().await;
    let voters: Vec<Voter> = (0..6).map(|_| world.voter()).collect();
    // As a spreadsheet would write it.
    let mut text = "\u{feff}voter_id,contact,at_ms,intent,choices\r\n".to_owned();
    for (number, Voter { id, contact, .. }) in voters.iter().enumerate() {
        let intent = if number % 3 == 0 { "challenge" } else { "cast" };
        let choice = 1 + number % 2;
        text.push_str(&format!(
            "{id}, {contact} ,{},{intent},{choice}\r\n",
            100 * number
        ));
    }
    let (choices, kept) = (world.path("choices.csv"), world.path("kept"));
    std::fs::write(&choices, text).unwrap();
    let said = run(world
        .command("many", world.fixture.server(), &world.open)
        .arg("--codes")
        .arg(&world.open.letters)
        .arg("--choices")
        .arg(&choices)
        .arg("--outbox")
        .arg(world.fixture.outbox())
        .arg("--keep")
        .arg(&kept)
        .args(["--concurrency", "2"]))
    .await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("6 of 6 recorded"), "{said:?}");
    assert!(
        said.out.contains("2 after a challenge, 0 failed"),
        "{said:?}"
    );
    assert_eq!(world.counted().await, (before + 6, size + 8));

    let kept_files = files(&kept);
    assert_eq!(kept_files.len(), 12);
    let mut arguments = Vec::new();
    for name in kept_files {
        let kind = if name.ends_with(".ack") {
            "--ack"
        } else {
            "--receipt"
        };
        arguments.extend([kind.to_owned(), kept.join(name).display().to_string()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    verified(world, &arguments);
}
