//! Accredited disclosure: entries are for staff, hashes and checkpoint for everyone.

use hanpyo_ledger::manifest::Disclosure;
use hanpyo_testkit::Election;
use serde_json::json;

use super::support::{Client, FIRST_PASSWORD, Planted, Server, TENANT, spec};

async fn accredited() -> Server {
    let kit = Election::with_manifest(spec(4), |manifest| {
        manifest.disclosure = Disclosure::Accredited;
    });
    let mut server = Planted::with(Box::new(kit), &[]).start();
    server.open().await;
    server.cast(0, 0).await;
    server
}

/// Entry bundles as they are asked for: right, and in spellings that mean the same to some.
fn bundles(server: &Server) -> (String, Vec<String>) {
    let size = server.planted.entries().len();
    let board = format!("/board/{TENANT}/{}", server.planted.slug);
    let right = format!("{board}/tile/entries/000.p/{size}");
    let spellings = [
        format!("{board}/tile%2fentries%2f000.p%2f{size}"),
        format!("{board}/tile/%65ntries/000.p/{size}"),
        format!("{board}//tile/entries/000.p/{size}"),
        format!("{board}/tile//entries/000.p/{size}"),
        format!("{board}/tile/./entries/000.p/{size}"),
        format!("{board}/tile/0/../entries/000.p/{size}"),
        format!("{board}/tile/entries/000.p/{size}/"),
        format!("{board}/tile/ENTRIES/000.p/{size}"),
    ];
    (right, spellings.to_vec())
}

#[actix_web::test]
async fn entries_are_for_staff_and_hashes_for_everyone() {
    let server = accredited().await;
    let size = server.planted.entries().len();
    let board = format!("/board/{TENANT}/{}", server.planted.slug);
    let (bundle, spellings) = bundles(&server);
    let anyone = server.client.clone();
    for public in ["checkpoint", "vkey", &format!("tile/0/000.p/{size}")] {
        let answer = anyone.get_at(&format!("{board}/{public}")).await;
        assert_eq!(answer.status, 200, "{public}");
    }
    let voter = server.voter(0).await;
    let stranger = other_tenants_staff(&server).await;
    for client in [&anyone, &voter, &stranger] {
        client
            .get_at(&bundle)
            .await
            .expect_problem(403, "forbidden");
        for spelling in &spellings {
            let answer = client.get_at(spelling).await;
            assert!(
                [403, 404].contains(&answer.status),
                "{spelling}: {}",
                answer.status
            );
        }
    }
    for role in ["manager", "approver", "auditor"] {
        let staff = server.staff(role, &[role]).await;
        let answer = staff.get_at(&bundle).await;
        assert_eq!(answer.status, 200, "{role}");
        let cache = answer.headers["cache-control"].to_str().unwrap();
        assert!(
            cache.starts_with("private"),
            "no shared cache may keep it: {cache}"
        );
    }
    // Everyone can check a receipt of a code they know, and the tree's growth.
    let public = anyone.get("public").await.expect(200);
    assert_eq!(public["log_size"], size);
}

#[actix_web::test]
async fn a_public_record_has_public_entries() {
    let mut server = Planted::new(spec(4)).start();
    server.open().await;
    let (bundle, _) = bundles(&server);
    let answer = server.client.get_at(&bundle).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.headers["cache-control"]
            .to_str()
            .unwrap()
            .starts_with("public")
    );
}

/// Staff of another tenant that has every role there.
async fn other_tenants_staff(server: &Server) -> Client {
    let root = server.client.log_in(TENANT, "root").await;
    let body = json!({
        "slug": "town", "name": "Town", "admin_login": "mayor", "admin_password": FIRST_PASSWORD,
    });
    root.post_at("/api/v1/tenants", &body).await.expect(201);
    let mayor = server.client.choose_password("town", "mayor").await;
    let roles = [
        "tenant_admin",
        "manager",
        "approver",
        "auditor",
        "authority",
    ];
    let body = json!({ "login": "all", "roles": roles, "password": FIRST_PASSWORD });
    mayor
        .post_at("/api/v1/tenants/town/staff", &body)
        .await
        .expect(201);
    server.client.choose_password("town", "all").await
}
