//! The program as people and other programs run it: arguments, exit codes, text and JSON.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{Entry, Seconds};
use hanpyo_ledger::record::ConfirmationCode;
use hanpyo_testkit::{Election, ElectionSpec};
use support::{finished, first_ballot, key, program, publish, receipt, stderr, stdout, write};
use tempfile::TempDir;

/// A finished record with several contests on disk, with a receipt, an acknowledgement and a code.
struct OnDisk {
    election: Election,
    folder: TempDir,
    given: TempDir,
    code: String,
}

static RECORD: LazyLock<OnDisk> = LazyLock::new(|| {
    let mut election = Election::new(ElectionSpec::mixed(24));
    election.complete();
    let (folder, given) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&publish(&election), folder.path());
    let first = first_ballot(&election);
    let proof = receipt(&election, first).to_bytes();
    std::fs::write(given.path().join("receipt"), proof).unwrap();
    let Entry::Ballot(ballot) = election.entry(usize::try_from(first).unwrap()) else {
        panic!("a ballot")
    };
    let code = ConfirmationCode::of(election.hash.as_bytes(), ballot.body.as_bytes());
    let key = &election.keys.acknowledgement;
    let promise = Acknowledgement::sign(election.hash, code, Seconds::new(support::COSIGNED), key);
    std::fs::write(given.path().join("ack"), promise.encode()).unwrap();
    let code = code.to_string();
    OnDisk {
        election,
        folder,
        given,
        code,
    }
});

impl OnDisk {
    fn vkey(&self) -> String {
        key(&self.election).to_string()
    }

    fn place(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    fn given(&self, name: &str) -> String {
        self.given.path().join(name).to_str().unwrap().to_owned()
    }

    /// A copy that a test may spoil.
    fn copy(&self) -> TempDir {
        let folder = TempDir::new().unwrap();
        write(&publish(&self.election), folder.path());
        folder
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs the program on the record, with more arguments.
fn run(more: &[&str]) -> std::process::Output {
    let vkey = RECORD.vkey();
    let mut args = vec![RECORD.place(), "--vkey", &vkey];
    args.extend(more);
    program(&args)
}

#[test]
fn a_good_record_exits_with_0_and_is_summarised() {
    let (receipt, ack) = (RECORD.given("receipt"), RECORD.given("ack"));
    let more = ["--receipt", &receipt, "--ack", &ack, "--code", &RECORD.code];
    let output = run(&more);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    for expected in [
        "  2  PASS ",
        " 12  PASS ",
        "Test election (test election)",
        "announced in the sealed roll",
        "counted",
        "VERDICT: PASS",
    ] {
        let expected = expected.trim_start();
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // The fingerprint in groups, as it is announced.
    let hash = data_encoding::HEXLOWER.encode(RECORD.election.hash.as_bytes());
    assert!(said.replace(' ', "").contains(&hash), "{said}");
}

#[test]
fn strict_readers_refuse_what_was_not_checked() {
    assert_eq!(run(&["--strict"]).status.code(), Some(1));
    assert!(stdout(&run(&["--strict"])).contains("VERDICT: INCOMPLETE"));
}

#[test]
fn threads_do_not_change_the_answer() {
    let one = run(&["--threads", "1"]);
    assert_eq!(one.status.code(), Some(0));
    assert_eq!(stdout(&one), stdout(&run(&["--threads", "3"])));
}

#[test]
fn a_failed_check_exits_with_1() {
    let folder = RECORD.copy();
    std::fs::remove_dir_all(folder.path().join("tile/0")).unwrap();
    let output = program(&[text(folder.path()), "--vkey", &RECORD.vkey()]);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output);
    assert!(said.contains("1  FAIL"), "{said}");
    assert!(said.contains("tile/0/000.p/"), "{said}");
    assert!(said.contains("VERDICT: FAIL. Failed: check 1"), "{said}");
    assert!(said.contains("do not rely on it"), "{said}");
}

#[test]
fn what_cannot_run_exits_with_2_and_one_line() {
    let vkey = RECORD.vkey();
    let empty = TempDir::new().unwrap();
    let no_folder = empty.path().join("nothing");
    let (ack, receipt) = (RECORD.given("ack"), RECORD.given("receipt"));
    let place = RECORD.place();
    // Nobody listens on a port that was just closed.
    let refused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/board", listener.local_addr().unwrap())
    };
    let other_policy = empty.path().join("policy");
    let other = Election::new(ElectionSpec {
        seed: 5,
        ..ElectionSpec::yes_no(3)
    });
    let policy = format!("log {}\nquorum none\n", key(&other));
    std::fs::write(&other_policy, policy).unwrap();
    let no_folder = text(&no_folder);
    let cases: &[(&[&str], &str)] = &[
        (&[], "--vkey"),
        (&[place], "--vkey"),
        (&[place, "--vkey", "not a key"], "verifier key"),
        (&[place, "--vkey", &vkey, "--code", "ABC"], "3 characters"),
        (&[place, "--vkey", &vkey, "--threads", "0"], "--threads"),
        (&[place, "--vkey", &vkey, "--what"], "--what"),
        (&[no_folder, "--vkey", &vkey], "there is no record"),
        (&[text(empty.path()), "--vkey", &vkey], "there is no record"),
        (&[&refused, "--vkey", &vkey], "checkpoint"),
        (
            &[place, "--vkey", &vkey, "--receipt", &ack],
            "is not a receipt",
        ),
        (
            &[place, "--vkey", &vkey, "--receipt", no_folder],
            "cannot read",
        ),
        (
            &[place, "--vkey", &vkey, "--ack", &receipt],
            "not an acknowledgement",
        ),
        (
            &[place, "--vkey", &vkey, "--policy", &receipt],
            "not a witness policy",
        ),
        (
            &[place, "--vkey", &vkey, "--policy", text(&other_policy)],
            "for other logs",
        ),
        (&["fetch", &refused], "<FOLDER>"),
        (&["fetch", &refused, no_folder], "checkpoint"),
        (&["fsck", no_folder], "checkpoint"),
    ];
    for (args, expected) in cases {
        let output = program(args);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(stdout(&output), "", "{args:?}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        assert!(said.starts_with("hanpyo-verify: "), "{said}");
        assert!(said.contains(expected), "{args:?}: {said}");
    }
    assert!(
        !PathBuf::from(no_folder).exists(),
        "nothing is made for a failed fetch"
    );
}

#[test]
fn help_and_version_exit_with_0() {
    for argument in ["--help", "--version"] {
        let output = program(&[argument]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("hanpyo-verify"));
    }
    assert!(stdout(&program(&["--help"])).contains("Exit codes"));
}

/// Replaces what differs from run to run or follows from other parts of the protocol.
fn redact(json: &mut serde_json::Value) {
    for (pointer, with) in [
        ("/version", "[version]"),
        ("/record/place", "[place]"),
        ("/record/vkey", "[vkey]"),
        ("/record/root", "[root]"),
        ("/election/manifest_hash", "[hash]"),
        ("/given/codes/0/code", "[code]"),
        ("/given/receipts/0/file", "[file]"),
        ("/given/acknowledgements/0/file", "[file]"),
        ("/given/acknowledgements/0/code", "[code]"),
    ] {
        if let Some(value) = json.pointer_mut(pointer) {
            *value = with.into();
        }
    }
}

#[test]
fn json_is_stable() {
    let (receipt, ack) = (RECORD.given("receipt"), RECORD.given("ack"));
    let more = [
        "--json",
        "--receipt",
        &receipt,
        "--ack",
        &ack,
        "--code",
        &RECORD.code,
    ];
    let output = run(&more);
    assert_eq!(output.status.code(), Some(0));
    let mut json = serde_json::from_slice(&output.stdout).unwrap();
    redact(&mut json);
    insta::assert_json_snapshot!("passes", json);

    let folder = RECORD.copy();
    let bundle = folder.path().join("tile/0");
    std::fs::remove_dir_all(bundle).unwrap();
    let unknown = ConfirmationCode([1; 32]).to_string();
    let vkey = RECORD.vkey();
    let args = [
        text(folder.path()),
        "--vkey",
        &vkey,
        "--json",
        "--code",
        &unknown,
    ];
    let output = program(&args);
    assert_eq!(output.status.code(), Some(1));
    let mut json = serde_json::from_slice(&output.stdout).unwrap();
    redact(&mut json);
    json["election"] = "[as above]".into();
    insta::assert_json_snapshot!("fails", json);
}

/// Words in Latin letters that are not names of files, options, keys, hashes or numbers.
fn latin_words(said: &str) -> Vec<String> {
    let known = |word: &str| {
        word.contains(['/', '+', '='])
            || word.contains("--")
            || word.chars().any(|c| c.is_ascii_digit())
            || matches!(word, "checkpoint" | "vkey" | "JSON")
    };
    said.split(|c: char| c.is_whitespace() || "[](),:;".contains(c))
        .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()) && !known(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn korean_output_is_korean() {
    let (receipt, ack) = (RECORD.given("receipt"), RECORD.given("ack"));
    let more = [
        "--lang",
        "ko",
        "--receipt",
        &receipt,
        "--ack",
        &ack,
        "--code",
        &RECORD.code,
    ];
    let output = run(&more);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(latin_words(&said), [""; 0], "{said}");
    for expected in ["통과", "시험 선거", "판정: 통과"] {
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn korean_failures_are_korean() {
    let vkey = RECORD.vkey();
    let unknown = ConfirmationCode([1; 32]).to_string();
    // A missing tile and a code that is not there.
    let folder = RECORD.copy();
    std::fs::remove_dir_all(folder.path().join("tile/0")).unwrap();
    let args = [
        text(folder.path()),
        "--vkey",
        &vkey,
        "--lang",
        "ko",
        "--code",
        &unknown,
    ];
    let output = program(&args);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        latin_words(&stdout(&output)),
        [""; 0],
        "{}",
        stdout(&output)
    );
    // Another log.
    let other = Election::new(ElectionSpec {
        seed: 5,
        ..ElectionSpec::yes_no(3)
    });
    let other = key(&other).to_string();
    let output = program(&[RECORD.place(), "--vkey", &other, "--lang", "ko"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        latin_words(&stdout(&output)),
        [""; 0],
        "{}",
        stdout(&output)
    );
    // A record that was changed in every way a signer could.
    let election = finished(8);
    let mut untranslated = std::collections::BTreeSet::new();
    for (number, attack) in attacks(&election).into_iter().enumerate() {
        let folder = TempDir::new().unwrap();
        write(&publish(&attack), folder.path());
        let vkey = key(&attack).to_string();
        let output = program(&[text(folder.path()), "--vkey", &vkey, "--lang", "ko"]);
        let said = stdout(&output);
        // Two ballots may change places: the log signs whatever order it likes.
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{number}: {said}"
        );
        let foreign = said.lines().filter(|line| !latin_words(line).is_empty());
        untranslated.extend(foreign.map(str::to_owned));
    }
    assert!(untranslated.is_empty(), "{untranslated:#?}");
}

/// Each entry of the record dropped, doubled, and put in place of the one before.
fn attacks(election: &Election) -> Vec<Election> {
    let mut all = Vec::new();
    let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut attack = Election::new(ElectionSpec::yes_no(8));
        attack.entries.clone_from(&election.entries);
        change(&mut attack.entries);
        attack
    };
    for place in 0..election.entries.len() {
        all.push(with(&|entries| {
            entries.remove(place);
        }));
        all.push(with(&|entries| {
            let entry = entries[place].clone();
            entries.insert(place, entry);
        }));
        all.push(with(&|entries| {
            let middle = entries[place].len() / 2;
            entries[place][middle] ^= 1;
        }));
        if place > 0 {
            all.push(with(&|entries| entries.swap(place - 1, place)));
        }
    }
    all
}

#[test]
fn the_locale_chooses_the_language() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hanpyo-verify"));
    let vkey = RECORD.vkey();
    command
        .args([RECORD.place(), "--vkey", &vkey])
        .env_remove("LC_ALL");
    let output = command.env("LC_MESSAGES", "ko_KR.UTF-8").output().unwrap();
    assert!(stdout(&output).contains("판정: 통과"));
}

#[test]
fn hostile_titles_cannot_draw_on_the_terminal() {
    let mut election = Election::with_manifest(ElectionSpec::yes_no(3), |manifest| {
        let title = "x\u{1b}[2J\n 1  PASS  all\u{202e}";
        manifest.title.en = title.to_owned().try_into().unwrap();
        manifest.title.ko = title.to_owned().try_into().unwrap();
    });
    election.complete();
    let folder = TempDir::new().unwrap();
    write(&publish(&election), folder.path());
    let vkey = key(&election).to_string();
    let output = program(&[text(folder.path()), "--vkey", &vkey]);
    let said = stdout(&output);
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    assert!(!said.contains("\n 1  PASS  all"), "{said}");
}

#[test]
fn fsck_names_spoilt_files() {
    let folder = RECORD.copy();
    let place = text(folder.path()).to_owned();
    let output = program(&["fsck", &place]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains(" 0 problems"));
    std::fs::remove_dir_all(folder.path().join("tile/entries")).unwrap();
    let output = program(&["fsck", &place, "--vkey", &RECORD.vkey()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("tile/entries/000.p/"),
        "{}",
        stdout(&output)
    );
}
