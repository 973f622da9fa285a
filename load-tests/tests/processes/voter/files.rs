//! Files and arguments that cannot be used: found before the server is asked for anything.

use std::path::Path;

use crate::support::{Said, program};

const LETTERS: &str = "voter_id,credential_index,authority,code,fingerprint,url\nV1,0,1,ABC,f,u\n";
const CHOICES: &str = "voter_id,contact,at_ms,intent,choices\nV1,v1@x,0,cast,1\n";
/// The key of a log that is nowhere.
const VKEY: &str = "127.0.0.1/seoul/ward+00000000+AQ";

fn many(folder: &Path, letters: &str, choices: &str, more: &[&str]) -> Said {
    let mut command = program("hanpyo-voter");
    command
        .current_dir(folder)
        .args([
            "many",
            "--server",
            "http://127.0.0.1:1",
            "--election",
            "seoul/ward",
        ])
        .args(["--vkey", VKEY, "--codes", letters, "--choices", choices])
        .args(if more.contains(&"--outbox") {
            &[][..]
        } else {
            &["--outbox", "."]
        })
        .args(more);
    command.output().unwrap().into()
}

#[test]
fn bad_files_are_refused_with_their_row() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("letters.csv", LETTERS.as_bytes());
    write("choices.csv", CHOICES.as_bytes());
    write("empty.csv", b"");
    write("heading.csv", b"voter_id,contact,at_ms,intent,choices\r\n");
    write(
        "columns.csv",
        b"voter,contact,at,intent,choices\nV1,v1@x,0,cast,1\n",
    );
    let repeated = |text: &str| {
        let row = text.lines().last().unwrap();
        format!("\u{feff}{text}{row}\n").replace('\n', "\r\n")
    };
    write("twice-letters.csv", repeated(LETTERS).as_bytes());
    write("twice-choices.csv", repeated(CHOICES).as_bytes());
    write("short.csv", CHOICES.replace(",cast,1", ",cast").as_bytes());
    write("intent.csv", CHOICES.replace("cast", "throw").as_bytes());
    write("time.csv", CHOICES.replace(",0,", ",noon,").as_bytes());
    write(
        "latin1.csv",
        &[CHOICES.as_bytes(), b"V\xe9,x@y,0,cast,1\n"].concat(),
    );
    write("stranger.csv", CHOICES.replace("V1,", "V2,").as_bytes());
    for (letters, choices, expected) in [
        ("none.csv", "choices.csv", "none.csv: No such file"),
        ("letters.csv", "none.csv", "none.csv: No such file"),
        (".", "choices.csv", ".: cannot read: Is a directory"),
        (
            "empty.csv",
            "choices.csv",
            "empty.csv: row 1: the columns must be voter_id,credential_index,",
        ),
        (
            "choices.csv",
            "choices.csv",
            "choices.csv: row 1: the columns must be",
        ),
        (
            "letters.csv",
            "letters.csv",
            "letters.csv: row 1: the columns must be voter_id,contact,",
        ),
        (
            "letters.csv",
            "columns.csv",
            "columns.csv: row 1: the columns must be",
        ),
        (
            "letters.csv",
            "heading.csv",
            "heading.csv: no rows below the heading",
        ),
        (
            "twice-letters.csv",
            "choices.csv",
            "row 3: voter V1 has a letter of authority 1 already",
        ),
        (
            "letters.csv",
            "twice-choices.csv",
            "row 3: voter V1 is in row 2 already",
        ),
        (
            "letters.csv",
            "short.csv",
            "short.csv: row 2: 4 columns, 5 expected",
        ),
        (
            "letters.csv",
            "intent.csv",
            "row 2: intent: \"throw\" is neither cast nor challenge",
        ),
        (
            "letters.csv",
            "time.csv",
            "row 2: at_ms: \"noon\" is not a number",
        ),
        (
            "letters.csv",
            "latin1.csv",
            "latin1.csv: row 3: is not UTF-8",
        ),
        (
            "letters.csv",
            "stranger.csv",
            "voter V2 has no letter in letters.csv",
        ),
    ] {
        many(folder.path(), letters, choices, &[]).is_refused("hanpyo-voter", expected);
    }
    for (more, expected) in [
        (&["--outbox", "none"][..], "none: No such file"),
        (&["--outbox", "choices.csv"], "choices.csv: Not a directory"),
        (&["--keep", "choices.csv"], "choices.csv: File exists"),
        (&["--concurrency", "0"], "--concurrency"),
        (
            &["--election", "seoul"],
            "'--election <ELECTION>' cannot be used multiple times",
        ),
        (&["--nonsense"], "unexpected argument '--nonsense'"),
        (&[], "--vkey: "),
    ] {
        many(folder.path(), "letters.csv", "choices.csv", more)
            .is_refused("hanpyo-voter", expected);
    }
}

#[test]
fn arguments_that_make_no_sense() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display().to_string();
    let vote = |election: &str, more: &[&str]| -> Said {
        let mut command = program("hanpyo-voter");
        command
            .args([
                "vote",
                "--server",
                "http://127.0.0.1:1",
                "--election",
                election,
            ])
            .args([
                "--vkey",
                VKEY,
                "--voter",
                "V1",
                "--code",
                "ABC",
                "--choices",
                "1",
                "--otp",
                "123456",
            ])
            .args(more);
        command.output().unwrap().into()
    };
    for election in ["seoul", "/ward", "seoul/", "seoul/ward/x"] {
        vote(election, &[]).is_refused("hanpyo-voter", "tenant/election is expected");
    }
    vote("seoul/ward", &[]).is_refused("hanpyo-voter", "--vkey: ");
    vote("seoul/ward", &["--receipt", &here]).is_refused("hanpyo-voter", "Is a directory");
    let nowhere = format!("{here}/no/receipt");
    vote("seoul/ward", &["--ack", &nowhere]).is_refused("hanpyo-voter", "No such file");
    let bare: Said = program("hanpyo-voter").output().unwrap().into();
    bare.is_refused("hanpyo-voter", "a command is needed");
}
