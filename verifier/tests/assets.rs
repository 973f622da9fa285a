//! `hanpyo-verify assets`: pages as announced pass; a page that differs in any way a browser would
//! see does not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use hanpyo_testkit::{Election, ElectionSpec};
use hanpyo_web_assets::{Answer, PageRequest, Pages};
use support::{key, program, publish, stderr, stdout};
use tempfile::TempDir;

/// What a dishonest server sends instead, by path and `Accept-Encoding`.
type Lies = BTreeMap<(&'static str, &'static str), Vec<u8>>;

struct Site {
    pages: Pages,
    board: BTreeMap<String, Vec<u8>>,
    lies: Lies,
    _folder: Option<TempDir>,
}

/// A site of a page and a script.
fn pages() -> (Pages, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    for (path, text) in [
        ("vote.html", "vote page"),
        ("booth.html", "booth page"),
        ("admin.html", "admin page"),
        ("observe.html", "observer page"),
        ("assets/vote-abcd1234.js", "let a = 1;"),
    ] {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    (Pages::folder(folder.path()), folder)
}

fn hash() -> [u8; 32] {
    let (pages, _folder) = pages();
    pages.manifest().unwrap().hash()
}

fn start(board: BTreeMap<String, Vec<u8>>, lies: Lies) -> SocketAddr {
    let (pages, folder) = pages();
    let site = Arc::new(Site {
        pages,
        board,
        lies,
        _folder: Some(folder),
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            std::thread::spawn(move || site.serve(stream));
        }
    });
    address
}

impl Site {
    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let (mut path, mut accept) = (String::new(), String::new());
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                let line = line.trim_end();
                if line.is_empty() {
                    break;
                }
                if let Some(rest) = line.strip_prefix("GET ") {
                    path = rest.split(' ').next().unwrap().to_owned();
                }
                if let Some(value) = line.to_lowercase().strip_prefix("accept-encoding: ") {
                    accept = value.to_owned();
                }
            }
            if stream.write_all(&self.answer(&path, &accept)).is_err() {
                return;
            }
        }
    }

    fn answer(&self, path: &str, accept: &str) -> Vec<u8> {
        let with = |headers: &str, body: &[u8]| {
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{headers}\r\n");
            [head.as_bytes(), body].concat()
        };
        if let Some((_, lie)) = self
            .lies
            .iter()
            .find(|((p, a), _)| (*p, *a) == (path, accept))
        {
            let encoding = match accept {
                "identity" => String::new(),
                other => format!("content-encoding: {other}\r\n"),
            };
            return with(&encoding, lie);
        }
        let file = path.strip_prefix("/board/test/election/");
        if let Some(bytes) = file.and_then(|file| self.board.get(file)) {
            return with("", bytes);
        }
        let request = PageRequest {
            path,
            accept_encoding: Some(accept),
            ..PageRequest::default()
        };
        match Answer::find(&self.pages, &request).unwrap() {
            Some(answer) => with("", &answer.body),
            None => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
        }
    }
}

fn hex(hash: [u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&hash)
}

/// Exit code and output against a hash.
fn against(lies: Lies, hash: [u8; 32]) -> (Option<i32>, String) {
    let url = format!("http://{}/e/test/election/", start(BTreeMap::new(), lies));
    let output = program(&["assets", &url, "--hash", &hex(hash), "--lang", "en"]);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

#[test]
fn pages_as_announced_pass() {
    let (code, said) = against(Lies::new(), hash());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("PASS: 5 files, 23 comparisons, 0 differences"),
        "{said}"
    );
}

#[test]
fn another_asset_manifest_fails() {
    let (code, said) = against(Lies::new(), [1; 32]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("FAIL assets.json") && said.contains(&hex(hash())),
        "{said}"
    );
    let spaced = b"{ }".to_vec();
    let lies = Lies::from([(("/assets.json", "identity"), spaced)]);
    let (code, said) = against(lies, hash());
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn one_spoilt_file_variant_or_address_fails() {
    let br = |text: &[u8]| {
        let mut out = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut &text[..], &mut out, &parameters).unwrap();
        out
    };
    let script = "/assets/vote-abcd1234.js";
    // A variant that decompresses to the file is as good as the file.
    let (code, said) = against(Lies::from([((script, "br"), br(b"let a = 1;"))]), hash());
    assert_eq!(code, Some(0), "{said}");
    let cases: Vec<((&str, &str), Vec<u8>, &str)> = vec![
        (
            (script, "identity"),
            b"let a = 2;".to_vec(),
            "FAIL assets/vote-abcd1234.js\n",
        ),
        (
            (script, "identity"),
            b"let a = 1;!".to_vec(),
            "a longer file",
        ),
        (
            (script, "br"),
            br(b"let a = 2;"),
            "FAIL assets/vote-abcd1234.js (br)",
        ),
        ((script, "br"), br(&[b' '; 1 << 20]), "a longer file"),
        (
            (script, "gzip"),
            b"no gzip".to_vec(),
            "FAIL assets/vote-abcd1234.js (gzip)",
        ),
        (
            ("/e/test/election/vote", "br"),
            br(b"booth pagE"),
            "FAIL /e/test/election/vote",
        ),
        (("/", "br"), br(b"other"), "FAIL /\n"),
        (("/admin", "br"), br(b"other"), "FAIL /admin"),
    ];
    for (place, lie, expected) in cases {
        let (code, said) = against(Lies::from([(place, lie)]), hash());
        assert_eq!(code, Some(1), "{place:?} {said}");
        assert!(said.contains(expected), "{place:?} {said}");
        assert!(said.contains("1 differences"), "{place:?} {said}");
    }
}

#[test]
fn the_record_says_what_was_announced_last() {
    let announce = |assets: Option<[u8; 32]>| {
        Election::with_manifest(ElectionSpec::yes_no(3), |manifest| {
            manifest.assets = assets.map(hanpyo_ledger::entry::Hash);
        })
    };
    let run = |election: &Election| {
        let board = publish(election).files().into_iter().collect();
        let address = start(board, Lies::new());
        let url = format!("http://{address}/e/test/election/");
        let vkey = key(election).to_string();
        let output = program(&["assets", &url, "--vkey", &vkey, "--lang", "en"]);
        (output.status.code(), stdout(&output) + &stderr(&output))
    };
    let mut election = announce(Some(hash()));
    let (code, said) = run(&election);
    assert_eq!(code, Some(0), "{said}");

    election.set_up();
    election.open();
    election.amend_assets([9; 32]);
    let (code, said) = run(&election);
    assert_eq!(code, Some(1), "the pages before the amendment: {said}");
    let index = election.amend_assets(hash());
    let (code, said) = run(&election);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("#{index}")), "{said}");

    let (code, said) = run(&announce(None));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("announced no voting pages"), "{said}");
}

#[test]
fn wrong_arguments_are_explained() {
    let hash = hex(hash());
    for args in [
        &["assets", "https://vote.example.org/", "--hash", &hash][..],
        &["assets", "http://127.0.0.1:1/e/a/b/", "--hash", &hash],
        &["assets", "http://127.0.0.1:1/e/a/b/"],
        &["assets", "http://127.0.0.1:1/e/a/b/", "--hash", "00"],
    ] {
        let output = program(args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?} {}",
            stdout(&output)
        );
        assert!(!stderr(&output).is_empty());
    }
}
