//! Rolls that change in parts: others write in between, nobody sees a half, and a restart clears up.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hanpyo_server::config::Config;
use hanpyo_server::db::{self, Connection, DbError};
use hanpyo_server::ids::{ElectionId, TenantId};
use reqwest::Method;
use serde_json::json;

use super::support::{Answer, Client, MEALS, TestServer};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Twenty parts.
const MANY: usize = 40_000;
const SIGKILL: i32 = 9;

fn roll() -> String {
    format!("{MEALS}/roll")
}

fn assignment() -> String {
    format!("{MEALS}/roll/assignment")
}

/// A roll of `count` voters, numbered from `first`.
fn voters(first: usize, count: usize) -> String {
    let mut file = "voter_id,name,contact,district\n".to_owned();
    for n in first..first + count {
        writeln!(file, "v{n},이름 {n},v{n}@example.org,중구").unwrap();
    }
    file
}

/// Gives voter n the credential `of(n)`.
fn credentials(count: usize, of: impl Fn(usize) -> usize) -> String {
    let mut file = "voter_id,credential_index\n".to_owned();
    for n in 0..count {
        writeln!(file, "v{n},{}", of(n)).unwrap();
    }
    file
}

impl TestServer {
    /// Reads the database for the election `meals`.
    async fn look<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection, (TenantId, ElectionId)) -> diesel::QueryResult<T>
        + Send
        + 'static,
    ) -> T {
        let read = self.running.state.db.read(move |c| {
            let tenant = db::tenants::find(c, "city")?.unwrap().id;
            let election = db::elections::find(c, tenant, "meals")?.unwrap().id;
            Ok::<_, DbError>(job(c, (tenant, election))?)
        });
        read.await.unwrap()
    }

    async fn is_under_way(&self) -> bool {
        self.look(db::roll_changes::is_under_way).await
    }

    /// Numbers of rows and of credentials, hidden ones too.
    async fn stored(&self) -> (i64, i64) {
        use diesel::sql_types::BigInt;
        use diesel::{QueryableByName, RunQueryDsl as _};
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let count = |c: &mut db::Connection, table: &str| {
            let sql = format!("SELECT count(*) AS n FROM {table}");
            diesel::sql_query(sql)
                .get_result::<Count>(c)
                .map(|found| found.n)
        };
        self.look(move |c, _| Ok((count(c, "roll_rows")?, count(c, "roll_credentials")?)))
            .await
    }

    /// Waits until a part is written.
    async fn wait_for_a_part(&self) {
        let begun = Instant::now();
        while self.stored().await == (0, 0) {
            assert!(begun.elapsed() < PATIENCE, "nothing is written");
            tokio::task::yield_now().await;
        }
    }

    /// Waits until nothing is under way.
    async fn wait_until_cleared_up(&self) {
        let begun = Instant::now();
        while self.is_under_way().await {
            assert!(begun.elapsed() < PATIENCE, "it is not cleared up");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Sends the file in a task of its own.
fn spawn_import(client: &Client, file: String) -> tokio::task::JoinHandle<Answer> {
    let client = client.clone();
    tokio::spawn(async move { client.csv(Method::POST, &roll(), file).await })
}

#[actix_web::test]
async fn others_write_between_the_parts_and_see_nothing_of_them() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let import = spawn_import(&manager, voters(0, MANY));
    server.wait_for_a_part().await;

    // A log-in writes; it waits for a part, not for the file.
    let again = server.login("city", "writer").await;
    let counts = again.get(&roll()).await.expect(200);
    let page = again
        .get(&format!("{MEALS}/voters?limit=5"))
        .await
        .expect(200);
    assert!(
        server.is_under_way().await,
        "the log-in had to wait for the whole file"
    );
    let (rows, _) = server.stored().await;
    assert!(rows < i64::try_from(MANY).unwrap(), "{rows}");
    assert_eq!(counts["voters"], 0, "a half was seen");
    assert_eq!(page["voters"], json!([]), "a half was seen");

    let view = import.await.unwrap().expect(201);
    assert_eq!(view["voters"], MANY);
    assert_eq!(manager.get(&roll()).await.expect(200), view);
}

#[actix_web::test]
async fn one_change_at_a_time_and_the_next_ones_after_it() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let authority = server.staff("authority", &["authority"]).await;
    let new =
        |id: &str| json!({ "voter_id": id, "name": "x", "contact": "x@example.org", "unit": 0 });
    let import = spawn_import(&manager, voters(0, MANY));
    server.wait_for_a_part().await;
    let refused = [
        manager.csv(Method::POST, &roll(), voters(MANY, 1)).await,
        manager.delete(&roll()).await,
        manager.post(&format!("{MEALS}/voters"), &new("n1")).await,
        authority
            .csv(Method::PUT, &assignment(), credentials(1, |n| n))
            .await,
        authority.delete(&assignment()).await,
    ];
    assert!(server.is_under_way().await, "the import ended too early");
    for answer in refused {
        answer.expect_problem(409, "roll-busy");
    }
    // A dry run changes nothing.
    let dry = format!("{MEALS}/roll?dry_run=true");
    let report = manager.csv(Method::POST, &dry, voters(MANY, 1)).await;
    assert_eq!(report.expect(200)["problems_total"], 0);

    import.await.unwrap().expect(201);
    let added = manager.post(&format!("{MEALS}/voters"), &new("n1")).await;
    let path = format!("{MEALS}/voters/{}", added.expect(201)["id"]);
    let change = json!({ "name": "y" });
    assert_eq!(manager.patch(&path, &change).await.expect(200)["name"], "y");
    manager
        .post(&format!("{MEALS}/voters"), &new("v7"))
        .await
        .expect_problem(409, "voter-exists");
    let more = manager.csv(Method::POST, &roll(), voters(MANY, 1)).await;
    assert_eq!(more.expect(201)["voters"], MANY + 2);
    manager.delete(&roll()).await.expect(204);
    assert_eq!(server.stored().await, (0, 0));
}

#[actix_web::test]
async fn a_roll_that_is_sealed_meanwhile_stays_as_it_was() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let import = spawn_import(&manager, voters(0, MANY));
    server.wait_for_a_part().await;
    let owner = server.look(|_, owner| Ok(owner)).await;
    let seal = move |c: &mut Connection| {
        let version = db::elections::roll_version(c, owner.0, owner.1)?;
        Ok::<_, DbError>(db::elections::set_roll_sealed(c, owner, version, 1)?)
    };
    assert!(server.running.state.db.write(seal).await.unwrap());
    import.await.unwrap().expect_problem(409, "roll-sealed");
    assert_eq!(manager.get(&roll()).await.expect(200)["voters"], 0);
    assert_eq!(server.stored().await, (0, 0), "what was written is deleted");
    assert!(!server.is_under_way().await);
}

/// The server as a process of its own that kills itself at a step.
struct Doomed {
    child: Child,
    client: Client,
}

impl Doomed {
    async fn start(config: &Config, step: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let data = config.storage.data_dir.display();
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"));
        command.arg("serve");
        for setting in [
            format!("storage.data_dir={data}"),
            format!("http.bind=127.0.0.1:{port}"),
            "auth.argon2_memory_kib=64".to_owned(),
            "auth.argon2_passes=1".to_owned(),
        ] {
            command.args(["--set", &setting]);
        }
        let child = command
            .env("HANPYO_STOP_AT", step)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Its end is waited for whatever happens below.
        let doomed = Self {
            child,
            client: Client::of(&format!("http://127.0.0.1:{port}")),
        };
        let begun = Instant::now();
        loop {
            let ready = doomed.client.request(Method::GET, "/readyz").send().await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return doomed;
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends a request that has no answer, because the server dies of it.
    async fn die_of(mut self, login: &str, method: Method, path: &str, file: String) {
        let client = self.client.log_in("city", login).await;
        let request = client
            .request(method, path)
            .header("content-type", "text/csv");
        let answer = request.body(file).send().await;
        assert!(answer.is_err(), "{answer:?}");
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), Some(SIGKILL), "{status}");
    }
}

impl Drop for Doomed {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().unwrap_or_default();
        self.child.wait().unwrap();
    }
}

impl TestServer {
    /// Stops; a process that dies at `step` gets the request; starts again.
    async fn killed_at(
        self,
        step: &str,
        login: &str,
        (method, path): (Method, &str),
        file: String,
    ) -> Self {
        let config = self.config.clone();
        let dir = self.stop().await;
        let doomed = Doomed::start(&config, step).await;
        doomed.die_of(login, method, path, file).await;
        Self::on(dir, config)
    }
}

#[actix_web::test]
async fn killed_in_an_import_leaves_nothing_of_it() {
    let mut server = TestServer::start().await;
    let manager = server.approved_election().await;
    let few = manager.csv(Method::POST, &roll(), voters(0, 3)).await;
    few.expect(201);
    for step in ["roll-part:2", "roll-written"] {
        let file = voters(3, 6_000);
        let path = roll();
        server = server
            .killed_at(step, "writer", (Method::POST, &path), file)
            .await;
        let manager = server.login("city", "writer").await;
        assert_eq!(
            manager.get(&roll()).await.expect(200)["voters"],
            3,
            "{step}"
        );
        server.wait_until_cleared_up().await;
        assert_eq!(server.stored().await, (3, 0), "{step}");
        assert_eq!(
            manager.get(&roll()).await.expect(200)["voters"],
            3,
            "{step}"
        );
    }
    let manager = server.login("city", "writer").await;
    let more = manager.csv(Method::POST, &roll(), voters(3, 6_000)).await;
    assert_eq!(more.expect(201)["voters"], 6_003);
}

#[actix_web::test]
async fn killed_while_clearing_stays_cleared() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let file = voters(0, 5_000);
    let many = manager.csv(Method::POST, &roll(), file.clone()).await;
    many.expect(201);
    let path = roll();
    let server = server
        .killed_at(
            "roll-deleted",
            "writer",
            (Method::DELETE, &path),
            String::new(),
        )
        .await;
    let manager = server.login("city", "writer").await;
    assert_eq!(manager.get(&roll()).await.expect(200)["voters"], 0);
    server.wait_until_cleared_up().await;
    assert_eq!(server.stored().await, (0, 0));
    let again = manager.csv(Method::POST, &roll(), file).await;
    assert_eq!(again.expect(201)["voters"], 5_000);
}

#[actix_web::test]
async fn killed_in_an_assignment_leaves_the_old_one_or_the_new_one() {
    const VOTERS: usize = 2_500;
    let mut server = TestServer::start().await;
    let manager = server.approved_election().await;
    let many = manager.csv(Method::POST, &roll(), voters(0, VOTERS)).await;
    many.expect(201);
    let authority = server.staff("authority", &["authority"]).await;
    let forwards = credentials(VOTERS, |n| n);
    let done = authority.csv(Method::PUT, &assignment(), forwards).await;
    done.expect(200);
    let last = i64::try_from(VOTERS).unwrap() - 1;
    let path = assignment();
    for (step, first_has) in [
        ("roll-part:2", 0),
        ("roll-written", 0),
        // The new one holds; a part of the old one is deleted.
        ("roll-deleted", last),
    ] {
        let backwards = credentials(VOTERS, |n| VOTERS - 1 - n);
        server = server
            .killed_at(step, "authority", (Method::PUT, &path), backwards)
            .await;
        for cleared_up in [false, true] {
            if cleared_up {
                server.wait_until_cleared_up().await;
                assert_eq!(server.stored().await, (last + 1, last + 1), "{step}");
            }
            let find =
                |c: &mut Connection, (tenant, election)| db::roll::find(c, tenant, election, "v0");
            let voter = server.look(find).await.unwrap();
            assert_eq!(voter.credential_index, Some(first_has), "{step}");
            let manager = server.login("city", "writer").await;
            let counts = manager.get(&roll()).await.expect(200);
            assert_eq!(counts["assigned"], VOTERS, "{step}");
        }
    }
    // Withdrawn in parts too.
    let withdrawn = server.login("city", "authority").await;
    withdrawn.delete(&assignment()).await.expect(204);
    assert_eq!(server.stored().await, (last + 1, 0));
}
