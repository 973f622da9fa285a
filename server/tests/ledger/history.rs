//! How turnout grew, as the server noted it.

use serde_json::{Value, json};
use tokio::time::{Duration, sleep};

use super::support::{Planted, Server, now, spec};

/// Length of an interval by default, in seconds.
const INTERVAL: u64 = 600;

/// An open election at the beginning of an interval, so that the test does not run into the next one.
async fn open(voters: usize) -> Server {
    let mut server = Planted::new(spec(voters)).start();
    advance(&server, INTERVAL - now() % INTERVAL);
    server.open().await;
    server
}

fn advance(server: &Server, seconds: u64) {
    server
        .clock
        .advance(i64::try_from(seconds).unwrap() * 1_000);
}

async fn history(server: &Server) -> Value {
    server.client.get("turnout/history").await.expect(200)
}

/// What was counted at the opening, at each sample, and now or at the end.
async fn counted(server: &Server) -> Vec<u64> {
    let history = history(server).await;
    let points = history["points"].as_array().unwrap().iter();
    points
        .map(|point| point["counted"].as_u64().unwrap())
        .collect()
}

async fn wait_for(server: &Server, expected: &[u64]) {
    for _ in 0..500 {
        if counted(server).await == expected {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("no {expected:?} but {:?}", counted(server).await);
}

/// Moments of the points, in seconds.
async fn moments(server: &Server) -> Vec<u64> {
    let history = history(server).await;
    let points = history["points"].as_array().unwrap().iter();
    points.map(|point| point["at"].as_u64().unwrap()).collect()
}

#[actix_web::test]
async fn a_sample_an_interval_is_kept_over_a_restart() {
    let mut server = open(6).await;
    wait_for(&server, &[0, 0]).await;
    server.cast(0, 1).await;
    // Not when it was cast, but with the next interval.
    sleep(Duration::from_millis(200)).await;
    wait_for(&server, &[0, 1]).await;
    advance(&server, INTERVAL);
    wait_for(&server, &[0, 1, 1]).await;
    // Of the same interval: only the figure of now goes up.
    server.cast(1, 0).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(counted(&server).await, [0, 1, 2]);
    let before = moments(&server).await;

    let mut server = server.restart().await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(counted(&server).await, [0, 1, 2]);
    assert_eq!(moments(&server).await[..2], before[..2]);
    advance(&server, INTERVAL);
    wait_for(&server, &[0, 1, 2, 2]).await;
    // Nothing changed in this one.
    advance(&server, INTERVAL);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(counted(&server).await, [0, 1, 2, 2]);
    server.cast(2, 1).await;
    advance(&server, INTERVAL);
    wait_for(&server, &[0, 1, 2, 3, 3]).await;
    let moments = moments(&server).await;
    assert!(moments.is_sorted(), "{moments:?}");
    assert!(moments[2] >= before[1] + INTERVAL - 60, "{moments:?}");
}

#[actix_web::test]
async fn it_ends_with_voting_when_that_is_put_off() {
    let mut server = open(4).await;
    server.cast(0, 1).await;
    advance(&server, INTERVAL);
    wait_for(&server, &[0, 1, 1]).await;
    let manager = server.staff("manager", &["manager"]).await;
    let announced = server.planted.kit.spec.closes;
    let end = announced + 3 * INTERVAL;
    let later = json!({ "closes": end, "reason": "정전" });
    manager.post("redating", &later).await.expect(201);
    server.cast(1, 1).await;
    advance(&server, 3_600);
    wait_for(&server, &[0, 1, 2, 2]).await;
    assert!(moments(&server).await[2] > announced);
    server.cast(2, 1).await;
    advance(&server, 3 * INTERVAL);
    server.wait_for_phase("closed").await;
    assert_eq!(counted(&server).await, [0, 1, 2, 3]);
    assert_eq!(moments(&server).await[3], end);

    // Later it stays what it was.
    advance(&server, 10 * INTERVAL);
    let before = history(&server).await;
    let server = server.restart().await;
    assert_eq!(history(&server).await, before);
}

#[actix_web::test]
async fn it_is_of_one_election_and_its_units() {
    let mut server = open(3).await;
    server.cast(0, 1).await;
    advance(&server, INTERVAL);
    wait_for(&server, &[0, 1, 1]).await;
    let all = history(&server).await;
    assert_eq!(all["interval"], INTERVAL);
    assert_eq!(
        (&all["electorate"], &all["unit"]),
        (&json!(3), &Value::Null)
    );
    let unit = server.client.get("turnout/history?unit=0").await;
    let unit = unit.expect(200);
    assert_eq!((&unit["electorate"], &unit["unit"]), (&json!(3), &json!(0)));
    assert_eq!(unit["points"][1], all["points"][1]);
    let none = server.client.get("turnout/history?unit=1").await;
    none.expect_problem(400, "bad-request");
    let slug = &server.planted.slug;
    let foreign = format!("/api/v1/tenants/other/elections/{slug}/turnout/history");
    let foreign = server.client.get_at(&foreign).await;
    foreign.expect_problem(404, "not-found");
}
