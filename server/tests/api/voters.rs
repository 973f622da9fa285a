//! Single voters: search, corrections, requests by two persons, exports, messages.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, Client, MEALS, TestServer};

fn voters(query: &str) -> String {
    format!("{MEALS}/voters{query}")
}

/// Identifiers on a page.
async fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&voters(query)).await.expect(200);
    let list = page["voters"].as_array().unwrap().iter();
    list.map(|v| v["voter_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Changes the database behind the server's back: what only a whole election does.
fn sql(server: &TestServer, statements: &str) {
    let path = server.config.storage.database();
    let pragmas = hanpyo_server::db::connection::Pragmas {
        busy_timeout_ms: 5_000,
        read_only: false,
    };
    let mut connection =
        hanpyo_server::db::connection::establish(path.to_str().unwrap(), pragmas).unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut connection, statements).unwrap();
}

fn seal(server: &TestServer) {
    sql(server, "UPDATE elections SET roll_sealed_at = 1");
}

/// v1 has voted, v3 votes on paper.
fn vote(server: &TestServer) {
    sql(
        server,
        "INSERT INTO credential_states SELECT election_id, 2, 1, 0, 0, 0 FROM ledgers;
         INSERT INTO credential_states SELECT election_id, 7, 0, 0, 1, 0 FROM ledgers;
         INSERT INTO credential_states SELECT election_id, 0, 0, 0, 0, 1 FROM ledgers;",
    );
}

async fn actions(server: &TestServer) -> Vec<(String, Value)> {
    let auditor = server.staff("auditor", &["auditor"]).await;
    let trail = auditor.get(&format!("{MEALS}/audit")).await;
    assert!(!trail.text.contains("example.org") && !trail.text.contains("김하나"));
    let trail = trail.expect(200);
    let entries = trail.as_array().unwrap().iter();
    entries
        .map(|e| {
            (
                e["action"].as_str().unwrap().to_owned(),
                e["detail"].clone(),
            )
        })
        .collect()
}

#[actix_web::test]
async fn voters_are_found_by_identifier_name_unit_and_status() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let manager = server.login("city", "writer").await;
    assert_eq!(ids(&manager, "").await, ["v1", "v2", "v3"]);
    assert_eq!(ids(&manager, "?q=v2").await, ["v2"]);
    assert_eq!(
        ids(&manager, "?q=%EB%91%98").await,
        ["v2"],
        "part of a name"
    );
    assert_eq!(ids(&manager, "?q=%25").await, [""; 0], "no wildcards");
    assert_eq!(ids(&manager, "?unit=1").await, ["v2", "v3"]);
    assert_eq!(ids(&manager, "?status=unassigned").await, [""; 0]);
    vote(&server);
    assert_eq!(ids(&manager, "?status=voted").await, ["v1"]);
    assert_eq!(ids(&manager, "?status=paper").await, ["v3"]);
    assert_eq!(ids(&manager, "?status=not_voted").await, ["v2"]);

    let page = manager.get(&voters("?limit=2")).await.expect(200);
    assert_eq!(page["next"], "v2");
    assert_eq!(ids(&manager, "?limit=2&after=v2").await, ["v3"]);
    let voter = &page["voters"][0];
    assert_eq!(voter["status"], "voted");
    assert_eq!(voter["contact"], "one@example.org");
    let path = voters(&format!("/{}", voter["id"]));
    assert_eq!(manager.get(&path).await.expect(200), *voter);
    manager
        .get(&voters("/999"))
        .await
        .expect_problem(404, "not-found");
    manager
        .get(&voters("?limit=x"))
        .await
        .expect_problem(400, "bad-request");

    for role in ["approver", "auditor", "authority", "tenant_admin"] {
        let other = server.staff(&format!("only-{role}"), &[role]).await;
        other
            .get(&voters(""))
            .await
            .expect_problem(403, "forbidden");
        other.get(&path).await.expect_problem(403, "forbidden");
    }
    let town = server.town().await;
    town.get(&voters("")).await.expect_problem(404, "not-found");
    let reads = actions(&server)
        .await
        .into_iter()
        .filter(|(a, _)| a == "roll.read");
    assert_eq!(reads.map(|(_, d)| d["rows"].clone()).next(), Some(json!(3)));
}

#[actix_web::test]
async fn single_voters_are_added_corrected_and_taken_off_before_the_assignment() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let new =
        json!({ "voter_id": "v1", "name": "김하나", "contact": "one@example.org", "unit": 0 });
    let made = manager.post(&voters(""), &new).await.expect(201);
    assert_eq!(
        (&made["weight"], &made["status"]),
        (&json!(1), &json!("unassigned"))
    );
    manager
        .post(&voters(""), &new)
        .await
        .expect_problem(409, "voter-exists");
    let bad = json!({
        "voter_id": " v2", "name": "", "contact": "nobody", "unit": 3, "style": 1, "weight": 0,
    });
    let problem = manager
        .post(&voters(""), &bad)
        .await
        .expect_problem(422, "invalid");
    let fields: Vec<&Value> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["field"])
        .collect();
    assert_eq!(
        fields,
        ["voter_id", "name", "contact", "unit", "style", "weight"]
    );

    let path = voters(&format!("/{}", made["id"]));
    let change = json!({ "unit": 2, "contact": "010-1234-5678" });
    let changed = manager.patch(&path, &change).await.expect(200);
    assert_eq!(
        (&changed["unit"], &changed["name"]),
        (&json!(2), &json!("김하나"))
    );
    assert_eq!(manager.patch(&path, &json!({})).await.expect(200), changed);
    manager.delete(&path).await.expect(204);
    manager.delete(&path).await.expect_problem(404, "not-found");
    let trail = actions(&server).await;
    let trail: Vec<&(String, Value)> = trail
        .iter()
        .filter(|(a, _)| a.starts_with("roll."))
        .collect();
    assert_eq!(trail[1].1["columns"], json!(["contact", "unit"]));
    let names: Vec<&str> = trail.iter().map(|(a, _)| a.as_str()).collect();
    assert_eq!(names, ["roll.add", "roll.correct", "roll.remove"]);
}

#[actix_web::test]
async fn what_stands_on_the_board_cannot_be_corrected() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let manager = server.login("city", "writer").await;
    let page = manager.get(&voters("")).await.expect(200);
    let path = voters(&format!("/{}", page["voters"][0]["id"]));
    let unit = json!({ "unit": 2 });
    manager
        .patch(&path, &unit)
        .await
        .expect_problem(409, "roll-assigned");
    manager
        .delete(&path)
        .await
        .expect_problem(409, "roll-assigned");
    let contact = json!({ "contact": "new@example.org" });
    assert_eq!(
        manager.patch(&path, &contact).await.expect(200)["contact"],
        "new@example.org"
    );
    seal(&server);
    for change in [&unit, &contact] {
        manager
            .patch(&path, change)
            .await
            .expect_problem(409, "roll-sealed");
    }
    let new = json!({ "voter_id": "v9", "name": "x", "contact": "x@example.org", "unit": 0 });
    manager
        .post(&voters(""), &new)
        .await
        .expect_problem(409, "roll-sealed");
}

#[actix_web::test]
async fn another_contact_after_the_seal_takes_two_persons() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    let manager = server.login("city", "writer").await;
    let checker = server.login("city", "checker").await;
    let both = server.staff("both", &["manager", "approver"]).await;
    let page = manager.get(&voters("")).await.expect(200);
    let voter = page["voters"][0]["id"].clone();
    let path = voters(&format!("/{voter}/requests"));
    let body = json!({ "kind": "contact", "contact": "new@example.org", "reason": "번호 변경" });
    manager
        .post(&path, &body)
        .await
        .expect_problem(409, "roll-open");
    seal(&server);
    let made = both.post(&path, &body).await.expect(201);
    assert_eq!(
        (&made["state"], &made["voter_id"]),
        (&json!("open"), &json!("v1"))
    );
    manager
        .post(&path, &body)
        .await
        .expect_problem(409, "request-open");
    let wrong = json!({ "kind": "contact", "reason": "" });
    let wrong = manager
        .post(&path, &wrong)
        .await
        .expect_problem(422, "invalid");
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);

    let decision = format!("{MEALS}/roll-requests/{}/decision", made["id"]);
    let accept = json!({ "accept": true });
    both.post(&decision, &accept)
        .await
        .expect_problem(403, "two-persons");
    manager
        .post(&decision, &accept)
        .await
        .expect_problem(403, "forbidden");
    let refuse = json!({ "accept": false });
    manager
        .post(&decision, &refuse)
        .await
        .expect_problem(403, "forbidden");
    let shown = |client: &Client| {
        let (client, path) = (client.clone(), voters(&format!("/{voter}")));
        async move { client.get(&path).await.expect(200)["contact"].clone() }
    };
    assert_eq!(shown(&manager).await, "one@example.org");
    let done = checker.post(&decision, &accept).await.expect(200);
    assert_eq!(done["state"], "accepted");
    assert_eq!(
        (&done["requested_by_login"], &done["decided_by_login"]),
        (&json!("both"), &json!("checker"))
    );
    assert_eq!(shown(&manager).await, "new@example.org");
    checker
        .post(&decision, &accept)
        .await
        .expect_problem(409, "decided");

    // An account that the asking one had in hand is the same person, and the other way round.
    let keeper = server.staff("keeper", &["tenant_admin", "approver"]).await;
    let puppet = server.staff_made_by(&keeper, "puppet", &["manager"]).await;
    let asked = puppet.post(&path, &body).await.expect(201);
    let decision = format!("{MEALS}/roll-requests/{}/decision", asked["id"]);
    keeper
        .post(&decision, &accept)
        .await
        .expect_problem(403, "two-persons");
    puppet.post(&decision, &refuse).await.expect(200);

    // Who asked may withdraw.
    let again = manager.post(&path, &body).await.expect(201);
    let decision = format!("{MEALS}/roll-requests/{}/decision", again["id"]);
    assert_eq!(
        manager.post(&decision, &refuse).await.expect(200)["state"],
        "refused"
    );
    let list = checker
        .get(&format!("{MEALS}/roll-requests"))
        .await
        .expect(200);
    let states: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["state"])
        .collect();
    assert_eq!(states, ["refused", "refused", "accepted"]);
    let authority = server.login("city", "authority").await;
    let list = authority
        .get(&format!("{MEALS}/roll-requests"))
        .await
        .expect(200);
    assert_eq!(list[0]["contact"], Value::Null);
    let auditor = server.staff("looker", &["auditor"]).await;
    let answer = auditor.get(&format!("{MEALS}/roll-requests")).await;
    answer.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn a_reissue_is_asked_for_once_and_never_after_a_ballot() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    seal(&server);
    vote(&server);
    let manager = server.login("city", "writer").await;
    let page = manager.get(&voters("")).await.expect(200);
    let path = |place: usize| voters(&format!("/{}/requests", page["voters"][place]["id"]));
    let body = json!({ "kind": "reissue", "reason": "우편물 분실" });
    for voted in [0, 2] {
        let answer = manager.post(&path(voted), &body).await;
        answer.expect_problem(409, "not-reissuable");
    }
    let made = manager.post(&path(1), &body).await.expect(201);
    assert_eq!(
        (&made["state"], &made["credential_index"]),
        (&json!("open"), &json!(0))
    );
    let checker = server.login("city", "checker").await;
    let decision = format!("{MEALS}/roll-requests/{}/decision", made["id"]);
    let accept = json!({ "accept": true });
    checker
        .post(&decision, &accept)
        .await
        .expect_problem(422, "invalid");
}

#[actix_web::test]
async fn exports_name_those_who_have_not_voted() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    vote(&server);
    let authority = server.login("city", "authority").await;
    let all = authority.get(&voters("/export?audience=all")).await;
    let lines: Vec<&str> = all.text.lines().collect();
    assert_eq!(lines[0], "voter_id,contact,credential_index");
    assert_eq!(
        lines[1..],
        [
            "v1,one@example.org,2",
            "v2,two@example.org,0",
            "v3,010-1234-5678,7"
        ]
    );
    assert_eq!(all.headers["cache-control"], "no-store");
    let rest = authority
        .get(&voters("/export?audience=not_voted&unit=1"))
        .await;
    assert_eq!(
        rest.text.lines().skip(1).collect::<Vec<_>>(),
        ["v2,two@example.org,0"]
    );
    let of_authority = authority
        .get(&voters("/export?audience=all&columns=authority"))
        .await;
    assert_eq!(
        of_authority.text.lines().collect::<Vec<_>>(),
        [
            "voter_id,style,unit,weight",
            "v1,0,0,1",
            "v2,0,1,1",
            "v3,0,1,1"
        ]
    );
    // Names are for those who manage the roll.
    let joint = voters("/export?audience=all&columns=joint");
    authority.get(&joint).await.expect_problem(403, "forbidden");
    let manager = server.login("city", "writer").await;
    let joint = manager.get(&joint).await;
    let lines: Vec<&str> = joint.text.lines().collect();
    assert_eq!(lines[0], "\u{feff}voter_id,name,district,style,weight,vote");
    assert_eq!(lines[1], "v1,김하나,종로구,0,1,online");
    assert_eq!(lines[2], "v2,이둘,중구,0,1,");
    assert_eq!(lines[3], "v3,박셋,중구,0,1,paper");
    let auditor = server.staff("looker", &["auditor"]).await;
    let answer = auditor.get(&voters("/export?audience=all")).await;
    answer.expect_problem(403, "forbidden");
    let exports = actions(&server)
        .await
        .into_iter()
        .filter(|(a, _)| a == "roll.export");
    let details: Vec<Value> = exports.map(|(_, d)| d).collect();
    assert_eq!(
        details[1],
        json!({ "not_voted": true, "unit": 1, "columns": "contacts" })
    );
}

#[actix_web::test]
async fn reminders_go_to_those_who_have_not_voted() {
    let server = TestServer::start().await;
    server.election_with_voters().await;
    vote(&server);
    let manager = server.login("city", "writer").await;
    let path = format!("{MEALS}/messages");
    let body = json!({ "kind": "invitation", "dry_run": true });
    let dry = manager.post(&path, &body).await.expect(200);
    assert_eq!(
        (&dry["recipients"], &dry["by_telephone"]),
        (&json!(3), &json!(1))
    );
    assert!(
        dry["text"].as_str().unwrap().contains("/e/city/meals/"),
        "{dry}"
    );
    assert_eq!(server.messages(), [], "a dry run sends nothing");

    let wrong = json!({ "kind": "reminder", "text": "{code}", "subject": "x" });
    let wrong = manager
        .post(&path, &wrong)
        .await
        .expect_problem(422, "invalid");
    assert!(
        wrong["errors"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("{code}")
    );
    let body = json!({ "kind": "reminder", "text": "{name} {closes}", "subject": "{title_en}" });
    let run = manager.post(&path, &body).await.expect(202);
    assert_eq!(run["recipients"], 1);
    let run = finished(&manager, &path).await;
    assert_eq!((&run["sent"], &run["running"]), (&json!(1), &json!(false)));
    let begun = std::time::Instant::now();
    while server.messages().is_empty() && begun.elapsed().as_secs() < 20 {
        tokio::task::yield_now().await;
    }
    let messages = server.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0].0, "two@example.org");
    assert!(
        messages[0].1.contains("이둘 2030-03-18 14:46"),
        "{messages:?}"
    );

    // A run that a stop cut off goes on after the last voter written to.
    sql(
        &server,
        "UPDATE message_runs SET finished_at = NULL, cursor = 'v1', sent = 0",
    );
    let resume = json!({ "kind": "reminder", "resume": run["id"] });
    manager.post(&path, &resume).await.expect(202);
    assert_eq!(finished(&manager, &path).await["sent"], 1);
    manager
        .post(&path, &resume)
        .await
        .expect_problem(409, "messages-sent");
    let auditor = server.staff("looker", &["auditor", "approver"]).await;
    auditor
        .post(&path, &body)
        .await
        .expect_problem(403, "forbidden");
}

async fn finished(client: &Client, path: &str) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let runs = client.get(path).await.expect(200);
        if !runs[0]["finished_at"].is_null() && runs[0]["running"] == false {
            return runs[0].clone();
        }
        assert!(begun.elapsed().as_secs() < 20, "{runs}");
        tokio::task::yield_now().await;
    }
}

#[actix_web::test]
async fn drafts_have_no_voters() {
    let server = TestServer::start().await;
    let manager = server.staff("writer", &["manager"]).await;
    let body = json!({ "slug": "meals", "draft": super::support::draft() });
    let elections = "/api/v1/tenants/city/elections";
    manager.post(elections, &body).await.expect(201);
    let new = json!({ "voter_id": "v", "name": "x", "contact": "x@example.org", "unit": 0 });
    manager
        .post(&voters(""), &new)
        .await
        .expect_problem(409, "not-approved");
    let send = json!({ "kind": "invitation" });
    let answer = manager.post(&format!("{MEALS}/messages"), &send).await;
    answer.expect_problem(409, "not-approved");
    let trace = Answer::of(manager.request(Method::TRACE, &voters(""))).await;
    assert_eq!(trace.status.as_u16(), 405);
}
