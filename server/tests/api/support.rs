//! A real server on a free loopback port, with a data folder that is deleted afterwards.

use std::path::Path;
use std::time::{Duration, Instant};

use hanpyo_ledger::signature::SigningKey;
use hanpyo_server::app::{self, Running};
use hanpyo_server::auth::Secret;
use hanpyo_server::cli::{InitRequest, init};
use hanpyo_server::clock::Clock;
use hanpyo_server::config::{Config, Sources};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// Password of every account in tests.
pub const PASSWORD: &str = "correct horse battery";

/// What an administrator chooses for others; they must change it.
pub const FIRST_PASSWORD: &str = "from the administrator";

/// A complete manifest draft: a yes/no contest, one style, the city of three districts.
pub fn draft() -> Value {
    let key = |seed: u8| {
        let key = SigningKey::from_seed(&[seed; 32]).verifying_key();
        key.as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let text = |ko: &str, en: &str| json!({ "ko": ko, "en": en });
    let officer = |name: &str, seed: u8| json!({ "name": name, "key": key(seed) });
    json!({
        "title": text("무상급식 주민투표", "School meals referendum"),
        "notice": text("공고문", "Notice"),
        "profile": { "id": "시험", "basis": text("시험", "Test") },
        "schedule": { "windows": [{ "opens": 1_900_000_000, "closes": 1_900_043_200 }] },
        "contests": [{
            "title": text("무상급식", "School meals"),
            "options": [text("찬성", "Yes"), text("반대", "No")],
            "kind": { "type": "choose-one" },
            "rule": "majority",
        }],
        "styles": [{ "title": text("전체", "All"), "contests": [0] }],
        "units": [
            { "title": text("종로구", "Jongno-gu"), "parent": null },
            { "title": text("중구", "Jung-gu"), "parent": null },
            { "title": text("용산구", "Yongsan-gu"), "parent": null },
        ],
        "counting": { "floor": 5 },
        "roles": {
            "authorities": [officer("발급기관", 2)],
            "trustees": [officer("가", 3), officer("나", 4), officer("다", 5)],
            "quorum": 2,
            "tally": key(6),
        },
        "test": true,
    })
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

/// A running server.
pub struct TestServer {
    pub running: Running,
    pub clock: Clock,
    pub config: Config,
    _dir: tempfile::TempDir,
}

/// Settings that tests share: cheap password hashes, one worker.
fn settings(dir: &Path, more: &[(&str, &str)]) -> Config {
    let data = dir.join("data").display().to_string();
    let base = [
        ("storage.data_dir", data.as_str()),
        ("http.bind", "127.0.0.1:0"),
        ("http.workers", "1"),
        ("http.shutdown_seconds", "5"),
        ("auth.argon2_memory_kib", "64"),
        ("auth.argon2_passes", "1"),
    ];
    let flags = base
        .iter()
        .chain(more)
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    Config::load(&Sources {
        flags,
        ..Sources::default()
    })
    .unwrap()
}

impl TestServer {
    /// Starts with the tenant `city` and its administrator `root`.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with further settings.
    pub async fn start_with(more: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = settings(dir.path(), more);
        let clock = Clock::system();
        let request = InitRequest {
            tenant: "city".to_owned(),
            tenant_name: "City".to_owned(),
            admin: "root".to_owned(),
            password: Some(Secret::new(PASSWORD.to_owned())),
        };
        init(&config, &request, clock.now()).unwrap();
        Self::on(dir, config)
    }

    /// Starts on a folder that was used before. Its lock may be freed a moment late: between fork and exec, a process
    /// that another test starts shares the files of this one.
    pub fn on(dir: tempfile::TempDir, config: Config) -> Self {
        let clock = Clock::system();
        let patience = Instant::now() + Duration::from_secs(10);
        let running = loop {
            match app::start(config.clone(), clock.clone()) {
                Err(app::StartError::Locked(_)) if Instant::now() < patience => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                started => break started.unwrap(),
            }
        };
        Self {
            running,
            clock,
            config,
            _dir: dir,
        }
    }

    /// A client without credentials.
    pub fn anonymous(&self) -> Client {
        Client::of(&format!("http://{}", self.running.address))
    }

    /// Logs in.
    pub async fn login(&self, tenant: &str, login: &str) -> Client {
        self.anonymous().log_in(tenant, login).await
    }

    /// The administrator of `city` and of the platform.
    pub async fn root(&self) -> Client {
        self.login("city", "root").await
    }

    /// Makes an account of `city` and logs it in.
    pub async fn staff(&self, login: &str, roles: &[&str]) -> Client {
        self.staff_made_by(&self.root().await, login, roles).await
    }

    /// Makes an account of `city` as `maker` and logs it in.
    pub async fn staff_made_by(&self, maker: &Client, login: &str, roles: &[&str]) -> Client {
        let body = json!({ "login": login, "roles": roles, "password": FIRST_PASSWORD });
        maker
            .post("/api/v1/tenants/city/staff", &body)
            .await
            .expect(201);
        self.choose_password("city", login).await
    }

    /// The first log-in: changes the password that an administrator chose, and logs in again.
    pub async fn choose_password(&self, tenant: &str, login: &str) -> Client {
        let body = json!({ "tenant": tenant, "login": login, "password": FIRST_PASSWORD });
        let anyone = self.anonymous();
        let session = anyone.post("/api/v1/auth/login", &body).await.expect(200);
        assert_eq!(session["must_change_password"], true);
        let body = json!({ "current": FIRST_PASSWORD, "new": PASSWORD });
        anyone
            .with_token(session["access_token"].as_str().unwrap())
            .post("/api/v1/auth/password", &body)
            .await
            .expect(204);
        self.login(tenant, login).await
    }

    /// Makes a second tenant `town` with the administrator `mayor`, and logs in one of its staff
    /// that has every role a tenant can give.
    pub async fn town(&self) -> Client {
        let body = json!({
            "slug": "town", "name": "Town", "admin_login": "mayor", "admin_password": FIRST_PASSWORD,
        });
        self.root()
            .await
            .post("/api/v1/tenants", &body)
            .await
            .expect(201);
        let roles = [
            "tenant_admin",
            "manager",
            "approver",
            "auditor",
            "authority",
        ];
        let body = json!({ "login": "all", "roles": roles, "password": FIRST_PASSWORD });
        let mayor = self.choose_password("town", "mayor").await;
        mayor
            .post("/api/v1/tenants/town/staff", &body)
            .await
            .expect(201);
        self.choose_password("town", "all").await
    }

    /// Makes the election `meals` of `city`, submits it as `writer` and approves it as `checker`.
    pub async fn approved_election(&self) -> Client {
        let writer = self.staff("writer", &["manager"]).await;
        let checker = self.staff("checker", &["approver"]).await;
        let body = json!({ "slug": "meals", "draft": draft() });
        writer
            .post("/api/v1/tenants/city/elections", &body)
            .await
            .expect(201);
        let submitted = writer
            .if_match(Method::POST, &format!("{MEALS}/submit"), 1, None)
            .await;
        let hash = submitted.expect(200)["manifest_hash"].clone();
        let body = json!({ "manifest_hash": hash });
        let approve = format!("{MEALS}/approve");
        checker
            .if_match(Method::POST, &approve, 2, Some(&body))
            .await
            .expect(200);
        writer
    }

    /// [`Self::approved_election`] with the voters v1, v2, v3 and their credentials 2, 0, 7.
    pub async fn election_with_voters(&self) {
        let manager = self.approved_election().await;
        let roll = "voter_id,name,contact,district\n\
            v1,김하나,one@example.org,종로구\n\
            v2,이둘,two@example.org,중구\n\
            v3,박셋,010-1234-5678,중구\n";
        manager
            .csv(Method::POST, &format!("{MEALS}/roll"), roll)
            .await
            .expect(201);
        let assignment = "voter_id,credential_index\nv1,2\nv2,0\nv3,7\n";
        let authority = self.staff("authority", &["authority"]).await;
        let path = format!("{MEALS}/roll/assignment");
        authority
            .csv(Method::PUT, &path, assignment)
            .await
            .expect(200);
    }

    /// Messages in the file outbox as (recipient, text), oldest first.
    pub fn messages(&self) -> Vec<(String, String)> {
        let dir = self.config.storage.outbox_dir();
        let mut files: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'))
            .collect();
        files.sort();
        let texts = files
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap());
        texts
            .map(|text| {
                let to = text
                    .lines()
                    .next()
                    .unwrap()
                    .strip_prefix("To: ")
                    .unwrap()
                    .to_owned();
                (to, text)
            })
            .collect()
    }

    /// Waits until the outbox has `count` messages, and returns the code in the last one.
    pub async fn code_after(&self, count: usize) -> String {
        let begun = std::time::Instant::now();
        loop {
            let messages = self.messages();
            assert!(messages.len() <= count, "{messages:?}");
            if let Some((_, text)) = messages.get(count - 1) {
                return code_in(text);
            }
            assert!(begun.elapsed().as_secs() < 20, "no message came");
            tokio::task::yield_now().await;
        }
    }

    /// Stops the server and keeps its folder until the end of the test.
    pub async fn stop(self) -> tempfile::TempDir {
        self.running.stop().await;
        self._dir
    }
}

/// The six digits that stand alone in a message.
pub fn code_in(text: &str) -> String {
    let body = text.split_once("\n\n").unwrap().1;
    let mut words = body.split(|c: char| !c.is_ascii_digit()).rev();
    words.find(|word| word.len() == 6).unwrap().to_owned()
}

/// The election of most tests.
pub const MEALS: &str = "/api/v1/tenants/city/elections/meals";

/// Sends requests in one role.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    pub token: Option<String>,
}

impl Client {
    /// A client of the server at `base`, without credentials.
    pub fn of(base: &str) -> Self {
        Self {
            http: http_client(),
            base: base.to_owned(),
            token: None,
        }
    }

    /// Logs in.
    pub async fn log_in(&self, tenant: &str, login: &str) -> Self {
        let body = json!({ "tenant": tenant, "login": login, "password": PASSWORD });
        let session = self.post("/api/v1/auth/login", &body).await.expect(200);
        self.with_token(session["access_token"].as_str().unwrap())
    }

    /// The same client with a bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// A request below the server's root.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// A request that changes a version.
    pub async fn if_match(
        &self,
        method: Method,
        path: &str,
        version: i64,
        body: Option<&Value>,
    ) -> Answer {
        let request = self
            .request(method, path)
            .header("if-match", format!("\"{version}\""));
        Answer::of(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// Uploads a CSV file.
    pub async fn csv(&self, method: Method, path: &str, file: impl Into<Vec<u8>>) -> Answer {
        self.file(method, path, "text/csv; charset=utf-8", file)
            .await
    }

    pub async fn file(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        file: impl Into<Vec<u8>>,
    ) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", media_type);
        Answer::of(request.body(file.into())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body)).await
    }
}

/// A response, read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let response: Response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Asserts the status and returns the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        if self.text.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Asserts a problem with this status and code and returns the body.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{self:?}"
        );
        let body = self.json();
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status, "{body}");
        assert_eq!(body["type"], format!("urn:hanpyo:problem:{code}"), "{body}");
        let id = self.headers["x-request-id"].to_str().unwrap();
        assert_eq!(body["instance"], format!("urn:uuid:{id}"), "{body}");
        body
    }
}
