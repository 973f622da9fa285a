//! Policies: reading them, and which sets of cosignatures they accept.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod log_support;

use hanpyo_ledger::log::merkle::leaf_hash;
use hanpyo_ledger::log::note::Note;
use hanpyo_ledger::log::policy::{MAX_POLICY_ITEMS, Policy, PolicyErrorKind, PolicyViolation};
use log_support::{checkpoint, cosigner, log_signer};
use proptest::prelude::*;

/// The two-level policy of the specification's example: two of X1..X3 and any of Y1..Y3.
fn two_level() -> String {
    let mut policy = format!("log {}\n", log_signer().verifier_key());
    for n in 1..=3 {
        policy += &format!("witness X{n} {}\n", cosigner(n).verifier_key());
    }
    policy += "group X-witnesses 2 X1 X2 X3\n";
    for n in 1..=3 {
        policy += &format!("witness Y{n} {}\n", cosigner(10 + n).verifier_key());
    }
    policy
        + "group Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
}

/// A checkpoint cosigned by these witnesses at these times.
fn cosigned(by: &[(u64, u64)]) -> Note {
    let mut signed = checkpoint(9, leaf_hash(b"root"));
    for (witness, time) in by {
        let line = cosigner(*witness)
            .cosign(signed.note().text(), *time)
            .unwrap();
        signed.add_cosignature(line).unwrap();
    }
    signed.note().clone()
}

#[test]
fn the_quorum_is_evaluated_over_every_subset() {
    let policy = Policy::parse(two_level().as_bytes()).unwrap();
    let all = [1, 2, 3, 11, 12, 13];
    for subset in 0u32..64 {
        let by: Vec<(u64, u64)> = (0..6)
            .filter(|bit| subset >> bit & 1 == 1)
            .map(|bit| (all[bit], 1000))
            .collect();
        let x = by.iter().filter(|(w, _)| *w < 10).count();
        let expected = x >= 2 && by.len() > x;
        let result = policy.check(cosigned(&by));
        assert_eq!(result.is_ok(), expected, "{by:?}");
        match result {
            Ok(accepted) => assert_eq!(accepted.cosigned_by.len(), by.len()),
            Err(PolicyViolation::Quorum {
                quorum,
                cosigned_by,
            }) => {
                assert_eq!(quorum.as_bytes(), b"X-and-Y");
                assert_eq!(cosigned_by.len(), by.len());
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn the_quorum_time_is_when_enough_had_cosigned() {
    let policy = Policy::parse(two_level().as_bytes()).unwrap();
    let by = [(1, 500), (2, 100), (3, 300), (11, 250), (1, 50)];
    let accepted = policy.check(cosigned(&by)).unwrap();
    // X1 at 50 (its earliest) and X2 at 100, then Y1 at 250.
    assert_eq!(accepted.quorum_time, Some(250));
    let times: Vec<u64> = accepted.cosigned_by.iter().map(|by| by.time).collect();
    assert_eq!(times, [50, 100, 300, 250]);
}

#[test]
fn one_witness_cannot_count_twice() {
    let policy = Policy::parse(two_level().as_bytes()).unwrap();
    let by = [(1, 100), (1, 200), (1, 300), (11, 100)];
    assert!(matches!(
        policy.check(cosigned(&by)),
        Err(PolicyViolation::Quorum { .. })
    ));
}

#[test]
fn cosignatures_over_another_checkpoint_reject_the_note() {
    let policy = Policy::parse(two_level().as_bytes()).unwrap();
    let mut note = cosigned(&[(1, 100), (2, 100), (11, 100)]);
    let other = checkpoint(9, leaf_hash(b"another root"));
    note.add(cosigner(3).cosign(other.note().text(), 100).unwrap())
        .unwrap();
    assert!(matches!(
        policy.check(note),
        Err(PolicyViolation::Signature(_))
    ));
}

#[test]
fn quorum_none_and_single_witnesses() {
    let log = log_signer().verifier_key().clone();
    let policy = Policy::log_only(log.clone());
    assert_eq!(Policy::parse(&policy.to_bytes()).unwrap(), policy);
    let accepted = policy.check(cosigned(&[])).unwrap();
    assert_eq!(accepted.quorum_time, None);

    let witness = cosigner(1).verifier_key().clone();
    let text = format!("witness one {witness}\nquorum one");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert!(matches!(
        policy.check(cosigned(&[(1, 1)])),
        Err(PolicyViolation::NoLog)
    ));
    assert!(policy.check_of(&log, cosigned(&[(1, 1)])).is_ok());
    assert!(policy.check_of(&log, cosigned(&[(2, 1)])).is_err());
}

#[test]
fn spaces_comments_and_foreign_bytes_are_read() {
    let text = two_level()
        .replace(' ', " \t ")
        .replace("group", "  # comment\n\n \t\n  group");
    assert_eq!(
        Policy::parse(text.as_bytes()).unwrap(),
        Policy::parse(two_level().as_bytes()).unwrap()
    );
    let mut bytes = b"witness \xe2\x84\xaa\xff ".to_vec();
    bytes.extend_from_slice(cosigner(1).verifier_key().to_string().as_bytes());
    bytes.extend_from_slice(b"\nquorum \xe2\x84\xaa\xff\n");
    let policy = Policy::parse(&bytes).unwrap();
    assert_eq!(policy.witnesses()[0].name.as_bytes(), b"\xe2\x84\xaa\xff");
    assert_eq!(policy.to_bytes(), bytes);
}

#[test]
fn bad_lines_are_named() {
    type Kind = PolicyErrorKind;
    let log = log_signer().verifier_key().to_string();
    let witness = cosigner(1).verifier_key().to_string();
    let renamed = {
        use hanpyo_ledger::log::key::{KeyKind, VerifierKey};
        let public = *log_signer().verifier_key().public_key();
        VerifierKey::new(log_support::name("renamed"), KeyKind::Ed25519, &public).unwrap()
    };
    let fails = |text: String, line: usize, check: fn(&Kind) -> bool| {
        let error = Policy::parse(text.as_bytes()).expect_err(&text);
        assert_eq!(error.line, line, "{text}");
        assert!(check(&error.kind), "{text}: {error}");
    };
    fails(String::new(), 1, |k| matches!(k, Kind::NoQuorum));
    fails(format!("log {log}\n"), 2, |k| matches!(k, Kind::NoQuorum));
    fails("quorum none\nquorum none\n".into(), 2, |k| {
        matches!(k, Kind::SecondQuorum)
    });
    fails("quorum\n".into(), 1, |k| matches!(k, Kind::Words { .. }));
    fails("quorum X\n".into(), 1, |k| {
        matches!(k, Kind::UnknownName { .. })
    });
    fails("hello\n".into(), 1, |k| matches!(k, Kind::Keyword { .. }));
    fails("quorum none\r\n".into(), 1, |k| {
        matches!(k, Kind::Character { byte: b'\r' })
    });
    fails("log\n".into(), 1, |k| matches!(k, Kind::Words { .. }));
    fails(format!("log {log} u v\n"), 1, |k| {
        matches!(k, Kind::Words { .. })
    });
    fails(format!("log {witness}\n"), 1, |k| matches!(k, Kind::Key(_)));
    fails(format!("log {log}x\n"), 1, |k| matches!(k, Kind::Key(_)));
    fails(format!("log {log}\nlog {renamed}\n"), 2, |k| {
        matches!(k, Kind::DuplicateKey { .. })
    });
    fails(format!("witness X {log}\n"), 1, |k| {
        matches!(k, Kind::Key(_))
    });
    fails(format!("witness none {witness}\n"), 1, |k| {
        matches!(k, Kind::DuplicateName { .. })
    });
    fails(
        format!("witness X {witness}\nwitness Y {witness}\n"),
        2,
        |k| matches!(k, Kind::DuplicateKey { .. }),
    );
    let x = format!(
        "witness X {witness}\nwitness Y {}\n",
        cosigner(2).verifier_key()
    );
    let x = x.as_str();
    fails(format!("{x}group X any Y\n"), 3, |k| {
        matches!(k, Kind::DuplicateName { .. })
    });
    fails(format!("{x}group G any\n"), 3, |k| {
        matches!(k, Kind::Threshold { .. })
    });
    fails(format!("{x}group G all\n"), 3, |k| {
        matches!(k, Kind::Threshold { .. })
    });
    for bad in ["0", "3", "01", "-1", "most"] {
        fails(format!("{x}group G {bad} X Y\n"), 3, |k| {
            matches!(k, Kind::Threshold { .. })
        });
    }
    fails(format!("{x}group G 1 X X\n"), 3, |k| {
        matches!(k, Kind::SecondMembership { .. })
    });
    fails(format!("{x}group G 1 X\ngroup H 1 X\n"), 4, |k| {
        matches!(k, Kind::SecondMembership { .. })
    });
    fails(format!("{x}group G 1 none\n"), 3, |k| {
        matches!(k, Kind::UnknownName { .. })
    });
    fails(format!("{x}group G 1 G\n"), 3, |k| {
        matches!(k, Kind::UnknownName { .. })
    });
    fails(format!("group G 1 X\n{x}"), 1, |k| {
        matches!(k, Kind::UnknownName { .. })
    });
}

#[test]
fn at_least_32_of_each_are_accepted() {
    let mut text = String::new();
    for n in 0..40 {
        text += &format!(
            "witness w{n} {}\ngroup g{n} 1 w{n}\n",
            cosigner(n).verifier_key()
        );
    }
    assert!(Policy::parse(format!("{text}quorum g39\n").as_bytes()).is_ok());
    let groups: String = (0..=MAX_POLICY_ITEMS)
        .map(|n| match n {
            0 => "group h0 1 g0\n".to_owned(),
            n => format!("group h{n} 1 h{}\n", n - 1),
        })
        .collect();
    let error = Policy::parse(format!("{text}{groups}quorum g39\n").as_bytes()).unwrap_err();
    assert!(matches!(error.kind, PolicyErrorKind::TooMany));
}

#[test]
fn wire_format() {
    let policy = Policy::parse(two_level().as_bytes()).unwrap();
    insta::assert_snapshot!("policy", String::from_utf8(policy.to_bytes()).unwrap());
}

proptest! {
    #[test]
    fn reading_policies_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(policy) = Policy::parse(&bytes) {
            prop_assert_eq!(Policy::parse(&policy.to_bytes()).unwrap(), policy);
        }
    }

    #[test]
    fn reading_shuffled_lines_never_panics(order in Just(two_level().lines().map(str::to_owned).collect::<Vec<_>>()).prop_shuffle()) {
        if let Ok(policy) = Policy::parse(order.join("\n").as_bytes()) {
            prop_assert_eq!(Policy::parse(&policy.to_bytes()).unwrap(), policy);
        }
    }
}
