//! Issuing codes, bringing the roll to the board, revoking and re-issuing, purging.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use curve25519_dalek::ristretto::CompressedRistretto;
use hanpyo_crypto::credential::{Authority, CredentialDerivation, CredentialSecret, VotingCode};
use hanpyo_ledger::entry::Entry;
use hanpyo_ledger::record::Phase;
use hanpyo_tally::authority::state::AuthorityState;
use hanpyo_testkit::{Election, ElectionSpec, VoterSpec, check};
use tempfile::TempDir;

use crate::support::programs::{Role, failed, succeeded};
use crate::support::{TestBoard, past, secret_file};

/// A board whose key is made, and the authorities' programs.
struct Office {
    board: TestBoard,
    folder: TempDir,
    roles: Vec<Role>,
}

impl Office {
    fn new(authorities: usize, voters: usize) -> Self {
        let mut spec = past(ElectionSpec::yes_no(0));
        spec.authorities = authorities;
        spec.units = vec![None, None, None];
        spec.voters = (0..voters)
            .map(|n| VoterSpec {
                style: 0,
                unit: u16::try_from(n % 3).unwrap(),
                weight: 1,
            })
            .collect();
        let mut election = Election::new(spec);
        election.run_ceremony();
        election.publish_drills();
        let board = TestBoard::serve(election);
        let folder = tempfile::tempdir().unwrap();
        let roles = (0..authorities)
            .map(|place| {
                let path = folder.path().join(format!("authority{}.age", place + 1));
                drop(secret_file::<AuthorityState>(
                    &path,
                    &board.state().election.keys.authorities[place],
                ));
                Role::new("authority", &path)
            })
            .collect();
        let office = Self {
            board,
            folder,
            roles,
        };
        office.write_roll(|voter| voter);
        office
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write_roll(&self, change: impl Fn(String) -> String) {
        let state = self.board.state();
        let voters = state.election.spec.voters.iter().enumerate();
        let rows: String = voters
            .map(|(n, voter)| {
                change(format!(
                    "voter-{n:05},{},{},{}\r\n",
                    voter.style, voter.unit, voter.weight
                ))
            })
            .collect();
        let text = format!("\u{feff}voter_id,style,unit,weight\r\n{rows}");
        fs::write(self.folder.path().join("roll.csv"), text).unwrap();
    }

    fn issue(&self, place: usize, more: &[&str]) -> std::process::Output {
        let (roll, out) = (
            self.path("roll.csv"),
            self.path(&format!("out{}", place + 1)),
        );
        let arguments = [&["issue", "--roll", &roll, "--out", &out], more].concat();
        self.roles[place].at(&self.board, &arguments)
    }

    fn step(&self, place: usize, command: &str) -> std::process::Output {
        let out = self.path(&format!("out{}", place + 1));
        self.roles[place].at(&self.board, &[command, "--out", &out, "--interval", "1"])
    }

    fn table(&self, file: &str) -> Vec<HashMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.folder.path().join(file)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    }

    fn derivation(&self, authority: Authority) -> CredentialDerivation {
        let state = self.board.state();
        let key: CompressedRistretto = state
            .election
            .context
            .as_ref()
            .unwrap()
            .joint_key()
            .encoded();
        CredentialDerivation::new(&state.election.hash.0, &key, authority)
    }

    /// The point of each credential on the board.
    fn points(&self) -> Vec<[u8; 32]> {
        let mut state = self.board.state();
        let checker = state.follow();
        (0..checker.credentials())
            .map(|index| checker.credential(index).unwrap().point)
            .collect()
    }
}

fn secret(letter: &HashMap<String, String>, derivation: &CredentialDerivation) -> CredentialSecret {
    derivation
        .secret(&VotingCode::parse(&letter["code"]).unwrap())
        .unwrap()
}

fn number(row: &HashMap<String, String>) -> u32 {
    row["credential_index"].parse().unwrap()
}

fn index(row: &HashMap<String, String>) -> usize {
    row["credential_index"].parse().unwrap()
}

#[test]
fn codes_in_letters_are_the_credentials_on_the_board() {
    let office = Office::new(1, 3000);
    let said = succeeded(office.issue(0, &[]));
    assert!(said.contains("3000 codes issued"), "{said}");
    for file in ["letters.csv", "assignment.csv", "credentials.cbor-bundle"] {
        let mode = fs::metadata(office.folder.path().join("out1").join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let said = succeeded(office.step(0, "upload"));
    assert!(said.contains("seal is entry"), "{said}");
    assert_eq!(office.board.state().follow().phase(), Phase::Sealed);
    assert!(check(&office.board.state().election).failed().is_empty());

    let (letters, derivation) = (
        office.table("out1/letters.csv"),
        office.derivation(Authority::Sole),
    );
    let points = office.points();
    let mut seen = HashSet::new();
    for (row, letter) in letters.iter().enumerate() {
        assert_eq!(letter["voter_id"], format!("voter-{row:05}"));
        assert!(seen.insert(index(letter)));
        let public = secret(letter, &derivation).public().compress();
        assert_eq!(public.as_bytes(), &points[index(letter)]);
        let fragment = letter["url"].split_once('#').unwrap().1;
        let manifest = office.board.state().election.hash.to_string();
        assert_eq!(
            fragment,
            format!("m={manifest}&a=1&i={}&c={}", index(letter), letter["code"])
        );
        // Unit and style of the credential are those of the voter.
        let unit = office
            .board
            .state()
            .follow()
            .credential(number(letter))
            .unwrap()
            .unit;
        assert_eq!(usize::from(unit), row % 3);
    }
    // The order says nothing: hardly any voter keeps its place.
    let kept = letters
        .iter()
        .enumerate()
        .filter(|(row, letter)| *row == index(letter))
        .count();
    assert!(kept < 15, "{kept}");
    let assigned: Vec<_> = office
        .table("out1/assignment.csv")
        .iter()
        .map(index)
        .collect();
    assert_eq!(assigned, letters.iter().map(index).collect::<Vec<_>>());

    // Once more changes nothing.
    let entries = office.board.state().election.entries.len();
    assert!(succeeded(office.issue(0, &[])).contains("3000 codes issued"));
    assert!(succeeded(office.step(0, "upload")).contains("sealed"));
    assert_eq!(office.board.state().election.entries.len(), entries);
}

/// SIGKILL at many moments of an issue; running again completes it, and no file that was there changes.
#[test]
fn a_killed_issue_goes_on_with_the_same_codes() {
    let office = Office::new(1, 20_000);
    let (roll, out) = (office.path("roll.csv"), office.path("out1"));
    let mut seen: HashMap<PathBuf, Vec<u8>> = HashMap::new();
    let mut killed = 0;
    for delay in (0..).map(|step| step * 120) {
        let mut child =
            office.roles[0].start(&office.board, &["issue", "--roll", &roll, "--out", &out]);
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(delay) && child.try_wait().unwrap().is_none()
        {
            std::thread::yield_now();
        }
        let done = child.try_wait().unwrap();
        if done.is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        let status = child.wait().unwrap();
        for entry in fs::read_dir(&out).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|kind| kind == "csv" || kind == "cbor-bundle")
            {
                let bytes = fs::read(&path).unwrap();
                let before = seen.entry(path.clone()).or_insert_with(|| bytes.clone());
                assert!(*before == bytes, "{} changed", path.display());
            }
        }
        if done.is_some() {
            assert!(status.success());
            break;
        }
    }
    assert!(
        killed >= 2 && seen.len() == 3,
        "killed {killed} times, {} files",
        seen.len()
    );
    succeeded(office.step(0, "upload"));
    let (letters, derivation) = (
        office.table("out1/letters.csv"),
        office.derivation(Authority::Sole),
    );
    let points = office.points();
    for letter in letters.iter().step_by(997) {
        let public = secret(letter, &derivation).public().compress();
        assert_eq!(public.as_bytes(), &points[index(letter)]);
    }
}

#[test]
fn another_roll_or_another_election_is_refused() {
    let office = Office::new(1, 30);
    succeeded(office.issue(0, &[]));
    let letters = fs::read(office.folder.path().join("out1/letters.csv")).unwrap();
    office.write_roll(|voter| voter.replace("voter-00007", "somebody else"));
    let error = failed(office.issue(0, &[]), 1);
    assert!(error.contains("another roll of 30 voters"), "{error}");
    assert_eq!(
        fs::read(office.folder.path().join("out1/letters.csv")).unwrap(),
        letters
    );
    // The same keys in another election.
    let other = Office::new(1, 31);
    fs::copy(office.path("authority1.age"), other.path("authority1.age")).unwrap();
    let error = failed(other.issue(0, &[]), 1);
    assert!(error.contains("another"), "{error}");
}

#[test]
fn rolls_with_errors_are_refused_with_every_row() {
    let office = Office::new(1, 10);
    office.write_roll(|voter| {
        voter
            .replace("voter-00003,0", "voter-00002,0")
            .replace("voter-00005,0", "voter-00005,7")
    });
    let error = failed(office.issue(0, &[]), 2);
    for expected in [
        "2 errors",
        "row 5: voter_id \"voter-00002\" stands in row 4 already",
        "row 7: style is \"7\"",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert!(!Path::new(&office.path("out1")).exists());
    let missing = office.roles[0].at(
        &office.board,
        &["issue", "--roll", "/no/such", "--out", &office.path("out1")],
    );
    assert!(failed(missing, 2).contains("/no/such"));
}

#[test]
fn nothing_is_issued_before_the_key_is_made_and_drilled() {
    let office = Office::new(1, 10);
    office.board.with(|election| {
        election.entries.pop();
    });
    let error = failed(office.issue(0, &[]), 1);
    assert!(error.contains("not finished"), "{error}");
}

#[test]
fn an_upload_survives_a_busy_server_and_lost_answers() {
    let office = Office::new(1, 4000);
    succeeded(office.issue(0, &[]));
    {
        let mut state = office.board.state();
        state.faults.busy = 1;
        state.faults.lost_answers = 2;
    }
    succeeded(office.step(0, "upload"));
    let mut state = office.board.state();
    assert_eq!(state.follow().credentials(), 4000);
    assert_eq!(state.follow().phase(), Phase::Sealed);
    assert!(check(&state.election).failed().is_empty());
}

#[test]
fn two_authorities_issue_halves_that_add_up() {
    let office = Office::new(2, 1500);
    let error = failed(office.issue(1, &[]), 2);
    assert!(error.contains("--order"), "{error}");
    succeeded(office.issue(0, &[]));
    let order = office.path("out1/order.csv");
    succeeded(office.issue(1, &["--order", &order]));
    assert!(!Path::new(&office.path("out2/assignment.csv")).exists());

    // Nobody opens before both have committed.
    succeeded(office.step(0, "commit"));
    let error = failed(office.step(0, "open"), 1);
    assert!(error.contains("authority 2 has not committed"), "{error}");
    assert!(failed(office.step(0, "upload"), 1).contains("half list"));
    succeeded(office.step(1, "commit"));
    succeeded(office.step(1, "commit"));
    for place in [1, 0, 0] {
        succeeded(office.step(place, "open"));
    }
    // The server takes only so many open proposals: the authorities take turns.
    office.board.state().faults.most_proposals = Some(1);
    let said = succeeded(office.step(0, "upload"));
    assert!(said.contains("0 of 1500"), "{said}");
    let said = succeeded(office.step(1, "upload"));
    assert!(said.contains("1400 of 1500"), "{said}");
    succeeded(office.step(0, "upload"));
    succeeded(office.step(1, "upload"));
    assert_eq!(office.board.state().follow().phase(), Phase::Sealed);
    assert!(check(&office.board.state().election).failed().is_empty());

    let (first, second) = (
        office.table("out1/letters.csv"),
        office.table("out2/letters.csv"),
    );
    let derive = [
        office.derivation(Authority::First),
        office.derivation(Authority::Second),
    ];
    let points = office.points();
    for (one, two) in first.iter().zip(&second).step_by(53) {
        assert_eq!(
            (&one["voter_id"], index(one)),
            (&two["voter_id"], index(two))
        );
        let sum =
            CredentialSecret::combine(&secret(one, &derive[0]), &secret(two, &derive[1])).unwrap();
        assert_eq!(sum.public().compress().as_bytes(), &points[index(one)]);
    }
}

#[test]
fn the_second_authority_refuses_an_order_for_other_voters() {
    let office = Office::new(2, 20);
    succeeded(office.issue(0, &[]));
    let order = office.path("out1/order.csv");
    let text = fs::read_to_string(&order).unwrap();
    fs::write(&order, text.replace("voter-00004", "intruder")).unwrap();
    let error = failed(office.issue(1, &["--order", &order]), 2);
    assert!(
        error.contains("differ") && error.contains("intruder"),
        "{error}"
    );
}

#[test]
fn a_lost_letter_is_revoked_and_reissued_with_a_new_code() {
    for authorities in [1, 2] {
        let office = Office::new(authorities, 12);
        let booth = "http://127.0.0.1:8080/e/kit/election-1/vote";
        succeeded(office.issue(0, &["--booth", booth]));
        if authorities == 2 {
            let order = office.path("out1/order.csv");
            succeeded(office.issue(1, &["--booth", booth, "--order", &order]));
            for command in ["commit", "open", "upload"] {
                succeeded(office.step(0, command));
                succeeded(office.step(1, command));
            }
        }
        succeeded(office.step(0, "upload"));
        let lost = office.table("out1/letters.csv").remove(5);
        let lost_index = index(&lost).to_string();
        let revoke = ["revoke", "--index", &lost_index, "--reason", "분실 신고"];
        let out = |place: usize| office.path(&format!("out{}", place + 1));
        let reissue = |place: usize| {
            let out = out(place);
            office.roles[place].at(
                &office.board,
                &["reissue", "--index", &lost_index, "--out", &out],
            )
        };
        assert!(failed(reissue(0), 1).contains("not revoked"));
        for role in &office.roles {
            succeeded(role.at(&office.board, &revoke));
        }
        assert!(failed(office.roles[0].at(&office.board, &revoke), 1).contains("revoked already"));
        // Two authorities take turns: commit, publish, sign.
        for _ in 0..3 {
            for place in 0..authorities {
                if !office
                    .board
                    .state()
                    .follow()
                    .voter(number(&lost))
                    .unwrap()
                    .reissued
                {
                    succeeded(reissue(place));
                }
            }
        }
        assert_eq!(office.points().len(), 13);
        assert!(check(&office.board.state().election).failed().is_empty());
        let numbers = if authorities == 1 {
            vec![Authority::Sole]
        } else {
            vec![Authority::First, Authority::Second]
        };
        let secrets: Vec<_> = numbers
            .into_iter()
            .enumerate()
            .map(|(place, authority)| {
                let letter = office
                    .table(&format!("out{}/reissue-{lost_index}.csv", place + 1))
                    .remove(0);
                assert_eq!(
                    (letter["voter_id"].as_str(), index(&letter)),
                    (lost["voter_id"].as_str(), 12)
                );
                assert_ne!(letter["code"], lost["code"]);
                // The voting page is that of the first letters, without being named again.
                let (page, _) = letter["url"].split_once('#').unwrap();
                assert_eq!(page, booth);
                secret(&letter, &office.derivation(authority))
            })
            .collect();
        let public = match secrets.as_slice() {
            [one] => one.public(),
            [one, two] => CredentialSecret::combine(one, two).unwrap().public(),
            _ => unreachable!(),
        };
        assert_eq!(public.compress().as_bytes(), &office.points()[12]);
        assert!(failed(reissue(0), 1).contains("re-issued already"));
    }
}

#[test]
fn a_voted_credential_can_be_neither_revoked_nor_reissued() {
    let mut election = Election::new(past(ElectionSpec::yes_no(4)));
    election.set_up();
    election.open();
    election.vote_at_random(2);
    let board = TestBoard::serve(election);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.age");
    drop(secret_file::<AuthorityState>(
        &path,
        &board.state().election.keys.authorities[0],
    ));
    let role = Role::new("authority", &path);
    let error = failed(
        role.at(&board, &["revoke", "--index", "2", "--reason", "x"]),
        1,
    );
    assert!(error.contains("counted ballot"), "{error}");
    assert!(
        failed(
            role.at(&board, &["revoke", "--index", "99", "--reason", "x"]),
            1
        )
        .contains("no such credential")
    );
    assert!(
        failed(
            role.at(&board, &["revoke", "--index", "1", "--reason", ""]),
            2
        )
        .contains("--reason")
    );
}

#[test]
fn purge_waits_for_the_end_and_leaves_no_code() {
    let office = Office::new(1, 10);
    succeeded(office.issue(0, &[]));
    succeeded(office.step(0, "upload"));
    let purge = ["purge", "--out", &office.path("out1"), "--yes"].map(str::to_owned);
    let purge: Vec<&str> = purge.iter().map(String::as_str).collect();
    assert!(failed(office.roles[0].at(&office.board, &purge), 1).contains("not over"));
    office.board.with(Election::void);
    succeeded(office.roles[0].at(&office.board, &purge));
    let left: Vec<_> = fs::read_dir(office.folder.path().join("out1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["letters.csv.lock"]);
    assert!(failed(office.issue(0, &[]), 1).contains("destroyed by purge"));
    let entry = office
        .board
        .state()
        .election
        .entries
        .last()
        .cloned()
        .unwrap();
    assert!(matches!(Entry::decode(&entry), Ok(Entry::Void(_))));
}

/// `VOTERS=10000000 cargo test --release -p hanpyo-tally --test programs at_scale -- --ignored --nocapture`
#[test]
#[ignore = "minutes; measures the issue of VOTERS codes"]
fn issue_at_scale() {
    let voters = std::env::var("VOTERS").map_or(1_000_000, |voters| voters.parse().unwrap());
    let office = Office::new(1, voters);
    let start = std::time::Instant::now();
    let said = succeeded(office.issue(0, &[]));
    println!(
        "{said}{voters} voters: {:.1} s",
        start.elapsed().as_secs_f64()
    );
    for entry in fs::read_dir(office.folder.path().join("out1")).unwrap() {
        let entry = entry.unwrap();
        println!(
            "{:>14} {}",
            entry.metadata().unwrap().len(),
            entry.file_name().display()
        );
    }
}
