//! A program behind its pages, asked as its pages ask it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::programs::program;

/// A running `ui`; killed when dropped.
pub struct Pages {
    child: Child,
    pub host: String,
    pub token: String,
}

impl Drop for Pages {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Pages {
    /// Starts the pages of a program with a secret file, from a folder of pages.
    pub fn start(name: &str, secret: &Path, arguments: &[&str]) -> Self {
        let pages = secret.with_file_name("pages");
        std::fs::create_dir_all(&pages).unwrap();
        std::fs::write(pages.join(format!("{name}.html")), "the page").unwrap();
        let mut child = Command::new(program(name))
            .arg("--secret")
            .arg(secret)
            .args(["ui", "--pages"])
            .arg(&pages)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("http://").map(str::to_owned));
        let url = url.expect("the program prints an address");
        let (host, token) = url.split_once("/#t=").unwrap();
        Self {
            child,
            host: host.to_owned(),
            token: token.to_owned(),
        }
    }

    /// Sends a request with these headers (each line ends with CR LF).
    pub fn raw(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
        Answer { status, body }
    }

    /// A request as the page makes it.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let headers = format!(
            "host: {0}\r\norigin: http://{0}\r\nsec-fetch-site: same-origin\r\nauthorization: Bearer {1}\r\ncontent-type: application/json\r\n",
            self.host, self.token
        );
        self.raw(method, path, &headers, body)
    }

    /// What the program says.
    pub fn state(&self) -> Value {
        let answer = self.ask("GET", "/api/state", "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Begins a job; gives its number.
    pub fn begin(&self, request: &Value) -> u64 {
        let answer = self.ask("POST", "/api/jobs", &request.to_string());
        assert_eq!(answer.status, 202, "{request}: {}", answer.body);
        answer.json()["number"].as_u64().unwrap()
    }

    /// Waits until the job has one of these states; gives what the program says then.
    pub fn until(&self, states: &[&str]) -> Value {
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            let state = self.state();
            let job = &state["job"];
            if states.contains(&job["state"].as_str().unwrap_or_default()) {
                return state;
            }
            assert!(Instant::now() < end, "{states:?} never came: {job}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Carries out a job that must be done.
    pub fn done(&self, request: &Value) -> Value {
        self.begin(request);
        let state = self.until(&["done", "refused", "later", "stopped"]);
        assert_eq!(state["job"]["state"], "done", "{request}: {}", state["job"]);
        state["view"].clone()
    }

    /// Carries out a job that must be refused; gives the code.
    pub fn refused(&self, request: &Value) -> String {
        self.begin(request);
        let state = self.until(&["done", "refused", "later", "stopped"]);
        let code = state["job"]["refusal"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{request} was not refused: {}", state["job"]))
            .to_owned()
    }
}
