//! A server with an election whose every key the test holds.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use data_encoding::HEXLOWER;
use hanpyo_crypto::contest::Selection;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::policy::Policy;
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_server::app::{self, Running};
use hanpyo_server::auth::{Secret, VoterClaims};
use hanpyo_server::cli::{InitRequest, init};
use hanpyo_server::clock::Clock;
use hanpyo_server::config::{Config, Sources};
use hanpyo_server::db::elections::{DraftColumns, NewElection};
use hanpyo_server::db::{self, Db, DbError};
use hanpyo_server::draft::ServerPart;
use hanpyo_server::ids::{ElectionId, TenantId};
use hanpyo_testkit::{Election, ElectionSpec, VoterSpec};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// Password of every account in tests.
pub const PASSWORD: &str = "correct horse battery";
/// What an administrator chooses for others; they must change it.
pub const FIRST_PASSWORD: &str = "from the administrator";
/// Tenant and election in the testkit's origin.
pub const TENANT: &str = "kit";

pub fn now() -> u64 {
    u64::try_from(Clock::system().now() / 1_000).unwrap()
}

/// A yes/no referendum that may be opened at once and closes in an hour.
pub fn spec(voters: usize) -> ElectionSpec {
    ElectionSpec {
        opens: now() - 1_000,
        closes: now() + 3_600,
        grace: 0,
        ..ElectionSpec::yes_no(voters)
    }
}

/// Boxed, because it is too large for a test's stack.
pub fn kit(spec: ElectionSpec) -> Box<Election> {
    Box::new(Election::new(spec))
}

/// A data folder with an approved election.
pub struct Planted {
    pub dir: tempfile::TempDir,
    pub config: Config,
    /// Every role, and the record as it should become.
    pub kit: Box<Election>,
    pub slug: String,
}

pub fn settings(dir: &Path, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let data = dir.join("data").display().to_string();
    let base = [
        ("storage.data_dir", data.as_str()),
        ("http.bind", "127.0.0.1:0"),
        ("http.workers", "1"),
        ("http.shutdown_seconds", "5"),
        ("auth.argon2_memory_kib", "64"),
        ("auth.argon2_passes", "1"),
        ("ledger.sequence_ms", "20"),
        ("ledger.schedule_ms", "20"),
        ("ledger.cast_linger_ms", "1"),
    ];
    base.iter()
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .chain(more)
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect()
}

pub fn config(dir: &Path, more: &[(&str, &str)]) -> Config {
    Config::load(&Sources {
        flags: settings(dir, more),
        ..Sources::default()
    })
    .unwrap()
}

impl Planted {
    pub fn new(spec: ElectionSpec) -> Self {
        Self::with(kit(spec), &[])
    }

    /// Makes the data folder and puts the kit's election there, approved.
    pub fn with(kit: Box<Election>, more: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path(), more);
        let request = InitRequest {
            tenant: TENANT.to_owned(),
            tenant_name: "Kit".to_owned(),
            admin: "root".to_owned(),
            password: Some(Secret::new(PASSWORD.to_owned())),
        };
        init(&config, &request, Clock::system().now()).unwrap();
        let slug = kit.spec.origin().rsplit('/').next().unwrap().to_owned();
        let planted = Self {
            dir,
            config,
            kit,
            slug,
        };
        planted.plant(&planted.kit);
        planted
    }

    /// Puts an election into the database, approved, with its keys. Gives its slug.
    pub fn plant(&self, kit: &Election) -> String {
        let slug = kit.spec.origin().rsplit('/').next().unwrap().to_owned();
        self.write_keys(kit, &slug);
        self.approve(kit, &slug);
        slug
    }

    fn write_keys(&self, kit: &Election, slug: &str) {
        let folder = self.config.storage.keys_dir().join(slug);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        let write = |name: &str, text: &str| {
            use std::io::Write as _;
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(folder.join(name))
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
        };
        let keys = &kit.keys;
        write("log.key", &keys.log.to_secret_text());
        write("acknowledgement.key", &keys.acknowledgement.to_text());
        write("commission.key", &keys.commission.to_text());
    }

    fn approve(&self, kit: &Election, slug: &str) {
        let db = Db::open(&self.config.storage.database(), &self.config.storage).unwrap();
        let keys = &kit.keys;
        let server = ServerPart {
            origin: kit.spec.origin(),
            log_vkey: keys.log.verifier_key().to_string(),
            acknowledgement_key: HEXLOWER.encode(keys.acknowledgement.verifying_key().as_bytes()),
            commission_key: HEXLOWER.encode(keys.commission.verifying_key().as_bytes()),
        };
        let (slug, manifest) = (slug.to_owned(), kit.manifest.clone());
        let voters = kit.spec.voters.clone();
        let hash = kit.hash;
        let job = move |c: &mut db::Connection| {
            let tenant = db::tenants::find(c, TENANT)?.unwrap().id;
            let author = db::staff::list(c, tenant)?[0].id;
            let columns = DraftColumns {
                title_ko: "시험".to_owned(),
                title_en: "Test".to_owned(),
                draft: "{}".to_owned(),
            };
            let new = NewElection {
                tenant,
                slug: &slug,
                server: &server,
                keys_folder: &slug,
                columns: &columns,
                author,
            };
            db::elections::create(c, &new, 1)?;
            let draft = db::elections::find(c, tenant, &slug)?.unwrap();
            let _submitted = db::elections::submit(c, &draft, author, 2)?;
            let submitted = db::elections::find(c, tenant, &slug)?.unwrap();
            let bytes = manifest.canonical_bytes();
            let mh = hash.as_bytes();
            let _approved = db::elections::approve(c, &submitted, author, &bytes, mh, 3)?;
            import_roll(c, (tenant, draft.id), &voters)
        };
        // Its own thread, because it blocks and the test drives a runtime.
        let writer = std::thread::spawn(move || db.write_blocking::<(), DbError, _>(job));
        writer.join().unwrap().unwrap();
    }

    pub fn board(&self) -> std::path::PathBuf {
        self.config
            .storage
            .board_dir()
            .join(TENANT)
            .join(&self.slug)
    }

    /// Starts a server on the folder.
    pub fn start(self) -> Server {
        self.start_at(Clock::system())
    }

    pub fn start_at(self, clock: Clock) -> Server {
        let running = start_when_unlocked(&self.config, &clock);
        let base = format!("http://{}", running.address);
        Server {
            client: Client::new(&base, &self.slug),
            running,
            clock,
            planted: self,
        }
    }

    /// All entries of the board, every hash checked.
    pub fn entries(&self) -> Vec<Vec<u8>> {
        read_board(&self.board(), &self.kit)
    }
}

/// The kit's voters as the roll, each with the credential that the kit issues to it.
pub fn import_roll(
    c: &mut db::Connection,
    (tenant_id, election_id): (TenantId, ElectionId),
    voters: &[VoterSpec],
) -> Result<(), DbError> {
    let mut credentials = HashMap::new();
    for (index, voter) in (0..).zip(voters) {
        let row = db::roll::NewRow {
            tenant_id,
            election_id,
            version: 0,
            voter_id: format!("v{index}"),
            name: "시험".to_owned(),
            contact: format!("v{index}@example.org"),
            unit: voter.unit.into(),
            style: voter.style.into(),
            weight: voter.weight.into(),
        };
        db::roll::insert(c, &[row])?;
        credentials.insert(format!("v{index}"), index);
    }
    if !credentials.is_empty() {
        let owner = (tenant_id, election_id);
        assert!(db::roll::assign(c, owner, 0, &credentials)?);
        db::roll_changes::set_assignment(c, owner, Some(0))?;
    }
    Ok(())
}

/// All entries of a board, every hash checked, and each as docs/protocol.cddl says.
pub fn read_board(folder: &Path, kit: &Election) -> Vec<Vec<u8>> {
    let key = kit.keys.log.verifier_key();
    let record = Record::open(FolderSource::new(folder), key).unwrap();
    let entries = record.tree().entries(0);
    let entries: Vec<_> = entries.map(|entry| entry.unwrap().1).collect();
    entries
        .iter()
        .for_each(|entry| hanpyo_testkit::assert_conforms(entry));
    entries
}

/// A running server.
pub struct Server {
    pub running: Running,
    pub clock: Clock,
    pub client: Client,
    pub planted: Planted,
}

impl Server {
    pub async fn stop(self) -> Planted {
        self.running.stop().await;
        self.planted
    }

    /// Stops and starts again.
    pub async fn restart(self) -> Self {
        let clock = self.clock.clone();
        self.stop().await.start_at(clock)
    }

    pub fn kit(&mut self) -> &mut Election {
        &mut self.planted.kit
    }

    /// Posts the kit's entries after the manifest, from `first` on, one by one.
    pub async fn post_entries_from(&self, first: usize) {
        for (index, entry) in self.planted.kit.entries.iter().enumerate().skip(first) {
            let answer = self.client.entry(entry).await;
            assert!([200, 201].contains(&answer.status), "{index}: {answer:?}");
            assert_eq!(answer.json()["index"], index, "{answer:?}");
        }
    }

    /// Ceremony, drill, roll; then waits until the schedule has opened voting.
    pub async fn open(&mut self) {
        self.kit().set_up();
        self.post_entries_from(1).await;
        self.wait_for_phase("open").await;
    }

    pub async fn phase(&self) -> String {
        let public = self.client.get("public").await.expect(200);
        public["phase"].as_str().unwrap().to_owned()
    }

    pub async fn wait_for_phase(&self, phase: &str) {
        for _ in 0..500 {
            if self.phase().await == phase {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("no phase {phase}; it is {}", self.phase().await);
    }

    /// A voter session of a credential that begins now.
    pub async fn voter(&self, credential: u32) -> Client {
        self.voter_since(credential, 0).await
    }

    /// A voter session that began `offset` milliseconds from now.
    pub async fn voter_since(&self, credential: u32, offset: i64) -> Client {
        let ledger = self
            .running
            .state
            .ledgers
            .find(TENANT, &self.planted.slug)
            .unwrap();
        let claims = VoterClaims {
            sub: serde_json::from_value(json!(1)).unwrap(),
            tid: ledger.id().tenant,
            eid: ledger.id().election,
            idx: credential,
            auth_time: (self.clock.now() + offset) / 1_000,
        };
        let issued = self.running.state.tokens.issue_voter(claims);
        let token = issued.unwrap().unwrap().token;
        self.client.with_token(token.expose())
    }

    /// A yes/no ballot of a credential.
    pub fn ballot(&mut self, credential: u32, choice: Option<usize>) -> Vec<u8> {
        let ballot = self
            .kit()
            .ballot(credential, &[Selection::ChooseOne(choice)]);
        Entry::from(ballot).encode().unwrap()
    }

    /// Casts and checks acknowledgement and receipt.
    pub async fn cast(&mut self, credential: u32, choice: usize) -> Vec<u8> {
        let ballot = self.ballot(credential, Some(choice));
        let selections = [Selection::ChooseOne(Some(choice))];
        let values = self.kit().plaintext(credential, &selections);
        self.kit().plain.insert(credential, values);
        let voter = self.voter(credential).await;
        let answer = voter.cast(&ballot).await;
        let code = self.check_acknowledgement(&answer);
        self.check_receipt(&code, &ballot).await;
        ballot
    }

    pub fn check_acknowledgement(&self, answer: &Answer) -> String {
        assert_eq!(answer.status, 200, "{answer:?}");
        let acknowledgement = Acknowledgement::decode(&answer.bytes).unwrap();
        acknowledgement.verify(&self.planted.kit.manifest).unwrap();
        acknowledgement.confirmation_code.to_string()
    }

    pub async fn check_receipt(&self, code: &str, ballot: &[u8]) {
        let answer = self.client.get(&format!("ballots/{code}?wait=10")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let receipt = Receipt::parse(&answer.bytes).unwrap();
        let policy = format!(
            "log {}\nquorum none\n",
            self.planted.kit.keys.log.verifier_key()
        );
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        receipt.verify(&policy).unwrap();
        assert_eq!(receipt.extra(), ballot);
    }

    /// Runs a statement on the database, as an import or an assignment would change the roll.
    pub async fn change_roll(&self, sql: &'static str) {
        use diesel::RunQueryDsl as _;
        let job = move |c: &mut db::Connection| Ok(diesel::sql_query(sql).execute(c)?);
        let changed = self.running.state.db.write::<_, DbError, _>(job).await;
        assert!(changed.unwrap() > 0, "{sql}");
    }

    /// Logs a member of staff in.
    pub async fn staff(&self, login: &str, roles: &[&str]) -> Client {
        let root = self.client.log_in(TENANT, "root").await;
        self.staff_made_by(&root, login, roles).await
    }

    /// Makes an account as `maker` and logs it in.
    pub async fn staff_made_by(&self, maker: &Client, login: &str, roles: &[&str]) -> Client {
        let body = json!({ "login": login, "roles": roles, "password": FIRST_PASSWORD });
        maker
            .post_at(&format!("/api/v1/tenants/{TENANT}/staff"), &body)
            .await
            .expect(201);
        self.client.choose_password(TENANT, login).await
    }
}

/// An HTTP client. The workspace's reqwest brings no provider of cryptography for TLS of its own.
pub fn http_client() -> reqwest::Client {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another test was faster, with the same provider.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    // Servers end idle connections after 5 seconds; on a busy machine a request is sent just then and lost.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0);
    client.build().unwrap()
}

/// Sends requests about the election.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    election: String,
    token: Option<String>,
}

impl Client {
    pub fn new(base: &str, slug: &str) -> Self {
        Self {
            http: http_client(),
            base: base.to_owned(),
            election: format!("{base}/api/v1/tenants/{TENANT}/elections/{slug}"),
            token: None,
        }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub async fn log_in(&self, tenant: &str, login: &str) -> Self {
        self.log_in_with(tenant, login, PASSWORD).await
    }

    async fn log_in_with(&self, tenant: &str, login: &str, password: &str) -> Self {
        let body = json!({ "tenant": tenant, "login": login, "password": password });
        let session = self.post_at("/api/v1/auth/login", &body).await.expect(200);
        self.with_token(session["access_token"].as_str().unwrap())
    }

    /// The first log-in: changes the password that an administrator chose, and logs in again.
    pub async fn choose_password(&self, tenant: &str, login: &str) -> Self {
        let newcomer = self.log_in_with(tenant, login, FIRST_PASSWORD).await;
        let body = json!({ "current": FIRST_PASSWORD, "new": PASSWORD });
        newcomer
            .post_at("/api/v1/auth/password", &body)
            .await
            .expect(204);
        self.log_in(tenant, login).await
    }

    /// A client for another election.
    pub fn of_election(&self, slug: &str) -> Self {
        let token = self.token.clone();
        Self {
            token,
            ..Self::new(&self.base, slug)
        }
    }

    /// The answer, if there is one.
    pub async fn try_get_at(&self, path: &str) -> Option<Answer> {
        let request = self.request(Method::GET, format!("{}{path}", self.base));
        Answer::try_of(request).await
    }

    /// The answer, if there is one.
    pub async fn try_cast(&self, ballot: &[u8]) -> Option<Answer> {
        let request = self.request(Method::POST, format!("{}/ballots", self.election));
        Answer::try_of(request.body(ballot.to_vec())).await
    }

    pub fn request(&self, method: Method, url: String) -> RequestBuilder {
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, format!("{}/{path}", self.election))).await
    }

    pub async fn get_at(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, format!("{}/{path}", self.election));
        Answer::of(request.json(body)).await
    }

    pub async fn post_at(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, format!("{}{path}", self.base));
        Answer::of(request.json(body)).await
    }

    pub async fn post_bytes(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, format!("{}/{path}", self.election));
        Answer::of(
            request
                .header("content-type", "application/cbor")
                .body(body),
        )
        .await
    }

    /// The answer, if there is one.
    pub async fn try_entry(&self, entry: &[u8]) -> Option<Answer> {
        let request = self.request(Method::POST, format!("{}/entries", self.election));
        Answer::try_of(request.body(entry.to_vec())).await
    }

    pub async fn entry(&self, entry: &[u8]) -> Answer {
        self.post_bytes("entries", entry.to_vec()).await
    }

    pub async fn cast(&self, ballot: &[u8]) -> Answer {
        self.post_bytes("ballots", ballot.to_vec()).await
    }
}

/// A response, read.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {}",
            self.status,
            String::from_utf8_lossy(&self.bytes)
        )
    }
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        Self::try_of(request).await.expect("an answer")
    }

    async fn try_of(request: RequestBuilder) -> Option<Self> {
        let response: Response = request.send().await.ok()?;
        Some(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            bytes: response.bytes().await.ok()?.to_vec(),
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let body = self.json();
        assert_eq!(body["code"], code, "{body}");
        body
    }
}

/// Starts a server. The crash tests start processes in other threads, and between its fork and its exec
/// such a process shares the lock of a server that was just stopped here, so the lock may be freed a
/// moment late.
fn start_when_unlocked(config: &hanpyo_server::config::Config, clock: &Clock) -> app::Running {
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        match app::start(config.clone(), clock.clone()) {
            Err(app::StartError::Locked(_)) if std::time::Instant::now() < patience => {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            started => return started.unwrap(),
        }
    }
}
