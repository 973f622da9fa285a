//! Options that make no sense: exit code 2, one line, and nothing was started or left.

use std::net::TcpListener;

use super::Place;
use crate::support::{Said, files, program};

#[test]
fn options_that_make_no_sense_are_refused_in_one_line() {
    let place = Place::new();
    let file = |name: &str, text: &str| {
        let path = place.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let missing = place.path("missing.csv").display().to_string();
    let folder = place.path("tmp").display().to_string();
    let empty = file("empty.csv", "");
    let other = file("other.csv", "name,votes\nA,1\n");
    let nobody = file(
        "nobody.csv",
        "2,1,\n\"Candidate 1\",\"A\",\"\",\n\"Candidate 2\",\"B\",\"\",\n\"Ward\",\n",
    );
    let twice = file("twice.csv", "2,1,\n3,1,1,\n");
    let full = place.path("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("notes"), "mine").unwrap();
    let full = full.display().to_string();
    let beneath = format!("{empty}/record");
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = busy.local_addr().unwrap().port().to_string();

    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("SCALE", "0")], "scale 1:0 leaves no electors"),
        (&[("SCALE", "100001")], "1 to 100000"),
        (&[("SCALE", "big")], "SCALE=big: "),
        (&[("EXIT", "soon")], "EXIT=soon: 1 or 0 is expected"),
        (&[("VOTING", "0")], "VOTING=0: "),
        (&[("PORT", "0")], "PORT=0: "),
        (&[("PORT", "70000")], "PORT=70000: "),
        (
            &[("PORT", &busy)],
            "cannot listen there: Address already in use",
        ),
        (&[("KIND", "rank")], "only with BALLOTS"),
        (
            &[("BALLOTS", &missing)],
            "missing.csv: cannot read: No such file",
        ),
        (&[("BALLOTS", &folder)], "cannot read: Is a directory"),
        (&[("BALLOTS", &empty)], "empty.csv: row 0: empty file"),
        (
            &[("BALLOTS", &other)],
            "other.csv: row 1: \"name\" is not a number",
        ),
        (&[("BALLOTS", &nobody)], "nobody.csv: row 4: no ballots"),
        (
            &[("BALLOTS", &twice)],
            "twice.csv: row 2: candidate 1 ranked twice",
        ),
        (
            &[("BALLOTS", &twice), ("KIND", "best")],
            "KIND=best: choose or rank is expected",
        ),
        (&[("BALLOTS", &twice), ("SCALE", "5")], "SCALE=5: "),
        (&[("OUT", &full)], "the folder is not empty"),
        (&[("OUT", &empty)], "OUT="),
        (&[("OUT", &beneath)], "Not a directory"),
    ];
    let before = files(&place.path(""));
    for (options, expected) in cases {
        let said = place.run(options);
        said.is_refused("hanpyo-demo", expected);
        assert_eq!(files(&place.path("")), before, "{options:?}");
    }
    place.is_clean();
}

#[test]
fn arguments_are_none_but_help_is_there() {
    let said: Said = program("hanpyo-demo")
        .arg("SCALE=5")
        .output()
        .unwrap()
        .into();
    said.is_refused("hanpyo-demo", "unexpected argument 'SCALE=5'");
    let said: Said = program("hanpyo-demo")
        .arg("--help")
        .output()
        .unwrap()
        .into();
    assert_eq!(said.code, Some(0));
    for option in ["EXIT", "SCALE", "BALLOTS", "KIND", "OUT", "PORT", "VOTING"] {
        assert!(
            said.out.contains(&format!("{option}=")),
            "{option}: {}",
            said.out
        );
    }
}
