//! Real kills of a real process under load: every acknowledged ballot is in the log once, and every
//! checkpoint that anyone saw is a beginning of the log.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use hanpyo_ledger::entry::{Entry, EntryType, MAX_ENTRY_BYTES, Reason, Void};
use hanpyo_ledger::log::Frontier;
use hanpyo_ledger::log::checkpoint::{Checkpoint, SignedCheckpoint};
use hanpyo_ledger::log::merkle::leaf_hash;
use hanpyo_server::ids::{ElectionId, TenantId};
use hanpyo_testkit::{ElectionSpec, check_entries};

use super::process::{PATIENCE, Process};
use super::support::{Planted, TENANT, kit, now, spec};

const SIGKILL: i32 = 9;
/// Ballots that are sent at the same time.
const AT_ONCE: usize = 8;

/// An open election, its voters' ballots, and what they have heard.
struct Trial {
    planted: Planted,
    ids: (TenantId, ElectionId),
    /// By credential.
    ballots: Vec<Vec<u8>>,
    acknowledgements: BTreeMap<usize, Vec<u8>>,
    checkpoints: Vec<Checkpoint>,
}

impl Trial {
    async fn new(spec: ElectionSpec) -> Self {
        let voters = spec.voters.len();
        let mut server = Planted::with(kit(spec), &[]).start();
        server.open().await;
        let ballots = (0..u32::try_from(voters).unwrap())
            .map(|credential| server.ballot(credential, Some(0)))
            .collect();
        let slug = server.planted.slug.clone();
        let ledger = server.running.state.ledgers.find(TENANT, &slug).unwrap();
        let ids = (ledger.id().tenant, ledger.id().election);
        drop(ledger);
        Self {
            planted: server.stop().await,
            ids,
            ballots,
            acknowledgements: BTreeMap::new(),
            checkpoints: Vec::new(),
        }
    }

    async fn start(&self, stop_at: Option<&str>) -> Process {
        Process::start(&self.planted, self.ids, stop_at, &[]).await
    }

    /// Lets everyone who has no acknowledgement vote, until all have one or the server ends.
    async fn vote(&mut self, process: &mut Process) {
        while self.some_vote(process).await {}
    }

    /// [`Self::vote`], the next few only after the ballots of those before are published: so many publications that
    /// the server comes to every step, however slow the machine.
    async fn vote_slowly(&mut self, process: &mut Process) {
        self.see_checkpoint(process).await;
        let start = Instant::now();
        loop {
            let before = self.checkpoints.last().map(|seen| seen.size);
            if !self.some_vote(process).await {
                return;
            }
            while self.checkpoints.last().map(|seen| seen.size) == before && !process.has_ended() {
                assert!(start.elapsed() < PATIENCE, "nothing is published");
                tokio::time::sleep(Duration::from_millis(20)).await;
                self.see_checkpoint(process).await;
            }
        }
    }

    /// Lets a few of those vote who have no acknowledgement; false if there are none, or the server has ended.
    async fn some_vote(&mut self, process: &mut Process) -> bool {
        let open: Vec<usize> = (0..self.ballots.len())
            .filter(|voter| !self.acknowledgements.contains_key(voter))
            .take(AT_ONCE)
            .collect();
        if open.is_empty() || process.has_ended() {
            return false;
        }
        let mut sent = Vec::new();
        for voter in open {
            let ballot = self.ballots[voter].clone();
            let client = process.voter(u32::try_from(voter).unwrap());
            sent.push(tokio::spawn(async move {
                (voter, client.try_cast(&ballot).await)
            }));
        }
        for each in sent {
            let (voter, answer) = each.await.unwrap();
            match answer {
                Some(answer) if answer.status == 200 => {
                    self.acknowledgements.insert(voter, answer.bytes);
                }
                // No answer, or not now.
                None => {}
                Some(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
            }
        }
        self.see_checkpoint(process).await;
        true
    }

    async fn see_checkpoint(&mut self, process: &Process) {
        let path = format!("/board/{TENANT}/{}/checkpoint", self.planted.slug);
        if let Some(answer) = process.client.try_get_at(&path).await
            && answer.status == 200
        {
            let key = self.planted.kit.keys.log.verifier_key();
            let signed = SignedCheckpoint::open(&answer.bytes, key).unwrap();
            self.checkpoints.push(signed.checkpoint().clone());
        }
    }

    /// Starts the server again without faults and looks whether it kept its promises.
    async fn check(mut self) -> Planted {
        let mut process = self.start(None).await;
        let before = self.acknowledgements.clone();
        // Everyone asks again, also those who have an acknowledgement.
        self.acknowledgements.clear();
        self.vote(&mut process).await;
        for (voter, acknowledgement) in before {
            assert_eq!(
                self.acknowledgements[&voter], acknowledgement,
                "voter {voter}"
            );
        }
        let readyz = process.client.get_at("/readyz").await;
        assert_eq!(readyz.bytes, b"ok\n", "{readyz:?}");
        process.stop().await;
        self.check_board();
        self.planted
    }

    fn check_board(&self) {
        let entries = self.planted.entries();
        for (voter, ballot) in self.ballots.iter().enumerate() {
            let times = entries.iter().filter(|entry| *entry == ballot).count();
            assert_eq!(times, 1, "ballot of voter {voter}");
        }
        assert!(entries.iter().all(|entry| entry.len() <= MAX_ENTRY_BYTES));
        let report = check_entries(&entries);
        assert!(report.failed().is_empty(), "{:?}", report.failed());
        assert!(report.findings().next().is_none(), "nothing was excluded");

        assert!(!self.checkpoints.is_empty());
        for seen in &self.checkpoints {
            let mut frontier = Frontier::new();
            for entry in &entries[..usize::try_from(seen.size).unwrap()] {
                frontier.append(leaf_hash(entry), |_, _| {}).unwrap();
            }
            assert_eq!(
                frontier.root(),
                seen.root,
                "checkpoint of size {}",
                seen.size
            );
        }
    }
}

/// The server dies at `step`, is started again, and once more dies at each of `more`.
async fn crash_at(step: &str, more: &[&str]) {
    let mut trial = Trial::new(spec(64)).await;
    let mut process = trial.start(Some(step)).await;
    trial.vote_slowly(&mut process).await;
    let status = process.ended().await;
    assert_eq!(status.signal(), Some(SIGKILL), "{step}: {status}");
    for step in more {
        let mut process = trial.start(Some(step)).await;
        trial.vote_slowly(&mut process).await;
        let status = process.ended().await;
        assert_eq!(status.signal(), Some(SIGKILL), "{step}: {status}");
    }
    trial.check().await;
}

#[actix_web::test]
async fn killed_when_ballots_are_durable_and_nobody_was_told() {
    crash_at("taken:3", &[]).await;
}

#[actix_web::test]
async fn killed_before_a_batch_is_committed() {
    crash_at("sequencing:2", &[]).await;
}

#[actix_web::test]
async fn killed_between_commit_and_tiles_and_again_while_catching_up() {
    crash_at(
        "sequenced:2",
        &["tile:1", "tiles:1", "cosigned:1", "checkpoint:1"],
    )
    .await;
}

#[actix_web::test]
async fn killed_between_tiles() {
    crash_at("tile:2", &[]).await;
    crash_at("tile:5", &[]).await;
}

#[actix_web::test]
async fn killed_before_the_checkpoint() {
    crash_at("tiles:2", &[]).await;
    crash_at("cosigned:3", &[]).await;
}

#[actix_web::test]
async fn killed_after_the_checkpoint_before_anyone_was_told() {
    crash_at("checkpoint:2", &[]).await;
}

#[actix_web::test]
async fn killed_before_replaced_partial_tiles_are_deleted() {
    let mut trial = Trial::new(spec(280)).await;
    let mut process = trial.start(Some("pruning")).await;
    trial.vote(&mut process).await;
    let status = process.ended().await;
    assert_eq!(status.signal(), Some(SIGKILL), "{status}");
    let partials = trial.planted.board().join("tile/0/000.p");
    let full = trial.planted.board().join("tile/0/000");
    assert!(full.is_file() && partials.is_dir(), "it died in between");
    let planted = trial.check().await;
    assert!(
        full.is_file() && !partials.exists(),
        "the next start deletes them"
    );
    assert!(!planted.board().join("tile/entries/000.p").exists());
    assert!(planted.board().join("tile/0/001.p").is_dir());
}

#[actix_web::test]
async fn killed_at_any_moment() {
    let mut trial = Trial::new(spec(200)).await;
    for round in 0..6_u64 {
        let mut process = trial.start(None).await;
        let after = Duration::from_millis(40 + 67 * round);
        let pid = process.id().to_string();
        let killer = tokio::spawn(async move {
            tokio::time::sleep(after).await;
            let killed = std::process::Command::new("kill")
                .args(["-KILL", &pid])
                .status();
            assert!(killed.unwrap().success());
        });
        trial.vote(&mut process).await;
        killer.await.unwrap();
        process.ended().await;
    }
    trial.check().await;
}

#[actix_web::test]
async fn killed_while_closing_still_closes_after_every_acknowledged_ballot() {
    let spec = ElectionSpec {
        closes: now() + 25,
        ..spec(10)
    };
    let mut trial = Trial::new(spec).await;
    let slow = [("ledger.sequence_ms", "10000")];
    let stop = Some("stopped-accepting");
    let mut process = Process::start(&trial.planted, trial.ids, stop, &slow).await;
    // Late enough that they wait to be sequenced when voting closes.
    while now() + 6 < trial.planted.kit.spec.closes {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    trial.vote(&mut process).await;
    assert_eq!(trial.acknowledgements.len(), 10, "before the close");
    let status = process.ended().await;
    assert_eq!(status.signal(), Some(SIGKILL), "{status}");
    let entries = trial.planted.entries();
    assert!(
        !entries.contains(&trial.ballots[0]),
        "they were not sequenced"
    );

    let process = trial.start(None).await;
    loop {
        let public = process.client.get("public").await.expect(200);
        if public["phase"] == "closed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    trial.see_checkpoint(&process).await;
    process.stop().await;
    trial.check_board();
    let last = trial.planted.entries().pop().unwrap();
    assert_eq!(EntryType::peek(&last), Ok(EntryType::Close));
}

#[actix_web::test]
async fn killed_while_voiding_takes_ballots_again_and_can_be_voided() {
    let mut trial = Trial::new(spec(6)).await;
    let reason = Reason::try_from("무효".to_owned()).unwrap();
    let void = Entry::from(trial.planted.kit.sign(Void { reason }));
    let void = void.encode().unwrap();
    let mut process = trial.start(Some("stopped-accepting")).await;
    assert!(process.client.try_entry(&void).await.is_none(), "no answer");
    let status = process.ended().await;
    assert_eq!(status.signal(), Some(SIGKILL), "{status}");

    let process = trial.start(None).await;
    let start = Instant::now();
    loop {
        let answer = process.voter(0).cast(&trial.ballots[0]).await;
        if answer.status == 200 {
            break;
        }
        assert_eq!(answer.status, 409, "{answer:?}");
        assert!(start.elapsed() < Duration::from_secs(30), "{answer:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.stop().await;

    let mut process = trial.start(None).await;
    trial.vote(&mut process).await;
    process.client.entry(&void).await.expect(201);
    trial.see_checkpoint(&process).await;
    process.stop().await;
    trial.check_board();
    assert_eq!(trial.planted.entries().last(), Some(&void));
}
