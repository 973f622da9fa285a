//! The trustee's own pages, asked as they ask the program: who is turned away, what is refused, and an election's
//! ceremony, drill and decryption through them.

use std::path::Path;

use hanpyo_crypto::contest::Selection;
use hanpyo_tally::trustee::pin::PinFile;
use hanpyo_tally::trustee::run::Part;
use hanpyo_tally::ui::typescript::typescript;
use hanpyo_testkit::{Election, ElectionSpec, check_with};
use serde_json::{Value, json};

use crate::support::pages::Pages;
use crate::support::trustees::Trustees;
use crate::support::{PASSPHRASE, TestBoard, past};

#[test]
fn the_generated_types_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/local/messages.ts");
    let expected = typescript();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is stale: run `BLESS=1 cargo test --workspace --test programs generated_types`",
        path.display()
    );
}

#[test]
fn strangers_are_turned_away_from_every_route() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("trustee.age");
    let pages = Pages::start("trustee", &secret, &[]);
    let (host, token) = (pages.host.clone(), pages.token.clone());
    assert!(host.starts_with("127.0.0.1:"));
    let own = format!("host: {host}\r\n");
    let bearer = format!("authorization: Bearer {token}\r\n");
    let json = "content-type: application/json\r\n";
    let body = format!(
        "{{\"kind\":\"create\",\"passphrase\":\"{PASSPHRASE}\",\"again\":\"{PASSPHRASE}\"}}"
    );
    let strangers = [
        ("no token", own.clone()),
        (
            "another token",
            format!("{own}authorization: Bearer {}\r\n", "0".repeat(64)),
        ),
        (
            "another origin",
            format!("{own}{bearer}origin: http://evil.example\r\n"),
        ),
        ("no origin", format!("{own}{bearer}origin: null\r\n")),
        (
            "another site",
            format!("{own}{bearer}sec-fetch-site: cross-site\r\n"),
        ),
        (
            "a name that was pointed here",
            format!("host: evil.example\r\n{bearer}"),
        ),
    ];
    for (who, headers) in &strangers {
        for (method, path) in [
            ("GET", "/api/state"),
            ("POST", "/api/jobs"),
            ("POST", "/api/jobs/1/answer"),
            ("POST", "/api/jobs/1/stop"),
        ] {
            let answer = pages.raw(method, path, &format!("{headers}{json}"), &body);
            assert_eq!(
                answer.status, 403,
                "{who}: {method} {path}: {}",
                answer.body
            );
        }
    }
    assert!(!secret.exists(), "a stranger made a secret file");
    assert_eq!(pages.state()["job"], Value::Null);
    let page = pages.raw("GET", "/", &own, "");
    assert_eq!((page.status, page.body.as_str()), (200, "the page"));
}

/// What the pin file beside a secret file says.
fn pins(secret: &Path) -> Vec<u8> {
    std::fs::read(PinFile::beside(secret).path()).unwrap()
}

#[test]
fn a_file_is_made_locked_and_opened_only_with_its_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("trustee.age");
    let pages = Pages::start("trustee", &secret, &[]);
    assert_eq!(pages.state()["view"]["secret"]["state"], "missing");
    let create =
        |first: &str, again: &str| json!({"kind": "create", "passphrase": first, "again": again});
    assert_eq!(
        pages.refused(&create(PASSPHRASE, "another one")),
        "passphrases-differ"
    );
    assert_eq!(pages.refused(&create("short", "short")), "short-passphrase");
    assert!(!secret.exists());
    let view = pages.done(&create(PASSPHRASE, PASSPHRASE));
    assert_eq!(pins(&secret), b"");
    // The forced re-open test: it is locked again, and says so.
    assert_eq!(view["secret"]["state"], "closed");
    assert_eq!(view["secret"]["must_reopen"], true);
    assert_eq!(view["secret"]["key"], Value::Null);
    assert_eq!(
        pages.refused(&create(PASSPHRASE, PASSPHRASE)),
        "file-exists"
    );
    let open = |passphrase: &str| json!({"kind": "open", "passphrase": passphrase});
    assert_eq!(
        pages.refused(&open("not the passphrase")),
        "wrong-passphrase"
    );
    assert_eq!(pages.state()["view"]["secret"]["state"], "closed");
    let view = pages.done(&open(PASSPHRASE));
    assert_eq!(view["secret"]["state"], "open");
    assert_eq!(view["secret"]["must_reopen"], false);
    assert_eq!(view["secret"]["key"].as_str().unwrap().len(), 64);
    assert!(!pages.state().to_string().contains(PASSPHRASE));
    // Nobody else opens it meanwhile.
    let other = Pages::start("trustee", &secret, &[]);
    assert_eq!(other.refused(&open(PASSPHRASE)), "file-locked");
    assert_eq!(
        pages.done(&json!({"kind": "close"}))["secret"]["state"],
        "closed"
    );
    other.done(&open(PASSPHRASE));
}

#[test]
fn requests_that_make_no_sense_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pages = Pages::start("trustee", &folder.path().join("trustee.age"), &[]);
    for body in [
        "",
        "{}",
        "{\"kind\":\"decrypt\"}",
        "{\"kind\":\"everything\"}",
        "{\"kind\":\"close\",\"more\":1}",
    ] {
        let answer = pages.ask("POST", "/api/jobs", body);
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
    let answer = pages.ask("POST", "/api/jobs/1/answer", "{\"yes\":true}");
    assert_eq!(answer.status, 409);
    assert_eq!(pages.state()["job"], Value::Null);
    let connect = |board: &str, vkey: &str| json!({"kind": "connect", "board": board, "vkey": vkey, "api": null});
    let vkey = "127.0.0.1/kit/election-1+00000000+AAAA";
    assert_eq!(pages.refused(&connect("ftp://x/", vkey)), "bad-address");
    assert_eq!(
        pages.refused(&connect("http://127.0.0.1:9/board/a/b/", "nonsense")),
        "bad-key"
    );
    for kind in ["preflight", "ceremony", "drill", "follow"] {
        assert_eq!(
            pages.refused(&json!({ "kind": kind })),
            "bad-address",
            "{kind}"
        );
    }
}

/// Pages of the first trustee, its file open and the board read.
fn first_trustee(board: &TestBoard, trustees: &Trustees) -> Pages {
    let pages = Pages::start(
        "trustee",
        &trustees.path(1),
        &["--board", &board.url, "--vkey", &board.vkey],
    );
    assert_eq!(pages.refused(&json!({"kind": "ceremony"})), "not-open");
    pages.done(&json!({"kind": "open", "passphrase": PASSPHRASE}));
    let view = pages.done(&json!({"kind": "preflight"}));
    let checks = view["preflight"].as_array().unwrap();
    let outcome = |item: &str| {
        let check = checks.iter().find(|check| check["item"] == item).unwrap();
        check["outcome"].as_str().unwrap().to_owned()
    };
    for item in ["board", "key", "file", "folder"] {
        assert_eq!(outcome(item), "pass", "{checks:?}");
    }
    // This test's board does not say its time.
    assert_eq!(outcome("clock"), "not-checked");
    pages
}

#[test]
fn a_trustee_takes_part_in_the_ceremony_through_its_pages() {
    let board = TestBoard::serve(Election::new(past(ElectionSpec::yes_no(4))));
    let trustees = Trustees::init(&board);
    let pages = first_trustee(&board, &trustees);
    let view = pages.state()["view"].clone();
    let election = &view["board"]["election"];
    assert_eq!(election["number"], 1);
    assert_eq!(election["words"]["ko"].as_array().unwrap().len(), 16);
    let hash = board.state().election.hash.to_string();
    assert_eq!(election["manifest_hash"], hash.as_str());
    assert_eq!(
        pages.refused(&json!({"kind": "decrypt", "accept_excluded": false})),
        "no-share"
    );

    let number = pages.begin(&json!({"kind": "ceremony"}));
    let state = pages.until(&["waiting"]);
    assert_eq!(state["view"]["ceremony"]["trustees"][0]["commitment"], true);
    assert_eq!(
        state["view"]["ceremony"]["trustees"][1]["commitment"],
        false
    );
    // One job at a time.
    let busy = pages.ask("POST", "/api/jobs", "{\"kind\":\"drill\"}");
    assert_eq!(busy.status, 409);
    let stopped = pages.ask("POST", &format!("/api/jobs/{number}/stop"), "{}");
    assert_eq!(stopped.status, 204);
    pages.until(&["stopped"]);

    pages.begin(&json!({"kind": "ceremony"}));
    for _ in 0..4 {
        for number in 2..=3 {
            trustees.run(&board, number, Part::Ceremony).unwrap();
        }
        let before = pages.state();
        if before["job"]["state"] == "done" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_secs(3));
    }
    let state = pages.until(&["done", "refused"]);
    assert_eq!(state["job"]["state"], "done", "{}", state["job"]);
    assert_eq!(state["view"]["secret"]["must_reopen"], true);
    assert!(state["view"]["ceremony"]["joint_key"].is_string());
    assert_eq!(pages.refused(&json!({"kind": "drill"})), "not-open");
    let view = pages.done(&json!({"kind": "open", "passphrase": PASSPHRASE}));
    assert_eq!(view["has_share"], true);
    let view = pages.done(&json!({"kind": "drill"}));
    assert_eq!(view["ceremony"]["trustees"][0]["drill"], true);
}

/// Four votes, closed, the encrypted tally on the board.
fn counted(board: &TestBoard) {
    board.with(|election| {
        election.publish_roll();
        election.open();
        for (credential, option) in [(0, 0), (1, 1), (2, 0), (3, 0)] {
            election.vote(credential, &[Selection::ChooseOne(Some(option))]);
        }
    });
}

fn close_and_add_up(board: &TestBoard) {
    board.with(|election| {
        election.close();
        let checker = check_with(&election.entries, hanpyo_ledger::record::Given::default());
        for payload in checker.closed().unwrap().encrypted_tally().unwrap() {
            let entry = election.sign(payload);
            election.append(entry);
        }
    });
}

#[test]
fn nothing_is_decrypted_before_the_close_or_without_a_yes() {
    let board = TestBoard::serve(Election::new(past(ElectionSpec::yes_no(6))));
    let trustees = Trustees::init(&board);
    trustees.make_key(&board);
    counted(&board);
    let pages = first_trustee(&board, &trustees);
    let decrypt = json!({"kind": "decrypt", "accept_excluded": false});
    assert_eq!(pages.refused(&decrypt), "not-closed");
    close_and_add_up(&board);

    let number = pages.begin(&decrypt);
    let state = pages.until(&["asking", "refused"]);
    let shown = &state["view"]["decryption"];
    assert_eq!(shown["turnout"]["ballots"], 4, "{}", state["job"]);
    let size = board.state().election.entries.len();
    assert!(shown["size"].as_u64().unwrap() < size as u64);
    assert_eq!(shown["root"].as_str().unwrap().len(), 44);
    assert_eq!(shown["contests"][0]["groups"][0]["ballots"], 4);
    let answer = |number: u64, yes: bool| {
        let path = format!("/api/jobs/{number}/answer");
        pages
            .ask("POST", &path, &format!("{{\"yes\":{yes}}}"))
            .status
    };
    assert_eq!(
        answer(number + 1, true),
        409,
        "an answer to another question"
    );
    assert_eq!(answer(number, false), 204);
    let state = pages.until(&["refused", "done"]);
    assert_eq!(state["job"]["refusal"]["code"], "not-confirmed");
    assert_eq!(state["view"]["decryption"], Value::Null);
    assert_eq!(state["view"]["released"], false);
    assert_eq!(pins(&trustees.path(1)), b"");

    let number = pages.begin(&decrypt);
    pages.until(&["asking"]);
    assert_eq!(answer(number, true), 204);
    let state = pages.until(&["refused", "done"]);
    assert_eq!(state["job"]["state"], "done", "{}", state["job"]);
    assert_eq!(state["view"]["released"], true);
    assert_eq!(state["view"]["ceremony"]["trustees"][0]["decryption"], true);
    assert_ne!(pins(&trustees.path(1)), b"");
}

#[test]
fn an_early_close_is_refused_in_words() {
    // It closes in 2100: this computer's clock says that voting goes on.
    let spec = ElectionSpec {
        closes: 4_102_444_800,
        ..past(ElectionSpec::yes_no(6))
    };
    let board = TestBoard::serve(Election::new(spec));
    let trustees = Trustees::init(&board);
    trustees.make_key(&board);
    counted(&board);
    close_and_add_up(&board);
    let pages = first_trustee(&board, &trustees);
    let decrypt = json!({"kind": "decrypt", "accept_excluded": false});
    assert_eq!(pages.refused(&decrypt), "too-early");
    assert_eq!(pins(&trustees.path(1)), b"");
}

#[test]
fn a_secret_file_that_others_can_read_fails_the_preflight() {
    use std::os::unix::fs::PermissionsExt;
    let board = TestBoard::serve(Election::new(past(ElectionSpec::yes_no(4))));
    let trustees = Trustees::init(&board);
    let readable = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(trustees.path(1), readable).unwrap();
    let pages = Pages::start(
        "trustee",
        &trustees.path(1),
        &["--board", &board.url, "--vkey", &board.vkey],
    );
    pages.done(&json!({"kind": "open", "passphrase": PASSPHRASE}));
    let view = pages.done(&json!({"kind": "preflight"}));
    let checks = view["preflight"].as_array().unwrap();
    let file = checks.iter().find(|check| check["item"] == "file").unwrap();
    assert_eq!(
        (&file["outcome"], &file["found"]),
        (&json!("fail"), &json!("0644"))
    );
}
