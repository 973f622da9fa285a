//! Manifests as JSON drafts: the same manifest there and back, and clear words where it cannot be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[allow(dead_code, reason = "serves several test files")]
mod entry_support;

use entry_support::samples::{self, kind, list, number};
use hanpyo_ledger::manifest::draft::{KindDraft, TotalDraft};
use hanpyo_ledger::manifest::{Manifest, ManifestDraft, Rule, profiles};

const EXAMPLE: &str = include_str!("manifest_draft.json");

fn draft(change: impl FnOnce(&mut ManifestDraft)) -> ManifestDraft {
    let mut draft = ManifestDraft::from_json(EXAMPLE).unwrap();
    change(&mut draft);
    draft
}

/// What is wrong with a changed draft, line by line.
fn problems(change: impl FnOnce(&mut ManifestDraft)) -> Vec<String> {
    let problems = draft(change).to_manifest().unwrap_err();
    problems.0.iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_is_the_sample_manifest() {
    assert_eq!(draft(|_| ()).to_manifest().unwrap(), samples::manifest());
}

#[test]
fn a_manifest_comes_back_from_its_draft() {
    let mut manifest = samples::manifest();
    assert_eq!(there_and_back(&manifest), manifest);
    manifest.assets = None;
    manifest.schedule.override_reason = Some(samples::text("시연"));
    manifest.profile = samples::profile(&profiles::RESIDENT_VOTE_BEFORE_2022);
    let mut contests = manifest.contests.to_vec();
    let score = |c| kind(3, 5, if c & 3 == 0 { 0 } else { 10 }, c);
    let scores = [0, 1, 2, 4, 5, 6].map(|c| {
        let mut contest = contests[1].clone();
        contest.kind = score(c);
        contest.rule.rule = Rule::Mean;
        contest
    });
    contests.extend(scores);
    manifest.contests = list(contests);
    assert_eq!(there_and_back(&manifest), manifest);
}

fn there_and_back(manifest: &Manifest) -> Manifest {
    let json = ManifestDraft::try_from(manifest)
        .unwrap()
        .to_json()
        .unwrap();
    ManifestDraft::from_json(&json)
        .unwrap()
        .to_manifest()
        .unwrap()
}

#[test]
fn a_manifest_with_parameters_that_mean_nothing_has_no_draft() {
    for wrong in [
        kind(1, 2, 0, 0),
        kind(2, 0, 1, 7),
        kind(3, 5, 1, 0),
        kind(3, 5, 1, 3),
    ] {
        let mut manifest = samples::manifest();
        let mut contests = manifest.contests.to_vec();
        contests[2].kind = wrong;
        manifest.contests = list(contests);
        let error = ManifestDraft::try_from(&manifest).unwrap_err();
        assert_eq!(error.contest, 2.into());
    }
}

#[test]
fn kinds_have_readable_names() {
    let read = |json: &str| serde_json::from_str::<KindDraft>(json).map_err(|e| e.to_string());
    assert_eq!(
        read(r#"{"type": "choose-one"}"#),
        Ok(KindDraft::ChooseOne { blank: false })
    );
    let score = KindDraft::Score {
        max: 10,
        total: Some(TotalDraft::AtMost(30)),
        unanswered: true,
    };
    let json = r#"{"type": "score", "max": 10, "total": {"at-most": 30}, "unanswered": true}"#;
    assert_eq!(read(json), Ok(score));
    let unknown = read(r#"{"type": "approval"}"#).unwrap_err();
    assert!(unknown.contains("unknown variant `approval`"), "{unknown}");
    let superfluous = read(r#"{"type": "choose", "min": 0, "max": 1, "blank": true}"#).unwrap_err();
    assert!(
        superfluous.contains("unknown field `blank`"),
        "{superfluous}"
    );
}

#[test]
fn what_is_left_out_has_a_plain_meaning() {
    let manifest = draft(|draft| {
        draft.styles = None;
        draft.witnesses = None;
    })
    .to_manifest()
    .unwrap();
    let all: Vec<_> = manifest.styles[0]
        .contests
        .iter()
        .map(|n| n.get())
        .collect();
    assert_eq!((manifest.styles.len(), all), (1, vec![0, 1, 2]));
    assert_eq!(manifest.witnesses, samples::manifest().witnesses);
    assert!(manifest.problems().is_empty());
}

#[test]
fn every_problem_is_named_with_its_place() {
    let found = problems(|draft| {
        draft.origin = None;
        draft.title.ko.clear();
        draft.schedule.grace_seconds = 86_401;
        draft.contests[0].options[1].ko.clear();
        draft.contests[1].seats = 0;
        draft.units[1].parent = Some(70_000);
        draft.roles.trustees[2].key = Some("12".to_owned());
        draft.roles.quorum = None;
        draft.roles.tally = None;
        draft.assets = Some("x".repeat(64));
    });
    assert_eq!(
        found,
        [
            "origin: is missing",
            "title.ko: 0 bytes where 1 to 4096 are allowed",
            "schedule.grace_seconds: GraceSeconds 86401 is not within 0 to 86400",
            "contests[0].options[1].ko: 0 bytes where 1 to 4096 are allowed",
            "contests[1].seats: Seats 0 is not within 1 to 256",
            "units[1].parent: UnitNumber 70000 is not within 0 to 65535",
            "roles.trustees[2].key: 64 hex digits are expected",
            "roles.quorum: is missing",
            "roles.tally: is missing",
            "assets: 64 hex digits are expected",
        ]
    );
}

#[test]
fn empty_and_overlong_lists_are_named() {
    let found = problems(|draft| {
        draft.contests.clear();
        draft.roles.trustees.pop();
        draft.roles.authorities.clear();
    });
    // Both styles name contests of their own, so only the lists themselves are wrong.
    assert_eq!(
        found,
        [
            "contests: 0 items where 1 to 256 are allowed",
            "roles.authorities: 0 items where 1 to 2 are allowed",
            "roles.trustees: 2 items where 3 to 32 are allowed",
        ]
    );
}

#[test]
fn profiles_are_taken_by_name_or_written_out_but_not_mixed() {
    let named = draft(|draft| draft.profile.id = "kr-recall".to_owned());
    let expected = samples::profile(&profiles::RECALL);
    assert_eq!(named.to_manifest().unwrap().profile, expected);

    let unknown = problems(|draft| draft.profile.id = "kr-moon".to_owned());
    assert!(
        unknown[0]
            .starts_with("profile.id: no profile \"kr-moon\"; there are: kr-resident-vote-2022,")
    );

    let mixed = problems(|draft| draft.profile.turnout_quorum = Some("1/2".to_owned()));
    assert!(mixed[0].starts_with("profile.basis: is missing"));

    let own = |fraction: &str| {
        let fraction = fraction.to_owned();
        move |draft: &mut ManifestDraft| {
            draft.profile.basis = Some(draft.title.clone());
            draft.profile.turnout_quorum = Some(fraction);
        }
    };
    let profile = draft(own(" 2 / 3 ")).to_manifest().unwrap().profile;
    let quorum = profile.turnout_quorum.unwrap();
    assert_eq!(
        (quorum.numerator, quorum.denominator),
        (number(2), number(3))
    );
    assert!(!profile.revoting_allowed);
    for wrong in ["", "1", "1/0", "0/3", "1/2/3", "0.5", "1/2000000", "-1/2"] {
        let found = problems(own(wrong));
        assert!(
            found[0].starts_with("profile.turnout_quorum: a fraction"),
            "{wrong:?}: {found:?}"
        );
    }
}

#[test]
fn syntax_errors_name_line_and_field() {
    let read = |json: &str| ManifestDraft::from_json(json).unwrap_err().to_string();
    let misspelt = read(&EXAMPLE.replace("\"counting\"", "\"countin\""));
    assert!(
        misspelt.contains("unknown field `countin`") && misspelt.contains("line 53"),
        "{misspelt}"
    );
    let absent = read(&EXAMPLE.replace("  \"counting\": { \"floor\": 10 },\n", ""));
    assert!(absent.contains("missing field `counting`"), "{absent}");
    assert!(read("").contains("EOF"));
    assert!(read(&format!("{EXAMPLE} x")).contains("trailing characters"));
    let marked = format!("\u{feff}{EXAMPLE}").replace('\n', "\r\n");
    assert!(ManifestDraft::from_json(&marked).is_ok());
}
