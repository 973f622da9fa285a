//! Opening and closing by the clock.

use hanpyo_ledger::entry::EntryType;
use serde_json::json;
use tokio::time::{Duration, sleep};

use super::support::{Planted, kit, now, spec};

const HOUR: i64 = 3_600_000;

fn types(entries: &[Vec<u8>]) -> Vec<EntryType> {
    entries
        .iter()
        .map(|e| EntryType::peek(e).unwrap())
        .collect()
}

#[actix_web::test]
async fn opens_and_closes_at_its_times_and_not_before() {
    let kit = kit(hanpyo_testkit::ElectionSpec {
        opens: now() + 2_000,
        closes: now() + 4_000,
        ..spec(3)
    });
    let mut server = Planted::with(kit, &[]).start();
    server.kit().set_up();
    server.post_entries_from(1).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.phase().await, "sealed");
    let early = server.ballot(0, Some(0));
    let voter = server.voter(0).await;
    voter.cast(&early).await.expect_problem(409, "not-open");

    server.clock.advance(2_001_000);
    server.wait_for_phase("open").await;
    server.cast(1, 0).await;
    server.clock.advance(2_000_000);
    server.wait_for_phase("closed").await;
    let late = server.ballot(2, Some(0));
    let voter = server.voter(2).await;
    voter.cast(&late).await.expect_problem(409, "closed");
}

#[actix_web::test]
async fn a_clock_that_goes_back_closes_nothing_early() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    server.clock.step(-2 * HOUR);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.phase().await, "open");
    let ballot = server.ballot(0, Some(0));
    let voter = server.voter(0).await;
    voter.cast(&ballot).await.expect_problem(409, "not-open");
    server.clock.step(2 * HOUR);
    let voter = server.voter(0).await;
    let answer = voter.cast(&ballot).await;
    let code = server.check_acknowledgement(&answer);
    server.check_receipt(&code, &ballot).await;
    assert_eq!(server.phase().await, "open");
}

#[actix_web::test]
async fn a_closing_that_was_put_off_is_kept() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    let manager = server.staff("manager", &["manager"]).await;
    let closes = server.planted.kit.spec.closes + 600;
    let later = json!({ "closes": closes, "reason": "정전" });
    manager.post("redating", &later).await.expect(201);
    server.clock.advance(HOUR + 1_000);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.phase().await, "open");
    server.cast(0, 1).await;
    server.clock.advance(600_000);
    server.wait_for_phase("closed").await;
}

#[actix_web::test]
async fn ballots_durable_before_the_close_stand_before_it() {
    // They would wait ten seconds to be sequenced.
    let more = [("ledger.sequence_ms", "10000")];
    let mut server = Planted::with(kit(spec(20)), &more).start();
    server.open().await;
    for credential in 0..20 {
        let ballot = server.ballot(credential, Some(0));
        let answer = server.voter(credential).await.cast(&ballot).await;
        server.check_acknowledgement(&answer);
    }
    server.clock.advance(HOUR + 1_000);
    server.wait_for_phase("closed").await;
    let types = types(&server.planted.entries());
    let ballots = types.iter().filter(|t| **t == EntryType::Ballot).count();
    assert_eq!(ballots, 20);
    assert_eq!(types.last(), Some(&EntryType::Close));
}

#[actix_web::test]
async fn a_graceful_stop_publishes_what_was_acknowledged() {
    let more = [("ledger.sequence_ms", "10000")];
    let mut server = Planted::with(kit(spec(5)), &more).start();
    server.open().await;
    let ballot = server.ballot(0, Some(0));
    let answer = server.voter(0).await.cast(&ballot).await;
    server.check_acknowledgement(&answer);
    let before = server.planted.entries();
    assert!(!before.contains(&ballot));
    let planted = server.stop().await;
    assert!(planted.entries().contains(&ballot));
}

#[actix_web::test]
async fn within_the_grace_only_begun_votes_are_taken() {
    let spec = hanpyo_testkit::ElectionSpec {
        grace: 600,
        ..spec(3)
    };
    let mut server = Planted::with(kit(spec), &[]).start();
    server.open().await;
    let begun = server.voter(0).await;
    server.clock.advance(HOUR + 60_000);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(server.phase().await, "open");
    let late = server.ballot(1, Some(0));
    let voter = server.voter(1).await;
    voter.cast(&late).await.expect_problem(409, "not-open");
    // The session of the first began in time but has ended by itself after half an hour.
    let ballot = server.ballot(0, Some(0));
    begun
        .cast(&ballot)
        .await
        .expect_problem(401, "unauthorized");
    let begun = server.voter_since(0, -120_000).await;
    let answer = begun.cast(&ballot).await;
    let code = server.check_acknowledgement(&answer);
    server.check_receipt(&code, &ballot).await;
    server.clock.advance(600_000);
    server.wait_for_phase("closed").await;
}

#[actix_web::test]
async fn a_close_by_hand_leaves_the_grace_to_those_who_began() {
    let spec = hanpyo_testkit::ElectionSpec {
        grace: 600,
        ..spec(3)
    };
    let mut server = Planted::with(kit(spec), &[]).start();
    server.open().await;
    server.clock.advance(HOUR + 60_000);
    let manager = server.staff("manager", &["manager"]).await;
    let begun = server.voter_since(0, -120_000).await;
    let refused = manager.post("close", &json!({})).await;
    let refused = refused.expect_problem(409, "still-voting");
    let end = server.planted.kit.spec.closes + 600;
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains(&end.to_string()), "{detail}");
    let ballot = server.ballot(0, Some(0));
    let answer = begun.cast(&ballot).await;
    let code = server.check_acknowledgement(&answer);
    server.check_receipt(&code, &ballot).await;
    assert_eq!(server.phase().await, "open");
}

#[actix_web::test]
async fn a_clock_that_jumps_forward_closes_nothing() {
    let mut server = Planted::new(spec(3)).start();
    server.open().await;
    server.clock.step(3 * HOUR);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(server.phase().await, "open");
    let readyz = server.client.get_at("/readyz").await;
    let text = String::from_utf8(readyz.bytes).unwrap();
    assert!(text.starts_with("degraded\nclock: "), "{text}");

    // Set right again, voting goes on and ends when its time has come.
    server.clock.step(-3 * HOUR);
    assert_eq!(server.client.get_at("/readyz").await.bytes, b"ok\n");
    server.cast(0, 1).await;
    server.clock.advance(HOUR + 1_000);
    server.wait_for_phase("closed").await;
}

#[actix_web::test]
async fn a_clock_that_jumps_forward_opens_nothing() {
    let kit = kit(hanpyo_testkit::ElectionSpec {
        opens: now() + 3_000,
        closes: now() + 6_000,
        ..spec(3)
    });
    let mut server = Planted::with(kit, &[]).start();
    server.kit().set_up();
    server.post_entries_from(1).await;
    server.clock.step(HOUR);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(server.phase().await, "sealed");
    // People may: they know what time it is.
    let manager = server.staff("manager", &["manager"]).await;
    manager.post("open", &json!({})).await.expect(201);
    server.wait_for_phase("open").await;
}
