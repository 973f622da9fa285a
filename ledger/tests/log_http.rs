//! Reading a record over HTTP, from a server that misbehaves on command.
#![cfg(feature = "http")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hanpyo_ledger::log::http::{HttpConfig, HttpSource};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::publish::{NoCosigners, Publication, create_log};
use hanpyo_ledger::log::reader::Record;
use hanpyo_ledger::log::source::{SourceError, TileSource};
use hanpyo_ledger::log::writer::TileWriter;
use log_support::{checkpoint, entries, frontier, log_signer};

/// What the server does with one request instead of serving the file.
#[derive(Clone)]
enum Answer {
    Raw(&'static str),
    Hang,
    Close,
}

#[derive(Clone, Default)]
struct Server {
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves on a free port below `/board/`; gives the URL prefix.
    fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let server = server.clone();
                std::thread::spawn(move || server.serve(stream.unwrap()));
            }
        });
        format!("http://{address}/board/")
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let mut request = String::new();
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                request += &line;
            }
            let path = request.split(' ').nth(1).unwrap().to_owned();
            self.requests.lock().unwrap().push(request);
            let answer = self.answers.lock().unwrap().pop_front();
            let head = match answer {
                Some(Answer::Raw(answer)) => {
                    stream.write_all(answer.as_bytes()).unwrap();
                    return;
                }
                Some(Answer::Hang) => {
                    // Until the client gives up.
                    let _ended = reader.read_line(&mut String::new());
                    return;
                }
                Some(Answer::Close) => return,
                None => self
                    .files
                    .lock()
                    .unwrap()
                    .get(path.strip_prefix("/board/").unwrap_or(""))
                    .cloned(),
            };
            let (status, body) =
                head.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            stream
                .write_all(&[head.as_bytes(), &body].concat())
                .unwrap();
        }
    }

    fn answer(&self, answers: &[Answer]) {
        self.answers.lock().unwrap().extend(answers.iter().cloned());
    }

    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes);
    }

    fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

fn quick() -> HttpConfig {
    HttpConfig {
        request_timeout: Duration::from_secs(10),
        attempts: 3,
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(50),
        ..HttpConfig::default()
    }
}

const UNAVAILABLE: Answer = Answer::Raw(
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n",
);

#[test]
fn a_whole_record_is_read_and_verified() {
    let store = MemoryStore::new();
    create_log(&store, &checkpoint(0, frontier(0).root())).unwrap();
    let (writer, batch) = TileWriter::new().append(&entries(600)).unwrap();
    let signed = checkpoint(600, writer.frontier().root());
    let key = log_signer().verifier_key().clone();
    Publication::new(batch, signed, &key)
        .unwrap()
        .run(&store, &mut NoCosigners)
        .unwrap();
    let server = Server::default();
    for (path, bytes) in store.files() {
        server.put(&path, bytes);
    }
    let source = HttpSource::new(&server.start(), quick());
    server.answer(&[UNAVAILABLE]);
    let record = Record::open(source, &key).unwrap();
    let read: Vec<Vec<u8>> = record
        .tree()
        .entries(0)
        .map(|item| item.unwrap().1)
        .collect();
    assert_eq!(read, entries(600));
    let requests = server.requests.lock().unwrap();
    assert!(
        requests
            .iter()
            .all(|request| request.to_lowercase().contains("accept-encoding: identity"))
    );
}

#[test]
fn passing_failures_are_tried_again_and_lasting_ones_reported() {
    let server = Server::default();
    server.put("checkpoint", b"hello".to_vec());
    let source = HttpSource::new(&server.start(), quick());
    let cut = Answer::Raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel");
    let too_many = Answer::Raw("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
    for passing in [UNAVAILABLE, Answer::Close, cut, too_many] {
        server.answer(&[passing.clone(), passing]);
        let before = server.count();
        assert_eq!(source.fetch("checkpoint", 100).unwrap(), b"hello");
        assert_eq!(server.count() - before, 3);
    }
    // A wait that the server asks for is held to our limit.
    server.answer(&[UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
    let start = Instant::now();
    let error = source.fetch("checkpoint", 100).unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_server_that_hangs_is_given_up_on() {
    let server = Server::default();
    server.put("checkpoint", b"hello".to_vec());
    let impatient = HttpConfig {
        request_timeout: Duration::from_secs(1),
        ..quick()
    };
    let source = HttpSource::new(&server.start(), impatient);
    server.answer(&[Answer::Hang]);
    assert_eq!(source.fetch("checkpoint", 100).unwrap(), b"hello");
    assert_eq!(server.count(), 2);
    server.answer(&[Answer::Hang, Answer::Hang, Answer::Hang]);
    assert!(matches!(
        source.fetch("checkpoint", 100),
        Err(SourceError::Failed { .. })
    ));
}

#[test]
fn not_found_is_an_answer_and_not_tried_again() {
    let server = Server::default();
    let source = HttpSource::new(&server.start(), quick());
    match source.fetch("tile/0/000.p/5", 100) {
        Err(SourceError::NotFound { path }) => assert_eq!(path, "tile/0/000.p/5"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.count(), 1);
    // What a store of objects says of one that is not there.
    server.answer(&[Answer::Raw(
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    )]);
    assert!(matches!(
        source.fetch("tile/0/000", 100),
        Err(SourceError::NotFound { .. })
    ));
    for status in ["400 Bad Request", "401 Unauthorized"] {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        server.answer(&[Answer::Raw(answer.leak())]);
        assert!(matches!(
            source.fetch("checkpoint", 100),
            Err(SourceError::Failed { .. })
        ));
    }
    assert_eq!(server.count(), 4);
}

#[test]
fn answers_over_the_limit_are_not_read() {
    let server = Server::default();
    server.put("exact", vec![1; 100]);
    server.put("over", vec![1; 101]);
    server.put("huge", vec![1; 1_000_000]);
    let source = HttpSource::new(&server.start(), quick());
    assert_eq!(source.fetch("exact", 100).unwrap().len(), 100);
    for path in ["over", "huge"] {
        assert!(matches!(
            source.fetch(path, 100),
            Err(SourceError::TooLarge { limit: 100, .. })
        ));
    }
    // Without a length, ended by closing.
    server.answer(&[Answer::Raw("HTTP/1.0 200 OK\r\n\r\n0123456789")]);
    assert!(matches!(
        source.fetch("x", 9),
        Err(SourceError::TooLarge { .. })
    ));
}

#[test]
fn compressed_answers_and_bad_urls_are_refused() {
    let server = Server::default();
    let source = HttpSource::new(&server.start(), quick());
    server.answer(&[Answer::Raw(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    )]);
    let error = source.fetch("checkpoint", 100).unwrap_err();
    assert!(error.to_string().contains("gzip"), "{error}");
    let source = HttpSource::new("no url", quick());
    assert!(matches!(
        source.fetch("checkpoint", 100),
        Err(SourceError::Failed { .. })
    ));
    // Nobody listens there.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let source = HttpSource::new(&format!("http://{free}"), quick());
    assert!(matches!(
        source.fetch("checkpoint", 100),
        Err(SourceError::Failed { .. })
    ));
}
