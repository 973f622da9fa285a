//! The program itself, as a process: exit codes, signals, a data folder from beginning to backup.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use reqwest::StatusCode;
use serde_json::json;

fn server(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"));
    command.env_clear();
    for setting in [
        format!("storage.data_dir={}", data.display()),
        "http.bind=127.0.0.1:0".to_owned(),
        "auth.argon2_memory_kib=64".to_owned(),
    ] {
        command.args(["--set", &setting]);
    }
    command
}

#[track_caller]
fn run(command: &mut Command, code: i32) -> (String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let texts = (
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    );
    assert_eq!(status.code(), Some(code), "{texts:?}");
    texts
}

/// A server that was started, and its address from its log.
struct Serving {
    process: Child,
    address: String,
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut process = server(data)
            .arg("serve")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = log
            .find(|line| line.as_ref().unwrap().contains("hanpyo-server listens"))
            .expect("it ended before it listened")
            .unwrap();
        let address = line.rsplit_once("127.0.0.1:").unwrap().1;
        let port: String = address.chars().take_while(char::is_ascii_digit).collect();
        // The rest of the log is read, so that the process never waits for us.
        std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
        }
    }

    async fn login(&self, tenant: &str, login: &str, password: &str) -> StatusCode {
        let body = json!({ "tenant": tenant, "login": login, "password": password });
        let url = format!("{}/api/v1/auth/login", self.address);
        // The client speaks no TLS here but asks for a provider all the same.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        reqwest::Client::new()
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    }

    fn stop(mut self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // After a failed assertion; one that was stopped is gone already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[tokio::test]
async fn a_folder_from_init_over_serving_to_a_backup_that_serves() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run(server(&data).arg("serve"), 2);
    let init = [
        "init",
        "--tenant",
        "city",
        "--tenant-name",
        "서울",
        "--admin",
        "alice",
    ];
    let (told, _) = run(server(&data).args(init), 0);
    let password = told
        .lines()
        .find_map(|line| line.strip_prefix("password      "))
        .unwrap();
    let password = password.split_whitespace().next().unwrap().to_owned();
    let (_, refused) = run(server(&data).args(init), 2);
    assert!(refused.contains("never overwrites"), "{refused}");

    let serving = Serving::start(&data);
    assert_eq!(
        serving.login("city", "alice", &password).await,
        StatusCode::OK
    );
    assert_eq!(
        serving.login("city", "alice", "wrong password").await,
        StatusCode::UNAUTHORIZED
    );
    let (_, refused) = run(server(&data).arg("serve"), 1);
    assert!(refused.contains("another hanpyo-server"), "{refused}");
    // A backup needs no pause.
    let copy = dir.path().join("copy");
    let to = copy.display().to_string();
    let (_, refused) = run(
        server(&data).args(["backup", "--to", &data.display().to_string()]),
        2,
    );
    assert!(refused.contains("exists"), "{refused}");
    run(server(&data).args(["backup", "--to", &to]), 0);
    serving.stop("-TERM");

    let (checked, _) = run(server(&data).arg("fsck"), 0);
    assert_eq!(checked, "no problems found\n");
    let (checked, _) = run(server(&copy).arg("fsck"), 1);
    assert!(checked.contains("this is a backup"), "{checked}");
    let serving = Serving::start(&copy);
    assert_eq!(
        serving.login("city", "alice", &password).await,
        StatusCode::OK
    );
    let board = data.join("board").display().to_string();
    let (_, refused) = run(server(&copy).args(["adopt", "--board", &board]), 1);
    assert!(refused.contains("another hanpyo-server"), "{refused}");
    serving.stop("-INT");

    run(server(&copy).arg("adopt"), 2);
    let (_, refused) = run(server(&data).args(["adopt", "--board", &board]), 1);
    assert!(refused.contains("no backup copy"), "{refused}");
    // It has no log: a place that has none either proves nothing.
    let (_, refused) = run(server(&copy).args(["adopt", "--board", &board]), 1);
    assert!(
        refused.contains("has no log of this installation"),
        "{refused}"
    );
    let (told, _) = run(server(&copy).args(["adopt", "--nothing-published"]), 0);
    assert!(told.starts_with("0 log(s) compared"), "{told}");
    let (checked, _) = run(server(&copy).arg("fsck"), 0);
    assert_eq!(checked, "no problems found\n");
}

#[tokio::test]
async fn the_first_password_may_come_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("password"));
    std::fs::write(&file, "a password from a file\n").unwrap();
    let file = file.display().to_string();
    let (told, _) = run(server(&data).args(["init", "--password-file", &file]), 0);
    assert!(!told.contains("password"), "{told}");
    let serving = Serving::start(&data);
    assert_eq!(
        serving
            .login("main", "admin", "a password from a file")
            .await,
        StatusCode::OK
    );
    serving.stop("-TERM");
}

#[test]
fn all_problems_of_the_settings_are_told_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = server(dir.path());
    command.args([
        "--set",
        "http.workers=0",
        "--set",
        "log.filter=x=y=z",
        "serve",
    ]);
    command
        .env("HANPYO_VOTER_CODE_MINUTES", "many")
        .env("HANPYO_HTTP_BINDS", "x");
    let (_, told) = run(&mut command, 2);
    for name in [
        "http.workers",
        "log.filter",
        "voter.code_minutes",
        "HANPYO_HTTP_BINDS",
    ] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(told.contains("4 problems"), "{told}");
    run(
        server(dir.path()).arg("--set").arg("nonsense").arg("serve"),
        2,
    );
    run(server(dir.path()).arg("dance"), 2);
}

#[test]
fn help_and_settings_explain_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let (help, _) = run(server(dir.path()).arg("--help"), 0);
    for command in [
        "serve",
        "init",
        "backup",
        "adopt",
        "fsck",
        "openapi",
        "config",
        "Exit codes",
    ] {
        assert!(help.contains(command), "{command}: {help}");
    }
    let (settings, _) = run(server(dir.path()).arg("config"), 0);
    assert!(settings.contains("HANPYO_STORAGE_DATA_DIR"), "{settings}");
    // What it prints is a settings file once the comments are removed, and changes nothing.
    let file = dir.path().join("hanpyo.toml");
    let text: String = settings
        .lines()
        .filter(|line| line.starts_with('[') || (line.contains(" = ") && !line.ends_with("= ")))
        .map(|line| format!("{}\n", line.trim_start_matches("# ")))
        .collect();
    std::fs::write(&file, text).unwrap();
    let mut fsck = Command::new(env!("CARGO_BIN_EXE_hanpyo-server"));
    fsck.env_clear()
        .current_dir(dir.path())
        .args(["--config", "hanpyo.toml", "fsck"]);
    // The settings are taken; the folder they name is not there.
    let (problems, _) = run(&mut fsck, 1);
    assert!(problems.contains("is missing"), "{problems}");
    let (openapi, _) = run(server(dir.path()).arg("openapi"), 0);
    assert!(openapi.contains("\"openapi\": \"3.1.0\""));
}

#[test]
fn bad_input_is_one_line_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("junk"), [0xff, 0xfe, 0x00]).unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    let before = std::fs::read_dir(dir.path()).unwrap().count();
    let (empty, junk, folder, copy) = (path("empty"), path("junk"), path("folder"), path("copy"));
    let (missing, fresh) = (path("missing"), path("fresh"));
    let cases: &[(&str, &[&str], &str)] = &[
        (&fresh, &[], "a command is needed"),
        (&fresh, &["dance"], "unrecognized subcommand 'dance'"),
        (&fresh, &["serve", "--fast"], "unexpected argument '--fast'"),
        (&fresh, &["backup"], "--to <FOLDER>"),
        (&fresh, &["serve", "--config", &missing], "No such file"),
        (&fresh, &["serve", "--config", &folder], "Is a directory"),
        (&fresh, &["serve", "--config", &junk], "UTF-8"),
        (&fresh, &["serve", "--set", "http.bind=x"], "http.bind: "),
        (&fresh, &["serve"], "no data folder"),
        (&folder, &["serve"], "no data folder"),
        (&empty, &["serve"], "no data folder"),
        (&fresh, &["backup", "--to", &copy], "no data folder"),
        (&empty, &["init"], "Not a directory"),
        (&fresh, &["init", "--tenant", "A B"], "--tenant: "),
        (&fresh, &["init", "--admin", "a b"], "--admin: "),
        (
            &fresh,
            &["init", "--password-file", &missing],
            "No such file",
        ),
        (
            &fresh,
            &["init", "--password-file", &folder],
            "Is a directory",
        ),
        (&fresh, &["init", "--password-file", &junk], "UTF-8"),
        (&fresh, &["init", "--password-file", &empty], "at least 12"),
    ];
    for (data, arguments, expected) in cases {
        let (out, told) = run(server(Path::new(data)).args(*arguments), 2);
        assert_eq!(out, "", "{arguments:?}");
        assert_eq!(told.lines().count(), 1, "{arguments:?}: {told}");
        assert!(told.starts_with("hanpyo-server: "), "{told}");
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), before);
}
