//! Import, dry run, assignment of credentials.

use std::fmt::Write as _;

use hanpyo_server::db;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, Client, MEALS, TestServer, draft};

const HEADER: &str = "voter_id,name,contact,district,style,weight\n";
const GOOD: &str = "voter_id,name,contact,district,style,weight\n\
    v1,김하나,one@example.org,종로구,전체,1\n\
    v2,이둘,two@example.org,중구,,\n\
    v3,박셋,010-1234-5678,Jung-gu,All,2\n";
const ASSIGNED: &str = "voter_id,credential_index\nv1,2\nv2,0\nv3,7\n";

fn roll() -> String {
    format!("{MEALS}/roll")
}

fn assignment() -> String {
    format!("{MEALS}/roll/assignment")
}

async fn import(client: &Client, file: impl Into<Vec<u8>>) -> Answer {
    client.csv(Method::POST, &roll(), file).await
}

async fn dry_run(client: &Client, file: impl Into<Vec<u8>>) -> Value {
    client
        .csv(Method::POST, &format!("{MEALS}/roll?dry_run=true"), file)
        .await
        .expect(200)
}

/// (line, column, reason) of each problem.
fn problems(report: &Value) -> Vec<(Value, Value, String)> {
    let list = report["problems"].as_array().unwrap().iter();
    list.map(|p| {
        (
            p["line"].clone(),
            p["column"].clone(),
            p["reason"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

#[track_caller]
fn assert_problem(report: &Value, line: u64, column: &str, reason: &str) {
    let found = problems(report);
    assert!(
        found
            .iter()
            .any(|(l, c, r)| *l == line && c == column && r.contains(reason)),
        "{line} {column} {reason}: {found:#?}"
    );
}

#[actix_web::test]
async fn files_in_utf_16_are_told_so_once() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let utf16: Vec<u8> = format!("\u{feff}{GOOD}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let report = dry_run(&manager, utf16).await;
    let found = problems(&report);
    assert!(
        found.len() == 1 && found[0].2.contains("CSV UTF-8"),
        "{found:?}"
    );
}

#[actix_web::test]
async fn identifiers_that_only_look_alike_are_refused() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let mut file = String::from(HEADER);
    for id in [
        "a1",
        "a\u{ff11}",
        "a1\u{200b}",
        "\u{1100}\u{1161}",
        "a\u{202e}1",
    ] {
        writeln!(file, "{id},김하나,one@example.org,종로구,,").unwrap();
    }
    let report = dry_run(&manager, file).await;
    assert_eq!(report["problems_total"], 4, "{report}");
    for line in 3..=6 {
        assert_problem(&report, line, "voter_id", "look-alike");
    }
}

#[actix_web::test]
async fn lines_are_counted_whatever_ends_them() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let rows = "voter_id,name,contact,district\nv1,,one@example.org,종로구\n\n\nv2,\"둘\n줄\",two@example.org,종로구\nv3,,three@example.org,종로구";
    for end in ["\n", "\r\n", "\r"] {
        for last in ["", end] {
            let report = dry_run(&manager, rows.replace('\n', end) + last).await;
            assert_eq!(report["problems_total"], 3, "{report}");
            assert_problem(&report, 2, "name", "is empty");
            assert_problem(&report, 5, "name", "control character");
            assert_problem(&report, 7, "name", "is empty");
        }
    }
}

#[actix_web::test]
async fn rows_of_separators_alone_are_passed_over() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let file = format!("{HEADER},,,,,\n ,,,,,\r\nv1,,one@example.org,없음,,\n,,,,,\n");
    let report = dry_run(&manager, file).await;
    assert_eq!(
        (&report["rows"], &report["problems_total"]),
        (&json!(1), &json!(1))
    );
    assert_problem(&report, 4, "name", "is empty");
}

#[actix_web::test]
async fn a_good_file_is_imported_and_counted() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    assert_eq!(
        dry_run(&manager, GOOD).await,
        json!({ "rows": 3, "problems_total": 0, "problems": [] })
    );
    assert_eq!(
        manager.get(&roll()).await.expect(200)["voters"],
        0,
        "a dry run stores nothing"
    );

    let view = import(&manager, GOOD).await.expect(201);
    assert_eq!((&view["voters"], &view["assigned"]), (&json!(3), &json!(0)));
    let counts: Vec<&Value> = view["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| &u["voters"])
        .collect();
    assert_eq!(counts, [1, 2, 0]);
    assert_eq!(manager.get(&roll()).await.expect(200), view);

    // More voters can be added in a second file; the same ones cannot.
    let more =
        format!("{HEADER}v4,최넷,four@example.org,용산구,,\nv2,이둘,two@example.org,중구,,\n");
    let refused = import(&manager, more.clone())
        .await
        .expect_problem(422, "invalid-file");
    assert_problem(&refused["report"], 3, "voter_id", "stored roll");
    let more = more.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(import(&manager, more).await.expect(201)["voters"], 4);

    manager.delete(&roll()).await.expect(204);
    assert_eq!(manager.get(&roll()).await.expect(200)["voters"], 0);
    let trail = server
        .staff("auditor", &["auditor"])
        .await
        .get(&format!("{MEALS}/audit"))
        .await;
    assert!(
        !trail.text.contains("example.org") && !trail.text.contains("김하나"),
        "{trail:?}"
    );
    let trail = trail.expect(200);
    let rolls: Vec<(&Value, &Value)> = trail
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| {
            e["target"] == "election/meals" && e["action"].as_str().unwrap().starts_with("roll.")
        })
        .map(|e| (&e["action"], &e["detail"]["rows"]))
        .collect();
    let expected = [("roll.import", 3), ("roll.import", 1), ("roll.clear", 4)];
    assert_eq!(rolls.len(), 3);
    for ((action, rows), (a, r)) in rolls.into_iter().zip(expected) {
        assert_eq!((action, rows), (&json!(a), &json!(r)));
    }
}

#[actix_web::test]
async fn byte_order_mark_crlf_quotes_and_column_order_do_not_matter() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let file = "\u{feff}Contact , district,\"name\",voter_id\r\n\
        a@example.org,종로구,\"김, \"\"하나\"\"\", v1 \r\n\
        \r\n\
        b@example.org,중구,이둘,v2";
    assert_eq!(import(&manager, file).await.expect(201)["voters"], 2);
    // Outer spaces of an identifier are no part of it.
    let refused = import(&manager, format!("{HEADER}v1,x,x@example.org,중구,,\n")).await;
    refused.expect_problem(422, "invalid-file");
}

#[actix_web::test]
async fn every_problem_is_reported_with_line_and_column() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let long = "x".repeat(300);
    let mut file = format!(
        "{HEADER}\
        v1,김하나,one@example.org,종로구,전체,1\n\
        v1,또,one@example.org,종로구,,\n\
        v2,,nobody,강남구,없음,0\n\
        {long},이름,a@example.org,중구,,\n\
        v3,\"두\n줄\",a@example.org,중구,,4294967296\n\
        v4,다섯,a@example.org,중구\n\
        v5,여섯,a@example.org,중구,,,,\n"
    )
    .into_bytes();
    file.extend_from_slice(b"v6,\xb1\xe8,a@example.org,\xec\xa4\x91\xea\xb5\xac,,\n");
    let report = dry_run(&manager, file.clone()).await;
    assert_eq!(report["rows"], 8);
    for (line, column, reason) in [
        (3, "voter_id", "first in line 2"),
        (4, "name", "is empty"),
        (5, "voter_id", "found 300"),
        (6, "name", "control character"),
    ] {
        assert_problem(&report, line, column, reason);
    }
    assert!(
        problems(&report)
            .iter()
            .any(|(l, c, r)| *l == 8 && c.is_null() && r.contains("found 4"))
    );
    assert!(
        problems(&report)
            .iter()
            .any(|(l, c, r)| *l == 9 && c.is_null() && r.contains("found 8"))
    );
    assert_problem(&report, 10, "name", "UTF-8");
    let total = report["problems_total"].as_u64().unwrap();
    assert_eq!(total, u64::try_from(problems(&report).len()).unwrap());

    // Contents are judged where the form is right.
    let file =
        format!("{HEADER}v2,이름,nobody,강남구,없음,0\nv3,이름,a@example.org,중구,,4294967296\n");
    let report = dry_run(&manager, file.clone()).await;
    assert_problem(&report, 2, "contact", "e-mail");
    assert_problem(&report, 2, "district", "no reporting unit");
    assert_problem(&report, 2, "style", "no ballot style");
    assert_problem(&report, 2, "weight", "whole number");
    assert_problem(&report, 3, "weight", "whole number");

    // The same file without dry_run says the same and stores nothing.
    let refused = import(&manager, file)
        .await
        .expect_problem(422, "invalid-file");
    assert_eq!(refused["report"], report);
    assert_eq!(manager.get(&roll()).await.expect(200)["voters"], 0);
}

#[actix_web::test]
async fn what_a_spreadsheet_would_compute_is_refused() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let file = format!(
        "{HEADER}\
        =cmd|' /C calc'!A0,하나,a@example.org,중구,,\n\
        v2,@SUM(1+1),a@example.org,중구,,\n\
        \"\t-1\",셋,a@example.org,중구,,\n\
        v4,넷,=1+1@example.org,중구,,\n\
        \u{ff1d}1,다섯,a@example.org,중구,,\n\
        v6,여섯-일곱,+82 10-1234-5678,중구,,\n"
    );
    let report = dry_run(&manager, file.clone()).await;
    for (line, column) in [
        (2, "voter_id"),
        (3, "name"),
        (4, "voter_id"),
        (5, "contact"),
        (6, "voter_id"),
    ] {
        assert_problem(&report, line, column, "spreadsheet");
    }
    assert_eq!(report["problems_total"], 6, "{report}"); // The wide form only looks like one.
    import(&manager, file)
        .await
        .expect_problem(422, "invalid-file");
}

#[actix_web::test]
async fn wrong_headers_are_explained() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    for (header, expected) in [
        ("", "empty"),
        ("voter_id,name,contact\nv1,a,a@b.kr\n", "missing"),
        (
            "voter_id,name,contact,district,age\n",
            "unknown column \"age\"",
        ),
        ("voter_id,name,contact,district,name\n", "twice"),
        ("v1;a;a@b.kr;중구\n", "unknown column"),
        ("voter_id,name,contact,district\n", "no rows"),
    ] {
        let report = dry_run(&manager, header).await;
        let found = problems(&report);
        assert!(
            found.iter().any(|(_, _, r)| r.contains(expected)),
            "{header:?}: {found:?}"
        );
        import(&manager, header)
            .await
            .expect_problem(422, "invalid-file");
    }
}

#[actix_web::test]
async fn many_problems_are_counted_and_the_first_thousand_shown() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let mut file = HEADER.to_owned();
    for i in 0..2_500 {
        writeln!(file, "v{i},이름,a@example.org,없는 곳,,").unwrap();
    }
    let report = dry_run(&manager, file).await;
    assert_eq!(report["rows"], 2_500);
    assert_eq!(report["problems_total"], 2_500);
    assert_eq!(problems(&report).len(), 1_000);
}

#[actix_web::test]
async fn large_files_go_through_and_hostile_ones_do_not() {
    let server = TestServer::start_with(&[("http.upload_bytes", "1000000")]).await;
    let manager = server.approved_election().await;
    let mut file = HEADER.to_owned();
    for i in 0..9_000 {
        writeln!(
            file,
            "voter-{i},이름 {i},v{i}@example.org,중구,,{}",
            i % 7 + 1
        )
        .unwrap();
    }
    assert_eq!(
        import(&manager, file.clone()).await.expect(201)["voters"],
        9_000
    );
    // All of it is there already, found in batches.
    assert_eq!(dry_run(&manager, file).await["problems_total"], 9_000);

    let unclosed = format!("{HEADER}v1,\"{}", "a,b,c\n".repeat(40_000));
    let report = dry_run(&manager, unclosed).await;
    assert!(problems(&report)[0].2.contains("closing quote"), "{report}");
    let large = vec![b'x'; 1_000_001];
    let problem = import(&manager, large)
        .await
        .expect_problem(413, "too-large");
    assert_eq!(problem["detail"], "at most 1000000 bytes");
    let other = manager
        .request(Method::POST, &roll())
        .header("content-type", "application/json");
    Answer::of(other.body(GOOD))
        .await
        .expect_problem(415, "unsupported-media-type");
}

#[actix_web::test]
async fn the_roll_comes_after_approval_and_belongs_to_its_tenant() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let body = json!({ "slug": "later", "draft": draft() });
    manager
        .post("/api/v1/tenants/city/elections", &body)
        .await
        .expect(201);
    let path = "/api/v1/tenants/city/elections/later/roll";
    manager
        .csv(Method::POST, path, GOOD)
        .await
        .expect_problem(409, "not-approved");
    manager.get(path).await.expect_problem(409, "not-approved");

    let town = server.town().await;
    for base in [MEALS, "/api/v1/tenants/town/elections/meals"] {
        let (roll, assignment) = (format!("{base}/roll"), format!("{base}/roll/assignment"));
        town.get(&roll).await.expect_problem(404, "not-found");
        town.csv(Method::POST, &roll, GOOD)
            .await
            .expect_problem(404, "not-found");
        town.delete(&roll).await.expect_problem(404, "not-found");
        town.csv(Method::PUT, &assignment, ASSIGNED)
            .await
            .expect_problem(404, "not-found");
        town.delete(&assignment)
            .await
            .expect_problem(404, "not-found");
    }
    let auditor = server.staff("auditor", &["auditor"]).await;
    import(&auditor, GOOD)
        .await
        .expect_problem(403, "forbidden");
    manager
        .csv(Method::PUT, &assignment(), ASSIGNED)
        .await
        .expect_problem(403, "forbidden");
    auditor.get(&roll()).await.expect(200);
}

#[actix_web::test]
async fn credentials_are_assigned_to_every_voter_exactly_once() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    import(&manager, GOOD).await.expect(201);
    let authority = server.staff("authority", &["authority"]).await;
    let put = |file: &'static str| {
        let authority = authority.clone();
        async move { authority.csv(Method::PUT, &assignment(), file).await }
    };

    let wrong = "voter_id,credential_index\nv1,2\nv1,3\nv9,2\nv2,-1\n";
    let refused = put(wrong).await.expect_problem(422, "invalid-file");
    let report = &refused["report"];
    assert_problem(report, 3, "voter_id", "first in line 2");
    assert_problem(report, 4, "voter_id", "not in the roll");
    assert_problem(report, 4, "credential_index", "first in line 2");
    assert_problem(report, 5, "credential_index", "whole number");
    let missing: Vec<_> = problems(report)
        .into_iter()
        .filter(|(line, ..)| line.is_null())
        .collect();
    assert_eq!(missing.len(), 1);
    assert!(missing[0].2.contains("\"v3\""), "{missing:?}");
    assert_eq!(manager.get(&roll()).await.expect(200)["assigned"], 0);

    let dry = format!("{}?dry_run=true", assignment());
    authority.csv(Method::PUT, &dry, ASSIGNED).await.expect(200);
    assert_eq!(manager.get(&roll()).await.expect(200)["assigned"], 0);
    put(ASSIGNED).await.expect(200);
    assert_eq!(manager.get(&roll()).await.expect(200)["assigned"], 3);
    // A second upload replaces the first, indexes swapped included.
    put("voter_id,credential_index\nv1,0\nv2,2\nv3,7\n")
        .await
        .expect(200);

    // With credentials assigned the roll stands still until they are withdrawn.
    let more = format!("{HEADER}v4,최넷,four@example.org,용산구,,\n");
    import(&manager, more.clone())
        .await
        .expect_problem(409, "roll-assigned");
    manager
        .delete(&roll())
        .await
        .expect_problem(409, "roll-assigned");
    authority.delete(&assignment()).await.expect(204);
    import(&manager, more).await.expect(201);
    put(ASSIGNED).await.expect_problem(422, "invalid-file");
}

#[actix_web::test]
async fn every_change_of_roll_or_assignment_is_counted() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let authority = server.staff("authority", &["authority"]).await;
    let version = async || {
        let job = |c: &mut db::Connection| {
            let tenant = db::tenants::find(c, "city")?.unwrap().id;
            let election = db::elections::find(c, tenant, "meals")?.unwrap().id;
            Ok::<_, db::DbError>(db::elections::roll_version(c, tenant, election)?)
        };
        server.running.state.db.read(job).await.unwrap()
    };
    // A seal that was compared with the roll before a change must not happen after it. What is written in
    // parts counts when it begins and when it becomes valid.
    assert_eq!(version().await, 0);
    import(&manager, GOOD).await.expect(201);
    assert_eq!(version().await, 2);
    dry_run(&manager, GOOD).await;
    assert_eq!(version().await, 2, "a dry run changes nothing");
    authority
        .csv(Method::PUT, &assignment(), ASSIGNED)
        .await
        .expect(200);
    assert_eq!(version().await, 4);
    authority.delete(&assignment()).await.expect(204);
    assert_eq!(version().await, 6);
    manager.delete(&roll()).await.expect(204);
    assert_eq!(version().await, 7);
}
