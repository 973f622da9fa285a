//! Every rule of docs/PROTOCOL.md section 10.2: broken alone, it is reported, and nothing else is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[allow(dead_code, reason = "serves several test files")]
mod entry_support;

use entry_support::samples::{
    self, authority, both, kind, list, number, role_key, text, trustee, vkey,
};
use hanpyo_crypto::contest::KindError;
use hanpyo_ledger::entry::bounded::List;
use hanpyo_ledger::entry::{Ed25519Key, EntryType, Part, Seconds, StyleNumber};
use hanpyo_ledger::log::key::KeyKind;
use hanpyo_ledger::manifest::{
    Bilingual, CheckedManifest, Contest, KeyHolder, Kind, Manifest, ManifestProblem, Officer, Rule,
    Style, Unit, Window, sizes,
};
use hanpyo_ledger::signature::{KeyError, Role};

/// The problems of the sample manifest after a change.
fn problems(change: impl FnOnce(&mut Manifest)) -> Vec<ManifestProblem> {
    let mut manifest = samples::manifest();
    change(&mut manifest);
    let problems = manifest.problems();
    assert_eq!(
        CheckedManifest::new(manifest).is_err(),
        !problems.is_empty()
    );
    problems
}

/// The one problem after a change, which must be of this rule.
fn problem(rule: u8, change: impl FnOnce(&mut Manifest)) -> ManifestProblem {
    let mut problems = problems(change);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems.remove(0);
    assert_eq!(problem.rule(), rule, "{problem}");
    problem
}

fn change<T: Clone, const MIN: usize, const MAX: usize>(
    items: &mut List<T, MIN, MAX>,
    change: impl FnOnce(&mut Vec<T>),
) {
    let mut vec = items.to_vec();
    change(&mut vec);
    *items = list(vec);
}

fn change_contest(manifest: &mut Manifest, contest: usize, with: impl FnOnce(&mut Contest)) {
    change(&mut manifest.contests, |contests| {
        with(&mut contests[contest]);
    });
}

#[test]
fn the_sample_has_no_problems_and_is_parsed_to_the_end() {
    let manifest = samples::manifest();
    assert_eq!(manifest.problems(), []);
    let checked = CheckedManifest::new(manifest.clone()).unwrap();
    assert_eq!(*checked.hash(), manifest.hash());
    assert_eq!(checked.kinds().len(), 3);
    let style: Vec<_> = checked
        .style(1.into())
        .unwrap()
        .iter()
        .map(|c| c.number)
        .collect();
    assert_eq!(style, [0, 1, 2]);
    assert!(checked.style(2.into()).is_none());
    assert_eq!(checked.log_key().name().as_str(), samples::ORIGIN);
    assert!(checked.policy().quorum().is_none());
    assert_eq!(checked.keys().authorities(), 2);
}

#[test]
fn rule_1_origin() {
    for wrong in [
        "board.example/seoul",
        "board.example/seoul/lunch/more",
        "/seoul/lunch",
        "board.example//lunch",
        "board.example/seoul/",
        "Board.example/seoul/lunch",
        "board.example/Seoul/lunch",
        "board.example/seoul/lunch_1",
        "board.example/seoul/급식",
        "board example/seoul/lunch",
    ] {
        // The log's key has the name of the old origin: another rule.
        let problems = problems(|manifest| manifest.origin = text(wrong));
        let origin = ManifestProblem::Origin {
            found: wrong.to_owned(),
        };
        assert_eq!(problems[0], origin);
        assert_eq!(problems[0].rule(), 1);
    }
    let port = "localhost:8080/seoul/lunch-2011";
    let log = vkey(port, KeyKind::Ed25519, 4);
    let problems = problems(|manifest| {
        manifest.origin = text(port);
        manifest.witnesses.policy = text(&format!("log {log}\nquorum none\n"));
        manifest.roles.log = text(&log);
    });
    assert_eq!(problems, []);
}

fn windows(times: &[(u64, u64)]) -> impl FnOnce(&mut Manifest) {
    let windows = times.iter().map(|(opens, closes)| Window {
        opens: Seconds::new(*opens),
        closes: Seconds::new(*closes),
    });
    let windows = list(windows.collect());
    |manifest| {
        manifest.profile.voting_seconds = None;
        manifest.schedule.windows = windows;
    }
}

#[test]
fn rule_2_windows() {
    assert_eq!(
        problem(2, windows(&[(10, 20), (30, 30)])),
        ManifestProblem::EmptyWindow {
            window: 1,
            opens: 30,
            closes: 30
        }
    );
    assert_eq!(
        problem(2, windows(&[(10, 20), (19, 40)])),
        ManifestProblem::WindowOrder {
            window: 1,
            opens: 19,
            previous_closes: 20
        }
    );
    let backwards = problems(windows(&[(30, 40), (10, 20)]));
    assert!(matches!(
        backwards.as_slice(),
        [ManifestProblem::WindowOrder { window: 1, .. }]
    ));
    assert_eq!(problems(windows(&[(10, 20), (20, 40)])), []);
    assert_eq!(problems(windows(&[(0, u64::MAX)])), []);
}

#[test]
fn rule_2_voting_seconds() {
    let shorter = |manifest: &mut Manifest| {
        manifest.schedule.windows = list(vec![manifest.schedule.windows[0].clone()]);
    };
    assert_eq!(
        problem(2, shorter),
        ManifestProblem::VotingTime {
            expected: 86_400,
            found: 43_200
        }
    );
    let explained = problems(|manifest| {
        shorter(manifest);
        manifest.schedule.override_reason = Some(text("시연"));
    });
    assert_eq!(explained, []);
}

#[test]
fn rule_3_parameters() {
    let with =
        |k: Kind| problems(|manifest| change_contest(manifest, 1, |contest| contest.kind = k));
    assert_eq!(
        with(kind(2, 3, 2, 0)),
        [ManifestProblem::ContestKind {
            contest: 1.into(),
            reason: KindError::Bounds {
                min: 3,
                max: 2,
                options: 3
            }
        }]
    );
    for wrong in [
        kind(2, 0, 4, 0),
        kind(2, 0, 0, 0),
        kind(2, 0, 2, 1),
        kind(1, 2, 0, 0),
    ] {
        let found = with(wrong.clone());
        assert!(
            matches!(found.as_slice(), [ManifestProblem::ContestKind { .. }]),
            "{wrong:?}: {found:?}"
        );
        assert_eq!(found[0].rule(), 3);
    }
}

#[test]
fn rule_3_score_parameters() {
    let with = |k: Kind| {
        problems(|manifest| {
            change_contest(manifest, 1, |contest| {
                contest.kind = k;
                contest.rule.rule = Rule::Mean;
            });
        })
    };
    for right in [
        kind(3, 5, 0, 0),
        kind(3, 5, 10, 1),
        kind(3, 5, 10, 2),
        kind(3, 5, 0, 4),
    ] {
        assert_eq!(with(right.clone()), [], "{right:?}");
    }
    for wrong in [
        kind(3, 0, 0, 0),
        kind(3, 5, 10, 3),
        kind(3, 5, 0, 8),
        kind(3, (1 << 31) + 1, 0, 0),
    ] {
        let found = with(wrong.clone());
        assert!(
            matches!(found.as_slice(), [ManifestProblem::ContestKind { .. }]),
            "{wrong:?}: {found:?}"
        );
    }
}

#[test]
fn rule_3_option_names() {
    let rename = |option: usize, name: Bilingual| {
        move |manifest: &mut Manifest| {
            change_contest(manifest, 1, |contest| {
                change(&mut contest.options, |options| options[option] = name);
            });
        }
    };
    let same = |name: &str| ManifestProblem::SameOption {
        contest: 1.into(),
        first: 0,
        second: 2,
        name: name.to_owned(),
    };
    assert_eq!(
        problem(3, rename(2, both("가 지역", "Other"))),
        same("가 지역")
    );
    assert_eq!(
        problem(3, rename(2, both("라 지역", "Area A"))),
        same("Area A")
    );
    // Options without an English name are no two options of one name.
    let nameless = problems(|manifest| {
        rename(1, both("나 지역", ""))(manifest);
        rename(2, both("다 지역", ""))(manifest);
    });
    assert_eq!(nameless, []);
}

#[test]
fn rule_3_decision_rule_fits_kind() {
    let one = || kind(1, 0, 0, 0);
    let choose = || kind(2, 0, 2, 0);
    let score = || kind(3, 5, 0, 0);
    let rank = || kind(4, 1, 2, 0);
    for (rule, fitting) in [
        (Rule::Majority, vec![]), // three options here
        (Rule::Plurality, vec![one(), choose()]),
        (Rule::Mean, vec![score()]),
        (Rule::Borda, vec![rank()]),
        (Rule::FirstPreferences, vec![rank()]),
    ] {
        for kind in [one(), choose(), score(), rank()] {
            let fits = fitting.contains(&kind);
            let found = problems(|manifest| {
                change_contest(manifest, 1, |contest| {
                    contest.rule.rule = rule;
                    contest.rule.seats = number(1);
                    contest.kind = kind.clone();
                });
            });
            match found.as_slice() {
                [] => assert!(fits, "{rule:?} with {kind:?}"),
                [ManifestProblem::RuleForKind { .. }] => assert!(!fits, "{rule:?} with {kind:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
    let on_two_of_two = problem(3, |manifest| {
        change_contest(manifest, 0, |contest| contest.kind = kind(2, 0, 1, 0));
    });
    assert!(matches!(on_two_of_two, ManifestProblem::RuleForKind { .. }));
}

#[test]
fn rule_3_seats() {
    let seats = |contest: usize, seats: u64| {
        move |manifest: &mut Manifest| {
            change_contest(manifest, contest, |contest| {
                contest.rule.seats = number(seats);
            });
        }
    };
    let too_many = |contest: u16, most, found| ManifestProblem::Seats {
        contest: contest.into(),
        most,
        found,
    };
    assert_eq!(problem(3, seats(0, 2)), too_many(0, 1, 2));
    assert_eq!(problem(3, seats(1, 4)), too_many(1, 3, 4));
    assert_eq!(problems(seats(1, 3)), []);
}

fn style(contests: &[u16]) -> Style {
    Style {
        title: both("표", ""),
        contests: list(contests.iter().map(|number| (*number).into()).collect()),
    }
}

#[test]
fn rule_4_contests_of_styles() {
    let styles = |styles: &[&[u16]]| {
        let styles = list(styles.iter().map(|contests| style(contests)).collect());
        |manifest: &mut Manifest| manifest.styles = styles
    };
    assert_eq!(
        problem(4, styles(&[&[0, 1, 2, 3]])),
        ManifestProblem::UnknownContest {
            style: 0.into(),
            contest: 3.into()
        }
    );
    for (wrong, previous, contest) in [(&[0, 1, 2, 2], 2, 2), (&[0, 2, 1, 2], 2, 1)] {
        assert_eq!(
            problem(4, styles(&[&[0], wrong])),
            ManifestProblem::ContestOrder {
                style: 1.into(),
                previous: previous.into(),
                contest: contest.into(),
            }
        );
    }
    assert_eq!(
        problem(4, styles(&[&[0], &[0, 2]])),
        ManifestProblem::ContestWithoutStyle { contest: 1.into() }
    );
}

/// Contests of so many options that few of them fill an entry.
fn large(contests: usize, options: usize) -> impl FnOnce(&mut Manifest) {
    move |manifest| {
        let options = (0..options)
            .map(|n| both(&format!("후보 {n}"), ""))
            .collect();
        change(&mut manifest.contests, |all| {
            let mut contest = all[1].clone();
            contest.options = list(options);
            contest.kind = kind(1, 0, 0, 0);
            *all = vec![contest; contests];
        });
        let numbers: Vec<u16> = (0..).take(contests).collect();
        manifest.styles = list(vec![style(&numbers)]);
    }
}

#[test]
fn rule_4_sizes_of_ballots_and_challenges() {
    // One of them: 256 ciphertexts and one statement of 256 branches.
    let one = 256 * 64 + 256 * 128 - 32;
    assert_eq!(problems(large(1, 256)), []);
    let found = problems(large(2, 256));
    let size = |what, found| ManifestProblem::BallotSize {
        style: StyleNumber::from(0),
        what,
        found,
    };
    let ballot = 2 + 1 + 5 + 5 + 1 + 2 * (1 + 3 + 3 + one) + 66;
    let challenge = ballot + 1 + 2 * (1 + 3 + 256 + 3 + 256 * 32);
    assert_eq!(
        found,
        [
            size(EntryType::Ballot.name(), ballot),
            size(EntryType::PostedChallenge.name(), challenge)
        ]
    );
    // A ballot that fits, though its opening would not fit beside it.
    let found = problem(4, large(2, 170));
    assert!(matches!(
        found,
        ManifestProblem::BallotSize {
            what: "posted-challenge",
            ..
        }
    ));
}

#[test]
fn stated_sizes_are_those_of_real_entries() {
    let checked = CheckedManifest::new(samples::manifest()).unwrap();
    let kinds = &checked.kinds()[..1];
    let entries = samples::entries();
    let length = |entry: usize| entries[entry].encode().unwrap().len();
    // The samples have one-byte counters, the formula the longest heads.
    assert_eq!(sizes::ballot_entry(kinds), length(16) + 4);
    assert_eq!(sizes::posted_challenge_entry(kinds), length(17) + 4);
}

#[test]
fn rule_5_parents_and_floor() {
    let unit = |parent: u16| {
        move |manifest: &mut Manifest| {
            let unit = Unit {
                title: both("중구", "Jung"),
                parent: Some(parent.into()),
            };
            change(&mut manifest.units, |units| units.push(unit));
        }
    };
    assert_eq!(problems(unit(1)), []);
    for parent in [2, 3] {
        let expected = ManifestProblem::Parent {
            unit: 2.into(),
            parent: parent.into(),
        };
        assert_eq!(problem(5, unit(parent)), expected);
    }
    let floor = |floor: u64, test, votes_computable| {
        move |manifest: &mut Manifest| {
            manifest.counting.floor = number(floor);
            manifest.counting.votes_computable = votes_computable;
            manifest.test = test;
        }
    };
    let low = ManifestProblem::Floor { least: 5, found: 4 };
    assert_eq!(problem(5, floor(4, false, false)), low);
    for allowed in [
        floor(5, false, false),
        floor(4, true, false),
        floor(1, false, true),
    ] {
        assert_eq!(problems(allowed), []);
    }
}

#[test]
fn rule_6_quorum() {
    assert_eq!(
        problem(6, |manifest| manifest.roles.quorum = number(3)),
        ManifestProblem::Quorum {
            quorum: 3,
            trustees: 3
        }
    );
}

#[test]
fn rule_6_two_quorums_share_a_trustee() {
    // Two pairs of four trustees could be shown two logs that differ by one ballot.
    let four = |manifest: &mut Manifest| {
        change(&mut manifest.roles.trustees, |trustees| {
            trustees.push(Officer {
                name: text("라"),
                key: role_key(Role::Trustee(trustee(4))).verifying_key(),
            });
        });
    };
    assert_eq!(
        problem(6, four),
        ManifestProblem::DisjointQuorums {
            quorum: 2,
            trustees: 4
        }
    );
    // Witnesses let both see the same log.
    let witnessed = |manifest: &mut Manifest| {
        four(manifest);
        policy(3, 0, "group g 2 w1 w2 w3\nquorum g\n")(manifest);
    };
    assert_eq!(problems(witnessed), []);
    let three_of_four = |manifest: &mut Manifest| {
        four(manifest);
        manifest.roles.quorum = number(3);
    };
    assert_eq!(problems(three_of_four), []);
}

#[test]
fn rule_6_keys_are_valid() {
    let mut weak = [0; 32];
    weak[0] = 1;
    let weak = Ed25519Key(weak);
    let small = |holder| ManifestProblem::Key {
        holder,
        reason: KeyError::SmallOrder,
    };
    assert_eq!(
        problem(6, |manifest| manifest.roles.tally = weak),
        small(KeyHolder::Role(Role::Tally))
    );
    assert_eq!(
        problem(6, |manifest| manifest.roles.acknowledgement = weak),
        small(KeyHolder::Acknowledgement)
    );
    assert_eq!(
        problem(6, |manifest| change(
            &mut manifest.roles.authorities,
            |all| all[1].key = weak
        )),
        small(KeyHolder::Role(Role::Authority(authority(2))))
    );
}

#[test]
fn rule_6_keys_are_distinct() {
    let commission = samples::manifest().roles.commission;
    assert_eq!(
        problem(6, |manifest| change(&mut manifest.roles.trustees, |all| {
            all[2].key = commission;
        })),
        ManifestProblem::SameKey {
            first: KeyHolder::Role(Role::Commission),
            second: KeyHolder::Role(Role::Trustee(samples::trustee(3))),
        }
    );
    let log_key = samples::SigningKey::from_seed(&[4; 32]).verifying_key();
    assert_eq!(
        problem(6, |manifest| manifest.roles.tally = log_key),
        ManifestProblem::SameKey {
            first: KeyHolder::Log,
            second: KeyHolder::Role(Role::Tally),
        }
    );
}

/// Sets the log's vkey, and the policy with it.
fn log(vkey: &str) -> impl FnOnce(&mut Manifest) {
    let vkey = vkey.to_owned();
    move |manifest| {
        manifest.roles.log = text(&vkey);
        manifest.witnesses.policy = text(&format!("log {vkey}\nquorum none\n"));
    }
}

#[test]
fn rule_6_log_key() {
    assert_eq!(
        problem(
            6,
            log(&vkey("board.example/seoul/other", KeyKind::Ed25519, 4))
        ),
        ManifestProblem::LogName {
            expected: samples::ORIGIN.to_owned(),
            found: "board.example/seoul/other".to_owned(),
        }
    );
    let witness = vkey(samples::ORIGIN, KeyKind::CosignatureV1, 4);
    for wrong in ["nonsense", &witness] {
        let found = problems(|manifest| manifest.roles.log = text(wrong));
        assert!(
            matches!(found[0], ManifestProblem::LogKey { .. }),
            "{found:?}"
        );
        assert_eq!(found[0].rule(), 6);
    }
}

/// A policy of `witnesses` witnesses and the given lines after them.
fn policy(witnesses: u8, faulty: u64, lines: &str) -> impl FnOnce(&mut Manifest) {
    let mut policy = format!("log {}\n", vkey(samples::ORIGIN, KeyKind::Ed25519, 4));
    for n in 1..=witnesses {
        let name = format!("w{n}");
        let key = vkey(
            &format!("witness.example/{n}"),
            KeyKind::CosignatureV1,
            40 + n,
        );
        policy += &format!("witness {name} {key}\n");
    }
    policy += lines;
    move |manifest| {
        manifest.witnesses.policy = text(&policy);
        manifest.witnesses.faulty = number(faulty);
    }
}

#[test]
fn rule_7_policy() {
    let found = problem(7, |manifest| manifest.witnesses.policy = text("log\n"));
    assert!(matches!(found, ManifestProblem::Policy { .. }));
    let other = vkey("other.example/a/b", KeyKind::Ed25519, 50);
    let own = vkey(samples::ORIGIN, KeyKind::Ed25519, 4);
    let second = format!("log {other}\nlog {own}\nquorum none\n");
    for wrong in [second.as_str(), "quorum none\n"] {
        let found = problem(7, |manifest| manifest.witnesses.policy = text(wrong));
        assert_eq!(found, ManifestProblem::PolicyLog);
    }
    let first = format!("log {own}\nlog {other}\nquorum none\n");
    assert_eq!(
        problems(|manifest| manifest.witnesses.policy = text(&first)),
        []
    );
}

#[test]
fn rule_7_quorum_is_a_group_of_witnesses() {
    assert_eq!(
        problem(7, policy(1, 0, "quorum w1\n")),
        ManifestProblem::PolicyQuorum
    );
    let nested = "group g 1 w1 w2\ngroup h 2 g w3\nquorum h\n";
    assert_eq!(
        problem(7, policy(3, 0, nested)),
        ManifestProblem::PolicyQuorum
    );
}

#[test]
fn rule_7_threshold() {
    for witnesses in 1..=7_u8 {
        let names: Vec<_> = (1..=witnesses).map(|n| format!("w{n}")).collect();
        for threshold in 1..=witnesses {
            for faulty in 0..=witnesses {
                let lines = format!("group g {threshold} {}\nquorum g\n", names.join(" "));
                let found = problems(policy(witnesses, faulty.into(), &lines));
                let [q, w, f] = [threshold, witnesses, faulty].map(f64::from);
                let right = q > (w + f) / 2.0 && q <= w - f;
                assert_eq!(
                    found.is_empty(),
                    right,
                    "{threshold} of {witnesses}, {faulty} faulty"
                );
                if !right {
                    let expected = ManifestProblem::PolicyThreshold {
                        threshold: threshold.into(),
                        witnesses: witnesses.into(),
                        faulty: faulty.into(),
                    };
                    assert_eq!(found, [expected]);
                    assert_eq!(found[0].rule(), 7);
                }
            }
        }
    }
}

#[test]
fn rule_8_profile() {
    assert_eq!(
        problem(8, |manifest| manifest.counting.revoting = true),
        ManifestProblem::Revoting {
            profile: "kr-resident-vote-2022".to_owned()
        }
    );
    let allowed = problems(|manifest| {
        manifest.counting.revoting = true;
        manifest.profile.revoting_allowed = true;
    });
    assert_eq!(allowed, []);
    let above = problem(8, |manifest| {
        let quorum = manifest.profile.turnout_quorum.as_mut().unwrap();
        quorum.numerator = Part::try_from(5_u64).unwrap();
    });
    assert_eq!(
        above.to_string(),
        "turnout quorum of the legal profile is 5/4, more than the whole electorate"
    );
}

#[test]
fn all_problems_are_reported_together() {
    let found = problems(|manifest| {
        manifest.origin = text("somewhere");
        windows(&[(20, 10)])(manifest);
        change_contest(manifest, 0, |contest| contest.rule.seats = number(2));
        manifest.styles = list(vec![style(&[0, 1])]);
        manifest.counting.floor = number(1);
        manifest.test = false;
        manifest.roles.quorum = number(3);
        manifest.witnesses.policy = text("quorum none\n");
        manifest.counting.revoting = true;
    });
    let rules: Vec<_> = found.iter().map(ManifestProblem::rule).collect();
    // The log's name is no longer the origin: rule 6 a second time.
    assert_eq!(rules, [1, 2, 3, 4, 5, 6, 6, 7, 8]);
    let mut manifest = samples::manifest();
    manifest.origin = text("somewhere");
    let message = CheckedManifest::new(manifest).unwrap_err().to_string();
    assert_eq!(message.lines().count(), 2, "{message}");
}

/// Pages show a problem at the field it is about, so each names it as problems of drafts do.
#[test]
fn problems_name_the_field_of_the_draft() {
    let places = |change: fn(&mut Manifest)| -> Vec<String> {
        problems(change)
            .iter()
            .map(ManifestProblem::place)
            .collect()
    };
    assert_eq!(places(|m| m.roles.quorum = number(3)), ["roles.quorum"]);
    assert_eq!(
        places(|m| m.roles.tally = m.roles.commission),
        ["roles.tally"]
    );
    assert_eq!(
        places(|m| change(&mut m.roles.trustees, |t| t[1].key = t[0].key)),
        ["roles.trustees[1].key"]
    );
    assert_eq!(
        places(|m| change_contest(m, 0, |c| {
            let first = c.options[0].clone();
            change(&mut c.options, |options| options[1] = first);
        })),
        ["contests[0].options[1]", "contests[0].options[1]"]
    );
    let low = |m: &mut Manifest| {
        (m.test, m.counting.votes_computable) = (false, false);
        m.counting.floor = number(1);
    };
    assert_eq!(places(low), ["counting.floor"]);
}
