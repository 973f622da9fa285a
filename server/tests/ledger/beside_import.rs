//! Ballots are taken while the roll of another election is imported.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use hanpyo_server::db::{self, DbError};
use hanpyo_testkit::ElectionSpec;
use reqwest::Method;

use super::support::{Planted, TENANT, kit, spec};

#[actix_web::test]
async fn a_ballot_is_acknowledged_between_the_parts_of_an_import() {
    const MANY: usize = 60_000;
    let planted = Planted::new(spec(3));
    let other = kit(ElectionSpec { seed: 2, ..spec(0) });
    let other_slug = planted.plant(&other);
    let unit = other.manifest.units[0].title.ko.to_string();
    let mut server = planted.start();
    server.open().await;
    let manager = server.staff("manager", &["manager"]).await;
    let ballot = server.ballot(0, Some(0));
    let voter = server.voter(0).await;
    let mut file = "voter_id,name,contact,district\n".to_owned();
    for n in 0..MANY {
        writeln!(file, "v{n},이름,v{n}@example.org,{unit}").unwrap();
    }
    let url = format!(
        "http://{}/api/v1/tenants/{TENANT}/elections/{other_slug}/roll",
        server.running.address
    );
    let import = manager.request(Method::POST, url);
    let import = import.header("content-type", "text/csv").body(file).send();
    let import = tokio::spawn(import);

    let slug = other_slug.clone();
    let state = server.running.state.clone();
    let under_way = async move || {
        let slug = slug.clone();
        let read = state.db.read(move |c| {
            let tenant = db::tenants::find(c, TENANT)?.unwrap().id;
            let election = db::elections::find(c, tenant, &slug)?.unwrap().id;
            Ok::<_, DbError>(db::roll_changes::is_under_way(c, (tenant, election))?)
        });
        read.await.unwrap()
    };
    let begun = Instant::now();
    while !under_way().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "no import");
        tokio::task::yield_now().await;
    }
    // Acknowledged means durable: it went through the writing thread.
    let answer = voter.cast(&ballot).await;
    assert!(
        under_way().await,
        "the ballot had to wait for the whole import"
    );
    let code = server.check_acknowledgement(&answer);
    server.check_receipt(&code, &ballot).await;
    assert_eq!(import.await.unwrap().unwrap().status(), 201);
}
