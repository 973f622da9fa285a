//! The authority's own pages: strangers cannot hand over a roll, a bad roll makes nothing, codes are made once and
//! brought to the board.

use std::os::unix::fs::PermissionsExt;

use hanpyo_ledger::record::Phase;
use hanpyo_tally::authority::state::AuthorityState;
use hanpyo_testkit::{Election, ElectionSpec};
use serde_json::{Value, json};

use crate::support::pages::Pages;
use crate::support::{PASSPHRASE, TestBoard, past, secret_file};

const ROLL: &str = "voter_id,style,unit,weight\nV0,0,0,1\nV1,0,0,1\nV2,0,0,1\n";

#[test]
fn codes_are_made_once_and_brought_to_the_board() {
    let mut election = Election::new(past(ElectionSpec::yes_no(3)));
    election.run_ceremony();
    election.publish_drills();
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("authority.age");
    drop(secret_file::<AuthorityState>(
        &secret,
        &board.state().election.keys.authorities[0],
    ));
    let out = folder.path().join("issued");
    let pages = Pages::start(
        "authority",
        &secret,
        &[
            "--board",
            &board.url,
            "--vkey",
            &board.vkey,
            "--out",
            out.to_str().unwrap(),
        ],
    );
    for path in ["/api/roll", "/api/order"] {
        let headers = format!("host: {}\r\norigin: http://evil.example\r\n", pages.host);
        assert_eq!(pages.raw("PUT", path, &headers, ROLL).status, 403, "{path}");
    }
    assert!(!out.exists(), "a stranger's roll was kept");

    assert_eq!(pages.refused(&json!({"kind": "read"})), "not-open");
    pages.done(&json!({"kind": "open", "passphrase": PASSPHRASE}));
    let view = pages.done(&json!({"kind": "read"}));
    assert_eq!(view["has_key"], true);
    assert_eq!(view["board"]["election"]["number"], 1);
    assert_eq!(pages.refused(&json!({"kind": "upload"})), "nothing-issued");

    let hand_over = |roll: &str| assert_eq!(pages.ask("PUT", "/api/roll", roll).status, 204);
    hand_over(&ROLL.replace("V1,0,0,1", "V1,0,9,1"));
    let number = pages.begin(&json!({"kind": "roll"}));
    let state = pages.until(&["refused", "done"]);
    assert_eq!(state["job"]["number"], number);
    assert_eq!(state["job"]["refusal"]["code"], "bad-roll");
    let detail = state["job"]["refusal"]["detail"].as_str().unwrap();
    assert!(detail.contains("row 3"), "{detail}");
    assert!(!out.join("letters.csv").exists());

    hand_over(ROLL);
    let view = pages.done(&json!({"kind": "roll"}));
    assert_eq!(view["roll"]["voters"], 3);
    assert_eq!(view["roll"]["units"][0]["voters"], 3);
    assert!(view["issued"].is_null(), "looking at a roll makes nothing");
    let view = pages.done(&json!({"kind": "issue"}));
    assert_eq!(view["issued"], 3);
    let letters = out.join("letters.csv");
    let mode = std::fs::metadata(&letters).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let codes = std::fs::read_to_string(&letters).unwrap();
    let code = codes.lines().nth(1).unwrap().split(',').nth(3).unwrap();
    assert!(
        !pages.state().to_string().contains(code),
        "a code left the program"
    );

    // Another roll would give somebody a second code.
    hand_over(&ROLL.replace("V2", "V9"));
    assert_eq!(pages.refused(&json!({"kind": "issue"})), "other-roll");
    hand_over(ROLL);
    pages.done(&json!({"kind": "issue"}));
    assert_eq!(std::fs::read_to_string(&letters).unwrap(), codes);

    let view = pages.done(&json!({"kind": "upload"}));
    assert_eq!(view["uploaded"], 3);
    assert_eq!(view["proposals"][0]["what"], "seal");
    assert!(view["proposals"][0]["index"].is_u64(), "{view}");
    assert_eq!(board.state().follow().phase(), Phase::Sealed);

    let revoke = json!({"kind": "revoke", "index": 1, "reason": "분실 신고"});
    let reissue = json!({"kind": "reissue", "index": 1});
    let proposal = is_placed_later(&pages, &board, &revoke, 1);
    assert_eq!(proposal["credential"], 1);
    assert_eq!(pages.refused(&revoke), "no-change");
    let proposal = is_placed_later(&pages, &board, &reissue, 2);
    assert_eq!(proposal["new"], 3);
    assert!(out.join("reissue-1.csv").exists());
}

/// The commission signs after the authority: the page says so once the entry is on the board, and not before. Gives
/// the proposal at `place`.
fn is_placed_later(pages: &Pages, board: &TestBoard, request: &Value, place: usize) -> Value {
    board.state().approves = false;
    let waits = |view: &Value| {
        let proposal = &view["proposals"][place];
        assert_eq!(proposal["missing"], json!(["commission"]), "{view}");
        assert!(proposal["index"].is_null(), "{view}");
    };
    waits(&pages.done(request));
    waits(&pages.done(&json!({"kind": "read"})));
    board.state().approve_waiting();
    let last = board.state().election.entries.len() - 1;
    let view = pages.done(&json!({"kind": "read"}));
    let proposal = &view["proposals"][place];
    assert_eq!(proposal["missing"], json!([]), "{view}");
    assert_eq!(proposal["index"], last, "{view}");
    proposal.clone()
}
