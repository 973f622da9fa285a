//! A server on a restored backup: everything can be read, nothing is signed until the copy was
//! compared with what was published.

use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::entry::{Entry, PaperStrike};
use hanpyo_server::cli::{AdoptError, Adopted, Board, CatchUpError, Obstacle, adopt, backup};
use hanpyo_server::clock::Clock;
use hanpyo_server::config::{Config, StorageConfig};
use hanpyo_server::db::{self, Db};
use hanpyo_testkit::{ElectionSpec, check_entries};

use super::process::{arguments, free_port};
use super::support::{Planted, TENANT, config, kit, spec};
use super::trust::{assert_stopped, checkpoint, voted};

/// A copy, and what it was copied from.
struct Restored {
    copy: Planted,
    original: Config,
    _dir: tempfile::TempDir,
}

/// The backup of a server that stood still meanwhile.
fn restored(original: Planted) -> Restored {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), &[]);
    let storage = &original.config.storage;
    backup(storage, &config.storage.data_dir, 1_700_000_000_000).unwrap();
    Restored {
        copy: Planted {
            dir,
            config,
            kit: original.kit,
            slug: original.slug,
        },
        original: original.config,
        _dir: original.dir,
    }
}

impl Restored {
    fn adopt(&self, boards: &[String]) -> Result<usize, AdoptError> {
        self.adopt_with(boards, false).map(|adopted| adopted.logs)
    }

    fn adopt_with(&self, boards: &[String], catch_up: bool) -> Result<Adopted, AdoptError> {
        let boards: Vec<Board> = boards.iter().map(|b| b.parse().unwrap()).collect();
        let storage = self.copy.config.storage.clone();
        // A thread of its own: it blocks, and reads over HTTP.
        let now = Clock::system().now();
        let adopted = std::thread::spawn(move || adopt(&storage, &boards, catch_up, now));
        adopted.join().unwrap()
    }

    fn refused(&self, boards: &[String]) -> Vec<Obstacle> {
        match self.adopt(boards) {
            Err(AdoptError::Refused(obstacles)) => obstacles,
            other => panic!("{other:?}"),
        }
    }

    fn original_board(&self) -> String {
        self.original.storage.board_dir().display().to_string()
    }
}

fn is_marked(storage: &StorageConfig) -> bool {
    let db = Db::open(&storage.database(), storage).unwrap();
    db.read_blocking::<_, db::DbError, _>(|c| Ok(db::tenants::copied_at(c)?))
        .unwrap()
        .is_some()
}

#[actix_web::test]
async fn a_restored_backup_reads_but_signs_nothing() {
    let (planted, ballots) = voted(3).await;
    let newest = checkpoint(&planted);
    let Restored { copy, _dir, .. } = restored(planted);
    let server = copy.start();
    // What was in the log is found, with its receipt.
    let code = hanpyo_ledger::entry::BallotRef::decode(&ballots[0])
        .unwrap()
        .confirmation_code(&server.planted.kit.hash);
    server.check_receipt(&code.to_string(), &ballots[0]).await;
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["counted"], 3);
    let copy = assert_stopped(server, "is a backup copy", &newest).await;
    assert!(is_marked(&copy.config.storage), "a start does not clear it");
}

#[actix_web::test]
async fn a_restored_backup_begins_no_log() {
    let planted = Planted::new(spec(3));
    let Restored { copy, _dir, .. } = restored(planted);
    let server = copy.start();
    let missing = server.client.get("public").await;
    missing.expect_problem(404, "not-found");
    let copy = server.stop().await;
    assert!(!copy.board().exists(), "a log was begun");
}

#[actix_web::test]
async fn the_log_says_what_to_do_about_a_copy() {
    let (planted, _) = voted(1).await;
    let Restored { copy, _dir, .. } = restored(planted);
    let told = copy.dir.path().join("log");
    let port = free_port();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"))
        .args(arguments(copy.dir.path(), port, &[]))
        .stderr(fs::File::create(&told).unwrap())
        .spawn()
        .unwrap();
    let text = wait_for(&mut child, &told, "hanpyo-server listens");
    child.kill().unwrap();
    child.wait().unwrap();
    let line = |part: &str| text.lines().any(|line| line.contains(part));
    assert!(line("this data folder is a backup copy"), "{text}");
    assert!(line("hanpyo-server adopt"), "{text}");
    let ledger = format!("ledger={TENANT}/{}", copy.slug);
    let stopped = text.lines().find(|line| line.contains("has stopped"));
    assert!(
        stopped.is_some_and(|line| line.contains("2023-11-14")),
        "{text}"
    );
    assert!(stopped.is_some_and(|line| line.contains(&ledger)), "{text}");
}

fn wait_for(child: &mut Child, log: &std::path::Path, part: &str) -> String {
    let begun = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap();
        if text.contains(part) {
            return text;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended: {text}");
        assert!(begun.elapsed() < Duration::from_secs(60), "{text}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[actix_web::test]
async fn a_copy_that_equals_the_published_board_is_adopted_and_goes_on() {
    let (planted, _) = voted(3).await;
    let before = planted.entries();
    let restored = restored(planted);
    // A place that has nothing proves nothing, whatever others have.
    let AdoptError::Refused(obstacles) = restored
        .adopt(&[restored.original_board(), "/no/such/place".to_owned()])
        .unwrap_err()
    else {
        panic!("refused")
    };
    assert!(
        matches!(obstacles.as_slice(), [Obstacle::Nothing { place }] if place == "/no/such/place"),
        "{obstacles:?}"
    );
    assert!(is_marked(&restored.copy.config.storage));
    assert_eq!(restored.adopt(&[restored.original_board()]).unwrap(), 1);
    assert!(!is_marked(&restored.copy.config.storage));
    assert!(matches!(
        restored.adopt(&[restored.original_board()]),
        Err(AdoptError::NoCopy)
    ));
    let mut server = restored.copy.start();
    server.cast(5, 0).await;
    let after = server.stop().await.entries();
    assert_eq!(after[..before.len()], before, "the log was continued");
}

#[actix_web::test]
async fn a_board_may_be_behind_and_is_read_over_http_too() {
    let (planted, _) = voted(2).await;
    let mirror = planted.dir.path().join("mirror");
    fs::create_dir(&mirror).unwrap();
    fs::copy(
        planted.board().join("checkpoint"),
        mirror.join("checkpoint"),
    )
    .unwrap();
    let mut server = planted.start();
    server.cast(2, 0).await;
    let slug = server.planted.slug.clone();
    let restored = restored(server.stop().await);

    // The mirror is older: fine. Over HTTP, from the server that was backed up: the same.
    let data = restored.original.storage.data_dir.parent().unwrap();
    let port = free_port();
    let told = data.join("log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"))
        .args(arguments(data, port, &[]))
        .stderr(fs::File::create(&told).unwrap())
        .spawn()
        .unwrap();
    wait_for(&mut child, &told, "hanpyo-server listens");
    let mirror = format!("{TENANT}/{slug}={}", mirror.display());
    let http = format!("http://127.0.0.1:{port}/board");
    let adopted = restored.adopt(&[mirror, http]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(adopted.unwrap(), 1);
    restored.copy.start().cast(5, 0).await;
}

#[actix_web::test]
async fn a_copy_that_the_world_is_ahead_of_is_not_adopted() {
    let (planted, _) = voted(2).await;
    let storage = planted.config.storage.clone();
    let dir = tempfile::tempdir().unwrap();
    let old = config(dir.path(), &[]);
    backup(&storage, &old.storage.data_dir, 1).unwrap();
    let here = u64::try_from(planted.entries().len()).unwrap();
    let mut server = planted.start();
    server.cast(2, 0).await;
    let planted = server.stop().await;
    let restored = Restored {
        copy: Planted {
            dir,
            config: old,
            kit: planted.kit,
            slug: planted.slug,
        },
        original: planted.config,
        _dir: planted.dir,
    };
    let obstacles = restored.refused(&[restored.original_board()]);
    assert!(
        matches!(obstacles[..], [Obstacle::Ahead { published, here: h, .. }]
            if h == here && published == here + 1),
        "{obstacles:?}"
    );
    assert!(is_marked(&restored.copy.config.storage));
    let newest = checkpoint(&restored.copy);
    assert_stopped(restored.copy.start(), "is a backup copy", &newest).await;
}

#[actix_web::test]
async fn boards_that_prove_nothing_are_not_enough() {
    let (planted, _) = voted(2).await;
    let other = kit(ElectionSpec { seed: 2, ..spec(3) });
    let slug = planted.plant(&other);
    let planted = planted.start().stop().await;
    let mut restored = restored(planted);
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().display().to_string();
    let obstacles = restored.refused(&[empty]);
    let unseen = |o: &&Obstacle| matches!(o, Obstacle::Unseen { .. });
    assert_eq!(obstacles.iter().filter(unseen).count(), 2, "{obstacles:?}");

    // Only one of the two logs is shown.
    let board = restored.original_board();
    let one = format!("{TENANT}/{slug}={board}/{TENANT}/{slug}");
    let obstacles = restored.refused(&[one]);
    assert!(
        matches!(obstacles[..], [Obstacle::Unseen { .. }]),
        "{obstacles:?}"
    );

    // Another log's checkpoint, and another tree under this log's key.
    let (board, path) = (restored.original_board(), restored.copy.slug.clone());
    let checkpoint = restored
        .original
        .storage
        .board_dir()
        .join(TENANT)
        .join(&path);
    let checkpoint = checkpoint.join("checkpoint");
    let good = fs::read(&checkpoint).unwrap();
    fs::write(
        &checkpoint,
        hanpyo_testkit::checkpoint(&other, 0).to_bytes(),
    )
    .unwrap();
    let obstacles = restored.refused(std::slice::from_ref(&board));
    assert!(
        matches!(obstacles[..], [Obstacle::NotOurs { .. }]),
        "{obstacles:?}"
    );
    restored.copy.kit.entries.swap(1, 2);
    let forked = hanpyo_testkit::checkpoint(&restored.copy.kit, 0);
    fs::write(&checkpoint, forked.to_bytes()).unwrap();
    let obstacles = restored.refused(std::slice::from_ref(&board));
    assert!(
        matches!(obstacles[..], [Obstacle::Other { .. }]),
        "{obstacles:?}"
    );
    fs::write(&checkpoint, good).unwrap();

    // A board that cannot be reached.
    let nobody = format!("http://127.0.0.1:{}/board", free_port());
    let obstacles = restored.refused(&[board.clone(), nobody]);
    assert!(
        obstacles
            .iter()
            .all(|o| matches!(o, Obstacle::Unreadable { .. })),
        "{obstacles:?}"
    );
    assert!(is_marked(&restored.copy.config.storage));
    assert_eq!(restored.adopt(&[board]).unwrap(), 2);
}

#[actix_web::test]
async fn an_election_that_was_published_after_the_copy_is_not_begun_anew() {
    let planted = Planted::new(spec(3));
    let storage = planted.config.storage.clone();
    let dir = tempfile::tempdir().unwrap();
    let old = config(dir.path(), &[]);
    // Approved, but the server that makes its log was not started yet.
    backup(&storage, &old.storage.data_dir, 1).unwrap();
    let planted = planted.start().stop().await;
    let restored = Restored {
        copy: Planted {
            dir,
            config: old,
            kit: planted.kit,
            slug: planted.slug,
        },
        original: planted.config,
        _dir: planted.dir,
    };
    let obstacles = restored.refused(&[restored.original_board()]);
    assert!(
        matches!(obstacles[..], [Obstacle::NoLogHere { .. }]),
        "{obstacles:?}"
    );
}

#[actix_web::test]
async fn a_folder_that_is_served_is_not_adopted() {
    let (planted, _) = voted(1).await;
    let restored = restored(planted);
    let server = restored.copy.start();
    let storage = server.planted.config.storage.clone();
    let refused = std::thread::spawn(move || adopt(&storage, &[], false, 1)).join();
    assert!(
        matches!(refused.unwrap(), Err(AdoptError::Folder(_))),
        "it is locked"
    );
    server.stop().await;
}

/// A copy of `planted` as it was when `backup` was called, with what became of the original.
fn restored_from(dir: tempfile::TempDir, planted: Planted) -> Restored {
    let config = config(dir.path(), &[]);
    Restored {
        copy: Planted {
            dir,
            config,
            kit: planted.kit,
            slug: planted.slug,
        },
        original: planted.config,
        _dir: planted.dir,
    }
}

#[actix_web::test]
async fn a_copy_catches_up_with_the_published_board_and_goes_on() {
    let slow = [("ledger.sequence_ms", "10000")];
    let mut server = Planted::with(kit(spec(20)), &slow).start();
    server.open().await;
    // One ballot is durable but has no place when the copy is made.
    let waiting = server.ballot(0, Some(0));
    let answer = server.voter(0).await.cast(&waiting).await;
    server.check_acknowledgement(&answer);
    let dir = tempfile::tempdir().unwrap();
    let data = config(dir.path(), &[]).storage.data_dir;
    backup(&server.planted.config.storage, &data, 1).unwrap();
    // The world goes on: ballots, a challenge, a revocation, a strike.
    let ballot = server.ballot(1, Some(1));
    let answer = server.voter(1).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
    let challenge = server.kit().challenged(2, &[Selection::ChooseOne(None)]);
    let challenge = Entry::from(challenge).encode().unwrap();
    let posted = server.client.post_bytes("challenges", challenge).await;
    assert!([201, 202].contains(&posted.status), "{posted:?}");
    let strike = server.kit().sign(PaperStrike {
        credential: 3.into(),
    });
    let strike = Entry::from(strike).encode().unwrap();
    server.client.entry(&strike).await.expect(201);
    let at = server.kit().revoke(4);
    let revocation = server.planted.kit.entries[usize::try_from(at).unwrap()].clone();
    server.client.entry(&revocation).await.expect(201);
    let planted = server.stop().await;
    let published = planted.entries();

    let restored = restored_from(dir, planted);
    let board = [restored.original_board()];
    let obstacles = restored.refused(&board);
    assert!(
        matches!(obstacles[..], [Obstacle::Ahead { .. }]),
        "{obstacles:?}"
    );
    let adopted = restored.adopt_with(&board, true).unwrap();
    assert_eq!(
        (adopted.logs, adopted.caught_up),
        (1, 5),
        "two ballots, a challenge, two entries"
    );

    let mut server = restored.copy.start();
    // The ballots are known, and what the entries mean holds.
    for (credential, ballot) in [(0, &waiting), (1, &ballot)] {
        let answer = server.voter(credential).await.cast(ballot).await;
        let code = server.check_acknowledgement(&answer);
        server.check_receipt(&code, ballot).await;
        let other = server.ballot(credential, Some(0));
        let refused = server.voter(credential).await.cast(&other).await;
        refused.expect_problem(409, "already-voted");
    }
    for (credential, code) in [(3, "struck"), (4, "revoked")] {
        let ballot = server.ballot(credential, Some(0));
        let refused = server.voter(credential).await.cast(&ballot).await;
        refused.expect_problem(409, code);
    }
    server.cast(5, 1).await;
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["counted"], 3);
    let after = server.stop().await.entries();
    assert_eq!(
        after[..published.len()],
        published,
        "the published log goes on"
    );
    assert_eq!(after.len(), published.len() + 1);
    let report = check_entries(&after);
    assert!(report.failed().is_empty(), "{:?}", report.failed());
}

#[actix_web::test]
async fn a_copy_from_before_the_roll_was_sealed_or_of_another_history_cannot_catch_up() {
    let mut planted = Planted::new(spec(4));
    planted.kit.set_up();
    let server = planted.start();
    let dir = tempfile::tempdir().unwrap();
    let data = config(dir.path(), &[]).storage.data_dir;
    backup(&server.planted.config.storage, &data, 1).unwrap();
    server.post_entries_from(1).await;
    let mut restored = restored_from(dir, server.stop().await);
    let board = [restored.original_board()];
    match restored.adopt_with(&board, true) {
        Err(AdoptError::CatchUp { reason, .. }) => {
            assert!(matches!(*reason, CatchUpError::Sealed), "{reason}");
        }
        other => panic!("{other:?}"),
    }

    // A board whose key signed another beginning.
    let other = tempfile::tempdir().unwrap();
    let place = other.path().join("log");
    let kit = &mut restored.copy.kit;
    kit.entries.truncate(3);
    kit.entries.swap(0, 2);
    let store = hanpyo_ledger::log::files::FileStore::create(&place).unwrap();
    hanpyo_testkit::publish(kit, &store, 0);
    let place = format!("{TENANT}/{}={}", restored.copy.slug, place.display());
    match restored.adopt_with(&[place], true) {
        Err(AdoptError::CatchUp { reason, .. }) => {
            assert!(matches!(*reason, CatchUpError::Other), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert!(is_marked(&restored.copy.config.storage));
    let obstacles = restored.refused(&board);
    assert!(
        matches!(obstacles[..], [Obstacle::Ahead { .. }]),
        "nothing was taken: {obstacles:?}"
    );
}
