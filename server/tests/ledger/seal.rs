//! The commission's signature of the seal says that the roll on the board is the imported one.

use hanpyo_ledger::entry::Entry;
use hanpyo_server::db;
use hanpyo_testkit::{ContestSpec, ElectionSpec, VoterSpec};

use super::support::{Planted, Server, kit, spec};

/// Four voters of two units and two styles, all but the seal on the board. Gives the seal's place.
async fn unsealed() -> (Server, usize) {
    let voter = |n: u16| VoterSpec {
        style: n % 2,
        unit: n / 2,
        weight: 1,
    };
    let spec = ElectionSpec {
        contests: vec![ContestSpec::yes_no(), ContestSpec::yes_no()],
        styles: vec![vec![0], vec![0, 1]],
        units: vec![None, None],
        voters: (0..4).map(voter).collect(),
        ..spec(0)
    };
    let mut planted = Planted::with(kit(spec), &[]);
    planted.kit.set_up();
    let (seal, _) = planted.kit.find(|e| matches!(e, Entry::RollSealed(_)));
    let server = planted.start();
    for entry in &server.planted.kit.entries[1..seal] {
        assert!([200, 201].contains(&server.client.entry(entry).await.status));
    }
    (server, seal)
}

#[actix_web::test]
async fn a_roll_with_ghosts_is_not_sealed() {
    let (server, seal) = unsealed().await;
    let entry = server.planted.kit.entries[seal].clone();
    // (what the imported roll is instead, what undoes it, problem, a part of its detail)
    let assign = "INSERT INTO roll_credentials (roll_id, version, tenant_id, election_id, credential_index) \
        SELECT id, 0, tenant_id, election_id, 3 FROM roll_rows WHERE voter_id = 'v3'";
    let add = "INSERT INTO roll_rows (tenant_id, election_id, version, voter_id, name, contact, unit, style, weight) \
        SELECT tenant_id, election_id, 0, 'v3', name, contact, 1, 1, 1 FROM roll_rows WHERE voter_id = 'v0'";
    let cases: [(_, &[_], _, _); 7] = [
        (
            "DELETE FROM roll_credentials WHERE credential_index = 3",
            &[assign],
            "roll-not-assigned",
            "3 of 4 voters",
        ),
        (
            // The authority issued one credential more than there are voters.
            "DELETE FROM roll_rows WHERE voter_id = 'v3'",
            &[add, assign],
            "roll-differs",
            "3 voters, the board has 4",
        ),
        (
            "UPDATE roll_rows SET unit = 0 WHERE voter_id = 'v3'",
            &["UPDATE roll_rows SET unit = 1 WHERE voter_id = 'v3'"],
            "roll-differs",
            "unit 0 has 3 imported voters, the seal says 2",
        ),
        (
            // As many in each unit as announced, but not the same.
            "UPDATE roll_rows SET unit = 1 - unit WHERE voter_id IN ('v1', 'v2')",
            &["UPDATE roll_rows SET unit = 1 - unit WHERE voter_id IN ('v1', 'v2')"],
            "roll-differs",
            "credential 1: unit",
        ),
        (
            "UPDATE roll_rows SET style = 0 WHERE voter_id = 'v3'",
            &["UPDATE roll_rows SET style = 1 WHERE voter_id = 'v3'"],
            "roll-differs",
            "credential 3: style",
        ),
        (
            "UPDATE roll_rows SET weight = 7 WHERE voter_id = 'v0'",
            &["UPDATE roll_rows SET weight = 1 WHERE voter_id = 'v0'"],
            "roll-differs",
            "credential 0: weight of its voter is 7, on the board it is 1",
        ),
        (
            "UPDATE roll_credentials SET credential_index = 9 WHERE credential_index = 0",
            &["UPDATE roll_credentials SET credential_index = 0 WHERE credential_index = 9"],
            "roll-differs",
            "credential 9",
        ),
    ];
    for (change, undo, code, detail) in cases {
        server.change_roll(change).await;
        let refused = server.client.entry(&entry).await.expect_problem(409, code);
        let found = refused["detail"].as_str().unwrap();
        assert!(found.contains(detail), "{change}: {found}");
        for statement in undo {
            server.change_roll(statement).await;
        }
    }
    assert_eq!(server.phase().await, "roll", "nothing was appended");
    assert_eq!(server.client.entry(&entry).await.expect(201)["index"], seal);
}

#[actix_web::test]
async fn without_an_imported_roll_nothing_is_sealed() {
    let (server, seal) = unsealed().await;
    server.change_roll("DELETE FROM roll_rows").await;
    let entry = server.planted.kit.entries[seal].clone();
    let refused = server.client.entry(&entry).await;
    refused.expect_problem(409, "roll-not-assigned");
    assert_eq!(server.planted.entries().len(), seal);
}

#[actix_web::test]
async fn the_seal_is_of_the_roll_that_was_compared() {
    let (server, _) = unsealed().await;
    let owner = {
        let slug = &server.planted.slug;
        let ledger = server.running.state.ledgers.find("kit", slug).unwrap();
        (ledger.id().tenant, ledger.id().election)
    };
    let job = move |c: &mut db::Connection| {
        let compared = db::elections::roll_version(c, owner.0, owner.1)?;
        db::elections::note_roll_change(c, owner.0, owner.1)?;
        let stale = db::elections::set_roll_sealed(c, owner, compared, 1)?;
        let current = db::elections::set_roll_sealed(c, owner, compared + 1, 1)?;
        Ok::<_, db::DbError>((stale, current))
    };
    let sealed = server.running.state.db.write(job).await.unwrap();
    assert_eq!(sealed, (false, true));
}
