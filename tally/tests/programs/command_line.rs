//! Help, exit codes and bad input of the three programs.

use std::fs;
use std::process::Command;

use hanpyo_tally::trustee::state::TrusteeMemory;
use hanpyo_testkit::{Election, ElectionSpec};

use crate::support::programs::{Role, failed, program, succeeded};
use crate::support::{TestBoard, past, secret_file};

const PROGRAMS: [(&str, &[&str]); 3] = [
    (
        "authority",
        &[
            "init", "issue", "commit", "open", "upload", "revoke", "reissue", "purge",
        ],
    ),
    (
        "trustee",
        &[
            "init",
            "preflight",
            "ceremony",
            "drill",
            "follow",
            "decrypt",
        ],
    ),
    ("tally", &["init", "follow", "publish", "run"]),
];

#[test]
fn help_explains_every_command_with_examples() {
    for (name, commands) in PROGRAMS {
        let help = |arguments: &[&str]| {
            succeeded(
                Command::new(program(name))
                    .args(arguments)
                    .output()
                    .unwrap(),
            )
        };
        let all = help(&["--help"]);
        assert!(all.lines().all(|line| line.len() <= 100), "{all}");
        let words = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains("Examples") && words.contains("Exit code 0"),
            "{all}"
        );
        for command in commands {
            assert!(all.contains(command), "{name} {command}");
            let own = help(&[command, "--help"]);
            assert!(own.lines().count() > 5, "{own}");
        }
    }
}

#[test]
fn arguments_that_make_no_sense_are_bad_input() {
    for (name, _) in PROGRAMS {
        for arguments in [&[][..], &["nonsense"], &["init"], &["--secret"]] {
            let output = Command::new(program(name))
                .args(arguments)
                .env_clear()
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "{name} {arguments:?}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(said.starts_with(&format!("hanpyo-{name}: ")), "{said}");
            assert!(output.stdout.is_empty());
        }
    }
}

#[test]
fn init_makes_one_private_file_and_prints_the_public_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    for (name, _) in PROGRAMS {
        let path = folder.path().join(format!("{name}.age"));
        let role = Role::new(name, &path);
        let key = succeeded(role.run(&["init"]));
        assert_eq!(key.trim().len(), 64, "{key}");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let before = fs::read(&path).unwrap();
        assert!(failed(role.run(&["init"]), 2).contains("exists already"));
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    // A trustee's key comes with the file that says what it was used for; one that is lost is not made again by the way.
    let pins = folder.path().join("trustee.age.pins");
    assert_eq!(fs::read(&pins).unwrap(), b"");
    fs::remove_file(&pins).unwrap();
    let role = Role::new("trustee", &folder.path().join("trustee.age"));
    assert!(failed(role.run(&["init"]), 2).contains("exists already"));
    assert!(!pins.exists());
    let short = folder.path().join("short.age");
    let role = Role::new("trustee", &short);
    fs::write(short.with_extension("passphrase"), "too short\n").unwrap();
    assert!(failed(role.run(&["init"]), 2).contains("at least 12"));
    assert!(!short.exists());
}

#[test]
fn wrong_passphrases_files_and_boards_are_one_clear_line() {
    let board = TestBoard::serve(Election::new(past(ElectionSpec::yes_no(3))));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.age");
    drop(secret_file::<TrusteeMemory>(
        &path,
        &board.state().election.keys.trustees[0],
    ));
    let role = Role::new("trustee", &path);
    let said = succeeded(role.at(&board, &["preflight"]));
    assert!(
        said.contains("trustee 1 of 3, 2 needed") && said.contains("fingerprint:"),
        "{said}"
    );

    let one_line = |output, code, expected: &str| {
        let error = failed(output, code);
        assert!(
            error.contains(expected) && error.lines().count() == 1,
            "{error}"
        );
    };
    let passphrase = path.with_extension("passphrase");
    fs::write(&passphrase, "something else entirely\n").unwrap();
    one_line(role.at(&board, &["preflight"]), 2, "wrong passphrase");
    fs::remove_file(&passphrase).unwrap();
    one_line(role.at(&board, &["preflight"]), 2, "trustee.passphrase");
    let role = Role::new("trustee", &path);
    let nobody = Role::new("trustee", &folder.path().join("nobody.age"));
    one_line(nobody.at(&board, &["preflight"]), 2, "nobody.age");
    let stranger = Role::new("tally", &path);
    one_line(stranger.at(&board, &["publish"]), 2, "hanpyo-trustee-1");

    let with = |arguments: &[&str]| role.run(arguments);
    let vkey = board.vkey.as_str();
    one_line(
        with(&["preflight", "--board", "ftp://host/x", "--vkey", vkey]),
        2,
        "http",
    );
    one_line(
        with(&["preflight", "--board", "/no/such/folder", "--vkey", vkey]),
        2,
        "no such folder",
    );
    one_line(
        with(&["preflight", "--board", &board.url, "--vkey", "nonsense"]),
        2,
        "verifier key",
    );
    one_line(
        with(&[
            "preflight",
            "--board",
            "http://127.0.0.1:1/board/t/e/",
            "--vkey",
            vkey,
        ]),
        1,
        "127.0.0.1",
    );
    // Somebody else's log key: the checkpoint is not signed by it.
    let other = Election::new(ElectionSpec {
        seed: 7,
        ..past(ElectionSpec::yes_no(3))
    });
    let other = other.keys.log.verifier_key().to_string();
    one_line(
        with(&["preflight", "--board", &board.url, "--vkey", &other]),
        1,
        "cannot be relied on",
    );
    // A folder can be read but not posted to.
    let copy = board.folder.path().to_str().unwrap();
    succeeded(with(&["preflight", "--board", copy, "--vkey", vkey]));
    one_line(
        with(&["ceremony", "--board", copy, "--vkey", vkey]),
        2,
        "--api",
    );
}

#[test]
fn decrypting_without_a_terminal_needs_yes() {
    let mut election = Election::new(past(ElectionSpec::yes_no(3)));
    election.run_ceremony();
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.age");
    drop(secret_file::<TrusteeMemory>(
        &path,
        &board.state().election.keys.trustees[0],
    ));
    let error = failed(Role::new("trustee", &path).at(&board, &["decrypt"]), 1);
    assert!(
        error.contains("refused: this secret file holds no key share"),
        "{error}"
    );
}
