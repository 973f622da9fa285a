//! Seoul scaled down: what stays up for a visitor, and the record that OUT keeps.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use super::{Place, Running};
use crate::support::{Said, files, folders, program};

#[test]
fn seoul_runs_stays_up_and_keeps_a_record_that_holds() {
    let place = Place::new();
    let out = place.path("record");
    let port = free_port();
    let mut demo = Running::start(place.demo(&[
        ("SCALE", "20000"),
        ("VOTING", "12"),
        ("OUT", out.to_str().unwrap()),
        ("PORT", &port),
    ]));
    let said = demo.until("Everything stays up until Ctrl-C").to_owned();
    for expected in [
        "1:20000: 419 electors, 108 votes. The split between the plans is illustrative.",
        &format!("listening on http://127.0.0.1:{port}"),
        "108 of 108 votes recorded",
        "turnout 108 of 419 electors, 25.8 %",
        "today's law (1/4 must vote, majority of valid votes): quorum met",
        "would not have been counted, and in 2011 it was not",
        "the totals equal the plain count of all 108 ballots that were cast",
        "VERDICT: PASS",
        "record kept in",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    every_address_answers(&said);
    let (code, _) = demo.signal("-INT");
    assert_eq!(code, Some(0), "the report was there already");
    place.is_clean();

    only_what_the_checkpoint_needs(&out);
    assert_eq!(verify(&out).code, Some(0));
    every_changed_file_is_noticed(&out);
}

/// A port that nobody listens on.
fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

/// Both elections' boards and pages are served, and so is the console.
fn every_address_answers(said: &str) {
    let addresses = |what: &str| -> BTreeSet<String> {
        let lines = said.lines().map(str::split_whitespace);
        lines
            .filter_map(|mut line| (line.next() == Some(what)).then(|| line.last().unwrap().into()))
            .collect()
    };
    let boards = addresses("board");
    assert_eq!(boards.len(), 2, "{said}");
    for board in boards {
        let checkpoint = format!("{board}checkpoint");
        let (host, answer) = get(&checkpoint);
        assert!(answer.contains(&format!("{host}/")), "the origin: {answer}");
    }
    for (what, number) in [
        ("home", 2),
        ("observer", 2),
        ("trustees", 2),
        ("console", 1),
    ] {
        let pages = addresses(what);
        assert_eq!(pages.len(), number, "{what}: {said}");
        for page in pages {
            let (_, answer) = get(&page);
            assert!(answer.contains("<script"), "{page}: {answer}");
        }
    }
    // The link that is in the first letter: the booth, with manifest, authority, index and code in the fragment.
    let link = said
        .lines()
        .find(|line| line.trim_start().starts_with("personal link"));
    let link = link.unwrap().split_whitespace().nth(2).unwrap();
    let (page, fragment) = link.split_once('#').unwrap();
    assert!(page.ends_with("/e/seoul/open-house/vote"), "{link}");
    for part in ["m=", "a=", "i=", "c="] {
        assert!(fragment.contains(part), "{link}");
    }
    assert!(get(page).1.contains("<script"));
}

/// Host and answer.
fn get(address: &str) -> (&str, String) {
    let (host, path) = address
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut server = TcpStream::connect(host).unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    server.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    server.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{address}: {answer}");
    (host, answer)
}

/// The tiles that c2sp.org/tlog-tiles asks for at the size of the checkpoint; nothing else.
fn only_what_the_checkpoint_needs(out: &Path) {
    let checkpoint = std::fs::read_to_string(out.join("checkpoint")).unwrap();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    let mut expected = vec!["checkpoint".to_owned(), "vkey".to_owned()];
    let mut tiles = |name: &str, entries: u64| {
        // Fewer than a thousand tiles at this scale: one group of digits.
        expected.extend((0..entries / 256).map(|n| format!("tile/{name}/{n:03}")));
        let rest = entries % 256;
        if rest > 0 {
            expected.push(format!("tile/{name}/{:03}.p/{rest}", entries / 256));
        }
    };
    tiles("entries", size);
    let (mut level, mut hashes) = (0, size);
    while hashes > 0 {
        tiles(&level.to_string(), hashes);
        (level, hashes) = (level + 1, hashes / 256);
    }
    expected.sort();
    assert_eq!(files(out), expected);
    // No folder either but those that these files are in.
    let above = |file: &String| {
        let folders = Path::new(file).ancestors().skip(1);
        let named = folders.filter(|folder| !folder.as_os_str().is_empty());
        named
            .map(|folder| folder.display().to_string())
            .collect::<Vec<_>>()
    };
    let expected: BTreeSet<String> = expected.iter().flat_map(above).collect();
    assert_eq!(folders(out), expected.into_iter().collect::<Vec<_>>());
}

fn verify(record: &Path) -> Said {
    let vkey = std::fs::read_to_string(record.join("vkey")).unwrap();
    let mut command = program("hanpyo-verify");
    command.arg(record).args(["--vkey", vkey.trim()]);
    command.output().unwrap().into()
}

/// One flipped bit anywhere, and the verifier says so.
fn every_changed_file_is_noticed(record: &Path) {
    for name in files(record) {
        if name == "vkey" {
            continue;
        }
        let path = record.join(&name);
        let good = std::fs::read(&path).unwrap();
        for place in [0, good.len() / 2, good.len() - 2] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            std::fs::write(&path, bad).unwrap();
            let said = verify(record);
            assert_eq!(said.code, Some(1), "{name}, byte {place}: {said:?}");
            assert!(
                said.out.contains("VERDICT: FAIL"),
                "{name}, byte {place}: {said:?}"
            );
        }
        std::fs::write(&path, good).unwrap();
    }
    assert_eq!(verify(record).code, Some(0));
}
