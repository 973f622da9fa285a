//! What database and storage may look like at a start or in between, and what the server makes of
//! it: it goes on, or it signs nothing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hanpyo_ledger::entry::PaperStrike;
use hanpyo_server::clock::Clock;
use hanpyo_server::db::Db;
use hanpyo_server::sequencer::{Health, LedgerError, Ledgers, StopReason};
use hanpyo_testkit::ElectionSpec;

use super::support::{Planted, Server, TENANT, kit, spec};

/// An open election in which some have voted, stopped.
pub async fn voted(voters: u32) -> (Planted, Vec<Vec<u8>>) {
    let mut server = Planted::new(spec(20)).start();
    server.open().await;
    let mut ballots = Vec::new();
    for credential in 0..voters {
        ballots.push(server.cast(credential, 0).await);
    }
    (server.stop().await, ballots)
}

pub fn checkpoint(planted: &Planted) -> Vec<u8> {
    fs::read(planted.board().join("checkpoint")).unwrap()
}

/// The database with what belongs to it.
fn copy_database(planted: &Planted, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let database = planted.config.storage.database();
    for entry in fs::read_dir(database.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("hanpyo.sqlite") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// The ledger takes nothing, everything can be read, and nothing was signed.
pub async fn assert_stopped(mut server: Server, why: &str, checkpoint_before: &[u8]) -> Planted {
    let ledgers = &server.running.state.ledgers;
    let ledger = ledgers.find(TENANT, &server.planted.slug).unwrap();
    let Health::Stopped(reason) = ledger.health() else {
        panic!("not stopped");
    };
    assert!(reason.to_string().contains(why), "{reason}");
    // Anyone may ask, so a code is all there is.
    let readyz = server.client.get_at("/readyz").await;
    let text = String::from_utf8(readyz.bytes).unwrap();
    let slug = &server.planted.slug;
    let expected = format!("degraded\nledger {TENANT}/{slug}: {}\n", reason.code());
    assert_eq!(text, expected);
    let ballot = server.ballot(19, Some(1));
    let voter = server.voter(19).await;
    voter
        .cast(&ballot)
        .await
        .expect_problem(503, "ledger-stopped");
    let entry = server.kit().sign(PaperStrike {
        credential: 18.into(),
    });
    let entry = hanpyo_ledger::entry::Entry::from(entry).encode().unwrap();
    server
        .client
        .entry(&entry)
        .await
        .expect_problem(503, "ledger-stopped");
    let board = format!("/board/{TENANT}/{}/checkpoint", server.planted.slug);
    let served = server.client.get_at(&board).await;
    assert_eq!(served.bytes, checkpoint_before, "reading goes on");
    server.client.get("public").await.expect(200);
    let planted = server.stop().await;
    assert_eq!(
        checkpoint(&planted),
        checkpoint_before,
        "nothing was signed"
    );
    planted
}

#[actix_web::test]
async fn an_older_database_signs_nothing_and_other_elections_go_on() {
    let (planted, _) = voted(3).await;
    let other = kit(ElectionSpec { seed: 2, ..spec(3) });
    let slug = planted.plant(&other);
    let planted = planted.start().stop().await;
    let safe = planted.dir.path().join("older");
    copy_database(&planted, &safe);
    let mut server = planted.start();
    server.cast(3, 1).await;
    let planted = server.stop().await;
    let newest = checkpoint(&planted);
    let current = planted.dir.path().join("current");
    copy_database(&planted, &current);

    let database = planted.config.storage.database();
    let restore = |from: &Path| {
        for name in ["hanpyo.sqlite", "hanpyo.sqlite-wal", "hanpyo.sqlite-shm"] {
            let place = database.parent().unwrap().join(name);
            fs::remove_file(&place).unwrap_or_default();
            if from.join(name).exists() {
                fs::copy(from.join(name), place).unwrap();
            }
        }
    };
    restore(&safe);
    let server = planted.start();
    let another = server.client.of_election(&slug);
    another.entry(&other.entries[0]).await.expect(200);
    let why = "the database is older than the log";
    let planted = assert_stopped(server, why, &newest).await;

    restore(&current);
    let mut server = planted.start();
    server.cast(4, 1).await;
}

#[actix_web::test]
async fn a_spoilt_edge_tile_stops_the_ledger_and_repairing_it_does_not_hurt() {
    let (planted, _) = voted(3).await;
    let newest = checkpoint(&planted);
    let size = planted.entries().len();
    let mut planted = planted;
    for tile in [
        format!("tile/0/000.p/{size}"),
        format!("tile/entries/000.p/{size}"),
    ] {
        let path = planted.board().join(tile);
        let good = fs::read(&path).unwrap();
        let spoilt: Vec<Vec<u8>> = vec![
            {
                let mut flipped = good.clone();
                flipped[good.len() / 2] ^= 0x10;
                flipped
            },
            good[..good.len() - 7].to_vec(),
        ];
        for bad in spoilt {
            fs::write(&path, bad).unwrap();
            let why = "right edge";
            planted = assert_stopped(planted.start(), why, &newest).await;
        }
        fs::remove_file(&path).unwrap();
        planted = assert_stopped(planted.start(), "right edge", &newest).await;
        fs::write(&path, good).unwrap();
    }
    let mut server = planted.start();
    server.cast(5, 0).await;
}

#[actix_web::test]
async fn an_old_checkpoint_that_arrives_late_is_replaced() {
    let (planted, _) = voted(2).await;
    let old = checkpoint(&planted);
    let mut server = planted.start();
    server.cast(2, 0).await;
    let path = server.planted.board().join("checkpoint");
    fs::write(&path, &old).unwrap();
    server.cast(3, 0).await;
    let newest = checkpoint(&server.planted);
    assert_ne!(newest, old);

    let planted = server.stop().await;
    fs::write(&path, &old).unwrap();
    let mut server = planted.start();
    assert_eq!(checkpoint(&server.planted), newest, "published again");
    server.cast(4, 0).await;
}

#[actix_web::test]
async fn a_missing_or_foreign_checkpoint_is_not_made_up() {
    let (planted, _) = voted(2).await;
    let path = planted.board().join("checkpoint");
    let good = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let server = planted.start();
    let readyz = server.client.get_at("/readyz").await;
    let text = String::from_utf8(readyz.bytes).unwrap();
    assert!(text.ends_with(": board-differs\n"), "{text}");
    let planted = server.stop().await;
    assert!(!path.exists());

    let foreign = kit(ElectionSpec { seed: 9, ..spec(3) });
    let foreign = hanpyo_testkit::checkpoint(&foreign, 0).to_bytes();
    fs::write(&path, &foreign).unwrap();
    let planted = assert_stopped(planted.start(), "not this log's", &foreign).await;
    fs::write(&path, good).unwrap();
    planted.start().cast(5, 0).await;
}

#[actix_web::test]
async fn of_two_sequencers_one_stops() {
    let mut server = Planted::new(spec(20)).start();
    server.open().await;
    server.cast(0, 0).await;
    // A second one on the same folder, past the lock that keeps processes apart.
    let config = server.planted.config.clone();
    let db = Db::open(&config.storage.database(), &config.storage).unwrap();
    let second = Ledgers::open(db, Clock::system(), config.ledger, config.storage).unwrap();
    let ledger = second.find(TENANT, &server.planted.slug).unwrap();
    let strike = |credential: u32| PaperStrike {
        credential: credential.into(),
    };
    let _appended = ledger.append_as_commission(strike(18)).await.unwrap();

    let ballot = server.ballot(1, Some(0));
    let answer = server.voter(1).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
    for _ in 0..500 {
        if !server.running.state.ledgers.troubles().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let troubles = server.running.state.ledgers.troubles();
    assert_eq!(troubles[0].1, "other-sequencer");
    let voter = server.voter(2).await;
    let late = server.ballot(2, Some(0));
    voter
        .cast(&late)
        .await
        .expect_problem(503, "ledger-stopped");

    // The one that goes on sequences what the other had acknowledged.
    ledger.flush().await.unwrap();
    assert!(server.planted.entries().contains(&ballot));
    assert!(matches!(ledger.health(), Health::Well));
    let first = &server.running.state.ledgers;
    let first = first.find(TENANT, &server.planted.slug).unwrap();
    match first.append_as_commission(strike(17)).await {
        Err(LedgerError::Stopped(reason)) => {
            assert!(matches!(*reason, StopReason::Swapped { .. }), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn an_entry_changed_in_the_database_stops_the_ledger() {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;
    let (planted, _) = voted(2).await;
    let newest = checkpoint(&planted);
    let database = planted.config.storage.database();
    let change = |to: &str| {
        let path = database.to_str().unwrap();
        let mut connection = diesel::sqlite::SqliteConnection::establish(path).unwrap();
        // The last byte of a signature: the entry is still one.
        let last = "(SELECT max(log_index) FROM entries)";
        let text = format!(
            "UPDATE entries SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || {to} AS BLOB) WHERE log_index = {last}"
        );
        connection.batch_execute(&text).unwrap();
    };
    change("x'ff'");
    let server = planted.start();
    assert_stopped(server, "they lead to root", &newest).await;
}
