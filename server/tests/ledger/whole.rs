//! An election from manifest to result.

use hanpyo_testkit::check_entries;

use super::support::{Planted, Server, kit, now, spec};

/// Closes at once although the manifest says later: the kit's clock is the server's.
async fn finish(server: &mut Server) {
    let closes = server.planted.kit.spec.closes;
    let ahead = i64::try_from(closes - now()).unwrap() + 1;
    server.clock.advance(ahead * 1_000);
    server.wait_for_phase("closed").await;
    // The kit takes the record as it is on the board, and goes on from there.
    server.planted.kit.entries = server.planted.entries();
    let first = server.planted.kit.entries.len();
    let kit = &mut server.planted.kit;
    kit.publish_tally();
    for trustee in 1..=kit.spec.quorum {
        kit.publish_decryptions(trustee);
    }
    kit.publish_contest_results();
    kit.publish_result();
    server.post_entries_from(first).await;
}

#[actix_web::test]
async fn a_referendum_over_http_passes_every_check() {
    let mut server = Planted::new(spec(12)).start();
    let public = server.client.get("public").await.expect(200);
    assert_eq!(public["phase"], "ceremony");
    assert_eq!(public["log_size"], 1);
    server
        .client
        .get("results")
        .await
        .expect_problem(404, "not-found");
    server.open().await;

    for voter in 0..8 {
        server.cast(voter, usize::from(voter % 3 == 0)).await;
    }
    let turnout = server.client.get("turnout").await.expect(200);
    assert_eq!(turnout["electorate"], 12);
    assert_eq!(turnout["counted"], 8);
    assert_eq!(turnout["percent"], 66.66);
    assert_eq!(turnout["units"][0]["counted"], 8);

    finish(&mut server).await;
    server.wait_for_phase("finished").await;
    let results = server.client.get("results").await.expect(200);
    assert_eq!(results["ballots"], 8);
    // Voters 0, 3, 6 chose option 1.
    assert_eq!(results["contests"][0]["totals"], serde_json::json!([5, 3]));
    assert_eq!(results["contests"][0]["winners"], serde_json::json!([0]));

    let planted = server.stop().await;
    let entries = planted.entries();
    let report = check_entries(&entries);
    assert!(report.failed().is_empty(), "{:?}", report.failed());

    // An ended election is still there after a start.
    let server = planted.start();
    let again = server.client.get("results").await.expect(200);
    assert_eq!(again, results);
    assert_eq!(server.phase().await, "finished");
}

#[actix_web::test]
async fn the_manifest_on_the_board_is_the_approved_one() {
    let planted = Planted::new(spec(3));
    let manifest = kit(planted.kit.spec.clone());
    let server = planted.start();
    let entries = server.planted.entries();
    assert_eq!(
        entries, manifest.entries,
        "entry 0, signed by the commission"
    );
    let slug = &server.planted.slug;
    let get = |file: &str| format!("/board/kit/{slug}/{file}");
    let checkpoint = server.client.get_at(&get("checkpoint")).await;
    assert_eq!(checkpoint.headers["cache-control"], "no-store");
    assert_eq!(checkpoint.headers["access-control-allow-origin"], "*");
    let tile = server.client.get_at(&get("tile/entries/000.p/1")).await;
    assert_eq!(
        tile.headers["cache-control"],
        "public, max-age=604800, immutable"
    );
    assert_eq!(tile.headers["content-type"], "application/octet-stream");
    let vkey = server.client.get_at(&get("vkey")).await;
    let expected = format!("{}\n", server.planted.kit.keys.log.verifier_key());
    assert_eq!(vkey.bytes, expected.as_bytes());
    for absent in ["tile/0/000", "tile", ".tmp", "", "nothing"] {
        let answer = server.client.get_at(&get(absent)).await;
        answer.expect_problem(404, "not-found");
    }
}
