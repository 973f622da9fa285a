//! The server as a process of its own, to be killed.

use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use hanpyo_server::auth::{Keys, Tokens, VoterClaims};
use hanpyo_server::clock::Clock;
use hanpyo_server::config::Config;
use hanpyo_server::ids::{ElectionId, TenantId};

use super::support::{Client, Planted, settings};

/// How long a server may take to start or stop, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Process {
    child: Child,
    pub client: Client,
    tokens: Tokens,
    clock: Clock,
    ids: (TenantId, ElectionId),
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The settings of a server on `dir`, as arguments.
pub fn arguments(dir: &std::path::Path, port: u16, more: &[(&str, &str)]) -> Vec<String> {
    let bind = format!("127.0.0.1:{port}");
    let mut more = more.to_vec();
    more.push(("http.bind", &bind));
    let mut arguments = vec!["serve".to_owned()];
    for (name, value) in settings(dir, &more) {
        arguments.extend(["--set".to_owned(), format!("{name}={value}")]);
    }
    arguments
}

impl Process {
    /// Starts a server on the planted folder; it kills itself at `stop_at`.
    pub async fn start(
        planted: &Planted,
        ids: (TenantId, ElectionId),
        stop_at: Option<&str>,
        more: &[(&str, &str)],
    ) -> Self {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"));
        command.args(arguments(planted.dir.path(), port, more));
        if let Some(step) = stop_at {
            command.env("HANPYO_STOP_AT", step);
        }
        Self::spawn(command, port, &planted.config, &planted.slug, ids).await
    }

    /// Runs `command`, which starts a server on `port` sooner or later.
    pub async fn spawn(
        mut command: Command,
        port: u16,
        config: &Config,
        slug: &str,
        ids: (TenantId, ElectionId),
    ) -> Self {
        let child = command
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stderr(stderr())
            .spawn()
            .unwrap();
        let clock = Clock::system();
        let keys = Keys::load(&config.storage.keys_dir()).unwrap();
        let mut process = Self {
            child,
            client: Client::new(&format!("http://127.0.0.1:{port}"), slug),
            tokens: Tokens::new(&keys.token, config, clock.clone()).unwrap(),
            clock,
            ids,
        };
        process.wait_until_ready().await;
        process
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    async fn wait_until_ready(&mut self) {
        let start = Instant::now();
        loop {
            let answer = self.client.try_get_at("/readyz").await;
            if answer.is_some_and(|answer| answer.status == 200) || self.has_ended() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// A voter session of a credential.
    pub fn voter(&self, credential: u32) -> Client {
        let claims = VoterClaims {
            sub: serde_json::from_str("1").unwrap(),
            tid: self.ids.0,
            eid: self.ids.1,
            idx: credential,
            auth_time: self.clock.now() / 1_000,
        };
        let issued = self.tokens.issue_voter(claims).unwrap().unwrap();
        self.client.with_token(issued.token.expose())
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        self.child.kill().unwrap_or_default();
        self.child.wait().unwrap();
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGTERM, and the end.
    pub async fn stop(mut self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(status.unwrap().success());
        let status = self.ended().await;
        assert!(status.success(), "{status}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the server's log goes: nowhere, or with `HANPYO_TEST_LOG` to the test's own.
fn stderr() -> Stdio {
    if std::env::var_os("HANPYO_TEST_LOG").is_some() {
        Stdio::inherit()
    } else {
        Stdio::null()
    }
}
